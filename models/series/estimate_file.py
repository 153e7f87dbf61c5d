"""The job ``estimate-series``: from a stack and its scatterers to a file of points with their series."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import EstimateSeries, Result
from stillpoint.models.pipeline import one_thread_in_torch
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.series.estimate import Estimated, Options, estimate
from stillpoint.models.series.reading import Observed, read_phases
from stillpoint.models.series.sites import Sites, find_sites, metres_between, place_of

ORBIT = 700e3
"""Metres: height of the satellite that the distance is derived from where nobody tells it."""

EARTH = 6.371e6
"""Metres."""

BASE_BYTES, PAIR_BYTES, DATE_BYTES = 250e6, 60.0, 140.0
"""Memory that an estimate takes: for blocks of a fixed size, and for every phase and every date of every point."""

ROWS = 4096
"""Points that are written at a time."""

COLUMNS: Tuple[Column, ...] = (
    Column("id", "text", "Identifier"),
    Column("velocity", "real", "Velocity, mm/yr, positive towards the satellite"),
    Column("vel_std", "real", "Standard error of the velocity, mm/yr"),
    Column("height_err", "real", "Height above the elevation model, m"),
    Column("coherence", "real", "Temporal coherence, 0 to 1"),
    Column("rmse", "real", "Root mean square about the straight line, mm"),
    Column("row", "integer", "Row in the stack, from 0"),
    Column("col", "integer", "Column in the stack, from 0"),
)
"""Fields beside the series."""


def estimate_series(job: EstimateSeries, progress: Progress) -> Result:
    """Estimate displacement series at persistent scatterers; see :class:`stillpoint.models.jobs.EstimateSeries`.

    Raises
    ------
    StillpointError
        The stack or the PS cannot be used, the phase cannot be unwrapped, or the output cannot be written.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    began, cpu = time.monotonic(), time.process_time()
    _check_apart(job)
    with open_stack(job.stack) as stack, one_thread_in_torch():
        progress(0.0, "Looking at the stack")
        sites = find_sites(stack, job.mask, job.points, job.extent)
        observed = read_phases(stack, sites, coherence=job.coherence, sign=job.sign, progress=progress.part(0.01, 0.25))
        sites, observed, notes = _seen(sites, observed)
        options = _options(job, stack, sites, observed, notes)
        progress(0.25, memory_note(len(sites), len(observed.pairs), len(observed.dates)))
        found = estimate(observed, sites.east, sites.north, options, progress.part(0.25, 0.9))
        kept = np.flatnonzero(found.coherence >= job.min_coherence)
        if not kept.size:
            raise StillpointError(
                f"No point reaches a coherence of {job.min_coherence:g}; the best has {found.coherence.max():.2f}. Lower it."
            )
        details = _details(job, sites, observed, options, found, kept)
        report = _write(job, stack, sites, observed, options, found, kept, details, progress.part(0.9, 1.0))
    progress.done()
    details["seconds"] = round(time.monotonic() - began, 2)
    details["cpu_seconds"] = round(time.process_time() - cpu, 2)
    warnings = list(dict.fromkeys([*sites.notes, *observed.notes, *notes, *report]))
    return Result({"output": job.output}, _summary(details), details, warnings)


def _check_apart(job: EstimateSeries) -> None:
    for given in (job.stack, job.mask, (job.points or "").partition("|")[0], job.coherence):
        if given and os.path.exists(given) and os.path.exists(job.output) and os.path.samefile(given, job.output):
            raise StillpointError(f"{job.output} is a file that is read; it would be lost. Choose another name for the result.")


def _seen(sites: Sites, observed: Observed) -> Tuple[Sites, Observed, List[str]]:
    """Leave out the points that hardly have a phase, and say so."""
    share = np.isfinite(observed.phase).mean(axis=0)
    enough = share >= 0.3
    if not enough.any():
        raise StillpointError("None of the PS has a phase in a third of the stack or more: nothing can be estimated.")
    if enough.all():
        return sites, observed, []
    sites = Sites(
        sites.row[enough], sites.col[enough], sites.x[enough], sites.y[enough], sites.east[enough], sites.north[enough], sites.notes
    )
    coherence = None if observed.coherence is None else observed.coherence[:, enough]
    observed = Observed(
        observed.phase[:, enough], observed.unwrapped, observed.dates, observed.pairs, observed.single, observed.baselines,
        coherence, observed.sign, observed.sign_known, observed.notes,
    )  # fmt: skip
    return sites, observed, [f"{(~enough).sum():,} PS without a phase in most of the stack were left out."]


