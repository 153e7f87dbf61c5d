"""Amplitude dispersion: how much the brightness of a pixel varies, the oldest proxy of its phase noise.

Source: Ferretti, Prati & Rocca 2001 (IEEE TGRS 39, 8-20), with the calibration and the thresholds that
Hooper, Segall & Zebker 2007 (JGR 112, B07407) use for candidates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Optional, Sequence, Union

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.scatterers.observations import Observations, Verdict

SINGLE_LOOK_THRESHOLD = 0.4
"""Largest dispersion of a candidate in a stack of single-look images with one reference."""

SMALL_BASELINE_THRESHOLD = 0.6
"""The same for the dispersion of amplitude differences over the pairs of a small-baseline network."""

RAYLEIGH = math.sqrt(4.0 / math.pi - 1.0)
"""Dispersion of single-look speckle, 0.523."""

MULTILOOKED_SHARE = 0.9
"""Where more pixels than this pass the single-look threshold, it selects nothing: the images are multilooked."""

DARK, ZERO = 1e-3, 5e-5
"""Amplitudes above the first count for the calibration; one at or below the second (calibrated) drops the pixel."""

Factors = Union[Sequence[float], np.ndarray]
"""One a date."""


@dataclass(frozen=True)
class DispersionGate:
    """Threshold on the amplitude dispersion, and why.

    Attributes
    ----------
    threshold
        Candidates have a smaller dispersion than this.
    looks
        Effective number of looks of the clutter; 1 where the single-look threshold stands.
    note
        A sentence for the user where the threshold was changed, else empty.
    """

    threshold: float
    looks: float
    note: str = ""


def calibration_factors(amplitude: np.ndarray) -> np.ndarray:
    """Return the mean amplitude of each image's valid pixels, float64 [dates]; 1 where an image has none.

    Parameters
    ----------
    amplitude
        float [dates, rows, cols], linear, NaN where missing.
    """
    factors = np.ones(len(amplitude))
    for index, image in enumerate(amplitude):
        with np.errstate(invalid="ignore"):
            usable = image > DARK
        if usable.any():
            factors[index] = image[usable].mean(dtype=np.float64)
    return factors


def dispersion(
    amplitude: np.ndarray, *, calibration: Optional[Factors] = None, pairs: Optional[np.ndarray] = None
) -> np.ndarray:
    """Return the amplitude dispersion of every pixel.

    Parameters
    ----------
    amplitude
        float [dates, rows, cols], linear, NaN where missing.
    calibration
        Factor that each image is divided by; empty takes the block's own means (:func:`calibration_factors`).
        Give the raster's where it is read block by block, so that blocks leave no seam.
    pairs
        int [pairs, 2]; where given, the rms of the amplitude differences over these pairs takes the place of
        the standard deviation.

    Returns
    -------
    float64 [rows, cols]; population standard deviation over mean, NaN where an amplitude is missing or zero.
    """
    factors = calibration_factors(amplitude) if calibration is None else np.asarray(calibration, dtype=np.float64)
    shape = amplitude.shape[1:]
    total, squares, smallest = np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    for image, factor in zip(amplitude, factors):
        calibrated = image.astype(np.float64) / factor
        total += calibrated
        smallest = np.minimum(smallest, calibrated)  # keeps NaN
        if pairs is None:
            squares += calibrated * calibrated
    count = len(amplitude)
    with np.errstate(divide="ignore", invalid="ignore"):
        if pairs is None:
            found = np.sqrt(np.maximum(count * squares / (total * total) - 1.0, 0.0))
        else:
            for first, second in pairs:
                difference = amplitude[first].astype(np.float64) / factors[first] - amplitude[second] / factors[second]
                squares += difference * difference
            found = np.sqrt(squares / len(pairs)) / (total / count)
        return np.where(smallest > ZERO, found, np.nan)


def speckle_dispersion(looks: float) -> float:
    """Return the dispersion of the amplitude of fully developed speckle with ``looks`` independent looks."""
    ratio = math.exp(math.lgamma(looks) + math.lgamma(looks + 1.0) - 2.0 * math.lgamma(looks + 0.5))
    return math.sqrt(max(ratio - 1.0, 0.0))


def effective_looks(clutter: float) -> float:
    """Return the number of looks at which speckle has the dispersion ``clutter``, at least 1."""
    low, high = 1.0, 1e5
    if clutter >= speckle_dispersion(low):
        return low
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if speckle_dispersion(middle) > clutter else (low, middle)
    return math.sqrt(low * high)


def clutter_dispersion(values: np.ndarray) -> float:
    """Return the most frequent dispersion: that of the clutter, which most pixels are.

    Parameters
    ----------
    values
        Dispersions of any shape, NaN ignored.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return RAYLEIGH
    top = float(np.percentile(finite, 99.0))
    if top <= 0.0:
        return RAYLEIGH
    counts, edges = np.histogram(finite, bins=200, range=(0.0, top))
    # Nine bins smooth the counting noise of a small block without moving the top.
    smooth = np.convolve(counts, np.ones(9) / 9.0, mode="same")
    best = int(np.argmax(smooth))
    return float(0.5 * (edges[best] + edges[best + 1]))


