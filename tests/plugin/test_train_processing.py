"""``stillpoint:trainmodel`` with stacks and labels of the user's, through Processing and through ``qgis_process``."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("torch")

from qgis.core import QgsProject, QgsRasterLayer

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
