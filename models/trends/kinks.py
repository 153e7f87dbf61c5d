"""Posterior of a break's date, and the velocities beside it, for many series. numpy only.

With few series, or gaps that differ from series to series, every epoch is a candidate and products with the break
columns come from the filter's recursion (:meth:`Gls.products`). Many series that share their epochs get them from one
matrix product a noise cell, first for a coarse choice of candidate epochs; where these find the break to within a few of
them, all epochs around it are tried.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy as np

from stillpoint.models.trends.gls import Breaks, Gls

COARSE = 100
"""Number of candidate epochs of the coarse pass."""

_CERTAIN = 4.5
"""Effective number of coarse candidates that must carry weight for the coarse pass to stand."""

_ENDS = 6
"""Outermost candidates on each side that belong to the coarse pass in any case."""

_GROUP, _BESIDE = 4, 9
"""Coarse candidates whose series share a window of fine ones, and by how many coarse ones it is wider on each side."""

_HINT_WIDTH, _HINT_FLOOR = 0.15, 0.3  # half spans; weight far from the hint, which comes from the same data


class HingeProducts(NamedTuple):
    """Products of series with the hinges at every epoch of a plan without gaps.

    Attributes
    ----------
    operator
        (G, n, n) float32; ``operator[g, k] @ y`` is the product of whitened ``y`` with the whitened hinge at epoch k,
        free of the design.
    length
        (n, G), squared length of that hinge.
    beside
        (n - 1, G), its product with the hinge at the next epoch.
    coarse
        (K,) int, epochs of the coarse pass.
    coarse_operator
        (G, K, n) float32, rows of ``operator``.
    """

    operator: np.ndarray
    length: np.ndarray
    beside: np.ndarray
    coarse: np.ndarray
    coarse_operator: np.ndarray


class BreakPosterior(NamedTuple):
    """Moments of the joint posterior of break and noise of B series.

    Attributes
    ----------
    slope, slope_se
        (2, B), change against the line taken out before, in mm a half span, before and after the break.
    quantiles
        (3, B), x at 2.5, 50 and 97.5 %.
    cells, sigma2
        (G, B), weight of each noise cell and noise variance in it.
    found
        (B,) whether any candidate is admissible.
    """

    slope: np.ndarray
    slope_se: np.ndarray
    quantiles: np.ndarray
    cells: np.ndarray
    sigma2: np.ndarray
    found: np.ndarray


class Known(NamedTuple):
    """What a posterior needs of B series: projections ``z`` (p, G, B), ``rss`` and log weight ``base`` (G, B) of the line,
    degrees of freedom ``freedom`` (B or 1,), and the ``hint`` (B,) in x, NaN or None where there is none.
    """

    z: np.ndarray
    rss: np.ndarray
    base: np.ndarray
    freedom: np.ndarray
    hint: Optional[np.ndarray]

    def of(self, series: np.ndarray) -> Known:
        """Return what belongs to some of the series, which share their epochs."""
        return Known(
            self.z[:, :, series], self.rss[:, series], self.base, self.freedom,
            None if self.hint is None else self.hint[series],
        )


def hinge_products(gls: Gls, hinges: Breaks, used: int) -> HingeProducts:
    """Return the products for a plan without gaps and a design of ``used`` columns."""
    n = gls.x.size
    cells = gls.grid.rho.size
    white = gls.whiten_columns(np.maximum(gls.x[:, None] - gls.x, 0.0))[..., 0]  # (n, K, G)
    unit = gls.whiten(np.eye(n))  # (n, G, n)
    operator = np.empty((cells, n, n), np.float32)
    length, beside = np.empty((n, cells)), np.empty((n - 1, cells))
    for g in range(cells):
        free, q = white[:, :, g], gls.q[:, :used, g, 0]
        for _ in range(2):  # twice, as a short hinge nearly lies in the design
            free = free - q @ (q.T @ free)
        operator[g] = free.T @ unit[:, g]
        length[:, g] = (free**2).sum(0)
        beside[:, g] = (free[:, 1:] * free[:, :-1]).sum(0)
    admissible = np.flatnonzero(np.isfinite(hinges.den[:, :, 0]).any(1))
    inside = admissible[:: max(1, -(-admissible.size // COARSE))]
    # near the ends velocities depend much on the break; the epochs beside the outermost candidates bear only time
    ends = np.concatenate([admissible[:_ENDS], admissible[-_ENDS:], [admissible[0] - 1, admissible[-1] + 1]])
    coarse = np.union1d(inside, ends)
    return HingeProducts(operator, length, beside, coarse, np.ascontiguousarray(operator[:, coarse]))


def posterior(
    gls: Gls, hinges: Breaks, epochs: np.ndarray, product: np.ndarray, known: Known, linear: int
) -> Tuple[BreakPosterior, np.ndarray]:
    """Return the posterior over candidate ``epochs`` (K,), and its density at each of them (K, B), peak 1.

    ``product`` (K, G, B) float32 holds the series' products with the hinges; it is overwritten.
    """
    x = gls.x[epochs]
    den = hinges.den[epochs]
    inverse = (1.0 / den).astype(np.float32)
    freedom, rss = known.freedom.astype(np.float32), known.rss.astype(np.float32)
    left = product * product
    left *= inverse
    np.subtract(rss, left, out=left)
    np.maximum(left, 1e-3 * rss, out=left)
    weights = np.log(left)
    weights *= -0.5 * freedom
    weights += known.base.astype(np.float32)
    np.copyto(weights, -np.inf, where=~np.isfinite(den))
    if known.hint is not None and np.isfinite(known.hint).any():
        pull = np.log(_HINT_FLOOR + (1.0 - _HINT_FLOOR) * np.exp(-0.5 * ((x[:, None] - known.hint) / _HINT_WIDTH) ** 2))
        weights += np.where(np.isfinite(known.hint), pull, 0.0)[:, None].astype(np.float32)
    top = weights.max((0, 1))
    found = np.isfinite(top)
    weights -= np.where(found, top, 0.0).astype(np.float32)
    np.exp(weights, out=weights)

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
    quantiles = _quantiles(x, density, gaps, (0.025, 0.5, 0.975))

    cells = joint.sum(0)
    l_xx = gls.factor[:, :, linear, linear].astype(np.float32)
    ratio = (hinges.w[linear][epochs] / l_xx).astype(np.float32)
    amplitude = np.multiply(product, inverse, out=product)
    slope = np.multiply(amplitude, -ratio)
    slope += (known.z[linear] / l_xx).astype(np.float32)
    sigma2 = np.multiply(left, joint, out=left)  # from here on weighted
    sigma2 /= np.maximum(freedom - 2.0, 1.0)  # the mean of its posterior
    cell_sigma2 = sigma2.sum(0)
    exact = (cell_sigma2 / l_xx**2).sum(0)
    centres: List[np.ndarray] = []
    errors: List[np.ndarray] = []
    for spread in (ratio**2 * inverse, (1.0 - ratio) ** 2 * inverse):
        if centres:
            slope += amplitude
        centre = np.einsum("ngb,ngb->b", joint, slope)
        slope -= centre
        around = np.einsum("ngb,ngb,ngb->b", joint, slope, slope)
        slope += centre
        within = np.einsum("ngb,ngb->b", sigma2, np.broadcast_to(spread, sigma2.shape))
        centres.append(centre)
        errors.append(np.sqrt(around + within + exact))
    result = BreakPosterior(
        np.stack(centres), np.stack(errors), quantiles, cells, cell_sigma2 / np.maximum(cells, 1e-30), found
    )
    return result, density


def coarse_to_fine(
    gls: Gls, hinges: Breaks, products: HingeProducts, residual: np.ndarray, known: Known, linear: int
) -> BreakPosterior:
    """Return the posterior of ``residual`` (n, B) float32, of a plan without gaps: coarse, and fine where that is too coarse."""
    coarse = products.coarse
    result, density = posterior(gls, hinges, coarse, _times(products.coarse_operator, residual), known, linear)
    if coarse.size > coarse[-1] - coarse[0]:
        return result
    heavy = density > 1e-3
    sharp = (density.sum(0) ** 2 < _CERTAIN * (density**2).sum(0)) & result.found
    first = heavy.argmax(0)
    last = heavy.shape[0] - 1 - heavy[::-1].argmax(0)
    place = density.argmax(0) // _GROUP
    for group in np.unique(place[sharp]):
        low, high = group * _GROUP - _BESIDE, (group + 1) * _GROUP + _BESIDE
        members = np.flatnonzero(sharp & (place == group))
        inside = (first[members] > low) & (last[members] < high)
        # breaks that are sharp at two far places need all epochs
        for some, bottom, top in ((members[inside], max(low, 0), min(high, coarse.size - 1)),
                                  (members[~inside], 0, coarse.size - 1)):
            if some.size:
                epochs = np.arange(coarse[bottom], coarse[top] + 1)
                product = _times(products.operator[:, epochs[0] : epochs[-1] + 1], residual[:, some])
                fine, _ = posterior(gls, hinges, epochs, product, known.of(some), linear)
                for whole, part in zip(result, fine):
                    whole[..., some] = part
    return result


def _times(operator: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """Return ``operator`` (G, K, n) times ``residual`` (n, B) as (K, G, B), contiguous."""
    out = np.empty((operator.shape[1], operator.shape[0], residual.shape[1]), np.float32)
    np.matmul(operator, residual, out=out.transpose(1, 0, 2))
    return out


def hinge_at(
    gls: Gls, hinges: Breaks, products: HingeProducts, residual: np.ndarray, cell: np.ndarray, at: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """Return amplitude (B,) and design products (p, B) of a hinge at x = ``at`` (B,), each series in its own noise cell.

    A hinge between two epochs is, at the epochs, the mean of theirs, weighted by the distances.
    """
    k = np.clip(np.searchsorted(gls.x, at) - 1, 0, gls.x.size - 2)
    part = np.clip((at - gls.x[k]) / np.maximum(gls.x[k + 1] - gls.x[k], 1e-12), 0.0, 1.0)
    series = np.ascontiguousarray(residual.T)
    here, next_one = (np.einsum("bn,bn->b", products.operator[cell, j], series) for j in (k, k + 1))
    product = (1 - part) * here + part * next_one
    length = (1 - part) ** 2 * products.length[k, cell] + part**2 * products.length[k + 1, cell]
    length += 2 * part * (1 - part) * products.beside[k, cell]
    w = (1 - part) * hinges.w[:, k, cell, 0] + part * hinges.w[:, k + 1, cell, 0]
    return product / np.maximum(length, 1e-12), w


def _quantiles(x: np.ndarray, density: np.ndarray, gaps: np.ndarray, levels: Tuple[float, ...]) -> np.ndarray:
    """Quantiles of a piecewise linear density (n, B) over x (n,); (levels, B)."""
    mass = 0.5 * (density[1:] + density[:-1]) * gaps[:, None]
    cumulative = np.concatenate([np.zeros((1, density.shape[1])), np.cumsum(mass, axis=0, dtype=float)])
    column = np.arange(density.shape[1])
    result = []
    for level in levels:
        goal = level * cumulative[-1]
        k = np.clip((cumulative < goal).sum(0), 1, x.size - 1)
        below, inside = cumulative[k - 1, column], mass[k - 1, column]
        part = np.clip((goal - below) / np.maximum(inside, 1e-30), 0.0, 1.0)
        result.append(x[k - 1] + part * gaps[k - 1])
    return np.stack(result)


def dates_of(quantiles: np.ndarray, found: np.ndarray, first: np.datetime64, days_per_x: float) -> Dict[str, np.ndarray]:
    """Return median and ends of the 95 % interval as dates, NaT where not ``found``."""
    names = ("break_lo", "break_date", "break_hi")
    days = np.where(found, np.round((quantiles + 1.0) * days_per_x), 0.0).astype("timedelta64[D]")
    return {name: np.where(found, first + day, np.datetime64("NaT")) for name, day in zip(names, days)}
