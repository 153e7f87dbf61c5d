"""How well trackers measure offsets between simulated pairs: ``python -m benchmarks.offsets.accuracy --seeds 1``.

All trackers in one run, as tables in Markdown. A tracker that cannot run is named with the reason, and the others go on.
Pairs are kept in the folder that ``--cache`` names: making one takes longer than tracking it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.benchmarks.offsets.peers import TRACKERS
from stillpoint.benchmarks.offsets.scores import locking, scores
from stillpoint.benchmarks.offsets.settings import FIELDS, SENSORS, SETTINGS, SIDE
from stillpoint.benchmarks.offsets.simulator import Pair, make_pair
from stillpoint.models.errors import StillpointError

Figures = Dict[str, Any]

COLUMNS = (
    ("all1", "all1"), ("all1_row", "rows"), ("all1_col", "columns"), ("steps", "near steps"), ("locking", "locking in columns"),
    ("rmse", "own mask: RMSE"), ("coverage", "coverage"), ("outliers", "outliers"), ("lost", "lost answered"),
    ("within_1", "in 1 s.e."), ("within_2", "in 2 s.e."), ("ms", "CPU ms/Mpx"),
)  # fmt: skip


def pairs(
    setting: str, sensors: Sequence[str], fields: Sequence[str], seeds: Sequence[int], cache: Optional[Path]
) -> Iterator[Pair]:
    """Yield the pairs of a setting."""
    for sensor in sensors:
        for kind in fields:
            for seed in seeds:
                yield _pair(setting, sensor, kind, seed, cache)


def _pair(setting: str, sensor: str, kind: str, seed: int, cache: Optional[Path]) -> Pair:
    if cache is None:
        return make_pair(setting, sensor, kind, seed)
    path = cache / f"{setting}-{sensor}-{kind}-{seed}.npz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = make_pair(setting, sensor, kind, seed)
        np.savez(path, **{name: getattr(made, name) for name in Pair.__dataclass_fields__})
    with np.load(path) as stored:
        return Pair(**{name: stored[name] for name in Pair.__dataclass_fields__})


def measure(
    setting: str, names: Sequence[str], sensors: Sequence[str], fields: Sequence[str], seeds: Sequence[int], cache: Optional[Path]
) -> Dict[str, Figures]:
    """Return the figures of each tracker on one setting: means over its pairs."""
    found: Dict[str, List[Dict[str, float]]] = {}
    curves: Dict[str, List[Dict[str, np.ndarray]]] = {}
    trackers = {}
    for name in names:
        try:
            trackers[name] = TRACKERS[name][1]()
        except (ImportError, StillpointError) as error:  # the others' figures are worth having
            print(f"{TRACKERS[name][0]} left out: {error}", file=sys.stderr)
    for pair in pairs(setting, sensors, fields, seeds, cache):
        for name, track in trackers.items():
            answer = track(pair)
            figures = scores(answer, pair)
            figures["ms"] = answer.cpu_seconds / pair.reference.size * 1e9
            found.setdefault(name, []).append(figures)
            curves.setdefault(name, []).append(locking(answer, pair, axis=1))
        print(setting, {name: round(rows[-1]["all1"], 3) for name, rows in found.items()}, file=sys.stderr, flush=True)
    result: Dict[str, Figures] = {}
    for name, rows in found.items():
        keys = sorted({key for row in rows for key in row})
        result[name] = {key: float(np.mean([row[key] for row in rows if key in row])) for key in keys}
        total, count = (sum(curve[part] for curve in curves[name]) for part in ("total", "count"))
        bias = total / np.maximum(count, 1)
        result[name]["locking"] = float(np.sqrt((bias**2 * count).sum() / max(float(np.sum(count)), 1)))
        result[name]["label"] = TRACKERS[name][0]
    return result


def table(setting: str, found: Dict[str, Figures]) -> str:
    """Return the figures of a setting in Markdown."""
    lines = [f"### {SETTINGS[setting].title}", "", "| tracker | " + " | ".join(title for _, title in COLUMNS) + " |"]
    lines.append("|---|" + "---:|" * len(COLUMNS))
    for figures in found.values():
        cells = [_cell(key, figures.get(key)) for key, _ in COLUMNS]
        lines.append(f"| {figures['label']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(key: str, value: Optional[float]) -> str:
    if value is None:
        return ""
    if key == "ms":
        return f"{value:.0f}"
    return f"{100 * value:.1f} %" if key in ("coverage", "outliers", "lost", "within_1", "within_2") else f"{value:.3f}"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.offsets.accuracy", description=__doc__)
    parser.add_argument("--settings", nargs="+", choices=tuple(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--sensors", nargs="+", choices=tuple(SENSORS), default=["cslc", "grd"])
    parser.add_argument("--fields", nargs="+", choices=FIELDS, default=list(FIELDS))
    parser.add_argument("--trackers", nargs="+", choices=tuple(TRACKERS), default=list(TRACKERS))
    parser.add_argument("--seeds", type=int, default=1, help="pairs of each sensor and field (default: 1)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first (default: 0)")
    parser.add_argument("--cache", type=Path, help="folder to keep the pairs in")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    seeds: Tuple[int, ...] = tuple(range(given.first, given.first + given.seeds))
    found = {
        setting: measure(setting, given.trackers, given.sensors, given.fields, seeds, given.cache) for setting in given.settings
    }
    head = f"RMSE per component in pixels, errors cut at 1 px; means over pairs of {SIDE} x {SIDE} px.\n"
    text = "\n".join([head, *(table(setting, figures) for setting, figures in found.items())])
    print(text, flush=True)
    if given.output:
        given.output.with_suffix(".md").write_text(text, encoding="utf-8")
        given.output.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
