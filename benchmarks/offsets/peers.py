"""Other ways to track offsets, in numpy alone: correlation with windows of one size, the median of several sizes, optical flow."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from stillpoint.benchmarks.offsets.settings import SEARCH, SPACING
from stillpoint.benchmarks.offsets.simulator import Pair


@dataclass(frozen=True)
class Answer:
    """What a tracker says at the nodes.

    Attributes
    ----------
    offsets
        float32 [2, rows, cols] in pixels; NaN where it has no answer at all.
    sigma
        float32 [2, rows, cols]: its own standard errors; None where it tells none.
    valid
        bool [rows, cols]: where it trusts its answer; None where it does not say.
    cpu_seconds
        Processor time.
    """

    offsets: NDArray[np.float32]
    sigma: Optional[NDArray[np.float32]] = None
    valid: Optional[NDArray[np.bool_]] = None
    cpu_seconds: float = 0.0


Tracker = Callable[[Pair], Answer]


def _blocks(image: NDArray) -> NDArray:
    rows, cols = image.shape
    return image.reshape(rows // SPACING, SPACING, cols // SPACING, SPACING).sum(axis=(1, 3), dtype=np.float64)


def _boxes(blocks: NDArray, count: int) -> NDArray:
    """Return sums over ``count`` blocks a side round each; even counts weigh the outer blocks by half. Zeros beyond the border."""
    half = count // 2
    weights = np.ones(2 * half + 1)
    if count % 2 == 0:
        weights[[0, -1]] = 0.5
    padded = np.pad(blocks, half)
    rows = sum(weight * padded[shift : shift + blocks.shape[0]] for shift, weight in enumerate(weights))
    return sum(weight * rows[:, shift : shift + blocks.shape[1]] for shift, weight in enumerate(weights))  # type: ignore[return-value, index]


def surfaces(reference: NDArray, secondary: NDArray, windows: Sequence[int], search: int) -> List[NDArray]:
    """Return the normalised cross-correlation float32 [lags, lags, rows, cols] at all nodes for each size of window."""
    reach = 2 * search + 1
    counts = [window // SPACING for window in windows]
    shape = reference.shape[0] // SPACING, reference.shape[1] // SPACING
    result = [np.zeros((reach, reach, *shape), np.float32) for _ in windows]
    padded, present = np.pad(secondary, search), np.pad(np.ones(secondary.shape, np.float32), search)
    own = _blocks(reference), _blocks(reference**2)
    for row in range(reach):
        for col in range(reach):
            there = padded[row : row + reference.shape[0], col : col + reference.shape[1]]
            inside = present[row : row + reference.shape[0], col : col + reference.shape[1]]
            images = inside, reference * inside, there, there * there, reference * there
            parts = [_blocks(image) for image in images]
            parts.append(_blocks(reference**2 * inside) if inside.min() < 1 else own[1])
            for index, count in enumerate(counts):
                n, a, b, bb, ab, aa = (_boxes(part, count) for part in parts)
                n = np.maximum(n, 1)
                below = np.maximum((aa - a * a / n) * (bb - b * b / n), 1e-12)
                result[index][row, col] = (ab - a * b / n) / np.sqrt(below)
    return result


def peak(surface: NDArray) -> NDArray:
    """Return the offset [2, rows, cols] of the highest correlation, by a parabola through three points a side."""
    reach = surface.shape[0]
    search = reach // 2
    flat = surface.reshape(reach * reach, *surface.shape[2:])
    row, col = np.divmod(flat.argmax(axis=0), reach)
    nodes = np.indices(row.shape)
    result = np.empty((2, *row.shape), np.float32)
    for axis, at in enumerate((row, col)):
        inner = np.clip(at, 1, reach - 2)
        three = [
            surface[inner + step, col, nodes[0], nodes[1]] if axis == 0 else surface[row, inner + step, nodes[0], nodes[1]]
            for step in (-1, 0, 1)
        ]
        bend = three[0] - 2 * three[1] + three[2]
        step = np.where(bend < 0, 0.5 * (three[0] - three[2]) / np.minimum(bend, -1e-9), 0.0)
        result[axis] = np.where(inner == at, inner + np.clip(step, -0.5, 0.5), at) - search
    return result


def _prepared(pair: Pair) -> Tuple[NDArray, NDArray]:
    return pair.reference.astype(np.float32), pair.secondary.astype(np.float32)


def correlation(windows: Sequence[int], search: int = SEARCH) -> Tracker:
    """Return the tracker by windows of the sizes given, in pixels: the median of their answers, component by component."""

    def track(pair: Pair) -> Answer:
        begin = time.process_time()
        found = [peak(surface) for surface in surfaces(*_prepared(pair), windows, search)]
        offsets = np.median(found, axis=0).astype(np.float32)
        return Answer(offsets, cpu_seconds=time.process_time() - begin)

    return track


def _grey(image: NDArray) -> NDArray:
    decibels = 20 * np.log10(np.maximum(image, 1e-6))
    low, high = np.percentile(decibels, (2, 98))
    return (np.clip((decibels - low) / (high - low), 0, 1) * 255).astype(np.uint8)


def optical_flow(name: str) -> Tracker:
    """Return a tracker by OpenCV's dense optical flow, ``farneback`` or ``dis``; raise ImportError where there is no OpenCV."""
    import cv2

    def track(pair: Pair) -> Answer:
        begin = time.process_time()
        first, second = _grey(pair.reference), _grey(pair.secondary)
        if name == "farneback":
            flow = cv2.calcOpticalFlowFarneback(first, second, None, 0.5, 4, 31, 5, 7, 1.5, 0)
        else:
            flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(first, second, None)
        middle = flow[SPACING // 2 :: SPACING, SPACING // 2 :: SPACING]
        offsets = np.stack([middle[..., 1], middle[..., 0]]).astype(np.float32)
        return Answer(offsets, cpu_seconds=time.process_time() - begin)

    return track


PEERS: Dict[str, Tuple[str, Callable[[], Tracker]]] = {
    "single_32": ("correlation, 32 px", lambda: correlation((32,))),
    "single_64": ("correlation, 64 px", lambda: correlation((64,))),
    "single_128": ("correlation, 128 px", lambda: correlation((128,))),
    "multi": ("correlation, median of 32, 48, 64, 96, 128 px", lambda: correlation((32, 48, 64, 96, 128))),
    "farneback": ("optical flow, Farneback", lambda: optical_flow("farneback")),
    "dis": ("optical flow, DIS", lambda: optical_flow("dis")),
}
"""Titles and makers of the peers."""


def engine(method: str, model: Optional[str] = None) -> Tracker:
    """Return one of Stillpoint's methods, called in memory as ``track-offsets`` calls it; a StillpointError without weights."""
    from stillpoint.models.offsets.methods import open_method
    from stillpoint.models.offsets.prepare import learn

    opened = open_method(method, model=model)

    def track(pair: Pair) -> Answer:
        begin = time.process_time()
        windows = [[image[top : top + 160, top : top + 160] for top in (40, 300)] for image in (pair.reference, pair.secondary)]
        search = SEARCH if opened.reach is None else min(SEARCH, opened.reach)
        found = opened.track(pair.reference, pair.secondary, learn(*windows), search=search)
        used = time.process_time() - begin
        return Answer(found.offsets.numpy(), found.sigma.numpy(), found.trusted.numpy(), used)

    return track


TRACKERS: Dict[str, Tuple[str, Callable[..., Tracker]]] = {
    **PEERS,
    "correlation": ("Stillpoint, correlation", lambda: engine("correlation")),
    "default": ("Stillpoint, default", lambda: engine("default")),
    "cc_ressiamnet": ("CC-ResSiamNet", lambda: engine("cc_ressiamnet")),
}
"""Titles and makers of everything that is compared."""
