"""The dialog that compares PS masks, clicked through: choice of layers, run with the real engine, tables, errors, cancel."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.plugin import runner
from stillpoint.tests.models.scatterers.assess_files import MASK, REFERENCE, halves, raster, vector
from stillpoint.tests.plugin.scatterer_rasters import write_stack
from stillpoint.ui import assess_inputs
from stillpoint.ui.assess_dialog import AssessDialog
from stillpoint.ui.assess_inputs import MaskList
from stillpoint.ui.assess_table import ResultTables

from .clicking import click, opened

SCREEN = (1366, 768 - 60)


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return {
        "mask": raster(folder / "one mask.tif", MASK), "other": raster(folder / "other mask.tif", REFERENCE),
        "zones": halves(folder / "zones.gpkg"), "truth": raster(folder / "truth.tif", REFERENCE),
    }


@pytest.fixture
def layers(qgis_app, files):
    project = QgsProject.instance()
    made = {name: project.addMapLayer(QgsRasterLayer(files[name], Path(files[name]).stem)) for name in ("mask", "other", "truth")}
    made["zones"] = project.addMapLayer(QgsVectorLayer(files["zones"], "Land cover", "ogr"))
    yield made
    project.clear()


@pytest.fixture
def dialog(qgis_iface, fake_engine, qtbot):
    with opened(lambda: AssessDialog(qgis_iface, qgis_iface.mainWindow()), qtbot, remembered="assess") as made:
        yield made


def ticked(dialog):
    items = [dialog.masks.list.item(index) for index in range(dialog.masks.list.count())]
    return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]


def test_masks_of_the_project_are_ticked_and_followed(layers, dialog, files):
    names = [dialog.masks.list.item(index).text() for index in range(dialog.masks.list.count())]
    assert names == ["one mask", "other mask", "truth"] and ticked(dialog) == ["one mask", "other mask"]
    dialog.masks.tick(layers["other"], False)
    QgsProject.instance().removeMapLayer(layers["truth"].id())
    selected = QgsRasterLayer(files["truth"], "Selected")
    selected.setCustomProperty(assess_inputs.ROLE_PROPERTY, assess_inputs.MASK_ROLE)
    QgsProject.instance().addMapLayer(selected)
    assert ticked(dialog) == ["one mask", "Selected"]
    assert dialog.masks.paths() == [files["mask"], files["truth"]]


def test_stacks_are_no_masks_and_selections_are_told_apart(layers, dialog, tmp_path):
    write_stack(tmp_path / "town.tif")
    project = QgsProject.instance()
    stack = project.addMapLayer(QgsRasterLayer(str(tmp_path / "town.tif"), "town"))
    layers["mask"].setCustomProperty("stillpoint/title", "town: U-Net")
    again = MaskList()
    texts = [again.list.item(index).text() for index in range(again.list.count())]
    assert "one mask (town: U-Net)" in texts and "other mask" in texts and "town" not in texts
    assert not [text for text in ticked(dialog) if text == stack.name()]


def test_folder_of_a_job_that_cannot_be_is_removed(layers, dialog, qtbot, monkeypatch):
    from stillpoint.models.errors import StillpointError

    def fail():
        raise StillpointError("No such zones.")

    monkeypatch.setattr(dialog.zones, "path", fail)
    made = []
    real = dialog._output_path
    monkeypatch.setattr(dialog, "_output_path", lambda: made.append(real()) or made[-1])
    click(qtbot, dialog.run_button)
    assert dialog.message.text() == "No such zones." and not made[0].parent.exists()


def test_files_are_added_once_and_ticked(dialog, files):
    dialog.masks.add_file(files["mask"])
    dialog.masks.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.masks.paths() == []
    dialog.masks.add_file(files["mask"])
    assert dialog.masks.list.count() == 1 and dialog.masks.paths() == [files["mask"]]


def test_a_tick_is_a_click_away(layers, dialog, qtbot):
    box = dialog.masks.list.visualItemRect(dialog.masks.list.item(2))
    qtbot.mouseClick(
        dialog.masks.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 11, box.center().y())
    )
    assert ticked(dialog) == ["one mask", "other mask", "truth"]


def test_choices_make_the_job(layers, dialog, files, tmp_path):
    dialog.zones.combo.setLayer(layers["zones"])
    assert dialog.zone_field.isEnabled() and dialog.zone_field.currentText() == "cover"
    dialog.reference.combo.setLayer(layers["truth"])
    dialog.dem.set_file("/nowhere/dem.tif")
    dialog.geometry_fields.widgets["incidence"].setText("39,5")
    dialog.geometry_fields.widgets["heading"].setText("-12")
    dialog.geometry_fields.widgets["looking"].setCurrentIndex(1)
    dialog.more_fields.widgets["cell"].setValue(500)
    dialog.output.setFilePath(str(tmp_path / "result"))
    dialog.density.setChecked(True)
    job = dialog.job()
    assert job.masks == (files["mask"], files["other"]) and job.reference == files["truth"]
    assert job.zones.split("|")[0] == files["zones"] and job.zone_field == "cover"
    assert (job.dem, job.incidence, job.heading, job.looking, job.cell) == ("/nowhere/dem.tif", 39.5, -12, "left", 500)
    assert (job.output, job.report) == (str(tmp_path / "result.csv"), str(tmp_path / "result.html"))
    assert job.density == str(tmp_path / "result_density.tif")
    dialog.zones.combo.setLayer(layers["truth"])
    assert not dialog.zone_field.isEnabled() and dialog.job().zone_field is None


def test_points_in_memory_are_written_for_the_engine(layers, dialog):
    layer = QgsVectorLayer("Point?crs=EPSG:32632&field=a:int", "Picked", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(500010, 4999995)))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    dialog.masks.tick(layer)
    path = dialog.masks.paths()[-1].split("|")[0]
    source = ogr.Open(path)
    assert path.endswith(".gpkg") and source.GetLayer(0).GetFeatureCount() == 1


def test_what_cannot_be_is_said(layers, dialog, qtbot):
    dialog.geometry_fields.widgets["incidence"].setText("steep")
    click(qtbot, dialog.run_button)
    assert "steep is no number" in dialog.message.text()
    dialog.geometry_fields.widgets["incidence"].clear()
    dialog.output.setFilePath("/nowhere/at/all.csv")
    click(qtbot, dialog.run_button)
    assert "There is no folder" in dialog.message.text()
    for name in ("mask", "other"):
        dialog.masks.tick(layers[name], False)
    click(qtbot, dialog.run_button)
    assert "Tick the PS masks" in dialog.message.text() and dialog.work is None


def test_cancel_in_the_middle(layers, dialog, qtbot, tmp_path):
    dialog.output.setFilePath(str(tmp_path / "slow.csv"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    click(qtbot, dialog.cancel_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert "Cancelled" in dialog.message.text() and not dialog.report_button.isEnabled()


def test_error_of_the_engine(layers, dialog, qtbot, tmp_path):
    dialog.output.setFilePath(str(tmp_path / "fails.csv"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert dialog.message.level == "error" and dialog.run_button.isEnabled()


def test_last_values_come_back(layers, dialog, qgis_iface, qtbot, tmp_path):
    dialog.geometry_fields.widgets["heading"].setText("192")
    dialog.density.setChecked(False)
    dialog.output.setFilePath(str(tmp_path / "fails.csv"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    again = AssessDialog(qgis_iface, qgis_iface.mainWindow())
    assert again.geometry_fields.values()["heading"] == 192 and not again.density.isChecked()
    again.deleteLater()


def test_fits_a_small_screen_and_the_keyboard(dialog):
    assert dialog.minimumSizeHint().width() <= SCREEN[0] and dialog.minimumSizeHint().height() <= SCREEN[1]
    assert dialog.height() <= SCREEN[1] and dialog.run_button.isDefault()
    labels = [label for label in dialog.findChildren(QLabel) if "&" in label.text()]
    assert len(labels) >= 6 and all(label.buddy() is not None for label in labels)
    shortcuts = [label.text().split("&")[1][0].lower() for label in labels]
    assert len(set(shortcuts)) == len(shortcuts)


def test_help_opens_beside_it(dialog, qtbot):
    click(qtbot, dialog.help_button)
    from stillpoint.ui.help_dialog import HelpDialog

    (page,) = dialog.findChildren(HelpDialog)
    assert "R-index" in page.browser.toPlainText()
    page.close()


def test_tables_sort_by_number_and_are_copied(qgis_app, qtbot):
    tables = ResultTables()
    qtbot.addWidget(tables)
    tables.set_tables([
        {"name": "counts", "title": "Counts", "columns": ["", "a"], "rows": [["PS", 5]], "decimals": 2, "note": ""},
        {"name": "zones_share", "title": "Zones", "columns": ["Zone", "a"], "decimals": 1, "note": "So it is.",
         "rows": [["City", 10.25], ["River", 9.5], ["Sea", None], ["Land", 1234567.0]]},
    ])
    tables.show()
    assert tables.choice.currentText() == "Zones" and tables.note.text() == "So it is."
    header = tables.table.horizontalHeader()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(header.sectionPosition(1) + 20, header.height() // 2))
    assert [tables.table.item(row, 0).text() for row in range(4)] == ["River", "City", "Land", "Sea"]
    assert tables.table.item(2, 1).text() == "1,234,567.0" and tables.table.item(3, 1).text() == "–"
    qtbot.mouseClick(tables.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Zone\ta\nRiver\t9.5\nCity\t10.25\nLand\t1234567\nSea\t"
    tables.choice.setCurrentIndex(0)
    assert tables.table.item(0, 1).text() == "5"


def test_real_engine_from_layers_to_tables_report_and_map(layers, qgis_iface, real_engine, qtbot, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    dialog = AssessDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    dialog.zones.combo.setLayer(layers["zones"])
    dialog.reference.combo.setLayer(layers["truth"])
    dialog.more_fields.widgets["cell"].setValue(40)
    dialog.density.setChecked(True)
    dialog.output.setFilePath(str(tmp_path / "result.csv"))
    click(qtbot, dialog.run_button)
    assert not dialog.run_button.isEnabled() and dialog.progress.isVisible()
    qtbot.waitUntil(lambda: dialog.work is None, timeout=60000)
    assert dialog.message.level == "success", dialog.message.text()
    table = dialog.result.table
    assert dialog.result.choice.currentText() == "Share of the PS by zone (%)"
    assert [table.horizontalHeaderItem(column).text() for column in range(4)] == ["Zone", "Ground (%)", "one mask", "other mask"]
    assert [table.item(0, column).text() for column in range(3)] == ["City", "60.00", "60.00"]
    click(qtbot, dialog.report_button)
    assert opened == [str(tmp_path / "result.html")] and "Land" not in dialog.message.text()
    (density,) = [layer for layer in QgsProject.instance().mapLayers().values() if layer.name().startswith("PS per km²")]
    assert density.renderer().type() == "singlebandpseudocolor" and density.bandCount() == 2
    items = density.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert len(items) >= 2 and items[0].label.startswith("0 – ")
    runner.close()
    dialog.close()


def test_vector_written_for_the_tests_is_points(tmp_path):
    path = vector(tmp_path / "p.gpkg", [("POINT(1 2)", "a")], kind=ogr.wkbPoint)
    assert assess_inputs.is_points(QgsVectorLayer(path, "p", "ogr"))
