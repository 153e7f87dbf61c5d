"""``stillpoint:selectinterferograms``: its outputs are made on request, styled when loaded, and ``qgis_process`` has it too."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsRasterLayer,
)

from stillpoint.models import jobs
from stillpoint.plugin.algorithms.select_interferograms import SelectInterferogramsAlgorithm
from stillpoint.plugin.interferograms import STYLES
from stillpoint.tests.models.interferograms.files import rows_of, write_network
from stillpoint.tests.models.interferograms.networks import network
from stillpoint.tests.plugin.test_processing import asked, provider, qgis_process

__all__ = ["asked", "provider", "qgis_process"]

NAME = "stillpoint:selectinterferograms"
BAD = 4


@pytest.fixture
def stack(tmp_path):
    good = network(dates=6, noise=0.05)
    phase = good.phase.copy()
    phase[BAD, :8] += np.float32(2 * np.pi)
    return write_network(tmp_path / "stack.tif", replace(good, phase=phase), coherence=tmp_path / "coherence.tif")


@pytest.fixture
def handed_out(tmp_path, monkeypatch):
    """What the engine of the tests writes, whatever it is asked."""
    folder = tmp_path / "handed-out"
    folder.mkdir()
    for name in ("table.csv", "stack.tif", "velocity.tif", "weights.tif"):
        (folder / name).write_bytes(b"any")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(folder))


def test_defaults_make_the_default_job(provider, processing, asked, handed_out, stack, tmp_path):
    table, kept = str(tmp_path / "t.csv"), str(tmp_path / "k.tif")
    processing.run(NAME, {"INPUT": stack, "TABLE": table, "OUTPUT": kept})
    assert asked == [jobs.SelectInterferograms(stack=stack, table=table, output=kept)]


def test_layers_folders_and_choices_arrive(provider, processing, asked, handed_out, stack, tmp_path):
    layer, coherence = QgsRasterLayer(stack, "Stack"), QgsRasterLayer(str(tmp_path / "coherence.tif"), "Coherence")
    QgsProject.instance().addMapLayers([layer, coherence])
    files = {"TABLE": str(tmp_path / "t.csv"), "OUTPUT": str(tmp_path / "k.vrt"), "VELOCITY": str(tmp_path / "v.tif")}
    processing.run(NAME, {
        "INPUT": layer, "COHERENCE": coherence.id(), "METHOD": "3", "CONNECT": "tree", "THRESHOLD": 0.4,
        "LISTS": str(tmp_path / "lists"), **files,
    })
    job = asked[0]
    assert (job.method, job.connect, job.threshold) == ("coherence", "tree", 0.4)
    assert (job.stack, job.coherence) == (stack, str(tmp_path / "coherence.tif"))
    assert (job.table, job.output, job.velocity) == tuple(files.values())
    assert job.lists == str(tmp_path / "lists") and job.weights is None


def test_temporary_outputs_get_names(provider, processing, asked, handed_out, stack):
    processing.run(NAME, {"INPUT": stack, **dict.fromkeys(("TABLE", "LISTS", "VELOCITY"), "TEMPORARY_OUTPUT")})
    job = asked[0]
    assert job.table.endswith(".csv") and job.velocity.endswith(".tif")
    assert Path(job.lists).parent.is_dir() and "TEMPORARY" not in job.lists


def test_what_not_every_stack_has_is_made_on_request(provider):
    algorithm = next(item for item in provider.algorithms() if item.name() == "selectinterferograms")
    for name in ("WEIGHTS", "VELOCITY", "LISTS"):
        made = algorithm.parameterDefinition(name)
        assert not made.createByDefault() and made.help()
        assert made.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional
    assert algorithm.parameterDefinition("TABLE").defaultFileExtension() == "csv"
    assert algorithm.groupId() == "interferograms"


def test_real_engine_and_its_sentences(provider, processing, real_engine, stack, tmp_path):
    result = processing.run(NAME, {
        "INPUT": stack, "METHOD": "loop_closure", "TABLE": str(tmp_path / "t.csv"), "OUTPUT": str(tmp_path / "k.vrt"),
        "LISTS": str(tmp_path / "lists"), "VELOCITY": str(tmp_path / "v.tif"),
    })
    assert "11 of 12 interferograms are kept" in result["SUMMARY"]
    assert [index for index, row in enumerate(rows_of(tmp_path / "t.csv")) if row["keep"] == "0"] == [BAD]
    assert (tmp_path / "lists" / "stillpoint_mintpy.cfg").is_file() and result["LISTS"] == str(tmp_path / "lists")
    with pytest.raises(QgsProcessingException, match="no weights of single pixels"):
        processing.run(NAME, {
            "INPUT": stack, "METHOD": "coverage", "TABLE": str(tmp_path / "u.csv"), "WEIGHTS": str(tmp_path / "w.tif"),
        })

    kept = QgsRasterLayer(result["OUTPUT"], "kept")
    STYLES["output"](kept)
    assert kept.bandCount() == 11 and kept.renderer().type() == "singlebandpseudocolor"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"INPUT": "coherence.tif"}, "holds coherence"),
        ({"METHOD": "coherence", "INPUT": "alone.tif"}, "names none"),
        ({"COHERENCE": "alone.tif"}, "not coherence"),
    ],
)
def test_what_cannot_be_judged_is_said_before_the_engine_starts(provider, stack, tmp_path, options, words):
    write_network(tmp_path / "alone.tif", network(dates=6))
    given = {name: str(tmp_path / value) if value.endswith(".tif") else value for name, value in options.items()}
    algorithm = SelectInterferogramsAlgorithm()
    algorithm.initAlgorithm({})
    given = {"INPUT": stack, "TABLE": "/nowhere/t.csv", "METHOD": "loop_closure", **given}
    with pytest.raises(QgsProcessingException, match=words):
        algorithm.prepareAlgorithm(given, QgsProcessingContext(), QgsProcessingFeedback())


def test_loaded_results_get_their_styles(provider, processing, real_engine, stack, tmp_path):
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    velocity = str(tmp_path / "v.tif")
    context.addLayerToLoadOnCompletion(velocity, QgsProcessingContext.LayerDetails("Velocity", QgsProject.instance(), "VELOCITY"))
    processing.run(
        NAME, {"INPUT": stack, "METHOD": "coverage", "TABLE": str(tmp_path / "t.csv"), "VELOCITY": velocity},
        context=context, feedback=feedback,
    )  # fmt: skip
    layer = QgsRasterLayer(velocity, "Velocity")
    context.layerToLoadOnCompletionDetails(velocity).postProcessor().postProcessLayer(layer, context, feedback)
    assert layer.renderer().type() == "singlebandpseudocolor" and layer.renderer().band() == 2


def test_qgis_process(qgis_process, stack, tmp_path):
    done = qgis_process(
        "--json", "run", NAME, "--", f"INPUT={stack}", "METHOD=loop_closure", f"TABLE={tmp_path / 't.csv'}",
        f"OUTPUT={tmp_path / 'k.tif'}", f"LISTS={tmp_path / 'lists'}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout[done.stdout.index("{"):])["results"]
    assert found["TABLE"] == str(tmp_path / "t.csv") and "11 of 12" in found["SUMMARY"]
    assert sorted(path.name for path in (tmp_path / "lists").iterdir())[-1] == "stillpoint_mintpy.cfg"
    failed = qgis_process(
        "run", NAME, "--", f"INPUT={stack}", "METHOD=coverage", f"TABLE={tmp_path / 'x.csv'}", f"WEIGHTS={tmp_path / 'w.tif'}"
    )
    assert failed.returncode != 0 and "no weights of single pixels" in failed.stdout + failed.stderr
