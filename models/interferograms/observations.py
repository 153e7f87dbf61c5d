"""What a small-baseline stack says, in one form for all methods of selecting interferograms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

import numpy as np


@dataclass(frozen=True)
class Network:
    """Interferograms of a small-baseline stack, on one grid.

    Attributes
    ----------
    phase
        float32 [pairs, rows, cols], radians, all of one sign (secondary date minus reference date, or all the other way round);
        NaN where missing. Unwrapped, or wrapped to [-pi, pi] (see ``unwrapped``).
    dates
        datetime64[D] [dates], sorted.
    pairs
        int [pairs, 2]: indices of the earlier and the later date, earlier < later.
    unwrapped
        Whether ``phase`` is unwrapped.
    coherence
        float32 [pairs, rows, cols] in 0..1; NaN where missing; None where unknown.
    baselines
        float64 [pairs], perpendicular baselines in metres; None where unknown.
    spacing
        Metres on the ground between two rows and between two columns.
    wavelength
        Metres; None where unknown.
    """

    phase: np.ndarray
    dates: np.ndarray
    pairs: np.ndarray
    unwrapped: bool
    coherence: Optional[np.ndarray] = None
    baselines: Optional[np.ndarray] = None
    spacing: Tuple[float, float] = (100.0, 100.0)
    wavelength: Optional[float] = None

    @property
    def count(self) -> int:
        """Number of interferograms."""
        return int(self.pairs.shape[0])

    @property
    def shape(self) -> Tuple[int, int]:
        """Rows and columns."""
        return int(self.phase.shape[1]), int(self.phase.shape[2])

    @property
    def days(self) -> np.ndarray:
        """float64 [pairs]: temporal baselines in days."""
        return (self.dates[self.pairs[:, 1]] - self.dates[self.pairs[:, 0]]).astype("timedelta64[D]").astype(np.float64)


@dataclass(frozen=True)
class Verdict:
    """What a method says of the interferograms of a network, before the network is kept connected.

    Attributes
    ----------
    score
        float64 [pairs], 0 bad to 1 good; NaN where the method cannot tell (then the pair is dropped where others can do without).
    threshold
        The method's own threshold on ``score``.
    reasons
        A few words a pair, for users: "decorrelated", "unwrapping error, upper left", "strong atmosphere: kept", "" where good.
    evidence
        float64 [pairs] by name, what the table shows beside the score: mean coherence, closure, coverage ...
    weights
        float32 [pairs, rows, cols] in 0..1: how far each pixel of each interferogram can be trusted; None where the method has
        none.
    variance
        float64 [pairs]: expected error variance of a pixel's phase in rad**2, for the choice of the set that gives the best
        velocity; None where the method has no estimate.
    """

    score: np.ndarray
    threshold: float
    reasons: List[str]
    evidence: Dict[str, np.ndarray] = field(default_factory=dict)
    weights: Optional[np.ndarray] = None
    variance: Optional[np.ndarray] = None
