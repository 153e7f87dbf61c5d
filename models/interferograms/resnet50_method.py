"""The picture classifier as a method of selection: each interferogram is rendered in colours and judged on its own.

After He, Y. et al. (2021), *Automatic interferogram selection for SBAS-InSAR based on deep convolutional neural networks*, Remote
Sensing 13(21), 4468.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import render
from stillpoint.models.interferograms.observations import Network, Verdict
from stillpoint.models.interferograms.resnet50 import ResNet50, ResNet50Shape, log_odds
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress

TASK, ARCHITECTURE = "interferograms", "ResNet50"

_SMALLEST = 32
"""Pixels with a value below which there is nothing to look at."""

_BATCH = 16


@dataclass(frozen=True)
class ResNet50Method:
    """The classifier with its weights, ready to judge networks.

    Attributes
    ----------
    network
        On its device, for reading only.
    threshold
        On the calibrated probability of high quality.
    """

    network: ResNet50
    threshold: float

    def __call__(self, network: Network, progress: Progress = SILENT) -> Verdict:
        """Judge a network; see :func:`verdict`."""
        return verdict(self, network, progress=progress)


def open_resnet50(path: Optional[Path] = None, *, device: str = "cpu") -> ResNet50Method:
    """Return the classifier with the weights of ``path``, or the shipped ones.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds another network.
    """
    path = Path(path) if path else library.shipped(TASK, "resnet50")
    header = library.checked_header(path, task=TASK, architecture=ARCHITECTURE)
    try:
        shape = ResNet50Shape(**{key: int(value) for key, value in header.shape.items()})
        threshold = float(header.settings["threshold"])
    except (TypeError, ValueError, KeyError):
        raise StillpointError(f"The header of {path} lacks the sizes of the network or its threshold.") from None
    if not (1 <= shape.channels <= 1024 and 32 <= shape.side <= 4096):
        raise StillpointError(f"The header of {path} names sizes that no network of this kind has. Take another model file.")
    network = library.built(lambda: ResNet50(shape), path, header)
    network.to(device=torch.device(device), memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    return ResNet50Method(network, threshold)


def probabilities(network: ResNet50, pictures: np.ndarray, unwrapped: np.ndarray) -> np.ndarray:
    """Return the calibrated probability of high quality, float64 [n].

    Every picture is shown as it is and turned by half, and the log odds are averaged: an interferogram has no upside.

    Parameters
    ----------
    network
        In evaluation mode.
    pictures
        uint8 [n, 3, side, side].
    unwrapped
        bool [n]: what each shows.
    """
    slope, shift = network.warp.double().cpu().numpy()[np.asarray(unwrapped, bool).astype(int)].T
    odds = log_odds_of(network, pictures)
    return np.asarray(1 / (1 + np.exp(-np.clip(slope * odds + shift, -40, 40))))


def log_odds_of(network: ResNet50, pictures: np.ndarray) -> np.ndarray:
    """Return the log odds of high quality before the calibration, float64 [n]; see :func:`probabilities`."""
    device = network.warp.device
    found: List[np.ndarray] = []
    with torch.inference_mode():
        for first in range(0, len(pictures), _BATCH):
            images = torch.from_numpy(render.scaled(pictures[first : first + _BATCH])).to(device)
            both = torch.cat([images, images.flip(2, 3)]).contiguous(memory_format=torch.channels_last)
            found.append(log_odds(network(both)).reshape(2, -1).mean(dim=0).double().cpu().numpy())
    return np.concatenate(found) if found else np.zeros(0)


def reason(phase: np.ndarray) -> str:
    """Return why an interferogram cannot be judged; empty where it can.

    Parameters
    ----------
    phase
        [rows, cols], radians.
    """
    known = phase[np.isfinite(phase)]
    if known.size == 0:
        return "no data"
    if known.size < _SMALLEST:
        return "hardly any data"
    if float(np.ptp(known)) == 0.0:
        return "the same value everywhere"
    return ""


def verdict(method: ResNet50Method, network: Network, *, progress: Progress = SILENT) -> Verdict:
    """Judge every interferogram of ``network`` by its picture alone.

    Parameters
    ----------
    method
        From :func:`open_resnet50`.
    network
        Interferograms, unwrapped or wrapped.
    progress
        Told after each batch; asked for a cancel.

    Returns
    -------
    Verdict
        ``score`` is the calibrated probability of high quality, NaN where there is nothing to look at; ``reasons`` say what the
        picture was taken for.
    """
    score = np.full(network.count, np.nan)
    reasons = [reason(phase) for phase in network.phase]
    judged = np.flatnonzero([not text for text in reasons])
    side = method.network.shape.side
    for first in range(0, len(judged), _BATCH):
        progress(first / max(len(judged), 1), "Looking at the interferograms")
        numbers = judged[first : first + _BATCH]
        shown = np.stack([render.picture(network.phase[number], unwrapped=network.unwrapped, side=side) for number in numbers])
        score[numbers] = probabilities(method.network, shown, np.full(len(numbers), network.unwrapped))
    for number in judged:
        if score[number] < method.threshold:
            reasons[number] = "looks like low quality" if score[number] < 0.5 * method.threshold else "looks doubtful"
    return Verdict(score, method.threshold, reasons, {"picture": score.copy()})
