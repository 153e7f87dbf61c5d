"""A simple path-following unwrapper: along the spanning tree of the most reliable steps between neighbours.

That is the order of the quality-guided methods (Ghiglia & Pritt 1998, chapter 4.3): a flood from the best pixel that always takes
the best step next crosses exactly the edges of a maximum spanning tree. Like them it goes wrong where noise or steep phase cuts
regions from each other. It is here so that the benchmark depends on no unwrapper that networks were trained behind.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

_WINDOW = 1.0  # pixels, standard deviation of the filter before unwrapping


def unwrap(phasor: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Return the unwrapped phase of an interferogram.

    Parameters
    ----------
    phasor
        complex [rows, cols]: coherence times the unit phasor.

    Returns
    -------
    float32 [rows, cols], radians; equal to the phase of ``phasor`` but for cycles.
    """
    smooth = ndimage.gaussian_filter(phasor.real, _WINDOW) + 1j * ndimage.gaussian_filter(phasor.imag, _WINDOW)
    filtered = np.angle(smooth)
    steady = _integrate(filtered, np.abs(smooth))
    return np.asarray(steady + np.angle(phasor * np.exp(-1j * steady)), np.float32)


def _integrate(phase: NDArray, quality: NDArray) -> NDArray[np.float64]:
    """Return ``phase`` plus the cycles that make neighbours along the tree differ by less than half a cycle."""
    rows, cols = phase.shape
    number = np.arange(rows * cols).reshape(rows, cols)
    first = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    second = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    flat, level = phase.ravel(), quality.ravel()
    step = flat[second] - flat[first]
    turned = np.abs(np.angle(np.exp(1j * step))) / np.pi
    cost = 2.0 - np.minimum(level[first], level[second]) / max(float(level.max()), 1e-9) + turned
    graph = sparse.coo_matrix((cost, (first, second)), shape=(flat.size, flat.size)).tocsr()
    tree = csgraph.minimum_spanning_tree(graph)
    start = int(level.argmax())
    _, parent = csgraph.breadth_first_order(tree, start, directed=False)
    return np.asarray(_climb(flat, parent, start)).reshape(rows, cols)


def _climb(flat: NDArray, parent: NDArray, start: int) -> NDArray[np.float64]:
    """Sum the cycles from every pixel up to the start: each round doubles how far a pixel has come."""
    parent = parent.astype(np.int64)
    parent[start] = start
    cycles = -np.round((flat - flat[parent]) / (2 * np.pi))
    while (parent != start).any():
        cycles, parent = cycles + cycles[parent], parent[parent]
    return flat + 2 * np.pi * cycles
