"""Runs inside QGIS (``qgis --code``): each dialog does its work while the main thread's pauses are measured."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

from qgis import utils
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtWidgets import QApplication

from stillpoint.plugin import runner

GIVEN = Path(os.environ["STILLPOINT_RESPONSIVENESS"])
BEAT, LONG = 0.005, 0.05
PATIENCE = 90.0
"""Seconds that a job gets before the next one has its turn."""
MOST = 20
"""Pauses that are told of each phase."""


def _scheduled() -> Tuple[float, float]:
    """Return the seconds that this thread ran, and that it waited for a processor while it could have run (Linux)."""
    try:
        ran, waited = Path("/proc/thread-self/schedstat").read_text().split()[:2]
    except OSError:
        return time.thread_time(), 0.0
    return int(ran) / 1e9, int(waited) / 1e9


class Heart:
    """Beats every five milliseconds on the main thread; a beat that comes late is a pause, whose place is looked up.

    What other programs take of the processors is no fault of QGIS: the time that the thread waited for one is told apart.
    """

    def __init__(self) -> None:
        self.phase = "idle"
        self.pauses: Dict[str, List[Dict[str, Any]]] = {}
        self.beats: Dict[str, int] = {}
        self._last = time.perf_counter()
        self._ran, self._waited = _scheduled()
        self._main = threading.get_ident()
        self._seen: List[List[str]] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(1000 * BEAT))
        threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        now = time.perf_counter()
        late = now - self._last - BEAT
        self.beats[self.phase] = self.beats.get(self.phase, 0) + 1
        ran, waited = _scheduled()
        if late > LONG / 2:
            self.pauses.setdefault(self.phase, []).append({
                "ms": round(1000 * late, 1), "own_ms": round(1000 * max(late - (waited - self._waited), 0.0), 1),
                "cpu_ms": round(1000 * (ran - self._ran), 1), "where": _most(self._seen),
            })  # fmt: skip
        self._seen = []
        self._ran, self._waited = ran, waited
        self._last = time.perf_counter()

    def _watch(self) -> None:
        """Look where the main thread is while it is late."""
        while True:
            time.sleep(BEAT)
            if time.perf_counter() - self._last > LONG / 2:
                stack = traceback.extract_stack(sys._current_frames().get(self._main))
                named = [f"{Path(entry.filename).name}:{entry.lineno} {entry.name}" for entry in stack[-4:]
                         if not entry.filename.endswith("_inside.py")]  # fmt: skip
                self._seen.append(named or ["QGIS"])


def _most(seen: List[List[str]]) -> Dict[str, int]:
    """Return the places that were seen most often, the innermost call first, with how often."""
    counts: Dict[str, int] = {}
    for names in seen:
        place = " < ".join(reversed(names))
        counts[place] = counts.get(place, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1])[:3])


heart = Heart()
first: Dict[str, float] = {}


def _processor_seconds(pid: int) -> float:
    """Return what a process has used of the processors (Linux)."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def watched(perform: Callable[..., Any]) -> Callable[..., Any]:
    """Note when the first progress of a job arrives, and what the engine has used of the processors by then."""

    def inner(self: Any, job: Any, report: Callable[[float, str], None], *others: Any, **named: Any) -> Any:
        hidden = job.task.startswith(("describe", "check"))

        def told(fraction: float, message: str) -> None:
            if not hidden:
                first.setdefault("words", time.perf_counter())
                if fraction > 0 and "tile" not in first:
                    first["tile"] = time.perf_counter()
                    first["cpu"] = _processor_seconds(self.process.pid)
            report(fraction, message)

        if not hidden:
            first["cpu_before"] = _processor_seconds(self.process.pid)
        return perform(self, job, told, *others, **named)

    return inner


runner._Worker.perform = watched(runner._Worker.perform)  # type: ignore[method-assign]


def wait(seconds: float) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec() if hasattr(loop, "exec") else loop.exec_()


