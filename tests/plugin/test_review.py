"""The review without windows: orders, sessions, files of labels, several reviewers. No QGIS but where its layers are read."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, List

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.review import (
    CLASSES,
    NONE,
    PAIRS,
    PIXELS,
    RANDOM,
    SPREAD,
    UNSURE,
    Item,
    Items,
    Session,
    id_field_of,
    merge_files,
    point_items,
    queue,
)
from stillpoint.plugin.review_queue import cells, nearest_pixels

from . import classified_layer


def some_points(count: int = 2000, seed: int = 1) -> Items:
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet([0.3] * 5, count).astype(np.float32)
    x, y = generator.random((2, count))
    codes = np.ma.MaskedArray(probabilities.argmax(axis=1), mask=np.arange(count) % 50 == 0)
    return point_items([f"A{n}" for n in range(count)], x, y, codes, probabilities=probabilities)


def item(key: str, model: int = 1, x: float = 1.5, y: float = -2.25) -> Item:
    return Item(key, x, y, model, 0.625)


# Orders


def test_least_sure_first() -> None:
    items = point_items(["a", "b", "c"], np.zeros(3), np.zeros(3), np.array([0, 1, 2]), probabilities=np.array(
        [[0.9, 0.1, 0, 0, 0], [0.3, 0.36, 0.34, 0, 0], [0, 0, 0.6, 0.4, 0]]))  # fmt: skip
    assert [items.item(place).key for place in queue(items, order=UNSURE)] == ["b", "c", "a"]
    assert items.margin == pytest.approx([0.8, 0.02, 0.2])
    assert items.item(1).confidence == pytest.approx(0.36)


def test_without_probabilities_the_confidence_tells() -> None:
    items = point_items(["a", "b", "c"], np.zeros(3), np.zeros(3), np.array([0, 1, -1]), confidence=np.array([0.9, 0.5, np.nan]))
    assert queue(items, order=UNSURE).tolist() == [2, 1, 0]


@pytest.mark.parametrize("order", [UNSURE, SPREAD, CLASSES, RANDOM])
def test_every_order_is_whole_and_repeats(order: str) -> None:
    items = some_points()
    found = queue(items, order=order, seed=3)
    assert sorted(found) == list(range(len(items)))
    assert (found == queue(items, order=order, seed=3)).all()
    assert (queue(items, order=order, count=7, seed=3) == found[:7]).all()
    left = queue(items, order=order, skip={"A3", "A77"}, classes=[2, NONE])
    assert set(items.model[left].tolist()) == {2, NONE} and not {3, 77} & set(left.tolist())


def test_spread_labels_are_not_all_neighbours() -> None:
    generator = np.random.default_rng(0)
    x, y = generator.random((2, 4000))
    margin = 0.3 + 0.5 * generator.random(4000)
    corner = (x < 0.15) & (y < 0.15)
    margin[corner] *= 0.1  # all that is unsure lies in one place
    items = point_items(list(range(4000)), x, y, np.ones(4000), confidence=margin)
    first, spread = (queue(items, order=order, count=60) for order in (UNSURE, SPREAD))
    assert corner[first].all() and corner[spread].mean() < 0.3
    where = cells(x, y)
    assert len(np.unique(where[spread])) == 60
    worst = {cell: items.margin[where == cell].min() for cell in np.unique(where[spread])}
    assert all(items.margin[place] == worst[where[place]] for place in spread)


def test_some_of_each_class_even_where_one_is_rare() -> None:
    codes = np.zeros(5000, int)
    codes[:4], codes[4:9] = 3, 4
    generator = np.random.default_rng(2)
    items = point_items(list(range(5000)), *generator.random((2, 5000)), codes, confidence=generator.random(5000))
    taken = items.model[queue(items, order=CLASSES, count=15)]
    assert np.bincount(taken, minlength=5)[[0, 3, 4]].tolist() == [6, 4, 5]


def test_a_million_points_are_put_in_order_within_a_second() -> None:
    items = some_points(1_000_000)
    items = Items(items.kind, np.char.encode(items.keys.astype(str)), items.x, items.y, items.model, items.confidence, items.margin)
    for order in (UNSURE, SPREAD, CLASSES, RANDOM):
        begin = time.process_time()
        found = queue(items, order=order, skip={"A5"})
        assert time.process_time() - begin < 2.5, f"{order} is slow even for a busy machine"
        assert len(found) == 999_999


def test_pixels_of_both_sides_of_the_threshold() -> None:
    probability = np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10)
    probability[0, :5] = np.nan
    found = nearest_pixels(probability, 0.5, each=6, first_row=100, first_column=7)
    assert sorted(value for _, _, value in found) == pytest.approx(np.linspace(0, 1, 100)[47:53])
    assert all(probability[row - 100, column - 7] == np.float32(value) for row, column, value in found)
    assert len(nearest_pixels(probability, 0.99, each=6)) == 6 and nearest_pixels(np.full((3, 3), np.nan), 0.5, each=4) == []


# Sessions


@pytest.mark.parametrize("name", ["labels.gpkg", "labels.csv"])
def test_labels_are_written_at_once_and_taken_back(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    session = Session.open(path, id_field="pid", crs="EPSG:32630", reviewer="ann")
    for key, value in (("A1", 3), ("A'2", NONE), ("A3", 0), ("A1", 2)):
        said = session.label(item(key), value)
        assert Session.open(path, id_field="pid").labels[key] == said
    counts = session.counts()
    assert (counts.total, counts.compared, counts.agreeing) == (3, 3, 0) and counts.by_value[2] == 1
    session.accept(item("A4"))
    assert session.counts().agreement == 0.25 and session.agreement_by_class() == {1: (4, 1)}
    assert [session.undo().key for _ in range(2)] == ["A4", "A1"]  # type: ignore[union-attr]
    again = Session.open(path, id_field="pid").labels
    assert again == session.labels and again["A1"].value == 3 and "A4" not in again
    while session.undo() is not None:
        pass
    assert Session.open(path, id_field="pid").labels == {}
    session.close()
    assert [file for file in os.listdir(tmp_path) if "partial" in file] == []


def test_what_the_columns_say(tmp_path: Path) -> None:
    session = Session.open(str(tmp_path / "labels.csv"), id_field="CODE", crs="EPSG:3003", reviewer="ann")
    session.label(item("X7", model=NONE), 4)
    session.label(item("X8"), NONE)
    with open(session.path, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0])[:3] == ["CODE", "label", "trend_code"]
    assert (rows[0]["label"], rows[0]["trend_code"], rows[0]["model"]) == ("Phase unwrapping error", "4", "Not classified")
    assert (rows[1]["label"], rows[1]["trend_code"], rows[1]["model"], rows[1]["model_code"]) == ("", "", "Linear", "1")
    assert rows[0]["reviewer"] == "ann" and rows[0]["reviewed"] < rows[1]["reviewed"] + "z"
    source = ogr.Open(session.path)
    assert source.GetLayer(0).GetFeatureCount() == 2


def test_pixels_and_pairs(tmp_path: Path) -> None:
    pixels = Session.open(str(tmp_path / "ps.gpkg"), kind=PIXELS, crs="EPSG:32615")
    pixels.label(Item("12,7", 500010.0, 3299990.0, 1, 0.55), 0)
    pixels.label(Item("112,7", 500030.0, 3299990.0, 0, 0.45), 1)
    source = ogr.Open(pixels.path)
    layer = source.GetLayer(0)
    features = [(feature["row"], feature["col"], feature["ps"], feature.GetGeometryRef().GetX()) for feature in layer]
    assert features == [(12, 7, 0, 500010.0), (112, 7, 1, 500030.0)]
    assert layer.GetSpatialRef().GetAuthorityCode(None) == "32615"
    pairs = Session.open(str(tmp_path / "pairs.csv"), kind=PAIRS)
    pairs.label(Item("2018-01-15,2018-01-27", model=1, confidence=0.4), 0)
    from stillpoint.models.interferograms.train_resnet50_labels import read_table

    assert read_table(Path(pairs.path)) == {("2018-01-15", "2018-01-27"): 0.0}
    with pytest.raises(ValueError, match="no label of pairs"):
        pairs.label(Item("2018-01-15,2018-01-27"), 3)
    with pytest.raises(StillpointError, match=r"\.csv"):
        Session.open(str(tmp_path / "pairs.gpkg"), kind=PAIRS)


def test_scripts_may_write_at_the_end(tmp_path: Path) -> None:
    session = Session.open(str(tmp_path / "labels.csv"), at_once=False)
    for number in range(500):
        session.label(item(str(number)), number % 5)
    session.undo()
    assert not os.path.exists(session.path)
    assert session.save() == session.path and len(Session.open(session.path).labels) == 499


@pytest.mark.parametrize("name", ["labels.gpkg", "labels.csv"])
def test_a_crash_loses_nothing(tmp_path: Path, name: str) -> None:
    script = f"""
