"""Reports: what they say, how they look on pages, and that they give nothing private away."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsLayoutFrame,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QByteArray
from qgis.PyQt.QtSvg import QSvgRenderer

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import ClassifyTrends, Result, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.plugin import interferograms, offsets_layers, provenance, report, scatterers
from stillpoint.plugin.facts import class_counts
from stillpoint.plugin.layers import add_result_layers
from stillpoint.plugin.report import charts, maps, method, motion, page, results, svg, web, zones
from stillpoint.plugin.report.content import Cards, Chart, Charts, Facts, Map, Points, Report, Section, Table, Text
from stillpoint.plugin.report.gather import gather
from stillpoint.tests.plugin.classified_layer import write_layer
from stillpoint.tests.plugin.network_rasters import simple_table, write_network
from stillpoint.tests.plugin.offset_rasters import write_offsets
from stillpoint.tests.plugin.scatterer_rasters import write_results, write_stack

SECRET = "/home/geo/secret place/EGMS L2b Ñandú.csv"


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    monkeypatch.setattr(report, "DPI", 50)
    monkeypatch.setattr(web, "_DPI", 40)


@pytest.fixture
def project(qgis_app):
    opened = QgsProject.instance()
    opened.clear()
    yield opened
    opened.clear()


@pytest.fixture
def trends(tmp_path, project):
    path = tmp_path / "Ñandú trends.gpkg"
    write_layer(path, points=120, count=80)
    job = ClassifyTrends(points=SECRET, output=str(path))
    result = Result({"output": str(path)}, f"120 points classified.\nRead from {SECRET} and /home/geo/other.tif.", {"seconds": 2.0})
    (layer,) = add_result_layers(result, job)
    return layer


def polygons(layer, rows=2, columns=2, name="Zone {row}.{column}", epsg=4326):
    made = QgsVectorLayer(f"Polygon?crs=EPSG:{epsg}&field=fid:int&field=name:string", "Zonen", "memory")
    extent, features = QgsRectangle(layer.extent()), []
    extent.grow(1e-5)  # a GeoPackage rounds its extent
    width, height = extent.width() / columns, extent.height() / rows
    for row in range(rows):
        for column in range(columns):
            feature = QgsFeature(made.fields())
            feature["name"] = name.format(row=row, column=column)
            low, left = extent.yMinimum() + row * height, extent.xMinimum() + column * width
            feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, low, left + width, low + height)))
            features.append(feature)
    made.dataProvider().addFeatures(features)
    made.updateExtents()
    return made


def gathered(layers, project, **options):
    return gather(layers, report.Options(**options), project=project, width=page.text_width(False))


def parts_of(found, kind):
    return [part for section in found.sections for part in section.parts if isinstance(part, kind)]


def words_of(found):
    return " ".join(
        [*(part.text for part in parts_of(found, Text)), *(item for part in parts_of(found, Points) for item in part.items)]
    )


# What it says


def test_report_of_trends_says_all(trends, project):
    found = gathered([trends], project, zones=polygons(trends), series=4)
    titles = [section.title for section in found.sections]
    assert titles == ["", "Trend classes", "Figures of the points", "By zone: Zonen", "Displacement series", "How it was made",
                      "Method and its known limits"]  # fmt: skip
    assert found.title == "Ground motion trends: EGMS L2b Ñandú" and found.subtitle == "Ñandú trends"
    (cards,) = parts_of(found, Cards)
    assert ("120", "points") in cards.cards and ("80", "dates") in cards.cards
    (drawn,) = parts_of(found, Map)
    assert [badge.number for badge in drawn.badges] == [1, 2, 3, 4] and drawn.crs.authid().startswith("EPSG:326")
    (facts,) = parts_of(found, Facts)
    assert dict(facts.rows)["Points"] == "EGMS L2b Ñandú.csv" and dict(facts.rows)["Method"] == "Stillpoint's network"
    assert "Motion that is weak against the noise" in words_of(found) and "real series" in words_of(found)
    figures = parts_of(found, Table)
    assert figures[0].rows[0][0] == "Velocity (mm/yr)" and any("accuracy" in row[0] for row in figures[-1].rows)


def test_nothing_private_leaves(trends, project, tmp_path):
    target = tmp_path / "out" / "r.html"
    target.parent.mkdir()
    report.make([trends], html=str(target))
    text = target.read_text(encoding="utf-8")
    assert "EGMS L2b Ñandú.csv" in text and "other.tif" in text
    assert "/home" not in text and "secret" not in text and str(tmp_path) not in text


def test_shares_are_those_of_the_layer(trends, project):
    counts = class_counts(trends)
    chart = parts_of(gathered([trends], project), Chart)[0]
    stable = counts[0]
    assert f"{100 * stable / 120:.1f} %" in chart.svg and f">{stable:,}</text>" in chart.svg


def test_zones_count_points_classes_velocity_and_density(trends, project):
    counted = zones.zones_of(trends, polygons(trends, 1, 2, name="z{column}"), "name")
    named = [zone for zone in counted if zone.name is not None]
    assert [zone.name for zone in named] == ["z0", "z1"]
    inside = [feature for feature in trends.getFeatures() if feature.geometry().asPoint().x() < trends.extent().center().x()]
    assert named[0].count == len(inside) and sum(named[0].classes.values()) == len(inside)
    assert named[0].mean == pytest.approx(np.mean([feature["velocity"] for feature in inside]))
    assert named[0].density == pytest.approx(named[0].count / named[0].area)
    whole = QgsRectangle(trends.extent())
    whole.grow(1e-5)
    expected = whole.width() / 2 * 111.32 * np.cos(np.radians(whole.center().y())) * whole.height() * 111.0
    assert named[0].area == pytest.approx(expected, rel=0.02)


def test_zones_in_other_coordinates_count_the_same(trends, project):
    here = polygons(trends, 1, 1)
    crs = QgsCoordinateReferenceSystem("EPSG:32630")
    from qgis.core import QgsCoordinateTransform

    there = QgsVectorLayer("Polygon?crs=EPSG:32630&field=name:string", "UTM", "memory")
    feature = QgsFeature(there.fields())
    shape = next(here.getFeatures()).geometry().densifyByCount(20)
    shape.transform(QgsCoordinateTransform(here.crs(), crs, project))
    feature["name"] = "all"
    feature.setGeometry(shape.buffer(2.0, 4))
    there.dataProvider().addFeatures([feature])
    (zone,) = zones.zones_of(trends, there)
    assert zone.name == "all" and zone.count == 120


def test_polygons_of_one_name_are_one_zone_and_names_sort_as_people_do(trends, project):
    assert [zone.name for zone in zones.zones_of(trends, polygons(trends, 2, 2, name="same"), "name") if zone.name] == ["same"]
    many = zones.zones_of(trends, polygons(trends, 1, 12, name="Zone {column}"), "name")
    assert [zone.name for zone in many if zone.name][-2:] == ["Zone 10", "Zone 11"]


def test_zones_that_cannot_be_used_are_told(trends, project):
    with pytest.raises(StillpointError, match="no polygons"):
        zones.zones_of(trends, trends)
    with pytest.raises(StillpointError, match="no field gone"):
        zones.zones_of(trends, polygons(trends), "gone")
    empty = QgsVectorLayer("Polygon?crs=EPSG:4326&field=name:string", "none", "memory")
    with pytest.raises(StillpointError, match="hold no polygons"):
        zones.zones_of(trends, empty)
    with pytest.raises(Cancelled):
        zones.zones_of(trends, polygons(trends), cancelled=lambda: True)


def test_selected_points_are_drawn_else_the_fastest(trends, project):
    trends.selectByIds([3, 9])
    found = gathered([trends], project)
    assert "Series of the selected points." in words_of(found)
    assert len(parts_of(found, Charts)[0].charts) == 2
    trends.removeSelection()
    found = gathered([trends], project, series=3)
    assert "No points of Ñandú trends are selected; shown are the 3 fastest points" in words_of(found)
    speeds = sorted((abs(feature["velocity"]) for feature in trends.getFeatures() if feature["trend_code"] != 4), reverse=True)
    assert f"−{speeds[0]:.1f}" in parts_of(found, Charts)[0].charts[0].svg
    assert "selected" not in words_of(gathered([trends], project, selected=False, series=3))
    assert not parts_of(gathered([trends], project, series=0), Charts)


def test_break_is_drawn_and_told(trends, project):
    trends.selectByExpression("trend_code = 3")
    chart = parts_of(gathered([trends], project, series=1), Charts)[0].charts[0]
    assert "Bilinear" in chart.svg and "break 20" in chart.svg and "stroke-dasharray" in chart.svg


def test_layer_without_provenance_gets_a_clear_sentence(project):
    layer = QgsVectorLayer("Point?crs=EPSG:4326&field=name:string", "Brunnen", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(10, 50)))
    layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    found = gathered([layer], project)
    assert "Brunnen does not say how it was made" in words_of(found)
    assert not any(section.title.startswith("Method") for section in found.sections)


def test_empty_layer_has_no_map_but_a_sentence(project):
    layer = QgsVectorLayer("Point?crs=EPSG:4326", "Leer", "memory")
    found = gathered([layer], project)
    assert not parts_of(found, Map) and "Leer: there is nothing in this layer" in words_of(found)


def test_offsets_tell_figures_and_stable_ground(tmp_path, project):
    path = str(write_offsets(tmp_path / "o.tif", shape=(24, 32)))
    stable = QgsVectorLayer("Polygon?crs=EPSG:32605", "stable", "memory")
    extent = offsets_layers.open_raster(path).extent()
    feature = QgsFeature()
    feature.setGeometry(
        QgsGeometry.fromRect(QgsRectangle(extent.xMinimum(), extent.yMinimum(), extent.center().x() - 200, extent.yMaximum()))
    )
    stable.dataProvider().addFeatures([feature])
    from stillpoint.plugin.offsets_run import stable_file

    file = stable_file(stable, tmp_path)
    job = TrackOffsets(reference="/a/20210110.tif", secondary="/a/20210122.tif", output=path, method="correlation", stable=file)
    layers = offsets_layers.add_offset_layers(path)
    offsets_layers.note_result(layers, job, Result({"output": path}, "done"))
    found = gathered(layers[:2], project)
    assert found.title.startswith("Offsets: 20210110")
    tables = parts_of(found, Table)
    assert [row[0] for row in tables[0].rows] == ["East", "North"]
    assert tables[1].head[0] == "On stable ground (m/day)" and tables[1].rows[0][1:3] == ("0.30", "0.00")
    assert "m/day" in parts_of(found, Cards)[0].cards[1][0]
    assert "nothing correlates" in words_of(found)
    missing = provenance.read(layers[0])
    gone = replace(missing, job={**missing.job, "parameters": {**missing.parameters, "stable": "/gone.gpkg"}})
    _, parts = motion.offset_parts(motion.offsets_of(layers, gone), gone, 170.0)
    assert any(isinstance(part, Text) and "no longer there" in part.text for part in parts)


def test_selection_of_interferograms_draws_its_network(tmp_path, project):
    table = write_network(tmp_path, dates=8, neighbours=3, rows=8, columns=8)
    job = SelectInterferograms(stack=str(tmp_path / "stack.tif"), table=str(table))
    layers = interferograms.add_interferogram_layers(Result({"output": str(tmp_path / "stack.tif"), "table": str(table)}, ""), job)
    found = gathered(layers, project)
    cards = dict((what, value) for value, what in parts_of(found, Cards)[0].cards)
    rows = table.read_text(encoding="utf-8").splitlines()[1:]
    assert int(cards["pairs kept"]) + int(cards["pairs dropped"]) == len(rows)
    drawing = next(part for part in parts_of(found, Chart) if "Network" in part.caption)
    assert f"kept ({cards['pairs kept']})" in drawing.svg and "Perpendicular baseline" in drawing.svg
    table.unlink()
    assert "no longer where it was" in words_of(gathered(layers, project))


def test_table_alone_makes_a_report_and_decisions_count(tmp_path, project):
    table = tmp_path / "t.csv"
    simple_table(table, baselines=False)
    first = table.read_text(encoding="utf-8").splitlines()[1].split(",")
    (tmp_path / "t.decisions.csv").write_text(f"reference_date,secondary_date,keep\n{first[0]},{first[1]},0\n", encoding="utf-8")
    found = gathered([], project, table=str(table))
    assert ("2", "pairs dropped") in parts_of(found, Cards)[0].cards
    assert "1 choices were changed by hand" in words_of(found) and "baselines are not known" in words_of(found)


def test_selection_of_scatterers_tells_threshold_and_density(tmp_path, project):
    write_stack(tmp_path / "s.tif")
    write_results(tmp_path / "r")
    job = SelectScatterers(stack=str(tmp_path / "s.tif"), output=str(tmp_path / "r" / "mask.tif"))
    layers = scatterers.add_scatterer_layers(
        Result({"probability": str(tmp_path / "r" / "probability.tif"), "points": str(tmp_path / "r" / "points.gpkg")}, ""), job
    )
    made = provenance.kept(layers[0])
    for layer in layers[:2]:
        provenance.keep(layer, replace(made, more={**made.more, "selected": 50, "pixels": 1000, "threshold": 0.4}))
    found = gathered(layers[:2], project)
    cards = dict((what, value) for value, what in parts_of(found, Cards)[0].cards)
    area = scatterers.pixel_area(layers[1])
    assert cards["persistent scatterers"] == "50" and cards["of the pixels"] == "5.00 %" and cards["threshold"] == "0.4"
    assert float(cards["PS per km²"].replace(",", "")) == pytest.approx(50 / (1000 * area / 1e6), rel=0.01)
    assert any("PS probability of the pixels" in part.svg for part in parts_of(found, Chart))


def test_methods_without_a_card_tell_their_limits(trends):
    made = provenance.read(trends)
    other = replace(made, model={}, job={"task": "select-scatterers", "parameters": {"method": "phase_stability"}})
    assert any("StaMPS" in item for part in method.method_parts(other) if isinstance(part, Points) for item in part.items)
    foreign = replace(made, model={"name": "my-own.safetensors"})
    assert any(
        "my-own.safetensors is not on this machine" in part.text for part in method.method_parts(foreign) if isinstance(part, Text)
    )


def test_paths_are_cut_wherever_they_stand():
    text = "Wrote /a/b c/d.tif, C:\\Users\\me\\e.gpkg; see https://example.org/page and 3/4 of all."
    told = results.without_paths(text, None)
    assert "e.gpkg" in told and "Users" not in told and "/a/" not in told
    assert "https://example.org/page" in told and "3/4 of all" in told


# Maps


def test_maps_show_the_view_or_whole_layers(trends, project):
    whole = maps.maps_of([trends], project=project, wanted=None)[0]
    assert whole.extent.width() > 0 and whole.crs.isValid()
    centre = trends.extent().center()
    view = QgsReferencedRectangle(
        QgsRectangle(centre.x() - 0.001, centre.y() - 0.001, centre.x() + 0.001, centre.y() + 0.001), trends.crs()
    )
    project.setCrs(trends.crs())
    near = maps.maps_of([trends], project=project, wanted=view)[0]
    assert near.extent.width() == pytest.approx(0.002)
    away = QgsReferencedRectangle(QgsRectangle(100, 10, 101, 11), trends.crs())
    assert maps.maps_of([trends], project=project, wanted=away)[0].extent.contains(trends.extent())


def test_basemaps_lie_below_and_are_named(trends, project):
    below = QgsVectorLayer("Polygon?crs=EPSG:4326", "Gelände", "memory")
    about = below.metadata()
    about.setRights(["© Landesamt <b>2024</b>"])
    below.setMetadata(about)
    project.addMapLayer(below)
    drawn = maps.maps_of([trends], project=project, wanted=None)[0]
    assert drawn.layers == (trends, below) and drawn.attribution == "© Landesamt 2024"
    project.layerTreeRoot().findLayer(below.id()).setItemVisibilityChecked(False)
    assert maps.maps_of([trends], project=project, wanted=None)[0].layers == (trends,)


def test_radar_geometry_has_no_scale_and_no_north(tmp_path, project):
    path = str(write_offsets(tmp_path / "o.tif", transform=None, kinds=("range", "azimuth"), unit="px"))
    layers = offsets_layers.add_offset_layers(path)
    found = gathered(layers[:1], project)
    pages = page.compose(found, project, "x", landscape=False)
    assert not any(isinstance(item, QgsLayoutItemScaleBar) for item in pages.layout.items())
    texts = [item.text() for item in pages.layout.items() if isinstance(item, QgsLayoutItemLabel)]
    assert any("no scale and no north" in text for text in texts)


# Pages


def items_of(layout, kind):
    return [item for item in layout.items() if isinstance(item, kind)]


@pytest.mark.parametrize("landscape", (False, True))
def test_pages_hold_everything_inside_their_margins(trends, project, landscape):
    long = "Sankt_Margarethen_an_der_Großen_Lafnitz_" * 4
    trends.setName("ein_sehr_langer_name_ohne_leerzeichen_" * 4)
    found = gathered(
        [trends], project, zones=polygons(trends, 10, 10, name=long + " {row}.{column}"), landscape=landscape, title=long
    )
    pages = page.compose(found, project, "x", landscape=landscape)
    layout = pages.layout
    count = layout.pageCollection().pageCount()
    assert count >= 5
    for item in layout.items():
        if (
            isinstance(item, QgsLayoutItemPage)
            or (item.scenePos().x() == 0 and item.rect().width() == 0)
            or not hasattr(item, "page")
        ):
            continue
        if item.page() < 0 or type(item).__name__ == "QGraphicsRectItem":
            continue
        top = item.pagePos().y()
        assert item.pagePos().x() >= 16.5, item
        assert item.pagePos().x() + item.rect().width() <= pages.width - 16.0, (item, item.rect())
        assert top >= 10.0 and top + item.rect().height() <= pages.height - 5.0, (item, top, item.rect())
    numbers = [item for item in items_of(layout, QgsLayoutItemLabel) if "layout_page" in item.text()]
    assert len(numbers) == count
    frames = items_of(layout, QgsLayoutFrame)
    rows = sum(frame.multiFrame().rowCount() if hasattr(frame.multiFrame(), "rowCount") else len(frame.multiFrame().tableContents())
               for frame in frames)  # fmt: skip
    assert rows >= 101


def test_heading_stays_with_the_chart_that_a_sentence_introduces(project):
    chart = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="60"/>'
    shares = Section("Shares", (Text("Of all points.", quiet=True), Chart(chart, 100.0, 60.0, "the shares")))
    filled = Section("Before", (Chart(chart, 100.0, 180.0, "what fills the page"),))
    pages = page.compose(Report("Title", "", "", [filled, shares]), project, "x", landscape=False)
    heading, = (item for item in items_of(pages.layout, QgsLayoutItemLabel) if item.text() == "Shares")
    picture, = (item for item in items_of(pages.layout, QgsLayoutItemPicture) if item.id() == "the shares")
    assert heading.page() == picture.page() == 1


def test_page_has_map_legend_scale_and_north(trends, project):
    pages = page.compose(gathered([trends], project, series=2), project, "x", landscape=True)
    (drawn,) = items_of(pages.layout, QgsLayoutItemMap)
    assert drawn.keepLayerSet() and drawn.layers() == [trends]
    (legend,) = items_of(pages.layout, QgsLayoutItemLegend)
    assert legend.linkedMap() is drawn
    names = {item.id() for item in items_of(pages.layout, QgsLayoutItemPicture)}
    assert {"North", "Point 1", "Point 2"} <= names
    (bar,) = items_of(pages.layout, QgsLayoutItemScaleBar)
    assert bar.unitLabel() in ("m", "km") and bar.rect().width() < 50


def test_files_are_written_and_the_layout_kept(trends, project, tmp_path):
    pdf, html = tmp_path / "r.pdf", tmp_path / "r.html"
    told = []
    made = report.make(
        [trends], pdf=str(pdf), html=str(html), keep_layout=True, report=lambda fraction, text: told.append(fraction)
    )
    assert pdf.read_bytes().startswith(b"%PDF") and pdf.stat().st_size > 10_000
    assert made.pages == project.layoutManager().layouts()[0].pageCollection().pageCount()
    assert told == sorted(told) and told[-1] == 1.0
    assert not [name for name in os.listdir(tmp_path) if ".part" in name]
    again = report.make([trends], keep_layout=True)
    assert again.layout.endswith("(2)") and len(project.layoutManager().layouts()) == 2
    file = str(tmp_path / "p.qgz")
    assert project.write(file)
    project.clear()
    assert project.read(file) and len(project.layoutManager().layouts()) == 2


class _Checked(HTMLParser):
    """Notes what a page loads from elsewhere, and tags that are not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.outside = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "img", "rect", "line", "circle", "polyline", "polygon"):
            self.open.append(tag)
        self.outside += [value for name, value in attributes if name in ("src", "href") and not str(value).startswith("data:")]

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()


