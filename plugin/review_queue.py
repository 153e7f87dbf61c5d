"""In which order uncertain things are looked at. numpy only: the review dock and scripts ask the same function.

A million points are put in order in well under a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Dict, List, Optional, Sequence, Tuple

import numpy as np

POINTS, PIXELS, PAIRS = "points", "pixels", "pairs"
KINDS = (POINTS, PIXELS, PAIRS)
"""What can be reviewed: points with a trend class, pixels that are PS or not, interferograms that are kept or not."""

UNSURE, SPREAD, CLASSES, RANDOM = "unsure", "spread", "classes", "random"
ORDERS = (UNSURE, SPREAD, CLASSES, RANDOM)
"""Least sure first; least sure first, but spread over the map; some of each class in turn; drawn at random."""

NONE = -1
"""Class of what has none."""

CELLS = 400
"""Cells of the map that take turns, about."""


@dataclass(frozen=True)
class Item:
    """One thing to look at.

    Attributes
    ----------
    key
        What names it in its source: the identifier of a point, ``"row,col"`` of a pixel, the two dates of a pair.
    x, y
        Where it is, in the coordinates of its source; NaN for a pair.
    model
        What the model said: class code of a point, 1 or 0 of a pixel (PS or not) and of a pair (kept or not); ``NONE`` where
        it gave no answer.
    confidence
        Probability of that class; for pixels that of being PS, for pairs the score. NaN where unknown.
    fid
        Feature id in the layer; -1 where there is none.
    """

    key: str
    x: float = float("nan")
    y: float = float("nan")
    model: int = NONE
    confidence: float = float("nan")
    fid: int = -1


@dataclass(frozen=True)
class Items:
    """Many things to look at, in columns.

    Attributes
    ----------
    kind
        One of ``KINDS``.
    keys
        Their names, shape (n,): text, UTF-8 or integers.
    x, y
        float64, shape (n,); see :class:`Item`.
    model
        int8, shape (n,): what the model said, ``NONE`` where nothing.
    confidence
        float32, shape (n,); see :class:`Item`.
    margin
        float32, shape (n,): how sure the model was, 0 not at all; NaN counts as 0.
    fids
        int64, shape (n,): feature ids; None where there are none.
    """

    kind: str
    keys: np.ndarray
    x: np.ndarray
    y: np.ndarray
    model: np.ndarray
    confidence: np.ndarray
    margin: np.ndarray
    fids: Optional[np.ndarray] = None

    def __len__(self) -> int:
        return len(self.keys)

    def item(self, index: int) -> Item:
        """Return one of them."""
        fid = -1 if self.fids is None else int(self.fids[index])
        return Item(
            text_of(self.keys[index]), float(self.x[index]), float(self.y[index]), int(self.model[index]),
            float(self.confidence[index]), fid,
        )  # fmt: skip


def point_items(
    keys: Sequence[object],
    x: np.ndarray,
    y: np.ndarray,
    codes: np.ndarray,
    *,
    probabilities: Optional[np.ndarray] = None,
    confidence: Optional[np.ndarray] = None,
    fids: Optional[np.ndarray] = None,
) -> Items:
    """Return classified points as items.

    Parameters
    ----------
    keys
        Identifiers, length n.
    x, y
        Coordinates, shape (n,).
    codes
        Class codes 0..4, shape (n,); masked or below 0 where not classified.
    probabilities
        Shape (n, classes); the margin is that of the best class over the second, also where the model abstained in the end.
        Without, the confidence is the margin.
    confidence
        Probability of the class, shape (n,); the best of ``probabilities`` where not given.
    fids
        Feature ids, shape (n,).
    """
    model = np.ma.filled(np.ma.asarray(codes).astype(np.int8), NONE)
    model = np.where((model >= 0) & (model <= 4), model, NONE).astype(np.int8)
    if probabilities is not None:
        ranked = np.partition(np.asarray(probabilities, np.float32), -2, axis=1)
        margin = ranked[:, -1] - ranked[:, -2]
        sure = ranked[:, -1] if confidence is None else np.asarray(confidence, np.float32)
    else:
        sure = np.full(len(model), np.nan, np.float32) if confidence is None else np.asarray(confidence, np.float32)
        margin = sure
    places = np.asarray(x, float), np.asarray(y, float)
    names = keys if isinstance(keys, np.ndarray) else np.asarray(keys, object)
    return Items(POINTS, names, *places, model, sure, margin.astype(np.float32), fids)


def queue(
    items: Items,
    *,
    order: str = UNSURE,
    classes: Optional[Collection[int]] = None,
    skip: Collection[str] = (),
    count: Optional[int] = None,
    seed: int = 0,
) -> np.ndarray:
    """Return which items to look at, one after the other: int64, indices into ``items``.

    Parameters
    ----------
    items
        What there is.
    order
        ``"unsure"``: smallest margin first. ``"spread"``: the map is cut into some 400 cells that take turns, each giving its
        least sure item, so that labels are not all neighbours. ``"classes"``: the classes of the model take turns, each spread
        over the map. ``"random"``: drawn at random, for figures that hold for the whole layer.
    classes
        Only items that the model gave one of these classes; ``NONE`` stands for no class. None takes all.
    skip
        Keys that are left out, such as those that have a label already.
    count
        At most so many.
    seed
        Of the order ``"random"``; among equals the order is that of the items.
    """
    if order not in ORDERS:
        raise ValueError(f"There is no order {order!r}; choose one of {', '.join(ORDERS)}.")
    chosen = np.ones(len(items), bool) if classes is None else np.isin(items.model, list(classes))
    if skip:
        chosen &= ~known(items.keys, skip)
    found = np.flatnonzero(chosen)
    if order == RANDOM:
        result = np.random.default_rng(seed).permutation(found)
    else:
        margin = np.nan_to_num(items.margin[found], nan=0.0)
        if order == UNSURE:
            result = found[np.argsort(margin, kind="stable")]
        elif order == SPREAD:
            result = found[_spread(items.x[found], items.y[found], margin)]
        else:
            result = found[_in_turns(items.model[found], items.x[found], items.y[found], margin)]
    return result[:count].astype(np.int64)


def text_of(key: object) -> str:
    """Return a key as text."""
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)


def known(keys: np.ndarray, wanted: Collection[str]) -> np.ndarray:
    """Return which of ``keys`` are among some texts, bool (n,)."""
    these: Collection[object] = frozenset(wanted)
    if keys.dtype.kind == "S":
        these = frozenset(text.encode() for text in wanted)
    elif keys.dtype.kind in "iu":
        these = frozenset(int(text) for text in wanted if text.lstrip("-").isdigit())
    elif keys.dtype.kind == "O":
        return np.fromiter((str(key) in these for key in keys), bool, len(keys))
    return np.fromiter((key in these for key in keys.tolist()), bool, len(keys))


def _spread(x: np.ndarray, y: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Return an order in which the cells of the map take turns, the least sure of each first."""
    turn = ranks(cells(x, y), margin)
    return np.lexsort((margin, turn))


