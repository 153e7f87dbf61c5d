"""Trend classification: of arrays in memory, and of a point file from disk to a classified layer."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Result
from stillpoint.models.learning import devices, library
from stillpoint.models.pipeline import in_order
from stillpoint.models.points.opening import open_points
from stillpoint.models.points.table import Column, PointBlock, PointLayout
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.trends import refine as refinement
from stillpoint.models.trends.classes import FIELDS, NAMES, NOT_CLASSIFIED, STABLE, UNWRAPPING_ERROR

logger = logging.getLogger("stillpoint")

TYPICAL_SHARES = (0.73, 0.15, 0.06, 0.05, 0.01)
"""Shares of the classes in a wide area with a few landslides, after Mirmazloumi et al. (2022)."""

C_BAND = 0.05547
ROWS = 4096
"""Points read, classified and written at a time."""

FEWEST_VALUES = 8


@dataclass
class Classification:
    """Classes and fitted quantities of n series.

    Attributes
    ----------
    columns
        One array of length n for each of ``classes.FIELDS``.
    corrected
        float32 (n, e), mm, the series without the jumps of an unwrapping error.
    """

    columns: Dict[str, np.ndarray]
    corrected: np.ndarray


@dataclass
class _Judged:
    """What any method says: probabilities (n, 5), a reason or None for each series, jumps, a hint of the break."""

    probabilities: np.ndarray
    reasons: np.ndarray
    jumps: Optional[np.ndarray] = None
    break_days: Optional[np.ndarray] = None


Method = Callable[[np.ndarray, np.ndarray, float], _Judged]


def class_shares(text: str) -> Tuple[float, ...]:
    """Return the expected shares of the five classes that ``text`` names, summing to 1.

    Raises
    ------
    StillpointError
        Neither ``balanced`` nor ``typical`` nor five numbers above 0.
    """
    if text == "balanced":
        return (0.2,) * 5
    if text == "typical":
        return TYPICAL_SHARES
    try:
        shares = [float(part) for part in text.replace(";", ",").split(",")]
    except ValueError:
        shares = []
    if len(shares) != 5 or not all(np.isfinite(shares)) or min(shares) <= 0:
        raise StillpointError(
            f"class-shares is {text!r}; give balanced, typical, or five numbers above 0 such as 0.73,0.15,0.06,0.05,0.01."
        )
    return tuple(share / sum(shares) for share in shares)


def classify_arrays(
    dates: np.ndarray,
    displacement: np.ndarray,
    *,
    wavelength: float,
    method: str = "default",
    model: Optional[str] = None,
    device: str = "cpu",
    abstain: bool = True,
    shares: Sequence[float] = (0.2,) * 5,
    significance: float = 1e-4,
    check: Callable[[], None] = lambda: None,
) -> Classification:
    """Classify series that share dates.

    Parameters
    ----------
    dates
        ``datetime64[D]``, shape (e,), strictly increasing.
    displacement
        float32, shape (n, e), mm, positive towards the satellite, NaN where missing.
    wavelength
        Metres.
    method
        ``default``, ``mirmazloumi_cnn`` or ``statistical``.
    model
        Model file instead of the shipped one.
    device
        Name of a torch device.
    abstain
        Leave series without a class where none fits.
    shares
        Expected shares of the classes; the networks were trained with equal ones.
    significance
        Level of the tests of ``statistical``.
    check
        Called now and then; may raise Cancelled.

    Raises
    ------
    StillpointError
        Dates not increasing, shapes that don't fit, or a model that cannot be used.
    """
    decide = open_method(method, model=model, device=device, abstain=abstain, significance=significance, check=check)
    return _classify(decide, dates, displacement, wavelength, shares)


def open_method(
    method: str,
    *,
    model: Optional[str] = None,
    device: str = "cpu",
    abstain: bool = True,
    significance: float = 1e-4,
    check: Callable[[], None] = lambda: None,
) -> Method:
    """Return the method by its name, weights loaded; see :func:`classify_arrays` for the parameters."""
    path = Path(model) if model else None
    if method == "default":
        return _default(path, device, abstain, check)
    if method == "mirmazloumi_cnn":
        return _published(path, device)
    if method == "statistical":
        return _statistical(significance)
    raise StillpointError(f"Unknown method {method!r}.")


def _default(path: Optional[Path], device: str, abstain: bool, check: Callable[[], None]) -> Method:
    from stillpoint.models.trends.judge import Judge, reason_text

    judge = Judge(path, device)

    def decide(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> _Judged:
        verdict = judge(dates, displacement, wavelength, check=check)
        reasons = np.full(len(displacement), None, dtype=object)
        if abstain:
            for row in np.flatnonzero(verdict.judged & (verdict.unlike > judge.threshold)):
                reasons[row] = reason_text(int(verdict.why[row]))
        return _Judged(verdict.probabilities, reasons, verdict.jumps, verdict.break_days)

    return decide


def _published(path: Optional[Path], device: str) -> Method:
    from stillpoint.models.trends.mirmazloumi import open_classifier

    probabilities_of = open_classifier(path or library.shipped("trends", "mirmazloumi"), device=device)

    def decide(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> _Judged:
        return _Judged(probabilities_of(dates, displacement), np.full(len(displacement), None, dtype=object))

    return decide


def _statistical(significance: float) -> Method:
    from stillpoint.models.trends.statistical import classify_statistical

    def decide(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> _Judged:
        found = classify_statistical(dates, displacement, wavelength=wavelength, significance=significance)
        reasons = np.array([text or None for text in found.reason], dtype=object)
        return _Judged(found.probabilities.astype(np.float32), reasons)

    return decide


def _classify(
    decide: Method, dates: np.ndarray, displacement: np.ndarray, wavelength: float, shares: Sequence[float]
) -> Classification:
    displacement = np.ascontiguousarray(displacement, dtype=np.float32)
    if displacement.ndim != 2 or displacement.shape[1] != len(dates):
        raise StillpointError("The displacements must be a matrix of points by dates.")
    if len(dates) < 2 or np.any(np.diff(dates.astype("datetime64[D]").astype(np.int64)) <= 0):
        raise StillpointError("The dates must increase strictly, and there must be two or more.")
    displacement[~np.isfinite(displacement)] = np.nan
    judged = decide(dates, displacement, wavelength)
    reasons = judged.reasons
    unfit = unfit_reasons(displacement)
    reasons = np.where(unfit != np.array(None), unfit, reasons)
    weights = np.asarray(shares, dtype=np.float64) / 0.2
    probabilities = judged.probabilities * weights
    with np.errstate(invalid="ignore"):
        probabilities /= probabilities.sum(axis=1, keepdims=True)
    missing = ~np.isfinite(probabilities).all(axis=1)
    probabilities[missing] = np.nan
    reasons[missing & (reasons == np.array(None))] = TOO_SHORT
    refused = reasons != np.array(None)
    filled = np.where(missing[:, None], -1.0, probabilities)
    order = np.argsort(-filled, axis=1, kind="stable")
    best = order[:, 0].astype(np.int64)
    codes = np.where(refused, STABLE, best)
    fitted = refinement.refine(
        dates, displacement, codes, wavelength=wavelength,
        jumps=_levels(judged.jumps, codes), break_hint=_years(judged.break_days),
    )
    found = _assembled(probabilities, best, order[:, 1], refused, reasons, fitted)
    if judged.jumps is not None:
        # Jumps are told of every series; they are taken out only where they make its class.
        found.columns["jumps"] = np.ma.masked_array(np.count_nonzero(judged.jumps, axis=1), mask=unfit != np.array(None))
    return found


TOO_SHORT = "Too few epochs"


def _levels(jumps: Optional[np.ndarray], codes: np.ndarray) -> Optional[np.ndarray]:
    """Return by how many half wavelengths each epoch stands too high: zero but for unwrapping errors."""
    if jumps is None:
        return None
    return np.cumsum(jumps, axis=1, dtype=np.int16) * (codes == UNWRAPPING_ERROR)[:, None]


def _years(days: Optional[np.ndarray]) -> Optional[np.ndarray]:
    return None if days is None else days / 365.25


def unfit_reasons(displacement: np.ndarray) -> np.ndarray:
    """Return for each series why it cannot be classified at all, or None; object array (n,)."""
    counts = np.isfinite(displacement).sum(axis=1)
    reasons = np.full(len(displacement), None, dtype=object)
    with np.errstate(invalid="ignore"):
        low = np.fmin.reduce(displacement, axis=1)
        high = np.fmax.reduce(displacement, axis=1)
    reasons[counts > 0] = np.where((high == low)[counts > 0], "Constant series", None)
    reasons[(counts > 0) & (counts < FEWEST_VALUES)] = TOO_SHORT
    reasons[counts == 0] = "No values"
    return reasons


def _assembled(probabilities, best, second, refused, reasons, fitted) -> Classification:
    size = len(best)
    names = np.array(NAMES, dtype=object)
    values = fitted.columns()
    columns: Dict[str, np.ndarray] = {
        "trend": np.where(refused, NOT_CLASSIFIED, names[best]),
        "trend_code": np.ma.masked_array(best.astype(np.int16), mask=refused),
        "confidence": np.where(refused, np.nan, probabilities[np.arange(size), best]),
        "runner_up": np.where(refused, None, names[second]),
        "reason": np.where(refused, reasons, None),
    }
    for code in range(len(NAMES)):
        columns[f"p_{code}"] = probabilities[:, code]
    for column in FIELDS:
        if column.name in columns:
            continue
        value = values[column.name]
        if column.kind == "date":
            columns[column.name] = np.where(refused, np.datetime64("NaT", "D"), value)
        elif column.name == "epochs":
            columns[column.name] = value
        elif column.kind == "integer":
            columns[column.name] = np.ma.masked_array(value, mask=refused)
        else:
            columns[column.name] = np.where(refused, np.nan, value)
    return Classification({column.name: columns[column.name] for column in FIELDS}, fitted.corrected)


@dataclass
class _Tally:
    """Counts over all blocks."""

    points: int = 0
    classes: Dict[str, int] = field(default_factory=lambda: {name: 0 for name in (*NAMES, NOT_CLASSIFIED)})
    reasons: Dict[str, int] = field(default_factory=dict)
    jumping: int = 0

    def add(self, columns: Mapping[str, np.ndarray]) -> None:
        self.points += len(columns["trend"])
        for name, count in zip(*np.unique(columns["trend"].astype(str), return_counts=True)):
            self.classes[str(name)] += int(count)
        self.jumping += int((np.ma.filled(columns["jumps"], 0) > 0).sum())
        given = [text for text in columns["reason"] if text]
        for text in given:
            self.reasons[text] = self.reasons.get(text, 0) + 1


def classify_trends(job: ClassifyTrends, progress: Progress) -> Result:
    """Classify every point of a file and write the classified layer; see :class:`jobs.ClassifyTrends`.

    Raises
    ------
    StillpointError
        The file cannot be read, the model not used, or the output not written.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    began = time.monotonic()
    shares = class_shares(job.class_shares)
    with open_points(job.points, layer=job.layer, unit=job.unit, crs=job.crs) as source:
        layout = source.layout
        warnings = list(layout.notes)
        wavelength = job.wavelength or layout.wavelength
        if wavelength is None:
            wavelength = C_BAND
            warnings.append(
                "The file does not name its radar: C band (0.0555 m) is assumed. Give the wavelength if it is another."
            )
        device = str(devices.pick(job.device)) if job.method != "statistical" else "cpu"
        progress(0.0, "Loading the model")
        decide = open_method(
            job.method, model=job.model, device=device, abstain=job.abstain,
            significance=job.significance, check=progress.check,
        )
        tally = _Tally()
        expected = layout.count or source.estimated_count()
        metadata = _metadata(job, layout, wavelength)
        names = _source_names(layout)
        columns = [*(Column(names[item.name], item.kind, "From the source") for item in layout.attributes), *FIELDS]
        series_dates = layout.dates if job.series == "columns" else None
        columns += _series_columns(job.series, layout)
        with open_writer(job.output, columns, crs=layout.crs, metadata=metadata, series_dates=series_dates) as writer:

            def classified(block: PointBlock) -> Classification:
                return _classify(decide, layout.dates, block.displacement, wavelength, shares)

            threads = 1 if device != "cpu" else None
            for block, found in in_order(classified, source.blocks(ROWS), threads=threads):
                tally.add(found.columns)
                writer.write(block.x, block.y, _values(job, layout, names, block, found))
                done = tally.points / expected if expected else 1 - 0.5 ** (tally.points / 100_000)
                progress(0.02 + 0.95 * min(done, 1.0), f"{tally.points:,} points classified")
            if tally.points == 0:
                raise StillpointError(f"{job.points} has no points.")
            progress(0.98, "Writing")
            seconds = time.monotonic() - began
            metadata["STILLPOINT_PROVENANCE"] = json.dumps(
                _provenance(job, layout, wavelength, device, tally, seconds), ensure_ascii=False
            )
            files = writer.finish()
            warnings += writer.report
    progress(1.0, "Done")
    seconds = time.monotonic() - began
    details = {
        "points": tally.points,
        "classes": tally.classes,
        "reasons": tally.reasons,
        "jumping": tally.jumping,
        "seconds": round(seconds, 2),
        "wavelength": wavelength,
        "device": device,
        "files": [str(name) for name in files],
    }
    return Result({"output": job.output}, summary(tally, seconds), details, warnings)


