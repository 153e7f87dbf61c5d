"""What the selection works on: the interferograms of a block, and the pixels that may be scatterers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Optional, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.scatterers.dispersion import (
    SINGLE_LOOK_THRESHOLD,
    SMALL_BASELINE_THRESHOLD,
    calibration_factors,
    dispersion,
    dispersion_gate,
)
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.stability.settings import StabilitySettings
from stillpoint.models.scatterers.stability.topofit import HeightSearch

FEWEST_INTERFEROGRAMS = 4
"""With fewer, random phases line up by chance: gamma of pure noise is mostly above 0.6."""

FEW_INTERFEROGRAMS = 12
"""Below this gamma tells little; the user is told."""

C_BAND, MIDDLE_INCIDENCE = 0.0555, 37.0
"""Assumed where the stack does not know its wavelength (m) and incidence (degrees); K's range alone needs them."""


@dataclass(frozen=True)
class Network:
    """The interferograms of a block.

    Attributes
    ----------
    count
        Number of interferograms n.
    pairs
        int64 [n, 2], first and second date of each for small baselines; None with one reference.
    others
        int64 [n], the dates that make an interferogram with the reference; None for small baselines.
    search
        Baselines of the interferograms and range of K.
    notes
        What was assumed.
    """

    count: int
    pairs: Optional[np.ndarray]
    others: Optional[np.ndarray]
    search: HeightSearch
    notes: List[str] = field(default_factory=list)

    @property
    def small_baseline(self) -> bool:
        """Whether the interferograms have different references."""
        return self.pairs is not None


def network_of(observations: Observations, settings: StabilitySettings) -> Network:
    """Return the interferograms that ``observations`` stand for.

    Raises
    ------
    StillpointError
        There are too few interferograms for a measure of stability.
    """
    notes: List[str] = []
    pairs: Optional[np.ndarray] = None
    others: Optional[np.ndarray] = None
    if observations.interferograms is not None:
        pairs = np.ascontiguousarray(observations.interferograms, dtype=np.int64).reshape(-1, 2)
        count = len(pairs)
    else:
        others = np.delete(np.arange(len(observations.dates)), observations.reference)
        count = len(others)
    if count < FEWEST_INTERFEROGRAMS:
        noun = "interferogram" if count == 1 else "interferograms"
        raise StillpointError(
            f"Phase stability needs at least {FEWEST_INTERFEROGRAMS} interferograms, and this stack has {count} {noun}: "
            "add more dates, or choose amplitude_dispersion."
        )
    if count < FEW_INTERFEROGRAMS:
        notes.append(
            f"Only {count} interferograms: phase stability separates scatterers from noise poorly below {FEW_INTERFEROGRAMS}."
        )
    baselines: Optional[np.ndarray] = None
    if observations.baselines is None or not np.isfinite(observations.baselines).all():
        notes.append("The stack has no perpendicular baselines: height errors are not searched, and lower the stability.")
    elif pairs is not None:
        baselines = observations.baselines[pairs[:, 1]] - observations.baselines[pairs[:, 0]]
    else:
        baselines = observations.baselines[others] - observations.baselines[observations.reference]
    wavelength, incidence = observations.wavelength, observations.incidence
    if baselines is not None and (wavelength is None or incidence is None):
        wavelength, incidence = wavelength or C_BAND, incidence or MIDDLE_INCIDENCE
        notes.append(
            f"The stack does not name wavelength and incidence angle: height errors are searched as for {wavelength:g} m "
            f"and {incidence:g} degrees."
        )
    search = HeightSearch.of(
        baselines, count, wavelength=wavelength or C_BAND, incidence=incidence or MIDDLE_INCIDENCE,
        max_height_error=settings.max_height_error, mean_range=settings.mean_range,
    )
    return Network(count, pairs, others, search, notes)