def _in_turns(model: np.ndarray, x: np.ndarray, y: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Return an order in which the classes take turns, each spread over the map."""
    turn = np.zeros(len(model), np.int64)
    for code in np.unique(model):
        own = np.flatnonzero(model == code)
        turn[own[_spread(x[own], y[own], margin[own])]] = np.arange(len(own))
    return np.lexsort((np.where(model == NONE, 127, model), turn))


def cells(x: np.ndarray, y: np.ndarray, *, about: int = CELLS) -> np.ndarray:
    """Return the number of the cell that each place lies in, int32 (n,): squares of one size over the extent.

    Places that are not finite share one cell.
    """
    finite = np.isfinite(x) & np.isfinite(y)
    result = np.full(len(x), -1, np.int32)
    if not finite.any():
        return result
    low = np.array([x[finite].min(), y[finite].min()])
    size = np.array([x[finite].max(), y[finite].max()]) - low
    longest = size.max()
    if longest <= 0:
        return np.where(finite, 0, -1).astype(np.int32)
    shape = np.maximum(size, longest / about)  # a line of points still has cells along it
    side = float(np.sqrt(shape[0] * shape[1] / about))
    columns = int(np.ceil(shape[0] / side)) + 1
    column = ((x[finite] - low[0]) / side).astype(np.int32)
    row = ((y[finite] - low[1]) / side).astype(np.int32)
    result[finite] = row * columns + column
    return result


def ranks(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the rank of each value within its group, 0 the smallest; int64 (n,)."""
    order = np.lexsort((values, groups))
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, len(order)])
    result = np.empty(len(order), np.int64)
    result[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return result


def class_sizes(items: Items) -> Dict[int, int]:
    """Return how many items the model gave each class."""
    codes, sizes = np.unique(items.model, return_counts=True)
    return {int(code): int(size) for code, size in zip(codes, sizes)}


def nearest_pixels(
    probability: np.ndarray, threshold: float, *, each: int, first_row: int = 0, first_column: int = 0
) -> List[Tuple[int, int, float]]:
    """Return the pixels of a tile whose probability is nearest to the threshold: (row, column, probability), at most ``each``.

    Parameters
    ----------
    probability
        float, shape (rows, columns); NaN where there are no data.
    threshold
        From which on a pixel is PS.
    each
        How many pixels of the tile; half of them from either side of the threshold where there are enough.
    first_row, first_column
        Of the tile in its raster.
    """
    flat = probability.ravel()
    with np.errstate(invalid="ignore"):
        above = np.flatnonzero(flat >= threshold)
        below = np.flatnonzero(flat < threshold)
    half = each // 2
    wanted = (min(len(above), max(half, each - len(below))), min(len(below), max(each - half, each - len(above))))
    found: List[Tuple[int, int, float]] = []
    for side, number in zip((above, below), wanted):
        if number <= 0:
            continue
        distance = np.abs(flat[side] - threshold)
        near = side[np.argpartition(distance, number - 1)[:number]] if number < len(side) else side
        rows, columns = np.divmod(near, probability.shape[1])
        found += [
            (int(row) + first_row, int(column) + first_column, float(flat[place]))
            for row, column, place in zip(rows, columns, near)
        ]
    return found
