"""Classical ways to judge interferograms one by one: coherence, area ratio, coverage, residues, baselines.

Each is a function ``(network, *, progress) -> Verdict``. The closure of loops, which looks at several interferograms at a time, has
a module of its own (:mod:`~stillpoint.models.interferograms.classical_closure`).

Sources: mean coherence and area ratio as MintPy's ``modify_network`` has them (Yunjun et al. 2019, Computers & Geosciences 133,
104331; Kang et al. 2021, Remote Sensing of Environment), coverage as LiCSBAS's step 11 (Morishita et al. 2020, Remote Sensing 12,
424), residues after Goldstein et al. (1988, Radio Science 23, 713-720), baselines as StaMPS's ``sb_find`` (Hooper et al. 2012,
Tectonophysics 514, 1-13).
"""

from __future__ import annotations

from typing import Callable, Dict, List, Optional

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.loops import wrap
from stillpoint.models.interferograms.observations import Network, Verdict
from stillpoint.models.progress import SILENT, Progress

MEAN_COHERENCE = 0.7
"""``mintpy.network.minCoherence``."""

AREA_RATIO = 0.75
"""``mintpy.network.minAreaRatio``."""

COVERAGE = 0.3
"""Option ``-u`` of LiCSBAS11."""

RESIDUES = 0.7
"""One minus three times the density of residues: a pixel in ten is the most. No program sets a limit of its own."""

RANDOM_RESIDUES = 1 / 3
"""Share of 2 x 2 pixels that are residues where the phase is random and uniform."""

BASELINE_COHERENCE, LONGEST_DAYS, LONGEST_METRES = 0.5, 1500.0, 1070.0
"""Defaults of ``sb_find``: least expected coherence, and the days and metres of total decorrelation."""

LEAST_COHERENCE = 0.1
"""Coherence below which its own estimate says no more."""


