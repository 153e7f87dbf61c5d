"""The dialog that estimates series, clicked through: stack, mask or points, run, errors, again."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProject, QgsVectorLayer

from stillpoint.models.jobs import EstimateSeries
from stillpoint.tests.plugin.scatterer_rasters import write_stack
from stillpoint.tests.plugin.velocity_points import write_points, write_results
from stillpoint.ui.estimate_series_dialog import MASK, POINTS, EstimateSeriesDialog

from .clicking import add, asked, click, ended, opened

SCREEN = (1366, 768 - 60)
"""A small laptop's screen without its task bar."""


@pytest.fixture
def dialog(qgis_iface, fake_engine, tmp_path, monkeypatch, qtbot):
    write_results(tmp_path / "results")
    write_points(tmp_path / "results" / "output.gpkg")
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(tmp_path / "results"))
    made = lambda: EstimateSeriesDialog(qgis_iface, qgis_iface.mainWindow())  # noqa: E731
    with opened(made, qtbot, remembered="estimate_series") as shown:
        yield shown


@pytest.fixture
def stack(tmp_path):
    write_stack(tmp_path / "town.tif")
    return str(tmp_path / "town.tif")


def mask(tmp_path, like, *, grow=0):
    source = gdal.Open(like)
    path = str(tmp_path / f"mask{grow}.tif")
    made = gdal.GetDriverByName("GTiff").Create(path, source.RasterXSize + grow, source.RasterYSize, 1, gdal.GDT_Byte)
    made.SetGeoTransform(source.GetGeoTransform())
    made.GetRasterBand(1).WriteArray(np.ones((source.RasterYSize, source.RasterXSize + grow), np.uint8))
    made = None
    return path


def test_series_of_a_mask_become_a_styled_layer(dialog, qtbot, tmp_path, stack, monkeypatch):
    jobs = asked(monkeypatch)
    dialog.set_layer(add(stack))
    assert dialog.summary.text().startswith("12 interferograms, 2018-01-15 to 2018-06-08")
    dialog.mask.set_file(mask(tmp_path, stack))
    dialog.fields.widgets["reference"].setText("500300,3299500")
    unwrapping = dialog.fields.widgets["unwrapping"]
    unwrapping.setCurrentIndex(unwrapping.findData("arcs"))
    dialog.fields.widgets["atmosphere"].setChecked(False)
    dialog.advanced.widgets["sign"].setCurrentIndex(2)
    dialog.device.set_device("cpu")
    told = []
    dialog.estimated.connect(told.append)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[-1]
    assert isinstance(job, EstimateSeries)
    assert (job.stack, job.points, job.reference, job.unwrapping) == (stack, None, "500300,3299500", "arcs")
    assert job.mask.endswith("mask0.tif") and not job.atmosphere and job.sign == "towards" and job.extent is None
    assert job.wavelength is None and job.output.endswith("town series.gpkg")
    assert dialog.message.level == "success" and dialog.message.text().startswith("400 points with displacement series. Velocity")
    (layer,) = told[0]
    assert layer.name() == "Velocity along the line of sight (mm/yr)" and layer.renderer().type() == "graduatedSymbol"
    wanted = []
    dialog.viewer_wanted.connect(lambda: wanted.append(True))
    click(qtbot, dialog.viewer_button)
    assert wanted


def test_points_may_be_a_layer_in_memory(dialog, qtbot, stack, monkeypatch):
    jobs = asked(monkeypatch)
    points = QgsVectorLayer("Point?crs=EPSG:32632&field=id:int", "PS of mine", "memory")
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY

    feature = QgsFeature(points.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(500300, 3299500)))
    feature.setAttributes([1])
    points.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(points)
    dialog.stack.set_file(stack)
    dialog.set_layer(points)
    assert dialog.kind.currentIndex() == POINTS and dialog.pages.currentWidget() is dialog.source
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert jobs[-1].mask is None and jobs[-1].points.endswith("PS_of_mine.gpkg")


