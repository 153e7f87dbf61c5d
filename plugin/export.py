"""Exports a classified layer to shapefile, GeoPackage or CSV, and says what a format could not hold.

:func:`prepare` runs on the main thread and copies what the background needs; :func:`run` writes under a
temporary name and renames at the end, so that a cancelled or broken export leaves nothing behind.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.PyQt.QtCore import QByteArray, QVariant

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.points.dates import DateColumns
from stillpoint.plugin.export_sinks import DBF_NAME, LayerSink, OutField, SeriesBeside, TableSink, cut_text
from stillpoint.plugin.facts import DATES, PROVENANCE, WAVELENGTH, source_of
from stillpoint.plugin.language import tr
from stillpoint.plugin.series import SeriesReader, read_series

DRIVERS = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".csv": "CSV"}
SERIES = {".shp": ("columns", "beside", "none"), ".gpkg": ("packed", "columns", "none"), ".csv": ("columns", "none")}
"""Ways to keep the series in each format, the best first."""

DBF_FIELDS, DBF_TEXT, DBF_BYTES = 255, 254, 2**31 - 1

_TEXT_WIDTH = {"trend": 24, "runner_up": 24, "reason": 80}
_PLAIN = (
    QVariant.Bool, QVariant.Int, QVariant.LongLong, QVariant.Double, QVariant.Date, QVariant.DateTime,
    QVariant.ByteArray,
)
_EVERY = 500

Report = Callable[[float, str], None]


@dataclass
class Plan:
    """Everything that the background needs to know; made on the main thread by :func:`prepare`."""

    path: Path
    series: str
    count: int
    source: QgsVectorLayerFeatureSource
    request: QgsFeatureRequest
    fields: List[OutField]
    crs: QgsCoordinateReferenceSystem
    context: QgsCoordinateTransformContext
    dates: Optional[np.ndarray] = None
    packed: int = -1
    columns: Optional[DateColumns] = None
    scale: float = 1.0
    items: Dict[str, str] = field(default_factory=dict)
    styles: Dict[str, str] = field(default_factory=dict)
    notes: List[str] = field(default_factory=list)

    @property
    def suffix(self) -> str:
        """Return the ending of the file, which tells the format."""
        return self.path.suffix.lower()


@dataclass(frozen=True)
class Outcome:
    """What an export did: the files, the points written, and sentences on what had to be changed."""

    files: List[str]
    count: int
    notes: List[str]


def prepare(
    layer: QgsVectorLayer, path: str, *, selected_only: bool = False, series: str = "none", unit: str = "mm"
) -> Plan:
    """Check what is asked for and copy what the background needs; on the main thread.

    Parameters
    ----------
    layer
        A point layer.
    path
        File to write: .shp, .gpkg or .csv.
    selected_only
        Only the selected points.
    series
        ``"packed"`` (one binary field, .gpkg), ``"columns"`` (a field a date), ``"beside"`` (a CSV beside the
        shapefile) or ``"none"``.
    unit
        Unit of date columns that are not Stillpoint's own; the series are written in mm.

    Raises
    ------
    StillpointError
        The format cannot hold what is asked for, or the place cannot be written to.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in DRIVERS:
        raise StillpointError(tr(
            "{name}: layers are exported as {value}; give one of these endings."
        ).format(name=target.name, value=", ".join(DRIVERS)))
    if series not in SERIES[suffix]:
        ways = " or ".join(SERIES[suffix])
        raise StillpointError(tr(
            "A {suffix} file cannot keep the series as {series}; choose {ways}."
        ).format(suffix=suffix, series=series, ways=ways))
    if not target.parent.is_dir():
        raise StillpointError(tr(
            "The folder {parent} does not exist: make it first or choose another."
        ).format(parent=target.parent))
    if Path(source_of(layer)[0] or "/").absolute() == target.absolute():
        raise StillpointError(tr("{name} is the file of the layer itself: choose another name.").format(name=target.name))
    if selected_only and not layer.selectedFeatureCount():
        raise StillpointError(tr("No point is selected: select some on the map, or export all of them."))

    reader, why = _reader(layer, unit)
    if series != "none" and reader is None:
        raise StillpointError(why)
    request = QgsFeatureRequest()
    if selected_only:
        request.setFilterFids(layer.selectedFeatureIds())
    count = layer.selectedFeatureCount() if selected_only else layer.featureCount()
    context = QgsProject.instance().transformContext()
    plan = Plan(target, series, count, QgsVectorLayerFeatureSource(layer), request, [], layer.crs(), context)
    skipped: Sequence[int] = ()
    if reader is not None:
        plan.dates, plan.packed, plan.columns, plan.scale = reader.storage()
        skipped = reader.series_fields()
        plan.items = _items(reader)
    plan.fields = _out_fields(layer, skipped, plan)
    needed = [item.index for item in plan.fields if item.index >= 0]
    request.setSubsetOfAttributes(needed + (list(skipped) if series != "none" else []))
    if layer.fields().lookupField("trend_code") >= 0:
        plan.styles = _styles(layer)
    return plan


