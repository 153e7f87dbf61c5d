from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import find_dates, holds_date


@pytest.mark.parametrize(
    "names",
    [
        ["D20150131", "D20150212", "D20150224"],
        ["20150131", "20150212", "20150224"],
        ["2015-01-31", "2015-02-12", "2015-02-24"],
        ["31/01/2015", "12/02/2015", "24/02/2015"],
        ["01/31/2015", "02/12/2015", "02/24/2015"],
        ["31.01.2015", "12.02.2015", "24.02.2015"],
        ["31-Jan-2015", "12-Feb-2015", "24-FEB-2015"],
        ["d_20150131", "d_20150212", "d_20150224"],
        ["D_20150131", "D_20150212", "D_20150224"],
        ["X2015.01.31", "X2015.02.12", "X2015.02.24"],
        ["2015-1-31", "2015-2-12", "2015-2-24"],
        ["20150131T171500", "20150212T171500", "20150224T171500"],
        ["20150131171500", "20150212171500", "20150224171500"],
        ["2015-01-31 17:15:00", "2015-02-12 17:15:00", "2015-02-24 17:15:00"],
        ["disp_20150131_mm", "disp_20150212_mm", "disp_20150224_mm"],
        [" D20150131 ", "D20150212", "D20150224"],
    ],
)
def test_every_way_to_write_a_date(names):
    found = find_dates(["ID", *names, "VEL"], "f.csv")
    assert [str(day) for day in found.dates] == ["2015-01-31", "2015-02-12", "2015-02-24"]
    assert found.columns.tolist() == [1, 2, 3]


@pytest.mark.parametrize("name", ["ID", "VEL", "X", "p_0", "20150101_20150113", "coh_20150101-20150113", "1234567890", "h2ph", ""])
def test_other_names_hold_no_date(name):
    assert not holds_date(name)


def test_day_or_month_first_is_decided_over_all_columns():
    found = find_dates(["01/02/2015", "13/02/2015", "25/02/2015"], "f.csv")
    assert str(found.dates[0]) == "2015-02-01"
    assert found.notes == ()
    ordered = find_dates(["03/01/2015", "03/02/2015", "03/03/2015", "04/01/2015"], "f.csv")
    assert [str(day) for day in ordered.dates] == ["2015-03-01", "2015-03-02", "2015-03-03", "2015-04-01"]
    assert "month/day/year" in ordered.notes[0]
    open_ended = find_dates(["01/01/2015", "02/02/2015", "03/03/2015"], "f.csv")
    assert "nothing tells" in open_ended.notes[0]


def test_dates_that_fit_neither_order():
    with pytest.raises(StillpointError, match="neither day/month"):
        find_dates(["13/02/2015", "02/13/2015"], "f.csv")


def test_the_displacements_are_chosen_among_several_quantities():
    names = [f"{kind}_{day}" for kind in ("a", "d", "h2ph") for day in ("20160327", "20160407", "20160418")]
    found = find_dates(names, "f.csv")
    assert found.columns.tolist() == [3, 4, 5]
    assert set(found.others) == {0, 1, 2, 6, 7, 8}
    assert "d_<date>" in found.notes[0]
    assert find_dates(names, "f.csv", family="a").columns.tolist() == [0, 1, 2]
    with pytest.raises(StillpointError, match="no date columns named 'q'"):
        find_dates(names, "f.csv", family="q")


def test_only_amplitudes_are_no_displacements():
    with pytest.raises(StillpointError, match="no displacements"):
        find_dates(["amp_20160327", "amp_20160407"], "f.csv")


def test_unsorted_dates_are_sorted_and_repeated_ones_averaged():
    found = find_dates(["D20150224", "D20150131", "D20150224.1", "D20150212"], "f.csv")
    assert [str(day) for day in found.dates] == ["2015-01-31", "2015-02-12", "2015-02-24"]
    assert found.columns.tolist() == [1, 3, 0, 2]
    assert any("sorted" in note for note in found.notes) and any("averaged" in note for note in found.notes)
    merged = found.merge(np.array([[1, 2, 3, 5], [1, 2, 3, np.nan], [1, 2, np.nan, np.nan]], dtype=np.float32))
    np.testing.assert_array_equal(merged, np.array([[1, 2, 4], [1, 2, 3], [1, 2, np.nan]], dtype=np.float32))
    assert merged.dtype == np.float32


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["ID", "X", "Y"], "no date columns"),
        ([], "no date columns"),
        (["ID", "D20150131"], "only one epoch"),
        (["D20150131", "D20150131"], "only one epoch"),
        (["D20150131", "D20150212", "D20151345"], "is none"),
    ],
)
def test_what_cannot_be_read_is_said(names, sentence):
    with pytest.raises(StillpointError, match=sentence):
        find_dates(names, "f.csv")
