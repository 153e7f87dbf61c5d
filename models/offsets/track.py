"""Offsets between two images in memory: prepare, search whole lags, refine, check, judge."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Dict, Optional, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets import bodies, linear, smoothing
from stillpoint.models.offsets.folding import Peak
from stillpoint.models.offsets.lattice import STEP, block_sums, box_sums
from stillpoint.models.offsets.prepare import Preparation, prepared
from stillpoint.models.offsets.search import (
    JUMP,
    SHARE,
    SHARE_FINE,
    agreed,
    best_lags,
    cells,
    correlations,
    evidence,
    lag_sums,
    of_windows,
    sided,
)
from stillpoint.models.offsets.sides import Blocks
from stillpoint.models.offsets.warping import warped
from stillpoint.models.progress import SILENT, Progress

REACH = 3
"""Lags to each side of the search around the coarse field."""

WINDOWS = (3, 5, 9, 17)
"""Blocks a side of the windows of the multi-kernel correlation: 24, 40, 72 and 136 px."""

START, AFTER = 1.5, 8.0
"""Nodes: standard deviation of the Gaussian that the first and the later estimates of the rest are averaged with."""

CUTS = 0.2, 0.4
"""Second differences that are steps: of the lags of the search, per pixel averaged, and of those at full resolution, pixels."""

CONJUGATE, CALM = 40, 120
"""Steps of the conjugate gradients, and of those that calm the field in the end."""

WINDOW, ALLOWED = 9, 1.5
"""Blocks a side over which the calm field is judged, and the loss of log likelihood that it is allowed there."""

BETTER = 2.5
"""Standard deviations by which the correlation along the lags must exceed that along the smooth field to be believed."""

CERTAIN = 12.0
"""Log likelihood by which the lag that a window of 24 px finds alone must be better than that which its neighbours agree upon."""

SEEN = {17: 5.0, 9: 2.5, 5: 0.5}
"""Standard deviations of chance by which the correlation exceeds 0 where an offset is trusted, by blocks a side of the windows."""

FALLEN, GRANTED = 0.45, 2.0
"""Share of what the windows of 136 px lead to expect by which those of 40 px must correlate, and the log likelihood that is granted
against it, as places that lost their speckle are rare."""

FOUND = 2.5
"""Standard deviations of chance of the windows of 72 px along whole lags that are believed against those around them."""

FILLED = 6.0
"""Nodes: standard deviation of the Gaussian that takes their place."""

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
        What each window of ``WINDOWS`` measures of the rest; see :func:`multi_kernel`.
    maps
        Further maps for the fusing network, by name.
    body
        Bodies too narrow for the field; None where they were not looked for. They are put in by :func:`with_bodies`.
    blocks
        What tells on which side of a step a node lies; None where that was done.
    """

    offsets: Tensor
    sigma: Tensor
    peak: Tensor
    trusted: Tensor
    present: Tensor
    kernels: Dict[str, Tensor] = field(default_factory=dict)
    maps: Dict[str, Tensor] = field(default_factory=dict)
    body: Optional[bodies.Found] = None
    blocks: Optional[Blocks] = None


