"""Interferograms of the user's with an analyst's labels: tables and stacks read, pictures made, parts kept apart by date."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import patches, render
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.reading_work import read_band
from stillpoint.models.interferograms.reducing import factor_for
from stillpoint.models.jobs import DescribeTraining
from stillpoint.models.learning.splits import Part, Plan
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.stack import open_stack

FEWEST = 3
"""Interferograms of high and of low quality that each part needs."""

TUNING_SHARE = 0.3

FROM_NOTHING = (
    "Labels of a stack cannot teach the default network from nothing how evidence is read: start from a model, or train the "
    "network on simulated stacks (without data)."
)

Days = Tuple[str, str]


@dataclass(frozen=True)
class Labelled:
    """Interferograms with an analyst's labels.

    Attributes
    ----------
    pictures
        All with a label.
    days
        Earlier and later date of each, YYYY-MM-DD.
    notes
        What users should know of stacks and tables.
    stack
        Number of the stack of each.
    """

    pictures: Pictures
    days: List[Days]
    notes: List[str]
    stack: Tuple[int, ...] = ()


def read_table(path: Path) -> Dict[Days, float]:
    """Return 1 (keep) or 0 (drop) by the dates of a pair, from a table as ``select-interferograms`` and the triage board write it.

    Rows without a ``keep`` are no labels, nor are those that the board's column ``decided`` marks with 0: nobody looked at them,
    and a network would be taught what a method guessed. The truth of a simulated stack has ``bad`` in the place of ``keep``.

    Raises
    ------
    StillpointError
        The file cannot be read, lacks one of the columns ``reference_date``, ``secondary_date`` and ``keep``, or a row makes no
        sense.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            raw = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StillpointError(f"The labels {path} cannot be read as a CSV table: {error}.") from None
    rows = [{str(key).strip().lower(): str(value or "").strip() for key, value in row.items()} for row in raw]
    for row in rows:
        if "keep" not in row and "bad" in row:  # the truth of a simulated stack
            row["keep"] = {"0": "1", "1": "0"}.get(row["bad"], row["bad"])
    missing = [name for name in ("reference_date", "secondary_date", "keep") if not rows or name not in rows[0]]
    if missing:
        raise StillpointError(
            f"The labels {path} lack the column {' and '.join(missing)}, or have no rows. A table needs reference_date, "
            "secondary_date and keep (1 or 0)."
        )
    found: Dict[Days, float] = {}
    for number, row in enumerate(rows, start=2):
        if not row["keep"] or row.get("decided") == "0":
            continue
        days = [*days_in(row["reference_date"])[:1], *days_in(row["secondary_date"])[:1]]
        if len(set(days)) != 2 or row["keep"] not in ("0", "1"):
            raise StillpointError(
                f"Row {number} of {path} is no label: it needs two different dates (YYYY-MM-DD) and keep as 1 or 0."
            )
        found[ordered(days[0].isoformat(), days[1].isoformat())] = float(row["keep"])
    return found


def ordered(one: str, two: str) -> Days:
    """Return two dates (YYYY-MM-DD), the earlier first."""
    return (one, two) if one <= two else (two, one)


