"""Pictures with labels from real interferograms: the measured data that the picture classifier learns from and is judged by.

Two public data sets, where they are at hand (the variable ``STILLPOINT_DATA`` names their folder); they are not part of Stillpoint:

* ``houston-s1-psps``: 92 wrapped Sentinel-1 interferograms of one reference date, from clean 12-day fringes to complete
  decorrelation, shown as they are and unwrapped here. Patches are labelled by the median of the coherence, which was derived from
  the amplitudes and the magnitude of the interferogram, not from the phase that the picture shows. Pairs between two dates near
  the reference, both before or both after it, are formed too.
* ``mexico-city-s1-pyrate``: 30 unwrapped Sentinel-1 interferograms, all of fair to good quality.

What learns, tunes and judges is kept apart by date *and* by region.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal
from scipy.ndimage import uniform_filter

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import render
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.simulation.network_unwrapping import unwrap_tree

HOUSTON, MEXICO = "houston-s1-psps", "mexico-city-s1-pyrate"

CLEAR_HIGH, CLEAR_LOW = 0.15, 0.12
"""Median coherence of a Houston patch from which on it is of high quality, and below which of low; its floor in pure noise is
0.10."""

CLEAR_UNWRAPPED = 0.25
"""The same for a patch that is unwrapped."""

NEAR = 48
"""Days: a pair of two dates is formed from their interferograms with the reference date only where both lie as near to it."""

TRAIN_ROWS, TUNING_ROWS, JUDGING_ROWS = (0, 232), (240, 352), (360, 600)
"""Regions of Houston."""

_REFERENCE = "20180115"
_MEXICO_MIDDLE = "20180418"
"""Pairs of Mexico City before it are learnt from, later ones judge."""


@dataclass(frozen=True)
class Pictures:
    """Rendered interferograms with labels.

    Attributes
    ----------
    images
        uint8 [n, 3, side, side].
    good
        float32 [n]: 1 high quality, 0 low, NaN where in between (never learnt from).
    unwrapped
        bool [n].
    kinds
        What each is, in words.
    groups
        int64 [n]: pictures of one group (stack, place) are never split between parts.
    """

    images: np.ndarray
    good: np.ndarray
    unwrapped: np.ndarray
    kinds: Tuple[str, ...]
    groups: np.ndarray

    def __len__(self) -> int:
        return len(self.images)

    def take(self, index: np.ndarray) -> Pictures:
        """Return the pictures that ``index`` (of any numpy kind) picks."""
        numbers = np.arange(len(self))[index]
        kinds = tuple(self.kinds[number] for number in numbers)
        return Pictures(self.images[numbers], self.good[numbers], self.unwrapped[numbers], kinds, self.groups[numbers])


Row = Tuple[np.ndarray, float, bool, str, int]


def gathered(rows: Sequence[Row], side: int) -> Pictures:
    """Return pictures from rows of image, label, whether unwrapped, kind and group."""
    images = np.stack([row[0] for row in rows]) if rows else np.zeros((0, 3, side, side), np.uint8)
    return Pictures(
        images,
        np.array([row[1] for row in rows], np.float32),
        np.array([row[2] for row in rows], bool),
        tuple(row[3] for row in rows),
        np.array([row[4] for row in rows], np.int64),
    )


def joined(parts: Sequence[Pictures]) -> Pictures:
    """Return several sets of pictures of one size as one."""
    return Pictures(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.good for part in parts]),
        np.concatenate([part.unwrapped for part in parts]),
        tuple(kind for part in parts for kind in part.kinds),
        np.concatenate([part.groups for part in parts]),
    )


def real_folder() -> Optional[Path]:
    """Return the folder of real data that ``STILLPOINT_DATA`` names; None where there is none."""
    named = os.environ.get("STILLPOINT_DATA", "")
    return Path(named) if named and Path(named).is_dir() else None


def label(coherence: np.ndarray) -> float:
    """Return 1 (high quality), 0 (low) or NaN (in between) of the coherence of a Houston patch."""
    median = float(np.median(coherence))
    return 1.0 if median >= CLEAR_HIGH else 0.0 if median < CLEAR_LOW else float("nan")


def _views(phase: np.ndarray, quality: np.ndarray, kind: str, group: int, side: int) -> List[Row]:
    """Return a Houston patch as two pictures: wrapped, as it is, and unwrapped along its most reliable paths.

    Unwrapping goes wrong in places long before the fringes are lost, so an unwrapped patch is surely of high quality only from
    :data:`CLEAR_UNWRAPPED` on.
    """
    wrapped, coherence = label(quality), float(np.median(quality))
    unwrapped = 1.0 if coherence >= CLEAR_UNWRAPPED else 0.0 if wrapped == 0 else float("nan")
    turned = unwrap_tree(phase, np.isfinite(phase))
    return [
        (render.picture(phase, unwrapped=False, side=side), wrapped, False, f"Houston {kind}, wrapped", group),
        (render.picture(turned, unwrapped=True, side=side), unwrapped, True, f"Houston {kind}, unwrapped", group),
    ]


def local_agreement(phase: np.ndarray) -> np.ndarray:
    """Return |mean of exp(i phase)| over 5 x 5 pixels, [rows, cols] (Houston's second statistic; 0.18 in pure noise)."""
    turned = np.exp(1j * phase)
    return np.hypot(uniform_filter(turned.real, 5), uniform_filter(turned.imag, 5)).astype(np.float32)


@dataclass(frozen=True)
class Scene:
    """Real interferograms of one place.

    Attributes
    ----------
    phase
        float32 [pairs, rows, cols], radians, NaN where missing.
    quality
        float32 [pairs, rows, cols]: coherence, on the scale of :func:`label`.
    days
        (first date, second date) of each pair, as YYYYMMDD.
    formed
        bool [pairs]: formed of two others.
    """

    phase: np.ndarray
    quality: np.ndarray
    days: List[Tuple[str, str]]
    formed: np.ndarray

    def later(self) -> np.ndarray:
        """Return which pairs of Houston begin at the reference date or after it, bool [pairs]; the others end at it or before."""
        return np.array([first >= _REFERENCE for first, _ in self.days])


def _read(path: Path) -> np.ndarray:
    with quiet_gdal():
        dataset = gdal.Open(str(path))
        values = None if dataset is None else dataset.ReadAsArray()
    if values is None:
        raise StillpointError(f"{path} cannot be read as a raster. Fetch the data set again, or unset STILLPOINT_DATA.")
    return np.asarray(values)


def _date(text: str) -> np.datetime64:
    return np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:]}", "D")


