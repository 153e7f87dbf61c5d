"""Inputs that are damaged in the middle: every capability names the file, and the band and the window that cannot be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Tuple

import pytest

from stillpoint.models import dispatch
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Job, SelectScatterers
from stillpoint.models.progress import SILENT

from . import cases, spoiling
from .conftest import spread
from .test_cancelled import Stop

BLOCKS: Tuple[Tuple[str, str, int], ...] = (
    ("scatterers", cases.SCENE, 7),
    ("scatterers-dispersion", cases.SCENE, 14),
    ("interferograms", cases.NETWORK, 9),
    ("interferograms", "network_coherence.tif", 4),
    ("interferograms-loops", cases.NETWORK, 18),
    ("offsets", cases.PAIR, 1),
    ("offsets", cases.PAIR, 2),
    ("offsets-prior", "pair_truth.tif", 2),
    ("assess", "mask.tif", 1),
    ("assess", "scene_cover.tif", 1),
)
"""A case, the raster of its inputs that is damaged, and the band."""


def _prior(given: Path, out: Path) -> Job:
    return replace(cases.CASES["offsets"](given, out), prior=str(given / "pair_truth.tif"))  # type: ignore[type-var, call-arg]


def job_of(case: str, given: Path, out: Path) -> Job:
    made: Callable[[Path, Path], Job] = _prior if case == "offsets-prior" else cases.CASES[case]
    return made(given, out)


def refused(job: Job, out: Path) -> str:
    """Run a job that cannot succeed; return its sentence, after a look at what it left."""
    with pytest.raises(StillpointError) as raised:
        dispatch.run(job, SILENT)
    said = str(raised.value)
    assert cases.sentence(said) and cases.left(out) == [], said
    return said


@pytest.mark.parametrize(("case", "name", "band"), BLOCKS)
def test_a_damaged_block_in_the_middle(case: str, name: str, band: int, given: Path, out: Path, tmp_path: Path) -> None:
    copy = spoiling.copied(given, tmp_path / "copy")
    spoiling.tiled(copy / name)
    which, window = spoiling.damage_block(copy / name, band, 40, 24)
    said = refused(job_of(case, copy, out), out)
    assert name in said and which in said and window in said, said


def test_blocks_that_are_whole_are_read(given: Path, out: Path, tmp_path: Path) -> None:
    """The same files without the damage: or the tests above would test how they are rewritten."""
    copy = spoiling.copied(given, tmp_path / "copy")
    for name in {name for _, name, _ in BLOCKS}:
        spoiling.tiled(copy / name)
    for case in sorted({case for case, _, _ in BLOCKS}):
        dispatch.run(job_of(case, copy, out), SILENT)


@pytest.mark.parametrize("ending", ["tif", "vrt"])
def test_a_damaged_image_of_a_product(ending: str, given: Path, out: Path, tmp_path: Path) -> None:
    """A copy reads every pixel and names the image; a virtual raster refers to what can be read later."""
    copy = spoiling.copied(given, tmp_path / "copy")
    image = sorted((copy / cases.PRODUCT / "ifg").glob("*.tif"))[1]
    spoiling.tiled(image)
    spoiling.damage_block(image, 1, 4, 4)
    job = cases.CASES["open-stack" if ending == "tif" else "open-stack-vrt"](copy, out)
    said = refused(job, out)
    assert image.name in said, said


@pytest.mark.parametrize("kind", ["database", "rows"])
def test_points_that_are_damaged_in_the_middle(kind: str, given: Path, out: Path, tmp_path: Path) -> None:
    copy = spoiling.copied(given, tmp_path / "copy")
    path = copy / (cases.POINTS if kind == "database" else "points.csv")
    if kind == "database":
        spoiling.damage_pages(path)
    else:
        text = path.read_bytes()
        middle = text.index(b"\n", len(text) // 2)
        path.write_bytes(text[:middle] + b"\n\x00\xff\x00,,;;\x00" * 40 + text[middle:])
    said = refused(ClassifyTrends(points=str(path), output=str(out / "trends.gpkg"), method="statistical"), out)
    assert path.name in said and ("row" in said or "damaged" in said), said


def test_a_block_that_is_damaged_while_the_job_runs(given: Path, out: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """Blocks that were read before are no excuse to go on with others."""
    from stillpoint.models.progress import Progress
    from stillpoint.models.scatterers import select_file

    monkeypatch.setattr(select_file, "sides", lambda *_: (16, 16))
    copy = spoiling.copied(given, tmp_path / "copy")
    spoiling.tiled(copy / cases.SCENE)
    job = SelectScatterers(
        stack=str(copy / cases.SCENE), output=str(out / "mask.tif"), probability=str(out / "p.tif"), method="amplitude_dispersion"
    )
    count = Stop()
    dispatch.run(job, Progress(None, count))
    for path in out.iterdir():
        path.unlink()
    untouched = (copy / cases.SCENE).read_bytes()
    ended = []
    for stage in spread(count.asked, 4):
        asked = Stop()

        def strike(asked: Stop = asked, stage: int = stage) -> bool:
            asked()
            if asked.asked == stage:
                spoiling.damage_block(copy / cases.SCENE, 5, 63, 63)
            return False

        try:
            dispatch.run(job, Progress(None, strike))
            ended.append("result")
        except StillpointError as error:
            assert "Band 5 of " in str(error) and "rows 48 to 63, columns 48 to 63" in str(error), error
            assert cases.left(out) == []
            ended.append("error")
        for path in out.iterdir():
            path.unlink()
        (copy / cases.SCENE).write_bytes(untouched)
    assert "error" in ended, ended
