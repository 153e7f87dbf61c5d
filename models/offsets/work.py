"""Tiles of a pair of images as pieces of work: tracked here or on a cluster."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.executors import KeptWork, quarters
from stillpoint.models.learning import devices
from stillpoint.models.offsets import nodes
from stillpoint.models.offsets.images import Image
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.offsets.methods import MARGIN, Method, open_method
from stillpoint.models.offsets.prepare import Preparation
from stillpoint.models.offsets.priors import Prior
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.tiles import Tile, mark_of, tiles

SIDE = 1024
"""Pixels a side of a tile without its margin."""

LEAST_SIDE = 256
"""Pixels a side that a tile keeps however little memory there is: its margin is larger by then."""

ALIGNED = 128
"""Tiles and margins are multiples of this, so that the nodes of all tiles and searches lie at the same places."""

BANDS = 5
"""Bands a pair: two offsets, two standard errors, the correlation peak."""

BYTES_A_PIXEL = 220
"""Memory at work for each pixel of a tile with its margin."""

Pair = Tuple[Image, Image]


@dataclass(frozen=True)
class Part:
    """A tile of the images, and the nodes of the result that lie in it."""

    tile: Tile
    rows: slice
    cols: slice


@dataclass
class TrackingWork(KeptWork[Part]):
    """Tracks tiles of a pair.

    Attributes
    ----------
    pair
        The images.
    preparation
        What was learnt of both.
    nodes
        Rows and columns of nodes of the result.
    spacing, search, outliers, method, model
        As in the job.
    device
        Where a network computes.
    prior
        Path, geotransform and projection (of the images) of expected offsets; None without.
    virtual
        Virtual rasters in memory that an image is read through, by path.
    """

    pair: Pair
    preparation: Preparation
    nodes: Tuple[int, int]
    spacing: int
    search: int
    outliers: str
    method: str
    model: Optional[str]
    device: str
    prior: Optional[Tuple[str, Sequence[float], str]] = None
    virtual: Dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.model and os.path.exists(self.model):
            self.model = os.path.abspath(self.model)  # a worker has another current folder
        if self.prior and os.path.exists(self.prior[0]):
            self.prior = (os.path.abspath(self.prior[0]), *self.prior[1:])

    def open(self, check: Callable[[], None]) -> Tuple[Method, Optional[Prior]]:
        """Return the method with its weights, and the prior."""
        for path, text in self.virtual.items():
            if gdal.VSIStatL(path) is None:
                gdal.FileFromMemBuffer(path, text)
        device = "cpu" if self.device == "cpu" else str(devices.pick(self.device))
        return open_method(self.method, model=self.model, device=device), Prior(*self.prior) if self.prior else None

    def files(self) -> Sequence[str]:
        """Return the files of the images, of the model and of the prior."""
        given = [path for path in (self.model, self.prior[0] if self.prior else None) if path]
        return [*dict.fromkeys(path for image in self.pair for path in image.stack.files()), *given]

    def parts(self, side: int = SIDE) -> List[Part]:
        """Return the images in tiles, without those that hold no node."""
        return self._with_nodes(tiles(self.pair[0].stack.shape, side))

    def _with_nodes(self, found: Iterable[Tile]) -> List[Part]:
        shape = self.pair[0].stack.shape
        made = []
        for tile in found:
            rows, cols = (
                nodes.inside(part.start, part.stop if part.stop < length else 2 * length, self.spacing, count)
                for part, count, length in zip((tile.rows, tile.cols), self.nodes, shape)
            )
            if rows.stop > rows.start and cols.stop > cols.start:
                made.append(Part(tile, rows, cols))
        return made

    def mark(self, item: Part) -> str:
        """Return the bands of the pair, and rows and columns of a tile."""
        first, second = (image.band.number for image in self.pair)
        return f"b{first}-{second}-{mark_of(item.tile)}"

    def packed(self, found: np.ndarray) -> Dict[str, np.ndarray]:
        """Return the bands of a tile."""
        return {"bands": found}

    def unpacked(self, arrays: Dict[str, np.ndarray]) -> np.ndarray:
        """Return the bands of a tile."""
        return arrays["bands"]

    def pixels(self, item: Part) -> int:
        """Return how many pixels of an image are read for a tile, where the offsets that are expected are nearly alike."""
        margin = -(-(MARGIN + self.search) // ALIGNED) * ALIGNED
        high, wide = (part.stop - part.start + 2 * margin for part in (item.tile.rows, item.tile.cols))
        return min(high, self.pair[0].stack.shape[0]) * min(wide, self.pair[0].stack.shape[1])

    def smaller(self, item: Part) -> List[Part]:
        """Return a tile as up to four."""
        return self._with_nodes(quarters(item.tile, self.pair[0].stack.shape, least=LEAST_SIDE, multiple=ALIGNED))

    def _windows(self, tile: Tile, prior: Optional[Prior]) -> Tuple[slice, slice, int]:
        """Return rows and columns that are read for a tile, and the search range within them."""
        reach = self.search
        if prior is not None:
            high, wide = -(-(tile.rows.stop - tile.rows.start) // STEP), -(-(tile.cols.stop - tile.cols.start) // STEP)
            reach += min(int(np.abs(prior.at(tile.rows.start, tile.cols.start, high, wide)).max()) + 1, 4 * SIDE)
        margin = -(-(MARGIN + reach) // ALIGNED) * ALIGNED
        windows = []
        for part, length in zip((tile.rows, tile.cols), self.pair[0].stack.shape):
            start = max(part.start - margin, 0)
            stop = min(-(-part.stop // STEP) * STEP + margin, -(-length // STEP) * STEP)
            windows.append(slice(start, max(stop, start + 2 * STEP)))
        return windows[0], windows[1], reach

    def read(self, parcel: Part) -> Tuple[List[np.ndarray], Optional[np.ndarray]]:
        """Return both images round a tile, and the offsets that are expected there."""
        prior = self.opened[1]
        rows, cols, _ = self._windows(parcel.tile, prior)
        expected = None
        if prior is not None:
            expected = prior.at(rows.start, cols.start, (rows.stop - rows.start) // STEP, (cols.stop - cols.start) // STEP)
        return [image.read(rows, cols) for image in self.pair], expected

    def compute(self, parcel: Part, values: Tuple[List[np.ndarray], Optional[np.ndarray]], progress: Progress) -> np.ndarray:
        """Return the bands of a tile in pixels, columns first: float32 [5, rows, cols]."""
        method, prior = self.opened
        images, expected = values
        rows, cols, reach = self._windows(parcel.tile, prior)
        target = parcel.rows, parcel.cols
        if not all(np.isfinite(image).any() for image in images):
            return np.full((BANDS, target[0].stop - target[0].start, target[1].stop - target[1].start), np.nan, np.float32)
        found = method.track(
            *images, self.preparation, search=reach if prior is None else self.search, prior=expected, progress=progress
        )
        bands = np.concatenate(
            [found.offsets.flip(0).cpu().numpy(), found.sigma.flip(0).cpu().numpy(), found.peak.cpu().numpy()[None]]
        ).astype(np.float32)
        keep = found.present if self.outliers == "keep" else found.trusted
        bands[:, ~keep.cpu().numpy()] = np.nan
        return nodes.sampled(bands, *target, self.spacing, rows.start, cols.start)


def side_for(memory: float, threads: int, search: int) -> int:
    """Return the pixels a side of a tile: as large as is quick, smaller where memory is short."""
    margin = -(-(MARGIN + search) // ALIGNED) * ALIGNED
    room = (memory / threads / BYTES_A_PIXEL) ** 0.5 - 2 * margin
    return int(min(max(room // ALIGNED * ALIGNED, LEAST_SIDE), SIDE))
