"""``stillpoint:runanalysis``: a recipe without the panel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from stillpoint.models.recipe import Recipe, write_recipe
from stillpoint.tests.plugin.offset_rasters import write_image, write_offsets


@pytest.fixture
def run(processing, qgis_app, fake_engine, tmp_path, monkeypatch):
    from stillpoint.plugin.provider import StillpointProvider

    provider = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    write_offsets(tmp_path / "track-offsets.output")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(tmp_path))

    def do(**parameters):
        feedback = QgsProcessingFeedback()
        found = processing.run("stillpoint:runanalysis", parameters, feedback=feedback, context=QgsProcessingContext())
        return found, feedback.textLog()

    yield do
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def recipe(tmp_path):
    write_image(tmp_path / "20180101.tif")
    made = Recipe("offsets", inputs={"reference": str(tmp_path / "20180101.tif")})
    write_recipe(made, str(tmp_path / "recipe.json"))
    return tmp_path / "recipe.json"


def test_recipe_runs_and_is_not_run_twice(run, recipe, tmp_path):
    found, log = run(INPUT=str(recipe), OUTPUT=str(tmp_path / "out"))
    assert found["OFFSETS_OUTPUT"] == str(tmp_path / "out" / "offsets.tif")
    assert json.loads(Path(found["RECORD"]).read_text())["steps"]["offsets"]["outputs"] == {"output": "offsets.tif"}
    assert "offsets: running" in log and "offsets: done - track-offsets is done." in log
    _, log = run(INPUT=str(recipe), OUTPUT=str(tmp_path / "out"))
    assert "offsets: unchanged" in log
    shutil.copy(tmp_path / "20180101.tif", tmp_path / "20180113.tif")
    found, log = run(INPUT=str(recipe), OUTPUT=str(tmp_path / "later"), REFERENCE=str(tmp_path / "20180113.tif"))
    assert "offsets: done" in log and found["OFFSETS_OUTPUT"] == str(tmp_path / "later" / "offsets.tif")


def test_recipe_that_is_none(run, tmp_path):
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(QgsProcessingException, match="no recipe of an analysis"):
        run(INPUT=str(tmp_path / "recipe.json"), OUTPUT=str(tmp_path / "out"))
