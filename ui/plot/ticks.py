"""Where the ticks of an axis stand. Pure arithmetic, without Qt."""

from __future__ import annotations

import math
from typing import List, Tuple

import numpy as np

Tick = Tuple[float, str]

_DAY_STEPS = (1, 2, 5, 10)
_MONTH_STEPS = (1, 2, 3, 6)
_YEAR_STEPS = (1, 2, 5, 10, 20, 50)


def days_of(dates: np.ndarray) -> np.ndarray:
    """Return dates as float64 days since 1970-01-01, NaT as NaN."""
    days = np.asarray(dates, dtype="datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))


def day_text(day: float) -> str:
    """Return a day since 1970-01-01 as ISO text."""
    return str(np.datetime64(round(day), "D"))


def number_ticks(low: float, high: float, most: int) -> List[Tick]:
    """Return at most about ``most`` round values between ``low`` and ``high`` with their labels."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [(index * step, number_text(index * step, digits)) for index in range(first, last + 1)]


def number_text(value: float, digits: int) -> str:
    """Return a number with a real minus sign and no minus zero."""
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")


def date_ticks(low: float, high: float, most: int) -> List[Tick]:
    """Return at most about ``most`` dates between two days since 1970: first days of years, months, or days."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return []
    span = high - low
    for step in _DAY_STEPS:
        if span / step <= most and span < 60:
            first = math.ceil(low / step) * step
            days = np.arange(first, math.floor(high) + 1, step)
            return [(float(day), day_text(day)) for day in days]
    for step in _MONTH_STEPS:
        if span / (30.44 * step) <= most:
            return _months(low, high, step)
    for step in _YEAR_STEPS:
        if span / (365.25 * step) <= most or step == _YEAR_STEPS[-1]:
            return [tick for tick in _months(low, high, 12 * step, offset=True)]
    return []


def _months(low: float, high: float, step: int, *, offset: bool = False) -> List[Tick]:
    """Return the first days of every ``step``-th month between two days; years where the step is whole years."""
    start = int(np.datetime64(math.floor(low), "D").astype("datetime64[M]").astype(int))
    stop = int(np.datetime64(math.ceil(high), "D").astype("datetime64[M]").astype(int))
    ticks = []
    for month in range(start, stop + 1):
        # 1970 is no multiple of 20 years: count years from the year 0.
        count = month + 1970 * 12 if offset else month
        if count % step:
            continue
        first = np.datetime64(month, "M").astype("datetime64[D]")
        day = float(first.astype(int))
        if low <= day <= high:
            ticks.append((day, str(first)[:4] if step % 12 == 0 else str(first)[:7]))
    return ticks
