"""The dialog that combines tracks, clicked through: what is read, what is missing or doubtful, run, errors, again."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.models.jobs import CombineGeometries
from stillpoint.tests.plugin.velocity_points import write_points, write_results
from stillpoint.ui.combine_dialog import CombineDialog

from .clicking import asked, click, ended, opened

SCREEN = (1366, 768 - 60)
"""A small laptop's screen without its task bar."""


@pytest.fixture
def results(tmp_path, monkeypatch):
    write_results(tmp_path / "results")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(tmp_path / "results"))


@pytest.fixture
def dialog(qgis_iface, fake_engine, results, qtbot):
    with opened(lambda: CombineDialog(qgis_iface, qgis_iface.mainWindow()), qtbot, remembered="combine") as made:
        yield made


def track(tmp_path, name):
    path = tmp_path / f"{name}.csv"
    path.write_text("fake")
    return str(path)


def read(dialog, qtbot, *tracks):
    for each in tracks or (dialog.ascending, dialog.descending):
        qtbot.waitUntil(lambda each=each: bool(each.details) or bool(each.error), timeout=8000)


def chosen(dialog, qtbot, tmp_path, first="asc los", second="desc los"):
    dialog.ascending.set_file(track(tmp_path, first))
    dialog.descending.set_file(track(tmp_path, second))
    read(dialog, qtbot)


def test_what_was_read_is_told_below_each_track(dialog, qtbot, tmp_path):
    chosen(dialog, qtbot, tmp_path, "asc los", "desc bare")
    assert dialog.ascending.summary.text() == "EGMS L2b CSV, 1,234 points, 3 dates, 2015-01-01 to 2020-12-31."
    assert "type incidence and heading below" in dialog.descending.summary.text()
    dialog.descending.incidence.setText("39,5")
    assert "type heading below" in dialog.descending.summary.text()
    dialog.descending.heading.setText("-168")
    assert "type" not in dialog.descending.summary.text()
    dialog.ascending.set_file(track(tmp_path, "missing"))
    read(dialog, qtbot, dialog.ascending)
    assert dialog.ascending.summary.text() == "There is no such file."


def test_results_become_two_styled_layers(dialog, qtbot, tmp_path):
    chosen(dialog, qtbot, tmp_path)
    told = []
    dialog.combined.connect(told.append)
    click(qtbot, dialog.run_button)
    assert not dialog.run_button.isEnabled() and dialog.progress.isVisible()
    ended(dialog, qtbot)
    assert dialog.message.level == "success"
    text = dialog.message.text()
    assert text.startswith("400 places, 4 dates from 2020-01-01 to 2020-02-06.")
    assert "1 mm/yr of it would appear as -0.13 up" in text
    assert [layer.name() for layer in told[0]] == ["Vertical velocity (mm/yr)", "East-west velocity (mm/yr)"]
    assert all(layer.renderer().type() == "graduatedSymbol" for layer in told[0])
    groups = [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups()]
    assert groups == ["Stillpoint - asc los"]
    wanted = []
    dialog.viewer_wanted.connect(lambda: wanted.append(True))
    click(qtbot, dialog.viewer_button)
    assert wanted


def test_choices_reach_the_engine_and_are_remembered(dialog, qtbot, tmp_path, monkeypatch, qgis_iface):
    jobs = asked(monkeypatch)
    chosen(dialog, qtbot, tmp_path)
    dialog.fields.widgets["where"].setCurrentIndex(1)
    dialog.fields.widgets["spacing"].setValue(250.0)
    dialog.fields.widgets["reference"].setCurrentIndex(1)
    dialog.advanced.widgets["dates"].setCurrentIndex(1)
    dialog.advanced.widgets["max_gap"].setValue(90)
    dialog.ascending.incidence.setText("39.5")
    dialog.ascending.heading.setText("-12")
    third = [track(tmp_path, name) for name in ("third one", "fourth")]
    dialog.more_tracks.setFilePath(" ".join(f'"{path}"' for path in third))
    dialog.advanced.widgets["more_angles"].setText("41/-10.5, 33/-167")
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "mine"))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[-1]
    assert isinstance(job, CombineGeometries)
    assert (job.where, job.spacing, job.reference, job.dates, job.max_gap) == ("points", 250.0, "stable", "all", 90.0)
    assert (job.ascending_incidence, job.ascending_heading, job.descending_heading) == (39.5, -12.0, None)
    assert job.more == tuple(third) and job.more_angles == "41/-10.5, 33/-167"
    assert job.output == str(tmp_path / "mine.gpkg") and Path(job.east).name == "asc los desc los East-west series.gpkg"
    again = CombineDialog(qgis_iface, qgis_iface.mainWindow())
    assert again.fields.values()["spacing"] == 250.0 and again.advanced.values()["more_angles"] is None
    again.fill(job)
    assert again.ascending.picker.file() == job.ascending and again.angles.values()["ascending_incidence"] == 39.5
    assert again.fields.values()["where"] == "points" and not again.more.isCollapsed()
    assert again.job(again._chosen()).more == job.more
    again.close()


