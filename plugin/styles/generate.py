"""Writes ``models/styles/trends.qml`` and ``trends.sld`` from the style that result layers get.

Run ``python -m stillpoint.plugin.styles.generate`` after a change of the colours or symbols. The engine
copies the two files beside a shapefile without knowing QGIS; a test compares them with a fresh run.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import xml.etree.ElementTree as ElementTree  # nosec B405
from pathlib import Path
from typing import Dict, Match, Optional, Sequence

from qgis.core import QgsApplication, QgsField, QgsMapLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

from stillpoint.models.errors import StillpointError
from stillpoint.models.styles import style_files
from stillpoint.plugin.layers import ALIASES, MAP_TIP
from stillpoint.plugin.styles.trends import FIELD, renderer

_ATTRIBUTE = r'[\w:]+="[^"]*"'


def styles() -> Dict[str, str]:
    """Return the text of the style files by suffix (".qml", ".sld")."""
    layer = QgsVectorLayer("Point?crs=EPSG:4326", "trends", "memory")
    layer.dataProvider().addAttributes([QgsField(FIELD, QVariant.Int), QgsField("confidence", QVariant.Double)])
    layer.updateFields()
    layer.setRenderer(renderer())
    layer.setMapTipTemplate(MAP_TIP)
    for name in (FIELD, "confidence"):
        layer.setFieldAlias(layer.fields().lookupField(name), ALIASES[name])
    return {".qml": qml_of(layer), ".sld": sld_of(layer)}


def qml_of(layer: QgsVectorLayer) -> str:
    """Return symbols and map tips of a layer as QML, without what changes from run to run."""
    categories = QgsMapLayer.StyleCategory.Symbology | QgsMapLayer.StyleCategory.MapTips
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "style.qml"
        message, good = layer.saveNamedStyle(str(path), categories)
        if not good:
            raise StillpointError(f"QGIS could not write the style: {message}")
        text = path.read_text(encoding="utf-8")
    return settled(text)


def settled(qml: str) -> str:
    """Return QML with what changes between runs and versions taken out: order of attributes, identifiers."""
    head, _, body = qml.partition("<qgis")
    root = ElementTree.fromstring("<qgis" + body)  # nosec B314 - QGIS wrote it a moment ago
    root.set("version", "3.22.0")
    for element in root.iter():
        kept = {key: value for key, value in element.attrib.items() if not (element.tag == "layer" and key == "id")}
        element.attrib.clear()
        element.attrib.update(sorted(kept.items()))
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def sld_of(layer: QgsVectorLayer) -> str:
    """Return the symbols of a classified layer as SLD: fixed sizes, for it knows no expressions."""
    plain = layer.clone()
    plain.setRenderer(renderer(field=FIELD, by_scale=False, by_confidence=False))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "style.sld"
        message, good = plain.saveSldStyle(str(path))
        if not good:
            raise StillpointError(f"QGIS could not write the style: {message}")
        text = path.read_text(encoding="utf-8")
    return re.sub(r"<StyledLayerDescriptor ([^>]*)>", _sorted_attributes, text)


def _sorted_attributes(tag: Match[str]) -> str:
    """Return the root tag with its attributes in the order of the alphabet: Qt shuffles them."""
    return f"<StyledLayerDescriptor {' '.join(sorted(re.findall(_ATTRIBUTE, tag.group(1))))}>"


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Write the style files into ``models/styles``."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication.instance() or QgsApplication([], False)
    QgsApplication.initQgis()
    texts = styles()
    for path in style_files():
        path.write_text(texts[path.suffix], encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
