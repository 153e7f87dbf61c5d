"""Data and labels of a training as the engine reads them: layers become files, a chosen field the one that is looked for."""

from __future__ import annotations

import csv
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, List, Optional, Sequence, Tuple, TypeVar, Union

from qgis.core import NULL, QgsFeatureRequest, QgsField, QgsVectorLayer, QgsVectorLayerFeatureSource
from qgis.PyQt.QtCore import QVariant

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import DescribeTraining
from stillpoint.plugin import sources
from stillpoint.plugin.language import tr
from stillpoint.plugin.sources import PointSource

LABEL_FIELDS = ("label", "trend_code", "trend")
"""Fields of points that the engine looks for labels in; the first that is there counts."""

_IDENTIFIERS = ("pid", "id", "point_id", "ps_id", "uid", "code")
_KINDS = (QVariant.String, QVariant.Int, QVariant.LongLong, QVariant.UInt, QVariant.ULongLong)
_DATE = re.compile(r"(19|20)\d\d[-_]?[01]\d[-_]?[0-3]\d")
_MOST = 6
"""Fields that are tried as identifiers."""

Described = TypeVar("Described", bound=DescribeTraining)

Source = Union[str, PointSource]
"""A file that the engine opens, or points that may have to be written for it first."""


class Column:
    """The labels in a field of the points that are learned from. Made on the main thread; :meth:`write` may run in any other.

    Parameters
    ----------
    layer
        The points.
    field
        The field that holds their labels.

    Raises
    ------
    StillpointError
        There is no such field.
    """

    def __init__(self, layer: QgsVectorLayer, field: str) -> None:
        self._name, self._field = layer.name(), field
        self._fields = layer.fields()
        self._at = self._fields.lookupField(field)
        if self._at < 0:
            raise StillpointError(tr("The layer {name} has no field {field}.").format(name=self._name, field=field))
        self._source = QgsVectorLayerFeatureSource(layer)

    def write(self, path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Write a table with an identifier of each point, or its number where no field tells the points apart, and its label.

        Raises
        ------
        StillpointError
            No point has a label, or the table cannot be written.
        Cancelled
            ``cancelled`` returned True.
        """
        candidates = [index for index in range(len(self._fields)) if index != self._at and _may_name(self._fields.at(index))]
        candidates = sorted(candidates, key=lambda index: self._fields.at(index).name().lower() not in _IDENTIFIERS)[:_MOST]
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setSubsetOfAttributes([*candidates, self._at])
        rows: List[List[str]] = []
        for number, feature in enumerate(self._source.getFeatures(request)):
            if number % 1000 == 0 and cancelled():
                raise Cancelled
            rows.append([_text(feature.attribute(index)) for index in (*candidates, self._at)])
        if not any(row[-1] for row in rows):
            raise StillpointError(tr(
                "The field {field} of {name} is empty: choose the one that holds the labels."
            ).format(field=self._field, name=self._name))
        unique = [place for place in range(len(candidates)) if len({row[place] for row in rows}) == len(rows)]
        if unique:
            head, keys = self._fields.at(candidates[unique[0]]).name(), [row[unique[0]] for row in rows]
        else:
            head, keys = "feature", [str(number) for number in range(1, len(rows) + 1)]
        try:
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow([head, LABEL_FIELDS[0]])
                writer.writerows((key, row[-1]) for key, row in zip(keys, rows))
        except OSError as error:
            raise StillpointError(tr(
                "The labels cannot be written to {path}: {strerror}."
            ).format(path=path, strerror=error.strerror or error)) from error


def _may_name(field: QgsField) -> bool:
    """Tell whether the values of a field can be identifiers: texts or whole numbers, and no date of a series."""
    return field.type() in _KINDS and not _DATE.search(field.name())


def _text(value: Any) -> str:
    return "" if value is None or value == NULL else str(value).strip()


@dataclass(frozen=True)
class Given:
    """Data and labels as the user chose them. Made on the main thread; :func:`written` may run in any other.

    Attributes
    ----------
    data
        What to learn from; empty simulates.
    labels
        A word that the engine knows, a file, points, or None.
    columns
        For each of the data its labels, where they are in a field that the engine does not look for.
    """

    data: Tuple[Source, ...] = ()
    labels: Optional[Source] = None
    columns: Tuple[Column, ...] = ()


def of_own_field(data: Sequence[Union[QgsVectorLayer, str]], field: str) -> Given:
    """Return points, layers or files, whose labels are in one of their own fields; to be called on the main thread.

    Raises
    ------
    StillpointError
        A layer is broken, or has no such field.
    """
    found: List[Source] = []
    columns: List[Column] = []
    for each in data:
        layer = QgsVectorLayer(each, Path(each).stem, "ogr") if isinstance(each, str) else each
        found.append(sources.from_file(each) if isinstance(each, str) else sources.from_layer(each))
        if field and not _is_known(layer, field):
            if not layer.isValid():
                raise StillpointError(
                    tr(
                        "QGIS cannot open {each} as a layer, so its field {field} cannot be read. Name that field "
                        "{value}."
                    ).format(each=each, field=field, value=LABEL_FIELDS[0])
                )
            columns.append(Column(layer, field))
    if columns and len(columns) < len(found):
        raise StillpointError(tr(
            "The field {field} is not in all of the data. Name the field of labels {value} in each."
        ).format(field=field, value=LABEL_FIELDS[0]))
    return Given(tuple(found), None, tuple(columns))


def _is_known(layer: QgsVectorLayer, field: str) -> bool:
    """Tell whether the engine finds the labels of a layer in ``field`` by itself."""
    lower = [each.name().lower() for each in layer.fields()] if layer.isValid() else []
    # trend and trend_code mean the same, and label counts before both.
    return field.lower() == LABEL_FIELDS[0] or (field.lower() in LABEL_FIELDS and LABEL_FIELDS[0] not in lower)


def labelled(layer: QgsVectorLayer, field: str, *, selected_only: bool = False) -> PointSource:
    """Return the points of a layer with their labels in a field that the engine looks for.

    To be called on the layer's thread.

    Parameters
    ----------
    layer
        Points with labels.
    field
        The field that holds them; empty where it has a name that the engine knows.
    selected_only
        Takes the selected features alone.

    Raises
    ------
    StillpointError
        There is no such field, or another one has the name that is needed.
    """
    names = [each.name() for each in layer.fields()]
    lower = [name.lower() for name in names]
    if field and field not in names:
        raise StillpointError(tr("The layer {name} has no field {field}.").format(name=layer.name(), field=field))
    if not field or _is_known(layer, field):
        return sources.from_layer(layer, selected_only=selected_only)
    if LABEL_FIELDS[0] in lower:
        raise StillpointError(
            tr(
                "The layer {name} has a field {value} beside {field}: choose that, or rename it, so that it is "
                "clear which one holds the labels."
            ).format(name=layer.name(), value=LABEL_FIELDS[0], field=field)
        )
    copy = layer.clone()
    if selected_only:
        copy.selectByIds(layer.selectedFeatureIds())
    kind = layer.fields().at(names.index(field)).type()
    if kind not in (QVariant.Int, QVariant.LongLong):
        kind = QVariant.String
    copy.addExpressionField(f'"{field}"', QgsField(LABEL_FIELDS[0], kind))
    return sources.from_layer(copy, selected_only=selected_only)


def from_file(path: str, field: str) -> PointSource:
    """Return the points of a file with their labels; see :func:`labelled`."""
    if not field or field.lower() in LABEL_FIELDS:
        return sources.from_file(path)
    layer = QgsVectorLayer(path, Path(path).stem, "ogr")
    if not layer.isValid():
        raise StillpointError(tr(
            "QGIS cannot open {path} as a layer, so its field {field} cannot be read. Name that field label."
        ).format(path=path, field=field))
    return labelled(layer, field)


def written(
    job: Described,
    given: Given,
    folder: Path,
    *,
    report: Callable[[float, str], None] = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Described:
    """Return ``job`` with the files of ``given``, writing layers that the engine cannot read as they are.

    Parameters
    ----------
    job
        A training, or the description of one.
    given
        What the user chose.
    folder
        An existing folder for what is written.
    report, cancelled
        As in a background task.

    Raises
    ------
    StillpointError
        A layer cannot be written.
    Cancelled
        ``cancelled`` returned True.
    """
    def path_of(source: Source) -> str:
        if isinstance(source, str):
            return source
        if source.must_be_written:
            report(0.0, tr("Writing {name} for the engine").format(name=source.name))
        done = source.write(folder, cancelled=cancelled)
        return f"{done.path}|layername={done.layer}" if done.layer else done.path

    data = tuple(path_of(source) for source in given.data)
    labels = None if given.labels is None else path_of(given.labels)
    if given.columns:
        report(0.0, tr("Writing the labels for the engine"))
        labels = _tables(data, given.columns, folder, cancelled)
    return replace(job, data=data or None, labels=labels)


def _tables(data: Sequence[str], columns: Sequence[Column], folder: Path, cancelled: Callable[[], bool]) -> str:
    """Write the labels of each of the data as a table; return the table, or the folder of several, each named like its data."""
    stems = [Path(path.partition("|")[0]).stem for path in data]
    if len(set(stems)) < len(stems):
        twice = max(stems, key=stems.count)
        raise StillpointError(tr(
            "Two of the data come from files of one name ({twice}): train with one of them."
        ).format(twice=twice))
    target = Path(tempfile.mkdtemp(prefix="labels-", dir=str(folder)))
    paths = [target / f"{stem}.csv" for stem in stems]
    for path, column in zip(paths, columns):
        column.write(path, cancelled=cancelled)
    return str(paths[0] if len(paths) == 1 else target)
