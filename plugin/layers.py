"""Result files become map layers: grouped, styled, with a legend that counts, and with their provenance."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDateTimeRange,
    QgsEditorWidgetSetup,
    QgsLayerMetadata,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerTemporalProperties,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QThread, QTime

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin import provenance
from stillpoint.plugin.breath import breathe
from stillpoint.plugin.facts import LayerFacts, class_counts, facts_of, sidecar_crs
from stillpoint.plugin.language import tr
from stillpoint.plugin.styles.palette import LOOKS, UNKNOWN
from stillpoint.plugin.styles.trends import FIELD, renderer
from stillpoint.plugin.velocity_layers import style_velocity_layer

ALIASES: Dict[str, str] = {
    "trend": "Trend class",
    "trend_code": "Trend class code",
    "confidence": "Confidence (0 to 1)",
    "runner_up": "Runner-up class",
    "reason": "Why not classified",
    "p_0": "Probability: Stable",
    "p_1": "Probability: Linear",
    "p_2": "Probability: Quadratic",
    "p_3": "Probability: Bilinear",
    "p_4": "Probability: Phase unwrapping error",
    "velocity": "Velocity (mm/yr)",
    "vel_se": "Velocity, standard error (mm/yr)",
    "velocity_1": "Velocity before the break (mm/yr)",
    "vel1_se": "Velocity before, standard error (mm/yr)",
    "velocity_2": "Velocity after the break (mm/yr)",
    "vel2_se": "Velocity after, standard error (mm/yr)",
    "break_date": "Break date",
    "break_lo": "Break date, 95 % from",
    "break_hi": "Break date, 95 % to",
    "accel": "Acceleration (mm/yr²)",
    "jumps": "Phase jumps",
    "annual": "Annual amplitude (mm)",
    "rmse": "Residual RMS (mm)",
    "epochs": "Epochs with a value",
    "series": "Displacement series (packed)",
}
"""What a field is called in forms and tables, with its unit."""

HIDDEN = ("series",)

_CSV_OPTIONS = "|option:AUTODETECT_TYPE=YES|option:X_POSSIBLE_NAMES=x,lon*,east*|option:Y_POSSIBLE_NAMES=y,lat*,north*"
_OPEN_OPTIONS = {".csv": _CSV_OPTIONS}
_POINT_FILES = (".gpkg", ".shp", ".csv", ".fgb", ".parquet", ".geojson", ".sqlite")

MAP_TIP = """
<div style="font-family:sans-serif;font-size:9pt;min-width:150px">
<b style="font-size:10pt">[% coalesce("trend", 'Not classified') %]</b>
[% if("confidence" IS NULL, '', '&nbsp;' || round(100 * "confidence") || ' %') %]<br>
[% if("velocity" IS NULL, '', format_number("velocity", 1) || ' mm/yr'
   || if("vel_se" IS NULL, '', ' ± ' || format_number("vel_se", 1))) %]
[% if("break_date" IS NULL, '', '<br>Break ' || format_date("break_date", 'yyyy-MM-dd') || ': '
   || format_number("velocity_1", 1) || ' → ' || format_number("velocity_2", 1) || ' mm/yr') %]
