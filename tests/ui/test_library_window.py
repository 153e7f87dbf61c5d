"""The library of models by clicking: the tree, the card, defaults, import, export, removal, comparison."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton

from stillpoint.models.learning import cards, shelf
from stillpoint.models.learning.headers import read_contents
from stillpoint.plugin import shelf_folder, tasks
from stillpoint.ui.library_card import QuietBrowser
from stillpoint.ui.library_compare import CompareDialog
from stillpoint.ui.library_window import LibraryWindow

from .clicking import click

SHIPPED = cards.SHIPPED / "trends-mirmazloumi.safetensors"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "models"
    monkeypatch.setenv(shelf.VARIABLE, str(made))
    return made


@pytest.fixture
def window(qgis_iface, folder, qtbot):
    made = LibraryWindow(qgis_iface, qgis_iface.mainWindow())
    made.show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=10_000)
    made.close()


def put(folder, name="mine", card="# My net\n\n- **Made by**: me\n\n## Where it fails\n\n- In snow,\n  and at sea.\n"):
    """Put a model of the user's on the shelf without the engine."""
    source = folder.parent / f"{name}.safetensors"
    shutil.copyfile(SHIPPED, source)
    if card:
        source.with_suffix(".md").write_text(card)
    return shelf.add(source)[0]


def rows(window):
    found = {}
    for number in range(window.tree.topLevelItemCount()):
        top = window.tree.topLevelItem(number)
        children = [top.child(place) for place in range(top.childCount())]
        found[top.text(0)] = [f"{child.text(0)}{' (default)' if child.text(2) else ''}" for child in children]
    return found


def test_tree_by_task_with_defaults_marked(window):
    found = rows(window)
    assert list(found) == ["Interferograms", "Scatterers", "Trends", "Offsets"]
    assert found["Trends"] == ["trends-default (default)", "trends-mirmazloumi (default)", "trends-statistical"]
    assert window.model().name == "interferograms-default"
    assert not window.remove_button.isEnabled() and not window.default_button.isEnabled()
    text = window.pages.overview.toPlainText()
    assert "What it reads" in text and "X to L band" in text and "Where it fails" in text and "a ramp passes for atmosphere" in text
    assert cards.sha256(window.model().path) in text
    figures = [window.pages.figures.item(row, 0).text() for row in range(window.pages.figures.rowCount())]
    assert "F1 of bad" in figures and "AUC, all pairs together" in figures
    assert "Beside classical figures" in window.pages.card.toPlainText()


def test_set_as_default_and_back(window, folder, qtbot):
    model = put(folder)
    window.refresh()
    window.select("mine")
    click(qtbot, window.default_button)
    assert window.message.level == "success" and shelf.chosen("trends", "mirmazloumi_cnn") == model.path
    assert rows(window)["Trends"][1:3] == ["trends-mirmazloumi", "mine (default)"] and not window.default_button.isEnabled()
    window.select("trends-mirmazloumi")
    click(qtbot, window.default_button)
    assert shelf.chosen("trends", "mirmazloumi_cnn") is None
    assert "trends-mirmazloumi (default)" in rows(window)["Trends"]


def test_the_fixed_method_has_no_default(window):
    window.select("trends-statistical")
    assert not window.default_button.isEnabled() and window.compare_button.isEnabled()


def test_remove_asks_and_tells(window, folder, qtbot, monkeypatch):
    model = put(folder)
    shelf.choose(model)
    window.refresh()
    window.select("mine")
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.button(QMessageBox.StandardButton.No).click())
    click(qtbot, window.remove_button)
    assert model.path.is_file()
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.button(QMessageBox.StandardButton.Yes).click())
    click(qtbot, window.remove_button)
    assert not model.path.exists() and not model.card_path.exists()
    assert window.message.text() == "mine was removed. The shipped model is the default again."
    assert "mine" not in str(rows(window))


def test_export_writes_model_card_and_checksums(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(tmp_path / "out.zip"), ""))
    window.select("trends-default")
    click(qtbot, window.export_button)
    assert window.message.level == "success"
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert sorted(packed.namelist()) == ["SHA256SUMS", "trends-default.md", "trends-default.safetensors"]


def test_a_strangers_card_loads_and_runs_nothing(window, folder, monkeypatch):
    asked = []
    monkeypatch.setattr(QuietBrowser, "loadResource", lambda self, kind, name: asked.append(name.toString()))
    put(folder, card=(
        "# <b>Bold</b> & co\n\n![x](http://example.org/x.png) <img src='file:///etc/passwd'> <script>alert(1)</script>\n\n"
        "[click](javascript:alert(1))\n\n## Where it fails\n\n- <img src='http://example.org/y.png'>everywhere\n"
    ))  # fmt: skip
    window.refresh()
    window.select("mine")
    shown = window.pages.card.toPlainText()
    assert "<script>" in shown or "alert(1)" not in shown
    html = window.pages.overview.toHtml()
    assert "<img" not in html and "&lt;img src=" in html
    assert not window.pages.card.openLinks() and not window.pages.card.openExternalLinks()
    assert all(QUrl(name).scheme() in ("", "http", "file") for name in asked)  # asked for, and nothing given
    monkeypatch.undo()
    assert window.pages.card.loadResource(2, QUrl("file:///etc/passwd")) is None


