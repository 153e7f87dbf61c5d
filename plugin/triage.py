"""What the triage board knows: decisions on the pairs of a network, filters, and the state of the network. No Qt, no windows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.interferograms import graph
from stillpoint.models.interferograms.loops import membership, triplets
from stillpoint.plugin.review_labels import now, user
from stillpoint.plugin.triage_table import Decisions, Said, TriageTable

ALL, KEPT, DROPPED, CHANGED, DECIDED = "all", "kept", "dropped", "changed", "decided"
SHOWN = (ALL, KEPT, DROPPED, CHANGED, DECIDED)
"""What a filter may show: changed ones differ from the method's choice, decided ones have been looked at by the user."""

WORST, BEST, DATE, DAYS, BASELINE, UNSURE = "worst", "best", "date", "days", "baseline", "unsure"
ORDERS = (WORST, BEST, UNSURE, DATE, DAYS, BASELINE)

Range = Tuple[float, float]
EVERYTHING: Range = (-np.inf, np.inf)


@dataclass(frozen=True)
class Filter:
    """Which pairs are shown.

    Attributes
    ----------
    show
        One of ``SHOWN``.
    score, days, baseline
        Lowest and highest; of the perpendicular baseline its length in metres. A missing value passes only an open range.
    first, last
        Days between which both dates of a pair lie; None leaves that end open.
    date
        A date that the pair must have; None for all.
    """

    show: str = ALL
    score: Range = EVERYTHING
    days: Range = EVERYTHING
    baseline: Range = EVERYTHING
    first: Optional[np.datetime64] = None
    last: Optional[np.datetime64] = None
    date: Optional[np.datetime64] = None


@dataclass(frozen=True)
class Counts:
    """The network in numbers: pairs, dates and loops, now and with all pairs; in how many parts it was from the start."""

    pairs: int
    kept: int
    shown: int
    changed: int
    decided: int
    dates: int
    lost: int
    loops: int
    loops_kept: int
    parts: int = 1


@dataclass(frozen=True)
class State:
    """Decisions of some pairs: what :meth:`Triage.decide` changed, as it was before."""

    indices: np.ndarray
    keep: np.ndarray
    decided: np.ndarray
    said: np.ndarray


