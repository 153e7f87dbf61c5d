"""The Processing algorithms: parameters are the job's, every kind of point input arrives, errors are sentences."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from stillpoint.models import jobs
from stillpoint.plugin import runner
from stillpoint.plugin.algorithms.parameters import name_of
from stillpoint.plugin.provider import StillpointProvider

REPOSITORY = Path(__file__).resolve().parents[2]
DATES = ("20200101", "20200113", "20200125")


@pytest.fixture
def provider(processing):
    made = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)
    QgsProject.instance().clear()


def memory_layer(name="Some points", crs="EPSG:3035"):
    fields = "&".join(f"field=D{date}:double" for date in DATES)
    layer = QgsVectorLayer(f"Point?crs={crs}&field=fid:string&field=id:string&{fields}", name, "memory")
    features = []
    for number in range(10):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(4e6 + number, 3e6)))
        feature.setAttributes([f"f{number}", f"p{number}", 0.0, 1.0 * number, 2.0 * number])
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    return layer


def file_layer(path, name="points", layer_name="points", append=False):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = layer_name
    if append:
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    source = memory_layer()
    source.dataProvider().deleteAttributes([0])
    source.updateFields()
    context = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(source, str(path), context, options)[0] == 0
    return QgsVectorLayer(f"{path}|layername={layer_name}", name, "ogr")


@pytest.fixture
def asked(fake_engine, monkeypatch):
    """The jobs that reached the engine."""
    given = []
    real = runner.run

    def run(job, **options):
        given.append(job)
        return real(job, **options)

    monkeypatch.setattr(runner, "run", run)
    return given


def classify(processing, **parameters):
    return processing.run("stillpoint:classifytrends", {"OUTPUT": "/nowhere/fine.gpkg", **parameters})


WITHOUT_A_JOB = ("report",)
"""Algorithms that QGIS's side does by itself."""

OFFERED = {
    "classifytrends": jobs.ClassifyTrends, "openstack": jobs.OpenStack, "describestack": jobs.DescribeStack,
    "selectinterferograms": jobs.SelectInterferograms, "selectscatterers": jobs.SelectScatterers,
    "trackoffsets": jobs.TrackOffsets, "estimateseries": jobs.EstimateSeries, "combinegeometries": jobs.CombineGeometries,
    "assessscatterers": jobs.AssessScatterers, "simulate": jobs.Simulate, "trainmodel": jobs.TrainModel,
    "models": jobs.ManageModels, "runanalysis": jobs.RunAnalysis,
}  # fmt: skip

INPUTS = {
    "combinegeometries": {"ASCENDING", "DESCENDING"}, "trackoffsets": {"REFERENCE", "SECONDARY"}, "simulate": set(),
    "trainmodel": set(),
}  # fmt: skip
"""What is read by algorithms that have not the one INPUT: two sources of equal rank keep the names of the job."""

MORE = {"trainmodel": {"LABELS_LAYER", "LABELS_FIELD"}}
"""Parameters that QGIS has beside those of the job."""


def test_names_are_fixed(provider):
    assert {item.name() for item in provider.algorithms()} == {*OFFERED, *WITHOUT_A_JOB}
    assert provider.id() == "stillpoint"
    assert all(not item.icon().isNull() and item.group() for item in provider.algorithms())


def test_every_parameter_of_a_job_is_there_with_its_default(provider):
    for algorithm in provider.algorithms():
        if algorithm.name() in WITHOUT_A_JOB:
            continue
        job = OFFERED[algorithm.name()]
        made = {item.name(): item for item in algorithm.parameterDefinitions()}
        fields = [item for item in job.parameters() if item.name != "forecast"]  # every run tells it in the log
        assert sorted(set(made) - MORE.get(algorithm.name(), set())) == sorted(name_of(item) for item in fields)
        for item in fields:
            parameter = made[name_of(item)]
            assert parameter.description().startswith(item.metadata["title"])
            assert parameter.help() == item.metadata["help"]
            advanced = bool(parameter.flags() & QgsProcessingParameterDefinition.FlagAdvanced)
            assert advanced == item.metadata["advanced"]
            if item.default not in (None, jobs.REQUIRED):
                assert parameter.defaultValue() == item.default
            if item.metadata["choices"]:
                assert parameter.options() == list(item.metadata["choices"])
            assert item.metadata["title"] in algorithm.shortHelpString()
        inputs = INPUTS.get(algorithm.name(), {"INPUT"})
        assert inputs <= set(made) and ("INPUT" in made) == ("INPUT" in inputs)


def test_defaults_make_the_default_job(provider, processing, asked, tmp_path):
    file_layer(tmp_path / "a.gpkg")
    result = classify(processing, INPUT=str(tmp_path / "a.gpkg"))
    expected = jobs.ClassifyTrends(points=str(tmp_path / "a.gpkg"), output="/nowhere/fine.gpkg")
    assert asked == [expected]
    assert result["OUTPUT"] == "/nowhere/fine.gpkg"
    assert result["SUMMARY"] == "done"


