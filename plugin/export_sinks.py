"""Where an export writes its points: a shapefile or GeoPackage, a table, and a table of the series beside."""

from __future__ import annotations

import csv
import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsVectorFileWriter,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import Qt, QVariant

from stillpoint.plugin.language import tr

DBF_NAME = 10
"""Bytes of a field name in a shapefile."""


@dataclass(frozen=True)
class OutField:
    """One field to write: name in the source, name in the file, type, and where its value comes from."""

    source: str
    name: str
    kind: int
    index: int = -1
    length: int = 0
    precision: int = 0


def cut_text(name: str, size: int) -> str:
    """Return the longest beginning of ``name`` that takes ``size`` bytes in UTF-8."""
    return name.encode()[:size].decode(errors="ignore")


class LayerSink:
    """Writes a shapefile or GeoPackage with QGIS's writer."""

    def __init__(
        self,
        target: Path,
        driver: str,
        fields: Sequence[OutField],
        crs: QgsCoordinateReferenceSystem,
        context: QgsCoordinateTransformContext,
        items: Mapping[str, str],
    ) -> None:
        self._target, self._items = target, items
        is_shapefile = driver == "ESRI Shapefile"
        self._fields = QgsFields()
        for item in fields:
            self._fields.append(QgsField(item.name, item.kind, "", item.length, item.precision))
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = driver
        options.layerName = target.stem
        options.fileEncoding = "UTF-8"
        options.layerOptions = ["RESIZE=YES", "ENCODING=UTF-8"] if is_shapefile else ["SPATIAL_INDEX=YES"]
        wkb = QgsWkbTypes.Type.Point
        self._writer = QgsVectorFileWriter.create(str(target), self._fields, wkb, crs, context, options)
        self._cut: Dict[str, int] = {}
        self._texts = [
            (position, item) for position, item in enumerate(fields) if is_shapefile and item.kind == QVariant.String
        ]
        self._raise_on_error()

    def _raise_on_error(self) -> None:
        if self._writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise OSError(0, self._writer.errorMessage() or "the file could not be created")

    def add(self, feature: QgsFeature, values: List[Any]) -> None:
        """Write one point."""
        for position, item in self._texts:
            text = _text(values[position])
            if text is not None and len(text.encode()) > item.length:
                self._cut[item.name] = self._cut.get(item.name, 0) + 1
                text = cut_text(text, item.length)
            values[position] = text
        out = QgsFeature(self._fields)
        out.setGeometry(feature.geometry())
        out.setAttributes(values)
        if not self._writer.addFeature(out):
            self._raise_on_error()
            raise OSError(errno.ENOSPC, "a point could not be written")

    def close(self) -> None:
        """Let QGIS finish the file."""
        del self._writer

    def check(self, count: int) -> None:
        """Read the number of points back: a disk that filled up is noticed only now by some drivers."""
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            source = gdal.OpenEx(str(self._target), gdal.OF_VECTOR)
            found = -1 if source is None else source.GetLayer(0).GetFeatureCount()
        except RuntimeError:
            found = -1
        finally:
            gdal.PopErrorHandler()
        if found != count:
            raise OSError(errno.ENOSPC, "the file came out incomplete")
        if self._items:
            source = None
            source = gdal.OpenEx(str(self._target), gdal.OF_VECTOR | gdal.OF_UPDATE)
            layer = source.GetLayer(0)
            for key, value in self._items.items():
                layer.SetMetadataItem(key, value)
        source = None

    def notes(self) -> List[str]:
        """Return sentences on texts that were cut."""
        text = tr("{0:,} texts of {1} were longer than the field and were cut.")
        return [text.format(number, name) for name, number in self._cut.items()]


class TableSink:
    """Writes a CSV with the coordinates first."""

    def __init__(self, target: Path, fields: Sequence[OutField]) -> None:
        self._stream = open(target, "w", newline="", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self._writer = csv.writer(self._stream)
        self._writer.writerow(["x", "y", *(item.name for item in fields)])

    def add(self, feature: QgsFeature, values: List[Any]) -> None:
        """Write one point."""
        geometry = feature.geometry()
        if geometry.isNull():
            x, y = "", ""
        else:
            spot = geometry.asMultiPoint()[0] if geometry.isMultipart() else geometry.asPoint()
            x, y = repr(spot.x()), repr(spot.y())
        self._writer.writerow([x, y, *("" if text is None else text for text in map(_cell, values))])

    def close(self) -> None:
        """Flush and close."""
        self._stream.close()

    def check(self, count: int) -> None:
        """Nothing to read back: Python reports a full disk itself."""

    def notes(self) -> List[str]:
        """Return no sentences: a CSV holds any text."""
        return []


class SeriesBeside:
    """Writes the series to a CSV beside the shapefile, a row a point, keyed by the record's number."""

    def __init__(self, target: Path, fields: Sequence[OutField], dates: np.ndarray) -> None:
        self._stream = open(target, "w", newline="", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self._writer = csv.writer(self._stream)
        self._key = next((position for position, item in enumerate(fields) if item.index >= 0), None)
        key = [] if self._key is None else [fields[self._key].name]
        self._writer.writerow(["record", *key, *("D" + str(day).replace("-", "") for day in dates)])

    def add(self, record: int, values: List[Any], series: np.ndarray) -> None:
        """Write one series."""
        key = [] if self._key is None else [_cell(values[self._key])]
        self._writer.writerow([record, *key, *("" if value != value else f"{value:.3f}" for value in series.tolist())])

    def close(self) -> None:
        """Flush and close."""
        self._stream.close()


def _cell(value: Any) -> Any:
    """Return a value as a CSV holds it; None where it is NULL."""
    if isinstance(value, (int, float, str)):
        return value
    return _text(value)


def _text(value: Any) -> Optional[str]:
    """Return a value as text, dates in ISO form; None where it is NULL."""
    if value is None or value == NULL:
        return None
    return value.toString(Qt.DateFormat.ISODate) if hasattr(value, "toString") else str(value)
