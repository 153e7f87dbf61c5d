"""Simulated small-baseline stacks whose truth is known, really unwrapped, with the errors that real stacks have.

What makes an interferogram bad
-------------------------------
A small-baseline inversion takes each interferogram as the difference of the phases of two dates. Atmosphere, orbits and motion
belong to the dates; they close in every loop, and are no fault of the interferogram. What harms the result is the *error* of the
interferogram: its phase minus the true difference of its two dates (atmosphere included), of which a constant is free, since
the reference is. Its root mean square over the ground that can be measured at all is therefore the physical measure: the power
of the error goes into the inversion. It sees wrong cycles, ramps of a single pair, and decorrelation on one scale: 1.5 rad are a
region of 6 % that is off by one cycle, or a ramp of 0.8 fringes, or phase of which next to nothing is left. The interferogram is
bad above :data:`LIMIT` (:data:`WRAPPED_LIMIT` where it is wrapped), or where less than :data:`LEAST` is left of the ground that the
others cover.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple, Union

import numpy as np

from stillpoint.models.interferograms.observations import Network
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.simulation import network_faults, network_speckle, network_unwrapping
from stillpoint.models.simulation.network_ground import NetworkGround, date_phases, draw_ground, pair_coherence
from stillpoint.models.simulation.network_plan import COVERS, NetworkPlan, random_plan

LIMIT = 1.5
"""Radians: an interferogram whose error has a larger root mean square is bad."""

WRAPPED_LIMIT = 1.3
"""Radians: the same of wrapped phase, whose error cannot exceed half a cycle (pure noise has 1.81)."""

LEAST = 0.35
"""Share of the usual coverage below which an interferogram is bad whatever the rest is like."""

MEASURABLE = 0.25
"""True coherence, median of the pairs, from which ground counts."""

WRONG = np.pi
"""Radians from which a pixel is on the wrong cycle."""


@dataclass(frozen=True)
class SimulatedNetwork:
    """A simulated stack and its truth.

    Attributes
    ----------
    network
        What a user's stack would show.
    plan, ground
        What it was made from.
    true_phase
        float32 [dates, rows, cols], radians, against the first date: motion, atmosphere, orbits, height error.
    velocity
        float32 [rows, cols], true velocity in mm/yr, positive towards the satellite.
    measurable
        bool [rows, cols]: the ground over which errors are judged.
    error
        float16 [pairs, rows, cols], radians: phase minus truth, without its median over the measurable ground; NaN where missing.
    rms
        float64 [pairs], radians, of ``error`` over the measurable ground; NaN where nothing of it is covered.
    wrong
        float64 [pairs]: share of the covered measurable ground that is off by more than half a cycle.
    coverage
        float64 [pairs]: covered share of the measurable ground, against the median of the stack.
    bad
        bool [pairs], the physical label.
    kinds
        What is wrong, in words: "decorrelated", "unwrapping error", "ramp", "coregistration", "missing", "mixed", and
        "strong atmosphere" or "" where nothing is.
    strong
        bool [pairs]: a date of strong atmosphere is one of the two.
    """

    network: Network
    plan: NetworkPlan
    ground: NetworkGround
    true_phase: np.ndarray
    velocity: np.ndarray
    measurable: np.ndarray
    error: np.ndarray
    rms: np.ndarray
    wrong: np.ndarray
    coverage: np.ndarray
    bad: np.ndarray
    kinds: List[str]
    strong: np.ndarray

    def true_pairs(self) -> np.ndarray:
        """Return the true phase of the pairs, float32 [pairs, rows, cols], radians."""
        early, late = self.network.pairs.T
        return np.asarray(self.true_phase[late] - self.true_phase[early])


def simulate_network(
    seed: Union[int, np.random.Generator],
    plan: Optional[NetworkPlan] = None,
    *,
    faults: Optional[List[str]] = None,
    progress: Progress = SILENT,
) -> SimulatedNetwork:
    """Simulate a stack.

    Parameters
    ----------
    seed
        Seed, or source of randomness. The same seed gives the same stack.
    plan
        What to simulate; drawn where None (see :func:`stillpoint.models.simulation.network_plan.random_plan`).
    faults
        What goes wrong with each pair (a kind of :data:`stillpoint.models.simulation.network_faults.KINDS`, or "" for nothing);
        drawn where None.
    progress
        Told after each pair.

    Raises
    ------
    StillpointError
        The unwrapper is not installed.
    Cancelled
        Asked to stop.
    """
    rng = seed if isinstance(seed, np.random.Generator) else np.random.default_rng([seed, 4])
    plan = plan or random_plan(rng)
    ground = draw_ground(rng, plan)
    truth = date_phases(rng, plan, ground)
    count = len(plan.pairs)
    water = ground.cover == COVERS.index("water")
    going_wrong = rng.random(count) < plan.bad
    samples = network_speckle.pairs_from_images(rng, plan, ground) if plan.images else None
    phase = np.empty((count, *plan.shape), np.float32)
    coherence = np.empty_like(phase)
    clear = np.empty_like(phase)
    asked: List[str] = []
    for pair in range(count):
        fault = network_faults.no_fault(plan.shape)
        if faults is not None and faults[pair]:
            fault = network_faults.make_fault(rng, plan, faults[pair], water)
        elif faults is None and going_wrong[pair]:
            fault = network_faults.draw_fault(rng, plan, water)
        asked.append(fault.kind)
        early, late = plan.pairs[pair]
        screen = truth[late] - truth[early] + fault.screen
        clear[pair] = pair_coherence(plan, ground, pair) * _steepness(screen)
        if samples is None:
            sample = network_speckle.multilooked(rng, clear[pair] * (1 - fault.loss), plan.looks)
        else:
            loss = 1 - (1 - fault.loss) * _steepness(screen)
            sample = network_speckle.decorrelate(rng, samples[pair], loss, plan.looks)
        phase[pair], coherence[pair] = _processed(plan, sample * np.exp(1j * screen), fault)
        clear[pair] *= 1 - fault.loss
        progress((pair + 1) / count, f"Interferogram {pair + 1} of {count}")
    measurable = _measurable(clear, water)
    if plan.reference and plan.unwrapper != "none":
        phase -= _at_reference(rng, phase, coherence, measurable)
    network = Network(
        phase=phase, dates=plan.dates, pairs=plan.pairs, unwrapped=plan.unwrapper != "none", coherence=coherence,
        baselines=plan.pair_baselines, spacing=plan.spacing, wavelength=plan.sensor.wavelength,
    )  # fmt: skip
    strong = plan.strong[plan.pairs].any(axis=1)
    error, rms, wrong, coverage = judge(network, truth, measurable)
    bad = ~(rms <= (LIMIT if network.unwrapped else WRAPPED_LIMIT)) | (coverage < LEAST)
    still = np.array([float(each[measurable].mean()) for each in clear])
    kinds = [_kind(asked[k], bool(bad[k]), bool(strong[k]), float(still[k]), float(coverage[k]), error[k]) for k in range(count)]
    return SimulatedNetwork(
        network, plan, ground, truth, ground.velocity, measurable, error.astype(np.float16), rms, wrong, coverage, bad, kinds,
        strong,
    )  # fmt: skip


def judge(
    network: Network, truth: np.ndarray, measurable: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the error of every pixel, and of every pair its root mean square, share of wrong cycles, and coverage.

    Parameters
    ----------
    network
        The stack.
    truth
        float32 [dates, rows, cols], radians.
    measurable
        bool [rows, cols].
    """
    error = np.empty_like(network.phase)
    rms, wrong, covered = (np.zeros(network.count) for _ in range(3))
    for pair, (early, late) in enumerate(network.pairs):
        here = network.phase[pair] - (truth[late] - truth[early])
        seen = measurable & np.isfinite(here)
        covered[pair] = seen.mean() / max(measurable.mean(), 1e-9)
        if not seen.any():
            error[pair], rms[pair], wrong[pair] = np.nan, np.nan, 1.0
            continue
        if network.unwrapped:
            here = here - np.median(here[seen])
        else:
            turned = np.exp(1j * here)
            here = np.angle(turned * np.exp(-1j * np.angle(turned[seen].mean())))
        error[pair] = here
        rms[pair] = float(np.sqrt(np.mean(np.square(here[seen], dtype=np.float64))))
        wrong[pair] = float(np.mean(np.abs(here[seen]) > WRONG))
    return error, rms, wrong, covered / max(float(np.median(covered)), 1e-9)