def read_houston(folder: Path) -> Scene:
    """Return Houston's interferograms, and the pairs that two dates near the reference, both before or both after it, form.

    Of a formed pair no coherence was measured; the agreement of its phase with the neighbours stands for it, on the scale that
    it has in the measured pairs (0.57 and 0.4 there where the coherence is 0.15 and 0.12). Such pairs are for learning only.

    Raises
    ------
    StillpointError
        A file cannot be read.
    """
    root = folder / HOUSTON
    files = sorted((root / "ifg").glob("*.diff_pha.tif"))
    days = [(path.name[:8], path.name[9:17]) for path in files]
    phase = [_read(path).astype(np.float32) for path in files]
    quality = [_read(root / "coh" / f"{one}_{two}.cc.tif").astype(np.float32) / 255 for one, two in days]
    measured = len(days)
    for after in (False, True):
        dates = {(two if after else one): number for number, (one, two) in enumerate(days) if (one == _REFERENCE) == after}
        near = sorted(day for day in dates if abs(int((_date(day) - _date(_REFERENCE)).astype(int))) <= NEAR)
        for index, first in enumerate(near):
            for second in near[index + 1 :]:
                turn = phase[dates[second]] - phase[dates[first]]
                days.append((first, second))
                phase.append(np.angle(np.exp(1j * (turn if after else -turn))).astype(np.float32))
                agreement = local_agreement(phase[-1])
                quality.append(np.interp(agreement, (0.18, 0.4, 0.57, 0.95), (0.1, 0.12, 0.15, 0.4)).astype(np.float32))
    return Scene(np.stack(phase), np.stack(quality), days, np.arange(len(days)) >= measured)


def houston_tiles(scene: Scene, part: str, *, side: int, size: Tuple[int, int] = (80, 95)) -> Pictures:
    """Return the patches of a part on a regular grid.

    Parameters
    ----------
    scene
        From :func:`read_houston`.
    part
        ``"tuning"``: the middle, pairs before the reference date; ``"judging"``: the south, pairs after it.
    side
        Of the pictures.
    size
        Rows and columns of a patch.
    """
    first, last = TUNING_ROWS if part == "tuning" else JUDGING_ROWS
    chosen = np.flatnonzero((scene.later() == (part == "judging")) & ~scene.formed)
    rows: List[Row] = []
    for top in range(first, last - size[0] + 1, size[0]):
        for left in range(0, scene.phase.shape[2] - size[1] + 1, size[1]):
            window = slice(top, top + size[0]), slice(left, left + size[1])
            for number in chosen:
                rows += _views(scene.phase[number][window], scene.quality[number][window], part, top * 10_000 + left, side)
    return gathered(rows, side)


