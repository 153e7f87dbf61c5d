"""Pairs of the user's with known offsets: tiles of them to learn from, to stop by and to test, apart from each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeTraining
from stillpoint.models.learning import splits
from stillpoint.models.learning.splits import PARTS, Part, Plan
from stillpoint.models.offsets.images import open_images
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.points.places import placed, quiet_gdal
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import Stack, open_raster

SIDE = 256
"""Pixels a side of a tile, as of a simulated pair."""

GAP = 72
"""Pixels between two tiles: half of the largest window that an offset is measured with."""

LEAST_KNOWN = 0.05
"""Share of the pixels of a tile whose offsets must be known."""

MOST_TILES = 120
CORRELATION, TRUTH = "correlation", "truth"


@dataclass(frozen=True)
class Tile:
    """A tile of a pair with its known offsets.

    Attributes
    ----------
    name
        For people.
    part
        0 train, 1 validation, 2 test.
    reference, secondary
        float32 [SIDE, SIDE] amplitude, NaN where missing.
    truth
        float32 [2, SIDE, SIDE] pixels along rows and columns, NaN where unknown; all NaN where correlation labels.
    ring
        Its place on the map; None where the images have none.
    """

    name: str
    part: int
    reference: np.ndarray
    secondary: np.ndarray
    truth: np.ndarray
    ring: Optional[List[List[float]]]


def plan(job: DescribeTraining, progress: Progress) -> Plan:
    """Return what a training would learn from."""
    return gather(job, progress)[1]


def gather(job: DescribeTraining, progress: Progress) -> Tuple[List[Tile], Plan]:
    """Return the tiles of the user's pairs with their parts, and the same for people.

    Raises
    ------
    StillpointError
        Images or labels cannot be used, or are too small to be split.
    """
    labels = job.labels or TRUTH
    if labels == CORRELATION and job.network == "default":
        raise StillpointError(
            "The default network weighs what correlation measures, so correlation cannot teach it: name rasters with known offsets."
        )
    notes: List[str] = []
    found: List[Tuple[str, str, np.ndarray, np.ndarray, np.ndarray, Optional[List[List[float]]]]] = []
    pairs = paired(job.data or ())
    for number, (first, second) in enumerate(pairs):
        progress(number / len(pairs), f"Reading {Path(first).name}")
        kept: Dict[str, str] = {}
        reference, secondary = open_images(first, second, align="refuse", notes=notes, kept=kept)[0]
        shape = reference.stack.shape
        offsets = None if labels == CORRELATION else known_offsets(_field_of(labels, first), reference.stack)
        crs = reference.stack.projection
        for rows, cols in _places(shape):
            images = reference.read(rows, cols), secondary.read(rows, cols)
            both = np.isfinite(images[0]) & np.isfinite(images[1])
            truth = np.full((2, SIDE, SIDE), np.nan, np.float32) if offsets is None else offsets[:, rows, cols].astype(np.float32)
            known = both if offsets is None else both & np.isfinite(truth).all(axis=0)
            if known.mean() < LEAST_KNOWN:
                continue
            ring = splits.corners(reference.stack.geotransform, (rows.start, rows.stop), (cols.start, cols.stop)) if crs else None
            place = f"{Path(first).name}, rows {rows.start + 1} to {rows.stop}, columns {cols.start + 1} to {cols.stop}"
            found.append((place, crs, images[0], images[1], truth, ring))
    if len(found) < len(PARTS):
        raise StillpointError(
            f"The pairs have {len(found)} tile{'s' * (len(found) != 1)} of {SIDE} x {SIDE} pixels with known offsets, {GAP} pixels "
            f"apart; at least {len(PARTS)} are needed, to learn from, to stop by and to test. Give larger images, or more pairs."
        )
    if len(found) > MOST_TILES:
        rng = np.random.default_rng([job.seed, 96])
        notes.append(f"Of {len(found)} tiles {MOST_TILES} are used, drawn at random.")
        found = [found[place] for place in np.sort(rng.permutation(len(found))[:MOST_TILES])]
    counts = np.array([_classes(truth, labels) for _, _, _, _, truth, _ in found])
    parts = splits.deal(counts, seed=job.seed)
    if parts is None:
        parts = np.resize([0, 1, 2], len(found))
    first_crs = found[0][1]
    tiles, told = [], []
    for (name, crs, one, two, truth, ring), part, count in zip(found, parts, counts):
        shown = ring if crs == first_crs else None
        tiles.append(Tile(name, int(part), one, two, truth, shown))
        told.append(Part(PARTS[part], name, int(count.sum()), dict(zip(("still", "moving"), (int(each) for each in count))), shown))
    return tiles, Plan(told, first_crs, notes)


def paired(data: Sequence[str]) -> List[Tuple[str, Optional[str]]]:
    """Return the pairs that files make: a file with several bands is one, files with a single band make one two by two.

    Raises
    ------
    StillpointError
        A single image is left over.
    """
    pairs: List[Tuple[str, Optional[str]]] = []
    waiting: Optional[str] = None
    for path in data:
        if waiting is None and len(Stack(path)) > 1:
            pairs.append((path, None))
        elif waiting is None:
            waiting = path
        else:
            pairs.append((waiting, path))
            waiting = None
    if waiting is not None:
        raise StillpointError(f"{waiting} has no secondary image: give images two by two - reference, secondary, reference ...")
    return pairs


def _field_of(labels: str, reference: str) -> str:
    """Return the raster with the known offsets of a pair."""
    path = Path(reference)
    if labels == TRUTH:
        found = path.with_name(f"{path.stem}_truth{path.suffix}")
        if not found.is_file():
            raise StillpointError(
                f"Beside {reference} lies no {found.name}, so it is no simulated pair with its truth. Name rasters of its offsets."
            )
        return str(found)
    if Path(labels).is_dir():
        beside = sorted(each for each in Path(labels).iterdir() if each.stem in (path.stem, f"{path.stem}_offsets"))
        if not beside:
            raise StillpointError(f"The folder {labels} holds no offsets named like {path.name}.")
        return str(beside[0])
    if not Path(labels).is_file():
        raise StillpointError(f"There are no labels {labels}. Name a raster with range and azimuth offsets, truth, or correlation.")
    return labels


def known_offsets(path: str, images: Stack) -> np.ndarray:
    """Return offsets float32 [2, rows, cols] along rows and columns, pixels, on the grid of the images; NaN where unknown.

    Parameters
    ----------
    path
        Raster: range (or x) and azimuth (or y) offsets in pixels in its first two bands, on the grid of the images, or with every
        n-th of their pixels, as ``track-offsets`` writes it.
    images
        The reference image.

    Raises
    ------
    StillpointError
        It has one band, is in metres, lies elsewhere, or knows nothing.
    """
    dataset = open_raster(path)
    if dataset.RasterCount < 2:
        raise StillpointError(f"{path} has one band: offsets need two, range (columns) and azimuth (rows).")
    bands = [dataset.GetRasterBand(number) for number in (1, 2)]
    for band in bands:
        unit = (band.GetMetadataItem("UNIT") or band.GetUnitType() or "").strip().lower()
        named = any(f"({each})" in (band.GetDescription() or "") for each in ("m", "m/day"))
        if named or unit in ("m", "m/day", "metre", "metres"):
            raise StillpointError(f"The offsets in {path} are in metres; the network learns pixels. Track with --units pixels.")
    values = np.stack([_values(band, path) for band in bands])
    place = placed(dataset) or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    shape, same = values.shape[1:], bool(images.projection and dataset.GetProjection())
    step = place[1] / images.geotransform[1]
    corner = (
        (place[0] - images.geotransform[0]) / images.geotransform[1], (place[3] - images.geotransform[3]) / images.geotransform[5]
    )
    if shape == images.shape and (not same or max(abs(part) for part in corner) < 0.5):
        step, corner = 1.0, (0.0, 0.0)
    elif not same or not 1 <= step <= 256 or abs(corner[0]) > 2 * step or abs(corner[1]) > 2 * step:
        raise StillpointError(
            f"The offsets {path} ({shape[0]} x {shape[1]}) do not lie on the images {images.path} ({images.shape[0]} x "
            f"{images.shape[1]}): give them on the grid of the images, or as track-offsets writes them."
        )
    rows = np.floor((np.arange(images.shape[0]) + 0.5 - corner[1]) / step).astype(int)
    cols = np.floor((np.arange(images.shape[1]) + 0.5 - corner[0]) / step).astype(int)
    inside = ((rows >= 0) & (rows < values.shape[1]))[:, None] & ((cols >= 0) & (cols < values.shape[2]))[None]
    near = values[:, np.clip(rows, 0, values.shape[1] - 1)][:, :, np.clip(cols, 0, values.shape[2] - 1)]
    known = np.where(inside, near[::-1], np.float32(np.nan))
    if not np.isfinite(known).all(axis=0).any():
        raise StillpointError(f"{path} knows no offset anywhere: all of it is missing.")
    return known.astype(np.float32)


def _values(band: gdal.Band, path: str) -> np.ndarray:
    """Return a band as float32, NaN where it has no data."""
    with quiet_gdal():
        try:
            values = band.ReadAsArray()
        except RuntimeError:
            values = None
    if values is None:
        raise StillpointError(f"The offsets {path} cannot be read: the file is damaged or truncated.")
    values = values.astype(np.float32)
    missing = band.GetNoDataValue()
    if missing is not None and np.isfinite(missing):
        values[values == np.float32(missing)] = np.nan
    return values


def _places(shape: Tuple[int, int]) -> List[Tuple[slice, slice]]:
    """Return the windows of the tiles."""
    rows, cols = (range(0, max(edge - SIDE, -1) + 1, SIDE + GAP) for edge in shape)
    return [(slice(row, row + SIDE), slice(col, col + SIDE)) for row in rows for col in cols]


def _classes(truth: np.ndarray, labels: str) -> List[int]:
    """Return how many nodes of a tile stand still and how many move by 0.4 px or more."""
    nodes = truth[:, STEP // 2 :: STEP, STEP // 2 :: STEP]
    if labels == CORRELATION:
        return [nodes.shape[1] * nodes.shape[2], 0]
    known = np.isfinite(nodes).all(axis=0)
    moving = known & (np.abs(np.nan_to_num(nodes)).max(axis=0) >= 0.4)
    return [int((known & ~moving).sum()), int(moving.sum())]