import sys
from stillpoint.plugin.review import Item, Session
session = Session.open({str(tmp_path / name)!r}, id_field="pid", crs="EPSG:4326")
for number in range(100000):
    session.label(Item(f"A{{number}}", 1.0, 2.0, 1, 0.5), number % 5)
    print(number, flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [int(child.stdout.readline()) for _ in range(25)][-1]
    child.send_signal(signal.SIGKILL)
    child.wait()
    labels = Session.open(str(tmp_path / name), id_field="pid").labels
    assert len(labels) >= said + 1 and all(labels[f"A{number}"].value == number % 5 for number in range(said + 1))
    session = Session.open(str(tmp_path / name), id_field="pid")
    session.label(item("new"), 0)  # and the file can be gone on with


def test_somebody_else_writes_into_the_same_file(tmp_path: Path) -> None:
    for name in ("labels.gpkg", "labels.csv"):
        path = str(tmp_path / name)
        ann, bob = (Session.open(path, id_field="pid", reviewer=who) for who in ("ann", "bob"))
        ann.label(item("A1"), 1)
        bob.label(item("A2"), 2)
        ann.label(item("A3"), 3)
        assert set(Session.open(path, id_field="pid").labels) == {"A1", "A2", "A3"}


def test_a_file_that_vanished_is_made_again(tmp_path: Path) -> None:
    session = Session.open(str(tmp_path / "labels.gpkg"), id_field="pid")
    session.label(item("A1"), 1)
    os.unlink(session.path)
    session.label(item("A2"), 2)
    assert set(Session.open(session.path, id_field="pid").labels) >= {"A2"}


@pytest.mark.parametrize("name", ["labels.gpkg", "labels.csv"])
def test_what_cannot_be_written_is_said_and_not_labelled(small_disk: Path, name: str) -> None:
    session = Session.open(str(small_disk / name), id_field="pid")
    session.label(item("A1"), 1)
    _fill(small_disk)
    with pytest.raises(StillpointError, match="cannot be written"):
        for number in range(3000):
            session.label(item(f"B{number}"), 2)
    session.file.close()
    kept = Session.open(session.path, id_field="pid").labels
    assert kept == session.labels and "A1" in kept
    (small_disk / "filler").unlink()
    session.label(item("C1"), 3)  # and the review can go on
    session.close()
    assert Session.open(session.path, id_field="pid").labels == session.labels


def _fill(folder: Path) -> None:
    try:
        with open(folder / "filler", "wb") as stream:
            while True:
                stream.write(b"x" * 4096)
                stream.flush()
    except OSError:
        pass


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "pid,label,trend_code\nA1,Wavy,9\n", "\x00\x01"])
def test_files_of_something_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.csv").write_text(text, encoding="latin-1")
    with pytest.raises(StillpointError):
        Session.open(str(tmp_path / "other.csv"), id_field="pid")
    (tmp_path / "other.gpkg").write_text(text, encoding="latin-1")
    with pytest.raises(StillpointError, match=r"other\.gpkg"):
        Session.open(str(tmp_path / "other.gpkg"), id_field="pid")


