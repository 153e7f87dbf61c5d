"""Offsets between two images in memory: prepare, search whole lags, refine, check, judge."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets import linear, smoothing
from stillpoint.models.offsets.lattice import STEP, block_sums, box_sums
from stillpoint.models.offsets.prepare import Preparation, prepared
from stillpoint.models.offsets.search import SHARE, agreed, best_lags, correlations, evidence
from stillpoint.models.offsets.warping import warped
from stillpoint.models.progress import SILENT, Progress

REACH = 3
"""Lags to each side of the search around the coarse field."""

WINDOWS = (3, 5, 9, 17)
"""Blocks a side of the windows of the multi-kernel correlation: 24, 40, 72 and 136 px."""

START = 1.5
"""Nodes: standard deviation of the Gaussian that the first estimate of the rest is averaged with."""

BETTER = 3.5
"""Standard deviations by which the correlation along the lags must exceed that along the smooth field to be believed."""

SEEN = 4.5
"""Standard deviations of chance by which the correlation exceeds 0 where an offset is trusted."""

LARGEST_ERROR = 0.5
"""Pixels: offsets with a larger standard error are not trusted."""

OUTLIER = 2.5
"""Limit of the normalised median test."""

FEWEST = 0.6
"""Share of valid pixels that a window needs."""

CALIBRATION = (2.2, 0.004)
"""Factor on the standard error and what is added to it in pixels, set on simulated pairs."""


@dataclass
class Tracked:
    """What is known at the nodes of a pair; tensors on the device of the computation.

    Attributes
    ----------
    offsets
        [2, rows, cols] pixels, rows first: the feature at p of the reference lies at p + offset in the secondary.
    sigma
        [2, rows, cols]: standard errors, pixels.
    peak
        [rows, cols]: correlation of windows of 72 px along the offsets, 0 to 1.
    trusted
        bool [rows, cols].
    present
        bool [rows, cols]: enough of the window is there in both images.
    kernels
        Residual of each window of ``WINDOWS`` against ``offsets`` and how it was found: ``step`` [windows, 2, rows, cols] px,
        ``correlation`` [windows, rows, cols].
    maps
        Further maps for the fusing network, by name.
    """

    offsets: Tensor
    sigma: Tensor
    peak: Tensor
    trusted: Tensor
    present: Tensor
    kernels: Dict[str, Tensor] = field(default_factory=dict)
    maps: Dict[str, Tensor] = field(default_factory=dict)


def track(
    reference: np.ndarray, secondary: np.ndarray, preparation: Preparation, *, search: int = 16,
    prior: Optional[np.ndarray] = None, device: Optional[torch.device] = None, progress: Progress = SILENT, kernels: bool = False,
) -> Tracked:
    """Measure the offsets at the centres of blocks of 8 px.

    Parameters
    ----------
    reference, secondary
        float32 [rows, cols] amplitude on one grid, both multiples of 8; NaN where missing.
    preparation
        From :func:`stillpoint.models.offsets.prepare.learn`.
    search
        Pixels to each side of the prior.
    prior
        Offsets expected at the nodes [2, rows / 8, cols / 8], pixels; none where None.
    device
        Device of the computation; the CPU where None.
    progress
        Checked for a cancel between the stages.
    kernels
        Whether to measure with each window of the multi-kernel correlation too.
    """
    place = device or torch.device("cpu")
    with torch.inference_mode():
        first, here = prepared(reference, preparation.brightest[0], preparation.taps, place)
        second, there = prepared(secondary, preparation.brightest[1], preparation.taps, place)
        progress.check()
        expected = first.new_zeros((2, first.shape[0] // STEP, first.shape[1] // STEP))
        if prior is not None:
            expected = torch.from_numpy(np.ascontiguousarray(np.nan_to_num(prior), dtype=np.float32)).to(place)
        found, inside = _searched(first, second, there, expected, search)
        progress.check()
        sampled, both = _sampled(second, here, there, found)
        lags, chance = _whole_lags(first, sampled, both, found)
        return _refined(first, second, (here, there), lags, (inside, chance), expected, search, progress, kernels)


def _sampled(second: Tensor, here: Optional[Tensor], there: Optional[Tensor], field: Tensor) -> Tuple[Tensor, Optional[Tensor]]:
    """Return the secondary image along the field, and where both images are valid."""
    image, valid = warped(second, there, field)
    if here is None or valid is None:
        return image, here if valid is None else valid
    return image, valid * here


def levels(search: int) -> Tuple[Tuple[int, int], ...]:
    """Return (pixels averaged, lags to each side) of the searches one after the other, the widest first.

    What an image averaged over many pixels has lost of its speckle it makes up for by fewer lags: so the memory that the lags
    take does not grow with the search range.
    """
    if search <= 24:
        return ((2, math.ceil(search / 2) + 1),)
    if search <= 64:
        return (4, math.ceil(search / 4) + 1), (2, 3)
    return (8, math.ceil(search / 8) + 1), (2, 5)


def _searched(
    first: Tensor, second: Tensor, there: Optional[Tensor], expected: Tensor, search: int
) -> Tuple[Tensor, Tensor]:
    """Return the field at the nodes found over the whole search range round what is expected, and where it lies inside."""
    rows, cols = first.shape
    shape = rows // STEP, cols // STEP
    field, inside = expected, torch.ones(shape, dtype=torch.bool, device=first.device)
    for number, (looks, reach) in enumerate(levels(search)):
        moved = second if not bool(field.any()) else warped(second, there, field)[0]
        step = looks * STEP
        fill = (0, -cols % step, 0, -rows % step)
        small = [functional.avg_pool2d(functional.pad(image, fill)[None, None], looks)[0, 0] for image in (first, moved)]
        volume = correlations(small[0], small[1], reach, (3,))[0]
        lags, within = best_lags(agreed(SHARE * evidence(volume)))
        found = smoothing.edge_preserving(
            looks * smoothing.median(lags), 0.125 * looks**2, allowed=0.05 * looks, broken=0.5 * looks
        )
        fine = functional.interpolate(found[None], scale_factor=looks, mode="bilinear", align_corners=False)[0]
        field = field + fine[:, : shape[0], : shape[1]]
        if number == 0:
            inside = functional.interpolate(within[None, None].float(), scale_factor=looks)[0, 0, : shape[0], : shape[1]] > 0.5
    return field, inside


def _whole_lags(first: Tensor, sampled: Tensor, both: Optional[Tensor], field: Tensor) -> Tuple[Tensor, float]:
    """Return the field corrected by whole lags, with steps, and the scatter by chance of the correlation of 3 blocks."""
    volume = correlations(first if both is None else first * both, sampled, REACH, (3,))[0]
    lags, _ = best_lags(agreed(0.45 * SHARE * evidence(volume)))
    spread = volume.flatten(0, 1).std(dim=0)
    spread = spread[spread > 0]
    chance = float(spread.median()) if spread.numel() else 0.1
    found = smoothing.median(field + lags)
    return smoothing.edge_preserving(found, 0.1, allowed=0.03, broken=0.5), chance


def _refined(
    first: Tensor, second: Tensor, valid: Tuple[Optional[Tensor], Optional[Tensor]], lags: Tensor, searched: Tuple[Tensor, float],
    expected: Tensor, search: int, progress: Progress, kernels: bool,
) -> Tracked:
    """Return the offsets to the fraction of a pixel, with errors and trust."""
    inside, chance = searched
    sampled, both = _sampled(second, *valid, lags)
    beside = _correlation(first, sampled, both, 5)
    said = linear.evidence(first, sampled, both)
    weight, pull = said.weight, said.pull + said.weight * lags
    near = smoothing.gaussian(weight, START)
    field = torch.where(near > 1e-3, smoothing.gaussian(pull, START) / near.clamp_min(1e-6), lags)
    for _ in range(2):
        field = linear.solved(weight, pull, linear.stiffness(field), field, 60)
    progress.check()
    sampled, both = _sampled(second, *valid, field)
    said = linear.evidence(first, sampled, both)
    weight, pull = said.weight, said.pull + said.weight * field
    for _ in range(2):
        field = linear.solved(weight, pull, linear.stiffness(field), field, 60)
    progress.check()
    # A smooth field is no field at a fault: where whole lags correlate clearly better, they are right.
    sampled, both = _sampled(second, *valid, field)
    gain = beside - _correlation(first, sampled, both, 5)
    better = (gain > BETTER * chance * 3 / 5) & ((lags - field).norm(dim=0) > 0.5)
    smooth = field
    cut = torch.zeros_like(better)
    if bool(better.any()):
        field = smoothing.median(torch.where(better, lags, field))
        steps = smoothing.jumps(field, 0.7)
        cut = steps & ~smoothing.jumps(smooth, 0.7)
        sampled, both = _sampled(second, *valid, field)
    said = linear.evidence(first, sampled, both)
    stiff = linear.stiffness(smooth)
    stiff = torch.where(cut, (1e-3 * stiff).clamp_max(0.02), stiff)
    field = linear.solved(said.weight, said.pull + said.weight * field, stiff, field, 60)
    progress.check()
    return _judged(first, second, valid, field, (inside, chance), (expected, search), stiff, kernels)


def _correlation(first: Tensor, sampled: Tensor, both: Optional[Tensor], window: int) -> Tensor:
    """Return the correlation [rows, cols] of windows at lag 0."""
    first = first if both is None else first * both
    energy = box_sums(block_sums(first, first), window) * box_sums(block_sums(sampled, sampled), window)
    energy = energy.clamp_min(0).sqrt()
    return box_sums(block_sums(first, sampled), window) / torch.maximum(energy, 0.1 * energy.max()).clamp_min(1e-12)


def _judged(
    first: Tensor, second: Tensor, valid: Tuple[Optional[Tensor], Optional[Tensor]], field: Tensor, searched: Tuple[Tensor, float],
    limits: Tuple[Tensor, int], stiff: Tensor, kernels: bool,
) -> Tracked:
    """Return the offsets with their standard errors, the correlation along them, and where they are trusted."""
    sampled, both = _sampled(second, *valid, field)
    said = linear.evidence(first, sampled, both)
    pooled = smoothing.gaussian(said.weight, 1.5) / smoothing.gaussian(torch.ones_like(said.weight), 1.5)
    held = smoothing.gaussian(stiff.log(), 1.0).exp() if stiff.shape[0] > 6 else stiff
    sigma = CALIBRATION[0] * linear.expected_variance(pooled, held).sqrt() + CALIBRATION[1]
    peak = _correlation(first, sampled, both, 9)
    count = box_sums(torch.ones_like(said.share), 9)
    share = box_sums(said.share, 9) / count
    present = (share >= FEWEST) & (box_sums(said.share, 3) > 0)
    inside, chance = searched
    expected, search = limits
    seen = torch.maximum(said.correlation / (chance * 3 / linear.LOCAL), peak / (chance * 3 / 9)) > SEEN
    known = said.correlation > 2 * chance * 3 / linear.LOCAL
    reached = inside & ((field - expected).abs().amax(dim=0) <= search + 0.5)
    trusted = present & seen & known & reached & (sigma.amax(dim=0) < LARGEST_ERROR)
    trusted &= smoothing.misfit(field, trusted) <= OUTLIER
    result = Tracked(field, sigma, peak.clamp(0, 1), trusted, present)
    if kernels:
        result.kernels = multi_kernel(first, sampled, both)
        result.maps = {"share": share, "chance": torch.full_like(peak, chance), "stiff": held}
    return result


def multi_kernel(first: Tensor, sampled: Tensor, both: Optional[Tensor]) -> Dict[str, Tensor]:
    """Return what each window of ``WINDOWS`` measures of the rest, by a parabola through the normalised correlation at three lags.

    Returns
    -------
    dict
        ``step`` [windows, 2, rows, cols] pixels, ``correlation`` [windows, rows, cols] at lag 0, ``bend`` [windows, 2, rows, cols]:
        second difference of the correlation.
    """
    volume = correlations(first if both is None else first * both, sampled, 1, WINDOWS)
    middle = volume[:, 1, 1]
    ahead, behind = torch.stack([volume[:, 2, 1], volume[:, 1, 2]], 1), torch.stack([volume[:, 0, 1], volume[:, 1, 0]], 1)
    bend = 2 * middle[:, None] - ahead - behind
    step = (0.5 * (ahead - behind) / bend.clamp_min(1e-3)).clamp(-1.0, 1.0)
    return {"step": step, "correlation": middle, "bend": bend}
