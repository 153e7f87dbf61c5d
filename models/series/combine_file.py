"""Vertical and east-west series from the point files of several tracks: from disk to two point layers."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import CombineGeometries, Result
from stillpoint.models.points.opening import check_apart
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.series.combine_kernels import inflation, projector
from stillpoint.models.series.combine_output import (
    PARTS,
    column_values,
    figures,
    file_metadata,
    provenance,
    sentences,
    series_columns,
)
from stillpoint.models.series.combine_places import Members, at_points, in_cells
from stillpoint.models.series.combine_reference import refer, stable_cells
from stillpoint.models.series.combine_sight import Angles, angles_of, doubtful
from stillpoint.models.series.combine_solve import View, solve
from stillpoint.models.series.combine_tally import Tally
from stillpoint.models.series.combine_tracks import Track, working_folder

NAMES = ("ascending", "descending")
LEAST_DATES = 3
_BATCH_BYTES = 64 << 20


def combine_geometries(job: CombineGeometries, progress: Progress) -> Result:
    """Combine tracks to vertical and east-west motion; see :class:`jobs.CombineGeometries`.

    Raises
    ------
    StillpointError
        A file cannot be read, tells no line of sight, or does not meet another in space, time or direction; or an output cannot be
        written.
    Cancelled
        Asked to stop; nothing is left under the outputs' names.
    """
    began = time.monotonic()
    paths = [job.ascending, job.descending, *(job.more or ())]
    east = job.east or beside(job.output)
    _check_files(paths, job.output, east)
    angles = [
        Angles(job.ascending_incidence, job.ascending_heading), Angles(job.descending_incidence, job.descending_heading),
        *angles_of(job.more_angles, len(paths) - 2),
    ]  # fmt: skip
    with ExitStack() as opened:
        reading = progress.part(0.0, 0.25)
        tracks = [
            Track(path, _name(number), given, look=job.look, crs=job.crs,
                  progress=reading.part(number / len(paths), (number + 1) / len(paths)))
            for number, (path, given) in enumerate(zip(paths, angles))
        ]  # fmt: skip
        warnings = [text for track in tracks for text in track.warnings]
        wanted = common_dates(tracks, job.dates)
        crs = tracks[0].metric()
        for track in tracks:
            track.place(crs)
        x, y, members = _meet(tracks, job)
        warnings += _check_directions(tracks, members, job)
        folder = working_folder(opened)
        gathering = progress.part(0.25, 0.65)
        for number, (track, own) in enumerate(zip(tracks, members)):
            share = gathering.part(number / len(tracks), (number + 1) / len(tracks))
            track.gather(own, folder, job.average, share)
        referred = ""
        if job.reference == "stable":
            stable, how = stable_cells(tracks, x, y, crs, job.stable)
            referred = f"{len(stable):,} cells {how}"
            for track in tracks:
                refer(track, stable)
        tally = Tally(job.max_condition)
        metadata = [file_metadata(tracks, part) for part in PARTS]
        columns = series_columns(tracks, wanted)
        dates = wanted.astype("datetime64[D]")
        writers = [
            opened.enter_context(open_writer(path, own, crs=crs, metadata=about, series_dates=dates))
            for path, own, about in zip((job.output, east), columns, metadata)
        ]
        targets, step = len(x), _rows(tracks, len(wanted))
        for start in range(0, targets, step):
            stop = min(start + step, targets)
            progress(0.65 + 0.3 * start / targets, f"{start:,} of {targets:,} places combined")
            motion = solve(
                [_view(track, start, stop) for track in tracks], wanted, max_gap=job.max_gap, max_condition=job.max_condition
            )
            kept = tally.add(motion)
            for part, (writer, announced) in enumerate(zip(writers, columns)):
                values = column_values(motion, part, announced, tracks, start, kept, wanted)
                writer.write(x[start:stop][kept], y[start:stop][kept], values)
        tally.check()
        progress(0.96, "Writing")
        warnings += sentences(tracks, tally, wanted)
        seconds = time.monotonic() - began
        details = figures(job, tracks, tally, wanted, crs, referred, seconds)
        for name, about in zip(PARTS, metadata):
            about["STILLPOINT_PROVENANCE"] = json.dumps(provenance(job, name, details), ensure_ascii=False)
        files: List[str] = []
        for writer, about in zip(writers, metadata):
            writer.metadata.update(about)  # type: ignore[attr-defined]
            files += writer.finish()
            warnings += writer.report
    progress.done()
    details["files"] = files
    return Result({"output": job.output, "east": east}, tally.summary(tracks, details), details, warnings)


def beside(output: str) -> str:
    """Return the name of the east-west series that belongs to vertical ones written to ``output``."""
    path = Path(output)
    return str(path.with_name(f"{path.stem}_east{path.suffix}"))


def _name(number: int) -> str:
    return NAMES[number] if number < len(NAMES) else f"{['third', 'fourth', 'fifth', 'sixth'][min(number - 2, 3)]}"


def _check_files(paths: Sequence[str], output: str, east: str) -> None:
    seen: Dict[str, str] = {}
    for path in paths:
        key = str(Path(path).resolve())
        if key in seen:
            raise StillpointError(f"{path} is given twice. Give the files of different lines of sight: ascending and descending.")
        seen[key] = path
        for target in (output, east):
            check_apart(path, target)
    if Path(output).resolve() == Path(east).resolve():
        raise StillpointError(f"{output} cannot hold both the vertical and the east-west series; give them different names.")


def common_dates(tracks: Sequence[Track], choice: str) -> np.ndarray:
    """Return the dates to combine at, days since 1970, inside the time that all tracks cover.

    Raises
    ------
    StillpointError
        There is no such time, or too few dates in it.
    """
    first, last = max(track.days[0] for track in tracks), min(track.days[-1] for track in tracks)
    spans = "; ".join(f"{track.name} {track.layout.dates[0]} to {track.layout.dates[-1]}" for track in tracks)
    if first >= last:
        raise StillpointError(f"The tracks have no time in common ({spans}). Choose files that cover the same years.")
    given = tracks[0].days if choice == "first" else np.unique(np.concatenate([track.days for track in tracks]))
    wanted = given[(given >= first) & (given <= last)]
    if len(wanted) < LEAST_DATES:
        raise StillpointError(
            f"Only {len(wanted)} dates of {'the first file' if choice == 'first' else 'the files'} lie in the time that all tracks "
            f"cover ({spans}); at least {LEAST_DATES} are needed."
        )
    return wanted


def _meet(tracks: Sequence[Track], job: CombineGeometries) -> Tuple[np.ndarray, np.ndarray, List[Members]]:
    """Return the places where tracks meet; raise StillpointError where there are none."""
    places = [(track.x, track.y) for track in tracks]
    x, y, members = (in_cells if job.where == "grid" else at_points)(places, job.spacing)
    if len(x):
        return x, y, members
    boxes = [(np.nanmin(px), np.nanmin(py), np.nanmax(px), np.nanmax(py)) for px, py in places if np.isfinite(px).any()]
    west, south = max(box[0] for box in boxes), max(box[1] for box in boxes)
    if len(boxes) < len(tracks) or west > min(box[2] for box in boxes) or south > min(box[3] for box in boxes):
        raise StillpointError(
            "The tracks lie in different places: no area is covered by all of them. Check the files and their coordinate reference "
            f"systems ({', '.join(track.crs.splitlines()[0][:40] for track in tracks)})."
        )
    what = f"cell of {job.spacing:g} m" if job.where == "grid" else f"point within {job.spacing:g} m of one of the first"
    raise StillpointError(f"No {what} has points of two tracks; choose a wider spacing.")


def _check_directions(tracks: Sequence[Track], members: Sequence[Members], job: CombineGeometries) -> List[str]:
    """Raise StillpointError where the lines of sight are nearly parallel; return sentences on doubtful signs."""
    sights = np.stack([track.typical_sight(own) for track, own in zip(tracks, members)])
    _, condition = projector(sights[None], np.ones((1, len(tracks))))
    if not condition[0] <= job.max_condition:
        flat = sights[:, [2, 0]] / np.linalg.norm(sights[:, [2, 0]], axis=1, keepdims=True)
        widest = float(np.degrees(np.arccos(np.clip((flat @ flat.T).min(), -1.0, 1.0))))
        number = f"{condition[0]:.0f}" if np.isfinite(condition[0]) and condition[0] < 1e6 else "infinite"
        raise StillpointError(
            f"The lines of sight are nearly parallel ({widest:.0f} degrees apart across the east, condition number {number}, "
            f"allowed {job.max_condition:g}): up and east cannot be told apart. Combine an ascending with a descending track; if "
            "these are such, check their incidence and heading."
        )
    if job.look == "left":
        return []
    found = [
        doubtful(float(sight[0]), track.name, expected=expected, path=track.path)
        for sight, track, expected in zip(sights, tracks, ("west", "east"))
    ]
    return [text for text in found if text]


def _rows(tracks: Sequence[Track], dates: int) -> int:
    """Return the cells of a batch."""
    widest = max(dates, *(len(track.days) for track in tracks))
    return int(np.clip(_BATCH_BYTES // (8 * widest * 8 * len(tracks)), 16, 8192))


def _view(track: Track, start: int, stop: int) -> View:
    noise = track.noise
    grown = inflation(noise.rho[start:stop], track.pooled_rho, noise.count[start:stop])
    return View(
        np.asarray(track.cells[start:stop]), track.days, track.cell_sight[start:stop], noise.sigma[start:stop], grown,
        track.spread[start:stop],
    )  # fmt: skip
