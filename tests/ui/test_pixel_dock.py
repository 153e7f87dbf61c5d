"""Pixel history and threshold docks: clicks on the map, plain words, sliders, and stacks of every kind."""

from __future__ import annotations

import time

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsPointXY, QgsProject
from qgis.PyQt.QtCore import QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent

from stillpoint.models.jobs import Result, SelectScatterers
from stillpoint.plugin import pixel, scatterers, stacks, tasks
from stillpoint.tests.plugin.scatterer_rasters import ORIGIN, STEP, create, dates, write_results, write_stack
from stillpoint.ui.pixel_dock import PixelDock
from stillpoint.ui.scatterers_threshold import ThresholdDock

from .clicking import add


@pytest.fixture
def stack(tmp_path):
    write_stack(tmp_path / "amplitudes.tif", quantity="amplitude")
    write_stack(tmp_path / "town.tif", amplitude=tmp_path / "amplitudes.tif")
    return tmp_path / "town.tif"


@pytest.fixture
def dock(qgis_iface, qtbot):
    made = PixelDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
    qgis_iface.mainWindow().show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    made.unload()


@pytest.fixture
def threshold(qgis_iface, qtbot):
    made = ThresholdDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, made)
    qgis_iface.mainWindow().show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    made.unload()


def selected(stack, folder, *, method="default", threshold=0.5):
    """Add the layers of a selection to the project; return them by their role, and the probability."""
    probability = write_results(folder, method=method, threshold=threshold)
    job = SelectScatterers(stack=str(stack), output=str(folder / "mask.tif"), method=method)
    files = {"output": "mask.tif", "probability": "probability.tif", "points": "points.gpkg", "noise": "noise.tif"}
    result = Result({name: str(folder / file) for name, file in files.items()}, "")
    layers = scatterers.add_scatterer_layers(result, job)
    return {layer.customProperty(scatterers.ROLE): layer for layer in layers}, probability


def place(row, column):
    return QgsPointXY(ORIGIN[0] + (column + 0.5) * STEP, ORIGIN[1] - (row + 0.5) * STEP)


def look(dock, qtbot, row, column):
    assert dock.pick_at(place(row, column))
    qtbot.waitUntil(lambda: dock._work is None, timeout=5000)
    return dock.pixel


def test_click_shows_amplitude_and_phase(dock, qtbot, stack, qgis_iface):
    layer = add(stack)
    canvas = qgis_iface.mapCanvas()
    canvas.setDestinationCrs(layer.crs())
    canvas.setExtent(layer.extent())
    dock.tool_action.trigger()
    assert canvas.mapTool() is dock.tool
    spot = canvas.getCoordinateTransform().transform(place(30, 24)).toQPointF().toPoint()
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot))
    qtbot.waitUntil(lambda: dock.pixel is not None, timeout=5000)
    assert (dock.pixel.row, dock.pixel.column) == (30, 24)
    values = stacks.PixelReader(str(stack)).values(30, 24).values
    assert dock.phase.content().dots[1].y == pytest.approx(values)
    assert dock.phase.content().axis == "Phase against 2018-01-15" and dock.phase.content().unit == "rad"
    linear = stacks.PixelReader(str(stack.parent / "amplitudes.tif")).values(30, 24).values
    assert dock.amplitude.content().dots[0].y == pytest.approx(20 * np.log10(linear), abs=1e-4)
    assert dock.pixel.dispersion == pytest.approx(linear.std() / linear.mean(), rel=1e-4)
    days = dock.phase.content().dots[0].x
    assert str(np.datetime64(int(days[0]), "D")) == dates()[1]
    assert "Row 30, column 24" in dock.panel.texts and dock._band is not None