def test_web_page_stands_alone(trends, project, tmp_path):
    trends.setName("<script>alert(1)</script>")
    target = tmp_path / "r.html"
    report.make([trends], html=str(target), options=report.Options(title="A & B <i>"))
    text = target.read_text(encoding="utf-8")
    checked = _Checked()
    checked.feed(text)
    assert checked.open == [] and checked.outside == []
    assert "<script" not in text and "A &amp; B &lt;i&gt;" in text and text.count("<svg") >= 3
    assert re.search(r'<img alt="[^"]+" src="data:image/png;base64,[A-Za-z0-9+/=]{500,}"', text)


def test_targets_that_cannot_be_written_are_told_before_the_work(trends, project, tmp_path):
    with pytest.raises(StillpointError, match="Choose what to write"):
        report.make([trends])
    with pytest.raises(StillpointError, match="no folder"):
        report.make([trends], pdf=str(tmp_path / "gone" / "r.pdf"))
    with pytest.raises(StillpointError, match="is a folder"):
        report.make([trends], pdf=str(tmp_path))
    with pytest.raises(StillpointError, match="at least one layer"):
        report.make([], pdf=str(tmp_path / "r.pdf"))
    broken = QgsVectorLayer("/gone.gpkg", "weg", "ogr")
    with pytest.raises(StillpointError, match="weg is not valid"):
        report.make([broken], pdf=str(tmp_path / "r.pdf"))


