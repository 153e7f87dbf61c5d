"""The dialog that makes a stack of a product's folder or files, and shows what was read before it is opened."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Optional, Tuple

from qgis.core import QgsProcessingUtils
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeStack, OpenStack, Result
from stillpoint.plugin import settings, tasks
from stillpoint.plugin.language import tr
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.open_stack_reading import FORMATS, QUANTITIES, StackReading
from stillpoint.ui.open_stack_sources import SourcesPicker
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.fields import Fields

WAIT = 300
"""Milliseconds without a change before the product is looked into."""
ENDINGS = ("vrt", "tif")


class OpenStackDialog(JobDialog):
    """A folder or files in, a stack layer out; ``opened`` comes with the layers once they are in the project.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    opened = pyqtSignal(object)

    HELP = "scatterers"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointOpenStack", title=tr("Open Stack"))
        self.sources = SourcesPicker()
        self.fields = Fields(OpenStack, ("format", "quantity"))
        self.advanced = Fields(OpenStack, ("wavelength",))
        self.reading = StackReading()
        self.output = QgsFileWidget()
        self._looking: Optional[tasks.Work] = None
        self._job: Optional[OpenStack] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._build()
        self._connect()
        self._show_running(False)

    # Layout

    def _build(self) -> None:
        for name, words in (("format", FORMATS), ("quantity", QUANTITIES)):
            box = self.fields.widgets[name]
            for index in range(box.count()):
                value = box.itemData(index)
                box.setItemText(index, tr("Recognised by content") if (name, value) == ("format", "auto") else
                                tr("The most useful") if value == "auto" else tr(words.get(value, value)))  # fmt: skip
        self.advanced.widgets["wavelength"].setPlaceholderText(tr("as read; 0.0555 for C band, 0.0311 for X, 0.236 for L"))
        self.output.setObjectName("output")
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter(tr("Virtual raster that refers to the files (*.vrt)") + ";;" + tr("GeoTIFF, a copy (*.tif)"))
        self.output.setDefaultRoot(settings.get("output_folder"))
        self.output.lineEdit().setPlaceholderText(tr("Temporary file; .vrt refers to the files, .tif copies them"))
        top = QFormLayout()
        top.addRow(tr("&Product"), self.sources)
        row = QHBoxLayout()
        row.addWidget(self.fields.widgets["format"], 1)
        label = QLabel(tr("&Quantity"))
        label.setBuddy(self.fields.widgets["quantity"])
        row.addWidget(label)
        row.addWidget(self.fields.widgets["quantity"], 1)
        format_label = QLabel(tr("For&mat"))
        format_label.setBuddy(self.fields.widgets["format"])
        top.addRow(format_label, row)
        bottom = QFormLayout()
        bottom.addRow(tr("S&tack"), self.output)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        self.advanced.add_to(QFormLayout(self.more))

        area = self._scrolled(top, self.reading, bottom, self.more, grow=self.reading)
        self._frame(area, tr("&Open"), self.open_stack, focus=self.sources, size=(760, 680))

    def _connect(self) -> None:
        self._timer.timeout.connect(self._describe)
        self.sources.changed.connect(self._changed)
        for box in self.fields.widgets.values():
            box.currentIndexChanged.connect(self._changed)

    # Looking

    def _changed(self, *_: Any) -> None:
        self.message.clear()
        self._timer.start()

    def _describe(self) -> None:
        """Look into the product in the background."""
        if self._looking is not None:
            self._looking.drop()
            self._looking = None
        if not self.sources.paths():
            self.reading.show_details({})
            return
        try:
            job = DescribeStack(sources=self._existing(), **self.fields.values())
        except StillpointError as error:
            self.reading.show_details({})
            self._say_error(error)
            return
        self.reading.show_waiting()
        work = tasks.job_work(job, title=tr("Stillpoint: looking into the files"), hidden=True)
        work.done.connect(self._described)
        work.failed.connect(self._not_described)
        work.stopped.connect(self._look_stopped)
        self._looking = tasks.start(work)

    def _existing(self) -> Tuple[str, ...]:
        paths = self.sources.paths()
        if not paths:
            raise StillpointError(tr("Choose the folder of a product, or its files."))
        for path in paths:
            if not Path(path).exists():
                raise StillpointError(tr("There is no folder or file {path}.").format(path=path))
        return paths

    def _described(self, result: Result) -> None:
        self._looking = None
        self.reading.show_details(result.details)
        bands = list(result.details.get("bands") or [])
        if len(bands) == 1:
            self.setup_button.hide()
            self.message.say(
                message.WARNING,
                tr("This is a single band. Scatterers and quality need a series: choose the folder that holds them all."),
            )

    def _not_described(self, error: StillpointError) -> None:
        self._looking = None
        self.reading.show_details({})
        self._say_error(error)

    def _look_stopped(self) -> None:
        self._looking = None
        self.reading.show_details({})

    # Opening

    def job(self) -> OpenStack:
        """Return the job that the dialog shows; raises StillpointError where something is missing or does not fit."""
        wavelength = self.advanced.widgets["wavelength"].text().strip()
        values = self.advanced.values()
        if wavelength and values["wavelength"] is None:
            raise StillpointError(tr("The wavelength {text} is no number: type metres, such as 0.0555.").format(text=wavelength))
        return OpenStack(sources=self._existing(), output=self._output_path(), **self.fields.values(), **values)

    def _output_path(self) -> str:
        text = self.output.filePath().strip()
        if not text:
            self._folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            return str(Path(self._folder) / f"{self.sources.name() or 'stack'}.vrt")
        path = Path(text)
        if path.suffix.lower().lstrip(".") not in (*ENDINGS, "tiff"):
            path = path.with_name(f"{path.name}.vrt")
        if not path.parent.is_dir():
            raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
        if any(path.exists() and Path(source).exists() and path.samefile(source) for source in self.sources.paths()):
            raise StillpointError(tr("The stack would overwrite the product itself. Choose another file."))
        settings.put("output_folder", str(path.parent))
        return str(path)

    def open_stack(self) -> None:
        """Start the job in the background."""
        if self.work is not None:
            return
        self.message.clear()
        self._folder = ""
        try:
            job = self.job()
        except StillpointError as error:
            self._drop_folder()
            self._say_error(error)
            return
        work = tasks.job_work(job, title=tr("Stillpoint: opening {name}").format(name=self.sources.name()))
        self._job = job
        self._start(work)

    def _done(self, result: Result) -> None:
        if self._job is None:
            return
        from stillpoint.plugin.raster_layers import add_stack_layers

        layers = add_stack_layers(result, self._job, iface=self.iface)
        known = set(self.reading.details.get("notes") or [])  # what the dialog shows already
        warnings = [warning for warning in result.warnings if warning not in known]
        text = tr("{n} bands are open as {name}. Play them with the temporal controller, or select scatterers.").format(
            n=len(result.details.get("bands") or []) or "Its", name=Path(self._job.output).stem
        )
        level = message.WARNING if warnings else message.SUCCESS
        self._say_done("\n".join([text, *warnings]), level, shown_elsewhere=text)
        self.opened.emit(layers)

    def _setup_closed(self, _: int) -> None:
        """Look again with the engine that may be there now."""
        self._changed()