[% if(coalesce("jumps", 0) = 0, '', '<br>Phase jumps: ' || "jumps") %]
</div>
"""
"""What hovering shows: class, confidence, velocity, and the break or the jumps where there are any."""


def add_result_layers(
    result: Result, job: Job, *, project: Optional[QgsProject] = None, iface: Any = None
) -> List[QgsMapLayer]:
    """Add the files of a finished job to the project, in a group of their own at the top.

    Parameters
    ----------
    result
        What the job gave back; its point outputs are opened, other files left alone.
    job
        The job, for the names of group and layers.
    project
        Project to add to; None takes the one that is open.
    iface
        QGIS's interface; where given, the layer becomes the active one and an empty map zooms to it.

    Returns
    -------
    list of QgsMapLayer
        The layers that were added.

    Raises
    ------
    StillpointError
        A file that the job wrote cannot be opened as a layer.
    """
    if QThread.currentThread() is not QgsApplication.instance().thread():
        raise RuntimeError("layers are added on the main thread only")
    project = QgsProject.instance() if project is None else project
    was_empty = not project.mapLayers()
    layers: List[QgsMapLayer] = []
    for path in result.outputs.values():
        if Path(path).suffix.lower() in _POINT_FILES:
            layers.append(open_points(path))
    if not layers:
        return []
    group = _group(project, f"Stillpoint - {_name_of(job, layers[0])}")
    for layer in layers:
        if layer.fields().lookupField(FIELD) >= 0:
            style_trends_layer(layer)
        else:
            style_velocity_layer(layer)
        breathe()
        provenance.write(layer, job, result)
        breathe()
        project.addMapLayer(layer, False)
        group.addLayer(layer)
    if iface is not None:
        iface.setActiveLayer(layers[0])
        bring_into_view(layers[0], iface.mapCanvas(), project, anyway=was_empty)
    return layers


def open_points(path: str, name: str = "") -> QgsVectorLayer:
    """Open a point file as a layer.

    Raises
    ------
    StillpointError
        The file is missing, or QGIS cannot read it.
    """
    file = Path(path)
    if not file.exists():
        raise StillpointError(tr(
            "The result {path} is no longer there; it may have been moved or deleted."
        ).format(path=path))
    layer = QgsVectorLayer(path + _OPEN_OPTIONS.get(file.suffix.lower(), ""), name or file.stem, "ogr")
    if not layer.isValid():
        hint = " This build of GDAL may lack the driver; choose .gpkg instead." if file.suffix == ".parquet" else ""
        raise StillpointError(tr("QGIS cannot open {path} as a layer.{hint}").format(path=path, hint=hint))
    if not layer.crs().isValid():
        crs = QgsCoordinateReferenceSystem()
        if crs.createFromUserInput(sidecar_crs(path)):
            layer.setCrs(crs)
    return layer


def _name_of(job: Job, layer: QgsMapLayer) -> str:
    """Return what the group is called: the input's name, else the layer's."""
    given = getattr(job, "points", None) or getattr(job, "stack", None) or getattr(job, "ascending", None)
    if isinstance(given, str) and given:
        return Path(given.split("|")[0]).stem
    return layer.name()


def _group(project: QgsProject, name: str) -> QgsLayerTreeGroup:
    """Return a new group at the top of the layer tree; a name that is taken gets a number."""
    root = project.layerTreeRoot()
    unique, number = name, 2
    while root.findGroup(unique) is not None:
        unique, number = f"{name} ({number})", number + 1
    return root.insertGroup(0, unique)


def bring_into_view(layer: QgsMapLayer, canvas: Any, project: QgsProject, *, anyway: bool) -> None:
    """Show the whole layer where the map was empty (``anyway``) or shows nothing of it; else leave the user's view alone."""
    try:
        if anyway or (canvas is not None and not _extent_on(canvas, layer, project).intersects(canvas.extent())):
            zoom_to(layer, canvas, project)
    except QgsCsException:  # the map's coordinate system knows no such place: the user chooses another one
        return


def _extent_on(canvas: Any, layer: QgsMapLayer, project: QgsProject) -> QgsRectangle:
    """Return what a layer covers, in the coordinates of the map."""
    crs: QgsCoordinateReferenceSystem = canvas.mapSettings().destinationCrs()
    extent = layer.extent()
    if crs.isValid() and layer.crs().isValid() and crs != layer.crs():
        extent = QgsCoordinateTransform(layer.crs(), crs, project).transformBoundingBox(extent)
    return extent


def zoom_to(layer: QgsMapLayer, canvas: Any, project: QgsProject) -> None:
    """Show the whole layer on a canvas."""
    if canvas is None or layer.extent().isEmpty():
        return
    extent = _extent_on(canvas, layer, project)
    extent.scale(1.08)
    canvas.setExtent(extent)
    canvas.refresh()


