"""Every capability gives the same on a cluster as on this machine, to the last bit."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models import dispatch
from stillpoint.models.jobs import ClassifyTrends, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.progress import SILENT
from stillpoint.tests.models.interferograms.files import write_network
from stillpoint.tests.models.interferograms.networks import network
from stillpoint.tests.models.offsets.test_track_file import files, pair
from stillpoint.tests.models.scatterers.stacks import small_scene, untrained_model, write_scene_as
from stillpoint.tests.models.trends.test_classify import clear_series, write_csv


def both(job, address, tmp_path):
    """Do a job here and on the cluster; return the results."""
    results = []
    for where, scheduler in (("here", None), ("there", address)):
        (tmp_path / where).mkdir()
        outputs = {
            item.name: str(tmp_path / where / Path(getattr(job, item.name)).name)
            for item in type(job).parameters()
            if "output" in item.metadata["kind"] and getattr(job, item.name)
        }
        results.append(dispatch.run(replace(job, scheduler=scheduler, **outputs), SILENT))
    assert results[0].details["computed_by"] == "this machine" and results[1].details["computed_by"].endswith(address)
    assert not [warning for warning in results[1].warnings if "scheduler" in warning]
    return results


def same_rasters(results, name):
    found = [gdal.Open(result.outputs[name]).ReadAsArray() for result in results]
    np.testing.assert_array_equal(*found)
    return found[0]


def test_trends(address, tmp_path):
    points = write_csv(tmp_path / "points.csv", clear_series(20)[0])
    job = ClassifyTrends(points=str(points), output=str(tmp_path / "x.gpkg"), method="statistical")
    results = both(job, address, tmp_path)
    rows = []
    for result in results:
        layer = ogr.Open(result.outputs["output"])
        rows.append([json.dumps(feature.items(), default=str) for feature in layer.GetLayer()])
    assert len(rows[0]) == 100 and rows[0] == rows[1]


@pytest.mark.parametrize("method", ["amplitude_dispersion", "default"])
def test_scatterers(address, tmp_path, method):
    stack = write_scene_as(small_scene(rows=80, cols=64), tmp_path / "stack.tif", "images")
    model = untrained_model(tmp_path / "own.safetensors") if method == "default" else None
    job = SelectScatterers(
        stack=stack, output="mask.tif", probability="p.tif", points="points.gpkg", method=method, model=model, device="cpu"
    )
    results = both(job, address, tmp_path)
    same_rasters(results, "probability")
    assert (same_rasters(results, "output") == 1).sum() == results[1].details["selected"]


def test_offsets(address, tmp_path):
    paths = files(tmp_path, pair((1.5, -0.5), shape=(192, 192)))
    job = TrackOffsets(reference=str(paths[0]), secondary=str(paths[1]), output="o.tif", method="correlation", device="cpu")
    results = both(job, address, tmp_path)
    assert np.isfinite(same_rasters(results, "output")[0]).mean() > 0.5


def test_interferograms(address, tmp_path):
    stack = write_network(tmp_path / "stack.tif", network())
    job = SelectInterferograms(stack=str(stack), table="t.csv", method="loop_closure", velocity="v.tif")
    results = both(job, address, tmp_path)
    tables = [list(csv.reader(Path(result.outputs["table"]).read_text(encoding="utf-8").splitlines())) for result in results]
    assert tables[0] == tables[1] and len(tables[0]) > 5
    same_rasters(results, "velocity")
