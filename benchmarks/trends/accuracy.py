"""How well trend classifiers do on simulated series: ``python -m benchmarks.trends.accuracy --setting hard``.

All methods in one run, as one table (Markdown on standard output, and with ``--output`` beside a JSON of everything).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from stillpoint.benchmarks.trends.peers import PEERS, PublishedNetwork
from stillpoint.benchmarks.trends.scores import score, unknown_scores
from stillpoint.benchmarks.trends.settings import SETTINGS
from stillpoint.benchmarks.trends.simulator import simulate
from stillpoint.benchmarks.trends.unknown import KINDS, simulate_unknown
from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.classes import NAMES

DEFAULT_METHODS = ("default", "statistical", "published", "minirocket", "boosted_trees")


def measure(
    setting: str, methods: Sequence[str], *, size: int, train_size: int, unknown_size: int, seed: int = 0
) -> Dict[str, Dict[str, Any]]:
    """Return the figures of each method on one setting; see :func:`~.scores.score` for what they mean."""
    train = simulate(setting, train_size, seed=seed, part="train") if train_size else []
    test = simulate(setting, size, seed=seed, part="test")
    strange = simulate_unknown(setting, unknown_size, seed=seed, part="test") if unknown_size else []
    result: Dict[str, Dict[str, Any]] = {}
    for name in methods:
        peer = PEERS[name]()
        begin = time.perf_counter()
        try:
            peer.fit(train)
            fitted = time.perf_counter()
            answer = peer.answer(test)
        except (ImportError, StillpointError) as error:  # the others' figures are worth having
            print(f"{setting}: {peer.label} left out: {error}", file=sys.stderr)
            continue
        seconds = time.perf_counter() - fitted
        figures = score(answer, test)
        if strange and name != "oracle":  # the oracle cannot refuse
            figures["unknown_accepted"] = unknown_scores(peer.answer(strange), strange)
        figures.update(label=peer.label, fit_seconds=fitted - begin, answer_seconds=seconds)
        result[name] = figures
        print(f"{setting}: {peer.label}: {figures['accuracy']:.3f}", file=sys.stderr)
    return result


def markdown(setting: str, figures: Dict[str, Dict[str, Any]]) -> str:
    """Return the tables of one setting."""
    if not figures:
        return f"### {setting}: no method could run\n"
    first = next(iter(figures.values()))
    lines = [
        f"### {setting}, {first['series']} series",
        "",
        "| method | accuracy | refusals wrong | accepted only | stable called moving | ECE | refused "
        "| unknown given a class | break, days | cover | v1, mm/yr | cover | v2, mm/yr | cover |",
        "|---|" + "---:|" * 13,
    ]
    for item in figures.values():
        unknown = item.get("unknown_accepted", {}).get("mean")
        cells = [
            _percent(item["accuracy"]), _percent(item["accuracy_strict"]), _percent(item["accuracy_accepted"]),
            _percent(item["stable_called_moving"]), f"{item['calibration_error']:.3f}", _percent(item["refused"]),
            _percent(unknown), _number(item.get("break_days"), 1), _percent(item.get("break_coverage")),
            _number(item.get("velocity_1"), 2), _percent(item.get("velocity_1_coverage")),
            _number(item.get("velocity_2"), 2), _percent(item.get("velocity_2_coverage")),
        ]
        lines.append(f"| {item['label']} | " + " | ".join(cells) + " |")
    lines += ["", "| recall / precision | " + " | ".join(NAMES) + " |", "|---|" + "---:|" * len(NAMES)]
    for item in figures.values():
        cells = [
            f"{100 * item['classes'][name]['recall']:.1f} / {100 * item['classes'][name]['precision']:.1f}"
            for name in NAMES
        ]
        lines.append(f"| {item['label']} | " + " | ".join(cells) + " |")
    if any("unknown_accepted" in item for item in figures.values()):
        lines += ["", "| unknown kinds given a class | " + " | ".join(KINDS) + " |", "|---|" + "---:|" * len(KINDS)]
        for item in figures.values():
            cells = [_percent(item.get("unknown_accepted", {}).get(kind)) for kind in KINDS]
            lines.append(f"| {item['label']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _percent(value: Optional[float]) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _number(value: Optional[float], digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends.accuracy", description=__doc__)
    parser.add_argument("--setting", nargs="+", choices=tuple(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--methods", nargs="+", choices=tuple(PEERS), default=list(DEFAULT_METHODS))
    parser.add_argument("--size", type=int, default=3000, help="series to test on (default: 3000)")
    parser.add_argument("--train-size", type=int, default=9000, help="series that the peers learn from (default: 9000)")
    parser.add_argument("--unknown", type=int, default=1200, help="series of unknown kinds (default: 1200)")
    parser.add_argument("--network-steps", type=int, default=800, help="training of published (default: 800; best 3000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="threads of BLAS and OpenMP (default: 1)")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(given.threads)
    PublishedNetwork.steps = given.network_steps

    tables: List[str] = []
    everything: Dict[str, Any] = {}
    learns = any(name in ("published", "minirocket", "boosted_trees") for name in given.methods)
    with threadpool_limits(limits=given.threads):
        for setting in given.setting:
            everything[setting] = measure(
                setting, given.methods, size=given.size, train_size=given.train_size if learns else 0,
                unknown_size=given.unknown, seed=given.seed,
            )
            tables.append(markdown(setting, everything[setting]))
            print(tables[-1], flush=True)
    if given.output:
        given.output.with_suffix(".md").write_text("\n".join(tables), encoding="utf-8")
        given.output.with_suffix(".json").write_text(json.dumps(everything, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
