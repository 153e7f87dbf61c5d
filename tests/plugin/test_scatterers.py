"""Results of a selection as layers: styles, provenance, threshold, histogram, mask, background, bad stacks."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsApplication, QgsLayerNotesUtils, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Result, SelectScatterers
from stillpoint.plugin import assessments, mean_amplitude, raster_styles, scatterers, scatterers_mask, stacks
from stillpoint.tests.plugin.scatterer_rasters import COLUMNS, ORIGIN, ROWS, STEP, create, write_results, write_stack


@pytest.fixture
def made(tmp_path, qgis_iface):
    """Layers of a selection over a stack with amplitudes beside it, and the probability."""
    write_stack(tmp_path / "amplitudes.tif", quantity="amplitude")
    write_stack(tmp_path / "town.tif", amplitude=tmp_path / "amplitudes.tif")
    probability = write_results(tmp_path / "results")
    job = SelectScatterers(stack=str(tmp_path / "town.tif"), output=str(tmp_path / "results" / "mask.tif"))
    outputs = {"output": "mask.tif", "probability": "probability.tif", "points": "points.gpkg", "noise": "noise.tif"}
    result = Result({name: str(tmp_path / "results" / file) for name, file in outputs.items()}, "done")
    layers = scatterers.add_scatterer_layers(result, job, iface=qgis_iface)
    return {layer.customProperty(scatterers.ROLE): layer for layer in layers}, probability


def colour_of(layer, row, column):
    """Return the colour that the renderer gives to a pixel, None where it is transparent."""
    extent = layer.extent()
    x, y = ORIGIN[0] + column * STEP, ORIGIN[1] - row * STEP
    block = layer.renderer().block(1, QgsRectangle(x, y - STEP, x + STEP, y), 1, 1)
    assert extent.contains(QgsPointXY(x, y - STEP))
    colour = block.color(0, 0)
    return None if block.isNoData(0, 0) or (colour >> 24) == 0 else colour & 0xFFFFFF


def test_layers_lie_in_their_order(made):
    layers, _ = made
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert [node.name() for node in group.findLayers()] == [
        "PS points", "PS probability", "Phase noise", "PS mask", "Mean amplitude",
    ]  # fmt: skip
    shown = [node.name() for node in group.findLayers() if node.itemVisibilityChecked()]
    assert shown == ["PS points", "PS probability", "Mean amplitude"]
    assert len({layer.customProperty(scatterers.RUN) for layer in layers.values()}) == 1


def test_pixels_below_the_threshold_are_not_drawn(made):
    layers, probability = made
    layer = layers["probability"]
    for threshold in (0.5, 0.8):
        scatterers.set_threshold(layer, threshold)
        values = np.nan_to_num(probability, nan=-1)
        for row, column in ((10, 5), (30, 24), (30, 30), (40, 20), (50, 70), (20, 22), (0, 0)):
            assert (colour_of(layer, row, column) is not None) == (values[row, column] >= threshold)


def test_ramp_gets_lighter_with_every_step():
    def lightness(colour):
        parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
                 for value in (colour.redF(), colour.greenF(), colour.blueF())]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    shades = [lightness(raster_styles.colour_at(share)) for share in np.linspace(0, 1, 21)]
    assert all(second > first for first, second in zip(shades, shades[1:]))
    assert shades[-1] - shades[0] > 0.7


def test_threshold_filters_the_points_at_once(made):
    layers, probability = made
    before = layers["points"].featureCount()
    started = time.monotonic()
    scatterers.set_threshold(layers["probability"], 0.8)
    assert time.monotonic() - started < 0.5
    assert layers["points"].featureCount() == int((probability >= np.float32(0.8)).sum()) < before
    ranges = layers["points"].renderer().ranges()
    assert ranges[0].label().startswith("0.80") and ranges[-1].upperValue() == pytest.approx(1.0)
    assert scatterers.threshold_of(layers["probability"]) == 0.8


def test_every_point_has_a_class(made):
    layers, _ = made
    ranges = layers["points"].renderer().ranges()
    for feature in layers["points"].getFeatures():
        assert any(item.lowerValue() <= feature["probabilit"] <= item.upperValue() for item in ranges)


def test_points_are_as_large_as_their_pixels(made):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextScope, QgsSymbolLayer

    layers, _ = made
    ranges = layers["points"].renderer().ranges()  # kept: a symbol dies with its range
    symbol = ranges[0].symbol().clone()
    layer = symbol.symbolLayer(0)
    assert layer.size() == raster_styles.POINT_SIZE  # what the legend shows
    properties = layer.dataDefinedProperties()
    text = properties.property(QgsSymbolLayer.Property.PropertySize).expressionString()
    for scale, wanted in ((1_000_000, 0.4), (20_000, 950 * STEP / 20_000), (500, 2.4)):
        context = QgsExpressionContext()
        context.appendScope(QgsExpressionContextScope())
        context.lastScope().setVariable("map_scale", scale)
        assert QgsExpression(text).evaluate(context) == pytest.approx(wanted)


def test_weeded_selection_shows_its_points_alone(tmp_path, qgis_iface):
    write_stack(tmp_path / "s.tif")
    write_results(tmp_path / "r", method="phase_stability")
    job = SelectScatterers(stack=str(tmp_path / "s.tif"), output=str(tmp_path / "r" / "mask.tif"), method="phase_stability")
    result = Result({"probability": str(tmp_path / "r" / "probability.tif"), "points": str(tmp_path / "r" / "points.gpkg")}, "")
    scatterers.add_scatterer_layers(result, job)
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert [node.name() for node in group.findLayers() if node.itemVisibilityChecked()] == ["PS points"]
    QgsProject.instance().clear()


def test_provenance_is_told(made):
    layers, _ = made
    for role in ("probability", "mask", "points"):
        notes = QgsLayerNotesUtils.layerNotes(layers[role])
        assert "Stillpoint&#x27;s network" in notes and "Threshold: 0.5" in notes and "scatterers-default 1" in notes
        assert layers[role].metadata().abstract() and layers[role].metadata().crs().isValid()


def test_histogram_counts_what_the_mask_holds(made, tmp_path):
    layers, probability = made
    path = stacks.path_of(layers["probability"])
    histogram = scatterers_mask.histogram_of(path)
    assert histogram.total == int(np.isfinite(probability).sum())
    for threshold in (0.0, 0.3, 0.5, 0.7, 0.95):
        exact = int((probability[3:] >= np.float32(threshold)).sum())
        assert histogram.at_least(threshold) == exact
        saved = scatterers_mask.save_mask(path, threshold, str(tmp_path / f"{threshold}"))
        mask = gdal.Open(saved).ReadAsArray()
        assert (mask == 1).sum() == exact and (mask[:3] == 255).all() and set(np.unique(mask)) <= {0, 1, 255}
    assert gdal.Open(saved).GetMetadataItem("THRESHOLD") == "0.95"
    assert histogram.bars(100).sum() == histogram.total


def test_values_at_a_step_belong_to_it(tmp_path):
    raster = create(tmp_path / "p.tif", 1, gdal.GDT_Float32)
    values = np.repeat(np.arange(0, 1.0001, 0.1, dtype=np.float32), 436)[:4796]
    raster.GetRasterBand(1).WriteArray(np.append(values, [np.float32(0.7)] * 4).reshape(ROWS, COLUMNS))
    raster = None
    histogram = scatterers_mask.histogram_of(str(tmp_path / "p.tif"))
    assert histogram.at_least(0.7) == 4 * 436 + 4 and histogram.at_least(1.0) == 436


def test_mask_that_is_stopped_or_cannot_be_written_leaves_nothing(made, tmp_path):
    layers, _ = made
    path = stacks.path_of(layers["probability"])
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Cancelled):
        scatterers_mask.save_mask(path, 0.5, str(tmp_path / "m.tif"), cancelled=lambda: True)
    with pytest.raises(StillpointError, match="no folder"):
        scatterers_mask.save_mask(path, 0.5, "/nowhere/m.tif")
    with pytest.raises(StillpointError, match="overwrite"):
        scatterers_mask.save_mask(path, 0.5, path)
    assert sorted(tmp_path.rglob("*")) == before


def test_mask_joins_the_group(made, tmp_path):
    layers, _ = made
    path = scatterers_mask.save_mask(stacks.path_of(layers["probability"]), 0.7, str(tmp_path / "mine.tif"))
    scatterers.add_mask(path, layers["probability"], 0.7)
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert "PS mask at 0.70" in [node.name() for node in group.findLayers()]


def test_next_preview_leaves_what_the_user_saved(tmp_path, qgis_iface):
    write_stack(tmp_path / "town.tif")
    write_results(tmp_path / "results")
    job = SelectScatterers(stack=str(tmp_path / "town.tif"), output=str(tmp_path / "results" / "mask.tif"))
    result = Result({"probability": str(tmp_path / "results" / "probability.tif")}, "done")
    (first,) = scatterers.add_scatterer_layers(result, job, preview=True)
    path = scatterers_mask.save_mask(stacks.path_of(first), 0.7, str(tmp_path / "mine.tif"))
    saved = scatterers.add_mask(path, first, 0.7)
    before = first.id()
    (second,) = scatterers.add_scatterer_layers(result, job, preview=True)
    QgsApplication.processEvents()
    assert set(QgsProject.instance().mapLayers()) == {saved.id(), second.id()} and before != second.id()
    root = QgsProject.instance().layerTreeRoot()
    assert [node.name() for node in root.children()] == [scatterers.PREVIEW, "PS mask at 0.70"]


def test_results_of_an_assessment_lie_on_top_and_in_no_selection(made, tmp_path, qgis_iface):
    layers, _ = made
    qgis_iface.setActiveLayer(layers["probability"])
    path = stacks.path_of(layers["noise"])
    (density,) = assessments.add_results(Result({"density": path}, "done"), iface=qgis_iface)
    root = QgsProject.instance().layerTreeRoot()
    assert root.children()[0].layerId() == density.id() and root.findLayer(density).parent() == root


@pytest.mark.parametrize("quantity", ["amplitude", "complex"])
def test_mean_amplitude_is_drawn_from_the_stack(tmp_path, qgis_app, quantity):
    values = write_stack(tmp_path / "s.tif", quantity=quantity, count=12)
    job = SelectScatterers(stack=str(tmp_path / "s.tif"), output=str(tmp_path / "mask.tif"))
    layer = mean_amplitude.amplitude_layer(job, {})
    chosen = [round(index * 11 / 7) for index in range(8)]
    expected = np.abs(values[chosen]).mean(axis=0)
    source = layer.dataProvider()
    for row, column in ((30, 24), (5, 70)):
        spot = QgsPointXY(ORIGIN[0] + (column + 0.5) * STEP, ORIGIN[1] - (row + 0.5) * STEP)
        assert source.sample(spot, 1)[0] == pytest.approx(expected[row, column], rel=1e-4)
    assert layer.renderer().type() == "singlebandgray"
    enhancement = layer.renderer().contrastEnhancement()
    assert 0 < enhancement.minimumValue() < enhancement.maximumValue() <= expected.max()


def test_phase_alone_has_no_background(tmp_path, qgis_iface):
    write_stack(tmp_path / "s.tif")
    write_results(tmp_path / "r")
    job = SelectScatterers(stack=str(tmp_path / "s.tif"), output=str(tmp_path / "r" / "mask.tif"))
    layers = scatterers.add_scatterer_layers(Result({"output": job.output}, ""), job, iface=qgis_iface)
    assert [layer.name() for layer in layers] == ["PS mask"]


def test_files_opened_by_hand_are_known(tmp_path, qgis_app):
    write_results(tmp_path / "r")
    roles = {}
    for name in ("mask", "probability", "noise"):
        layer = QgsRasterLayer(str(tmp_path / "r" / f"{name}.tif"), name)
        scatterers.style_scatterer_layer(layer)
        roles[name] = (scatterers.role_of(layer), layer.renderer().type())
    assert roles == {
        "mask": ("mask", "paletted"), "probability": ("probability", "singlebandpseudocolor"),
        "noise": ("noise", "singlebandpseudocolor"),
    }  # fmt: skip


def test_results_that_are_gone_are_said(tmp_path, qgis_app):
    job = SelectScatterers(stack="s.tif", output=str(tmp_path / "mask.tif"))
    with pytest.raises(StillpointError, match="no longer there"):
        scatterers.add_scatterer_layers(Result({"output": job.output}, ""), job)


@pytest.mark.parametrize(
    ("options", "method", "sentence"),
    [
        ({"count": 1}, "default", "single interferogram"),
        ({"count": 1, "quantity": "complex"}, "default", "single image"),
        ({"dated": False}, "default", "Use Open Stack"),
        ({"quantity": "amplitude"}, "default", "Amplitude dispersion can judge"),
    ],
)
def test_stacks_in_which_nothing_can_be_selected(tmp_path, options, method, sentence):
    write_stack(tmp_path / "s.tif", **options)
    with pytest.raises(StillpointError, match=sentence):
        stacks.check_selectable(stacks.facts_of(str(tmp_path / "s.tif")), method)


def test_quantities_and_missing_dates_are_named(tmp_path):
    write_stack(tmp_path / "s.tif", count=4)
    source = gdal.Open(str(tmp_path / "s.tif"), gdal.GA_Update)
    source.GetRasterBand(3).SetMetadata({})
    source = None
    with pytest.raises(StillpointError, match="no date for band 3"):
        stacks.check_selectable(stacks.facts_of(str(tmp_path / "s.tif")), "default")
    write_stack(tmp_path / "u.tif", count=4)
    source = gdal.Open(str(tmp_path / "u.tif"), gdal.GA_Update)
    for number in range(1, 5):
        source.GetRasterBand(number).SetMetadataItem("QUANTITY", "unwrapped")
    source = None
    with pytest.raises(StillpointError, match="holds unwrapped phase"):
        stacks.check_selectable(stacks.facts_of(str(tmp_path / "u.tif")), "default")


def test_processing_says_what_does_not_fit_before_the_engine_starts(processing, qgis_app, tmp_path, fake_engine):
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    from stillpoint.plugin.algorithms.select_scatterers import SelectScatterersAlgorithm

    write_stack(tmp_path / "s.tif", count=1)
    algorithm = SelectScatterersAlgorithm()
    algorithm.initAlgorithm({})
    given = {"INPUT": str(tmp_path / "s.tif"), "OUTPUT": str(tmp_path / "mask.tif"), "METHOD": "default"}
    context = QgsProcessingContext()
    with pytest.raises(QgsProcessingException, match="single interferogram"):
        algorithm.prepareAlgorithm(given, context, QgsProcessingFeedback())


def test_processing_runs_with_an_extent(processing, qgis_app, tmp_path, fake_engine, monkeypatch):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from stillpoint.plugin import runner
    from stillpoint.plugin.algorithms.select_scatterers import SelectScatterersAlgorithm

    write_stack(tmp_path / "s.tif")
    write_results(tmp_path / "r")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(tmp_path / "r"))
    jobs = []
    real = runner.run
    monkeypatch.setattr(runner, "run", lambda job, **options: jobs.append(job) or real(job, **options))
    given = {
        "INPUT": str(tmp_path / "s.tif"), "OUTPUT": str(tmp_path / "mask.tif"), "METHOD": "unet",
        "EXTENT": "500100,500500,3299000,3299500 [EPSG:32615]",
    }  # fmt: skip
    outputs, good = SelectScatterersAlgorithm().create().run(given, QgsProcessingContext(), QgsProcessingFeedback())
    assert good and Path(outputs["OUTPUT"]).exists()
    assert jobs[0].method == "unet" and jobs[0].extent == "500100,3299000,500500,3299500"
    assert jobs[0].probability is None and jobs[0].points is None


def test_processing_takes_files_alone(processing, qgis_app, tmp_path, fake_engine):
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    from stillpoint.plugin.algorithms.select_scatterers import SelectScatterersAlgorithm

    layer = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png", "web", "wms")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    algorithm = SelectScatterersAlgorithm()
    algorithm.initAlgorithm({})
    given = {"INPUT": layer, "OUTPUT": str(tmp_path / "mask.tif"), "METHOD": "default", "EXTENT": "0,1,0,1 [EPSG:3857]"}
    with pytest.raises(QgsProcessingException, match="no raster file"):
        algorithm.prepareAlgorithm(given, QgsProcessingContext(), QgsProcessingFeedback())
