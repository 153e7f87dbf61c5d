"""The small-baseline stack of the demo: an unwrapping error, a decorrelated interferogram, and a date with a strong atmosphere."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Tuple

import numpy as np

from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.simulation.network_plan import NetworkPlan, random_plan
from stillpoint.models.simulation.network_simulation import SimulatedNetwork, simulate_network

DATES = 20
"""Dates of the demo where none are asked for."""

STRONG, CALM = 2.6, 0.35
"""Standard deviation of the turbulent delay of the stormy date and of all others, radians."""

TURNS = 8
"""How often the stack is drawn at most."""

NEIGHBOURS = 3
"""How many of the next dates each date is paired with."""


def demo_plan(rng: np.random.Generator, *, size: int, dates: int = DATES) -> Tuple[NetworkPlan, List[str]]:
    """Return the plan, and what goes wrong with each pair: a jump, a decorrelation, and nothing else.

    Parameters
    ----------
    rng
        Source of randomness.
    size
        Rows and columns.
    dates
        Number of dates, 5 or more.
    """
    drawn = random_plan(rng, size=size, dates=dates, sensor="Sentinel-1", landscape="dry", unwrapper="tree", bad=0.0)
    index = np.arange(dates)
    ends = [np.stack([index[:-step], index[step:]], axis=1) for step in range(1, NEIGHBOURS + 1)]
    joined = np.concatenate(ends).astype(np.int64)
    joined = joined[np.lexsort((joined[:, 1], joined[:, 0]))]
    storm = dates // 2
    strong = index == storm
    plan = replace(
        drawn, pairs=joined, dates=np.datetime64("2021-03-02") + 12 * index, looks=24.0, river=False, relief=60.0,
        atmosphere=np.where(strong, STRONG, CALM), strong=strong, slope=3.2, stratified=np.zeros(dates),
        ramps=0.05 * rng.standard_normal((dates, 2)), height_error=2.0, deformation=70.0, seasonal=0.0, winter=0.0, coherence=1.05,
        stable=1.6, images=False, filter=0.0, mask=0.0, reference=True,
    )  # fmt: skip
    faults = [""] * len(joined)
    spared = [pair for pair, (early, late) in enumerate(joined) if storm not in (early, late)]
    faults[spared[len(spared) // 4]] = "jump"
    faults[spared[(3 * len(spared)) // 4]] = "decorrelated"
    return plan, faults


def demo_network(seed: int, *, size: int, dates: int = DATES, progress: Progress = SILENT) -> SimulatedNetwork:
    """Simulate the stack of the demo; the same seed gives the same.

    What goes wrong is drawn, and may be too little to be bad: then it is drawn again.

    Raises
    ------
    Cancelled
        Asked to stop.
    """
    for turn in range(TURNS):
        rng = np.random.default_rng([seed, 5, turn])
        plan, faults = demo_plan(rng, size=size, dates=dates)
        made = simulate_network(rng, plan, faults=faults, progress=progress.part(turn / TURNS, (turn + 1) / TURNS))
        if made.bad.tolist() == [bool(fault) for fault in faults]:
            break
    return made
