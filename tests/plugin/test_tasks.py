"""Work in the background: its end is told once, on the main thread, and never in the middle of something else."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QCoreApplication, QEvent

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import breath, tasks


def watched(function, told):
    work = tasks.Work("any", function)
    work.done.connect(lambda result: told.append(("done", result)))
    work.failed.connect(lambda error: told.append(("failed", str(error))))
    work.stopped.connect(lambda: told.append(("stopped",)))
    return tasks.start(work)


def ended(qtbot):
    qtbot.waitUntil(lambda: not tasks._running, timeout=10000)


def until_cancelled(work):
    while not work.isCanceled():
        threading.Event().wait(0.01)
    raise Cancelled


def failing(work):
    raise StillpointError("Not so.")


def surprising(work):
    raise KeyError("x")


def test_each_end_is_told_once(qgis_app, qtbot):
    told = []
    watched(lambda work: 5, told)
    ended(qtbot)
    watched(failing, told)
    ended(qtbot)
    watched(surprising, told)
    ended(qtbot)
    assert told[:2] == [("done", 5), ("failed", "Not so.")]
    assert told[2][0] == "failed" and "KeyError: 'x'" in told[2][1] and len(told) == 3


def test_cancelled_work_is_no_failure_for_qgis(qgis_app, qtbot):
    told, states = [], []
    work = watched(until_cancelled, told)
    work.statusChanged.connect(states.append)
    qtbot.waitUntil(lambda: work.status() == QgsTask.TaskStatus.Running, timeout=5000)
    work.cancel()
    ended(qtbot)
    assert told == [("stopped",)]
    assert QgsTask.TaskStatus.Terminated not in states and states[-1] == QgsTask.TaskStatus.Complete


def test_cancelled_work_says_so_in_the_task_manager(qgis_app, qtbot):
    names = []

    def note(number, state):
        task = QgsApplication.taskManager().task(number)
        if state == QgsTask.TaskStatus.Complete and task is not None:
            names.append(task.description())

    QgsApplication.taskManager().statusChanged.connect(note)
    work = watched(until_cancelled, [])
    qtbot.waitUntil(lambda: work.status() == QgsTask.TaskStatus.Running, timeout=5000)
    work.cancel()
    ended(qtbot)
    QgsApplication.taskManager().statusChanged.disconnect(note)
    assert names == ["any (cancelled)"]


def test_what_was_written_counts_though_it_was_cancelled_too_late(qgis_app, qtbot):
    told, go = [], threading.Event()

    def function(work):
        go.wait(10)
        return "written"

    work = watched(function, told)
    work.cancel()
    if work.status() == QgsTask.TaskStatus.Terminated:  # it had not begun: then nothing was written
        go.set()
        ended(qtbot)
        assert told == [("stopped",)]
        return
    go.set()
    ended(qtbot)
    assert told == [("done", "written")]


def test_an_end_waits_while_the_main_thread_breathes(qgis_app, qtbot):
    told = []
    with breath.held():
        work = watched(lambda work: 1, told)
        qtbot.waitUntil(lambda: _is_over(work), timeout=5000)
        qtbot.wait(100)
        assert told == []
    ended(qtbot)
    assert told == [("done", 1)]


def _is_over(work):
    return tasks.sip.isdeleted(work) or work.status() == QgsTask.TaskStatus.Complete


def test_two_ends_do_not_interleave(qgis_app, qtbot):
    """The first end breathes for long; the second, which comes meanwhile, is told when the first is through."""
    told, second = [], threading.Event()

    def slow(_):
        told.append("begin")
        second.set()
        for _ in range(20):
            breath.breathe()
            threading.Event().wait(0.01)
        told.append("end")

    first = tasks.Work("first", lambda work: 1)
    first.done.connect(slow)
    other = tasks.Work("other", lambda work: second.wait(10))
    other.done.connect(lambda _: told.append("other"))
    tasks.start(first)
    tasks.start(other)
    ended(qtbot)
    assert told == ["begin", "end", "other"]


def test_the_task_may_be_gone_when_its_end_is_told(qgis_app, qtbot):
    """A slot that sees to events, and to deletions, must not pull the task from under QGIS's feet."""
    told = []

    def slot(_):
        for _ in range(5):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value if hasattr(QEvent.Type, "value")
                                              else int(QEvent.Type.DeferredDelete))  # fmt: skip
            QCoreApplication.processEvents()
        told.append(tasks.sip.isdeleted(work))
        work.cancel()
        work.drop()

    work = tasks.Work("any", lambda work: 1)
    work.done.connect(slot)
    tasks.start(work)
    ended(qtbot)
    assert told == [True]


def test_dropped_work_is_silent(qgis_app, qtbot):
    told = []
    watched(lambda work: 1, told)
    tasks.cancel_all()
    ended(qtbot)
    qtbot.wait(50)
    assert told == []