def dispersion_gate(values: np.ndarray, *, small_baseline: bool = False) -> DispersionGate:
    """Return the threshold on the dispersion that suits the data.

    Single-look images take the published one. Where nine pixels in ten are below it, the images were
    multilooked: averaging L looks narrows speckle by about the root of L and the threshold says nothing. It is
    then scaled by the clutter's own dispersion, so that it stands as far below the clutter as in single-look data.

    Parameters
    ----------
    values
        Dispersions, NaN ignored.
    small_baseline
        The values are of amplitude differences over pairs.
    """
    threshold = SMALL_BASELINE_THRESHOLD if small_baseline else SINGLE_LOOK_THRESHOLD
    finite = values[np.isfinite(values)]
    if finite.size == 0 or np.mean(finite < threshold) <= MULTILOOKED_SHARE:
        return DispersionGate(threshold, 1.0)
    # Two independent images differ by the root of 2 times their standard deviation.
    single = RAYLEIGH * (math.sqrt(2.0) if small_baseline else 1.0)
    clutter = clutter_dispersion(finite)
    if clutter >= single:
        return DispersionGate(threshold, 1.0)
    looks = effective_looks(clutter * RAYLEIGH / single)
    scaled = threshold * clutter / single
    note = (
        f"The amplitudes are multilooked (about {looks:.0f} looks by their clutter): "
        f"the dispersion threshold {threshold:g} was scaled to {scaled:.3f}."
    )
    return DispersionGate(scaled, looks, note)


def dispersion_rank(values: np.ndarray, threshold: float) -> np.ndarray:
    """Return 1 / (1 + (D / threshold)^2): 1 for constant brightness, 0.5 at the threshold, falling towards 0."""
    return 1.0 / (1.0 + np.square(values / threshold))


def amplitude_dispersion(
    observations: Observations,
    *,
    threshold: Optional[float] = None,
    calibration: Optional[Factors] = None,
    notes: Optional[List[str]] = None,
) -> Verdict:
    """Rank the pixels of a block by their amplitude dispersion D.

    The probability is a rank (:func:`dispersion_rank`): it falls strictly with D and is 0.5 at the threshold. In a
    small-baseline stack D is that of the amplitude differences over the pairs.

    Parameters
    ----------
    observations
        The block; needs amplitudes.
    threshold
        Dispersion at which the rank is 0.5; empty takes :func:`dispersion_gate` of the block. Give one to all
        blocks of a raster.
    calibration
        See :func:`dispersion`; empty takes the gains of ``observations``, where it has them.
    notes
        Sentences for the user are appended here.

    Raises
    ------
    StillpointError
        There are no amplitudes, or of one date only.
    """
    if observations.amplitude is None:
        raise StillpointError(
            "Amplitude dispersion needs the amplitudes, and this stack holds phase only. "
            "Name the amplitude stack, or choose another method."
        )
    if len(observations.amplitude) < 2:
        raise StillpointError("Amplitude dispersion needs the amplitudes of at least two dates; this stack has one.")
    if calibration is None:
        calibration = observations.gains
    pairs = observations.interferograms
    values = dispersion(observations.amplitude, calibration=calibration, pairs=pairs)
    if threshold is None:
        gate = dispersion_gate(values, small_baseline=pairs is not None)
        threshold = gate.threshold
        if gate.note and notes is not None:
            notes.append(gate.note)
    rank = dispersion_rank(values, threshold).astype(np.float32)
    return Verdict(probability=rank, threshold=0.5, dispersion=values.astype(np.float32))
