"""Whether fine-tuning on real data makes the selection better where nobody gave labels.

``python -m benchmarks.scatterers.fine_tuning``: the Houston stack (see :mod:`benchmarks.scatterers.houston`) is cut twice. In time:
one half of the dates is what the network sees, the other half says what is stable. In space: bands of the raster to learn from, to
stop by, and to judge by, 88 pixels apart.

Labels come from phase stability (the equations of StaMPS) on the other half of the dates, in all bands that the training may see:
the tenth of the pixels with the largest gamma is PS, the lower 80 % are not, those between are not judged. The training itself is
``stillpoint train scatterers --data ... --labels ...``, as a user runs it. Then the network before and after ranks the pixels of
the judging band from the first half of the dates, and those that it ranks highest are judged by their stability on the other half,
with a measure of its own (:func:`benchmarks.scatterers.houston.held_out_gamma`). The network sees no label of the judging
band, and as its input no date that judges; the labels of the other bands are of those dates.
Intervals are of blocks of 30 pixels, drawn anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from stillpoint.benchmarks.scatterers.houston import BLOCK, DENSITIES, DRAWS, default_folder, held_out_gamma, read_houston, split
from stillpoint.benchmarks.scatterers.houston import take_dates as with_dates
from stillpoint.benchmarks.scatterers.scores import best
from stillpoint.models import training
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.map_writing import MapWriter
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.rasters.writing import write_stack
from stillpoint.models.scatterers import fine_tune_regions
from stillpoint.models.scatterers.default import HALO
from stillpoint.models.scatterers.methods import judge
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.stability import gamma_map

STABLE, UNSTABLE = 0.9, 0.8
"""Quantiles of gamma: above the first is PS, below the second is not, between is not judged."""

METHODS = ("shipped", "fine-tuned", "phase_stability", "amplitude_dispersion")


def write_half(seen: Observations, folder: Path) -> Path:
    """Write observations as a stack of wrapped interferograms with their amplitudes."""
    assert seen.amplitude is not None  # nosec B101 - Houston has them
    days = [date.item() for date in seen.dates]
    common: Dict[str, Any] = {"wavelength": seen.wavelength, "spacing_m": seen.spacing}
    amplitude, target = folder / "amplitude.tif", folder / "houston.tif"
    write_stack(str(amplitude), seen.amplitude, [Band(k + 1, "amplitude", date=day) for k, day in enumerate(days)], **common)
    others = [k for k in range(len(days)) if k != seen.reference]
    bands = [
        Band(n + 1, "phase", reference_date=days[seen.reference], secondary_date=days[k]) for n, k in enumerate(others)
    ]
    phase = np.angle(seen.phasor[others]).astype(np.float32)
    write_stack(str(target), phase, bands, companions={"amplitude": str(amplitude)}, **common)
    return target


def labels_of(gamma: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return labels of phase stability: 1 PS, 0 not, 255 not judged."""
    low, high = np.nanquantile(gamma, [UNSTABLE, STABLE])
    return np.where(gamma >= high, 1, np.where(gamma < low, 0, 255)).astype(np.uint8)


def scores_of(seen: Observations, model: str) -> Dict[str, NDArray[np.float32]]:
    """Return what each method makes of the dates that the network sees."""
    found = {"shipped": judge("default", seen), "fine-tuned": judge("default", seen, model=model)}
    scores = {name: verdict.probability for name, verdict in found.items()}
    scores["phase_stability"] = gamma_map(seen).without_own
    scores["amplitude_dispersion"] = judge("amplitude_dispersion", seen).probability
    return {name: np.nan_to_num(score) for name, score in scores.items()}


