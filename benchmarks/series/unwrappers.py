"""Compares unwrappers at scatterers on simulated truth: ``python -m benchmarks.series.unwrappers [SCENE ...]``.

Every one gets the same wrapped phases of dates against one date. spurt and snaphu take part where they are installed; spurt
needs a newer SciPy than some systems have, so give them an environment of their own.
"""

from __future__ import annotations

import sys
import time
from typing import Callable, Dict, List

import numpy as np
from scipy.interpolate import NearestNDInterpolator

from stillpoint.benchmarks.series.simulator import ACROSS, WAVELENGTH, Truth, observed, simulate
from stillpoint.models.series import unwrapping
from stillpoint.models.series.arcs import Geometry
from stillpoint.models.series.reading import Observed

CELL = 60.0
"""Metres of a pixel of the grid that snaphu unwraps on."""


def geometry(seen: Observed) -> Geometry:
    """Return radians per mm/yr and per metre of the pairs."""
    early, late = seen.pairs.T
    scale = 4 * np.pi / WAVELENGTH
    assert seen.baselines is not None
    return Geometry(
        scale / 1000.0 * (seen.years[late] - seen.years[early]), scale * (seen.baselines[late] - seen.baselines[early]) / ACROSS
    )


def ours(method: str) -> Callable[[Truth, Observed], np.ndarray]:
    """Return the package's own way."""
    def unwrap(truth: Truth, seen: Observed) -> np.ndarray:
        return unwrapping.unwrap(
            seen.phase, truth.east, truth.north, geometry(seen), pairs=seen.pairs, days=seen.days, single=seen.single, method=method
        ).phase

    return unwrap


def flow_alone(truth: Truth, seen: Observed) -> np.ndarray:
    """Unwrap every pair by whirlwind's sparse flow, without any model in time."""
    even = np.full(len(truth.east), 0.8)
    cycles = np.stack([unwrapping._flow(values, truth.east, truth.north, even) for values in seen.phase])
    return seen.phase + 2 * np.pi * cycles


def by_snaphu(truth: Truth, seen: Observed) -> np.ndarray:
    """Unwrap every pair by SNAPHU on a grid filled with the nearest scatterer, as StaMPS does."""
    import snaphu

    places = np.column_stack([truth.north, truth.east])
    rows, cols = (np.round((each - each.min()) / CELL).astype(int) for each in (truth.north, truth.east))
    y, x = np.mgrid[: rows.max() + 1, : cols.max() + 1] * CELL
    done = np.empty_like(seen.phase)
    for pair, values in enumerate(seen.phase):
        near = NearestNDInterpolator(places - places.min(axis=0), values)(y, x)
        grid, _ = snaphu.unwrap(np.exp(1j * near).astype(np.complex64), np.full(near.shape, 0.7, np.float32), nlooks=1.0)
        done[pair] = values + 2 * np.pi * np.round((grid[rows, cols] - values) / (2 * np.pi))
    return done


def by_spurt(truth: Truth, seen: Observed) -> np.ndarray:
    """Unwrap by spurt's extended minimum-cost flow: three neighbours in time, then space."""
    import spurt
    from spurt.io import Irreg3DInput
    from spurt.workflows.emcf import SolverSettings
    from spurt.workflows.emcf._solver import EMCFSolver

    centre = int(np.bincount(seen.pairs.ravel()).argmax())
    dates = np.zeros((len(seen.dates), seen.phase.shape[1]))
    late = seen.pairs[:, 0] == centre
    dates[seen.pairs[late, 1]], dates[seen.pairs[~late, 0]] = seen.phase[late], -seen.phase[~late]
    places = np.column_stack([truth.north, truth.east]) / 15.0
    in_time = spurt.graph.Hop3Graph(len(dates))
    in_space = spurt.graph.DelaunayGraph(places)
    solver = EMCFSolver(
        spurt.mcf.ORMCFSolver(in_space), spurt.mcf.ORMCFSolver(in_time), SolverSettings(t_worker_count=1, s_worker_count=1)
    )
    gradients = solver.unwrap_cube(Irreg3DInput(np.exp(1j * dates).astype(np.complex64), places))
    # pairs of neighbouring dates -> every date by least squares, then the cycles nearest to them
    links = np.asarray(in_time.links)
    design = np.zeros((len(links), len(dates)))
    design[np.arange(len(links)), links[:, 0]], design[np.arange(len(links)), links[:, 1]] = -1.0, 1.0
    kept = np.delete(np.arange(len(dates)), centre)
    series = np.zeros_like(dates)
    series[kept] = np.linalg.lstsq(design[:, kept], np.asarray(gradients, float), rcond=None)[0]
    pair = series[seen.pairs[:, 1]] - series[seen.pairs[:, 0]]
    level = np.angle(np.exp(1j * (seen.phase - pair)).mean(axis=1))[:, None]
    return seen.phase + 2 * np.pi * np.round((pair + level - seen.phase) / (2 * np.pi))


METHODS: Dict[str, Callable[[Truth, Observed], np.ndarray]] = {
    "arcs + whirlwind": ours("whirlwind"), "arcs (built in)": ours("arcs"), "whirlwind alone": flow_alone, "spurt": by_spurt,
    "snaphu": by_snaphu,
}  # fmt: skip


def correct(phase: np.ndarray, full: np.ndarray) -> float:
    """Return the share of phases on the right cycle; every pair's level is that of most of its points."""
    cycles = np.round((phase - full) / (2 * np.pi))
    return float((cycles == np.median(cycles, axis=1)[:, None]).mean())


def main(argv: List[str]) -> int:
    """Print a line a scene and method."""
    for scene in argv or ["town", "sparse", "noisy", "fast", "orbits"]:
        for name, method in METHODS.items():
            shares, seconds = [], 0.0
            try:
                for seed in (1, 2):
                    truth = simulate(seed, scene)
                    seen = observed(truth, "single")
                    began = time.process_time()
                    phase = method(truth, seen)
                    seconds += time.process_time() - began
                    shares.append(correct(phase, observed(truth, "single", unwrapped=True).phase))
            except ImportError as error:
                print(f"{scene:8} {name:18} not installed ({error.name})")
                continue
            print(f"{scene:8} {name:18} correct {np.mean(shares):.4f}  {seconds / 2:.1f} s CPU", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
