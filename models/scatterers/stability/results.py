"""What the selection finds, and the phase noise that a gamma stands for."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional

import numpy as np

from stillpoint.models.scatterers.stability.candidates import Candidates
from stillpoint.models.scatterers.stability.patches import Patch


@dataclass
class GammaMaps:
    """Gamma of every pixel against the filtered phase of its surroundings.

    Attributes
    ----------
    with_own, without_own, without_pixel
        float32 [rows, cols], NaN without data: gamma against the surroundings as they are, without the pixel's own
        cell, and without the pixel alone, which is the fair comparison of candidates (they are part of their
        surroundings) with other pixels. What is left out is left out at the filter's gains that were found with it.
    """

    with_own: np.ndarray
    without_own: np.ndarray
    without_pixel: np.ndarray


@dataclass
class Stability:
    """Everything that the selection found out.

    Attributes
    ----------
    mask
        bool [rows, cols]: persistent scatterers, weeded.
    selected, candidates
        bool [rows, cols]: those before weeding, and the pixels that were looked at.
    gamma
        float32 [rows, cols]: gamma of the second estimate where there is one, of the first at the other
        candidates, NaN elsewhere.
    k
        float32 [rows, cols]: phase per metre of baseline in rad/m of the selected pixels, NaN elsewhere.
    maps
        Gamma of all pixels; None unless asked for.
    dispersion
        float32 [rows, cols]; None without amplitudes.
    threshold
        Mean threshold of gamma over the candidates.
    interferograms
        Their number.
    small_baseline
        Whether they have different references.
    notes
        What was assumed or went another way, sentences for the user.
    seconds
        CPU seconds of each stage.
    """

    mask: np.ndarray
    selected: np.ndarray
    candidates: np.ndarray
    gamma: np.ndarray
    k: np.ndarray
    maps: Optional[GammaMaps]
    dispersion: Optional[np.ndarray]
    threshold: float
    interferograms: int
    small_baseline: bool
    notes: List[str] = field(default_factory=list)
    seconds: Dict[str, float] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Keep a sentence for the user, once."""
        if text not in self.notes:
            self.notes.append(text)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the CPU seconds of a stage."""
        began = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - began


def phase_noise(gamma: np.ndarray, interferograms: int, *, small_baseline: bool = False) -> np.ndarray:
    """Return the standard deviation of the phase of a single image, float32, radians, that ``gamma`` stands for.

    For normal noise of variance s^2 in each of n interferograms the expected gamma^2 is
    exp(-s^2) + (1 - exp(-s^2)) / n, which is solved for s. With one reference its noise is in the constant, so s is that of
    the other image; an interferogram of a small-baseline network has the noise of two images.
    """
    signal = (interferograms * np.square(gamma, dtype=np.float64) - 1.0) / (interferograms - 1.0)
    # The largest value that can be told from none: a uniform phase.
    variance = np.minimum(-np.log(np.clip(signal, 1e-12, 1.0)), np.pi**2 / 3.0)
    return np.sqrt(variance / (2.0 if small_baseline else 1.0)).astype(np.float32)


def store(target: np.ndarray, candidates: Candidates, index: np.ndarray, values: np.ndarray, patch: Patch) -> None:
    """Write values of candidates into a map where they lie in the patch's inner part."""
    rows, cols = candidates.rows.cpu().numpy()[index], candidates.cols.cpu().numpy()[index]
    inside = (rows >= patch.inner[0].start) & (rows < patch.inner[0].stop)
    inside &= (cols >= patch.inner[1].start) & (cols < patch.inner[1].stop)
    target[rows[inside], cols[inside]] = values[inside]
