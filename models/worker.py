"""The worker process: reads jobs from standard input, writes events to standard output.

Protocol, one JSON object a line, UTF-8. In: ``{"command": "run", "id": 1, "job": {...}}``,
``{"command": "cancel", "id": 1}``, ``pause``, ``go-on`` and ``finish`` (end early, with a result) in the
same way, ``{"command": "prepare", "task": "classify-trends"}`` (load what such a job needs),
``{"command": "quit"}``. Out: ``ready``, ``progress``, ``figures``, ``log``, ``result``, ``error``,
``cancelled`` events (key ``event``), each with the ``id`` of its job. The end
of standard input means that whoever asked is gone: the running job is cancelled and the worker ends.

Nothing but the protocol may reach that stream, so the real standard output is put aside at once and
everything that libraries print goes to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Dict, List, Optional, Set, TextIO

from stillpoint.models import __version__, dispatch, jobs, pipeline
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.progress import FINISH, PAUSE, RUN, Progress, Row

logger = logging.getLogger("stillpoint")

MIN_INTERVAL = 0.1
"""Seconds between two progress lines, so that a fast job does not flood QGIS."""


def claim_stdout() -> TextIO:
    """Return a private stream on standard output and point file descriptor 1 at standard error."""
    sys.stdout.flush()
    # Names of files need not be valid text; a lone surrogate written as \\udc80 is what JSON reads back.
    private = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", newline="\n")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return private


class Events:
    """Writes events to the protocol stream; safe to call from several threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._last = 0.0

    def send(self, event: str, **values: Any) -> None:
        """Write one event. A reader that is gone is no error: the job is then cancelled by end of input."""
        line = json.dumps({"event": event, **values}, ensure_ascii=False, default=str)
        with self._lock:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):
                logger.debug("nobody reads the events any more")

    def figures(self, row: Row, **values: Any) -> None:
        """Write a row of figures; none is left out."""
        self.send("figures", row=dict(row), **values)

    def progress(self, fraction: float, message: str, **values: Any) -> None:
        """Write a progress event unless one was written a moment ago."""
        now = time.monotonic()
        if fraction < 1.0 and now - self._last < MIN_INTERVAL:
            return
        self._last = now
        self.send("progress", fraction=round(fraction, 4), message=message, **values)


class _LogEvents(logging.Handler):
    """Sends the engine's own log records as events."""

    def __init__(self, events: Events) -> None:
        super().__init__(logging.INFO)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except Exception:  # a record that cannot be written must not end a job
            self.handleError(record)
            return
        self._events.send("log", level=record.levelname.lower(), message=message)


def perform(form: Any, events: Events, progress: Progress, **values: Any) -> int:
    """Run the job in its JSON form ``form``, send its ending event, and return the exit status (0, 1, 130)."""
    try:
        result = dispatch.run(jobs.from_dict(form), progress)
    except Cancelled as cancelled:
        events.send("cancelled", message=str(cancelled), **values)
        return 130
    except StillpointError as error:
        events.send("error", kind="user", message=str(error), detail="", **values)
    except MemoryError:
        events.send("error", kind="memory", message=OUT_OF_MEMORY, detail=traceback.format_exc(), **values)
    except Exception as error:  # the process must outlive any fault of a job
        message, kind = explain(error)
        events.send("error", kind=kind, message=message, detail=traceback.format_exc(), **values)
    else:
        events.send("result", result=result.to_dict(), **values)
        return 0
    return 1


OUT_OF_MEMORY = (
    "There was not enough memory for this job. Close other programs, choose a smaller extent, or another device."
)


SHORT_OF_MEMORY = 256 << 20
"""Bytes: where less is free, an error that nobody foresaw is one of memory."""

_NO_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "bad_alloc", "can't start new thread",
              "unable to allocate", "memory allocation")  # fmt: skip
"""What torch, GDAL, HDF5 and Python's own threads say where no memory is left."""


def explain(error: Exception) -> tuple[str, str]:
    """Return a sentence for the user, and a kind, for an error that nobody foresaw."""
    text = str(error)
    if isinstance(error, OSError) and error.errno == 28:
        return "The disk is full. Free some space or choose another output folder; nothing half-written was left.", "user"
    if isinstance(error, PermissionError):
        return f"No permission to access {error.filename or 'a file'}. Choose another file or folder.", "user"
    if type(error).__name__ == "OutOfMemoryError" or any(sign in text.lower() for sign in _NO_MEMORY):
        return OUT_OF_MEMORY, "memory"
    free = _free_memory()
    if free is not None and free < SHORT_OF_MEMORY:  # then libraries fail in ways that say nothing of it
        return OUT_OF_MEMORY, "memory"
    if isinstance(error, ImportError) and not (error.name or "").startswith("stillpoint"):
        return f"The engine's environment is incomplete ({text}). Open Stillpoint's set-up and repair it.", "environment"
    return f"Stillpoint's engine failed: {type(error).__name__}: {text}. The log has the details.", "crash"


