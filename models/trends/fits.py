"""Plans and fits that the refinement, the viewer's curves and the evidence of the trend tests share. numpy only.

A plan holds what series with one set of epochs have in common; :func:`fit_block` fits one model to a block of them and
returns moments of the posterior over noise parameters and break date.
"""

from __future__ import annotations

from typing import Dict, Iterator, NamedTuple, Optional, Tuple

import numpy as np

from stillpoint.models.trends.classes import BILINEAR, QUADRATIC
from stillpoint.models.trends.designs import DAYS_PER_YEAR, Axis, trend_columns
from stillpoint.models.trends.gls import HINGE, Breaks, Gls, NoiseGrid

MINIMUM_EPOCHS = 8
MARGIN = 4
_OUTLIER, _KEPT = 4.0, 1.0  # deviations
_HINT_WIDTH = 0.15  # half spans
_SHARED_BLOCK, _GAPPY_BLOCK, _WORTH_A_PLAN = 2048, 64, 48


class Fit(NamedTuple):
    """Least-squares fits of a block of series, and the moments of the posterior.

    ``beta`` (p, B) are the coefficients of the design columns, ``amplitude`` and ``break_x`` (B,) of the
    hinge; ``cell`` the most probable noise cell; ``sigma`` the noise deviation; ``fitted`` (n, B).
    """

    values: Dict[str, np.ndarray]
    beta: np.ndarray
    amplitude: np.ndarray
    break_x: np.ndarray
    cell: np.ndarray
    sigma: np.ndarray
    fitted: np.ndarray


class Plan:
    """Everything that series with one set of epochs share: filters and, once asked for, break columns."""

    def __init__(self, axis: Axis, grid: NoiseGrid, rows: Optional[np.ndarray], valid: Optional[np.ndarray]) -> None:
        columns, constant = trend_columns(axis)
        rows = np.arange(axis.x.size) if rows is None else rows
        self.axis, self.rows, self.valid = axis, rows, valid
        self.constant = constant
        self.linear = constant  # position of the column x
        self.columns = columns[rows]
        self.gls = Gls(axis.years[rows], self.columns, grid, axis.x[rows], valid)
        self._hinges: Optional[Breaks] = None

    @property
    def hinges(self) -> Breaks:
        """Hinge columns beside the model L."""
        if self._hinges is None:
            self._hinges = self.gls.breaks(HINGE, self.linear + 1, self.linear, margin=MARGIN)
        return self._hinges


