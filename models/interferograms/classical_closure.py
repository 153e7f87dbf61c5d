"""Interferograms judged by the loops of three that they belong to, as LiCSBAS does (Morishita et al. 2020, Remote Sensing 12, 424).

Step 11 takes out what covers too little ground or has next to no coherence. Step 12 looks at the loops of the others: a loop is bad
where the root mean square of its closure reaches 1.5 rad, and an interferogram is bad where all of its loops are bad. So its best
loop decides, and whoever stands in one good loop is good.
"""

from __future__ import annotations

from typing import List, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.classical import COVERAGE, coverages, mean_coherences, valid_area
from stillpoint.models.interferograms.loops import closure, level, triplets, wrap
from stillpoint.models.interferograms.observations import Network, Verdict
from stillpoint.models.progress import SILENT, Progress

LOOP = 1.5
"""Option ``-l`` of LiCSBAS12: radians."""

COHERENCE = 0.05
"""Option ``-c`` of LiCSBAS11."""

THRESHOLD = 0.5
"""Score of an interferogram whose best loop has the limit."""

LEAST_SHARE = 0.01
"""A loop is looked at where its three interferograms share this part of the valid area."""

_PIXELS = 1 << 16
_FLOOR = 0.05


def closure_rms(network: Network, loops: np.ndarray, *, progress: Progress = SILENT) -> np.ndarray:
    """Return float64 [loops]: the root mean square of the closure in radians, without its level; NaN where few pixels are shared.

    The level is left out because interferograms may be referenced to different places, and because multilooking biases it
    (option ``--multi_prime`` of LiCSBAS). Of large images some 65,000 pixels are looked at.
    """
    rows, cols = network.shape
    step = max(1, round((rows * cols / _PIXELS) ** 0.5))
    phase = network.phase[:, ::step, ::step]
    least = max(1.0, LEAST_SHARE * valid_area(network)[::step, ::step].sum())
    wrapped = not network.unwrapped
    found = np.full(len(loops), np.nan)
    for index, loop in enumerate(loops):
        if index % 16 == 0:
            progress(index / len(loops), f"Loop {index + 1} of {len(loops)}")
        left = closure(phase, loop, wrapped=wrapped)
        left = left[np.isfinite(left)]
        if left.size >= least:
            left = left - np.float32(level(left, wrapped=wrapped))
            left = wrap(left) if wrapped else left
            found[index] = np.sqrt(np.mean(np.square(left, dtype=np.float64)))
    return found


def verdict(network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge by the closure of loops.

    Returns
    -------
    Verdict
        The score is 1 / (1 + (r / 1.5)**2), where r is the root mean square of the best loop in radians: 0.5 at the limit. NaN for
        interferograms in no loop. Evidence: ``closure_rms`` (of the best loop), ``loops``, ``bad_loops``, ``coverage``,
        ``mean_coherence``.

    Raises
    ------
    StillpointError
        No three interferograms form a loop.
    """
    area = valid_area(network)
    covered, coherent = coverages(network, area), mean_coherences(network, area)
    outside = (covered < COVERAGE) | (coherent < COHERENCE)
    if not len(triplets(network.pairs)):
        raise StillpointError(
            "No three interferograms form a loop (1-2, 2-3, 1-3), so their closure says nothing. Take another method: coherence, "
            "coverage or residues; or add pairs that close loops."
        )
    loops = triplets(network.pairs, ~outside)
    rms = closure_rms(network, loops, progress=progress)
    best, loop_count, bad_count = _by_pair(network.count, loops, rms)
    score = 1 / (1 + (best / LOOP) ** 2)
    reasons = [""] * network.count
    for index in range(network.count):
        if outside[index]:
            score[index], reasons[index] = _outside(covered[index], coherent[index])
        elif not loop_count[index]:
            reasons[index] = "in no loop of three: not judged"
        elif best[index] >= LOOP:
            reasons[index] = f"all of its loops are open ({_loops(loop_count[index])}, {best[index]:.1f} rad at best)"
    variance = np.where(outside, (2 * np.pi) ** 2, np.where(best < LOOP, best**2 / 3, best**2))
    known = variance[np.isfinite(variance)]
    # What is in no loop may be anything: it counts like the mean of the others, the bad ones among them.
    variance = np.maximum(np.where(np.isfinite(variance), variance, known.mean() if known.size else 1.0), _FLOOR)
    evidence = {
        "closure_rms": best, "loops": loop_count.astype(np.float64), "bad_loops": bad_count.astype(np.float64),
        "coverage": covered, "mean_coherence": coherent,
    }  # fmt: skip
    if network.coherence is None:
        del evidence["mean_coherence"]
    return Verdict(score, THRESHOLD, reasons, evidence, variance=variance)


def _by_pair(count: int, loops: np.ndarray, rms: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each pair the rms of its best loop (NaN without one), how many loops it has, and how many are bad."""
    best = np.full(count, np.inf)
    number, bad = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for loop, value in zip(loops, rms):
        if np.isfinite(value):
            best[loop] = np.minimum(best[loop], value)
            number[loop] += 1
            bad[loop] += value >= LOOP
    return np.where(np.isfinite(best), best, np.nan), number, bad


def _outside(covered: float, coherent: float) -> Tuple[float, str]:
    """Return score and reason of what step 11 takes out."""
    words: List[str] = []
    score = THRESHOLD
    if covered < COVERAGE:
        words.append(f"covers {covered:.0%} of the area")
        score = min(score, THRESHOLD * covered / COVERAGE)
    if coherent < COHERENCE:
        words.append(f"mean coherence {coherent:.2f}")
        score = min(score, THRESHOLD * coherent / COHERENCE)
    return score, ", ".join(words)


def _loops(count: int) -> str:
    return f"{count} loop{'s' if count != 1 else ''}"
