"""The stack of the kept interferograms: a virtual raster that refers to the whole stack, or a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence

from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import COMPANION, Band
from stillpoint.models.rasters.product import Layer
from stillpoint.models.rasters.stack import Stack, open_raster
from stillpoint.models.rasters.tiles import tiles
from stillpoint.models.rasters.vrt import raw_allowed, readable, vrt_xml
from stillpoint.models.rasters.writing import StackWriter, draft_name, publish, stack_items

ENDINGS = (".vrt", ".tif", ".tiff")

_PIXELS = 8 << 20


class KeptStack:
    """Some bands of a stack, written under a temporary name until :meth:`publish`.

    Parameters
    ----------
    path
        ``.vrt`` to refer to the stack, ``.tif`` to copy its values.
    stack
        The whole stack.
    bands
        The bands to keep.
    extra
        Metadata items to add to those of the stack, which are all kept.
    progress
        Progress.
    cog
        Whether a copy is a Cloud-Optimised GeoTIFF.

    Raises
    ------
    StillpointError
        The file cannot be written, or a virtual raster cannot refer to the stack.
    """

    def __init__(
        self, path: str, stack: Stack, bands: Sequence[Band], *, extra: Optional[Mapping[str, str]] = None,
        progress: Progress = SILENT, cog: bool = False,
    ) -> None:
        self.path = path
        self._cog = cog
        self._draft: Optional[Path] = None
        self._writer: Optional[StackWriter] = None
        if not path.lower().endswith(ENDINGS):
            raise StillpointError(f"The kept stack {path} must end in .vrt (refers to the stack) or .tif (copies it).")
        if path.lower().endswith(".vrt"):
            self._refer(stack, bands, dict(extra or {}))
        else:
            self._copy(stack, bands, dict(extra or {}), progress)

    def complete(self) -> None:
        """Complete the file, so that only its name is missing."""
        if self._writer is not None:
            self._writer.complete()

    def publish(self) -> None:
        """Give the file its name."""
        if self._writer is not None:
            self._writer.close()
        if self._draft is not None:
            publish(self._draft, self.path)
            self._draft = None

    def discard(self) -> None:
        """Remove what was written."""
        if self._writer is not None:
            self._writer.discard()
        if self._draft is not None:
            self._draft.unlink(missing_ok=True)

    def _refer(self, stack: Stack, bands: Sequence[Band], extra: Dict[str, str]) -> None:
        items = stack_items(companions=stack.companions, path=self.path, extra={**_facts(stack), **extra})
        xml = vrt_xml(
            _layers(stack, bands), bands, stack.shape, path=self.path, geotransform=stack.geotransform,
            projection=stack.projection, items=items,
        )
        self._draft = draft_name(self.path)
        try:
            self._draft.write_text(xml, encoding="utf-8")
        except OSError as error:
            self.discard()
            raise explain(error, self.path) from None
        reason = readable(self._draft)
        if reason:
            self.discard()
            raise StillpointError(f"A virtual raster at {self.path} cannot refer to {stack.path} ({reason}). Write a copy (.tif).")

    def _copy(self, stack: Stack, bands: Sequence[Band], extra: Dict[str, str], progress: Progress) -> None:
        self._writer = StackWriter(
            self.path, bands, stack.shape, geotransform=stack.geotransform, projection=stack.projection,
            companions=stack.companions, extra={**_facts(stack), **extra}, cog=self._cog,
        )
        numbers = [band.number for band in bands]
        side = max(256, int((_PIXELS / len(bands)) ** 0.5) // 256 * 256)
        windows = list(tiles(stack.shape, side))
        try:
            with raw_allowed():
                for index, tile in enumerate(windows):
                    progress(index / len(windows), "Copying the kept interferograms")
                    self._writer.write(stack.read(tile.rows, tile.cols, numbers), tile.rows, tile.cols)
        except BaseException:
            self.discard()
            raise


def _facts(stack: Stack) -> Dict[str, str]:
    """Return the metadata items of the stack, but for its companions, whose paths depend on where it lies."""
    return {key: value for key, value in stack.metadata.items() if not key.startswith(COMPANION) and key != "AREA_OR_POINT"}


def _layers(stack: Stack, bands: Sequence[Band]) -> List[Layer]:
    dataset = open_raster(stack.path)  # must outlive its bands
    layers = []
    for band in bands:
        source = dataset.GetRasterBand(band.number)
        if not source.GetMaskFlags() & (gdal.GMF_ALL_VALID | gdal.GMF_NODATA):
            raise StillpointError(
                f"{stack.path} has a mask, which a virtual raster of some of its bands would lose. Write a copy (.tif) instead."
            )
        layers.append(
            Layer(
                stack.path, band.quantity, band.days, stack.shape, source.DataType, band=band.number,
                geotransform=tuple(stack.geotransform), projection=stack.projection, nodata=source.GetNoDataValue(),
                scale=source.GetScale() or 1.0, offset=source.GetOffset() or 0.0,
                perpendicular_baseline=band.perpendicular_baseline,
            )
        )  # fmt: skip
    return layers
