"""A small scene for the tests of phase stability: steady pixels in speckle, under an atmosphere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
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
    lengths = random.normal(0.0, 100.0, dates)
    lengths -= lengths[reference]
    height = random.normal(0.0, 8.0, shape)
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


def houston(folder: Path, rows: slice = slice(0, 600), cols: slice = slice(0, 380), every: int = 1) -> Observations:
    """Return a part of the real stack of Houston (``folder`` holds all real data), every so many dates of it."""
    from osgeo import gdal

    folder = folder / "houston-s1-psps"

    def read(path: Path) -> np.ndarray:
        dataset = gdal.Open(str(path))
        return dataset.ReadAsArray(cols.start, rows.start, cols.stop - cols.start, rows.stop - rows.start)

    reference = "20180115"
    names = sorted(path.name[:8] for path in (folder / "amp").glob("*.tif"))
    names = sorted({reference, *names[::every]})
    phasor, amplitude = [], []
    for name in names:
        amplitude.append(read(folder / "amp" / f"{name}.amp.tif"))
        if name == reference:
            phasor.append(np.ones_like(amplitude[-1], dtype=np.complex64))
            continue
        first, second = sorted((name, reference))
        phase = np.exp(1j * read(folder / "ifg" / f"{first}_{second}.diff_pha.tif"))
        phasor.append(np.conj(phase) if second == reference else phase)
    return Observations(
        phasor=np.array(phasor, dtype=np.complex64),
        amplitude=np.array(amplitude, dtype=np.float32),
        dates=np.array([f"{name[:4]}-{name[4:6]}-{name[6:]}" for name in names], dtype="datetime64[D]"),
        reference=names.index(reference),
        spacing=(123.6, 106.6),
        wavelength=0.05547,
    )
