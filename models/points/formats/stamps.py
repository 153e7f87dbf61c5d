"""Reads the table that StaMPS-Visualizer exports: no names, dates as day numbers in the first row.

The first row after the header is the reference: longitude, latitude, NaN, then the date of each series
column as MATLAB's datenum minus one (days since 0000-01-01). The others are points: longitude, latitude, mean
velocity in mm/yr, displacement in mm.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import List, Optional, Sequence

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import DateColumns, order_dates
from stillpoint.models.points.formats.cells import sample_columns
from stillpoint.models.points.formats.delimited import DelimitedSource, row_count
from stillpoint.models.points.formats.text import TextFile, read_dialect
from stillpoint.models.points.places import Place, user_crs
from stillpoint.models.points.plan import TablePlan
from stillpoint.models.points.sensors import guess_sensor
from stillpoint.models.points.table import Attribute, PointLayout
from stillpoint.models.points.units import decide_unit

_FIRST = 3
"""Columns before the series: longitude, latitude, velocity."""
_DAY_ZERO = 365
"""Days from 0000-01-01 to 0001-01-01 less one, so that Python's ordinal is the file's number minus this."""
_EARLIEST, _LATEST = dt.date(1978, 1, 1).toordinal() + _DAY_ZERO, dt.date(2100, 1, 1).toordinal() + _DAY_ZERO


def _days(row: Sequence[str]) -> Optional[List[float]]:
    """Return the day numbers in the reference ``row``, or None where it is none."""
    if len(row) < _FIRST + 2 or row[2].strip().lower() not in ("nan", "", "na"):
        return None
    try:
        numbers = [float(cell) for cell in row[_FIRST:]]
        float(row[0]), float(row[1])
    except ValueError:
        return None
    return numbers if all(_EARLIEST <= number <= _LATEST for number in numbers) else None


def looks_like_stamps(file: TextFile) -> bool:
    """Whether the first row of the table is StaMPS-Visualizer's row of dates."""
    lines = [line for line in file.head(1 << 18).decode("utf-8", errors="replace").splitlines()[:6] if line.strip()]
    return any(_days(line.lstrip("\ufeff").split(",")) is not None for line in lines[:3])


def open_stamps(file: TextFile, *, unit: str = "auto", crs: Optional[str] = None) -> DelimitedSource:
    """Open a table of StaMPS-Visualizer.

    Raises
    ------
    StillpointError
        It has no points, or a unit that cannot be right.
    """
    dialect = read_dialect(file)
    days = _days(dialect.rows[0])
    if days is None:
        # Without a header the row of dates was taken for it.
        days = _days(dialect.names)
        reference, points, skip = dialect.names, dialect.rows, dialect.skip
    else:
        reference, points, skip = dialect.rows[0], dialect.rows[1:], dialect.skip + 1
    if days is None or not points:
        raise StillpointError(f"{file.path} has StaMPS's row of dates but no points.")
    calendar = np.array([dt.date.fromordinal(round(day) - _DAY_ZERO) for day in days], dtype="datetime64[D]")
    order, groups, notes = order_dates(calendar)
    distinct = calendar[order] if groups is None else calendar[order][groups]
    if len(distinct) < 2:
        raise StillpointError(f"{file.path} has only one epoch ({distinct[0]}); a displacement series needs at least two.")
    names = ["lon", "lat", "mean_velocity", *(f"D{str(day).replace('-', '')}" for day in calendar)]
    rows = [row for row in points if len(row) == len(names)][:400]
    if not rows:
        raise StillpointError(f"{file.path}, row 2: {len(points[0])} cells instead of {len(names)}.")
    columns = sample_columns(names, rows, ".", False)
    dates = DateColumns(distinct, order + _FIRST, groups, ("", ""), (), tuple(notes))
    sample = dates.merge(np.column_stack([columns[i].values for i in dates.columns]).astype(np.float32))
    chosen, reason, unit_notes = decide_unit(sample, file.path, given=unit, known=("mm", "format (StaMPS-Visualizer)"))
    sensor, wavelength, sensor_notes = guess_sensor(distinct)
    where = user_crs(crs) if crs else "EPSG:4326"
    count = row_count(file, dialect)
    layout = PointLayout(
        path=file.path, format="StaMPS-Visualizer CSV", dates=distinct, unit=chosen, unit_reason=reason, crs=where,
        count=None if count is None else count - (skip - dialect.skip),
        attributes=(Attribute("mean_velocity", "real"),), wavelength=wavelength, sensor=sensor,
        notes=(f"The reference point lies at {reference[0].strip()}, {reference[1].strip()}.", *notes, *unit_notes, *sensor_notes),
    )
    plan = TablePlan(layout, dates, Place(0, 1, where), (2,))
    return DelimitedSource(file, replace(dialect, names=names), plan, skip=skip)
