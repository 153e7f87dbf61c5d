"""A training that goes on while its dialog is closed: what it told so far, and what can be asked of it."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from qgis.PyQt.QtCore import QObject, pyqtSignal

from stillpoint.models.jobs import Result, TrainModel
from stillpoint.plugin import tasks
from stillpoint.plugin.language import tr

PREPARING, TRAINING, PAUSED, FINISHING, CANCELLING = "preparing", "training", "paused", "finishing", "cancelling"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"

_NO_FIGURES = ("about", "epoch", "step", "steps", "seconds", "best", "loss")
"""What a row tells beside the figures on the validation part."""

_RECENT = 5
"""Epochs that the time left is told by: the first ones also build the network and warm up."""


class TrainingRun(QObject):
    """One training in the background. ``changed`` comes with every row and state, ``ended`` once at its end.

    Parameters
    ----------
    job
        What is trained.
    prepare
        See :func:`stillpoint.plugin.tasks.job_work`.

    Attributes
    ----------
    state
        One of the constants of this module.
    about
        First row of the training: which figure decides, whether larger is better, how many epochs; empty until it came.
    rows
        A row an epoch, in order.
    fraction, message
        How far the job is (0..1), and what it does.
    result
        What it gave back; None unless it is done.
    error
        Why it failed; None unless it did.
    """

    changed = pyqtSignal()
    ended = pyqtSignal()

    def __init__(self, job: TrainModel, *, prepare: Optional[Callable[[tasks.Work], TrainModel]] = None) -> None:
        super().__init__()
        self.job = job
        self.state = PREPARING
        self.about: Dict[str, Any] = {}
        self.rows: List[Dict[str, Any]] = []
        self.fraction = 0.0
        self.message = ""
        self.result: Optional[Result] = None
        self.error: Optional[Exception] = None
        self.began = time.monotonic()
        title = tr("Stillpoint: training for {capability}").format(capability=job.capability)
        self.work = tasks.job_work(job, title=title, prepare=prepare)
        self.work.figures.connect(self._take)
        self.work.progressChanged.connect(self._progressed)
        self.work.message.connect(self._said)
        self.work.done.connect(self._done)
        self.work.failed.connect(self._failed)
        self.work.stopped.connect(lambda: self._end(CANCELLED))

    @property
    def is_over(self) -> bool:
        """True once nothing goes on any more."""
        return self.state in (DONE, FAILED, CANCELLED)

    @property
    def epochs(self) -> int:
        """Most epochs that the training takes; 0 where it did not tell."""
        return int(self.about.get("epochs") or 0)

    def begin(self) -> None:
        """Hand the work to QGIS's task manager."""
        tasks.start(self.work)

    def pause(self) -> None:
        """Have it wait after the step that it is at."""
        if self.state in (PREPARING, TRAINING):
            self.work.pause()
            self._turn(PAUSED)

    def go_on(self) -> None:
        """Have it go on after a pause."""
        if self.state == PAUSED:
            self.work.go_on()
            self._turn(TRAINING if self.rows or self.about else PREPARING)

    def finish(self) -> None:
        """Have it end early with the best weights so far."""
        if not self.is_over and self.state != CANCELLING:
            self.work.finish()
            self._turn(FINISHING)

    def cancel(self) -> None:
        """Stop it; nothing but its checkpoint is kept."""
        if not self.is_over:
            self._turn(CANCELLING)
            self.work.cancel()

    def best(self) -> Optional[Dict[str, Any]]:
        """Return the row of the best epoch so far; None before the first."""
        best = [row for row in self.rows if row.get("best")]
        return best[-1] if best else None

    def seconds_left(self) -> Optional[float]:
        """Return how long the remaining epochs take at the pace of the last ones; None where nobody can tell yet."""
        timed = [row for row in self.rows if isinstance(row.get("seconds"), (int, float))][-_RECENT - 1 :]
        if not self.epochs or not timed:
            return None
        first, last = timed[0], timed[-1]
        epochs = last["epoch"] - (first["epoch"] if len(timed) > 1 else 0)
        seconds = last["seconds"] - (first["seconds"] if len(timed) > 1 else 0.0)
        if epochs <= 0 or seconds < 0:  # a training that was resumed counts its seconds anew
            return None
        return float(max(self.epochs - last["epoch"], 0) * seconds / epochs)

    def _take(self, row: Mapping[str, Any]) -> None:
        if "about" in row:
            if row["about"] == "training":
                self.about = dict(row)
        elif "epoch" in row:
            self.rows = [*(kept for kept in self.rows if kept["epoch"] < row["epoch"]), dict(row)]
        if self.state == PREPARING:
            self.state = TRAINING
        self.changed.emit()

    def _progressed(self, percent: float) -> None:
        self.fraction = percent / 100.0
        self.changed.emit()

    def _said(self, text: str) -> None:
        self.message = text
        self.changed.emit()

    def _turn(self, state: str) -> None:
        self.state = state
        self.changed.emit()

    def _done(self, result: Result) -> None:
        self.result = result
        self._end(DONE)

    def _failed(self, error: Exception) -> None:
        self.error = error
        self._end(FAILED)

    def _end(self, state: str) -> None:
        self._turn(state)
        self.ended.emit()


def figure_names(rows: Sequence[Mapping[str, Any]], *, decides: str = "") -> List[str]:
    """Return the names of the figures in ``rows`` that are no loss of the training part, the one that decides first."""
    names: List[str] = []
    for row in rows:
        for name, value in row.items():
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if name not in _NO_FIGURES and is_number and name not in names:
                names.append(name)
    return sorted(names, key=lambda name: name != decides)


_current: List[TrainingRun] = []


def current() -> Optional[TrainingRun]:
    """Return the training that goes on, or the last one that ended; None where there was none."""
    return _current[-1] if _current else None


def start(job: TrainModel, *, prepare: Optional[Callable[[tasks.Work], TrainModel]] = None) -> TrainingRun:
    """Start a training in the background and keep it."""
    run = TrainingRun(job, prepare=prepare)
    _current[:] = [run]
    run.begin()
    return run


def forget() -> None:
    """Forget the training; what goes on is left to the task manager."""
    _current.clear()
