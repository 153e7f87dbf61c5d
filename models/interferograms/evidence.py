"""What speaks for and against each interferogram of a stack: maps on a grid of cells, and figures of each pair.

The heart is what its network does not explain of an interferogram (:mod:`stillpoint.models.interferograms.residuals`) and the
closure of its loops; coherence, texture, coverage and ramps stand beside them, since networks are not always redundant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.interferograms import loops as loops_of_three
from stillpoint.models.interferograms.atmosphere import strengths
from stillpoint.models.interferograms.evidence_grid import CoarseGrid, coarse
from stillpoint.models.interferograms.evidence_steadiness import everywhere, noise_of, root
from stillpoint.models.interferograms.loops import wrap
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.residuals import design, explain
from stillpoint.models.progress import SILENT, Progress

CELLS = 32
"""Rows and columns of cells, whatever the size of the stack."""

MAPS: Tuple[str, ...] = (
    "known", "reliable", "coherence", "coherence against the usual", "residual", "residual size", "residual beyond half a cycle",
    "usual residual", "best closure", "mean closure", "closure off by cycles", "roughness", "roughness against the usual", "cuts",
    "phase", "explained phase", "steadiness", "steadiness of the slope",
)  # fmt: skip
"""What is known of each cell of each pair."""

SIGNED: Tuple[int, ...] = tuple(MAPS.index(name) for name in ("residual", "phase", "explained phase"))
"""Maps that change their sign with the phase."""

FIGURES: Tuple[str, ...] = (
    "days", "baseline", "redundancy", "loops", "fewer partners", "more partners", "unwrapped", "with coherence", "pairs", "dates",
    "spread", "spread against others", "residual rms", "residual rms against others", "residual deviation",
    "residual three quarters", "residual beyond half a cycle", "residual beyond half a cycle against others", "residual ramp",
    "explained ramp", "explained spread", "smooth part of the residual", "coherence", "coherence against others", "coverage",
    "best closure", "mean closure", "closure against others", "closure off by cycles", "roughness", "roughness against others",
    "cuts", "usual residual", "strong dates", "steadiness", "steadiness everywhere", "steadiness of the slope", "noise",
    "noise everywhere",
)  # fmt: skip
"""What is known of each pair."""

MOST_LOOPS = 6
"""Loops of a pair that are looked at, the shortest first."""


@dataclass(frozen=True)
class Evidence:
    """Evidence of a stack.

    Attributes
    ----------
    maps
        float32 [pairs, maps, cells, cells].
    figures
        float32 [pairs, figures].
    reliable
        float32 [cells, cells] in 0..1: ground over which pairs are compared.
    grid
        The stack on the coarse grid.
    residual
        float32 [pairs, rows, cols] on the coarse grid, radians; NaN where missing.
    strong
        float64 [dates], how strong the atmosphere of each date is, radians; NaN where it cannot be told.
    shown
        float64 [pairs] by name: evidence in plain units, for tables and reasons.
    """

    maps: np.ndarray
    figures: np.ndarray
    reliable: np.ndarray
    grid: CoarseGrid
    residual: np.ndarray
    strong: np.ndarray
    shown: Dict[str, np.ndarray]


def gather(network: Network, *, device: str = "cpu", progress: Progress = SILENT) -> Evidence:
    """Gather the evidence of a stack.

    Raises
    ------
    Cancelled
        Asked to stop.
    """
    grid = coarse(network, progress=progress.part(0.0, 0.5))
    count, (rows, cols) = network.count, grid.phase.shape[1:]
    trust = _trust(grid)
    chosen = _loops(network)
    progress(0.55, "Closing loops")
    closure, best, mean, cycles, through = _closures(grid, chosen, network.unwrapped, count)
    progress(0.65, "Explaining the phase by its dates")
    dates = np.zeros((len(network.dates), rows, cols), np.float32)
    if network.unwrapped:
        found = explain(
            grid.phase.reshape(count, -1), network.pairs, len(network.dates), trust=trust.reshape(count, -1),
            core=grid.core.ravel(), device=device,
        )  # fmt: skip
        residual, redundancy = found.residual.reshape(grid.phase.shape), found.redundancy
        dates = found.dates.reshape(dates.shape)
        progress(0.9, "Explaining the phase by its dates")
        explained = dates[network.pairs[:, 1]] - dates[network.pairs[:, 0]]
    else:
        residual, redundancy = through, _redundancy(network)
        explained = np.zeros_like(residual)
    size = np.abs(residual)
    usual = _median(np.minimum(size, 12.0), 0)
    if not np.isfinite(usual).any():
        usual = np.zeros_like(usual)  # without any loop no ground has shown itself worse than other ground
    reliable = _reliable(grid, usual)
    rough_usual = _median(grid.roughness, 0)
    layers: List[Optional[np.ndarray]] = [
        grid.valid,
        np.broadcast_to(reliable, grid.phase.shape),
        grid.coherence,
        None if grid.coherence is None else grid.coherence - _median(grid.coherence, 0),
        np.arcsinh(residual),
        np.arcsinh(size),
        np.where(np.isfinite(size), size > np.pi, np.nan),
        np.broadcast_to(np.arcsinh(usual), grid.phase.shape),
        np.arcsinh(best),
        np.arcsinh(mean),
        cycles,
        grid.roughness,
        grid.roughness - rough_usual,
        grid.cuts,
        np.arcsinh(grid.phase) if network.unwrapped else None,
        np.arcsinh(explained) if network.unwrapped else None,
        grid.steady,
        root(grid.even),
    ]
    cells = _cells(layers, count)
    strong = strengths(dates, network.dates, reliable) if network.unwrapped else np.full(len(network.dates), np.nan)
    figures, shown = _figures(network, grid, residual, explained, best, mean, cycles, reliable, redundancy, chosen, strong)
    shown["loop closure, rad"] = closure
    grid_reliable = functional.adaptive_avg_pool2d(torch.from_numpy(reliable)[None, None], CELLS)[0, 0].numpy()
    progress.done()
    return Evidence(cells, figures, grid_reliable, grid, residual, strong, shown)


def _trust(grid: CoarseGrid) -> np.ndarray:
    """Return how far each value is trusted before the network is asked, float32 [pairs, rows, cols] in 0..1."""
    known = np.isfinite(grid.phase).astype(np.float32)
    if grid.coherence is None:
        return known
    return known * np.clip((np.nan_to_num(grid.coherence) - 0.05) / 0.5, 0.1, 1.0).astype(np.float32)


def _reliable(grid: CoarseGrid, usual: np.ndarray) -> np.ndarray:
    """Return over which ground pairs are compared, float32 [rows, cols] in 0..1: covered, coherent, and explained by most pairs."""
    shown = grid.valid.mean(axis=0)
    weight = np.clip(shown / max(float(np.quantile(shown, 0.95)), 1e-6), 0, 1) ** 2
    weight = weight / (1 + np.nan_to_num(usual, nan=12.0) ** 2)
    if grid.coherence is not None:
        still = _median(grid.coherence, 0)
        weight = weight * np.clip((np.nan_to_num(still) - 0.1) / 0.25, 0.02, 1.0)
    return np.maximum(weight, 1e-4).astype(np.float32)


def _loops(network: Network) -> np.ndarray:
    """Return the loops to look at, int64 [loops, 3]: the shortest of each pair."""
    every = loops_of_three.triplets(network.pairs)
    if not len(every):
        return every
    order = np.argsort(network.days[every[:, 2]], kind="stable")
    taken = np.zeros(network.count, np.int64)
    kept = []
    for loop in every[order]:
        if (taken[loop] < MOST_LOOPS).any():
            kept.append(loop)
            taken[loop] += 1
    return np.stack(kept)


def _closures(
    grid: CoarseGrid, chosen: np.ndarray, unwrapped: bool, count: int
) -> Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what the loops of each pair say.

    Returns
    -------
    tuple
        Median size of the closure of its best loop, float64 [pairs]; smallest and mean size at every place, share of loops off by
        cycles, and the direction in which most of its loops are off (for wrapped phases the residual), float32 [pairs, rows, cols]
        each. NaN without a loop.
    """
    shape = grid.phase.shape
    best = np.full(shape, np.float32(np.inf))
    total, number, off = (np.zeros(shape, np.float32) for _ in range(3))
    turned = np.zeros(shape, np.complex64)
    medians = np.full(count, np.inf)
    for loop in chosen:
        left = loops_of_three.closure(grid.phase, loop, wrapped=not unwrapped)
        level = loops_of_three.level(np.where(grid.core, left, np.nan), wrapped=not unwrapped)
        if not np.isfinite(level):
            continue
        left = left - np.float32(level)
        left = left if unwrapped else wrap(left)
        known, size = np.isfinite(left), np.abs(left)
        middle = float(np.median(size[known]))
        phasor = np.where(known, np.exp(1j * np.nan_to_num(left)), 0).astype(np.complex64)
        for pair, sign in zip(loop, (1, 1, -1)):
            best[pair] = np.fmin(best[pair], size)
            total[pair] += np.where(known, size, 0)
            off[pair] += np.where(known, size > np.pi, 0)
            number[pair] += known
            turned[pair] += phasor if sign > 0 else np.conj(phasor)
            medians[pair] = min(medians[pair], middle)
    nothing = number == 0
    best[nothing] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, share = total / number, off / number
    through = np.where(nothing, np.float32(np.nan), np.angle(turned)).astype(np.float32)
    return np.where(np.isfinite(medians), medians, np.nan), best, mean, share, through