def series_limits(layer: QgsVectorLayer, suffix: str, *, unit: str = "mm") -> Tuple[Tuple[str, ...], str]:
    """Return the ways to keep the series of ``layer`` in a format, and the sentence why others are left out."""
    reader, _ = _reader(layer, unit)
    if reader is None:
        return ("none",), tr("The layer has no displacement series that could be exported.")
    ways = SERIES.get(suffix, ("none",))
    if suffix != ".shp":
        return ways, ""
    others = len(layer.fields()) - len(reader.series_fields())
    total = others + len(reader.dates)
    if total > DBF_FIELDS:
        return tuple(way for way in ways if way != "columns"), _too_many(total, len(reader.dates))
    return ways, ""


def _too_many(total: int, dates: int) -> str:
    return (
        tr(
            "A shapefile holds {dbf_fields} fields at most, but {dates} date columns and the attributes make "
            "{total}: write the series to a CSV beside it, leave it out, or export a GeoPackage."
        ).format(dbf_fields=DBF_FIELDS, dates=dates, total=total)
    )


def _reader(layer: QgsVectorLayer, unit: str) -> Tuple[Optional[SeriesReader], str]:
    try:
        return SeriesReader(layer, unit=unit), ""
    except StillpointError as error:
        return None, str(error)


def _items(reader: SeriesReader) -> Dict[str, str]:
    """Return the metadata items that travel with the export."""
    items = {DATES: ",".join(str(day) for day in reader.dates)}
    if reader.facts.wavelength:
        items[WAVELENGTH] = f"{reader.facts.wavelength:g}"
    if reader.facts.provenance:
        items[PROVENANCE] = json.dumps(reader.facts.provenance, ensure_ascii=False)
    return items


def _styles(layer: QgsVectorLayer) -> Dict[str, str]:
    """Return the layer's own style as QML, and the classes' as SLD, which knows no expressions."""
    from stillpoint.plugin.styles.generate import qml_of, sld_of

    return {".qml": qml_of(layer), ".sld": sld_of(layer)}


def _out_fields(layer: QgsVectorLayer, skipped: Sequence[int], plan: Plan) -> List[OutField]:
    """Return the fields to write, renamed and retyped as the format needs; notes tell what changed."""
    suffix, fields = plan.suffix, layer.fields()
    keys = set(layer.primaryKeyAttributes())
    kept: List[OutField] = []
    for index, item in enumerate(fields):
        if index in skipped or (index in keys and item.name().lower() == "fid"):
            continue
        kind = int(item.type())
        if kind == QVariant.ByteArray and suffix != ".gpkg":
            plan.notes.append(tr(
                "The binary field {name} was left out: the format has no such type."
            ).format(name=item.name()))
            continue
        kept.append(_retyped(item, index, kind, suffix))
    if plan.series == "packed":
        kept.append(OutField("series", "series", QVariant.ByteArray))
    elif plan.series == "columns" and plan.dates is not None:
        for day in plan.dates:
            name = "D" + str(day).replace("-", "")
            kept.append(OutField(name, name, QVariant.Double, length=10 if suffix == ".shp" else 0, precision=2))
    if suffix == ".shp":
        if len(kept) > DBF_FIELDS:
            raise StillpointError(_too_many(len(kept), 0 if plan.dates is None else len(plan.dates)))
        kept = _short(kept, plan.notes)
        bytes_each = sum(item.length or 24 for item in kept)
        needed = bytes_each * plan.count
        if needed > DBF_BYTES:
            raise StillpointError(
                tr(
                    "The table of a shapefile ends at 2 GB, but {count:,} points with {n} fields need {needed:.1f} "
                    "GB: leave the series out, select fewer points, or export a GeoPackage."
                ).format(count=plan.count, n=len(kept), needed=needed / 1e9)
            )
    elif suffix == ".csv":
        kept = _distinct(kept, {"x", "y"}, plan.notes)
    return kept


