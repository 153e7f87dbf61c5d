"""How long a click of the series viewer takes on a layer of a million points. ``python -m benchmarks.series_viewer``.

The layer is made in a temporary folder (a GeoPackage with packed series, written through SQLite), opened in a
hidden window, and clicked a few pixels beside random points: search, reading, fit, chart and panel, painted, all counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import struct
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

WAVELENGTH = 0.0555


def make_layer(path: Path, *, points: int, epochs: int, seed: int = 1) -> None:
    """Write a classified GeoPackage with a packed series for each point, spread over 60 km by 60 km."""
    from osgeo import ogr, osr

    from stillpoint.models.trends.classes import FIELDS, NAMES

    kinds = {"text": ogr.OFTString, "integer": ogr.OFTInteger, "real": ogr.OFTReal, "date": ogr.OFTDate}
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32630)
    layer = source.CreateLayer("points", system, ogr.wkbPoint, ["SPATIAL_INDEX=NO"])
    layer.CreateField(ogr.FieldDefn("pid", ogr.OFTString))
    for column in FIELDS:
        layer.CreateField(ogr.FieldDefn(column.name, kinds[column.kind]))
    layer.CreateField(ogr.FieldDefn("series", ogr.OFTBinary))
    dates = np.datetime64("2016-01-05", "D") + 6 * np.arange(epochs)
    layer.SetMetadataItem("STILLPOINT_DATES", ",".join(map(str, dates)))
    layer.SetMetadataItem("STILLPOINT_WAVELENGTH", str(WAVELENGTH))
    layer.SetMetadataItem("STILLPOINT_PROVENANCE", json.dumps({"stillpoint": "benchmark"}))
    source = None

    generator = np.random.default_rng(seed)
    years = (dates - dates[0]).astype(float) / 365.25
    names = ["geom", "pid", "trend", "trend_code", "confidence", *(f"p_{code}" for code in range(5)), "velocity",
             "vel_se", "break_date", "rmse", "epochs", "series"]
    statement = f"INSERT INTO points ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # nosec B608
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = MEMORY")
    header = struct.pack("<2sBBi", b"GP", 0, 1, 32630)
    for start in range(0, points, 20_000):
        count = min(20_000, points - start)
        codes = generator.choice(5, count, p=[0.7, 0.14, 0.06, 0.06, 0.04])
        x, y = 4.0e5 + 6e4 * generator.random(count), 4.1e6 + 6e4 * generator.random(count)
        speed = generator.normal(0, 8, count)
        motion = np.where((codes == 1)[:, None], speed[:, None] * years, 0.0)
        motion += np.where((codes == 2)[:, None], 0.3 * speed[:, None] * years**2, 0.0)
        motion += np.where((codes == 3)[:, None], speed[:, None] * np.maximum(years - 2.0, 0), 0.0)
        motion += np.where((codes == 4)[:, None], 500 * WAVELENGTH * (years > 1.7), 0.0)
        noise = generator.standard_normal((count, epochs), dtype=np.float32)
        series = (motion + 2.0 * noise).astype("<f4")
        rows: List[Any] = []
        for index in range(count):
            code = int(codes[index])
            geometry = header + struct.pack("<BIdd", 1, 1, x[index], y[index])
            shares = [0.03] * 5
            shares[code] = 0.88
            rows.append((geometry, f"P{start + index}", NAMES[code], code, 0.88, *shares, float(speed[index]), 0.2,
                         str(dates[len(dates) // 2]) if code == 3 else None, 2.0, epochs, series[index].tobytes()))
        connection.executemany(statement, rows)
        connection.commit()
    connection.execute(
        "UPDATE gpkg_contents SET min_x = 400000, max_x = 460000, min_y = 4100000, max_y = 4160000 "
        "WHERE table_name = 'points'"
    )
    connection.commit()
    connection.close()
    from osgeo import gdal

    source = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    source.ExecuteSQL("SELECT CreateSpatialIndex('points', 'geom')")
    source = None


def measure(path: Path, *, clicks: int, scales: Sequence[int], seed: int = 2) -> Dict[str, Any]:
    """Click beside random points at several map scales; return the times in milliseconds by scale."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication, QgsPointXY, QgsProject, QgsRectangle, QgsVectorLayer

    application = QgsApplication.instance() or QgsApplication([], True)
    QgsApplication.initQgis()
    from stillpoint.plugin.layers import style_trends_layer
    from stillpoint.ui.series_viewer import SeriesViewerDock
    from tests.iface import Interface

    layer = QgsVectorLayer(str(path), "points", "ogr")
    begin = time.perf_counter()
    style_trends_layer(layer)
    report: Dict[str, Any] = {"points": layer.featureCount(), "style_ms": 1000 * (time.perf_counter() - begin)}
    QgsProject.instance().addMapLayer(layer)
    iface = Interface()
    canvas = iface.mapCanvas()
    canvas.setRenderFlag(False)  # drawing the map goes on beside a click in QGIS; it is no part of the answer
    canvas.setDestinationCrs(layer.crs())
    dock = SeriesViewerDock(iface, iface.mainWindow())
    from qgis.PyQt.QtCore import Qt

    iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    iface.setActiveLayer(layer)
    iface.mainWindow().show()
    application.processEvents()
    generator = np.random.default_rng(seed)
    for scale in scales:
        times, found = [], 0
        for _ in range(clicks):
            spot = layer.getFeature(int(generator.integers(1, layer.featureCount() + 1))).geometry().asPoint()
            metres = 0.0003 * scale  # a pixel of a 96 dpi screen
            x, y = (value + metres * generator.uniform(-4, 4) for value in (spot.x(), spot.y()))
            canvas.setExtent(QgsRectangle(x - 10, y - 10, x + 10, y + 10))
            canvas.zoomScale(scale)
            application.processEvents()
            begin = time.perf_counter()
            found += dock.pick_at(QgsPointXY(x, y))
            dock.chart.repaint()
            dock.panel.repaint()
            application.processEvents()
            times.append(1000 * (time.perf_counter() - begin))
        times.sort()
        report[f"1:{scale}"] = {
            "clicks": clicks, "found": found, "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1), "worst_ms": round(times[-1], 1),
        }
    dock.unload()
    iface.close()
    return report


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Make the layer, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--epochs", type=int, default=139)
    parser.add_argument("--clicks", type=int, default=60)
    parser.add_argument("--folder", help="where to make the layer; default: a temporary folder")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "points.gpkg"
        begin = time.perf_counter()
        make_layer(path, points=options.points, epochs=options.epochs)
        size = path.stat().st_size / 1e6
        sys.stdout.write(f"layer made in {time.perf_counter() - begin:.0f} s, {size:,.0f} MB\n")
        report = measure(path, clicks=options.clicks, scales=(5_000, 50_000, 500_000))
    style = report.pop("style_ms")
    sys.stdout.write(f"{report.pop('points'):,} points; styled in {style:.0f} ms\n")
    sys.stdout.write(f"{'scale':<12}{'found':>8}{'median':>10}{'95 %':>10}{'worst':>10}\n")
    for scale, row in report.items():
        figures = "".join(f"{row[key]:>7.1f} ms" for key in ("median_ms", "p95_ms", "worst_ms"))
        sys.stdout.write(f"{scale:<12}{row['found']:>4}/{row['clicks']:<3}{figures}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
