"""Data and labels of a training as the engine reads them: layers become files, a chosen field the one that is looked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, List, Optional, Sequence, Tuple, Union

from qgis.core import QgsField, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeTraining
from stillpoint.plugin import sources
from stillpoint.plugin.sources import PointSource

LABEL_FIELDS = ("label", "trend_code")
"""Fields of points that the engine looks for labels in."""

Source = Union[str, PointSource]
"""A file that the engine opens, or points that may have to be written for it first."""


@dataclass(frozen=True)
class Given:
    """Data and labels as the user chose them. Made on the main thread; :func:`written` may run in any other.

    Attributes
    ----------
    data
        What to learn from; empty simulates.
    labels
        A word that the engine knows, a file, points, or None.
    """

    data: Tuple[Source, ...] = ()
    labels: Optional[Source] = None


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
        raise StillpointError(f"The layer {layer.name()} has no field {field}.")
    wanted = field.lower() if field else next((name for name in LABEL_FIELDS if name in lower), "")
    if not wanted:
        raise StillpointError(f"Choose the field of {layer.name()} that holds the labels.")
    first = next((name for name in LABEL_FIELDS if name in lower), None)
    if wanted == first:
        return sources.from_layer(layer, selected_only=selected_only)
    if LABEL_FIELDS[0] in lower:
        raise StillpointError(
            f"The layer {layer.name()} has a field {LABEL_FIELDS[0]} beside {field}: choose that, or rename it, so that it is "
            "clear which one holds the labels."
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
        raise StillpointError(f"QGIS cannot open {path} as a layer, so its field {field} cannot be read. Name that field label.")
    return labelled(layer, field)


def written(
    job: DescribeTraining,
    given: Given,
    folder: Path,
    *,
    report: Callable[[float, str], None] = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> DescribeTraining:
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
            report(0.0, f"Writing {source.name} for the engine")
        done = source.write(folder, cancelled=cancelled)
        return f"{done.path}|layername={done.layer}" if done.layer else done.path

    data = tuple(path_of(source) for source in given.data)
    labels = None if given.labels is None else path_of(given.labels)
    return replace(job, data=data or None, labels=labels)


def names_of(data: Sequence[Source]) -> List[str]:
    """Return data for people."""
    return [Path(source).name if isinstance(source, str) else source.name for source in data]
