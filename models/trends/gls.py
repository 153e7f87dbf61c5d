"""Generalised least squares of many series under white plus exponentially correlated noise. numpy only.

The noise of a displacement series is modelled as ``C = s² [(1 - rho) I + rho exp(-|dt| / tau)]``: white
noise plus the residual atmosphere, a first-order Markov process in continuous time. Such a covariance is
whitened in O(n) by a scalar Kalman filter that steps through the real, irregular dates, for every cell of a
small grid of (rho, tau) at once. The filter runs from the last epoch to the first, so that what lies after a
candidate break is a prefix of it: the products of *all* break columns (hinge or jump at any epoch) with
anything else then follow from cumulative sums and one scalar recursion, exactly, and no covariance matrix is
ever formed.

Shapes: ``n`` epochs, ``G`` grid cells, ``B`` series, ``b`` = B where the series have gaps of their own and 1
where all share their epochs, ``p`` columns. Arrays are (n, G, B), contiguous over series.

Sources: Harvey (1989), *Forecasting, structural time series models and the Kalman filter*, §3.4 (GLS by the
filter); Frisch-Waugh-Lovell for the break column; REML after Patterson & Thompson (1971).
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.trends.designs import DAYS_PER_YEAR

HINGE, JUMP = "hinge", "jump"


class NoiseGrid(NamedTuple):
    """Cells of noise parameters: share of the correlated part, its correlation time in years, log prior."""

    rho: np.ndarray
    tau: np.ndarray
    log_prior: np.ndarray


def noise_grid(
    shares: Sequence[float] = (0.3, 0.7, 0.95),
    days: Sequence[float] = (10.0, 30.0, 90.0, 270.0),
    *,
    white: float = 0.05,
    weights: Sequence[float] = (1.0, 1.0, 1.0, 1.0),
) -> NoiseGrid:
    """Return white noise (prior probability ``white``) and every pair of ``shares`` and correlation ``days``.

    ``weights`` are the prior odds of ``days``: much weight on long correlation widens every interval, and none
    makes intervals too narrow where the noise does wander slowly. The largest share stands for products whose white noise
    was filtered away. With the defaults, 95 % intervals of the velocities beside a break cover 92 to 93 % of simulated
    series with wide priors of the noise.
    """
    if len(weights) != len(days):
        raise ValueError(f"{len(days)} correlation times need as many weights, not {len(weights)}")
    rho = np.array([0.0] + [share for share in shares for _ in days])
    tau = np.array([1.0] + [day for _ in shares for day in days]) / DAYS_PER_YEAR
    odds = np.array([weight for _ in shares for weight in weights])
    prior = np.concatenate([[white], (1.0 - white) * odds / odds.sum()])
    return NoiseGrid(rho, tau, np.log(prior))


class Breaks(NamedTuple):
    """Products of the break columns with the design, whitened; see :meth:`Gls.breaks`.

    Attributes
    ----------
    w
        (p, n, G, b), product of each break column with each orthonormal design column.
    den
        (n, G, b), squared length of the break column after the design is taken out; inf where inadmissible.
    mu
        (n, G, b), prediction of the column before its own break (what the filter still remembers of it).
    """

    kind: str
    w: np.ndarray
    den: np.ndarray
    mu: np.ndarray


class Gls:
    """The filter of one set of epochs and one design, for every cell of a noise grid.

    Parameters
    ----------
    years
        (n,) float64, ascending.
    columns
        (n, p) float64, design; the first column is constant and one is linear in time.
    grid
        noise cells.
    valid
        (n, B) bool where series have gaps of their own, None where all epochs of all series count.
    x
        (n,) float64, time in the unit of the break columns.
    """

    def __init__(
        self, years: np.ndarray, columns: np.ndarray, grid: NoiseGrid, x: np.ndarray, valid: Optional[np.ndarray] = None
    ) -> None:
        n, p = columns.shape
        cells = grid.rho.size
        self.grid, self.x, self.columns, self.valid = grid, x, columns, valid
        self.count = np.array([float(n)]) if valid is None else valid.sum(0).astype(float)
        width = 1 if valid is None else valid.shape[1]
        rho = grid.rho[:, None]
        step = np.exp(-np.diff(years)[:, None, None] / grid.tau[:, None])
        self.decay = np.ones((n, cells, width))
        self.push = np.zeros((n, cells, width))
        self.scale = np.empty((n, cells, width))
        logdet = np.zeros((cells, width))
        variance = np.broadcast_to(rho, (cells, width))
        for i in range(n - 1, -1, -1):
            innovation = variance + (1.0 - rho)
            gain = variance / innovation
            weight = 1.0 / np.sqrt(innovation)
            log = np.log(innovation)
            if valid is not None:
                gain, weight, log = gain * valid[i], weight * valid[i], log * valid[i]
            self.scale[i] = weight
            logdet += log
            if i:
                a = step[i - 1]
                self.decay[i] = a * (1.0 - gain)
                self.push[i] = a * gain
                variance = a * a * variance * (1.0 - gain) + rho * (1.0 - a * a)
        self.logdet = logdet

        self._white, self._mean = self._filter(columns[:, :, None, None])
        gram = np.empty((cells, width, p, p))
        for i in range(p):
            for j in range(i + 1):
                product = np.einsum("ngb,ngb->gb", self._white[:, i], self._white[:, j])
                gram[..., i, j] = gram[..., j, i] = product
        # a series with fewer epochs than columns would make the Gram singular; such series are not fitted
        gram += 1e-13 * np.trace(gram, axis1=2, axis2=3)[..., None, None] * np.eye(p)
        self.factor = np.linalg.cholesky(gram)
        inverse = np.linalg.inv(self.factor)
        self.inverse = inverse
        self.q = np.zeros_like(self._white)
        for i in range(p):
            for j in range(i + 1):
                self.q[:, i] += inverse[..., i, j] * self._white[:, j]

    # ---------------------------------------------------------------- whitening
    def _filter(self, z: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Whiten ``z`` (n, q, 1|G, b); return innovations over their deviation and the predicted means."""
        n = z.shape[0]
        shape = (n, z.shape[1], self.decay.shape[1], max(z.shape[3], self.decay.shape[2]))
        dtype = z.dtype
        decay, push, scale = (a.astype(dtype, copy=False) for a in (self.decay, self.push, self.scale))
        mean = np.zeros(shape, dtype)
        for i in range(n - 1, 0, -1):
            np.multiply(mean[i], decay[i], out=mean[i - 1])
            mean[i - 1] += z[i] * push[i]
        return (z - mean) * scale[:, None], mean

    def whiten_columns(self, columns: np.ndarray) -> np.ndarray:
        """Return whitened columns (n, q) shared by all series as (n, q, G, b)."""
        return self._filter(columns[:, :, None, None])[0]

    def whiten(self, y: np.ndarray) -> np.ndarray:
        """Return whitened ``y`` (n, B) as (n, G, B); missing epochs must hold a finite number and count nothing."""
        n, size = y.shape
        dtype = y.dtype
        decay, push, scale = (a.astype(dtype, copy=False) for a in (self.decay, self.push, self.scale))
        cells = decay.shape[1]
        out = np.empty((n, cells, size), dtype)
        mean = np.zeros((cells, size), dtype)
        work = np.empty((cells, size), dtype)
        for i in range(n - 1, -1, -1):
            row = out[i]
            np.subtract(y[i], mean, out=row)
            np.multiply(row, scale[i], out=row)
            if i:
                np.multiply(mean, decay[i], out=mean)
                np.multiply(push[i], y[i], out=work)
                mean += work
        return out

    def project(self, white: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return the products z (p, G, B) of whitened series with the orthonormal columns, and |white|² (G, B)."""
        square = np.einsum("ngb,ngb->gb", white, white)
        if self.q.shape[3] == 1:
            q = np.ascontiguousarray(self.q[..., 0].transpose(2, 1, 0)).astype(white.dtype)
            z = np.matmul(q, white.transpose(1, 0, 2)).transpose(1, 0, 2)
        else:
            z = np.einsum("npgb,ngb->pgb", self.q.astype(white.dtype, copy=False), white)
        return z, square

    def residual(self, white: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Take the first ``len(z)`` columns out of whitened series; (n, G, B)."""
        q = self.q[:, : z.shape[0]].astype(white.dtype, copy=False)
        if q.shape[3] == 1:
            fit = np.matmul(q[..., 0].transpose(2, 0, 1), z.transpose(1, 0, 2)).transpose(1, 0, 2)
        else:
            fit = np.einsum("npgb,pgb->ngb", q, z)
        return white - fit

    def half_logdet_design(self, columns: int) -> np.ndarray:
        """Return half the log determinant of XᵀC⁻¹X for the first ``columns``, (G, b)."""
        diagonal = np.diagonal(self.factor, axis1=2, axis2=3)[..., :columns]
        return np.log(diagonal).sum(-1)

    # ---------------------------------------------------------------- breaks
    def breaks(self, kind: str, columns: int, linear: int, *, margin: int = 4) -> Breaks:
        """Prepare the break columns at every epoch for a design of the first ``columns``.

        Parameters
        ----------
        kind
            :data:`HINGE`, (x - x_k)₊, or :data:`JUMP`, 1{x >= x_k}.
        columns
            number of design columns beside the break.
        linear
            index of the column that is linear in x (with the constant first).
        margin
            epochs that must lie on each side.
        """
        x = self.x[:, None, None]
        white = self._white[:, [0, linear]]
        mean = np.zeros_like(self._mean[:, [0, linear]])
        mean[1:] = self._mean[:-1][:, [0, linear]]  # prediction for epoch k - 1, after epochs k.. were seen
        n = x.shape[0]
        tail = np.zeros_like(self.scale)
        square = self.scale**2
        for k in range(1, n):
            tail[k] = square[k - 1] + self.decay[k - 1] ** 2 * tail[k - 1]
        suffix = self._suffix(white[:, 0] * white[:, 0]) + mean[:, 0] ** 2 * tail
        if kind == JUMP:
            mu, cc = mean[:, 0], suffix
        else:
            mu = mean[:, 1] - x * mean[:, 0]
            cross = self._suffix(white[:, 0] * white[:, 1]) + mean[:, 0] * mean[:, 1] * tail
            cc = self._suffix(white[:, 1] ** 2) + mean[:, 1] ** 2 * tail - 2 * x * cross + x * x * suffix
        result = Breaks(kind, np.empty(0), np.empty(0), mu)
        w = np.stack([self.products(self.q[:, j], result, linear) for j in range(columns)])
        den = cc - (w**2).sum(0)
        seen = np.cumsum(self.scale[:, :1] > 0, axis=0)
        before = np.concatenate([np.zeros_like(seen[:1]), seen[:-1]])
        bad = (before < margin) | (seen[-1] - before < margin) | (den < 1e-6 * np.maximum(cc, 1e-12))
        return Breaks(kind, w, np.where(bad, np.inf, den), mu)

    @staticmethod
    def _suffix(values: np.ndarray) -> np.ndarray:
        return np.cumsum(values[::-1], axis=0)[::-1]

    def products(self, white: np.ndarray, breaks: Breaks, linear: int) -> np.ndarray:
        """Products of whitened ``white`` (n, G, B) with every break column, (n, G, B).

        Row by row, so that sums stay in the processor's cache.
        """
        dtype = white.dtype
        decay, scale, mu, constant, line = (
            array.astype(dtype, copy=False)
            for array in (self.decay, self.scale, breaks.mu, self._white[:, 0], self._white[:, linear])
        )
        x = self.x.astype(dtype)
        out = np.empty_like(white)
        level, slope, work = (np.zeros_like(white[0]) for _ in range(3))
        for k in range(white.shape[0] - 1, -1, -1):
            np.multiply(white[k], constant[k], out=work)
            level += work
            if breaks.kind == JUMP:
                out[k] = level
                continue
            np.multiply(white[k], line[k], out=work)
            slope += work
            np.multiply(level, -x[k], out=work)
            np.add(slope, work, out=out[k])
        memory = np.zeros_like(white[0])
        for k in range(white.shape[0]):
            np.multiply(memory, mu[k], out=work)
            out[k] -= work
            memory *= decay[k]
            np.multiply(white[k], scale[k], out=work)
            memory += work
        return out

    def amplitudes(self, residual: np.ndarray, breaks: Breaks, linear: int) -> Tuple[np.ndarray, np.ndarray]:
        """Return gain in RSS and amplitude of the break at every epoch, both (n, G, B).

        ``residual`` is whitened and free of the design columns (:meth:`residual`).
        """
        amplitude = self.products(residual, breaks, linear)
        inverse = (1.0 / breaks.den).astype(residual.dtype)
        gain = amplitude * amplitude
        gain *= inverse
        amplitude *= inverse
        return gain, amplitude