def test_phase_less_that_of_the_surroundings_shows_who_is_steady(tmp_path):
    values = np.zeros((20, 60, 80), np.float32)
    generator = np.random.default_rng(3)
    values += generator.uniform(-3, 3, (20, 1, 1))  # the atmosphere, which all neighbours share
    values[:, 40, 40] = generator.uniform(-3, 3, 20)
    raster = create(tmp_path / "air.tif", 20, 6)
    for index, day in enumerate(dates(21)[1:]):
        raster.GetRasterBand(index + 1).WriteArray(np.angle(np.exp(1j * values[index])))
        items = {"QUANTITY": "phase", "REFERENCE_DATE": dates(1)[0], "SECONDARY_DATE": day}
        raster.GetRasterBand(index + 1).SetMetadata(items)
    raster = None
    reader = pixel.HistoryReader(str(tmp_path / "air.tif"))
    steady, noisy = reader.read(20, 20), reader.read(40, 40)
    assert np.std(steady.phase.values) > 1 and np.abs(steady.relative.values).max() < 1e-5
    assert np.std(noisy.relative.values) > 1
    corner = reader.read(0, 79)
    assert np.abs(corner.relative.values).max() < 1e-5


def test_every_selection_says_why(dock, qtbot, stack, tmp_path):
    _, probability = selected(stack, tmp_path / "a")
    selected(stack, tmp_path / "b", method="phase_stability", threshold=0.9)
    assert dock.path() == str(stack)  # known from the results, without a layer of its own
    row, column = np.argwhere((probability > 0.6) & (probability < 0.85))[10]
    seen = look(dock, qtbot, int(row), int(column))
    assert [verdict.is_scatterer for verdict in sorted(seen.verdicts, key=lambda item: item.threshold)] == [True, False]
    texts = dock.panel.texts
    assert "town: Stillpoint's network" in texts and "town: Phase stability" in texts
    assert "Very steady phase: 0.30 rad" in texts
    assert "Steady amplitude: 0.18" in texts and "Phase agrees with its surroundings: 0.80 of 1" in texts
    assert {bar.bars()[0].name for bar in dock.panel.bars} == {"PS", "Not PS"}
    row, column = np.argwhere(probability < 0.1)[10]
    look(dock, qtbot, int(row), int(column))
    assert "Noisy phase: 1.50 rad" in dock.panel.texts


def test_threshold_that_was_moved_counts(dock, qtbot, stack, tmp_path):
    layers, probability = selected(stack, tmp_path / "a")
    row, column = np.argwhere((probability > 0.6) & (probability < 0.8))[0]
    scatterers.set_threshold(layers["probability"], 0.85)
    assert look(dock, qtbot, int(row), int(column)).verdicts[0].is_scatterer is False


def test_pixels_that_the_method_left_out_are_not_ps(dock, qtbot, stack, tmp_path):
    from osgeo import gdal

    layers, probability = selected(stack, tmp_path / "a", method="phase_stability")
    row, column = (int(index) for index in np.argwhere(probability > 0.9)[0])
    raster = gdal.Open(str(tmp_path / "a" / "mask.tif"), gdal.GA_Update)
    raster.GetRasterBand(1).WriteArray(np.zeros((1, 1), np.uint8), column, row)
    raster = None
    assert look(dock, qtbot, row, column).verdicts[0].is_scatterer is False
    assert any("left it out after its threshold" in text for text in dock.panel.texts)
    scatterers.set_threshold(layers["probability"], 0.6)  # a threshold of the user's: the mask says nothing of it
    assert look(dock, qtbot, row, column).verdicts[0].is_scatterer is True


def test_no_data_is_said(dock, qtbot, stack, tmp_path):
    selected(stack, tmp_path / "a")
    assert look(dock, qtbot, 1, 1).verdicts[0].is_scatterer is None
    assert "No data here." in dock.panel.texts


@pytest.mark.parametrize(
    ("noise", "gamma", "dispersion", "expected"),
    [
        (0.31, 0.9, 0.18, ["Very steady phase: 0.31 rad", "Phase agrees with its surroundings: 0.90 of 1",
                           "Steady amplitude: 0.18"]),
        (0.55, 0.5, 0.3, ["Steady phase: 0.55 rad", "Phase partly agrees with its surroundings: 0.50 of 1",
                          "Fairly steady amplitude: 0.30"]),
        (1.4, 0.2, 0.6, ["Noisy phase: 1.40 rad", "Phase disagrees with its surroundings: 0.20 of 1", "Changing amplitude: 0.60"]),
        (None, None, None, []),
    ],
)  # fmt: skip
def test_plain_words(noise, gamma, dispersion, expected):
    assert pixel.words_of(pixel.Verdict("", 0.5, 0.5, noise, gamma, dispersion)) == expected


