"""How well methods find the bad interferograms of simulated stacks, and what that is worth.

``python -m benchmarks.interferograms.accuracy --stacks 10``: all methods in one run, as tables in Markdown. A method that cannot
run is named with the reason, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from stillpoint.benchmarks.interferograms.peers import HIDDEN, PEERS, Answer, Peer, spanning_tree
from stillpoint.benchmarks.interferograms.scores import auc, best_threshold, calibration_error, f1, referred, velocity_error
from stillpoint.benchmarks.interferograms.settings import KINDS, SETTINGS
from stillpoint.benchmarks.interferograms.simulator import Stack
from stillpoint.benchmarks.interferograms.store import stack_of
from stillpoint.models.errors import StillpointError

DEFAULT_METHODS = (
    "keep_all", "mean_coherence", "licsbas", "scatter", "closure", "engine_loop_closure", "resnet50", "default", "truth",
    "truth_chosen",
)
Figures = Dict[str, Any]


def figures_of(peer: Peer, answers: Sequence[Answer], stacks: Sequence[Stack], phases: Sequence[np.ndarray]) -> Figures:
    """Return the figures of one method over the stacks of a setting."""
    bad = np.concatenate([stack.bad for stack in stacks])
    strong = np.concatenate([stack.strong & ~stack.bad for stack in stacks])
    result: Figures = {"label": peer.label}
    keeps = [answer.keep for answer in answers]
    called = [answer.called_bad for answer in answers]
    scores = [answer.score for answer in answers]
    if scores[0] is not None:
        pooled = np.concatenate([np.asarray(score) for score in scores])
        result["auc"] = auc(pooled, bad)
        result["auc_by_stack"] = float(np.nanmean([auc(np.asarray(score), stack.bad) for score, stack in zip(scores, stacks)]))
        level = best_threshold(pooled, bad)
        result["best_f1"] = f1(pooled < level, bad)
        if answers[0].probability:
            result["ece"] = calibration_error(pooled, bad)
        if keeps[0] is None:
            called = [np.asarray(score) < level for score in scores]
            keeps = [~flag for flag in called]
            if peer.tree:
                keeps = [keep | spanning_tree(s.pairs, np.asarray(score)) for keep, score, s in zip(keeps, scores, stacks)]
    flags = np.concatenate([np.asarray(flag) for flag in called])
    kinds = np.concatenate([np.where(stack.trouble >= 0, stack.trouble, len(KINDS)) for stack in stacks])
    result.update(
        f1=f1(flags, bad), precision=float((flags & bad).sum() / max(int(flags.sum()), 1)), recall=float(flags[bad].mean()),
        false_strong=float(flags[strong].mean()) if strong.any() else float("nan"), false_all=float(flags[~bad].mean()),
        found={name: float(flags[bad & (kinds == k)].mean()) if (bad & (kinds == k)).any() else float("nan")
               for k, name in enumerate((*KINDS, "by itself"))},
        dropped=float(np.mean([1 - np.asarray(keep).mean() for keep in keeps])),
    )  # fmt: skip
    found = [velocity_error(stack, phase, np.asarray(keep)) for stack, phase, keep in zip(stacks, phases, keeps)]
    result.update(velocity=[rms for rms, _ in found], velocity_mean=_mean([rms for rms, _ in found]))
    result.update(velocity_median=float(np.nanmedian([rms for rms, _ in found])), covered=_mean([share for _, share in found]))
    if answers[0].weights is not None:
        weighted = [
            velocity_error(stack, phase, np.asarray(keep), answer.weights)[0]
            for stack, phase, keep, answer in zip(stacks, phases, keeps, answers)
        ]
        result.update(weighted_mean=_mean(weighted), weighted_median=float(np.nanmedian(weighted)))
    return result


def _mean(values: Sequence[float]) -> float:
    return float(np.nanmean(values))


def measure(
    setting: str, methods: Sequence[str], *, stacks: int, first: int = 0, folder: Optional[Path] = None
) -> Dict[str, Figures]:
    """Return the figures of each method on one setting."""
    made = [stack_of(setting, first + n, folder=folder) for n in range(stacks)]
    phases = [referred(stack) for stack in made]
    share = float(np.mean([stack.bad.mean() for stack in made]))
    pairs = sum(len(stack.pairs) for stack in made)
    print(f"{setting}: {stacks} stacks, {pairs} pairs, {100 * share:.1f} % of them bad", file=sys.stderr)
    result: Dict[str, Figures] = {}
    for name in methods:
        peer: Peer = PEERS[name]()
        try:
            peer.answer_stack(made[0])  # what is loaded once is not the cost of a pair
            begin = time.process_time()
            answers = [peer.answer_stack(stack) for stack in made]
        except (ImportError, KeyError, StillpointError) as error:  # the others' figures are worth having
            print(f"{setting}: {peer.label} left out: {error!r}", file=sys.stderr)
            continue
        spent = time.process_time() - begin
        figures = figures_of(peer, answers, made, phases)
        figures.update(bad_share=share, ms_per_pair=1000 * spent / pairs)
        result[name] = figures
        print(f"{setting}: {peer.label}: F1 {figures['f1']:.3f}, {figures['velocity_median']:.2f} mm/yr", file=sys.stderr)
    return result


def table(setting: str, methods: Dict[str, Figures]) -> str:
    """Return the table of one setting."""
    names = ("unwrapping", "decorrelation", "ramp", "level")
    lines = [
        f"### {SETTINGS[setting].title}", "",
        "| method | AUC | F1 of bad | best F1 | false alarms: strong atmosphere | all good | velocity error, mm/yr: median | mean "
        "| dropped | ECE | ms a pair | " + " | ".join(f"found: {name}" for name in names) + " |",
        "|---|" + "---:|" * (10 + len(names)),
    ]
    for item in methods.values():
        cells = [
            _cell(item.get("auc")), _cell(item["f1"]), _cell(item.get("best_f1")), _cell(item["false_strong"], 2),
            _cell(item["false_all"], 2), _cell(item["velocity_median"], 2), _cell(item["velocity_mean"], 2),
            _cell(item["dropped"], 2), _cell(item.get("ece")), _cell(item["ms_per_pair"], 1),
            *(_cell(item["found"][name], 2) for name in names),
        ]
        lines.append(f"| {item['label']} | " + " | ".join(cells) + " |")
        if "weighted_median" in item:
            cells = [""] * 5 + [_cell(item["weighted_median"], 2), _cell(item["weighted_mean"], 2)] + [""] * (3 + len(names))
            lines.append(f"| ... with its weights | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(value: Optional[float], digits: int = 3) -> str:
    return "" if value is None or not np.isfinite(value) else f"{value:.{digits}f}"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interferograms.accuracy", description=__doc__)
    parser.add_argument("--settings", nargs="+", choices=tuple(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--methods", nargs="+", choices=tuple(PEERS), default=list(DEFAULT_METHODS))
    parser.add_argument("--stacks", type=int, default=10, help="stacks a setting (default: 10)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first stack (default: 0)")
    parser.add_argument(
        "--without", nargs="+", choices=HIDDEN, default=(), help="what the methods are not shown (cycles: they get wrapped phase)"
    )
    parser.add_argument("--folder", type=Path, help="where the stacks are kept (default: a temporary folder that later runs find)")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    Peer.without = tuple(given.without)
    found = {
        setting: measure(setting, given.methods, stacks=given.stacks, first=given.first, folder=given.folder)
        for setting in given.settings
    }
    tables: List[str] = [table(setting, methods) for setting, methods in found.items()]
    print("\n".join(tables), flush=True)
    if given.output:
        given.output.with_suffix(".md").write_text("\n".join(tables), encoding="utf-8")
        given.output.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