def summary(tally: _Tally, seconds: float) -> str:
    """Return the table of classes for people."""
    total = max(tally.points, 1)
    lines = [f"{'Trend':<24}{'points':>10}{'share':>9}"]
    lines += [f"{name:<24}{count:>10,}{count / total:>9.1%}" for name, count in tally.classes.items()]
    for text, count in sorted(tally.reasons.items(), key=lambda item: -item[1]):
        lines.append(f"  {text:<44}{count:>8,}")
    lines.append(f"{tally.jumping:,} points have phase jumps of whole half wavelengths, whatever their class")
    lines.append(f"{tally.points:,} points in {seconds:.1f} s ({tally.points / max(seconds, 1e-3):,.0f} a second)")
    return "\n".join(lines)


def _source_names(layout: PointLayout) -> Dict[str, str]:
    """Return the output name of each source attribute: its own, unless a field of the result has it."""
    taken = {column.name.lower() for column in FIELDS} | {"series"}
    return {
        item.name: f"src_{item.name}" if item.name.lower() in taken else item.name for item in layout.attributes
    }


def _series_columns(keep: str, layout: PointLayout) -> List[Column]:
    if keep == "packed":
        return [Column("series", "binary", "Displacements, float32 little-endian, mm, one an epoch")]
    if keep == "columns":
        return [Column(series_name(date), "real", "Displacement, mm") for date in layout.dates]
    return []


