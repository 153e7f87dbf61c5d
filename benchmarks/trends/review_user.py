"""Some hundred corrections on real series, made in review mode by a rule that stands for a user.

``python -m benchmarks.trends.review_user POINTS --output labels.csv [--count 300]``

It goes the way of the review dock: the shipped network classifies the points, :func:`stillpoint.plugin.review.queue` says which
to look at, and every decision goes through :meth:`stillpoint.plugin.review.Session.label` into a file that the training reads.

The rule knows what the network does not: the neighbours. Scatterers on one piece of ground move alike, so the median over
nearby points has less noise than any of them, and a jump by half a wavelength that the neighbours do not make is an error of
the unwrapping. With the statistical tests (``models/trends/statistical.py``; no network) as its eye, the rule says of a point

1. *Phase unwrapping error*, where the tests find one in the series less the median of its neighbours;
2. else the class that the tests give to the median of point and neighbours, as long as the point follows that median (the rest
   is no larger than its own scatter from date to date);
3. else the class that the tests give to the series alone;
4. *none of them*, where the tests refuse all of these.

It is a rule, not the truth: it is wrong where neighbours move differently, and it takes the tests' word. It says whether
corrections that follow one consistent mind are learned, which is what fine-tuning promises.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.points.opening import open_points
from stillpoint.models.trends.classes import NAMES, UNWRAPPING_ERROR
from stillpoint.models.trends.classify import classify_arrays
from stillpoint.plugin.review import CLASSES, NONE, ORDERS, POINTS, Items, Session, id_field_of, point_items, queue

C_BAND = 0.05547
NEIGHBOURS = 8
REACH = 300.0
"""Metres within which neighbours are asked."""


@dataclass(frozen=True)
class Points:
    """A real file of points: identifiers (n,), coordinates (n,), dates (e,), series (n, e) in mm, and where they are from."""

    path: Path
    id_field: str
    keys: np.ndarray
    x: np.ndarray
    y: np.ndarray
    dates: np.ndarray
    series: np.ndarray
    wavelength: float
    crs: str

    @property
    def metres(self) -> np.ndarray:
        """Coordinates in metres, shape (n, 2), as far as distances between neighbours need them."""
        if np.all(np.abs(self.x) <= 360) and np.all(np.abs(self.y) <= 90):
            scale = 111_320.0
            return np.column_stack([self.x * scale * np.cos(np.radians(np.mean(self.y))), self.y * scale])
        return np.column_stack([self.x, self.y])


def read_points(path: Path) -> Points:
    """Read a file of points; raises StillpointError where that is not possible.

    Points without an identifier are named by their number in the file, beginning with 1.
    """
    with open_points(str(path)) as source:
        layout = source.layout
        blocks = list(source.blocks(16384))
    x, y, series = (np.concatenate([getattr(block, name) for block in blocks]) for name in ("x", "y", "displacement"))
    field = id_field_of([attribute.name for attribute in layout.attributes])
    if any(attribute.name == field for attribute in layout.attributes):
        keys = np.concatenate([np.asarray(block.attributes[field]) for block in blocks]).astype(str).astype(object)
    else:
        keys = np.arange(1, len(x) + 1).astype(str).astype(object)
    return Points(path, field, keys, x, y, layout.dates, series, layout.wavelength or C_BAND, layout.crs)


def looked_at(points: Points, *, method: str = "default", model: Optional[str] = None) -> Items:
    """Return what a network says of all points, as the review sees it; see ``classify_arrays`` for method and model."""
    columns = classify_arrays(
        points.dates, points.series.copy(), wavelength=points.wavelength, method=method, model=model
    ).columns
    probabilities = np.column_stack([columns[f"p_{code}"] for code in range(len(NAMES))])
    return point_items(
        points.keys, points.x, points.y, columns["trend_code"], probabilities=np.nan_to_num(probabilities),
        confidence=columns["confidence"],
    )  # fmt: skip


class Rule:
    """The rule of this module's head, on the points of a file."""

    def __init__(self, points: Points) -> None:
        from scipy.spatial import cKDTree

        self._points = points
        self._tree = cKDTree(points.metres)

    def verdicts(self, rows: np.ndarray) -> np.ndarray:
        """Return the class code of some points, ``NONE`` for none of the classes; int64 (n,)."""
        series = self._points.series[rows].astype(np.float64)
        around = self._medians(rows)
        pooled = self._medians(rows, own=True)
        alone = self._tested(series)
        differences = self._tested(series - around)
        together = self._tested(pooled)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # points without neighbours
            rest, scatter = np.nanstd(series - pooled, axis=1), np.nanstd(np.diff(series, axis=1), axis=1)
        result = np.where((together != NONE) & (rest <= scatter), together, alone)
        return np.where(differences == UNWRAPPING_ERROR, UNWRAPPING_ERROR, result)

    def _medians(self, rows: np.ndarray, *, own: bool = False) -> np.ndarray:
        """Return the median series of the neighbours, with the point itself where ``own``; NaN where there are none."""
        distances, near = self._tree.query(self._points.metres[rows], k=min(NEIGHBOURS + 1, len(self._points.x)))
        series = self._points.series[near].astype(np.float64)
        series -= np.nanmean(series, axis=2, keepdims=True)
        series[distances > REACH] = np.nan
        alone = (distances[:, 1:] > REACH).all(axis=1)
        if not own:
            series[near == rows[:, None]] = np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # no neighbour has a value on that date
            result = np.nanmedian(series, axis=1)
        result[alone] = np.nan
        return result

    def _tested(self, series: np.ndarray) -> np.ndarray:
        """Return what the statistical tests say of series, ``NONE`` where they refuse them."""
        points = self._points
        found = classify_arrays(points.dates, series.astype(np.float32), wavelength=points.wavelength, method="statistical")
        return np.ma.filled(np.ma.asarray(found.columns["trend_code"]).astype(np.int64), NONE)


