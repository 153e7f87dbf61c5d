"""What the series viewer holds: the points picked, their fits, and the chart and table made of them."""

from __future__ import annotations

import csv
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
from qgis.core import QgsGeometry, QgsPointXY, QgsVectorLayer

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.classes import LINEAR, NAMES
from stillpoint.models.trends.curves import SeriesFit, explain_series
from stillpoint.plugin.language import tr
from stillpoint.plugin.series import AreaSeries, PointSeries
from stillpoint.plugin.styles import velocity
from stillpoint.plugin.styles.palette import COMPARE, ClassLook, look_of
from stillpoint.ui.plot.content import Band, Content, Dots, Line, Mark
from stillpoint.ui.plot.ticks import days_of, number_text

IDENTIFIERS = ("pid", "ps_id", "psid", "point_id", "code", "id", "name", "fid_1", "num", "gid")
"""Attributes that name a point, in the order of preference."""

_MARK = "#6B4FA0"
"""Colour of breaks and jumps: none of a class."""

_PLAIN = "#42526B"
"""Colour of the dots where only one point is shown, so that the fitted line stands out in its class's colour."""


@dataclass(eq=False)  # one pick is another, whatever they hold: arrays have no equality
class Pick:
    """One thing that the viewer shows: a point, or the points inside a polygon."""

    layer: QgsVectorLayer
    dates: np.ndarray
    series: Union[PointSeries, AreaSeries]
    wavelength: Optional[float] = None
    polygon: Optional[QgsGeometry] = None
    classified: bool = False
    colour: str = COMPARE[0]
    marker: Any = None
    direction: str = velocity.SIGHT
    _fits: Dict[int, Tuple[Any, SeriesFit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Ask the layer which way its displacements count, while it is there."""
        known = str(self.layer.customProperty(velocity.PROPERTY) or "") if isinstance(self.layer, QgsVectorLayer) else ""
        self.direction = known if known in velocity.DIRECTIONS else self.direction

    @property
    def is_area(self) -> bool:
        """True for a polygon."""
        return isinstance(self.series, AreaSeries)

    @property
    def attributes(self) -> Dict[str, Any]:
        """Return the attributes of a point; none for a polygon."""
        return self.series.attributes if isinstance(self.series, PointSeries) else {}

    @property
    def point(self) -> Optional[QgsPointXY]:
        """Return where a point lies, in the layer's CRS."""
        return self.series.point if isinstance(self.series, PointSeries) else None

    @property
    def displacement(self) -> np.ndarray:
        """Return the series, float32 of shape (e,), mm: the median for a polygon."""
        return self.series.median if isinstance(self.series, AreaSeries) else self.series.displacement

    @property
    def label(self) -> str:
        """Return what the pick is called."""
        if isinstance(self.series, AreaSeries):
            return tr("Median of {count:,} points").format(count=self.series.count)
        by_lower = {name.lower(): value for name, value in self.attributes.items()}
        for name in IDENTIFIERS:
            if by_lower.get(name) not in (None, ""):
                return tr("Point {by_lower}").format(by_lower=by_lower[name])
        return tr("Point {fid}").format(fid=self.series.fid)

    @property
    def code(self) -> Optional[int]:
        """Return the class code, None where not classified."""
        return look_of(self.attributes.get("trend_code")).code

    @property
    def look(self) -> ClassLook:
        """Return the look of the class."""
        return look_of(self.attributes.get("trend_code"))

    def shown(self, reference: Optional[Pick]) -> np.ndarray:
        """Return the series less that of the reference, float64 of shape (e,), mm."""
        values = self.displacement.astype(np.float64)
        if reference is None or reference is self:
            return values
        return values - at_dates(reference, self.dates)

    def fit(self, reference: Optional[Pick]) -> SeriesFit:
        """Return the fitted curve of the series shown; kept, because toggles ask again."""
        key = 0 if reference is None or reference is self else id(reference)
        if key not in self._fits:
            code = self.code
            given = self.attributes.get("break_date") if key == 0 else None
            try:
                day = None if given is None else np.datetime64(str(given)[:10].replace("/", "-"), "D")
            except ValueError:
                day = None
            found = explain_series(
                self.dates, self.shown(reference), LINEAR if code is None else code,
                break_date=day, wavelength=self.wavelength,
            )
            # The reference is kept with its fit, so that its id is not given to another one meanwhile.
            self._fits[key] = (reference, found)
        return self._fits[key][1]


def at_dates(pick: Pick, dates: np.ndarray) -> np.ndarray:
    """Return the series of ``pick`` at other dates: interpolated in between, NaN outside its span."""
    if len(pick.dates) == len(dates) and bool((pick.dates == dates).all()):
        return pick.displacement.astype(np.float64)
    days, values = days_of(pick.dates), pick.displacement.astype(np.float64)
    kept = np.isfinite(values)
    if not kept.any():
        return np.full(len(dates), np.nan)
    return np.interp(days_of(dates), days[kept], values[kept], left=np.nan, right=np.nan)


@dataclass(frozen=True)
class Options:
    """What the chart shows beside the measured values."""

    trend: bool = True
    annual: bool = True
    corrected: bool = False


def chart_content(
    picks: Sequence[Pick], current: Optional[Pick], reference: Optional[Pick], options: Options
) -> Content:
    """Return the chart of the picks: all as dots and trend, the current one with band, break and jumps."""
    content = Content()
    directions = {pick.direction for pick in picks}
    if directions:
        about = velocity.DIRECTIONS[next(iter(directions))]
        content.axis, content.short_axis = (about.axis, about.short_axis) if len(directions) == 1 else (tr("Displacement"), "")
    if reference is not None:
        content.axis = tr("{axis}, relative to {label}").format(axis=content.axis, label=reference.label)
        content.short_axis = tr("relative to {label}").format(label=reference.label)
    # Less its own series the reference would be a row of zeros.
    drawn = [pick for pick in picks if pick is not reference] or list(picks)
    several = len(picks) > 1
    for pick in drawn:
        _add(content, pick, pick is current, reference, options, several)
    return content


def _add(
    content: Content, pick: Pick, is_current: bool, reference: Optional[Pick], options: Options, several: bool
) -> None:
    fit = pick.fit(reference)
    days = days_of(pick.dates)
    colour = pick.colour if several else _PLAIN
    curve = pick.colour if several else (pick.look.colour if pick.classified and pick.code is not None else COMPARE[0])
    measured = pick.shown(reference)
    if options.corrected and fit.jumps:
        content.dots.append(Dots(days, measured, colour, "" if several else tr("As measured"), faint=True))
        content.dots.append(Dots(days, fit.corrected, colour, pick.label if several else tr("Jumps removed")))
    else:
        name = tr("Median") if pick.is_area else tr("Measured")
        content.dots.append(Dots(days, measured, colour, pick.label if several else name))
    if isinstance(pick.series, AreaSeries) and is_current and reference is None:
        content.bands.append(Band(days, pick.series.low, pick.series.high, colour, tr("10 % to 90 % of the points")))
    grid = days_of(fit.dates)
    # A line through the level before the jumps would miss every dot behind the first one.
    is_split = bool(fit.jumps) and not options.corrected
    lift = _steps(grid, fit.jumps) if is_split else 0.0
    if options.trend:
        if is_current and not pick.is_area:
            content.bands.append(
                Band(grid, fit.lower + lift, fit.upper + lift, curve, "" if several else "95 % band")
            )
        content.lines.append(Line(grid, fit.trend + lift, curve, "" if several else tr("Trend")))
    if options.annual and is_current and math.isfinite(fit.annual) and np.abs(fit.fitted - fit.trend).max() > 0.2:
        content.lines.append(
            Line(grid, fit.fitted + lift, curve, "" if several else tr("With annual term"), width=1.3, dashed=True)
        )
    if is_current:
        content.marks.extend(_marks_of(fit, numbers_of(pick, reference)))


def _steps(days: np.ndarray, jumps: Sequence[Tuple[np.datetime64, float]]) -> np.ndarray:
    """Return the sum of the jumps up to each day, mm."""
    total = np.zeros(len(days))
    for when, size in jumps:
        total += np.where(days >= float(days_of(np.array([when]))[0]), size, 0.0)
    return total


def _marks_of(fit: SeriesFit, numbers: Dict[str, Any]) -> List[Mark]:
    marks = []
    if numbers["break_date"]:
        names = ("break_date", "break_lo", "break_hi")
        dates = [np.datetime64(str(numbers[name] or "NaT")[:10], "D") for name in names]
        when, low, high = (float(day) for day in days_of(np.array(dates)))
        marks.append(Mark(when, tr("Break {dates}").format(dates=dates[0]), _MARK, low, high))
    for jump_date, size in fit.jumps:
        text = f"+{number_text(size, 1)}" if size > 0 else number_text(size, 1)
        marks.append(Mark(float(days_of(np.array([jump_date]))[0]), text, _MARK, kind="jump"))
    return marks


def numbers_of(pick: Pick, reference: Optional[Pick]) -> Dict[str, Any]:
    """Return the figures of a pick by field name: the layer's own, else those of the fit."""
    fit = pick.fit(reference)
    days = [None if np.isnat(day) else str(day) for day in (fit.break_date, fit.break_lo, fit.break_hi)]
    fitted = {
        "velocity": fit.velocity, "vel_se": fit.velocity_se,
        "velocity_1": fit.velocity_1, "vel1_se": fit.velocity_1_se,
        "velocity_2": fit.velocity_2, "vel2_se": fit.velocity_2_se,
        "break_date": days[0], "break_lo": days[1], "break_hi": days[2],
        "accel": fit.accel, "jumps": len(fit.jumps), "annual": fit.annual, "rmse": fit.rmse,
        "epochs": int(np.isfinite(pick.shown(reference)).sum()),
    }
    if reference is None and pick.classified:
        own = {name: pick.attributes.get(name) for name in fitted}
        fitted.update({name: value for name, value in own.items() if value is not None})
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in fitted.items()}


def probabilities_of(pick: Pick) -> Optional[List[float]]:
    """Return the five probabilities of a classified point, None where the layer has none."""
    values = [pick.attributes.get(f"p_{code}") for code in range(len(NAMES))]
    try:
        return [float(value) for value in values]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def save_numbers(path: str, picks: Sequence[Pick], reference: Optional[Pick]) -> List[str]:
    """Write the series to ``path`` and the figures of each point beside it; return both files.

    Raises
    ------
    StillpointError
        A file cannot be written; nothing is left half written.
    """
    target = Path(path)
    figures = target.with_name(f"{target.stem}_points.csv")
    series_rows: List[List[Any]] = [
        ["point", "date", "displacement_mm", "corrected_mm", "fitted_mm", "trend_mm", "lower_mm", "upper_mm"]
    ]
    point_rows: List[List[Any]] = []
    for pick in picks:
        fit = pick.fit(reference)
        grid, days = days_of(fit.dates), days_of(pick.dates)
        curves = [np.interp(days, grid, values) for values in (fit.fitted, fit.trend, fit.lower, fit.upper)]
        for index, values in enumerate(zip(pick.shown(reference), fit.corrected, *curves)):
            row = ["" if math.isnan(value) else f"{value:.3f}" for value in values]
            series_rows.append([pick.label, str(pick.dates[index]), *row])
        numbers = numbers_of(pick, reference)
        if not point_rows:
            point_rows.append(["point", "layer", "x", "y", "class", "confidence", *numbers])
        x, y = (pick.point.x(), pick.point.y()) if pick.point is not None else ("", "")
        point_rows.append(
            [pick.label, pick.layer.name(), x, y, pick.look.name if pick.classified else "",
             pick.attributes.get("confidence", ""), *("" if value is None else value for value in numbers.values())]
        )
    parts = []
    try:
        for file, rows in ((target, series_rows), (figures, point_rows)):
            part = file.with_name(f".{file.name}.part")
            parts.append((part, file))
            with open(part, "w", newline="", encoding="utf-8") as stream:
                csv.writer(stream).writerows(rows)
        for part, file in parts:
            os.replace(part, file)
    except OSError as error:
        for part, _ in parts:
            if part.exists():
                part.unlink()
        reason = error.strerror or str(error)
        raise StillpointError(tr(
            "The table {target} cannot be written: {reason}. Choose another folder."
        ).format(target=target, reason=reason)) from None
    return [str(target), str(figures)]