def test_images_are_taken_against_the_first(dock, qtbot, tmp_path):
    values = write_stack(tmp_path / "slc.tif", quantity="complex")
    add(tmp_path / "slc.tif")
    seen = look(dock, qtbot, 30, 24)
    series = values[:, 30, 24]
    assert seen.phase.values == pytest.approx(np.angle(series[1:] * np.conj(series[0])), abs=1e-4)
    assert seen.amplitude.values == pytest.approx(20 * np.log10(np.abs(series)), abs=1e-3)
    assert any("against 2018-01-15" in note for note in seen.notes)


def test_network_of_pairs_is_drawn_over_their_spans(dock, qtbot, tmp_path):
    raster = create(tmp_path / "sbas.tif", 3, 6)
    days = dates(4)
    for index in range(3):
        band = raster.GetRasterBand(index + 1)
        band.WriteArray(np.full((60, 80), 0.1 * (index + 1), np.float32))
        band.SetMetadata({"QUANTITY": "phase", "REFERENCE_DATE": days[index], "SECONDARY_DATE": days[index + 1]})
    band = raster = None
    add(tmp_path / "sbas.tif")
    seen = look(dock, qtbot, 3, 3)
    assert seen.phase.is_network and seen.phase.common == ""
    assert seen.relative.values == pytest.approx([0, 0, 0], abs=1e-6)
    assert len(dock.phase.content().lines) == 3 and dock.phase.content().axis == "Phase"
    assert dock.amplitude.isHidden() and seen.amplitude is None


def test_pairs_of_the_other_order_are_conjugated(tmp_path):
    raster = create(tmp_path / "mixed.tif", 2, 6)
    for index, pair in enumerate((("2018-01-15", "2018-01-27"), ("2018-01-03", "2018-01-15"))):
        band = raster.GetRasterBand(index + 1)
        band.WriteArray(np.full((60, 80), 1.0, np.float32))
        band.SetMetadata({"QUANTITY": "phase", "REFERENCE_DATE": pair[0], "SECONDARY_DATE": pair[1]})
    band = raster = None
    seen = pixel.HistoryReader(str(tmp_path / "mixed.tif")).read(5, 5)
    assert seen.phase.common == "2018-01-15" and sorted(seen.phase.values) == pytest.approx([-1.0, 1.0])
    assert any("conjugated" in note for note in seen.notes)


def test_stack_without_coordinates(dock, qtbot, tmp_path):
    write_stack(tmp_path / "radar.tif", placed=False)
    add(tmp_path / "radar.tif")
    assert dock.pick_at(QgsPointXY(12.5, -7.5))
    qtbot.waitUntil(lambda: dock._work is None, timeout=5000)
    assert (dock.pixel.row, dock.pixel.column) == (7, 12)
    assert not dock.pick_at(QgsPointXY(12.5, 7.5))


def test_click_beside_the_stack_says_so(dock, stack, qgis_iface):
    add(stack)
    assert not dock.pick_at(QgsPointXY(0, 0))
    assert "does not reach there" in qgis_iface.messageBar().currentItem().text()


def test_plain_rasters_are_no_stacks(dock, tmp_path, qgis_iface):
    write_stack(tmp_path / "plain.tif", dated=False)
    add(tmp_path / "plain.tif")
    assert dock.path() == "" and not dock.pick_at(place(3, 3))
    assert "Open Stack" in qgis_iface.messageBar().currentItem().text()
    assert "Open Stack" in dock.amplitude.content().message


def test_layers_that_go_take_their_pixel_along(dock, qtbot, stack):
    layer = add(stack)
    look(dock, qtbot, 5, 5)
    QgsProject.instance().removeMapLayer(layer.id())
    assert dock.pixel is None and dock.stacks.count() == 0 and dock._band is None


