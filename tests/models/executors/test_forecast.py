"""What a job will need is told before it begins, and a disk that cannot hold it is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillpoint.models import cli, dispatch
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import Needs, foresee, resources
from stillpoint.models.executors.doors import Here
from stillpoint.models.jobs import ClassifyTrends, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.progress import SILENT
from stillpoint.tests.models.executors.works import Sums
from stillpoint.tests.models.interferograms.files import write_network
from stillpoint.tests.models.interferograms.networks import network
from stillpoint.tests.models.offsets.test_track_file import files, pair
from stillpoint.tests.models.scatterers.stacks import small_scene, write_scene_as
from stillpoint.tests.models.trends.test_classify import clear_series, write_csv

PIECES = [range(start, start + 8) for start in range(0, 800, 8)]


def test_time_is_that_of_the_calibration_for_all_pieces(tmp_path):
    needs = Needs(Sums(seconds=0.1), PIECES, len, 1e8, [(str(tmp_path / "x.tif"), 5e6)])
    found = foresee(needs, Here(), device="cpu", threads=2, progress=SILENT)
    # The smallest piece has two of the eight numbers and takes as long: its share of the cost is a quarter.
    assert found.seconds == pytest.approx(100 * 4 * 0.1 / 2, rel=0.5)
    assert found.pieces == 100 and found.at_a_time == 2 and found.disk == 5e6
    assert "of memory and 5.0 MB on disk, for 100 pieces, 2 at a time on this machine" in found.sentence()


def test_short_jobs_are_not_calibrated():
    found = foresee(Needs(Sums(seconds=9), PIECES[:3], len, 1e8), Here(), device="cpu", threads=2, progress=SILENT)
    assert found.seconds is None


def jobs(tmp_path: Path):
    stack = write_scene_as(small_scene(rows=64, cols=64), tmp_path / "stack.tif", "images")
    paths = files(tmp_path, pair((1.5, -0.5), shape=(128, 128)))
    points = write_csv(tmp_path / "points.csv", clear_series(4)[0])
    pairs = write_network(tmp_path / "pairs.tif", network())
    out = tmp_path / "out"
    out.mkdir()
    return [
        SelectScatterers(
            stack=stack, output=f"{out}/m.tif", probability=f"{out}/p.tif", method="amplitude_dispersion", forecast=True
        ),
        TrackOffsets(
            reference=str(paths[0]), secondary=str(paths[1]), output=f"{out}/o.tif", method="correlation", device="cpu",
            forecast=True,
        ),
        ClassifyTrends(points=str(points), output=f"{out}/t.gpkg", method="statistical", forecast=True),
        SelectInterferograms(stack=str(pairs), table=f"{out}/t.csv", method="loop_closure", forecast=True),
    ]  # fmt: skip


def test_a_forecast_alone_writes_nothing(tmp_path, capsys):
    for job in jobs(tmp_path):
        result = dispatch.run(job, SILENT)
        told = result.details["forecast"]
        assert told["seconds"] > 0 and told["memory"] > 1e8 and told["pieces"] >= 1, job.task
        assert result.summary.startswith("Forecast: about") and not result.outputs
        assert not list((tmp_path / "out").iterdir())
    options = ["--output", str(tmp_path / "out" / "t.gpkg"), "--method", "statistical", "--forecast"]
    assert cli.main(["classify-trends", str(tmp_path / "points.csv"), *options]) == cli.DONE
    assert "Nothing was computed or written" in capsys.readouterr().out


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "free_disk", lambda path: 100)
    job = jobs(tmp_path)[0]
    with pytest.raises(StillpointError, match=r"There is not enough space left on the disk of .*: the results need about"):
        dispatch.run(job, SILENT)
    assert not list((tmp_path / "out").iterdir())