@dataclass
class Triage:
    """Decisions on the interferograms of a table.

    Parameters
    ----------
    table
        What the method said.

    Attributes
    ----------
    keep
        bool [pairs]: kept now.
    decided
        bool [pairs]: said by the user, whether that changed anything or not.
    said
        object [pairs]: who said it and when, as a pair of texts; None where nobody did, or a file of before does not tell.
    loops
        int64 [loops, 3]: pairs (i, j), (j, k), (i, k) of every loop of three.
    parts
        Connected parts that the network with all pairs falls into.
    """

    table: TriageTable
    keep: np.ndarray = field(init=False)
    decided: np.ndarray = field(init=False)
    said: np.ndarray = field(init=False)
    loops: np.ndarray = field(init=False)
    parts: int = field(init=False)
    _network: Dict[bytes, Tuple[np.ndarray, np.ndarray]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.keep = self.table.keep.copy()
        self.decided = np.zeros(self.table.count, bool)
        self.said = np.full(self.table.count, None, object)
        self.loops = triplets(self.table.pairs)
        self.parts = int(graph.components(len(self.table.dates), self.table.pairs).max()) + 1

    # Decisions

    def decide(self, indices: Sequence[int], keep: bool, reviewer: str = "") -> State:
        """Keep or drop pairs, by whose word; return what :meth:`restore` takes to undo it."""
        chosen = np.asarray(indices, np.int64)
        before = State(chosen, self.keep[chosen].copy(), self.decided[chosen].copy(), self.said[chosen].copy())
        self.keep[chosen] = keep
        self.decided[chosen] = True
        said = reviewer or user(), now()
        for index in chosen:
            self.said[index] = said
        return before

    def forget(self, indices: Sequence[int]) -> State:
        """Give pairs back to the method's choice; return what :meth:`restore` takes to undo it."""
        chosen = np.asarray(indices, np.int64)
        before = State(chosen, self.keep[chosen].copy(), self.decided[chosen].copy(), self.said[chosen].copy())
        self.keep[chosen] = self.table.keep[chosen]
        self.decided[chosen] = False
        self.said[chosen] = None
        return before

    def restore(self, state: State) -> None:
        """Bring decisions back as they were."""
        self.keep[state.indices] = state.keep
        self.decided[state.indices] = state.decided
        self.said[state.indices] = state.said

    @property
    def changed(self) -> np.ndarray:
        """Bool [pairs]: kept or dropped against the method's choice."""
        return self.keep != self.table.keep

    def decisions(self) -> Decisions:
        """Return what the user said, by dates."""
        return {self.table.names[index]: bool(self.keep[index]) for index in np.flatnonzero(self.decided)}

    def sayings(self) -> Said:
        """Return who decided and when, by dates, where that is known."""
        return {self.table.names[index]: self.said[index] for index in np.flatnonzero(self.decided) if self.said[index]}

    def set_decisions(self, decisions: Decisions, said: Optional[Said] = None) -> int:
        """Take over decisions made earlier, also where reference and secondary changed places; return how many fitted."""
        fitted = 0
        for index, name in enumerate(self.table.names):
            keep = decisions.get(name, decisions.get((name[1], name[0])))
            if keep is not None:
                self.keep[index], self.decided[index] = keep, True
                self.said[index] = (said or {}).get(name, (said or {}).get((name[1], name[0])))
                fitted += 1
        return fitted

    # The network

    def _now(self) -> Tuple[np.ndarray, np.ndarray]:
        """Return the lost dates and the bridges, remembered for this choice of pairs."""
        key = self.keep.tobytes()
        if key not in self._network:
            dates, pairs = len(self.table.dates), self.table.pairs
            self._network = {key: (graph.lost_dates(dates, pairs, self.keep), graph.bridges(dates, pairs, self.keep))}
        return self._network[key]

    @property
    def lost(self) -> np.ndarray:
        """Int [lost]: dates that the kept pairs no longer connect."""
        return self._now()[0]

    @property
    def bridges(self) -> np.ndarray:
        """Bool [pairs]: kept pairs that alone hold two parts of the network together."""
        return self._now()[1]

    def would_lose(self, indices: Sequence[int]) -> np.ndarray:
        """Return the dates (datetime64[D]) that dropping pairs would lose beside those that are lost already."""
        chosen = [index for index in indices if self.keep[index]]
        if not chosen or (len(chosen) == 1 and not self.bridges[chosen[0]]):
            return self.table.dates[:0]
        return self.table.dates[graph.cut_off(len(self.table.dates), self.table.pairs, self.keep, chosen)]

    def loops_of(self, index: int) -> np.ndarray:
        """Return int64 [loops, 3]: the loops that a pair takes part in, dropped ones too."""
        return self.loops[(self.loops == index).any(axis=1)]

    @property
    def loops_kept(self) -> np.ndarray:
        """Bool [loops]: loops whose three pairs are all kept."""
        return self.keep[self.loops].all(axis=1) if len(self.loops) else np.zeros(0, bool)

    def loops_by_pair(self) -> np.ndarray:
        """Return int64 [pairs]: in how many kept loops each pair takes part."""
        return membership(self.loops[self.loops_kept], self.table.count)

    def third_date(self, loop: np.ndarray, index: int) -> np.datetime64:
        """Return the date of a loop that the pair ``index`` does not have."""
        dates = set(self.table.pairs[loop].ravel().tolist()) - set(self.table.pairs[index].tolist())
        return self.table.dates[min(dates)]  # type: ignore[no-any-return]

    def counts(self, shown: Optional[int] = None) -> Counts:
        """Return the network in numbers; ``shown`` pairs pass the filter."""
        count = self.table.count
        return Counts(
            count, int(self.keep.sum()), count if shown is None else shown, int(self.changed.sum()), int(self.decided.sum()),
            len(self.table.dates), len(self.lost), len(self.loops), int(self.loops_kept.sum()), self.parts,
        )  # fmt: skip

    # What is shown

    def passing(self, wanted: Filter) -> np.ndarray:
        """Return bool [pairs]: which pairs a filter shows."""
        table = self.table
        found = {
            ALL: np.ones(table.count, bool), KEPT: self.keep, DROPPED: ~self.keep, CHANGED: self.changed, DECIDED: self.decided,
        }[wanted.show].copy()  # fmt: skip
        for values, (low, high) in (
            (table.score, wanted.score), (table.days, wanted.days), (np.abs(table.baselines), wanted.baseline),
        ):  # fmt: skip
            if (low, high) != EVERYTHING:
                found &= (values >= low) & (values <= high)
        ends = table.dates[table.pairs]
        if wanted.first is not None:
            found &= ends[:, 0] >= wanted.first
        if wanted.last is not None:
            found &= ends[:, 1] <= wanted.last
        if wanted.date is not None:
            found &= (ends == wanted.date).any(axis=1)
        return found

    def ordered(self, wanted: Filter, order: str = WORST) -> np.ndarray:
        """Return int64 [shown]: the pairs that a filter shows, in an order; those without a value come first."""
        table = self.table
        score = np.where(np.isnan(table.score), -1.0, table.score)
        baselines = np.where(np.isnan(table.baselines), -1.0, np.abs(table.baselines))
        first, last = table.pairs[:, 0], table.pairs[:, 1]
        keys = {
            WORST: (last, first, score), BEST: (last, first, -score), DATE: (last, first), DAYS: (last, first, table.days),
            BASELINE: (last, first, baselines), UNSURE: (last, first, doubt(table)),
        }[order]  # fmt: skip
        ranked = np.lexsort(keys)
        return ranked[self.passing(wanted)[ranked]]


def boundary(table: TriageTable) -> float:
    """Return the score that parts kept from dropped pairs best; 0.5 where all are of one kind or none has a score.

    A method keeps some pairs below its threshold, so that the network stays connected: the fewest pairs lie on the wrong side.
    """
    known = np.isfinite(table.score)
    score, keep = table.score[known], table.keep[known]
    if keep.all() or not keep.any():
        return 0.5
    order = np.argsort(score, kind="stable")
    score, keep = score[order], keep[order]
    # Wrong where the boundary lies before each place: kept pairs below it, and dropped ones above.
    wrong = np.r_[0, np.cumsum(keep)] + np.r_[np.cumsum(~keep[::-1])[::-1], 0]
    wrong[1:-1][score[1:] == score[:-1]] = len(score) + 1  # equal scores cannot be parted
    at = int(np.argmin(wrong))
    if at in (0, len(score)):
        return float(score[0] if at == 0 else score[-1])
    return float(score[at - 1] + score[at]) / 2


def doubt(table: TriageTable) -> np.ndarray:
    """Return float64 [pairs]: how far the score of each pair is from the boundary, 0 where the method could not tell."""
    return np.nan_to_num(np.abs(table.score - boundary(table)), nan=0.0)


def date_baselines(table: TriageTable) -> Optional[np.ndarray]:
    """Return float64 [dates]: the perpendicular baseline of every date in metres, by least squares; the first of each part is 0.

    None where less than all pairs have a baseline that reaches every date, or where all of them are 0.
    """
    known = np.isfinite(table.baselines)
    count = len(table.dates)
    if not known.any() or not np.any(table.baselines[known] != 0):
        return None
    parts = graph.components(count, table.pairs, known)
    if len(np.unique(parts)) > len(np.unique(graph.components(count, table.pairs))):
        return None
    pairs = table.pairs[known]
    # A baseline is that of the secondary against the reference date; in the file the later one may be the reference.
    flipped = np.array([name[0] > name[1] for name in table.names])[known]
    values = np.where(flipped, -table.baselines[known], table.baselines[known])
    normal, right = np.zeros((count, count)), np.zeros(count)
    for place, sign in ((0, -1.0), (1, 1.0)):
        np.add.at(normal, (pairs[:, place], pairs[:, place]), 1.0)
        np.add.at(right, pairs[:, place], sign * values)
    np.add.at(normal, (pairs[:, 0], pairs[:, 1]), -1.0)
    np.add.at(normal, (pairs[:, 1], pairs[:, 0]), -1.0)
    firsts = np.unique(parts, return_index=True)[1]
    normal[firsts, firsts] += 1.0
    return np.linalg.solve(normal, right)  # type: ignore[no-any-return]


def with_baselines(table: TriageTable, baselines: np.ndarray) -> TriageTable:
    """Return the table with baselines from the stack where it has none itself."""
    return replace(table, baselines=np.where(np.isnan(table.baselines), baselines, table.baselines))


def days_text(dates: Sequence[np.datetime64], most: int = 4) -> List[str]:
    """Return dates as ISO text; the last of a long list says how many more there are."""
    texts = [str(day) for day in dates]
    return texts if len(texts) <= most else [*texts[: most - 1], f"{len(texts) - most + 1} more"]
