"""Tiles of a stack as pieces of work: judged here or on a cluster."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.executors import KeptWork, quarters
from stillpoint.models.learning import devices
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.tiles import Tile, mark_of
from stillpoint.models.scatterers.methods import Method, open_method
from stillpoint.models.scatterers.observations import Observations, Verdict
from stillpoint.models.scatterers.sight import Sight

SMALLEST = 32
"""Pixels a side that a tile keeps however little memory there is."""

MAPS = ("probability", "noise", "gamma", "dispersion", "mask")
"""Maps that a verdict may have."""

Answer = Tuple[Verdict, Tuple[str, ...]]
"""What is said of a tile, and the method's sentences for the user so far."""


@dataclass
class SelectionWork(KeptWork[Tile]):
    """Judges tiles of a stack.

    Attributes
    ----------
    sight
        The stack.
    method, model, random_density
        As in the job.
    device
        Where a network computes.
    least
        Pixels a side below which a tile is not cut up.
    """

    sight: Sight
    method: str
    model: Optional[str]
    device: str
    random_density: Optional[float]
    least: int = SMALLEST

    def __post_init__(self) -> None:
        if self.model and os.path.exists(self.model):
            self.model = os.path.abspath(self.model)  # a worker has another current folder

    def open(self, check: Callable[[], None]) -> Method:
        """Return the method with its weights."""
        device = "cpu" if self.device == "cpu" else str(devices.pick(self.device))
        return open_method(
            self.method, model=self.model, device=device, random_density=self.random_density, sample=lambda: sample(self.sight)
        )

    def files(self) -> Sequence[str]:
        """Return the files of the stack and the user's model."""
        return [*self.sight.files(), *([self.model] if self.model else [])]

    def read(self, parcel: Tile) -> Observations:
        """Return what the tile and its overlap say."""
        return self.sight.observations(parcel.read_rows, parcel.read_cols)

    def compute(self, parcel: Tile, values: Observations, progress: Progress) -> Answer:
        """Return the verdict on a tile, with one pixel more on each side where the raster has one."""
        inner = parcel.inner
        # One pixel more, to tell whether a neighbour beyond the tile is better.
        core = (
            max(inner[0].start - 1, 0), min(inner[0].stop + 1, values.shape[0]),
            max(inner[1].start - 1, 0), min(inner[1].stop + 1, values.shape[1]),
        )  # fmt: skip
        method: Method = self.opened
        verdict = method.judge(values, core, progress)
        if values.dark is not None:
            verdict = _with_dark(verdict, values.dark[core[0] : core[1], core[2] : core[3]])
        return verdict, tuple(method.notes or ())

    def mark(self, item: Tile) -> str:
        """Return rows and columns of a tile."""
        return mark_of(item)

    def packed(self, found: Answer) -> Dict[str, np.ndarray]:
        """Return the maps of a verdict that are there, its threshold, and the sentences."""
        verdict, notes = found
        maps = {name: getattr(verdict, name) for name in MAPS if getattr(verdict, name) is not None}
        return {**maps, "threshold": np.float64(verdict.threshold), "notes": np.array(notes, dtype=str)}

    def unpacked(self, arrays: Dict[str, np.ndarray]) -> Answer:
        """Return a verdict and the sentences."""
        maps = {name: arrays[name] for name in MAPS if name in arrays}
        return Verdict(threshold=float(arrays["threshold"]), **maps), tuple(str(text) for text in arrays["notes"])

    def smaller(self, item: Tile) -> List[Tile]:
        """Return a tile as up to four."""
        return quarters(item, self.sight.shape, least=self.least)


def sample(sight: Sight) -> Observations:
    """Return the middle of the raster."""
    rows, cols = sight.shape
    high, wide = min(rows, 512), min(cols, 512)
    top, left = (rows - high) // 2, (cols - wide) // 2
    return sight.observations(slice(top, top + high), slice(left, left + wide))


def _with_dark(verdict: Verdict, dark: np.ndarray) -> Verdict:
    """Return the verdict with probability 0 where a pixel is too dark for a phase at every date, which is an answer."""
    filled = np.where(np.isnan(verdict.probability) & dark, np.float32(0.0), verdict.probability)
    return replace(verdict, probability=filled)
