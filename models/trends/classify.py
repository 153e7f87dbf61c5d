"""Trend classification of series in memory: classes, probabilities, and the quantities of the fitted trend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.pipeline import in_order, one_thread_in_torch
from stillpoint.models.trends import refine as refinement
from stillpoint.models.trends.classes import FIELDS, NAMES, NOT_CLASSIFIED, STABLE, UNWRAPPING_ERROR
from stillpoint.models.trends.methods import Method, open_method

TYPICAL_SHARES = (0.73, 0.15, 0.06, 0.05, 0.01)
"""Shares of the classes in a wide area with a few landslides, after Mirmazloumi et al. (2022)."""

FEWEST_VALUES = 8

ROWS = 4096
"""Series classified at a time."""


@dataclass
class Classification:
    """Classes and fitted quantities of n series.

    Attributes
    ----------
    columns
        One array of length n for each of ``classes.FIELDS``.
    corrected
        float32 (n, e), mm, the series without the jumps of an unwrapping error.
    """

    columns: Dict[str, np.ndarray]
    corrected: np.ndarray


def class_shares(text: str) -> Tuple[float, ...]:
    """Return the expected shares of the five classes that ``text`` names, summing to 1.

    Raises
    ------
    StillpointError
        Neither ``balanced`` nor ``typical`` nor five numbers above 0.
    """
    if text == "balanced":
        return (0.2,) * 5
    if text == "typical":
        return TYPICAL_SHARES
    try:
        shares = [float(part) for part in text.replace(";", ",").split(",")]
    except ValueError:
        shares = []
    if len(shares) != 5 or not all(np.isfinite(shares)) or min(shares) <= 0:
        raise StillpointError(
            f"class-shares is {text!r}; give balanced, typical, or five numbers above 0 such as 0.73,0.15,0.06,0.05,0.01."
        )
    return tuple(share / sum(shares) for share in shares)


def classify_arrays(
    dates: np.ndarray,
    displacement: np.ndarray,
    *,
    wavelength: float,
    method: str = "default",
    model: Optional[str] = None,
    device: str = "cpu",
    abstain: bool = True,
    shares: Sequence[float] = (0.2,) * 5,
    significance: float = 1e-4,
    check: Callable[[], None] = lambda: None,
) -> Classification:
    """Classify series that share dates.

    Parameters
    ----------
    dates
        ``datetime64[D]``, shape (e,), strictly increasing.
    displacement
        float32, shape (n, e), mm, positive towards the satellite, NaN where missing.
    wavelength
        Metres.
    method
        ``default``, ``mirmazloumi_cnn`` or ``statistical``.
    model
        Model file instead of the shipped one.
    device
        Name of a torch device.
    abstain
        Leave series without a class where none fits.
    shares
        Expected shares of the classes; the networks were trained with equal ones.
    significance
        Level of the tests of ``statistical``.
    check
        Called now and then; may raise Cancelled.

    Raises
    ------
    StillpointError
        Dates not increasing, shapes that don't fit, no wavelength, or a model that cannot be used.
    """
    if not (np.isfinite(wavelength) and wavelength > 0):
        raise StillpointError(f"The wavelength is {wavelength} m; it must be above 0 (0.0555 for C band).")
    decide = open_method(method, model=model, device=device, abstain=abstain, significance=significance, check=check)
    dates = np.asarray(dates, dtype="datetime64[D]")
    displacement = np.asarray(displacement, dtype=np.float32)
    blocks = [displacement[start : start + ROWS] for start in range(0, max(len(displacement), 1), ROWS)]
    with one_thread_in_torch():
        parts = [
            part
            for _, part in in_order(
                lambda block: classify_with(decide, dates, block, wavelength, shares),
                blocks,
                threads=1 if device != "cpu" else None,
            )
        ]
    columns = {column.name: np.ma.concatenate([part.columns[column.name] for part in parts])
               if column.kind == "integer" else np.concatenate([part.columns[column.name] for part in parts])
               for column in FIELDS}
    return Classification(columns, np.concatenate([part.corrected for part in parts]))


def classify_with(
    decide: Method, dates: np.ndarray, displacement: np.ndarray, wavelength: float, shares: Sequence[float]
) -> Classification:
    """Classify series with an opened method; see :func:`classify_arrays`."""
    displacement = np.ascontiguousarray(displacement, dtype=np.float32)
    if displacement.ndim != 2 or displacement.shape[1] != len(dates):
        raise StillpointError("The displacements must be a matrix of points by dates.")
    if len(dates) < 2 or np.any(np.diff(dates.astype("datetime64[D]").astype(np.int64)) <= 0):
        raise StillpointError("The dates must increase strictly, and there must be two or more.")
    if np.isinf(displacement).any():
        displacement = np.where(np.isinf(displacement), np.float32(np.nan), displacement)
    judged = decide(dates, displacement, wavelength)
    reasons = judged.reasons
    unfit = unfit_reasons(displacement)
    reasons = np.where(unfit != np.array(None), unfit, reasons)
    weights = np.asarray(shares, dtype=np.float64) / 0.2
    probabilities = judged.probabilities * weights
    with np.errstate(invalid="ignore"):
        probabilities /= probabilities.sum(axis=1, keepdims=True)
    missing = ~np.isfinite(probabilities).all(axis=1)
    probabilities[missing] = np.nan
    reasons[missing & (reasons == np.array(None))] = TOO_SHORT
    refused = reasons != np.array(None)
    filled = np.where(missing[:, None], -1.0, probabilities)
    order = np.argsort(-filled, axis=1, kind="stable")
    best = order[:, 0].astype(np.int64)
    codes = np.where(refused, STABLE, best)
    fitted = refinement.refine(
        dates, displacement, codes, wavelength=wavelength,
        jumps=_levels(judged.jumps, codes), break_hint=_years(judged.break_days),
    )
    return _assembled(probabilities, best, order[:, 1], refused, reasons, fitted)


TOO_SHORT = "Too few epochs"


def _levels(jumps: Optional[np.ndarray], codes: np.ndarray) -> Optional[np.ndarray]:
    """Return by how many half wavelengths each epoch stands too high: zero but for unwrapping errors."""
    if jumps is None:
        return None
    return np.cumsum(jumps, axis=1, dtype=np.int16) * (codes == UNWRAPPING_ERROR)[:, None]


def _years(days: Optional[np.ndarray]) -> Optional[np.ndarray]:
    return None if days is None else days / 365.25


def unfit_reasons(displacement: np.ndarray) -> np.ndarray:
    """Return for each series why it cannot be classified at all, or None; object array (n,)."""
    counts = np.isfinite(displacement).sum(axis=1)
    reasons = np.full(len(displacement), None, dtype=object)
    with np.errstate(invalid="ignore"):
        low = np.fmin.reduce(displacement, axis=1)
        high = np.fmax.reduce(displacement, axis=1)
    reasons[(counts > 0) & (high == low)] = "Constant series"
    reasons[(counts > 0) & (counts < FEWEST_VALUES)] = TOO_SHORT
    reasons[counts == 0] = "No values"
    return reasons


def _unless(left_out: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Return ``texts`` with None where ``left_out``."""
    kept = texts.copy()
    kept[left_out] = None
    return kept


def _assembled(probabilities, best, second, refused, reasons, fitted) -> Classification:
    size = len(best)
    names = np.array(NAMES, dtype=object)
    values = fitted.columns()
    columns: Dict[str, np.ndarray] = {
        "trend": np.where(refused, NOT_CLASSIFIED, names[best]),
        "trend_code": np.ma.masked_array(best.astype(np.int16), mask=refused),
        "confidence": np.where(refused, np.nan, probabilities[np.arange(size), best]),
        "runner_up": _unless(refused, names[second]),
        "reason": _unless(~refused, reasons),
    }
    for code in range(len(NAMES)):
        columns[f"p_{code}"] = probabilities[:, code]
    for column in FIELDS:
        if column.name in columns:
            continue
        value = values[column.name]
        if column.kind == "date":
            columns[column.name] = np.where(refused, np.datetime64("NaT", "D"), value)
        elif column.name == "epochs":
            columns[column.name] = value
        elif column.kind == "integer":
            columns[column.name] = np.ma.masked_array(value, mask=refused)
        else:
            # A refused series was fitted by a line: its mean velocity is worth having all the same.
            columns[column.name] = value
    return Classification({column.name: columns[column.name] for column in FIELDS}, fitted.corrected)
