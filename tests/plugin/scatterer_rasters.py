"""Makes small stacks with known scatterers, and the results of a selection as the engine writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Sequence

import numpy as np
from osgeo import gdal, ogr, osr

ROWS, COLUMNS = 60, 80
ORIGIN = (500000.0, 3300000.0)
STEP = 20.0


def dates(count: int = 12) -> list:
    """Return dates every 12 days from 2018-01-15."""
    return [str(day) for day in np.datetime64("2018-01-15", "D") + 12 * np.arange(count)]


def scatterers(rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Return where the scatterers are: bool [rows, columns], a town on the left."""
    generator = np.random.default_rng(5)
    row, column = np.mgrid[:rows, :columns]
    town = (row - 0.5 * rows) ** 2 + (column - 0.3 * columns) ** 2 < (0.28 * columns) ** 2
    return generator.random((rows, columns)) < np.where(town, 0.5, 0.02)


def create(path: Path, bands: int, kind: int, *, placed: bool = True, rows: int = ROWS, columns: int = COLUMNS):
    """Create a GeoTIFF in UTM 15N, or without coordinates."""
    made = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, kind, ["INTERLEAVE=BAND"])
    if placed:
        system = osr.SpatialReference()
        system.ImportFromEPSG(32615)
        made.SetProjection(system.ExportToWkt())
        made.SetGeoTransform((ORIGIN[0], STEP, 0, ORIGIN[1], 0, -STEP))
    return made


def write_stack(
    path: Path, *, count: int = 12, quantity: str = "phase", amplitude: Optional[Path] = None, placed: bool = True,
    dated: bool = True, baselines: bool = True, rows: int = ROWS, columns: int = COLUMNS,
) -> np.ndarray:
    """Write a stack: interferograms against the first date ("phase"), images ("complex") or amplitudes; return its values."""
    generator = np.random.default_rng(7)
    days = dates(count + 1)
    steady = scatterers(rows, columns)
    noise = np.where(steady, 0.25, 2.5)
    phase = generator.normal(0, 1, (count, rows, columns)) * noise + 0.01 * np.arange(columns)
    bright = np.where(steady, 400.0, 80.0) * np.abs(
        1 + generator.normal(0, 1, (count, rows, columns)) * np.where(steady, 0.12, 0.5)
    )
    values = {
        "phase": np.angle(np.exp(1j * phase)), "amplitude": bright, "complex": bright * np.exp(1j * phase),
    }[quantity]  # fmt: skip
    kind = gdal.GDT_CFloat32 if quantity == "complex" else gdal.GDT_Float32
    made = create(path, count, kind, placed=placed, rows=rows, columns=columns)
    made.SetMetadataItem("WAVELENGTH", "0.05547")
    if amplitude is not None:
        made.SetMetadataItem("COMPANION_AMPLITUDE", amplitude.name)
    for index in range(count):
        band = made.GetRasterBand(index + 1)
        band.WriteArray(values[index].astype(np.complex64 if quantity == "complex" else np.float32))
        if not dated:
            continue
        items = {"QUANTITY": quantity}
        if quantity == "phase":
            items.update(REFERENCE_DATE=days[0], SECONDARY_DATE=days[index + 1])
        else:
            items["DATE"] = days[index]
        if baselines:
            items["PERPENDICULAR_BASELINE"] = f"{60 * np.sin(index):.1f}"
        band.SetMetadata(items)
    made = None
    return values


def write_results(folder: Path, *, method: str = "default", threshold: float = 0.5, placed: bool = True) -> np.ndarray:
    """Write mask.tif, probability.tif, noise.tif and points.gpkg; return the probability."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(9)
    steady = scatterers()
    probability = np.where(steady, generator.beta(8, 2, steady.shape), generator.beta(1, 8, steady.shape)).astype(np.float32)
    probability[:3] = np.nan
    noise = np.where(steady, 0.3, 1.5).astype(np.float32)
    mask = np.where(np.isnan(probability), 255, probability >= np.float32(threshold)).astype(np.uint8)
    items = {"METHOD": method, "THRESHOLD": str(threshold), "MODEL": "scatterers-default 1", "SECONDS": "3.2",
             "CANDIDATES": str(steady.size)}  # fmt: skip
    for name, values, kind, gap in (
        ("mask", mask, gdal.GDT_Byte, 255), ("probability", probability, gdal.GDT_Float32, np.nan),
        ("noise", noise, gdal.GDT_Float32, np.nan),
    ):  # fmt: skip
        made = create(folder / f"{name}.tif", 1, kind, placed=placed)
        made.SetMetadata(items)
        made.GetRasterBand(1).SetNoDataValue(float(gap))
        made.GetRasterBand(1).WriteArray(values)
        made = None
    write_points(folder / "points.gpkg", np.argwhere(mask == 1), probability, items)
    return probability


def write_points(path: Path, places: Sequence, probability: np.ndarray, items: dict) -> None:
    """Write points as the engine does."""
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32615)
    layer = source.CreateLayer(path.stem, system, ogr.wkbPoint)
    for name in ("probabilit", "gamma", "amp_disp", "noise_rad"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    for name in ("row", "col"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTInteger))
    layer.StartTransaction()
    for row, column in places:
        feature = ogr.Feature(layer.GetLayerDefn())
        values = {"probabilit": float(probability[row, column]), "gamma": 0.8, "amp_disp": 0.18, "noise_rad": 0.31}
        for name, value in {**values, "row": int(row), "col": int(column)}.items():
            feature.SetField(name, value)
        x, y = ORIGIN[0] + (column + 0.5) * STEP, ORIGIN[1] - (row + 0.5) * STEP
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({x} {y})"))
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    layer.SetMetadata(items)
    source = None