def valid_area(network: Network) -> np.ndarray:
    """Return bool [rows, cols]: the ground that the network sees.

    As LiCSBAS, the pixels with at least as many valid interferograms as there are dates, or with half of the interferograms where
    these are fewer; the pixels with the most where no pixel has as many.
    """
    count = np.zeros(network.shape, np.int32)
    for image in network.phase:
        count += np.isfinite(image)
    least = min(len(network.dates), -(-network.count // 2))
    return np.asarray(count >= max(min(least, int(count.max(initial=0))), 1))


def coverages(network: Network, area: Optional[np.ndarray] = None) -> np.ndarray:
    """Return float64 [pairs]: the share of the valid area where each interferogram has a phase."""
    area = valid_area(network) if area is None else area
    return np.array([np.isfinite(image[area]).mean() if area.any() else 0.0 for image in network.phase], np.float64)


def mean_coherences(network: Network, area: Optional[np.ndarray] = None) -> np.ndarray:
    """Return float64 [pairs]: the mean coherence over the valid area; NaN where it is missing everywhere."""
    area = valid_area(network) if area is None else area
    if network.coherence is None:
        return np.full(network.count, np.nan)
    return np.array([_mean(image[area]) for image in network.coherence], np.float64)


def phase_variance(coherence: np.ndarray) -> float:
    """Return the variance in rad**2 that a pixel of these coherences has on average, (1 - c**2) / (2 c**2) (Cramér-Rao, one look).

    Low coherence is not capped by the variance of a random wrapped phase: unwrapping turns it into errors of many radians.
    """
    values = coherence[np.isfinite(coherence)].astype(np.float64)
    squared = np.clip(values, LEAST_COHERENCE, 1.0) ** 2
    return float(((1 - squared) / (2 * squared)).mean()) if values.size else float("nan")


def coherence(network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge by the mean coherence over the valid area (``mintpy.network.coherenceBased``)."""
    area, images = valid_area(network), _coherence(network, "coherence")
    means = np.full(network.count, np.nan)
    variance = np.full(network.count, np.nan)
    for index, image in enumerate(images):
        progress(index / network.count, "Mean coherence")
        means[index], variance[index] = _mean(image[area]), phase_variance(image[area])
    reasons = [_below(value, MEAN_COHERENCE, f"mean coherence {value:.2f}", "no coherence") for value in means]
    return Verdict(np.clip(means, 0, 1), MEAN_COHERENCE, reasons, {"mean_coherence": means}, variance=variance)


def area_ratio(network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge by the share of the valid area whose coherence is above the mean of the whole stack (``areaRatioBased``)."""
    area, images = valid_area(network), _coherence(network, "area_ratio")
    means = mean_coherences(network, area)
    limit = _mean(means)
    ratios = np.full(network.count, np.nan)
    variance = np.full(network.count, np.nan)
    for index, image in enumerate(images):
        progress(index / network.count, "Area ratio")
        values = image[area]
        values = values[np.isfinite(values)]
        ratios[index] = (values >= limit).mean() if values.size else np.nan
        variance[index] = phase_variance(values)
    reasons = [
        _below(value, AREA_RATIO, f"{value:.0%} of the area above coherence {limit:.2f}" if value == value else "", "no coherence")
        for value in ratios
    ]
    evidence = {"area_ratio": ratios, "mean_coherence": means}
    return Verdict(ratios, AREA_RATIO, reasons, evidence, variance=variance)


def coverage(network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge by the share of the valid area that has a phase (LiCSBAS11)."""
    progress(0.0, "Coverage")
    shares = coverages(network)
    reasons = [_below(share, COVERAGE, f"covers {share:.0%} of the area", "no data") for share in shares]
    with np.errstate(divide="ignore"):
        variance = np.where(shares > 0, 1.0 / np.maximum(shares, 1e-3), np.nan)
    return Verdict(shares, COVERAGE, reasons, {"coverage": shares}, variance=variance)


def residue_density(phase: np.ndarray) -> float:
    """Return the share of complete 2 x 2 pixels round which the wrapped phase does not add up to zero; NaN where there is none.

    Parameters
    ----------
    phase
        [rows, cols], radians; wrapped or unwrapped, which makes no difference. NaN where missing.
    """
    down, across = wrap(np.diff(phase, axis=0)), wrap(np.diff(phase, axis=1))
    turn = across[:-1] + down[:, 1:] - across[1:] - down[:, :-1]
    turn = turn[np.isfinite(turn)]
    return float((np.abs(turn) > np.pi).mean()) if turn.size else float("nan")


def residues(network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge by the density of phase residues, as a share of that of random phase."""
    density = np.full(network.count, np.nan)
    for index, image in enumerate(network.phase):
        progress(index / network.count, "Residues")
        density[index] = residue_density(image)
    score = np.clip(1 - density / RANDOM_RESIDUES, 0, 1)
    reasons = [
        _below(value, RESIDUES, f"residues at {share:.0%} of the pixels" if share == share else "", "no data")
        for value, share in zip(score, density)
    ]
    # Each pair of residues is a cut along which the unwrapping may be wrong by a turn.
    variance = 0.1 + (2 * np.pi) ** 2 * density
    return Verdict(score, RESIDUES, reasons, {"residue_density": density}, variance=variance)


def baselines(network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge by the coherence that the baselines let expect, (1 - days / 1500) (1 - metres / 1070); by days alone without metres."""
    progress(0.0, "Baselines")
    metres = np.full(network.count, np.nan) if network.baselines is None else np.abs(network.baselines)
    in_time = np.clip(1 - network.days / LONGEST_DAYS, 0, 1)
    in_space = np.clip(1 - np.nan_to_num(metres) / LONGEST_METRES, 0, 1)
    score = in_time * in_space
    reasons = [
        _below(value, BASELINE_COHERENCE, f"{days:.0f} days" + (f", {length:.0f} m" if length == length else ""), "")
        for value, days, length in zip(score, network.days, metres)
    ]
    expected = np.maximum(score, LEAST_COHERENCE) ** 2
    variance = 0.05 + (1 - expected) / (2 * expected)
    return Verdict(score, BASELINE_COHERENCE, reasons, {"baseline_coherence": score}, variance=variance)


METHODS: Dict[str, Callable[..., Verdict]] = {
    "coherence": coherence,
    "area_ratio": area_ratio,
    "coverage": coverage,
    "residues": residues,
    "baselines": baselines,
}


def _coherence(network: Network, method: str) -> List[np.ndarray]:
    if network.coherence is None:
        raise StillpointError(
            f"The method {method} needs the coherence of the interferograms, and none is known. Give the stack of it (coherence), "
            "or take another method: loop_closure, coverage, residues or baselines."
        )
    return list(network.coherence)


def _mean(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean(dtype=np.float64)) if values.size else float("nan")


def _below(value: float, threshold: float, reason: str, unknown: str) -> str:
    """Return why a value is below its threshold, or nothing."""
    if value != value:
        return unknown
    return reason if value < threshold else ""
