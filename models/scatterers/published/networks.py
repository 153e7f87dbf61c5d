"""Which published networks there are, how each is trained, and how a model file becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple, Type, Union

import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.scatterers.published import clstm_iss, cnn_iss, losses, unet
from stillpoint.models.scatterers.published.calibration import Calibration

TASK = "scatterers"

LARGEST_REACH = 256
"""Pixels on each side that an answer may depend on."""

Network = Union[cnn_iss.CnnIss, clstm_iss.ClstmIss, unet.UNet]


@dataclass(frozen=True)
class Recipe:
    """A published network and its training.

    Attributes
    ----------
    network
        Class of the network.
    rate
        Learning rate of Adam.
    loss
        From scores and labels to a scalar.
    epochs
        Most epochs of a training; it ends earlier where nothing improves.
    batch
        Blocks a step.
    dates
        Fewest and most interferograms that are drawn for a step.
    paper
        For the model card.
    """

    network: Type[torch.nn.Module]
    rate: float
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    epochs: int
    batch: int
    dates: Tuple[int, int]
    paper: str


TIWARI = (
    "Tiwari, A., Narayan, A. B. & Dikshit, O. (2020). Deep learning networks for selection of measurement pixels in "
    "multi-temporal SAR interferometric processing. ISPRS J. Photogramm. Remote Sens. 166, 169-182."
)
TAI = (
    "Tai et al. (2026). Application of PSInSAR monitoring for large-scale landslide with persistent scatterers from deep "
    "learning classification. Remote Sensing 18(8), 1181."
)

RECIPES: Dict[str, Recipe] = {
    "cnn_iss": Recipe(cnn_iss.CnnIss, cnn_iss.RATE, losses.f1_loss, 40, 2, (4, 8), TIWARI),
    "clstm_iss": Recipe(clstm_iss.ClstmIss, clstm_iss.RATE, losses.f1_loss, 40, 1, (3, 6), TIWARI),
    "unet": Recipe(unet.UNet, unet.RATE, losses.balanced_cross_entropy, 40, 2, (1, 8), TAI),
}
"""The published networks by the name of their method."""


@dataclass(frozen=True)
class Trained:
    """A network with weights, ready to be asked.

    Attributes
    ----------
    network
        On its device, in evaluation mode.
    calibration
        From its scores to probabilities.
    threshold
        Of the probability.
    reach
        Pixels on each side that the answer of a pixel depends on.
    header
        What its file says.
    """

    network: Network
    calibration: Calibration
    threshold: float
    reach: int
    header: library.Header


def open_published(method: str, path: Optional[Path] = None, *, device: Union[str, torch.device] = "cpu") -> Trained:
    """Return a published network with its weights.

    Parameters
    ----------
    method
        A key of :data:`RECIPES`.
    path
        Model file; the shipped one where None.
    device
        Where it shall compute.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds another network.
    """
    path = library.shipped(TASK, method) if path is None else path
    kind: Any = RECIPES[method].network
    header = library.checked_header(path, task=TASK, architecture=str(kind.architecture))
    network = library.built(kind, path, header)
    try:
        calibration = Calibration.from_dict(header.settings["calibration"])
        threshold, reach = float(header.settings["threshold"]), int(header.settings["reach"])
    except (KeyError, TypeError, ValueError):
        raise StillpointError(f"The header of {path} lacks the calibration, threshold or reach of the network.") from None
    if not 0 <= reach <= LARGEST_REACH:
        raise StillpointError(f"The header of {path} names a reach of {reach} pixels, which no network of this kind has.")
    network.to(device).eval()
    return Trained(network, calibration, threshold, reach, header)
