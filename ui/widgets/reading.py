"""What was read from the points, shown for confirmation, with a way to say it better."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from qgis.core import QgsCoordinateReferenceSystem
from qgis.gui import QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QGridLayout, QGroupBox, QLabel, QSizePolicy, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr

BANDS = (("X band", 0.0311), ("C band", 0.0555), ("S band", 0.0937), ("L band", 0.2362))
"""Usual radar bands and their wavelength in metres (TerraSAR-X, Sentinel-1, NISAR S, ALOS-2)."""


def in_words(details: Mapping[str, Any], *, count: int = -1) -> Dict[str, str]:
    """Return what ``describe-points`` found, as one text a row of the form.

    Parameters
    ----------
    details
        ``details`` of a ``describe-points`` result.
    count
        Number of points where the caller knows better than a sample tells; -1 where not.
    """
    number = count if count >= 0 else details.get("count")
    points = tr("{n} points").format(n=f"{number:,}") if number is not None else ""
    if not points and details.get("estimated_count"):
        points = tr("about {n} points").format(n=f"{details['estimated_count']:,}")
    dates = list(details.get("dates") or [])
    span = tr("{n} from {first} to {last}").format(n=len(dates), first=dates[0], last=dates[-1]) if dates else "-"
    # "format (EGMS L2b CSV)": the format is named in its own row already.
    reason = str(details.get("unit_reason") or "").partition(" (")[0]
    wavelength = details.get("wavelength")
    radar = tr("{mm:.1f} mm").format(mm=1000.0 * wavelength) if wavelength else tr("not named: C band is assumed")
    sensor = details.get("sensor") or ""
    return {
        "format": ", ".join(part for part in (str(details.get("format") or "-"), points) if part),
        "dates": span,
        "unit": f"{details.get('unit', '-')}" + (f" ({reason})" if reason else ""),
        "crs": _crs_name(str(details.get("crs") or "")),
        "wavelength": f"{radar}, {sensor}" if sensor and wavelength else radar,
    }


def _crs_name(text: str) -> str:
    """Return a CRS by its id and name; the engine sends WKT where there is no id."""
    if not text:
        return tr("unknown: choose one")
    crs = QgsCoordinateReferenceSystem()
    crs.createFromUserInput(text)
    if not crs.isValid():
        return text.splitlines()[0][:60]
    return " - ".join(part for part in (crs.authid(), crs.description()) if part)


def crs_box() -> QgsProjectionSelectionWidget:
    """Return a box for the coordinate reference system of a file, which is as read unless the user chooses one."""
    box = QgsProjectionSelectionWidget()
    box.setObjectName("crs")
    options = QgsProjectionSelectionWidget.CrsOption
    for option in (options.LayerCrs, options.ProjectCrs, options.CurrentCrs, options.DefaultCrs, options.RecentCrs):
        box.setOptionVisible(option, option == options.RecentCrs)
    box.setOptionVisible(options.CrsNotSet, True)
    box.setNotSetText(tr("as read"))
    box.setCrs(QgsCoordinateReferenceSystem())
    box.setToolTip(tr("Coordinate reference system of the file, where it names none or a wrong one"))
    return box


def crs_given(box: QgsProjectionSelectionWidget) -> Optional[str]:
    """Return what was chosen in :func:`crs_box` as a job takes it; None where it is as read."""
    crs = box.crs()
    return (crs.authid() or crs.toWkt()) if crs.isValid() else None


class Reading(QGroupBox):
    """Shows the reading and offers unit, CRS and wavelength of the user's own.

    ``changed`` comes when a choice changes what the engine reads, so that it should look again.
    """

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("What was read"), parent)
        self.details: Dict[str, Any] = {}
        self.unit = QComboBox()
        self.unit.setObjectName("unit")
        for text, value in ((tr("as read"), "auto"), ("mm", "mm"), ("cm", "cm"), ("m", "m")):
            self.unit.addItem(text, value)
        self.unit.setToolTip(tr("Unit of the displacements in the file, where it was read wrongly"))
        self.crs = crs_box()
        self.wavelength = QComboBox()
        self.wavelength.setObjectName("wavelength")
        self.wavelength.setEditable(True)
        self.wavelength.addItem(tr("as read"), None)
        for name, metres in BANDS:
            self.wavelength.addItem(f"{name} ({1000 * metres:.1f} mm)", metres)
        self.wavelength.setToolTip(tr("Radar wavelength: choose a band, or type it in millimetres"))
        self._labels: Dict[str, QLabel] = {}
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        self._notes.setTextFormat(Qt.TextFormat.PlainText)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self.changed)
        self.unit.currentIndexChanged.connect(lambda _: self._timer.start())
        self.crs.crsChanged.connect(lambda _: self._timer.start())
        self.show_details({})

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        rows: List[Any] = [
            ("format", tr("Format"), None),
            ("dates", tr("Dates"), None),
            ("unit", tr("&Unit"), self.unit),
            ("crs", tr("C&RS"), self.crs),
            ("wavelength", tr("&Wavelength"), self.wavelength),
        ]
        for row, (key, title, widget) in enumerate(rows):
            name = QLabel(title)
            text = QLabel()
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            # A long format or CRS name must not widen the dialog beyond a small screen.
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._labels[key] = text
            grid.addWidget(name, row, 0)
            grid.addWidget(text, row, 1, 1, 2 if widget is None else 1)
            if widget is not None:
                name.setBuddy(widget)
                widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                grid.addWidget(widget, row, 2)
        grid.addWidget(self._notes, len(rows), 0, 1, 3)

    def show_details(self, details: Mapping[str, Any], *, count: int = -1) -> None:
        """Show what was read; nothing for empty details."""
        self.details = dict(details)
        texts = in_words(details, count=count) if details else {}
        for key, label in self._labels.items():
            label.setText(texts.get(key, ""))
            label.setToolTip(texts.get(key, ""))
        notes = [str(note) for note in details.get("notes") or []]
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    def show_waiting(self) -> None:
        """Tell that the points are being looked at."""
        self.show_details({})
        self._labels["format"].setText(tr("Looking into the points…"))

    def text(self, key: str) -> str:
        """Return what is shown in a row: ``"format"``, ``"dates"``, ``"unit"``, ``"crs"`` or ``"wavelength"``."""
        return str(self._labels[key].text())

    def notes(self) -> str:
        """Return the notes shown below."""
        return str(self._notes.text())

    def overrides(self) -> Dict[str, Any]:
        """Return ``unit``, ``crs`` and ``wavelength`` (m) as a job takes them; None where it is as read."""
        return {
            "unit": self.unit.currentData(),
            "crs": crs_given(self.crs),
            "wavelength": self._wavelength(),
        }

    def set_overrides(self, unit: str, wavelength: Optional[float]) -> None:
        """Show a unit and a wavelength (m; None as read) that were chosen before."""
        self.unit.setCurrentIndex(max(self.unit.findData(unit), 0))
        index = self.wavelength.findData(wavelength) if wavelength is not None else 0
        if index >= 0:
            self.wavelength.setCurrentIndex(index)
        elif wavelength is not None:
            self.wavelength.setEditText(f"{1000 * wavelength:g}")

    def check(self) -> None:
        """Raise StillpointError where something was typed that cannot be read."""
        text = self.wavelength.currentText().strip()
        if text and self.wavelength.findText(text) < 0 and self._wavelength() is None:
            raise StillpointError(
                tr("The wavelength {text} is no number: choose a band, or type millimetres such as 55.5.").format(text=text)
            )

    def _wavelength(self) -> Optional[float]:
        """Return the wavelength in metres; a number that was typed is in millimetres."""
        text = self.wavelength.currentText().strip()
        index = self.wavelength.findText(text)
        if index >= 0:
            return self.wavelength.itemData(index)  # type: ignore[no-any-return]
        try:
            return float(text.lower().replace("mm", "").replace(",", ".").strip()) / 1000.0
        except ValueError:
            return None

    def reset(self) -> None:
        """Go back to what was read, for other points."""
        for box in (self.unit, self.wavelength):
            box.setCurrentIndex(0)
        self.crs.setCrs(QgsCoordinateReferenceSystem())
        self._timer.stop()
