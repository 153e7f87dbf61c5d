"""The tests of Berti et al. (2013) by ordinary least squares: sums of squares, break scans, F tests, BIC. numpy only.

For reading a series' numbers, and for those who want the published tests and nothing else; the classifier itself
compares the models under correlated noise (:mod:`stillpoint.models.trends.evidence`). Every break date of every
series is tried by cumulative sums (:func:`scan_general`: any gaps) or by one matrix product
(:func:`scan_shared`: all series have all epochs); both give the same to rounding.

Source: Berti, Corsini, Franceschini & Iannacone (2013), Natural Hazards and Earth System Sciences 13, 1945-1958; the
gain of a further column by Frisch, Waugh & Lovell.
"""

from __future__ import annotations

from typing import Dict, NamedTuple

import numpy as np

from stillpoint.models.trends.designs import Axis, trend_columns

MODELS = ("constant", "line", "parabola", "hinge", "jump")
_TINY = 1e-12


class Scan(NamedTuple):
    """Fits of n series at e epochs, mm; gains are NaN where a break is inadmissible.

    Attributes
    ----------
    rss
        Residual sum of squares of constant, line and parabola, by name, each (n,).
    hinge, jump
        (n, e), by how much a change of velocity or a step at each epoch lowers the line's sum of squares.
    hinge_size, jump_size
        (n, e), change of slope in x (mm a half span) and step (mm) at each epoch.
    jump_length
        (n, e), squared length of the step column free of the line: what :func:`fixed_gain` needs.
    epochs
        (n,), number of epochs with a value.
    """

    rss: Dict[str, np.ndarray]
    hinge: np.ndarray
    jump: np.ndarray
    hinge_size: np.ndarray
    jump_size: np.ndarray
    jump_length: np.ndarray
    epochs: np.ndarray


def scan_general(axis: Axis, series: np.ndarray, *, margin: int = 4) -> Scan:
    """Scan series (n, e), mm, in the order of the axis, NaN where missing, by cumulative sums.

    ``margin`` epochs with a value must lie on each side of a break.
    """
    valid = np.isfinite(series)
    weight = valid.astype(float)
    y = np.where(valid, series, 0.0).astype(float)
    count = weight.sum(1)
    y = y - (y.sum(1) / np.maximum(count, 1))[:, None] * weight
    columns, constant = trend_columns(axis)
    used = constant + 1
    gram = np.einsum("ip,iq,ni->npq", columns, columns, weight, optimize=True)
    gram += 1e-13 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(columns.shape[1])
    inverse = np.linalg.inv(np.linalg.cholesky(gram))
    coordinates = np.einsum("npq,nq->np", inverse, y @ columns)
    total = (y**2).sum(1)
    explained = np.cumsum(coordinates**2, axis=1)
    rss = {name: total - explained[:, constant - 1 + k] for k, name in enumerate(MODELS[:3])}

    back = inverse[:, :used, :used]
    beta = np.einsum("npq,np->nq", back, coordinates[:, :used])
    residual = (y - beta @ columns[:, :used].T) * weight
    x = axis.x
    moments = [_suffix(residual), _suffix(residual * x)]
    power = [_suffix(weight), _suffix(weight * x), _suffix(weight * x * x)]
    level = [_suffix(weight * column) for column in columns[:, :used].T]
    slope = [_suffix(weight * x * column) - x * suffix for column, suffix in zip(columns[:, :used].T, level)]
    before = np.concatenate([np.zeros((len(y), 1)), np.cumsum(weight, axis=1)[:, :-1]], axis=1)
    bad = (before < margin) | (power[0] < margin)
    result = []
    for product, length, cross in (
        (moments[1] - x * moments[0], power[2] - 2 * x * power[1] + x * x * power[0], slope),
        (moments[0], power[0], level),
    ):
        shared = np.einsum("npq,nqe->npe", back, np.stack(cross, axis=1))
        free = length - (shared**2).sum(1)
        free = np.where(bad | (free < 1e-6 * np.maximum(length, _TINY)), np.nan, free)
        result.append((product**2 / free, product / free, free))
    (hinge, hinge_size, _), (jump, jump_size, jump_length) = result
    return Scan(rss, hinge, jump, hinge_size, jump_size, jump_length, count)


def scan_shared(axis: Axis, series: np.ndarray, *, margin: int = 4) -> Scan:
    """Scan series (n, e), mm, without missing epochs, by matrix products; see :func:`scan_general`."""
    y = series.astype(float)
    y = y - y.mean(1, keepdims=True)
    columns, constant = trend_columns(axis)
    epochs = axis.x.size
    q = np.linalg.qr(columns)[0]
    total = (y**2).sum(1)
    explained = np.cumsum((y @ q) ** 2, axis=1)
    rss = {name: total - explained[:, constant - 1 + k] for k, name in enumerate(MODELS[:3])}
    base = q[:, : constant + 1]
    inside = (np.arange(epochs) >= margin) & (epochs - np.arange(epochs) >= margin)
    result = []
    for breaks in (np.maximum(axis.x[:, None] - axis.x, 0.0), (np.arange(epochs)[:, None] >= np.arange(epochs)) * 1.0):
        free = breaks
        for _ in range(2):  # twice, as a short hinge nearly lies in the design
            free = free - base @ (base.T @ free)
        length = (free**2).sum(0)
        good = inside & (length >= 1e-6 * np.maximum((breaks**2).sum(0), _TINY))
        length = np.where(good, length, np.nan)
        product = y @ free
        result.append((product**2 / length, product / length, np.broadcast_to(length, y.shape)))
    (hinge, hinge_size, _), (jump, jump_size, jump_length) = result
    return Scan(rss, hinge, jump, hinge_size, jump_size, jump_length, np.full(len(y), float(epochs)))


