"""The fields of the vertical and east-west points, what their files say of themselves, and the figures of the result."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from stillpoint.models import __version__
from stillpoint.models.jobs import CombineGeometries
from stillpoint.models.points.table import Column
from stillpoint.models.series.combine_kernels import Motion
from stillpoint.models.series.combine_tally import Tally
from stillpoint.models.series.combine_tracks import Track

PARTS = ("vertical", "east-west")
DIRECTIONS = {"vertical": "up", "east-west": "east"}


def series_columns(tracks: Sequence[Track], wanted: np.ndarray) -> List[List[Column]]:
    """Return the fields of the vertical and of the east-west points."""
    found = []
    for part, positive in zip(PARTS, ("up", "to the east")):
        columns = [
            Column("id", "integer", "Number of the place, the same in both layers"),
            Column("velocity", "real", f"Velocity, {part}, mm/yr, positive {positive}"),
            Column("vel_std", "real", "Standard error of the velocity, mm/yr"),
            Column("std", "real", "Typical standard error of a displacement, mm"),
            Column("rmse", "real", "Departure from a straight line, root mean square, mm"),
            Column("epochs", "integer", "Dates with a value"),
            Column("north", "real", "What 1 mm of motion to the north would add, mm"),
            Column("cond", "real", "Condition number of the lines of sight"),
        ]
        if len(tracks) > 2:
            columns.append(Column("misfit", "real", "What up and east leave of the measured displacements, RMS, mm"))
        columns += [
            Column(f"n_{number}", "integer", f"Points of the {track.name} track") for number, track in enumerate(tracks, start=1)
        ]
        columns += [Column(_field(day), "real", f"Displacement, {part}, mm, positive {positive}") for day in wanted]
        found.append(columns)
    return found


def _field(day: float) -> str:
    return "D" + str(np.datetime64(int(day), "D")).replace("-", "")


def column_values(
    motion: Motion, part: int, columns: Sequence[Column], tracks: Sequence[Track], start: int, kept: np.ndarray, wanted: np.ndarray
) -> Dict[str, np.ndarray]:
    """Return the values of ``columns`` for the places ``kept`` of a batch that begins at ``start``."""
    values = {
        "id": start + kept + 1, "velocity": motion.velocity[part][kept], "vel_std": motion.velocity_std[part][kept],
        "std": motion.std[part][kept], "rmse": motion.rmse[part][kept],
        "epochs": np.isfinite(motion.values[part][kept]).sum(axis=1), "north": motion.north[part][kept],
        "cond": motion.condition[kept], "misfit": motion.misfit[kept],
    }  # fmt: skip
    values.update({f"n_{number}": track.counts[start + kept] for number, track in enumerate(tracks, start=1)})
    values.update({_field(day): motion.values[part][kept, index] for index, day in enumerate(wanted)})
    return {column.name: values[column.name] for column in columns}


def file_metadata(tracks: Sequence[Track], part: str) -> Dict[str, str]:
    """Return what the file of a part says of itself."""
    about = {"STILLPOINT_SERIES": part, "STILLPOINT_PROVENANCE": "{}"}
    wavelengths = {track.layout.wavelength for track in tracks}
    if len(wavelengths) == 1 and None not in wavelengths:
        about["STILLPOINT_WAVELENGTH"] = f"{wavelengths.pop():g}"
    return about


def sentences(tracks: Sequence[Track], tally: Tally, wanted: np.ndarray) -> List[str]:
    """Return what the user should know although all went well."""
    notes = []
    for track in tracks:
        # The wavelength is of no use here, so a guess at it is no news.
        notes += [f"{track.name}: {note}" for note in track.layout.notes if "wavelength" not in note]
    if wanted[-1] - wanted[0] < 365:
        notes.append(
            f"The tracks have {int(wanted[-1] - wanted[0])} days in common: less than a year, so seasonal motion enters the "
            "velocities."
        )
    if tally.parallel:
        notes.append(f"{tally.parallel:,} places were left out, as the lines of sight are too parallel there.")
    if tally.without:
        notes.append(f"{tally.without:,} places were left out, as their tracks have too few dates in common.")
    return notes


def figures(
    job: CombineGeometries, tracks: Sequence[Track], tally: Tally, wanted: np.ndarray, crs: str, referred: str, seconds: float
) -> Dict[str, Any]:
    """Return the figures of the result."""
    dates = wanted.astype("datetime64[D]")
    return {
        "points": tally.points,
        "dates": len(wanted),
        "first_date": str(dates[0]),
        "last_date": str(dates[-1]),
        "crs": crs,
        "where": job.where,
        "spacing": job.spacing,
        "velocity_up": tally.velocities(0),
        "velocity_east": tally.velocities(1),
        "velocity_std": tally.typical("velocity_std"),
        "north": tally.typical("north"),
        "condition": tally.typical("condition")[0],
        "reference": referred or "as in the files",
        "tracks": [
            {"path": track.path, "points": len(track.x), "dates": len(track.days), "sight": track.sight_source,
             "noise": _typical(track.noise.sigma), "correlation": round(track.pooled_rho, 3)}
            for track in tracks
        ],
        "seconds": round(seconds, 2),
    }  # fmt: skip


def _typical(values: np.ndarray) -> Optional[float]:
    finite = values[np.isfinite(values)]
    return round(float(np.median(finite)), 3) if len(finite) else None


def provenance(job: CombineGeometries, part: str, details: Dict[str, Any]) -> Dict[str, Any]:
    """Return how the file of a part was made."""
    return {
        "stillpoint": __version__,
        "job": job.to_dict(),
        "direction": DIRECTIONS[part],
        **{name: details[name] for name in ("points", "dates", "tracks", "reference", "north", "seconds")},
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
