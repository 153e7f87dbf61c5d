"""The choice of one track: its points, what was read of them, and the angles of its line of sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsProcessingUtils
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QGroupBox, QLabel, QLineEdit, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribePoints, Result
from stillpoint.models.series.sight_columns import angle_column, vector_columns
from stillpoint.plugin import sources, tasks
from stillpoint.plugin.language import tr
from stillpoint.ui.describing import SAMPLE, WAIT
from stillpoint.ui.widgets.source_picker import SourcePicker
from stillpoint.ui.widgets.wrapped import WrappedLabel


class TrackPicker(QGroupBox):
    """Points of one line of sight.

    ``changed`` comes when other points are chosen, or more is known of them.

    Parameters
    ----------
    title
        Title of the group.
    incidence, heading
        Lines for the angles in degrees.
    """

    changed = pyqtSignal()

    def __init__(self, title: str, incidence: QLineEdit, heading: QLineEdit, parent: Optional[QWidget] = None) -> None:
        super().__init__(title, parent)
        self.incidence, self.heading = incidence, heading
        self.picker = SourcePicker()
        self.summary = WrappedLabel()
        self.details: Dict[str, Any] = {}
        self.error = ""
        self._work: Optional[tasks.Work] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._describe)
        self._build()
        self.picker.clear()
        self.picker.changed.connect(self._chosen)
        for line in (incidence, heading):
            line.textChanged.connect(self._show)
        self._show()

    def _build(self) -> None:
        for line in (self.incidence, self.heading):
            line.setPlaceholderText(tr("from the file"))
        grid = QGridLayout(self)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(self.picker, 0, 0, 1, 4)
        grid.addWidget(self.summary, 1, 0, 1, 4)
        for column, (text, line) in enumerate(((tr("Incidence (°)"), self.incidence), (tr("Heading (°)"), self.heading))):
            label = QLabel(text)
            label.setBuddy(line)
            label.setToolTip(line.toolTip())
            grid.addWidget(label, 2, 2 * column)
            grid.addWidget(line, 2, 2 * column + 1)
        self.setFocusProxy(self.picker)

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project."""
        self.picker.set_layer(layer)

    def set_file(self, path: str) -> None:
        """Choose a file."""
        self.picker.set_file(path)

    def source(self) -> Optional[sources.PointSource]:
        """Return what is chosen; None where nothing is. Raises StillpointError where it cannot be used."""
        return self.picker.source()

    # What is known of the points

    def _chosen(self) -> None:
        self.details, self.error = {}, ""
        self._timer.start()
        self._show()
        self.changed.emit()

    def _describe(self) -> None:
        if self._work is not None:
            self._work.drop()
            self._work = None
        try:
            source = self.picker.source()
        except StillpointError as error:
            self._failed(error)
            return
        if source is None:
            return
        self.summary.setText(tr("Looking into the points…"))
        self.summary.show()
        job = DescribePoints(points=source.path or source.name, layer=source.layer, crs=source.crs)
        folder = Path(QgsProcessingUtils.tempFolder())

        def prepare(work: tasks.Work) -> DescribePoints:
            written = source.write(folder, limit=SAMPLE, cancelled=work.isCanceled)
            return DescribePoints(points=written.path, layer=written.layer, crs=source.crs)

        work = tasks.job_work(job, title=tr("Stillpoint: looking into the points"), prepare=prepare, hidden=True)
        work.done.connect(self._described)
        work.failed.connect(self._failed)
        work.stopped.connect(self._stopped)
        self._work = tasks.start(work)

    def _described(self, result: Result) -> None:
        self._work = None
        self.details = dict(result.details)
        self._show()
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._work = None
        self.error = str(error)
        self._show()
        self.changed.emit()

    def _stopped(self) -> None:
        self._work = None
        self._show()

    def missing(self) -> str:
        """Return the angles that neither the columns of the points nor the user tells, in words; empty where none is missing."""
        names = [str(item["name"]) for item in self.details.get("attributes") or [] if item.get("kind") != "text"]
        given = {"incidence": bool(self.incidence.text().strip()), "heading": bool(self.heading.text().strip())}
        if not self.details or (not any(given.values()) and vector_columns(names)):
            return ""
        return " and ".join(key for key in given if not given[key] and not angle_column(names, key))

    def _show(self, *_: Any) -> None:
        text = self.error
        if self.details and not text:
            dates = list(self.details.get("dates") or [])
            number = self.details.get("count") or self.details.get("estimated_count")
            count = self.picker.count()
            number = count if count >= 0 else number
            parts = [str(self.details.get("format") or "")]
            if number is not None:
                parts.append(tr("{n} points").format(n=f"{number:,}"))
            if dates:
                parts.append(tr("{n} dates, {first} to {last}").format(n=len(dates), first=dates[0], last=dates[-1]))
            text = ", ".join(part for part in parts if part) + "."
            missing = self.missing()
            if missing:
                words = tr("Its columns do not tell the line of sight: type {missing} below, unless its metadata tell them.")
                text += " " + words.format(missing=missing)
        self.summary.setText(text)
        self.summary.setVisible(bool(text))
