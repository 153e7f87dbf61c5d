"""CLAP, the combined low-pass and adaptive phase filter of Hooper et al. 2007 (appendix A), batched.

All windows of several interferograms go through one FFT. Two forms are offered: :meth:`ClapFilter.smooth`
filters the whole grid with overlapping windows; :meth:`ClapFilter.without_own` gives the filtered phase at
single cells from a window around the cell in which the cell itself is empty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, Tuple

import numpy as np
import torch

WINDOW, DATA, STEP = 32, 24, 6
"""Side of the padded window, of the data in it, and the step between two windows, cells."""

CPU_BATCH, GPU_BATCH = 512, 65_536
"""Windows in one FFT: within the cache of a processor, or enough to fill a GPU."""


@dataclass
class Smoothed:
    """The filtered grid.

    Attributes
    ----------
    phase
        complex64 [n, rows, cols], unit phasors; 0 where there is nothing.
    value
        complex64 [n, rows, cols], the filter's output before it is normalised.
    own
        float32 [n, rows, cols]; how much of a cell's input is in the same cell's ``value`` at the gains that
        were used. ``value - own * input`` is the filtered value with the cell left out (at the same gains).
    """

    phase: torch.Tensor
    value: torch.Tensor
    own: torch.Tensor

    def without_own(self, grid: torch.Tensor) -> torch.Tensor:
        """Return unit phasors of the filtered grid with each cell's own input left out at frozen gains."""
        return unit(self.value - self.own * grid)


def unit(values: torch.Tensor) -> torch.Tensor:
    """Return ``values`` divided by their length; 0 stays 0."""
    length = _length(values)
    return values / torch.where(length > 0, length, 1.0)


