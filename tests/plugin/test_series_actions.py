"""The actions of displacement series: they open their dialogs with what is chosen, and the viewer from them."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProject, QgsVectorLayer

from stillpoint.models.jobs import CombineGeometries, Result
from stillpoint.plugin import provenance

from .velocity_points import write_points


@pytest.fixture
def plugin(qgis_iface, processing, fake_engine):
    from stillpoint.plugin.plugin import StillpointPlugin

    made = StillpointPlugin(qgis_iface)
    made.initGui()
    yield made
    made.unload()
    QgsProject.instance().clear()


def test_actions_open_dialogs_and_these_the_viewer(plugin, qgis_iface, qtbot, tmp_path):
    layer = QgsVectorLayer(str(write_points(tmp_path / "desc.gpkg")), "town desc", "ogr")
    QgsProject.instance().addMapLayer(layer)
    qgis_iface.setActiveLayer(layer)
    for name in ("estimate", "combine"):
        action = next(item for item in plugin.actions if item.objectName() == f"stillpoint_{name}")
        assert not action.icon().isNull() and action.toolTip()
        action.trigger()
        action.trigger()
    estimate, combine = plugin.dialogs
    assert (estimate.objectName(), combine.objectName()) == ("StillpointEstimateSeries", "StillpointCombine")
    assert estimate.source.layer() is layer and combine.descending.picker.layer() is layer
    assert combine.ascending.source() is None
    combine.viewer_wanted.emit()
    assert not plugin.viewer_dock.isHidden()
    assert qgis_iface.mapCanvas().mapTool() is plugin.viewer_dock.point_tool  # the next click picks a point


def test_result_can_be_run_again(plugin, qgis_iface, tmp_path):
    files = [str(write_points(tmp_path / f"{name}.gpkg")) for name in ("asc", "desc", "up")]
    layer = QgsVectorLayer(files[2], "up", "ogr")
    job = CombineGeometries(ascending=files[0], descending=files[1], output=files[2], spacing=55.0, descending_heading=-168.0)
    provenance.write(layer, job, Result({"output": files[2]}))
    QgsProject.instance().addMapLayer(layer)
    qgis_iface.setActiveLayer(layer)
    plugin.run_again.run_again()
    (dialog,) = plugin.dialogs
    assert dialog.fields.values()["spacing"] == 55.0 and dialog.descending.heading.text() == "-168.0"
    assert dialog.ascending.picker.file() == files[0]
