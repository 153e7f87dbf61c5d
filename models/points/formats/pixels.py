"""Reads rasters of time series in HDF5 as points: every valid pixel is one."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.table import TO_MILLIMETRES, PointBlock, PointLayout, PointSource

_STRIPE_BYTES = 64 << 20
"""Memory for one stripe of the cube."""
COUNTED_BYTES = 64 << 20
"""Cubes up to this size have their valid pixels counted when they are opened."""

Locate = Callable[[np.ndarray, np.ndarray], Tuple[np.ndarray, np.ndarray]]


class PixelSource(PointSource):
    """A cube (epochs, rows, columns) of displacements.

    Parameters
    ----------
    file
        The open HDF5 file; closed with the source.
    cube
        The data set, shape (e, l, w), in the unit of the layout.
    order, groups
        As :func:`dates.order_dates` gives them for the cube's epochs.
    locate
        Gives x and y for arrays of rows and columns.
    images
        Attributes by name: data sets of shape (l, w).
    mask
        bool, shape (l, w), pixels to take; None takes all.
    zero_is_missing
        Whether a pixel that is zero at every epoch has no data.
    reference
        Row and column of the reference pixel, which is rightly zero.
    """

    def __init__(
        self,
        file: Any,
        layout: PointLayout,
        cube: Any,
        *,
        merge: Callable[[np.ndarray], np.ndarray],
        order: np.ndarray,
        locate: Locate,
        images: Mapping[str, Any],
        mask: Optional[np.ndarray],
        zero_is_missing: bool,
        reference: Optional[Tuple[int, int]] = None,
    ) -> None:
        self.layout = layout
        self._file = file
        self._cube = cube
        self._merge = merge
        self._order = order
        self._locate = locate
        self._images = images
        self._mask = mask
        self._zero_is_missing = zero_is_missing
        self._reference = reference

    def estimated_count(self) -> Optional[int]:
        """Return at most how many points there are."""
        if self.layout.count is not None:
            return self.layout.count
        return int(self._mask.sum()) if self._mask is not None else self._cube.shape[1] * self._cube.shape[2]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def blocks(self, rows: int = 16384) -> Iterator[PointBlock]:
        """Yield the points in order; see :meth:`PointSource.blocks`."""
        start = 0
        held: List[Dict[str, np.ndarray]] = []
        count = 0
        for stripe in self._stripes():
            held.append(stripe)
            count += len(stripe["row"])
            while count >= rows:
                joined = {name: np.concatenate([part[name] for part in held]) for name in stripe}
                yield self._block({name: values[:rows] for name, values in joined.items()}, start)
                start += rows
                count -= rows
                held = [{name: values[rows:] for name, values in joined.items()}]
        if count:
            joined = {name: np.concatenate([part[name] for part in held]) for name in held[0]}
            yield self._block(joined, start)
        elif start == 0:
            raise StillpointError(f"{self.layout.path} has no valid pixels: all are missing or masked.")

    def _stripes(self) -> Iterator[Dict[str, np.ndarray]]:
        """Yield the valid pixels of some image rows at a time."""
        epochs, length, width = self._cube.shape
        height = max(1, _STRIPE_BYTES // (epochs * width * 4))
        if self._cube.chunks:
            # A compressed chunk is unpacked whole, so stripes that cut chunks would unpack them again and again.
            tall = self._cube.chunks[1]
            height = max(height // tall, 1) * tall if tall * epochs * width * 4 <= 8 * _STRIPE_BYTES else height
        for top in range(0, length, height):
            part = slice(top, min(top + height, length))
            wanted = self._mask[part] if self._mask is not None else None
            if wanted is not None and not wanted.any():
                continue
            try:
                values = self._cube[:, part, :].astype(np.float32, copy=False)
                images = {name: image[part, :] for name, image in self._images.items()}
            except (OSError, RuntimeError) as error:
                raise damaged(self.layout.path, error) from None
            valid = np.isfinite(values).any(axis=0)
            if self._zero_is_missing:
                moving = (values != 0).any(axis=0)
                if self._reference and part.start <= self._reference[0] < part.stop:
                    moving[self._reference[0] - top, self._reference[1]] = True
                valid &= moving
            if wanted is not None:
                valid &= wanted
            at, across = np.nonzero(valid)
            if len(at):
                yield {
                    "row": (at + top).astype(np.int64),
                    "col": across.astype(np.int64),
                    "series": np.ascontiguousarray(values[:, at, across].T),
                    **{f"image {name}": image[at, across].astype(np.float64) for name, image in images.items()},
                }

    def _block(self, part: Dict[str, np.ndarray], start: int) -> PointBlock:
        x, y = self._locate(part["row"], part["col"])
        series = np.ascontiguousarray(self._merge(part["series"][:, self._order]), dtype=np.float32)
        if self.layout.unit != "mm":
            series *= np.float32(TO_MILLIMETRES[self.layout.unit])
        series[np.isinf(series)] = np.nan
        attributes = {"row": part["row"], "col": part["col"]}
        attributes.update({name: part[f"image {name}"] for name in self._images})
        return PointBlock(start, x, y, series, attributes)


def count_pixels(source: PixelSource) -> int:
    """Return the number of valid pixels by reading them all."""
    return sum(len(stripe["row"]) for stripe in source._stripes())


def sample_pixels(cube: Any, mask: Optional[np.ndarray], most: int = 400) -> np.ndarray:
    """Return the series of some valid pixels from the middle of ``cube``, float32, shape (k, e)."""
    found: List[np.ndarray] = []
    length = cube.shape[1]
    rows = sorted(range(length), key=lambda row: abs(row - length // 2))[:: max(1, length // 40)]
    for row in rows:
        values = cube[:, row, :].astype(np.float32).T
        valid = np.isfinite(values).any(axis=1) & (values != 0).any(axis=1)
        if mask is not None:
            valid &= mask[row]
        if valid.any():
            found.append(values[valid])
        if sum(map(len, found)) >= most:
            break
    return np.concatenate(found)[:most] if found else np.empty((0, cube.shape[0]), dtype=np.float32)


def on_grid(x_first: float, y_first: float, x_step: float, y_step: float, *, offset: float) -> Locate:
    """Return where rows and columns lie on a regular grid; ``offset`` is 0.5 where the first is a pixel's corner."""

    def locate(row: np.ndarray, col: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        return x_first + (col + offset) * x_step, y_first + (row + offset) * y_step

    return locate


def damaged(path: str, error: Exception) -> StillpointError:
    """Return the error for an HDF5 file that cannot be read."""
    return StillpointError(f"{path} cannot be read: {error}. It is damaged or cut off: fetch it again.")
