"""What was read from a product: in words, as a plot and as a table, with the notes of the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Mapping

from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QGroupBox,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from stillpoint.plugin.language import tr
from stillpoint.ui.open_stack_plot import baseline_content
from stillpoint.ui.plot.chart import SeriesChart
from stillpoint.ui.plot.content import Content
from stillpoint.ui.plot.ticks import number_text
from stillpoint.ui.widgets.wrapped import WrappedLabel

FORMATS = {
    "snap-stamps": "SNAP/StaMPS export", "isce2": "ISCE2", "gamma": "GAMMA", "licsar": "LiCSAR", "hyp3": "HyP3",
    "mintpy": "MintPy HDF5", "opera-cslc": "OPERA CSLC-S1", "geotiff": "One raster a date or pair",
    "envi": "Raw files with ENVI headers", "multiband": "One raster with many bands",
}  # fmt: skip
QUANTITIES = {
    "phase": "Wrapped phase", "unwrapped": "Unwrapped phase", "complex": "Complex values", "amplitude": "Amplitude",
    "coherence": "Coherence",
}  # fmt: skip


def in_words(details: Mapping[str, Any]) -> Dict[str, str]:
    """Return what ``describe-stack`` found, as one text a row of the form."""
    bands = list(details.get("bands") or [])
    dates = [str(day) for day in details.get("dates") or []]
    kinds = {
        "images": tr("{n} images"), "single-reference": tr("{n} interferograms against {day}"),
        "network": tr("{n} interferograms in a network"),
    }  # fmt: skip
    kind = kinds.get(str(details.get("kind")), tr("{n} bands"))
    holds = kind.format(n=len(bands), day=details.get("reference_date"))
    quantity = QUANTITIES.get(str(details.get("quantity")), str(details.get("quantity") or "-"))
    beside = ", ".join(f"{number} {tr(QUANTITIES.get(str(name), str(name))).lower()}" for name, number in
                       dict(details.get("companions") or {}).items())  # fmt: skip
    spacing = details.get("spacing_m")
    grid = tr("{rows:,} x {columns:,} pixels").format(rows=details.get("rows") or 0, columns=details.get("columns") or 0)
    if spacing:
        grid += tr(" of {0:.3g} x {1:.3g} m").format(*spacing)
    radar = [tr("wavelength unknown")]
    if details.get("wavelength"):
        radar = [tr("wavelength {0:.1f} mm").format(1000 * details["wavelength"])]
    if details.get("incidence_angle") is not None:
        radar.append(tr("incidence {0:.1f}°").format(details["incidence_angle"]))
    if details.get("heading") is not None:
        radar.append(tr("heading {0}°").format(number_text(details["heading"], 1)))
    return {
        "format": tr(FORMATS.get(str(details.get("format")), str(details.get("format") or "-"))),
        "holds": f"{quantity}: {holds}" + (tr("; beside it {0}").format(beside) if beside else ""),
        "dates": tr("{n} from {first} to {last}").format(n=len(dates), first=dates[0], last=dates[-1]) if dates else "-",
        "grid": f"{grid}, {_crs_name(str(details.get('crs') or ''))}",
        "radar": ", ".join(radar),
    }


def _crs_name(text: str) -> str:
    if not text:
        return tr("radar geometry or unknown coordinates")
    crs = QgsCoordinateReferenceSystem()
    crs.createFromWkt(text)
    return crs.authid() or crs.description() or tr("coordinates of its own")


class StackReading(QGroupBox):
    """Rows of words, then a plot and a table behind two tabs, then the notes."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(tr("What was read"), parent)
        self.details: Dict[str, Any] = {}
        self._labels: Dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setColumnStretch(1, 1)
        for row, (key, title) in enumerate(
            (("format", tr("Format")), ("holds", tr("Holds")), ("dates", tr("Dates")), ("grid", tr("Grid")), ("radar", tr("Radar")))
        ):
            text = QLabel()
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            # A long name must not widen the dialog beyond a small screen.
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._labels[key] = text
            grid.addWidget(QLabel(title), row, 0)
            grid.addWidget(text, row, 1)
        self.plot = SeriesChart()
        self.plot.setMinimumSize(220, 130)
        self.plot.setAccessibleName(tr("Time against perpendicular baseline"))
        self.table = _Table()
        self.tabs = QTabWidget()
        self.tabs.addTab(self.plot, tr("Baselines"))
        self.tabs.addTab(self.table, tr("Bands"))
        # What was read is worth the room that is left, and no more: notes and the output must be seen too.
        self.tabs.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.tabs.setMinimumHeight(190)
        grid.addWidget(self.tabs, 5, 0, 1, 2)
        grid.setRowStretch(5, 1)
        self._notes = WrappedLabel()
        grid.addWidget(self._notes, 6, 0, 1, 2)
        self.show_details({})

    def show_details(self, details: Mapping[str, Any]) -> None:
        """Show what was read; nothing for empty details."""
        self.details = dict(details)
        texts = in_words(details) if details else {}
        for key, label in self._labels.items():
            label.setText(texts.get(key, ""))
            label.setToolTip(texts.get(key, ""))
        hint = Content(message=tr("Choose a folder or files: dates and baselines appear here before anything is written."))
        self.plot.set_content(baseline_content(details) if details else hint)
        self.table.show_bands(list(details.get("bands") or []))
        notes = [f"\N{BULLET} {note}" for note in details.get("notes") or []]
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    def show_waiting(self) -> None:
        """Tell that the product is being looked at."""
        self.show_details({})
        self._labels["format"].setText(tr("Looking into the files…"))
        self.plot.set_content(Content(message=tr("Looking into the files…")))

    def text(self, key: str) -> str:
        """Return what is shown in a row: ``"format"``, ``"holds"``, ``"dates"``, ``"grid"`` or ``"radar"``."""
        return str(self._labels[key].text())

    def notes(self) -> str:
        """Return the notes shown below."""
        return str(self._notes.text())


