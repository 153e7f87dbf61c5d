"""The series viewer: clicks on a real canvas, what the chart and the panel then show, and what is saved."""

from __future__ import annotations

import csv

import numpy as np
import pytest

pytest.importorskip("qgis.gui")
pytest.importorskip("pytestqt")

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QPoint, QPointF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPalette, QWheelEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.facts import facts_of
from stillpoint.plugin.layers import style_trends_layer
from stillpoint.ui.class_chart import SELECTED, VISIBLE, ClassChart
from stillpoint.ui.plot.content import Content, Dots
from stillpoint.ui.plot.theme import Theme, contrast
from stillpoint.ui.plot.ticks import date_ticks, days_of, number_ticks
from stillpoint.ui.series_viewer import SeriesViewerDock

from ..plugin.classified_layer import write_layer


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("viewer") / "granada.gpkg"
    return path, write_layer(path, points=225, count=80)


@pytest.fixture
def layer(qgis_app, written):
    result = QgsVectorLayer(str(written[0]), "granada", "ogr")
    style_trends_layer(result)
    return result


@pytest.fixture
def dock(qgis_iface, layer, qtbot):
    """A dock in a shown window whose map is in another CRS than the layer."""
    QgsProject.instance().addMapLayer(layer)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    canvas.setLayers([layer])
    viewer = SeriesViewerDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, viewer)
    qgis_iface.setActiveLayer(layer)
    qgis_iface.mainWindow().show()
    qtbot.waitExposed(qgis_iface.mainWindow())
    transform = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    canvas.setExtent(transform.transformBoundingBox(layer.extent()))
    yield viewer
    viewer.unload()


def ids_of(layer, code, count=1):
    wanted = "trend_code IS NULL" if code is None else f"trend_code = {code}"
    return [feature.id() for feature in layer.getFeatures(wanted)][:count]


def pixel_of(dock, layer, fid):
    canvas = dock._canvas
    transform = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    spot = canvas.getCoordinateTransform().transform(transform.transform(layer.getFeature(fid).geometry().asPoint()))
    return QPoint(round(spot.x()), round(spot.y()))


