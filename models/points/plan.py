"""From the columns of a table to the layout of a point source: the same for text and vector files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.points.dates import DateColumns, find_dates
from stillpoint.models.points.formats.known import recognise
from stillpoint.models.points.places import Place, find_place, user_crs
from stillpoint.models.points.sensors import guess_sensor, sensor_of_wavelength
from stillpoint.models.points.table import Attribute, PointLayout
from stillpoint.models.points.units import decide_unit, unit_of_names

_IDENTIFIERS = ("pid", "pnt_id", "id", "code", "ps_id", "psid", "point_id", "pointid", "fid", "name", "point", "uid")


@dataclass(frozen=True)
class SampleColumn:
    """A column and some of its values.

    Attributes
    ----------
    name, kind
        Name, and ``"text"``, ``"integer"`` or ``"real"``.
    values
        float64, shape (s,), NaN where missing or no number; the same rows for every column.
    """

    name: str
    kind: str
    values: np.ndarray

    @property
    def attribute(self) -> Attribute:
        """The column as an attribute of points."""
        return Attribute(self.name, self.kind)


@dataclass(frozen=True)
class TablePlan:
    """Which column of a table is what.

    Attributes
    ----------
    layout
        Layout of the points.
    dates
        The columns of the series.
    place
        The coordinate columns, or None where the points have geometries.
    attributes
        Index of the column of each attribute of the layout.
    """

    layout: PointLayout
    dates: DateColumns
    place: Optional[Place]
    attributes: Tuple[int, ...]


def plan_table(
    columns: Sequence[SampleColumn],
    path: str,
    *,
    format: str = "",
    family: Optional[str] = None,
    unit: str = "auto",
    crs: Optional[str] = None,
    layer_crs: Optional[str] = None,
    count: Optional[int] = None,
    notes: Sequence[str] = (),
    own_wavelength: Optional[float] = None,
) -> TablePlan:
    """Decide what every column is.

    Parameters
    ----------
    columns
        The columns with a sample of their values.
    path
        File, for messages.
    format
        Container for people where it is not a text table (``"GPKG layer x"``).
    family
        Prefix of the date columns to take where there are several quantities.
    unit, crs
        As the user gave them.
    layer_crs
        CRS of the geometries; None where the points have none and coordinate columns are needed.
    count
        Number of points, or None.
    notes
        What the reader has to say already.
    own_wavelength
        Metres, where Stillpoint wrote the file: its displacements are then millimetres, whatever the fields are called.

    Raises
    ------
    StillpointError
        No dates, no coordinates, a unit that cannot be right.
    """
    names = [column.name for column in columns]
    known = recognise(names, path)
    dates = find_dates(names, path, family=family)
    series = set(dates.columns.tolist()) | set(dates.others)
    place = None
    if layer_crs is None:
        samples = [np.full(1, np.nan) if i in series else column.values for i, column in enumerate(columns)]
        hidden = ["" if i in series else name for i, name in enumerate(names)]
        place = find_place(hidden, samples, path, given=crs, projected=known.projected)
    sample = np.column_stack([columns[i].values for i in dates.columns]) if columns else np.empty((0, 0))
    header = unit_of_names(dates.label, (name for i, name in enumerate(names) if i not in series))
    fixed = (known.unit, f"format ({known.name})")
    if own_wavelength is not None:
        header, fixed = ("", ""), ("mm", "format (Stillpoint)")
    chosen, reason, unit_notes = decide_unit(
        dates.merge(sample.astype(np.float32)), path, given=unit, header=header, known=fixed
    )
    sensor, wavelength = known.sensor, known.wavelength
    sensor_notes: List[str] = []
    if own_wavelength is not None:
        sensor, wavelength = known.sensor or sensor_of_wavelength(own_wavelength), own_wavelength
    if wavelength is None:
        sensor, wavelength, sensor_notes = guess_sensor(dates.dates)
    taken = series | ({place.x, place.y} if place else set())
    order = attributes_first([i for i in range(len(names)) if i not in taken], names)
    where = place.crs if place else (user_crs(crs) if crs else layer_crs or "")
    crs_notes = list(place.notes) if place else []
    if place is None and not where:
        crs_notes.append("The layer has no coordinate reference system: set it to see the points at their place.")
    generic = known.name == "Table with date columns"
    layout = PointLayout(
        path=path,
        format=(format if generic else f"{known.name}, {format}") if format else known.name,
        dates=dates.dates,
        unit=chosen,
        unit_reason=reason,
        crs=where,
        count=count,
        attributes=tuple(Attribute(names[i], columns[i].kind) for i in order),
        wavelength=wavelength,
        sensor=sensor,
        notes=(*notes, *known.notes, *dates.notes, *unit_notes, *crs_notes, *sensor_notes),
    )
    return TablePlan(layout, dates, place, tuple(order))


def attributes_first(indices: List[int], names: Sequence[str]) -> List[int]:
    """Return ``indices`` with those of identifiers before the others."""

    def rank(index: int) -> int:
        name = names[index].strip().lower()
        return _IDENTIFIERS.index(name) if name in _IDENTIFIERS else len(_IDENTIFIERS)

    return sorted(indices, key=rank)
