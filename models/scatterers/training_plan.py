"""What a training of scatterer networks on the user's stacks would learn from: the split that it uses, told before it starts."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.jobs import DescribeTraining
from stillpoint.models.learning.splits import Part, Plan, corners
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.scatterers import fine_tune_data, training_data, training_stacks
from stillpoint.models.scatterers.fine_tune_regions import JUDGING, TRAIN, TUNING
from stillpoint.models.scatterers.labels import IGNORED
from stillpoint.models.scatterers.published.networks import RECIPES
from stillpoint.models.scatterers.sight import Sight

_NAMES = {TRAIN: "train", TUNING: "validation", JUDGING: "test"}
_BLOCKS = {"calibration": "validation"}


def plan(job: DescribeTraining, progress: Progress) -> Plan:
    """Return the regions of the stacks, or raise a StillpointError where data or labels cannot be used."""
    labels = job.labels or "stability"
    return _blocks(job, labels, progress) if job.network in RECIPES else _bands(job, labels, progress)


def _bands(job: DescribeTraining, labels: str, progress: Progress) -> Plan:
    """Return the bands that the default network is fine-tuned on."""
    known, notes = fine_tune_data.labelled_stacks(job.data or (), labels, seed=job.seed, progress=progress)
    parts: List[Part] = []
    systems: List[str] = []
    for each in known:
        assert each.regions is not None  # nosec B101 - they were dealt out
        with open_stack(str(each.path)) as stack:
            placed, transform = stack.projection, stack.geotransform
        systems.append(placed)
        for code, first, last in _runs(each.regions.parts):
            rows, cols = (0, each.labels.shape[0]), (0, each.labels.shape[1])
            rows, cols = ((first, last), cols) if each.regions.axis == 0 else (rows, (first, last))
            ring = corners(transform, rows, cols) if placed and placed == systems[0] else None
            found = each.labels[rows[0] : rows[1], cols[0] : cols[1]]
            parts.append(_part(_NAMES[code], f"{each.path.name}, {_lines(each.regions.axis, first, last)}", found, ring))
    for code, name in _NAMES.items():
        here = [part.classes for part in parts if part.part == name]
        fine_tune_data.check_part(code, any(counts["PS"] for counts in here), any(counts["no PS"] for counts in here))
    return _told(parts, systems, notes)


def _blocks(job: DescribeTraining, labels: str, progress: Progress) -> Plan:
    """Return the blocks that a published network is trained on."""
    parts: List[Part] = []
    systems: List[str] = []
    notes: List[str] = []
    paths = training_stacks.find_stacks(job.data or ())
    for number, path in enumerate(paths):
        share = progress.part(number / len(paths), (number + 1) / len(paths))
        with open_stack(str(path)) as stack:
            sight = Sight(stack)
            notes += [f"{path.name}: {note}" for note in sight.notes]
            judged = training_stacks.labels_of(labels, sight, share)
            placed, transform = stack.projection, stack.geotransform
        systems.append(placed)
        for name, (rows, cols) in training_data.dealt_places(judged, name=path.name, seed=job.seed + number):
            drawn = placed and placed == systems[0]
            ring = corners(transform, (rows.start, rows.stop), (cols.start, cols.stop)) if drawn else None
            place = f"{path.name}, rows {rows.start + 1} to {rows.stop}, columns {cols.start + 1} to {cols.stop}"
            parts.append(_part(_BLOCKS.get(name, name), place, judged[rows, cols], ring))
    return _told(parts, systems, notes)


def _part(part: str, name: str, labels: np.ndarray, ring: Optional[List[List[float]]]) -> Part:
    counts: Dict[str, int] = {"PS": int((labels == 1).sum()), "no PS": int(((labels != 1) & (labels != IGNORED)).sum())}
    return Part(part, name, sum(counts.values()), counts, ring)


def _told(parts: List[Part], systems: List[str], notes: List[str]) -> Plan:
    if len(set(systems)) > 1:
        notes = [*notes, "The stacks lie in different coordinate systems: only regions in the first one are drawn on the map."]
    return Plan(parts, systems[0] if systems else "", notes)


def _lines(axis: int, first: int, last: int) -> str:
    return f"{'rows' if axis == 0 else 'columns'} {first + 1} to {last}"


def _runs(codes: np.ndarray) -> List[Tuple[int, int, int]]:
    """Return (code, first, one after the last) of the bands of equal codes, those of no part left out."""
    edges = np.flatnonzero(np.diff(codes.astype(int))) + 1
    starts, stops = [0, *edges.tolist()], [*edges.tolist(), len(codes)]
    return [(int(codes[start]), start, stop) for start, stop in zip(starts, stops) if codes[start] != 0]
