"""Unwraps simulated interferograms with libraries, as users' processors do, so that the errors are real ones.

``flow`` is a minimum-cost flow on the statistics of the coherence, as SNAPHU solves it (whirlwind-insar, BSD or Apache licence;
an optional extra, needed for simulation only); ``flow_unbridged`` leaves islands at the level that they got; ``tree`` integrates
along the most reliable paths first (Herráez et al. 2002), through SciPy's minimum spanning tree.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from stillpoint.models.errors import StillpointError

_SMALLEST = 100
"""Pixels of the smallest component that the flow tells from its surroundings."""


@functools.lru_cache(maxsize=1)
def whirlwind() -> Any:
    """Return the module of the unwrapper.

    Raises
    ------
    StillpointError
        It is not installed.
    """
    try:
        import whirlwind as module
    except ImportError:
        raise StillpointError(
            "Simulated interferograms are unwrapped by whirlwind-insar, which is not installed. Install it with "
            "'pip install stillpoint[simulation]' (Python 3.11 or newer), or simulate a wrapped stack."
        ) from None
    with contextlib.suppress(RuntimeError):  # somebody has started its threads already
        module.set_num_threads(1)
    return module


def unwrap(sample: np.ndarray, *, looks: float, method: str, valid: np.ndarray) -> np.ndarray:
    """Unwrap an interferogram.

    Parameters
    ----------
    sample
        complex64 [rows, cols]; the magnitude is the sample coherence.
    looks
        Effective number of looks of the coherence.
    method
        ``flow``, ``flow_unbridged`` or ``tree``.
    valid
        bool [rows, cols]: what to unwrap.

    Returns
    -------
    numpy.ndarray
        float32 [rows, cols], radians; NaN where not valid.

    Raises
    ------
    StillpointError
        The library is missing.
    """
    if not valid.any():
        return np.full(sample.shape, np.nan, np.float32)
    if method == "tree":
        return unwrap_tree(np.angle(sample), valid)
    coherence = np.clip(np.abs(sample), 0.01, 1.0).astype(np.float32)
    phase, _ = whirlwind().unwrap(
        np.where(valid, sample, 0).astype(np.complex64), coherence, max(1.0, looks), mask=valid,
        bridge=method == "flow", min_size_px=_SMALLEST,
    )  # fmt: skip
    return np.where(valid, phase, np.nan).astype(np.float32)


def filtered(sample: np.ndarray, strength: float) -> np.ndarray:
    """Return the interferogram after the filter of Goldstein and Werner (1998), with the coherence it had."""
    if strength <= 0:
        return sample
    smooth = whirlwind().goldstein(np.ascontiguousarray(sample, np.complex64), strength, 32)
    return (np.abs(sample) * np.exp(1j * np.angle(smooth))).astype(np.complex64)


def unwrap_tree(phase: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Unwrap along the spanning tree of the most reliable neighbours, float32 [rows, cols]; parts start at their own level.

    A pixel is reliable where the second differences through it are small (Herráez et al., Applied Optics 41, 2002).
    """
    rows, cols = phase.shape
    index = np.arange(rows * cols).reshape(rows, cols)
    padded = np.pad(phase, 1, mode="edge")
    bends = []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        before = padded[1 - dy : rows + 1 - dy, 1 - dx : cols + 1 - dx]
        after = padded[1 + dy : rows + 1 + dy, 1 + dx : cols + 1 + dx]
        bends.append(_wrap(before - phase) - _wrap(phase - after))
    rough = np.sqrt(np.sum(np.square(bends), axis=0))
    starts = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    ends = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    usable = valid.ravel()[starts] & valid.ravel()[ends]
    starts, ends = starts[usable], ends[usable]
    cost = rough.ravel()[starts] + rough.ravel()[ends] + 1e-3
    graph = sparse.coo_matrix((cost, (starts, ends)), shape=(rows * cols, rows * cols)).tocsr()
    tree = csgraph.minimum_spanning_tree(graph)
    tree = tree + tree.T
    _, label = csgraph.connected_components(tree, directed=False)
    values = phase.ravel().astype(np.float64)
    cycles = np.zeros(rows * cols)
    sizes = np.bincount(label[valid.ravel()], minlength=label.max() + 1)
    parent = np.arange(rows * cols)
    for part in np.flatnonzero(sizes > 1):
        root = int(np.argmax(label == part))
        order, before = csgraph.breadth_first_order(tree, root, directed=False)
        parent[order[1:]] = before[order[1:]]
    cycles = np.round((values[parent] - values) / (2 * np.pi))
    # Sum the cycles from each pixel to its root, twice as far at every turn.
    while True:
        further = parent[parent]
        if np.array_equal(further, parent):
            break
        cycles = cycles + cycles[parent]
        parent = further
    unwrapped = (values + 2 * np.pi * cycles).reshape(rows, cols)
    return np.where(valid, unwrapped, np.nan).astype(np.float32)


def _wrap(values: np.ndarray) -> np.ndarray:
    return (values + np.pi) % (2 * np.pi) - np.pi
