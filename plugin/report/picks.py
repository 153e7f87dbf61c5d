"""The points whose series a report shows: those that are selected, else the fastest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

import numpy as np
from qgis.core import QgsFeatureRequest, QgsPointXY, QgsVectorLayer

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.trends.classes import LINEAR, UNWRAPPING_ERROR
from stillpoint.models.trends.curves import explain_series
from stillpoint.plugin.facts import facts_of
from stillpoint.plugin.language import tr
from stillpoint.plugin.report import charts
from stillpoint.plugin.report.content import TEAL, Chart, Charts, Part, Text
from stillpoint.plugin.series import PointSeries, SeriesReader
from stillpoint.plugin.styles.palette import look_of

_NAMES = ("pid", "id", "code", "name", "point_id", "PID", "ID", "CODE")


@dataclass(frozen=True)
class Picked:
    """The points that were picked.

    Attributes
    ----------
    parts
        What the report shows of them.
    places
        Where they lie, in the layer's coordinates, in the order of their numbers.
    colours
        The colour of each.
    """

    parts: Tuple[Part, ...] = ()
    places: Tuple[QgsPointXY, ...] = ()
    colours: Tuple[str, ...] = ()


def fastest(layer: QgsVectorLayer, count: int, cancelled: Callable[[], bool]) -> List[int]:
    """Return the ids of the points of largest velocity, whichever its sign; those with unwrapping errors are passed over.

    Without a field of velocities these are points spread over the layer.
    """
    velocity, code = (layer.fields().lookupField(name) for name in ("velocity", "trend_code"))
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([at for at in (velocity, code) if at >= 0])
    ids: List[int] = []
    speeds: List[float] = []
    for number, feature in enumerate(layer.getFeatures(request)):
        if number % 5000 == 0 and cancelled():
            raise Cancelled()
        if code >= 0 and str(feature.attribute(code)) == str(UNWRAPPING_ERROR):
            continue
        try:
            speed = abs(float(feature.attribute(velocity))) if velocity >= 0 else 0.0
        except (TypeError, ValueError):
            continue
        if speed == speed:
            ids.append(feature.id())
            speeds.append(speed)
    if velocity < 0:
        return [ids[int(at)] for at in np.unique(np.linspace(0, len(ids) - 1, min(count, len(ids))).round())] if ids else []
    return [ids[at] for at in np.argsort(-np.array(speeds), kind="stable")[:count]]


def picked(
    layer: QgsVectorLayer, *, count: int, selected: bool, width: float, columns: int, sense: str, cancelled: Callable[[], bool]
) -> Picked:
    """Return small charts of the series of some points.

    Parameters
    ----------
    layer
        Points with their series.
    count
        How many at most.
    selected
        Whether the selected points are meant; where none is selected, the fastest are shown, and the report says so.
    width
        Of the page's text, mm.
    columns
        Charts beside one another.
    sense
        Where positive displacements point.
    cancelled
        Asked from time to time.
    """
    if count <= 0:
        return Picked()
    try:
        reader = SeriesReader(layer)
    except StillpointError as error:
        return Picked((Text(tr("No series are shown. {reason}").format(reason=error), quiet=True),))
    ids = [int(fid) for fid in sorted(layer.selectedFeatureIds())] if selected else []
    has_speed = layer.fields().lookupField("velocity") >= 0
    fast = tr("the {n} fastest points, whichever way they move") if has_speed else tr("{n} points spread over the layer")
    if ids:
        words = tr("Series of the selected points.")
        if len(ids) > count:
            words = tr("Series of the first {n} of {all} selected points.").format(n=count, all=len(ids))
    else:
        ids = fastest(layer, count, cancelled)
        words = tr("Series of {which}.").format(which=fast.format(n=len(ids)))
        if selected:
            words = tr("No points of {name} are selected; shown are {which}.").format(
                name=layer.name(), which=fast.format(n=len(ids))
            )
    found = reader.by_ids(ids[:count])
    if not found:
        return Picked((Text(tr("The layer {name} holds no points whose series could be shown.").format(name=layer.name())),))
    limits = _limits(found)
    words += " " + tr(
        "Dots are the measured displacements in mm, {sense}; the line is the trend, the dashed line its break."
    ).format(sense=sense)
    words += " " + (tr("All have the same scale.") if limits else tr("Each has a scale of its own."))
    gap = 6.0
    size = (width - gap * (columns - 1)) / columns
    wavelength = facts_of(layer).wavelength
    drawn = [_chart(item, reader.dates, number, size, limits, wavelength) for number, item in enumerate(found, start=1)]
    return Picked((Text(words, quiet=True), Charts(tuple(drawn))), tuple(item.point for item in found), tuple(map(_colour, found)))


def _limits(found: List[PointSeries]) -> Optional[Tuple[float, float]]:
    """Return a scale that fits all series; None where one of them would be flat on it."""
    spans = [(float(np.nanmin(item.displacement)), float(np.nanmax(item.displacement)))
             for item in found if np.isfinite(item.displacement).any()]  # fmt: skip
    if not spans:
        return None
    low, high = min(first for first, _ in spans), max(last for _, last in spans)
    smallest = min(last - first for first, last in spans)
    return (low, high) if high - low <= 4 * max(smallest, 1e-6) else None


def _colour(item: PointSeries) -> str:
    return look_of(item.attributes["trend_code"]).colour if item.attributes.get("trend_code") is not None else TEAL


def _chart(
    item: PointSeries,
    dates: np.ndarray,
    number: int,
    width: float,
    limits: Optional[Tuple[float, float]],
    wavelength: Optional[float],
) -> Chart:
    about = item.attributes
    name = next((str(about[key]) for key in _NAMES if about.get(key) not in (None, "")), str(item.fid))
    code, turn = about.get("trend_code"), None
    words = [str(about["trend"])] if about.get("trend") else []
    velocity, error = about.get("velocity"), about.get("vel_se", about.get("vel_std"))
    if isinstance(velocity, (int, float)):
        spread = f" ± {error:.1f}" if isinstance(error, (int, float)) else ""
        words.append(f"{velocity:+.1f}{spread} mm/yr".replace("-", "−"))
    if about.get("break_date"):
        words.append(tr("break {date}").format(date=str(about["break_date"])[:10].replace("/", "-")))
        try:
            turn = np.datetime64(str(about["break_date"])[:10].replace("/", "-"), "D")
        except ValueError:
            turn = None
    try:
        fit = explain_series(
            dates, item.displacement, LINEAR if code is None else int(code), break_date=turn, wavelength=wavelength
        )
        level = np.zeros(len(fit.dates))
        for when, size in fit.jumps:
            level += np.where(fit.dates >= when, size, 0.0)
        curve: Optional[Tuple[np.ndarray, np.ndarray]] = (fit.dates, fit.trend + level)
    except (StillpointError, ValueError, np.linalg.LinAlgError):  # the dots are shown without
        curve = None
    return charts.series(
        dates, np.asarray(item.displacement, float), width=width, height=0.56 * width, title=name, note=", ".join(words),
        colour=_colour(item), curve=curve, turn=turn, limits=limits, badge=number,
    )  # fmt: skip
