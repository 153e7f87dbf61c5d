"""Assessment of PS masks: from files to a table, a page with figures and a density map, strip by strip."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import AssessScatterers, Result
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.writing import draft_name, publish
from stillpoint.models.scatterers import assess_density, assess_report, assess_tables
from stillpoint.models.scatterers.assess_counts import Agreement, Density, Groups, Tally
from stillpoint.models.scatterers.assess_grid import Grid
from stillpoint.models.scatterers.assess_masks import Mask, open_masks
from stillpoint.models.scatterers.assess_sources import stack_items
from stillpoint.models.scatterers.assess_tables import Assessment, Names
from stillpoint.models.scatterers.assess_terrain import Terrain
from stillpoint.models.scatterers.assess_zones import Zones, open_zones
from stillpoint.models.scatterers.rindex import CLASSES, UNKNOWN


def assess_scatterers(job: AssessScatterers, progress: Progress) -> Result:
    """Compare PS masks and write what was found; see :class:`stillpoint.models.jobs.AssessScatterers`.

    Raises
    ------
    StillpointError
        A file cannot be read, lies elsewhere or on another grid, or an output cannot be written.
    Cancelled
        Asked to stop; nothing is left under the outputs' names.
    """
    began = time.monotonic()
    _check_apart(job)
    progress(0.0, "Opening the masks")
    opened = open_masks(job.masks, job.reference)
    masks, reference = opened[: len(job.masks)], opened[len(job.masks)] if job.reference else None
    grid = masks[0].grid if reference is None else _best_grid(opened)
    notes = list(dict.fromkeys(note for mask in opened for note in mask.notes))
    zones = open_zones(job.zones, grid, job.zone_field) if job.zones else None
    if zones is None and job.zone_field:
        notes.append("A field of the zone names is given, but no zones.")
    terrain = _terrain(job, grid, opened, notes)
    if terrain is None and job.rindex:
        raise StillpointError("The R-index needs the DEM of the scene. Give it, or leave the output of the R-index empty.")
    cell = assess_density.cell_size(grid, job.cell) if grid.measured else None
    if cell is None:
        notes.append("The masks have neither coordinates nor pixel spacing: areas and densities are unknown.")
    elif not grid.placed or grid.crs is None:
        notes.append(f"The size of a pixel is taken for {grid.pixel_metres[0]:g} x {grid.pixel_metres[1]:g} m.")
    if cell is None and job.density:
        raise StillpointError("A density map needs masks with coordinates, so that the size of their pixels is known.")
    drafts = _Drafts()
    try:
        found = [_empty(mask, grid, zones, terrain, reference, cell) for mask in masks]
        writer = _IndexWriter(drafts.of(job.rindex), grid) if job.rindex and terrain is not None else None
        _count(found, masks, reference, zones, terrain, grid, writer, progress.part(0.05, 0.95))
        notes += _complaints(found, terrain)
        for source in (zones, terrain):
            notes += [note for note in source.notes if note not in notes] if source is not None else []
        names = Names(
            zones.names if zones else (), zones.colours if zones else (), CLASSES if terrain else (), grid.measured,
            reference.name if reference else "",
        )
        tables = assess_tables.tables(found, names)
        rows = assess_tables.tidy(found, names)
        progress(0.96, "Writing")
        with open(drafts.of(job.output), "w", encoding="utf-8", newline="") as file:
            assess_tables.write_csv(rows, file)
        maps = None
        if cell is not None and (job.density or job.report):
            maps = assess_density.maps_of([one.density for one in found if one.density is not None], grid, cell)
        if job.density and maps is not None and cell is not None:
            assess_density.write_density(drafts.of(job.density), maps, [one.name for one in found], grid, cell)
            qml = drafts.of(str(Path(job.density).with_suffix(".qml")))
            qml.write_text(assess_density.style(assess_density.breaks_of(maps)), encoding="utf-8")
        if job.report:
            down, along = grid.pixel_metres
            text = assess_report.page(
                found, names, tables, title=_title(found), facts=_facts(job, found, grid), notes=notes, maps=maps,
                wide=grid.shape[1] * along / (grid.shape[0] * down), cell=(cell[0] * down, cell[1] * along) if cell else (0, 0),
            )
            drafts.of(job.report).write_text(text, encoding="utf-8")
        progress(0.99, "Writing")
        drafts.publish()
    except OSError as error:
        raise StillpointError(drafts.told(str(explain(error, str(error.filename or job.output))))) from None
    except StillpointError as error:
        raise StillpointError(drafts.told(str(error))) from None
    finally:
        drafts.discard()
    seconds = time.monotonic() - began
    wanted = {"output": job.output, "report": job.report, "density": job.density, "rindex": job.rindex}
    details: Dict[str, Any] = {
        "masks": [one.name for one in found],
        "tables": [table.to_dict() for table in tables],
        "rows": [row._asdict() for row in rows],
        "seconds": round(seconds, 2),
    }
    progress.done()
    summary = "\n\n".join(assess_tables.as_text(table) for table in tables)
    return Result({name: path for name, path in wanted.items() if path}, summary, details, notes)


def _best_grid(opened: List[Mask]) -> Grid:
    """Return the grid that knows the most: a mask without coordinates may be compared with one that has them."""
    return max((mask.grid for mask in opened), key=lambda grid: (grid.placed, grid.crs is not None, grid.spacing is not None))


def _terrain(job: AssessScatterers, grid: Grid, masks: List[Mask], notes: List[str]) -> Optional[Terrain]:
    """Return the terrain where a DEM is given; the geometry is the job's, else what the masks or their stacks tell."""
    if not job.dem:
        return None
    known: Dict[str, Optional[float]] = {"INCIDENCE_ANGLE": job.incidence, "HEADING": job.heading}
    for mask in masks:
        for items in (mask.items, stack_items(mask.items)):
            for key in known:
                if known[key] is None and key in items:
                    try:
                        known[key] = float(items[key])
                    except ValueError:
                        notes.append(f"The metadata of {mask.path} have the {key} {items[key]!r}, which is no number.")
    incidence, heading = known["INCIDENCE_ANGLE"], known["HEADING"]
    missing = [text for text, value in (("incidence angle", incidence), ("heading", heading)) if value is None]
    if incidence is None or heading is None:
        raise StillpointError(
            f"The R-index needs the {' and the '.join(missing)} of the radar, which the masks don't tell. "
            "Give incidence and heading (Sentinel-1: about 39 degrees, heading about 348 ascending, 192 descending)."
        )
    return Terrain(job.dem, grid, incidence=incidence, heading=heading, looking=job.looking)


