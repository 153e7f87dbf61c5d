"""Decisions on the pairs of a network without a window: table, filters, the network, what is written."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import triage_exports, triage_store
from stillpoint.plugin.triage import BEST, CHANGED, DAYS, DROPPED, KEPT, Filter, Triage, date_baselines, with_baselines
from stillpoint.plugin.triage_rasters import BandReader, closure_of, find_stack, pair_bands, worst_closure
from stillpoint.plugin.triage_store import Sources
from stillpoint.plugin.triage_table import decisions_path, read_decisions, read_table, write_decisions
from stillpoint.tests.plugin.network_rasters import network, simple_table, write_network
from stillpoint.tests.plugin.scatterer_rasters import create

HEADS = "reference_date,secondary_date,score,keep,reason,perpendicular_baseline"


@pytest.fixture
def triage(tmp_path):
    simple_table(tmp_path / "table.csv")
    return Triage(read_table(str(tmp_path / "table.csv")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("network")
    write_network(made, dates=8, neighbours=2, rows=40, columns=50)
    return made


# The table


def test_table_is_read(triage):
    table = triage.table
    assert table.count == 13 and len(table.dates) == 8
    assert table.names[0] == ("2018-01-15", "2018-01-27") and table.pairs[0].tolist() == [0, 1]
    assert table.days[:2].tolist() == [12.0, 24.0]
    assert triage.keep.sum() == 12 and table.reasons[2] == "decorrelated"
    assert list(table.evidence) == ["mean_coherence"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("reference_date,secondary_date,score\n2018-01-15,2018-01-27,1\n", "has no column keep"),
        ("reference_date,secondary_date,score,keep\n", "holds no interferograms"),
        ("reference_date,secondary_date,score,keep\n15 January,2018-01-27,1,1\n", "line 2: reference_date is '15 January'"),
        ("reference_date,secondary_date,score,keep\n2018-01-15,2018-01-27,good,1\n", "score is 'good'"),
        ("reference_date,secondary_date,score,keep\n2018-01-15,2018-01-27,1,maybe\n", "keep is 'maybe'"),
        ("reference_date,secondary_date,score,keep\n2018-01-15,2018-01-15,1,1\n", "both dates are 2018-01-15"),
    ],
)
def test_tables_that_are_none(tmp_path, text, sentence):
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(StillpointError, match=r"bad\.csv") as caught:
        read_table(str(tmp_path / "bad.csv"))
    assert sentence in str(caught.value)


def test_missing_table(tmp_path):
    with pytest.raises(StillpointError, match="cannot be read"):
        read_table(str(tmp_path / "nowhere.csv"))


def test_scores_may_be_missing_and_dates_short(tmp_path):
    rows = "20180115,20180127,,1,\n20180127,20180208,0.4,0,decorrelated\n"
    (tmp_path / "t.csv").write_text("reference_date,secondary_date,score,keep,reason\n" + rows)
    triage = Triage(read_table(str(tmp_path / "t.csv")))
    assert math.isnan(triage.table.score[0]) and triage.table.names[0] == ("2018-01-15", "2018-01-27")
    assert triage.ordered(Filter()).tolist() == [0, 1]  # the unknown one is looked at first
    assert triage.ordered(Filter(score=(0.2, np.inf))).tolist() == [1]


# Decisions and the network


def test_decisions_are_undone(triage):
    before = triage.keep.copy()
    first = triage.decide([0, 1], False)
    second = triage.decide([1], True)
    assert triage.keep[:3].tolist() == [False, True, False]
    assert triage.changed.nonzero()[0].tolist() == [0] and triage.decided[:3].tolist() == [True, True, False]
    triage.restore(second)
    triage.restore(first)
    assert (triage.keep == before).all() and not triage.decided.any()


def test_pairs_are_given_back_to_the_method(triage):
    triage.decide([2], True)
    undo = triage.forget([2])
    assert not triage.keep[2] and not triage.decided[2]
    triage.restore(undo)
    assert triage.keep[2] and triage.decided[2]


def test_counts_tell_loops_and_dates(triage):
    counts = triage.counts(5)
    assert (counts.pairs, counts.kept, counts.shown, counts.dates, counts.lost) == (13, 12, 5, 8, 0)
    assert (counts.loops, counts.loops_kept) == (6, 4)  # pair 2 (dates 1 and 2) is in two loops
    triage.decide(range(13), False)
    assert triage.counts().kept == 0 and triage.counts().lost == 8


def test_bridge_would_lose_its_dates(triage):
    last = [index for index, ends in enumerate(triage.table.pairs.tolist()) if 7 in ends]
    assert len(triage.would_lose(last[:1])) == 0
    assert [str(day) for day in triage.would_lose(last)] == ["2018-04-09"]
    triage.decide(last[:1], False)
    assert triage.bridges[last[1]] and [str(day) for day in triage.would_lose(last[1:])] == ["2018-04-09"]
    triage.decide(last[1:], False)
    assert triage.table.dates[triage.lost].astype(str).tolist() == ["2018-04-09"]
    assert len(triage.would_lose(last)) == 0  # they are dropped already


def test_filters_and_orders(triage):
    assert triage.ordered(Filter(show=DROPPED)).tolist() == [2]
    assert len(triage.ordered(Filter(show=KEPT))) == 12
    triage.decide([5], False)
    assert triage.ordered(Filter(show=CHANGED)).tolist() == [5]
    assert triage.ordered(Filter(), BEST)[0] == 12 and triage.ordered(Filter())[0] == 0
    assert (triage.table.days[triage.ordered(Filter(), DAYS)][:7] == 12).all()
    assert (triage.table.days[triage.ordered(Filter(days=(20, np.inf)))] == 24).all()
    day = triage.table.dates[3]
    assert len(triage.ordered(Filter(date=day))) == 4
    inside = triage.table.dates[triage.table.pairs[triage.ordered(Filter(first=day))]]
    assert (inside >= day).all() and len(inside) == 7
    near = triage.ordered(Filter(baseline=(-np.inf, 50.0)))
    assert 0 < len(near) < 13 and (np.abs(triage.table.baselines[near]) <= 50).all()


def test_baselines_of_dates_are_those_simulated(triage):
    _, _, metres = network(8, 2)
    assert date_baselines(triage.table) == pytest.approx(metres - metres[0], abs=0.2)


def test_baselines_of_a_split_network_and_none(tmp_path):
    simple_table(tmp_path / "none.csv", baselines=False)
    assert date_baselines(read_table(str(tmp_path / "none.csv"))) is None
    rows = ["2018-01-15,2018-01-27,1,1,,10", "2018-03-15,2018-03-27,1,1,,-20"]
    (tmp_path / "split.csv").write_text("\n".join([HEADS, *rows]))
    assert date_baselines(read_table(str(tmp_path / "split.csv"))) == pytest.approx([0, 10, 0, -20])


def test_baseline_counts_from_reference_to_secondary(tmp_path):
    rows = ["2018-01-27,2018-01-15,1,1,,-10", "2018-01-27,2018-02-08,1,1,,5"]
    (tmp_path / "t.csv").write_text("\n".join([HEADS, *rows]))
    assert date_baselines(read_table(str(tmp_path / "t.csv"))) == pytest.approx([0, 10, 15])


# Where decisions live


def test_decisions_lie_beside_the_table(triage, qgis_app):
    triage.decide([0], False)
    triage.decide([4], True)
    sources = Sources(triage.table.path)
    assert triage_store.save(triage, sources) == ""
    path = decisions_path(triage.table.path)
    lines = ["reference_date,secondary_date,keep", "2018-01-15,2018-01-27,0", "2018-02-08,2018-02-20,1"]
    written = [line.split(",") for line in path.read_text().splitlines()]
    assert [",".join(row[:3]) for row in written] == lines and written[0][3:] == ["reviewer", "reviewed"]
    assert all(row[3] and row[4].endswith("Z") for row in written[1:]), "who said it, and when"
    again = Triage(read_table(triage.table.path))
    assert triage_store.load(again) == 2
    assert (again.keep == triage.keep).all() and (again.decided == triage.decided).all()
    assert again.sayings() == triage.sayings() and len(again.sayings()) == 2
    before = again.decide([0], True, "bob")
    assert again.said[0][0] == "bob"
    again.restore(before)
    assert again.sayings() == triage.sayings()
    assert [item.name for item in path.parent.iterdir() if "partial" in item.name] == []


def test_project_keeps_what_no_folder_takes(triage, qgis_app, monkeypatch):
    def refuse(*_):
        raise StillpointError("read only")

    monkeypatch.setattr(triage_store, "write_decisions", refuse)
    triage.decide([0], False)
    assert triage_store.save(triage, Sources(triage.table.path)) == "read only"
    again = Triage(read_table(triage.table.path))
    assert triage_store.load(again) == 1 and not again.keep[0]
    assert triage_store.remembered() == Sources(triage.table.path)


def test_decisions_fit_pairs_the_other_way_round(triage, tmp_path):
    write_decisions(tmp_path / "d.csv", {("2018-01-27", "2018-01-15"): False, ("1999-01-01", "1999-02-01"): False})
    assert triage.set_decisions(read_decisions(tmp_path / "d.csv")) == 1
    assert not triage.keep[0]


def test_files_that_hold_no_decisions(tmp_path):
    (tmp_path / "d.csv").write_text("a,b\n1,2\n")
    with pytest.raises(StillpointError, match="holds no decisions"):
        read_decisions(tmp_path / "d.csv")


# Pictures


def test_pairs_are_found_in_the_stack(folder):
    table = read_table(str(folder / "table.csv"))
    found = pair_bands(str(folder / "stack.tif"), table)
    assert found.bands.tolist() == list(range(1, 14)) and found.is_unwrapped and found.shape == (40, 50)
    assert with_baselines(table, found.baselines).baselines == pytest.approx(table.baselines)
    picture = BandReader(found).read(0, 25)
    assert picture.shape == (20, 25) and picture.dtype == np.float32


def test_band_of_the_other_direction_changes_its_sign(tmp_path):
    made = create(tmp_path / "s.tif", 1, gdal.GDT_Float32, rows=4, columns=5)
    made.GetRasterBand(1).WriteArray(np.full((4, 5), 2.0, np.float32))
    items = {"QUANTITY": "unwrapped", "REFERENCE_DATE": "2018-01-27", "SECONDARY_DATE": "2018-01-15", "PERPENDICULAR_BASELINE": "7"}
    made.GetRasterBand(1).SetMetadata(items)
    made = None
    (tmp_path / "t.csv").write_text("reference_date,secondary_date,score,keep\n2018-01-15,2018-01-27,1,1\n")
    found = pair_bands(str(tmp_path / "s.tif"), read_table(str(tmp_path / "t.csv")))
    assert found.signs.tolist() == [-1.0] and found.baselines.tolist() == [-7.0]
    assert (BandReader(found).read(0, 10) == -2.0).all()


def test_complex_and_scaled_bands_become_phase(tmp_path):
    items = {"REFERENCE_DATE": "2018-01-15", "SECONDARY_DATE": "2018-01-27"}
    (tmp_path / "t.csv").write_text("reference_date,secondary_date,score,keep\n2018-01-15,2018-01-27,1,1\n")
    table = read_table(str(tmp_path / "t.csv"))
    made = create(tmp_path / "c.tif", 1, gdal.GDT_CFloat32, rows=2, columns=3)
    made.GetRasterBand(1).WriteArray(np.array([[1j, 0, -2], [1, 1 + 1j, -1j]], np.complex64))
    made.GetRasterBand(1).SetMetadata({**items, "QUANTITY": "complex"})
    made = None
    found = pair_bands(str(tmp_path / "c.tif"), table)
    assert not found.is_unwrapped
    expected = [[np.pi / 2, np.nan, np.pi], [0.0, np.pi / 4, -np.pi / 2]]
    # The angle of 1 is 0, which is no missing value where the number itself is there.
    np.testing.assert_allclose(BandReader(found).read(0, 10), expected, atol=1e-6)
    made = create(tmp_path / "s.tif", 1, gdal.GDT_Int16, rows=2, columns=2)
    made.GetRasterBand(1).WriteArray(np.array([[10, -9999], [0, -20]], np.int16))
    made.GetRasterBand(1).SetNoDataValue(-9999)
    made.GetRasterBand(1).SetScale(0.5)
    made.GetRasterBand(1).SetMetadata({**items, "QUANTITY": "unwrapped"})
    made = None
    assert made is None
    read = BandReader(pair_bands(str(tmp_path / "s.tif"), table)).read(0, 10)
    np.testing.assert_allclose(read, [[5.0, np.nan], [np.nan, -10.0]])


def test_stacks_that_do_not_fit(folder, tmp_path, triage):
    made = create(tmp_path / "undated.tif", 2, gdal.GDT_Float32)
    made = None
    with pytest.raises(StillpointError, match="does not say which pairs"):
        pair_bands(str(tmp_path / "undated.tif"), triage.table)
    (tmp_path / "t.csv").write_text("reference_date,secondary_date,score,keep\n1999-01-15,1999-01-27,1,1\n")
    with pytest.raises(StillpointError, match=r"holds none of the pairs of t\.csv"):
        pair_bands(str(folder / "stack.tif"), read_table(str(tmp_path / "t.csv")))
    assert made is None


def test_stack_is_looked_for_beside_the_table(folder):
    table = read_table(str(folder / "table.csv"))
    assert find_stack(table, []) == str(folder / "stack.tif")
    assert find_stack(table, [], coherence=True) == str(folder / "coherence.tif")


def test_worst_loop_shows_the_unwrapping_error(folder):
    triage = Triage(read_table(str(folder / "table.csv")))
    reader = BandReader(pair_bands(str(folder / "stack.tif"), triage.table))
    phases = {index: reader.read(index, 96) for index in range(triage.table.count)}
    bad = worst_closure(triage, 7, phases, wrapped=False)  # an unwrapping error, upper left
    good = worst_closure(triage, 0, phases, wrapped=False)
    assert 7 in bad.loop and bad.off > 0.08 and good.off < 0.01 and bad.rms > 2 * good.rms
    assert np.abs(bad.values[1, 1]) == pytest.approx(2 * np.pi, abs=1.2)
    assert np.abs(np.nanmedian(bad.values)) < 1e-6
    assert closure_of(bad.loop, {**phases, 7: None}, wrapped=False) is None
    wrapped = worst_closure(triage, 7, {key: np.angle(np.exp(1j * value)) for key, value in phases.items()}, wrapped=True)
    assert np.nanmax(np.abs(wrapped.values)) <= np.pi + 1e-5


def test_pair_in_no_loop_has_no_closure(tmp_path):
    simple_table(tmp_path / "chain.csv", dates=4, neighbours=1)
    triage = Triage(read_table(str(tmp_path / "chain.csv")))
    assert triage.counts().loops == 0 and worst_closure(triage, 1, {}, wrapped=False) is None


# What is written


def test_table_with_decisions_is_a_table_again(triage, tmp_path):
    triage.decide([0], False)
    triage_exports.write_table(triage, str(tmp_path / "out.csv"))
    again = read_table(str(tmp_path / "out.csv"))
    assert (again.keep == triage.keep).all() and again.names == triage.table.names
    assert again.score == pytest.approx(triage.table.score) and again.baselines == pytest.approx(triage.table.baselines)
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert rows[0]["decided"] == "1" and rows[1]["decided"] == "0" and rows[2]["reason"] == "decorrelated"


def test_labels_are_what_was_decided(triage, tmp_path):
    with pytest.raises(StillpointError, match="Nothing was decided"):
        triage_exports.write_labels(triage, str(tmp_path / "labels.csv"))
    triage.decide([2], True)
    triage.decide([3], True)  # confirmed
    triage_exports.write_labels(triage, str(tmp_path / "labels.csv"))
    assert read_decisions(tmp_path / "labels.csv") == {triage.table.names[2]: True, triage.table.names[3]: True}
    with open(tmp_path / "labels.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["model"]) for row in rows] == triage.table.keep[[2, 3]].tolist()
    assert float(rows[0]["confidence"]) == pytest.approx(triage.table.score[2]) and rows[0]["reviewer"]


def test_lists_of_other_programs(triage, tmp_path):
    triage.decide([0], False)
    paths = {form: triage_exports.write_list(triage, str(tmp_path / f"{form}.txt"), form) for form in triage_exports.LISTS}
    text = {form: (tmp_path / f"{form}.txt").read_text() for form in paths}
    assert "excludeDate12   = 20180115_20180127,20180127_20180208" in text["mintpy"]
    assert "excludeIfgIndex = 0,2" in text["mintpy"]
    assert text["licsbas"].split() == ["20180115_20180127", "20180127_20180208"]
    assert len(text["plain"].splitlines()) == 11


@pytest.mark.parametrize("ending", [".vrt", ".tif"])
def test_stack_of_the_kept(folder, tmp_path, ending):
    triage = Triage(read_table(str(folder / "table.csv")))
    triage.decide([0, 7], False)
    sources = Sources(triage.table.path, str(folder / "stack.tif"), str(folder / "coherence.tif"))
    told = []
    made = triage_exports.write_stack(
        triage, sources, str(tmp_path / f"kept{ending}"), report=lambda fraction, text: told.append(fraction)
    )
    found = pair_bands(made["stack"], triage.table)
    assert (found.bands > 0).tolist() == triage.keep.tolist() and found.is_unwrapped
    assert (pair_bands(made["coherence"], triage.table).bands == found.bands).all()
    kept, whole = gdal.Open(made["stack"]), gdal.Open(str(folder / "stack.tif"))
    assert kept.RasterCount == triage.keep.sum() and kept.GetMetadataItem("WAVELENGTH") == "0.05547"
    assert kept.GetMetadataItem("COMPANION_COHERENCE") == f"kept_coherence{ending}"
    assert kept.GetGeoTransform() == whole.GetGeoTransform()
    np.testing.assert_array_equal(kept.GetRasterBand(1).ReadAsArray(), whole.GetRasterBand(2).ReadAsArray())
    assert told[-1] == pytest.approx(1.0)
    assert sorted(item.name for item in tmp_path.iterdir()) == [f"kept{ending}", f"kept_coherence{ending}"]


def test_coherence_in_bytes_is_shown_from_0_to_1(folder, tmp_path):
    table = read_table(str(folder / "table.csv"))
    scaled = {"outputType": gdal.GDT_Byte, "scaleParams": [[0, 1, 0, 255]]}
    gdal.Translate(str(tmp_path / "bytes.tif"), str(folder / "coherence.tif"), **scaled)
    source, made = gdal.Open(str(folder / "coherence.tif")), gdal.Open(str(tmp_path / "bytes.tif"), gdal.GA_Update)
    for number in range(1, source.RasterCount + 1):
        made.GetRasterBand(number).SetMetadata(source.GetRasterBand(number).GetMetadata())
    source = made = None
    as_bytes = BandReader(pair_bands(str(tmp_path / "bytes.tif"), table, what="coherence")).read(3, 96)
    as_floats = BandReader(pair_bands(str(folder / "coherence.tif"), table, what="coherence")).read(3, 96)
    np.testing.assert_allclose(as_bytes, as_floats, atol=0.003)
    assert 0.1 < np.nanmean(as_bytes) < 1.0


def test_nothing_that_is_read_is_written_over(folder, tmp_path):
    for name in ("stack.tif", "coherence.tif", "table.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    view = str(tmp_path / "view.vrt")
    gdal.BuildVRT(view, [str(tmp_path / "stack.tif")], separate=False)
    source, made = gdal.Open(str(tmp_path / "stack.tif")), gdal.Open(view, gdal.GA_Update)
    for number in range(1, source.RasterCount + 1):
        made.GetRasterBand(number).SetMetadata(source.GetRasterBand(number).GetMetadata())
    source = made = None
    triage = Triage(read_table(str(tmp_path / "table.csv")))
    triage.decide([0], False)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(StillpointError, match=r"stack\.tif would overwrite"):
        triage_exports.write_stack(triage, Sources(triage.table.path, view), str(tmp_path / "stack.tif"))
    for write in (
        triage_exports.write_table, triage_exports.write_labels, lambda one, path: triage_exports.write_list(one, path, "plain"),
    ):  # fmt: skip
        with pytest.raises(StillpointError, match="table that the method wrote"):
            write(triage, str(tmp_path / "table.csv"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_stack_that_cannot_be_written(folder, tmp_path):
    triage = Triage(read_table(str(folder / "table.csv")))
    sources = Sources(triage.table.path, str(folder / "stack.tif"))
    with pytest.raises(StillpointError, match="that the stack is read from"):
        triage_exports.write_stack(triage, sources, str(folder / "stack.tif"))
    with pytest.raises(StillpointError, match="cannot be written"):
        triage_exports.write_stack(triage, sources, str(tmp_path / "nowhere" / "kept.tif"))
    with pytest.raises(Cancelled):
        triage_exports.write_stack(triage, sources, str(tmp_path / "kept.tif"), cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []
    triage.decide(range(triage.table.count), False)
    with pytest.raises(StillpointError, match="No pair is kept"):
        triage_exports.write_stack(triage, sources, str(tmp_path / "kept.tif"))