def test_hundred_bands_are_read_in_a_moment(tmp_path):
    write_stack(tmp_path / "long.tif", count=100)
    started = time.perf_counter()
    reader = pixel.HistoryReader(str(tmp_path / "long.tif"))
    reader.read(3, 3)
    again = time.perf_counter()
    reader.read(40, 60)
    assert time.perf_counter() - again < 0.1 and again - started < 1.0


# The threshold


def ready(dock, qtbot):
    qtbot.waitUntil(lambda: bool(dock.count.text()), timeout=5000)


def test_slider_moves_map_points_and_counts(threshold, qtbot, stack, tmp_path):
    layers, probability = selected(stack, tmp_path / "a")
    ready(threshold, qtbot)
    valid = int(np.isfinite(probability).sum())
    for value in (0.5, 0.73):
        threshold.slider.setValue(round(1000 * value))
        number = int((probability >= np.float32(value)).sum())
        assert threshold.count.text().startswith(f"{number:,} PS of {valid:,} pixels ({100 * number / valid:.1f} %)")
        assert f"{number / (valid * STEP**2 / 1e6):,.0f} per km²" in threshold.count.text()
        qtbot.waitUntil(lambda value=value: scatterers.threshold_of(layers["probability"]) == value, timeout=2000)
        assert layers["points"].featureCount() == number
        assert layers["probability"].renderer().classificationMin() == value
    assert scatterers.pixel_area(layers["probability"]) == pytest.approx(STEP**2)


def test_line_of_the_histogram_is_dragged(threshold, qtbot, stack, tmp_path):
    selected(stack, tmp_path / "a")
    ready(threshold, qtbot)
    plot = threshold.histogram.plot()
    spot = QPointF(plot.left() + 0.8 * plot.width(), plot.center().y())
    press = QMouseEvent(QMouseEvent.Type.MouseButtonPress, spot, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
                        Qt.KeyboardModifier.NoModifier)  # fmt: skip
    threshold.histogram.mousePressEvent(press)
    assert threshold.threshold() == pytest.approx(0.8, abs=0.01) and threshold.slider.value() == round(1000 * threshold.threshold())
    threshold.own_button.click()
    assert threshold.threshold() == 0.5


def test_points_below_their_first_threshold_are_explained(threshold, qtbot, stack, tmp_path):
    selected(stack, tmp_path / "a")
    ready(threshold, qtbot)
    assert threshold.note.isHidden()
    threshold.number.setValue(0.3)
    assert "The points begin at 0.50" in threshold.note.text() and not threshold.note.isHidden()


def test_methods_that_look_at_more_than_the_threshold_are_explained(threshold, qtbot, stack, tmp_path):
    from osgeo import gdal

    probability = write_results(tmp_path / "a")
    raster = gdal.Open(str(tmp_path / "a" / "probability.tif"), gdal.GA_Update)
    raster.SetMetadataItem("STILLPOINT_PROVENANCE", '{"selected": 123}')
    raster = None
    add(tmp_path / "a" / "probability.tif")
    ready(threshold, qtbot)
    for value in (0.5, 0.8):
        threshold.number.setValue(value)
        number = int((probability >= np.float32(value)).sum())
        assert threshold.count.text().startswith(f"{number:,} of ") and " PS of " not in threshold.count.text()
        assert f"Of {int((probability >= 0.5).sum()):,} that reach 0.50 the method kept 123 as PS" in threshold.note.text()
    # Nothing is drawn over another or cut off, however small the dock is.
    parts = (threshold.histogram, threshold.slider, threshold.count, threshold.note, threshold.own_button)
    for upper, lower in zip(parts, parts[1:]):
        qtbot.waitUntil(lambda a=upper, b=lower: a.geometry().bottom() < b.geometry().top(), timeout=2000)
    assert threshold.note.height() >= threshold.note.heightForWidth(threshold.note.width())


