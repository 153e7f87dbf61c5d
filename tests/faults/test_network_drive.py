"""Rasters that are read over a network which fails in the middle: a sentence, nothing left, and the next run succeeds."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest
from osgeo import gdal

from stillpoint.models import dispatch, worker
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job
from stillpoint.models.progress import SILENT, Progress

from . import cases, spoiling, web

FILES = {
    "scatterers": ("stack", cases.SCENE), "interferograms-loops": ("stack", cases.NETWORK), "offsets": ("reference", cases.PAIR),
}  # fmt: skip
"""A case, and the raster that it reads over the network."""


@pytest.fixture
def drive(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[web.Drive]:
    """The inputs behind a web server that can be switched off."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, ",".join(filter(None, [os.environ.get(name, ""), "127.0.0.1"])))
    options: Dict[str, Any] = {"GDAL_HTTP_MAX_RETRY": "0", "GDAL_HTTP_TIMEOUT": "5", "CPL_VSIL_CURL_CHUNK_SIZE": "16384"}
    before = {name: gdal.GetConfigOption(name) for name in options}
    for name, value in options.items():
        gdal.SetConfigOption(name, value)
    copy = spoiling.copied(given, tmp_path / "served")
    for _, name in FILES.values():
        spoiling.tiled(copy / name)
    made = web.Drive(copy)
    yield made
    made.close()
    for name, value in before.items():
        gdal.SetConfigOption(name, value)
    gdal.VSICurlClearCache()


def job_of(case: str, drive: web.Drive, given: Path, out: Path) -> Job:
    parameter, name = FILES[case]
    return replace(cases.CASES[case](given, out), **{parameter: drive.prefix + name})


@pytest.mark.parametrize("case", sorted(FILES))
def test_a_drive_that_vanishes_and_comes_back(case: str, drive: web.Drive, given: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    out.mkdir()
    whole.mkdir()
    asked = [0]

    def count() -> bool:
        asked[0] += 1
        return False

    dispatch.run(job_of(case, drive, given, whole), Progress(None, count))
    needed, questions = drive.served, asked[0]
    assert needed > 2, "the raster was not read over the network"
    failures = 0
    for share in (0.0, 0.3, 0.6):
        gdal.VSICurlClearCache()
        asked[0] = 0

        def strike(at: int = max(1, round(share * questions))) -> bool:
            asked[0] += 1
            if asked[0] == at:
                drive.vanish()
            return False

        try:
            dispatch.run(job_of(case, drive, given, out), Progress(None, strike))
        except StillpointError as error:
            said = str(error)
        except Exception as error:
            said = worker.explain(error)[0]
        else:  # all of it was read before
            said = ""
        drive.come_back()
        if said:
            failures += 1
            assert cases.sentence(said) and cases.left(out) == [], said
            assert drive.prefix in said, said  # the raster, or the coherence beside it
        else:
            assert cases.contents(out) == cases.contents(whole)
    assert failures, "the drive never vanished in time"
    gdal.VSICurlClearCache()
    dispatch.run(job_of(case, drive, given, out), SILENT)
    assert cases.contents(out) == cases.contents(whole)


def test_a_drive_that_was_never_there(drive: web.Drive, given: Path, out: Path) -> None:
    drive.vanish()
    for case in sorted(FILES):
        with pytest.raises(StillpointError) as raised:
            dispatch.run(job_of(case, drive, given, out), SILENT)
        assert cases.sentence(str(raised.value)) and FILES[case][1] in str(raised.value) and cases.left(out) == []
