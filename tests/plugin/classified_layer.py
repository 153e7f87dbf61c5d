"""Makes small classified GeoPackages with known truth, as the engine writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Tuple

import numpy as np
from osgeo import ogr, osr

from stillpoint.models.trends.classes import FIELDS, NAMES, NOT_CLASSIFIED

WAVELENGTH = 0.0555
KINDS = {"text": ogr.OFTString, "integer": ogr.OFTInteger, "real": ogr.OFTReal, "date": ogr.OFTDate}


def epochs(count: int = 139) -> np.ndarray:
    """Return dates every 12 days from 2017-02-01."""
    return np.datetime64("2017-02-01", "D") + 12 * np.arange(count)


def true_series(code: int, dates: np.ndarray, generator: np.random.Generator) -> Tuple[np.ndarray, Dict[str, Any]]:
    """Return one series (mm) of a class with the attributes that describe it; code -1 is not classified."""
    years = (dates - dates[0]).astype(float) / 365.25
    values: Dict[str, Any] = {"velocity": 0.2, "vel_se": 0.1, "annual": 1.5, "rmse": 1.6, "jumps": 0}
    motion = np.zeros(len(dates))
    if code == 1:
        motion, values["velocity"] = -12.0 * years, -12.0
    elif code == 2:
        motion, values["velocity"], values["accel"] = -4.0 * years - 2.5 * years**2, -15.4, -5.0
    elif code == 3:
        at = 2.4
        motion = -3.0 * years - 19.0 * np.maximum(years - at, 0)
        day = dates[0] + np.timedelta64(int(at * 365.25), "D")
        values.update(velocity=-12.5, velocity_1=-3.0, vel1_se=0.4, velocity_2=-22.0, vel2_se=0.4)
        values.update(break_date=str(day), break_lo=str(day - 18), break_hi=str(day + 18))
    elif code == 4:
        motion = np.where(years > 1.5, 500 * WAVELENGTH, 0.0) - np.where(years > 3.4, 500 * WAVELENGTH, 0.0)
        values["jumps"] = 2
    elif code == -1:
        motion = 9.0 * np.sin(4.1 * years)
    season = 1.5 * np.sin(2 * np.pi * years)
    series = (motion + season + generator.normal(0, 1.6, len(dates))).astype(np.float32)
    series[generator.random(len(dates)) < 0.02] = np.nan
    return series, values


def write_layer(
    path: Path, *, points: int = 240, count: int = 139, series: str = "packed", epsg: int = 4326, seed: int = 3
) -> Dict[int, np.ndarray]:
    """Write a classified GeoPackage on a grid near Granada; return the series by feature id."""
    generator = np.random.default_rng(seed)
    dates = epochs(count)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    layer = source.CreateLayer(path.stem, system, ogr.wkbPoint)
    layer.CreateField(ogr.FieldDefn("pid", ogr.OFTString))
    layer.CreateField(ogr.FieldDefn("coherence", ogr.OFTReal))
    for column in FIELDS:
        layer.CreateField(ogr.FieldDefn(column.name, KINDS[column.kind]))
    names = ["D" + str(day).replace("-", "") for day in dates]
    if series == "packed":
        layer.CreateField(ogr.FieldDefn("series", ogr.OFTBinary))
    elif series == "columns":
        for name in names:
            layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    columns = max(1, round(points**0.5))
    counts = dict.fromkeys((*NAMES, NOT_CLASSIFIED), 0)
    truth: Dict[int, np.ndarray] = {}
    layer.StartTransaction()
    for index in range(points):
        row, column = divmod(index, columns)
        code = _code(row / columns, column / columns, generator)
        values, attributes = true_series(code, dates, generator)
        probabilities = generator.dirichlet([0.4] * 5) * 0.25
        if code >= 0:
            probabilities[code] += 0.75
        else:
            probabilities = np.full(5, 0.2)
        feature = ogr.Feature(layer.GetLayerDefn())
        name = NAMES[code] if code >= 0 else NOT_CLASSIFIED
        counts[name] += 1
        attributes.update({f"p_{k}": float(p) for k, p in enumerate(probabilities)}, trend=name)
        attributes.update(pid=f"A{index:05d}", coherence=0.9, epochs=int(np.isfinite(values).sum()))
        order = np.argsort(probabilities)
        if code >= 0:
            attributes.update(trend_code=code, confidence=float(probabilities[code]), runner_up=NAMES[order[-2]])
        else:
            attributes.update(reason="periodic motion that is not annual")
        for key, value in attributes.items():
            feature.SetField(key, value)
        if series == "packed":
            feature.SetFieldBinaryFromHexString("series", values.astype("<f4").tobytes().hex())
        elif series == "columns":
            for key, value in zip(names, values):
                if np.isfinite(value):
                    feature.SetField(key, float(value))
        jitter = generator.uniform(-0.3, 0.3, 2)
        spot = (-3.6 + 0.0008 * (column + jitter[0]), 37.17 + 0.0008 * (row + jitter[1]))
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({spot[0]} {spot[1]})"))
        layer.CreateFeature(feature)
        truth[feature.GetFID()] = values
    layer.CommitTransaction()
    layer.SetMetadataItem("STILLPOINT_DATES", ",".join(map(str, dates)))
    layer.SetMetadataItem("STILLPOINT_WAVELENGTH", str(WAVELENGTH))
    provenance = {
        "stillpoint": "0.1.0",
        "job": {"task": "classify-trends", "parameters": {"method": "default", "points": "granada.csv"}},
        "model": {"name": "trends-default.safetensors", "version": "1"},
        "input": {"path": "granada.csv", "format": "EGMS L2b CSV"},
        "classes": counts,
    }
    layer.SetMetadataItem("STILLPOINT_PROVENANCE", json.dumps(provenance))
    source = None
    return truth


def _code(row: float, column: float, generator: np.random.Generator) -> int:
    """Return the class of a place: two slides in a stable plain, some errors strewn in."""
    if (row - 0.3) ** 2 + (column - 0.3) ** 2 < 0.03:
        return int(generator.choice([1, 1, 1, 2]))
    if (row - 0.72) ** 2 + (column - 0.66) ** 2 < 0.025:
        return int(generator.choice([3, 3, 3, 2, 1]))
    return int(generator.choice([0, 4, -1, 1], p=[0.88, 0.05, 0.04, 0.03]))