@dataclass(frozen=True)
class Reviewed:
    """What came of a review: the file, the rows of the points looked at, what model and rule said of them."""

    path: str
    rows: np.ndarray
    model: np.ndarray
    said: np.ndarray

    @property
    def agreement(self) -> float:
        """Share of the points with an answer of the model on which the rule says the same."""
        given = self.model != NONE
        return float(np.mean(self.said[given] == self.model[given])) if given.any() else float("nan")

    def changes(self) -> Dict[Tuple[int, int], int]:
        """Return how often the rule made one class into another."""
        pairs, counts = np.unique(np.column_stack([self.model, self.said]), axis=0, return_counts=True)
        return {(int(one), int(other)): int(count) for (one, other), count in zip(pairs, counts) if one != other}


def review(
    points: Points, output: str, *, items: Optional[Items] = None, count: int = 300, order: str = CLASSES, seed: int = 0
) -> Reviewed:
    """Make corrections as a user would, and return what came of it.

    Parameters
    ----------
    points
        A real file, see :func:`read_points`.
    output
        File of labels (.csv or .gpkg); one that exists is gone on with, what has a label is not asked again.
    items
        What the model said; :func:`looked_at` by default.
    count
        Number of points to look at.
    order, seed
        See :func:`stillpoint.plugin.review.queue`.
    """
    items = looked_at(points) if items is None else items
    session = Session.open(
        output, kind=POINTS, id_field=points.id_field, crs=points.crs, reviewer="rule: neighbours and tests", at_once=False
    )
    rows = queue(items, order=order, skip=session.keys(), count=count, seed=seed)
    said = Rule(points).verdicts(rows)
    for row, value in zip(rows, said):
        item = items.item(int(row))
        if value == item.model and value != NONE:
            session.accept(item)
        else:
            session.label(item, int(value))
    session.close()
    return Reviewed(session.path, rows, items.model[rows].astype(np.int64), said)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Review a file and say what changed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends.review_user", description=__doc__.splitlines()[0])
    parser.add_argument("points", type=Path)
    parser.add_argument("--output", required=True, help="file of labels, .csv or .gpkg")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--order", choices=ORDERS, default=CLASSES)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    done = review(read_points(given.points), given.output, count=given.count, order=given.order, seed=given.seed)
    print(f"{len(done.rows)} points of {given.points.name} reviewed; rule and network agree on {100 * done.agreement:.0f} %.")
    names = {NONE: "none", **dict(enumerate(NAMES))}
    for (one, other), times in sorted(done.changes().items(), key=lambda entry: -entry[1]):
        print(f"{times:5d}  {names[one]} -> {names[other]}")
    print(done.path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
