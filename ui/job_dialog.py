"""What all dialogs share that run a job of the engine: start, progress, cancel, errors, the way to the set-up."""

from __future__ import annotations

import shutil
from typing import Any, Optional

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result
from stillpoint.plugin import environment, tasks
from stillpoint.plugin.runner import EngineError
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return QCoreApplication.translate("Stillpoint", text)


class JobDialog(QDialog):
    """A dialog that runs one job at a time in the background.

    A subclass makes the widgets named below, calls :meth:`_start` and says in :meth:`_done` what became of the job.

    Parameters
    ----------
    iface
        QGIS's interface; None in tests without a window.
    parent
        Parent widget.

    Attributes
    ----------
    work
        What runs in the background; None while nothing does.
    run_button, cancel_button, progress, status, message, setup_button
        Made by the subclass.
    """

    run_button: QPushButton
    cancel_button: QPushButton
    progress: QProgressBar
    status: QLabel
    message: Message
    setup_button: QPushButton
    _page: QWidget

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.iface = iface
        self.work: Optional[tasks.Work] = None
        self._setup: Optional[QDialog] = None
        self._folder = ""

    def _start(self, work: tasks.Work) -> None:
        """Run ``work`` in the background and show how far it is."""
        work.progressChanged.connect(lambda percent: self.progress.setValue(int(percent)))
        work.message.connect(self.status.setText)
        work.done.connect(self._ended)
        work.failed.connect(self._failed)
        work.stopped.connect(self._stopped)
        self._show_running(True)
        self.work = tasks.start(work)

    def cancel(self) -> None:
        """Stop the running job."""
        if self.work is not None:
            self.status.setText(tr("Stopping…"))
            self.cancel_button.setEnabled(False)
            self.work.cancel()

    def _ended(self, result: Result) -> None:
        self.work = None
        self._show_running(False)
        try:
            self._done(result)
        except StillpointError as error:
            self._say_error(error)

    def _done(self, result: Result) -> None:
        """Show the result of the job; a StillpointError is shown too."""

    def _say_done(self, text: str, level: str, *, shown_elsewhere: Optional[str] = None) -> None:
        """Say that the job is done: in the dialog, and in QGIS's message bar where the dialog was closed meanwhile.

        ``shown_elsewhere`` is the text for the message bar; ``text`` where None.
        """
        self.setup_button.hide()
        self.message.say(level, text)
        if not self.isVisible() and self.iface is not None:
            bar = text if shown_elsewhere is None else shown_elsewhere
            self.iface.messageBar().pushMessage("Stillpoint", bar, Qgis.MessageLevel.Success, 10)

    def _failed(self, error: StillpointError) -> None:
        self.work = None
        self._show_running(False)
        self._drop_folder()
        self._say_error(error)

    def _stopped(self) -> None:
        self.work = None
        self._show_running(False)
        self._drop_folder()
        self.setup_button.hide()
        self.message.say(message.INFORMATION, tr("Cancelled; nothing was written."))

    def _drop_folder(self) -> None:
        """Remove the temporary folder of a job that wrote nothing."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def _say_error(self, error: Exception) -> None:
        """Show an error once, where it is seen; one of the environment comes with the way to mend it."""
        mendable = isinstance(error, environment.EngineMissingError) or (
            isinstance(error, EngineError) and error.kind == "environment"
        )
        self.setup_button.setVisible(mendable)
        self.message.say(message.ERROR, str(error))
        if not self.isVisible() and self.iface is not None:
            self.iface.messageBar().pushCritical("Stillpoint", str(error))

    def _show_running(self, running: bool) -> None:
        self._page.setEnabled(not running)
        self.run_button.setEnabled(not running)
        self.cancel_button.setEnabled(running)
        for widget in (self.cancel_button, self.progress, self.status):
            widget.setVisible(running)
        if running:
            self.progress.setValue(0)
            self.status.setText(tr("Starting the engine"))

    def _open_setup(self) -> None:
        """Open the set-up; it lives as long as this dialog, since what it started goes on when it is closed."""
        from stillpoint.ui.setup_dialog import SetupDialog

        if self._setup is None:
            self._setup = SetupDialog(self.iface, self)
            self._setup.finished.connect(self._setup_closed)
        self._setup.show()
        self._setup.raise_()

    def _setup_closed(self, _: int) -> None:
        """Forget the error of an engine that may be there now."""
        self.message.clear()
