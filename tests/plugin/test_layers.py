"""Result layers: style, legend, colours for the colour-blind, names, time, provenance."""

from __future__ import annotations

import itertools
import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    Qgis,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QSize
from qgis.PyQt.QtGui import QColor

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Result
from stillpoint.models.styles import style_files
from stillpoint.models.trends.classes import FIELDS
from stillpoint.plugin.facts import class_counts, facts_of
from stillpoint.plugin.layers import ALIASES, add_result_layers, open_points, style_trends_layer
from stillpoint.plugin.styles.palette import LOOKS, UNKNOWN

from .classified_layer import write_layer

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab_seen(colour: str, sight: str) -> np.ndarray:
    """Return the CIELAB coordinates (D65) in which an eye sees a colour."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIGHT[sight]) @ linear, 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = np.array(to_xyz) @ seen / [0.95047, 1, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(first: np.ndarray, second: np.ndarray) -> float:
    """Return the CIEDE2000 difference (Sharma, Wu & Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    dh = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    big_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else ((h1 + h2 + 360) / 2) % 360
    hue = h1 + h2 if not c1 * c2 else hue
    t = (1 - 0.17 * math.cos(math.radians(hue - 30)) + 0.24 * math.cos(math.radians(2 * hue))
         + 0.32 * math.cos(math.radians(3 * hue + 6)) - 0.20 * math.cos(math.radians(4 * hue - 63)))
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    turn = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(
        math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    dl, dc = (l2 - l1) / sl, (c2 - c1) / sc
    return math.sqrt(dl**2 + dc**2 + (big_h / sh) ** 2 + turn * dc * big_h / sh)


def test_ciede2000_agrees_with_published_pairs():
    pairs = [((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425), ((50, 2.5, 0), (73, 25, -18), 27.1492),
             ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644)]
    for first, second, expected in pairs:
        assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHT)
def test_classes_can_be_told_apart_by_every_eye(sight):
    colours = {look.name: lab_seen(look.colour, sight) for look in LOOKS}
    nearest = min(ciede2000(*pair) for pair in itertools.combinations(colours.values(), 2))
    assert nearest > 24
    ring = lab_seen(UNKNOWN.colour, sight)
    assert min(ciede2000(ring, other) for other in colours.values()) > 14


@pytest.fixture(scope="module")
def classified(tmp_path_factory):
    path = tmp_path_factory.mktemp("layers") / "granada.gpkg"
    write_layer(path, points=220, count=40)
    return path


@pytest.fixture
def layer(qgis_app, classified):
    result = QgsVectorLayer(str(classified), "granada", "ogr")
    style_trends_layer(result)
    return result


def true_counts(path: Path):
    layer = QgsVectorLayer(str(path), "", "ogr")
    found = {code: 0 for code in (*range(5), None)}
    for feature in layer.getFeatures():
        value = feature["trend_code"]
        found[None if not isinstance(value, int) else value] += 1
    return found


def test_map_goes_to_a_result_that_it_does_not_show_and_stays_where_it_shows_it(qgis_iface, classified):
    job, result = ClassifyTrends(points="/data/granada.csv", output=str(classified)), Result({"output": str(classified)})
    canvas = qgis_iface.mapCanvas()
    whole = add_result_layers(result, job, iface=qgis_iface)[0].extent()
    part = QgsRectangle(whole.xMinimum(), whole.yMinimum(), whole.center().x(), whole.center().y())
    elsewhere = QgsRectangle(whole.xMaximum() + 900, whole.yMaximum() + 900, whole.xMaximum() + 1000, whole.yMaximum() + 1000)
    canvas.setExtent(part)
    seen = canvas.extent()
    add_result_layers(result, job, iface=qgis_iface)
    assert canvas.extent() == seen
    canvas.setExtent(elsewhere)
    add_result_layers(result, job, iface=qgis_iface)
    assert canvas.extent().contains(whole)


def test_result_is_added_in_a_group_and_made_active(qgis_iface, classified):
    job = ClassifyTrends(points="/data/granada.csv", output=str(classified))
    result = Result({"output": str(classified), "log": "/nowhere/log.txt"})
    layers = add_result_layers(result, job, iface=qgis_iface)
    assert [item.name() for item in layers] == ["granada"]
    group = QgsProject.instance().layerTreeRoot().children()[0]
    assert group.name() == "Stillpoint - granada"
    assert [node.layer() for node in group.findLayers()] == layers
    assert qgis_iface.activeLayer() is layers[0]
    assert qgis_iface.mapCanvas().extent().contains(layers[0].extent())
    add_result_layers(result, job, iface=qgis_iface)
    names = [child.name() for child in QgsProject.instance().layerTreeRoot().children()]
    assert names == ["Stillpoint - granada (2)", "Stillpoint - granada"]


def test_missing_result_is_a_sentence(qgis_app, tmp_path):
    with pytest.raises(StillpointError, match="no longer there"):
        open_points(str(tmp_path / "gone.gpkg"))


def test_layer_without_classes_is_refused(qgis_app):
    plain = QgsVectorLayer("Point?crs=EPSG:4326&field=a:int", "plain", "memory")
    with pytest.raises(StillpointError, match="trend_code"):
        style_trends_layer(plain)


def test_legend_counts_every_class(layer, classified):
    counts = true_counts(classified)
    labels = [category.label() for category in layer.renderer().categories()]
    assert labels == [f"{look.name} ({counts[look.code]:,})" for look in (*LOOKS, UNKNOWN)]
    assert counts[1] > 0 and counts[None] > 0


def test_counts_follow_the_data_where_the_provenance_is_out_of_date(qgis_app, tmp_path):
    path = tmp_path / "old.gpkg"
    write_layer(path, points=60, count=20)
    layer = QgsVectorLayer(str(path), "", "ogr")
    ids = [feature.id() for feature in layer.getFeatures(QgsFeatureRequest().setLimit(10))]
    layer.dataProvider().deleteFeatures(ids)
    assert class_counts(layer) == true_counts(path)
    assert sum(class_counts(layer).values()) == 50
    layer.setSubsetString("trend_code = 0")
    assert set(class_counts(layer).values()) == {0, layer.featureCount()}


def test_symbols_fade_with_doubt_and_grow_with_scale(layer):
    assert layer.renderer().usingSymbolLevels()
    symbols = [category.symbol().clone() for category in layer.renderer().categories()]
    passes = [symbol.symbolLayer(0).renderingPass() for symbol in symbols]
    assert passes == [1, 2, 3, 4, 5, 0]
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    feature = next(layer.getFeatures(QgsFeatureRequest().setFilterExpression("trend_code = 1")))

    def opacity(confidence):
        feature["confidence"] = confidence
        context.setFeature(feature)
        prop = symbols[1].dataDefinedProperties().property(type(symbols[1]).Property.PropertyOpacity)
        return prop.valueAsDouble(context, -1)[0]

    assert opacity(0.4) == pytest.approx(40) and opacity(1.0) == pytest.approx(100)
    assert 40 < opacity(0.7) < 100
    sizes = []
    for scale in (5000, 50_000, 400_000):
        expression = QgsExpression(symbols[0].symbolLayer(0).dataDefinedProperties().property(
            type(symbols[0].symbolLayer(0)).Property.PropertySize).expressionString().replace("@map_scale", str(scale)))
        sizes.append(expression.evaluate(context))
    assert sizes[0] == pytest.approx(3.0) and sizes[2] == pytest.approx(1.1) and sizes[0] > sizes[1] > sizes[2]


def test_map_shows_the_colours_with_rare_classes_on_top(layer):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(240, 240))
    settings.setBackgroundColor(QColor("white"))
    by_code = {}
    for feature in layer.getFeatures():
        value = feature["trend_code"]
        by_code.setdefault(value if isinstance(value, int) else None, feature)
    for code in (0, 1, 3, 4):
        feature = by_code[code]
        layer.startEditing()
        layer.changeAttributeValue(feature.id(), layer.fields().lookupField("confidence"), 1.0)
        spot = feature.geometry().asPoint()
        extent = feature.geometry().buffer(0.0001, 8).boundingBox()
        settings.setExtent(extent)
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        image = job.renderedImage()
        pixel = settings.mapToPixel().transform(spot)
        seen = image.pixelColor(round(pixel.x()), round(pixel.y()))
        wanted = QColor(LOOKS[code].colour)
        layer.rollBack()
        assert max(abs(a - b) for a, b in zip(seen.getRgb()[:3], wanted.getRgb()[:3])) < 12, LOOKS[code].name


