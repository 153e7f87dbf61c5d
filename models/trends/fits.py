"""Fits that the refinement, the viewer's curves and the evidence of the trend tests share. numpy only.

:func:`fit_block` fits one model to a block of series of one plan (:mod:`stillpoint.models.trends.fit_plans`) and
returns moments of the posterior over noise parameters and break date.
"""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Tuple

import numpy as np

from stillpoint.models.trends.classes import BILINEAR, QUADRATIC
from stillpoint.models.trends.designs import DAYS_PER_YEAR
from stillpoint.models.trends.fit_plans import MINIMUM_EPOCHS, Plan
from stillpoint.models.trends.gls import Gls
from stillpoint.models.trends.kinks import (
    BreakPosterior,
    HingeProducts,
    Known,
    coarse_to_fine,
    dates_of,
    hinge_at,
    posterior,
)

_OUTLIER, _KEPT = 4.0, 1.0  # deviations


class Fit(NamedTuple):
    """Least-squares fits of a block of series, and the moments of the posterior.

    ``beta`` (p, B) are the coefficients of the design columns, ``amplitude`` and ``break_x`` (B,) of the
    hinge; ``cell`` the most probable noise cell; ``sigma`` the noise deviation.
    """

    values: Dict[str, np.ndarray]
    beta: np.ndarray
    amplitude: np.ndarray
    break_x: np.ndarray
    cell: np.ndarray
    sigma: np.ndarray


def fit_block(
    plan: Plan,
    y: np.ndarray,
    model: int,
    *,
    hint_x: Optional[np.ndarray] = None,
    break_x: Optional[np.ndarray] = None,
) -> Fit:
    """Fit one model (LINEAR, QUADRATIC or BILINEAR) to series ``y`` (n, B) of a plan; missing epochs hold 0.

    ``break_x`` (B,) puts the hinge of the fitted curve there, instead of at the median of its posterior.
    """
    gls, linear, half = plan.gls, plan.linear, 2.0 / plan.axis.span
    straight, beta0 = detrend(plan, y)
    residual = tame_outliers(straight, plan.valid)
    white = gls.whiten(residual)
    z, square = gls.project(white)
    used = linear + (2 if model == QUADRATIC else 1)
    z = z[:used]
    rss = np.maximum(square - (z.astype(float) ** 2).sum(0), 1e-6 * square + 1e-9)
    freedom = np.maximum(gls.count - used, 1.0)
    base = gls.grid.log_prior[:, None] - 0.5 * gls.logdet - gls.half_logdet_design(used)
    size = y.shape[1]
    values: Dict[str, np.ndarray] = {}

    at = np.full(size, np.inf)
    products = None
    if model == BILINEAR:
        products = plan.hinge_products(size)
        known = Known(z, rss, base, freedom - 1.0, hint_x)
        if products is None:
            every = np.arange(gls.x.size)
            product = gls.products(gls.residual(white, z), plan.hinges, linear)
            found, _ = posterior(gls, plan.hinges, every, product, known, linear)
        else:
            found = coarse_to_fine(gls, plan.hinges, products, residual, known, linear)
        values = _beside_the_break(plan, found, beta0[linear])
        at = found.quantiles[1] if break_x is None else break_x
        weights, sigma2 = found.cells, found.sigma2
    else:
        weights = _normalise(base - 0.5 * freedom * np.log(rss))
        sigma2 = rss / np.maximum(freedom - 2.0, 1.0)  # the mean of its posterior
    l_xx = gls.factor[:, :, linear, linear]
    slope, variance = z[linear] / l_xx, sigma2 / l_xx**2
    if model == QUADRATIC:
        l_qx, l_qq = gls.factor[:, :, linear + 1, linear], gls.factor[:, :, linear + 1, linear + 1]
        bend = z[linear + 1] / l_qq
        slope = slope - l_qx * bend / l_xx
        variance = variance + sigma2 * (l_qx / (l_xx * l_qq)) ** 2
        values["accel"] = 2.0 * half**2 * ((weights * bend).sum(0) + beta0[linear + 1])
    velocity, se = _mixture(weights, slope, variance)
    values["velocity"], values["vel_se"] = half * (velocity + beta0[linear]), half * se

    cell = weights.argmax(0)
    fit_beta, amplitude = _fit_at(plan, residual, z, cell, at, products)
    beta = np.zeros_like(beta0)
    beta[:used] = fit_beta
    fitted = plan.columns[:, :used].astype(np.float32) @ fit_beta.astype(np.float32)
    if model == BILINEAR:
        hinge = np.maximum(gls.x.astype(np.float32)[:, None] - at.astype(np.float32), 0.0)
        fitted += hinge * amplitude.astype(np.float32)
    left = np.subtract(straight, fitted, out=fitted)
    if plan.valid is not None:
        left *= plan.valid
    values["rmse"] = np.sqrt(np.einsum("nb,nb->b", left, left) / gls.count)
    beta += beta0
    values["annual"] = np.hypot(beta[1], beta[2]) if plan.axis.annual else np.full(size, np.nan)
    sigma = np.sqrt((weights * sigma2).sum(0))
    return Fit(values, beta, amplitude, at, cell, sigma)