def _processed(plan: NetworkPlan, sample: np.ndarray, fault: network_faults.Fault) -> Tuple[np.ndarray, np.ndarray]:
    """Return phase and coherence of a pair as a processor would deliver them."""
    coherence = np.clip(np.abs(sample), 0, 1).astype(np.float32)
    sample = network_unwrapping.filtered(sample.astype(np.complex64), plan.filter)
    valid = ~fault.missing & (coherence >= plan.mask)
    if plan.unwrapper == "none":
        phase = np.where(valid, np.angle(sample), np.nan)
    else:
        phase = network_unwrapping.unwrap(sample, looks=plan.looks, method=plan.unwrapper, valid=valid) + fault.jumps
    return phase.astype(np.float32), np.where(fault.missing, np.nan, coherence).astype(np.float32)


def _steepness(screen: np.ndarray) -> np.ndarray:
    """Return what is left of the coherence where the phase turns within a pixel, float32 [rows, cols]."""
    down, right = np.gradient(screen)
    return (np.sinc(np.clip(down / (2 * np.pi), -1, 1)) * np.sinc(np.clip(right / (2 * np.pi), -1, 1))).astype(np.float32)


def _measurable(coherence: np.ndarray, water: np.ndarray) -> np.ndarray:
    """Return the ground that can be measured: coherent enough in most pairs, or else the better half of the land."""
    usual = np.median(coherence, axis=0)
    ground = (usual >= MEASURABLE) & ~water
    if ground.mean() < 0.15:
        land = usual[~water] if (~water).any() else usual
        ground = (usual >= np.quantile(land, 0.5)) & (~water if (~water).any() else True)
    return np.asarray(ground)