def test_what_does_not_fit_is_told_before_it_runs(dialog, qtbot, tmp_path, stack):
    click(qtbot, dialog.run_button)
    assert dialog.message.text().startswith("Choose the stack")
    dialog.stack.set_file(stack)
    click(qtbot, dialog.run_button)
    assert dialog.message.text().startswith("Choose a PS mask, or points")
    dialog.mask.set_file(mask(tmp_path, stack, grow=3))
    assert "60 x 83 pixels, the stack town.tif 60 x 80" in dialog.summary.text()
    click(qtbot, dialog.run_button)
    assert dialog.message.level == "error" and dialog.message.text().startswith("The mask mask3.tif has")
    dialog.kind.setCurrentIndex(POINTS)
    assert "mask" not in dialog.summary.text()
    click(qtbot, dialog.run_button)
    assert dialog.message.text().startswith("Choose the points of the scatterers")
    write_stack(tmp_path / "bright.tif", quantity="amplitude")
    dialog.stack.set_file(str(tmp_path / "bright.tif"))
    assert "has no phase" in dialog.summary.text()
    write_stack(tmp_path / "undated.tif", dated=False)
    dialog.stack.set_file(str(tmp_path / "undated.tif"))
    assert "Use Open Stack" in dialog.summary.text()
    dialog.stack.set_file(stack)
    dialog.kind.setCurrentIndex(MASK)
    dialog.mask.set_file(mask(tmp_path, stack))
    dialog.output.setFilePath(stack.replace("town.tif", "nowhere/out.gpkg"))
    click(qtbot, dialog.run_button)
    assert dialog.message.text().startswith("There is no folder")


def test_run_again_fills_it_in(dialog, tmp_path, stack):
    points = write_points(tmp_path / "ps.gpkg")
    job = EstimateSeries(
        stack=stack, points=f"{points}|layername=ps", output="x.gpkg", reference_radius=120.0, min_coherence=0.6, max_height=25.0,
        wavelength=0.031,
    )  # fmt: skip
    dialog.output.setFilePath(str(tmp_path / "earlier.gpkg"))  # the dialog stayed open
    dialog.fill(job)
    assert dialog.output.filePath() == ""  # else the earlier result would be overwritten
    assert dialog.kind.currentIndex() == POINTS and dialog.fields.values()["reference_radius"] == 120.0
    assert dialog.advanced.values()["wavelength"] == 0.031 and not dialog.more.isCollapsed()
    assert dialog.stack.path() == stack
    again = dialog.job(dialog._points()).to_dict()["parameters"]
    assert {**again, "output": "x.gpkg", "points": job.points, "device": "auto"} == job.to_dict()["parameters"]
    dialog.fill(EstimateSeries(stack=stack, mask=mask(tmp_path, stack), output="x.gpkg"))
    assert dialog.kind.currentIndex() == MASK and dialog.mask.path().endswith("mask0.tif")


def test_a_place_is_not_remembered_but_choices_are(dialog, qtbot, tmp_path, stack, qgis_iface):
    dialog.stack.set_file(stack)
    dialog.mask.set_file(mask(tmp_path, stack))
    dialog.fields.widgets["reference"].setText("1,2")
    dialog.fields.widgets["min_coherence"].setValue(0.5)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    again = EstimateSeriesDialog(qgis_iface, qgis_iface.mainWindow())
    assert again.fields.values()["reference"] is None and again.fields.values()["min_coherence"] == 0.5
    again.close()


def test_fits_a_laptop_and_explains_itself(dialog):
    assert dialog.width() <= SCREEN[0] and dialog.height() <= SCREEN[1]
    assert dialog.minimumSizeHint().width() <= SCREEN[0] and dialog.minimumSizeHint().height() <= SCREEN[1]
    for fields in (dialog.fields, dialog.advanced):
        assert all(widget.toolTip() for widget in fields.widgets.values())
        assert all("_" not in getattr(box, "currentText", str)() for box in fields.widgets.values())
