"""A stack as map layers: styled by what it holds, and playing with the temporal controller.

From QGIS 3.38 on one layer shows each band at its time. Before, a raster layer has one time for all of it, so the
bands of the stack (not of its companions) become layers of their own in a group. QGIS does not draw complex values;
GDAL derives phase or amplitude of them.
"""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsBasicNumericFormat,
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsDateTimeRange,
    QgsInterval,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRasterLayerTemporalProperties,
    QgsRasterShader,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
    QgsTemporalNavigationObject,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QThread, QTime
from qgis.PyQt.QtGui import QColor

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.models.rasters.bands import Band
from stillpoint.plugin import compat, provenance
from stillpoint.plugin.language import tr
from stillpoint.plugin.layers import _group, bring_into_view
from stillpoint.plugin.raster_styles import style_amplitude
from stillpoint.plugin.stacks import facts_of

CYCLE = ("#2f1e5c", "#3c6ea6", "#a9cfc9", "#f3efe4", "#e2b07a", "#a8433f", "#2f1e5c")
"""Colours of a full turn of phase, the same at both ends."""

_DERIVED = {1: "DERIVED_SUBDATASET:AMPLITUDE:", 2: "DERIVED_SUBDATASET:PHASE:"}
"""What is shown of complex values of one date, and of two."""

_MOST_LAYERS = 400
_LAST = dt.timedelta(days=12)


def has_bands_in_time() -> bool:
    """Whether this QGIS gives each band of a layer its own time (3.38)."""
    return hasattr(Qgis.RasterTemporalMode, "FixedRangePerBand") and hasattr(
        QgsRasterLayerTemporalProperties, "setFixedRangePerBand"
    )


def add_stack_layers(
    result: Result, job: Job, *, project: Optional[QgsProject] = None, iface: Any = None
) -> List[QgsMapLayer]:
    """Add a new stack and its companions to the project, in a group of their own at the top.

    Parameters
    ----------
    result
        What ``open-stack`` gave back.
    job
        The job, for the name of the group.
    project
        Project to add to; None takes the one that is open.
    iface
        QGIS's interface; where given, the stack becomes the active layer, an empty map zooms to it, and the temporal
        controller is set to its dates.

    Returns
    -------
    list of QgsMapLayer
        The layers that were added, the stack itself first.

    Raises
    ------
    StillpointError
        A file that the job wrote cannot be opened as a layer.
    """
    if QThread.currentThread() is not QgsApplication.instance().thread():
        raise RuntimeError("layers are added on the main thread only")
    project = QgsProject.instance() if project is None else project
    was_empty = not project.mapLayers()
    files = [(name, path) for name, path in result.outputs.items() if Path(path).suffix.lower() in (".vrt", ".tif", ".tiff")]
    opened = [(name, open_stack_layer(path), facts_of(path).bands) for name, path in files]
    if not opened:
        return []
    group = _group(project, f"Stillpoint - {Path(str(getattr(job, 'output', files[0][1]))).stem}")
    layers: List[QgsMapLayer] = []
    for name, layer, bands in opened:
        layers += _add(layer, bands, group, project, first=name == "output")
    provenance.write_all(layers, job, result)
    if iface is not None:
        iface.setActiveLayer(layers[0])
        bring_into_view(layers[0], iface.mapCanvas(), project, anyway=was_empty)
        follow_time(iface.mapCanvas(), opened[0][2])
    return layers


def open_stack_layer(path: str, name: str = "") -> QgsRasterLayer:
    """Open a stack as a layer, its first band styled by what it holds.

    Raises
    ------
    StillpointError
        The file is missing, or QGIS cannot read it.
    """
    if not Path(path).exists():
        raise StillpointError(tr("The stack {path} is no longer there; it may have been moved or deleted.").format(path=path))
    layer = _layer(path, name or Path(path).stem)
    if not layer.isValid():
        raise StillpointError(tr("QGIS cannot open {path} as a raster layer.").format(path=path))
    bands = facts_of(path).bands
    if bands and bands[0].quantity != "complex":
        style_band(layer, bands[0].quantity, 1)
    return layer


