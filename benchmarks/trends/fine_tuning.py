"""Whether some hundred corrections make the trend network better on real series where nobody corrected anything.

``python -m benchmarks.trends.fine_tuning``: a rule that stands for a user (:mod:`benchmarks.trends.review_user`, which says what it
knows and what not) corrects points of real files in review mode, as the dock would. The labels train the default network, as
``stillpoint train trends --data FILES --labels FOLDER`` does it: blocks in space to learn from, to stop by and to test, and what
lies near to who judges is left out. The figures are of the test blocks: the network before and after, and the statistical tests.

**What the figures are not.** The truth of real series is unknown. They say how far the network follows the rule in places where it
was not shown the rule's labels, not how far the rule is right. The rule takes the word of the statistical tests for a series that
its neighbours share, so the tests agree with it more often than they would with a person.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from stillpoint.benchmarks.trends.real import data_folder
from stillpoint.benchmarks.trends.review_user import looked_at, read_points, review
from stillpoint.models import training
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning.splits import PARTS
from stillpoint.models.progress import SILENT, Progress

FILES = ("ps-houston-s1/houston_s1_ps.csv", "psbas-huelva-s1/huelva_s1_asc.csv", "ps-boissano-rsat/boissano_rsat_a_t290.csv")
COUNT = 250


def corrected(files: Sequence[Path], folder: Path, *, count: int, seed: int, progress: Progress = SILENT) -> List[Dict[str, Any]]:
    """Have the rule review some points of each file; return what came of it.

    Parameters
    ----------
    files
        Real points.
    folder
        Where the labels are written, each with the name of its file.
    count
        Points of each file to look at.
    seed
        Of the order in which they are looked at.
    progress
        Told which file is next.
    """
    rows = []
    for number, path in enumerate(files):
        progress(number / len(files), f"Reviewing {path.name}")
        points = read_points(path)
        done = review(points, str(folder / f"{path.stem}.csv"), items=looked_at(points), count=count, seed=seed)
        rows.append({
            "file": path.name, "points": len(points.x), "reviewed": len(done.rows), "agrees": done.agreement,
            "corrected": int(np.sum((done.said != done.model) & (done.said >= 0))), "none": int(np.sum(done.said < 0)),
        })  # fmt: skip
    return rows


def run(
    files: Sequence[Path], work: Path, *, count: int = COUNT, epochs: int = 0, mix: float = 0.0, seed: int = 1,
    progress: Progress = SILENT,
) -> Dict[str, Any]:  # fmt: skip
    """Review, train and compare."""
    labels = work / "labels"
    labels.mkdir(parents=True, exist_ok=True)
    rows = corrected(files, labels, count=count, seed=seed, progress=progress.part(0.0, 0.3))
    job = TrainModel(
        capability="trends", data=tuple(str(path) for path in files), labels=str(labels), output=str(work / "trends.safetensors"),
        device="cpu", epochs=epochs, mix=mix, seed=seed,
    )  # fmt: skip
    result = training.train(job, progress.part(0.3, 1.0))
    return {
        "reviews": rows, "comparison": result.details["comparison"], "best_epoch": result.details["best_epoch"],
        "parts": result.details["parts"], "warnings": result.warnings, "page": result.outputs["report"], "mix": mix, "seed": seed,
    }  # fmt: skip


def markdown(done: Dict[str, Any]) -> str:
    """Return the tables."""
    lines = ["| file | points | reviewed | the rule agrees | corrected | none of the classes |", "|---|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row['file']} | {row['points']:,} | {row['reviewed']} | {100 * row['agrees']:.0f} % | {row['corrected']} "
        f"| {row['none']} |"
        for row in done["reviews"]
    ]
    counts = {name: sum(part["examples"] for part in done["parts"] if part["part"] == name) for name in PARTS}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    lines += ["", f"Labels: {told}. Best epoch: {done['best_epoch']}.", ""]
    methods = done["comparison"]["methods"]
    lines += ["| on the test blocks | " + " | ".join(each["name"] for each in methods) + " |", "|---|" + "---:|" * len(methods)]
    for name in ("accuracy", "F1, mean of classes", "kappa", "answered", "calibration error"):
        cells = ["" if each["figures"].get(name) is None else f"{each['figures'][name]:.3f}" for each in methods]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", done["comparison"]["sentence"]])


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measure and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends.fine_tuning", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=data_folder(), help="folder of the real data")
    parser.add_argument("--count", type=int, default=COUNT, help="points of each file to look at")
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--mix", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for labels, model and page")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    files = [given.data / name for name in FILES if (given.data / name).is_file()]
    if not files:
        print(f"None of {', '.join(FILES)} is under {given.data}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        work = given.keep or Path(temporary)
        try:
            done = run(
                files, work, count=given.count, epochs=given.epochs, mix=given.mix, seed=given.seed,
                progress=Progress(lambda share, text: print(f"{share:.0%} {text}", file=sys.stderr)),
            )  # fmt: skip
        except StillpointError as error:
            print(error, file=sys.stderr)
            return 1
    print(markdown(done))
    if given.output:
        given.output.with_suffix(".md").write_text(markdown(done) + "\n", encoding="utf-8")
        given.output.with_suffix(".json").write_text(json.dumps(done, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
