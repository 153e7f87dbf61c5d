"""Inputs and outputs through GDAL's paths: archives, memory, a web server; and Cloud-Optimised GeoTIFF."""

from __future__ import annotations

import functools
import http.server
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models import dispatch, remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.progress import SILENT
from stillpoint.tests.models.interferograms.files import write_network
from stillpoint.tests.models.interferograms.networks import network
from stillpoint.tests.models.offsets.test_track_file import files, pair
from stillpoint.tests.models.scatterers.stacks import small_scene, write_scene_as
from stillpoint.tests.models.trends.test_classify import clear_series, write_csv


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves parts of files, as object stores do."""

    def log_message(self, *_):
        return

    def do_GET(self):
        asked = self.headers.get("Range")
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            return super().do_GET()
        first, _, last = asked.partition("=")[2].partition("-")
        content = path.read_bytes()
        stop = min(int(last) + 1, len(content)) if last else len(content)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{stop - 1}/{len(content)}")
        self.send_header("Content-Length", str(stop - int(first)))
        self.end_headers()
        self.wfile.write(content[int(first) : stop])
        return None


@pytest.fixture
def served(tmp_path):
    """Return the /vsicurl/ address of a folder."""
    (tmp_path / "served").mkdir()
    handler = functools.partial(Quiet, directory=str(tmp_path / "served"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path / "served", f"/vsicurl/http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def selected(stack, folder, **options):
    job = SelectScatterers(stack=stack, output=f"{folder}/mask.tif", method="amplitude_dispersion", **options)
    return gdal.Open(dispatch.run(job, SILENT).outputs["output"])


def test_a_stack_from_an_archive_and_from_a_web_server_is_that_of_the_disk(tmp_path, served):
    folder, url = served
    stack = write_scene_as(small_scene(rows=64, cols=48), folder / "stack.tif", "images")
    with zipfile.ZipFile(tmp_path / "stack.zip", "w") as archive:
        archive.write(stack, "scene/stack.tif")
    expected = selected(stack, tmp_path).ReadAsArray()
    for place in (f"/vsizip/{tmp_path}/stack.zip/scene/stack.tif", f"{url}/stack.tif"):
        np.testing.assert_array_equal(selected(place, tmp_path).ReadAsArray(), expected)
    with pytest.raises(StillpointError, match=r"missing.tif is no raster that can be read"):
        selected(f"{url}/missing.tif", tmp_path)


def test_outputs_in_memory_appear_whole(tmp_path):
    stack = write_scene_as(small_scene(rows=64, cols=48), tmp_path / "stack.tif", "images")
    expected = selected(stack, tmp_path).ReadAsArray()
    before = {item.name for item in Path(remote.draft_folder()).glob(".*.partial*")}
    found = selected(stack, "/vsimem/stillpoint-test", points="/vsimem/stillpoint-test/ps.gpkg", probability="/vsimem/p.tif")
    np.testing.assert_array_equal(found.ReadAsArray(), expected)
    points = ogr.Open("/vsimem/stillpoint-test/ps.gpkg")
    assert points.GetLayer().GetFeatureCount() == int((expected == 1).sum())
    del points
    assert sorted(gdal.ReadDir("/vsimem/stillpoint-test")) == ["mask.tif", "ps.gpkg"]
    assert {item.name for item in Path(remote.draft_folder()).glob(".*.partial*")} == before
    for path in ("/vsimem/stillpoint-test/mask.tif", "/vsimem/stillpoint-test/ps.gpkg", "/vsimem/p.tif"):
        gdal.Unlink(path)


def test_a_place_that_cannot_be_written_to_is_a_sentence(tmp_path):
    stack = write_scene_as(small_scene(rows=64, cols=48), tmp_path / "stack.tif", "images")
    with pytest.raises(StillpointError, match=r"/vsicurl/.*mask.tif cannot be written"):
        selected(stack, "/vsicurl/http://127.0.0.1:9")


def test_points_from_anywhere_to_every_format(tmp_path, served):
    folder, url = served
    write_csv(folder / "points.csv", clear_series(4)[0])
    with zipfile.ZipFile(tmp_path / "points.zip", "w") as archive:
        archive.write(folder / "points.csv", "points.csv")
    found = []
    for place, output in (
        (str(folder / "points.csv"), f"{tmp_path}/here.gpkg"),
        (f"{url}/points.csv", f"{tmp_path}/there.fgb"),
        (f"/vsizip/{tmp_path}/points.zip/points.csv", "/vsimem/points.fgb"),
    ):
        dispatch.run(ClassifyTrends(points=place, output=output, method="statistical"), SILENT)
        layer = ogr.Open(output)
        found.append([(feature["code"], feature["trend"]) for feature in layer.GetLayer()])
    assert len(found[0]) == 20 and sorted(found[0]) == sorted(found[1]) == sorted(found[2])
    gdal.Unlink("/vsimem/points.fgb")
    parquet = f"{tmp_path}/points.parquet"
    dispatch.run(ClassifyTrends(points=f"{url}/points.csv", output=parquet, method="statistical"), SILENT)
    from pyarrow import parquet as reader

    table = reader.read_table(parquet)
    assert table.num_rows == 20 and b"geo" in table.schema.metadata


def is_cog(path: str) -> bool:
    return gdal.Open(path).GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"


def test_cloud_optimised_rasters_hold_the_same(tmp_path):
    stack = write_scene_as(small_scene(rows=64, cols=48), tmp_path / "stack.tif", "images")
    (tmp_path / "cog").mkdir()
    plain, cog = selected(stack, tmp_path), selected(stack, tmp_path / "cog", cog=True)
    assert is_cog(f"{tmp_path}/cog/mask.tif") and not is_cog(f"{tmp_path}/mask.tif")
    np.testing.assert_array_equal(plain.ReadAsArray(), cog.ReadAsArray())
    assert cog.GetRasterBand(1).GetDescription() == "PS mask" and cog.GetRasterBand(1).GetNoDataValue() == 255
    assert cog.GetMetadataItem("METHOD") == "amplitude_dispersion" and cog.GetProjection() == plain.GetProjection()
    paths = files(tmp_path, pair((1.5, -0.5), shape=(128, 128)))
    job = TrackOffsets(
        reference=str(paths[0]), secondary=str(paths[1]), output=f"{tmp_path}/o.tif", method="correlation", device="cpu", cog=True
    )
    dispatch.run(job, SILENT)
    assert is_cog(job.output) and gdal.Open(job.output).RasterCount == 5
    pairs = write_network(tmp_path / "pairs.tif", network())
    chosen = SelectInterferograms(
        stack=str(pairs), table=f"{tmp_path}/t.csv", output=f"{tmp_path}/k.tif", velocity=f"{tmp_path}/v.tif",
        method="loop_closure", cog=True,
    )  # fmt: skip
    dispatch.run(chosen, SILENT)
    assert is_cog(chosen.output) and is_cog(chosen.velocity)
    assert not list(tmp_path.glob("**/*partial*"))
