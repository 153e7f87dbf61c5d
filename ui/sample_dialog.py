"""The window that makes the sample project: asks for a folder, simulates in the background, opens the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QMessageBox, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result
from stillpoint.plugin import runner, sample, sample_map, settings, tasks
from stillpoint.plugin.language import tr
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.wrapped import WrappedLabel


class SampleDialog(JobDialog):
    """A folder in, the sample project open.

    Signals
    -------
    ready
        The project is open; True where the tour was asked for.
    """

    HELP = "tour"

    ready = pyqtSignal(bool)

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointSample", title=tr("Stillpoint: sample project"))
        about = WrappedLabel()
        about.setText(
            tr("Makes a project to try things on: displacement series of a valley, radar images of a city, interferograms, and two "
               "images of a glacier. All of it is simulated, so that the truth is known. It takes about a minute and 35 MB.")
        )  # fmt: skip
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(settings.get("sample-folder") or str(sample.default_folder()))
        self.folder.setToolTip(
            tr("Where the data and the project go. The system empties its folder for temporary files from time to time.")
        )
        self.anew = QCheckBox(tr("Make it &anew"))
        self.anew.setToolTip(tr("Replaces the sample that lies in the folder, and its project file."))
        self.tour = QCheckBox(tr("Start the &tour"))
        self.tour.setToolTip(tr("Leads through the sample step by step when it is open."))
        self.tour.setChecked(True)
        self.state = WrappedLabel()
        form = QFormLayout()
        form.addRow(tr("&Folder"), self.folder)
        form.addRow("", self.state)
        form.addRow("", self.anew)
        form.addRow("", self.tour)
        self._frame(self._scrolled(about, form), tr("&Open sample"), self.make, focus=self.folder, size=(560, 290))
        self.setup_button.hide()
        self.folder.fileChanged.connect(self._look)
        self._show_running(False)
        self._look()

    def chosen(self) -> Path:
        """Return the folder; the default one where the field is empty."""
        text = self.folder.filePath().strip()
        return Path(text).expanduser() if text else sample.default_folder()

    def make(self) -> None:
        """Make the sample, or open the one that is there."""
        if self.work is not None:
            return
        self.message.clear()
        folder = self.chosen()
        there = None if self.anew.isChecked() else sample.known(folder)
        settings.put("sample-folder", "" if folder == sample.default_folder() else str(folder))
        if there is not None:
            self._open(there)
            return
        if not self._may_replace(folder):
            return

        def function(work: tasks.Work) -> sample.Sample:
            def run(job: Any, report: Any) -> Result:
                return runner.run(job, report=report, cancelled=work.isCanceled, log=lambda level, text: work.line(text))

            return sample.make(folder, run, report=work.report)

        self._start(tasks.Work(tr("Stillpoint: making the sample project"), function))

    def _may_replace(self, folder: Path) -> bool:
        """Ask before a project of an earlier sample is replaced, in which somebody may have worked."""
        project = folder / sample.PROJECT
        if not project.exists():
            return True
        buttons = QMessageBox.StandardButton
        question = tr("{path} exists and will be replaced, with the data beside it. What you added to it is lost.")
        answer = QMessageBox.question(
            self, self.windowTitle(), question.format(path=project), buttons.Ok | buttons.Cancel, buttons.Cancel
        )
        return bool(answer == buttons.Ok)

    def _done(self, result: Any) -> None:
        self._open(result, anew=True)

    def _open(self, found: sample.Sample, *, anew: bool = False) -> None:
        """Open the project of a sample in the place of what is open, which QGIS asks to save first.

        ``anew`` makes the project of data that were made just now. Else it is made only where there is none that can be opened, and
        a file that somebody may have worked in is put aside.
        """
        if not self._new_project():
            self.message.say(message.INFORMATION, tr("The sample was not opened: your project stays open."))
            return
        project = QgsProject.instance()
        try:
            if anew or not (found.project.is_file() and project.read(str(found.project)) and sample_map.parts_of(project)):
                project.clear()
                if not anew:
                    sample.put_aside(found.project)
                sample_map.make_project(found, project)
        except StillpointError as error:
            self._say_error(error)
            return
        self.anew.setChecked(False)
        if self.iface is not None:
            first = sample_map.parts_of(project)[0]
            sample_map.show_part(first, project, self.iface.mapCanvas())
            self.iface.setActiveLayer(sample_map.main_layer(first, project))
        project.setDirty(False)
        text = tr("The sample project is open.")
        self._say_done("\n".join([text, *found.notes]), message.WARNING if found.notes else message.SUCCESS, shown_elsewhere=text)
        self._look()
        if not found.notes or self.tour.isChecked():
            self.close()
        self.ready.emit(self.tour.isChecked())

    def _new_project(self) -> bool:
        """Clear the way; False where the user would rather go on with the project that is open."""
        new = getattr(self.iface, "newProject", None)
        if new is not None:
            return bool(new(True))
        QgsProject.instance().clear()
        return True

    def _look(self, *_: Any) -> None:
        """Say what the folder holds."""
        folder = self.chosen()
        there = sample.known(folder)
        self.anew.setVisible(there is not None)
        if there is None:
            self.anew.setChecked(False)
            self.state.setText(tr("The sample will be made there."))
        else:
            self.state.setText(tr("A sample lies there already: it opens at once."))

    def _stopped(self) -> None:
        super()._stopped()
        self.message.say(message.INFORMATION, tr("Cancelled; the sample was not made."))
