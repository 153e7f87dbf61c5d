"""The last fraction of a pixel: what every block says of how far a field is off, and the smoothest field that fits what was said.

With the secondary image sampled along the field, the slope of the correlation at lag 0 tells the rest (a Newton step on its
peak, the same as least-squares matching). A block of 8 px tells it with an error of about a pixel; what makes an answer of many
blocks is the smoothness of the motion, which is learnt from the field itself, place by place: an empirical Bayes estimate whose
prior is a thin plate that gives way where the motion bends or breaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets.folding import Peak
from stillpoint.models.offsets.lattice import STEP, block_sums, box_sums

LOCAL, POOL, WIDE = 7, 13, 17
"""Blocks a side over which the correlation, the bend of its peak, and the noise of its slope are taken."""

SHARP = 0.1
"""Bend, pixels, beyond which the plate gives way at single nodes, not over all that the bend is averaged over."""

EDGE = 300.0
"""By how much less stiff a node beside a step counts: it is held from one side alone, and may lie on the other."""

LEAST = 0.02
"""Correlation of the speckle that is always granted."""

SHRUNK = 3.0
"""Variance of the bend over that of the tilt, where both are noise."""

NEAR = 0.15
"""Pixels from the peak within which its slope is taken from the model alone."""

Slope = Tuple[float, float]
"""Slope at lag 1 of an autocorrelation, and how far it is below 1 there."""

BEND = 6e-4
"""Bend of the motion that is always allowed: second difference from node to node, pixels."""

BROKEN = 1.0
"""Mean square of the second differences, px², beyond which the ground is taken for broken."""

CUT = 0.4
"""Second difference from node to node from which on it is a step, pixels: strain alone seldom bends so much within 16 px."""


@dataclass(frozen=True)
class Evidence:
    """What the blocks say of the residual of a field.

    Attributes
    ----------
    weight
        Information of each block on the residual, 1 / px²: [2, rows, cols].
    pull
        Information times residual, 1 / px: [2, rows, cols].
    correlation
        [rows, cols]: of windows of ``LOCAL`` blocks along the field.
    energy, product
        [rows, cols]: sums over the blocks, whose ratio over a window is its correlation.
    share
        [rows, cols]: valid pixels of the block, 0 to 1.
    """

    weight: Tensor
    pull: Tensor
    correlation: Tensor
    energy: Tensor
    product: Tensor
    share: Tensor

    def seen(self, window: int) -> Tensor:
        """Return the correlation [rows, cols] of windows of some blocks a side along the field."""
        energy = box_sums(self.energy, window)
        return box_sums(self.product, window) / torch.maximum(energy, 0.1 * energy.max()).clamp_min(1e-12)


def evidence(
    reference: Tensor, secondary: Tensor, valid: Optional[Tensor], field: Optional[Tensor] = None,
    peaks: Tuple[Optional[Peak], Optional[Peak]] = (None, None), slopes: Tuple[Slope, Slope] = ((0.5, 0.4), (0.5, 0.4)),
) -> Evidence:
    """Return what the blocks of 8 px say of the residual of the field that ``secondary`` was sampled along.

    Parameters
    ----------
    reference, secondary
        float32 [rows, cols], prepared.
    valid
        1 where both are valid; None where everything is.
    field
        The field [2, node rows, node cols]; needed where ``secondary`` was moved by whole pixels only along an axis.
    peaks
        Models of the correlation along rows and columns; None for axes along which ``secondary`` was interpolated.
    slopes
        From :func:`steepness`, for the latter.
    """
    rows, cols = reference.shape
    if valid is not None:
        reference, secondary = reference * valid, secondary * valid
    around = functional.pad(secondary, (1, 1, 1, 1))

    def lag(row: int, col: int) -> Tensor:
        return block_sums(reference, around[1 + row : 1 + row + rows, 1 + col : 1 + col + cols])

    middle = lag(0, 0)
    lags = [torch.stack([lag(-1, 0), middle, lag(1, 0)]), torch.stack([lag(0, -1), middle, lag(0, 1)])]
    own, other = block_sums(reference, reference), block_sums(secondary, secondary)
    energy = (own * other).clamp_min(0).sqrt()
    share = torch.ones_like(middle) if valid is None else block_sums(valid, valid) / STEP**2
    rests = torch.zeros((2, *middle.shape), device=middle.device) if field is None else field - field.round()
    models = [None if peak is None or field is None else peak.at(rest) for peak, rest in zip(peaks, rests)]
    # What the height of the peak loses, along each axis, by a place between two pixels.
    heights = [torch.ones_like(middle) if model is None else model[0] for model in models]
    if models[0] is None and models[1] is None:
        product, fit = middle, energy
    else:
        height = heights[0] * heights[1]
        product, fit = middle * height, energy * height * height
    wide = box_sums(energy, LOCAL) / (LOCAL * LOCAL)
    wide = torch.maximum(wide, 0.1 * wide.max()).clamp_min(1e-12)
    total = box_sums(fit, LOCAL)
    correlation = (box_sums(product, LOCAL) / torch.maximum(total, 0.1 * total.max()).clamp_min(1e-12)).clamp(0, 1)
    count = box_sums(share, WIDE).clamp_min(1e-3)
    weights, pulls = [], []
    for axis, (model, peak) in enumerate(zip(models, peaks)):
        across = heights[1 - axis]
        said = 0.5 * (lags[axis][2] - lags[axis][0]) / wide
        # How much speckle correlates is told by the bend of the peak: what correlates over many pixels, as texture does, adds to
        # its height and little to its shape.
        bent = box_sums(middle - 0.5 * (lags[axis][0] + lags[axis][2]), POOL)
        whole = box_sums(energy * across, POOL)
        whole = torch.maximum(whole, 0.1 * whole.max()).clamp_min(1e-12)
        noise = _noise(said, count)
        if model is None or peak is None:
            steep, bend = slopes[axis]
            slope = torch.full_like(middle, steep)
            height = bent / (whole * bend)
            chance = noise * (SHRUNK / (POOL * bend * across) ** 2)
        else:
            tilted = 0.5 * box_sums(lags[axis][2] - lags[axis][0], POOL)
            height, slope, size = _folded(peak, model, rests[axis], tilted / whole, bent / whole)
            chance = noise * SHRUNK / (POOL * across * size) ** 2
            said = said - height.clamp(LEAST, 1) * across * model[1]
            noise = _noise(said, count)
        # Noise has a peak somewhere, too.
        height = (height.clamp_min(0) ** 2 - chance).clamp(LEAST * LEAST, 1).sqrt()
        scale = height * across * slope
        weights.append(scale**2 / noise)
        pulls.append(scale * said / noise)
    return Evidence(torch.stack(weights), torch.stack(pulls), correlation, fit, product, share)


def _folded(
    peak: Peak, model: Tuple[Tensor, ...], rest: Tensor, tilt: Tensor, bend: Tensor
) -> Tuple[Tensor, Tensor, Tensor]:
    """Return how much the speckle correlates along a folded axis, the slope that leads from the field to its peak, and the size of
    both differences there.

    Parameters
    ----------
    peak, model
        Model of the peak, and what it says of the field.
    rest
        What the field has beyond whole pixels.
    tilt, bend
        Differences of the correlation of windows: half of that between lags 1 and -1; lag 0 less the mean of these.
    """
    place = peak.place(tilt, bend)
    _, one, _, two = peak.at(place)
    square = one * one + two * two
    height = (tilt * one + bend * two) / square
    away = place - rest
    # Near the peak the secant is noise.
    far = away.abs() > NEAR
    secant = (one - model[1]) / torch.where(far, away, torch.ones_like(away))
    return height, torch.where(far, secant, model[2]), square.sqrt()


def steepness(image: Tensor, axis: int) -> Slope:
    """Return how the difference of the correlations at lags 1 and -1, halved, grows with the offset, and how far both are below 1.

    The former is the slope of the autocorrelation at lag 1, interpolated as a band-limited function between whole lags.
    """
    lines = image[:, ::3] if axis == 0 else image[::3]
    length = lines.shape[axis]
    reach = min(8, length - 1)
    power = [
        float((lines.narrow(axis, 0, length - lag) * lines.narrow(axis, lag, length - lag)).sum(dtype=torch.float64))
        for lag in range(reach + 1)
    ]
    total = sum(power[abs(lag)] * (-1) ** (1 - lag) / (1 - lag) for lag in range(-reach + 1, reach + 1) if lag != 1)
    whole = max(power[0], 1e-12)
    return min(max(-total / whole, 0.05), 1.5), min(max(1 - power[1] / whole, 0.05), 1.5)


def _noise(said: Tensor, count: Tensor) -> Tensor:
    """Return the variance [rows, cols] of what single blocks say, which is nearly all noise."""
    noise = box_sums(said * said, WIDE) / count
    return torch.maximum(noise, 0.3 * noise.mean()).clamp_min(1e-9)


def bends(field: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    """Return second differences along rows, along columns, and mixed (times the root of 2)."""
    return (
        field[..., :-2, :] - 2 * field[..., 1:-1, :] + field[..., 2:, :],
        field[..., :-2] - 2 * field[..., 1:-1] + field[..., 2:],
        1.41421356 * (field[..., 1:, 1:] - field[..., 1:, :-1] - field[..., :-1, 1:] + field[..., :-1, :-1]),
    )


@dataclass(frozen=True)
class Plate:
    """How stiffly a field is held.

    Attributes
    ----------
    along, across, mixed
        Stiffness against the second differences along rows [rows - 2, cols], along columns [rows, cols - 2], and mixed
        [rows - 1, cols - 1].
    nodes
        The same round each node [rows, cols], breaks counted in.
    """

    along: Tensor
    across: Tensor
    mixed: Tensor
    nodes: Tensor

    def diagonal(self) -> Tensor:
        """Return the diagonal [rows, cols] of the matrix of the bends."""
        result = torch.zeros_like(self.nodes)
        for times, shift in ((1, 0), (4, 1), (1, 2)):
            result[shift : shift + self.along.shape[0]] += times * self.along
            result[:, shift : shift + self.across.shape[1]] += times * self.across
        for down in (slice(1, None), slice(None, -1)):
            for right in (slice(1, None), slice(None, -1)):
                result[down, right] += 2 * self.mixed
        return result


def stiffness(field: Tensor, allowed: float = BEND, broken: float = BROKEN, pool: int = 3, cut: float = CUT) -> Plate:
    """Return how stiffly the field is held: one over the square of its bend thereabouts.

    A bend that only a step explains is cut on its own. The plate stays stiff on both sides of it: nodes beside a fault are told by
    all others of their side, not by themselves alone.

    Parameters
    ----------
    field
        [fields, rows, cols].
    allowed
        Second difference that is always allowed, pixels.
    broken
        Mean square of the second differences beyond which the field gives way altogether, px².
    pool
        Nodes a side over which the bend is averaged.
    cut
        Second difference from which on it is a step, pixels.
    """
    squares = [(bend * bend).sum(dim=0) for bend in bends(field)]
    places = (1, 0), (0, 1), (0, 0)
    smooth, total = field.new_zeros((2, *field.shape[-2:]))
    for square, (top, left) in zip(squares, places):
        part = slice(top, top + square.shape[0]), slice(left, left + square.shape[1])
        total[part] += square
        smooth[part] += torch.where(square > cut * cut, torch.zeros_like(square), square)
    count = box_sums(torch.ones_like(total), pool)

    def held(square: Tensor) -> Tensor:
        return 1 / (allowed * allowed + square + square * square / (broken * broken))

    calm = box_sums(smooth, pool) / count
    # Noise is averaged; what bends more than noise does is sharp.
    sharp = calm / (calm + SHARP * SHARP)
    stiff = held(calm + sharp * (smooth - calm))
    parts = []
    for square, (top, left) in zip(squares, places):
        near = stiff[top : top + square.shape[0], left : left + square.shape[1]]
        parts.append(torch.where(square > cut * cut, torch.minimum(held(square), near), near))
    beside = box_sums((total > smooth).float(), pool) > 0
    nodes = torch.where(beside, torch.maximum(stiff / EDGE, held(box_sums(total, pool) / count)), stiff)
    return Plate(parts[0], parts[1], parts[2], nodes)


def _applied(field: Tensor, weight: Tensor, plate: Plate) -> Tensor:
    """Return the field times the matrix of the normal equations."""
    result = weight * field
    along, across, mixed = bends(field)
    along, across, mixed = along * plate.along, across * plate.across, mixed * (1.41421356 * plate.mixed)
    result[..., :-2, :] += along
    result[..., 1:-1, :] -= 2 * along
    result[..., 2:, :] += along
    result[..., :-2] += across
    result[..., 1:-1] -= 2 * across
    result[..., 2:] += across
    result[..., 1:, 1:] += mixed
    result[..., 1:, :-1] -= mixed
    result[..., :-1, 1:] -= mixed
    result[..., :-1, :-1] += mixed
    return result


def solved(weight: Tensor, pull: Tensor, plate: Plate, start: Tensor, steps: int = 30) -> Tensor:
    """Return the field that balances evidence and stiffness, by conjugate gradients from ``start``.

    Parameters
    ----------
    weight
        Information of each node [fields, rows, cols].
    pull
        Right-hand side [fields, rows, cols].
    plate
        From :func:`stiffness`.
    start
        First guess [fields, rows, cols].
    steps
        Of the conjugate gradients.
    """
    diagonal = weight + plate.diagonal()
    field = start.clone()
    rest = pull - _applied(field, weight, plate)
    scaled = rest / diagonal
    direction = scaled
    power = (rest * scaled).sum(dim=(-2, -1), keepdim=True)
    for _ in range(steps):
        image = _applied(direction, weight, plate)
        step = power / (direction * image).sum(dim=(-2, -1), keepdim=True).clamp_min(1e-20)
        field = field + step * direction
        rest = rest - step * image
        scaled = rest / diagonal
        after = (rest * scaled).sum(dim=(-2, -1), keepdim=True)
        direction = scaled + (after / power.clamp_min(1e-20)) * direction
        power = after
    return field


def expected_variance(weight: Tensor, stiff: Tensor) -> Tensor:
    """Return the variance [fields, rows, cols], px², of the solution of :func:`solved` where its coefficients change slowly.

    The integral of 1 / (w + s k⁴) over all wave numbers k of the plane is 1 / (8 sqrt(w s)); where the plate gives way, a node is
    on its own.
    """
    return 1 / (weight + 8 * (weight * stiff).sqrt()).clamp_min(1e-4)
