"""The default method: evidence of all kinds together, a small network on it, a calibrated score, the reason, and weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import evidence, reasons
from stillpoint.models.interferograms.default_network import DefaultNetwork, DefaultNetworkShape, expected_variance, log_odds
from stillpoint.models.interferograms.observations import Network, Verdict
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress

TASK, ARCHITECTURE = "interferograms", "evidence-cells-exchange"

WORST = 49.0
"""Error variance in rad**2 of an interferogram that says nothing."""

_PART = 64
"""Pairs whose weights are computed at a time."""


@dataclass(frozen=True)
class OpenedDefault:
    """The default method, ready to judge.

    Attributes
    ----------
    network
        With its weights, on its device.
    threshold
        On the score.
    """

    network: DefaultNetwork
    threshold: float


def open_default(path: Optional[Path] = None, *, device: str = "cpu") -> OpenedDefault:
    """Return the network with its weights, and its threshold.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds another network.
    """
    path = path or library.shipped(TASK, "default")
    header = library.checked_header(path, task=TASK, architecture=ARCHITECTURE)
    known = library.names_of(header, "maps"), library.names_of(header, "figures")
    if known != (evidence.MAPS, evidence.FIGURES):
        raise StillpointError(f"The model {path} was trained on other evidence than this version gathers. Train it anew.")
    try:
        shape = DefaultNetworkShape(**{key: int(value) for key, value in header.shape.items()})
        threshold = float(header.settings["threshold"])
    except (TypeError, ValueError, KeyError):
        raise StillpointError(f"The header of {path} lacks the sizes of the network or its threshold.") from None
    network = library.built(lambda: DefaultNetwork(shape), path, header)
    return OpenedDefault(network.to(device).eval(), threshold)


def verdict(opened: OpenedDefault, network: Network, *, weights: bool = True, progress: Progress = SILENT) -> Verdict:
    """Judge the interferograms of a stack.

    Parameters
    ----------
    opened
        From :func:`open_default`.
    network
        The stack.
    weights
        Whether to give a weight for every pixel, which takes as much memory as the stack.
    progress
        Told how far the work is; checked for a cancel.

    Raises
    ------
    Cancelled
        Asked to stop.
    """
    device = opened.network.centre.device
    found = evidence.gather(network, device=str(device), progress=progress.part(0.0, 0.8))
    odds, variance, cells = answer(opened.network, found, network)
    score = 1 / (1 + np.exp(odds))
    empty, flat = _silent(found)
    sparse = np.nan_to_num(found.shown["coverage"]) < reasons.LEAST
    score[sparse] = np.minimum(score[sparse], 0.5 * opened.threshold)
    score[empty | flat] = 0.0
    variance[empty | flat] = WORST
    said = reasons.reasons(network, found, score < opened.threshold)
    for index in np.flatnonzero(empty | flat):
        said[index] = reasons.EMPTY if empty[index] else reasons.FLAT
    progress(0.85, "Weighing the pixels")
    weighed = None
    if weights:
        weighed = pixel_weights(network, found, cells)
        weighed[empty | flat] = 0.0
    progress.done()
    return Verdict(
        score=score, threshold=opened.threshold, reasons=said, weights=weighed, variance=variance,
        evidence={"error, rad": np.sqrt(variance), **found.shown},
    )  # fmt: skip


def answer(model: DefaultNetwork, found: evidence.Evidence, network: Network) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the calibrated log odds that each pair is bad, its expected error variance, and that of its cells in rad**2.

    Returns
    -------
    tuple
        float64 [pairs], float64 [pairs], float32 [pairs, cells, cells].
    """
    device = model.centre.device
    with torch.inference_mode():
        logits, cells = model(
            torch.from_numpy(found.maps).to(device), torch.from_numpy(found.figures).to(device),
            torch.from_numpy(found.reliable).to(device), torch.from_numpy(network.pairs.astype(np.int64)).to(device),
            len(network.dates),
        )  # fmt: skip
        odds = model.warp[0] * log_odds(logits, unwrapped=network.unwrapped) + model.warp[1]
        variance = expected_variance(logits)
    return (
        odds.double().cpu().numpy(), variance.double().cpu().numpy(), torch.expm1(cells.clamp(max=6.0)).float().cpu().numpy()
    )  # fmt: skip


def pixel_weights(network: Network, found: evidence.Evidence, cells: np.ndarray) -> np.ndarray:
    """Return how far each pixel of each interferogram can be trusted, float32 [pairs, rows, cols] in 0..1.

    One over one plus the error variance that the network expects there (rad**2); less where the pixel itself is off by more than
    a radian from what the dates explain; 0 where the phase is missing.
    """
    result = np.empty(network.phase.shape, np.float32)
    rows, cols = found.residual.shape[1:]
    block = found.grid.block
    for first in range(0, network.count, _PART):
        part = slice(first, first + _PART)
        variance = functional.interpolate(torch.from_numpy(cells[part])[:, None], (rows, cols), mode="bilinear")[:, 0]
        beyond = torch.from_numpy(np.abs(np.nan_to_num(found.residual[part]))).sub(1.0).clamp_min(0.0)
        trusted = (1 / (1 + variance + beyond**2)).numpy()
        large = np.repeat(np.repeat(trusted, block[0], axis=1), block[1], axis=2)[:, : network.shape[0], : network.shape[1]]
        result[part] = np.where(np.isfinite(network.phase[part]), large, np.float32(0))
    return result


def _silent(found: evidence.Evidence) -> Tuple[np.ndarray, np.ndarray]:
    """Return which pairs are empty and which are constant, bool [pairs] each."""
    phase = found.grid.phase.reshape(len(found.grid.phase), -1)
    known = np.isfinite(phase)
    empty = ~known.any(axis=1)
    low = np.where(known, phase, np.inf).min(axis=1)
    high = np.where(known, phase, -np.inf).max(axis=1)
    return empty, ~empty & (high - low < 1e-6)
