"""The dialog of reports, and results that are run again from the menu of their layer."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("qgis.gui")
pytest.importorskip("pytestqt")

from qgis.core import QgsProject, QgsVectorLayer

from stillpoint.models.jobs import ClassifyTrends, Result
from stillpoint.plugin import provenance, report, settings
from stillpoint.plugin.layers import add_result_layers
from stillpoint.plugin.report import web
from stillpoint.plugin.run_again import RunAgain
from stillpoint.tests.plugin.classified_layer import write_layer
from stillpoint.ui.report_dialog import ReportDialog
from stillpoint.ui.widgets import message


@pytest.fixture(autouse=True)
def coarse(monkeypatch, qgis_app):
    monkeypatch.setattr(report, "DPI", 40)
    monkeypatch.setattr(web, "_DPI", 30)
    settings.put("report", "")
    QgsProject.instance().clear()
    yield
    QgsProject.instance().clear()
    settings.put("report", "")


@pytest.fixture
def trends(tmp_path):
    path = tmp_path / "trends.gpkg"
    write_layer(path, points=40, count=30)
    job = ClassifyTrends(
        points=str(path), output=str(tmp_path / "out.gpkg"), method="statistical", significance=0.01, abstain=False
    )
    (layer,) = add_result_layers(Result({"output": str(path)}, "done"), job)
    return layer


@pytest.fixture
def dialog(qgis_iface, qtbot, trends):
    other = QgsVectorLayer("Polygon?crs=EPSG:4326&field=name:string", "Zonen", "memory")
    QgsProject.instance().addMapLayer(other)
    made = ReportDialog(qgis_iface, qgis_iface.mainWindow())
    qtbot.addWidget(made)
    made.show()
    return made


def texts(dialog):
    return [dialog.layers.item(index).text() for index in range(dialog.layers.count())]


def test_results_come_first_and_the_active_layer_is_ticked(dialog, trends):
    assert texts(dialog) == ["trends", "Zonen"]
    dialog.set_layer(trends)
    assert dialog.chosen() == [trends]
    dialog.set_layer(QgsProject.instance().mapLayersByName("Zonen")[0])  # the user's choice stays
    assert dialog.chosen() == [trends]


def test_list_follows_the_project_and_ticks_stay(dialog, trends):
    dialog.set_layer(trends)
    QgsProject.instance().addMapLayer(QgsVectorLayer("Point?crs=EPSG:4326", "later", "memory"))
    assert sorted(texts(dialog)) == ["Zonen", "later", "trends"] and dialog.chosen() == [trends]
    QgsProject.instance().removeMapLayer(trends.id())
    assert dialog.chosen() == []


def test_report_is_made_and_can_be_opened(dialog, trends, tmp_path, monkeypatch):
    dialog.set_layer(trends)
    dialog.title.setText("Täler")
    dialog.files["pdf"].setFilePath(str(tmp_path / "r"))
    dialog.files["html"].setFilePath(str(tmp_path / "r.html"))
    dialog.keep.setChecked(True)
    dialog.series.setValue(2)
    dialog.make_button.click()
    assert dialog.message.level == message.SUCCESS, dialog.message.text()
    assert (tmp_path / "r.pdf").exists() and "Täler" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert all(button.isVisible() for button in dialog.open_buttons.values())
    opened = []
    monkeypatch.setattr("stillpoint.ui.report_dialog.QDesktopServices.openUrl", lambda url: opened.append(url.fileName()))
    monkeypatch.setattr(dialog.iface, "openLayoutDesigner", lambda layout: opened.append(layout.name()), raising=False)
    for button in dialog.open_buttons.values():
        button.click()
    assert opened == ["r.pdf", "r.html", "Stillpoint - Täler"]


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda dialog, folder: None, "Choose a file for the PDF"),
        (lambda dialog, folder: [box.setChecked(False) for box in dialog.boxes.values()], "Choose what to write"),
        (lambda dialog, folder: [file.setFilePath(str(folder / f"no/{name}")) for name, file in dialog.files.items()], "no folder"),
    ],
)
def test_what_is_missing_is_told_in_the_dialog(dialog, trends, tmp_path, prepare, words):
    dialog.set_layer(trends)
    prepare(dialog, tmp_path)
    dialog.make_button.click()
    assert dialog.message.level == message.ERROR and words in dialog.message.text()
    assert not any(button.isVisible() for button in dialog.open_buttons.values())


def test_files_that_are_not_named_lie_beside_the_saved_project(dialog, trends, tmp_path):
    dialog.set_layer(trends)
    dialog.title.setText("Slopes: north/south")
    QgsProject.instance().setFileName(str(tmp_path / "here.qgz"))
    try:
        assert Path(dialog._targets()["pdf"]) == tmp_path / "Slopes- north-south report.pdf"
        (tmp_path / "Slopes- north-south report.pdf").touch()
        dialog.files["pdf"].setFilePath("")
        assert Path(dialog._targets()["pdf"]).name == "Slopes- north-south report 2.pdf"
    finally:
        QgsProject.instance().setFileName("")


def test_nothing_ticked_is_told(dialog, tmp_path):
    dialog.boxes["html"].setChecked(False)
    dialog.files["pdf"].setFilePath(str(tmp_path / "r.pdf"))
    dialog.make_button.click()
    assert "Tick at least one layer" in dialog.message.text()


def test_choices_are_remembered(dialog, trends, qgis_iface, qtbot):
    dialog.set_layer(trends)
    dialog.orientation.setCurrentIndex(1)
    dialog.series.setValue(3)
    dialog.boxes["html"].setChecked(False)
    dialog._remember()
    again = ReportDialog(qgis_iface)
    qtbot.addWidget(again)
    assert again.options().landscape and again.options().series == 3
    assert not again.boxes["html"].isChecked() and not again.files["html"].isEnabled() and again.boxes["pdf"].isChecked()


def test_zones_offer_their_fields_and_the_view_is_the_map(dialog, qgis_iface):
    zones = QgsProject.instance().mapLayersByName("Zonen")[0]
    dialog.zones.setLayer(zones)
    assert dialog.options().zones is zones and dialog.options().zone_field == "name"
    assert dialog.options().extent is not None
    dialog.extent.setCurrentIndex(dialog.extent.findData("layers"))
    assert dialog.options().extent is None


def test_it_fits_a_small_screen_and_every_field_explains_itself(dialog):
    assert dialog.minimumSizeHint().width() <= 1366 and dialog.minimumSizeHint().height() <= 700
    for widget in (dialog.layers, dialog.title, dialog.orientation, dialog.extent, dialog.zones, dialog.series, dialog.which,
                   dialog.table, dialog.keep, *dialog.boxes.values()):  # fmt: skip
        assert len(widget.toolTip()) > 15, widget.objectName()


# Run again


class _Plugin:
    """As much of the plugin as the menu of layers needs."""

    def __init__(self, iface, dialog):
        self.iface, self.dialogs, self.opened = iface, [dialog], []

    def _with_engine(self, then):
        then()

    def _open_classify(self):
        self.opened.append("classify")

    def report(self):
        self.opened.append("report")


@pytest.fixture
def again(qgis_iface, qtbot, fake_engine, tmp_path):
    from pathlib import Path

    from stillpoint.ui.classify_dialog import ClassifyDialog

    dialog = ClassifyDialog(qgis_iface)
    qtbot.addWidget(dialog)
    made = RunAgain(_Plugin(qgis_iface, dialog), Path("icons"))
    yield made
    made.unload()
    assert not qgis_iface.layer_actions


def actions(again, text):
    return [item for item in again.actions if item.text().startswith(text)]


def test_only_results_can_be_run_again(again, trends, qgis_iface):
    plain = QgsVectorLayer("Point?crs=EPSG:4326", "plain", "memory")
    QgsProject.instance().addMapLayer(plain)
    qgis_iface.setActiveLayer(plain)
    assert not any(item.isVisible() for item in actions(again, "Run Again"))
    provenance.write(plain, ClassifyTrends(points="a.csv", output="b.gpkg"), Result({}, ""))
    assert all(item.isVisible() for item in actions(again, "Run Again"))
    qgis_iface.setActiveLayer(None)
    assert not any(item.isVisible() for item in actions(again, "Run Again"))
    actions(again, "Report")[0].trigger()
    assert again.plugin.opened == ["report"]


def test_dialog_opens_filled_in(again, trends, qgis_iface):
    qgis_iface.setActiveLayer(trends)
    actions(again, "Run Again")[0].trigger()
    (dialog,) = again.plugin.dialogs
    assert again.plugin.opened == ["classify"]
    assert dialog.fields.values()["method"] == "statistical" and dialog.fields.values()["abstain"] is False
    assert dialog.advanced.values()["significance"] == 0.01 and not dialog.more.isCollapsed()
    assert dialog.source.layer() is trends and not dialog.output.filePath()
    assert dialog.message.level == message.INFORMATION and "earlier run" in dialog.message.text()


def test_missing_inputs_are_told(again, trends, qgis_iface, tmp_path):
    job = ClassifyTrends(points=str(tmp_path / "gone.csv"), output="b.gpkg", wavelength=0.031)
    provenance.write(trends, job, Result({}, ""))
    qgis_iface.setActiveLayer(trends)
    again.run_again()
    (dialog,) = again.plugin.dialogs
    assert dialog.message.level == message.WARNING and "gone.csv" in dialog.message.text()
    assert dialog.reading.overrides()["wavelength"] == pytest.approx(0.031)


def test_layer_that_cannot_be_run_again_says_why(again, qgis_iface):
    plain = QgsVectorLayer("Point?crs=EPSG:4326", "plain", "memory")
    again.run_again(plain)
    assert "plain does not say how it was made" in qgis_iface.messageBar().currentItem().text()
    assert again.plugin.opened == []


def test_every_job_with_a_dialog_can_fill_it(qgis_iface, qtbot, fake_engine, tmp_path, trends):
    from stillpoint.models.jobs import AssessScatterers, OpenStack, SelectInterferograms, SelectScatterers, TrackOffsets
    from stillpoint.tests.plugin.offset_rasters import write_image
    from stillpoint.tests.plugin.scatterer_rasters import write_stack
    from stillpoint.ui.assess_dialog import AssessDialog
    from stillpoint.ui.open_stack_dialog import OpenStackDialog
    from stillpoint.ui.select_dialog import SelectDialog
    from stillpoint.ui.select_interferograms_dialog import SelectInterferogramsDialog
    from stillpoint.ui.track_offsets_dialog import TrackOffsetsDialog

    stack = str(tmp_path / "s.tif")
    write_stack(tmp_path / "s.tif")
    first, second = (str(write_image(tmp_path / f"2021011{n}.tif", seed=n)) for n in (0, 2))
    for kind, job in (
        (
            SelectScatterers,
            SelectScatterers(stack=stack, output="m.tif", threshold=0.7, method="amplitude_dispersion", keep="best"),
        ),
        (SelectInterferograms, SelectInterferograms(stack=stack, table="t.csv", connect="tree", threshold=0.25)),
        (TrackOffsets, TrackOffsets(reference=first, secondary=second, output="o.tif", spacing=4, search=9, units="metres")),
        (OpenStack, OpenStack(sources=(stack,), output="s.vrt", format="geotiff", wavelength=0.031)),
        (AssessScatterers, AssessScatterers(masks=(stack,), output="a.csv", cell=500.0, looking="left")),
    ):  # fmt: skip
        dialog = {
            SelectScatterers: SelectDialog, SelectInterferograms: SelectInterferogramsDialog, TrackOffsets: TrackOffsetsDialog,
            OpenStack: OpenStackDialog, AssessScatterers: AssessDialog,
        }[kind](qgis_iface)  # fmt: skip
        qtbot.addWidget(dialog)
        dialog.fill(job)
        assert dialog.message.level == message.INFORMATION, (kind, dialog.message.text())
        if kind is SelectScatterers:
            assert dialog.stack.path() == stack and dialog.threshold.value() == pytest.approx(0.7)
            assert dialog.method.values()["method"] == "amplitude_dispersion" and dialog.advanced.values()["keep"] == "best"
            assert not dialog.outputs.is_wanted("points") and dialog.outputs.is_wanted("output")
        elif kind is TrackOffsets:
            assert (dialog.reference.path(), dialog.secondary.path()) == (first, second)
            assert dialog.fields.values()["spacing"] == 4 and dialog.fields.values()["units"] == "metres"
        elif kind is OpenStack:
            assert dialog.sources.paths() == (stack,) and dialog.fields.values()["format"] == "geotiff"
        elif kind is AssessScatterers:
            assert dialog.masks.paths() == [stack] and dialog.more_fields.values()["cell"] == 500.0
        else:
            assert dialog.threshold.value() == pytest.approx(0.25) and dialog.advanced.values()["connect"] == "tree"
