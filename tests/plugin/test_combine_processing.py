"""``stillpoint:combinegeometries``: its parameters, the job that arrives, and the two styled layers."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

from stillpoint.plugin import runner
from stillpoint.plugin.provider import StillpointProvider

from .velocity_points import write_points, write_results


@pytest.fixture
def provider(processing):
    made = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)
    QgsProject.instance().clear()


def test_parameters_have_the_names_of_the_job(provider):
    algorithm = QgsApplication.processingRegistry().algorithmById("stillpoint:combinegeometries")
    names = [item.name() for item in algorithm.parameterDefinitions()]
    assert names[:4] == ["ASCENDING", "DESCENDING", "OUTPUT", "EAST"] and "INPUT" not in names
    assert {"SPACING", "WHERE", "REFERENCE", "ASCENDING_INCIDENCE", "MORE", "STABLE", "MAX_CONDITION"} <= set(names)
    assert algorithm.groupId() == "series"


def test_run(provider, processing, fake_engine, tmp_path, monkeypatch):
    write_results(tmp_path / "results")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(tmp_path / "results"))
    given, real = [], runner.run
    monkeypatch.setattr(runner, "run", lambda job, **options: given.append(job) or real(job, **options))
    tracks = [write_points(tmp_path / f"{name}.gpkg") for name in ("asc", "desc")]
    wanted = {"OUTPUT": str(tmp_path / "up.gpkg"), "EAST": str(tmp_path / "e.gpkg")}
    found = processing.run(
        "stillpoint:combinegeometries",
        {"ASCENDING": str(tracks[0]), "DESCENDING": str(tracks[1]), "WHERE": "points", "DESCENDING_HEADING": -168, **wanted},
        context=QgsProcessingContext(), feedback=QgsProcessingFeedback(),
    )  # fmt: skip
    job = given[-1]
    assert (job.where, job.descending_heading, job.ascending_heading, job.spacing) == ("points", -168.0, None, 100.0)
    assert job.ascending.startswith(str(tracks[0])) and job.descending.startswith(str(tracks[1])) and job.more is None
    assert {name: found[name] for name in wanted} == wanted


def test_layers_that_are_loaded_are_styled(provider, processing, fake_engine, tmp_path, monkeypatch):
    write_results(tmp_path / "results")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(tmp_path / "results"))
    tracks = [write_points(tmp_path / f"{name}.gpkg") for name in ("asc", "desc")]
    processing.runAndLoadResults(
        "stillpoint:combinegeometries",
        {"ASCENDING": str(tracks[0]), "DESCENDING": str(tracks[1]), "OUTPUT": "TEMPORARY_OUTPUT", "EAST": "TEMPORARY_OUTPUT"},
    )
    layers = list(QgsProject.instance().mapLayers().values())
    assert sorted(layer.customProperty("stillpoint/direction") for layer in layers) == ["east", "up"]
    assert all(layer.renderer().type() == "graduatedSymbol" for layer in layers)