def labelled_pictures(data: Sequence[str], labels: str, *, side: int, progress: Progress) -> Labelled:
    """Return the labelled interferograms of stacks as pictures.

    Parameters
    ----------
    data
        Stacks of unwrapped or wrapped interferograms.
    labels
        A table; for several stacks a folder with a table named like each stack, or one table for all.
    side
        Of the pictures.
    progress
        Told after each interferogram.

    Raises
    ------
    StillpointError
        A stack or a table cannot be used, or they have no pair in common.
    """
    rows, days, notes = [], [], []
    for group, text in enumerate(data):
        table = Path(labels) / f"{Path(text).stem}.csv" if Path(labels).is_dir() else Path(labels)
        known = read_table(table)
        with open_stack(text) as stack:
            if stack.quantity not in ("unwrapped", "phase", "complex"):
                raise StillpointError(f"{text} holds {stack.quantity}; the network learns from stacks of interferometric phase.")
            factor, used = factor_for(stack.shape, len(stack.bands)), 0
            for number, band in enumerate(stack.bands):
                progress((group + number / len(stack.bands)) / len(data), f"Interferogram {number + 1} of {Path(text).name}")
                pair = band.pair
                key = ordered(pair[0].isoformat(), pair[1].isoformat()) if pair else None
                if key is None or key not in known:
                    continue
                # Read as a selection reads it, so that the network learns from the pictures that it will be shown.
                phase, (low, high), _ = read_band(stack, band.number, factor)
                if pair and pair[0] > pair[1]:
                    phase = -phase
                used += 1
                if low >= high or not np.isfinite(phase).any():
                    notes.append(f"Band {band.number} of {Path(text).name} ({band.label}) is empty or constant: left out.")
                    continue
                unwrapped = stack.quantity == "unwrapped"
                rows.append((render.picture(phase, unwrapped=unwrapped, side=side), known[key], unwrapped, "", group))
                days.append(key)
        if used < len(known):
            notes.append(f"{len(known) - used} labels of {table.name} belong to no interferogram of {Path(text).name}.")
    if not rows:
        raise StillpointError(
            f"None of the labels in {labels} belongs to an interferogram of {', '.join(data)}: no pair of dates is in both."
        )
    return Labelled(patches.gathered(rows, side), days, notes, tuple(row[4] for row in rows))


def plan(job: DescribeTraining, progress: Progress) -> Plan:
    """Return what a training would learn from: interferograms of some dates, which have no place of their own on the map.

    Raises
    ------
    StillpointError
        Stacks or labels cannot be used.
    """
    if not job.labels:
        raise StillpointError("Name the labels of the stack: a table with reference_date, secondary_date and keep (1 or 0).")
    if job.start == "scratch" and job.network == "default":
        raise StillpointError(FROM_NOTHING)
    days: List[Days] = []
    good: List[float] = []
    notes: List[str] = []
    for number, text in enumerate(job.data or ()):
        progress(number / len(job.data or ()), f"Reading {Path(text).name}")
        table = Path(job.labels) / f"{Path(text).stem}.csv" if Path(job.labels).is_dir() else Path(job.labels)
        known = read_table(table)
        with open_stack(text) as stack:
            if stack.quantity not in ("unwrapped", "phase", "complex"):
                raise StillpointError(f"{text} holds {stack.quantity}; the network learns from stacks of interferometric phase.")
            pairs = [ordered(band.pair[0].isoformat(), band.pair[1].isoformat()) for band in stack.bands if band.pair]
        taken = [pair for pair in pairs if pair in known]
        days += taken
        good += [known[pair] for pair in taken]
        if len(taken) < len(known):
            notes.append(f"{len(known) - len(taken)} labels of {table.name} belong to no interferogram of {Path(text).name}.")
    if not days:
        raise StillpointError(
            f"None of the labels in {job.labels} belongs to an interferogram of {', '.join(job.data or ())}: no pair of dates is "
            "in both."
        )
    kept = np.array(good) >= 0.5
    learning, tuning, testing, note = dealt(kept, days, seed=job.seed)
    parts = []
    for part, here in (("train", learning), ("validation", tuning), ("test", testing)):
        dates = [day for days_of, used in zip(days, here) if used for day in days_of]
        counts = {"keep": int(kept[here].sum()), "drop": int((~kept[here]).sum())}
        parts.append(Part(part, f"interferograms of {min(dates)} to {max(dates)}", int(here.sum()), counts))
    return Plan(parts, notes=[*notes, *([note] if note else [])])