class _Table(QTableWidget):
    """A row a band."""

    def __init__(self, parent: QWidget = None) -> None:  # type: ignore[assignment]
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 8)

    def sizeHint(self) -> QSize:
        """Return room for some rows."""
        return QSize(480, 170)

    def show_bands(self, bands: list) -> None:
        """Show a row for each band; dates of images stand in one column, those of pairs in two."""
        pairs = any(band.get("reference_date") for band in bands)
        titles = [tr("Band"), *((tr("Reference"), tr("Secondary"), tr("Days")) if pairs else (tr("Date"),)),
                  tr("Baseline (m)"), tr("Missing (%)"), tr("File")]  # fmt: skip
        self.clear()
        self.setColumnCount(len(titles))
        self.setHorizontalHeaderLabels(titles)
        self.setRowCount(len(bands))
        for row, band in enumerate(bands):
            baseline, missing = band.get("perpendicular_baseline"), band.get("missing")
            dates = [band.get("reference_date"), band.get("secondary_date")] if pairs else [band.get("date")]
            texts = [str(row + 1), *(str(day or "-") for day in dates)]
            if pairs:
                texts.append(_days(*dates))
            texts.append("-" if baseline is None else number_text(baseline, 1))
            texts.append("-" if missing is None else f"{100 * missing:.1f}")
            texts.append(Path(str(band.get("file") or "")).name)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column != len(texts) - 1:
                    item.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                else:
                    item.setToolTip(str(band.get("file") or ""))
                self.setItem(row, column, item)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.resizeColumnsToContents()
        self.horizontalHeader().setSectionResizeMode(len(titles) - 1, QHeaderView.ResizeMode.Stretch)


def _days(first: Any, second: Any) -> str:
    """Return the days between two ISO dates."""
    import datetime

    try:
        between = (datetime.date.fromisoformat(str(second)) - datetime.date.fromisoformat(str(first))).days
    except ValueError:
        return "-"
    return str(between).replace("-", "\N{MINUS SIGN}")
