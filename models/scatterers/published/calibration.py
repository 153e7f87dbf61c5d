"""From the scores of a network to probabilities that can be believed.

The f1-loss and class weights push scores far from the truth: a network that was paid 200 times for every scatterer says
"scatterer" too often. A monotone map, fitted on held-out stacks, repairs that: a straight line (Platt 1999) whose slope and
offset may change with the logarithm of the number of interferograms, since a long stack tells more than a short one.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Dict, Mapping, Sequence, Tuple

import numpy as np

_TYPICAL = math.log(10.0)
_FLATTEST = 0.02


@dataclass(frozen=True)
class Calibration:
    """probability = sigmoid((slope + slope_dates * d) * s + offset + offset_dates * d), s the score.

    ``d`` is the logarithm of the number of interferograms over ten, kept within that of the stacks it was fitted on.

    Attributes
    ----------
    slope, offset
        At ten interferograms.
    slope_dates, offset_dates
        Change with ``d``.
    fewest, most
        Numbers of interferograms that it was fitted on.
    """

    slope: float = 1.0
    offset: float = 0.0
    slope_dates: float = 0.0
    offset_dates: float = 0.0
    fewest: int = 1
    most: int = 1000

    def __call__(self, scores: np.ndarray, interferograms: int) -> np.ndarray:
        """Return probabilities of ``scores`` from so many interferograms; the order of the scores is kept."""
        slope, offset = self._line(interferograms)
        return 1 / (1 + np.exp(-np.clip(slope * scores + offset, -60, 60)))

    def _line(self, interferograms: int) -> Tuple[float, float]:
        along = math.log(min(max(interferograms, self.fewest), self.most)) - _TYPICAL
        return max(self.slope + self.slope_dates * along, _FLATTEST), self.offset + self.offset_dates * along

    def to_dict(self) -> Dict[str, Any]:
        """Return the numbers by name."""
        return asdict(self)

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Calibration:
        """Return the calibration that ``form`` describes; raise TypeError or ValueError where it is damaged."""
        made = cls(**form)
        if not all(isinstance(value, (int, float)) and math.isfinite(value) for value in made.to_dict().values()):
            raise ValueError("numbers of the calibration are not finite")
        return made


def fit_calibration(
    scores: Sequence[np.ndarray], truth: Sequence[np.ndarray], interferograms: Sequence[int]
) -> Calibration:
    """Return the calibration with the smallest cross-entropy on held-out stacks (Newton's method).

    Parameters
    ----------
    scores, truth
        One array a stack: scores of the network, and whether the pixel is a scatterer.
    interferograms
        How many each stack has. Where all have the same number, the line does not change with it.
    """
    if not any(np.any(part) for part in truth) or all(np.all(part) for part in truth):
        raise ValueError("calibration needs pixels of both kinds")
    score = np.concatenate([np.ravel(part) for part in scores]).astype(np.float64)
    target = np.concatenate([np.ravel(part) for part in truth]).astype(np.float64)
    along = np.concatenate(
        [np.full(np.size(part), math.log(count) - _TYPICAL) for part, count in zip(scores, interferograms)]
    )
    middle, unit = score.mean(), max(float(score.std()), 1e-9)
    scaled = (score - middle) / unit
    columns = [scaled, np.ones_like(scaled)]
    if along.max() - along.min() > 0.1:
        columns += [scaled * along, along]
    design = np.stack(columns, axis=1)
    found = np.zeros(len(columns))
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(design @ found, -60, 60)))
        gradient = design.T @ (probability - target) + 1e-3 * found
        curvature = design.T @ (design * np.maximum(probability * (1 - probability), 1e-9)[:, None])
        step = np.linalg.solve(curvature + 1e-3 * np.eye(len(columns)), gradient)
        found = found - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    slope, offset = found[0] / unit, found[1] - found[0] * middle / unit
    slope_dates, offset_dates = (found[2] / unit, found[3] - found[2] * middle / unit) if len(found) == 4 else (0.0, 0.0)
    return Calibration(
        float(slope), float(offset), float(slope_dates), float(offset_dates), min(interferograms), max(interferograms)
    )