def click(dock, layer, fid, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.mouseClick(dock._canvas.viewport(), Qt.MouseButton.LeftButton, modifier, pixel_of(dock, layer, fid))


def markers(dock):
    return [item for item in dock._canvas.scene().items() if isinstance(item, QgsVertexMarker)]


def test_click_shows_the_series_of_the_point(dock, layer, written):
    dock.activate()
    assert dock._canvas.mapTool() is dock.point_tool and dock.bar.points.isChecked()
    fid = ids_of(layer, 3)[0]
    click(dock, layer, fid)
    (pick,) = dock.picks()
    assert pick.series.fid == fid
    dots = dock.chart.content().dots[0]
    np.testing.assert_allclose(dots.y, written[1][fid])
    np.testing.assert_array_equal(dots.x, days_of(pick.dates))
    assert dock.chart.content().marks[0].label == f"Break {pick.attributes['break_date']}"
    assert len(dock.chart.content().bands) == 1 and dock.chart.content().lines[0].label == "Trend"
    assert dock.panel.badge.text().startswith("Bilinear") and dock.panel.badge.isVisible()
    assert dock.panel.rows["before the break"].startswith("−3.0 ± 0.4")
    assert dock.panel.rows["Epochs"] == f"{pick.attributes['epochs']} of 80"
    assert len(markers(dock)) == 1
    # A click elsewhere replaces it.
    click(dock, layer, ids_of(layer, 1)[0])
    assert len(dock.picks()) == 1 and dock.panel.badge.text().startswith("Linear") and len(markers(dock)) == 1


def test_panel_shows_probabilities_and_runner_up(dock, layer):
    fid = ids_of(layer, 1)[0]
    dock.show_features(layer, [fid])
    attributes = dock.picks()[0].attributes
    bars = dock.panel.bars.bars()
    assert [round(bar.share, 6) for bar in bars] == [round(attributes[f"p_{code}"], 6) for code in range(5)]
    assert [bar.strong for bar in bars] == [False, True, False, False, False]
    assert attributes["runner_up"] in dock.panel.runner_up.text()


def test_point_without_class_tells_why(dock, layer):
    dock.show_features(layer, ids_of(layer, None))
    assert dock.panel.badge.text() == "Not classified"
    assert "periodic motion" in dock.panel.runner_up.text()


def test_shift_adds_and_compares_in_other_colours(dock, layer):
    dock.activate()
    first, second = ids_of(layer, 0)[0], ids_of(layer, 3)[0]
    click(dock, layer, first)
    click(dock, layer, second, Qt.KeyboardModifier.ShiftModifier)
    assert [pick.series.fid for pick in dock.picks()] == [first, second]
    colours = {item.colour for item in dock.chart.content().dots}
    assert len(colours) == 2 and len(markers(dock)) == 2
    assert dock.list.isVisible() and dock.list.count() == 2
    click(dock, layer, second, Qt.KeyboardModifier.ShiftModifier)
    assert len(dock.picks()) == 2
    dock.list.setCurrentRow(0)
    assert dock.panel.badge.text().startswith("Stable")


def test_reference_is_subtracted(dock, layer, written):
    first, second = ids_of(layer, 0)[0], ids_of(layer, 1)[0]
    dock.show_features(layer, [second, first])
    dock.bar.reference.trigger()
    assert dock.reference().series.fid == first
    (dots,) = dock.chart.content().dots
    np.testing.assert_allclose(dots.y, written[1][second] - written[1][first], atol=1e-4)
    assert "relative to Point" in dock.chart.content().axis
    assert "reference" in dock.list.item(1).text()
    dock.bar.reference.trigger()
    assert dock.reference() is None and len(dock.chart.content().dots) == 2


def test_reference_button_leaves_another_point_current(dock, layer):
    ids = [feature.id() for feature in layer.getFeatures()][:2]
    dock.show_features(layer, ids)
    chosen = dock._held.current
    dock.bar.reference.trigger()
    assert dock.reference() is chosen and dock._held.current is not chosen
    content = dock.chart.content()
    assert content.short_axis == f"relative to {chosen.label}"


def test_hint_follows_the_tool(dock):
    dock.bar.polygon.trigger()
    assert "corners" in dock.chart.content().message
    dock.bar.points.trigger()
    assert dock.chart.content().message.startswith("Click a point")


def test_jumps_are_marked_and_removed_on_request(dock, layer):
    dock.show_features(layer, ids_of(layer, 4))
    assert dock.bar.corrected.isEnabled()
    jumps = [mark for mark in dock.chart.content().marks if mark.kind == "jump"]
    assert jumps and all(mark.label.lstrip("+−") == "27.8" for mark in jumps)
    before = dock.chart.content().dots[0].y
    dock.bar.corrected.trigger()
    faint, corrected = dock.chart.content().dots
    assert faint.faint and not corrected.faint
    np.testing.assert_array_equal(faint.y, before)
    assert np.nanmax(np.abs(corrected.y - np.nanmedian(corrected.y))) < 12
    dock.show_features(layer, ids_of(layer, 1))
    assert not dock.bar.corrected.isEnabled()


def test_annual_term_can_be_hidden(dock, layer):
    dock.show_features(layer, ids_of(layer, 1))
    assert [line.dashed for line in dock.chart.content().lines] == [False, True]
    dock.bar.annual.trigger()
    assert [line.dashed for line in dock.chart.content().lines] == [False]


def test_polygon_drawn_on_the_map_gives_the_median(dock, layer, written):
    dock.bar.polygon.trigger()
    assert dock._canvas.mapTool() is dock.polygon_tool
    canvas = dock._canvas.viewport()
    corners = [QPoint(5, 5), QPoint(canvas.width() - 5, 5), QPoint(canvas.width() - 5, canvas.height() - 5),
               QPoint(5, canvas.height() - 5)]
    for corner in corners:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corner)
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, corners[0])
    (pick,) = dock.picks()
    assert pick.is_area and pick.series.count > 150
    assert pick.label == f"Median of {pick.series.count:,} points"
    assert [item for item in dock._canvas.scene().items() if isinstance(item, QgsRubberBand)]
    # All points: the same as by numpy.
    dock.pick_within(QgsGeometry.fromRect(QgsRectangle(-4.1e5, 4.4e6, -3.9e5, 4.5e6)))
    expected = np.nanmedian(np.stack(list(written[1].values())), axis=0)
    np.testing.assert_allclose(dock.picks()[0].displacement, expected, atol=1e-4)


