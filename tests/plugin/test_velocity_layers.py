"""Layers of velocities: colours that everybody tells apart, symmetric round limits, legends with units, what they are of."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from stillpoint.models.jobs import CombineGeometries, EstimateSeries, Result
from stillpoint.plugin import provenance
from stillpoint.plugin.series import SeriesReader
from stillpoint.plugin.styles.velocity import CLASSES, DIRECTIONS, EAST, SIGHT, UP, colours, edges_of, labels_of, step_of
from stillpoint.plugin.velocity_layers import add_combined_layers, add_series_layers, direction_of, style_velocity_layer

from .test_layers import SIGHT as EYES
from .test_layers import ciede2000, lab_seen
from .velocity_points import DETAILS, write_points


def layer_of(path, name="points"):
    layer = QgsVectorLayer(str(path), name, "ogr")
    assert layer.isValid()
    return layer


@pytest.mark.parametrize("direction", [SIGHT, UP, EAST])
@pytest.mark.parametrize("eye", list(EYES))
def test_colours_are_told_apart_by_every_eye(direction, eye):
    seen = [lab_seen(colour, eye) for colour in colours(direction)]
    assert len(seen) == CLASSES
    half = CLASSES // 2
    assert min(ciede2000(*pair) for pair in zip(seen, seen[1:])) > 5  # neighbours
    for near, far in itertools.product(range(half - 1), range(half + 2, CLASSES)):  # the two senses of motion
        assert ciede2000(seen[near], seen[far]) > 20
    lightness = [colour[0] for colour in seen]
    assert max(lightness) == lightness[half]
    assert sorted(lightness[: half + 1]) == lightness[: half + 1] and sorted(lightness[half:], reverse=True) == lightness[half:]


@pytest.mark.parametrize(
    ("largest", "step"),
    [(0.1, 0.6), (1.0, 0.6), (5.0, 2.0), (7.9, 3.0), (19.0, 6.0), (36.0, 10.0), (100.0, 30.0), (3000.0, 1000.0)],
)
def test_limits_are_round_and_hold_nearly_all(largest, step):
    velocities = np.array([*np.linspace(-largest, largest, 1001), np.nan])
    assert step_of(velocities) == pytest.approx(step)
    edges = edges_of(step)
    assert edges == [-edge for edge in edges[::-1]] and len(edges) == CLASSES - 1


def test_a_few_wild_points_do_not_set_the_limits():
    assert step_of(np.array([*np.linspace(-3.5, 3.5, 1000), *[500.0] * 10])) == 1.0
    assert step_of(np.array([])) > 0


def test_legend_has_units_and_says_what_the_signs_mean():
    labels = labels_of(5.0, SIGHT)
    assert labels[0] == "below \u221217.5 mm/yr (away from the satellite)" and labels[-1].startswith("above 17.5 mm/yr (towards")
    assert labels[4] == "\u22122.5 to 2.5 mm/yr" and all("mm/yr" in label for label in labels)
    assert labels_of(5.0, EAST)[0].endswith("(to the west)") and labels_of(5.0, UP)[-1].endswith("(up)")


def test_series_of_a_stack(qgis_app, tmp_path):
    path = write_points(tmp_path / "series.gpkg")
    job = EstimateSeries(stack="/somewhere/town.vrt", mask="m.tif", output=str(path))
    layers = add_series_layers(Result({"output": str(path)}, "done", DETAILS), job)
    (layer,) = layers
    assert layer.name() == "Velocity along the line of sight (mm/yr)"
    renderer = layer.renderer()
    assert renderer.classAttribute() == "velocity" and len(renderer.ranges()) == CLASSES
    assert renderer.ranges()[0].label().startswith("above") and renderer.ranges()[-1].label().startswith("below")
    assert renderer.usingSymbolLevels()
    passes = [item.symbol().symbolLayer(0).renderingPass() for item in renderer.ranges()]
    assert passes == [4, 3, 2, 1, 0, 1, 2, 3, 4]  # what moves lies on top
    assert layer.attributeAlias(layer.fields().lookupField("vel_std")) == "Velocity, standard error (mm/yr)"
    assert "Temporal coherence" in layer.mapTipTemplate() and "towards the satellite" in layer.metadata().abstract()
    assert layer.temporalProperties().fixedTemporalRange().begin().date() == QDate(2020, 1, 1)
    assert provenance.read(layer).as_job() == job
    assert [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups()] == ["Stillpoint - town"]
    reader = SeriesReader(layer)
    assert len(reader.dates) == 4
    QgsProject.instance().clear()


def test_combined_layers_have_colours_and_scales_of_their_own(qgis_app, tmp_path):
    up = write_points(tmp_path / "up.gpkg", direction="up", scale=30.0)
    east = write_points(tmp_path / "other.gpkg", direction="east", scale=4.0)
    job = CombineGeometries(ascending="/x/asc.gpkg", descending="/x/desc.gpkg", output=str(up), east=str(east))
    layers = add_combined_layers(Result({"output": str(up), "east": str(east)}, "done", DETAILS), job)
    assert [layer.name() for layer in layers] == ["Vertical velocity (mm/yr)", "East-west velocity (mm/yr)"]
    tops = [max(item.lowerValue() for item in layer.renderer().ranges()) for layer in layers]
    assert 20 < tops[0] < 40 and 2 < tops[1] < 5
    ranges = [layer.renderer().ranges() for layer in layers]
    drawn = [some[0].symbol().color().name() for some in ranges]
    assert drawn == [colours(UP)[-1], colours(EAST)[-1]]
    root = QgsProject.instance().layerTreeRoot()
    assert [root.findLayer(layer.id()).itemVisibilityChecked() for layer in layers] == [True, False]
    assert "north taken for 0" in layers[1].metadata().abstract()
    QgsProject.instance().clear()


def test_direction_is_told_by_the_file(qgis_app, tmp_path):
    for direction in ("", "up", "east"):
        layer = layer_of(write_points(tmp_path / f"{direction or 'sight'}.gpkg", direction=direction))
        assert direction_of(layer) == (direction or SIGHT)
        assert style_velocity_layer(layer)
        assert layer.mapTipTemplate().count(DIRECTIONS[direction or SIGHT].title) == 1


def test_other_layers_are_left_alone(qgis_app):
    for definition in ("Point?field=velocity:double", "Point?field=velocity:string&field=vel_std:double",
                       "LineString?field=velocity:double&field=vel_std:double",
                       "Point?field=velocity:double&field=vel_std:double&field=trend_code:int"):  # fmt: skip
        layer = QgsVectorLayer(definition, "other", "memory")
        before = layer.renderer().type()
        assert not style_velocity_layer(layer) and layer.renderer().type() == before


def test_an_empty_layer_is_styled(qgis_app):
    layer = QgsVectorLayer("Point?field=velocity:double&field=vel_std:double", "empty", "memory")
    assert style_velocity_layer(layer) and layer.renderer().type() == "graduatedSymbol"
