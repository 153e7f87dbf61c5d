"""What a block of a stack says, in one form for all methods of selecting scatterers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np


@dataclass(frozen=True)
class Observations:
    """Phase and amplitude of a block of pixels at every date.

    Attributes
    ----------
    phasor
        complex64 [dates, rows, cols]; unit phasors of each date against the reference date, which is
        among them with the value 1. All dates carry the same sign of phase. NaN where missing.
    amplitude
        float32 [dates, rows, cols], uncalibrated and linear (not dB); NaN where missing; None where unknown.
    dates
        datetime64[D] [dates], in the order of the bands, which need not be sorted.
    baselines
        float64 [dates], perpendicular baselines against the reference date in metres; None where unknown.
    reference
        Index of the reference date.
    spacing
        Metres on the ground between two rows and between two columns.
    wavelength
        Metres.
    incidence
        Degrees, at the middle of the scene.
    origin
        Row and column of the block's first pixel in the raster, so that grids of cells have the same
        anchor in every block.
    gains
        float [dates], mean amplitude of every date over the whole raster, which calibrates the amplitudes; None takes
        the block's own.
    interferograms
        Pairs (earlier index, later index) that the phasors were derived from; None where the stack had one reference.
    dark
        bool [rows, cols], pixels that lie within the images but are exactly zero at some dates, as calm water is in images of
        integers: they have no phase there, and are no scatterers for sure. None where nothing tells.
    """

    phasor: np.ndarray
    dates: np.ndarray
    reference: int
    spacing: Tuple[float, float]
    amplitude: Optional[np.ndarray] = None
    baselines: Optional[np.ndarray] = None
    wavelength: Optional[float] = None
    incidence: Optional[float] = None
    origin: Tuple[int, int] = (0, 0)
    gains: Optional[np.ndarray] = None
    interferograms: Optional[np.ndarray] = None
    dark: Optional[np.ndarray] = None

    @property
    def shape(self) -> Tuple[int, int]:
        """Rows and columns."""
        return int(self.phasor.shape[1]), int(self.phasor.shape[2])

    @property
    def valid(self) -> np.ndarray:
        """Bool [rows, cols]: pixels that have a phase at every date."""
        return np.isfinite(self.phasor).all(axis=0)


@dataclass(frozen=True)
class Verdict:
    """What a method says of a block of pixels; every map is float32 [rows, cols], NaN where there are no data.

    Attributes
    ----------
    probability
        Probability (or for the classical methods a rank in 0..1) that the pixel is a persistent scatterer.
    threshold
        The method's own threshold on ``probability``.
    noise
        Standard deviation of the phase of a single image, radians; None where the method has no estimate.
    gamma
        Phase stability (ensemble phase coherence) in 0..1; None where the method does not compute it.
    dispersion
        Amplitude dispersion; None without amplitudes.
    mask
        bool [rows, cols]: the selection, where it is more than ``probability >= threshold`` (weeding); else None.
    """

    probability: np.ndarray
    threshold: float
    noise: Optional[np.ndarray] = None
    gamma: Optional[np.ndarray] = None
    dispersion: Optional[np.ndarray] = None
    mask: Optional[np.ndarray] = None
