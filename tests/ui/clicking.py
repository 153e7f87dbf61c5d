"""What the tests of dialogs share: a dialog that is opened and put away, clicks, layers, and what reaches the engine."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, List

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt

from stillpoint.plugin import runner, settings, tasks


@contextmanager
def opened(dialog: Any, qtbot: Any, *, remembered: str = "") -> Iterator[Any]:
    """Show a dialog made without remembered values; afterwards end what it runs, close it and forget what it ``remembered``.

    Parameters
    ----------
    dialog
        Makes the dialog, without arguments.
    remembered
        Name of the setting with its last values.
    """
    if remembered:
        settings.put(remembered, "")
    made = dialog()
    made.show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=30000)
    made.close()
    if remembered:
        settings.put(remembered, "")


def add(path: Any) -> QgsRasterLayer:
    """Add a raster to the project."""
    layer = QgsRasterLayer(str(path), Path(path).stem)
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    return layer


def click(qtbot: Any, button: Any) -> None:
    """Click a button that a user could click."""
    assert button.isEnabled() and button.isVisible(), button.objectName()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def ended(dialog: Any, qtbot: Any, *, timeout: int = 30000) -> None:
    """Wait until the dialog's work is over."""
    qtbot.waitUntil(lambda: dialog.work is None, timeout=timeout)


def asked(monkeypatch: Any) -> List[Any]:
    """Return the list that collects the jobs that reach the engine from now on."""
    given: List[Any] = []
    real = runner.run

    def run(job: Any, **options: Any) -> Any:
        given.append(job)
        return real(job, **options)

    monkeypatch.setattr(runner, "run", run)
    return given