@dataclass(frozen=True)
class _Pair:
    """The prepared images, where they are valid, and how the secondary is sampled along a field."""

    first: Tensor
    second: Tensor
    here: Optional[Tensor]
    there: Optional[Tensor]
    peaks: Tuple[Optional[Peak], Optional[Peak]]
    slopes: Tuple[linear.Slope, linear.Slope]

    def sampled(self, field: Tensor, *, whole: bool = False) -> Tuple[Tensor, Optional[Tensor]]:
        """Return the secondary image along a field, and where both images are valid."""
        folded = self.peaks[0] is not None and whole, self.peaks[1] is not None and whole
        image, valid = warped(self.second, self.there, field, folded)
        if self.here is None or valid is None:
            return image, self.here if valid is None else valid
        return image, valid * self.here

    def evidence(self, field: Tensor) -> linear.Evidence:
        """Return what the blocks say of the residual of a field."""
        image, valid = self.sampled(field, whole=True)
        return linear.evidence(self.first, image, valid, field, self.peaks, self.slopes)


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
        found, inside, lone = _searched(first, second, there, expected, search)
        progress.check()
        peaks = tuple(Peak(share) if folded else None for share, folded in zip(preparation.shares, preparation.folded))
        slopes = linear.steepness(first, 0), linear.steepness(first, 1)
        pair = _Pair(first, second, here, there, (peaks[0], peaks[1]), slopes)
        lags, chance = _whole_lags(pair, found)
        progress.check()
        field, loose, stiff, beside = _refined(pair, lags, chance, progress)
        said = pair.evidence(field)
        result = _judged(said, field, stiff, (inside, chance), (expected, search), kernels)
        # The whole lags are elsewhere, and windows of 24 px correlate clearly better along them.
        result.trusted &= ~(((lags - field).norm(dim=0) > 0.5) & (beside - said.seen(3) > BETTER * chance))
        windows = bodies.Windows(first, second, here, there, cells(first, 3))
        # Among noise some windows always agree: a body is believed in ground that is itself known.
        known = box_sums(result.trusted.float(), WINDOW) > 0.5 * box_sums(torch.ones_like(result.peak), WINDOW)
        body = bodies.found_beside(windows, field, lone, result.present & known)
        beyond = body.taken & ((body.offsets - expected).abs().amax(dim=0) > search + 0.5)
        result.body = replace(body, taken=body.taken & ~beyond, doubtful=body.doubtful | beyond)
        blocks = Blocks(first, second, STEP**2 * 9 / cells(first, 3), result.peak)
        if kernels:
            result.maps.update(lags=lags, loose=loose, shares=torch.tensor(preparation.shares, device=place))
            return replace(result, blocks=blocks)
        return with_bodies(replace(result, offsets=blocks.settled(field)))


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
) -> Tuple[Tensor, Tensor, bodies.Lone]:
    """Return the field found over the search range round what is expected, where it lies inside, and what windows find alone."""
    rows, cols = first.shape
    shape = rows // STEP, cols // STEP
    field, inside = expected, torch.ones(shape, dtype=torch.bool, device=first.device)
    for number, (looks, reach) in enumerate(levels(search)):
        moved = second if not bool(field.any()) else warped(second, there, field)[0]
        step = looks * STEP
        fill = (0, -cols % step, 0, -rows % step)
        small = [functional.avg_pool2d(functional.pad(image, fill)[None, None], looks)[0, 0] for image in (first, moved)]
        last = looks == 2
        sums = lag_sums(small[0], small[1], reach, STEP // 2 if last else STEP)
        fine_sums = sums
        if last:
            sums = sums[:, :, ::2] + sums[:, :, 1::2]
            sums = sums[..., ::2] + sums[..., 1::2]
        samples = cells(small[0], 3)
        squares = block_sums(small[0], small[0]), block_sums(small[1], small[1])
        volume = of_windows(sums, *squares, (3,))[0]
        said = evidence(volume, samples)
        lags, within = best_lags(agreed(SHARE * said))
        found = smoothing.edge_preserving(
            looks * smoothing.median(lags), 0.125 * looks**2, allowed=0.05 * looks, broken=0.5 * looks, cut=CUTS[0] * looks
        )
        found = looks * sided(found / looks, torch.zeros_like(found), said, steep=2.0)
        fine = functional.interpolate(found[None], scale_factor=looks, mode="bilinear", align_corners=False)[0]
        if last:
            mask = None if there is None else functional.avg_pool2d(functional.pad(there, fill)[None, None], looks)[0, 0]
            alone, gain = bodies.own_lags(fine_sums, small[0], small[1], mask, reach, fine / looks, samples / 4)
            alone = field + looks * alone[:, : shape[0], : shape[1]]
            lone = bodies.Lone(alone, gain[: shape[0], : shape[1]])
        field = field + fine[:, : shape[0], : shape[1]]
        if number == 0:
            inside = functional.interpolate(within[None, None].float(), scale_factor=looks)[0, 0, : shape[0], : shape[1]] > 0.5
    return field, inside, lone


def _whole_lags(pair: _Pair, field: Tensor) -> Tuple[Tensor, float]:
    """Return the field corrected by whole lags, with steps, and the scatter by chance of the correlation of 3 blocks."""
    sampled, both = pair.sampled(field)
    volume = correlations(pair.first if both is None else pair.first * both, sampled, REACH, (3,))[0]
    samples = cells(pair.first, 3)
    said = evidence(volume, samples)
    total = agreed(SHARE_FINE * said, JUMP)
    lags, _ = best_lags(total)
    # A body narrower than what neighbours agree upon: where its own window is all but certain, it is believed.
    alone, _ = best_lags(said)
    flat = said.flatten(0, 1)
    gain = flat.amax(dim=0) - flat.gather(0, total.flatten(0, 1).argmax(dim=0)[None])[0]
    lags = torch.where(gain > CERTAIN, alone, lags)
    spread = volume.flatten(0, 1).std(dim=0)
    spread = spread[spread > 0]
    # Neighbouring lags are alike, so that their scatter alone is too small.
    chance = max(float(spread.median()) if spread.numel() else 0.1, samples**-0.5)
    found = smoothing.median(field + lags)
    found = smoothing.edge_preserving(found, 0.1, allowed=0.03, broken=0.5, cut=CUTS[1])
    return sided(found, field, said), chance


def _refined(pair: _Pair, lags: Tensor, chance: float, progress: Progress) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the offsets to the fraction of a pixel, the same before they were calmed, the stiffness they were found with, and the
    correlation of windows of 24 px along the whole lags.
    """
    said = pair.evidence(lags)
    # Among noise the lags wander off. Nothing speaks for them there, and what is known around them goes on.
    known = (said.seen(9) > FOUND * chance * 3 / 9).float()
    around = smoothing.gaussian(known, FILLED)
    filled = smoothing.gaussian(lags * known, FILLED) / around.clamp_min(1e-6)
    lost = (known < 0.5) & (around > 0.02) & ((filled - lags).norm(dim=0) > 0.5)
    if bool(lost.any()):
        lags = torch.where(lost, filled, lags)
        said = pair.evidence(lags)
    near, beside = said.seen(3), said.seen(5)
    field = _stepped(lags, said, START)
    for _ in range(2):
        plate = linear.stiffness(smoothing.median(field))
        field = linear.solved(said.weight, said.pull + said.weight * lags, plate, field, CONJUGATE)
    progress.check()
    said = pair.evidence(field)
    base, field = field, _stepped(field, said, AFTER)
    for _ in range(2):
        plate = linear.stiffness(smoothing.median(field))
        field = linear.solved(said.weight, said.pull + said.weight * base, plate, field, CONJUGATE)
    progress.check()
    # A smooth field is no field at a fault: where whole lags correlate clearly better, they are right.
    said = pair.evidence(field)
    better = (beside - said.seen(5) > BETTER * chance * 3 / 5) & ((lags - field).norm(dim=0) > 0.5)
    smooth = field
    plate = linear.stiffness(smoothing.median(smooth))
    if bool(better.any()):
        field = smoothing.median(torch.where(better, lags, field))
        plate = linear.stiffness(field)
        said = pair.evidence(field)
    field = linear.solved(said.weight, said.pull + said.weight * field, plate, _stepped(field, said, AFTER), CONJUGATE)
    calm = _calmed(field, pair.evidence(field))
    return calm, field, plate.nodes, near


def _calmed(field: Tensor, said: linear.Evidence) -> Tensor:
    """Return the field made as smooth as the evidence bears, place by place.

    A plate that is solved to the end smooths away what moves sharply; one that is not leaves noise on ground that is quiet. The
    likelihood of both, over a window, tells which of them it is.
    """
    pull = said.pull + said.weight * field
    calm = _stepped(field, said, AFTER)
    for _ in range(2):
        calm = linear.solved(said.weight, pull, linear.stiffness(smoothing.median(calm)), calm, CALM)
    rest = calm - field
    loss = box_sums((0.5 * said.weight * rest * rest - said.pull * rest).sum(dim=0), WINDOW)
    share = torch.sigmoid(ALLOWED - loss)
    return field + smoothing.gaussian(share, 1.0) / smoothing.gaussian(torch.ones_like(share), 1.0) * rest


def _stepped(field: Tensor, said: linear.Evidence, sigma: float) -> Tensor:
    """Return the field corrected by what a Gaussian of ``sigma`` nodes says of the rest.

    It is the start of the conjugate gradients, which are slow to move a stiff field as a whole.
    """
    near = smoothing.gaussian(said.weight, sigma)
    rest = smoothing.gaussian(said.pull, sigma) / near.clamp_min(1e-6)
    return field + torch.where(near > 1e-3, rest.clamp(-0.7, 0.7), torch.zeros_like(rest))


def _judged(
    said: linear.Evidence, field: Tensor, stiff: Tensor, searched: Tuple[Tensor, float], limits: Tuple[Tensor, int], kernels: bool
) -> Tracked:
    """Return the offsets with their standard errors, the correlation along them, and where they are trusted."""
    pooled = smoothing.gaussian(said.weight, 1.5) / smoothing.gaussian(torch.ones_like(said.weight), 1.5)
    held = (smoothing.gaussian(stiff.log(), 1.0) / smoothing.gaussian(torch.ones_like(stiff), 1.0)).exp()
    sigma = CALIBRATION[0] * linear.expected_variance(pooled, held).sqrt() + CALIBRATION[1]
    peak = said.seen(9)
    share = box_sums(said.share, 9) / box_sums(torch.ones_like(said.share), 9)
    present = (share >= FEWEST) & (box_sums(said.share, 3) > 0)
    inside, chance = searched
    expected, search = limits
    reached = inside & ((field - expected).abs().amax(dim=0) <= search + 0.5)
    trusted = present & _seen(said, chance) & reached & (sigma.amax(dim=0) < LARGEST_ERROR)
    trusted &= smoothing.misfit(field, trusted) <= OUTLIER
    result = Tracked(field, sigma, peak.clamp(0, 1), trusted, present)
    if kernels:
        result.kernels = multi_kernel(said)
        result.maps = {"share": share, "chance": torch.full_like(peak, chance), "stiff": held, "inside": inside.float()}
    return result


def _seen(said: linear.Evidence, chance: float) -> Tensor:
    """Return where the correlation is no chance [rows, cols].

    Large windows tell best that something correlates, but reach out of a place that lost its speckle; there, small ones correlate
    far less than the large ones lead to expect. Where these correlate little themselves, nothing can be told by small ones, and
    what the field is told by its neighbours is right.
    """
    above = {window: said.seen(window) / (chance * 3 / window) for window in SEEN}
    expected = above[17] * (5 / 17)
    result = above[5] > FALLEN * expected - GRANTED / expected.clamp_min(1.0)
    for window, least in SEEN.items():
        result &= above[window] > least
    return result


def with_bodies(found: Tracked) -> Tracked:
    """Return what was found with the offsets of narrow bodies in place of those of the ground around them."""
    body = found.body
    if body is None:
        return found
    return replace(
        found,
        offsets=torch.where(body.taken, body.offsets, found.offsets),
        sigma=torch.where(body.taken, torch.maximum(body.sigma, found.sigma), found.sigma),
        peak=torch.where(body.taken, body.peak, found.peak),
        trusted=(found.trusted | body.taken) & ~body.doubtful,
    )


def multi_kernel(said: linear.Evidence) -> Dict[str, Tensor]:
    """Return what each window of ``WINDOWS`` measures of the rest: a Newton step on the peak of its correlation.

    Returns
    -------
    dict
        ``step`` [windows, 2, rows, cols] pixels; ``weight`` [windows, 2, rows, cols]: its information, 1 / px²;
        ``correlation`` [windows, rows, cols].
    """
    steps, weights, seen = [], [], []
    for window in WINDOWS:
        weight = box_sums(said.weight, window)
        steps.append((box_sums(said.pull, window) / weight.clamp_min(1e-3)).clamp(-1.0, 1.0))
        weights.append(weight)
        seen.append(said.seen(window))
    return {"step": torch.stack(steps), "weight": torch.stack(weights), "correlation": torch.stack(seen)}
