"""The default classifier at work: series in, probabilities out, with what fits no class set apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Callable, Iterator, Optional, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.trends import flicker
from stillpoint.models.trends.classes import UNWRAPPING_ERROR
from stillpoint.models.trends.features import feature_names, fill_missing, gather_evidence
from stillpoint.models.trends.network import CLASSES, REASONS, TrendNetwork, TrendNetworkShape
from stillpoint.models.trends.plan import Plan, make_plan

ARCHITECTURE = "TrendNetwork"
FEWEST_EPOCHS = 10
"""Series with fewer values are not judged: nothing that short was in the training."""

BLOCK = 1024
"""Series computed at a time; larger blocks leave the processor's cache."""

PLAIN = 0.95
"""Probability from which the quick verdict stands: on held-out series the thorough one then is no better, by any measure."""

_EDGE = 2
"""Missing epochs at the start or end that are bridged; beyond it the series is judged on its own span."""

_SPARSE = 0.25
"""Share of missing epochs beyond which series that share their gaps are judged on their own dates."""

_TOO_SPARSE = 0.6
"""Share of missing epochs beyond which even a single series is."""

_WORTH_A_PLAN = 16
"""Number of series with the same gaps that is worth a plan."""


@dataclass
class Verdict:
    """What the classifier says of n series with e dates.

    Attributes
    ----------
    probabilities
        float32 (n, 5), each row sums to 1; NaN where not judged.
    unlike
        float32 (n,), probability that the series fits no class.
    why
        int64 (n,), index into ``REASONS`` of the likeliest kind that fits no class.
    jumps
        int8 (n, e), phase jumps found, in half wavelengths, at the epoch where each begins.
    break_days
        float32 (n,), days since the first date: median of the break's posterior under a kink.
    judged
        bool (n,).
    """

    probabilities: np.ndarray
    unlike: np.ndarray
    why: np.ndarray
    jumps: np.ndarray
    break_days: np.ndarray
    judged: np.ndarray


@lru_cache(maxsize=64)
def _cached_plan(days: bytes, device: str) -> Plan:
    return make_plan(np.frombuffer(days, dtype=np.float64)).to(torch.device(device))


class Judge:
    """The default network with its weights, ready to judge.

    Parameters
    ----------
    path
        Model file; the shipped one where None.
    device
        Where to compute.

    Raises
    ------
    StillpointError
        The model cannot be read or is for something else.
    """

    def __init__(self, path: Optional[Path] = None, device: str = "cpu") -> None:
        path = path or library.shipped("trends", "default")
        self.header = library.checked_header(path, task="trends", architecture=ARCHITECTURE)
        if library.names_of(self.header, "features") != feature_names():
            raise StillpointError(
                f"The model {path} reads other statistics than this version of Stillpoint computes; train it again."
            )
        self.device = torch.device(device)
        try:
            shape = TrendNetworkShape(**self.header.shape)
            self.threshold = float(self.header.settings.get("unlike_threshold", 0.5))
        except (TypeError, ValueError):
            raise StillpointError(f"The header of {path} lacks the sizes of the network or its threshold.") from None
        self.network: TrendNetwork = library.built(lambda: TrendNetwork(shape), path, self.header)
        self.network.to(self.device).eval()

    def __call__(
        self,
        dates: np.ndarray,
        displacement: np.ndarray,
        wavelength: float,
        *,
        check: Callable[[], None] = lambda: None,
    ) -> Verdict:
        """Judge series that share dates.

        Parameters
        ----------
        dates
            ``datetime64[D]``, shape (e,), strictly increasing.
        displacement
            float32, shape (n, e), mm, NaN where missing.
        wavelength
            Metres.
        check
            Called between blocks; may raise Cancelled.
        """
        size, epochs = displacement.shape
        days = (dates - dates[0]).astype(np.float64)
        verdict = Verdict(
            probabilities=np.full((size, CLASSES), np.nan, dtype=np.float32),
            unlike=np.full(size, np.nan, dtype=np.float32),
            why=np.zeros(size, dtype=np.int64),
            jumps=np.zeros((size, epochs), dtype=np.int8),
            break_days=np.full(size, np.nan, dtype=np.float32),
            judged=np.zeros(size, dtype=bool),
        )
        for rows, used in alike(displacement):
            if len(used) < FEWEST_EPOCHS:
                continue
            plan = _cached_plan(days[used].tobytes(), str(self.device))
            for start in range(0, len(rows), BLOCK):
                check()
                part = rows[start : start + BLOCK]
                whole = len(used) == epochs
                values = displacement[part] if whole else displacement[np.ix_(part, used)]
                self._judge(verdict, part, used, values, plan, wavelength, offset=float(days[used[0]]))
        return verdict

    def _judge(self, verdict, rows, used, values, plan, wavelength, *, offset):
        with torch.inference_mode():
            block = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(self.device)
            evidence = gather_evidence(block, plan, wavelength)
            known = self.network.read(evidence.features)
            logits = self.network.quick(known)
            unclear = torch.softmax(logits, dim=1).amax(dim=1) < PLAIN
            if bool(unclear.any()):
                logits[unclear] = self.network.thorough(known[unclear], evidence.channels(unclear))
            _look_for_flicker(block, plan, wavelength, logits, evidence.jumps)
            inside = torch.softmax(logits[:, :CLASSES], dim=1)
            everything = torch.softmax(logits, dim=1)
            breaks = torch.as_tensor(plan.breaks, dtype=torch.float32, device=self.device)
            middle = (evidence.break_weights.cumsum(dim=1) < 0.5).sum(dim=1).clamp(max=len(breaks) - 1)
        verdict.probabilities[rows] = inside.cpu().numpy()
        verdict.unlike[rows] = everything[:, CLASSES:].sum(dim=1).cpu().numpy()
        verdict.why[rows] = everything[:, CLASSES:].argmax(dim=1).cpu().numpy()
        verdict.jumps[np.ix_(rows, used)] = evidence.jumps.to(torch.int8).cpu().numpy()
        verdict.break_days[rows] = breaks[middle].cpu().numpy() + offset
        verdict.judged[rows] = True


