"""The method ``cc_ressiamnet``: tiles through the published network, blended, with standard errors from held-out pairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from stillpoint.models.errors import StillpointError
from stillpoint.models.offsets import smoothing
from stillpoint.models.offsets.lattice import STEP, block_sums, box_sums
from stillpoint.models.offsets.prepare import Preparation, prepared
from stillpoint.models.offsets.ressiamnet import BORDER, SiamNetwork, normalised, open_network
from stillpoint.models.offsets.search import cells, correlations
from stillpoint.models.offsets.track import FEWEST, LARGEST_ERROR, OUTLIER, SEEN, Tracked
from stillpoint.models.offsets.warping import warped
from stillpoint.models.progress import SILENT, Progress

TILE = 256
"""Pixels a side that the network sees at once, as published."""

OVERLAP = 32
"""Pixels over which the used parts of neighbouring tiles are blended."""

WINDOW = 9
"""Blocks a side of the window of the correlation: 72 px."""

MAGNITUDES = (0.25, 0.5, 1.0, 2.0)
"""Pixels: edges of the classes of the length of what the network says, for its standard errors."""

CORRELATIONS = (0.1, 0.2, 0.3, 0.45, 0.6)
"""Edges of the classes of the correlation along it."""

FEW = 150
"""Nodes below which a class takes the standard error of all lengths."""


@dataclass(frozen=True)
class Errors:
    """Standard errors by the length of what the network says, and by the correlation of the images along it.

    Attributes
    ----------
    table
        [2, magnitudes + 1, correlations + 1] pixels, along rows and columns.
    """

    table: np.ndarray

    def at(self, offsets: Tensor, peak: Tensor) -> Tensor:
        """Return standard errors [2, rows, cols] of offsets [2, rows, cols] with correlations [rows, cols]."""
        long = torch.bucketize(offsets.norm(dim=0), torch.tensor(MAGNITUDES, device=offsets.device))
        alike = torch.bucketize(peak, torch.tensor(CORRELATIONS, device=offsets.device))
        return torch.from_numpy(self.table).to(offsets)[:, long, alike]

    def to_dict(self) -> Dict[str, Any]:
        """Return the table with the edges of its classes."""
        return {"magnitudes": list(MAGNITUDES), "correlations": list(CORRELATIONS), "errors": np.round(self.table, 4).tolist()}

    @classmethod
    def of(cls, settings: Mapping[str, Any], path: Path) -> Errors:
        """Return the table of a header's settings, or raise a StillpointError."""
        try:
            table = np.array(settings["errors"], dtype=np.float32)
        except (KeyError, TypeError, ValueError):
            raise StillpointError(f"The header of {path} lacks the standard errors of the network.") from None
        if table.shape != (2, len(MAGNITUDES) + 1, len(CORRELATIONS) + 1) or not (np.isfinite(table).all() and table.min() > 0):
            raise StillpointError(f"The standard errors in the header of {path} are damaged.")
        return cls(table)


def calibrated(offsets: np.ndarray, peak: np.ndarray, errors: np.ndarray) -> Errors:
    """Return standard errors by class, from nodes whose errors are known.

    Parameters
    ----------
    offsets
        [2, nodes] pixels, by the network.
    peak
        [nodes]: correlation along them.
    errors
        [2, nodes] pixels.

    Notes
    -----
    Between what 68 % and what 95 % of the errors ask for, as the tails are longer than those of a normal distribution. A class of
    few nodes takes the error of its correlation, whatever the length; where these are few too, that of all nodes.
    """
    long, alike = np.digitize(np.hypot(*offsets), MAGNITUDES), np.digitize(peak, CORRELATIONS)
    table = np.empty((2, len(MAGNITUDES) + 1, len(CORRELATIONS) + 1), np.float32)
    for axis in range(2):
        found = np.abs(errors[axis])
        for column in range(table.shape[2]):
            beside = alike == column
            for row in range(table.shape[1]):
                choices = (beside & (long == row), beside, np.ones_like(beside))
                chosen = next((choice for choice in choices if choice.sum() >= FEW), choices[-1])
                table[axis, row, column] = _spread(found[chosen])
    return Errors(table)


def _spread(errors: np.ndarray) -> float:
    return max(float(np.sqrt(np.quantile(errors, 0.6827) * np.quantile(errors, 0.9545) / 2)), 1e-3) if errors.size else 1.0