def _free_memory() -> Optional[int]:
    """Return the free bytes; None where that cannot be told, as in an environment without numpy."""
    try:
        from stillpoint.models.executors.resources import free_memory
    except ImportError:
        return None
    return free_memory()


REQUESTS = {"pause": PAUSE, "go-on": RUN, "finish": FINISH}
"""Commands to a running job, and what :meth:`Progress.request` then says."""


PREPARE_AFTER = 0.5
"""Seconds without a job before what was to be prepared is: a dialog that opens looks into its data first, which is quick."""

_WAKE: Dict[str, Any] = {}


class _Orders:
    """The commands that came in: jobs to do, and those among them that nobody wants any more."""

    def __init__(self, events: Events) -> None:
        self.todo: SimpleQueue[Optional[Dict[str, Any]]] = SimpleQueue()  # safe in a signal handler, as Queue is not
        self._events = events
        self._waiting: List[Any] = []
        self._cancelled: Set[Any] = set()
        self._requests: Dict[Any, str] = {}
        self._prepare = ""
        self._gone = False

    def next(self) -> Optional[Dict[str, Any]]:
        """Return the next job, None at the end. What was to be prepared is, once no job has come for a moment."""
        while True:
            try:
                command = self.todo.get(timeout=PREPARE_AFTER if self._prepare else None)
            except Empty:
                task, self._prepare = self._prepare, ""
                dispatch.prepare(task)
                continue
            if command is not _WAKE:
                return command

    def read(self, stdin: TextIO) -> None:
        """Take commands until the input ends or ``quit`` comes. Whatever a line holds, the next one is read."""
        try:
            for line in stdin:
                try:
                    going_on = self._take(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    self._events.send(
                        "error", kind="protocol", message="The worker got a line that is no command.", detail=line[:200]
                    )
                    continue
                if not going_on:
                    break
        finally:
            self.end()

    def _take(self, command: Dict[str, Any]) -> bool:
        """Note a command; return False for ``quit``."""
        name, number = command["command"], command.get("id")
        if number is not None and not isinstance(number, (int, float, str)):
            raise TypeError("an id is a number or a text")
        if name == "cancel":
            if number in self._waiting:  # a job that ended already, or never came, is not to be cancelled later
                self._cancelled.add(number)
        elif name in REQUESTS:
            if number in self._waiting and self._requests.get(number) != FINISH:  # who ends early cannot go back
                self._requests[number] = REQUESTS[name]
        elif name == "run":
            self._waiting.append(number)
            self.todo.put(command)
        elif name == "prepare":
            if not isinstance(command["task"], str):
                raise TypeError("a task is a text")
            self._prepare = command["task"]
            self.todo.put(_WAKE)
        elif name != "quit":
            raise ValueError(f"unknown command {name!r}")
        return bool(name != "quit")

    def end(self) -> None:
        """Cancel what runs and what waits, and end."""
        self._gone = True
        self.todo.put(None)

    def unwanted(self, number: Any) -> bool:
        """Whether the job ``number`` is to stop."""
        return self._gone or number in self._cancelled

    def request(self, number: Any) -> str:
        """Return what was asked of the job ``number``."""
        return self._requests.get(number, RUN)

    def done(self, number: Any) -> None:
        """Forget the job ``number``."""
        self._waiting.remove(number)
        self._requests.pop(number, None)
        self._cancelled.discard(number)


def _tidy() -> None:
    """An engine that waits keeps its libraries, not the memory of its last job."""
    try:
        from stillpoint.models.executors.resources import release
    except ImportError:
        return
    release()


def serve(stdin: TextIO, stream: TextIO) -> int:
    """Take commands from ``stdin`` until it ends or ``quit`` comes; return the exit status."""
    events = Events(stream)
    root = logging.getLogger("stillpoint")
    root.setLevel(logging.INFO)
    handler = _LogEvents(events)
    root.addHandler(handler)
    orders = _Orders(events)
    if threading.current_thread() is threading.main_thread():
        # Whoever ends the worker in the operating system's way gets a clean end too.
        signal.signal(signal.SIGTERM, lambda *_: orders.end())
    threading.Thread(target=orders.read, args=(stdin,), daemon=True, name="stillpoint-commands").start()
    events.send("ready", version=__version__, pid=os.getpid(), python=sys.version.split()[0])
    while True:
        command = orders.next()
        if command is None:
            break
        number = command.get("id")
        progress = Progress(
            partial(events.progress, id=number),
            partial(orders.unwanted, number),
            figures=partial(events.figures, id=number),
            request=partial(orders.request, number),
        )
        perform(command.get("job"), events, progress, id=number)
        orders.done(number)
        if orders.todo.empty():
            _tidy()
    root.removeHandler(handler)
    return 0


def main() -> int:
    """Run the worker on this process's own streams."""
    pipeline.single_threaded_kernels()
    pipeline.few_arenas()
    stream = claim_stdout()
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    return serve(sys.stdin, stream)
