"""Long work on the main thread in short pieces, so that QGIS's window goes on drawing.

While events are seen to in the middle of such work, nothing of Stillpoint's own may begin on the main thread: the end of another
job would add layers between those of this one, or put another project in the place of the one that is being filled. So ends of jobs
wait as long as :func:`is_held` says so (:mod:`stillpoint.plugin.tasks`), and clicks, keys and closing wait in any case.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QThread

LONGEST = 15
"""Milliseconds that QGIS gets at most between two pieces."""

_held = 0


def is_held() -> bool:
    """Tell whether the main thread sees to events in the middle of a piece of work, so that no other may begin."""
    return _held > 0


@contextmanager
def held() -> Iterator[None]:
    """Keep the ends of jobs waiting while work on the main thread sees to events by itself."""
    global _held
    _held += 1
    try:
        yield
    finally:
        _held -= 1


def breathe() -> None:
    """Let QGIS draw and see to its timers; clicks and keys wait. Does nothing in other threads, and without an application.

    Never from a slot of QGIS's task manager: the task whose slot it is may be deleted meanwhile. The signals of
    :class:`~stillpoint.plugin.tasks.Work` that tell of an end come outside of it.
    """
    application = QCoreApplication.instance()
    if _held or application is None or QThread.currentThread() is not application.thread():
        return
    with held():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, LONGEST)
