"""Measures series and velocities against simulated truth: ``python -m stillpoint.benchmarks.series.accuracy [SCENE ...]``.

Rivals: the periodogram of every scatterer against the reference (velocity alone), and spatial unwrapping of every interferogram by
whirlwind, inverted by MintPy's rule (weights by temporal order alone, velocity by ordinary least squares, no filter).
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Dict, List, Optional, Tuple

import numpy as np

from stillpoint.benchmarks.series.simulator import ACROSS, SCENES, WAVELENGTH, Truth, observed, simulate
from stillpoint.benchmarks.series.unwrappers import flow_alone, geometry
from stillpoint.models.rasters.inversion import invert
from stillpoint.models.series.estimate import Estimated, Options, estimate
from stillpoint.models.series.reading import Observed

MM = WAVELENGTH / (4 * np.pi) * 1000.0

Outcome = Tuple[Optional[np.ndarray], np.ndarray, Optional[np.ndarray]]
"""Series [dates, points] in mm, velocity and its standard error [points]; None where a method has none."""


def plain_periodogram(seen: Observed, members: np.ndarray) -> Outcome:
    """Return the velocity of every scatterer where its phase against the reference agrees best with one."""
    level = np.angle(np.exp(1j * seen.phase[:, members]).mean(axis=1))
    phasor = np.exp(1j * (seen.phase - level[:, None])).T
    trials = np.linspace(-60.0, 60.0, 481)
    score = np.abs(phasor @ np.exp(-1j * np.outer(geometry(seen).velocity, trials)))
    return None, trials[score.argmax(axis=1)], None


def space_alone(truth: Truth, seen: Observed, members: np.ndarray) -> Outcome:
    """Return what spatial unwrapping, an unfiltered inversion and an ordinary line give."""
    phase = flow_alone(truth, seen)
    phase = phase - phase[:, members].mean(axis=1, keepdims=True)
    series = invert(phase[:, :, None].astype(np.float32), seen.dates, seen.pairs)[:, :, 0] * MM
    time_ = seen.years - seen.years.mean()
    velocity = time_ @ series / (time_ @ time_)
    left = series - series.mean(axis=0) - np.outer(time_, velocity)
    error = np.sqrt((left**2).sum(axis=0) / (len(time_) - 2) / (time_ @ time_))
    return series, velocity, error


def measured(truth: Truth, members: np.ndarray, outcome: Outcome) -> Dict[str, float]:
    """Return errors against the truth, all relative to the members of the reference."""
    series, velocity, error = outcome
    true = truth.displacement - truth.displacement[:, members].mean(axis=1, keepdims=True)
    off = velocity - np.polyfit(truth.years, true, 1)[0]
    figures = {"velocity": float(np.sqrt(np.mean(off**2))), "typical": float(np.median(np.abs(off)))}
    if error is not None:
        figures["within 1"] = float((np.abs(off) < error).mean())
        figures["within 2"] = float((np.abs(off) < 1.96 * error).mean())
    if series is not None:
        wrong = series - true
        wrong = wrong - wrong.mean(axis=0)  # the level of a series is a choice of one date
        figures["series"] = float(np.sqrt(np.mean(wrong**2)))
        figures["typical series"] = float(np.median(np.sqrt(np.mean(wrong**2, axis=0))))
    return figures


def ours(truth: Truth, seen: Observed, **options: object) -> Tuple[Estimated, float]:
    """Return the estimate and its CPU seconds."""
    began = time.process_time()
    found = estimate(seen, truth.east, truth.north, Options(WAVELENGTH, ACROSS, **options))  # type: ignore[arg-type]
    return found, time.process_time() - began


def main(argv: Optional[List[str]] = None) -> int:
    """Print a line a scene, kind of stack and method: means over the seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", default=list(SCENES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", choices=("single", "network"), default=("single", "network"))
    given = parser.parse_args(argv)
    for scene in given.scenes:
        for kind in given.kinds:
            rows: Dict[str, List[Dict[str, float]]] = {}
            for seed in range(1, given.seeds + 1):
                truth = simulate(seed, scene)
                seen = observed(truth, kind, looks=0.0 if kind == "single" else 0.3)
                found, seconds = ours(truth, seen)
                members = found.members
                height = found.height - truth.height
                rows.setdefault("estimate-series", []).append({
                    **measured(truth, members, (found.series, found.velocity, found.error)),
                    "height": float(np.std(height)), "seconds": seconds,
                })  # fmt: skip
                if kind == "single":
                    other, seconds = ours(truth, seen, filter_atmosphere=False, plane=False)
                    rows.setdefault("  without filters", []).append({
                        **measured(truth, other.members, (other.series, other.velocity, other.error)), "seconds": seconds,
                    })  # fmt: skip
                rows.setdefault("periodogram", []).append(measured(truth, members, plain_periodogram(seen, members)))
                rows.setdefault("space alone, SBAS", []).append(measured(truth, members, space_alone(truth, seen, members)))
            for name, each in rows.items():
                means = {key: np.mean([row[key] for row in each]) for key in each[0]}
                told = "  ".join(f"{key} {value:.2f}" for key, value in means.items())
                print(f"{scene:7} {kind:8} {name:18} {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
