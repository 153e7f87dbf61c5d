"""Which interferograms to keep: those that promise the best velocity, with every date still connected.

Whoever drops all that looks bad may lose dates, and with them more than the bad interferograms spoiled. ``best`` weighs that up.
In the unweighted least squares that most inversions are, the velocity is a sum of all interferograms of a network,
v = sum_p w_p d_p, and its error variance is sum_p w_p**2 s_p, with s_p the error variance of interferogram p. With A the incidence
matrix of the network and G the inverse of its Laplacian A'A (one date held), w = A G c, where c holds the coefficients of a
straight line through the series (Berardino et al. 2002, IEEE TGRS 40, 2375-2383). Dropping interferogram e is an update of rank
one (Sherman and Morrison 1950): with the leverages B = A G A',

    w'_p = w_p + B_pe w_e / (1 - B_ee),      B' = B + B_e B_e' / (1 - B_ee),

so all single drops are weighed exactly, in one pass over a matrix of pairs by pairs. A leverage of 1 is a bridge, the only link
between two parts of the network. What dates have in common (atmosphere) passes through every network alike and has no say.
"""

from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.interferograms import graph
from stillpoint.models.interferograms.observations import Network, Verdict
from stillpoint.models.progress import SILENT, Progress

GOOD, BAD = 0.5, (2 * np.pi) ** 2 / 4
"""Error variances in rad**2 that a score of 1 and of 0 stand for where a method has none of its own: noise alone, and a quarter of
the ground wrong by a turn."""

UNKNOWN = 1.5
"""Error variance of a pair that a method cannot score, in means of the others."""

PRICE = 0.005
"""Share by which the variance of the velocity must fall for a doubtful interferogram of usual quality to go; with each doubling of
its own variance by so much less, so that what is much worse than the others goes even where that costs a little."""

MOST = 0.02
"""Share by which the variance may rise or must fall at most for a single drop."""

REDUNDANCY = 0.1
"""Share by which the variance must fall for another pair to become the only link, which nothing checks any more."""

_BRIDGE = 1e-6
_ALONE = float(np.log1p(REDUNDANCY))
_SURE = 1e-3
_USUAL = 0.25  # the usual quality: the worse half may be bad
_ROUNDS = 4
_FRESH = 32


