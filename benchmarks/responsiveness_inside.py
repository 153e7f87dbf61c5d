"""Runs inside QGIS (``qgis --code``): each dialog does its work while the main thread's pauses are measured."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface, plugins

from stillpoint.plugin import runner

GIVEN = Path(os.environ["STILLPOINT_RESPONSIVENESS"])
BEAT, LONG = 0.005, 0.05


class Heart:
    """Beats every five milliseconds on the main thread; a beat that comes late is a pause, whose place is looked up."""

    def __init__(self) -> None:
        self.phase = "idle"
        self.pauses: Dict[str, List[float]] = {}
        self.places: Dict[str, Dict[str, int]] = {}
        self.last = time.perf_counter()
        self._main = threading.get_ident()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(1000 * BEAT))
        threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.pauses.setdefault(self.phase, []).append(now - self.last - BEAT)
        self.last = now

    def _watch(self) -> None:
        """Look where the main thread is while it is late."""
        while True:
            time.sleep(LONG / 2)
            if time.perf_counter() - self.last > LONG:
                frame = sys._current_frames().get(self._main)
                stack = traceback.extract_stack(frame)
                ours = [entry for entry in stack if "stillpoint" in entry.filename and not entry.filename.endswith("_inside.py")]
                place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "QGIS"
                count = self.places.setdefault(self.phase, {})
                count[place] = count.get(place, 0) + 1


heart = Heart()
first: Dict[str, float] = {}


def watched(perform: Callable[..., Any]) -> Callable[..., Any]:
    """Note when the first progress of a job arrives."""

    def inner(self: Any, job: Any, report: Any, log: Any, cancelled: Any) -> Any:
        def told(fraction: float, message: str) -> None:
            first.setdefault("progress", time.perf_counter())
            if fraction > 0:
                first.setdefault("tile", time.perf_counter())
            report(fraction, message)

        return perform(self, job, told, log, cancelled)

    return inner


runner._Worker.perform = watched(runner._Worker.perform)  # type: ignore[method-assign]


def wait(seconds: float) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec() if hasattr(loop, "exec") else loop.exec_()


def until(done: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Let QGIS work until something is so."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        wait(0.02)
    return done()


def dialog_of(name: str) -> Optional[Any]:
    """Return the dialog of a class that is open."""
    return next((one for one in QApplication.topLevelWidgets() if type(one).__name__ == name and one.isVisible()), None)


def measure(name: str, opener: Callable[[], None], kind: str, fill: Callable[[Any], None], start: Callable[[Any], None],
            times: int = 2) -> List[Dict[str, float]]:  # fmt: skip
    """Open a dialog, start its work ``times`` times, and return the seconds to the first words, to the first tile, to the end."""
    found = []
    heart.phase = f"{name}: opening"
    opener()
    if not until(lambda: dialog_of(kind) is not None, 20):
        return [{"missing": 1.0}]
    dialog = dialog_of(kind)
    fill(dialog)
    wait(2.0)  # what the dialog looks up first
    for _ in range(times):
        first.clear()
        heart.phase = f"{name}: running"
        clicked = time.perf_counter()
        start(dialog)
        until(lambda: dialog.work is None and "progress" in first)
        ended = time.perf_counter()
        found.append({
            "first_words_s": round(first.get("progress", ended) - clicked, 3),
            "first_tile_s": round(first.get("tile", ended) - clicked, 3),
            "end_s": round(ended - clicked, 3),
        })  # fmt: skip
        heart.phase = f"{name}: drawing"
        wait(1.0)
    dialog.close()
    return found


def main() -> None:
    """Measure every capability and write ``found.json``."""
    plugin = plugins["stillpoint"]
    project = QgsProject.instance()
    layers = {
        "points": QgsVectorLayer(str(GIVEN / "points.gpkg"), "points"), "scene": QgsRasterLayer(str(GIVEN / "scene.tif"), "scene"),
        "network": QgsRasterLayer(str(GIVEN / "network.tif"), "network"), "pair": QgsRasterLayer(str(GIVEN / "pair.tif"), "pair"),
    }  # fmt: skip
    for layer in layers.values():
        project.addMapLayer(layer)
    heart.phase = "QGIS starts"
    wait(4.0)
    heart.phase = "nothing runs"
    wait(4.0)
    found: Dict[str, Any] = {}
    found["trends"] = measure(
        "trends", plugin.classify, "ClassifyDialog", lambda one: one.set_layer(layers["points"]), lambda one: one.classify())
    found["scatterers"] = measure(
        "scatterers", plugin.select, "SelectDialog", lambda one: one.set_layer(layers["scene"]), lambda one: one.select())
    found["interferograms"] = measure(
        "interferograms", plugin.select_interferograms, "SelectInterferogramsDialog",
        lambda one: one.set_layer(layers["network"]), lambda one: one.select())
    found["offsets"] = measure(
        "offsets", plugin.track_offsets, "TrackOffsetsDialog",
        lambda one: one.set_layers([layers["pair"]]), lambda one: one.track())
    pauses = {}
    for phase, values in heart.pauses.items():
        late = [value for value in values if value > LONG]
        pauses[phase] = {
            "beats": len(values), "longest_ms": round(1000 * max(values), 1), "over_50_ms": len(late),
            "where": heart.places.get(phase, {}),
        }  # fmt: skip
    (GIVEN / "found.json").write_text(json.dumps({"seconds": found, "pauses": pauses}, indent=1))


def run() -> None:
    """Measure, and leave QGIS whatever happens."""
    try:
        main()
    except BaseException:
        (GIVEN / "failed.txt").write_text(traceback.format_exc())
    QgsProject.instance().setDirty(False)
    runner.close()
    iface.actionExit().trigger()
    os._exit(0)


QTimer.singleShot(2000, run)