def test_every_value_arrives(provider, processing, asked, tmp_path):
    file_layer(tmp_path / "a.gpkg")
    classify(
        processing, INPUT=str(tmp_path / "a.gpkg"), METHOD="statistical", WAVELENGTH=0.031, ABSTAIN=False, UNIT="cm",
        CRS="EPSG:32630", CLASS_SHARES="typical", SERIES="none", CORRECT_JUMPS=True, SIGNIFICANCE=1e-6, DEVICE="cpu",
        LAYER="points",
    )  # fmt: skip
    assert asked[0] == jobs.ClassifyTrends(
        points=str(tmp_path / "a.gpkg"), output="/nowhere/fine.gpkg", method="statistical", wavelength=0.031,
        abstain=False, unit="cm", crs="EPSG:32630", class_shares="typical", series="none", correct_jumps=True,
        significance=1e-6, device="cpu", layer="points",
    )  # fmt: skip


def test_choice_by_its_number_as_qgis_process_tells_people(provider, processing, asked, tmp_path):
    file_layer(tmp_path / "a.gpkg")
    classify(processing, INPUT=str(tmp_path / "a.gpkg"), METHOD="2")
    assert asked[0].method == "statistical"


@pytest.mark.parametrize("name", ["series.csv", "timeseries.h5", "odd name (1).txt"])
def test_files_that_qgis_cannot_open_go_to_the_engine(provider, processing, asked, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\x89HDF\r\n\x1a\n")
    classify(processing, INPUT=str(path))
    assert asked[0].points == str(path)


def test_layer_of_a_file_is_read_from_its_file(provider, processing, asked, tmp_path):
    file_layer(tmp_path / "a.gpkg", layer_name="first")
    layer = file_layer(tmp_path / "a.gpkg", layer_name="second", append=True)
    QgsProject.instance().addMapLayer(layer)
    for value in (layer, layer.id(), layer.name(), f"{tmp_path}/a.gpkg|layername=second"):
        classify(processing, INPUT=value)
        assert (asked[-1].points, asked[-1].layer) == (str(tmp_path / "a.gpkg"), "second")
        assert asked[-1].crs is None


def test_crs_that_the_user_gave_a_layer_is_kept(provider, processing, asked, tmp_path):
    layer = file_layer(tmp_path / "a.gpkg")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:25830"))
    QgsProject.instance().addMapLayer(layer)
    classify(processing, INPUT=layer)
    assert asked[0].crs == "EPSG:25830"


def read(job):
    layer = QgsVectorLayer(job.points, "written", "ogr")
    assert layer.isValid()
    return layer


def test_memory_layer_is_written_with_all_fields(provider, processing, asked):
    layer = memory_layer()
    QgsProject.instance().addMapLayer(layer)
    classify(processing, INPUT=layer)
    written = read(asked[0])
    assert Path(asked[0].points).name == "Some_points.gpkg"
    assert written.featureCount() == 10
    assert written.crs().authid() == "EPSG:3035"
    assert {field.name() for field in written.fields()} >= {"fid", "id", *(f"D{date}" for date in DATES)}
    third = next(feature for feature in written.getFeatures() if feature["id"] == "p3")
    assert third["D20200125"] == 6.0 and third["fid"] == "f3"


def test_filtered_edited_and_selected_features_are_what_the_user_sees(provider, processing, asked, tmp_path):
    layer = file_layer(tmp_path / "a.gpkg")
    QgsProject.instance().addMapLayer(layer)
    layer.setSubsetString("\"id\" < 'p4'")
    classify(processing, INPUT=layer)
    assert read(asked[-1]).featureCount() == 4
    layer.setSubsetString("")
    layer.selectByExpression("\"id\" in ('p1', 'p2')")
    classify(processing, INPUT=QgsProcessingFeatureSourceDefinition(layer.id(), True))
    assert {feature["id"] for feature in read(asked[-1]).getFeatures()} == {"p1", "p2"}
    layer.startEditing()
    layer.changeAttributeValue(next(layer.getFeatures()).id(), layer.fields().lookupField("id"), "changed")
    classify(processing, INPUT=layer)
    assert "changed" in {feature["id"] for feature in read(asked[-1]).getFeatures()}
    layer.rollBack()


@pytest.mark.parametrize("value", ["/nowhere/points.csv", "no such layer"])
def test_input_that_is_not_there(provider, processing, asked, value):
    with pytest.raises(QgsProcessingException, match=r"no layer or file .*Check its spelling"):
        classify(processing, INPUT=value)
    with pytest.raises(QgsProcessingException, match=r"INPUT|Points"):
        processing.run("stillpoint:classifytrends", {"OUTPUT": "/nowhere/fine.gpkg"})
    assert asked == []


def test_nothing_selected(provider, processing, asked):
    layer = memory_layer()
    QgsProject.instance().addMapLayer(layer)
    with pytest.raises(QgsProcessingException, match="no points to classify"):
        classify(processing, INPUT=QgsProcessingFeatureSourceDefinition(layer.id(), True))


def test_engine_error_is_its_sentence(provider, processing, fake_engine):
    for name, sentence in (("fails", "no date columns"), ("dies", "ended from outside")):
        with pytest.raises(QgsProcessingException, match=sentence):
            processing.run("stillpoint:simulate", {"OUTPUT": f"/nowhere/{name}.gpkg"})


def test_cancel_in_the_middle(provider, processing, fake_engine):
    feedback = QgsProcessingFeedback()
    feedback.progressChanged.connect(lambda percent: feedback.cancel())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("stillpoint:simulate")
    result, done = algorithm.run({"OUTPUT": "/nowhere/slow.gpkg"}, QgsProcessingContext(), feedback)
    assert done and result == {}
    assert feedback.isCanceled()


def test_progress_and_warnings_reach_the_feedback(provider, processing, fake_engine):
    class Feedback(QgsProcessingFeedback):
        def __init__(self):
            super().__init__()
            self.texts = []

        def setProgressText(self, text):
            self.texts.append(text)

        def pushWarning(self, warning):
            self.texts.append(warning)

        def pushInfo(self, info):
            self.texts.append(info)

    feedback = Feedback()
    processing.run("stillpoint:simulate", {"OUTPUT": "/nowhere/fine.gpkg"}, feedback=feedback)
    assert {"half", "working", "A warning.", "done"} <= set(feedback.texts)


def test_training_job_arrives(provider, processing, asked):
    processing.run(
        "stillpoint:trainmodel",
        {"CAPABILITY": "trends", "NETWORK": "mirmazloumi_cnn", "SEED": 7, "OUTPUT": "/nowhere/fine.safetensors"},
    )
    assert asked[0] == jobs.TrainModel(
        capability="trends", network="mirmazloumi_cnn", seed=7, output="/nowhere/fine.safetensors"
    )


def test_real_engine_simulates_and_classifies(provider, processing, real_engine, tmp_path):
    valley = str(tmp_path / "valley.gpkg")
    processing.run("stillpoint:simulate", {"POINTS": 200, "DATES": 60, "OUTPUT": valley})
    layer = QgsVectorLayer(valley, "valley", "ogr")
    assert layer.featureCount() == 200
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    output = QgsProcessingOutputLayerDefinition(str(tmp_path / "classified.gpkg"), QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("stillpoint:classifytrends")
    result, done = algorithm.run({"INPUT": layer, "OUTPUT": output}, context, feedback)
    assert done
    classified = QgsVectorLayer(result["OUTPUT"], "classified", "ogr")
    assert classified.featureCount() == 200
    assert classified.crs() == layer.crs()
    assert "Stable" in result["SUMMARY"]
    details = context.layerToLoadOnCompletionDetails(result["OUTPUT"])
    details.postProcessor().postProcessLayer(classified, context, feedback)
    assert classified.renderer().type() == "categorizedSymbol"


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory):
    """``qgis_process`` with the plugin enabled in a profile of its own."""
    program = next((found for name in ("qgis_process.bin", "qgis_process") if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no qgis_process here")
    folder = tmp_path_factory.mktemp("profile")
    plugins = folder / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "stillpoint").symlink_to(REPOSITORY)
    variables = {
        **os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(folder), "QT_QPA_PLATFORM": "offscreen",
        "STILLPOINT_PYTHON": sys.executable,
    }  # fmt: skip

    def run(*arguments, **changes):
        command = [program, *arguments]
        return subprocess.run(command, env={**variables, **changes}, capture_output=True, text=True, timeout=240)

    assert run("plugins", "enable", "stillpoint").returncode == 0
    return run


def test_qgis_process(qgis_process, tmp_path):
    pytest.importorskip("torch")
    output = tmp_path / "valley.gpkg"
    done = qgis_process("--json", "run", "stillpoint:simulate", "--", "POINTS=50", "DATES=40", f"OUTPUT={output}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout[done.stdout.index("{"):])["results"]["OUTPUT"] == str(output)
    assert output.exists()


def test_qgis_process_says_what_is_wrong(qgis_process, tmp_path):
    output = f"OUTPUT={tmp_path / 'x.gpkg'}"
    done = qgis_process("run", "stillpoint:classifytrends", "--", "INPUT=/nowhere/x.csv", output)
    assert done.returncode == 1
    assert "no layer or file /nowhere/x.csv" in done.stdout + done.stderr
    done = qgis_process("run", "stillpoint:simulate", "--", output, STILLPOINT_PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert "engine is not set up" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []
