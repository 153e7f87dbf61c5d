"""What can be computed from the dates alone, once for all series that share them.

A series is judged under several models of its noise, because correlated noise is what makes still
ground look as if it moved. Each noise model has a covariance over the dates; whitening by it turns
generalised least squares into projections, and with shared dates a projection of many series is one
matrix product. The annual motion is a random effect in the covariance, so it costs no column.

Sources: the scan over break dates by Frisch-Waugh-Lovell is section 4 of Berti et al. (2013) made
generalised; integrated random walk as a prior of smooth motion is Wahba (1978), JRSS B 40.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple

import numpy as np
import torch
from scipy import linalg

from stillpoint.models.trends.noise_models import FAMILIES, NOISES, REFERENCE, covariance, motion_covariance

BREAKS = 32
"""Number of candidate break dates of the scan."""

PAIR_LAGS = 12
"""Longest unwrapping error, in epochs, that is looked for as a pair of opposite jumps."""

_SMOOTH_MOTION = 600.0
"""Variance rate of the integrated random walk that stands for any smooth motion, noise variances a year cubed."""


@dataclass(frozen=True)
class Projections:
    """What series are projected on under the N noise models. Tensors are float32.

    Attributes
    ----------
    trend
        (e, N * 3), the whitened, orthonormal constant, line and parabola of each model in turn.
    line
        (N,), the whitened line: inner product of each model's line with the years.
    hinges
        (e, N * BREAKS), unit hinge columns without their constant and line.
    half_log_det
        (N,), half the logarithm of each covariance's determinant.
    """

    trend: torch.Tensor
    line: torch.Tensor
    hinges: torch.Tensor
    half_log_det: torch.Tensor


@dataclass(frozen=True)
class Energies:
    """How the whitened sum of squares of a series follows under every noise model. Tensors are float32.

    Attributes
    ----------
    bases
        (e, e) for each family: eigenvectors of its covariance.
    powers
        (e, m) for each family: weights of the squared coefficients under its m models.
    waves
        (e, 2), orthonormal annual sine and cosine.
    wave_gains
        (2, m), what the white models with an annual part take off the squared coefficients.
    """

    bases: Tuple[torch.Tensor, ...]
    powers: Tuple[torch.Tensor, ...]
    waves: torch.Tensor
    wave_gains: torch.Tensor

    def totals(self, values: torch.Tensor) -> torch.Tensor:
        """Return the whitened sums of squares of ``values`` (n, e) under all of ``NOISES``, (n, noises)."""
        plain = values.square().sum(dim=1, keepdim=True)
        white = plain - (values @ self.waves).square() @ self.wave_gains
        parts = [plain, white]
        parts += [(values @ base).square_() @ power for base, power in zip(self.bases, self.powers)]
        return torch.cat(parts, dim=1)


@dataclass(frozen=True)
class JumpScan:
    """Scan for jumps at every epoch against any smooth motion. Tensors are float32.

    Attributes
    ----------
    matrix
        (e, e), whitens and removes the parabola.
    steps
        (e, e), column k: product with a step at epoch k (1 from k on), whitened, without its parabola.
    gram
        (e, e), inner products of those steps.
    single_bars, pair_bars
        (e,) and (PAIR_LAGS, e), half the squared norm of a step at k, and of a step up at k and down again
        at k + lag: times the jump, what the product must exceed for a gain. Huge where none may be.
    """

    matrix: torch.Tensor
    steps: torch.Tensor
    gram: torch.Tensor
    single_bars: torch.Tensor
    pair_bars: torch.Tensor


@dataclass(frozen=True)
class Plan:
    """Everything that depends on the dates only.

    Attributes
    ----------
    days
        float64, shape (e,), days since the first date.
    years
        float32 tensor (e,), years from the mean of the dates.
    line
        float32 tensor (e, 2), orthonormal constant and line (ordinary least squares).
    breaks
        float64, shape (BREAKS,), candidate break dates in days.
    projections
        Under each of ``NOISES``.
    energies
        Whitened sums of squares under all of them.
    reference
        (e, e), applied from the right to series (rows): white under the reference model.
    hinge_gram, hinge_steps
        (BREAKS, BREAKS) and (BREAKS, e): inner products of the reference model's hinges with each other
        and with its unit steps.
    free_steps, free_norms
        (e, e) and (e,): projection on unit steps without their line under the reference model, and their norms.
    jumps
        The scan for jumps.
    epoch_channels
        float32 tensor (3, e): position -1..1, log of the spacing, days to the next break of rhythm scaled.
    """

    days: np.ndarray
    years: torch.Tensor
    line: torch.Tensor
    breaks: np.ndarray
    projections: Projections
    energies: Energies
    reference: torch.Tensor
    hinge_gram: torch.Tensor
    hinge_steps: torch.Tensor
    free_steps: torch.Tensor
    free_norms: torch.Tensor
    jumps: JumpScan
    epoch_channels: torch.Tensor

    @property
    def span(self) -> float:
        """Years between the first and the last date."""
        return float(self.days[-1] - self.days[0]) / 365.25

    def to(self, device: torch.device) -> Plan:
        """Return the plan with its tensors on ``device``."""
        return _moved(self, device)


def _moved(item, device):
    if isinstance(item, torch.Tensor):
        return item.to(device)
    if isinstance(item, tuple):
        return tuple(_moved(part, device) for part in item)
    if hasattr(item, "__dataclass_fields__"):
        return type(item)(**{name: _moved(getattr(item, name), device) for name in item.__dataclass_fields__})
    return item


def candidate_breaks(days: np.ndarray, count: int = BREAKS) -> np.ndarray:
    """Return ``count`` break dates (days), spread over the epochs but for the outermost ones."""
    margin = min(max(3.0, 0.04 * len(days)), (len(days) - 1) / 4)
    return np.interp(np.linspace(margin, len(days) - 1 - margin, count), np.arange(len(days)), days)


def _without(columns: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return ``columns`` less their projection on the orthonormal ``base``; twice, for accuracy."""
    for _ in range(2):
        columns = columns - base @ (base.T @ columns)
    return columns


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))