def test_click_beside_all_points_says_so(dock, layer, qgis_iface):
    assert not dock.pick_at(QgsPointXY(0, 0))
    assert "No point there" in qgis_iface.messageBar().currentItem().text()


def test_empty_states_tell_what_to_do(qgis_iface, qtbot):
    dock = SeriesViewerDock(qgis_iface)
    qtbot.addWidget(dock)
    assert "Add a layer" in dock.chart.content().message
    plain = QgsVectorLayer("Point?crs=EPSG:4326&field=height:double", "plain", "memory")
    QgsProject.instance().addMapLayer(plain)
    qgis_iface.setActiveLayer(plain)
    assert "no date columns" in dock.chart.content().message
    assert not dock.bar.export.isEnabled()
    with pytest.raises(StillpointError, match="click a point"):
        dock.save_picture("x.png")
    dock.unload()


def test_layer_with_date_columns_needs_a_unit(qgis_iface, qtbot):
    source = "Point?crs=EPSG:4326&" + "&".join(f"field=2020-{month:02d}-01:double" for month in range(1, 13))
    layer = QgsVectorLayer(source, "table", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(1, 2)))
    feature.setAttributes([0.1 * month for month in range(12)])
    layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    dock = SeriesViewerDock(qgis_iface)
    qtbot.addWidget(dock)
    qgis_iface.setActiveLayer(layer)
    assert dock.bar.offers_unit()
    dock.show_features(layer, [1])
    assert dock.chart.content().dots[0].y[-1] == pytest.approx(1.1)
    assert "not classified yet" in dock.panel.runner_up.text()
    dock.bar.unit.setCurrentText("cm")
    assert dock.chart.content().dots[0].y[-1] == pytest.approx(11)
    dock.unload()


