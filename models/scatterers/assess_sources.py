"""What an assessment opens: rasters, and vector layers brought onto the masks' grid. Says in plain words why it cannot."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal, vectors_in_memory
from stillpoint.models.scatterers.assess_grid import Grid, name_of


class VectorLayer:
    """A vector layer, brought into the reference system of a grid; its features are burnt strip by strip.

    Parameters
    ----------
    path
        Vector source of GDAL; QGIS's ``file|layername=name`` is understood.
    grid
        The grid to burn on.
    what
        What the layer is to the user, for messages ("The zones").
    kinds
        Kinds of geometry that are looked for in a file of several layers.

    Raises
    ------
    StillpointError
        It cannot be opened.
    """

    CODE = "code"

    def __init__(self, path: str, grid: Grid, what: str, kinds: Sequence[int] = ()) -> None:
        self.path, self.what = path, what
        self.notes: List[str] = []
        self.source, self.layer = open_vector(path, what, kinds)
        self.name = self.layer.GetName() if "|layername=" in path else Path(path.split("|")[0]).stem
        self._transform = transform_between(self.layer.GetSpatialRef(), grid, path, self.notes)
        self._made = vectors_in_memory()
        self._burnt = self._made.CreateLayer("burnt", grid.crs)
        self._burnt.CreateField(ogr.FieldDefn(self.CODE, ogr.OFTInteger))

    def add(self, feature: ogr.Feature, code: int) -> bool:
        """Take a feature with the value to burn; return False where it has no geometry that can be brought here."""
        geometry = feature.GetGeometryRef()
        if geometry is None or geometry.IsEmpty():
            return False
        geometry = geometry.Clone()
        if self._transform is not None:
            with quiet_gdal():
                try:
                    if geometry.Transform(self._transform):
                        return False
                except RuntimeError:
                    return False
        made = ogr.Feature(self._burnt.GetLayerDefn())
        made.SetGeometry(geometry)
        made.SetField(self.CODE, code)
        self._burnt.CreateFeature(made)
        return True

    def extent(self) -> Tuple[float, float, float, float]:
        """Return smallest x and y, largest x and y of what was taken."""
        west, east, south, north = self._burnt.GetExtent()
        return west, south, east, north

    def burn(self, canvas: gdal.Dataset, bounds: Sequence[float]) -> None:
        """Burn the codes of the features that touch ``bounds`` into a raster in memory."""
        self._burnt.SetSpatialFilterRect(*bounds)
        gdal.RasterizeLayer(canvas, [1], self._burnt, options=[f"ATTRIBUTE={self.CODE}"])
        self._burnt.SetSpatialFilter(None)


def transform_between(
    source: Optional[osr.SpatialReference], grid: Grid, path: str, notes: List[str]
) -> Optional[osr.CoordinateTransformation]:
    """Return the transformation of a layer's coordinates into those of a grid; None where they are the same.

    A layer or grid without a reference system is taken to have that of the other, and ``notes`` says so.
    """
    if source is None or grid.crs is None:
        if (source is None) != (grid.crs is None):
            notes.append(
                f"{path if source is None else 'The mask'} has no coordinate reference system: "
                "its coordinates are taken for those of " + ("the mask." if source is None else f"{path}.")
            )
        return None
    source = source.Clone()
    source.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if source.IsSame(grid.crs):
        return None
    try:
        return osr.CoordinateTransformation(source, grid.crs)
    except RuntimeError as error:
        raise StillpointError(
            f"{path} ({name_of(source)}) cannot be brought into the masks' {name_of(grid.crs)}: {error}."
        ) from None


def open_vector(path: str, what: str, kinds: Sequence[int] = ()) -> Tuple[gdal.Dataset, ogr.Layer]:
    """Open a vector source; return it and its layer: where none is named the first of the ``kinds``, else the first.

    Raises
    ------
    StillpointError
        It cannot be opened, or has no such layer.
    """
    file, *parts = [path] if os.path.exists(path) else path.split("|")
    options = dict(part.split("=", 1) for part in parts if "=" in part)
    source = _open(file, gdal.OF_VECTOR)
    if source is None:
        raise StillpointError(f"{what} {file} cannot be read: {_why(file)}.")
    if "layername" in options:
        layer = source.GetLayerByName(options["layername"])
    elif "layerid" in options:
        layer = source.GetLayer(int(options["layerid"]))
    else:
        layers = [source.GetLayer(index) for index in range(source.GetLayerCount())]
        fitting = [one for one in layers if ogr.GT_Flatten(one.GetGeomType()) in kinds]
        layer = next(iter([*fitting, *layers]), None)
    if layer is None:
        raise StillpointError(f"{what} {file} has no layer {options.get('layername', options.get('layerid', '0'))}.")
    if options.get("subset"):
        layer.SetAttributeFilter(options["subset"])
    return source, layer


def open_raster(path: str, what: str) -> gdal.Dataset:
    """Open a raster.

    Raises
    ------
    StillpointError
        It is missing or no raster.
    """
    dataset = _open(path, gdal.OF_RASTER)
    if dataset is None or not dataset.RasterCount:
        raise StillpointError(f"{what} {path} cannot be read: {_why(path)}.")
    return dataset


def is_raster(path: str) -> bool:
    """Return whether GDAL opens ``path`` as a raster with bands."""
    dataset = _open(path, gdal.OF_RASTER)
    return dataset is not None and dataset.RasterCount > 0


def stack_items(items: Mapping[str, str]) -> Dict[str, str]:
    """Return the metadata of the stack that a mask was selected in, as far as the mask tells it and it is still there."""
    try:
        path = json.loads(items.get("STILLPOINT_PROVENANCE", ""))["input"]["path"]
    except (ValueError, KeyError, TypeError):
        return {}
    dataset = _open(path, gdal.OF_RASTER) if isinstance(path, str) and os.path.exists(path) else None
    return {} if dataset is None else {key.upper(): value for key, value in (dataset.GetMetadata() or {}).items()}


def _open(path: str, kind: int) -> Optional[gdal.Dataset]:
    with quiet_gdal():
        try:
            return gdal.OpenEx(path, kind | gdal.OF_READONLY)
        except RuntimeError:
            return None


def _why(path: str) -> str:
    if os.path.isdir(path):
        return "it is a folder"
    return "GDAL knows no such format, or the file is damaged" if os.path.exists(path) else "there is no such file"
