"""The methods that Stillpoint's are measured against, and the engine's own behind the same door.

``PEERS`` names them. The peers are written here from their publications, so that they depend on nothing of the engine. A peer
without a threshold of its own gets the one with the best F1 over the very stacks that it is measured on: an advantage that the
engine's methods don't have.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from stillpoint.benchmarks.interferograms.simulator import Stack
from stillpoint.models.interferograms.observations import Network

COHERENCE_LEAST, COVERAGE_LEAST, LOOP_LIMIT = 0.05, 0.3, 1.5
"""LiCSBAS's defaults: mean coherence and coverage of step 11, RMS of a loop in rad of step 12."""

HIDDEN = ("coherence", "baselines", "cycles")


@dataclass(frozen=True)
class Answer:
    """What a method says of the pairs.

    Attributes
    ----------
    score
        float [pairs], the higher the better; None where the method only says yes or no.
    keep
        bool [pairs] by the method itself; None where it has no threshold.
    called_bad
        bool [pairs]: scored below the method's own threshold, whether or not the network needs the pair; None where it has none.
    probability
        Whether ``score`` claims to be the probability of a good pair.
    weights
        [pairs, rows, cols] of the pixels, where the method has them.
    """

    score: Optional[NDArray]
    keep: Optional[NDArray[np.bool_]] = None
    called_bad: Optional[NDArray[np.bool_]] = None
    probability: bool = False
    weights: Optional[NDArray] = None


class Peer(ABC):
    """A method under test."""

    label = ""
    tree = False
    """Whether a spanning tree of the best pairs is kept whatever the threshold."""
    without: Tuple[str, ...] = ()
    """What all methods must do without: some of :data:`HIDDEN`."""

    @abstractmethod
    def answer(self, network: Network) -> Answer:
        """Return what the method says of a network."""

    def answer_stack(self, stack: Stack) -> Answer:
        """Return what the method says of a simulated stack."""
        return self.answer(hide(stack.network, self.without))


def hide(network: Network, what: Sequence[str]) -> Network:
    """Return the network without some of :data:`HIDDEN`: no coherence, no baselines, or wrapped."""
    if "coherence" in what:
        network = replace(network, coherence=None)
    if "baselines" in what:
        network = replace(network, baselines=None)
    if "cycles" in what:
        network = replace(network, phase=np.angle(np.exp(1j * network.phase)).astype(np.float32), unwrapped=False)
    return network


class KeepAll(Peer):
    """No selection."""

    label = "keep all"

    def answer(self, network: Network) -> Answer:
        """Keep every pair."""
        keep = np.ones(network.count, bool)
        return Answer(None, keep, ~keep)


class Truth(Peer):
    """The true labels."""

    label = "truth"

    def answer(self, network: Network) -> Answer:
        """Fail: the truth needs the simulated stack."""
        raise KeyError("truth is known of simulated stacks only")

    def answer_stack(self, stack: Stack) -> Answer:
        """Keep the good pairs."""
        return Answer((~stack.bad).astype(float), ~stack.bad, stack.bad)


class TruthChosen(Truth):
    """The true labels, and the engine's choice of the set that gives the best velocity: dropping all bad ones may be too much."""

    label = "truth + choice of the set"

    def answer_stack(self, stack: Stack) -> Answer:
        """Keep the good pairs and those of the bad that the network needs."""
        from stillpoint.models.interferograms.connect import choose
        from stillpoint.models.interferograms.observations import Verdict

        score = (~stack.bad).astype(float)
        keep = choose(stack.network, Verdict(score, 0.5, [""] * score.size), threshold=0.5, how="best")
        return Answer(score, np.asarray(keep, bool), stack.bad)


class MeanCoherence(Peer):
    """Mean coherence with a spanning tree kept, as in MintPy (Yunjun et al. 2019, section 4.1)."""

    label = "mean coherence + spanning tree"
    tree = True

    def answer(self, network: Network) -> Answer:
        """Return the mean coherence where the phase is known."""
        if network.coherence is None:
            raise KeyError("no coherence")
        return Answer(mean_coherence(network.phase, network.coherence))


def mean_coherence(phase: NDArray, coherence: NDArray) -> NDArray[np.float64]:
    """Return the mean coherence of each pair where its phase is known; 0 where it is known nowhere."""
    seen = np.isfinite(phase)
    total = np.where(seen, np.nan_to_num(coherence), 0.0).sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(total / np.maximum(seen.sum(axis=(1, 2)), 1))


class Scatter(Peer):
    """Standard deviation of the unwrapped phase: what a picture of it in colours shows above all."""

    label = "std of unwrapped phase"

    def answer(self, network: Network) -> Answer:
        """Return minus the standard deviation."""
        if not network.unwrapped:
            raise KeyError("wrapped phase")
        return Answer(-np.nanstd(network.phase, axis=(1, 2)))


