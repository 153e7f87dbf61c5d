"""Offsets between two amplitude images: the engine beside what OpenCV offers, template matching and optical flow."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import Callable, Dict, List

import numpy as np
from numpy.typing import NDArray

from stillpoint.benchmarks.offsets.peers import Answer, engine, optical_flow
from stillpoint.benchmarks.offsets.scores import clipped
from stillpoint.benchmarks.offsets.settings import SEARCH, SPACING
from stillpoint.benchmarks.offsets.simulator import Pair, make_pair
from stillpoint.benchmarks.speed.measure import OURS, Contestant

UNIT, SCALE = "CPU s a megapixel", 1.0
LARGEST = 128
"""Pixels a side of the largest window."""

SETTING = ("small", "grd", "volcano")


def template(window: int) -> Callable[[Pair], Answer]:
    """Return a tracker by OpenCV's template matching: the highest correlation coefficient round each node, and a parabola."""
    import cv2

    def track(pair: Pair) -> Answer:
        begin = time.process_time()
        half, around = window // 2, window // 2 + SEARCH
        first: NDArray = pair.reference
        second: NDArray = pair.secondary
        rows, cols = first.shape[0] // SPACING, first.shape[1] // SPACING
        offsets = np.full((2, rows, cols), np.nan, np.float32)
        for row in range(rows):
            top = row * SPACING + SPACING // 2
            if top < around or top + around > first.shape[0]:
                continue
            for col in range(cols):
                left = col * SPACING + SPACING // 2
                if left < around or left + around > first.shape[1]:
                    continue
                part = first[top - half : top + half, left - half : left + half]
                there = second[top - around : top + around, left - around : left + around]
                surface = cv2.matchTemplate(there, part, cv2.TM_CCOEFF_NORMED)
                down, right = np.unravel_index(int(surface.argmax()), surface.shape)
                offsets[:, row, col] = _refined(surface, int(down), int(right))
        return Answer(offsets, cpu_seconds=time.process_time() - begin)

    return track


def _refined(surface: NDArray, row: int, col: int) -> List[float]:
    """Return the place of the peak between the pixels, from the middle of the surface."""
    found = []
    for axis, at, line in ((0, row, surface[:, col]), (1, col, surface[row])):
        step = 0.0
        if 0 < at < surface.shape[axis] - 1:
            before, here, after = (float(value) for value in line[at - 1 : at + 2])
            bend = before - 2 * here + after
            step = 0.5 * (before - after) / bend if bend < 0 else 0.0
        found.append(at + min(max(step, -0.5), 0.5) - SEARCH)
    return found


def quality(answer: Answer, pair: Pair) -> Dict[str, float]:
    """Return the root mean square error where every window fits into the images; errors are cut at 1 px."""
    here = pair.measurable.copy()
    border = -(-(LARGEST // 2 + SEARCH) // SPACING) + 1
    here[:border] = here[-border:] = False
    here[:, :border] = here[:, -border:] = False
    return {"RMSE, px": float(np.sqrt((clipped(answer, pair)[:, here] ** 2).mean()))}


def contestants(side: int) -> List[Contestant]:
    """Return the trackers on one simulated pair."""
    pair = make_pair(*SETTING, 0, side=side)
    found = []
    for title, make in (
        (f"{OURS}, default network", partial(engine, "default")), (f"{OURS}, correlation", partial(engine, "correlation")),
        ("OpenCV, template 32 px", partial(template, 32)), ("OpenCV, template 64 px", partial(template, 64)),
        ("OpenCV, template 128 px", partial(template, 128)),
        ("OpenCV, DIS optical flow", partial(optical_flow, "dis")),
        ("OpenCV, Farneback optical flow", partial(optical_flow, "farneback")),
    ):
        try:
            tracker = make()  # type: ignore[operator]
        except ImportError as error:
            print(f"{title} left out: {error}", file=sys.stderr)
            continue
        found.append(Contestant(
            title, partial(tracker, pair), side * side / 1e6, lambda answer: quality(answer, pair)
        ))  # fmt: skip
    return found
