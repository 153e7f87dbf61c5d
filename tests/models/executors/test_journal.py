"""The same job again does not compute what was finished, and gives what an undisturbed run gives."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models import dispatch
from stillpoint.models.executors import journal
from stillpoint.models.interferograms.reading_work import PhaseWork
from stillpoint.models.jobs import ClassifyTrends, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.offsets import track_file
from stillpoint.models.offsets.work import TrackingWork
from stillpoint.models.progress import SILENT
from stillpoint.models.scatterers import select_file
from stillpoint.models.scatterers.work import SelectionWork
from stillpoint.models.trends import classify_file
from stillpoint.models.trends.blocks import SeriesWork
from stillpoint.tests.models.interferograms.files import write_network
from stillpoint.tests.models.interferograms.networks import network
from stillpoint.tests.models.offsets.test_track_file import files, pair
from stillpoint.tests.models.scatterers.stacks import small_scene, write_scene_as
from stillpoint.tests.models.trends.test_classify import clear_series, write_csv


class Gone(BaseException):
    """Stands for a process that ends without a word."""


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("STILLPOINT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(journal, "AFTER", 0.0)
    monkeypatch.setattr(journal, "SPARE", 0.0)
    monkeypatch.setattr(select_file, "sides", lambda *_: (24, 24))
    monkeypatch.setattr(track_file, "side_for", lambda *_: 128)
    monkeypatch.setattr(classify_file, "rows_for", lambda *_: 10)
    return tmp_path / "cache"


def jobs(tmp_path):
    stack = write_scene_as(small_scene(rows=64, cols=64), tmp_path / "stack.tif", "images")
    paths = files(tmp_path, pair((1.5, -0.5), shape=(256, 256)))
    points = write_csv(tmp_path / "points.csv", clear_series(12)[0])
    return [
        (SelectionWork, SelectScatterers(
            stack=stack, output=f"{tmp_path}/m.tif", probability=f"{tmp_path}/p.tif", method="amplitude_dispersion"
        )),
        (TrackingWork, TrackOffsets(
            reference=str(paths[0]), secondary=str(paths[1]), output=f"{tmp_path}/o.tif", method="correlation", device="cpu"
        )),
        (SeriesWork, ClassifyTrends(points=str(points), output=f"{tmp_path}/t.gpkg", method="statistical")),
        (PhaseWork, SelectInterferograms(
            stack=str(write_network(tmp_path / "network.tif", network())), table=f"{tmp_path}/t.csv", output=f"{tmp_path}/k.tif",
            method="loop_closure",
        )),
    ]  # fmt: skip


def content(path):
    if path.endswith(".gpkg"):
        source = ogr.Open(path)
        return [str(feature.items()) for feature in source.GetLayer()]
    return gdal.Open(path).ReadAsArray()


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_finished_pieces_are_not_computed_again(kept, tmp_path, monkeypatch, number):
    kind, job = jobs(tmp_path)[number]
    result = dispatch.run(job, SILENT)
    undisturbed = content(job.output)
    assert not list(kept.glob("pieces/*"))  # a job that ended well leaves none
    computed, real = [], kind.compute

    def compute(self, parcel, values, progress):
        if len(computed) == dies_after:
            raise Gone
        computed.append(1)
        return real(self, parcel, values, progress)

    monkeypatch.setattr(kind, "compute", compute)
    monkeypatch.setattr("stillpoint.models.executors.resources.cores", lambda: 1)
    dies_after = 3
    with pytest.raises(Gone):
        dispatch.run(job, SILENT)
    done = len(list(kept.glob("pieces/*/*.npz")))
    assert 1 <= done <= 3
    computed.clear()
    dies_after = -1
    os.remove(job.output)
    again = dispatch.run(job, SILENT)
    pieces = {0: 9, 1: 4, 2: 6, 3: 18}[number]
    assert len(computed) == pieces - done
    found = content(again.outputs["output"])
    assert found == undisturbed if number == 2 else np.array_equal(found, undisturbed, equal_nan=True)
    assert again.details.get("selected") == result.details.get("selected")
    assert not list(kept.glob("pieces/*"))


def test_other_inputs_or_options_have_pieces_of_their_own(kept, tmp_path):
    _, job = jobs(tmp_path)[0]
    work = SeriesWork("statistical", None, "cpu", True, 1e-4, np.arange(2).astype("datetime64[D]"), 0.05)
    folder = journal.Journal(job, work).folder
    assert journal.Journal(replace(job, output="x.tif", scheduler="tcp://a:1", cog=True), work).folder == folder
    assert journal.Journal(replace(job, keep="best"), work).folder != folder
    model = tmp_path / "m.safetensors"
    model.write_bytes(b"1")
    using = replace(work, method="default", model=str(model))
    first = journal.Journal(job, using).folder
    model.write_bytes(b"22")
    assert journal.Journal(job, using).folder != first


def test_a_damaged_piece_is_computed_again(kept, tmp_path, monkeypatch):
    _, job = jobs(tmp_path)[0]
    monkeypatch.setattr(journal.Journal, "clear", lambda self: None)
    dispatch.run(job, SILENT)
    expected = content(job.output)
    stored = sorted(kept.glob("pieces/*/*.npz"))
    assert len(stored) == 9
    stored[4].write_bytes(stored[4].read_bytes()[:100])
    dispatch.run(job, SILENT)
    np.testing.assert_array_equal(content(job.output), expected)
