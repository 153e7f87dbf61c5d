"""The profile dock and its map tool: lines drawn with the mouse, results and pairs chosen, hovering, saving, unloading."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsProject, QgsRectangle
from qgis.gui import QgsMapToolPan
from qgis.PyQt.QtCore import QPoint, Qt

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.offsets_layers import add_offset_layers
from stillpoint.tests.plugin.offset_rasters import ORIGIN, write_offsets
from stillpoint.ui.profile_dock import ProfileDock
from stillpoint.ui.profile_tool import LineDrawer

LINE = QgsGeometry.fromPolylineXY([QgsPointXY(ORIGIN[0] + 240, ORIGIN[1] - 440), QgsPointXY(ORIGIN[0] + 1240, ORIGIN[1] - 440)])


@pytest.fixture
def shown(qgis_iface, qtbot):
    qgis_iface.mainWindow().show()
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32605"))
    canvas.setExtent(QgsRectangle(ORIGIN[0], ORIGIN[1] - 960, ORIGIN[0] + 1280, ORIGIN[1]))
    return canvas


@pytest.fixture
def dock(qgis_iface, shown):
    made = ProfileDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
    yield made
    made.unload()
    made.deleteLater()


def pixel(canvas, place):
    at = canvas.getCoordinateTransform().transform(place)
    return QPoint(round(at.x()), round(at.y()))


def test_empty_project_says_what_to_do(dock):
    assert "Track Offsets" in dock.chart.content().message and not dock.tool_action.isEnabled()


def test_line_is_drawn_with_the_mouse(dock, qgis_iface, shown, qtbot, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    pan = QgsMapToolPan(shown)
    shown.setMapTool(pan)
    dock.tool_action.trigger()
    assert shown.mapTool() is dock.tool and "end it with the right button" in dock.chart.content().message
    start, end = (QgsPointXY(ORIGIN[0] + x, ORIGIN[1] - 440) for x in (240, 1240))
    viewport = shown.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pixel(shown, start))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pixel(shown, end))
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=pixel(shown, end))
    assert len(dock.profiles) == 1 and dock.profiles[0].measured == len(dock.profiles[0].distance)
    assert dock.profiles[0].distance[-1] == pytest.approx(1000, rel=0.02)
    content = dock.chart.content()
    assert content.unit == "m/day" and content.axis == "Magnitude" and content.bands
    dock.tool_action.trigger()
    assert shown.mapTool() is pan


def test_what_is_shown_can_be_chosen(dock, qgis_iface, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    dock.take_line(LINE)
    dock.shown.setCurrentIndex(1)
    assert [dots.label for dots in dock.chart.content().dots] == ["East", "North"]
    dock.shown.setCurrentIndex(2)
    assert [dots.label for dots in dock.chart.content().dots] == ["Along the line", "Across, to the right"]
    assert dock.chart.content().dots[1].y[-1] == pytest.approx(2.0, abs=1e-5)
    assert "m" in dock.chart.content().abscissa.text(500.0)


def test_pairs_of_a_series(dock, qgis_iface, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif", pairs=3)), iface=qgis_iface)
    dock.take_line(LINE)
    assert [dock.pairs.itemText(index) for index in range(4)][2:] == ["2021-02-03 to 2021-02-15", "All pairs"]
    dock.pairs.setCurrentIndex(1)
    assert dock.profiles[0].values["east"][-1] == pytest.approx(6.0)
    dock.pairs.setCurrentIndex(3)
    assert len(dock.profiles) == 3 and len(dock.chart.content().dots) == 3 and not dock.chart.content().bands


def test_line_from_another_coordinate_system(dock, qgis_iface, shown, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    from qgis.core import QgsCoordinateTransform

    target = QgsCoordinateReferenceSystem("EPSG:4326")
    moved = QgsGeometry(LINE)
    moved.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:32605"), target, QgsProject.instance()))
    shown.setDestinationCrs(target)
    dock.take_line(moved)
    assert dock.profiles[0].distance[-1] == pytest.approx(1000, rel=0.01)
    assert dock.profiles[0].values["east"][-1] == pytest.approx(3.0)


def test_place_under_the_cursor_is_marked_on_the_map(dock, qgis_iface, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    dock.take_line(LINE)
    dock.chart.step(1)
    dock.chart.step(1)
    assert dock._marker is not None and dock._marker.center().x() == pytest.approx(dock.profiles[0].x[1], abs=1)
    dock.clear()
    assert dock._marker is None and dock._band is None and not dock.profiles


def test_line_beside_the_offsets_is_told(dock, qgis_iface, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    dock.take_line(QgsGeometry.fromPolylineXY([QgsPointXY(0, 0), QgsPointXY(10, 10)]))
    assert "does not touch" in dock.chart.content().message and not dock.profiles


def test_results_come_and_go(dock, qgis_iface, tmp_path):
    first = add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    second = add_offset_layers(str(write_offsets(tmp_path / "p.tif", first=1.0)), iface=qgis_iface)
    assert dock.results.count() == 2
    dock.turn_to(first[0])  # its arrows tell the group
    assert dock.path().endswith("o.tif")
    dock.turn_to(second[1])
    assert dock.path().endswith("p.tif")
    QgsProject.instance().removeMapLayers([layer.id() for layer in second])
    assert dock.results.count() == 1 and dock.path().endswith("o.tif")


def test_saving(dock, qgis_iface, tmp_path):
    with pytest.raises(StillpointError, match="draw a line"):
        dock.save_numbers(str(tmp_path / "n.csv"))
    with pytest.raises(StillpointError, match="draw a line"):
        dock.save_picture(str(tmp_path / "n.png"))
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    dock.take_line(LINE)
    dock.save_picture(str(tmp_path / "n.png"))
    assert (tmp_path / "n.png").stat().st_size > 5000
    assert dock.save_numbers(str(tmp_path / "n.csv")).endswith("n.csv") and not dock.chart.content().title


def test_radar_geometry_without_coordinates(dock, qgis_iface, shown, tmp_path):
    path = write_offsets(tmp_path / "o.tif", kinds=("range", "azimuth"), unit="px", transform=None, second=2.0)
    add_offset_layers(str(path), iface=qgis_iface)
    dock.take_line(QgsGeometry.fromPolylineXY([QgsPointXY(20, -20), QgsPointXY(120, -20)]), QgsCoordinateReferenceSystem())
    assert dock.profiles[0].distance_unit == "px" and dock.profiles[0].values["range"][-1] == pytest.approx(3.0)
    assert dock.chart.content().abscissa.text(40.0) == "40 px"


def test_keys_of_the_tool(shown, qtbot):
    tool = LineDrawer(shown)
    shown.setMapTool(tool)
    lines = []
    tool.drawn.connect(lines.append)
    viewport = shown.viewport()
    for x in (50, 150, 200):
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x, 80))
    qtbot.keyClick(shown, Qt.Key.Key_Backspace)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert len(lines) == 1 and len(lines[0].asPolyline()) == 2
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(50, 80))
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(70, 80))
    qtbot.keyClick(shown, Qt.Key.Key_Return)  # a single place is no line
    assert len(lines) == 1
    shown.unsetMapTool(tool)


def test_putting_the_dock_away_leaves_no_mark(dock, qgis_iface, shown, tmp_path):
    add_offset_layers(str(write_offsets(tmp_path / "o.tif")), iface=qgis_iface)
    dock.activate()
    dock.take_line(LINE)
    assert dock._band is not None
    dock.close()
    assert dock._band is None and shown.mapTool() is not dock.tool
    dock.show()
    assert dock._band is not None
