"""What physics says of a pixel: the input of the default network.

Every feature stays the same when a constant is added to an interferogram, dates are reordered, another reference date is
chosen or the sign of the phase is turned: phases enter through ``z z^H`` (see :mod:`neighbourhood`), moduli and angles of
differences only. All windows are finite, so that a tile with a halo of :data:`HALO` pixels gives what the whole raster gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Dict, List, Optional, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.progress import Progress
from stillpoint.models.scatterers import fitting, neighbourhood
from stillpoint.models.scatterers.neighbourhood import CELL, Grid, Window
from stillpoint.models.scatterers.observations import Observations

SCALES = (1, 2, 4)
"""Reach of the kernels over the matrices of the cells, in cells: windows of about 20, 30 and 50 pixels."""

FIRST_SCALE = 1
"""Reach with which heights are found, before the features are taken."""

GUARD = 5
"""Pixels a side round the pixel that are left out of its surroundings: its side lobes carry its own phase."""

NEAR = 13
"""Pixels a side of the ring in which steady neighbours are added up."""

BOXES = (5, 21, 61)
"""Sides of the windows for brightness and density, in pixels."""

RIM = 16
"""Pixels that the features of a pixel need of its neighbours' residual phases."""


def _reach(cells: int) -> int:
    return cells * CELL + CELL * 3 // 2


HALO = _reach(FIRST_SCALE) + GUARD // 2 + max(_reach(max(SCALES)) + GUARD // 2 + RIM, max(BOXES) // 2)
"""Pixels round a tile that its features depend on."""

_SCALE_NAMES = ("fine", "middle", "coarse")
_PHASE = (
    *(f"gamma_{name}" for name in _SCALE_NAMES),
    *(f"shared_{name}" for name in _SCALE_NAMES),
    "gamma_own",
    "gamma_near",
    "gamma_narrow",
    "gamma_wide",
    "gamma_motion",
    "gamma_season",
    "noise_motion",
    "noise_season",
    "noise_wide",
    "gamma_dates",
    "gamma_first",
    "gamma_second",
    "pairs",
    "pairs_5",
    "pairs_21",
    "median_angle",
    "upper_angle",
    "largest_angle",
    "similar_1_max",
    "similar_1_mean",
    "similar_2_max",
    "similar_2_mean",
    "similar_4_max",
    "coherent_3",
    "coherent_5",
    "steady",
    "steady_5",
    "steady_21",
    "steady_61",
    "health_21",
    "health_61",
)
_AMPLITUDE = (
    "dispersion",
    "dispersion_halves",
    "log_spread",
    "bright_5",
    "bright_21",
    "bright_61",
    "peak_3",
    "peak_7",
    "dispersion_5",
    "dispersion_61",
    "gamma_bright",
    "flash",
)
_RINGS: Dict[str, List[Tuple[int, int]]] = {
    "similar_1": [(0, 1), (1, -1), (1, 0), (1, 1)],
    "similar_2": [(0, 2), (1, -2), (1, 2), (2, -2), (2, -1), (2, 0), (2, 1), (2, 2)],
    "similar_4": [(0, 4), (4, -4), (4, 0), (4, 4)],
}
"""Neighbours that a pixel is compared with: one of each opposite pair, rows and columns away."""

_CONSTANT = ("log_dates", "null_gamma", "null_narrow", "null_wide", "has_baselines", "has_amplitude", "has_season")

FEATURES: Tuple[str, ...] = (*_PHASE, *_AMPLITUDE, *_CONSTANT)
"""Names of the features, in the order of their channels."""


@dataclass(frozen=True)
class FeatureMaps:
    """Features of a block, and what users see of them.

    Attributes
    ----------
    maps
        float32 [features, rows, cols], 0 where invalid.
    valid
        bool [rows, cols].
    gamma
        float32 [rows, cols]: phase stability against the surroundings without the pixel's own, after a height fit.
    dispersion
        float32 [rows, cols]: amplitude dispersion; None without amplitudes.
    """

    maps: Tensor
    valid: Tensor
    gamma: Tensor
    dispersion: Optional[Tensor]