def detrend(plan: Plan, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Take an ordinary line (with annual term) out of ``y`` (n, B), so that single precision is enough.

    Returns residuals (n, B) float32, 0 where missing, and the coefficients (p, B) of all design columns.
    """
    columns = plan.columns[:, : plan.linear + 1]
    if plan.valid is None:
        y = np.ascontiguousarray(y, np.float32)
        beta = plan.line_inverse @ y
        residual = y - plan.line @ beta
    else:
        pairs = (columns[:, :, None] * columns[:, None]).reshape(len(columns), -1)
        gram = (plan.valid.T.astype(float) @ pairs).reshape(-1, columns.shape[1], columns.shape[1])
        gram += 1e-9 * np.eye(columns.shape[1])
        beta = np.linalg.solve(gram, (columns.T @ y).T[..., None])[..., 0].T
        residual = np.where(plan.valid, y - columns @ beta, 0.0).astype(np.float32)
    full = np.zeros((plan.columns.shape[1], y.shape[1]))
    full[: plan.linear + 1] = beta
    return residual, full


def tame_outliers(residual: np.ndarray, valid: Optional[np.ndarray] = None) -> np.ndarray:
    """Pull single epochs that stand far off both neighbours towards them; (n, B), missing where ``valid`` is False.

    Single outliers would rule velocities beside a break. They are told by the distance from the mean of the two
    neighbours, which neither trend, season nor correlated noise makes large.
    """
    if residual.shape[0] < MINIMUM_EPOCHS:
        return residual
    off = residual[1:-1] - 0.5 * (residual[:-2] + residual[2:])
    if valid is not None:
        off = np.where(valid[1:-1] & valid[:-2] & valid[2:], off, 0.0)
    size = np.abs(off)
    present = size.shape[0] if valid is None else np.maximum((size > 0).sum(0), 1)
    scale = (np.sqrt(size).sum(0) / present / 0.822) ** 2
    out = size > _OUTLIER * scale
    if not out.any():
        return residual
    # beside an outlier the neighbours stand off by half of it: only the largest of the three is one
    out[1:] &= size[1:] >= size[:-1]
    out[:-1] &= size[:-1] >= size[1:]
    tamed = residual.copy()
    tamed[1:-1] -= np.where(out, off - np.sign(off) * _KEPT * scale, 0.0).astype(residual.dtype)
    return tamed


def _normalise(logarithm: np.ndarray) -> np.ndarray:
    weights = np.exp(logarithm - logarithm.max(0))
    return weights / weights.sum(0)


def _mixture(weights: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over noise cells, all (G, B)."""
    centre = (weights * mean).sum(0)
    return centre, np.sqrt((weights * (variance + (mean - centre) ** 2)).sum(0))


def _beside_the_break(plan: Plan, found: BreakPosterior, start_slope: np.ndarray) -> Dict[str, np.ndarray]:
    """Return break date and velocities in the units of the layer, with their uncertainty."""
    half = 2.0 / plan.axis.span
    values = dates_of(found.quantiles, found.found, plan.axis.dates[0], DAYS_PER_YEAR / half)
    for side, names in enumerate((("velocity_1", "vel1_se"), ("velocity_2", "vel2_se"))):
        slope = half * (found.slope[side] + start_slope)
        for name, value in zip(names, (slope, half * found.slope_se[side])):
            values[name] = np.where(found.found, value, np.nan)
    return values


def _fit_at(
    plan: Plan, residual: np.ndarray, z: np.ndarray, cell: np.ndarray, break_x: np.ndarray,
    products: Optional[HingeProducts],
) -> Tuple[np.ndarray, np.ndarray]:
    """Fit each series in its own noise cell, with a hinge at ``break_x`` where that is finite.

    Returns coefficients (p, B) and hinge amplitude (B,).
    """
    gls = plan.gls
    used, size = z.shape[0], residual.shape[1]
    column = np.arange(size)
    own = column if plan.valid is not None else np.zeros(size, int)
    z = z[:, cell, column].astype(float)
    back = gls.inverse[cell, own][:, :used, :used]  # of the lower factor: beta = back' z
    amplitude = np.zeros(size)
    if np.isfinite(break_x).any():
        if products is not None:
            amplitude, w = hinge_at(gls, plan.hinges, products, residual, cell, break_x)
        else:
            amplitude, w = _filtered_hinge(gls, residual, used, cell, own, break_x)
        z = z - w * amplitude
    return np.einsum("bqp,qb->pb", back, z), amplitude


def _filtered_hinge(
    gls: Gls, residual: np.ndarray, used: int, cell: np.ndarray, own: np.ndarray, at: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """Return amplitude (B,) and design products (p, B) of hinges at ``at`` by the filter; any gaps."""
    decay, push, scale = (a[:, cell, own] for a in (gls.decay, gls.push, gls.scale))
    both = np.stack([np.maximum(gls.x[:, None] - at, 0.0), residual.astype(float)], axis=1)
    mean = np.zeros((2, at.size))
    white = np.empty_like(both)
    for i in range(both.shape[0] - 1, -1, -1):
        white[i] = (both[i] - mean) * scale[i]
        mean = mean * decay[i] + both[i] * push[i]
    q = gls.q[:, :used, cell, own]
    w = np.einsum("npb,nb->pb", q, white[:, 0])
    free = white[:, 0] - np.einsum("npb,pb->nb", q, w)
    return (free * white[:, 1]).sum(0) / np.maximum((free**2).sum(0), 1e-12), w