def series_name(date: np.datetime64) -> str:
    """Return the field name of a date, DYYYYMMDD."""
    return "D" + str(date.astype("datetime64[D]")).replace("-", "")


def _values(job, layout, names, block: PointBlock, found: Classification) -> Dict[str, np.ndarray]:
    values = {names[item.name]: block.attributes[item.name] for item in layout.attributes}
    values.update(found.columns)
    series = found.corrected if job.correct_jumps else block.displacement
    if job.series == "packed":
        packed = np.empty(len(block), dtype=object)
        packed[:] = [row.tobytes() for row in np.ascontiguousarray(series, dtype="<f4")]
        values["series"] = packed
    elif job.series == "columns":
        for index, date in enumerate(layout.dates):
            values[series_name(date)] = series[:, index]
    return values


def _metadata(job: ClassifyTrends, layout: PointLayout, wavelength: float) -> Dict[str, str]:
    return {
        "STILLPOINT_DATES": ",".join(str(date) for date in layout.dates),
        "STILLPOINT_WAVELENGTH": f"{wavelength:g}",
        "STILLPOINT_SERIES": "corrected" if job.correct_jumps else "as read",
        "STILLPOINT_PROVENANCE": "{}",
    }


def _provenance(job, layout, wavelength, device, tally: _Tally, seconds: float) -> Dict[str, Any]:
    path = None
    if job.method != "statistical":
        name = "mirmazloumi" if job.method == "mirmazloumi_cnn" else "default"
        path = Path(job.model) if job.model else library.shipped("trends", name)
    model = {}
    if path is not None:
        header = library.read_header(path)
        model = {"name": path.name, "version": header.version, "sha256": library.sha256(path)}
    return {
        "stillpoint": __version__,
        "job": job.to_dict(),
        "model": model,
        "input": {"path": str(layout.path), "format": layout.format, "unit": layout.unit, "dates": len(layout.dates)},
        "wavelength": wavelength,
        "device": device,
        "points": tally.points,
        "classes": tally.classes,
        "reasons": tally.reasons,
        "seconds": round(seconds, 2),
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
