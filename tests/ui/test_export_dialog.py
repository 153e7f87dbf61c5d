"""The export dialog: what it offers, what it writes in the background, and what it says."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.gui")
pytest.importorskip("pytestqt")

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import export, settings
from stillpoint.plugin.layers import style_trends_layer
from stillpoint.ui.export_dialog import ExportDialog

from ..plugin.classified_layer import write_layer


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("dialog") / "granada.gpkg"
    write_layer(path, points=60, count=30)
    return path


@pytest.fixture
def layer(qgis_app, written):
    result = QgsVectorLayer(str(written), "granada", "ogr")
    style_trends_layer(result)
    return result


@pytest.fixture
def dialog(layer, qtbot):
    window = ExportDialog(layer)
    qtbot.addWidget(window)
    window.show()
    return window


def ways(dialog):
    return [dialog.series.itemData(index) for index in range(dialog.series.count())]


def press_export(dialog, qtbot):
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._work is None, timeout=20_000)


def test_offers_what_each_format_can_keep(dialog):
    assert dialog.suffix() == ".shp" and ways(dialog) == ["columns", "beside", "none"]
    assert not dialog.export_button.isEnabled() and not dialog.selected.isEnabled()
    dialog.format.setCurrentIndex(dialog.format.findData(".gpkg"))
    assert ways(dialog) == ["packed", "columns", "none"]
    dialog.file.setFilePath("/tmp/points.csv")
    assert dialog.suffix() == ".csv" and ways(dialog) == ["columns", "none"]
    dialog.format.setCurrentIndex(dialog.format.findData(".shp"))
    assert dialog.file.filePath() == "/tmp/points.shp" and dialog.export_button.isEnabled()


def test_export_writes_reports_and_adds_the_layer(dialog, qtbot, tmp_path):
    dialog.file.setFilePath(str(tmp_path / "out.shp"))
    dialog.load.setChecked(True)
    press_export(dialog, qtbot)
    assert "60 points exported" in dialog.outcome.text() and "out.qml" in dialog.outcome.text()
    (added,) = QgsProject.instance().mapLayers().values()
    assert added.name() == "out" and added.featureCount() == 60
    assert added.renderer().categories()[0].label().startswith("Stable (")
    assert not dialog.progress.isVisible() and dialog.export_button.isEnabled()
    QgsProject.instance().clear()


def test_selected_points_only(layer, qtbot, tmp_path):
    layer.selectByIds([2, 4])
    dialog = ExportDialog(layer)
    qtbot.addWidget(dialog)
    assert dialog.selected.isChecked() and "2 selected" in dialog.selected.text()
    dialog.file.setFilePath(str(tmp_path / "out.gpkg"))
    press_export(dialog, qtbot)
    copy = QgsVectorLayer(str(tmp_path / "out.gpkg"), "out", "ogr")
    assert copy.featureCount() == 2 and copy.renderer().type() == "categorizedSymbol"


def test_400_dates_are_explained_and_a_way_is_offered(qgis_app, qtbot, tmp_path):
    path = tmp_path / "long.gpkg"
    write_layer(path, points=3, count=400)
    dialog = ExportDialog(QgsVectorLayer(str(path), "long", "ogr"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.note.isVisible() and "400 date columns" in dialog.note.text()
    assert ways(dialog) == ["beside", "none"]
    dialog.file.setFilePath(str(tmp_path / "out.shp"))
    press_export(dialog, qtbot)
    assert (tmp_path / "out_series.csv").exists()


def test_problem_is_a_sentence_in_the_dialog(dialog, qtbot, tmp_path):
    dialog.file.setFilePath(str(tmp_path / "nowhere" / "out.shp"))
    press_export(dialog, qtbot)
    assert "does not exist" in dialog.outcome.text() and dialog.outcome.isVisible()


def test_problem_in_the_background_is_told_too(dialog, qtbot, tmp_path, monkeypatch):
    def fail(*_):
        raise StillpointError("There is no space left.")

    monkeypatch.setattr(export, "run", fail)
    dialog.file.setFilePath(str(tmp_path / "out.shp"))
    press_export(dialog, qtbot)
    assert "no space left" in dialog.outcome.text()


def test_cancel_stops_and_leaves_nothing(dialog, qtbot, tmp_path, monkeypatch):
    rows = export._rows

    def slow(plan):
        import time

        for item in rows(plan):
            time.sleep(0.05)
            yield item

    monkeypatch.setattr(export, "_rows", slow)
    monkeypatch.setattr(export, "_EVERY", 1)
    dialog.file.setFilePath(str(tmp_path / "out.shp"))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.progress.value() > 3, timeout=10_000)
    assert dialog.close_button.text() == "Cancel"
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._work is None, timeout=10_000)
    assert "Cancelled" in dialog.outcome.text() and list(tmp_path.iterdir()) == []
    assert dialog.isVisible() and dialog.close_button.text() == "Close"


def test_removed_layer_closes_its_dialog(layer, qtbot):
    QgsProject.instance().addMapLayer(layer)
    window = ExportDialog(layer)
    qtbot.addWidget(window)
    window.show()
    QgsProject.instance().removeMapLayer(layer.id())
    assert not window.isVisible()


def test_bare_name_goes_to_the_last_folder(layer, qtbot, tmp_path):
    settings.put("output_folder", str(tmp_path))
    window = ExportDialog(layer)
    qtbot.addWidget(window)
    window.show()
    window.file.setFilePath("bare")
    press_export(window, qtbot)
    assert (tmp_path / "bare.shp").exists()
    settings.put("output_folder", "")


def test_help_tells_about_the_formats(dialog, qtbot):
    from stillpoint.ui.help_dialog import HelpDialog  # the class of now: other tests reload the plugin

    qtbot.mouseClick(dialog.help_button, Qt.MouseButton.LeftButton)
    found = dialog.findChild(HelpDialog)
    assert found is not None and "Shapefile" in found.browser.toPlainText()
    found.close()
