from __future__ import annotations

import pytest
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsVectorLayer

from stillpoint.plugin.provider import StillpointProvider


@pytest.fixture
def provider(processing):
    made = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)
    QgsProject.instance().clear()


def test_processing_simulates_a_scene_and_its_points(provider, processing, real_engine, tmp_path):
    stack, points = str(tmp_path / "scene.tif"), str(tmp_path / "points.gpkg")
    given = {"WHAT": "scene", "SIZE": 96, "DATES": 6, "STACK": stack, "OUTPUT": points}
    result = processing.run("stillpoint:simulate", given)
    images = QgsRasterLayer(stack, "scene")
    assert images.isValid() and images.bandCount() == 6
    assert images.crs().authid() == "EPSG:32632"
    found = QgsVectorLayer(points, "points", "ogr")
    assert found.featureCount() > 0
    assert images.extent().contains(found.extent())
    assert f"{found.featureCount():,} true scatterers" in result["SUMMARY"]