def test_files_that_cannot_be_used_are_shown_with_the_reason(window, folder):
    folder.mkdir(parents=True)
    (folder / "broken.safetensors").write_bytes(b"\x00" * 30)
    window.refresh(folder / "broken.safetensors")
    assert rows(window)["Cannot be used"] == ["broken.safetensors"]
    assert "not a readable safetensors file" in window.pages.overview.toPlainText()
    assert not any(button.isEnabled() for button in (window.default_button, window.compare_button, window.export_button))


def test_a_changed_model_and_a_missing_default_are_told(window, folder, qtbot):
    model = put(folder)
    shelf.choose(model)
    raw = bytearray(model.path.read_bytes())
    raw[-1] ^= 1
    model.path.write_bytes(bytes(raw))
    window.refresh(model.path)
    assert "changed since the import" in window.pages.overview.toPlainText()
    model.path.unlink()
    window.refresh()
    assert "trends-mirmazloumi" in str(rows(window))  # the window still opens, and the default can be set anew
    window.select("trends-mirmazloumi")
    click(qtbot, window.default_button)
    assert shelf.chosen("trends", "mirmazloumi_cnn") is None


def test_import_by_the_engine(window, folder, qtbot, tmp_path, monkeypatch, real_engine):
    exported = shelf.export(cards.model_file(SHIPPED), tmp_path / "theirs.zip")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (str(exported), ""))
    click(qtbot, window.run_button)
    qtbot.waitUntil(lambda: window.work is None, timeout=120_000)
    assert window.message.level == "success", window.message.text()
    assert window.model().path.parent == folder and window.model().name == "trends-mirmazloumi-2"
    assert read_contents(window.model().path).header == read_contents(SHIPPED).header
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"nothing that anybody could read")
    window.import_file(str(bad))
    qtbot.waitUntil(lambda: window.work is None, timeout=120_000)
    assert window.message.level == "error" and "readable safetensors" in window.message.text()
    assert window.run_button.isEnabled()


def test_compare_two_on_a_layer(window, folder, qtbot, tmp_path, real_engine):
    points = tmp_path / "points.csv"
    write_points(points)
    window.select("trends-mirmazloumi")
    click(qtbot, window.compare_button)
    dialog = window.findChild(CompareDialog)
    assert dialog.first.currentData().name == "trends-mirmazloumi" and dialog.second.currentData().name == "trends-default"
    assert dialog.first.count() == 3
    dialog.second.setCurrentIndex(dialog.first.currentIndex())
    assert not dialog.run_button.isEnabled() and "different" in dialog.message.text()
    dialog.second.setCurrentIndex(dialog.second.findText("trends-statistical", Qt.MatchFlag.MatchStartsWith))
    click(qtbot, dialog.run_button)
    assert "Choose the data" in dialog.message.text()
    dialog.points.set_file(str(points))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=180_000)
    assert dialog.result is not None, dialog.message.text()
    details = dialog.result.details["agreement"]
    assert sum(map(sum, details["matrix"])) == 40 and dialog.panel.isVisible()
    assert dialog.panel.matrix.rowCount() == dialog.panel.matrix.columnCount() > 0
    assert dialog.panel.figures.item(0, 0).text() == "Agreement"
    assert not dialog.grab().isNull()
    click(qtbot, dialog.map_button)
    added = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    assert added == ["trends-mirmazloumi", "trends-statistical"]
    dialog.close()


def write_points(path):
    """Write 40 points: half of them still, half moving 20 mm a year."""
    import numpy as np

    days = np.arange(np.datetime64("2019-01-01"), np.datetime64("2021-01-01"), np.timedelta64(12, "D"))
    years = (days - days[0]).astype(float) / 365.25
    rng = np.random.default_rng(4)
    lines = ["id,x,y," + ",".join("D" + str(day).replace("-", "") for day in days)]
    for number in range(40):
        series = rng.normal(0, 1, len(days)) + (20 * years if number % 2 else 0)
        lines.append(f"{number},{10 + 0.01 * number},{45},{','.join(f'{value:.2f}' for value in series)}")
    path.write_text("\n".join(lines) + "\n")


def test_words_fit_and_buttons_have_shortcuts(window):
    assert window.width() <= 1366 and window.height() <= 768
    named = [button for button in window.findChildren(QPushButton) if button.isVisible()]
    assert all(button.text() for button in named)
    assert all(label.textFormat() != Qt.TextFormat.RichText for label in window.findChildren(QLabel))


def test_the_folder_is_that_of_the_profile_unless_named(monkeypatch, qgis_app):
    from qgis.core import QgsApplication

    assert shelf_folder.VARIABLE == shelf.VARIABLE
    monkeypatch.delenv(shelf.VARIABLE)
    shelf_folder.name_folder()
    assert shelf.folder() == Path(QgsApplication.qgisSettingsDirPath()) / "stillpoint" / "models"
    shelf_folder.forget_folder()
    assert shelf.folder() == Path.home() / ".local" / "share" / "stillpoint" / "models"
    monkeypatch.setenv(shelf.VARIABLE, "/elsewhere")
    shelf_folder.name_folder()
    shelf_folder.forget_folder()
    assert shelf.folder() == Path("/elsewhere")
