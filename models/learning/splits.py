"""How labelled examples are kept apart - to learn from, to stop and calibrate by, to test - and how that is told before it is done.

Neighbours share atmosphere, noise and motion, so examples are never dealt out one by one: whole regions (blocks of points, bands
of a raster, pairs of the same dates, files) go to one part. Kernels on arrays.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from scipy.spatial import cKDTree

from stillpoint.models.errors import StillpointError

PARTS: Tuple[str, ...] = ("train", "validation", "test")
SHARES = (0.6, 0.2, 0.2)
"""To learn from, to stop early and calibrate by, to report figures of."""

LEAF = 8
"""Labels that a block of a file has at least."""

MOST_BLOCKS = 64
_TRIALS = 600

Ring = List[List[float]]


@dataclass(frozen=True)
class Part:
    """One region of a split, as it is told to people.

    Attributes
    ----------
    part
        ``train``, ``validation`` or ``test``.
    name
        What the region is.
    examples
        How many labelled examples it has.
    classes
        How many of each class, by name.
    ring
        Corners [x, y] of the region, closed; None where it has no place on a map.
    """

    part: str
    name: str
    examples: int
    classes: Mapping[str, int] = field(default_factory=dict)
    ring: Optional[Ring] = None


@dataclass(frozen=True)
class Plan:
    """What a training would learn from.

    Attributes
    ----------
    parts
        The regions.
    crs
        Coordinate system of the rings, WKT; empty where there is none.
    notes
        Sentences for the user.
    """

    parts: Sequence[Part]
    crs: str = ""
    notes: Sequence[str] = ()

    def to_dict(self) -> Dict[str, Any]:
        """Return the plan as JSON types."""
        return {"parts": [asdict(part) for part in self.parts], "crs": self.crs, "notes": list(self.notes)}

    def summary(self) -> str:
        """Return the plan in lines for people."""
        rows = []
        for name in PARTS:
            here = [part for part in self.parts if part.part == name]
            counts: Dict[str, int] = {}
            for part in here:
                for kind, count in part.classes.items():
                    counts[kind] = counts.get(kind, 0) + count
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
            total = sum(part.examples for part in here)
            rows.append(f"{name:<12}{total:>12,}  in {len(here)} region{'s' * (len(here) != 1)}{': ' + kinds if kinds else ''}")
        return "\n".join(rows)


@dataclass(frozen=True)
class Block:
    """A rectangle of labelled points: their numbers, and its corners."""

    members: np.ndarray
    ring: Ring


def rectangle(left: float, low: float, right: float, high: float) -> Ring:
    """Return the closed ring of a rectangle."""
    return [[left, low], [right, low], [right, high], [left, high], [left, low]]


def corners(transform: Sequence[float], rows: Tuple[int, int], cols: Tuple[int, int]) -> Ring:
    """Return the closed ring of a window of a raster, in its coordinates.

    Parameters
    ----------
    transform
        GDAL's six numbers.
    rows, cols
        First pixel, and the one after the last.
    """
    found = []
    for row, col in ((rows[0], cols[0]), (rows[0], cols[1]), (rows[1], cols[1]), (rows[1], cols[0]), (rows[0], cols[0])):
        found.append([float(transform[0] + col * transform[1] + row * transform[2]),
                      float(transform[3] + col * transform[4] + row * transform[5])])  # fmt: skip
    return found


def blocks_of(x: np.ndarray, y: np.ndarray, *, most: int = MOST_BLOCKS, least: int = LEAF) -> List[Block]:
    """Return rectangles with about the same number of points each, by halving along the longer side.

    Parameters
    ----------
    x, y
        float64 [n].
    most
        Blocks at most.
    least
        Points that each has at least.
    """
    count = 1
    while count * 2 <= most and len(x) // (count * 2) >= least:
        count *= 2
    both = np.stack([x, y], axis=1).astype(np.float64)
    pad = 1e-9 + 0.005 * float(np.ptp(both, axis=0).max())
    (left, low), (right, high) = (both.min(axis=0) - pad).tolist(), (both.max(axis=0) + pad).tolist()
    parts: List[Tuple[np.ndarray, float, float, float, float]] = [(np.arange(len(x)), left, low, right, high)]
    while len(parts) < count:
        halves = [half for part in parts for half in _halved(both, part)]
        if len(halves) == len(parts):
            break
        parts = halves
    return [Block(members, rectangle(left, low, right, high)) for members, left, low, right, high in parts]


def _halved(
    both: np.ndarray, part: Tuple[np.ndarray, float, float, float, float]
) -> List[Tuple[np.ndarray, float, float, float, float]]:
    """Return the halves of a rectangle with points; itself where all points lie in one place."""
    members, left, low, right, high = part
    here = both[members]
    axis = int(np.argmax(np.ptp(here, axis=0))) if len(here) else 0
    values = here[:, axis]
    line = float(np.median(values)) if len(here) > 1 else 0.0
    below = values < line
    if not below.any() or below.all():
        return [part]
    # The line runs between two points, on neither.
    line = 0.5 * (float(values[below].max()) + float(values[~below].min()))
    if axis == 0:
        return [(members[below], left, low, line, high), (members[~below], line, low, right, high)]
    return [(members[below], left, low, right, line), (members[~below], left, line, right, high)]


def deal(counts: np.ndarray, *, seed: int) -> Optional[np.ndarray]:
    """Return which part each region goes to, int [regions]: 0 train, 1 validation, 2 test.

    Of many random ways the one in which every class comes nearest to the shares of the parts.

    Parameters
    ----------
    counts
        int [regions, classes]: labelled examples.
    seed
        Of the drawing.

    Returns
    -------
    numpy.ndarray
        None where no way gives each part examples, and the part to learn from two classes or more.
    """
    regions = len(counts)
    if regions < len(PARTS):
        return None
    rng = np.random.default_rng([seed, 91])
    total = np.maximum(counts.sum(axis=0), 1)
    present = counts.sum(axis=0) > 0
    best: Optional[np.ndarray] = None
    least = np.inf
    for _ in range(_TRIALS):
        codes = rng.permutation(_codes(regions, rng))
        held = np.stack([counts[codes == part].sum(axis=0) for part in range(len(PARTS))])
        if (held.sum(axis=1) == 0).any() or (held[0] > 0).sum() < min(2, int(present.sum())):
            continue
        off = (held / total - np.array(SHARES)[:, None])[:, present]
        # A class that a part lacks altogether can be neither learned nor judged there.
        cost = float(np.square(off).sum() + (held[:, present] == 0).sum() * np.array([3.0, 1.0, 1.0]).max())
        if cost < least:
            best, least = codes, cost
    return best


def _codes(regions: int, rng: np.random.Generator) -> np.ndarray:
    """Return codes of parts with about the shares that they are to have, one region each at least."""
    held = max(1, int(SHARES[1] * regions + rng.random()))
    other = max(1, int(SHARES[2] * regions + rng.random()))
    while held + other >= regions:
        held, other = max(1, held - 1), max(1, other - 1)
        if held == other == 1:
            break
    return np.array([1] * held + [2] * other + [0] * (regions - held - other))


def buffered(
    x: np.ndarray, y: np.ndarray, codes: np.ndarray, distance: float,
    others: Sequence[Tuple[np.ndarray, np.ndarray, np.ndarray]] = (),
) -> np.ndarray:  # fmt: skip
    """Return codes in which whoever learns keeps a distance from whoever judges; -1 belongs to no part.

    Parameters
    ----------
    x, y
        float64 [n].
    codes
        int [n]: 0 train, 1 validation, 2 test.
    distance
        In the unit of the coordinates.
    others
        The same of files beside, which may lie on the same ground.
    """
    result = codes.copy()
    both = np.stack([x, y], axis=1).astype(np.float64)
    for part in (1, 0):  # the test gives nothing away
        judging = np.concatenate(
            [both[result > part], *(np.stack([east[what > part], north[what > part]], axis=1) for east, north, what in others)]
        )
        here = np.flatnonzero(result == part)
        if len(judging) and len(here):
            near, _ = cKDTree(judging).query(both[here], distance_upper_bound=distance)
            result[here[near < distance]] = -1
    return result


def check_labels(counts: Mapping[str, int], *, fewest: int, what: str) -> None:
    """Raise a StillpointError where labels are of one class only, or too few of a class that there are some of.

    Parameters
    ----------
    counts
        Labels by class.
    fewest
        Labels that two classes at least must have.
    what
        Where the labels come from, for the message.
    """
    some = {name: count for name, count in counts.items() if count}
    if not some:
        raise StillpointError(f"There are no labels in {what}: nothing can be learned.")
    if len(some) == 1:
        raise StillpointError(
            f"All labels in {what} are {next(iter(some))}: a network cannot learn a difference from that. Label some of another "
            "class too."
        )
    if sorted(some.values())[-2] < fewest:
        told = ", ".join(f"{count} {name}" for name, count in some.items())
        raise StillpointError(
            f"There are too few labels in {what} ({told}): at least {fewest} of each of two classes are needed, to learn from some "
            "and to test by others. Label more."
        )
