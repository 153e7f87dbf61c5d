"""Child processes: started in a clean environment, read without blocking, ended with all their children.

Only the standard library, so that it works in any thread and without an event loop.
"""

from __future__ import annotations

import os
import signal
import subprocess  # nosec B404 - every command is a list that Stillpoint makes itself
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Dict, List, Mapping, Optional, Sequence

TimeoutExpired = subprocess.TimeoutExpired

HARMFUL = (
    "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "PYTHONINSPECT", "PYTHONNOUSERSITE",
    "VIRTUAL_ENV", "__PYVENV_LAUNCHER__",
)  # fmt: skip
"""Variables that QGIS (or a shell) sets for its own Python and that would mislead another one."""


def clean_environment(
    environment: Optional[Mapping[str, str]] = None, *, user_site: bool = True
) -> Dict[str, str]:
    """Return the variables for a Python child process.

    The paths of GDAL, PROJ and the DLLs stay, since GDAL's Python module needs them on Windows.

    Parameters
    ----------
    environment
        What to start from; this process's variables where not given.
    user_site
        False hides the packages that the user installed with ``pip install --user``, which could
        shadow those of a virtual environment made for Stillpoint.
    """
    variables = dict(os.environ if environment is None else environment)
    for name in HARMFUL:
        variables.pop(name, None)
    variables["PYTHONUTF8"] = "1"
    variables["PYTHONUNBUFFERED"] = "1"
    if not user_site:
        variables["PYTHONNOUSERSITE"] = "1"
    if sys.platform == "win32":
        # GDAL's module finds its DLLs through PATH only when told so (Python 3.8 and later).
        variables.setdefault("USE_PATH_FOR_GDAL_PYTHON", "YES")
    return variables


def start(
    command: Sequence[str], *, environment: Optional[Mapping[str, str]] = None, stdin: bool = False,
    merge: bool = False, folder: Optional[Path] = None,
) -> subprocess.Popen:
    """Start ``command`` with text pipes, without a console window, as the head of a process group of its own.

    Parameters
    ----------
    command
        Program and arguments; no shell is involved.
    environment
        Its variables; :func:`clean_environment` where not given.
    stdin
        True opens a pipe to its standard input; else that is empty.
    merge
        True sends its standard error into its standard output.
    folder
        Its working folder.

    Raises
    ------
    OSError
        The program cannot be started.
    """
    options: Dict[str, object] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # nosec B603 - no shell is involved
        list(command),
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merge else subprocess.PIPE,
        env=dict(clean_environment() if environment is None else environment),
        cwd=None if folder is None else str(folder),
        encoding="utf-8",
        errors="replace",
        bufsize=1,
        **options,
    )


def kill(process: subprocess.Popen) -> None:
    """End a process of :func:`start` and its children at once, and wait until it is gone."""
    if process.poll() is None:
        if sys.platform == "win32":
            _kill_tree_on_windows(process.pid)
            process.kill()
        else:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                process.kill()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:  # stuck in a driver call: the system will end it
        return


def _kill_tree_on_windows(number: int) -> None:
    """Ask Windows to end a process with its children (pip starts some)."""
    program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
    subprocess.run(  # nosec B603 - a program of Windows, with a number
        [str(program), "/T", "/F", "/PID", str(number)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip


class Lines:
    """The lines of a pipe, read by a thread so that nobody has to wait for them.

    Parameters
    ----------
    pipe
        Text pipe of a child process.
    keep
        How many of the last lines :meth:`tail` can give back; 0 keeps every line for :meth:`next`.
    """

    def __init__(self, pipe: Optional[IO[str]], *, keep: int = 0) -> None:
        if pipe is None:
            raise ValueError("the process was started without this pipe")
        self._pipe = pipe
        self._keep = keep
        self._queue: Queue[Optional[str]] = Queue()
        self._tail: List[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True, name="stillpoint-pipe")
        self._thread.start()

    def _read(self) -> None:
        try:
            for line in self._pipe:
                if self._keep:
                    self._tail = [*self._tail[1 - self._keep :], line.rstrip("\r\n")]
                else:
                    self._queue.put(line)
        except (ValueError, OSError):  # the pipe was closed under our hands
            pass
        finally:
            self._queue.put(None)

    def next(self, timeout: float) -> Optional[str]:
        """Return the next line, an empty text when none came within ``timeout`` seconds, or None at the end."""
        try:
            line = self._queue.get(timeout=timeout)
        except Empty:
            return ""
        if line is None:
            self._queue.put(None)  # the end stays the end
        return line

    def tail(self, *, wait: float = 0.0) -> List[str]:
        """Return the last lines, after waiting at most ``wait`` seconds for the pipe's end."""
        self._thread.join(wait)
        return list(self._tail)

    def close(self) -> None:
        """Close the pipe of a process that has ended; one that a stray child still holds is left to its reader."""
        self._thread.join(1.0)
        if not self._thread.is_alive():
            self._pipe.close()