def _add(
    layer: QgsRasterLayer, bands: Sequence[Band], group: QgsLayerTreeGroup, project: QgsProject, *, first: bool
) -> List[QgsMapLayer]:
    """Add one stack to ``group`` and return its layers, the stack itself first."""
    ranges = time_ranges(bands)
    quantity = bands[0].quantity if bands else ""
    complex_values = quantity == "complex" and bool(bands[0].days)
    shown = "phase" if complex_values and bands[0].pair else "amplitude" if complex_values else quantity
    source = _DERIVED[len(bands[0].days)] + layer.source() if complex_values else layer.source()
    added: List[QgsMapLayer] = [layer]
    project.addMapLayer(layer, False)
    in_time = has_bands_in_time()
    if not ranges or (in_time and not complex_values) or (not in_time and not first):
        set_times(layer, ranges)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(first)
        node.setExpanded(first)
        return added
    if in_time:
        views = [_view(source, f"{layer.name()} ({shown})", layer)]
        style_band(views[0], shown, 1)
        set_times(views[0], ranges)
        place = group
    else:
        place = group.addGroup(tr("{name} in time").format(name=layer.name()))
        place.setExpanded(False)
        views = []
        for band in bands[:_MOST_LAYERS]:
            if band.number not in ranges:
                continue
            view = _view(source, band.label, layer)
            _copy_style(view, shown, band.number, views[0] if views else None)
            set_times(view, {band.number: ranges[band.number]})
            views.append(view)
    for view in views:
        project.addMapLayer(view, False)
        node = place.addLayer(view)
        node.setExpanded(False)
    # The stack itself is what other tools take; it is not drawn, as it would hide the dates.
    node = group.addLayer(layer)
    node.setItemVisibilityChecked(False)
    node.setExpanded(False)
    return [*added, *views]


def _layer(source: str, name: str) -> QgsRasterLayer:
    """Open a raster without QGIS's own style, for which it would read the pixels of several bands."""
    options = QgsRasterLayer.LayerOptions(False)
    options.skipCrsValidation = True  # a raster in radar geometry has no CRS: nobody should be asked for one
    return QgsRasterLayer(source, name, "gdal", options)


def _view(source: str, name: str, like: QgsRasterLayer) -> QgsRasterLayer:
    view = _layer(source, name)
    if not view.isValid():
        raise StillpointError(tr("QGIS cannot open {source} as a raster layer.").format(source=source))
    if not view.crs().isValid():
        view.setCrs(like.crs())
    return view


def _copy_style(layer: QgsRasterLayer, quantity: str, band: int, first: Optional[QgsRasterLayer]) -> None:
    """Style ``layer``; greys as in the ``first``, so that nothing flickers and nothing is computed twice."""
    if first is None or quantity not in ("amplitude", "unwrapped"):
        style_band(layer, quantity, band)
        return
    renderer = first.renderer().clone()
    renderer.setInput(layer.dataProvider())
    (renderer.setGrayBand if hasattr(renderer, "setGrayBand") else renderer.setBand)(band)
    layer.setRenderer(renderer)
    layer.brightnessFilter().setGamma(first.brightnessFilter().gamma())
    layer.brightnessFilter().setBrightness(first.brightnessFilter().brightness())


# Style


def style_band(layer: QgsRasterLayer, quantity: str, band: int) -> None:
    """Show one band: phase in a circle of colours, coherence and amplitude in greys, unwrapped phase from blue to red."""
    if quantity == "phase":
        step = 2 * math.pi / (len(CYCLE) - 1)
        _colours(layer, band, [(-math.pi + step * index, colour) for index, colour in enumerate(CYCLE)], " rad")
    elif quantity == "coherence":
        enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(band))
        enhancement.setMinimumValue(0.0, False)
        enhancement.setMaximumValue(1.0, False)
        enhancement.setContrastEnhancementAlgorithm(QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum)
        renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), band)
        renderer.setContrastEnhancement(enhancement)
        layer.setRenderer(renderer)
    elif quantity == "unwrapped":
        low, high = layer.dataProvider().cumulativeCut(band, 0.02, 0.98, layer.extent(), 250_000)
        reach = max(abs(low), abs(high)) or 1.0
        _colours(layer, band, [(-reach, "#2b5c9e"), (0.0, "#f4f1ea"), (reach, "#b0352f")], " rad")
    else:
        style_amplitude(layer, band)


