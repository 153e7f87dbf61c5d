"""The user's stacks as the default network meets them: features of tiles, labels or true phase noise, and whose part they are.

Features are kept on disk while the training goes on, and found there by a training that is resumed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.pipeline import cores, in_order, one_thread_in_torch
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.rasters.tiles import tiles
from stillpoint.models.scatterers import fine_tune_regions as regions
from stillpoint.models.scatterers import training_stacks
from stillpoint.models.scatterers.default import HALO
from stillpoint.models.scatterers.features import FEATURES, features
from stillpoint.models.scatterers.fine_tune_regions import JUDGING, PARTS, TRAIN, TUNING, Regions
from stillpoint.models.scatterers.labels import IGNORED
from stillpoint.models.scatterers.methods import multilooked
from stillpoint.models.scatterers.network import RECEPTIVE
from stillpoint.models.scatterers.sight import Sight
from stillpoint.models.scatterers.work import sample

TILE = 256
"""Pixels a side of a tile; it is widened by what the convolutions look at."""

MOST_TILES = 60
"""Tiles of all stacks together: some 4 million pixels, 400 MB on disk, and minutes to compute."""

RICH = 0.75
"""Share of the tiles to learn from, and of the crops, that hold scatterers where there are such."""

MEMORY, BYTES_A_VALUE = 1.5e9, 80
"""Bytes for the tiles at work together, and for each pixel and date of one."""


@dataclass(frozen=True)
class Plot:
    """A tile with its features and what is known of its pixels.

    Attributes
    ----------
    maps
        float16 [features, rows, cols], read from disk as needed.
    labels
        uint8 [rows, cols]: 1 scatterer, 0 not, 255 not judged.
    part
        uint8 [rows, cols]: which part a pixel belongs to, 0 none.
    noise
        True phase noise in radians, float32 [rows, cols], NaN where unknown; None where only labels are known.
    stack, corner
        The stack that the tile is of, and its first row and column there.
    """

    maps: np.ndarray
    labels: np.ndarray
    part: np.ndarray
    noise: Optional[np.ndarray] = None
    stack: Optional[Path] = None
    corner: Tuple[int, int] = (0, 0)

    def judged(self, part: int) -> np.ndarray:
        """Return bool [rows, cols]: the pixels of a part that have a label."""
        return (self.part == part) & (self.labels != IGNORED)


@dataclass
class Labelled:
    """A stack with its labels, before its features are computed.

    Attributes
    ----------
    path
        The stack.
    labels
        uint8 [rows, cols]: 1 scatterer, 0 not, 255 not judged.
    noise
        True phase noise in radians, float32 [rows, cols]; None where only labels are known.
    regions
        Which line belongs to which part.
    """

    path: Path
    labels: np.ndarray
    noise: Optional[np.ndarray]
    regions: Optional[Regions]


def gather(
    data: Sequence[str], labels: str, folder: Path, *, seed: int, progress: Progress
) -> Tuple[List[Plot], Dict[str, Any], List[str]]:
    """Return the tiles of the user's stacks, what they are for the header of the model, and notes for the user.

    Parameters
    ----------
    data, labels
        See :func:`training_stacks.stacks_parts`.
    folder
        Where features are kept.
    seed
        Decides which part of a stack is for what.
    progress
        Told how far it is.

    Raises
    ------
    StillpointError
        Stacks or labels cannot be used, or leave a part without scatterers.
    Cancelled
        Asked to stop; the features so far are kept.
    """
    known, notes = labelled_stacks(data, labels, seed=seed, progress=progress.part(0.0, 0.3))
    plots: List[Plot] = []
    for number, each in enumerate(known):
        share = progress.part(0.3 + 0.7 * number / len(known), 0.3 + 0.7 * (number + 1) / len(known))
        plots += _plots(each, folder, max(MOST_TILES // len(known), 3), seed + number, share)
    counts = {
        name: sum(int(plot.judged(code).sum()) for plot in plots) for name, code in zip(PARTS, (TRAIN, TUNING, JUDGING))
    }
    for code in (TRAIN, TUNING, JUDGING):
        found = np.concatenate([plot.labels[plot.judged(code)] for plot in plots])
        check_part(code, bool((found == 1).any()), bool((found == 0).any()))
    source = {
        "data": ", ".join(each.path.name for each in known),
        "labels": training_stacks.words_of(labels),
        "split": f"by region, with gaps of {HALO} pixels (what the features reach)"
        if any(each.regions is not None and each.regions.parts.min() == 0 for each in known)
        else "by stack",
        "pixels": counts,
    }
    return plots, source, notes


def check_part(code: int, scatterers: bool, others: bool) -> None:
    """Raise a StillpointError where a part has no scatterers or nothing else."""
    if not (scatterers and others):
        purpose = {TRAIN: "learn from", TUNING: "calibrate by", JUDGING: "judge by"}[code]
        raise StillpointError(
            f"The labels leave no {'others' if scatterers else 'scatterers'} with a phase at every date to {purpose}. "
            "Give labels for a larger part, or more stacks."
        )


def labelled_stacks(
    data: Sequence[str], labels: str, *, seed: int, progress: Progress
) -> Tuple[List[Labelled], List[str]]:
    """Return the stacks with their labels and regions, and notes for the user; see :func:`gather`."""
    paths = training_stacks.find_stacks(data)
    known: List[Labelled] = []
    notes: List[str] = []
    for number, path in enumerate(paths):
        share = progress.part(number / len(paths), (number + 1) / len(paths))
        share(0.0, f"Labels of {path.name}")
        with open_stack(str(path)) as stack:
            sight = Sight(stack)
            notes += [f"{path.name}: {note}" for note in sight.notes]
            marked = training_stacks.labels_of(labels, sight, share)
            noise = training_stacks.true_noise(stack) if labels == "truth" else None
        known.append(Labelled(path, marked, noise, regions.split(marked, gap=HALO, seed=seed)))
    return known, notes + _deal(known, seed)


def _deal(known: List[Labelled], seed: int) -> List[str]:
    """Give the stacks that are too small to be split to one part each; return what was done in words."""
    small = [each for each in known if each.regions is None]
    if not small:
        return []
    if len(small) == len(known):
        if len(known) < len(PARTS):
            rows, cols = small[0].labels.shape
            count = int((small[0].labels == 1).sum())
            raise StillpointError(
                f"{small[0].path.name} ({rows} x {cols} pixels, {count} labelled as scatterers) cannot be split into regions to "
                f"learn from, to calibrate by and to judge by: these lie {HALO} pixels apart, and each needs at least "
                f"{regions.LEAST} scatterers and as many others. Give a larger stack, more labels, or at least {len(PARTS)} stacks."
            )
        held = max(1, round(PARTS["tuning"] * len(known)))
        rng = np.random.default_rng([seed, 7])
        # Stacks without scatterers can teach, but neither calibrate nor judge.
        order = sorted(rng.permutation(len(small)).tolist(), key=lambda index: not (small[index].labels == 1).any())
        codes = {index: TUNING if place < held else JUDGING if place < 2 * held else TRAIN for place, index in enumerate(order)}
        for index, each in enumerate(small):
            each.regions = regions.whole(len(each.labels), codes[index])
        return ["The stacks are too small to be split by region: whole stacks learn, calibrate and judge. They must not overlap."]
    for each in small:
        each.regions = regions.whole(len(each.labels), TRAIN)
    return [f"{', '.join(each.path.name for each in small)}: too small, or too few labels, to be split; used to learn only."]


def _plots(known: Labelled, folder: Path, most: int, seed: int, progress: Progress) -> List[Plot]:
    """Compute the features of the chosen tiles of a stack."""
    assert known.regions is not None  # nosec B101 - _deal gave them
    chosen = _chosen(known.labels, known.regions, most, seed)
    folder.mkdir(parents=True, exist_ok=True)
    made: List[Plot] = []
    with open_stack(str(known.path)) as stack, one_thread_in_torch():
        sight = Sight(stack)
        value = (TILE + 2 * HALO) ** 2 * len(sight.epochs.dates) * BYTES_A_VALUE
        threads = int(min(max(MEMORY // value, 1), cores(), len(chosen)))
        # As a selection does: multilooked amplitudes hide how steady a pixel is, and are not listened to.
        deaf = sight.has_amplitude and multilooked(sample(sight))
        computed = in_order(lambda place: _kept_features(sight, place, folder, progress, deaf=deaf), chosen, threads=threads)
        for (rows, cols), (maps, valid) in computed:
            wide = _widened((rows, cols), RECEPTIVE, sight.shape)
            labels, noise = known.labels[wide].copy(), None if known.noise is None else known.noise[wide]
            core = np.zeros(labels.shape, bool)  # the rim is judged in the tiles that it belongs to
            core[rows.start - wide[0].start :, cols.start - wide[1].start :][
                : rows.stop - rows.start, : cols.stop - cols.start
            ] = True
            labels[~(core & valid)] = IGNORED
            corner = (wide[0].start, wide[1].start)
            made.append(Plot(maps, labels, known.regions.of(*wide).copy(), noise, known.path, corner))
            progress(len(made) / len(chosen), f"Features of {known.path.name}, tile {len(made)} of {len(chosen)}")
    return made


Place = Tuple[slice, slice]


def _chosen(labels: np.ndarray, parts: Regions, most: int, seed: int) -> List[Place]:
    """Return the tiles to use, in the order of the raster; those to learn from are mostly ones with scatterers."""
    rng = np.random.default_rng([seed, 8])
    places = [(tile.rows, tile.cols) for tile in tiles((labels.shape[0], labels.shape[1]), TILE)]
    taken = set()
    for code, share in zip((TRAIN, TUNING, JUDGING), PARTS.values()):
        judged = [(parts.of(*place) == code) & (labels[place] != IGNORED) for place in places]
        rich = [index for index, place in enumerate(places) if (labels[place][judged[index]] == 1).any()]
        poor = [index for index in range(len(places)) if judged[index].any() and index not in set(rich)]
        count = max(round(share * most), 1)
        first = rng.permutation(rich)[: max(round(RICH * count), 1) if code == TRAIN else 1].tolist()
        rest = [index for index in rng.permutation(rich + poor).tolist() if index not in first]
        taken.update([int(index) for index in (first + rest)[:count]])
    return [places[index] for index in sorted(taken)]


def _widened(place: Place, by: int, shape: Tuple[int, int]) -> Place:
    rows, cols = (slice(max(one.start - by, 0), min(one.stop + by, edge)) for one, edge in zip(place, shape))
    return rows, cols


def _kept_features(
    sight: Sight, place: Place, folder: Path, progress: Progress, *, deaf: bool = False
) -> Tuple[np.ndarray, np.ndarray]:
    """Return features float16 [features, rows, cols] of a tile with its rim, and which pixels have them, bool [rows, cols].

    ``deaf`` leaves the amplitudes out.
    """
    wide = _widened(place, RECEPTIVE, sight.shape)
    about = Path(sight.stack.path).stat()
    key = f"{Path(sight.stack.path).resolve()} {about.st_mtime_ns} {about.st_size} {wide} {HALO} {FEATURES} {deaf}"
    stem = folder / hashlib.sha256(key.encode()).hexdigest()[:24]
    kept, known = stem.with_suffix(".features.npy"), stem.with_suffix(".valid.npy")
    if not known.exists():
        read = _widened(wide, HALO, sight.shape)
        rows, cols = ((one.start - all_.start, one.stop - all_.start) for one, all_ in zip(wide, read))
        seen = sight.observations(*read)
        seen = replace(seen, amplitude=None) if deaf else seen
        found = features(seen, core=(*rows, *cols), progress=_unheard(progress))
        for path, values in ((kept, found.maps.clamp(-6e4, 6e4).half().numpy()), (known, found.valid.numpy())):
            partial = path.with_name(path.name + ".partial")
            with partial.open("wb") as stream:
                np.save(stream, values)
            os.replace(partial, path)
    return np.load(kept, mmap_mode="r"), np.load(known)


def _unheard(progress: Progress) -> Progress:
    """Return a progress that can be cancelled and reports nothing: tiles are computed side by side."""

    def cancelled() -> bool:
        progress.check()
        return False

    return Progress(None, cancelled)


def draw_batch(plots: Sequence[Plot], rng: np.random.Generator, *, size: int, side: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return crops from the part to learn from, mirrored at random.

    Parameters
    ----------
    plots
        Tiles with their parts; either all or none know the noise.
    rng
        Decides everything.
    size, side
        Number of crops, and their pixels a side; smaller tiles are filled up with pixels without a truth.

    Returns
    -------
    features
        float32 [size, features, side, side].
    truth
        float32 [size, side, side], NaN where unknown: phase noise in radians where plots know it, else 1 for scatterers and 0
        for others.
    """
    inputs = torch.zeros((size, len(FEATURES), side, side))
    truths = torch.full((size, side, side), float("nan"))
    rich = [plot for plot in plots if (plot.labels[plot.judged(TRAIN)] == 1).any()]
    every = [plot for plot in plots if plot.judged(TRAIN).any()]
    for place in range(size):
        wanted = rich if rng.random() < RICH else every
        plot = wanted[rng.integers(len(wanted))]
        judged = plot.judged(TRAIN)
        within = judged & (plot.labels == 1) if wanted is rich else judged
        row, col = np.unravel_index(rng.choice(np.flatnonzero(within)), within.shape)
        top, left = (
            int(np.clip(at - rng.integers(side), 0, max(edge - side, 0))) for at, edge in zip((row, col), within.shape)
        )
        window = slice(top, top + side), slice(left, left + side)
        truth = (plot.labels if plot.noise is None else plot.noise)[window].astype(np.float32)
        truth = np.where(judged[window], truth, np.float32(np.nan))
        maps = np.asarray(plot.maps[:, window[0], window[1]], dtype=np.float32)
        for axis in (0, 1):
            if rng.random() < 0.5:
                truth, maps = np.flip(truth, axis), np.flip(maps, axis + 1)
        inputs[place, :, : truth.shape[0], : truth.shape[1]] = torch.from_numpy(maps.copy())
        truths[place, : truth.shape[0], : truth.shape[1]] = torch.from_numpy(truth.copy())
    return inputs, truths
