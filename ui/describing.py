"""Looks into the chosen points in the background and has what was read shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional

from qgis.core import QgsProcessingUtils
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribePoints, Result
from stillpoint.plugin import tasks
from stillpoint.plugin.language import tr
from stillpoint.ui.widgets.reading import Reading
from stillpoint.ui.widgets.source_picker import SourcePicker

SAMPLE = 2000
"""Points of a layer in memory that are written to look into it."""
WAIT = 250
"""Milliseconds without a change before the points are looked into."""


class Describer(QObject):
    """Keeps the reading true to the choice of points.

    ``chosen`` comes when other points are chosen, ``failed`` with the error when they cannot be read.

    Parameters
    ----------
    source
        Where the points are chosen.
    reading
        Where what was read is shown and overridden.
    """

    chosen = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, source: SourcePicker, reading: Reading, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._source = source
        self._reading = reading
        self._work: Optional[tasks.Work] = None
        self._count = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._describe)
        source.changed.connect(self._source_changed)
        reading.changed.connect(self.look_again)

    def look_again(self) -> None:
        """Look into the points soon; further calls until then count as one."""
        self._timer.start()

    def _source_changed(self) -> None:
        self._reading.reset()
        self.chosen.emit()
        self.look_again()

    def _describe(self) -> None:
        if self._work is not None:
            self._work.drop()
            self._work = None
        try:
            source = self._source.source()
        except StillpointError as error:
            self._failed(error)
            return
        if source is None:
            self._reading.show_details({})
            return
        self._reading.show_waiting()
        overrides = self._reading.overrides()
        job = DescribePoints(
            points=source.path or source.name, layer=source.layer,
            unit=overrides["unit"], crs=overrides["crs"] or source.crs,
        )
        folder = Path(QgsProcessingUtils.tempFolder())

        def prepare(work: tasks.Work) -> DescribePoints:
            written = source.write(folder, limit=SAMPLE, cancelled=work.isCanceled)
            return replace(job, points=written.path)

        title = tr("Stillpoint: looking into the points")
        work = tasks.job_work(job, title=title, prepare=prepare, hidden=True)
        self._count = self._source.count() if source.must_be_written else -1
        work.done.connect(self._described)
        work.failed.connect(self._failed)
        work.stopped.connect(self._stopped)
        self._work = tasks.start(work)

    def _described(self, result: Result) -> None:
        self._work = None
        self._reading.show_details(result.details, count=self._count)

    def _failed(self, error: StillpointError) -> None:
        self._work = None
        self._reading.show_details({})
        self.failed.emit(error)

    def _stopped(self) -> None:
        self._work = None
        self._reading.show_details({})
