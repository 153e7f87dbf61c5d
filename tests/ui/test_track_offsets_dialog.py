"""The dialog that tracks offsets, clicked through: images that fit and do not, preview, run, cancel, errors in words."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.tests.plugin.offset_rasters import ORIGIN, write_image, write_offsets
from stillpoint.ui.track_offsets_dialog import TrackOffsetsDialog

from .clicking import add, asked, click, ended, opened

SCREEN = (1280, 800 - 60)
"""A small laptop's screen without its task bar."""


@pytest.fixture
def dialog(qgis_iface, tmp_path, monkeypatch, fake_engine, qtbot):
    folder = tmp_path / "handed-out"
    folder.mkdir()
    write_offsets(folder / "offsets.tif")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(folder))
    with opened(lambda: TrackOffsetsDialog(qgis_iface, qgis_iface.mainWindow()), qtbot, remembered="track_offsets") as made:
        yield made


@pytest.fixture
def pair(tmp_path):
    return [
        str(write_image(tmp_path / "a_20210110.tif")), str(write_image(tmp_path / "b_20210122.tif", shift=(2, 3))),
    ]  # fmt: skip


@pytest.fixture
def jobs(monkeypatch):
    """The jobs that reach the engine."""
    return asked(monkeypatch)


def choose(dialog, pair):
    dialog.reference.set_file(pair[0])
    dialog.secondary.set_file(pair[1])


def test_pair_is_described_in_words(dialog, qtbot, pair):
    choose(dialog, pair)
    assert dialog.summary.text() == "128 x 160 pixels, 10 x 10 m each, 2021-01-10 to 2021-01-22, 12 days"
    dialog.fields.widgets["search"].setValue(24)
    qtbot.waitUntil(lambda: dialog.reach.text() == "up to 240 m, 20 m/day", timeout=2000)
    assert not dialog.notice.isVisible()


def test_choices_are_words(dialog):
    for name in ("method", "units"):
        box = dialog.fields.widgets[name]
        assert all("_" not in box.itemText(index) and box.itemText(index)[0].isupper() for index in range(box.count()))
    seen = set()
    for index in range(dialog.fields.widgets["method"].count()):
        dialog.fields.widgets["method"].setCurrentIndex(index)
        seen.add(dialog.explanation.text())
    assert len(seen) == 3 and "" not in seen
    assert all("&" not in label.text().replace("&&", "") or label.buddy() is not None for label in dialog.findChildren(QLabel))


def test_track_makes_layers_and_offers_the_profile(dialog, qtbot, pair, jobs):
    layers = [add(path) for path in pair]
    dialog.set_layers([layers[1], layers[0]])  # the earlier becomes the reference, whatever the order
    told, wanted = [], []
    dialog.tracked.connect(told.append)
    dialog.profile_wanted.connect(lambda: wanted.append(True))
    click(qtbot, dialog.run_button)
    assert not dialog.run_button.isEnabled() and dialog.progress.isVisible()
    ended(dialog, qtbot)
    assert (jobs[0].reference, jobs[0].secondary, jobs[0].align, jobs[0].stable) == (*pair, "refuse", None)
    assert dialog.message.level == "success" and dialog.message.text().startswith("190 of 192 offsets")
    assert [layer.name() for layer in told[0]][:2] == ["Arrows (m/day)", "Magnitude (m/day)"]
    assert not any(layer.name() == "a_20210110" for layer in told[0])  # the project shows it already
    click(qtbot, dialog.profile_button)
    assert wanted == [True]


def test_choices_reach_the_engine(dialog, qtbot, pair, jobs, tmp_path):
    choose(dialog, pair)
    dialog.fields.widgets["method"].setCurrentIndex(2)
    dialog.fields.widgets["spacing"].setValue(12)
    dialog.fields.widgets["search"].setValue(20)
    dialog.fields.widgets["units"].setCurrentIndex(2)
    dialog.advanced.widgets["outliers"].setCurrentIndex(1)
    dialog.prior.set_file(str(write_offsets(tmp_path / "prior.tif", kinds=("x", "y"), unit="px")))
    dialog.output.setFilePath(str(tmp_path / "my offsets"))
    dialog.arrows.setChecked(False)
    dialog.device.set_device("cpu")
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[0]
    assert (job.method, job.spacing, job.search, job.units, job.outliers, job.device) == (
        "correlation", 12, 20, "metres_a_day", "keep", "cpu",
    )  # fmt: skip
    assert job.output == str(tmp_path / "my offsets.tif") and job.prior.endswith("prior.tif")
    assert not (tmp_path / "my offsets arrows.gpkg").exists() and (tmp_path / "my offsets magnitude.vrt").exists()
    again = TrackOffsetsDialog(dialog.iface)
    assert again.fields.values()["method"] == "correlation" and not again.arrows.isChecked()
    again.deleteLater()


def test_swapped_dates_can_be_swapped_back(dialog, qtbot, pair):
    choose(dialog, pair[::-1])
    assert dialog.notice.level == "warning" and "would tell the way back" in dialog.notice.text()
    click(qtbot, dialog.swap_button)
    assert (dialog.reference.path(), dialog.secondary.path()) == tuple(pair) and not dialog.notice.isVisible()


