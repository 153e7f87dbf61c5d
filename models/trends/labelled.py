"""Series of the user's with trend labels: read, and kept apart by region; the plan of a training is told from the same split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeTraining
from stillpoint.models.learning import splits
from stillpoint.models.learning.splits import PARTS, Part, Plan
from stillpoint.models.points.opening import open_points
from stillpoint.models.progress import Progress
from stillpoint.models.trends import labels as given
from stillpoint.models.trends.classes import NAMES
from stillpoint.models.trends.classify_file import C_BAND
from stillpoint.models.trends.judge import FEWEST_EPOCHS

FEWEST = 10
"""Labels that two classes at least must have."""

BUFFER = 0.1
"""Distance that who learns keeps from who judges, as a share of the side of a block."""

TRUTH, TRUE_FIELD = "truth", "true_code"
"""The word for the truth of simulated points, and the field that it stands in."""

MANY_FILES = 6
"""Files from which on each is a region of its own."""


@dataclass(frozen=True)
class Region:
    """The labelled series of one file.

    Attributes
    ----------
    name, crs
        Of the file.
    dates
        ``datetime64[D]`` [e].
    wavelength
        Metres.
    x, y
        float64 [n].
    displacement
        float32 [n, e], mm, NaN where missing.
    codes
        int64 [n], class by the labels.
    """

    name: str
    crs: str
    dates: np.ndarray
    wavelength: float
    x: np.ndarray
    y: np.ndarray
    displacement: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class Split:
    """Labelled series with the part and the block that each belongs to.

    Attributes
    ----------
    regions
        The files.
    part
        For each file int64 [n]: 0 train, 1 validation, 2 test, -1 too near to who judges.
    block
        For each file int64 [n], number of the block; blocks of different files differ.
    plan
        The same for people.
    """

    regions: Sequence[Region]
    part: Sequence[np.ndarray]
    block: Sequence[np.ndarray]
    plan: Plan


def plan(job: DescribeTraining, progress: Progress) -> Plan:
    """Return what a training would learn from."""
    return gather(job, progress).plan


def gather(job: DescribeTraining, progress: Progress) -> Split:
    """Return the labelled series of ``job.data`` and their split.

    Raises
    ------
    StillpointError
        Points or labels cannot be used, or there are too few of them.
    """
    if not job.data:
        raise StillpointError("Labels need the points that they belong to: give them as data, or leave labels empty.")
    regions: List[Region] = []
    notes: List[str] = []
    for number, path in enumerate(job.data):
        progress(number / len(job.data), f"Reading {_name(path)}")
        regions.append(read_region(path, _labels_of(job.labels, path), notes, progress))
    counts = {name: sum(int((each.codes == code).sum()) for each in regions) for code, name in enumerate(NAMES)}
    splits.check_labels(counts, fewest=FEWEST, what=", ".join(each.name for each in regions))
    for name, count in counts.items():
        if count == 0:
            notes.append(f"No point is labelled {name}: what the network knows of that class is all it keeps.")
    return split(regions, seed=job.seed, notes=notes)


def _name(path: str) -> str:
    return Path(path.partition("|")[0]).name


def _labels_of(labels: Optional[str], path: str) -> Optional[str]:
    """Return the labels of a file: in a folder the one that is named like it."""
    if not labels or not Path(labels).is_dir():
        return labels
    stem = Path(path.partition("|")[0]).stem
    found = sorted(each for each in Path(labels).iterdir() if each.stem in (stem, f"{stem}_labels"))
    if not found:
        raise StillpointError(f"The folder {labels} holds no labels named like {_name(path)}.")
    return str(found[0])


def read_region(path: str, labels: Optional[str], notes: List[str], progress: Progress) -> Region:
    """Return the labelled series of a file; sentences for the user are added to ``notes``.

    Parameters
    ----------
    path
        Any file that :func:`stillpoint.models.points.opening.open_points` reads. It is read twice, so that of all series only
        those with a label are kept.
    labels
        Table or layer with labels; None takes the fields of the points.
    notes
        Gets sentences for the user.
    progress
        Checked for a cancel.
    """
    name = _name(path)
    codes = _codes(path, labels, notes, progress)
    labelled = codes != given.UNLABELLED
    with open_points(path) as source:
        layout = source.layout
        kept = []
        for block in source.blocks():
            progress.check()
            rows = slice(block.start, block.start + len(block))
            here = labelled[rows]
            kept.append((block.x[here], block.y[here], block.displacement[here], codes[rows][here]))
    x, y, displacement, codes = (np.concatenate(column) for column in zip(*kept))
    notes += [f"{name}: {note}" for note in layout.notes]
    displacement = np.where(np.isfinite(displacement), displacement, np.float32(np.nan)).astype(np.float32)
    usable = (np.isfinite(displacement).sum(axis=1) >= FEWEST_EPOCHS) & np.isfinite(x) & np.isfinite(y)
    if len(usable) and not usable.any():
        raise StillpointError(
            f"No labelled point of {name} has {FEWEST_EPOCHS} or more measured dates and a place: there is nothing to learn from."
        )
    if not usable.all():
        notes.append(f"{name}: {int((~usable).sum())} labelled points have fewer than {FEWEST_EPOCHS} dates or no place: left out.")
    wavelength = layout.wavelength
    if wavelength is None:
        wavelength = C_BAND
        notes.append(f"{name} does not name its radar: C band (0.0555 m) is assumed.")
    return Region(
        name, layout.crs, layout.dates, float(wavelength), x[usable].astype(np.float64), y[usable].astype(np.float64),
        displacement[usable], codes[usable],
    )  # fmt: skip


def _codes(path: str, labels: Optional[str], notes: List[str], progress: Progress) -> np.ndarray:
    """Return the label of every point of a file, int64 [n]."""
    name = _name(path)
    with open_points(path) as source:
        fields = [item.name for item in source.layout.attributes]
        columns: Dict[str, List[np.ndarray]] = {field: [] for field in fields}
        count = 0
        for block in source.blocks():
            progress.check()
            count += len(block)
            for field in fields:
                values = block.attributes[field]
                masked = np.ma.isMaskedArray(values)
                columns[field].append(np.ma.filled(values.astype(object), None) if masked else values.astype(object))
    if not count:
        raise StillpointError(f"{path} has no points.")
    attributes = {field: np.concatenate(parts) for field, parts in columns.items()}
    if labels == TRUTH:
        if TRUE_FIELD not in attributes:
            raise StillpointError(f"{name} has no field {TRUE_FIELD}, so these are no simulated points with their truth.")
        return given.codes_in({given.FIELDS[0]: attributes[TRUE_FIELD]}, count, name)[0]
    if labels is not None:
        codes, told = given.matched(labels, attributes, count, name)
        notes += told
        return codes
    codes, field = given.codes_in(attributes, count, name)
    by_method = field != "label" and "reviewed" not in {each.lower() for each in attributes}
    if by_method and float((codes != given.UNLABELLED).mean()) > 0.9:
        notes.append(
            f"{name}: nearly all points have a {field}, as a method writes it. What nobody corrected teaches the network to repeat "
            "that method."
        )
    return codes


def split(regions: Sequence[Region], *, seed: int, notes: Sequence[str] = ()) -> Split:
    """Return the split of labelled series by blocks in space, with a distance between who learns and who judges.

    Raises
    ------
    StillpointError
        There are too few labels, or too few places that have some.
    """
    notes = list(notes)
    most = 1 if len(regions) >= MANY_FILES else max(splits.MOST_BLOCKS // len(regions), 4)
    blocks: List[Tuple[int, splits.Block]] = [
        (number, block)
        for number, region in enumerate(regions) if len(region.codes)
        for block in splits.blocks_of(region.x, region.y, most=most)
    ]  # fmt: skip
    counts = np.array([np.bincount(regions[number].codes[block.members], minlength=len(NAMES)) for number, block in blocks])
    dealt = splits.deal(counts, seed=seed)
    if dealt is None:
        raise StillpointError(
            f"The {int(counts.sum())} labelled points lie in {len(blocks)} place{'s' * (len(blocks) != 1)}, too few to learn from "
            "some, to stop by others and to test by the rest, with two classes in what is learned from. Label more points, in "
            "more places."
        )
    part = [np.full(len(region.codes), -1, np.int64) for region in regions]
    place = [np.full(len(region.codes), -1, np.int64) for region in regions]
    sides: List[List[float]] = [[] for _ in regions]
    for index, ((number, block), code) in enumerate(zip(blocks, dealt)):
        part[number][block.members] = code
        place[number][block.members] = index
        (left, low), (right, high) = block.ring[0], block.ring[2]
        sides[number].append(float(np.sqrt(max(right - left, 0) * max(high - low, 0))))
    given_out = [codes.copy() for codes in part]
    for number, region in enumerate(regions):
        if len(region.codes):
            beside = [
                (other.x, other.y, given_out[index]) for index, other in enumerate(regions)
                if index != number and region.crs and other.crs == region.crs
            ]  # fmt: skip
            part[number] = splits.buffered(region.x, region.y, part[number], BUFFER * float(np.median(sides[number])), beside)
    left_out = sum(int((each == -1).sum()) for each in part)
    if left_out:
        notes.append(f"{left_out} labelled points lie too near to those that judge, and are not used.")
    _check_parts(regions, part)
    first = next((region.crs for region in regions if region.crs), "")
    told = []
    for index, ((number, block), code) in enumerate(zip(blocks, dealt)):
        region = regions[number]
        kept = block.members[part[number][block.members] == code]
        classes = {name: int((region.codes[kept] == at).sum()) for at, name in enumerate(NAMES)}
        ring = block.ring if region.crs == first else None
        told.append(Part(PARTS[code], f"{region.name}, block {index + 1}", len(kept), classes, ring))
    if any(region.crs != first for region in regions):
        notes.append("The files have different coordinate systems: only regions in the first one are drawn on the map.")
    return Split(regions, part, place, Plan(told, first, notes))


def _check_parts(regions: Sequence[Region], part: Sequence[np.ndarray]) -> None:
    """Raise a StillpointError where a part is left without labels, or the one to learn from with one class."""
    for code, name in enumerate(PARTS):
        here = np.concatenate([region.codes[each == code] for region, each in zip(regions, part)])
        if not len(here) or (code == 0 and len(np.unique(here)) < 2):
            raise StillpointError(
                f"The split by region leaves the {name} part {'without labels' if not len(here) else 'with one class only'}. Label "
                "more points, in more places."
            )
