"""Maps written window by window: memory that doesn't grow with them, and the same values however they are passed on."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters import map_writing
from stillpoint.models.rasters.map_writing import MapWriter


def _written(path: Path, values: np.ndarray, side: int) -> int:
    """Write values [bands, rows, cols] in windows of ``side``; return the most bytes that GDAL held of it."""
    before, most = gdal.GetCacheUsed(), 0
    bands: List[Tuple[str, Dict[str, str]]] = [(f"band {number}", {}) for number in range(len(values))]
    with MapWriter(str(path), values.shape[1:], bands, geotransform=(0, 1, 0, 0, 0, -1), projection="") as writer:  # type: ignore[arg-type]
        for top in range(0, values.shape[1], side):
            for left in range(0, values.shape[2], side):
                rows, cols = slice(top, min(top + side, values.shape[1])), slice(left, min(left + side, values.shape[2]))
                writer.write(values[:, rows, cols], rows, cols)
                most = max(most, gdal.GetCacheUsed() - before)
        writer.finish()
    return most


@pytest.mark.parametrize("side", [128, 100])
def test_memory_does_not_grow_with_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    values = np.random.default_rng(1).integers(0, 9, (2, 1600, 700)).astype(np.float32)
    whole = _written(tmp_path / "held.tif", values, side)
    monkeypatch.setattr(map_writing, "UNWRITTEN", 1 << 20)
    most = _written(tmp_path / "passed-on.tif", values, side)
    assert whole > values.nbytes > 8 << 20, "GDAL holds all of it where nobody asks for it"
    assert most < 6 << 20
    for name in ("held.tif", "passed-on.tif"):
        assert (gdal.Open(str(tmp_path / name)).ReadAsArray() == values).all()


def test_a_disk_that_fills_up_between_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_writing, "UNWRITTEN", 1)
    path = tmp_path / "map.tif"
    bands: List[Tuple[str, Dict[str, str]]] = [("a", {})]
    with pytest.raises(StillpointError, match="no space left"), MapWriter(
        str(path), (512, 256), bands, geotransform=(0, 1, 0, 0, 0, -1), projection=""
    ) as writer:
        monkeypatch.setattr(writer, "_dataset", _Full(writer._dataset))
        for top in (0, 256):
            writer.write(np.ones((1, 256, 256), np.float32), slice(top, top + 256), slice(0, 256))
    assert not list(tmp_path.iterdir())


class _Full:
    """A dataset whose bands fail to be flushed as on a full disk."""

    def __init__(self, inner: gdal.Dataset) -> None:
        self._inner = inner
        self.RasterCount = inner.RasterCount

    def GetRasterBand(self, number: int) -> _FullBand:
        return _FullBand(self._inner.GetRasterBand(number))


class _FullBand:
    def __init__(self, inner: gdal.Band) -> None:
        self.WriteArray = inner.WriteArray

    def FlushCache(self) -> None:
        gdal.Error(gdal.CE_Failure, gdal.CPLE_FileIO, "Write error: No space left on device")