def _options(job: EstimateSeries, stack: Stack, sites: Sites, observed: Observed, notes: List[str]) -> Options:
    """Return the choices of a job in the terms of the kernels; what was assumed is added to ``notes``."""
    wavelength = job.wavelength or stack.wavelength
    if wavelength is None:
        raise StillpointError(
            f"{stack.path} does not tell the radar wavelength, without which phases are no millimetres. Give it: 0.0555 for "
            "Sentinel-1 and C band, 0.0311 for X band, 0.236 for L band."
        )
    across: Optional[float] = None
    incidence = job.incidence if job.incidence is not None else stack.incidence_angle
    if job.height_error and observed.baselines is not None:
        if incidence is None:
            incidence = 37.0
            notes.append(f"The incidence angle is unknown; {incidence:g} degrees are assumed, which scales height errors only.")
        distance = job.distance * 1000.0 if job.distance else slant_range(incidence)
        across = distance * float(np.sin(np.radians(incidence)))
        spread = float(np.std(observed.baselines)) * 4 * np.pi / wavelength / across
        if spread < 0.01:
            across = None
            notes.append("The perpendicular baselines are next to nothing: height errors cannot be estimated and do not matter.")
    reference = None
    if job.reference is not None:
        reference = metres_between(stack, sites, *place_of(job.reference))
        if reference.min() > max(5 * job.reference_radius, 2000.0):
            raise StillpointError(
                f"The reference point {job.reference} is {reference.min() / 1000:.1f} km from the nearest PS. Give x,y in the "
                "coordinates of the stack, within its PS."
            )
    if not observed.sign_known:
        notes.append(
            "The stack does not say what a growing phase means: it is taken to grow away from the satellite (GAMMA, ISCE, SNAP). "
            "Where subsidence comes out as uplift, choose the other sign."
        )
    return Options(
        wavelength=wavelength, across=across, reference=reference, radius=job.reference_radius, unwrapping=job.unwrapping,
        filter_atmosphere=job.atmosphere, days=job.atmosphere_days, metres=job.atmosphere_distance, plane=job.plane,
        loops=job.correct_loops, max_velocity=job.max_velocity, max_height=job.max_height,
    )  # fmt: skip


def memory_note(points: int, pairs: int, dates: int) -> str:
    """Return a sentence on the memory that the estimate will take, before it takes it."""
    needed = BASE_BYTES + points * (PAIR_BYTES * pairs + DATE_BYTES * dates)
    return f"Estimating {points:,} points: some {max(needed / 1e9, 0.1):.1f} GB of memory will be needed"


def slant_range(incidence: float) -> float:
    """Return the distance of a satellite at ``ORBIT`` above a round Earth, metres, seen at ``incidence`` degrees."""
    angle = np.radians(incidence)
    return float(np.sqrt((EARTH + ORBIT) ** 2 - (EARTH * np.sin(angle)) ** 2) - EARTH * np.cos(angle))


def _details(
    job: EstimateSeries, sites: Sites, observed: Observed, options: Options, found: Estimated, kept: np.ndarray
) -> Dict[str, Any]:
    centre = found.reference
    return {
        "points": int(kept.size), "left_out": int(len(sites) - kept.size), "dates": len(observed.dates),
        "pairs": len(observed.pairs), "first_date": str(observed.dates[0]), "last_date": str(observed.dates[-1]),
        "unwrapping": found.method or "none", "sign": observed.sign,
        "reference": [round(float(sites.x[centre]), 6), round(float(sites.y[centre]), 6)],
        "reference_points": int(found.members.size), "reference_chosen": job.reference is None,
        "velocity_median": round(float(np.median(found.velocity[kept])), 3),
        "velocity_5": round(float(np.percentile(found.velocity[kept], 5)), 3),
        "velocity_95": round(float(np.percentile(found.velocity[kept], 95)), 3),
        "error_median": round(float(np.nanmedian(found.error[kept])), 3) if np.isfinite(found.error[kept]).any() else None,
        "coherence_median": round(float(np.median(found.coherence[kept])), 4),
        "rmse_median": round(float(np.median(found.rmse[kept])), 3), "wavelength": options.wavelength,
        "heights": bool(np.isfinite(found.height).any()), "missing": found.missing,
        "closure_open": None if found.closure is None else round(found.closure.open, 6),
        "closure_corrected": None if found.closure is None else round(found.closure.corrected, 6),
    }  # fmt: skip


