"""Writes a simulated scene: the stack, and beside it its truth, its land cover and its zones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import StackWriter, draft_name, publish
from stillpoint.models.simulation.scene_demo import ZONES, zones_of
from stillpoint.models.simulation.scene_ground import COVERS
from stillpoint.models.simulation.scenes import Scene

CRS = "EPSG:32632"
WEST, NORTH = 691_000.0, 5_336_000.0
"""Upper left corner of a scene in ``CRS``, metres: Bavaria."""

HEADING = 348.0
"""Flight direction of an ascending pass, degrees; near range, column 0, is in the west."""

EXTENSIONS = (".tif", ".tiff")

BESIDE = ("truth", "noise", "cover", "zones")
"""Rasters that lie beside the stack, ``demo_truth.tif`` beside ``demo.tif``: true PS, true phase noise (rad), land cover, zones."""

COLUMNS: Tuple[Column, ...] = (
    Column("id", "text", "Identifier"),
    Column("noise", "real", "True phase noise of a single image, rad"),
    Column("height", "real", "True height above the elevation model, m"),
    Column("cover", "text", "Land cover"),
)
"""Attributes of true scatterers written as points."""

_COLOURS = {
    "water": (74, 134, 180), "forest": (60, 110, 70), "shrub": (140, 160, 100), "fields": (222, 205, 140), "grass": (170, 200, 130),
    "city": (150, 90, 90), "suburb": (190, 140, 130), "road": (120, 120, 120), "rock": (160, 150, 145), "scree": (185, 178, 170),
    "wetland": (110, 170, 160), "sand": (240, 226, 180), "mine": (130, 105, 90),
}
_ZONE_COLOURS = ((150, 90, 90), (60, 110, 70), (222, 205, 140), (74, 134, 180))


def georeference(scene: Scene) -> Tuple[Tuple[float, float, float, float, float, float], str]:
    """Return geotransform and WKT with which a map shows the scene: near range in the west, the first row in the north."""
    system = osr.SpatialReference()
    system.SetFromUserInput(CRS)
    return (WEST, scene.spacing[1], 0.0, NORTH, 0.0, -scene.spacing[0]), str(system.ExportToWkt())


def beside(path: str, name: str) -> str:
    """Return the name of a raster beside the stack ``path``."""
    target = Path(path)
    return str(target.with_name(f"{target.stem}_{name}{target.suffix}"))


def write_scene(scene: Scene, path: str, *, terrain: Optional[str] = None, progress: Progress = SILENT) -> Dict[str, str]:
    """Write a single-look scene as a stack of complex images with its truth beside it.

    Parameters
    ----------
    scene
        Of single look.
    path
        GeoTIFF of the stack.
    terrain
        GeoTIFF for the elevation model; None writes none.
    progress
        Told how far the writing is.

    Returns
    -------
    dict
        Files written: ``output``, the names of ``BESIDE``, and ``terrain``.

    Raises
    ------
    StillpointError
        A file cannot be written.
    Cancelled
        Asked to stop.
    """
    for place in (path, terrain):
        if place is not None and Path(place).suffix.lower() not in EXTENSIONS:
            raise StillpointError(f"{place} cannot be written: a scene is a GeoTIFF, so its extension must be .tif.")
    transform, projection = georeference(scene)
    shape = (scene.noise.shape[0], scene.noise.shape[1])
    dates = [date.item() for date in scene.dates]
    bands = [
        Band(number=number, quantity="complex", date=date, perpendicular_baseline=round(float(baseline), 3))
        for number, (date, baseline) in enumerate(zip(dates, scene.baselines - scene.baselines[0]), start=1)
    ]
    rasters: Dict[str, Tuple[np.ndarray, str, Sequence[str], Sequence[Tuple[int, int, int]]]] = {
        "truth": (scene.scatterers.astype(np.uint8), "PS", ("not PS", "PS"), ((40, 40, 40), (255, 210, 60))),
        "noise": (scene.noise, "Phase noise of a single image, rad", (), ()),
        "cover": (scene.cover + np.uint8(1), "Land cover", ("", *COVERS), ((0, 0, 0), *(_COLOURS[name] for name in COVERS))),
        "zones": (zones_of(scene.cover), "Zone", ("", *ZONES), ((0, 0, 0), *_ZONE_COLOURS)),
    }
    outputs = {"output": path}
    with StackWriter(
        path, bands, shape, geotransform=transform, projection=projection, wavelength=scene.wavelength,
        incidence_angle=scene.incidence, heading=HEADING,
    ) as writer:
        for number, image in enumerate(scene.slc, start=1):
            writer.write(image[None], slice(None), slice(None), bands=[number])
            progress(0.9 * number / len(bands), f"Image {number} of {len(bands)} written")
        for name, (values, title, names, colours) in rasters.items():
            outputs[name] = beside(path, name)
            write_band(outputs[name], values, title, transform, projection, names=names, colours=colours)
        if terrain is not None:
            outputs["terrain"] = terrain
            write_band(terrain, scene.relief, "Height, m", transform, projection)
    return outputs


def write_true_points(scene: Scene, path: str) -> List[str]:
    """Write the true scatterers of a scene as points; return what the writer has to say.

    Raises
    ------
    StillpointError
        The file cannot be written.
    """
    row, col = np.nonzero(scene.scatterers)
    x, y = WEST + (col + 0.5) * scene.spacing[1], NORTH - (row + 0.5) * scene.spacing[0]
    values = {
        "id": np.array([f"PS{number:07d}" for number in range(len(row))], dtype=object),
        "noise": np.round(scene.noise[row, col].astype(np.float64), 3),
        "height": np.round(scene.height[row, col].astype(np.float64), 2),
        "cover": np.array(COVERS, dtype=object)[scene.cover[row, col]],
    }
    with open_writer(path, list(COLUMNS), crs=CRS, metadata={}, series_dates=None) as writer:
        writer.write(x, y, values)
        writer.finish()
        return list(writer.report)


def write_band(
    path: str,
    values: np.ndarray,
    title: str,
    transform: Sequence[float],
    projection: str,
    *,
    names: Sequence[str] = (),
    colours: Sequence[Tuple[int, int, int]] = (),
) -> None:
    """Write one band with names and colours of its classes; it appears under its name when it is complete."""
    draft = draft_name(path)
    kind = gdal.GDT_Byte if values.dtype == np.uint8 else gdal.GDT_Float32
    options = ["COMPRESS=DEFLATE", "TILED=YES"]
    notes = Path(f"{draft}.aux.xml")
    try:
        with quiet_gdal() as gdal_says:
            raster = gdal.GetDriverByName("GTiff").Create(str(draft), values.shape[1], values.shape[0], 1, kind, options)
            if raster is None:
                raise explain(OSError(gdal_says.failures[-1] if gdal_says.failures else "unknown reason"), path)
            raster.SetGeoTransform(list(transform))
            raster.SetProjection(projection)
            band = raster.GetRasterBand(1)
            band.SetDescription(title)
            if colours:
                table = gdal.ColorTable()
                for value, colour in enumerate(colours):
                    table.SetColorEntry(value, (*colour, 255))
                band.SetColorTable(table)
            if names:
                band.SetDefaultRAT(_legend(names, colours))
            band.WriteArray(values)
            raster.FlushCache()
            del band, raster
        if gdal_says.failures:  # a full disk is told of here alone
            raise explain(OSError(gdal_says.failures[0]), path)
        publish(draft, path)
        if notes.exists():  # an attribute table has no place in a TIFF: GDAL writes it beside it
            os.replace(notes, f"{path}.aux.xml")
    except (OSError, RuntimeError) as error:
        raise explain(OSError(str(error)), path) from None
    finally:
        draft.unlink(missing_ok=True)
        notes.unlink(missing_ok=True)


def _legend(names: Sequence[str], colours: Sequence[Tuple[int, int, int]]) -> gdal.RasterAttributeTable:
    """Return the attribute table of a classified raster: value, name and colour of each class that has a name."""
    table = gdal.RasterAttributeTable()
    table.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Class", gdal.GFT_String, gdal.GFU_Name)
    for title, usage in (("Red", gdal.GFU_Red), ("Green", gdal.GFU_Green), ("Blue", gdal.GFU_Blue)):
        table.CreateColumn(title, gdal.GFT_Integer, usage)
    named = [value for value, name in enumerate(names) if name]
    table.SetRowCount(len(named))
    for row, value in enumerate(named):
        table.SetValueAsInt(row, 0, value)
        table.SetValueAsString(row, 1, names[value])
        for column, part in enumerate(colours[value], start=2):
            table.SetValueAsInt(row, column, part)
    return table
