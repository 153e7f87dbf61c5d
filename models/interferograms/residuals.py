"""What of each interferogram its network does not explain.

Every pixel of a small-baseline network is a redundant system: each interferogram is the difference of two dates. The dates are
found by least *absolute* deviations, so that a few wrong interferograms don't pull the dates towards themselves but stand out whole
in their residuals. Atmosphere, orbits and motion belong to dates: they are explained, however strong. Wrong cycles, ramps and noise
of a single interferogram are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
import torch

STEP = 0.6
"""Radians by which an iteration may move a residual: between noise and a cycle."""

ITERATIONS, ROUNDS = 14, 3

RELAXATION = 1.6


@dataclass(frozen=True)
class Explained:
    """A network's phase as its dates explain it.

    Attributes
    ----------
    residual
        float32 [pairs, pixels], radians, without its median; NaN where missing.
    dates
        float32 [dates, pixels], radians: the phase of each date, of mean 0 over each connected part of the network.
    redundancy
        float32 [pairs] in 0..1: 0 where nothing else joins the two dates, so that the residual is 0 whatever is wrong.
    """

    residual: np.ndarray
    dates: np.ndarray
    redundancy: np.ndarray


def design(pairs: np.ndarray, count: int) -> np.ndarray:
    """Return float64 [pairs, dates]: minus 1 at the earlier date of each pair, 1 at the later."""
    matrix = np.zeros((len(pairs), count))
    index = np.arange(len(pairs))
    matrix[index, pairs[:, 0]] -= 1.0
    matrix[index, pairs[:, 1]] += 1.0
    return matrix


def explain(
    phase: np.ndarray,
    pairs: np.ndarray,
    count: int,
    *,
    trust: Optional[np.ndarray] = None,
    core: Optional[np.ndarray] = None,
    device: str = "cpu",
) -> Explained:
    """Explain a network by the phases of its dates, pixel by pixel.

    Parameters
    ----------
    phase
        float32 [pairs, pixels], unwrapped, radians, each pair about its own level; NaN where missing.
    pairs
        int [pairs, 2].
    count
        Number of dates.
    trust
        float32 [pairs, pixels] in 0..1: how far each value can be trusted beforehand (from its coherence); all alike where None.
    core
        bool [pixels]: over which the level of a pair is its median; all where None.
    device
        Where to compute.

    Notes
    -----
    Weighted least absolute deviations by the alternating direction method of multipliers (Boyd et al. 2011, section 6.1): all
    pixels share one projection, so that an iteration is one product of matrices. After each round the level of every pair is set
    anew and pairs that fit badly as a whole are trusted less, which settles whose fault it is where loops are few.
    """
    matrix = design(pairs, count)
    inverse = np.linalg.pinv(matrix, rcond=1e-8)
    hat = torch.from_numpy((matrix @ inverse).astype(np.float32)).to(device)
    redundancy = np.clip(1 - np.diag(matrix @ inverse), 0, 1).astype(np.float32)
    known = torch.from_numpy(np.isfinite(phase)).to(device)
    level = torch.zeros(len(pairs), 1, device=device)
    values = torch.from_numpy(np.nan_to_num(phase)).to(device)
    belief = torch.ones_like(values) if trust is None else torch.from_numpy(np.nan_to_num(trust)).to(device)
    belief = belief * known
    inside = known if core is None else known & torch.from_numpy(core).to(device)
    standing = torch.ones(len(pairs), 1, device=device)
    misfit, price = torch.zeros_like(values), torch.zeros_like(values)
    fitted = torch.zeros_like(values)
    for turn in range(ROUNDS):
        seen = values - level * known
        reach = STEP * belief * standing
        for _ in range(ITERATIONS):
            fitted = hat @ (seen + misfit - price)
            relaxed = RELAXATION * fitted + (1 - RELAXATION) * (misfit + seen)
            moved = relaxed - seen + price
            misfit = moved - torch.clamp(moved, -reach, reach)
            price = moved - misfit
        residual = seen - fitted
        if turn + 1 < ROUNDS:
            shift = _median(residual, inside)
            level = level + shift
            spread = _median((residual - shift).abs().clamp(max=20.0), inside, part=0.75)
            usual = spread.median().clamp_min(0.05)
            standing = (usual / spread.clamp_min(1e-3)).clamp(0.15, 1.0)
    residual = residual - _median(residual, inside)
    dates = torch.from_numpy(inverse.astype(np.float32)).to(device) @ (seen + misfit - price)
    left = residual.cpu().numpy()
    left[~known.cpu().numpy()] = np.nan
    return Explained(left, dates.cpu().numpy(), redundancy)


def _median(values: torch.Tensor, inside: torch.Tensor, *, part: float = 0.5) -> torch.Tensor:
    """Return a quantile of each row over ``inside``, [rows, 1]; 0 where a row has nothing inside."""
    ordered = torch.where(inside, values, torch.full_like(values, torch.inf)).sort(dim=1).values
    number = inside.sum(dim=1, keepdim=True)
    found = torch.gather(ordered, 1, ((number - 1).clamp_min(0).float() * part).long())
    return torch.where(number > 0, found, torch.zeros_like(found))