def _retyped(item: QgsField, index: int, kind: int, suffix: str) -> OutField:
    """Return an attribute with the type and width that the format gives it."""
    name = item.name()
    if suffix == ".shp":
        if kind in (QVariant.Bool, QVariant.Int, QVariant.UInt):
            return OutField(name, name, QVariant.Int, index, 10)
        if kind in (QVariant.LongLong, QVariant.ULongLong):
            return OutField(name, name, QVariant.LongLong, index, 18)
        if kind == QVariant.Double:
            return OutField(name, name, QVariant.Double, index, 20, 8)
        if kind == QVariant.Date:
            return OutField(name, name, QVariant.Date, index, 8)
        width = _TEXT_WIDTH.get(name, item.length() if 0 < item.length() <= DBF_TEXT else DBF_TEXT)
        return OutField(name, name, QVariant.String, index, width)
    return OutField(name, name, kind if kind in _PLAIN else QVariant.String, index)


def shapefile_names(names: Sequence[str]) -> Dict[str, str]:
    """Return a name of ten bytes for each field name, all different whatever their case."""
    taken = {name.lower() for name in names if len(name.encode()) <= DBF_NAME}
    result: Dict[str, str] = {}
    for name in names:
        if len(name.encode()) <= DBF_NAME:
            result[name] = name
            continue
        short, number = cut_text(name, DBF_NAME), 1
        while short.lower() in taken:
            tail = f"_{number}"
            short, number = cut_text(name, DBF_NAME - len(tail)) + tail, number + 1
        taken.add(short.lower())
        result[name] = short
    return result


def _short(fields: List[OutField], notes: List[str]) -> List[OutField]:
    names = shapefile_names([item.source for item in fields])
    for long, short in names.items():
        if long != short:
            notes.append(tr(
                "The field {long} is called {short}: names in a shapefile have ten characters."
            ).format(long=long, short=short))
    return [OutField(f.source, names[f.source], f.kind, f.index, f.length, f.precision) for f in fields]


def _distinct(fields: List[OutField], taken: set, notes: List[str]) -> List[OutField]:
    result = []
    for item in fields:
        name, number = item.name, 2
        while name.lower() in taken:
            name, number = f"{item.name}_{number}", number + 1
        taken.add(name.lower())
        if name != item.name:
            notes.append(tr(
                "The field {name} is called {name_2}: the coordinates have its name."
            ).format(name=item.name, name_2=name))
        result.append(OutField(item.source, name, item.kind, item.index, item.length, item.precision))
    return result


def run(
    plan: Plan, report: Report = lambda fraction, message: None, cancelled: Callable[[], bool] = lambda: False
) -> Outcome:
    """Write the files of ``plan``; in any thread.

    Raises
    ------
    StillpointError
        The place cannot be written to, or the disk is full. Nothing is left under the final names.
    Cancelled
        ``cancelled`` returned True. Nothing is left either.
    """
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{plan.path.stem}-", suffix=".partial", dir=plan.path.parent))
        count, notes = _write(plan, folder, report, cancelled)
        report(0.97, tr("Finishing"))
        _write_companions(plan, folder)
        files = _publish(plan, folder)
    except OSError as error:
        raise _explained(plan.path, error) from None
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    report(1.0, "Done")
    return Outcome(files, count, [*plan.notes, *notes])