def box(maps: Tensor, side: int) -> Tensor:
    """Return the mean over ``side`` x ``side`` pixels of real maps [..., rows, cols]; fewer at the border."""
    flat = maps.reshape(-1, 1, *maps.shape[-2:])
    half = side // 2
    down = functional.avg_pool2d(flat, (side, 1), 1, (half, 0), count_include_pad=False)
    return functional.avg_pool2d(down, (1, side), 1, (0, half), count_include_pad=False).view(maps.shape)


def spread(values: Tensor) -> Tuple[Tensor, Tensor]:
    """Return mean and standard deviation over the first dimension; date by date, several times faster than torch's own."""
    mean = values.mean(dim=0)
    total = torch.zeros_like(mean)
    for one in values:
        off = one - mean
        total.addcmul_(off, off)
    return mean, total.div_(len(values)).sqrt_()


def box_sum(maps: Tensor, side: int) -> Tensor:
    """Return the sum over ``side`` x ``side`` pixels of maps [..., rows, cols], complex or real; nothing comes from outside."""
    half = side // 2
    for axis in (-2, -1):
        size = maps.shape[axis]
        result = maps.clone()
        for shift in range(1, min(half, size - 1) + 1):
            result.narrow(axis, 0, size - shift).add_(maps.narrow(axis, shift, size - shift))
            result.narrow(axis, shift, size - shift).add_(maps.narrow(axis, 0, size - shift))
        maps = result
    return maps


def features(
    observations: Observations,
    *,
    core: Optional[Window] = None,
    device: Optional[torch.device] = None,
    progress: Optional[Progress] = None,
) -> FeatureMaps:
    """Compute the features of a block.

    Parameters
    ----------
    observations
        Phase and amplitude of the block with its halo.
    core
        The window to give back; everything where None. Right where :data:`HALO` pixels lie round it, or the raster's border.
    device
        Where to compute.
    progress
        Checked for a cancel between the steps.
    """
    device = device or torch.device("cpu")
    order = np.argsort(observations.dates, kind="stable")
    phasor = _by_date(observations.phasor, order, device)
    valid = torch.isfinite(phasor.real).all(dim=0) & torch.isfinite(phasor.imag).all(dim=0)
    if observations.amplitude is not None:
        valid &= torch.from_numpy(np.isfinite(observations.amplitude).all(axis=0)).to(device)
    phasor = torch.sgn(torch.where(valid, phasor, torch.zeros((), dtype=phasor.dtype, device=device)))
    amplitude = _calibrated(observations, order, valid, device)
    baselines = None if observations.baselines is None else np.asarray(observations.baselines, dtype=np.float64)[order]
    if baselines is not None and not np.isfinite(baselines).all():
        baselines = None
    grid = Grid.of(observations.shape, observations.origin)
    search = fitting.searches(
        observations.dates[order], baselines, wavelength=observations.wavelength, incidence=observations.incidence, device=device
    )
    rows, cols = observations.shape
    return _Block(phasor, amplitude, valid, grid, search, core or (0, rows, 0, cols), progress).features()


def _by_date(values: np.ndarray, order: np.ndarray, device: torch.device) -> Tensor:
    """Return [dates, rows, cols] as a tensor in the order of the dates, without a copy where they are in it."""
    tensor = torch.from_numpy(np.ascontiguousarray(values)).to(device)
    return tensor if (np.diff(order) == 1).all() else tensor[torch.from_numpy(order).to(device)]


def _calibrated(observations: Observations, order: np.ndarray, valid: Tensor, device: torch.device) -> Optional[Tensor]:
    """Return the amplitudes divided by the mean of their date, 0 where invalid."""
    if observations.amplitude is None:
        return None
    amplitude = _by_date(observations.amplitude, order, device)
    amplitude = torch.where(valid & torch.isfinite(amplitude), amplitude, torch.zeros((), device=device))
    if observations.gains is not None:
        gains = torch.as_tensor(np.asarray(observations.gains, dtype=np.float32)[order], device=device)
    else:
        gains = amplitude.sum(dim=(1, 2)) / (amplitude > 0).sum(dim=(1, 2)).clamp_min(1)
    return amplitude / gains.clamp_min(1e-30)[:, None, None]