def _empty(
    mask: Mask, grid: Grid, zones: Optional[Zones], terrain: Optional[Terrain], reference: Optional[Mask],
    cell: Optional[Tuple[int, int]],
) -> Assessment:
    """Return the assessment of a mask before anything was counted."""
    return Assessment(
        mask.name, mask.path, assess_tables.run_of(mask.items), Tally(1), Groups(),
        Tally(len(zones.names)) if zones else None, Tally(len(CLASSES)) if terrain else None,
        Agreement() if reference else None, Density(grid.shape, cell) if cell else None,
    )


def _count(
    found: List[Assessment], masks: List[Mask], reference: Optional[Mask], zones: Optional[Zones],
    terrain: Optional[Terrain], grid: Grid, writer: Optional[_IndexWriter], progress: Progress,
) -> None:
    """Go through all masks once, strip by strip."""
    known_terrain = False
    for rows in grid.strips():
        progress(rows.start / grid.shape[0], f"Row {rows.start:,} of {grid.shape[0]:,}")
        areas = grid.areas[rows]
        codes = zones.read(rows) if zones else None
        index, classes = terrain.read(rows) if terrain else (None, None)
        known_terrain = known_terrain or (classes is not None and bool((classes != UNKNOWN).any()))
        if writer is not None and index is not None:
            writer.write(index, rows)
        truth = reference.read(rows) if reference else None
        for one, mask in zip(found, masks):
            state = mask.read(rows)
            one.total.add(state, None, areas)
            one.groups.add(state == 1)
            if one.zones is not None:
                one.zones.add(state, codes, areas)
            if one.terrain is not None:
                one.terrain.add(state, classes, areas)
            if one.agreement is not None and truth is not None:
                one.agreement.add(state, truth)
            if one.density is not None:
                one.density.add(state, rows.start, areas)
    for one in found:
        one.groups.finish()
        if not one.total.pixels[0]:
            raise StillpointError(f"The mask {one.path} has no data at all: every pixel is 255 or missing.")
        if one.zones is not None and zones is not None and not one.zones.pixels[1:].any():
            raise StillpointError(
                f"The zones {zones.path} hold no pixel of {one.path} that has data. Check the coordinate reference system of both."
            )
    if terrain is not None and not known_terrain:
        raise StillpointError(
            f"The DEM {terrain.path} lies outside of the masks, or has no data there. "
            "Check the coordinate reference system of both."
        )
    if writer is not None:
        writer.close()


