"""What the files of a selection of scatterers say about how they were made, and how layers tell it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from osgeo import gdal
from qgis.core import QgsLayerMetadata, QgsMapLayer, QgsVectorLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import provenance, stacks
from stillpoint.plugin.language import tr

METHODS: Dict[str, str] = {
    "default": "Stillpoint's network",
    "unet": "U-Net",
    "cnn_iss": "CNN-ISS",
    "clstm_iss": "CLSTM-ISS",
    "phase_stability": "Phase stability",
    "amplitude_dispersion": "Amplitude dispersion",
}
"""Methods by the names that people read."""


@dataclass(frozen=True)
class Facts:
    """What a probability raster says about how it was made.

    Attributes
    ----------
    method
        Name of the method as a job has it; empty where unknown.
    threshold
        The method's own threshold.
    items
        All metadata items of the file.
    """

    method: str
    threshold: float
    items: Dict[str, str]

    @property
    def name(self) -> str:
        """The method for people."""
        return METHODS.get(self.method, self.method or "unknown method")


def facts_of(path: str) -> Facts:
    """Read what a result's raster says; raises StillpointError where it cannot be opened."""
    source = stacks.opened(path)
    items = {key.upper(): str(value) for key, value in (source.GetMetadata() or {}).items()}
    threshold = stacks.number_of(items.get("THRESHOLD"))
    return Facts(items.get("METHOD", ""), 0.5 if threshold is None else threshold, items)


def items_of_points(layer: QgsVectorLayer) -> Dict[str, str]:
    """Return the metadata items of a point file."""
    path = layer.source().partition("|")[0]
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        source = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY)
        if source is None:
            return {}
        found = dict(source.GetMetadata() or {})
        table = source.GetLayer(0)
        found.update((table.GetMetadata() or {}) if table is not None else {})
    except RuntimeError:
        return {}
    finally:
        gdal.PopErrorHandler()
    return _completed({key.upper(): str(value) for key, value in found.items()})


def _completed(items: Dict[str, str]) -> Dict[str, str]:
    """Return metadata items with method, threshold and time from the provenance where the file has no room for their own."""
    try:
        told = json.loads(items.get("STILLPOINT_PROVENANCE") or "{}")
        asked = dict(dict(told.get("job") or {}).get("parameters") or {})
    except (ValueError, TypeError, AttributeError):
        return items
    known = {"METHOD": asked.get("method"), "THRESHOLD": told.get("threshold"), "SECONDS": told.get("seconds")}
    return {**{key: str(value) for key, value in known.items() if value is not None}, **items}


def written_threshold(layer: QgsMapLayer) -> Optional[float]:
    """Return the threshold at which the points of a selection were written; None where the file does not say."""
    try:
        return facts_of(stacks.path_of(layer)).threshold
    except StillpointError:
        return None


def selected_count(layer: QgsMapLayer) -> Optional[int]:
    """Return how many pixels the method itself selected; None where the file does not say."""
    try:
        told = json.loads(facts_of(stacks.path_of(layer)).items.get("STILLPOINT_PROVENANCE") or "{}")
        return int(told["selected"])
    except (StillpointError, ValueError, KeyError, TypeError):
        return None


_TITLES = {
    "probability": "Probability that a pixel is a persistent scatterer (PS), 0 to 1. Pixels below the threshold are not drawn.",
    "mask": "Persistent scatterers (PS): 1 PS, 0 not, 255 no data.",
    "noise": "Standard deviation of the phase of a single image, in radians: the lower, the steadier the pixel.",
    "points": "Persistent scatterers (PS) with their probability, phase stability, amplitude dispersion and phase noise.",
}


def set_metadata(layer: QgsMapLayer, role: str, items: Mapping[str, str]) -> None:
    """Write what the layer is and how it was made into QGIS's layer metadata and notes."""
    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setTitle(f"Persistent scatterers: {layer.name()}")
    metadata.setType("dataset")
    metadata.setAbstract(tr(_TITLES[role]))
    metadata.setKeywords({"Stillpoint": ["InSAR", "persistent scatterers", "PS"]})
    metadata.setHistory([])
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    provenance.tell(layer, _provenance(items))


def _provenance(items: Mapping[str, str]) -> Dict[str, Any]:
    """Return how a file was made, from its metadata items."""
    made: Dict[str, Any] = {}
    try:
        told = json.loads(items.get("STILLPOINT_PROVENANCE") or "{}")
    except ValueError:
        told = {}
    if isinstance(told, dict):
        made.update(told)
    for key, name in (
        ("METHOD", "Method"), ("THRESHOLD", "Threshold"), ("MODEL", "Model"), ("SECONDS", "Seconds"),
        ("CANDIDATES", "Candidates"),
    ):  # fmt: skip
        value = items.get(key)
        if value:
            made[name] = METHODS.get(value, value) if key == "METHOD" else value
    return made