def houston_crops(scene: Scene, rng: np.random.Generator, *, each: int, side: int) -> Pictures:
    """Return ``each`` patches of random place and size of every pair before the reference date, from the region to learn from."""
    rows: List[Row] = []
    for number in np.flatnonzero(~scene.later()):
        for _ in range(each):
            height, width = rng.integers(64, TRAIN_ROWS[1] - TRAIN_ROWS[0]), rng.integers(64, 232)
            top = int(rng.integers(TRAIN_ROWS[0], TRAIN_ROWS[1] - height + 1))
            left = int(rng.integers(0, scene.phase.shape[2] - width + 1))
            window = slice(top, top + height), slice(left, left + width)
            rows += _views(scene.phase[number][window], scene.quality[number][window], "learning", 0, side)
    return gathered(rows, side)


def read_mexico(folder: Path) -> Scene:
    """Return Mexico City's unwrapped interferograms and their coherence; zeros are missing values.

    Raises
    ------
    StillpointError
        A file cannot be read.
    """
    root = folder / MEXICO
    files = sorted((root / "unw").glob("*_unw.tif"))
    if not files:
        raise StillpointError(f"There are no interferograms in {root / 'unw'}. Fetch the data set again, or unset STILLPOINT_DATA.")
    days = [_days_of(path.name) for path in files]
    phase = np.stack([_read(path).astype(np.float32) for path in files])
    coherence = np.stack([_read(next((root / "coh").glob(f"*{one}-{two}*"))).astype(np.float32) for one, two in days])
    return Scene(np.where(phase == 0, np.float32(np.nan), phase), coherence, days, np.zeros(len(files), bool))


def _days_of(name: str) -> Tuple[str, str]:
    found = re.findall(r"(?<!\d)(20\d{6})(?!\d)", name)
    if len(found) != 2:
        raise StillpointError(f"The name {name} does not tell the two dates of an interferogram.")
    return found[0], found[1]


def mexico_pictures(scene: Scene, part: str, *, side: int) -> Pictures:
    """Return Mexico City as pictures, all of high quality, unwrapped and wrapped.

    Parameters
    ----------
    scene
        From :func:`read_mexico`.
    part
        ``"learning"``: the west, pairs up to the middle of the period; ``"judging"``: the east, pairs after it; ``"whole"``: all of
        every pair after it.
    side
        Of the pictures.
    """
    middle = scene.phase.shape[2] // 2
    columns = {"learning": slice(0, middle - 4), "judging": slice(middle + 4, None), "whole": slice(None)}[part]
    rows = []
    for phase, (first, second) in zip(scene.phase, scene.days):
        if (second <= _MEXICO_MIDDLE) if part == "learning" else (first > _MEXICO_MIDDLE):
            for unwrapped in (True, False):
                shown = phase[:, columns] if unwrapped else np.angle(np.exp(1j * phase[:, columns]))
                kind = f"Mexico City {part}, {'unwrapped' if unwrapped else 'wrapped'}"
                rows.append((render.picture(shown, unwrapped=unwrapped, side=side), 1.0, unwrapped, kind, 1))
    return gathered(rows, side)


def real_pictures(folder: Path, seed: int, *, side: int, each: int = 16) -> Dict[str, Pictures]:
    """Return the real pictures to learn from (``"learning"``), to tune by and to judge by; empty where ``folder`` has none."""
    parts: Dict[str, List[Pictures]] = {"learning": [], "tuning": [], "judging": []}
    if (folder / HOUSTON / "ifg").is_dir():
        scene = read_houston(folder)
        parts["learning"].append(houston_crops(scene, np.random.default_rng([seed, 51]), each=each, side=side))
        parts["tuning"].append(houston_tiles(scene, "tuning", side=side))
        parts["judging"].append(houston_tiles(scene, "judging", side=side))
    if (folder / MEXICO / "unw").is_dir():
        scene = read_mexico(folder)
        parts["learning"].append(mexico_pictures(scene, "learning", side=side))
        parts["judging"].append(mexico_pictures(scene, "judging", side=side))
    return {name: joined(found) if found else gathered([], side) for name, found in parts.items()}
