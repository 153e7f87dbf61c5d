"""Maps of a selection on the grid of the stack: the weights of all pixels, and the velocity with and without what was dropped."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.reading import Reading
from stillpoint.models.interferograms.reducing import enlarged
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.stack import Stack
from stillpoint.models.rasters.tiles import tiles
from stillpoint.models.rasters.writing import StackWriter

VELOCITIES = ("Velocity, all interferograms (mm/yr)", "Velocity, kept interferograms (mm/yr)", "Kept minus all (mm/yr)")
"""Names of the bands of a velocity map."""

TOWARDS = {"reference-secondary": -1, "secondary-reference": 1}
"""By the convention of the phase: the sign that makes velocities positive towards the satellite."""

_FAINTEST = 0.01
"""Least weight in a velocity, so that no pixel loses dates by its weights."""

_VALUES = 24 << 20
_SIDE = 256


def check_map(path: str, name: str) -> None:
    """Raise a StillpointError where ``path`` is no GeoTIFF; ``name`` is what it is for."""
    if not path.lower().endswith((".tif", ".tiff")):
        raise StillpointError(f"{name} {path} cannot be written: it is a GeoTIFF file (.tif).")


def _writer(path: str, stack: Stack, bands: Sequence[Band], extra: Dict[str, str]) -> StackWriter:
    known = "ROW_SPACING" in stack.metadata
    return StackWriter(
        path, bands, stack.shape, geotransform=stack.geotransform, projection=stack.projection, wavelength=stack.wavelength,
        incidence_angle=stack.incidence_angle, heading=stack.heading, spacing_m=stack.spacing_m if known else None, extra=extra,
    )


def _windows(stack: Stack, bands: int) -> List[Tuple[slice, slice]]:
    """Return windows over the raster as wide as memory allows, of rows and columns that blocks of files mostly have."""
    wide = max(_VALUES // (_SIDE * bands) // _SIDE, 1) * _SIDE
    return [(tile.rows, tile.cols) for tile in tiles(stack.shape, (_SIDE, wide))]


def write_weights(
    path: str, stack: Stack, reading: Reading, weights: np.ndarray, *, extra: Dict[str, str], progress: Progress = SILENT
) -> StackWriter:
    """Write the weights of every interferogram on the grid of the stack, and return the writer, which is not closed yet.

    Parameters
    ----------
    path
        GeoTIFF.
    stack, reading
        The stack, and what was read of it.
    weights
        float32 [pairs, rows, cols] on the reduced grid, 0..1; NaN counts as 0.
    extra
        Metadata items.
    progress
        Progress.
    """
    bands = []
    for index, band in enumerate(reading.bands, start=1):
        first, second = band.pair or (None, None)
        bands.append(Band(index, "weight", None, first, second, description=f"Weight {band.label}"))
    writer = _writer(path, stack, bands, extra)
    try:
        for index, image in enumerate(weights):
            progress(index / len(weights), "Writing weights")
            filled = np.clip(np.nan_to_num(image), 0.0, 1.0).astype(np.float32)
            for rows, cols in _windows(stack, 1):
                writer.write(enlarged(filled, reading.factor, rows, cols)[None], rows, cols, [index + 1])
    except BaseException:
        writer.discard()
        raise
    return writer


def check_velocity(stack: Stack) -> None:
    """Raise a StillpointError where the interferograms of ``stack`` give no velocity."""
    if stack.quantity != "unwrapped":
        raise StillpointError(
            f"A velocity needs unwrapped phase, and {stack.path} holds {stack.quantity}. Leave the velocity empty."
        )
    if stack.wavelength is None:
        raise StillpointError(
            f"A velocity needs the wavelength of the radar, and {stack.path} does not tell it. Make the stack with open-stack and "
            "its option wavelength, or set the item WAVELENGTH of the stack in metres."
        )


def write_velocity(
    path: str, stack: Stack, reading: Reading, keep: np.ndarray, *, weights: Optional[np.ndarray] = None, extra: Dict[str, str],
    progress: Progress = SILENT,
) -> Tuple[StackWriter, Dict[str, float]]:  # fmt: skip
    """Write the velocity by all interferograms, by the kept ones, and their difference; see :data:`VELOCITIES`.

    Parameters
    ----------
    path
        GeoTIFF.
    stack, reading
        The stack, and what was read of it.
    keep
        bool [pairs].
    weights
        float32 [pairs, rows, cols] on the reduced grid, 0..1: how much each pixel of the kept interferograms counts; all alike
        where None. Those by all interferograms always count alike, as without a selection.
    extra
        Metadata items.
    progress
        Progress.

    Returns
    -------
    writer
        Not closed yet.
    figures
        ``change``: root mean square of the difference in mm/yr.
    """
    from stillpoint.models.rasters.inversion import invert, velocity

    check_velocity(stack)
    wavelength = float(stack.wavelength or 0.0)
    sign = TOWARDS.get(stack.metadata.get("PHASE_CONVENTION", "").strip().lower(), -1)
    network, some = reading.network, np.array([not why for why in reading.empty])
    bands = [Band(number, "velocity", description=name) for number, name in enumerate(VELOCITIES, start=1)]
    writer = _writer(path, stack, bands, extra)
    squares, count = 0.0, 0
    windows = _windows(stack, len(reading.bands))
    try:
        for index, (rows, cols) in enumerate(windows):
            progress(index / len(windows), "Velocity")
            phase = stack.read(rows, cols)
            phase[phase == 0] = np.nan
            phase[reading.swapped] *= -1
            phase -= reading.levels[:, None, None]
            maps = []
            trust = None if weights is None else np.stack([
                enlarged(np.clip(np.nan_to_num(image), _FAINTEST, 1.0).astype(np.float32), reading.factor, rows, cols)
                for image in weights
            ])  # fmt: skip
            for chosen, each in ((some, None), (keep & some, trust)):
                series = invert(phase, network.dates, network.pairs, keep=chosen, weights=each)
                progress.check()
                maps.append(velocity(series, network.dates, wavelength=wavelength, sign=sign))
            maps.append(maps[1] - maps[0])
            change = maps[2][np.isfinite(maps[2])]
            squares, count = squares + float(np.square(change, dtype=np.float64).sum()), count + change.size
            writer.write(np.stack(maps), rows, cols)
    except BaseException:
        writer.discard()
        raise
    return writer, {"change": (squares / count) ** 0.5 if count else float("nan")}
