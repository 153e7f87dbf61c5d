"""Writes a stack that was put together of a product's files: a virtual raster that refers to them, or a copy."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import List, Mapping, Optional, Sequence

import numpy as np
from osgeo import gdal

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.assemble import Part
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.formats.hdf5 import readable_by_gdal, refers_to_hdf5
from stillpoint.models.rasters.product import Layer, Product
from stillpoint.models.rasters.stack import Stack
from stillpoint.models.rasters.tiles import tiles
from stillpoint.models.rasters.vrt import band_in, needs_file, open_layer, raw_allowed, raw_xml, readable, vrt_xml
from stillpoint.models.rasters.writing import StackWriter, draft_name, publish, stack_items

_PIXELS = 8 << 20


def check_target(path: str, sources: Sequence[str]) -> None:
    """Refuse to replace a file of the product.

    Raises
    ------
    StillpointError
        ``path`` is one of the files named in ``sources``.
    """
    for source in sources:
        if os.path.isfile(source) and os.path.exists(path) and os.path.samefile(source, path):
            raise StillpointError(f"{path} is a file that is read; it would be lost. Choose another name for the stack.")


def write_part(
    part: Part, path: str, product: Product, *, companions: Optional[Mapping[str, str]] = None, progress: Progress = SILENT,
    notes: Optional[List[str]] = None,
) -> None:
    """Write ``part`` as a virtual raster (.vrt) or a copy (.tif).

    Parameters
    ----------
    part
        Images, bands and grid.
    path
        File to write.
    product
        Wavelength and geometry.
    companions
        Paths of companions by quantity.
    progress
        Progress.
    notes
        Gets a sentence where images had to be copied beside a virtual raster.

    Raises
    ------
    StillpointError
        The file cannot be written, a file of the product is damaged, or a virtual raster may not refer to it.
    """
    extra = {"PHASE_CONVENTION": product.convention} if product.convention and len(part.layers[0].days) == 2 else {}
    facts = {"wavelength": product.wavelength, "incidence_angle": product.incidence_angle, "heading": product.heading,
             "spacing_m": None if part.grid.projection else product.spacing_m}
    items = stack_items(companions=companions, path=path, extra=extra, **facts)  # type: ignore[arg-type]
    if Path(path).suffix.lower() == ".vrt":
        _write_virtual(part, path, items, progress, [] if notes is None else notes)
    else:
        _write_copy(part, path, facts, companions, extra, progress)


def _write_virtual(part: Part, path: str, items: Mapping[str, str], progress: Progress, notes: List[str]) -> None:
    draft = draft_name(path)
    layers = _with_files(part, path, progress, notes)
    xml = vrt_xml(
        layers, part.bands, part.grid.size, path=path, geotransform=part.grid.geotransform,
        projection=part.grid.projection, items=items,
    )
    progress.check()
    try:
        draft.write_text(xml, encoding="utf-8")
        reason = readable(draft)
        if reason:
            raise StillpointError(_refused(path, layers, reason))
        publish(draft, path)
    except OSError as error:
        raise explain(error, path) from None
    finally:
        draft.unlink(missing_ok=True)


def _refused(path: str, layers: Sequence[Layer], reason: str) -> str:
    if any(layer.raw for layer in layers):
        top = os.path.commonpath([os.path.dirname(layer.path) for layer in layers])
        return (
            f"A virtual raster at {path} cannot refer to the raw files ({reason}). Put it into their folder or above it "
            f"({os.path.join(top, Path(path).name)}), or write a copy (.tif)."
        )
    return f"The stack {path} cannot be read back: {reason}."


def _with_files(part: Part, path: str, progress: Progress, notes: List[str]) -> List[Layer]:
    """Return the layers of ``part``, with files beside ``path`` for those that a band cannot refer to directly."""
    target = Path(path)
    layers = list(part.layers)
    raw = [index for index, layer in enumerate(layers) if needs_file(layer, part.grid.size)]
    if raw:
        place = target.with_name(f"{target.stem}_files.vrt")
        _write_raw([layers[index] for index in raw], str(place))
        for number, index in enumerate(raw, start=1):
            layers[index] = replace(layers[index], path=str(place), band=number, raw=None)
    lost = [index for index, layer in enumerate(layers) if refers_to_hdf5(layer) and not readable_by_gdal(layer)]
    if lost:
        place = target.with_name(f"{target.stem}_copy.tif")
        chosen = [layers[index] for index in lost]
        bare = [replace(layer, function="", scale=1.0, offset=0.0, nodata=layer.nodata, window=(0, 0)) for layer in chosen]
        _copy_whole(bare, str(place), progress)
        for number, index in enumerate(lost, start=1):
            kind = gdal.GDT_CFloat32 if layers[index].is_complex else gdal.GDT_Float32
            layers[index] = replace(layers[index], path=str(place), band=number, dataset="", data_type=kind)
        notes.append(
            f"This GDAL cannot refer to the HDF5 file: {len(lost)} images were copied to {place.name}, which belongs to the stack."
        )
    return layers


def _write_raw(layers: Sequence[Layer], path: str) -> None:
    """Write a virtual raster with the raw files as they are, which other bands are computed of."""
    draft = draft_name(path)
    try:
        draft.write_text(raw_xml(layers, path), encoding="utf-8")
        publish(draft, path)
    except OSError as error:
        raise explain(error, path) from None
    finally:
        draft.unlink(missing_ok=True)


def _copy_whole(layers: Sequence[Layer], path: str, progress: Progress) -> None:
    """Copy the images of ``layers`` as they are, one at a time."""
    kind = "complex" if layers[0].is_complex else "amplitude"
    bands = [Band(number, kind, description=Path(layer.path).name) for number, layer in enumerate(layers, start=1)]
    with StackWriter(path, bands, layers[0].size) as writer:
        for number, layer in enumerate(layers, start=1):
            progress(number / len(layers), "Copying")
            writer.write(_image(layer)[None], slice(None), slice(None), [number])


def _image(layer: Layer) -> np.ndarray:
    dataset = open_layer(layer)
    return band_in(dataset, layer).ReadAsArray()


def _write_copy(
    part: Part, path: str, facts: Mapping[str, object], companions: Optional[Mapping[str, str]], extra: Mapping[str, str],
    progress: Progress,
) -> None:
    """Copy the images through a virtual raster in a folder of its own, tile by tile."""
    draft_name(path)  # says what is wrong with the target before anything is computed
    with tempfile.TemporaryDirectory(prefix="stillpoint-") as folder, raw_allowed():
        virtual = os.path.join(folder, "stack.vrt")
        absolute = [replace(layer, path=remote.absolute(layer.path)) for layer in part.layers]
        _write_virtual(replace(part, layers=tuple(absolute)), virtual, {}, progress.part(0.0, 0.2), [])
        share = progress.part(0.2, 1.0)
        with Stack(virtual) as source, StackWriter(
            path, part.bands, part.grid.size, geotransform=part.grid.geotransform, projection=part.grid.projection,
            companions=companions, extra=extra, **facts,  # type: ignore[arg-type]
        ) as writer:
            windows = list(tiles(part.grid.size, _side(len(part.layers))))
            for number, tile in enumerate(windows):
                share(number / len(windows), "Copying")
                writer.write(source.read(tile.rows, tile.cols), tile.rows, tile.cols)
            share(0.99, "Copying")  # who cancelled during the last tile wants no file


def _side(bands: int) -> int:
    """Return the side of a tile, a multiple of the blocks of the file, so that all bands together need little memory."""
    return max(256, int((_PIXELS / max(bands, 1)) ** 0.5) // 256 * 256)
