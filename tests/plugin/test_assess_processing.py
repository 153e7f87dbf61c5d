"""``stillpoint:assessscatterers``: layers of all kinds arrive, results come back, and ``qgis_process`` opens the same door."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr
from qgis.core import QgsProcessingException, QgsProject, QgsRasterLayer, QgsVectorLayer

from stillpoint.models import jobs
from stillpoint.tests.models.scatterers.assess_files import MASK, REFERENCE, halves, raster, vector
from stillpoint.tests.plugin.test_processing import asked, provider, qgis_process

__all__ = ["asked", "provider", "qgis_process"]

NAME = "stillpoint:assessscatterers"


@pytest.fixture
def files(tmp_path):
    return {
        "mask": raster(tmp_path / "mask.tif", MASK), "other": raster(tmp_path / "other.tif", REFERENCE),
        "zones": halves(tmp_path / "zones.gpkg"),
    }


def test_layers_and_files_arrive(provider, processing, asked, files, tmp_path):
    layer = QgsRasterLayer(files["mask"], "A mask")
    points = QgsVectorLayer(
        f"{vector(tmp_path / 'p.gpkg', [('POINT(500010 4999995)', 'a')], kind=ogr.wkbPoint)}|layername=shapes", "Points", "ogr"
    )
    zones = QgsVectorLayer(files["zones"], "Zones", "ogr")
    QgsProject.instance().addMapLayers([layer, points, zones])
    processing.run(NAME, {
        "INPUT": [layer, files["other"], points.id()], "ZONES": zones, "REFERENCE": files["other"], "ZONE_FIELD": "cover",
        "LOOKING": "left", "INCIDENCE": 33.5, "OUTPUT": "/nowhere/fine.csv",
    })
    job = asked[0]
    assert job.masks[:2] == (files["mask"], files["other"]) and job.masks[2].startswith(str(tmp_path / "p.gpkg"))
    assert job.zones.split("|")[0] == files["zones"] and job.reference == files["other"] and job.zone_field == "cover"
    assert (job.looking, job.incidence, job.heading, job.cell, job.dem) == ("left", 33.5, None, 250.0, None)


def test_defaults_make_the_default_job(provider, processing, asked, files):
    processing.run(NAME, {"INPUT": [files["mask"]], "OUTPUT": "/nowhere/fine.csv"})
    assert asked == [jobs.AssessScatterers(masks=(files["mask"],), output="/nowhere/fine.csv")]


def test_real_engine_and_its_sentences(provider, processing, real_engine, files, tmp_path):
    result = processing.run(NAME, {
        "INPUT": [files["mask"], files["other"]], "ZONES": files["zones"], "OUTPUT": str(tmp_path / "t.csv"),
        "REPORT": str(tmp_path / "r.html"), "DENSITY": str(tmp_path / "d.tif"), "CELL": 40,
    })
    assert "City" in result["SUMMARY"] and result["REPORT"] == str(tmp_path / "r.html")
    assert (tmp_path / "t.csv").read_text().startswith("mask,section,zone,measure,value\nmask,counts,,ps,5\n")
    layer = QgsRasterLayer(result["DENSITY"], "density")
    assert layer.renderer().type() == "singlebandpseudocolor"
    with pytest.raises(QgsProcessingException, match="have no field land"):
        processing.run(NAME, {
            "INPUT": [files["mask"]], "ZONES": files["zones"], "ZONE_FIELD": "land", "OUTPUT": str(tmp_path / "u.csv"),
        })


def test_qgis_process(qgis_process, files, tmp_path):
    arguments = [f"INPUT={files['mask']}", f"INPUT={files['other']}", f"ZONES={files['zones']}", f"REFERENCE={files['other']}"]
    done = qgis_process("--json", "run", NAME, "--", *arguments, f"OUTPUT={tmp_path / 't.csv'}", f"REPORT={tmp_path / 'r.html'}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout[done.stdout.index("{"):])["results"]
    assert found["OUTPUT"] == str(tmp_path / "t.csv") and "Jaccard" in found["SUMMARY"]
    assert "other,zones,River,ps,7" in (tmp_path / "t.csv").read_text()
    assert "</html>" in (tmp_path / "r.html").read_text(encoding="utf-8")