def test_several_reviewers_become_one(tmp_path: Path) -> None:
    said = {"ann.gpkg": {"A1": 1, "A2": 2, "A3": 3}, "bob.csv": {"A2": 2, "A3": NONE, "A4": 4}, "eve.csv": {"A3": 0}}
    for name, labels in said.items():
        session = Session.open(str(tmp_path / name), id_field="pid", reviewer=name[:3])
        for key, value in labels.items():
            session.label(item(key), value)
            time.sleep(0.002)
    paths = [str(tmp_path / name) for name in said]
    result = merge_files(paths, str(tmp_path / "all.gpkg"), id_field="pid")
    assert (result.added, result.same, result.disagreements) == (4, 1, ("A3",))
    merged = Session.open(str(tmp_path / "all.gpkg"), id_field="pid").labels
    assert {key: (label.value, label.reviewer) for key, label in merged.items()} == {
        "A1": (1, "ann"), "A2": (2, "bob"), "A3": (0, "eve"), "A4": (4, "bob"),
    }  # fmt: skip


def test_identifiers() -> None:
    assert id_field_of(["velocity", "CODE", "ID", "name"]) == "CODE"
    assert id_field_of(["velocity", "h"]) == "feature"


# What the training reads


def test_the_training_finds_its_points(tmp_path: Path) -> None:
    labels = pytest.importorskip("stillpoint.models.trends.labels")
    for name in ("labels.gpkg", "labels.csv"):
        session = Session.open(str(tmp_path / name), id_field="ID", crs="EPSG:4326")
        for key, value in (("11", 3), ("13", NONE), ("12", 0)):
            session.label(item(key), value)
        session.close()
        codes, notes = labels.matched(session.path, {"ID": np.array([10, 11, 12, 13])}, 4, "points.csv")
        assert codes.tolist() == [-1, 3, 0, -1] and not notes


