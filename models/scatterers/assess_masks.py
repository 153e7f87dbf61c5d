"""PS masks, and PS points as masks, read strip by strip on one grid."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.scatterers.assess_grid import Grid, grid_of, name_of

NOT, PS, NO_DATA = 0, 1, 255
"""Values of a mask."""

_POINT_KINDS = (ogr.wkbPoint, ogr.wkbMultiPoint)


class RasterMask:
    """A PS mask in a raster.

    Attributes
    ----------
    path, name
        The file, and what it is called in tables.
    grid
        Its grid.
    items
        Metadata items, keys in capitals.
    notes
        Sentences on what was assumed.
    """

    def __init__(self, path: str, dataset: gdal.Dataset) -> None:
        self.path = path
        self.name = Path(path).stem
        self.grid = grid_of(dataset)
        self.items: Dict[str, str] = {key.upper(): value for key, value in (dataset.GetMetadata() or {}).items()}
        self.notes: List[str] = []
        self._dataset = dataset
        self._band = dataset.GetRasterBand(1)
        nodata = self._band.GetNoDataValue()
        self._nodata = nodata
        if nodata in (NOT, PS):
            self._nodata = None
            self.notes.append(
                f"{path} declares {nodata:g} as its no-data value; it is taken for {'PS' if nodata else 'not PS'} all the same."
            )

    def read(self, rows: slice) -> np.ndarray:
        """Return some rows as uint8 [rows, cols]: 1 PS, 0 not, 255 no data.

        Raises
        ------
        StillpointError
            The file cannot be read there, or holds other values than a mask does.
        """
        with quiet_gdal() as says:
            try:
                values = self._band.ReadAsArray(0, rows.start, self.grid.shape[1], rows.stop - rows.start)
                missing = self._missing(rows)
            except RuntimeError as error:
                values = None
                says.messages.append(str(error))
        if values is None:
            reason = says.messages[-1] if says.messages else "unknown reason"
            raise StillpointError(f"{self.path} cannot be read at row {rows.start}: it is damaged or gone ({reason}).")
        if values.dtype.kind == "c":
            raise StillpointError(f"{self.path} is no PS mask: it holds complex values.")
        missing = (values == NO_DATA) | ~np.isfinite(values) if missing is None else missing | (values == NO_DATA)
        if self._nodata is not None:
            missing |= values == self._nodata
        ps = values == PS
        other = ~(ps | (values == NOT) | missing)
        if other.any():
            row, col = np.argwhere(other)[0]
            raise StillpointError(
                f"{self.path} is no PS mask: it holds {values[row, col]:g} at row {rows.start + row + 1}, column {col + 1}. "
                "A mask holds 1 for PS, 0 for not and 255 for no data; cut a probability at its threshold first."
            )
        state = ps.astype(np.uint8)
        state[missing] = NO_DATA
        return state

    def _missing(self, rows: slice) -> Optional[np.ndarray]:
        """Return where a mask or alpha band hides pixels; None where there is none."""
        if self._band.GetMaskFlags() & (gdal.GMF_ALL_VALID | gdal.GMF_NODATA):
            return None
        shown = self._band.GetMaskBand().ReadAsArray(0, rows.start, self.grid.shape[1], rows.stop - rows.start)
        return None if shown is None else shown == 0


class PointMask:
    """PS points as a mask on the grid of a raster mask, whose no-data pixels it shares."""

    def __init__(self, path: str, source: VectorLayer, base: RasterMask) -> None:
        self.path = path
        self.name = source.name
        self.grid = base.grid
        self.items: Dict[str, str] = {}
        self.notes: List[str] = list(source.notes)
        self._base = base
        self._source = source

    def read(self, rows: slice) -> np.ndarray:
        """Return some rows as uint8 [rows, cols]: 1 where a point lies, else 0, 255 where the grid's mask has no data."""
        canvas = self.grid.canvas(rows, gdal.GDT_Byte)
        self._source.burn(canvas, self.grid.bounds(rows))
        state: np.ndarray = canvas.ReadAsArray()
        state[self._base.read(rows) == NO_DATA] = NO_DATA
        return state


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

    Raises
    ------
    StillpointError
        It cannot be opened or has no features.
    """

    CODE = "code"

    def __init__(self, path: str, grid: Grid, what: str) -> None:
        self.path, self.what = path, what
        self.notes: List[str] = []
        self.source, self.layer = open_vector(path, what)
        self.name = self.layer.GetName() if "|layername=" in path else Path(path.split("|")[0]).stem
        self._transform = transform_between(self.layer.GetSpatialRef(), grid, path, self.notes)
        self._made = ogr.GetDriverByName("Memory").CreateDataSource("")
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
        # The layer lies on the canvas's system already; options keep GDAL from looking for a transformation.
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


def open_vector(path: str, what: str) -> Tuple[gdal.Dataset, ogr.Layer]:
    """Open a vector source; return it and its layer, the first where none is named.

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
    else:
        layer = source.GetLayer(int(options.get("layerid", 0) or 0))
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


