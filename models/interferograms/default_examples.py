"""Simulated stacks as the default method meets them in training: kept on disk, since their unwrapping takes minutes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import List, Optional

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from stillpoint.models.interferograms.loops import wrap
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.simulation.network_plan import bare_plan, noisy_plan, random_plan
from stillpoint.models.simulation.network_simulation import LEAST, WRAPPED_LIMIT, SimulatedNetwork, simulate_network

WITHOUT_COHERENCE, WITHOUT_BASELINES = 0.15, 0.25
"""Shares of the stacks that come without."""


@dataclass(frozen=True)
class Example:
    """A simulated stack and what is known of it.

    Attributes
    ----------
    network
        As a user's stack would show it.
    error
        float16 [pairs, rows, cols], radians; NaN where missing.
    measurable
        bool [rows, cols].
    rms, coverage
        float64 [pairs]; see :class:`stillpoint.models.simulation.network_simulation.SimulatedNetwork`.
    bad, strong
        bool [pairs].
    kinds
        What is wrong with each pair, in words.
    velocity
        float32 [rows, cols], mm/yr.
    family
        Unwrapper and sensor, for figures by family.
    """

    network: Network
    error: np.ndarray
    measurable: np.ndarray
    rms: np.ndarray
    coverage: np.ndarray
    bad: np.ndarray
    strong: np.ndarray
    kinds: List[str]
    velocity: np.ndarray
    family: str


BARE = 10_000
"""Index from which on the stacks of a seed have few or no loops."""

NOISY = 30_000
"""Index from which on the stacks of a seed are wrapped, and any share of their pairs may be noise."""


def example(seed: int, index: int, folder: Path) -> Example:
    """Return stack ``index`` of a seed, simulated once and then read from ``folder``."""
    path = folder / f"{seed}-{index}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
        try:
            rng = np.random.default_rng([seed, index, 4])
            _keep(_simulated(rng, index), partial)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    return _opened(path, np.random.default_rng([seed, index, 5]))


def _simulated(rng: np.random.Generator, index: int) -> SimulatedNetwork:
    """Return the simulated stack of an index."""
    if index < NOISY:
        plan = bare_plan(rng) if index >= BARE else random_plan(rng)
        return simulate_network(rng, replace(plan, sign=1))
    plan, faults = noisy_plan(rng)
    made = simulate_network(rng, replace(plan, sign=1), faults=faults)
    # Processors estimate coherence in ways of their own: from scaled amplitudes it saturates, from few looks it has a floor.
    scale, floor = float(np.exp(rng.normal(0.0, 0.25))), float(rng.choice([0.0, 0.1, 0.3]))
    still = np.asarray(made.network.coherence)
    network = replace(made.network, coherence=np.minimum(np.hypot(scale * still, floor), 1.0).astype(np.float32))
    return replace(made, network=network)


def wrapped(drawn: Example, rng: np.random.Generator, *, loops: bool = True) -> Example:
    """Return a stack as it would have been without unwrapping: whole cycles cannot be wrong in it, all else can.

    Parameters
    ----------
    drawn
        The stack.
    rng
        Source of randomness.
    loops
        Whether all pairs stay; else only a tree of them does, so that no loop is left.
    """
    network = drawn.network
    keep = np.arange(network.count)
    if not loops:
        order = rng.permutation(network.count)
        ends = network.pairs[order]
        graph = sparse.coo_matrix((np.arange(1, len(order) + 1), ends.T), shape=(len(network.dates),) * 2)
        tree = csgraph.minimum_spanning_tree(graph.tocsr()).tocoo()
        keep = np.sort(order[tree.data.astype(int) - 1])
    error = np.exp(1j * drawn.error[keep].astype(np.float32))
    rms = np.full(len(keep), np.nan)
    for index, each in enumerate(error):
        inside = each[drawn.measurable & np.isfinite(each)]
        if inside.size:
            error[index] *= np.exp(-1j * np.angle(inside.mean()))
            rms[index] = np.sqrt(np.mean(np.angle(inside * np.exp(-1j * np.angle(inside.mean()))) ** 2))
    phase = network.phase[keep]
    changed = replace(
        network, phase=wrap(phase), pairs=network.pairs[keep], unwrapped=False,
        coherence=None if network.coherence is None else network.coherence[keep],
        baselines=None if network.baselines is None else network.baselines[keep],
    )  # fmt: skip
    return replace(
        drawn, network=changed, error=np.angle(error).astype(np.float16), rms=rms, coverage=drawn.coverage[keep],
        bad=~(rms <= WRAPPED_LIMIT) | (drawn.coverage[keep] < LEAST), strong=drawn.strong[keep],
        kinds=[drawn.kinds[k] for k in keep], family=f"wrapped {drawn.family}",
    )  # fmt: skip


def _keep(simulated: SimulatedNetwork, path: Path) -> None:
    network, plan = simulated.network, simulated.plan
    still = np.asarray(network.coherence)
    coherence = np.where(np.isfinite(still), np.round(254 * np.nan_to_num(still)), 255)
    notes = {
        "unwrapped": network.unwrapped, "spacing": network.spacing, "wavelength": network.wavelength, "kinds": simulated.kinds,
        "family": f"{plan.unwrapper} {plan.sensor.name}",
    }
    np.savez(
        path, phase=network.phase, coherence=coherence.astype(np.uint8), dates=network.dates, pairs=network.pairs,
        baselines=plan.pair_baselines, error=simulated.error, measurable=simulated.measurable, rms=simulated.rms,
        coverage=simulated.coverage, bad=simulated.bad, strong=simulated.strong, velocity=simulated.velocity,
        notes=np.array(json.dumps(notes)),
    )  # fmt: skip


def _opened(path: Path, rng: np.random.Generator) -> Example:
    with np.load(path, allow_pickle=False) as kept:
        notes = json.loads(str(kept["notes"]))
        codes = kept["coherence"]
        coherence: Optional[np.ndarray] = np.where(codes == 255, np.float32(np.nan), codes.astype(np.float32) / np.float32(254))
        network = Network(
            phase=kept["phase"], dates=kept["dates"], pairs=kept["pairs"], unwrapped=bool(notes["unwrapped"]), coherence=coherence,
            baselines=kept["baselines"], spacing=tuple(notes["spacing"]), wavelength=float(notes["wavelength"]),
        )  # fmt: skip
        if rng.random() < WITHOUT_COHERENCE:
            network = replace(network, coherence=None)
        if rng.random() < WITHOUT_BASELINES:
            network = replace(network, baselines=None)
        return Example(
            network=network, error=kept["error"], measurable=kept["measurable"], rms=kept["rms"], coverage=kept["coverage"],
            bad=kept["bad"], strong=kept["strong"], kinds=list(notes["kinds"]), velocity=kept["velocity"],
            family=str(notes["family"]),
        )  # fmt: skip
