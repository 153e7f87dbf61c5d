"""Small point files of every layout, made by the tests."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Sequence

import numpy as np

DAYS = np.datetime64("2016-01-03") + 12 * np.arange(8)
"""Eight dates, twelve days apart."""


def series(points: int = 5, epochs: int = 8, seed: int = 1) -> np.ndarray:
    """Return series in mm, two decimals, shape (points, epochs)."""
    return np.random.default_rng(seed).normal(0, 4, (points, epochs)).round(2)


def compact(day: np.datetime64) -> str:
    return str(day).replace("-", "")


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], *, separator: str = ",", end: str = "\n",
          encoding: str = "utf-8", before: str = "") -> Path:
    lines = [separator.join(map(str, line)) for line in (header, *rows)]
    data = (before + end.join(lines) + end).encode(encoding)
    if path.suffix == ".gz":
        data = gzip.compress(data)
    path.write_bytes(data)
    return path


def simple(path: Path, names: Sequence[str], values: np.ndarray, *, separator: str = ",", **options: object) -> Path:
    """Write a table with an identifier, lon, lat and the given columns."""
    rows = [[f"P{i}", 10 + i % 500 / 100, 45 + i % 500 / 100, *row] for i, row in enumerate(values.tolist())]
    return table(path, ["ID", "LON", "LAT", *names], rows, separator=separator, **options)  # type: ignore[arg-type]