# Layers


def test_columns_and_features_say_the_same(tmp_path: Path, qgis_app: Any) -> None:
    from qgis.core import QgsVectorLayer

    from stillpoint.plugin import review_sources

    classified_layer.write_layer(tmp_path / "granada.gpkg")
    layer = QgsVectorLayer(str(tmp_path / "granada.gpkg"), "granada")
    if not hasattr(ogr.Layer, "GetArrowStreamAsNumPy"):
        pytest.skip("this GDAL reads no columns")
    read: List[Items] = []
    for editing in (False, True):
        layer.startEditing() if editing else None
        source = review_sources.source_of(layer)
        assert source.id_field == "pid" and source.crs_text == "EPSG:4326"
        read.append(source.read(lambda *_: None, lambda: False, False))
    layer.rollBack()
    fast, slow = read
    assert fast.keys.dtype.kind == "S"
    assert [str(fast.item(place)) for place in range(240)] == [str(slow.item(place)) for place in range(240)]
    assert (fast.model == slow.model).all() and np.allclose(fast.margin, slow.margin) and (fast.fids == slow.fids).all()
    assert (fast.model == NONE).any()
    layer.startEditing()
    layer.deleteFeatures([1, 2, 3])
    assert len(review_sources.source_of(layer).read(lambda *_: None, lambda: False, False)) == 237
    layer.rollBack()


def test_points_without_identifiers_are_known_by_their_number(tmp_path: Path, qgis_app: Any) -> None:
    from qgis.core import QgsVectorLayer

    from stillpoint.plugin import review_sources

    classified_layer.write_layer(tmp_path / "granada.gpkg", points=30)
    gdal.VectorTranslate(
        str(tmp_path / "plain.shp"), str(tmp_path / "granada.gpkg"), format="ESRI Shapefile",
        selectFields=["trend_code", "confidence", "velocity"],
    )  # fmt: skip
    layer = QgsVectorLayer(str(tmp_path / "plain.shp"), "plain")
    source = review_sources.source_of(layer)
    items = source.read(lambda *_: None, lambda: False, False)
    assert source.id_field == "feature" and items.item(0).key == "1" and items.item(29).key == "30"
    assert source.key_of(int(items.fids[29]), {}) == "30"  # type: ignore[index]


def test_what_cannot_be_reviewed(tmp_path: Path, qgis_app: Any) -> None:
    from qgis.core import QgsVectorLayer

    from stillpoint.plugin import review_sources

    layer = QgsVectorLayer("Point?field=name:string", "towns", "memory")
    assert review_sources.kind_of(layer) == "" and review_sources.kind_of(None) == ""
    with pytest.raises(StillpointError, match="Classify Trends"):
        review_sources.source_of(layer)


def test_pixels_of_a_probability(tmp_path: Path, qgis_app: Any) -> None:
    from stillpoint.plugin import review_sources

    from . import scatterer_rasters

    probability = scatterer_rasters.write_results(tmp_path)
    items = review_sources.pixel_items(str(tmp_path / "probability.tif"), 0.5)
    first = items.item(int(queue(items, order=UNSURE)[0]))
    row, column = review_sources.place_of(first.key)
    assert abs(first.confidence - 0.5) == pytest.approx(np.nanmin(np.abs(probability - 0.5)), abs=1e-6)
    assert first.confidence == pytest.approx(probability[row, column]) and first.model == int(probability[row, column] >= 0.5)
    assert (first.x, first.y) == (500000.0 + 20 * (column + 0.5), 3300000.0 - 20 * (row + 0.5))
    drawn = review_sources.pixel_items(str(tmp_path / "probability.tif"), 0.5, at_random=True)
    assert abs(float((drawn.model == 1).mean()) - float(np.nanmean(probability[3:] >= 0.5))) < 0.05
