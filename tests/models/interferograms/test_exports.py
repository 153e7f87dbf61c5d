from __future__ import annotations

import datetime as dt
import re

import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import exports

PAIRS = [("2019-01-13", "2019-02-06"), ("2019-01-01", "2019-01-13"), ("2019-02-06", "2019-01-01"), ("2019-01-13", "2019-01-25")]
KEEP = [True, False, True, False]


def options(text):
    return dict(re.findall(r"^(mintpy\.network\.\w+)\s*=\s*(\S+)$", text, re.MULTILINE))


def test_the_mintpy_template_names_the_same_pairs_by_dates_and_by_number():
    found = options(exports.mintpy_template(PAIRS, KEEP))
    assert found["mintpy.network.excludeDate12"] == "20190101_20190113,20190113_20190125"
    names = sorted(exports.name_of(pair) for pair in PAIRS)
    by_number = [names[int(index)] for index in found["mintpy.network.excludeIfgIndex"].split(",")]
    assert by_number == found["mintpy.network.excludeDate12"].split(",")


def test_nothing_dropped_is_no_for_mintpy_and_an_empty_list_for_licsbas():
    found = options(exports.mintpy_template(PAIRS, [True] * 4))
    assert set(found.values()) == {"no"} and len(found) == 2
    assert exports.licsbas_list(PAIRS, [True] * 4) == ""


def test_the_licsbas_list_has_a_pair_a_line_and_no_empty_lines():
    lines = exports.licsbas_list(PAIRS, KEEP).split("\n")
    assert lines == ["20190101_20190113", "20190113_20190125", ""]


def test_names_have_the_earlier_day_first_whatever_the_type():
    assert exports.name_of((dt.date(2020, 3, 2), dt.date(2020, 1, 1))) == "20200101_20200302"
    assert exports.plain_list(PAIRS, KEEP) == "2019-01-01 2019-02-06\n2019-01-13 2019-02-06\n"


def test_the_folder_is_made_and_holds_the_lists_alone(tmp_path):
    folder = tmp_path / "lists"
    written = exports.write_lists(str(folder), PAIRS, KEEP)
    assert sorted(path.name for path in folder.iterdir()) == sorted(exports.texts(PAIRS, KEEP))
    assert len(written) == 4
    exports.write_lists(str(folder), PAIRS, [True] * 4)
    assert (folder / exports.LICSBAS).read_text() == ""


def test_a_place_that_cannot_be_written_to_is_told_and_discard_leaves_nothing(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    for place in (file, tmp_path / "none" / "deep"):
        with pytest.raises(StillpointError, match="cannot be written"):
            exports.write_lists(str(place), PAIRS, KEEP)
    lists = exports.Lists(str(tmp_path / "new"), PAIRS, KEEP)
    lists.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
