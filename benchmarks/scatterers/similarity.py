"""Phase similarity between neighbouring pixels, written from Wang & Chen (2022), IEEE TGRS 60, doi:10.1109/TGRS.2022.3210868.

The similarity of two pixels is the mean over the interferograms of the cosine of the difference of their phases. The phase of
a PS resembles that of other PS nearby, as atmosphere and ground motion are smooth.
"""

from __future__ import annotations

from typing import Iterator, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

Window = Tuple[slice, slice]


def offsets(radius: int) -> Iterator[Tuple[int, int]]:
    """Yield one of each pair of opposite offsets within ``radius`` pixels."""
    for down in range(radius + 1):
        for right in range(-radius, radius + 1):
            if (down, right) > (0, 0) and down * down + right * right <= radius * radius:
                yield down, right


def pair_windows(shape: Tuple[int, int], down: int, right: int) -> Tuple[Window, Window]:
    """Return the windows of the pixels that have a neighbour at an offset, and of those neighbours."""
    rows, cols = shape
    here = slice(0, rows - down), slice(max(0, -right), cols - max(0, right))
    there = slice(down, rows), slice(max(0, right), cols - max(0, -right))
    return here, there


def phase_similarity(
    phasor: NDArray[np.complex64], *, radius: int = 7, among: Optional[NDArray[np.bool_]] = None, guard: int = 0,
) -> Tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return median and largest similarity of every pixel to its neighbours.

    Parameters
    ----------
    phasor
        Unit phasors of the interferograms [dates, rows, cols].
    radius
        Of the neighbourhood, pixels.
    among
        bool [rows, cols]: only these pixels count as neighbours; all if omitted.
    guard
        Neighbours up to this distance don't count (side lobes, oversampling).

    Returns
    -------
    median, largest
        [rows, cols], -1 where there is no neighbour.
    """
    count, rows, cols = phasor.shape
    chosen = np.ones((rows, cols), bool) if among is None else among
    flat = np.concatenate([phasor.real, phasor.imag]).astype(np.float32)
    pairs = [pair for pair in offsets(radius) if pair[0] ** 2 + pair[1] ** 2 > guard * guard]
    found = np.full((2 * len(pairs), rows, cols), np.nan, np.float16)
    for n, (down, right) in enumerate(pairs):
        here, there = pair_windows((rows, cols), down, right)
        alike = np.einsum("drc,drc->rc", flat[:, here[0], here[1]], flat[:, there[0], there[1]]) / count
        found[2 * n][here] = np.where(chosen[there], alike, np.nan)
        found[2 * n + 1][there] = np.where(chosen[here], alike, np.nan)
    found.sort(axis=0)  # NaN last
    number = np.isfinite(found).sum(axis=0)
    last = np.maximum(number - 1, 0)
    low, high = (
        np.take_along_axis(found, place[None], axis=0)[0].astype(np.float32) for place in (last // 2, (last + 1) // 2)
    )
    largest = np.take_along_axis(found, last[None], axis=0)[0].astype(np.float32)
    return np.where(number > 0, (low + high) / 2, -1.0), np.where(number > 0, largest, -1.0)
