"""Rasters of offsets as layers: what is read, where vectors point on the map, how they are drawn and described."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerNotesUtils,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import offsets, offsets_arrows, offsets_layers, offsets_styles
from stillpoint.tests.plugin.offset_rasters import ORIGIN, PIXEL, SHAPE, SPACING, write_image, write_offsets

DEGREES = (-150.0, 0.001, 0, 63.0, 0, -0.001)
TURNED = (ORIGIN[0], 0.0, 80.0, ORIGIN[1], 80.0, 0.0)
"""Columns lead north, rows lead east."""


@pytest.fixture
def project(qgis_app):
    QgsProject.instance().clear()
    yield QgsProject.instance()
    QgsProject.instance().clear()


def by_role(layers):
    found = {}
    for layer in layers:
        found.setdefault(layer.customProperty(offsets_layers.ROLE), []).append(layer)
    return found


def value_at(layer, band, x, y):
    from qgis.core import QgsPointXY

    return layer.dataProvider().sample(QgsPointXY(x, y), band)


def picture(layers, extent=None, side=240):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(side, side))
    settings.setDestinationCrs(layers[-1].crs())
    settings.setExtent(layers[-1].extent() if extent is None else extent)
    settings.setBackgroundColor(QColor("white"))
    context = QgsExpressionContext()
    context.appendScopes([QgsExpressionContextUtils.globalScope(), QgsExpressionContextUtils.mapSettingsScope(settings)])
    settings.setExpressionContext(context)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def dark(image):
    """Return rows and columns of dark pixels: the ink of arrows."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), np.uint8)
    return np.argwhere(pixels.reshape(image.height(), image.width(), 4)[..., :3].max(axis=-1) < 60)


def test_facts_of_a_result(tmp_path):
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif", pairs=2)))
    assert [pair.label for pair in facts.pairs] == ["2021-01-10 to 2021-01-22", "2021-01-22 to 2021-02-03"]
    assert facts.pairs[1].offsets == (6, 7) and facts.pairs[1].errors == (8, 9) and facts.pairs[1].peak == 10
    assert facts.pairs[0].days == 12 and facts.unit == "m/day" and facts.spacing == SPACING and facts.shape == SHAPE


def test_other_rasters_are_no_offsets(tmp_path, project):
    path = str(write_image(tmp_path / "image.tif"))
    with pytest.raises(StillpointError, match="holds no offsets"):
        offsets.facts_of(path)
    assert not offsets.is_offsets(QgsRasterLayer(path, "image"))
    assert not offsets.is_offsets(None)


@pytest.mark.parametrize(
    ("kinds", "transform", "expected"),
    [
        (("east", "north"), (ORIGIN[0], 80, 0, ORIGIN[1], 0, -80), (3.0, -2.0)),
        (("x", "y"), (ORIGIN[0], 80, 0, ORIGIN[1], 0, -80), (3.0, 2.0)),
        (("x", "y"), (ORIGIN[0], 80, 0, ORIGIN[1], 0, 80), (3.0, -2.0)),
        (("x", "y"), TURNED, (-2.0, 3.0)),
        (("range", "azimuth"), None, (3.0, 2.0)),
    ],
)
def test_vectors_point_where_features_went_on_the_map(tmp_path, project, kinds, transform, expected):
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif", kinds=kinds, transform=transform, unit="px")))
    table = offsets_arrows.vectors(facts, facts.pairs[0])
    assert len(table) == SHAPE[0] * SHAPE[1] - 2
    strong = table[table[:, 4] > 1]
    assert strong[:, 2:4] == pytest.approx(np.tile(expected, (len(strong), 1)), abs=1e-5)
    assert strong[:, 4] == pytest.approx(math.sqrt(13), abs=1e-5)
    assert strong[:, 7] == pytest.approx(math.degrees(math.atan2(*expected)) % 360, abs=1e-3)
    gt = facts.geotransform  # the first cell that was measured: row 0, column 2
    assert table[0, :2] == pytest.approx([gt[0] + 2.5 * gt[1] + 0.5 * gt[2], gt[3] + 2.5 * gt[4] + 0.5 * gt[5]])


def test_grids_of_arrows_lie_within_each_other(tmp_path):
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif", shape=(64, 64), gap=False)))
    table = offsets_arrows.vectors(facts, facts.pairs[0])
    for level in range(6):
        x = np.unique(table[table[:, 8] >= level, 0])
        assert len(x) == 64 // 2**level
        assert np.diff(x) == pytest.approx(80.0 * 2**level) or len(x) == 1
    few = offsets_arrows.vectors(facts, facts.pairs[0], most=300)
    assert len(few) == 256 and few[:, 8].min() == 2