class Opened:
    """The network with its weights and standard errors, called like :func:`stillpoint.models.offsets.track.track`.

    Attributes
    ----------
    reach
        Largest search range, pixels: what it was trained on.

    Raises
    ------
    StillpointError
        The weights are missing, damaged, or of something else.
    """

    def __init__(self, path: Path, *, device: str = "cpu") -> None:
        self.network, header = open_network(path, device=device)
        try:
            self.reach = int(header.settings["search"])
        except (KeyError, TypeError, ValueError):
            raise StillpointError(f"The header of {path} does not tell how far the network was trained to see.") from None
        self.errors = Errors.of(header.settings, path)
        self._name = path.name

    def track(
        self, reference: np.ndarray, secondary: np.ndarray, preparation: Preparation, *, search: int = 16,
        prior: Optional[np.ndarray] = None, device: Optional[torch.device] = None, progress: Progress = SILENT,
    ) -> Tracked:
        """Measure the offsets at the centres of blocks of 8 px.

        Around a prior, each tile of the secondary image is moved by the prior's median in whole pixels first.

        Raises
        ------
        StillpointError
            The search range is larger than what the network was trained on.
        """
        if search > self.reach:
            raise StillpointError(
                f"The network in {self._name} was trained on offsets up to {self.reach} px and cannot search {search} px. Take "
                f"--search {self.reach} or less (with --prior, around the offsets expected), or the method default."
            )
        place = device or torch.device("cpu")
        with torch.inference_mode():
            expected = torch.zeros((2, reference.shape[0] // STEP, reference.shape[1] // STEP), device=place)
            if prior is not None:
                expected = torch.from_numpy(np.ascontiguousarray(np.nan_to_num(prior), dtype=np.float32)).to(place)
            offsets = measured(self.network, reference, secondary, device=place, prior=expected.cpu().numpy(), progress=progress)
            peak, share, chance = alike(reference, secondary, preparation, offsets)
            sigma = self.errors.at(offsets - expected, peak)
            present = share >= FEWEST
            trusted = present & (peak > SEEN[9] * chance) & (sigma.amax(dim=0) < LARGEST_ERROR)
            trusted &= (offsets - expected).abs().amax(dim=0) <= search + 0.5
            trusted &= smoothing.misfit(offsets, trusted) <= OUTLIER
        return Tracked(offsets, sigma, peak.clamp(0, 1), trusted, present)


def alike(
    reference: np.ndarray, secondary: np.ndarray, preparation: Preparation, offsets: Tensor
) -> Tuple[Tensor, Tensor, float]:
    """Return the correlation of windows of 72 px along offsets [rows, cols], their valid share, and the scatter by chance."""
    first, here = prepared(reference, preparation.brightest[0], preparation.taps, offsets.device)
    second, there = prepared(secondary, preparation.brightest[1], preparation.taps, offsets.device)
    moved, valid = warped(second, there, offsets)
    both = here if valid is None else valid if here is None else here * valid
    ones = torch.ones_like(first) if both is None else both
    peak = correlations(first * ones, moved * ones, 0, (WINDOW,))[0, 0, 0]
    blocks = block_sums(ones, ones)
    share = box_sums(blocks, WINDOW) / box_sums(torch.full_like(blocks, STEP**2), WINDOW)
    return peak, share, cells(first, WINDOW) ** -0.5


def measured(
    network: SiamNetwork, reference: np.ndarray, secondary: np.ndarray, *, device: torch.device,
    prior: Optional[np.ndarray] = None, progress: Progress = SILENT,
) -> Tensor:
    """Return the offsets [2, rows / 8, cols / 8] at the nodes: tiles without their border, blended.

    Parameters
    ----------
    network
        Ready to be used (``eval``).
    reference, secondary
        float32 [rows, cols] amplitude, multiples of 8; NaN where missing.
    device
        Where the network is.
    prior
        Offsets expected at the nodes, pixels.
    progress
        Checked for a cancel between the tiles.
    """
    shape = reference.shape
    total = np.zeros((2, shape[0] // STEP, shape[1] // STEP), np.float64)
    weights = np.zeros(total.shape[1:], np.float64)
    used = TILE - 2 * BORDER
    ramp = _ramp(used // STEP, OVERLAP // STEP)
    for top, left in _corners((shape[0], shape[1]), used):
        progress.check()
        rows, cols = (slice(start // STEP, start // STEP + used // STEP) for start in (top, left))
        shift = np.zeros(2)
        if prior is not None:
            shift = np.round(np.median(prior[:, rows, cols].reshape(2, -1), axis=1))
        first = _window(reference, top - BORDER, left - BORDER)
        second = _window(secondary, top - BORDER + int(shift[0]), left - BORDER + int(shift[1]))
        images = torch.from_numpy(np.stack([normalised(first), normalised(second)]))[None].to(device)
        nodes = at_nodes(network(images)[..., BORDER:-BORDER, BORDER:-BORDER])[0].float().cpu().numpy()
        high, wide = (min(used // STEP, size - part.start) for size, part in zip(weights.shape, (rows, cols)))
        total[:, rows, cols] += (nodes + shift[:, None, None])[:, :high, :wide] * ramp[:high, :wide]
        weights[rows, cols] += ramp[:high, :wide]
    return torch.from_numpy((total / weights).astype(np.float32)).to(device)


def at_nodes(field: Tensor) -> Tensor:
    """Return a field [..., rows, cols] at the centres of blocks of 8 px, the mean of the four pixels round each."""
    half = STEP // 2
    parts = [field[..., half - 1 + row :: STEP, half - 1 + col :: STEP] for row in (0, 1) for col in (0, 1)]
    return torch.stack(parts).mean(dim=0)


def _corners(shape: Sequence[int], used: int) -> Iterator[Tuple[int, int]]:
    """Yield the first pixels (row, column) of the used parts of the tiles."""
    starts: List[List[int]] = []
    for length in shape:
        count = max(-(-(length - OVERLAP) // (used - OVERLAP)), 1)
        # The last tile ends with the image: one that looks into the void sees less.
        starts.append([max(min(number * (used - OVERLAP), length - used), 0) for number in range(count)])
    for top in starts[0]:
        for left in starts[1]:
            yield top, left


def _ramp(count: int, overlap: int) -> np.ndarray:
    """Return weights [count, count] of a tile's nodes: rising over the overlap at each side, 1 between."""
    place = np.arange(count) + 0.5
    axis = np.minimum(np.minimum(place, count - place) / overlap, 1.0)
    return np.outer(axis, axis)


def _window(image: np.ndarray, top: int, left: int) -> np.ndarray:
    """Return ``TILE`` x ``TILE`` pixels from a corner that may lie outside, NaN beyond the image."""
    result = np.full((TILE, TILE), np.nan, np.float32)
    rows, cols = (slice(min(max(start, 0), length), max(min(start + TILE, length), 0))
                  for start, length in zip((top, left), image.shape))  # fmt: skip
    found = image[rows, cols]
    result[rows.start - top : rows.start - top + found.shape[0], cols.start - left : cols.start - left + found.shape[1]] = found
    return result