def until(done: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Let QGIS work until something is so."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        wait(0.02)
    return done()


def dialog_of(name: str) -> Optional[Any]:
    """Return the dialog of a class that is open."""
    return next((one for one in QApplication.topLevelWidgets() if type(one).__name__ == name and one.isVisible()), None)


def one_run(name: str, dialog: Any, start: Callable[[Any], None]) -> Dict[str, Any]:
    """Start the work of a dialog; return the seconds to its first words, its first tile and its end."""
    first.clear()
    heart.phase = f"{name}: running and adding its layers"
    clicked = time.perf_counter()
    start(dialog)
    over = until(lambda: dialog.work is None)
    ended = time.perf_counter()
    found: Dict[str, Any] = {"end_s": round(ended - clicked, 3), "said": dialog.message.text() if over else "no end"}
    for key, told in (("first_words_s", "words"), ("first_tile_s", "tile")):
        if told in first:
            found[key] = round(first[told] - clicked, 3)
    if "cpu" in first:
        found["first_tile_cpu_s"] = round(first["cpu"] - first["cpu_before"], 3)
    heart.phase = f"{name}: drawing"
    wait(1.5)
    return found


def measure(name: str, opener: Callable[[], None], kind: str, fill: Callable[[Any], None],
            start: Callable[[Any], None]) -> Dict[str, Any]:  # fmt: skip
    """Open a dialog and do its work: as a user does, with no engine at all (cold), and with the engine of the last run (warm)."""
    found: Dict[str, Any] = {}
    heart.phase = f"{name}: opening"
    opener()
    if not until(lambda: dialog_of(kind) is not None, 20):
        return {"missing": kind}
    dialog: Any = dialog_of(kind)
    fill(dialog)
    wait(3.0)  # what the dialog looks up first
    found["opened"] = one_run(name, dialog, start)
    heart.phase = "between"
    runner.close()
    wait(0.3)
    found["cold"] = one_run(name, dialog, start)
    found["warm"] = one_run(name, dialog, start)
    heart.phase = "between"
    dialog.close()
    wait(0.5)
    return found


def told(phases: Dict[str, List[Dict[str, Any]]]) -> Dict[str, Any]:
    """Return the pauses of each phase: how many, and the longest with their places."""
    result = {}
    for phase in heart.beats:
        pauses = sorted(phases.get(phase, []), key=lambda pause: -pause["own_ms"])
        own = [pause["own_ms"] for pause in pauses]
        result[phase] = {
            "beats": heart.beats[phase], "longest_ms": max(own, default=0.0),
            "over_50_ms": sum(value > 1000 * LONG for value in own),
            "longest_with_waiting_ms": max((pause["ms"] for pause in pauses), default=0.0), "longest": pauses[:MOST],
        }  # fmt: skip
    return result


def main() -> None:
    """Measure every capability; ``found.json`` is written after each."""
    plugin = utils.plugins["stillpoint"]
    found: Dict[str, Any] = {"start_cpu_s": {name: str(value) for name, value in getattr(utils, "plugin_times", {}).items()}}
    project = QgsProject.instance()
    heart.phase = "QGIS starts"
    wait(4.0)
    layers = {
        "points": QgsVectorLayer(str(GIVEN / "points.gpkg"), "points"), "scene": QgsRasterLayer(str(GIVEN / "scene.tif"), "scene"),
        "network": QgsRasterLayer(str(GIVEN / "network.tif"), "network"), "pair": QgsRasterLayer(str(GIVEN / "pair.tif"), "pair"),
    }  # fmt: skip
    heart.phase = "QGIS draws its own layers"
    for layer in layers.values():
        project.addMapLayer(layer)
    wait(4.0)
    heart.phase = "nothing runs"
    wait(4.0)
    cases: Dict[str, Tuple[Callable[[], None], str, Callable[[Any], None], Callable[[Any], None]]] = {
        "trends": (plugin.classify, "ClassifyDialog", lambda one: one.set_layer(layers["points"]), lambda one: one.classify()),
        "scatterers": (plugin.select, "SelectDialog", lambda one: one.set_layer(layers["scene"]), lambda one: one.select()),
        "interferograms": (
            plugin.select_interferograms, "SelectInterferogramsDialog",
            lambda one: one.set_layer(layers["network"]), lambda one: one.select(),
        ),
        "offsets": (
            plugin.track_offsets, "TrackOffsetsDialog", lambda one: one.set_layers([layers["pair"]]), lambda one: one.track(),
        ),
    }  # fmt: skip
    wanted = os.environ.get("STILLPOINT_RESPONSIVENESS_ONLY", "").split()
    found["seconds"] = {}
    for name, case in cases.items():
        if wanted and name not in wanted:
            continue
        found["seconds"][name] = measure(name, *case)
        found["pauses"] = told(heart.pauses)
        (GIVEN / "found.json").write_text(json.dumps(found, indent=1))


def run() -> None:
    """Measure, and leave QGIS whatever happens."""
    try:
        main()
    except BaseException:
        (GIVEN / "failed.txt").write_text(traceback.format_exc())
    runner.close()
    os._exit(0)  # QGIS's own questions at its end would wait for an answer that nobody gives


QTimer.singleShot(2000, run)