def _write(
    job: EstimateSeries, stack: Stack, sites: Sites, observed: Observed, options: Options, found: Estimated, kept: np.ndarray,
    details: Dict[str, Any], progress: Progress,
) -> List[str]:
    """Write the points; return what the writer has to say."""
    names = ["D" + str(day).replace("-", "") for day in observed.dates]
    columns = [*COLUMNS, *(Column(name, "real", "Displacement, mm") for name in names)]
    provenance = {
        "stillpoint": __version__, "time": datetime.now(timezone.utc).isoformat(timespec="seconds"), "job": job.to_dict(),
        "figures": details,
    }  # fmt: skip
    metadata = {
        "STILLPOINT_WAVELENGTH": f"{options.wavelength:g}",
        "STILLPOINT_PROVENANCE": json.dumps(provenance, ensure_ascii=False),
    }
    # The line of sight goes with the points: ascending and descending ones are combined by it.
    incidence = stack.incidence_angle if job.incidence is None else job.incidence
    for name, angle in (("STILLPOINT_INCIDENCE_ANGLE", incidence), ("STILLPOINT_HEADING", stack.heading)):
        if angle is not None:
            metadata[name] = f"{angle:g}"
    with open_writer(job.output, columns, crs=stack.projection, metadata=metadata, series_dates=observed.dates) as writer:
        for start in range(0, len(kept), ROWS):
            progress(start / len(kept), f"Writing {start:,} of {len(kept):,} points")
            part = kept[start : start + ROWS]
            values: Dict[str, np.ndarray] = {
                "id": np.array([f"R{row}C{col}" for row, col in zip(sites.row[part], sites.col[part])], dtype=object),
                "velocity": np.round(found.velocity[part], 3), "vel_std": np.round(found.error[part], 3),
                "height_err": np.round(found.height[part], 2), "coherence": np.round(found.coherence[part], 4),
                "rmse": np.round(found.rmse[part], 3), "row": sites.row[part], "col": sites.col[part],
            }  # fmt: skip
            series = np.round(found.series[:, part].astype(np.float64), 2)
            values.update(zip(names, series))
            writer.write(sites.x[part], sites.y[part], values)
        writer.finish()
        return list(writer.report)


def _summary(details: Dict[str, Any]) -> str:
    x, y = details["reference"]
    where = f"{x:g}, {y:g}" if abs(x) < 1000 else f"{x:.0f}, {y:.0f}"
    error = "" if details["error_median"] is None else f", standard error {details['error_median']:.2f}"
    lines = [
        f"{details['points']:,} points with {details['dates']} dates from {details['first_date']} to {details['last_date']}",
        f"Velocity: {details['velocity_median']:+.2f} mm/yr in the middle, {details['velocity_5']:+.2f} to "
        f"{details['velocity_95']:+.2f} for nine of ten points{error}; positive towards the satellite",
        f"Reference: {details['reference_points']} PS around {where}" + (" (chosen)" if details["reference_chosen"] else ""),
        f"Phase: {'already unwrapped' if details['unwrapping'] == 'none' else 'unwrapped by ' + details['unwrapping']}, growing "
        f"{'away from' if details['sign'] == 'away' else 'towards'} the satellite; temporal coherence "
        f"{details['coherence_median']:.2f} in the middle",
    ]
    if details["closure_open"] is not None:
        lines.append(
            f"Loops: {details['closure_open']:.2%} of the phases were whole cycles off the network, "
            f"{details['closure_corrected']:.2%} were corrected"
        )
    return "\n".join(lines)
