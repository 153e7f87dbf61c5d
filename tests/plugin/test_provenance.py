"""Layers keep how they were made, tell it in words, and dialogs can be filled in with it again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsLayerNotesUtils, QgsProject, QgsRasterLayer, QgsVectorLayer

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Result, SelectScatterers, TrackOffsets
from stillpoint.plugin import interferograms, offsets_layers, provenance, raster_layers, scatterers
from stillpoint.plugin.layers import add_result_layers
from stillpoint.tests.plugin.classified_layer import write_layer
from stillpoint.tests.plugin.network_rasters import write_network
from stillpoint.tests.plugin.offset_rasters import write_offsets
from stillpoint.tests.plugin.scatterer_rasters import write_results, write_stack


@pytest.fixture
def project(qgis_app):
    open_one = QgsProject.instance()
    open_one.clear()
    yield open_one
    open_one.clear()


@pytest.fixture
def classified(tmp_path, project):
    path = tmp_path / "granada.gpkg"
    write_layer(path, points=40, count=30)
    job = ClassifyTrends(points="/data/private/EGMS L2b.csv", output=str(path), method="statistical", significance=0.01)
    result = Result(
        {"output": str(path)}, "40 points classified.\nNothing was refused.", {"seconds": 75.0, "classes": {"Stable": 40}}
    )
    (layer,) = add_result_layers(result, job)
    return layer, job, path


def test_layer_keeps_job_version_time_inputs_and_figures(classified):
    layer, job, path = classified
    made = provenance.read(layer)
    assert made.task == "classify-trends" and made.as_job() == job
    assert made.version and made.time.startswith("20") and made.inputs == {"points": "/data/private/EGMS L2b.csv"}
    assert made.outputs == {"output": str(path)} and made.figures["classes"] == {"Stable": 40}
    assert made.summary.startswith("40 points") and made.model["name"]


def test_information_tab_and_notes_tell_it_in_words(classified):
    layer, _, _ = classified
    history = " | ".join(layer.metadata().history())
    assert "Method: Statistical tests after Berti et al." in history and "Significance level: 0.01" in history
    assert "Points: /data/private/EGMS L2b.csv" in history and "40 points classified." in history
    assert "Keep the series" in history and "Dask" not in history
    assert layer.metadata().title() and "displacement time series" in layer.metadata().abstract()
    assert "Statistical tests" in QgsLayerNotesUtils.layerNotes(layer)


def test_what_goes_out_names_no_folders(classified):
    made = provenance.read(classified[0])
    told = "\n".join(provenance.lines(made, private=False))
    assert "EGMS L2b.csv" in told and "/data" not in told and "private" not in told
    assert provenance.file_name("C:\\Users\\me\\a b.tif") == "a b.tif"
    assert provenance.file_name("/x/y/z.gpkg|layername=points") == "z.gpkg"


def test_it_survives_saving_and_opening_the_project(classified, project, tmp_path):
    file = str(tmp_path / "p.qgz")
    before = provenance.read(classified[0])
    assert project.write(file)
    project.clear()
    assert project.read(file)
    (layer,) = project.mapLayers().values()
    assert provenance.kept(layer) == before and provenance.read(layer).as_job() == classified[1]
    assert layer.metadata().history()


def test_styling_again_loses_nothing(classified):
    from stillpoint.plugin.layers import style_trends_layer

    layer, job, _ = classified
    style_trends_layer(layer)
    style_trends_layer(layer)
    made = provenance.read(layer)
    assert made.as_job() == job and made.summary.startswith("40 points")
    history = layer.metadata().history()
    assert len(history) == len(set(history))


def test_layers_of_every_capability_keep_it(tmp_path, project):
    stack = tmp_path / "s.tif"
    write_stack(stack)
    write_results(tmp_path / "r")
    select = SelectScatterers(stack=str(stack), output=str(tmp_path / "r" / "mask.tif"))
    files = {"output": "mask.tif", "probability": "probability.tif", "points": "points.gpkg"}
    found = scatterers.add_scatterer_layers(
        Result({key: str(tmp_path / "r" / name) for key, name in files.items()}, "done"), select
    )
    results = [layer for layer in found if layer.customProperty(scatterers.ROLE) != scatterers.AMPLITUDE]
    assert len(results) == 3 and all(provenance.kept(layer).as_job() == select for layer in results)
    assert len({provenance.kept(layer).time for layer in results}) == 1

    path = str(write_offsets(tmp_path / "o.tif"))
    track = TrackOffsets(reference="a.tif", secondary="b.tif", output=path)
    made = offsets_layers.add_offset_layers(path)
    offsets_layers.note_result(made, track, Result({"output": path}, "done"))
    assert all(provenance.kept(layer).as_job() == track for layer in made)
    assert any(line.startswith("Signs:") for line in made[0].metadata().history())

    from stillpoint.models.jobs import OpenStack, SelectInterferograms

    write_network(tmp_path / "n", dates=5, neighbours=2, rows=8, columns=8)
    judge = SelectInterferograms(stack=str(tmp_path / "n" / "stack.tif"), table=str(tmp_path / "n" / "table.csv"))
    kept = interferograms.add_interferogram_layers(Result({"output": str(tmp_path / "n" / "stack.tif")}, "done"), judge)
    assert [provenance.kept(layer).as_job() for layer in kept] == [judge]

    opened = OpenStack(sources=(str(stack),), output=str(tmp_path / "s.vrt"))
    layers = raster_layers.add_stack_layers(Result({"output": str(stack)}, "done"), opened)
    assert layers and all(provenance.kept(layer).as_job() == opened for layer in layers)


def test_file_tells_it_where_the_layer_does_not(classified):
    _, _, path = classified
    plain = QgsVectorLayer(str(path), "by hand", "ogr")
    assert provenance.kept(plain) is None
    made = provenance.read(plain)
    assert made is not None and made.version and made.model["name"]


def test_layers_of_others_say_nothing(tmp_path, project):
    assert provenance.read(None) is None
    assert provenance.read(QgsVectorLayer("Point", "memory", "memory")) is None
    write_stack(tmp_path / "s.tif")
    assert provenance.read(QgsRasterLayer(str(tmp_path / "s.tif"), "s")) is None


@pytest.mark.parametrize("text", ["{", "[]", "7", '"x"', "{}", '{"job": "no", "time": 3, "figures": [1]}'])
def test_damaged_property_is_no_error(project, text):
    layer = QgsVectorLayer("Point", "memory", "memory")
    layer.setCustomProperty(provenance.PROPERTY, text)
    made = provenance.read(layer)
    assert made is None or not made.job
    if made is not None:
        with pytest.raises(StillpointError, match="does not say"):
            made.as_job()


def test_parameters_of_another_version_are_passed_over(classified):
    made = provenance.read(classified[0])
    other = replace(made, job={"task": "classify-trends", "parameters": {**made.parameters, "gone": 1}})
    assert other.as_job() == classified[1]
    with pytest.raises(StillpointError, match="Unknown task"):
        replace(made, job={"task": "dig-holes", "parameters": {}}).as_job()


def test_large_figures_are_left_out(tmp_path):
    job = ClassifyTrends(points="a.csv", output="b.gpkg")
    made = provenance.of_result(job, Result({}, "x", {"n": 3, "huge": list(range(50_000))}))
    assert made.figures == {"n": 3} and made.version == __version__
    assert len(json.dumps(made.to_dict())) < 5_000


def test_times_for_people():
    assert provenance.when("2026-02-03T04:05:06+00:00") == "2026-02-03 04:05 UTC"
    assert provenance.when("some day") == "some day"
    assert [provenance.in_seconds(value) for value in (2.34, 75, 7300)] == ["2.3 s", "1 min 15 s", "2 h 1 min"]


def test_results_of_processing_keep_it(tmp_path, project):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from stillpoint.plugin.algorithms.base import _keep_provenance

    path = str(write_offsets(tmp_path / "o.tif"))
    job = TrackOffsets(reference="a.tif", secondary="b.tif", output=path)
    context = QgsProcessingContext()
    context.setProject(project)
    context.addLayerToLoadOnCompletion(path, QgsProcessingContext.LayerDetails("Offsets", project, "OUTPUT"))
    _keep_provenance(job, Result({"output": path}, "done"), context)
    layer = QgsRasterLayer(path, "Offsets")
    context.layerToLoadOnCompletionDetails(path).postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback())
    assert provenance.kept(layer).as_job() == job and provenance.kept(layer).summary == "done"
