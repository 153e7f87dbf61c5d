"""Learning curves: the table, and the picture with and without matplotlib."""

from __future__ import annotations

import csv
import io
import math
import sys
from xml.etree import ElementTree

import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import curves


def rows(count=12, start=False):
    found = [
        {"epoch": n, "step": 10 * n, "loss": 1.0 / n, "seconds": 2.0 * n, "best": n in (1, 3, 7), "f1": 0.9 - 0.01 * abs(n - 7),
         "RMSE, errors cut at 1 px": math.nan if n == 2 else 0.1 * n, "<odd> & rare": 0.5}
        for n in range(1, count + 1)
    ]  # fmt: skip
    return [{**found[0], "epoch": 0, "loss": math.nan, "best": True}, *found] if start else found


def test_the_table_holds_every_epoch_and_leaves_empty_what_is_no_number():
    found = list(csv.DictReader(io.StringIO(curves.table(rows(3, start=True)))))
    assert list(found[0]) == ["epoch", "step", "loss", "f1", "RMSE, errors cut at 1 px", "<odd> & rare", "seconds", "best"]
    assert [row["epoch"] for row in found] == ["0", "1", "2", "3"] and [row["best"] for row in found] == ["1", "1", "0", "1"]
    assert found[0]["loss"] == "" and found[2]["RMSE, errors cut at 1 px"] == "" and found[3]["loss"] == "0.333333"


def test_with_matplotlib_the_picture_is_a_png(tmp_path):
    pytest.importorskip("matplotlib")
    written = curves.write(tmp_path / "net.safetensors", rows())
    assert written == {"curves": str(tmp_path / "net.curves.csv"), "figure": str(tmp_path / "net.curves.png")}
    content = (tmp_path / "net.curves.png").read_bytes()
    assert content.startswith(b"\x89PNG") and content == curves._png(rows()), "the same figures give the same picture"


def test_without_matplotlib_it_is_an_svg_that_marks_the_best_epoch(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    written = curves.write(tmp_path / "net.safetensors", rows())
    assert written["figure"].endswith("net.curves.svg")
    picture = ElementTree.parse(written["figure"]).getroot()
    texts = [element.text for element in picture.iter() if element.tag.endswith("text")]
    assert {"loss", "f1", "<odd> & rare", "epoch (best: 7, 0.9)"} <= set(texts)
    assert len([element for element in picture.iter() if element.tag.endswith("circle")]) == 4, "one mark a curve"


def test_one_epoch_makes_no_picture(tmp_path):
    assert set(curves.write(tmp_path / "net.safetensors", rows(1, start=True))) == {"curves"}
    assert curves.best_of(rows()) == 7 and curves.best_of([]) is None


def test_what_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(StillpointError, match=r"net\.curves\.csv cannot be written"):
        curves.write(tmp_path / "nowhere" / "net.safetensors", rows())