def test_unwritable_target_leaves_nothing(trends, project, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(report.os, "replace", refuse)
    with pytest.raises(StillpointError, match=r"r\.html cannot be written: Permission denied"):
        report.make([trends], html=str(tmp_path / "r.html"))
    assert not [name for name in os.listdir(tmp_path) if name.endswith((".html", ".part"))]


def test_cancelled_report_writes_nothing(trends, project, tmp_path):
    with pytest.raises(Cancelled):
        report.make([trends], pdf=str(tmp_path / "r.pdf"), cancelled=lambda: True)
    assert not (tmp_path / "r.pdf").exists()


# Drawings


def drawable(chart):
    return QSvgRenderer(QByteArray(chart.svg.encode())).isValid()


def test_charts_are_svg_that_qt_draws():
    dates = np.datetime64("2020-01-01") + 12 * np.arange(20)
    values = np.linspace(0, -30, 20)
    values[3] = np.nan
    empty = np.full(20, np.nan)
    for made in (
        charts.shares([("<A & B>", 3, "#ff0000", False), ("Nothing", 0, "#00ff00", True)], 170.0),
        charts.histogram(values, "mm", 100.0, 40.0), charts.histogram(empty, "mm", 100.0, 40.0),
        charts.histogram(np.zeros(9), "mm", 100.0, 40.0),
        charts.series(dates, values, width=80.0, height=45.0, title="P", note="n", colour="#1F6FB4", badge=3),
        charts.series(dates, empty, width=80.0, height=45.0, title="P", note="n", colour="#1F6FB4"),
        charts.series(dates[:1], values[:1], width=80.0, height=45.0, title="P", note="n", colour="#1F6FB4"),
        charts.network(dates[:3], np.array([[0, 1], [1, 2]]), np.array([True, False]), None, 170.0, 70.0),
        charts.network(dates[:3], np.array([[0, 1], [1, 2]]), np.array([True, True]), np.array([0.0, 50.0, -20.0]), 170.0, 70.0),
    ):  # fmt: skip
        assert drawable(made) and "nan" not in made.svg.lower()


def test_ticks_are_round():
    assert charts.ticks_of(-3.2, 11.0) == [0.0, 5.0, 10.0] and charts.ticks_of(2.0, 2.0) == [2.0]
    assert charts.number(-1234.5) == "−1,234" and charts.number(0.123) == "0.12" and charts.number(5.0, 0.5) == "5.0"
    years = charts.year_ticks(17000.0, 17000.0 + 365 * 6, 300.0)
    assert [words for _, words in years] == ["2017", "2018", "2019", "2020", "2021", "2022"]


def test_texts_are_broken_where_they_are_too_wide(qgis_app):
    word = "ein_langes_wort_" * 10
    broken = svg.breakable(word, 9.0, 40.0)
    assert broken.replace("\n", "") == word and all(svg.width_of(line, 9.0) * svg.POINT <= 40.0 for line in broken.split("\n"))
    assert svg.breakable("two words", 9.0, 40.0) == "two words"
    assert svg.elided("A title that is far too long", 9.0, 40.0).endswith("…")
    assert all(svg.width_of(line, 9.0) * svg.POINT <= 40.0 for line in svg.wrapped("many words " * 12, 9.0, 40.0).split("\n"))


# Processing


def test_algorithm_makes_a_report(trends, project, processing, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    from stillpoint.plugin.algorithms.report import ReportAlgorithm

    algorithm = ReportAlgorithm().create()
    context = QgsProcessingContext()
    context.setProject(project)
    area = polygons(trends)
    project.addMapLayer(area)
    parameters = {
        "LAYERS": [trends], "TITLE": "Ein Titel", "ORIENTATION": "landscape", "ZONES": area, "ZONE_FIELD": "name", "SERIES": 2,
        "PDF": str(tmp_path / "a.pdf"), "HTML": str(tmp_path / "a.html"), "KEEP_LAYOUT": True,
    }  # fmt: skip
    made, good = algorithm.run(parameters, context, QgsProcessingFeedback())
    assert good and made["PAGES"] >= 3 and (tmp_path / "a.pdf").exists()
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Ein Titel" in text and "Zone 0.1" in text
    assert project.layoutManager().layoutByName("Stillpoint - Ein Titel") is not None
    assert "thread" in str(ReportAlgorithm.flags.__doc__)
    with pytest.raises(QgsProcessingException, match="at least one layer"):
        algorithm.run({"PDF": str(tmp_path / "b.pdf")}, context, QgsProcessingFeedback(), {}, False)


def test_algorithm_styles_results_that_it_opens_from_their_files(trends, project, tmp_path):
    from qgis.core import QgsCategorizedSymbolRenderer

    from stillpoint.plugin.algorithms.report import style

    plain = QgsVectorLayer(trends.source(), "from its file", "ogr")
    style(plain)
    assert isinstance(plain.renderer(), QgsCategorizedSymbolRenderer)
    other = QgsVectorLayer("Point?crs=EPSG:4326", "of others", "memory")
    before = other.renderer().type()
    style(other)
    assert other.renderer().type() == before