def style_trends_layer(layer: QgsVectorLayer) -> None:
    """Give a classified layer its symbols, legend with counts, names, map tip, time and provenance.

    Raises
    ------
    StillpointError
        The layer has no field ``trend_code``.
    """
    fields = layer.fields()
    index = fields.lookupField(FIELD)
    if index < 0:
        raise StillpointError(tr(
            "The layer {name} has no field {field}: classify its trends first."
        ).format(name=layer.name(), field=FIELD))
    facts = facts_of(layer)
    counts = class_counts(layer, facts)
    confidence = fields.lookupField("confidence")
    layer.setRenderer(
        renderer(
            counts,
            text_codes=not fields.at(index).isNumeric(),
            by_confidence=confidence >= 0 and fields.at(confidence).isNumeric(),
        )
    )
    _name_fields(layer)
    layer.setMapTipTemplate(MAP_TIP)
    _set_time(layer, facts)
    _set_metadata(layer, facts, counts)
    layer.triggerRepaint()


def _name_fields(layer: QgsVectorLayer) -> None:
    """Set the aliases with units, and hide the packed series from forms and the attribute table."""
    fields = layer.fields()
    for name, alias in ALIASES.items():
        index = fields.lookupField(name)
        if index >= 0:
            layer.setFieldAlias(index, alias)
    for name in HIDDEN:
        index = fields.lookupField(name)
        if index >= 0:
            layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("Hidden", {}))
    table = layer.attributeTableConfig()
    table.update(fields)
    columns = table.columns()
    for column in columns:
        column.hidden = column.hidden or column.name in HIDDEN
    table.setColumns(columns)
    layer.setAttributeTableConfig(table)


def _set_time(layer: QgsVectorLayer, facts: LayerFacts) -> None:
    """Let the temporal controller play the breaks, one after the other; else the span of the series.

    A bilinear point appears when its ground changes pace and stays; points without a break are
    always there, because QGIS keeps features whose date is missing.
    """
    properties: QgsVectorLayerTemporalProperties = layer.temporalProperties()
    index = layer.fields().lookupField("break_date")
    mode = Qgis.VectorTemporalMode
    if index >= 0 and layer.fields().at(index).isDateOrTime():
        properties.setMode(mode.FeatureDateTimeInstantFromField)
        properties.setStartField("break_date")
        properties.setAccumulateFeatures(True)
        properties.setIsActive(True)
    elif facts.dates is not None and len(facts.dates):
        ends = [QDateTime(QDate.fromString(str(day), "yyyy-MM-dd"), QTime(0, 0)) for day in facts.dates[[0, -1]]]
        properties.setMode(mode.FixedTemporalRange)
        properties.setFixedTemporalRange(QgsDateTimeRange(ends[0], ends[1]))
        properties.setIsActive(True)


def _set_metadata(layer: QgsVectorLayer, facts: LayerFacts, counts: Dict[Optional[int], int]) -> None:
    """Write what the layer is and how it was made into QGIS's layer metadata and notes."""
    made = facts.provenance
    total = max(sum(counts.values()), 1)
    shares = [f"{tr(look.name)} {counts.get(look.code, 0):,} ({100 * counts.get(look.code, 0) / total:.1f} %)"
              for look in (*LOOKS, UNKNOWN)]
    sentences = [f"Trend class of {sum(counts.values()):,} displacement time series: {', '.join(shares)}."]
    if facts.dates is not None and len(facts.dates):
        sentences.append(f"{len(facts.dates)} epochs from {facts.dates[0]} to {facts.dates[-1]}.")
    if facts.wavelength:
        sentences.append(f"Radar wavelength {1000 * facts.wavelength:.1f} mm.")
    sentences.append("Displacements in mm along the line of sight, positive towards the satellite.")

    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setTitle(f"Ground motion trends: {layer.name()}")
    metadata.setType("dataset")
    metadata.setAbstract(" ".join(sentences))
    metadata.setKeywords({"Stillpoint": ["InSAR", "ground motion", "trend classification"]})
    metadata.setHistory([])
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    provenance.tell(layer, made)
