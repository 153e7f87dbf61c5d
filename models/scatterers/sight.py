"""A stack as the methods of selection see it: phasors and amplitudes of windows, against one reference date.

Complex images, single-reference interferograms (complex, wrapped or unwrapped) and networks of interferograms all become
:class:`~stillpoint.models.scatterers.observations.Observations`.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Deque, List, Optional, Sequence, Tuple

import numpy as np
from scipy import ndimage

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.epochs import epochs_of
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.scatterers.observations import Observations

SAMPLES, SAMPLE = 5, 96
"""Windows a side that the stack is sampled by before anything is computed, and their side in pixels."""

LEAST_DATES = 3

SPARSE = 0.25
"""A band with fewer valid pixels than this share of the median band's is left out."""

AROUND, MOST_DARK = 5, 8
"""A missing pixel of an image lies in a gap where it has more missing ones than the second number, itself among them, in a window
of so many pixels a side as the first: the corner of a gap has 9."""

STEPS = 6
"""Passes that make the phases of a network agree."""


class Sight:
    """Windows of a stack as observations.

    Parameters
    ----------
    stack
        The stack; it stays open as long as this object is used.
    amplitude
        Path of the stack of amplitudes; the companion that the stack names where None.

    Attributes
    ----------
    notes
        Sentences for the user: what was left out or assumed.

    Raises
    ------
    StillpointError
        There is no phase, too few dates, or the amplitudes lie on another grid.
    """

    def __init__(self, stack: Stack, amplitude: Optional[str] = None) -> None:
        if stack.quantity not in ("phase", "unwrapped", "complex"):
            raise StillpointError(
                f"{stack.path} holds {stack.quantity}, not phase. Scatterers are selected in complex images or interferograms."
            )
        self.stack = stack
        self.notes: List[str] = list(stack.notes)
        self.epochs = epochs_of(self._usable())
        if self.epochs.kind == "images" and not stack.complex:
            raise StillpointError(
                f"The bands of {stack.path} are phases of single dates, which mean nothing by themselves. Give complex images, or "
                "interferograms with REFERENCE_DATE and SECONDARY_DATE."
            )
        self._connect()
        count = len(self.epochs.dates)
        if count < LEAST_DATES:
            raise StillpointError(
                f"{stack.path} has {count} date{'s' if count != 1 else ''}, which is {max(count - 1, 0)} interferogram"
                f"{'s' if count != 2 else ''}: nobody can tell a scatterer's steadiness from that. Use at least "
                f"{LEAST_DATES} dates; from 10 on the selection is good."
            )
        if count < 8:
            self.notes.append(f"With {count} dates a steady phase is hard to tell from chance: expect false scatterers.")
        self._amplitudes = self._open_amplitudes(amplitude)
        self._from_modulus = self._amplitudes is None and self.epochs.kind == "single-reference" and stack.complex
        self.gains: Optional[np.ndarray] = None
        self._sample()

    @property
    def shape(self) -> Tuple[int, int]:
        """Rows and columns of the raster."""
        return self.stack.shape

    def files(self) -> List[str]:
        """Return the files that are read: those of the stack and of its amplitudes, and what virtual rasters refer to."""
        stacks = [self.stack] if self._amplitudes is None else [self.stack, self._amplitudes]
        return [path for stack in stacks for path in stack.files()]

    @property
    def has_amplitude(self) -> bool:
        """Whether there are amplitudes."""
        return self._amplitudes is not None or self._from_modulus or self.epochs.kind == "images"

    def _usable(self) -> Sequence[Band]:
        """Return the bands that have values, as a sample of the raster shows."""
        valid = np.zeros(len(self.stack.bands))
        windows = list(_windows(self.stack.shape))
        for rows, cols in windows:
            valid += np.isfinite(self.stack.read(rows, cols)).mean(axis=(1, 2))
        valid /= len(windows)
        if not (valid > 0).any():
            raise StillpointError(f"{self.stack.path} has no valid values: all of its bands are empty where it was looked at.")
        keep = valid >= SPARSE * np.median(valid[valid > 0])
        for band, kept in zip(self.stack.bands, keep):
            if not kept:
                self.notes.append(f"Band {band.number} ({band.label}) is empty or nearly so, and was left out.")
        self._bands = [band for band, kept in zip(self.stack.bands, keep) if kept]
        return self._bands

    def _connect(self) -> None:
        """Leave out the interferograms that no chain connects with the others."""
        if self.epochs.connected:
            return
        pairs = self.epochs.pairs
        assert pairs is not None  # nosec B101 - known by construction
        inside = self.epochs.component[pairs[:, 0]] == 0
        lost = int((self.epochs.component != 0).sum())
        self.notes.append(
            f"The interferograms fall apart into {int(self.epochs.component.max()) + 1} groups; the largest was used, {lost} of "
            f"{len(self.epochs.dates)} dates were left out."
        )
        self._bands = [band for band, kept in zip(self._bands, inside) if kept]
        self.epochs = epochs_of(self._bands)

    def _open_amplitudes(self, path: Optional[str]) -> Optional[Stack]:
        given = path is not None
        path = path or self.stack.companions.get("amplitude")
        if path is None or (self.epochs.kind == "images" and not given):
            return None
        amplitudes = open_stack(path)
        days = {band.date: band.number for band in amplitudes.bands if band.date is not None}
        missing = [str(day) for day in self.epochs.dates if day.astype(object) not in days]
        if amplitudes.shape != self.stack.shape:
            problem = f"has {_size(amplitudes)} pixels, the stack {_size(self.stack)}"
        elif not _same_place(amplitudes, self.stack):
            problem = "lies elsewhere: its coordinates are others"
        elif amplitudes.quantity not in ("amplitude", "complex"):
            problem = f"holds {amplitudes.quantity}"
        elif missing:
            problem = f"lacks {', '.join(missing[:3])}{' ...' if len(missing) > 3 else ''}"
        else:
            self._amplitude_bands = [days[day.astype(object)] for day in self.epochs.dates]
            return amplitudes
        if given:
            raise StillpointError(f"The amplitude stack {path} {problem}: it must show the dates of the stack on the same grid.")
        self.notes.append(f"The amplitudes in {Path(path).name} were not used: that stack {problem}.")
        return None

    def _sample(self) -> None:
        """Find the gain of every date, and whether the modulus of interferograms tells anything."""
        sums, counts = np.zeros(len(self.epochs.dates)), np.zeros(len(self.epochs.dates))
        spread: List[float] = []
        for rows, cols in _windows(self.shape):
            amplitude = self._read_amplitude(rows, cols, None)
            if amplitude is None:
                self.notes.append("The stack has no amplitudes: the phase alone decides.")
                return
            if np.isfinite(amplitude).any():
                spread.append(float(np.nanstd(amplitude) / max(float(np.nanmean(amplitude)), 1e-30)))
            sums += np.nansum(amplitude, axis=(1, 2))
            counts += (np.nan_to_num(amplitude) > 0).sum(axis=(1, 2))
        if self._from_modulus and max(spread, default=0.0) < 1e-3:
            self._from_modulus = False
            self.notes.append("The interferograms have a modulus of one, and there are no amplitudes: the phase alone decides.")
            return
        self.gains = np.maximum(sums / np.maximum(counts, 1), 1e-30)

    def _read_amplitude(self, rows: slice, cols: slice, values: Optional[np.ndarray]) -> Optional[np.ndarray]:
        """Return amplitudes float32 [dates, rows, cols]; ``values`` are the bands of the window where they were read already."""
        if self._amplitudes is not None:
            return np.abs(self._amplitudes.read(rows, cols, self._amplitude_bands)).astype(np.float32)
        if not (self.epochs.kind == "images" or self._from_modulus):
            return None
        if values is None:
            values = self._read(rows, cols)
        if self.epochs.images is not None:
            return np.abs(values)
        assert self.epochs.pairs is not None  # nosec B101 - known by construction
        # |interferogram| is the reference's amplitude times that of the date: a factor a pixel, which no dispersion feels.
        product = np.abs(values)
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.sqrt(np.nanmean(product, axis=0)) if product.size else product[0]
            amplitude = product / np.where(scale > 0, scale, np.nan)
        made = np.empty((len(self.epochs.dates), *product.shape[1:]), np.float32)
        made[self.epochs.pairs[:, 1]] = amplitude
        made[self.epochs.reference] = amplitude.mean(axis=0)
        return made

    def _read(self, rows: slice, cols: slice) -> np.ndarray:
        """Return the bands of a window; images in the order of their dates."""
        bands = self._bands if self.epochs.images is None else [self._bands[index] for index in self.epochs.images]
        return self.stack.read(rows, cols, [band.number for band in bands])

    def observations(self, rows: slice, cols: slice) -> Observations:
        """Return a window as observations; safe to call from several threads."""
        values = self._read(rows, cols)
        epochs = self.epochs
        amplitude = self._read_amplitude(rows, cols, values)
        dark = _dark(values) if self.stack.complex else None
        phasor = _unit(values) if self.stack.complex else _phasors(values)
        del values
        if epochs.images is not None:
            against = np.conj(phasor[epochs.reference])
            for image in phasor:
                image *= against
        else:
            assert epochs.pairs is not None  # nosec B101 - known by construction
            phasor = agree(phasor, epochs.pairs, len(epochs.dates), epochs.reference)
        return Observations(
            phasor=phasor,
            dates=epochs.dates,
            reference=epochs.reference,
            spacing=self.stack.spacing_m,
            amplitude=amplitude,
            baselines=epochs.baselines,
            wavelength=self.stack.wavelength,
            incidence=self.stack.incidence_angle,
            origin=(rows.indices(self.shape[0])[0], cols.indices(self.shape[1])[0]),
            gains=self.gains,
            interferograms=epochs.pairs if epochs.kind == "network" else None,
            dark=dark,
        )