def loops_of(pairs: NDArray) -> List[Tuple[int, int, int]]:
    """Return the triplets (ij, jk, ik) of a network as indices of its pairs."""
    place = {(int(i), int(j)): p for p, (i, j) in enumerate(pairs)}
    return [
        (p, place[j, k], place[i, k])
        for (i, j), p in place.items()
        for k in range(j + 1, int(pairs.max()) + 1)
        if (j, k) in place and (i, k) in place
    ]


def loop_errors(phase: NDArray, loops: Sequence[Tuple[int, int, int]]) -> NDArray[np.float64]:
    """Return the RMS of what is left around every loop, less its median, in radians."""
    result = np.empty(len(loops))
    for n, (one, two, long) in enumerate(loops):
        left = phase[one] + phase[two] - phase[long]
        left = left[np.isfinite(left)]
        result[n] = np.sqrt(np.mean((left - np.median(left)) ** 2)) if left.size else np.nan
    return result


class Closure(Peer):
    """RMS of the phase around the best loop of a pair; a pair without a loop gets the median score.

    The best loop, as in LiCSBAS: a good pair is in a bad loop as soon as one of the other two is bad. The mean over the loops ranks
    worse by 0.05 to 0.1 of AUC.
    """

    label = "loop closure"

    def answer(self, network: Network) -> Answer:
        """Return minus the smallest error of the loops of a pair."""
        loops = loops_of(network.pairs)
        if not network.unwrapped or not loops:
            raise KeyError("no unwrapped loop")
        error = loop_errors(network.phase, loops)
        values: List[List[float]] = [[] for _ in range(network.count)]
        for loop, value in zip(loops, error):
            for p in loop:
                values[p].append(value)
        score = np.array([-np.nanmin(own) if np.isfinite(own).any() else np.nan for own in values])
        return Answer(np.where(np.isfinite(score), score, np.nanmedian(score)))


class LiCSBAS(Peer):
    """Steps 11 and 12 of LiCSBAS (Morishita et al. 2020, sections 2.3 and 2.4), by its default thresholds.

    Step 11 drops pairs of low mean coherence or coverage. Step 12 calls a loop bad whose phase has an RMS of 1.5 rad or more about
    its median, and drops the pairs that are in bad loops only. Pairs without a loop stay.
    """

    label = "LiCSBAS steps 11 + 12"

    def answer(self, network: Network) -> Answer:
        """Return the selection."""
        if not network.unwrapped:
            raise KeyError("wrapped phase")
        seen = np.isfinite(network.phase)
        ever = max(int(seen.any(axis=0).sum()), 1)
        bad = seen.sum(axis=(1, 2)) / ever < COVERAGE_LEAST
        if network.coherence is not None:
            bad |= mean_coherence(network.phase, network.coherence) < COHERENCE_LEAST
        left = np.flatnonzero(~bad)
        loops = [(left[a], left[b], left[c]) for a, b, c in loops_of(network.pairs[left])]
        good_loop, in_loop = np.zeros(network.count, bool), np.zeros(network.count, bool)
        for loop, error in zip(loops, loop_errors(network.phase, loops)):
            in_loop[list(loop)] = True
            if error < LOOP_LIMIT:
                good_loop[list(loop)] = True
        bad |= in_loop & ~good_loop
        return Answer(None, ~bad, bad)


class Engine(Peer):
    """A method of the engine: its verdict, and its choice of the set that gives the best velocity."""

    def __init__(self, name: str) -> None:
        self.label, self.name, self.method = f"{name} (engine)", name, None  # type: Tuple[str, str, Any]

    def answer(self, network: Network) -> Answer:
        """Return score, own threshold, kept set and weights."""
        from stillpoint.models.interferograms.connect import choose
        from stillpoint.models.interferograms.methods import open_method
        from stillpoint.models.progress import SILENT

        if self.method is None:
            self.method = open_method(self.name, model=None, device="cpu")
        verdict = self.method(network, SILENT)
        keep = choose(network, verdict, threshold=verdict.threshold, how="best")
        called = ~(verdict.score >= verdict.threshold)
        return Answer(np.asarray(verdict.score, float), np.asarray(keep, bool), called, self.name == "default", verdict.weights)


def spanning_tree(pairs: NDArray, score: NDArray) -> NDArray[np.bool_]:
    """Return the pairs of the spanning tree with the best scores."""
    rank = 1.0 + np.argsort(np.argsort(-score, kind="stable"), kind="stable")
    count = int(pairs.max()) + 1
    tree = csgraph.minimum_spanning_tree(sparse.coo_matrix((rank, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr())
    return np.isin(rank, tree.data)


ENGINE = ("default", "resnet50", "loop_closure", "coherence", "area_ratio", "coverage", "residues", "baselines")
PEERS: Dict[str, Any] = {
    "keep_all": KeepAll, "mean_coherence": MeanCoherence, "licsbas": LiCSBAS, "scatter": Scatter, "closure": Closure,
    "truth": Truth, "truth_chosen": TruthChosen,
    **{f"engine_{name}" if name in ("loop_closure", "coherence") else name: (lambda name=name: Engine(name)) for name in ENGINE},
}