def _redundancy(network: Network) -> np.ndarray:
    matrix = design(network.pairs, len(network.dates))
    return np.clip(1 - np.einsum("ij,ji->i", matrix, np.linalg.pinv(matrix, rcond=1e-8)), 0, 1).astype(np.float32)


def _cells(layers: List[Optional[np.ndarray]], count: int) -> np.ndarray:
    """Return the means of maps over cells, float32 [pairs, maps, cells, cells]; 0 where a map says nothing."""
    result = torch.zeros(count, len(layers), CELLS, CELLS)
    for place, layer in enumerate(layers):
        if layer is None:
            continue
        values = torch.from_numpy(np.array(layer, np.float32))
        known = torch.isfinite(values)
        total = functional.adaptive_avg_pool2d(torch.where(known, values, torch.zeros(())), CELLS)
        share = functional.adaptive_avg_pool2d(known.float(), CELLS)
        result[:, place] = total / share.clamp_min(1e-3) * (share > 1e-3)
    return result.numpy()


def _median(values: np.ndarray, axis: int) -> np.ndarray:
    """Return the median of the known values; NaN where there are none."""
    number = np.isfinite(values).sum(axis=axis, keepdims=True)
    ordered = np.sort(values, axis=axis)
    middle = np.take_along_axis(ordered, np.maximum(number - 1, 0) // 2, axis=axis)
    return np.squeeze(np.where(number > 0, middle, np.nan), axis=axis).astype(np.float32)


def _against(values: np.ndarray) -> np.ndarray:
    """Return how far each pair stands out from the others, in robust standard deviations, compressed."""
    known = np.isfinite(values)
    if known.sum() < 3:
        return np.zeros(len(values))
    middle = np.median(values[known])
    spread = 1.4826 * np.median(np.abs(values[known] - middle))
    return np.arcsinh(np.nan_to_num((values - middle) / max(float(spread), 0.02)))


def _figures(
    network: Network, grid: CoarseGrid, residual: np.ndarray, explained: np.ndarray, best: np.ndarray, mean: np.ndarray,
    cycles: np.ndarray, reliable: np.ndarray, redundancy: np.ndarray, chosen: np.ndarray, strong: np.ndarray,
) -> Tuple[np.ndarray, Dict[str, np.ndarray]]:  # fmt: skip
    """Return the figures of each pair, float32 [pairs, figures], and those for people in plain units."""
    count = network.count
    degree = np.bincount(network.pairs.ravel(), minlength=len(network.dates))
    partners = np.sort(degree[network.pairs], axis=1)
    member = loops_of_three.membership(chosen, count)
    weight = reliable.astype(np.float64)

    def over(values: np.ndarray) -> np.ndarray:
        known = np.isfinite(values)
        parts = np.einsum("pij,ij->p", np.where(known, values, 0), weight, optimize=True)
        return np.divide(parts, np.einsum("pij,ij->p", known, weight, optimize=True), out=np.full(count, np.nan),
                         where=known.any(axis=(1, 2)))

    phase = grid.phase if network.unwrapped else np.zeros_like(grid.phase)
    spread = np.sqrt(np.maximum(over(phase**2) - over(phase) ** 2, 0))
    capped = np.clip(residual, -25, 25)
    rms = np.sqrt(over(capped**2))
    size = np.abs(capped)
    beyond = over(np.where(np.isfinite(size), size > np.pi, np.nan))
    deviation, quarter = _quantiles(size, reliable)
    ramp = _ramp(residual, weight)
    steep = _ramp(explained, weight)
    spread_explained = np.sqrt(np.maximum(over(explained**2) - over(explained) ** 2, 0))
    smooth = _smooth(capped, weight)
    still = np.full(count, np.nan) if grid.coherence is None else over(grid.coherence)
    coverage = np.einsum("pij,ij->p", np.nan_to_num(grid.valid), weight) / weight.sum()
    coverage = coverage / max(float(np.median(coverage)), 1e-6)
    closing, closing_best, off = over(np.minimum(mean, 25)), over(np.minimum(best, 25)), over(cycles)
    rough, cuts = over(grid.roughness), over(grid.cuts)
    tall = np.nan_to_num(strong)
    atmosphere = np.maximum(tall[network.pairs[:, 0]], tall[network.pairs[:, 1]])
    usual = float(np.nanmedian(rms)) if np.isfinite(rms).any() else 0.0
    shown_everywhere = np.nan_to_num(grid.valid).astype(np.float64) + 1e-9
    noise = noise_of(grid.steady, grid.even)
    steady = over(grid.steady)
    baseline = np.zeros(count) if network.baselines is None else np.nan_to_num(network.baselines)
    one = np.ones(count)
    columns = [
        np.log1p(network.days) / 3, np.arcsinh(baseline / 100), redundancy, np.log1p(member), np.log1p(partners[:, 0]),
        np.log1p(partners[:, 1]), one * network.unwrapped, one * (network.coherence is not None), one * np.log(count) / 3,
        one * np.log(len(network.dates)) / 3, np.arcsinh(spread), _against(spread), np.arcsinh(rms), _against(np.arcsinh(rms)),
        np.arcsinh(deviation), np.arcsinh(quarter), beyond, _against(beyond), np.arcsinh(ramp), np.arcsinh(steep),
        np.arcsinh(spread_explained), smooth, still, _against(still), coverage, np.arcsinh(closing_best), np.arcsinh(closing),
        _against(np.arcsinh(closing)), off, rough, _against(rough), cuts, one * np.arcsinh(usual), np.arcsinh(atmosphere),
        steady, everywhere(grid.steady, shown_everywhere), root(over(grid.even)), over(noise),
        everywhere(noise, shown_everywhere),
    ]  # fmt: skip
    shown = {
        "unexplained phase, rad": rms, "off by more than half a cycle": beyond, "ramp, rad": ramp, "coherence": still,
        "coverage": coverage, "roughness, rad": rough, "strength of the dates, rad": atmosphere,
        "share of noise": everywhere(noise, shown_everywhere),
    }  # fmt: skip
    return np.nan_to_num(np.stack(columns, axis=1), nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32), shown


def _quantiles(size: np.ndarray, reliable: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return median and upper quartile of the residual's size over the better half of the ground, float64 [pairs] each."""
    ground = (reliable >= np.median(reliable)).ravel()
    ordered = np.sort(size.reshape(len(size), -1)[:, ground], axis=1)
    number = np.isfinite(ordered).sum(axis=1)
    rows = np.arange(len(size))
    found = [ordered[rows, (np.maximum(number - 1, 0) * part).astype(int)] for part in (0.5, 0.75)]
    return np.nan_to_num(found[0]).astype(np.float64), np.nan_to_num(found[1]).astype(np.float64)


def _ramp(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the height of the plane through each map from border to border, radians, float64 [pairs]."""
    rows, cols = weight.shape
    y = np.broadcast_to(np.linspace(-0.5, 0.5, rows)[:, None], weight.shape)
    x = np.broadcast_to(np.linspace(-0.5, 0.5, cols)[None, :], weight.shape)
    basis = np.stack([np.ones(weight.size), y.ravel(), x.ravel()])
    flat = values.reshape(len(values), -1)
    known = np.isfinite(flat) * weight.ravel()
    normal = np.einsum("in,jn,pn->pij", basis, basis, known, optimize=True) + 1e-6 * np.eye(3)
    right = np.einsum("in,pn->pi", basis, known * np.nan_to_num(flat), optimize=True)
    found = np.linalg.solve(normal, right[..., None])[..., 0]
    return np.asarray(np.abs(found[:, 1]) + np.abs(found[:, 2]))


def _smooth(residual: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return which part of the residual's power lies in areas larger than an eighth of the scene, float64 [pairs] in 0..1."""
    known = torch.from_numpy(np.isfinite(residual) * weight.astype(np.float32)).float()
    values = torch.from_numpy(np.nan_to_num(residual)).float()
    share = functional.adaptive_avg_pool2d(known, 8)
    coarse_mean = functional.adaptive_avg_pool2d(known * values, 8) / share.clamp_min(1e-9)
    large = (share * coarse_mean**2).sum(dim=(1, 2))
    every = functional.adaptive_avg_pool2d(known * values**2, 8).sum(dim=(1, 2))
    return (large / every.clamp_min(1e-9)).numpy().astype(np.float64)
