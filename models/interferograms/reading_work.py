"""Interferograms and their coherence as pieces of work: read and reduced here or on a cluster, and kept for the same job again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

import numpy as np

from stillpoint.models.executors import Journal, KeptWork
from stillpoint.models.interferograms.reducing import reduce_mean, reduce_unwrapped, reduce_wrapped, reduced_shape
from stillpoint.models.jobs import Job
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.stack import Stack

STRIPE = 4 << 20
"""Pixels that are read at a time."""

Phase = Tuple[np.ndarray, Tuple[float, float], int]
"""What :func:`read_band` returns."""

def _stripes(shape: Tuple[int, int], factor: int) -> List[Tuple[slice, slice]]:
    """Return stripes of whole blocks as (rows of the stack, rows of the reduced raster)."""
    rows, cols = shape
    step = max(1, STRIPE // max(cols * factor, 1)) * factor
    return [
        (slice(top, min(top + step, rows)), slice(top // factor, -(-min(top + step, rows) // factor)))
        for top in range(0, rows, step)
    ]


def read_band(stack: Stack, number: int, factor: int, progress: Progress = SILENT) -> Phase:
    """Return the phase of one band on the reduced grid, as the stack has it; zeros are missing values.

    Returns
    -------
    phase
        float32 [rows, cols], radians.
    range
        Lowest and highest phase of all pixels; infinity and minus infinity where there is none.
    zeros
        Number of pixels that were taken for missing.
    """
    reduce = reduce_unwrapped if stack.quantity == "unwrapped" else reduce_wrapped
    phase = np.full(reduced_shape(stack.shape, factor), np.nan, np.float32)
    low, high, zeros = np.inf, -np.inf, 0
    for rows, place in _stripes(stack.shape, factor):
        progress.check()
        values = stack.read(rows, slice(None), [number])[0]
        if not stack.complex:
            nothing = values == 0
            zeros += int(nothing.sum())
            values[nothing] = np.nan
        shown = np.angle(values) if stack.complex else values
        shown = shown[np.isfinite(values)]
        if shown.size:
            low, high = min(low, float(shown.min())), max(high, float(shown.max()))
        phase[place] = reduce(values, factor)
    return phase, (low, high), zeros


def read_coherence_band(stack: Stack, number: int, factor: int, progress: Progress = SILENT) -> np.ndarray:
    """Return one band of coherence on the reduced grid as the stack has it, float32 [rows, cols]."""
    found = np.full(reduced_shape(stack.shape, factor), np.nan, np.float32)
    for rows, place in _stripes(stack.shape, factor):
        progress.check()
        values = stack.read(rows, slice(None), [number])[0]
        values[values == 0] = np.nan  # no estimate of coherence is exactly 0: it stands for missing
        found[place] = reduce_mean(values, factor)
    return found


@dataclass
class _BandWork(KeptWork[int]):
    """Reads and reduces bands of a stack; a piece is the number of one."""

    stack: Stack
    factor: int

    def files(self) -> Sequence[str]:
        """Return the files of the stack."""
        return self.stack.files()

    def mark(self, item: int) -> str:
        """Return the number of a band, and how far it was reduced."""
        return f"band-{item}-{self.factor}"


@dataclass
class PhaseWork(_BandWork):
    """Reads and reduces interferograms; see :func:`read_band`."""

    def compute(self, parcel: int, values: None, progress: Progress) -> Phase:
        """Return the phase of one interferogram on the reduced grid, its range, and how many zeros it had."""
        return read_band(self.stack, parcel, self.factor, progress)

    def packed(self, found: Phase) -> Dict[str, np.ndarray]:
        """Return phase, range and zeros as arrays."""
        phase, between, zeros = found
        return {"phase": phase, "range": np.array(between, np.float64), "zeros": np.array(zeros, np.int64)}

    def unpacked(self, arrays: Dict[str, np.ndarray]) -> Phase:
        """Return phase, range and zeros."""
        low, high = arrays["range"].tolist()
        return arrays["phase"], (low, high), int(arrays["zeros"])


@dataclass
class CoherenceWork(_BandWork):
    """Reads and reduces images of coherence; see :func:`read_coherence_band`."""

    def compute(self, parcel: int, values: None, progress: Progress) -> np.ndarray:
        """Return the coherence of one interferogram on the reduced grid."""
        return read_coherence_band(self.stack, parcel, self.factor, progress)

    def packed(self, found: np.ndarray) -> Dict[str, np.ndarray]:
        """Return the coherence by name."""
        return {"coherence": found}

    def unpacked(self, arrays: Dict[str, np.ndarray]) -> np.ndarray:
        """Return the coherence."""
        return arrays["coherence"]


class Keeping:
    """Where the interferograms of a long job are kept until it is done, so that the same job again need not read them.

    Parameters
    ----------
    job
        The job.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._journals: List[Journal] = []

    def of(self, work: KeptWork) -> Journal:
        """Return the journal of one of the job's works."""
        journal = Journal(self._job, work, type(work).__name__)
        self._journals.append(journal)
        return journal

    def clear(self) -> None:
        """Remove what was kept: the job is done."""
        for journal in self._journals:
            journal.clear()
