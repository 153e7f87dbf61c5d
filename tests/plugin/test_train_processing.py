"""``stillpoint:trainmodel`` with stacks and labels of the user's, through Processing and through ``qgis_process``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("torch")

from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelParameter,
    QgsProcessingParameterMultipleLayers,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from stillpoint.models import jobs
from stillpoint.models.learning.library import read_header
from stillpoint.models.scatterers.network import PS_NOISE
from stillpoint.tests.models.scatterers.assess_files import raster
from stillpoint.tests.models.scatterers.stacks import TRANSFORM, small_scene, untrained_model, write_scene_as
from stillpoint.tests.plugin.test_processing import asked, provider, qgis_process

__all__ = ["asked", "provider", "qgis_process"]

NAME = "stillpoint:trainmodel"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    scene = small_scene(rows=330, cols=40, dates=6, seed=4)
    mask = (scene.noise < PS_NOISE).astype(np.uint8)
    return {
        "stack": write_scene_as(scene, folder / "stack.tif", "images"), "mask": raster(folder / "mask.tif", mask, place=TRANSFORM),
        "model": untrained_model(folder / "start.safetensors"),
    }


def test_layers_files_and_words_arrive(provider, processing, asked, files):
    layer = QgsRasterLayer(files["stack"], "A stack")
    QgsProject.instance().addMapLayer(layer)
    given = {"CAPABILITY": "scatterers", "NETWORK": "default", "MODEL": files["model"], "OUTPUT": "/nowhere/fine.safetensors"}
    processing.run(NAME, {**given, "DATA": [layer, files["stack"]], "LABELS": files["mask"]})
    processing.run(NAME, {**given, "DATA": [files["stack"]], "LABELS": "stability"})
    both, one = asked
    expected = {"capability": "scatterers", "model": files["model"], "output": "/nowhere/fine.safetensors"}
    assert both == jobs.TrainModel(data=(files["stack"], files["stack"]), labels=files["mask"], **expected)
    assert one == jobs.TrainModel(data=(files["stack"],), labels="stability", **expected)


def points(name="My points"):
    """A layer in memory with a class in the field kind."""
    layer = QgsVectorLayer("Point?crs=EPSG:3035&field=id:string&field=kind:string&field=D20200101:double", name, "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(4e6, 3e6)))
    feature.setAttributes(["p1", "Linear", 1.0])
    assert layer.dataProvider().addFeatures([feature])[0]
    QgsProject.instance().addMapLayer(layer)
    return layer


def field_of(path, name):
    layer = QgsVectorLayer(path, "written", "ogr")
    return [feature[name] for feature in layer.getFeatures()]


def test_field_of_the_data_and_of_another_layer_become_labels(provider, processing, asked):
    layer = points()
    given = {"CAPABILITY": "trends", "NETWORK": "default", "OUTPUT": "/nowhere/fine.safetensors", "LABELS_FIELD": "kind"}
    processing.run(NAME, {**given, "DATA": [layer.name()]})
    processing.run(NAME, {**given, "DATA": ["/tmp"], "LABELS_LAYER": layer})
    own, other = asked
    assert field_of(own.data[0], "id") == ["p1"] and Path(own.labels).read_text().split() == ["id,label", "p1,Linear"]
    assert other.data == ("/tmp",) and field_of(other.labels, "label") == ["Linear"]


def test_raster_layer_as_labels_and_folder_as_data(provider, processing, asked, files):
    folder = str(Path(files["stack"]).parent)
    mask = QgsRasterLayer(files["mask"], "A mask")
    QgsProject.instance().addMapLayer(mask)
    given = {"CAPABILITY": 1, "NETWORK": "unet", "OUTPUT": "/nowhere/fine.safetensors", "START": "scratch", "MIX": 0.25, "SEED": 3}
    processing.run(NAME, {**given, "DATA": f"{folder};{files['stack']}", "LABELS_LAYER": "A mask"})
    assert asked == [
        jobs.TrainModel(
            capability="scatterers", network="unet", data=(folder, files["stack"]), labels=files["mask"], start="scratch", mix=0.25,
            seed=3, output="/nowhere/fine.safetensors",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DATA": ["/nowhere/stack.tif"]}, "there is no layer, file or folder /nowhere/stack.tif"),
        ({"DATA": ["My points"], "LABELS_FIELD": "typo"}, "has no field typo"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(provider, processing, asked, changes, words):
    points()
    feedback = QgsProcessingFeedback()
    with pytest.raises(QgsProcessingException) as error:
        processing.run(NAME, {"CAPABILITY": "trends", "OUTPUT": "/nowhere/fine.safetensors", **changes}, feedback=feedback)
    assert words in f"{error.value} {feedback.textLog()}" and asked == []


def test_epochs_are_told_as_a_table(provider, processing, fake_engine):
    feedback = QgsProcessingFeedback()
    found = processing.run(NAME, {"CAPABILITY": "trends", "OUTPUT": "/nowhere/fine.safetensors", "EPOCHS": 12}, feedback=feedback)
    lines = [line.split() for line in feedback.textLog().splitlines()]
    assert ["epoch", "loss", "val_f1", "seconds"] in lines
    assert ["2", "0.50000", "0.82000", "0.0", "*"] in lines and ["12", "0.08333", "0.88000", "0.2"] in lines
    assert found["REPORT"] == "/nowhere/fine.html" and found["SUMMARY"] == "12 epochs"


def test_a_model_of_the_designer_trains(provider, processing, asked):
    model = QgsProcessingModelAlgorithm("training", "tests")
    model.initAlgorithm()
    model.addModelParameter(QgsProcessingParameterMultipleLayers("Stacks"), QgsProcessingModelParameter("Stacks"))
    child = QgsProcessingModelChildAlgorithm(NAME)
    child.setChildId("train")
    value, given = QgsProcessingModelChildParameterSource.fromStaticValue, QgsProcessingModelChildParameterSource.fromModelParameter
    child.addParameterSources("CAPABILITY", [value("trends")])
    child.addParameterSources("NETWORK", [value("default")])
    child.addParameterSources("DATA", [given("Stacks")])
    child.addParameterSources("LABELS_FIELD", [value("kind")])
    child.addParameterSources("OUTPUT", [value("/nowhere/fine.safetensors")])
    model.addChildAlgorithm(child)
    layer = points()
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    _, done = model.run({"Stacks": [layer.id()]}, context, feedback)
    assert done, feedback.textLog()
    assert Path(asked[0].labels).read_text().split() == ["id,label", "p1,Linear"]


def test_qgis_process_fine_tunes(qgis_process, files, tmp_path):
    output = tmp_path / "mine.safetensors"
    done = qgis_process(
        "--json", "run", NAME, "--", "CAPABILITY=1", "NETWORK=0", f"DATA={files['stack']}", f"LABELS={files['mask']}",
        f"MODEL={files['model']}", "EPOCHS=1", f"OUTPUT={output}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout[done.stdout.index("{"):])["results"]
    assert found["OUTPUT"] == str(output) and "average precision" in found["SUMMARY"]
    header = read_header(output)
    assert header.training["data"] == "stack.tif" and header.training["start"]["file"] == "start.safetensors"
    assert "fine-tuned" in output.with_suffix(".md").read_text(encoding="utf-8")