def test_fields_have_names_with_units_and_the_series_is_hidden(layer):
    assert {column.name for column in FIELDS} <= set(ALIASES)
    for column in FIELDS:
        assert layer.attributeDisplayName(layer.fields().lookupField(column.name)) == ALIASES[column.name]
    assert "mm/yr" in ALIASES["velocity"]
    index = layer.fields().lookupField("series")
    assert layer.editorWidgetSetup(index).type() == "Hidden"
    hidden = [column.name for column in layer.attributeTableConfig().columns() if column.hidden and column.name]
    assert hidden == ["series"]


def test_map_tip_tells_class_confidence_and_velocity(layer):
    feature = next(layer.getFeatures(QgsFeatureRequest().setFilterExpression("trend_code = 3")))
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "Bilinear" in tip and "mm/yr" in tip and "Break 20" in tip and " %" in tip
    assert "[%" not in tip


def test_time_plays_the_breaks(layer):
    properties = layer.temporalProperties()
    assert properties.isActive() and properties.accumulateFeatures()
    assert properties.mode() == Qgis.VectorTemporalMode.FeatureDateTimeInstantFromField
    assert properties.startField() == "break_date"


def test_layer_without_breaks_has_the_span_of_its_series(qgis_app):
    layer = QgsVectorLayer("Point?crs=EPSG:4326&field=trend_code:int", "plain", "memory")
    layer.setCustomProperty("STILLPOINT_DATES", "2017-02-01,2017-02-13,2019-05-04")
    style_trends_layer(layer)
    span = layer.temporalProperties().fixedTemporalRange()
    assert span.begin().date() == QDate(2017, 2, 1) and span.end().date() == QDate(2019, 5, 4)


