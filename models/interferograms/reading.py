"""A small-baseline stack on disk as a :class:`~stillpoint.models.interferograms.observations.Network`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import Executor, KeptWork, Needs, foresee, run_kept
from stillpoint.models.executors.doors import Here
from stillpoint.models.interferograms.matching import coherence_bands, same_place, size_of
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.reading_work import STRIPE, CoherenceWork, Keeping, PhaseWork
from stillpoint.models.interferograms.reducing import factor_for, reduced_shape
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.quantities import coherence_scale
from stillpoint.models.rasters.stack import Stack, open_stack

AT_WORK = 6
"""Copies of the reduced phase and coherence that are held while interferograms are judged."""

BYTES_A_PIXEL = 32
"""Memory that each of them takes until it is reduced."""

_ZEROS = 0.001
_SEEN = 0.9  # the tenth of the pixels with the most interferograms is ground enough


@dataclass(frozen=True)
class Reading:
    """What was read of a stack.

    Attributes
    ----------
    bands
        The interferograms as the stack has them.
    network
        All of them, on the reduced grid; those in ``empty`` hold NaN alone.
    empty
        Why an interferogram says nothing (``"no data"``, ``"constant"``), else an empty text; [pairs].
    factor
        Side in pixels of the blocks of the stack that became one.
    swapped
        bool [pairs]: the stack has the later day as the reference, so the phase was turned round.
    levels
        float32 [pairs], radians: what was taken from the unwrapped phase, so that all are 0 over the same ground; 0 for wrapped.
    coherence
        The stack that the coherence comes from; None where there is none.
    notes
        Sentences for the user.
    """

    bands: Tuple[Band, ...]
    network: Network
    empty: Tuple[str, ...]
    factor: int
    swapped: np.ndarray
    levels: np.ndarray
    coherence: Optional[Stack]
    notes: Tuple[str, ...]

    def usable(self) -> Tuple[Network, np.ndarray]:
        """Return the network of what is not empty, with its own dates, and int: where its pairs stand among all."""
        places = np.array([index for index, why in enumerate(self.empty) if not why], np.int64)
        if len(places) == self.network.count:
            return self.network, places
        return subset(self.network, places), places


def subset(network: Network, places: np.ndarray) -> Network:
    """Return the network of some pairs; dates that they don't touch are left out."""
    dates, pairs = np.unique(network.pairs[places], return_inverse=True)
    return replace(
        network,
        phase=network.phase[places],
        dates=network.dates[dates],
        pairs=pairs.reshape(-1, 2),
        coherence=None if network.coherence is None else network.coherence[places],
        baselines=None if network.baselines is None else network.baselines[places],
    )


def read_network(
    stack: Stack, coherence: Optional[str] = None, *, executor: Optional[Executor] = None, progress: Progress = SILENT,
    forecast: bool = False, keeping: Optional[Keeping] = None,
) -> Reading:
    """Read the interferograms of a stack, and their coherence where there is one.

    Parameters
    ----------
    stack
        Unwrapped or wrapped phase, or complex values, a pair of dates a band.
    coherence
        Path of the stack of coherence; None takes the companion that the stack names.
    executor
        Where the interferograms are read and reduced; this machine where None.
    progress
        Progress.
    forecast
        Whether only a forecast is wanted; see :func:`stillpoint.models.executors.foresee`.
    keeping
        Keeps what was read for the same job again; None keeps nothing.

    Raises
    ------
    StillpointError
        The bands are no interferograms, two have the same dates, the coherence lies on another grid, or nothing holds data.
    """
    dates, pairs, swapped = checked_pairs(stack)
    notes: List[str] = list(stack.notes)
    factor = factor_for(stack.shape, len(stack.bands))
    executor = executor or Here()
    opened, numbers = _open_coherence(stack, coherence, notes)
    half = progress.part(0.0, 0.6 if opened else 0.98)
    _foresee(stack, numbers, factor, executor, forecast, progress.part(0.0, 0.02))
    phase, empty, zeros = _read_phase(stack, factor, executor, half, keeping)
    if all(empty):
        raise StillpointError(
            f"All {len(empty)} interferograms of {stack.path} are empty or constant: there is nothing to judge. Look at the "
            "stack, and at the files that it refers to."
        )
    if zeros > _ZEROS:
        notes.append(f"Zeros ({zeros:.1%} of the pixels) are taken for missing values: no interferogram is exactly 0.")
    phase[swapped] *= -1
    if factor > 1:
        rows, cols = reduced_shape(stack.shape, factor)
        notes.append(f"Judged at {cols} x {rows} pixels, each for {factor} x {factor} of the stack.")
    found = None
    if opened is not None:
        found, note = _read_coherence(
            opened, numbers, factor, phase.shape[1:], executor, progress.part(0.6, 0.98), keeping
        )  # fmt: skip
        notes += [note] if note else []
    unwrapped = stack.quantity == "unwrapped"
    levels = _levels(phase, found) if unwrapped else np.zeros(len(phase), np.float32)
    phase -= levels[:, None, None]
    network = Network(
        phase, dates, pairs, unwrapped, found, _baselines(stack.bands, swapped),
        (stack.spacing_m[0] * factor, stack.spacing_m[1] * factor), stack.wavelength,
    )  # fmt: skip
    return Reading(stack.bands, network, tuple(empty), factor, swapped, levels, opened, tuple(notes))