def test_layers_of_the_project_find_their_place_by_name(dialog, qtbot, tmp_path):
    layers = [QgsVectorLayer(str(write_points(tmp_path / f"{name}.gpkg")), name, "ogr") for name in ("S1 desc 139", "S1 asc 44")]
    QgsProject.instance().addMapLayers(layers)
    assert dialog.ascending.source() is None  # nothing is chosen by chance
    dialog.set_layers(layers)
    assert dialog.ascending.picker.layer() is layers[1] and dialog.descending.picker.layer() is layers[0]
    assert not dialog.notice.isVisible()
    dialog.ascending.incidence.setText("30")
    dialog.swap()
    assert dialog.ascending.picker.layer() is layers[0] and dialog.descending.incidence.text() == "30"
    assert dialog.notice.isVisible() and "descending track" in dialog.notice.text()
    click(qtbot, dialog.swap_button)
    assert dialog.ascending.picker.layer() is layers[1] and not dialog.notice.isVisible()


def test_what_cannot_go_together_is_told_before_it_runs(dialog, qtbot, tmp_path):
    same = track(tmp_path, "asc los")
    dialog.ascending.set_file(same)
    dialog.descending.set_file(same)
    assert "same points" in dialog.notice.text()
    dialog.descending.set_file(track(tmp_path, "early los"))
    read(dialog, qtbot)
    assert "no time in common" in dialog.notice.text()
    dialog.descending.set_file(track(tmp_path, "desc los"))
    read(dialog, qtbot)
    assert not dialog.notice.isVisible()
    dialog.ascending.heading.setText("-12")
    dialog.descending.heading.setText("350")
    assert "same direction" in dialog.notice.text()


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (lambda d, t: d.descending.picker.clear(), "Choose the points of the descending track"),
        (lambda d, t: d.ascending.incidence.setText("steep"), "steep is no angle"),
        (lambda d, t: d.ascending.incidence.setText("95"), "must lie between 5"),
        (lambda d, t: d.outputs.files["output"].setFilePath(str(t / "none" / "a.gpkg")), "There is no folder"),
        (lambda d, t: d.outputs.files["east"].setFilePath(str(t / "asc los.csv")), "would overwrite a file that is read"),
        (lambda d, t: d.outputs.files["output"].setFilePath(str(t / "fails.gpkg")), "The file has no date columns."),
    ],
)  # fmt: skip
def test_errors_are_sentences(dialog, qtbot, tmp_path, prepare, expected):
    chosen(dialog, qtbot, tmp_path)
    prepare(dialog, tmp_path)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert dialog.message.level == "error" and expected in dialog.message.text()
    assert not QgsProject.instance().mapLayers() and not dialog.viewer_button.isVisible()


def test_cancel(dialog, qtbot, tmp_path):
    chosen(dialog, qtbot, tmp_path)
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "slow.gpkg"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=8000)
    click(qtbot, dialog.cancel_button)
    ended(dialog, qtbot)
    assert dialog.message.text() == "Cancelled; nothing was written."


def test_fits_a_laptop_and_explains_itself(dialog, qtbot):
    assert dialog.width() <= SCREEN[0] and dialog.height() <= SCREEN[1]
    assert dialog.minimumSizeHint().width() <= SCREEN[0] and dialog.minimumSizeHint().height() <= SCREEN[1]
    for fields in (dialog.angles, dialog.fields, dialog.advanced):
        assert all(widget.toolTip() for widget in fields.widgets.values())
    for box in dialog.fields.widgets.values():
        assert "_" not in getattr(box, "currentText", str)()
    assert not any(label.text().startswith("&") and label.buddy() is None for label in dialog.findChildren(QLabel))


def test_text_of_a_track_leaves_no_hole(dialog, qtbot, tmp_path):
    dialog.ascending.set_file(track(tmp_path, "bare"))
    read(dialog, qtbot, dialog.ascending)
    high = dialog.ascending.summary.height()
    dialog.ascending.incidence.setText("39")
    dialog.ascending.heading.setText("-12")
    qtbot.waitUntil(lambda: dialog.ascending.summary.height() < high, timeout=2000)


def test_viewer_says_which_way_displacements_count(qgis_iface, tmp_path):
    from stillpoint.plugin.series import SeriesReader
    from stillpoint.plugin.velocity_layers import style_velocity_layer
    from stillpoint.ui.series_picks import Options, Pick, chart_content

    picks = []
    for direction in ("", "up", "east"):
        layer = QgsVectorLayer(str(write_points(tmp_path / f"points{direction}.gpkg", direction=direction)), "points", "ogr")
        style_velocity_layer(layer)
        QgsProject.instance().addMapLayer(layer)
        reader = SeriesReader(layer)
        picks.append(Pick(layer, reader.dates, reader.by_ids([1])[0]))
    axes = [chart_content([pick], pick, None, Options()).axis for pick in picks]
    assert axes == ["Displacement along line of sight", "Vertical displacement", "East-west displacement"]
    assert chart_content(picks, picks[0], None, Options()).axis == "Displacement"
    assert chart_content(picks[1:2], picks[1], picks[1], Options()).axis.startswith("Vertical displacement, relative to ")


def test_coordinate_system_can_be_given_where_a_file_names_none(dialog, qtbot, tmp_path, monkeypatch):
    jobs = asked(monkeypatch)
    chosen(dialog, qtbot, tmp_path)
    assert dialog.notice.isHidden()
    dialog.descending.details["crs"] = ""
    dialog._look()
    assert "Choose it as CRS" in dialog.notice.text() and not dialog.more.isCollapsed()
    dialog.crs.setCrs(QgsCoordinateReferenceSystem("EPSG:32632"))
    assert dialog.notice.isHidden()
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert jobs[-1].crs == "EPSG:32632"
