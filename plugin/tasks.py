"""Work in the background of QGIS, with its end told on the main thread."""

from __future__ import annotations

import traceback
from typing import Any, Callable, Dict, Optional, Set, Tuple

from qgis.core import Qgis, QgsApplication, QgsMessageLog, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin import breath, runner
from stillpoint.plugin.language import tr

TAG = "Stillpoint"
"""Tab of QGIS's message log."""

_LEVELS = {
    "error": Qgis.MessageLevel.Critical,
    "critical": Qgis.MessageLevel.Critical,
    "warning": Qgis.MessageLevel.Warning,
}
_running: Set[Work] = set()
_WAIT = 20
"""Milliseconds until the end of a job is told that found the main thread in the middle of something."""


def log(level: str, message: str) -> None:
    """Write a line into QGIS's message log; safe in any thread."""
    QgsMessageLog.logMessage(message, TAG, _LEVELS.get(level, Qgis.MessageLevel.Info), False)


class _Ending(QObject):
    """Tells how a work ended, as soon as QGIS's task manager is done with it.

    What hangs on the end of a job adds layers, asks questions and opens windows, and all that sees to events. Inside the task
    manager it must not: the task whose end it tells may be deleted then. So the signals are those of an object of their own.
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(object)
    stopped = pyqtSignal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work: Optional[Work] = work

    def tell(self) -> None:
        """Emit the signal, later where the main thread is in the middle of something."""
        if self._work is None:
            return
        if breath.is_held():
            QTimer.singleShot(_WAIT, self.tell)
            return
        work, self._work = self._work, None
        _running.discard(work)
        if work.is_muted:
            return
        name, values = work.ending()
        getattr(self, name).emit(*values)


class Work(QgsTask):
    """Runs a function in a background thread.

    Exactly one of ``done``, ``failed`` and ``stopped`` is emitted at its end, on the main thread, and not from within QGIS's task
    manager. ``figures`` carries a dict of figures as they come, such as those of an epoch of a training.

    Parameters
    ----------
    title
        Shown in QGIS's task manager.
    function
        Takes this object, for :meth:`report`, :meth:`line` and :meth:`isCanceled`; it must not touch
        layers, the project or widgets. What it returns goes out with ``done``.
    hidden
        True keeps quick look-ups out of the task manager's list where QGIS can (3.26 and later).
    """

    message = pyqtSignal(str)
    logged = pyqtSignal(str)
    figures = pyqtSignal(object)

    def __init__(self, title: str, function: Callable[[Work], Any], *, hidden: bool = False) -> None:
        flags = QgsTask.Flag.CanCancel
        if hidden and hasattr(QgsTask.Flag, "Hidden"):
            flags = flags | QgsTask.Flag.Hidden
        super().__init__(title, flags)
        self._function = function
        self._ending = _Ending(self)
        self.done, self.failed, self.stopped = self._ending.done, self._ending.failed, self._ending.stopped
        self._has_result = False
        self._result: Any = None
        self._error: Optional[Exception] = None
        self._muted = False
        self._request = "run"

    def report(self, fraction: float, message: str) -> None:
        """Show how far the work is (0..1)."""
        self.setProgress(100.0 * fraction)
        if message:
            self.message.emit(message)

    def line(self, text: str) -> None:
        """Add a line to the log of whoever watches."""
        self.logged.emit(text)

    def tell(self, row: Dict[str, Any]) -> None:
        """Hand a row of figures to whoever watches."""
        self.figures.emit(row)

    @property
    def request(self) -> str:
        """What is asked of the work: ``"run"``, ``"pause"`` or ``"finish"``."""
        return self._request

    def pause(self) -> None:
        """Ask the job to wait. A training keeps its memory and goes on from where it is."""
        if self._request == "run":
            self._request = "pause"

    def go_on(self) -> None:
        """Ask a job that waits to go on."""
        if self._request == "pause":
            self._request = "run"

    def finish(self) -> None:
        """Ask the job to end early and keep the best so far; ``done`` then brings its Result. There is no way back but cancel."""
        self._request = "finish"

    def mute(self) -> None:
        """Tell nobody about the end: whoever asked is gone."""
        self._muted = True

    @property
    def is_muted(self) -> bool:
        """Whether nobody is told about the end."""
        return self._muted

    def cancel(self) -> None:
        """Stop it; QGIS may have thrown it away already."""
        if not sip.isdeleted(self):
            super().cancel()

    def drop(self) -> None:
        """Stop it and tell nobody."""
        self.mute()
        self.cancel()

    def run(self) -> bool:
        """Call the function; QGIS calls this in the background thread."""
        try:
            self._result = self._function(self)
            self._has_result = True  # also where it was cancelled too late: what was written must not be called unwritten
        except Cancelled:
            pass
        except StillpointError as error:
            self._error = error
        except Exception as error:  # nothing may escape into QGIS's task thread
            log("error", traceback.format_exc())
            self._error = StillpointError(
                tr("Stillpoint failed: {kind}: {error}. QGIS's log has the details.").format(kind=type(error).__name__, error=error)
            )
        # QGIS tells the user that a task failed where this is False, also of one that the user stopped.
        return self._has_result or self.isCanceled()

    def finished(self, result: bool) -> None:
        """Have the end told; QGIS calls this on the main thread."""
        if not self._has_result and self.isCanceled():
            self._error = None
            self.setDescription(tr("{title} (cancelled)").format(title=self.description()))  # for QGIS's own message
        QTimer.singleShot(0, self._ending.tell)

    def ending(self) -> Tuple[str, Tuple[Any, ...]]:
        """Return the name of the signal that tells the end, and what it carries."""
        if self._has_result:
            return "done", (self._result,)
        return ("failed", (self._error,)) if self._error is not None else ("stopped", ())


def start(work: Work) -> Work:
    """Hand ``work`` to QGIS's task manager and return it; a reference is kept until it ends."""
    _running.add(work)
    QgsApplication.taskManager().addTask(work)
    return work


def job_work(
    job: Job, *, title: str = "", prepare: Optional[Callable[[Work], Job]] = None, hidden: bool = False
) -> Work:
    """Return the work of doing ``job`` in the engine; ``done`` brings its Result.

    Parameters
    ----------
    job
        What to do.
    title
        For the task manager; the job's own title where empty.
    prepare
        Called first in the background and gives the job to do in the place of ``job``.
    hidden
        See :class:`Work`.
    """
    def function(work: Work) -> Result:
        wanted = job if prepare is None else prepare(work)

        def engine_log(level: str, text: str) -> None:
            log(level, text)
            work.line(text)

        return runner.run(
            wanted, report=work.report, log=engine_log, cancelled=work.isCanceled, figures=work.tell,
            request=lambda: work.request,
        )  # fmt: skip

    return Work(title or f"Stillpoint: {job.title}", function, hidden=hidden)


def cancel_all() -> None:
    """Stop every work without a word to anybody; for unload."""
    for work in list(_running):
        work.drop()