def _at_reference(rng: np.random.Generator, phase: np.ndarray, coherence: np.ndarray, measurable: np.ndarray) -> np.ndarray:
    """Return the phase at a small coherent place that nearly all pairs cover, float32 [pairs, 1, 1]; 0 where a pair lacks it."""
    seen = np.isfinite(phase).mean(axis=0)
    quality = np.where(measurable & (seen >= 0.9 * seen.max()), np.nan_to_num(coherence).mean(axis=0), 0.0)
    row, col = np.unravel_index(int(rng.choice(np.argsort(quality, axis=None)[-50:])), quality.shape)
    window = phase[:, max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2].reshape(len(phase), -1)
    level = np.array([np.median(each[np.isfinite(each)]) if np.isfinite(each).any() else 0.0 for each in window], np.float32)
    return level[:, None, None]


def _kind(asked: str, bad: bool, strong: bool, coherence: float, coverage: float, error: np.ndarray) -> str:
    """Return in words what is wrong with a pair."""
    if not bad:
        return "strong atmosphere" if strong else ""
    if coverage < LEAST and asked != "decorrelated":
        return "missing"
    if asked == "jump":
        return "unwrapping error"
    if asked in ("decorrelated", "coregistration", "ramp", "mixed"):
        return asked
    if coherence < MEASURABLE:
        return "decorrelated"
    cycles = 2 * np.pi * np.round(error / (2 * np.pi))
    return "unwrapping error" if np.nanmean(cycles**2) > 0.5 * np.nanmean(np.square(error - cycles)) else "decorrelated"