def test_own_threshold_comes_back_with_all_its_digits(threshold, dock, qtbot, stack, tmp_path):
    layers, probability = selected(stack, tmp_path / "a", threshold=0.50037)
    ready(threshold, qtbot)
    assert threshold.threshold() == 0.50037
    threshold.number.setValue(0.9)
    threshold.own_button.click()
    qtbot.waitUntil(lambda: scatterers.threshold_of(layers["probability"]) == 0.50037, timeout=2000)
    row, column = np.argwhere(probability > 0.9)[0]
    (verdict,) = look(dock, qtbot, int(row), int(column)).verdicts
    assert verdict.chosen is True  # the mask is asked again


def test_results_that_are_written_again_are_read_again(threshold, dock, qtbot, stack, tmp_path):
    import os
    import shutil

    _, probability = selected(stack, tmp_path / "a")
    ready(threshold, qtbot)
    before = threshold.count.text()
    row, column = np.argwhere(probability > 0.9)[0]
    assert look(dock, qtbot, int(row), int(column)).verdicts[0].probability > 0.9
    made = create(tmp_path / "other.tif", 1, 6)
    made.SetMetadata({"METHOD": "default", "THRESHOLD": "0.5"})
    made.GetRasterBand(1).WriteArray(np.full(probability.shape, 0.25, np.float32))
    made = None
    os.utime(tmp_path / "other.tif", ns=(1, 1))
    shutil.move(tmp_path / "other.tif", tmp_path / "a" / "probability.tif")
    threshold.layers.setCurrentIndex(-1)
    threshold.layers.setCurrentIndex(0)
    qtbot.waitUntil(lambda: threshold.count.text().startswith("0 PS of 4,800"), timeout=5000)
    assert before != threshold.count.text() and "\n0 per km²" in threshold.count.text()
    assert look(dock, qtbot, int(row), int(column)).verdicts[0].probability == 0.25


def test_few_scatterers_in_a_large_area_are_not_none(threshold, qtbot, stack, tmp_path):
    _, probability = selected(stack, tmp_path / "a", threshold=0.5)
    ready(threshold, qtbot)
    value = float(np.sort(probability[np.isfinite(probability)])[-1]) - 1e-3
    number = int((probability >= np.float32(round(value, 3))).sum())
    threshold.number.setValue(round(value, 3))
    density = number / (np.isfinite(probability).sum() * STEP**2 / 1e6)
    assert 0 < density < 10 and threshold.count.text().endswith(f"\n{density:.2g} per km²")


def test_mask_is_saved_at_the_threshold(threshold, qtbot, stack, tmp_path):
    _, probability = selected(stack, tmp_path / "a")
    ready(threshold, qtbot)
    threshold.number.setValue(0.7)
    threshold.save(str(tmp_path / "mine"))
    qtbot.waitUntil(lambda: threshold._saving is None, timeout=5000)
    from osgeo import gdal

    assert (gdal.Open(str(tmp_path / "mine.tif")).ReadAsArray() == 1).sum() == (probability >= np.float32(0.7)).sum()
    assert "PS mask at 0.70" in [layer.name() for layer in QgsProject.instance().mapLayers().values()]


def test_mask_that_cannot_be_saved_is_said(threshold, qtbot, stack, tmp_path, qgis_iface):
    selected(stack, tmp_path / "a")
    ready(threshold, qtbot)
    threshold.save("/nowhere/mask.tif")
    qtbot.waitUntil(lambda: threshold._saving is None, timeout=5000)
    assert "no folder" in qgis_iface.messageBar().currentItem().text() and threshold.save_button.isEnabled()


def test_dock_turns_to_the_active_selection(threshold, qtbot, stack, tmp_path, qgis_iface):
    first, _ = selected(stack, tmp_path / "a")
    second, _ = selected(stack, tmp_path / "b", method="unet")
    assert threshold.layers.count() == 2
    for layers in (second, first):
        qgis_iface.setActiveLayer(layers["points"])
        assert threshold.layer() is layers["probability"]
    QgsProject.instance().removeMapLayer(first["probability"].id())
    assert threshold.layer() is second["probability"]
    QgsProject.instance().removeMapLayer(second["probability"].id())
    assert threshold.layer() is None and not threshold.slider.isEnabled()
