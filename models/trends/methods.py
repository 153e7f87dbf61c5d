"""The methods of trend classification behind one interface: dates and series in, probabilities and reasons out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library


@dataclass
class Judged:
    """What any method says: probabilities (n, 5), a reason or None for each series, jumps, a hint of the break."""

    probabilities: np.ndarray
    reasons: np.ndarray
    jumps: Optional[np.ndarray] = None
    break_days: Optional[np.ndarray] = None


Method = Callable[[np.ndarray, np.ndarray, float], Judged]
"""Takes dates (e,), displacement (n, e) in mm and the wavelength in metres."""


def open_method(
    method: str,
    *,
    model: Optional[str] = None,
    device: str = "cpu",
    abstain: bool = True,
    significance: float = 1e-4,
    check: Callable[[], None] = lambda: None,
) -> Method:
    """Return the method by its name, weights loaded; see :func:`classify_arrays` for the parameters."""
    if method == "default":
        return _default(model_of(method, model), device, abstain, check)
    if method == "mirmazloumi_cnn":
        return _published(model_of(method, model), device)
    if method == "statistical":
        return _statistical(significance)
    raise StillpointError(f"Unknown method {method!r}.")


def model_of(method: str, model: Optional[str] = None) -> Path:
    """Return the file of the weights of a method: the one given, the user's default, or the shipped one."""
    if method == "statistical":
        return library.shipped("trends", method)  # its weights belong to the program
    return library.model_of("trends", method, model)


def _default(path: Path, device: str, abstain: bool, check: Callable[[], None]) -> Method:
    from stillpoint.models.trends.judge import Judge, reason_text

    judge = Judge(path, device)

    def decide(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> Judged:
        verdict = judge(dates, displacement, wavelength, check=check)
        reasons = np.full(len(displacement), None, dtype=object)
        if abstain:
            for row in np.flatnonzero(verdict.judged & (verdict.unlike > judge.threshold)):
                reasons[row] = reason_text(int(verdict.why[row]))
        return Judged(verdict.probabilities, reasons, verdict.jumps, verdict.break_days)

    return decide


def _published(path: Path, device: str) -> Method:
    from stillpoint.models.trends.mirmazloumi import open_classifier

    probabilities_of = open_classifier(path, device=device)

    def decide(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> Judged:
        return Judged(probabilities_of(dates, displacement), np.full(len(displacement), None, dtype=object))

    return decide


def _statistical(significance: float) -> Method:
    from stillpoint.models.trends.statistical import classify_statistical

    def decide(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> Judged:
        found = classify_statistical(dates, displacement, wavelength=wavelength, significance=significance)
        reasons = np.array([text or None for text in found.reason], dtype=object)
        return Judged(found.probabilities.astype(np.float32), reasons)

    return decide