class ClapFilter:
    """The filter for cells of one size.

    Parameters
    ----------
    cells_per_wavelength
        Cut-off wavelength of the low pass in cells along rows and columns (800 m / 50 m = 16).
    alpha, beta
        Exponent and weight of the adaptive part.
    device
        Where the grids lie.
    """

    def __init__(
        self,
        cells_per_wavelength: Tuple[float, float] = (16.0, 16.0),
        *,
        alpha: float = 1.0,
        beta: float = 0.3,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a constant
    ) -> None:
        self.alpha, self.beta, self.device = alpha, beta, device
        self.batch = CPU_BATCH if device.type == "cpu" else GPU_BATCH
        frequency = np.fft.fftfreq(WINDOW, d=1.0)  # cycles per cell, in the order of the FFT
        rows, cols = (1.0 / (1.0 + (frequency * length) ** 10) for length in cells_per_wavelength)
        self.low_pass = torch.from_numpy(np.outer(rows, cols)).to(device, torch.float32)
        self.blur = torch.from_numpy(_blur()).to(device, torch.float32)
        self.taper = torch.from_numpy(_taper()).to(device, torch.float32)
        angle = 2.0 * math.pi * np.outer(np.arange(WINDOW), np.arange(WINDOW)) / WINDOW
        self.waves = torch.from_numpy(np.exp(1j * angle)).to(device, torch.complex64)

    def gain(self, spectrum: torch.Tensor) -> torch.Tensor:
        """Return the gain of each frequency, float32, for spectra complex64 [..., 32, 32]."""
        smooth = self.blur @ _length(spectrum) @ self.blur.T
        middle = _median(smooth.flatten(-2))[..., None, None]
        smooth = smooth / torch.where(middle > 0, middle, 1.0)
        if self.alpha != 1.0:
            smooth = smooth.pow(self.alpha)
        return (smooth - 1.0).clamp_(min=0.0).mul_(self.beta).add_(self.low_pass)

    def smooth(self, grid: torch.Tensor, *, check: Callable[[], None] = lambda: None) -> Smoothed:
        """Filter a grid complex64 [n, rows, cols] of at least 24 x 24 cells.

        Raises
        ------
        ValueError
            The grid is smaller than a window.
        """
        count, height, width = grid.shape
        if min(height, width) < DATA:
            raise ValueError(f"the grid of {height} x {width} cells is smaller than the window of {DATA}")
        value, own = torch.zeros_like(grid), torch.zeros(grid.shape, device=grid.device)
        columns = [_place(number, width) for number in range(_windows(width))]
        starts = torch.tensor([start for start, _ in columns], device=grid.device)
        reach = starts[:, None] + torch.arange(DATA, device=grid.device)
        slab = max(self.batch // len(columns), 1)
        for number in range(_windows(height)):
            top, down = _place(number, height)
            taper_rows = _shifted(self.taper, down, 0)
            for begin in range(0, count, slab):
                check()
                bands = slice(begin, min(begin + slab, count))
                bits = grid[bands, top : top + DATA][:, :, reach].permute(0, 2, 1, 3)
                spectrum = torch.fft.fft2(bits, s=(WINDOW, WINDOW))
                gain = self.gain(spectrum)
                passed = torch.fft.ifft2(spectrum * gain)[..., :DATA, :DATA]
                through = gain.mean(dim=(-2, -1))
                for place, (start, right) in enumerate(columns):
                    taper = _shifted(taper_rows, right, 1)
                    window = (bands, slice(top, top + DATA), slice(start, start + DATA))
                    value[window] += passed[:, place] * taper
                    own[window] += through[:, place, None, None] * taper
        return Smoothed(unit(value), value, own)

    def without_own(
        self, grid: torch.Tensor, cells: torch.Tensor, *, check: Callable[[], None] = lambda: None
    ) -> torch.Tensor:
        """Return the filtered phase at ``cells`` with the cell's own value left out of the window around it.

        Parameters
        ----------
        grid
            complex64 [n, rows, cols]. One with fewer than 32 cells in a direction is filled up with empty cells.
        cells
            int64 [k], flat indices of cells of ``grid``.
        check
            Called between batches; may raise to stop.

        Returns
        -------
        complex64 [k, n], unit phasors; 0 where the surroundings are empty.
        """
        count, height, width = grid.shape
        rows = torch.div(cells, width, rounding_mode="floor")
        cols = cells - rows * width
        if min(height, width) < WINDOW:
            grid = torch.nn.functional.pad(grid, (0, max(WINDOW - width, 0), 0, max(WINDOW - height, 0)))
            height, width = grid.shape[1:]
        tops = (rows - WINDOW // 2).clamp(0, height - WINDOW)
        lefts = (cols - WINDOW // 2).clamp(0, width - WINDOW)
        reach = torch.arange(WINDOW, device=grid.device)
        found = torch.empty(len(cells), count, dtype=torch.complex64, device=grid.device)
        step = max(self.batch // count, 1)
        bands = max(min(self.batch, count), 1)
        for start in range(0, len(cells), step):
            check()
            part = slice(start, min(start + step, len(cells)))
            row, col = rows[part] - tops[part], cols[part] - lefts[part]
            for begin in range(0, count, bands):
                some = slice(begin, min(begin + bands, count))
                bits = grid[some][:, (tops[part, None] + reach)[:, :, None], (lefts[part, None] + reach)[:, None, :]]
                bits[:, torch.arange(len(row), device=grid.device), row, col] = 0
                spectrum = torch.fft.fft2(bits)
                spectrum *= self.gain(spectrum)
                # Only one cell of the inverse transform is wanted: two products instead of an FFT.
                lines = (spectrum * self.waves[col][:, None, :]).sum(dim=-1)
                found[part, some] = (lines * self.waves[row]).sum(dim=-1).T
        return unit(found)


def _length(values: torch.Tensor) -> torch.Tensor:
    """Return the absolute value of complex64 ``values``; numpy's is the faster one on a processor."""
    if values.device.type == "cpu":
        return torch.from_numpy(np.abs(values.resolve_conj().numpy()))
    return values.abs()


def _windows(length: int) -> int:
    """Return how many windows cover ``length`` cells."""
    return max(-(-length // STEP) - 3, 1)


def _place(number: int, length: int) -> Tuple[int, int]:
    """Return the first cell of window ``number`` and how far it had to be shifted inwards."""
    shift = max(number * STEP + DATA - length, 0)
    return number * STEP - shift, shift


def _shifted(taper: torch.Tensor, shift: int, axis: int) -> torch.Tensor:
    """Return ``taper`` [24, 24] shifted by ``shift`` cells along ``axis``, zeros moving in."""
    if shift == 0:
        return taper
    moved = torch.zeros_like(taper)
    if axis == 0:
        moved[shift:] = taper[: DATA - shift]
    else:
        moved[:, shift:] = taper[:, : DATA - shift]
    return moved


def _taper() -> np.ndarray:
    """Return the pyramid that weights the output of a window, [24, 24]."""
    rise = np.arange(DATA // 2, dtype=np.float64)
    quarter = rise[:, None] + rise[None, :]
    half = np.hstack([quarter, quarter[:, ::-1]])
    return np.vstack([half, half[::-1]]) + 1e-6


def gaussian(samples: int = 7, alpha: float = 2.5) -> np.ndarray:
    """Return a Gaussian window of ``samples`` whose ends lie ``alpha`` standard deviations from its middle."""
    half = (samples - 1) / 2.0
    return np.exp(-0.5 * (alpha * (np.arange(samples) - half) / half) ** 2)


def _blur() -> np.ndarray:
    """Return the matrix [32, 32] that smooths a spectrum in the FFT's order along one axis with zeros outside."""
    weights = gaussian()
    ordered = np.zeros((WINDOW, WINDOW))
    for offset in range(-3, 4):
        ordered += np.diag(np.full(WINDOW - abs(offset), weights[offset + 3]), offset)
    order = np.fft.fftshift(np.arange(WINDOW))
    blur = np.zeros((WINDOW, WINDOW))
    blur[np.ix_(order, order)] = ordered
    return blur


def _median(values: torch.Tensor) -> torch.Tensor:
    """Return the median of the last, even-sized axis: the mean of the two in the middle."""
    half = values.shape[-1] // 2
    if values.device.type == "cpu":
        flat = np.partition(values.numpy(), (half - 1, half), axis=-1)
        return torch.from_numpy(0.5 * (flat[..., half - 1] + flat[..., half]))
    ordered = values.sort(dim=-1).values
    return 0.5 * (ordered[..., half - 1] + ordered[..., half])
