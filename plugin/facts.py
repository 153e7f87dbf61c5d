"""What a layer says about itself beside its attributes: dates, wavelength, provenance, counts by class.

The engine writes them as metadata items (``STILLPOINT_DATES`` ...) that GDAL reads, or into a
``.stillpoint.json`` beside formats that have no room for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np
from osgeo import gdal
from qgis.core import QgsFeatureRequest, QgsProviderRegistry, QgsVectorLayer

from stillpoint.models.trends.classes import NAMES, NOT_CLASSIFIED

DATES, WAVELENGTH, PROVENANCE = "STILLPOINT_DATES", "STILLPOINT_WAVELENGTH", "STILLPOINT_PROVENANCE"
ITEMS = (DATES, WAVELENGTH, PROVENANCE)
CRS = "crs"

Counts = Dict[Optional[int], int]


@dataclass(frozen=True)
class LayerFacts:
    """What a layer's file says beside its attributes.

    Attributes
    ----------
    dates
        ``datetime64[D]``, shape (e,); None where the file names none.
    wavelength
        Radar wavelength in metres, where known.
    provenance
        How the layer was made (version, model, method, parameters, input, time, counts).
    """

    dates: Optional[np.ndarray] = None
    wavelength: Optional[float] = None
    provenance: Dict[str, Any] = field(default_factory=dict)


def source_of(layer: QgsVectorLayer) -> Tuple[str, str]:
    """Return (path, layer name) of a layer's file; ("", "") where it has none."""
    if layer.dataProvider() is None or layer.providerType() not in ("ogr", "delimitedtext"):
        return "", ""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = str(parts.get("path") or "")
    if layer.providerType() == "delimitedtext" and path.startswith("file:"):
        from qgis.PyQt.QtCore import QUrl

        path = QUrl(path.split("?")[0]).toLocalFile()
    return path, str(parts.get("layerName") or "")


def facts_of(layer: QgsVectorLayer) -> LayerFacts:
    """Read the facts of a layer from its file's metadata, its sidecar, or its custom properties."""
    items: Dict[str, Any] = {}
    path, name = source_of(layer)
    if path:
        items.update(_sidecar(Path(path)))
        if layer.providerType() == "ogr":
            items.update(_gdal_items(path, name))
    for item in ITEMS:
        value = layer.customProperty(item)
        if value:
            items[item] = value
    return _parsed(items)


def _sidecar(path: Path) -> Dict[str, Any]:
    """Return the items of the ``.stillpoint.json`` beside ``path``."""
    for candidate in (path.with_suffix(".stillpoint.json"), Path(f"{path}.stillpoint.json")):
        try:
            form = json.loads(candidate.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(form, dict):
            items = form.get("metadata", form)
            found = dict(items) if isinstance(items, dict) else {}
            if form.get("crs"):
                found[CRS] = form["crs"]
            return found
    return {}


def sidecar_crs(path: str) -> str:
    """Return the CRS (authority code or WKT) that the description beside a file names; empty where none."""
    return str(_sidecar(Path(path)).get(CRS, ""))


def _gdal_items(path: str, name: str) -> Dict[str, str]:
    """Return Stillpoint's metadata items of a layer in a GDAL data source."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        source = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY)
    except RuntimeError:
        source = None
    finally:
        gdal.PopErrorHandler()
    if source is None:
        return {}
    found = dict(source.GetMetadata() or {})
    layer = source.GetLayerByName(name) if name else source.GetLayer(0)
    if layer is not None:
        found.update(layer.GetMetadata() or {})
    return {key: value for key, value in found.items() if key in ITEMS}


def _parsed(items: Mapping[str, Any]) -> LayerFacts:
    """Turn metadata items, text or JSON values, into facts; what cannot be read is left out."""
    dates: Optional[np.ndarray] = None
    listed = items.get(DATES)
    if isinstance(listed, str):
        listed = [part.strip() for part in listed.split(",") if part.strip()]
    if listed:
        try:
            dates = np.array(list(listed), dtype="datetime64[D]")
        except (TypeError, ValueError):
            dates = None
    try:
        wavelength: Optional[float] = float(items[WAVELENGTH])
    except (KeyError, TypeError, ValueError):
        wavelength = None
    provenance = items.get(PROVENANCE) or {}
    if isinstance(provenance, str):
        try:
            provenance = json.loads(provenance)
        except ValueError:
            provenance = {}
    return LayerFacts(dates, wavelength, dict(provenance) if isinstance(provenance, dict) else {})


def counts_from(provenance: Mapping[str, Any]) -> Optional[Counts]:
    """Return counts by class code from a provenance; None where it has none."""
    for key in ("counts", "classes", "class_counts"):
        table = provenance.get(key)
        if isinstance(table, Mapping) and table:
            counts: Counts = {code: 0 for code in (*range(len(NAMES)), None)}
            for name, number in table.items():
                code = _code_of(str(name))
                if code == -1 or not isinstance(number, (int, float)):
                    return None
                counts[code] += int(number)
            return counts
    return None


def _code_of(name: str) -> Optional[int]:
    """Return the class code of a name or number in text; None for "Not classified"; -1 where unknown."""
    if name in NAMES:
        return NAMES.index(name)
    if name in (NOT_CLASSIFIED, "", "None", "null"):
        return None
    return int(name) if name.isdigit() and int(name) < len(NAMES) else -1


def class_counts(layer: QgsVectorLayer, facts: Optional[LayerFacts] = None) -> Counts:
    """Return the number of points of each class code (None: not classified) of a whole layer.

    The provenance answers at once; else the file's own SQL counts; else the features are gone through.
    Counts of the provenance are taken only where they add up to what the layer holds now.
    """
    facts = facts_of(layer) if facts is None else facts
    counts = counts_from(facts.provenance)
    if counts is not None and not layer.subsetString() and sum(counts.values()) == layer.featureCount():
        return counts
    if layer.providerType() == "ogr" and not layer.subsetString() and not layer.isEditable():
        counts = _counts_by_sql(*source_of(layer))
        if counts is not None:
            return counts
    return counts_of(layer, QgsFeatureRequest())


def _counts_by_sql(path: str, name: str) -> Optional[Counts]:
    """Count the classes with the data source's SQL; None where it cannot."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        source = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY)
        if source is None:
            return None
        table = (name or source.GetLayer(0).GetName()).replace('"', '""')
        dialect = "" if source.GetDriver().ShortName in ("GPKG", "SQLite") else "SQLITE"
        rows = source.ExecuteSQL(
            f'SELECT trend_code AS code, COUNT(*) AS n FROM "{table}" GROUP BY trend_code',  # nosec B608
            dialect=dialect,
        )
        if rows is None:
            return None
        counts: Counts = {code: 0 for code in (*range(len(NAMES)), None)}
        for row in rows:
            code = _code_of(str(row.GetField(0)).strip())
            counts[None if code == -1 else code] += int(row.GetField(1))
        source.ReleaseResultSet(rows)
        return counts
    except (RuntimeError, AttributeError, TypeError):
        return None
    finally:
        gdal.PopErrorHandler()


def counts_of(layer: QgsVectorLayer, request: QgsFeatureRequest) -> Counts:
    """Count the classes of the features that ``request`` finds, reading nothing but the class code."""
    counts: Counts = {code: 0 for code in (*range(len(NAMES)), None)}
    index = layer.fields().lookupField("trend_code")
    if index < 0:
        return counts
    if request.filterRect().isNull():
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([index])
    for feature in layer.getFeatures(request):
        code = _code_of(str(feature.attribute(index)).strip())
        counts[None if code == -1 else code] += 1
    return counts