def test_magnitude_and_direction_are_derived_while_drawn(tmp_path, project):
    path = str(write_offsets(tmp_path / "o.tif", kinds=("x", "y"), unit="px"))
    layers = by_role(offsets_layers.add_offset_layers(path, project=project))
    right = (ORIGIN[0] + 80 * 12.5, ORIGIN[1] - 80 * 5.5)
    magnitude, known = value_at(layers["magnitude"][0], 1, *right)
    assert known and magnitude == pytest.approx(math.sqrt(13), abs=1e-5)
    assert value_at(layers["direction"][0], 1, *right)[0] == pytest.approx(math.atan2(2, 3), abs=1e-5)
    assert value_at(layers["direction"][0], 2, *right)[0] == 255
    assert not value_at(layers["magnitude"][0], 1, ORIGIN[0] + 1, ORIGIN[1] - 1)[1]
    assert layers["magnitude"][0].extent() == layers["component"][0].extent()


def test_maps_can_be_moved_with_their_raster(tmp_path, project):
    (tmp_path / "here").mkdir()
    offsets_layers.add_offset_layers(str(write_offsets(tmp_path / "here" / "o.tif")), project=project)
    project.clear()
    (tmp_path / "here").rename(tmp_path / "there")
    found = gdal.Open(str(tmp_path / "there" / "o magnitude.vrt")).ReadAsArray()
    assert np.nanmax(found) == pytest.approx(math.sqrt(13), abs=1e-5)


def test_group_holds_every_map_with_units_and_notes(tmp_path, project, qgis_iface):
    path = str(write_offsets(tmp_path / "o.tif"))
    image = str(write_image(tmp_path / "20210110.tif"))
    facts = offsets.facts_of(path)
    arrows = offsets_arrows.write_arrows(facts, str(tmp_path / "arrows.gpkg"))
    added = offsets_layers.add_offset_layers(path, arrows=arrows, reference=image, iface=qgis_iface)
    group = project.layerTreeRoot().children()[0]
    assert group.name() == "Stillpoint - o: offsets by Multi-kernel correlation"
    assert [layer.name() for layer in added] == [
        "Arrows (m/day)", "Magnitude (m/day)", "Direction", "East (m/day)", "North (m/day)", "Standard error of east (m/day)",
        "Standard error of north (m/day)", "Correlation peak (0 to 1)", "Not measured", "20210110",
    ]  # fmt: skip
    shown = [node.name() for node in group.findLayers() if node.itemVisibilityChecked()]
    assert shown == ["Arrows (m/day)", "Magnitude (m/day)", "20210110"]
    assert qgis_iface.activeLayer().name() == "Magnitude (m/day)"
    north = by_role(added)["component"][1]
    notes = QgsLayerNotesUtils.layerNotes(north)
    assert "farther northwards" in notes and "12 days later" in notes and "a.tif" in notes
    shader = north.renderer().shader().rasterShaderFunction()
    assert shader.legendSettings().suffix() == " m/day"
    assert north.renderer().band() == 2 and north.renderer().classificationMin() == -north.renderer().classificationMax()
    assert by_role(added)["arrows"][0].featureCount() == SHAPE[0] * SHAPE[1] - 2
    time = added[0].temporalProperties().fixedTemporalRange()
    assert time.begin().date().toString("yyyy-MM-dd") == "2021-01-10"
    assert added[1].temporalProperties().fixedTemporalRange().end().date().toString("yyyy-MM-dd") == "2021-01-22"


def test_cells_without_an_offset_are_drawn_alone(tmp_path, project):
    layers = by_role(offsets_layers.add_offset_layers(str(write_offsets(tmp_path / "o.tif")), project=project))
    image = picture([layers["missing"][0]])
    corner, elsewhere = QColor(image.pixel(10, 40)), QColor(image.pixel(150, 150))  # the map is wider than high
    assert max(corner.getRgb()[:3]) < 180 and elsewhere == QColor("white")


@pytest.mark.parametrize("transform", [(ORIGIN[0], 80, 0, ORIGIN[1], 0, -80), None, DEGREES])
def test_arrows_are_drawn_and_thin_out(tmp_path, project, transform):
    # East along the columns; a map with a scale, one without, one in degrees.
    kinds = ("range", "azimuth") if transform is None else ("east", "north")
    epsg = 4326 if transform is DEGREES else 32605
    path = write_offsets(
        tmp_path / "o.tif", kinds=kinds, transform=transform, second=0.0, gap=False, shape=(64, 64), epsg=epsg, unit="px"
    )
    facts = offsets.facts_of(str(path))
    arrows = offsets_arrows.write_arrows(facts, str(tmp_path / "arrows.gpkg"))
    layer = offsets_arrows.open_arrows(arrows, 1, "arrows")
    layer.setRenderer(offsets_arrows.renderer(facts, facts.pairs[0], 3.0))
    side = 800 if transform is None else 240  # a map without a scale is taken to be as wide as a window
    whole = dark(picture([layer], side=side))
    wider = QgsRasterLayer(str(path), "o").extent()
    wider.scale(4)
    far = dark(picture([layer], wider, side))
    assert len(whole) > 100 and 0 < len(far) < len(whole)
    rows = np.unique(whole[:, 0])
    assert len(rows) < 0.8 * side  # arrows along x leave rows free between them
    assert whole[:, 1].mean() > 0.6 * side  # the right half moves, the left one hardly


