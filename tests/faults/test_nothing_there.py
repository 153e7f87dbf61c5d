"""Inputs that hold NaN everywhere: every capability says so, or gives a result that honestly holds nothing."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any, Dict, Tuple

import numpy as np
import pytest

from stillpoint.models import dispatch
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Job, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.jobs import interferograms as interferogram_jobs
from stillpoint.models.jobs import offsets as offset_jobs
from stillpoint.models.jobs import scatterers as scatterer_jobs
from stillpoint.models.progress import SILENT

from . import cases, spoiling

TRENDS: Tuple[str, ...] = next(tuple(item.metadata["choices"]) for item in ClassifyTrends.parameters() if item.name == "method")


@pytest.fixture(scope="session")
def empty(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inputs without a single value: rasters of NaN, series of NaN."""
    copy = spoiling.copied(given, tmp_path_factory.mktemp("empty") / "copy")
    for path in copy.rglob("*.tif"):
        spoiling.without_values(path)
    spoiling.without_series(copy / "points.csv")
    return copy


def ended(job: Job, out: Path) -> str:
    """Run a job; return its sentence, or an empty text where it succeeded."""
    try:
        dispatch.run(job, SILENT)
    except StillpointError as error:
        assert cases.sentence(str(error)) and cases.left(out) == [], error
        return str(error)
    return ""


@pytest.mark.parametrize("method", scatterer_jobs.METHODS)
def test_a_stack_of_nothing_has_no_scatterers(method: str, empty: Path, out: Path) -> None:
    job = SelectScatterers(
        stack=str(empty / cases.SCENE), output=str(out / "mask.tif"), probability=str(out / "p.tif"), points=str(out / "ps.gpkg"),
        method=method,
    )
    assert "no valid values" in ended(job, out)


@pytest.mark.parametrize("method", ["default", "amplitude_dispersion"])
def test_a_date_of_nothing_is_left_out_and_told(method: str, given: Path, out: Path, tmp_path: Path) -> None:
    copy = spoiling.copied(given, tmp_path / "copy")
    spoiling.without_values(copy / cases.SCENE, only=6)
    job = SelectScatterers(stack=str(copy / cases.SCENE), output=str(out / "mask.tif"), points=str(out / "ps.gpkg"), method=method)
    result = dispatch.run(job, SILENT)
    assert result.details["dates"] == 13 and any("Band 6 " in text and "left out" in text for text in result.warnings)


@pytest.mark.parametrize("method", interferogram_jobs.METHODS)
def test_interferograms_of_nothing_are_not_judged(method: str, empty: Path, out: Path) -> None:
    job = SelectInterferograms(stack=str(empty / cases.NETWORK), table=str(out / "t.csv"), output=str(out / "k.tif"), method=method)
    assert "empty or constant" in ended(job, out)


@pytest.mark.parametrize("which", [0, 4])
def test_an_interferogram_of_nothing_is_dropped(which: int, given: Path, out: Path, tmp_path: Path) -> None:
    """One of many: the others are judged as they are."""
    from osgeo import gdal

    copy = spoiling.copied(given, tmp_path / "copy")
    dataset = gdal.Open(str(copy / cases.NETWORK), gdal.GA_Update)
    band = dataset.GetRasterBand(which + 1)
    band.WriteArray(np.full((band.YSize, band.XSize), np.nan, np.float32))
    band = dataset = None
    dispatch.run(SelectInterferograms(stack=str(copy / cases.NETWORK), table=str(out / "t.csv"), method="loop_closure"), SILENT)
    with (out / "t.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[which]["keep"] == "0" and "no data" in rows[which]["reason"] and float(rows[which]["score"]) == 0
    assert sum(row["keep"] == "1" for row in rows) > len(rows) // 2


@pytest.mark.parametrize("method", offset_jobs.METHODS)
def test_images_of_nothing_have_no_offsets(method: str, empty: Path, out: Path) -> None:
    job = TrackOffsets(reference=str(empty / cases.PAIR), output=str(out / "o.tif"), method=method)
    said = ended(job, out)
    if not said:
        from osgeo import gdal

        values = gdal.Open(str(out / "o.tif")).ReadAsArray()
        assert np.isnan(values).all(), "offsets were found in nothing"


@pytest.mark.parametrize("method", TRENDS)
def test_series_of_nothing_have_no_trend(method: str, empty: Path, out: Path) -> None:
    job = ClassifyTrends(points=str(empty / "points.csv"), output=str(out / "t.csv"), method=method)
    said = ended(job, out)
    if not said:
        with (out / "t.csv").open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        assert rows and all(not row["trend_code"] and not row["velocity"] for row in rows), rows[:2]


OTHERS: Tuple[str, ...] = ("assess", "open-stack", "open-stack-vrt")


@pytest.mark.parametrize("case", OTHERS)
def test_other_jobs_on_nothing(case: str, empty: Path, out: Path) -> None:
    """Either a sentence, or a result in which no number was made up."""
    said = ended(cases.CASES[case](empty, out), out)
    if said:
        return
    if case == "assess":
        with (out / "assessed.csv").open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                assert not any(_is_finite_share(name, value) for name, value in row.items()), row
        return
    from osgeo import gdal

    name = "stack.tif" if case == "open-stack" else "stack.vrt"
    assert not np.isfinite(gdal.Open(str(out / name)).ReadAsArray()).any()


def _is_finite_share(name: str, value: Any) -> bool:
    """Whether a cell tells a density or a share, which nothing has none of."""
    if "density" not in name and "index" not in name:
        return False
    try:
        return math.isfinite(float(value)) and float(value) != 0
    except (TypeError, ValueError):
        return False


def test_all_capabilities_are_here() -> None:
    """A method that is added is tested with nothing as well."""
    known: Dict[str, Any] = {
        "scatterers": scatterer_jobs.METHODS, "interferograms": interferogram_jobs.METHODS, "offsets": offset_jobs.METHODS,
        "trends": TRENDS,
    }  # fmt: skip
    assert all(known.values()) and sum(map(len, known.values())) >= 15