def dealt(good: np.ndarray, days: List[Days], *, seed: int) -> Tuple[np.ndarray, np.ndarray, np.ndarray, Optional[str]]:
    """Return which interferograms are learnt from, which tune and which test, bool [n] each, and a note where they share dates.

    By date where labels suffice: what lies wholly before a day is learnt from, what lies after a later one tests, what lies between
    tunes, and what lies across is left out. Else learning and the rest are parted by date, or pair by pair (:func:`parted`), and
    what tunes is shared with what tests.

    Raises
    ------
    StillpointError
        There are too few labels of a kind for two parts.
    """
    first, last = (np.array(column) for column in zip(*days))
    starts = sorted(set(first))
    starts = [starts[place] for place in np.unique(np.linspace(0, len(starts) - 1, min(len(starts), 40)).round().astype(int))]
    best: Optional[Tuple[float, np.ndarray, np.ndarray, np.ndarray]] = None
    for number, one in enumerate(starts):
        for other in starts[number + 1 :]:
            parts = (last < one, (first >= one) & (last < other), first >= other)
            if all(min(int(good[part].sum()), int((~good[part]).sum())) >= FEWEST for part in parts):
                used = sum(int(part.sum()) for part in parts)
                off = abs(float(parts[0].sum()) / used - 0.6) + abs(float(parts[2].sum()) / used - 0.2) + 1 - used / len(good)
                if best is None or off < best[0]:
                    best = (off, *parts)
    if best is not None:
        return best[1], best[2], best[3], None
    learning, held, note = parted(good, days, seed=seed)
    if min(int(good[held].sum()), int((~good[held]).sum())) < 2 * FEWEST:
        few = (
            "Too few labels for a test part of its own: the interferograms that test also chose the epoch, so the figures are "
            "somewhat too good."
        )
        return learning, held, held, f"{note} {few}" if note else few
    testing = np.zeros(len(good), bool)
    rng = np.random.default_rng([seed, 65])
    for kind in (good, ~good):
        numbers = rng.permutation(np.flatnonzero(held & kind))
        testing[numbers[: len(numbers) // 2]] = True
    shared = note or "The interferograms that tune and those that test share dates (too few labels to part them by date)."
    return learning, held & ~testing, testing, shared


def split(labelled: Labelled, *, seed: int) -> Tuple[np.ndarray, np.ndarray, Optional[str]]:
    """Return which pictures are learnt from and which tune; see :func:`parted`."""
    return parted(labelled.pictures.good >= 0.5, labelled.days, seed=seed)


def parted(good: np.ndarray, days: List[Days], *, seed: int) -> Tuple[np.ndarray, np.ndarray, Optional[str]]:
    """Return which interferograms are learnt from and which tune, bool [n] each, and a note where dates could not be kept apart.

    Interferograms that lie wholly after a day tune, those wholly before it are learnt from, and those across it are left out:
    so the parts share no date, whose atmosphere would give them away. Where one part would have too few of a kind, pairs are
    drawn instead.

    Parameters
    ----------
    good
        bool [n], the labels.
    days
        Earlier and later date of each.
    seed
        Of the drawing.

    Raises
    ------
    StillpointError
        There are too few labels of a kind for two parts.
    """
    first, last = (np.array(column) for column in zip(*days))
    best: Optional[Tuple[float, np.ndarray, np.ndarray]] = None
    for day in sorted(set(first)):
        learning, tuning = last < day, first >= day
        if all(min(int(good[part].sum()), int((~good[part]).sum())) >= FEWEST for part in (learning, tuning)):
            off = abs(float(tuning.sum() / (learning.sum() + tuning.sum())) - TUNING_SHARE) + float(1 - (learning | tuning).mean())
            if best is None or off < best[0]:
                best = (off, learning, tuning)
    if best is not None:
        return best[1], best[2], None
    if min(int(good.sum()), int((~good).sum())) < 2 * FEWEST:
        raise StillpointError(
            f"There are {int(good.sum())} interferograms to keep and {int((~good).sum())} to drop; at least {2 * FEWEST} "
            "of each are needed to learn from some and tune by the others. Label more, or add stacks."
        )
    rng = np.random.default_rng([seed, 63])
    tuning = np.zeros(len(good), bool)
    for kind in (good, ~good):
        numbers = rng.permutation(np.flatnonzero(kind))
        tuning[numbers[: max(FEWEST, round(TUNING_SHARE * len(numbers)))]] = True
    note = "Learning and tuning interferograms share dates (too few labels to part them by date): the figures are too good."
    return ~tuning, tuning, note