def _write(plan: Plan, folder: Path, report: Report, cancelled: Callable[[], bool]) -> Tuple[int, List[str]]:
    """Write points into ``folder``; return their number and sentences on texts that were cut."""
    target = folder / plan.path.name
    sink: Union[TableSink, LayerSink]
    if plan.suffix == ".csv":
        sink = TableSink(target, plan.fields)
    else:
        items = plan.items if plan.suffix == ".gpkg" else {}
        sink = LayerSink(target, DRIVERS[plan.suffix], plan.fields, plan.crs, plan.context, items)
    beside = None
    if plan.series == "beside" and plan.dates is not None:
        beside = SeriesBeside(folder / f"{plan.path.stem}_series.csv", plan.fields, plan.dates)
    count = 0
    try:
        for feature, values, series in _rows(plan):
            if count % _EVERY == 0:
                if cancelled():
                    raise Cancelled
                report(0.95 * count / max(plan.count, 1), tr("{count:,} points").format(count=count))
            sink.add(feature, values)
            if beside is not None and series is not None:
                beside.add(count, values, series)
            count += 1
    finally:
        sink.close()
        if beside is not None:
            beside.close()
    sink.check(count)
    return count, sink.notes()


def _rows(plan: Plan) -> Iterator[Tuple[QgsFeature, List[Any], Optional[np.ndarray]]]:
    """Yield each feature with the values to write and its series in mm."""
    with_series = plan.series != "none"
    digits = 2 if plan.suffix == ".shp" else 3
    epochs = 0 if plan.dates is None else len(plan.dates)
    for feature in plan.source.getFeatures(plan.request):
        values = [feature.attribute(item.index) for item in plan.fields if item.index >= 0]
        series = None
        if with_series:
            series = read_series(feature, plan.packed, plan.columns, epochs, scale=plan.scale)
            if plan.series == "packed":
                values.append(QByteArray(series.astype("<f4").tobytes()))
            elif plan.series == "columns":
                values.extend(None if value != value else round(value, digits) for value in series.tolist())
        yield feature, values, series


def _write_companions(plan: Plan, folder: Path) -> None:
    """Write styles and the description beside formats that cannot hold them."""
    stem = plan.path.stem
    if plan.suffix == ".shp":
        for suffix, text in plan.styles.items():
            (folder / f"{stem}{suffix}").write_text(text, encoding="utf-8")
    if plan.suffix != ".gpkg" and (plan.items or plan.crs.isValid()):
        crs = plan.crs.authid() or plan.crs.toWkt()
        described = [{"name": item.name, "was": item.source} for item in plan.fields]
        form = {"crs": crs, "metadata": plan.items, "fields": described}
        text = json.dumps(form, indent=1, ensure_ascii=False)
        (folder / f"{stem}.stillpoint.json").write_text(text, encoding="utf-8")


def _publish(plan: Plan, folder: Path) -> List[str]:
    """Give the finished files their final names, the main one last; return them, the main one first."""
    found = [item for item in folder.iterdir() if item.is_file()]
    written = sorted(found, key=lambda item: item.name, reverse=True)
    written.sort(key=lambda item: item.name == plan.path.name)
    if plan.suffix == ".shp":
        # An index of the file that is replaced would point at the wrong records.
        for suffix in (".qix", ".sbn", ".sbx", ".idm", ".ind"):
            stale = plan.path.with_suffix(suffix)
            if stale.exists():
                stale.unlink()
    files = []
    for item in written:
        final = plan.path.parent / item.name
        os.replace(item, final)
        files.append(str(final))
    return files[::-1]


def _explained(path: Path, error: OSError) -> StillpointError:
    """Return what went wrong in the user's words."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1), errno.EFBIG):
        return StillpointError(
            tr(
                "There is no space left on the disk of {parent}, so {name} was not written. Free some, or choose "
                "another folder."
            ).format(parent=path.parent, name=path.name)
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) or isinstance(error, PermissionError):
        return StillpointError(
            tr(
                "{parent} cannot be written to, or {name} is open in another program. Close it there, or choose "
                "another folder."
            ).format(parent=path.parent, name=path.name)
        )
    return StillpointError(tr(
        "{path} cannot be written: {strerror}. Choose another folder."
    ).format(path=path, strerror=error.strerror or error))


def store_style(path: str, qml: str) -> bool:
    """Make ``qml`` the default style inside a GeoPackage, so that it opens coloured; on the main thread."""
    layer = QgsVectorLayer(path, Path(path).stem, "ogr")
    if not layer.isValid():
        return False
    from qgis.PyQt.QtXml import QDomDocument

    document = QDomDocument()
    document.setContent(qml)
    good, _ = layer.importNamedStyle(document)
    if good:
        layer.saveStyleToDatabase("trends", "Trend classes", True, "")
    return bool(good)
