"""Blocks of points as pieces of work: classified here or on a cluster."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.executors import KeptWork, halves
from stillpoint.models.learning import devices
from stillpoint.models.points.table import PointBlock
from stillpoint.models.progress import Progress
from stillpoint.models.trends.classes import FIELDS
from stillpoint.models.trends.classify import ROWS, Classification, classify_with
from stillpoint.models.trends.methods import open_method

BYTES_A_VALUE = 160
"""Memory at work for each point and date."""

SAMPLE = 512
"""Points that a forecast is made from."""

LEAST_ROWS = 16
"""Points that a block keeps however little memory there is."""


@dataclass
class SeriesWork(KeptWork[PointBlock]):
    """Classifies blocks of series that share dates; see :func:`stillpoint.models.trends.classify.classify_with`.

    Attributes
    ----------
    method, model, abstain, significance
        As in the job.
    device
        Where a network computes.
    dates
        ``datetime64[D]`` (e,).
    wavelength
        Metres.
    shares
        Expected shares of the classes.
    """

    method: str
    model: Optional[str]
    device: str
    abstain: bool
    significance: float
    dates: np.ndarray
    wavelength: float
    shares: Tuple[float, ...] = field(default=(0.2,) * 5)

    def __post_init__(self) -> None:
        if self.model and os.path.exists(self.model):
            self.model = os.path.abspath(self.model)  # a worker has another current folder

    def open(self, check: Callable[[], None]) -> Any:
        """Return the method with its weights."""
        device = "cpu" if self.device == "cpu" else str(devices.pick(self.device))
        return open_method(
            self.method, model=self.model, device=device, abstain=self.abstain, significance=self.significance, check=check
        )

    def files(self) -> Sequence[str]:
        """Return the user's model; the series themselves travel."""
        return [self.model] if self.model and self.method != "statistical" else []

    def parcel(self, item: PointBlock) -> np.ndarray:
        """Return the series alone."""
        return item.displacement

    def compute(self, parcel: np.ndarray, values: None, progress: Progress) -> Classification:
        """Return the classes of a block."""
        progress.check()
        return classify_with(self.opened, self.dates, parcel, self.wavelength, self.shares)

    def mark(self, item: PointBlock) -> str:
        """Return the first point of a block and their number."""
        return f"p{item.start}-{len(item)}"

    def packed(self, found: Classification) -> Dict[str, np.ndarray]:
        """Return the columns, texts as texts with a mask where there is none, and the corrected series."""
        arrays: Dict[str, np.ndarray] = {"corrected": found.corrected}
        for name, values in found.columns.items():
            if values.dtype == object:
                missing = np.array([value is None for value in values], bool)
                arrays[f"text_{name}"] = np.where(missing, "", values).astype(str)
                arrays[f"mask_{name}"] = missing
            elif isinstance(values, np.ma.MaskedArray):
                arrays[f"data_{name}"], arrays[f"mask_{name}"] = values.data, np.ma.getmaskarray(values)
            else:
                arrays[f"data_{name}"] = values
        return arrays

    def unpacked(self, arrays: Dict[str, np.ndarray]) -> Classification:
        """Return the classification of a block."""
        columns: Dict[str, np.ndarray] = {}
        for name in (column.name for column in FIELDS):
            mask = arrays.get(f"mask_{name}")
            if f"text_{name}" in arrays:
                columns[name] = arrays[f"text_{name}"].astype(object)
                columns[name][mask] = None
            elif mask is not None:
                columns[name] = np.ma.masked_array(arrays[f"data_{name}"], mask=mask)
            else:
                columns[name] = arrays[f"data_{name}"]
        return Classification(columns, arrays["corrected"])

    def smaller(self, item: PointBlock) -> List[PointBlock]:
        """Return a block as two."""
        return [_part(item, part) for part in halves(len(item), LEAST_ROWS)]


EASED = (256, 768)
"""Points of the first pieces: the first result is there soon, and whether anything is wrong too."""


def eased(blocks: Iterable[PointBlock]) -> Iterator[PointBlock]:
    """Yield the blocks, the first of them in pieces that begin small."""
    for number, block in enumerate(blocks):
        if number or len(block) <= sum(EASED):
            yield block
            continue
        edges = (0, EASED[0], sum(EASED), len(block))
        for first, last in zip(edges, edges[1:]):
            yield _part(block, slice(first, last))


def _part(block: PointBlock, part: slice) -> PointBlock:
    """Return some of the points of a block."""
    return replace(
        block, start=block.start + part.start, x=block.x[part], y=block.y[part], displacement=block.displacement[part],
        attributes={name: values[part] for name, values in block.attributes.items()},
    )  # fmt: skip


def rows_for(memory: float, threads: int, dates: int) -> int:
    """Return how many points a block has: as many as are quick, fewer where memory is short."""
    return int(min(max(memory / threads / max(dates * BYTES_A_VALUE, 1), 8 * LEAST_ROWS), ROWS))
