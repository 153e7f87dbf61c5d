"""The command ``models``: list, show, import, export, remove, default, compare, check."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from stillpoint.models import cli, library_compare
from stillpoint.models.errors import Cancelled
from stillpoint.models.jobs import ClassifyTrends, ManageModels, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.learning import cards, library, shelf
from stillpoint.models.library_jobs import manage_models
from stillpoint.models.progress import SILENT, Progress

SHIPPED = cards.SHIPPED / "trends-mirmazloumi.safetensors"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    made = tmp_path / "models"
    monkeypatch.setenv(shelf.VARIABLE, str(made))
    return made


def models(capsys, *words):
    status = cli.main(["models", *map(str, words)])
    said = capsys.readouterr()
    return status, said.out, said.err


def points(path):
    """Write 30 points: still, linear, and with an early jump."""
    days = np.arange(np.datetime64("2018-01-01"), np.datetime64("2020-06-01"), np.timedelta64(12, "D"))
    years = (days - days[0]).astype(float) / 365.25
    rng = np.random.default_rng(3)
    lines = ["id,x,y," + ",".join("D" + str(day).replace("-", "") for day in days)]
    for number in range(30):
        series = rng.normal(0, 1.5, len(days)) + (0, 15 * years, 28 * (years > 1))[number % 3]
        lines.append(f"{number},{10 + 0.01 * number},45,{','.join(f'{value:.2f}' for value in series)}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_whole_life_of_a_model(tmp_path, capsys, folder):
    source = shutil.copyfile(SHIPPED, tmp_path / "theirs.safetensors")
    source.with_suffix(".md").write_text("# Theirs\n\n## Where it fails\n\n- In snow\n")
    said = f"Imported mine (trends, mirmazloumi_cnn), SHA-256 {cards.sha256(source)}\n"
    assert models(capsys, "import", source, "--name", "mine") == (0, said, "")
    status, out, _ = models(capsys, "list")
    assert status == 0 and "* trends         mirmazloumi_cnn trends-mirmazloumi" in out and "mine" in out and str(folder) in out
    assert models(capsys, "default", "mine")[0] == 0
    out = models(capsys, "list")[1]
    assert "* trends         mirmazloumi_cnn mine" in out and "  trends         mirmazloumi_cnn trends-mirmazloumi" in out
    status, out, _ = models(capsys, "show", "mine")
    assert "Theirs" in out and "the default" in out and "(as imported)" in out and "C band (0.0555 m)" in out and "In snow" in out
    assert models(capsys, "check", "mine")[1] == "1 model is sound and unchanged.\n"
    status, out, _ = models(capsys, "export", "mine", "--output", tmp_path / "out.zip")
    assert status == 0 and (tmp_path / "out.zip").is_file()
    status, out, _ = models(capsys, "remove", "mine")
    assert out == "Removed mine. trends (mirmazloumi_cnn) takes the shipped model again.\n"
    assert models(capsys, "import", tmp_path / "out.zip")[0] == 0 and (folder / "mine.md").is_file()


def test_a_chosen_model_is_what_a_capability_takes(tmp_path, capsys, folder):
    """The provenance of a result names the model that was chosen, though the job names none."""
    from stillpoint.models.trends.classify_file import classify_trends

    header = library.Header(**{**vars(library.read_header(SHIPPED)), "version": "7"})
    library.save_model(tmp_path / "mine.safetensors", library.read_state(SHIPPED), header)
    models(capsys, "import", tmp_path / "mine.safetensors")
    models(capsys, "default", "mine")
    given = points(tmp_path / "p.csv")
    job = ClassifyTrends(points=str(given), output=str(tmp_path / "o.gpkg"), method="mirmazloumi_cnn", device="cpu")
    classify_trends(job, SILENT)
    with closing(sqlite3.connect(tmp_path / "o.gpkg")) as opened:
        stored = str(opened.execute("SELECT metadata FROM gpkg_metadata").fetchall())
    assert "mine.safetensors" in stored and cards.sha256(folder / "mine.safetensors") in stored


def test_what_cannot_be_done_gets_a_sentence(tmp_path, capsys, folder):
    for words, said in (
        (("show",), "needs the name of one model"), (("show", "nobody"), "There is no model 'nobody'; installed are"),
        (("export", "trends-default"), "needs an output"), (("remove", "trends-default"), "came with Stillpoint"),
        (("import", tmp_path / "none.zip"), "no file"), (("compare", "trends-default"), "the name of 2 models"),
        (("compare", "trends-default", "offsets-default", "--data", "x"), "only models of one task"),
        (("compare", "trends-default", "trends-default", "--data", "x"), "named twice"),
        (("compare", "trends-default", "trends-mirmazloumi"), "compared on a file of points"),
        (("compare", "trends-default", "trends-mirmazloumi", "--data", tmp_path / "x.csv"), "trends-default: "),
    ):  # fmt: skip
        status, out, err = models(capsys, *words)
        assert status == 1 and said in err and out == "", words
    assert cli.main(["models", "default", "trends-statistical"]) == 0  # shipped: it undoes a choice that there is none of


def test_a_model_that_does_not_fit_is_not_imported(tmp_path, capsys, folder):
    """The engine builds the network before it takes a file over."""
    header = library.read_header(SHIPPED)
    wrong = library.Header(**{**vars(header), "shape": {"epochs": 200}})
    library.save_model(tmp_path / "m.safetensors", library.read_state(SHIPPED), wrong)
    status, _, err = models(capsys, "import", tmp_path / "m.safetensors")
    assert status == 1 and "don't fit the network" in err and not list(folder.glob("*.safetensors"))
    state = library.read_state(SHIPPED)
    state["head.1.bias"][0] = float("nan")
    library.save_model(tmp_path / "m.safetensors", state, header)
    status, _, err = models(capsys, "import", tmp_path / "m.safetensors")
    assert status == 1 and "no numbers" in err and not list(folder.glob("*.safetensors"))


def test_check_finds_a_changed_model(tmp_path, capsys, folder):
    (model,) = shelf.add(SHIPPED)
    raw = bytearray(model.path.read_bytes())
    raw[-2] ^= 3
    model.path.write_bytes(bytes(raw))
    status, _, err = models(capsys, "check", model.name)
    assert status == 1 and "not the file that was imported" in err


def test_two_trend_models_are_compared(tmp_path, capsys, folder):
    out = tmp_path / "out"
    status, said, err = models(
        capsys, "compare", "trends-mirmazloumi", "trends-statistical", "--data", points(tmp_path / "p.csv"), "--output", out
    )
    assert status == 0, err
    assert "first: trends-mirmazloumi" in said and "by the second" in said and "Cohen's kappa" in said
    assert {path.name for path in out.iterdir()} >= {"agreement.csv", "a-trends-mirmazloumi.gpkg", "b-trends-statistical.gpkg"}
    with (out / "agreement.csv").open() as stream:
        rows = list(csv.reader(stream))
    counts = np.array([row[1:] for row in rows[2:8]], dtype=int)
    assert counts.sum() == 30 and np.trace(counts) >= 20 and "trained on 139 dates" in err


class Fake:
    """Jobs that a comparison asks for, answered with rasters and tables of two models."""

    def __init__(self, monkeypatch, write):
        self.jobs = []

        def run(job, progress):
            from stillpoint.models.jobs import Result

            progress(0.5)
            write(job, len(self.jobs))
            self.jobs.append(job)
            return Result(warnings=["the same"])

        from stillpoint.models import dispatch

        monkeypatch.setattr(dispatch, "run", run)


def raster(path, bands, kind=np.float32):
    from osgeo import gdal, gdal_array

    rows, cols = bands[0].shape
    made = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, len(bands), gdal_array.NumericTypeCodeToGDALTypeCode(kind))
    for number, values in enumerate(bands, 1):
        made.GetRasterBand(number).WriteArray(values.astype(kind))
    made.FlushCache()


def compared(names, data=("x.vrt",)):
    result = manage_models(ManageModels(action="compare", names=names, data=data, device="cpu"), SILENT)
    assert result.warnings == ["the same"]
    return result.details["agreement"]


def test_two_scatterer_models_are_compared(monkeypatch):
    masks = [np.array([[1, 1, 0, 255]]), np.array([[1, 0, 0, 0]])]
    probabilities = [np.array([[0.9, 0.8, 0.1, np.nan]]), np.array([[0.8, 0.4, 0.2, 0.1]])]

    def write(job, number):
        raster(job.output, [masks[number]], np.uint8)
        raster(job.probability, [probabilities[number]])

    fake = Fake(monkeypatch, write)
    found = compared(("scatterers-unet", "scatterers-cnn-iss"))
    assert found["labels"] == ["PS", "not PS"] and found["matrix"] == [[1, 1], [0, 1]]
    assert found["figures"]["agreement"] == pytest.approx(2 / 3, abs=1e-5)
    assert found["figures"]["PS of both, of the PS of either"] == 0.5 and found["figures"]["PS by the first"] == 2
    expected = np.corrcoef([0.9, 0.8, 0.1], [0.8, 0.4, 0.2])[0, 1]
    assert found["figures"]["correlation of the probabilities"] == pytest.approx(expected, abs=1e-5)
    assert sum(found["histogram"]["counts"]) == 3
    assert [type(job) for job in fake.jobs] == [SelectScatterers] * 2 and [job.method for job in fake.jobs] == ["unet", "cnn_iss"]
    assert all(job.model.endswith(".safetensors") for job in fake.jobs)


def test_two_interferogram_models_are_compared(monkeypatch):
    def write(job, number):
        scores = ([0.9, 0.2, 0.6, 0.7], [0.8, 0.3, 0.4, 0.9])[number]
        lines = ["reference_date,secondary_date,score,keep,reason"]
        lines += [f"2020-01-0{n + 1},2020-01-0{n + 2},{score},{int(score > 0.5)}," for n, score in enumerate(scores)]
        with open(job.table, "w") as stream:
            stream.write("\n".join(lines) + "\n")

    fake = Fake(monkeypatch, write)
    found = compared(("interferograms-default", "interferograms-resnet50"))
    assert found["matrix"] == [[2, 1], [0, 1]]
    assert found["examples"] == ["2020-01-03 to 2020-01-04: 0.60 and 0.40, kept and dropped"]
    assert found["figures"]["rank correlation of the scores"] == pytest.approx(0.8, abs=1e-5)
    assert all(isinstance(job, SelectInterferograms) and job.connect == "none" for job in fake.jobs)


def test_two_offset_models_are_compared(monkeypatch, tmp_path):
    def write(job, number):
        offset = np.full((2, 3), 1.0 + 0.3 * number)
        offset[0, 0] = np.nan if number else 1.0
        raster(job.output, [offset, np.zeros((2, 3)), np.full((2, 3), 0.2), np.full((2, 3), 0.2), np.ones((2, 3))])

    fake = Fake(monkeypatch, write)
    other = shutil.copyfile(cards.SHIPPED / "offsets-default.safetensors", tmp_path / "other.safetensors")
    header = library.read_header(other)
    library.save_model(other, library.read_state(other), library.Header(**{**vars(header), "version": "8"}))
    found = compared(("offsets-default", str(other)), ("a.tif", "b.tif"))
    assert found["matrix"] == [[5, 1], [0, 0]] and found["figures"]["median distance, px"] == pytest.approx(0.3, abs=1e-5)
    assert found["figures"]["within two standard errors"] == 1.0
    assert found["figures"]["measured by the second"] == pytest.approx(5 / 6, abs=1e-5)
    assert all(isinstance(job, TrackOffsets) and job.secondary == "b.tif" for job in fake.jobs)


def test_a_comparison_can_be_cancelled(monkeypatch, tmp_path):
    names = ("trends-mirmazloumi", "trends-statistical")
    job = ManageModels(action="compare", names=names, data=(str(points(tmp_path / "p.csv")),))
    with pytest.raises(Cancelled):
        manage_models(job, Progress(None, lambda: True))


def test_agreement_of_known_counts():
    found = library_compare.Agreement(["a", "b"], np.array([[20, 5], [10, 15]]))
    assert found.agreement == 0.7 and found.kappa == pytest.approx(0.4)
    assert library_compare.Agreement(["a"], np.array([[9]])).kappa == 1.0
    assert library_compare.ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]
    assert library_compare.counted(np.array([0, 1, 1]), np.array([0, 1, 0]), 2).tolist() == [[1, 0], [1, 1]]
