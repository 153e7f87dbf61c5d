"""The dialog that opens stacks, clicked through: what was read, plot and table, opening, cancel, errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal, osr
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from qgis.PyQt.QtGui import QDropEvent
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.plugin import environment, settings
from stillpoint.tests.plugin.scatterer_rasters import COLUMNS, create, write_stack
from stillpoint.ui.open_stack_dialog import OpenStackDialog
from stillpoint.ui.open_stack_plot import baseline_content

from .clicking import asked, click, ended, opened

SCREEN = (1280, 800 - 60)
DESCRIPTION = json.loads((Path(__file__).parents[1] / "plugin" / "stack_description.json").read_text())


@pytest.fixture
def dialog(qgis_iface, fake_engine, qtbot, monkeypatch, tmp_path):
    write_stack(tmp_path / "made.tif")
    monkeypatch.setenv("FAKE_ENGINE_RESULT", str(tmp_path / "made.tif"))
    settings.put("output_folder", "")
    with opened(lambda: OpenStackDialog(qgis_iface, qgis_iface.mainWindow()), qtbot) as made:
        yield made


@pytest.fixture
def product(tmp_path):
    folder = tmp_path / "stamps export"
    folder.mkdir()
    return str(folder)


def ready(dialog, qtbot):
    qtbot.waitUntil(lambda: bool(dialog.reading.details), timeout=30000)


def test_what_was_read_is_shown(dialog, qtbot, product):
    dialog.sources.set_paths([product])
    ready(dialog, qtbot)
    reading = dialog.reading
    assert reading.text("format") == "SNAP/StaMPS export"
    assert reading.text("holds") == "Wrapped phase: 12 interferograms against 2018-01-15; beside it 13 amplitude"
    assert reading.text("dates") == "13 from 2018-01-15 to 2018-06-08"
    assert reading.text("grid") == "600 x 380 pixels of 13.9 x 3.7 m, radar geometry or unknown coordinates"
    assert reading.text("radar") == "wavelength 55.5 mm, incidence 38.4°, heading \N{MINUS SIGN}12.3°"
    assert reading.notes().count("\N{BULLET}") == 2 and "conjugated" in reading.notes()


def test_table_has_a_row_a_band(dialog, qtbot, product):
    dialog.sources.set_paths([product])
    ready(dialog, qtbot)
    table = dialog.reading.table
    heads = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    assert heads == ["Band", "Reference", "Secondary", "Days", "Baseline (m)", "Missing (%)", "File"]
    assert [table.item(0, column).text() for column in range(7)] == [
        "1", "2018-01-15", "2018-01-27", "12", "50.5", "1.2", "20180115_20180127.diff",
    ]  # fmt: skip
    assert table.rowCount() == 12 and table.item(3, 4).text() == "\N{MINUS SIGN}45.4"


def test_plot_shows_dates_against_baselines():
    content = baseline_content(DESCRIPTION)
    dates, reference = content.dots
    assert len(dates.x) == 12 and list(reference.y) == [0.0] and content.unit == "m" and len(content.lines) == 12
    assert dates.y == pytest.approx(DESCRIPTION["baselines"][1:])
    assert str(np.datetime64(int(reference.x[0]), "D")) == "2018-01-15"


def test_plot_without_baselines_shows_the_order():
    content = baseline_content({**DESCRIPTION, "baselines": None})
    assert "unknown" in content.axis and len(content.lines) == 12
    assert [line.y[0] for line in content.lines] == list(range(1, 13))


def test_plot_of_images_and_of_nothing():
    images = {"dates": ["2018-01-15", "2018-01-27"], "kind": "images", "baselines": None,
              "bands": [{"date": "2018-01-15"}, {"date": "2018-01-27"}]}  # fmt: skip
    assert list(baseline_content(images).dots[0].y) == [1.0, 2.0]
    assert baseline_content({}).is_empty


def test_another_format_is_read_again(dialog, qtbot, product):
    dialog.sources.set_paths([product])
    ready(dialog, qtbot)
    box = dialog.fields.widgets["format"]
    assert box.itemText(0) == "Recognised by content"
    box.setCurrentIndex(box.findData("gamma"))
    qtbot.waitUntil(lambda: dialog.reading.text("format") == "GAMMA", timeout=30000)


def test_choices_reach_the_engine_and_the_stack_is_added(dialog, qtbot, product, monkeypatch, tmp_path):
    jobs = asked(monkeypatch)
    told = []
    dialog.opened.connect(told.append)
    dialog.sources.set_paths([product])
    dialog.fields.widgets["quantity"].setCurrentIndex(dialog.fields.widgets["quantity"].findData("complex"))
    dialog.advanced.widgets["wavelength"].setText("0,0311")
    dialog.output.setFilePath(str(tmp_path / "town.tif"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[-1]
    assert (job.sources, job.quantity, job.wavelength, job.output) == (
        (product,), "complex", 0.0311, str(tmp_path / "town.tif"),
    )  # fmt: skip
    assert dialog.message.level == "success" and "as town" in dialog.message.text()
    assert told and isinstance(told[0][0], QgsRasterLayer) and told[0][0].bandCount() == 12
    assert any(layer.source() == str(tmp_path / "town.tif") for layer in QgsProject.instance().mapLayers().values())


def test_ending_is_added(dialog, qtbot, product, tmp_path):
    dialog.sources.set_paths([product])
    dialog.output.setFilePath(str(tmp_path / "town"))
    assert dialog.job().output == str(tmp_path / "town.vrt")
    dialog.output.setFilePath("")
    assert Path(dialog.job().output).name == "stamps export.vrt" and Path(dialog.job().output).parent.is_dir()


def test_files_can_be_dropped(dialog, qtbot, tmp_path):
    paths = []
    for name in ("20180115_20180127.tif", "20180115_20180208.tif"):
        (tmp_path / name).write_text("fake")
        paths.append(str(tmp_path / name))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    event = QDropEvent(QPointF(QPoint(5, 5)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    dialog.sources.dropEvent(event)
    assert dialog.sources.paths() == tuple(paths) and dialog.sources.edit.text().startswith("2 files in ")
    ready(dialog, qtbot)
    dialog.sources.edit.clear()
    qtbot.keyClicks(dialog.sources.edit, "/typed")
    assert dialog.sources.paths() == ("/typed",)


@pytest.mark.parametrize(
    ("path", "output", "sentence"),
    [
        ("", "", "Choose the folder"),
        ("/nowhere/product", "", "There is no folder or file /nowhere/product"),
        (None, "/nowhere/x.vrt", "There is no folder /nowhere"),
    ],
)
def test_choices_that_cannot_be(dialog, qtbot, product, path, output, sentence):
    dialog.sources.edit.setText(product if path is None else path)
    dialog.output.setFilePath(output)
    click(qtbot, dialog.run_button)
    assert dialog.work is None and sentence in dialog.message.text() and dialog.message.level == "error"


def test_stack_over_its_own_product(dialog, qtbot, tmp_path):
    dialog.sources.set_paths([str(tmp_path / "made.tif")])
    dialog.output.setFilePath(str(tmp_path / "made.tif"))
    click(qtbot, dialog.run_button)
    assert "overwrite the product" in dialog.message.text()


def test_wavelength_that_is_no_number(dialog, qtbot, product):
    dialog.sources.set_paths([product])
    dialog.advanced.widgets["wavelength"].setText("C band")
    click(qtbot, dialog.run_button)
    assert "C band is no number" in dialog.message.text()


def test_product_that_nobody_knows_is_said_once(dialog, qtbot, tmp_path, qgis_iface):
    (tmp_path / "single").mkdir()
    dialog.sources.set_paths([str(tmp_path / "single")])
    qtbot.waitUntil(lambda: dialog.message.level == "error", timeout=30000)
    assert "nothing that is known as a stack" in dialog.message.text()
    assert qgis_iface.messageBar().currentItem() is None and dialog.reading.text("format") == ""


def test_single_band_is_warned_about(dialog, qtbot):
    from stillpoint.models.jobs import Result

    dialog._described(Result(details={**DESCRIPTION, "bands": DESCRIPTION["bands"][:1]}))
    assert dialog.message.level == "warning" and "single band" in dialog.message.text()


def test_cancel_in_the_middle_leaves_nothing(dialog, qtbot, product, tmp_path):
    dialog.sources.set_paths([product])
    dialog.output.setFilePath(str(tmp_path / "slow.vrt"))
    ready(dialog, qtbot)
    before = sorted(tmp_path.rglob("*"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=30000)
    click(qtbot, dialog.cancel_button)
    ended(dialog, qtbot)
    assert "Cancelled" in dialog.message.text() and sorted(tmp_path.rglob("*")) == before
    assert QgsProject.instance().mapLayers() == {}


def test_missing_engine_offers_the_setup(dialog, qtbot, product, monkeypatch):
    def missing(**options):
        raise environment.EngineMissingError("Stillpoint's engine is not set up.")

    monkeypatch.setattr(environment, "find", missing)
    dialog.sources.set_paths([product])
    qtbot.waitUntil(lambda: dialog.setup_button.isVisible(), timeout=30000)


def test_fits_a_small_screen_and_the_keyboard(dialog, qtbot, tmp_path):
    folder = tmp_path / ("S1A_IW_SLC_path_143_frame_192_Houston_north_west_" * 3)
    folder.mkdir()
    dialog.sources.set_paths([str(folder)])
    ready(dialog, qtbot)
    dialog.reading.show_details({**DESCRIPTION, "notes": ["A long note on what was assumed in this product. " * 3] * 5})
    dialog.more.setCollapsed(False)
    assert dialog.minimumSizeHint().width() <= 800 and dialog.minimumSizeHint().height() <= SCREEN[1]
    assert dialog.height() <= SCREEN[1] and dialog.run_button.isDefault()
    labels = [label for label in dialog.findChildren(QLabel) if "&" in label.text()]
    shortcuts = [label.text().split("&")[1][0].lower() for label in labels]
    assert len(shortcuts) >= 4 and len(set(shortcuts)) == len(shortcuts)


def test_real_engine_from_folder_to_pixel(qgis_iface, real_engine, qtbot, real_data, tmp_path):
    folder = real_data / "houston-s1-psps"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    dialog = OpenStackDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    dialog.sources.set_paths([str(folder)])
    qtbot.waitUntil(lambda: bool(dialog.reading.details), timeout=60000)
    assert dialog.reading.text("holds").startswith("Wrapped phase: 92 interferograms against 2018-01-15")
    dialog.output.setFilePath(str(tmp_path / "houston.vrt"))
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=60000)
    assert dialog.message.level in ("success", "warning")
    from stillpoint.plugin.pixel import HistoryReader

    seen = HistoryReader(str(tmp_path / "houston.vrt")).read(277, 143)
    assert len(seen.phase.values) == 92 and len(seen.amplitude.values) == 93 and seen.phase.common == "2018-01-15"
    assert np.std(seen.relative.values) < 0.6 < np.std(seen.phase.values)
    dialog.close()


def test_real_engine_on_bands_of_different_size_or_coordinates(qgis_iface, real_engine, qtbot, tmp_path):
    """What is cut to the common part is told beside what was read, and what does not fit is refused."""
    for name, size, system in (("sizes", (40, 41), (32615, 32615)), ("systems", (40, 40), (32615, 32616))):
        (tmp_path / name).mkdir()
        for day, rows, code in zip(("20180115", "20180127"), size, system):
            made = create(tmp_path / name / f"{day}.amp.tif", 1, gdal.GDT_Float32, rows=rows)
            reference = osr.SpatialReference()
            reference.ImportFromEPSG(code)
            made.SetProjection(reference.ExportToWkt())
            made.GetRasterBand(1).WriteArray(np.ones((rows, COLUMNS), np.float32))
            made = None
    dialog = OpenStackDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    for name in ("sizes", "systems"):
        dialog.sources.set_paths([str(tmp_path / name)])
        qtbot.waitUntil(lambda: dialog._looking is not None, timeout=30000)
        qtbot.waitUntil(lambda: dialog._looking is None, timeout=60000)
        if name == "sizes":
            assert "common part of 40 x 80 pixels" in dialog.reading.notes() and dialog.message.text() == ""
    assert dialog.message.level == "error" and "UTM zone 16N" in dialog.message.text() and not dialog.reading.details
    assert qgis_iface.messageBar().currentItem() is None and QgsProject.instance().mapLayers() == {}
    dialog.close()