def _complaints(found: List[Assessment], terrain: Optional[Terrain]) -> List[str]:
    """Return what should be known about the counts."""
    notes = [f"The mask {one.path} has no PS." for one in found if not one.total.ps[0]]
    for one in found:
        agreement = one.agreement
        if agreement is not None and agreement.excluded == one.total.pixels[0] + one.total.no_data:
            notes.append(f"{one.path} and the reference have no pixel in common that has data.")
        if terrain is not None and one.terrain is not None and one.terrain.pixels[UNKNOWN]:
            share = one.terrain.pixels[UNKNOWN] / one.terrain.pixels.sum()
            if share > 0.01:
                notes.append(f"The DEM covers {1 - share:.0%} of {one.name}.")
    return notes


def _title(found: List[Assessment]) -> str:
    return f"Persistent scatterers: {found[0].name}" if len(found) == 1 else f"Persistent scatterers: {len(found)} masks compared"


def _facts(job: AssessScatterers, found: List[Assessment], grid: Grid) -> List[str]:
    """Return sentences on what was compared."""
    facts = [f"{one.name}: {one.path}" for one in found]
    down, along = grid.pixel_metres
    size = f", pixels of {along:,.4g} x {down:,.4g} m" if grid.measured else ""
    facts.append(f"{grid.shape[1]:,} x {grid.shape[0]:,} pixels{size}.")
    for text, path in (("Zones", job.zones), ("Reference", job.reference), ("DEM", job.dem)):
        if path:
            facts.append(f"{text}: {path}")
    return facts


class _IndexWriter:
    """Writes the R-index strip by strip."""

    def __init__(self, path: Path, grid: Grid) -> None:
        self._path = path
        self._made = gdal.GetDriverByName("GTiff").Create(
            str(path), grid.shape[1], grid.shape[0], 1, gdal.GDT_Float32,
            ["COMPRESS=DEFLATE", "PREDICTOR=3", "ZLEVEL=1", "TILED=YES", "BIGTIFF=IF_SAFER"],
        )
        if self._made is None:
            raise explain(OSError("the file cannot be made"), str(path))
        self._made.SetGeoTransform(list(grid.geotransform))
        self._made.SetProjection(grid.projection)
        band = self._made.GetRasterBand(1)
        band.SetNoDataValue(float("nan"))
        band.SetDescription("R-index")

    def write(self, values: np.ndarray, rows: slice) -> None:
        """Write a strip."""
        with quiet_gdal() as says:
            failed = self._made.GetRasterBand(1).WriteArray(values, 0, rows.start)
        if failed:
            raise explain(OSError(says.failures[-1] if says.failures else "unknown reason"), str(self._path))

    def close(self) -> None:
        """Complete the file."""
        with quiet_gdal() as says:
            self._made.FlushCache()
            self._made = None
        if says.failures:
            raise explain(OSError(says.failures[-1]), str(self._path))


class _Drafts:
    """Files under temporary names beside their targets, all published together at the end."""

    def __init__(self) -> None:
        self._files: Dict[str, Path] = {}

    def of(self, path: str) -> Path:
        """Return the draft of ``path``."""
        if path not in self._files:
            self._files[path] = draft_name(path)
        return self._files[path]

    def told(self, text: str) -> str:
        """Return ``text`` with the names of the targets instead of those of their drafts."""
        for path, draft in self._files.items():
            text = text.replace(str(draft), path).replace(draft.name, Path(path).name)
        return text

    def publish(self) -> None:
        """Give every file its name."""
        for path, draft in self._files.items():
            publish(draft, path)

    def discard(self) -> None:
        """Remove what was not published."""
        for draft in self._files.values():
            draft.unlink(missing_ok=True)
            Path(f"{draft}.aux.xml").unlink(missing_ok=True)


def _check_apart(job: AssessScatterers) -> None:
    """Refuse outputs that would replace an input or one another."""
    inputs = [*job.masks, job.zones, job.reference, job.dem]
    outputs = [path for path in (job.output, job.report, job.density, job.rindex) if path]
    if len({os.path.abspath(path) for path in outputs}) < len(outputs):
        raise StillpointError("Two of the outputs have the same name. Give each its own.")
    for path in outputs:
        for source in inputs:
            file = source.split("|")[0] if source else ""
            if file and os.path.exists(file) and os.path.exists(path) and os.path.samefile(file, path):
                raise StillpointError(f"{path} is a file that is read; it would be lost. Choose another name for the result.")
