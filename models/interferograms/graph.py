"""The network of pairs as a graph: dates are its nodes, interferograms its edges. numpy only: QGIS's side reads it too.

Everywhere ``dates`` is the number of dates or the dates themselves (only their number counts), ``pairs`` is int [pairs, 2] with the
indices of the two dates of every interferogram, and ``keep`` is bool [pairs], or None for all. The same two dates may occur twice.
"""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple, Union

import numpy as np

Dates = Union[int, np.ndarray, Sequence[object]]


def count_of(dates: Dates) -> int:
    """Return the number of dates."""
    return int(dates) if isinstance(dates, (int, np.integer)) else len(dates)


def kept(pairs: np.ndarray, keep: Optional[np.ndarray]) -> np.ndarray:
    """Return bool [pairs]; all of them where ``keep`` is None."""
    return np.ones(len(pairs), bool) if keep is None else np.asarray(keep, bool)


def components(dates: Dates, pairs: np.ndarray, keep: Optional[np.ndarray] = None) -> np.ndarray:
    """Return int [dates]: to which connected part every date belongs.

    Parts are numbered from 0 in the order of their first date; a date without a pair is a part of its own.
    """
    number = count_of(dates)
    parent = list(range(number))
    for first, second in np.asarray(pairs)[kept(pairs, keep)].tolist():
        one, other = _root(parent, first), _root(parent, second)
        parent[max(one, other)] = min(one, other)
    roots = [_root(parent, date) for date in range(number)]
    return np.unique(roots, return_inverse=True)[1].astype(np.int64) if number else np.zeros(0, np.int64)


def _root(parent: List[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def degrees(dates: Dates, pairs: np.ndarray, keep: Optional[np.ndarray] = None) -> np.ndarray:
    """Return int [dates]: how many pairs every date has."""
    return np.bincount(np.asarray(pairs)[kept(pairs, keep)].ravel(), minlength=count_of(dates)).astype(np.int64)


def bridges(dates: Dates, pairs: np.ndarray, keep: Optional[np.ndarray] = None) -> np.ndarray:
    """Return bool [pairs]: kept pairs that alone hold two parts of the network together.

    A walk in depth from every date (Tarjan 1974), without recursion because a chain of dates may be long.
    """
    number = count_of(dates)
    ends = np.asarray(pairs).tolist()
    edges: List[List[Tuple[int, int]]] = [[] for _ in range(number)]
    for index in np.nonzero(kept(pairs, keep))[0].tolist():
        first, second = ends[index]
        edges[first].append((second, index))
        edges[second].append((first, index))
    found = np.zeros(len(ends), bool)
    order, lowest = [-1] * number, [0] * number
    clock = 0
    for start in range(number):
        if order[start] >= 0:
            continue
        order[start] = lowest[start] = clock
        clock += 1
        walk = [(start, -1, iter(edges[start]))]
        while walk:
            node, came, rest = walk[-1]
            step = next(rest, None)
            if step is None:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                    found[came] = lowest[node] > order[above]
                continue
            other, edge = step
            if edge == came:
                continue
            if order[other] >= 0:
                lowest[node] = min(lowest[node], order[other])
                continue
            order[other] = lowest[other] = clock
            clock += 1
            walk.append((other, edge, iter(edges[other])))
    return found


def lost_dates(dates: Dates, pairs: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Return int: the dates that the kept pairs no longer connect.

    Of every part of the whole network the largest connected piece (the earliest of several) remains; the dates outside of it are
    lost. Dates that no pair ever had are not counted.
    """
    whole, now = components(dates, pairs), components(dates, pairs, keep)
    had = degrees(dates, pairs) > 0
    lost: List[int] = []
    for part in np.unique(whole[had]):
        members = np.nonzero(whole == part)[0]
        pieces, counts = np.unique(now[members], return_counts=True)
        best = pieces[np.argmax(counts)]
        alone = counts.max() == 1
        lost += members.tolist() if alone else members[now[members] != best].tolist()
    return np.array(sorted(lost), np.int64)


def cut_off(dates: Dates, pairs: np.ndarray, keep: np.ndarray, drop: Sequence[int]) -> np.ndarray:
    """Return int: the dates that dropping the pairs ``drop`` from the kept ones loses beside those that are lost already."""
    without = np.array(keep, bool)
    without[np.asarray(drop, np.int64)] = False
    return np.setdiff1d(lost_dates(dates, pairs, without), lost_dates(dates, pairs, keep))


def spanning_tree(dates: Dates, pairs: np.ndarray, value: np.ndarray, keep: Optional[np.ndarray] = None) -> np.ndarray:
    """Return bool [pairs]: a spanning tree of every part with the largest sum of ``value`` (Kruskal 1956); NaN counts least."""
    parent = list(range(count_of(dates)))
    ranked = np.where(np.isnan(value), -np.inf, value)
    ends, allowed = np.asarray(pairs).tolist(), kept(pairs, keep)
    chosen = np.zeros(len(ends), bool)
    for index in np.argsort(-ranked, kind="stable").tolist():
        if not allowed[index]:
            continue
        one, other = _root(parent, ends[index][0]), _root(parent, ends[index][1])
        if one != other:
            parent[max(one, other)] = min(one, other)
            chosen[index] = True
    return chosen
