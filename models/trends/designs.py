"""Time axes and design matrices of the trend models. numpy only."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError

DAYS_PER_YEAR = 365.25
_ORIGIN = np.datetime64("2000-01-01", "D")


class Axis(NamedTuple):
    """The epochs of a file in the units that the fits use.

    Attributes
    ----------
    dates
        (e,) datetime64[D], ascending.
    order
        (e,) int, position of each ascending date in the dates as given.
    years
        (e,) float64, years since the first date.
    x
        (e,) float64, position in the span, -1 at the first date and +1 at the last.
    span
        float, years between the first and the last date.
    annual
        whether an annual term can be told from a trend on these dates.
    """

    dates: np.ndarray
    order: np.ndarray
    years: np.ndarray
    x: np.ndarray
    span: float
    annual: bool

    def position(self, dates: np.ndarray) -> np.ndarray:
        """Return the x of any ``dates`` (datetime64)."""
        years = (dates.astype("datetime64[D]") - self.dates[0]) / np.timedelta64(1, "D") / DAYS_PER_YEAR
        return 2.0 * years / self.span - 1.0


def time_axis(dates: np.ndarray, *, annual: Optional[bool] = None) -> Axis:
    """Return the time axis of ``dates``.

    Parameters
    ----------
    dates
        (e,) datetime64, in any order; a date may stand twice.
    annual
        force the annual term on or off; by default it is on where it can be estimated
        (:func:`annual_is_estimable`).

    Raises
    ------
    StillpointError
        If a date is missing, or all dates are one and the same.
    """
    days = np.asarray(dates).astype("datetime64[D]")
    if days.ndim != 1 or days.size == 0:
        raise StillpointError("The series have no dates. Choose the columns that hold the displacement of each date.")
    if np.isnat(days).any():
        raise StillpointError(f"Date number {int(np.flatnonzero(np.isnat(days))[0]) + 1} of the series can't be read.")
    order = np.argsort(days, kind="stable")
    days = days[order]
    years = (days - days[0]) / np.timedelta64(1, "D") / DAYS_PER_YEAR
    span = float(years[-1])
    if span <= 0.0:
        raise StillpointError("All epochs of the series have the same date, so no trend can be found in them.")
    if annual is None:
        annual = annual_is_estimable(days)
    return Axis(days, order, years, 2.0 * years / span - 1.0, span, annual)


def annual_is_estimable(dates: np.ndarray) -> bool:
    """Return whether ``dates`` span at least 1.5 years and fall into at least nine calendar months."""
    span = float((dates.max() - dates.min()) / np.timedelta64(1, "D")) / DAYS_PER_YEAR
    months = np.unique(dates.astype("datetime64[M]").astype(int) % 12)
    return span >= 1.5 and months.size >= 9


def annual_columns(dates: np.ndarray) -> np.ndarray:
    """Return sine and cosine of the year, (e, 2) float64, for ``dates`` (e,) datetime64."""
    years = (dates.astype("datetime64[D]") - _ORIGIN) / np.timedelta64(1, "D") / DAYS_PER_YEAR
    return np.stack([np.sin(2 * np.pi * years), np.cos(2 * np.pi * years)], axis=1)


def trend_columns(axis: Axis) -> Tuple[np.ndarray, int]:
    """Return the columns 1, [sin, cos], x, x² and how many of them the model C (with annual term) has.

    The order nests the models: the first ``p`` columns are C, ``p + 1`` are L and ``p + 2`` are Q, so that
    one Cholesky factor serves all three.

    Returns
    -------
    columns
        (e, p + 2) float64.
    p
        int, 3 with the annual term, 1 without.
    """
    parts: List[np.ndarray] = [np.ones((axis.x.size, 1))]
    if axis.annual:
        parts.append(annual_columns(axis.dates))
    parts += [axis.x[:, None], axis.x[:, None] ** 2]
    return np.concatenate(parts, axis=1), 3 if axis.annual else 1
