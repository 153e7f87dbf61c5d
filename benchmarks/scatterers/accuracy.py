"""How well methods find persistent scatterers in simulated stacks: ``python -m benchmarks.scatterers.accuracy --scenes 3``.

All methods in one run, as tables in Markdown. A method that cannot run is named with the reason, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from stillpoint.benchmarks.scatterers.files import FORMS
from stillpoint.benchmarks.scatterers.peers import PEERS, Answer, Engine, Peer
from stillpoint.benchmarks.scatterers.scores import (
    average_precision,
    calibration_error,
    f1_at_true_count,
    false_per_km2,
    noise_scores,
    precision_by_cover,
    reliability,
)
from stillpoint.benchmarks.scatterers.settings import SETTINGS
from stillpoint.benchmarks.scatterers.simulator import Scene, make_scene
from stillpoint.models.errors import StillpointError

DEFAULT_METHODS = (
    "dispersion", "similarity", "phase_stability", "gamma", "unet", "cnn_iss", "clstm_iss", "trees", "default",
)
Figures = Dict[str, Any]


def figures_of(answer: Answer, scene: Scene) -> Figures:
    """Return the scores of one answer on one scene."""
    score, truth, cover = answer.score.ravel(), scene.truth.ravel(), scene.cover.ravel()
    result: Figures = {
        "f1": f1_at_true_count(score, truth),
        "ap": average_precision(score, truth),
        "false_per_km2": false_per_km2(score, truth, cover, spacing=scene.spacing),
        "precision": precision_by_cover(score, truth, cover),
    }
    if answer.probability is not None:
        said = answer.probability.ravel()
        result["ece"] = calibration_error(said, truth)
        result["reliability"] = reliability(said, truth)
    if answer.noise is not None:
        result["noise"] = noise_scores(answer.noise.ravel(), scene.noise.ravel())
    if answer.mask is not None:
        taken = answer.mask.ravel()
        right = float((taken & truth).sum())
        result["own"] = {
            "precision": right / max(int(taken.sum()), 1), "recall": right / max(int(truth.sum()), 1),
            "f1": 2 * right / max(int(taken.sum()) + int(truth.sum()), 1),
        }
    return result


def mean_of(parts: Sequence[Any]) -> Any:
    """Return the mean over the scenes of nested figures; lists (reliability curves) are of the first scene."""
    first = parts[0]
    if isinstance(first, dict):
        return {name: mean_of([part[name] for part in parts if name in part]) for name in first}
    if isinstance(first, list):
        return first
    values = np.array(parts, float)
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def measure(setting: str, methods: Sequence[str], *, scenes: int, first: int = 0) -> Dict[str, Figures]:
    """Return the figures of each method on one setting, means over its scenes."""
    made = [make_scene(setting, first + n) for n in range(scenes)]
    share = float(np.mean([scene.truth.mean() for scene in made]))
    print(f"{setting}: {scenes} scenes, {100 * share:.1f} % of the pixels are PS", file=sys.stderr)
    result: Dict[str, Figures] = {}
    for name in methods:
        peer: Peer = PEERS[name]()
        try:
            begin = time.process_time()
            peer.fit(setting)
            fitted = time.process_time()
            answers = [peer.answer_scene(scene) for scene in made]
        except (ImportError, KeyError, StillpointError) as error:  # the others' figures are worth having
            print(f"{setting}: {peer.label} left out: {error!r}", file=sys.stderr)
            continue
        done = time.process_time()
        figures = mean_of([figures_of(answer, scene) for answer, scene in zip(answers, made)])
        pixels = sum(scene.truth.size for scene in made)
        figures.update(label=peer.label, share=share, fit_seconds=fitted - begin, seconds_per_mpx=(done - fitted) / pixels * 1e6)
        result[name] = figures
        print(f"{setting}: {peer.label}: {figures['f1']:.3f} / {figures['ap']:.3f}", file=sys.stderr)
    return result


def headline(found: Dict[str, Dict[str, Figures]]) -> str:
    """Return the table of F1 at the true count and average precision, a row a method, a column a setting."""
    titles = [SETTINGS[setting].title for setting in found]
    lines = [
        "F1 when exactly as many pixels are taken as there are true PS / average precision.", "",
        "| method | " + " | ".join(titles) + " |", "|---|" + "---:|" * len(titles),
    ]
    labels = {name: figures["label"] for methods in found.values() for name, figures in methods.items()}
    for name, label in labels.items():
        cells = [
            f"{methods[name]['f1']:.3f} / {methods[name]['ap']:.3f}" if name in methods else "did not run"
            for methods in found.values()
        ]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def details(setting: str, methods: Dict[str, Figures]) -> str:
    """Return false PS by land cover, calibration, noise and the method's own threshold for one setting."""
    lines = [
        f"### {SETTINGS[setting].title}", "",
        "| method | false per km²: water | forest | fields | precision in town | rock | ECE | noise: rank correlation "
        "| median error, rad | own mask: precision | recall | CPU s/Mpx |",
        "|---|" + "---:|" * 11,
    ]
    for item in methods.values():
        false, precise = item["false_per_km2"], item["precision"]
        noise, own = item.get("noise", {}), item.get("own", {})
        cells = [
            *(f"{false[name]:.1f}" for name in ("water", "forest", "fields")),
            *(_cell(precise[name]) for name in ("town", "rock")),
            _cell(item.get("ece")), _cell(noise.get("correlation")), _cell(noise.get("error")),
            _cell(own.get("precision")), _cell(own.get("recall")), f"{item['seconds_per_mpx']:.0f}",
        ]
        lines.append(f"| {item['label']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: Optional[float]) -> str:
    return "" if value is None or not np.isfinite(value) else f"{value:.3f}"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scatterers.accuracy", description=__doc__)
    parser.add_argument("--settings", nargs="+", choices=tuple(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--methods", nargs="+", choices=tuple(PEERS), default=list(DEFAULT_METHODS))
    parser.add_argument("--scenes", type=int, default=3, help="scenes a setting (default: 3)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first scene (default: 0; the peers learn from 1000 on)")
    parser.add_argument("--form", choices=FORMS, default="slc", help="stacks that the engine gets (default: slc)")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    Engine.form = given.form
    found: Dict[str, Dict[str, Figures]] = {}
    for setting in given.settings:
        found[setting] = measure(setting, given.methods, scenes=given.scenes, first=given.first)
    tables: List[str] = [headline(found), *(details(setting, methods) for setting, methods in found.items())]
    print("\n".join(tables), flush=True)
    if given.output:
        given.output.with_suffix(".md").write_text("\n".join(tables), encoding="utf-8")
        given.output.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
