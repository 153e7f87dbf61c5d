"""Small masks, zones and elevation models for the tests of the assessment."""

from __future__ import annotations

import numpy as np
from osgeo import gdal, ogr, osr

UTM, DEGREES = "EPSG:32632", "EPSG:4326"
PLACE = (500000.0, 20.0, 0.0, 5000000.0, 0.0, -10.0)
"""Pixels of 20 m x 10 m on the middle meridian of the UTM zone."""

MASK = np.array([
    [1, 1, 0, 0, 0, 255],
    [0, 0, 0, 1, 0, 255],
    [0, 0, 0, 0, 1, 255],
    [1, 0, 0, 0, 0, 255],
], np.uint8)
"""Five PS among twenty pixels: two pairs and one alone."""

REFERENCE = np.array([
    [1, 0, 0, 0, 0, 1],
    [0, 0, 0, 1, 0, 1],
    [0, 0, 0, 255, 1, 1],
    [0, 0, 0, 0, 1, 1],
], np.uint8)


def wkt(code: str) -> str:
    reference = osr.SpatialReference()
    reference.SetFromUserInput(code)
    return reference.ExportToWkt()


def raster(path, values, *, place=PLACE, crs=UTM, nodata=None, items=None, kind=None, names=None, colours=None) -> str:
    values = np.asarray(values)
    kind = kind or {"u": gdal.GDT_Byte, "i": gdal.GDT_Int32, "f": gdal.GDT_Float32}[values.dtype.kind]
    made = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[1], values.shape[0], 1, kind)
    if place:
        made.SetGeoTransform(place)
    if crs:
        made.SetProjection(wkt(crs))
    band = made.GetRasterBand(1)
    if colours:  # before the pixels: GDAL 3.10 and later change no colours of a file that is being written
        table = gdal.ColorTable()
        for value, colour in colours.items():
            table.SetColorEntry(value, colour)
        band.SetColorTable(table)
    band.WriteArray(values)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    if items:
        made.SetMetadata(items)
    if names:
        band.SetCategoryNames(names)
    made = band = None
    return str(path)


def box(west: float, south: float, east: float, north: float) -> str:
    return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"


def vector(path, shapes, *, crs=UTM, field="cover", kind=ogr.wkbPolygon, driver="GPKG", to=None) -> str:
    """Write (WKT, name) pairs as a layer; ``to`` is another reference system that they are brought into."""
    reference = osr.SpatialReference()
    reference.SetFromUserInput(crs)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    target = reference
    if to:
        target = osr.SpatialReference()
        target.SetFromUserInput(to)
        target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    layer = source.CreateLayer("shapes", target, kind)
    if field:
        layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
        layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    for text, name in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        geometry = ogr.CreateGeometryFromWkt(text)
        if to:
            geometry.Transform(osr.CoordinateTransformation(reference, target))
        feature.SetGeometry(geometry)
        if field and name is not None:
            feature.SetField(field, name)
        layer.CreateFeature(feature)
        feature = None
    layer = source = None
    return str(path)


def halves(path, **options) -> str:
    """The left three columns are city, the right three river."""
    west, north = PLACE[0], PLACE[3]
    return vector(
        path,
        [(box(west, north - 40, west + 60, north), "City"), (box(west + 60, north - 40, west + 120, north), "River")],
        **options,
    )
