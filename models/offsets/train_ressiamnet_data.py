"""Simulated pairs of amplitude for the published network: kept on disk, cut, shifted by whole pixels, turned over."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models.offsets import examples
from stillpoint.models.offsets.prepare import learn
from stillpoint.models.offsets.ressiamnet import BORDER, normalised
from stillpoint.models.offsets.track import track
from stillpoint.models.progress import Progress

LABELS = ("truth", "correlation")
"""Where the targets come from: the simulation, or the multi-kernel correlation as in the paper."""

MEASURABLE = 0.05
"""Coherence below which nothing can be learnt."""

SMALLEST_SHIFT = 0.1
"""Pixels: where offsets are drawn log-uniform, from here on."""

Example = Dict[str, np.ndarray]


def example(seed: int, index: int, folder: Path, *, judging: bool = False) -> Example:
    """Return an example, computed once and kept in ``folder``.

    Returns
    -------
    dict
        ``reference``, ``secondary`` float32 [rows, cols] amplitude, ``truth`` float32 [2, rows, cols] px, ``coherence`` float16
        [rows, cols], ``tracked`` float32 [2, rows / 8, cols / 8]: offsets by the multi-kernel correlation, NaN where untrusted.
    """
    path = folder / f"pair-{seed}-{index}{'-judging' if judging else ''}.npz"
    if path.exists():
        with np.load(path) as stored:
            return {name: stored[name] for name in stored.files}
    pair = examples.draw(seed, index, judging=judging)
    found = track(pair.reference, pair.secondary, learn([pair.reference], [pair.secondary]), search=examples.SEARCH)
    tracked = found.offsets.numpy().astype(np.float32).copy()
    tracked[:, ~found.trusted.numpy()] = np.nan
    made = {
        "reference": pair.reference, "secondary": pair.secondary, "truth": pair.offsets,
        "coherence": pair.coherence.astype(np.float16), "tracked": tracked,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
    np.savez(partial, **made)
    os.replace(partial, path)
    return made


def kept(seed: int, count: int, folder: Path, progress: Progress, *, judging: bool = False) -> List[Example]:
    """Return ``count`` examples of a seed."""
    found = []
    for index in range(count):
        progress(index / count, f"Pair {index + 1} of {count}")
        found.append(example(seed, index, folder, judging=judging))
    return found


def target(item: Example, labels: str) -> Tuple[np.ndarray, np.ndarray]:
    """Return offsets [2, rows, cols] px and where they count, bool [rows, cols].

    The correlation's result stands at the nodes; each pixel takes that of its block, as the paper's targets do on their grid.
    """
    present = np.isfinite(item["reference"])
    if labels == "truth":
        return item["truth"], present & (item["coherence"] > MEASURABLE)
    step = item["truth"].shape[1] // item["tracked"].shape[1]
    offsets = item["tracked"].repeat(step, axis=1).repeat(step, axis=2)
    known = np.isfinite(offsets).all(axis=0)
    return np.where(known, offsets, 0).astype(np.float32), present & known


def batch(
    items: Sequence[Example], rng: np.random.Generator, count: int, *, side: int, reach: float, labels: str = "truth",
    same: float = 0.0,
) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return images [n, 2, side, side], targets [n, 2, side, side] px, and where they count [n, side, side].

    Notes
    -----
    The secondary image is cut at another whole pixel than the reference, so that the offset in the middle becomes what is drawn:
    up to ``reach`` evenly or log-uniform, or next to nothing. A shift by whole pixels leaves the speckle as it was imaged.
    Mirrored and transposed, a pair becomes eight. A share ``same`` of the cuts shows one image twice, moved by whole pixels: from
    these the network learns first what it is to match.
    """
    parts = []
    for _ in range(count):
        item = items[int(rng.integers(len(items)))]
        if rng.random() < same:
            image = item["reference" if rng.random() < 0.5 else "secondary"]
            item = {
                **item, "reference": image, "secondary": image, "truth": np.zeros_like(item["truth"]),
                "coherence": np.ones_like(item["coherence"]), "tracked": np.zeros_like(item["tracked"]),
            }  # fmt: skip
            # Evenly over the whole pixels: nearly all of the log-uniform ones would be none.
            parts.append(_cut(item, rng, side, rng.integers(-round(reach), round(reach) + 1, 2), reach, labels))
        else:
            parts.append(_cut(item, rng, side, _wanted(rng, reach), reach, labels))
    return tuple(torch.from_numpy(np.stack(part)) for part in zip(*parts))  # type: ignore[return-value]


def _wanted(rng: np.random.Generator, reach: float) -> np.ndarray:
    """Draw the offset (row, col) in the middle of a cut, pixels."""
    kind, angle = rng.random(), rng.uniform(-np.pi, np.pi)
    if kind > 0.5:
        return rng.uniform(-reach, reach, 2)
    length = 0.0 if kind < 0.15 else float(np.exp(rng.uniform(np.log(SMALLEST_SHIFT), np.log(reach))))
    return length * np.array([np.sin(angle), np.cos(angle)])


def _cut(
    item: Example, rng: np.random.Generator, side: int, wanted: np.ndarray, reach: float, labels: str
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    offsets, counts = target(item, labels)
    room = np.array(counts.shape) - side
    first = np.array([rng.integers(0, length + 1) for length in room])
    middle = offsets[:, first[0] + side // 2, first[1] + side // 2]
    shift = np.round(middle - wanted).astype(int)
    second = np.clip(first + shift, 0, room)
    shift = second - first
    ours, theirs = (tuple(slice(start, start + side) for start in corner) for corner in (first, second))
    images = np.stack([normalised(item["reference"][ours]), normalised(item["secondary"][theirs])])
    offsets, counts = offsets[:, ours[0], ours[1]] - shift[:, None, None].astype(np.float32), counts[ours]
    # Half as far again is still seen in the window; farther there is nothing to learn it from.
    counts = counts & (np.abs(offsets).max(axis=0) <= 1.5 * reach)
    counts[:BORDER], counts[-BORDER:], counts[:, :BORDER], counts[:, -BORDER:] = False, False, False, False
    for axis in (0, 1):
        if rng.random() < 0.5:
            images, offsets, counts = np.flip(images, axis + 1), np.flip(offsets, axis + 1).copy(), np.flip(counts, axis)
            offsets[axis] *= -1
    if rng.random() < 0.5:
        images, offsets, counts = images.swapaxes(1, 2), offsets[::-1].swapaxes(1, 2), counts.T
    return np.ascontiguousarray(images), np.ascontiguousarray(offsets, dtype=np.float32), np.ascontiguousarray(counts)