def _blocks(taken: NDArray[np.bool_], values: NDArray) -> Tuple[NDArray, NDArray]:
    """Return sum of the values and number of the taken pixels in each block."""
    across = -(-taken.shape[1] // BLOCK)
    rows, cols = np.nonzero(taken)
    block = rows // BLOCK * across + cols // BLOCK
    count = across * -(-taken.shape[0] // BLOCK)
    return np.bincount(block, values[taken], count), np.bincount(block, minlength=count).astype(float)


def compare(scores: Dict[str, NDArray], gamma: NDArray, inside: NDArray[np.bool_]) -> List[Dict[str, Any]]:
    """Return for each density and method the stability of the pixels that it takes, and its lead over the shipped network."""
    rng = np.random.default_rng(0)
    places = np.flatnonzero(inside)
    rows: List[Dict[str, Any]] = []
    for density in DENSITIES:
        sums: Dict[str, Tuple[NDArray, NDArray]] = {}
        for name, score in scores.items():
            taken = np.zeros(inside.size, bool)
            taken[places[best(score.ravel()[places], round(density * len(places)))]] = True
            sums[name] = _blocks(taken.reshape(inside.shape), gamma)
        picks = rng.integers(0, len(sums["shipped"][0]), (DRAWS, len(sums["shipped"][0])))
        for name, (total, count) in sums.items():
            drawn, start = (
                part[0][picks].sum(axis=1) / np.maximum(part[1][picks].sum(axis=1), 1) for part in ((total, count), sums["shipped"])
            )
            low, high = np.quantile(drawn - start, [0.025, 0.975])
            rows.append({
                "density": density, "method": name, "gamma": float(total.sum() / count.sum()), "pixels": int(count.sum()),
                "lead": float(total.sum() / count.sum() - sums["shipped"][0].sum() / sums["shipped"][1].sum()),
                "interval": [float(low), float(high)],
            })  # fmt: skip
    return rows


def run(
    folder: Path, work: Path, *, turned: bool = False, epochs: int = 0, seed: int = 1, mix: float = 0.0, progress: Progress = SILENT
) -> Dict[str, Any]:
    """Fine-tune on one half of the dates and measure on the other.

    Parameters
    ----------
    folder
        The data.
    work
        Where stack, labels and model are written.
    turned
        Exchanges the halves of the dates.
    epochs, seed, mix
        Of the training.
    progress
        Told how far it is.
    """
    houston = read_houston(folder)
    halves = split(len(houston.seen.dates), houston.seen.reference, "alternate")
    sees, judges = halves[::-1] if turned else halves
    seen, other = with_dates(houston.seen, sees), with_dates(houston.seen, judges)
    labels = labels_of(gamma_map(other).without_own)
    regions = fine_tune_regions.split(labels, gap=HALO, seed=seed)
    assert regions is not None  # nosec B101 - the stack is large enough
    held = regions.of(slice(0, labels.shape[0]), slice(0, labels.shape[1])) == fine_tune_regions.JUDGING
    stack = write_half(seen, work)
    with open_stack(str(stack)) as opened:
        place: Dict[str, Any] = {"geotransform": opened.geotransform, "projection": opened.projection}
    with MapWriter(str(work / "stable.tif"), labels.shape, [("PS", {})], kind=np.uint8, **place) as writer:
        writer.write(labels[None], slice(0, labels.shape[0]), slice(0, labels.shape[1]))
        writer.finish()
    job = TrainModel(
        capability="scatterers", data=(str(stack),), labels=str(work / "stable.tif"), output=str(work / "houston.safetensors"),
        device="cpu", epochs=epochs, seed=seed, mix=mix,
    )  # fmt: skip
    result = training.train(job, progress)
    rows = compare(scores_of(seen, job.output), held_out_gamma(houston.seen.phasor[judges]), held)
    return {
        "turned": turned, "seed": seed, "mix": mix, "rows": rows, "page": result.outputs["report"], "warnings": result.warnings,
        "comparison": result.details["comparison"], "best_epoch": result.details["best_epoch"],
        "labels": {name: int((labels[held] == code).sum()) for name, code in (("PS", 1), ("no PS", 0))},
    }  # fmt: skip


def markdown(runs: Sequence[Dict[str, Any]]) -> str:
    """Return the tables of all runs."""
    lines: List[str] = []
    for one in runs:
        lines += [
            f"### network sees the {'odd' if one['turned'] else 'even'} dates, best epoch {one['best_epoch']}", "",
            "| taken | method | mean gamma on the other dates | lead over shipped (95 %) |", "|---|---|---:|---:|",
        ]  # fmt: skip
        for row in one["rows"]:
            low, high = row["interval"]
            lead = "" if row["method"] == "shipped" else f"{row['lead']:+.4f} ({low:+.4f} to {high:+.4f})"
            lines.append(f"| {row['density']:.0%} | {row['method']} | {row['gamma']:.4f} | {lead} |")
        lines += ["", f"By the labels of the held-out band: {one['comparison']['sentence']}", ""]
    return "\n".join(lines)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measure and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scatterers.fine_tuning", description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="folder of the stack")
    parser.add_argument("--one-way", action="store_true", help="one half of the dates only (default: each in turn)")
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", type=float, default=0.0)
    parser.add_argument("--keep", type=Path, help="folder for the models and pages")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    runs = []
    for turned in (False,) if given.one_way else (False, True):
        with tempfile.TemporaryDirectory() as temporary:
            work = Path(temporary) if given.keep is None else given.keep / ("odd" if turned else "even")
            work.mkdir(parents=True, exist_ok=True)
            try:
                runs.append(run(
                    given.data or default_folder(), work, turned=turned, epochs=given.epochs, seed=given.seed, mix=given.mix,
                    progress=Progress(lambda share, text: print(f"{share:.0%} {text}", file=sys.stderr)),
                ))  # fmt: skip
            except StillpointError as error:
                print(error, file=sys.stderr)
                return 1
        text = markdown(runs)
        print(text)
        if given.output:
            given.output.with_suffix(".md").write_text(text, encoding="utf-8")
            given.output.with_suffix(".json").write_text(json.dumps(runs, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