def choose(
    network: Network, verdict: Verdict, *, threshold: Optional[float] = None, how: str = "best", progress: Progress = SILENT
) -> np.ndarray:
    """Choose the interferograms to keep.

    Parameters
    ----------
    network
        Interferograms; those without any phase are never kept.
    verdict
        What a method says of them.
    threshold
        Interferograms of at least this score are kept; None takes that of the verdict.
    how
        ``"best"``: of the others, those are kept too that connect dates, or without which the velocity would be worse. ``"tree"``:
        those on the spanning tree with the highest scores, as MintPy does. ``"none"``: no others.
    progress
        Progress; asked to stop between two drops.

    Returns
    -------
    numpy.ndarray
        bool [pairs].
    """
    limit = verdict.threshold if threshold is None else threshold
    usable = np.isfinite(network.phase).any(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        good = (verdict.score >= limit) & usable
    if how == "none":
        return good
    if how == "tree":
        return np.asarray(good | graph.spanning_tree(network.dates, network.pairs, verdict.score, usable))
    if how != "best":
        raise ValueError(f"unknown way to connect {how!r}")
    days = (network.dates - network.dates[0]).astype("timedelta64[D]").astype(np.float64) if len(network.dates) else np.zeros(0)
    return best_set(days, network.pairs, variances(verdict), usable & ~good, usable, progress=progress)


def variances(verdict: Verdict) -> np.ndarray:
    """Return float64 [pairs], all finite and above 0: the error variances, from the score where the method has none.

    Pairs without a score may be anything and count more than the mean of the others: they go where others can do without them.
    """
    unknown = np.isnan(verdict.score)
    score = np.clip(np.where(unknown, verdict.threshold, verdict.score), 0.0, 1.0)
    found = score * GOOD + (1.0 - score) * BAD
    if verdict.variance is not None:
        known = np.isfinite(verdict.variance) & (verdict.variance >= 0)
        typical = float(np.median(verdict.variance[known])) if known.any() else 1.0
        found = np.where(known, verdict.variance, typical)
        found = np.maximum(found, 1e-3 * typical if typical > 0 else 1e-6)
    if unknown.any() and not unknown.all():
        found = np.where(unknown, np.maximum(found, UNKNOWN * found[~unknown].mean()), found)
    return np.asarray(found)


def velocity_variance(days: np.ndarray, pairs: np.ndarray, variance: np.ndarray, keep: np.ndarray) -> float:
    """Return the error variance of the velocity, (rad/day)**2, that unweighted least squares over the kept pairs has.

    Summed over the parts of the network that the kept pairs do not connect.
    """
    parts = graph.components(len(days), pairs, keep)
    total = 0.0
    for part in np.unique(parts):
        inside = np.nonzero(keep & (parts[pairs[:, 0]] == part))[0]
        if inside.size:
            local = _Part(days, pairs[inside], variance[inside])
            total += local.variance()
    return total


def best_set(
    days: np.ndarray, pairs: np.ndarray, variance: np.ndarray, doubtful: np.ndarray, usable: Optional[np.ndarray] = None,
    *, progress: Progress = SILENT,
) -> np.ndarray:
    """Return bool [pairs]: the set that promises the best velocity, with every date connected that usable pairs connect.

    Parameters
    ----------
    days
        float64 [dates].
    pairs
        int [pairs, 2].
    variance
        float64 [pairs], error variances; only their ratios count.
    doubtful
        bool [pairs]: pairs that may be dropped.
    usable
        bool [pairs]: the others are dropped whatever else; all where None.
    progress
        Progress.

    Notes
    -----
    Greedy from two sides, and the better result is taken: from all pairs, dropping, and from the pairs that are not doubtful with
    what connects them best, taking back. Each changes one pair at a time, the best first, as long as that is worth it
    (:data:`PRICE`, :data:`REDUNDANCY`). Parts that were never connected are looked at each on its own.
    """
    keep = graph.kept(pairs, usable).copy()
    parts = graph.components(len(days), pairs, keep)
    for part in np.unique(parts):
        inside = np.nonzero(keep & (parts[pairs[:, 0]] == part))[0]
        if not inside.size or not doubtful[inside].any():
            continue
        rank = np.where(doubtful[inside], -variance[inside], np.inf)
        sparse = ~doubtful[inside] | graph.spanning_tree(len(days), pairs[inside], rank)
        found: List[Tuple[float, int, np.ndarray]] = []
        for start in (np.ones(inside.size, bool), sparse):
            local = _Part(days, pairs[inside], variance[inside], start)
            local.improve(doubtful[inside], progress)
            found.append((local.cost(), len(found), local.keep))
        keep[inside] = min(found)[2]
    return keep


class _Part:
    """One connected part of the network: leverages and the weights of the velocity, kept up to date."""

    def __init__(self, days: np.ndarray, pairs: np.ndarray, variance: np.ndarray, keep: Optional[np.ndarray] = None) -> None:
        dates, ends = np.unique(pairs, return_inverse=True)
        self.ends = ends.reshape(-1, 2)  # numpy 2 and numpy 1 differ in the shape
        self.days = days[dates]
        self.each = variance
        self.keep = np.ones(len(pairs), bool) if keep is None else keep.copy()
        doublings = np.log2(variance / np.quantile(variance, _USUAL))
        self.price = np.clip(PRICE * (doublings - 1.0), -MOST, MOST)
        self._steps = 0
        self._fresh()

    def _fresh(self) -> None:
        """Compute leverages and weights from scratch."""
        count, number = len(self.ends), len(self.days)
        incidence = np.zeros((count, number))
        incidence[np.arange(count), self.ends[:, 0]] = -1.0
        incidence[np.arange(count), self.ends[:, 1]] = 1.0
        held = incidence[:, 1:]
        chosen = held[self.keep]
        inverse = np.linalg.inv(chosen.T @ chosen)
        centred = self.days - self.days.mean()
        slope = centred / max(float((centred**2).sum()), 1e-12)
        shared = held @ inverse
        self.leverage = shared @ held.T
        self.weight = shared @ slope[1:]

    def variance(self) -> float:
        """Return the error variance of the velocity."""
        return float((self.weight[self.keep] ** 2 * self.each[self.keep]).sum())

    def cost(self) -> float:
        """Return the logarithm of the variance, with the price of every pair that is the only link."""
        alone = np.diagonal(self.leverage)[self.keep] > 1.0 - _BRIDGE
        return float(np.log(max(self.variance(), 1e-300)) + _ALONE * alone.sum())

    def improve(self, doubtful: np.ndarray, progress: Progress) -> None:
        """Drop and take back doubtful pairs until nothing changes."""
        for _ in range(_ROUNDS):
            before = self.keep.copy()
            while self._drop(doubtful):
                progress.check()
            while self._take_back(doubtful):
                progress.check()
            if (self.keep == before).all():
                break

    def _drop(self, doubtful: np.ndarray) -> bool:
        """Make the best drop that is worth it; return whether there was one."""
        own = np.diagonal(self.leverage)
        candidates = np.nonzero(self.keep & doubtful & (own < 1.0 - _BRIDGE))[0]
        if not candidates.size:
            return False
        left = 1.0 - own[candidates]
        rows = np.nonzero(self.keep)[0]
        block = self.leverage[np.ix_(rows, candidates)]
        weights = self.weight[rows, None] + block * (self.weight[candidates] / left)
        raised = own[rows, None] + block**2 / left
        # The dropped pairs themselves have neither weight nor leverage any more.
        place = np.searchsorted(rows, candidates), np.arange(len(candidates))
        weights[place] = raised[place] = 0.0
        rise = self._costs(weights, raised, rows) - self.cost() - self.price[candidates]
        best = int(np.argmin(rise))
        if rise[best] > 0.0:
            return False
        self._change(int(candidates[best]), -1.0)
        return True

    def _take_back(self, doubtful: np.ndarray) -> bool:
        """Take back the dropped pair that helps most, where one does; return whether there was one."""
        candidates = np.nonzero(~self.keep & doubtful)[0]
        if not candidates.size:
            return False
        own = np.diagonal(self.leverage)
        rows = np.nonzero(self.keep)[0]
        grown = 1.0 + own[candidates]
        block = self.leverage[np.ix_(rows, candidates)]
        weights = self.weight[rows, None] - block * (self.weight[candidates] / grown)
        lowered = own[rows, None] - block**2 / grown
        gained = (self.weight[candidates] / grown) ** 2 * self.each[candidates]
        fall = self.cost() - self._costs(weights, lowered, rows, gained) - self.price[candidates]
        best = int(np.argmax(fall))
        if fall[best] <= _SURE:
            return False
        self._change(int(candidates[best]), 1.0)
        return True

    def _costs(self, weights: np.ndarray, leverage: np.ndarray, rows: np.ndarray, more: Optional[np.ndarray] = None) -> np.ndarray:
        """Return the cost [candidates] with the weights and leverages [kept, candidates], see :meth:`cost`."""
        variance = (weights**2 * self.each[rows, None]).sum(axis=0)
        variance = variance if more is None else variance + more
        return np.asarray(np.log(np.maximum(variance, 1e-300)) + _ALONE * (leverage > 1.0 - _BRIDGE).sum(axis=0))

    def _change(self, index: int, sign: float) -> None:
        """Add (1) or drop (-1) a pair and update leverages and weights."""
        self.keep[index] = sign > 0
        self._steps += 1
        if self._steps % _FRESH == 0:  # rounding adds up
            self._fresh()
            return
        column = self.leverage[:, index].copy()
        scale = sign / (1.0 + sign * column[index])
        self.weight = self.weight - column * (self.weight[index] * scale)
        self.leverage -= np.outer(column, column * scale)