def test_outliers_do_not_shoot_across_the_map(tmp_path, project):
    path = str(write_offsets(tmp_path / "o.tif", first=3000.0, second=0.0, gap=False, shape=(8, 64)))
    facts = offsets.facts_of(path)
    layer = offsets_arrows.open_arrows(offsets_arrows.write_arrows(facts, str(tmp_path / "a.gpkg")), 1, "a")
    layer.setRenderer(offsets_arrows.renderer(facts, facts.pairs[0], 3.0))
    extent = layer.extent()
    extent.scale(3)
    ink = dark(picture([layer], extent))
    assert len(ink) and ink[:, 1].max() < 215


def lightness(colour):
    """Return L* (CIE 1976) of a colour in sRGB."""
    parts = np.array(QColor(colour).getRgbF()[:3])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    y = float(linear @ [0.2126, 0.7152, 0.0722])
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_colours_grow_evenly(qgis_app):
    places, colours = zip(*offsets_styles.MAGNITUDE)
    steps = np.diff([lightness(colour) for colour in colours]) / np.diff(places)
    assert steps.min() > 0.5 * steps.mean() and steps.max() < 1.6 * steps.mean()
    both = [lightness(colour) for colour in offsets_styles.DIVERGING]
    assert both.index(max(both)) == 3 and np.abs(np.array(both) - both[::-1]).max() < 7
    assert np.ptp([lightness(colour) for colour in offsets_styles.WHEEL]) < 12


def test_wheel_names_directions_counterclockwise_from_east(tmp_path, project):
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif")))
    stops = offsets_styles.wheel(offsets_layers.directions(facts, facts.pairs[0]))
    named = {label: angle for angle, _, label in stops if label}
    assert named["East"] == pytest.approx(0) and named["North"] == pytest.approx(math.pi / 2)
    assert named["West"] == pytest.approx(-math.pi) and named["South-west"] == pytest.approx(-0.75 * math.pi)
    assert stops[0][1] == stops[-1][1]
    radar = offsets.facts_of(str(write_offsets(tmp_path / "r.tif", kinds=("range", "azimuth"), transform=None)))
    assert offsets_layers.directions(radar, radar.pairs[0])[2] == "To earlier rows"  # up on the map


def test_series_has_a_group_a_pair_on_one_scale(tmp_path, project):
    path = str(write_offsets(tmp_path / "o.tif", pairs=3))
    offsets_layers.add_offset_layers(path, project=project)
    group = project.layerTreeRoot().children()[0]
    assert [node.name() for node in group.children()] == [pair.label for pair in offsets.facts_of(path).pairs]
    assert [node.itemVisibilityChecked() for node in group.children()] == [True, False, False]
    tops = [
        layer.renderer().classificationMax() for layer in project.mapLayers().values()
        if layer.customProperty(offsets_layers.ROLE) == "magnitude"
    ]  # fmt: skip
    assert len(tops) == 3 and len(set(tops)) == 1 and tops[0] >= 3 * math.sqrt(13)


def test_preview_takes_the_place_of_the_last_one(tmp_path, project):
    path = str(write_offsets(tmp_path / "o.tif"))
    offsets_layers.add_offset_layers(path, project=project, preview=True)
    count = len(project.mapLayers())
    offsets_layers.add_offset_layers(path, project=project, preview=True)
    assert len(project.mapLayers()) == count
    assert [node.name() for node in project.layerTreeRoot().children()] == [offsets_layers.PREVIEW]
    offsets_layers.drop_preview(project)
    assert not project.mapLayers() and not project.layerTreeRoot().children()


def test_arrows_that_cannot_be_written_say_so(tmp_path, project):
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif")))
    with pytest.raises(StillpointError, match="cannot be written"):
        offsets_arrows.write_arrows(facts, str(tmp_path / "missing" / "a.gpkg"))
    from stillpoint.models.errors import Cancelled

    with pytest.raises(Cancelled):
        offsets_arrows.write_arrows(facts, str(tmp_path / "a.gpkg"), cancelled=lambda: True)
    assert [item.name for item in tmp_path.iterdir()] == ["o.tif"]


def test_scales_are_round_and_keep_what_moves_little(tmp_path):
    values = {0.0: 0.01, 1.1: 1.2, 2.6: 3.0, 7.0: 8.0, 13.2: 15.0, 0.036: 0.04}
    assert [offsets.round_up(value) for value in values] == pytest.approx(list(values.values()))
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif")))
    assert offsets.limits_of(facts, facts.pairs[0]) == pytest.approx((4.0, 3.0))


def test_arrows_layer_reads_like_a_table(tmp_path, project):
    facts = offsets.facts_of(str(write_offsets(tmp_path / "o.tif")))
    path = offsets_arrows.write_arrows(facts, str(tmp_path / "a.gpkg"))
    layer = QgsVectorLayer(f"{path}|layername=pair_1", "a", "ogr")
    feature = max(layer.getFeatures(), key=lambda item: item["magnitude"])
    assert feature["error"] == pytest.approx(math.hypot(3 * 0.05, 2 * 0.1) / math.sqrt(13), rel=1e-4)
    assert layer.crs().authid() == "EPSG:32605" and PIXEL * SPACING == 80
    assert gdal.OpenEx(path, gdal.OF_VECTOR).GetLayerCount() == 1
