"""How well each trend model explains a series, whatever its noise: marginal log likelihoods. numpy only.

The tests of Berti et al. (2013) compare residual sums of squares as if the noise were white. Here the same
models (constant, line, parabola, hinge, each with the annual motion) are compared under white plus exponentially
correlated noise, averaged over its unknown share and correlation time, which is what a corrected number of
independent epochs approximates.
"""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional, Tuple

import numpy as np

from stillpoint.models.trends.designs import Axis
from stillpoint.models.trends.fit_plans import Plan, plans
from stillpoint.models.trends.fits import detrend
from stillpoint.models.trends.gls import noise_grid

MODELS = ("constant", "line", "parabola", "hinge")
CANDIDATES = 48
GRID = noise_grid((0.35, 0.75), (15.0, 50.0, 150.0), white=0.2, weights=(1.0, 1.0, 1.0))
_MARGIN = 3


class Evidence(NamedTuple):
    """Evidence about n series.

    Attributes
    ----------
    log
        (n, 4) float64, log likelihood under :data:`MODELS`, noise and break date averaged out; differences
        count, and p parameters are not yet penalised.
    rss
        (n, 4) float64, residual sum of squares of each model by ordinary least squares, mm².
    break_years
        (n,) float64, most probable date of the hinge, years since the first date.
    sigma, rho
        (n,) float64, deviation of the noise, mm, and share of its correlated part.
    epochs
        (n,) number of epochs with a value.
    annual
        (n,) float64, amplitude of the annual motion, mm; NaN where the dates don't allow it.
    """

    log: np.ndarray
    rss: np.ndarray
    break_years: np.ndarray
    sigma: np.ndarray
    rho: np.ndarray
    epochs: np.ndarray
    annual: np.ndarray


def gather(axis: Axis, series: np.ndarray) -> Evidence:
    """Return the evidence about series (n, e), mm, in the order of the axis, NaN where missing."""
    number = series.shape[0]
    valid = np.isfinite(series)
    count = valid.sum(1)
    nothing = np.full(number, np.nan)
    result = Evidence(
        np.full((number, 4), np.nan), np.full((number, 4), np.nan), nothing.copy(), nothing.copy(), nothing.copy(),
        count, nothing.copy(),
    )
    products: Dict[int, Tuple[np.ndarray, np.ndarray]] = {}
    for plan, rows in plans(axis, GRID, valid, np.flatnonzero(count >= 8)):
        values = np.where(valid[rows], series[rows], 0.0)[:, plan.rows].T
        if plan.valid is None and id(plan) not in products:
            products = {id(plan): _hinge_operator(plan)}
        _weigh(plan, values, products.get(id(plan)), rows, result)
    return result


def _hinge_operator(plan: Plan) -> Tuple[np.ndarray, np.ndarray]:
    """Return whitened unit hinges (G, K, n) float32 beside the line, and their epochs (K,)."""
    gls, used = plan.gls, plan.linear + 1
    epochs = plan.rows.size
    inside = np.arange(_MARGIN, epochs - _MARGIN)
    if inside.size > CANDIDATES:
        inside = inside[np.unique(np.round(np.linspace(0, inside.size - 1, CANDIDATES)).astype(int))]
    hinges = np.maximum(gls.x[:, None] - gls.x[inside], 0.0)
    white = gls.whiten_columns(hinges)[..., 0].transpose(2, 1, 0)  # (G, K, n)
    q = gls.q[:, :used, :, 0].transpose(2, 1, 0)  # (G, p, n)
    for _ in range(2):  # twice, as a short hinge nearly lies in the design
        white = white - (white @ q.transpose(0, 2, 1)) @ q
    length = np.sqrt((white**2).sum(-1, keepdims=True))
    white = np.where(length > 1e-5, white / np.maximum(length, 1e-12), 0.0)
    return white.astype(np.float32), inside


def _weigh(
    plan: Plan, y: np.ndarray, operator: Optional[Tuple[np.ndarray, np.ndarray]], rows: np.ndarray, out: Evidence
) -> None:
    gls, p = plan.gls, plan.constant
    residual, beta0 = detrend(plan, y)
    white = gls.whiten(residual)
    z, square = gls.project(white)
    z = z.astype(float)
    square = square.astype(float)
    line = np.maximum(square - (z[: p + 1] ** 2).sum(0), 1e-9)
    # the line that was taken out before belongs to the model: Q Lᵀ beta0 are its coordinates
    start = np.einsum("gbqp,qb->pgb", gls.factor, beta0)
    constant = line + (z[p] + start[p]) ** 2
    parabola = np.maximum(line - z[p + 1] ** 2, 1e-6 * line)
    if operator is not None:
        unit, inside = operator
        gain = np.matmul(unit, white.transpose(1, 0, 2)) ** 2  # (G, K, B)
        x = gls.x[inside]
        admissible = np.ones((1, inside.size, 1), bool)
    else:
        hinges = plan.hinges
        gain, _ = gls.amplitudes(gls.residual(white, z[: p + 1].astype(np.float32)), hinges, p)
        gain = gain.transpose(1, 0, 2)
        x = gls.x
        admissible = np.isfinite(hinges.den).transpose(1, 0, 2)
    share = _share(x)[None, :, None] * admissible
    share = share / np.maximum(share.sum(1, keepdims=True), 1e-30)
    freedom = np.maximum(gls.count - p - 3.0, 1.0)
    best = np.maximum(line[:, None] - gain, 1e-6 * line[:, None])
    base = gls.grid.log_prior[:, None] - 0.5 * gls.logdet - gls.half_logdet_design(p)
    kink = -0.5 * freedom * np.log(best)
    top = kink.max(1, keepdims=True)
    inner = np.exp(kink - top) * share
    mean = np.log(np.maximum(inner.sum(1), 1e-300)) + top[:, 0]
    table = np.stack(
        [-0.5 * freedom * np.log(rss) for rss in (constant, line, parabola)] + [mean]
    ) + base
    peak = table.max(1)
    weights = np.exp(table - peak[:, None])
    out.log[rows] = (peak + np.log(weights.sum(1))).T
    posterior = weights / weights.sum(1, keepdims=True)
    model = out.log[rows].argmax(1)
    own = posterior[model, :, np.arange(rows.size)].T  # (G, B)
    out.rho[rows] = (own * gls.grid.rho[:, None]).sum(0)
    spread = np.stack([constant, line, parabola, best.min(1)])[model, :, np.arange(rows.size)].T
    out.sigma[rows] = np.sqrt((own * spread).sum(0) / freedom)
    out.rss[rows] = np.stack([constant[0], line[0], parabola[0], best[0].min(0)]).T
    place = (inner * np.exp(table[3] - peak[3])[:, None] / np.maximum(inner.sum(1, keepdims=True), 1e-300)).sum(0)
    out.break_years[rows] = (x[place.argmax(0)] + 1.0) / 2.0 * plan.axis.span
    if plan.axis.annual:
        back = gls.inverse[0][:, : p + 1, : p + 1]
        beta = np.einsum("bqp,qb->pb", np.broadcast_to(back, (rows.size, p + 1, p + 1)), z[: p + 1, 0])
        out.annual[rows] = np.hypot(beta[1] + beta0[1], beta[2] + beta0[2])


def _share(x: np.ndarray) -> np.ndarray:
    """Time that each candidate stands for (trapezoidal rule)."""
    share = np.zeros(x.size)
    gaps = np.diff(x)
    share[1:] += 0.5 * gaps
    share[:-1] += 0.5 * gaps
    return share