def checked_pairs(stack: Stack) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return dates [dates], pairs [pairs, 2] with the earlier date first, and which of them the stack has the other way round.

    Raises
    ------
    StillpointError
        The bands are no interferograms, lack dates, or two have the same.
    """
    if stack.quantity not in ("unwrapped", "phase", "complex"):
        raise StillpointError(
            f"{stack.path} holds {stack.quantity}, not interferograms. Give the stack of their unwrapped or wrapped phase"
            + (", and this one as the coherence." if stack.quantity == "coherence" else ".")
        )
    single = [band for band in stack.bands if band.date is not None]
    if single:
        raise StillpointError(
            f"The bands of {stack.path} are images of one date each (band {single[0].number}: {single[0].date}), and "
            "interferograms have two. Give a stack of interferograms."
        )
    nameless = [band for band in stack.bands if band.pair is None]
    if nameless:
        first = nameless[0]
        name = f": {first.description}" if first.description else ""
        raise StillpointError(
            f"{len(nameless)} of {len(stack.bands)} bands of {stack.path} have no dates (band {first.number}{name}), so nobody can "
            "tell what they connect. Name the files by their two dates (20190101_20190113) and make the stack with open-stack, or "
            "set REFERENCE_DATE and SECONDARY_DATE of the bands."
        )
    days = np.array([band.pair for band in stack.bands], "datetime64[D]").reshape(-1, 2)
    same = np.nonzero(days[:, 0] == days[:, 1])[0]
    if same.size:
        raise StillpointError(
            f"Band {stack.bands[same[0]].number} of {stack.path} has the same date twice ({days[same[0], 0]}). Correct its dates."
        )
    swapped = days[:, 0] > days[:, 1]
    ordered = np.sort(days, axis=1)
    _, first, counts = np.unique(ordered, axis=0, return_index=True, return_counts=True)
    if (counts > 1).any():
        days_twice = ordered[first[counts > 1][0]]
        numbers = [band.number for band, pair in zip(stack.bands, ordered) if (pair == days_twice).all()]
        raise StillpointError(
            f"Bands {numbers[0]} and {numbers[1]} of {stack.path} have the same dates ({days_twice[0]} and {days_twice[1]}). Leave "
            "one out."
        )
    dates, indices = np.unique(ordered, return_inverse=True)
    return dates, indices.reshape(-1, 2), swapped


def _open_coherence(stack: Stack, path: Optional[str], notes: List[str]) -> Tuple[Optional[Stack], Sequence[Optional[int]]]:
    """Return the stack of coherence and the number of its band for every interferogram (None where it has none)."""
    given = path is not None
    place = path or stack.companions.get("coherence")
    if place is None:
        return None, ()
    opened = open_stack(place)
    problem, remedy = "", "Bring both onto one grid."
    # Bytes of 0 to 255 that don't say what they are look like amplitude: whoever gives them as the coherence knows better.
    if opened.quantity != "coherence" and not (given and opened.quantity == "amplitude" and not opened.quantity_known):
        problem, remedy = f"it holds {opened.quantity}, not coherence", "Give the coherence of the same interferograms."
    elif opened.shape != stack.shape:
        problem = f"it has {size_of(opened)} pixels, the stack {size_of(stack)}"
    elif not same_place(opened, stack):
        problem = "its coordinates are others: it lies on another grid"
    if problem and given:
        raise StillpointError(f"The coherence {place} does not fit {stack.path}: {problem}. {remedy}")
    if problem:
        notes.append(f"The coherence {place} that the stack names is not used: {problem}.")
        return None, ()
    numbers, words = coherence_bands(stack, opened)
    if all(number is None for number in numbers):
        if given:
            raise StillpointError(f"The coherence {place} does not fit {stack.path}: {words}")
        notes.append(f"The coherence {place} that the stack names is not used: {words}")
        return None, ()
    notes += [words] if words else []
    return opened, numbers


def _bands(
    work: KeptWork, numbers: Sequence[Any], executor: Executor, progress: Progress, keeping: Optional[Keeping]
) -> Iterator[Tuple[int, Any]]:
    """Yield bands as the executor reads them, those of an earlier run from where they were kept."""
    if keeping is None:
        return executor.run(work, numbers, device="cpu", threads=_readers(executor), progress=progress)
    return run_kept(executor, work, numbers, keeping.of(work), device="cpu", threads=_readers(executor), progress=progress)


def _read_phase(
    stack: Stack, factor: int, executor: Executor, progress: Progress, keeping: Optional[Keeping]
) -> Tuple[np.ndarray, List[str], float]:
    """Return the phase [pairs, rows, cols], why interferograms are empty, and the share of zeros that were taken for missing."""
    count = len(stack.bands)
    phase = np.full((count, *reduced_shape(stack.shape, factor)), np.nan, np.float32)
    empty = [""] * count
    zeros = 0
    places = {band.number: index for index, band in enumerate(stack.bands)}
    reading = _bands(PhaseWork(stack, factor), list(places), executor, progress, keeping)
    for done, (number, (values, (low, high), nothing)) in enumerate(reading):
        progress(done / count, f"Reading interferogram {done + 1} of {count}")
        index = places[number]
        phase[index] = values
        zeros += nothing
        if low > high:
            empty[index] = "no data"
        elif low == high:
            empty[index] = "constant"
        elif not np.isfinite(phase[index]).any():
            empty[index] = "next to no data"
        if empty[index]:
            phase[index] = np.nan
    return phase, empty, zeros / max(count * stack.shape[0] * stack.shape[1], 1)


def _foresee(
    stack: Stack, numbers: Sequence[Optional[int]], factor: int, executor: Executor, only: bool, progress: Progress
) -> None:
    """Tell what reading needs, which is nearly all; the outputs are as small as what is judged, but for the stack of the kept."""
    rows, cols = reduced_shape(stack.shape, factor)
    bands = len(stack.bands) + sum(1 for number in numbers if number is not None)
    threads = _readers(executor)
    memory = 4.0 * rows * cols * bands * AT_WORK + threads * min(STRIPE, stack.shape[0] * stack.shape[1]) * BYTES_A_PIXEL
    foresee(
        Needs(PhaseWork(stack, factor), [band.number for band in stack.bands], lambda _: 1.0, memory, [], bands, float(bands)),
        executor, device="cpu", threads=threads, only=only, progress=progress,
    )  # fmt: skip


def _readers(executor: Executor) -> int:
    """Return how many interferograms are read at a time."""
    return max(1, min(executor.at_a_time("cpu"), int(executor.memory("cpu") / (STRIPE * BYTES_A_PIXEL))))


def _read_coherence(
    stack: Stack, numbers: Sequence[Optional[int]], factor: int, shape: Tuple[int, ...], executor: Executor, progress: Progress,
    keeping: Optional[Keeping],
) -> Tuple[np.ndarray, str]:
    """Return the coherence [pairs, rows, cols] in 0..1, NaN for pairs without a band, and a sentence where it was scaled."""
    found = np.full((len(numbers), *shape), np.nan, np.float32)
    wanted = list(dict.fromkeys(number for number in numbers if number is not None))
    reading = _bands(CoherenceWork(stack, factor), wanted, executor, progress, keeping)
    for done, (number, values) in enumerate(reading):
        progress(done / len(wanted), f"Reading coherence {done + 1} of {len(wanted)}")
        found[[index for index, other in enumerate(numbers) if other == number]] = values
    seen = found[:, :: max(1, shape[0] // 64), :: max(1, shape[1] // 64)]
    seen = seen[np.isfinite(seen)]
    if seen.size and np.median(seen) > 1.0:  # a few pixels beyond 1 are rounding, or wrong
        scale, note = coherence_scale(np.array([np.nanmax(found)]))
        found *= np.float32(scale)
    else:
        note = ""
    return np.clip(found, 0.0, 1.0, out=found), note


def _levels(phase: np.ndarray, coherence: Optional[np.ndarray]) -> np.ndarray:
    """Return the level of every interferogram: its median over ground that nearly all of them see, the same for all.

    A median over other pixels in each would put a false level between them. Of that ground the more coherent half counts.
    """
    count = np.zeros(phase.shape[1:], np.int32)
    for image in phase:
        count += np.isfinite(image)
    area = count >= max(float(np.quantile(count[count > 0], _SEEN)) if count.any() else 1.0, 1.0)
    if coherence is not None and area.any():
        total = np.nan_to_num(coherence).sum(axis=0)
        area &= total >= np.median(total[area])
    levels = np.zeros(len(phase), np.float32)
    for index, image in enumerate(phase):
        inside = image[area]
        inside = inside[np.isfinite(inside)]
        if not inside.size:
            inside = image[np.isfinite(image)]
        levels[index] = np.median(inside) if inside.size else 0.0
    return levels


def _baselines(bands: Sequence[Band], swapped: np.ndarray) -> Optional[np.ndarray]:
    """Return the baselines of the later against the earlier date; None where none is known."""
    values = np.array([np.nan if band.perpendicular_baseline is None else band.perpendicular_baseline for band in bands])
    return None if np.isnan(values).all() else np.where(swapped, -values, values)
