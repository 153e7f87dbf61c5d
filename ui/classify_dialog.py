"""The dialog that classifies the trends of a layer or file, in the background."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsProcessingUtils
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Result
from stillpoint.plugin import settings, sources, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import POINT_EXTENSIONS
from stillpoint.ui.describing import Describer
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.reading import Reading
from stillpoint.ui.widgets.source_picker import SourcePicker

MAIN = ("method", "abstain", "correct_jumps", "series")
ADVANCED = ("class_shares", "significance", "model", "scheduler")


def outcome(result: Result) -> str:
    """Return the classes with their shares as a sentence; the engine's summary where it names none."""
    classes = {str(name): int(count) for name, count in dict(result.details.get("classes") or {}).items()}
    total = sum(classes.values())
    if not total:
        return result.summary
    shares = ", ".join(f"{name} {100 * count / total:.1f} %" for name, count in classes.items() if count)
    seconds = result.details.get("seconds")
    time = tr(" in {seconds:.1f} s").format(seconds=seconds) if seconds else ""
    return tr("{n} points classified{time}: {shares}.").format(n=f"{total:,}", time=time, shares=shares)


class ClassifyDialog(JobDialog):
    """Points in, classified layer out.

    Closing it while a classification runs leaves that to QGIS's task manager; its layer still arrives.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "classify"
    TASK = "classify-trends"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointClassify", title=tr("Classify Trends"))
        self.source = SourcePicker()
        self.reading = Reading()
        self.fields = Fields(ClassifyTrends, MAIN)
        self.advanced = Fields(ClassifyTrends, ADVANCED)
        self.device = DevicePicker()
        self.output = QgsFileWidget()
        self._job: Optional[ClassifyTrends] = None
        self._build()
        self.describer = Describer(self.source, self.reading, self)
        self.describer.chosen.connect(self.message.clear)
        self.describer.failed.connect(self._say_error)
        self._restore()
        self._show_running(False)
        if self.source.count() >= 0:
            self.describer.look_again()

    # Layout

    def _build(self) -> None:
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter(";;".join(f"{name} (*.{name})" for name in POINT_EXTENSIONS))
        self.output.setObjectName("output")
        self.output.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
        form = QFormLayout()
        form.addRow(tr("&Points"), self.source)
        methods = QFormLayout()
        self.fields.add_to(methods)
        methods.addRow(tr("&Device"), self.device)
        methods.addRow(tr("Classified &layer"), self.output)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        advanced = QFormLayout(self.more)
        self.advanced.add_to(advanced)

        area = self._scrolled(form, self.reading, methods, self.more)


        self._frame(area, tr("&Classify"), self.classify, focus=self.source, size=(720, 660))

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project, as the toolbar does with the active one; not while a job runs."""
        if self.work is None and layer is not None:
            self.source.set_layer(layer)

    def showEvent(self, event: Any) -> None:
        """Look for devices when the dialog is first seen."""
        super().showEvent(event)
        self.device.refresh()
        self.device.set_device(str(settings.get_values("classify").get("device", "auto")))

    # The job

    def _chosen(self) -> sources.PointSource:
        """Return the chosen points; raise StillpointError where there are none."""
        source = self.source.source()
        if source is None:
            raise StillpointError(tr("Choose the points to classify: a layer of the project or a file."))
        self.reading.check()
        return source

    def job(self, source: sources.PointSource) -> ClassifyTrends:
        """Return the job that the dialog shows, for the points ``source``.

        Raises
        ------
        StillpointError
            Something is missing or does not fit.
        """
        overrides = self.reading.overrides()
        return ClassifyTrends(
            points=source.path or source.name, layer=source.layer, output=self._output_path(source),
            device=self.device.device(), unit=overrides["unit"], crs=overrides["crs"] or source.crs,
            wavelength=overrides["wavelength"], **{**self.fields.values(), **self.advanced.values()},
        )  # fmt: skip

    def _output_path(self, source: sources.PointSource) -> str:
        """Return the file to write: the chosen one with a known ending, else a temporary one."""
        text = self.output.filePath().strip()
        if not text:
            folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            self._folder = folder
            return str(Path(folder) / f"{source.name} trends.gpkg")
        path = Path(text)
        if path.suffix.lower().lstrip(".") not in POINT_EXTENSIONS:
            path = path.with_name(path.name + ".gpkg")
        if source.path and path.exists() and Path(source.path).exists() and path.samefile(source.path):
            raise StillpointError(tr("The classified layer would overwrite its own points. Choose another file."))
        if not path.parent.is_dir():
            raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
        return str(path)

    def classify(self) -> None:
        """Start the job in the background."""
        if self.work is not None:
            return
        self.message.clear()
        self._folder = ""
        try:
            source = self._chosen()
            job = self.job(source)
        except StillpointError as error:
            self._say_error(error)
            return
        self._remember(job)
        folder = Path(QgsProcessingUtils.tempFolder())

        def prepare(work: tasks.Work) -> ClassifyTrends:
            if source.must_be_written:
                work.report(0.0, tr("Writing {name} for the engine").format(name=source.name))
            written = source.write(folder, cancelled=work.isCanceled)
            return replace(job, points=written.path)

        work = tasks.job_work(
            job, title=tr("Stillpoint: classifying {name}").format(name=source.name), prepare=prepare
        )
        self._job = job
        self._start(work)

    def _done(self, result: Result) -> None:
        if self._job is None:
            return
        from stillpoint.plugin.layers import add_result_layers

        add_result_layers(result, self._job, iface=self.iface)
        text = outcome(result)
        level = message.SUCCESS
        known = set(self.reading.details.get("notes") or [])  # what the dialog shows already
        warnings = [warning for warning in result.warnings if warning not in known]
        if warnings:
            level = message.WARNING
            text += "\n" + "\n".join(warnings)
        self._say_done(text, level)

    # Settings, help, set-up

    def _remember(self, job: ClassifyTrends) -> None:
        values: Dict[str, Any] = {**self.fields.values(), **self.advanced.values(), "device": job.device}
        settings.put_values("classify", values)
        if self.output.filePath():
            settings.put("output_folder", str(Path(self.output.filePath()).parent))

    def _restore(self) -> None:
        values = settings.get_values("classify")
        self.fields.set_values(values)
        self.advanced.set_values(values)
        self.output.setDefaultRoot(settings.get("output_folder"))

    def _setup_closed(self, _: int) -> None:
        """Look again with the engine that may be there now."""
        super()._setup_closed(_)
        self.describer.look_again()
