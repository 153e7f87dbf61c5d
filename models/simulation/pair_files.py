"""Writes a simulated pair of amplitude images as a stack of two dates, and its true offsets beside it."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import numpy as np
from osgeo import osr

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, Simulate
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.together import together
from stillpoint.models.rasters.writing import write_stack
from stillpoint.models.simulation.motion_fields import FAMILIES
from stillpoint.models.simulation.speckle_pairs import simulate_pair
from stillpoint.models.simulation.terrain import CRS, SOUTH, WEST

SIZE = 512
"""Rows and columns where the job names none."""

DATES = dt.date(2021, 1, 10), dt.date(2021, 1, 22)

SPACING = 10.0
"""Metres between pixels."""


def write_pair(job: Simulate, progress: Progress) -> Result:
    """Write a pair of images (a GeoTIFF of two bands) and its truth, ``NAME_truth.tif``: offsets along columns and rows, pixels.

    The demo is an ice stream; other sites draw the kind of motion too.

    Raises
    ------
    StillpointError
        The output is no GeoTIFF, or cannot be written.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    began = time.monotonic()
    target = Path(job.output)
    if target.suffix.lower() not in (".tif", ".tiff"):
        raise StillpointError(f"The images cannot be written to {job.output}: name a .tif as output.")
    size = job.size or SIZE
    if size > 2000:
        raise StillpointError(f"A pair of {size} x {size} pixels is too large: it is made in memory. Take at most 2000 pixels.")
    rng = np.random.default_rng([job.seed, 5])
    progress(0.05, "Simulating the images")
    pair = simulate_pair(rng, side=size, family="stream" if job.site == "demo" else str(rng.choice(FAMILIES)))
    progress(0.85, "Writing")
    system = osr.SpatialReference()
    system.SetFromUserInput(CRS)
    place = (WEST, SPACING, 0.0, SOUTH + size * SPACING, 0.0, -SPACING)
    truth = str(target.with_name(f"{target.stem}_truth{target.suffix}"))
    projection = system.ExportToWkt()
    provenance = {"task": job.task, "version": __version__, "what": job.what, "seed": job.seed, "family": pair.family}
    extra = {"STILLPOINT_PROVENANCE": json.dumps(provenance)}
    columns_first = [Band(1, "amplitude", description="True offset, positive to later columns (px)"),
                     Band(2, "amplitude", description="True offset, positive to later rows (px)")]  # fmt: skip
    images = np.stack([pair.reference, pair.secondary])
    bands = [Band(number, "amplitude", date=date) for number, date in enumerate(DATES, start=1)]
    with together(job.output) as draft:
        beside = str(Path(draft(job.output)).with_name(Path(truth).name))
        write_stack(beside, pair.offsets[::-1], columns_first, geotransform=place, projection=projection, extra=extra)
        write_stack(draft(job.output), images, bands, geotransform=place, projection=projection, extra=extra)
    largest = float(np.hypot(*pair.offsets).max())
    seconds = time.monotonic() - began
    progress.done()
    summary = (
        f"Two images of {size} x {size} pixels, {pair.looks} look{'s' if pair.looks > 1 else ''}, motion of the kind "
        f"{pair.family} up to {largest:.2f} px, mean coherence {pair.coherence.mean():.2f}, in {seconds:.1f} s"
    )
    details = {
        "family": pair.family, "largest_px": round(largest, 3), "coherence": round(float(pair.coherence.mean()), 3),
        "looks": pair.looks, "band": [round(share, 3) for share in pair.band], "seconds": round(seconds, 2),
    }  # fmt: skip
    return Result({"output": job.output, "truth": truth}, summary, details)
