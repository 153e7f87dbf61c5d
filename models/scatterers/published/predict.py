"""A published network asked about a block of pixels, tile by tile, without seams and in bounded memory."""

from __future__ import annotations

from typing import Iterator, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers.observations import Observations, Verdict
from stillpoint.models.scatterers.published.networks import Network, Trained

TILE = 384
"""Side of the tiles, pixels; a multiple of the U-Net's grid. Some 350 MB at work, whatever the size of the block."""


def predict(
    model: Trained, observations: Observations, *, device: str = "cpu", progress: Progress = SILENT, tile: int = TILE
) -> Verdict:
    """Return what a published network says of every pixel.

    Parameters
    ----------
    model
        From :func:`stillpoint.models.scatterers.published.networks.open_published`, on ``device``.
    observations
        Phases of the block. Only they are read: the networks know nothing of amplitude or baselines.
    device
        Where the network is.
    progress
        Told after each tile.
    tile
        Side of the tiles, pixels.

    Returns
    -------
    Verdict
        Calibrated probability; NaN where a pixel lacks its phase at any date. The networks estimate no phase noise.

    Raises
    ------
    StillpointError
        There is no interferogram.
    """
    wanted = ordered_dates(observations)
    if not wanted.size:
        raise StillpointError("The stack has a single date, and no interferogram that the network could read. Add images.")
    scores = block_scores(
        model.network, observations.phasor, wanted, reach=model.reach, origin=observations.origin, device=device,
        progress=progress, tile=tile,
    )
    probability = model.calibration(scores, int(wanted.size)).astype(np.float32)
    probability[~observations.valid] = np.nan
    return Verdict(probability=probability, threshold=model.threshold)


def ordered_dates(observations: Observations) -> np.ndarray:
    """Return the indices of the dates other than the reference, in the order of time."""
    order = np.argsort(observations.dates, kind="stable")
    return order[order != observations.reference]


def block_scores(
    network: Network,
    phasor: np.ndarray,
    wanted: np.ndarray,
    *,
    reach: int,
    origin: Tuple[int, int] = (0, 0),
    device: str = "cpu",
    progress: Progress = SILENT,
    tile: int = TILE,
) -> np.ndarray:
    """Return the network's scores float32 [rows, cols], computed in tiles that overlap by its reach.

    Parameters
    ----------
    network
        In evaluation mode, on ``device``.
    phasor
        complex64 [dates, rows, cols]; missing values count as phase zero.
    wanted
        Indices of the dates to read, in their order.
    reach
        Pixels on each side that a tile is widened by; rounded up to the grid of the network.
    origin
        Row and column of the block in its raster: pooling joins the same pixels in every block of a raster.
    device
        Where the network is.
    progress
        Told before each tile.
    tile
        Side of the tiles, pixels.
    """
    grid = network.grid
    widen = -(-reach // grid) * grid
    rows, cols = phasor.shape[1:]
    scores = np.empty((rows, cols), np.float32)
    # Filling up to the raster's own grid at the top and left; the networks fill up the other sides.
    above, before = origin[0] % grid, origin[1] % grid
    tiles = list(_tiles(rows + above, cols + before, max(tile // grid, 1) * grid))
    with torch.inference_mode():
        for number, (top, bottom, left, right) in enumerate(tiles):
            progress(number / len(tiles), f"tile {number + 1} of {len(tiles)}")
            first_row, last_row = max(top - widen, 0), min(bottom + widen, rows + above)
            first_col, last_col = max(left - widen, 0), min(right + widen, cols + before)
            phase = np.zeros((len(wanted), last_row - first_row, last_col - first_col), np.float32)
            row_gap, col_gap = max(above - first_row, 0), max(before - first_col, 0)
            window = phasor[:, first_row + row_gap - above : last_row - above, first_col + col_gap - before : last_col - before]
            for place, index in enumerate(wanted):
                phase[place, row_gap:, col_gap:] = np.nan_to_num(np.angle(window[index]))
            found = network(torch.from_numpy(phase)[None].to(device))[0].float().cpu().numpy()
            inner = found[top - first_row : bottom - first_row, left - first_col : right - first_col]
            skip_rows, skip_cols = max(above - top, 0), max(before - left, 0)
            scores[max(top - above, 0) : bottom - above, max(left - before, 0) : right - before] = inner[skip_rows:, skip_cols:]
    return scores


def _tiles(rows: int, cols: int, side: int) -> Iterator[Tuple[int, int, int, int]]:
    """Yield top, bottom, left and right of tiles that cover ``rows`` by ``cols`` pixels."""
    for top in range(0, rows, side):
        for left in range(0, cols, side):
            yield top, min(top + side, rows), left, min(left + side, cols)
