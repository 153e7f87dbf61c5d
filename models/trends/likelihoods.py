"""Profile likelihoods of the trend models under every noise model, for blocks of series that share dates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, List, Sequence

import torch

from stillpoint.models.trends.noise_models import NOISES, REFERENCE, STATIONARY
from stillpoint.models.trends.plan import BREAKS, Plan

Put = Callable[[Sequence[str], torch.Tensor], None]
"""Takes names and a (n, names) block of statistics."""

_CONSTANT, _LINE, _PARABOLA, _HINGE, _MEAN_HINGE = range(5)


def symlog(value: torch.Tensor) -> torch.Tensor:
    """Return sign(value) log(1 + abs(value)): keeps small numbers, tames large ones."""
    return torch.sign(value) * torch.log1p(value.abs())


@dataclass
class Likelihoods:
    """Fits of n series under all N noise models; tensors are float32.

    Attributes
    ----------
    logs
        (n, N, 5), log-likelihood of constant, line, parabola, best hinge, and mean over the hinges.
    scans
        (n, N, BREAKS), log-likelihood of the hinge at every candidate break.
    rss
        (n, N, 4), whitened residual sums of squares of constant, line, parabola and best hinge, mm2.
    trend
        (n, N, 3), projections on the whitened constant, line (the series' own slope put back) and parabola.
    hinges
        (n, BREAKS), projections on the unit hinges of the reference model.
    where
        (n,), the best hinge of the reference model.
    best_hinge
        (n,), its projection.
    """

    logs: torch.Tensor
    scans: torch.Tensor
    rss: torch.Tensor
    trend: torch.Tensor
    hinges: torch.Tensor
    where: torch.Tensor
    best_hinge: torch.Tensor


def fit(straightened: torch.Tensor, slope: torch.Tensor, plan: Plan) -> Likelihoods:
    """Fit all models.

    Parameters
    ----------
    straightened
        (n, e), residuals of an ordinary line, mm; so that large velocities cost no precision.
    slope
        (n,), slope of that line, mm/yr.
    plan
        Of the dates.
    """
    size, count = straightened.shape
    under = plan.projections
    totals = plan.energies.totals(straightened)
    trend = (straightened @ under.trend).view(size, len(NOISES), 3)
    hinges = (straightened @ under.hinges).view(size, len(NOISES), BREAKS)
    line = (totals - trend[..., 0].square() - trend[..., 1].square()).clamp(min=1e-3)
    trend = torch.stack([trend[..., 0], trend[..., 1] + slope[:, None] * under.line, trend[..., 2]], dim=2)
    gains = torch.minimum(hinges.square(), 0.99999 * line[..., None])
    best, here = gains.amax(dim=2), gains[:, REFERENCE].argmax(dim=1)
    rss = torch.stack(
        [line + trend[..., 1].square(), line, line - trend[..., 2].square(), line - best], dim=2
    ).clamp_(min=1e-3)
    scans = torch.log((line[..., None] - gains).clamp_(min=1e-3)).mul_(-0.5 * count)
    mean_hinge = torch.logsumexp(scans, dim=2) - math.log(BREAKS)
    logs = torch.cat([-0.5 * count * rss.log(), mean_hinge[..., None]], dim=2) - under.half_log_det[:, None]
    scans -= under.half_log_det[:, None]
    reference = hinges[:, REFERENCE]
    return Likelihoods(logs, scans, rss, trend, reference, here, reference.gather(1, here[:, None])[:, 0])


def describe(found: Likelihoods, slope: torch.Tensor, count: int, plan: Plan, put: Put) -> None:
    """Put the statistics of ``found``: how much each model explains beyond the simpler one, and how sure that is.

    Parameters
    ----------
    found
        Of n series with ``count`` epochs.
    slope
        (n,), mm/yr.
    count
        Number of epochs.
    plan
        Of the dates.
    put
        Takes the statistics.
    """
    logs, rss = found.logs, found.rss
    gain = 0.5 * count * torch.log(rss[..., :2] / rss[..., 1:3])
    steps = torch.stack(
        [
            gain[..., 0],
            gain[..., 1],
            logs[..., _HINGE] - logs[..., _LINE],
            logs[..., _MEAN_HINGE] - logs[..., _LINE],
            logs[..., _MEAN_HINGE] - logs[..., _PARABOLA],
        ],
        dim=2,
    )
    steps = 0.5 * symlog(steps)
    names = ("line", "parabola", "hinge", "mean hinge", "hinge or parabola")

    def put_models(first: int, last: int) -> None:
        put([f"{name} {index}" for index in range(first, last) for name in names], steps[:, first:last].flatten(1))

    put_models(0, REFERENCE)
    _describe_reference(found, slope, count, plan, put)
    put_models(REFERENCE, len(NOISES))
    top = logs.amax(dim=2)
    put([f"noise model {index}" for index in range(len(NOISES))], 0.3 * symlog(top - top.amax(dim=1, keepdim=True)))
    together = torch.logsumexp(logs[:, :STATIONARY], dim=1)
    pairs = (
        ("line together", _LINE, _CONSTANT),
        ("parabola together", _PARABOLA, _LINE),
        ("hinge together", _MEAN_HINGE, _LINE),
        ("hinge or parabola together", _MEAN_HINGE, _PARABOLA),
        ("best hinge or parabola", _HINGE, _PARABOLA),
    )
    put([name for name, _, _ in pairs], 0.5 * symlog(torch.stack([together[:, a] - together[:, b] for _, a, b in pairs], 1)))


def _describe_reference(found: Likelihoods, slope: torch.Tensor, count: int, plan: Plan, put: Put) -> None:
    rss, trend, here = found.rss[:, REFERENCE], found.trend[:, REFERENCE], found.best_hinge
    parabola, left = rss[:, 2], rss[:, 3]
    second = second_hinge(found.hinges, found.where, plan.hinge_gram)
    columns: List[torch.Tensor] = [
        (slope / 5.0).asinh(),
        symlog(trend[:, 1] / (rss[:, 1] / count).sqrt()),
        symlog(trend[:, 2] / (parabola / count).sqrt()),
        symlog(here / (left / count).sqrt()),
        torch.tanh(here * trend[:, 2] / (rss[:, 1] / count)),
        0.5 * symlog(0.5 * count * torch.log(left / (left - second).clamp(min=1e-3))),
        0.5 * symlog(0.5 * count * torch.log(parabola / left)),
    ]
    names = (
        "velocity", "velocity over error", "curvature over error", "kink over error", "kink sign", "second kink",
        "parabola left by kink",
    )
    put(names, torch.stack(columns, dim=1))


def second_hinge(hinges: torch.Tensor, where: torch.Tensor, gram: torch.Tensor) -> torch.Tensor:
    """Return the gain of the best second hinge beside the best one, (n,).

    Parameters
    ----------
    hinges
        (n, BREAKS), projections on unit hinges.
    where
        (n,), the best one.
    gram
        (BREAKS, BREAKS), inner products of the hinges.
    """
    first = hinges.gather(1, where[:, None])
    across = gram[where]
    left = (1 - across.square()).clamp(min=0.02)
    return ((hinges - across * first).square() / left).amax(dim=1)