def test_other_grid_is_offered_to_be_aligned(dialog, qtbot, pair, jobs, tmp_path):
    other = str(write_image(tmp_path / "c_20210122.tif", shift=(2, 3), pixel=20.0))
    choose(dialog, [pair[0], other])
    assert dialog.notice.level == "error" and "its pixels are 20 x 20, not 10 x 10" in dialog.notice.text()
    click(qtbot, dialog.run_button)
    assert dialog.work is None and not jobs and not dialog.message.isVisible()  # it is said once
    click(qtbot, dialog.align_button)
    assert dialog.notice.level == "warning" and "will be resampled" in dialog.notice.text()
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert jobs[0].align == "secondary"
    dialog.secondary.set_file(pair[1])  # another choice is asked about anew
    assert not dialog._align and not dialog.notice.isVisible()


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("a_20210110.tif", "the same image"), ("", "single image"), ("missing.tif", "cannot be opened"),
        ("text.tif", "cannot be opened"),
    ],
)
def test_bad_choices_are_told_in_words(dialog, qtbot, pair, jobs, tmp_path, second, words):
    (tmp_path / "text.tif").write_text("no image")
    dialog.reference.set_file(pair[0])
    if second:
        dialog.secondary.set_file(str(tmp_path / second))
    assert words in dialog.notice.text()
    click(qtbot, dialog.run_button)
    assert dialog.work is None and not jobs


def test_nothing_chosen_is_told(dialog, qtbot):
    click(qtbot, dialog.run_button)
    assert dialog.message.level == "error" and "Choose the reference image" in dialog.message.text()


def test_search_range_that_is_too_large_is_told_at_once(dialog, qtbot, pair):
    choose(dialog, pair)
    dialog.fields.widgets["search"].setValue(60)
    qtbot.waitUntil(lambda: "large against the image" in dialog.notice.text(), timeout=2000)
    assert dialog.notice.level == "warning"


def test_preview_tracks_what_the_map_shows(dialog, qtbot, qgis_iface, pair, jobs):
    layer = add(pair[0])
    choose(dialog, pair)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(layer.crs())
    canvas.setLayers([layer])
    canvas.resize(300, 300)
    canvas.setExtent(QgsRectangle(ORIGIN[0] + 400, ORIGIN[1] - 1100, ORIGIN[0] + 1200, ORIGIN[1] - 300))
    click(qtbot, dialog.preview_button)
    ended(dialog, qtbot)
    job = jobs[0]
    sizes = [(gdal.Open(path).RasterXSize, gdal.Open(path).GetGeoTransform()) for path in (job.reference, job.secondary)]
    assert sizes[0] == sizes[1] and sizes[0][0] < 160
    assert (sizes[0][1][0] - ORIGIN[0]) % 80 == 0
    assert dialog.message.level == "information" and dialog.message.text().startswith("Preview of what the map shows")
    assert [node.name() for node in QgsProject.instance().layerTreeRoot().findGroups()] == ["Stillpoint - preview of offsets"]


def test_part_of_the_images(dialog, qtbot, pair, jobs):
    choose(dialog, pair)
    part = QgsRectangle(ORIGIN[0] + 400, ORIGIN[1] - 1100, ORIGIN[0] + 1200, ORIGIN[1] - 300)
    dialog.extent.setOutputExtentFromUser(part, dialog.extent.outputCrs())
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    source = gdal.Open(jobs[0].reference)
    assert jobs[0].reference.endswith(".vrt") and source.RasterXSize == 80 and source.RasterYSize == 86


def test_series_is_tracked_without_a_secondary_image(dialog, qtbot, jobs, tmp_path):
    dialog.reference.set_file(str(write_image(tmp_path / "stack.tif", bands=3, shift=(1, 1))))
    assert "3 images, 2 consecutive pairs, 2021-01-13 to 2021-02-06" in dialog.summary.text()
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert jobs[0].secondary is None


def test_stable_ground_outside_of_a_layer(dialog, qtbot, pair, jobs):
    ice = QgsVectorLayer("Polygon?crs=EPSG:32605", "ice", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(ORIGIN[0], ORIGIN[1] - 1280, ORIGIN[0] + 800, ORIGIN[1])))
    ice.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(ice)
    choose(dialog, pair)
    assert not dialog.outside.isEnabled()
    dialog.stable.set_layer(ice)
    assert dialog.outside.isEnabled()
    dialog.outside.setChecked(True)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    source = gdal.OpenEx(jobs[0].stable, gdal.OF_VECTOR)
    assert source.GetLayer(0).GetExtent()[0] == pytest.approx(ORIGIN[0] + 800)


def test_cancel_leaves_nothing(dialog, qtbot, pair, tmp_path):
    choose(dialog, pair)
    dialog.output.setFilePath(str(tmp_path / "slow.tif"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.progress.value() > 0 or "step" in dialog.status.text(), timeout=5000)
    click(qtbot, dialog.cancel_button)
    ended(dialog, qtbot)
    assert dialog.message.text() == "Cancelled; nothing was written." and not (tmp_path / "slow.tif").exists()


def test_engine_error_is_shown(dialog, qtbot, pair, tmp_path):
    choose(dialog, pair)
    dialog.output.setFilePath(str(tmp_path / "fails.tif"))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert dialog.message.level == "error" and "no date columns" in dialog.message.text()


def test_output_is_checked(dialog, qtbot, pair, jobs, tmp_path):
    choose(dialog, pair)
    dialog.output.setFilePath(pair[0])
    click(qtbot, dialog.run_button)
    assert "would overwrite an image" in dialog.message.text()
    dialog.output.setFilePath(str(tmp_path / "nowhere" / "o.tif"))
    click(qtbot, dialog.run_button)
    assert "There is no folder" in dialog.message.text() and not jobs


def test_fits_a_small_screen(dialog, qtbot, pair):
    choose(dialog, pair[::-1])
    dialog.more.setCollapsed(False)
    qtbot.wait(50)
    assert dialog.width() <= SCREEN[0] and dialog.height() <= SCREEN[1]
    assert dialog.minimumSizeHint().height() <= SCREEN[1]
