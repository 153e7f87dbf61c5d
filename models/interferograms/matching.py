"""Finds the coherence of every interferogram in another stack."""

from __future__ import annotations

import datetime as dt
from typing import Dict, FrozenSet, List, Optional, Tuple

import numpy as np

from stillpoint.models.rasters.grids import same_crs
from stillpoint.models.rasters.stack import Stack


def same_place(first: Stack, second: Stack) -> bool:
    """Whether two stacks of one size lie at the same place within a tenth of a pixel; one without coordinates lies anywhere."""
    if not first.projection or not second.projection:
        return True
    if not same_crs(first.projection, second.projection):
        return False
    ours, theirs = np.array(first.geotransform), np.array(second.geotransform)
    pixel = np.hypot(theirs[[1, 2]], theirs[[4, 5]]).max()
    reach = np.array([1.0, first.shape[1], first.shape[0]] * 2)  # how far a difference has grown at the other end
    return bool((np.abs(ours - theirs) * reach < 0.1 * pixel).all())


def size_of(stack: Stack) -> str:
    """Return columns and rows, for messages."""
    return f"{stack.shape[1]} x {stack.shape[0]}"


def coherence_bands(stack: Stack, coherence: Stack) -> Tuple[List[Optional[int]], str]:
    """Return the number of the band of coherence for every interferogram (None where there is none), and a sentence or nothing.

    Bands belong together by their two dates, in whichever order. A coherence without any dates belongs by its order, where it has
    as many bands.
    """
    by_days: Dict[FrozenSet[dt.date], int] = {
        frozenset(band.pair): band.number for band in reversed(coherence.bands) if band.pair is not None
    }
    if not by_days:
        if len(coherence.bands) != len(stack.bands) or any(band.days for band in coherence.bands):
            return [None] * len(stack.bands), (
                f"its {len(coherence.bands)} bands have no pairs of dates, so nobody can tell which of {len(stack.bands)} "
                "interferograms they belong to. Set REFERENCE_DATE and SECONDARY_DATE of its bands."
            )
        return [band.number for band in coherence.bands], (
            f"The bands of {coherence.path} have no dates: they are taken in the order of the interferograms."
        )
    numbers = [by_days.get(frozenset(band.pair or ())) for band in stack.bands]
    missing = [band.label for band, number in zip(stack.bands, numbers) if number is None]
    if len(missing) == len(stack.bands):
        return numbers, "it has none of the pairs of dates of the interferograms."
    if missing:
        shown = ", ".join(missing[:3]) + (" ..." if len(missing) > 3 else "")
        return numbers, f"{coherence.path} lacks {len(missing)} of {len(stack.bands)} pairs ({shown}): their coherence is unknown."
    return numbers, ""