def agree(pairs: np.ndarray, index: np.ndarray, dates: int, reference: int) -> np.ndarray:
    """Return the phasors of dates that agree best with those of interferograms.

    For a single reference that is the interferograms themselves. For a network, a chain of interferograms gives a start;
    then every date takes the mean of what its interferograms say, some times over (the first eigenvector of the pixel's matrix
    of phases, by power iteration).

    Parameters
    ----------
    pairs
        complex64 [interferograms, rows, cols], unit phasors, NaN where missing.
    index
        int [interferograms, 2], indices of reference and secondary date.
    dates
        Number of dates.
    reference
        Index of the reference date.

    Returns
    -------
    complex64 [dates, rows, cols], 1 at the reference; NaN where an interferogram of the chain is missing.
    """
    shape = (dates, *pairs.shape[1:])
    phasor = np.empty(shape, np.complex64)
    known = {reference}
    valid = np.isfinite(pairs).all(axis=0)
    phasor[reference] = np.where(valid, np.complex64(1), np.complex64(complex(np.nan, np.nan)))
    queue: Deque[int] = deque([reference])
    while queue:
        here = queue.popleft()
        for band, (first, second) in enumerate(index.tolist()):
            other = second if first == here else first if second == here else None
            if other is None or other in known:
                continue
            phasor[other] = phasor[here] * (pairs[band] if first == here else np.conj(pairs[band]))
            known.add(other)
            queue.append(other)
    if len(index) == dates - 1:
        return phasor
    for _ in range(STEPS):
        mean = phasor.copy()
        for band, (first, second) in enumerate(index.tolist()):
            mean[second] += phasor[first] * pairs[band]
            mean[first] += phasor[second] * np.conj(pairs[band])
        phasor = _unit(mean)
        phasor *= np.conj(phasor[reference])
    return phasor