def test_metadata_tells_how_the_layer_was_made(layer):
    metadata = layer.metadata()
    assert "220 displacement time series" in metadata.abstract()
    assert "40 epochs from 2017-02-01" in metadata.abstract() and "55.5 mm" in metadata.abstract()
    history = " | ".join(metadata.history())
    assert "Stillpoint: 0.1.0" in history and "Method: Stillpoint's network" in history and "EGMS L2b CSV" in history
    assert json.loads(layer.customProperty("stillpoint/provenance"))["model"]["version"] == "1"


def test_facts_come_from_the_file_or_the_description_beside_it(qgis_app, classified, tmp_path):
    facts = facts_of(QgsVectorLayer(str(classified), "", "ogr"))
    assert len(facts.dates) == 40 and facts.wavelength == pytest.approx(0.0555)
    table = tmp_path / "points.csv"
    table.write_text("x,y,trend_code,velocity\n-3.6,37.1,0,0.5\n-3.5,37.2,,\n")
    described = {"crs": "EPSG:4326", "metadata": {"STILLPOINT_DATES": "2020-01-01,2020-01-07"}}
    (tmp_path / "points.stillpoint.json").write_text(json.dumps(described))
    layer = open_points(str(table))
    assert layer.featureCount() == 2 and layer.isSpatial() and layer.crs().authid() == "EPSG:4326"
    assert [str(day) for day in facts_of(layer).dates] == ["2020-01-01", "2020-01-07"]
    style_trends_layer(layer)
    labels = [category.label() for category in layer.renderer().categories()]
    assert labels[0] == "Stable (1)" and labels[-1] == "Not classified (1)"


def test_style_files_of_the_engine_have_not_drifted(qgis_app):
    from stillpoint.plugin.styles.generate import styles

    fresh = styles()
    for path in style_files():
        text = path.read_text(encoding="utf-8")
        for look in (*LOOKS, UNKNOWN):
            assert look.name in text
        if Qgis.QGIS_VERSION_INT // 100 == 322:
            assert ElementTree.canonicalize(text) == ElementTree.canonicalize(fresh[path.suffix]), (
                "run python -m stillpoint.plugin.styles.generate"
            )


def test_packaged_qml_styles_a_plain_layer(qgis_app, classified):
    layer = QgsVectorLayer(str(classified), "", "ogr")
    message, good = layer.loadNamedStyle(str(style_files()[0]))
    assert good, message
    colours = [category.symbol().color().name() for category in layer.renderer().categories()]
    assert colours[:5] == [look.colour.lower() for look in LOOKS]