def _colours(layer: QgsRasterLayer, band: int, items: Sequence[Tuple[float, str]], unit: str) -> None:
    low, high = items[0][0], items[-1][0]
    shader = QgsColorRampShader(low, high, None, QgsColorRampShader.Type.Interpolated)
    shader.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value:.2f}{unit}") for value, colour in items]
    )
    legend = QgsColorRampLegendNodeSettings()
    legend.setSuffix(unit)
    numbers = QgsBasicNumericFormat()
    numbers.setNumberDecimalPlaces(2)
    legend.setNumericFormat(numbers)
    shader.setLegendSettings(legend)
    function = QgsRasterShader(low, high)
    function.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, function)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    layer.setRenderer(renderer)


# Time


def time_ranges(bands: Sequence[Band]) -> Dict[int, QgsDateTimeRange]:
    """Return when each band is shown, by its number: from its date until the next.

    The date of an interferogram is its later one, for a single reference the date that is not the reference.
    Bands of the same date share the time until the next one evenly.
    """
    moments: Dict[dt.date, List[int]] = {}
    references = {band.reference_date for band in bands if band.pair}
    for band in bands:
        if band.days:
            moment = band.days[-1] if len(references) == 1 else max(band.days)
            moments.setdefault(moment, []).append(band.number)
    days = sorted(moments)
    found: Dict[int, QgsDateTimeRange] = {}
    for index, day in enumerate(days):
        follows = days[index + 1] if index + 1 < len(days) else day + (day - days[index - 1] if index else _LAST)
        seconds = (follows - day).total_seconds()
        numbers = moments[day]
        for place, number in enumerate(numbers):
            begin = _moment(day, seconds * place / len(numbers))
            end = _moment(day, seconds * (place + 1) / len(numbers))
            found[number] = QgsDateTimeRange(begin, end, True, False)
    return found


def _moment(day: dt.date, seconds: float) -> QDateTime:
    return QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), Qt.TimeSpec.UTC).addSecs(int(seconds))


def set_times(layer: QgsRasterLayer, ranges: Dict[int, QgsDateTimeRange]) -> None:
    """Give a layer the times of its bands; where QGIS knows one time a layer, the time from the first to the last."""
    if not ranges:
        return
    properties = layer.temporalProperties()
    if len(ranges) > 1 and has_bands_in_time():
        properties.setMode(Qgis.RasterTemporalMode.FixedRangePerBand)
        properties.setFixedRangePerBand(ranges)
    else:
        first = min(item.begin() for item in ranges.values())
        last = max(item.end() for item in ranges.values())
        properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
        properties.setFixedTemporalRange(QgsDateTimeRange(first, last, True, False))
    properties.setIsActive(True)


def follow_time(canvas: Any, bands: Sequence[Band]) -> None:
    """Set the temporal controller of ``canvas`` to the dates of a stack, at the first of them."""
    ranges = sorted(time_ranges(bands).values(), key=lambda item: item.begin())
    controller = canvas.temporalController() if canvas is not None and hasattr(canvas, "temporalController") else None
    if len(ranges) < 2 or not isinstance(controller, QgsTemporalNavigationObject):
        return
    steps = sorted(item.begin().secsTo(item.end()) for item in ranges)
    seconds = steps[len(steps) // 2]
    controller.setTemporalExtents(QgsDateTimeRange(ranges[0].begin(), ranges[-1].end()))
    controller.setFrameDuration(QgsInterval(seconds / 86400, compat.DAYS))
    controller.setNavigationMode(compat.ANIMATED)
    controller.setCurrentFrameNumber(0)