def open_masks(paths: Sequence[str], reference: Optional[str] = None) -> List[Mask]:
    """Open masks, the reference (where given) last; point layers become masks on the grid of the first raster.

    Raises
    ------
    StillpointError
        One cannot be read, is neither mask nor points, lies on another grid, or there is no raster among them.
    """
    every = [*paths, *([reference] if reference else [])]
    rasters = {path: RasterMask(path, open_raster(path, "The mask")) for path in dict.fromkeys(every) if is_raster(path)}
    first = next((rasters[path] for path in every if path in rasters), None)
    made: List[Mask] = []
    for path in every:
        if path in rasters:
            made.append(rasters[path])
            continue
        source, layer = open_vector(path, "The mask")
        if ogr.GT_Flatten(layer.GetGeomType()) not in (*_POINT_KINDS, ogr.wkbUnknown):
            raise StillpointError(f"{path} is no PS mask: give a raster, or a layer of points.")
        del source, layer
        if first is None:
            raise StillpointError(
                f"{path} holds points, which need a raster to be counted on: give a mask as raster beside it, "
                "as another mask or as the reference."
            )
        made.append(_points(path, first))
    assert first is not None
    for mask in made:
        difference = first.grid.difference(mask.grid)
        if difference:
            raise StillpointError(
                f"The masks lie on different grids: {mask.path} differs from {first.path}, {difference}. "
                "Bring them onto one grid first (in QGIS: Warp, or Align Rasters, with nearest neighbour)."
            )
    _name_apart(made[: len(paths)])
    return made


def _points(path: str, base: RasterMask) -> PointMask:
    """Return a point layer as a mask."""
    source = VectorLayer(path, base.grid, "The points")
    taken = sum(source.add(feature, PS) for feature in source.layer)
    if not taken:
        raise StillpointError(f"{path} has no points.")
    west, south, east, north = base.grid.bounds()
    left, bottom, right, top = source.extent()
    if left > east or right < west or bottom > north or top < south:
        raise StillpointError(f"The points {path} lie outside of the mask {base.path}. Check the coordinate reference systems.")
    return PointMask(path, source, base)


def _name_apart(masks: Sequence[Mask]) -> None:
    """Give masks of the same name their folder's too, or a number."""
    stems = [mask.name for mask in masks]
    used: Dict[str, int] = {}
    for mask in masks:
        if stems.count(mask.name) > 1:
            mask.name = f"{Path(mask.path.split('|')[0]).resolve().parent.name}/{mask.name}"
        used[mask.name] = used.get(mask.name, 0) + 1
        if used[mask.name] > 1:
            mask.name = f"{mask.name} ({used[mask.name]})"


Mask = Union[RasterMask, PointMask]
