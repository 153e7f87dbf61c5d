"""Long work on the main thread in short pieces, so that QGIS's window goes on drawing."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QThread

LONGEST = 15
"""Milliseconds that QGIS gets at most between two pieces."""


def breathe() -> None:
    """Let QGIS draw and see to its timers; clicks and keys wait. Does nothing in other threads, and without an application."""
    application = QCoreApplication.instance()
    if application is None or QThread.currentThread() is not application.thread():
        return
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, LONGEST)