def plans(
    axis: Axis, grid: NoiseGrid, valid: np.ndarray, rows: np.ndarray
) -> Iterator[Tuple[Plan, np.ndarray]]:
    """Sort series by which epochs they have; yield a plan and the rows of a block of series that it serves.

    Gap patterns shared by many series get a plan of their own on the epochs they have, the others are
    filtered with their own gaps, block by block.
    """
    if not rows.size:
        return
    packed = np.packbits(valid[rows], axis=1)
    _, first, inverse, count = np.unique(packed, axis=0, return_index=True, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    shared = (count >= _WORTH_A_PLAN) | (rows.size == 1)
    for pattern in np.flatnonzero(shared):
        kept = np.flatnonzero(valid[rows[first[pattern]]])
        plan = Plan(axis, grid, kept, None)
        members = rows[inverse == pattern]
        for start in range(0, members.size, _SHARED_BLOCK):
            yield plan, members[start : start + _SHARED_BLOCK]
    rest = rows[~shared[inverse]]
    for start in range(0, rest.size, _GAPPY_BLOCK):
        block = rest[start : start + _GAPPY_BLOCK]
        kept = np.flatnonzero(valid[block].any(0))
        yield Plan(axis, grid, kept, valid[block][:, kept].T), block


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
    residual, beta0 = detrend(plan, y)
    residual = tame_outliers(residual, plan.valid)
    white = gls.whiten(residual)
    z, square = gls.project(white)
    used = linear + (2 if model == QUADRATIC else 1)
    z = z[:used]
    rss = np.maximum(square - (z.astype(float) ** 2).sum(0), 1e-6 * square + 1e-9)
    freedom = np.maximum(gls.count - used, 1.0)
    base = gls.grid.log_prior[:, None] - 0.5 * gls.logdet - gls.half_logdet_design(used)
    l_xx = gls.factor[:, :, linear, linear]
    size = y.shape[1]
    nothing = np.full(size, np.nan)
    values: Dict[str, np.ndarray] = {}

    at = np.full(size, np.inf)
    if model == BILINEAR:
        values, weights, at, sigma2 = _break_posterior(
            plan, white, z, rss, base, freedom - 1.0, hint_x, beta0[linear]
        )
        at = at if break_x is None else break_x
    else:
        weights = _normalise(base - 0.5 * freedom * np.log(rss))
        sigma2 = rss / freedom
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
    fit_beta, amplitude, fitted = _fit_at(plan, residual, z, cell, at)
    beta = np.zeros_like(beta0)
    beta[:used] = fit_beta
    beta += beta0
    fitted = fitted + plan.columns @ beta0
    inside = np.ones(y.shape, bool) if plan.valid is None else plan.valid
    values["rmse"] = np.sqrt((np.where(inside, y - fitted, 0.0) ** 2).sum(0) / gls.count)
    values["annual"] = np.hypot(beta[1], beta[2]) if plan.axis.annual else nothing
    sigma = np.sqrt((weights * sigma2).sum(0))
    return Fit(values, beta, amplitude, at, cell, sigma, fitted)


def detrend(plan: Plan, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Take an ordinary line (with annual term) out, so that single precision is enough, and tame outliers."""
    columns = plan.columns[:, : plan.linear + 1]
    if plan.valid is None:
        beta = np.linalg.lstsq(columns, y.astype(float), rcond=None)[0]
    else:
        gram = np.einsum("np,nq,nb->bpq", columns, columns, plan.valid.astype(float), optimize=True)
        gram += 1e-9 * np.eye(columns.shape[1])
        beta = np.linalg.solve(gram, (columns.T @ y).T[..., None])[..., 0].T
    residual = y - columns @ beta
    if plan.valid is not None:
        residual = np.where(plan.valid, residual, 0.0)
    full = np.zeros((plan.columns.shape[1], y.shape[1]))
    full[: plan.linear + 1] = beta
    return residual.astype(np.float32), full


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


def _break_posterior(
    plan: Plan,
    white: np.ndarray,
    z: np.ndarray,
    rss: np.ndarray,
    base: np.ndarray,
    freedom: np.ndarray,
    hint_x: Optional[np.ndarray],
    start_slope: np.ndarray,
) -> Tuple[Dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """Posterior over break epoch and noise cell; values, weights of the cells, break x, noise variance."""
    gls, linear, half = plan.gls, plan.linear, 2.0 / plan.axis.span
    hinges = plan.hinges
    x = gls.x
    gain, amplitude = gls.amplitudes(gls.residual(white, z), hinges, linear)
    rss = rss.astype(np.float32)
    left = np.subtract(rss, gain, out=gain)
    np.maximum(left, 1e-3 * rss, out=left)
    weights = np.log(left)
    weights *= -0.5 * freedom.astype(np.float32)
    weights += base.astype(np.float32)
    np.copyto(weights, -np.inf, where=~np.isfinite(hinges.den))
    if hint_x is not None and np.isfinite(hint_x).any():
        pull = np.log(0.1 + 0.9 * np.exp(-0.5 * ((x[:, None] - hint_x) / _HINT_WIDTH) ** 2))
        weights += np.where(np.isfinite(hint_x), pull, 0.0)[:, None].astype(np.float32)
    top = weights.max((0, 1))
    found = np.isfinite(top)
    weights -= np.where(found, top, 0.0).astype(np.float32)
    np.exp(weights, out=weights)  # (n, G, B), density at each candidate epoch

    # integrate over time by the trapezoidal rule: epochs beside a gap stand for more time
    gaps = np.diff(x)
    share = np.zeros(x.size)
    share[1:] += 0.5 * gaps
    share[:-1] += 0.5 * gaps
    density = weights.sum(1)
    total = share @ density.astype(float)
    joint = weights
    joint *= share.astype(np.float32)[:, None, None]
    joint /= np.where(found, total, 1.0).astype(np.float32)

    low, middle, high = (_quantile(x, density, gaps, q) for q in (0.025, 0.5, 0.975))
    cells = joint.sum(0)
    l_xx = gls.factor[:, :, linear, linear].astype(np.float32)
    ratio = (hinges.w[linear] / l_xx).astype(np.float32)
    inverse = (1.0 / hinges.den).astype(np.float32)
    slope = np.multiply(amplitude, -ratio)
    slope += (z[linear] / l_xx).astype(np.float32)
    sigma2 = np.multiply(left, joint, out=left)  # from here on weighted
    sigma2 /= freedom.astype(np.float32)
    cell_sigma2 = sigma2.sum(0)
    known = cell_sigma2 / l_xx**2
    values: Dict[str, np.ndarray] = {}
    for name, se_name, spread in (
        ("velocity_1", "vel1_se", ratio**2 * inverse),
        ("velocity_2", "vel2_se", (1.0 - ratio) ** 2 * inverse),
    ):
        if name == "velocity_2":
            slope += amplitude
        centre = np.einsum("ngb,ngb->b", joint, slope)
        slope -= centre
        around = np.einsum("ngb,ngb,ngb->b", joint, slope, slope)
        slope += centre
        within = np.einsum("ngb,ngb->b", sigma2, np.broadcast_to(spread, sigma2.shape))
        values[name] = np.where(found, half * (centre + start_slope), np.nan)
        values[se_name] = np.where(found, half * np.sqrt(around + within + known.sum(0)), np.nan)
    for name, where in (("break_date", middle), ("break_lo", low), ("break_hi", high)):
        days = np.round((where + 1.0) / half * DAYS_PER_YEAR)
        days = np.where(found, days, 0.0).astype("timedelta64[D]")
        values[name] = np.where(found, plan.axis.dates[0] + days, np.datetime64("NaT"))
    return values, cells, middle, cell_sigma2 / np.maximum(cells, 1e-30)


def _quantile(x: np.ndarray, density: np.ndarray, gaps: np.ndarray, q: float) -> np.ndarray:
    """Quantile of a piecewise linear density (n, B) over x (n,); (B,)."""
    mass = 0.5 * (density[1:] + density[:-1]) * gaps[:, None]
    cumulative = np.concatenate([np.zeros((1, density.shape[1])), np.cumsum(mass, axis=0, dtype=float)])
    goal = q * cumulative[-1]
    k = np.clip((cumulative < goal).sum(0), 1, x.size - 1)
    column = np.arange(density.shape[1])
    below, inside = cumulative[k - 1, column], mass[k - 1, column]
    part = np.clip((goal - below) / np.maximum(inside, 1e-30), 0.0, 1.0)
    return x[k - 1] + part * gaps[k - 1]


def _fit_at(
    plan: Plan, residual: np.ndarray, z: np.ndarray, cell: np.ndarray, break_x: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit each series in its own noise cell, with a hinge at ``break_x`` where that is finite.

    Returns coefficients (p, B), hinge amplitude (B,) and fitted values (n, B).
    """
    gls = plan.gls
    used, size = z.shape[0], residual.shape[1]
    column = np.arange(size)
    own = column if plan.valid is not None else np.zeros(size, int)
    z = z[:, cell, column].astype(float)
    back = gls.inverse[cell, own][:, :used, :used]  # of the lower factor: beta = back' z
    amplitude = np.zeros(size)
    hinge = np.zeros(residual.shape)
    if np.isfinite(break_x).any():
        hinge = np.maximum(gls.x[:, None] - break_x, 0.0)
        decay, push, scale = (a[:, cell, own] for a in (gls.decay, gls.push, gls.scale))
        both = np.stack([hinge, residual.astype(float)], axis=1)
        mean = np.zeros((2, size))
        white = np.empty_like(both)
        for i in range(hinge.shape[0] - 1, -1, -1):
            white[i] = (both[i] - mean) * scale[i]
            mean = mean * decay[i] + both[i] * push[i]
        q = gls.q[:, :used, cell, own]
        w = np.einsum("npb,nb->pb", q, white[:, 0])
        free = white[:, 0] - np.einsum("npb,pb->nb", q, w)
        den = (free**2).sum(0)
        amplitude = (free * white[:, 1]).sum(0) / np.maximum(den, 1e-12)
        z = z - w * amplitude
    beta = np.einsum("bqp,qb->pb", back, z)
    return beta, amplitude, plan.columns[:, :used] @ beta + hinge * amplitude