def fixed_gain(found: Scan, size: float) -> np.ndarray:
    """Return the gain (n, e) of a step of ±``size`` mm at each epoch; negative where there is no such step."""
    return found.jump_length * (2.0 * size * np.abs(found.jump_size) - size**2)


def effective_epochs(residual: np.ndarray) -> np.ndarray:
    """Return the number of independent epochs of residuals (n, e), NaN where missing: n (1 - r) / (1 + r).

    ``r`` is the correlation of neighbouring residuals within 0 and 0.9; at least 8.
    """
    valid = np.isfinite(residual)
    filled = np.where(valid, residual, 0.0)
    pairs = (valid[:, 1:] & valid[:, :-1]).sum(1)
    count = valid.sum(1)
    variance = (filled**2).sum(1) / np.maximum(count, 1)
    lagged = (filled[:, 1:] * filled[:, :-1]).sum(1) / np.maximum(pairs, 1)
    r = np.clip(lagged / np.maximum(variance, _TINY), 0.0, 0.9)
    return np.maximum(count * (1 - r) / (1 + r), 8.0)


def f_test(simple: np.ndarray, complex_: np.ndarray, *, extra: int, freedom: np.ndarray) -> np.ndarray:
    """Return the p-values of nested models' sums of squares: ``extra`` parameters, ``freedom`` left in the larger."""
    from scipy.stats import f as distribution

    ratio = (simple - complex_) / extra / np.maximum(complex_ / np.maximum(freedom, 1.0), _TINY)
    return distribution.sf(np.maximum(ratio, 0.0), extra, np.maximum(freedom, 1.0))


class PublishedTests(NamedTuple):
    """The published tests of n series.

    Attributes
    ----------
    p_line, p_parabola
        (n,) p-values of line against constant and parabola against line (F tests, with effective epochs).
    weights
        (n, 5) BIC weights of :data:`MODELS`; not calibrated.
    effective
        (n,) number of independent epochs.
    hinge_at, jump_at
        (n,) epoch (in the order of the axis) of the best kink and the best step.
    """

    p_line: np.ndarray
    p_parabola: np.ndarray
    weights: np.ndarray
    effective: np.ndarray
    hinge_at: np.ndarray
    jump_at: np.ndarray


def published_tests(axis: Axis, series: np.ndarray, *, white: bool = False) -> PublishedTests:
    """Return the published tests of series (n, e), mm, in the order of the axis, NaN where missing.

    Parameters
    ----------
    axis
        The epochs.
    series
        Phase jumps taken out.
    white
        Take all epochs as independent, as the original does.
    """
    scan = scan_shared if np.isfinite(series).all() else scan_general
    found = scan(axis, series)
    hinge_at, jump_at = (np.nan_to_num(gain, nan=-1.0).argmax(1) for gain in (found.hinge, found.jump))
    line = found.rss["line"]
    row = np.arange(len(series))
    broken = [line - np.nan_to_num(gain[row, at]) for gain, at in ((found.hinge, hinge_at), (found.jump, jump_at))]
    constant = trend_columns(axis)[1]
    effective = found.epochs if white else effective_epochs(_hinge_residual(axis, series, hinge_at))
    rss = np.stack([found.rss["constant"], line, found.rss["parabola"], *broken], axis=1)
    parameters = constant + np.array([0, 1, 2, 3, 3])
    bic = effective[:, None] * np.log(np.maximum(rss, _TINY) / found.epochs[:, None])
    bic = bic + parameters * np.log(effective)[:, None]
    weights = np.exp(-0.5 * (bic - bic.min(1, keepdims=True)))
    return PublishedTests(
        f_test(rss[:, 0], rss[:, 1], extra=1, freedom=effective - constant - 1),
        f_test(rss[:, 1], rss[:, 2], extra=1, freedom=effective - constant - 2),
        weights / weights.sum(1, keepdims=True), effective, hinge_at, jump_at,
    )


def _hinge_residual(axis: Axis, series: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return residuals (n, e) of line and hinge at epoch ``at`` (n,), with the annual motion; NaN where missing."""
    columns, constant = trend_columns(axis)
    design = np.broadcast_to(columns[:, : constant + 1], (len(series), axis.x.size, constant + 1))
    hinge = np.maximum(axis.x - axis.x[at][:, None], 0.0)
    design = np.concatenate([design, hinge[..., None]], axis=2)
    valid = np.isfinite(series)
    known = design * valid[..., None]
    y = np.where(valid, series, 0.0).astype(float)
    gram = known.transpose(0, 2, 1) @ known
    gram += 1e-10 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(gram.shape[1])
    beta = np.linalg.solve(gram, np.einsum("nep,ne->np", known, y)[..., None])
    return np.where(valid, y - (design @ beta)[..., 0], np.nan)


def _suffix(values: np.ndarray) -> np.ndarray:
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