def test_picture_and_numbers_are_saved(dock, layer, written, tmp_path):
    fid = ids_of(layer, 3)[0]
    dock.show_features(layer, [fid])
    dock.save_picture(str(tmp_path / "a.png"))
    image = QImage(str(tmp_path / "a.png"))
    assert image.size() == QSize(3000, 1400)
    red = QColor("#D1400B")
    near = sum(
        abs(image.pixelColor(x, y).red() - red.red()) < 12 and abs(image.pixelColor(x, y).green() - red.green()) < 12
        for x in range(200, 2900, 9) for y in range(200, 1300, 9)
    )
    assert near > 50  # the trend line in the class's colour
    dock.save_picture(str(tmp_path / "a.svg"))
    assert "Point A" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    dock.save_picture(str(tmp_path / "a.pdf"))
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    files = dock.save_numbers(str(tmp_path / "b.csv"))
    with open(files[0], newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    values = [float(row["displacement_mm"] or "nan") for row in rows]
    np.testing.assert_allclose(values, written[1][fid], atol=0.0006)
    with open(files[1], newline="", encoding="utf-8") as stream:
        (numbers,) = csv.DictReader(stream)
    assert numbers["class"] == "Bilinear" and float(numbers["velocity_2"]) == -22.0
    for name in ("a.bmp", "none/a.png"):
        with pytest.raises(StillpointError):
            dock.save_picture(str(tmp_path / name))
    with pytest.raises(StillpointError, match="cannot be written"):
        dock.save_numbers(str(tmp_path / "none" / "b.csv"))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.pdf", "a.png", "a.svg", "b.csv", "b_points.csv"]


def test_removed_layer_takes_its_points_along(dock, layer):
    dock.show_features(layer, ids_of(layer, 0, 2))
    assert len(markers(dock)) == 2
    QgsProject.instance().removeMapLayer(layer.id())
    assert dock.picks() == [] and markers(dock) == [] and dock.chart.content().is_empty


def test_closing_gives_the_map_back(dock, layer):
    from qgis.gui import QgsMapToolPan

    pan = QgsMapToolPan(dock._canvas)
    dock._canvas.setMapTool(pan)
    dock.activate()
    dock.show_features(layer, ids_of(layer, 0))
    dock.close()
    assert dock._canvas.mapTool() is pan and markers(dock) == []


def test_hidden_dock_leaves_no_mark_on_the_map(dock, layer):
    dock.show_features(layer, ids_of(layer, 0))
    dock.activate()
    dock.hide()
    assert not any(item.isVisible() for item in markers(dock)) and dock._canvas.mapTool() is not dock.point_tool
    dock.show()
    assert all(item.isVisible() for item in markers(dock)) and len(dock.picks()) == 1


def test_overview_counts_all_visible_and_selected(dock, layer):
    dock.tabs.setCurrentIndex(1)
    chart: ClassChart = dock.overview
    assert sum(chart.counts().values()) == 225
    assert chart.chart.bars()[0].figure.startswith(f"{chart.counts()[0]:,} ")
    layer.selectByIds(ids_of(layer, 3, 4))
    chart.scope.setCurrentIndex(chart.scope.findData(SELECTED))
    assert chart.counts()[3] == 4 and sum(chart.counts().values()) == 4
    canvas = dock._canvas
    transform = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    spot = transform.transform(layer.getFeature(1).geometry().asPoint())
    canvas.setExtent(QgsRectangle(spot.x() - 20, spot.y() - 20, spot.x() + 20, spot.y() + 20))
    chart.scope.setCurrentIndex(chart.scope.findData(VISIBLE))
    assert 1 <= sum(chart.counts().values()) < 225


def test_overview_is_saved(dock, layer, tmp_path):
    dock.tabs.setCurrentIndex(1)
    dock.overview.save(str(tmp_path / "classes.csv"))
    with open(tmp_path / "classes.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(int(row["points"]) for row in rows) == 225 and rows[-1]["trend"] == "Not classified"
    assert facts_of(layer).provenance["classes"]["Stable"] == int(rows[0]["points"])
    dock.overview.save(str(tmp_path / "classes.png"))
    assert not QImage(str(tmp_path / "classes.png")).isNull()


def test_wheel_keys_and_drag_move_through_time(dock, layer, qtbot):
    dock.show_features(layer, ids_of(layer, 1))
    chart = dock.chart
    whole = chart.view()
    spot = QPointF(chart.width() / 2, chart.height() / 2)
    wheel = QWheelEvent(
        spot, QPointF(chart.mapToGlobal(spot.toPoint())), QPoint(), QPoint(0, 240),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(chart, wheel)
    zoomed = chart.view()
    assert (zoomed[1] - zoomed[0]) == pytest.approx(0.64 * (whole[1] - whole[0]), rel=1e-6)
    QTest.keyClick(chart, Qt.Key.Key_PageDown)
    assert chart.view()[0] > zoomed[0] and chart.view()[1] <= whole[1] + 1e-6
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.view() == whole
    first = chart.content().dots[0].x[np.isfinite(chart.content().dots[0].y)]
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.hovered_day() == first[1]
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.hovered_day() is None


def test_dark_theme_keeps_lines_visible(dock):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#1e1e1e"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#e0e0e0"))
    for theme in (Theme.of(palette), Theme.paper()):
        for colour in ("#1A1A1A", "#F7D038", "#8FD0BE", "#1F6FB4"):
            assert contrast(theme.visible(colour), theme.background) >= 2.2


def test_ticks_are_round_and_few():
    assert [text for _, text in number_ticks(-42, 13, 6)] == ["−40", "−30", "−20", "−10", "0", "10"]
    low, high = days_of(np.array(["2017-02-01", "2021-08-15"], "datetime64[D]"))
    assert [text for _, text in date_ticks(low, high, 6)] == ["2018", "2019", "2020", "2021"]
    assert [text for _, text in date_ticks(low, low + 100, 6)] == ["2017-02", "2017-03", "2017-04", "2017-05"]
    assert len(date_ticks(low, low + 20, 6)) <= 6 and date_ticks(high, low, 5) == []


def test_noise_is_not_blown_up():
    content = Content(dots=[Dots(np.arange(10.0), np.linspace(0, 1, 10), "#000000")])
    low, high = content.y_range(0, 9)
    assert high - low > 10


def test_dark_style_sheet_keeps_painted_text_readable(dock):
    """QGIS's dark themes make every widget transparent and leave its palette with black text."""
    dock.setStyleSheet(
        "QWidget { background: transparent; } QDockWidget, QTabWidget { background-color: #323232; color: #aaaaaa; }"
    )
    QApplication.processEvents()
    for widget in (dock.chart, dock.panel.bars, dock.overview.chart):
        theme = Theme.of_widget(widget)
        assert theme.background.name() == "#323232"
        assert contrast(theme.text, theme.background) > 4.5 and theme.is_dark
