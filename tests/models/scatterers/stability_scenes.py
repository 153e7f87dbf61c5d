"""A small scene for the tests of phase stability: steady pixels in speckle, under an atmosphere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
from scipy.ndimage import gaussian_filter

from stillpoint.models.scatterers.observations import Observations


@dataclass
class Scene:
    observations: Observations
    truth: np.ndarray  # bool [rows, cols]


def scene(
    shape: Tuple[int, int] = (160, 160),
    *,
    dates: int = 15,
    spacing: Tuple[float, float] = (10.0, 10.0),
    share: float = 0.08,
    noise: float = 0.35,
    reference: int = 5,
    baselines: bool = True,
    small_baseline: bool = False,
    seed: int = 3,
    atmosphere: float = 1.0,
) -> Scene:
    """Return a scene whose steady pixels have ``noise`` radians of phase noise in a single image."""
    random = np.random.default_rng(seed)
    truth = random.random(shape) < share
    day = np.arange(dates) * 12
    lengths = random.normal(0.0, 60.0, dates)
    lengths -= lengths[reference]
    height = random.normal(0.0, 5.0, shape)
    wavelength, incidence = 0.0555, 37.0
    factor = 4 * np.pi / (wavelength * 830_000.0 * np.sin(np.radians(incidence)))
    images = np.empty((dates, *shape), dtype=np.complex128)
    brightness = 1.0 / noise * random.uniform(0.8, 1.6, shape)
    for index in range(dates):
        screen = gaussian_filter(random.normal(size=shape), (400 / spacing[0], 400 / spacing[1]), mode="wrap")
        phase = atmosphere * screen / screen.std() + factor * height * lengths[index]
        clutter = (random.normal(size=shape) + 1j * random.normal(size=shape)) / np.sqrt(2.0)
        images[index] = (np.where(truth, brightness, 0.0) + clutter) * np.exp(1j * phase)
    phasor = images * np.conj(images[reference])
    phasor /= np.abs(phasor)
    pairs: Optional[np.ndarray] = None
    if small_baseline:
        pairs = np.array([(first, first + lag) for first in range(dates) for lag in (1, 2) if first + lag < dates])
    observations = Observations(
        phasor=phasor.astype(np.complex64),
        amplitude=(np.abs(images) * random.uniform(0.5, 2.0, dates)[:, None, None]).astype(np.float32),
        dates=np.datetime64("2020-01-06") + day.astype("timedelta64[D]"),
        baselines=lengths if baselines else None,
        reference=reference,
        spacing=spacing,
        wavelength=wavelength,
        incidence=incidence,
        interferograms=pairs,
    )
    return Scene(observations, truth)
