"""What all dialogs share that run a job of the engine: start, progress, cancel, errors, the way to the set-up."""

from __future__ import annotations

import shutil
from typing import Any, Callable, Iterable, Optional, Tuple, Union

from qgis.core import Qgis
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin import environment, runner, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import ICON
from stillpoint.plugin.runner import EngineError
from stillpoint.ui.help_keys import give_help
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.wrapped import WrappedLabel


class JobDialog(QDialog):
    """A dialog that runs one job at a time in the background.

    A subclass puts its fields on a page (:meth:`_scrolled`), has it framed (:meth:`_frame`), starts its job by
    :meth:`_start` and says in :meth:`_done` what became of it.

    Parameters
    ----------
    iface
        QGIS's interface; None in tests without a window.
    parent
        Parent widget.
    name
        Object name of the window.
    title
        Title of the window.

    Attributes
    ----------
    HELP
        Part of the help that the Help button opens.
    TASK
        What the engine gets ready for when the dialog is seen; nothing where empty.
    work
        What runs in the background; None while nothing does.
    run_button, cancel_button, close_button, help_button, buttons, setup_button, message, progress, status
        The frame that all these dialogs have.
    """

    HELP = ""
    TASK = ""

    _page: QWidget

    def __init__(self, iface: Any, parent: Optional[QWidget] = None, *, name: str = "", title: str = "") -> None:
        super().__init__(parent)
        self.iface = iface
        self.work: Optional[tasks.Work] = None
        self._setup: Optional[QDialog] = None
        self._folder = ""
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setWindowIcon(QIcon(str(ICON)))
        self.message = Message()
        self.progress = QProgressBar()
        self.status = WrappedLabel()
        self.setup_button = QPushButton(tr("Open set-up…"))
        self.setup_button.clicked.connect(self._open_setup)
        self.message.add_widget(self.setup_button)
        self.buttons = QDialogButtonBox()
        standard = QDialogButtonBox.StandardButton
        self.run_button = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = self.buttons.addButton(standard.Cancel)
        self.close_button = self.buttons.addButton(standard.Close)
        self.help_button = self.buttons.addButton(standard.Help)
        self.buttons.helpRequested.connect(self._help)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.close)
        if self.HELP:
            give_help(self, self.HELP)

    def showEvent(self, event: Any) -> None:
        """Have the engine started while the user fills the dialog in."""
        super().showEvent(event)
        if self.TASK:
            runner.prepare(self.TASK)

    # The frame

    def _scrolled(self, *parts: Union[QWidget, QLayout], grow: Optional[QWidget] = None) -> QScrollArea:
        """Return the page with ``parts`` one below the other; what is left of the height goes to ``grow``, or stays free."""
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(4, 4, 4, 4)
        for part in parts:
            if isinstance(part, QLayout):
                column.addLayout(part)
            else:
                column.addWidget(part, 1 if part is grow else 0)
        if grow is None:
            column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._page)
        # Only the height scrolls: a small screen is wide enough, but not always high enough.
        area.setMinimumWidth(self._page.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        return area

    def _frame(
        self,
        body: QWidget,
        run: str,
        slot: Callable[[], None],
        *,
        focus: QWidget,
        size: Tuple[int, int],
        notes: Iterable[QWidget] = (),
    ) -> None:
        """Lay the dialog out.

        Parameters
        ----------
        body
            What the user fills in.
        run, slot
            Text of the button that starts the job, and what it does; Enter does it too, wherever the focus is.
        focus
            Where typing begins.
        size
            Width and height of the window, px.
        notes
            Widgets above the message.
        """
        self.run_button.setText(run)
        self.buttons.accepted.connect(slot)
        layout = QVBoxLayout(self)
        layout.addWidget(body, 1)
        for widget in (*notes, self.message, self.status, self.progress, self.buttons):
            layout.addWidget(widget)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.run_button.setDefault(True)
        focus.setFocus()
        self.resize(*size)

    def _help(self) -> None:
        from stillpoint.ui.help_dialog import show_help

        show_help(self.HELP, self)

    def use_model(self, network: str, path: str) -> None:
        """Fill in a model of the user's and the method that takes it, where the dialog has fields for them."""
        if self.work is not None:
            return
        for name in ("method", "fields", "advanced"):
            fields = getattr(self, name, None)
            if isinstance(fields, Fields):
                fields.set_values({"method": network.replace("_full", ""), "model": path})
        more = getattr(self, "more", None)
        if isinstance(more, QgsCollapsibleGroupBox):
            more.setCollapsed(False)

    def fill(self, job: Job) -> None:
        """Show the parameters of a job that ran before, to run it again; not while one runs.

        Results go to new files: those of the earlier run are left as they are. What is no longer there is told.
        """
        if self.work is not None:
            return
        from stillpoint.ui.job_filling import fill

        missing = fill(self, job)
        self.setup_button.hide()
        if missing:
            text = tr("These inputs are no longer where they were: {names}. Choose them again.").format(names=", ".join(missing))
            self.message.say(message.WARNING, text)
        else:
            text = tr("The parameters are those of the earlier run. Results go to new files unless you name some.")
            self.message.say(message.INFORMATION, text)

    # The job

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