def _phasors(phase: np.ndarray) -> np.ndarray:
    made = np.empty(phase.shape, np.complex64)
    np.cos(phase, out=made.real)
    np.sin(phase, out=made.imag)
    return made


def _unit(values: np.ndarray) -> np.ndarray:
    """Bring complex64 ``values`` [bands, rows, cols] to modulus one in place, NaN where they are zero or missing."""
    for image in values:
        modulus = np.abs(image)
        modulus[modulus == 0] = np.nan
        with np.errstate(invalid="ignore"):
            image /= modulus
    return values


def _dark(values: np.ndarray) -> Optional[np.ndarray]:
    """Return where complex ``values`` [bands, rows, cols] are missing though most pixels around them are not; None for nowhere.

    Borders and gaps are missing together, pixels that are too dark for the numbers of the file are missing one by one.
    """
    absent = np.isnan(values.real)
    some = np.flatnonzero(absent.any(axis=(1, 2)))
    if not some.size:
        return None
    gone = np.zeros(absent.shape[1:], bool)
    for band in some:
        share = ndimage.uniform_filter(absent[band].astype(np.float32), AROUND, mode="nearest")
        gone |= absent[band] & (share * AROUND**2 > MOST_DARK + 0.5)
    return absent.any(axis=0) & ~gone


def _windows(shape: Tuple[int, int]) -> List[Tuple[slice, slice]]:
    """Return windows spread over a raster of ``shape``."""

    def starts(length: int) -> List[slice]:
        if length <= SAMPLES * SAMPLE:
            return [slice(0, length)]
        return [slice(int(at), int(at) + SAMPLE) for at in np.linspace(0, length - SAMPLE, SAMPLES)]

    return [(rows, cols) for rows in starts(shape[0]) for cols in starts(shape[1])]


def _same_place(first: Stack, second: Stack) -> bool:
    """Whether two stacks of one size lie at the same place within a tenth of a pixel; one without coordinates lies anywhere."""
    if not first.projection or not second.projection:
        return True
    ours, theirs = np.array(first.geotransform), np.array(second.geotransform)
    pixel = np.hypot(theirs[[1, 2]], theirs[[4, 5]]).max()
    reach = np.array([1.0, first.shape[1], first.shape[0]] * 2)  # how far a difference has grown at the other end
    return bool((np.abs(ours - theirs) * reach < 0.1 * pixel).all())


def _size(stack: Stack) -> str:
    return f"{stack.shape[1]} x {stack.shape[0]}"
