"""``stillpoint:models`` in Processing: the same library, in the folder of the profile."""

from __future__ import annotations

import shutil
import zipfile

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from stillpoint.models.learning import cards, shelf
from stillpoint.plugin.provider import StillpointProvider
from stillpoint.tests.plugin.test_processing import qgis_process

__all__ = ["qgis_process"]

SHIPPED = cards.SHIPPED / "trends-mirmazloumi.safetensors"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "models"
    monkeypatch.setenv(shelf.VARIABLE, str(made))
    return made


@pytest.fixture
def algorithm(processing, folder, real_engine):
    provider = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    yield QgsApplication.processingRegistry().algorithmById("stillpoint:models")
    QgsApplication.processingRegistry().removeProvider(provider)


def run(algorithm, **parameters):
    """Run the algorithm as the toolbox does; return its outputs and what it told."""
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    good, why = algorithm.checkParameterValues(parameters, context)
    assert good, why
    results, done = algorithm.run(parameters, context, feedback, {}, False)
    return results, feedback.textLog() if hasattr(feedback, "textLog") else "", done


def test_parameters(algorithm):
    names = [parameter.name() for parameter in algorithm.parameterDefinitions()]
    assert names[:5] == ["ACTION", "INPUT", "DATA", "OUTPUT", "NAME"]
    assert algorithm.group() == "Models and simulation"


def test_import_default_export_and_remove(algorithm, folder, tmp_path):
    source = shutil.copyfile(SHIPPED, tmp_path / "theirs.safetensors")
    results, _, done = run(algorithm, ACTION="import", INPUT=str(source), NAME="mine")
    assert done and results["SUMMARY"].startswith("Imported mine") and (folder / "mine.safetensors").is_file()
    assert run(algorithm, ACTION="default", INPUT="mine")[2]
    assert shelf.chosen("trends", "mirmazloumi_cnn") == folder / "mine.safetensors"
    results, _, done = run(algorithm, ACTION="export", INPUT="mine", OUTPUT=str(tmp_path / "out.zip"))
    assert done and zipfile.is_zipfile(results["OUTPUT"])
    results, _, done = run(algorithm, ACTION=0)
    assert done and "* trends         mirmazloumi_cnn mine" in results["SUMMARY"]
    assert "shipped model again" in run(algorithm, ACTION="remove", INPUT="mine")[0]["SUMMARY"]


def test_a_sentence_where_it_fails(algorithm):
    with pytest.raises(QgsProcessingException, match="came with Stillpoint"):
        run_raising(algorithm, ACTION="remove", INPUT="trends-default")


def run_raising(algorithm, **parameters):
    """Run the algorithm and let its error through."""
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    made = algorithm.create({})
    made.prepareAlgorithm(parameters, context, feedback)
    return made.processAlgorithm(parameters, context, feedback)


def test_qgis_process_has_the_models_of_the_profile(qgis_process):
    done = qgis_process("run", "stillpoint:models", "--", "ACTION=list", **{shelf.VARIABLE: ""})
    assert done.returncode == 0, done.stderr
    folder = next(line for line in done.stdout.splitlines() if line.startswith("Yours: "))
    assert folder.endswith("profiles/default/stillpoint/models")