def phasors_at(observations: Observations, network: Network, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """Return the unit phasors of the interferograms at pixels, complex64 [pixels, n]; NaN where missing."""
    found = np.empty((len(rows), network.count), dtype=np.complex64)
    phasor = observations.phasor
    for index in range(network.count):
        if network.pairs is None:
            assert network.others is not None  # nosec B101 - one of the two is always there
            found[:, index] = phasor[network.others[index]][rows, cols]
        else:
            first, second = network.pairs[index]
            found[:, index] = phasor[second][rows, cols] * np.conj(phasor[first][rows, cols])
    length = np.abs(found)
    np.divide(found, length, out=found, where=length > 0)
    return found


@dataclass
class Candidates:
    """The pixels that may be scatterers, in the order of the raster.

    Attributes
    ----------
    rows, cols
        int64 [pixels], within the block.
    z
        complex64 [pixels, n] unit phasors of the interferograms.
    dispersion
        float64 [pixels]; 0.5 for all where there are no amplitudes.
    amplitude
        float32 [pixels, n], calibrated amplitude of each interferogram's second date; None unless asked for.
    """

    rows: torch.Tensor
    cols: torch.Tensor
    z: torch.Tensor
    dispersion: np.ndarray
    amplitude: Optional[torch.Tensor] = None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Gate:
    """Where candidates may be.

    Attributes
    ----------
    allowed
        bool [rows, cols].
    dispersion
        float64 [rows, cols] or None without amplitudes.
    factors
        Calibration factors of the amplitudes, [dates], or None.
    """

    allowed: np.ndarray
    dispersion: Optional[np.ndarray]
    factors: Optional[np.ndarray]
    notes: List[str] = field(default_factory=list)


def gate_candidates(observations: Observations, network: Network, settings: StabilitySettings) -> Gate:
    """Return which pixels are candidates by their amplitude dispersion; all valid ones where there are no amplitudes."""
    valid = valid_pixels(observations)
    if observations.amplitude is None or len(observations.amplitude) < 2:
        note = "The stack has no amplitudes: every pixel is a candidate, and all count alike at the start."
        return Gate(valid, None, None, [note])
    given = observations.gains if settings.calibration is None else settings.calibration
    factors = calibration_factors(observations.amplitude) if given is None else np.asarray(given, dtype=np.float64)
    values = dispersion(observations.amplitude, calibration=factors, pairs=network.pairs)
    notes: List[str] = []
    threshold = settings.dispersion_threshold
    if threshold is None:
        threshold = SMALL_BASELINE_THRESHOLD if network.small_baseline else SINGLE_LOOK_THRESHOLD
        gate = dispersion_gate(np.where(valid, values, np.nan), small_baseline=network.small_baseline)
        if gate.looks > 1.0:
            # Averaging hides the single bright scatterer, so that a lower threshold would lose pixels at random.
            notes.append(
                f"The amplitudes are multilooked (about {gate.looks:.0f} looks by their clutter): their dispersion says little, "
                f"and nearly every pixel is a candidate (below {threshold:g})."
            )
    with np.errstate(invalid="ignore"):
        allowed = valid & (values < threshold)
    return Gate(allowed, values, factors, notes)


def valid_pixels(observations: Observations) -> np.ndarray:
    """Return bool [rows, cols]: pixels with a phase at every date, one date at a time to spare memory."""
    valid = np.ones(observations.shape, dtype=bool)
    for band in observations.phasor:
        valid &= np.isfinite(band) & (band != 0)
    return valid


def gather(
    observations: Observations, network: Network, gate: Gate, settings: StabilitySettings, window: Tuple[slice, slice]
) -> Candidates:
    """Return the candidates in ``window`` (rows and columns of the block)."""
    rows, cols = np.nonzero(gate.allowed[window])
    rows, cols = rows + (window[0].start or 0), cols + (window[1].start or 0)
    values = np.full(len(rows), 0.5) if gate.dispersion is None else gate.dispersion[rows, cols]
    # Constant brightness would get an infinite weight.
    values = np.maximum(values, 1e-3)
    device = torch.device(settings.device)
    amplitude: Optional[torch.Tensor] = None
    if settings.weighting == "snr":
        amplitude = torch.from_numpy(_second_amplitudes(observations, network, gate, rows, cols)).to(device)
    return Candidates(
        torch.from_numpy(rows).to(device),
        torch.from_numpy(cols).to(device),
        torch.from_numpy(phasors_at(observations, network, rows, cols)).to(device),
        values,
        amplitude,
    )


def _second_amplitudes(
    observations: Observations, network: Network, gate: Gate, rows: np.ndarray, cols: np.ndarray
) -> np.ndarray:
    if observations.amplitude is None or gate.factors is None:
        raise StillpointError("The weighting snr needs amplitudes, and this stack has none: choose p-square.")
    dates = network.others if network.pairs is None else network.pairs[:, 1]
    assert dates is not None  # nosec B101 - one of the two is always there
    found = np.empty((len(rows), network.count), dtype=np.float32)
    for index, date in enumerate(dates):
        found[:, index] = observations.amplitude[date][rows, cols] / gate.factors[date]
    return found