class _Block:
    """The steps from phasors to features; a class because the steps share the weights and the nulls."""

    def __init__(
        self,
        phasor: Tensor,
        amplitude: Optional[Tensor],
        valid: Tensor,
        grid: Grid,
        search: fitting.Searches,
        core: Window,
        progress: Optional[Progress],
    ) -> None:
        self.phasor, self.amplitude, self.valid, self.grid, self.search = phasor, amplitude, valid, grid, search
        self.core, self.progress = core, progress
        self.dates = int(phasor.shape[0])
        self.inner = (
            max(core[0] - RIM, 0), min(core[1] + RIM, grid.rows), max(core[2] - RIM, 0), min(core[3] + RIM, grid.cols)
        )  # fmt: skip
        self.shape = (self.inner[1] - self.inner[0], self.inner[3] - self.inner[2])
        self.null = fitting.noise_level(search, self.dates, None)
        self.null_narrow = fitting.noise_level(search, self.dates, search.narrow)
        self.null_wide = fitting.noise_level(search, self.dates, search.wide)
        self.found: Dict[str, Tensor] = {}

    def features(self) -> FeatureMaps:
        whole = (0, self.grid.rows, 0, self.grid.cols)
        self._amplitudes()
        weight = self._first_weight()
        corrected = self.phasor
        self._check()
        cells = neighbourhood.matrices(corrected, weight, self.grid)
        residual, _, _ = self._residual(cells, corrected, weight, FIRST_SCALE, whole)
        gamma, slope = self._heights(residual, self.search.narrow)
        del residual
        level = self.null_narrow[1] ** 2
        steadiness = (gamma.square() - level).clamp_min(0) / max(1 - level, 1e-3) * self.valid
        if self.search.baselines is not None:
            # The weights stay as they are: weights by gamma follow single strong scatterers instead of what all share.
            turn = -slope[None] * self.search.baselines[:, None, None]
            corrected = self.phasor * torch.polar(torch.ones(1, device=slope.device), turn)
        self._check()
        cells = neighbourhood.matrices(corrected, weight, self.grid)
        for side in BOXES:
            self.found[f"steady_{side}"] = self._inside(box(steadiness, side))
        promising = self._promising()
        for side in BOXES[1:]:
            # Where pixels that promise much are steady, one that is not is fickle; where none is, the surroundings are at fault.
            share = box(steadiness * promising, side) / box(promising, side).clamp_min(1e-6)
            self.found[f"health_{side}"] = self._inside(share)
        self.phasor, corrected, weight = self._inside(self.phasor), self._inside(corrected), self._inside(weight)
        self.found["steady"] = self._inside(steadiness)
        nearest: Optional[Tensor] = None
        quality: Optional[Tensor] = None
        for reach, name in zip(SCALES, _SCALE_NAMES):
            self._check()
            residual, shared, own = self._residual(cells, corrected, weight, reach, self.inner)
            self.found[f"gamma_{name}"] = residual.mean(dim=0).abs()
            mass = shared.sum(dim=0)
            self.found[f"shared_{name}"] = mass.square() / (shared.square().sum(dim=0) * self.dates).clamp_min(1e-20)
            if name == "fine":
                nearest, quality = residual, shared
                self.found["gamma_own"] = own
        assert nearest is not None and quality is not None  # nosec B101 - known by construction
        self._stability(nearest, quality)
        self._check()
        self._neighbours(nearest)
        dispersion = self._cored(self.found["dispersion"]) if self.amplitude is not None else None
        valid = self._cored(self._inside(self.valid))
        return FeatureMaps(self._stacked(valid), valid, self._cored(self.found["gamma_narrow"]), dispersion)

    def _check(self) -> None:
        if self.progress is not None:
            self.progress.check()

    def _inside(self, maps: Tensor) -> Tensor:
        """Return the core with its rim, of maps of the whole block."""
        return maps[..., self.inner[0] : self.inner[1], self.inner[2] : self.inner[3]]

    def _cored(self, maps: Tensor) -> Tensor:
        """Return the core, of maps of the core with its rim."""
        top, left = self.core[0] - self.inner[0], self.core[2] - self.inner[2]
        return maps[..., top : top + self.core[1] - self.core[0], left : left + self.core[3] - self.core[2]]

    @cached_property
    def steadiness(self) -> Tuple[Tensor, Tensor]:
        """Mean of the amplitude, and its standard deviation over it, of the whole block."""
        assert self.amplitude is not None  # nosec B101 - asked for where there are amplitudes
        mean, deviation = spread(self.amplitude)
        return mean, deviation / mean.clamp_min(1e-6)

    def _first_weight(self) -> Tensor:
        """Return the weights of the pixels in what they share: steady amplitudes count more."""
        if self.amplitude is None:
            return self.valid.float()
        return self.valid / (self.steadiness[1].square() + 0.04)

    def _promising(self) -> Tensor:
        """Return how much each pixel promises without its surroundings, by its amplitude or else by its neighbours: >= 0."""
        if self.amplitude is not None:
            return (0.5 - self.steadiness[1]).clamp_min(0) * self.valid
        alike = torch.zeros_like(self.valid, dtype=torch.float32)
        for down, right in _RINGS["similar_1"]:
            _raise(alike, self.phasor, down, right)
        return (alike.square() - 5.0 / self.dates).clamp_min(0) * self.valid

    def _residual(
        self, cells: Tensor, corrected: Tensor, weight: Tensor, reach: int, window: Window
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Return the phasors against the surroundings, how coherent these are by date, and gamma with the pixel's own in.

        ``corrected`` and ``weight`` are of ``window``, as is ``self.phasor``.
        """
        kernel = neighbourhood.triangle(reach)
        shared_by_cells = neighbourhood.shared_phase(neighbourhood.spread(cells, kernel))
        around = neighbourhood.at_pixels(shared_by_cells, self.grid, window)
        fit = (corrected.conj() * torch.sgn(around)).sum(dim=0)
        own = fit.abs() / self.dates
        around = around - box_sum(corrected * (fit * weight), GUARD) * neighbourhood.own_share(
            kernel, self.grid, window, corrected.device
        )
        return self.phasor * torch.sgn(around).conj(), around.abs(), own

    def _heights(self, residual: Tensor, trial: Optional[Tensor]) -> Tuple[Tensor, Tensor]:
        gamma, slope = fitting.best_height(residual.reshape(self.dates, -1), trial, self.search.baselines)
        return gamma.view(residual.shape[1:]), slope.view(residual.shape[1:])

    def _stability(self, residual: Tensor, quality: Tensor) -> None:
        """Gammas of the residual by several fits, dates and parts of the period."""
        found, count = self.found, self.dates
        found["gamma_narrow"], slope = self._heights(residual, self.search.narrow)
        found["gamma_wide"], wide = self._heights(residual, self.search.wide)
        flat = residual.reshape(count, -1)
        if self.search.baselines is not None:
            ones = torch.ones(1, device=flat.device)
            lifted = flat * torch.polar(ones, -wide.reshape(1, -1) * self.search.baselines[:, None])
            flat = flat * torch.polar(ones, -slope.reshape(1, -1) * self.search.baselines[:, None])
        else:
            lifted = flat
        for name, phasor, design in (
            ("motion", flat, self.search.design),
            ("season", flat, self.search.seasonal),
            ("wide", lifted, self.search.design),
        ):
            angle = fitting.residual_after(phasor, design)
            free = max(count - design.shape[1], 1)
            found[f"noise_{name}"] = (angle.square().sum(dim=0) / free).sqrt().view(self.shape)
            if name != "wide":
                cosine, sine = angle.cos().mean(dim=0), angle.sin().mean(dim=0)
                found[f"gamma_{name}"] = torch.hypot(cosine, sine).view(self.shape)
            if name == "motion":
                ordered = angle.abs().sort(dim=0).values
                found["median_angle"] = ordered[count // 2].view(self.shape)
                found["upper_angle"] = ordered[min(int(0.85 * count), count - 1)].view(self.shape)
                found["largest_angle"] = ordered[-1].view(self.shape)
        weight = quality.square()
        found["gamma_dates"] = (residual * weight).sum(dim=0).abs() / weight.sum(dim=0).clamp_min(1e-20)
        half = max(count // 2, 1)
        first, second = residual[:half].mean(dim=0).abs(), residual[half:].mean(dim=0).abs()
        found["gamma_first"], found["gamma_second"] = torch.minimum(first, second), torch.maximum(first, second)
        if self.amplitude is not None:
            amplitude = self._inside(self.amplitude)
            found["gamma_bright"] = (residual * amplitude).sum(dim=0).abs() / amplitude.sum(dim=0).clamp_min(1e-20)

    def _neighbours(self, residual: Tensor) -> None:
        """How alike the phase histories of neighbouring pixels are."""
        found = self.found
        aligned = residual * torch.sgn(residual.sum(dim=0)).conj()
        pairs = (aligned[:-1] * aligned[1:].conj()).mean(dim=0)
        found["pairs"] = pairs.abs()
        for side in (5, 21):
            found[f"pairs_{side}"] = torch.hypot(box(pairs.real, side), box(pairs.imag, side))
        near = aligned * self.found["steady"]
        near = box_sum(near, NEAR) - box_sum(near, GUARD)
        found["gamma_near"] = (aligned * torch.sgn(near).conj()).mean(dim=0).abs()
        for side in (3, 5):
            found[f"coherent_{side}"] = box_sum(aligned, side).abs().mean(dim=0) / side**2
        for name, offsets in _RINGS.items():
            largest, total = torch.zeros(self.shape, device=residual.device), torch.zeros(self.shape, device=residual.device)
            for down, right in offsets:
                _raise(largest, aligned, down, right, total)
            found[f"{name}_max"], found[f"{name}_mean"] = largest, total / (2 * len(offsets))

    def _amplitudes(self) -> None:
        """Steadiness and brightness of the amplitude; zeros where it is unknown."""
        found = self.found
        if self.amplitude is None:
            for name in _AMPLITUDE:
                found[name] = torch.zeros(self.shape, device=self.phasor.device)
            return
        amplitude, count = self._inside(self.amplitude), self.dates
        full, steadiness = self.steadiness
        floor = self._inside(full).clamp_min(1e-6)
        found["dispersion"] = self._inside(steadiness)
        half = max(count // 2, 1)
        parts = [amplitude[:half], amplitude[half:]]
        halves = [spread(part)[1] / part.mean(dim=0).clamp_min(1e-6) for part in parts]
        found["dispersion_halves"] = torch.minimum(*halves)
        logarithm = (amplitude / floor).clamp_min(1e-3).log()
        found["log_spread"] = spread(logarithm)[1]
        found["flash"] = logarithm.amax(dim=0)
        for side in BOXES:
            found[f"bright_{side}"] = (floor / self._mean_of(full, side).clamp_min(1e-6)).log()
        for side in (3, 7):
            peak = self._inside(functional.max_pool2d(full[None, None], side, 1, side // 2)[0, 0])
            found[f"peak_{side}"] = (floor / peak.clamp_min(1e-6)).log()
        found["dispersion_5"] = self._mean_of(steadiness, 5)
        found["dispersion_61"] = self._mean_of(steadiness, 61)

    def _mean_of(self, values: Tensor, side: int) -> Tensor:
        """Return the mean over the valid pixels of a window, for the core with its rim."""
        valid = self.valid.float()
        return self._inside(box(values * valid, side) / box(valid, side).clamp_min(1e-6))

    def _stacked(self, valid: Tensor) -> Tensor:
        device = valid.device
        constants = {
            "log_dates": math.log(self.dates / 20.0),
            "null_gamma": self.null[0],
            "null_narrow": self.null_narrow[0],
            "null_wide": self.null_wide[0],
            "has_baselines": float(self.search.baselines is not None),
            "has_amplitude": float(self.amplitude is not None),
            "has_season": float(self.search.seasonal.shape[1] > self.search.design.shape[1]),
        }
        made = []
        for name in FEATURES:
            if name in constants:
                made.append(torch.full(valid.shape, constants[name], device=device))
            else:
                made.append(self._cored(self.found[name]).float())
        return torch.where(valid, torch.nan_to_num(torch.stack(made)), torch.zeros((), device=device))


def _raise(largest: Tensor, phasor: Tensor, down: int, right: int, total: Optional[Tensor] = None) -> None:
    """Compare every pixel with the one ``down`` and ``right`` of it; both keep the larger likeness, and add it to ``total``."""
    rows, cols = largest.shape
    if down >= rows or abs(right) >= cols:
        return
    here = slice(0, rows - down), slice(max(-right, 0), cols - max(right, 0))
    there = slice(down, rows), slice(max(right, 0), cols - max(-right, 0))
    alike = (phasor[:, here[0], here[1]] * phasor[:, there[0], there[1]].conj()).mean(dim=0).abs()
    for part in (here, there):
        largest[part] = torch.maximum(largest[part], alike)
        if total is not None:
            total[part] += alike
