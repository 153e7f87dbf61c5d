"""Zones of a scene (city, forest, fields, river ...) on the grid of the masks: from polygons or a classified raster."""

from __future__ import annotations

from typing import Dict, List, Optional, Union

import numpy as np
from osgeo import gdal, ogr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.rasters.windows import read_window
from stillpoint.models.scatterers.assess_grid import Grid, grid_of, name_of
from stillpoint.models.scatterers.assess_sources import VectorLayer, is_raster, open_raster

OUTSIDE = "(outside)"
"""Name of the pixels that are in no zone; their code is 0."""

MOST = 256
"""More classes than this are taken for a mistake."""

UNNAMED = "(unnamed)"

_POLYGONS = (ogr.wkbPolygon, ogr.wkbMultiPolygon, ogr.wkbCurvePolygon, ogr.wkbMultiSurface)


class PolygonZones:
    """Zones from a polygon layer; where polygons overlap, the later one of the layer counts.

    A pixel belongs to the polygon that holds its middle.

    Attributes
    ----------
    names
        Name of each code; the first is :data:`OUTSIDE`.
    colours
        ``#rrggbb`` of each code; None where the layer has none of its own.
    notes
        Sentences on what was assumed.
    """

    def __init__(self, path: str, grid: Grid, field: Optional[str] = None) -> None:
        source = VectorLayer(path, grid, "The zones", _POLYGONS)
        kind = ogr.GT_Flatten(source.layer.GetGeomType())
        if kind not in (*_POLYGONS, ogr.wkbUnknown, ogr.wkbGeometryCollection):
            raise StillpointError(f"The zones {path} hold {ogr.GeometryTypeToName(kind).lower()}s; give a layer of polygons.")
        self.path = path
        self.names: List[str] = [OUTSIDE]
        column = _zone_field(source.layer, path, field)
        codes: Dict[str, int] = {}
        taken = lost = 0
        for feature in source.layer:
            text = source.name if column is None else _text(feature, column)
            code = codes.setdefault(text, len(codes) + 1)
            if code == len(self.names):
                self.names.append(text)
            if source.add(feature, code):
                taken += 1
            else:
                lost += 1
        if not taken:
            raise StillpointError(f"The zones {path} hold no polygons that could be used.")
        if len(codes) > MOST:
            raise StillpointError(
                f"The zones {path} have {len(codes):,} names. Choose the field of the zone names; it should have a few."
            )
        self.notes = list(source.notes)
        if lost:
            self.notes.append(f"{lost} of the zones have no geometry that could be brought onto the masks; they are left out.")
        west, south, east, north = grid.bounds()
        left, bottom, right, top = source.extent()
        if left >= east or right <= west or bottom >= north or top <= south:
            raise StillpointError(
                f"The zones {path} lie outside of the masks. Check the coordinate reference system of both."
            )
        self.colours: List[Optional[str]] = [None] * len(self.names)
        self._grid, self._source = grid, source

    def read(self, rows: slice) -> np.ndarray:
        """Return the codes of some rows, int64 [rows, cols]; 0 outside of the zones."""
        canvas = self._grid.canvas(rows, gdal.GDT_Int32)
        self._source.burn(canvas, self._grid.bounds(rows))
        codes: np.ndarray = canvas.ReadAsArray()
        return codes.astype(np.int64)


class RasterZones:
    """Zones from a classified raster, brought onto the masks' grid by nearest neighbour; see :class:`PolygonZones`.

    Names and colours are those of the raster: its attribute table, category names and colour table.
    """

    def __init__(self, path: str, grid: Grid) -> None:
        self.path = path
        self.notes: List[str] = []
        self._dataset = open_raster(path, "The zones")
        self._band = self._dataset.GetRasterBand(1)
        self._grid = grid
        own = grid_of(self._dataset)
        self._same = not grid.difference(own) and (own.placed or not grid.placed)
        if not self._same and not (own.placed and grid.placed):
            raise StillpointError(
                f"The zones {path} cannot be laid over the masks: one of them has no coordinates, and their sizes differ."
            )
        if not self._same and (own.crs is None) != (grid.crs is None):
            which = path if own.crs is None else "The mask"
            self.notes.append(f"{which} has no coordinate reference system: that of the other is taken.")
        self._nodata = self._band.GetNoDataValue()
        found: set[int] = set()
        for rows in grid.strips():
            values, inside = self._values(rows)
            whole = np.isclose(values, np.round(values), atol=1e-6) if values.dtype.kind == "f" else True
            if not np.all(whole | ~inside):
                raise StillpointError(f"The zones {path} are no classified raster: they hold numbers that are not whole.")
            found.update(int(value) for value in np.unique(np.round(values[inside])))
            if len(found) > MOST:
                raise StillpointError(
                    f"The zones {path} hold more than {MOST} different values; a classified raster has a few."
                )
        if not found:
            raise StillpointError(
                f"The zones {path} lie outside of the masks, or have no data there. Check the coordinate reference system of both."
            )
        self._found = np.array(sorted(found), np.int64)
        names, colours = _legend(self._band)
        self.names: List[str] = [OUTSIDE, *(names.get(value) or f"Class {value}" for value in self._found)]
        self.colours: List[Optional[str]] = [None, *(colours.get(value) for value in self._found)]

    def read(self, rows: slice) -> np.ndarray:
        """Return the codes of some rows, int64 [rows, cols]; 0 where the raster has no class."""
        values, inside = self._values(rows)
        codes = np.searchsorted(self._found, np.where(inside, np.round(values), self._found[0]).astype(np.int64)) + 1
        return np.where(inside, codes, 0)

    def _values(self, rows: slice) -> tuple[np.ndarray, np.ndarray]:
        """Return the raster's values on some rows of the masks' grid, and where it has any."""
        if self._same:
            values = read_window(self._band, self.path, (0, rows.start, self._grid.shape[1], rows.stop - rows.start))
        else:
            values = warped(self._dataset, self._grid, rows, gdal.GDT_Float64, "near", path=self.path)
        inside = np.isfinite(values)
        if self._nodata is not None:
            inside &= values != self._nodata
        return values, inside