def _look_for_flicker(
    block: torch.Tensor, plan: Plan, wavelength: float, logits: torch.Tensor, jumps: torch.Tensor
) -> None:
    """Raise the logit of unwrapping errors in place, and add to the ``jumps``, where errors flicker."""
    half = 500.0 * wavelength
    if block.shape[1] <= 2 * flicker.REACH:
        return
    rows = torch.nonzero(flicker.restless(block, half))[:, 0]
    rows = rows[torch.softmax(logits[rows], dim=1)[:, UNWRAPPING_ERROR] < PLAIN]
    if not len(rows):
        return
    days = torch.as_tensor(plan.days, dtype=torch.float32, device=block.device)
    values = fill_missing(block[rows], days)[0]
    found = flicker.weigh(values, half)
    some = logits[rows]
    raised = torch.logsumexp(some, dim=1) + found.log_odds + math.log(flicker.PRIOR)
    some[:, UNWRAPPING_ERROR] = torch.logaddexp(some[:, UNWRAPPING_ERROR], raised)
    logits[rows] = some
    wrong = (some[:, :CLASSES].argmax(dim=1) == UNWRAPPING_ERROR) & (found.log_odds > 0)
    if bool(wrong.any()):
        rows, values = rows[wrong], values[wrong]
        held = jumps[rows].cumsum(dim=1)
        held += flicker.weigh(values - half * held, half).level.to(held.dtype)
        jumps[rows] = torch.diff(held, dim=1, prepend=torch.zeros_like(held[:, :1]))


def alike(displacement: np.ndarray) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
    """Yield (rows, used epochs) of series that are judged on the same dates.

    Scattered gaps are bridged. A series that begins late or ends early, or lacks a large share of its
    epochs, is judged on the epochs that it has, so that nothing is made up at its ends.
    """
    size, epochs = displacement.shape
    present = np.isfinite(displacement)
    counts = present.sum(axis=1)
    everything = np.arange(epochs)
    first = present.argmax(axis=1)
    last = epochs - 1 - present[:, ::-1].argmax(axis=1)
    enough = counts >= FEWEST_EPOCHS
    ragged = enough & ((first > _EDGE) | (last < epochs - 1 - _EDGE))
    sparse = enough & (counts < (1 - _SPARSE) * (last - first + 1))
    alone = list(_grouped(np.packbits(present, axis=1), np.flatnonzero(sparse)))
    # A plan of its own pays for many series with the same gaps; a few with gaps of their own are bridged.
    bridged = [rows for rows in alone if len(rows) < _WORTH_A_PLAN and counts[rows[0]] >= (1 - _TOO_SPARSE) * epochs]
    if bridged:
        sparse[np.concatenate(bridged)] = False
    plain = np.flatnonzero(enough & ~ragged & ~sparse)
    if len(plain):
        yield plain, everything
    for rows in _grouped(np.stack([first, last], axis=1), np.flatnonzero(ragged & ~sparse)):
        yield rows, everything[first[rows[0]] : last[rows[0]] + 1]
    for rows in _grouped(np.packbits(present, axis=1), np.flatnonzero(sparse)):
        yield rows, np.flatnonzero(present[rows[0]])
    del size


def _grouped(keys: np.ndarray, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the ``rows`` with equal ``keys`` together."""
    if not len(rows):
        return
    _, inverse = np.unique(keys[rows], axis=0, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1):
        yield rows[part]


def reason_text(why: int) -> str:
    """Return the reason for people that belongs to ``Verdict.why``."""
    return REASONS[why][0].upper() + REASONS[why][1:]