def _whiten(covariance_matrix: np.ndarray) -> Tuple[np.ndarray, float]:
    lower = np.linalg.cholesky(covariance_matrix + 1e-9 * np.eye(len(covariance_matrix)))
    inverse = linalg.solve_triangular(lower, np.eye(len(lower)), lower=True, check_finite=False)
    return inverse, float(np.log(np.diag(lower)).sum())


def _units(columns: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    norms = np.linalg.norm(columns, axis=0)
    return columns / np.maximum(norms, 1e-9), norms


def make_plan(days: np.ndarray) -> Plan:
    """Return the plan of a calendar.

    Parameters
    ----------
    days
        float64, shape (e,), days, strictly increasing, e >= 8.
    """
    days = np.asarray(days, dtype=np.float64) - days[0]
    count = len(days)
    if count < 8:
        raise ValueError("a plan needs at least 8 epochs")
    years = (days - days.mean()) / 365.25
    shape = np.stack([np.ones(count), years, years**2], axis=1)
    breaks = candidate_breaks(days)
    hinges = np.maximum(days[:, None] - breaks[None, :], 0) / 365.25
    steps = (np.arange(count)[:, None] >= np.arange(count)[None, :]).astype(np.float64)
    trends, lines, kinks, dets = [], [], [], []
    extra: Dict[str, np.ndarray] = {}
    for index, noise in enumerate(NOISES):
        white, half_log_det = _whiten(covariance(days, noise))
        base = np.linalg.qr(white @ shape)[0]
        base = base * np.sign((base * (white @ shape)).sum(axis=0))
        unit, _ = _units(_without(white @ hinges, base[:, :2]))
        trends.append(white.T @ base)
        lines.append(base[:, 1] @ (white @ years))
        kinks.append(white.T @ unit)
        dets.append(half_log_det)
        if index == REFERENCE:
            step_unit, step_norm = _units(_without(white @ steps, base[:, :2]))
            # A step at the very ends is an outlier of one epoch, not a step.
            step_unit[:, :2] = 0
            step_unit[:, -1:] = 0
            extra = {
                "reference": white.T,
                "hinge_gram": unit.T @ unit,
                "hinge_steps": unit.T @ step_unit,
                "free_steps": white.T @ step_unit,
                "free_norms": step_norm,
            }
    spacing = np.diff(days, prepend=days[0] - np.median(np.diff(days)))
    typical = float(np.median(np.diff(days)))
    channels = np.stack(
        [2 * days / days[-1] - 1, np.log(np.maximum(spacing, 1.0) / max(typical, 1.0)), np.log(np.maximum(spacing, 1.0) / 12.0)]
    )
    return Plan(
        days=days,
        years=_tensor(years),
        line=_tensor(np.linalg.qr(shape[:, :2])[0] * np.array([[1.0, 1.0]])),
        breaks=breaks,
        projections=Projections(
            _tensor(np.concatenate(trends, axis=1)),
            _tensor(np.array(lines)),
            _tensor(np.concatenate(kinks, axis=1)),
            _tensor(np.array(dets)),
        ),
        energies=_energies(days),
        jumps=_jump_scan(days, shape, steps),
        epoch_channels=_tensor(channels),
        **{name: _tensor(value) for name, value in extra.items()},
    )


def _energies(days: np.ndarray) -> Energies:
    bases, powers = [], []
    for family in FAMILIES:
        values, vectors = np.linalg.eigh(motion_covariance(days, family))
        shares = [noise.share for noise in NOISES if noise.family == family]
        bases.append(_tensor(vectors))
        powers.append(_tensor(np.stack([1 / (1 - share + share * np.maximum(values, 0)) for share in shares], axis=1)))
    turn = 2 * np.pi * days / 365.25
    waves, sizes, _ = np.linalg.svd(np.stack([np.cos(turn), np.sin(turn)], axis=1), full_matrices=False)
    ratios = [noise.annual for noise in NOISES if noise.family == "white" and noise.annual]
    gains = np.stack([ratio * sizes**2 / (1 + ratio * sizes**2) for ratio in ratios], axis=1)
    return Energies(tuple(bases), tuple(powers), _tensor(waves), _tensor(gains))


def _jump_scan(days: np.ndarray, shape: np.ndarray, steps: np.ndarray) -> JumpScan:
    count = len(days)
    years = days / 365.25
    early, late = np.minimum(years[:, None], years[None, :]), np.maximum(years[:, None], years[None, :])
    smooth = early**2 * (3 * late - early) / 6 * _SMOOTH_MOTION
    apart = np.abs(days[:, None] - days[None, :])
    total = 0.8 * np.eye(count) + 0.2 * np.exp(-apart / 30.0) + 4.0 * np.cos(2 * np.pi * apart / 365.25) + smooth
    white, _ = _whiten(total)
    base = np.linalg.qr(white @ shape)[0]
    clear = _without(white, base)
    columns = clear @ steps
    gram = columns.T @ columns
    norms = np.diag(gram)
    pairs = np.full((PAIR_LAGS, count), 1e12)
    for lag in range(1, PAIR_LAGS + 1):
        if lag < count:
            here = np.arange(count - lag)
            pairs[lag - 1, here] = norms[here] + norms[here + lag] - 2 * gram[here, here + lag]
    pairs[:, 0] = 1e12
    singles = np.maximum(norms, 1e-6)
    singles[0] = 1e12
    return JumpScan(
        _tensor(clear.T), _tensor(clear.T @ columns), _tensor(gram), _tensor(singles / 2), _tensor(np.maximum(pairs, 1e-6) / 2)
    )
