"""The one door to the engine: sends it a job, relays progress, cancels, and turns its end into user words.

:func:`run` blocks and belongs into a background thread (a QgsTask or ``processAlgorithm``). One warm
worker is kept for the next job, because loading torch takes seconds, and dialogs have one started when they open
(:func:`prepare`); it ends after some idle minutes, at unload, and when QGIS goes (its standard input then ends).
"""

from __future__ import annotations

import atexit
import json
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Set

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin import environment, processes
from stillpoint.plugin.endings import drafts, explain_death, sweep

LAUNCHER = Path(__file__).resolve().parents[1] / "models" / "launch.py"
POLL = 0.05
"""Seconds between two looks at the cancel button."""
GRACE = 8.0
"""Seconds that the engine gets to stop by itself: it looks up between blocks, but not while torch loads."""
START_SECONDS = 120.0
IDLE_SECONDS = 300.0

Report = Callable[[float, str], None]
Log = Callable[[str, str], None]
Figures = Callable[[Dict[str, Any]], None]
COMMANDS = {"run": "go-on", "pause": "pause", "finish": "finish"}
"""What a job may be asked, and the command for it."""


class EngineError(StillpointError):
    """A job failed.

    Attributes
    ----------
    kind
        ``"user"``, ``"memory"``, ``"environment"``, ``"crash"`` or ``"protocol"``.
    detail
        Traceback or last output, for the log.
    """

    def __init__(self, message: str, *, kind: str = "crash", detail: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.detail = detail


class _Worker:
    """One engine process and its pipes. Used by one thread at a time."""

    def __init__(self, interpreter: environment.Interpreter) -> None:
        self.interpreter = interpreter
        try:
            self.process = processes.start(
                [interpreter.path, str(LAUNCHER), "worker"], environment=interpreter.variables, stdin=True
            )
        except OSError as error:
            environment.forget()
            raise EngineError(
                f"The engine cannot be started with {interpreter.path} ({error.strerror or error}). "
                "Open Stillpoint's set-up and repair it.",
                kind="environment",
            ) from error
        self._input = self.process.stdin
        self._events = processes.Lines(self.process.stdout)
        self._errors = processes.Lines(self.process.stderr, keep=100)
        self._ready = False
        self._number = 0
        self.idle_since = 0.0

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def send(self, **command: Any) -> None:
        """Send one command; a worker that is gone is noticed by whoever reads."""
        if self._input is None:
            raise ValueError("the process was started without a standard input")
        try:
            self._input.write(json.dumps(command, ensure_ascii=False) + "\n")
            self._input.flush()
        except (OSError, ValueError):
            return

    def perform(
        self, job: Job, report: Report, log: Log, cancelled: Callable[[], bool], figures: Figures, request: Callable[[], str]
    ) -> Result:
        """Do one job; see :func:`run`."""
        self._number += 1
        number = self._number
        self.send(command="run", id=number, job=job.to_dict())
        started = time.monotonic()
        deadline: Optional[float] = None
        asked = "run"
        while True:
            wanted = request()
            if wanted != asked and deadline is None:
                self.send(command=COMMANDS[wanted], id=number)
                asked = wanted
            if deadline is None and cancelled():
                self.send(command="cancel", id=number)
                deadline = time.monotonic() + GRACE
            if deadline is not None and time.monotonic() > deadline:
                processes.kill(self.process)
                raise Cancelled
            if not self._ready and time.monotonic() - started > START_SECONDS:
                processes.kill(self.process)
                raise EngineError(
                    "The engine did not start within two minutes. Open Stillpoint's set-up and check it.",
                    kind="environment", detail=self._output(),
                )
            line = self._events.next(POLL)
            if line is None:
                raise Cancelled if deadline is not None or cancelled() else self._death()
            if not line:
                continue
            event = self._parse(line)
            name = event["event"]
            self._ready = True
            if name == "log":
                log(str(event.get("level", "info")), str(event.get("message", "")))
            if event.get("id") != number:
                continue
            if name == "progress":
                report(float(event["fraction"]), str(event.get("message", "")))
            elif name == "figures":
                figures(dict(event["row"]))
            elif name == "result":
                return Result.from_dict(event["result"])
            elif name == "cancelled":
                raise Cancelled(str(event.get("message", "")))
            elif name == "error":
                raise self._error(event)

    def _parse(self, line: str) -> Dict[str, Any]:
        """Return one event; anything else on the stream means that this is not our engine, or a broken one."""
        try:
            event = json.loads(line)
            if not isinstance(event["event"], str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            processes.kill(self.process)
            raise EngineError(
                "The engine sent something that is no message and was stopped. Try again; if it happens again, "
                "check the engine in Stillpoint's set-up.",
                kind="protocol", detail=f"{line.strip()[:500]}\n{self._output()}",
            ) from None
        return event  # type: ignore[no-any-return]

    def _error(self, event: Dict[str, Any]) -> EngineError:
        """Return the exception for an ``error`` event."""
        kind = str(event.get("kind", "crash"))
        if kind == "environment":
            environment.forget()
        message = str(event.get("message", "The engine failed."))
        return EngineError(message, kind=kind, detail=str(event.get("detail", "")))

    def _death(self) -> EngineError:
        """Return the exception for a worker that ended in the middle of a job."""
        try:
            status: Optional[int] = self.process.wait(10)
        except processes.TimeoutExpired:
            status = None
            processes.kill(self.process)
        output = self._output()
        message, kind = explain_death(status, output, started=self._ready)
        if kind == "environment":
            environment.forget()
        return EngineError(message, kind=kind, detail=output)

    def _output(self) -> str:
        return "\n".join(self._errors.tail(wait=0.5))

    def end(self, *, patience: float = 0.0) -> None:
        """End the process: politely within ``patience`` seconds, then by force."""
        if patience and self.alive:
            self.send(command="quit")
            try:
                self.process.wait(patience)
            except processes.TimeoutExpired:
                processes.kill(self.process)
        processes.kill(self.process)
        self._events.close()
        self._errors.close()
        if self._input is not None:
            try:
                self._input.close()
            except OSError:  # what was still to be written has no reader
                return


class Engine:
    """Keeps the workers: one warm one, and more only while jobs run side by side."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._idle: List[_Worker] = []
        self._busy: Set[_Worker] = set()
        self._timer: Optional[threading.Timer] = None
        self._generation = 0

    def run(
        self,
        job: Job,
        *,
        report: Report = lambda fraction, message: None,
        log: Log = lambda level, message: None,
        cancelled: Callable[[], bool] = lambda: False,
        figures: Figures = lambda row: None,
        request: Callable[[], str] = lambda: "run",
        interpreter: Optional[environment.Interpreter] = None,
    ) -> Result:
        """Do ``job`` in the engine and wait for it; to be called from a background thread.

        Parameters
        ----------
        job
            What to do.
        report
            Takes the fraction done (0..1) and a message.
        log
            Takes a level and a line of the engine's log.
        cancelled
            Asked every 50 ms; the engine is killed where it does not stop within some seconds.
        figures
            Takes each row of figures that the job tells as it goes, such as those of an epoch of a training.
        request
            Asked every 50 ms what is wanted of the running job: ``"run"``, ``"pause"``, or ``"finish"`` (end early, with a result).
        interpreter
            The interpreter to use; else the one that :func:`environment.find` gives.

        Raises
        ------
        EngineError
            The job failed, or the engine died.
        environment.EngineMissingError
            No interpreter serves.
        Cancelled
            It was cancelled, or Stillpoint was unloaded.
        """
        generation = self._generation

        def stopped() -> bool:
            return self._generation != generation or cancelled()

        wanted = interpreter or environment.find(cancelled=stopped)
        if stopped():  # or an engine would be started for nobody, after unload perhaps
            raise Cancelled
        before = drafts(job)
        worker = self._take(wanted)
        try:
            result = worker.perform(job, report, log, stopped, figures, request)
        except EngineError as error:
            if error.detail:
                log("debug", error.detail)
            self._give(worker, keep=error.kind == "user" and not stopped())
            sweep(job, before)
            raise
        except BaseException:
            self._give(worker, keep=self._generation == generation)
            sweep(job, before)
            raise
        self._give(worker, keep=self._generation == generation)
        return result

    def prepare(self, task: str = "") -> None:
        """Start the engine in the background where none is at hand, and have it load what ``task`` needs.

        A dialog calls this when it opens: most of what a first job waits for is then done when the user has filled it in. Nothing
        happens where no interpreter is known yet. An engine that is not used ends after the idle time, as one that has worked.
        """
        interpreter = environment.remembered()
        if interpreter is not None:
            generation = self._generation
            threading.Thread(
                target=self._prepare, args=(interpreter, task, generation), daemon=True, name="stillpoint-prepare"
            ).start()

    def _prepare(self, interpreter: environment.Interpreter, task: str, generation: int) -> None:
        # Under the lock, so that a job that comes meanwhile waits for this worker instead of starting another.
        with self._lock:
            if self._generation != generation:
                return
            self._idle = [worker for worker in self._idle if worker.alive]
            if not self._idle and not self._busy:
                try:
                    worker = _Worker(interpreter)
                except EngineError:  # the job will say so
                    return
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
                self._start_timer()
            for worker in self._idle:
                if worker.interpreter.path == interpreter.path:
                    worker.send(command="prepare", task=task)

    def _take(self, interpreter: environment.Interpreter) -> _Worker:
        """Return a warm worker of this interpreter, or a new one."""
        with self._lock:
            fitting = [worker for worker in self._idle if worker.interpreter.path == interpreter.path and worker.alive]
            others = [worker for worker in self._idle if worker not in fitting]
            self._idle = fitting[1:]
            if fitting:
                self._busy.add(fitting[0])
        for worker in others:
            worker.end()
        if fitting:
            return fitting[0]
        worker = _Worker(interpreter)
        with self._lock:
            self._busy.add(worker)
        return worker

    def _give(self, worker: _Worker, *, keep: bool = True) -> None:
        """Take a worker back: one is kept warm, the rest end."""
        with self._lock:
            self._busy.discard(worker)
            keep = keep and worker.alive and not self._idle
            if keep:
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
                self._start_timer()
        if not keep:
            worker.end(patience=0.0 if not worker.alive else 1.0)

    def _start_timer(self) -> None:
        """Look again when the idle time is over; the lock is held."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._idle_seconds, self._end_idle)
        self._timer.daemon = True
        self._timer.start()

    def _end_idle(self) -> None:
        now = time.monotonic()
        with self._lock:
            over = [worker for worker in self._idle if now - worker.idle_since >= self._idle_seconds - 0.01]
            self._idle = [worker for worker in self._idle if worker not in over]
        for worker in over:
            worker.end(patience=1.0)

    def close(self) -> None:
        """End every worker now; running jobs end as cancelled. A later :meth:`run` opens the door again."""
        with self._lock:
            self._generation += 1
            workers = [*self._idle, *self._busy]
            self._idle = []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        for worker in workers:
            processes.kill(worker.process)

    def is_busy(self) -> bool:
        """Tell whether a job runs, which :meth:`close` would end."""
        with self._lock:
            return bool(self._busy)

    def pids(self) -> List[int]:
        """Return the process numbers of the workers that are alive."""
        with self._lock:
            return [worker.process.pid for worker in (*self._idle, *self._busy) if worker.alive]


ENGINE = Engine()
run = ENGINE.run
prepare = ENGINE.prepare
close = ENGINE.close
is_busy = ENGINE.is_busy
atexit.register(close)
