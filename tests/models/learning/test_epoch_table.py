"""The epochs of a training as a table of text."""

from __future__ import annotations

from stillpoint.models.learning.epoch_table import EpochTable

ABOUT = {"about": "training", "metric": "f1", "larger_is_better": True, "epochs": 2, "patience": 0}
ROW = {"epoch": 1, "step": 5, "steps": 10, "loss": 0.25, "seconds": 3.21, "best": True, "auc": 0.75, "f1": float("nan")}


def test_a_head_then_a_line_an_epoch():
    table = EpochTable(width=80)
    assert table.lines(ABOUT) == [] and table.lines({"other": 1}) == []
    head, first = table.lines(ROW)
    assert head.split() == ["epoch", "loss", "f1", "auc", "seconds"]
    assert first.split() == ["1", "0.25000", "0.75000", "3.2", "*"], "what is not known is left empty"
    second = table.lines({**ROW, "epoch": 2, "best": False, "f1": 0.5})
    assert [line.split() for line in second] == [["2", "0.25000", "0.50000", "0.75000", "3.2"]]
    assert second[0].index("0.50000") + 7 == head.index("f1") + 2, "columns stand below their heads"


def test_what_does_not_fit_is_left_out_but_for_what_decides():
    table = EpochTable(width=50)
    table.lines({**ABOUT, "metric": "a very long name of a figure"})
    head = table.lines({**ROW, "a very long name of a figure": 0.5, "another long name of another figure": 0.5})[0]
    assert "a very long name of a figure" in head and "another" not in head


def test_a_composed_figure_is_named_by_what_it_is_for():
    table = EpochTable(width=60)
    table.lines({"about": "training", "metric": "figure"})
    head, row = table.lines({"epoch": 1, "loss": 0.5, "figure": 0.9, "seconds": 1.0, "best": True})
    assert head.split() == ["epoch", "loss", "deciding", "figure", "seconds"]
    assert len(head) + len(" *") == len(row) and row.endswith("*")