Zones = Union[PolygonZones, RasterZones]


def open_zones(path: str, grid: Grid, field: Optional[str] = None) -> Zones:
    """Open zones for the masks of ``grid``.

    Parameters
    ----------
    path
        Polygon layer or classified raster.
    grid
        Grid of the masks.
    field
        Field of a polygon layer with the names; None takes the first text field.

    Raises
    ------
    StillpointError
        They cannot be read, have no such field, or lie elsewhere.
    """
    if not is_raster(path):
        return PolygonZones(path, grid, field)
    zones = RasterZones(path, grid)
    if field:
        zones.notes.append(f"The zones {path} are a raster: the field {field} has no meaning there.")
    return zones


def warped(
    source: gdal.Dataset, grid: Grid, rows: slice, kind: int, method: str, *, path: str, margin: int = 0
) -> np.ndarray:
    """Return the first band of a raster on some rows of a grid, NaN where it has no data.

    Parameters
    ----------
    source, path
        The raster, and its name for messages.
    grid, rows, margin
        Where; see :meth:`Grid.canvas`.
    kind
        A floating-point type of GDAL.
    method
        GDAL's name of the resampling.

    Raises
    ------
    StillpointError
        It cannot be brought into the grid's reference system.
    """
    canvas = grid.canvas(rows, kind, margin=margin, fill=float("nan"))
    own = grid_of(source).crs
    options = {"resampleAlg": method, "warpOptions": ["INIT_DEST=NO_DATA"], "dstNodata": float("nan")}
    if own is None and grid.projection:
        options["srcSRS"] = grid.projection
    elif own is not None and not grid.projection:
        canvas.SetProjection(source.GetProjection())
    with quiet_gdal() as says:
        try:
            done = gdal.Warp(canvas, source, **options)
        except RuntimeError as error:
            done = None
            says.failures.append(str(error))
        values = canvas.ReadAsArray() if done is not None and done != 0 else None
    if values is None:
        # A strip that the raster doesn't reach is no error, only empty; a transformation that fails is.
        reason = says.failures[-1] if says.failures else "unknown reason"
        system = name_of(own) if own is not None else "unknown reference system"
        raise StillpointError(f"{path} ({system}) cannot be brought onto the masks: {reason}.")
    return values


def _zone_field(layer: ogr.Layer, path: str, wanted: Optional[str]) -> Optional[int]:
    """Return the index of the field with the names: the wanted one, else the first of text; None where there is none."""
    about = layer.GetLayerDefn()
    fields = [about.GetFieldDefn(index) for index in range(about.GetFieldCount())]
    names = [field.GetName() for field in fields]
    if wanted:
        for index, name in enumerate(names):
            if name.lower() == wanted.lower():
                return index
        raise StillpointError(
            f"The zones {path} have no field {wanted}; they have {', '.join(names) if names else 'no fields at all'}."
        )
    return next((index for index, field in enumerate(fields) if field.GetType() == ogr.OFTString), None)


def _text(feature: ogr.Feature, column: int) -> str:
    if not feature.IsFieldSetAndNotNull(column):
        return UNNAMED
    return str(feature.GetFieldAsString(column)).strip() or UNNAMED


def _legend(band: gdal.Band) -> tuple[Dict[int, str], Dict[int, str]]:
    """Return names and colours by value: from the attribute table, else category names and colour table."""
    names = {value: text for value, text in enumerate(band.GetCategoryNames() or []) if text}
    colours: Dict[int, str] = {}
    table = band.GetColorTable()
    if table is not None:
        for value in range(table.GetCount()):
            colours[value] = "#{:02x}{:02x}{:02x}".format(*table.GetColorEntry(value)[:3])
    attributes = band.GetDefaultRAT()
    if attributes is None or not attributes.GetRowCount():
        return names, colours
    values = attributes.GetColOfUsage(gdal.GFU_MinMax)
    values = attributes.GetColOfUsage(gdal.GFU_Min) if values < 0 else values
    text = attributes.GetColOfUsage(gdal.GFU_Name)
    parts = [attributes.GetColOfUsage(usage) for usage in (gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue)]
    for row in range(attributes.GetRowCount()):
        value = attributes.GetValueAsInt(row, values) if values >= 0 else row
        if text >= 0 and attributes.GetValueAsString(row, text):
            names[value] = attributes.GetValueAsString(row, text)
        if min(parts) >= 0:
            red, green, blue = (min(max(attributes.GetValueAsInt(row, part), 0), 255) for part in parts)
            colours[value] = f"#{red:02x}{green:02x}{blue:02x}"
    return names, colours
