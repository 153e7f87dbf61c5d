"""Writes a simulated small-baseline stack: phase, coherence, and beside them the truth."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np
from osgeo import osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import draft_name, publish, write_stack
from stillpoint.models.simulation.network_simulation import SimulatedNetwork
from stillpoint.models.simulation.scene_files import CRS, EXTENSIONS, HEADING, NORTH, WEST, beside, write_band

COLUMNS = (
    "reference_date", "secondary_date", "days", "perpendicular_baseline", "bad", "kind", "error_rms", "wrong_cycles", "coverage",
    "strong_atmosphere",
)  # fmt: skip
"""Columns of the table of the truth: ``error_rms`` in radians, ``wrong_cycles`` and ``coverage`` as shares."""


def georeference(simulated: SimulatedNetwork) -> Tuple[Tuple[float, float, float, float, float, float], str]:
    """Return geotransform and WKT with which a map shows the stack."""
    system = osr.SpatialReference()
    system.SetFromUserInput(CRS)
    rows, cols = simulated.plan.spacing
    return (WEST, cols, 0.0, NORTH, 0.0, -rows), str(system.ExportToWkt())


def bands_of(simulated: SimulatedNetwork, quantity: str) -> List[Band]:
    """Return what the bands of a stack of ``quantity`` are."""
    network = simulated.network
    dates = [date.item() for date in network.dates]
    return [
        Band(
            number=number, quantity=quantity, reference_date=dates[early], secondary_date=dates[late],
            perpendicular_baseline=round(float(simulated.plan.pair_baselines[number - 1]), 2),
        )
        for number, (early, late) in enumerate(network.pairs, start=1)
    ]  # fmt: skip


def write_network(simulated: SimulatedNetwork, path: str, *, progress: Progress = SILENT) -> Dict[str, str]:
    """Write a simulated stack with its coherence as companion, its truth as a table, and its true velocity.

    Parameters
    ----------
    simulated
        The stack.
    path
        GeoTIFF of the phase; the others lie beside it: ``_coherence.tif``, ``_truth.csv``, ``_velocity.tif``.
    progress
        Told how far the writing is.

    Returns
    -------
    dict
        Files written: ``output``, ``coherence``, ``truth``, ``velocity``.

    Raises
    ------
    StillpointError
        A file cannot be written.
    Cancelled
        Asked to stop.
    """
    if Path(path).suffix.lower() not in EXTENSIONS:
        raise StillpointError(f"{path} cannot be written: a stack is a GeoTIFF, so its extension must be .tif.")
    network = simulated.network
    transform, projection = georeference(simulated)
    outputs = {"output": path, "coherence": beside(path, "coherence"), "velocity": beside(path, "velocity")}
    outputs["truth"] = str(Path(beside(path, "truth")).with_suffix(".csv"))
    incidence = simulated.plan.sensor.incidence
    companions = None
    if network.coherence is not None:
        companions = {"coherence": outputs["coherence"]}
        write_stack(
            outputs["coherence"], network.coherence, bands_of(simulated, "coherence"), geotransform=transform,
            projection=projection, wavelength=network.wavelength, incidence_angle=incidence, heading=HEADING,
        )  # fmt: skip
    else:
        del outputs["coherence"]
    progress(0.4, "Writing the phase")
    write_band(outputs["velocity"], simulated.velocity, "True velocity, mm/yr", transform, projection)
    write_truth(simulated, outputs["truth"])
    write_stack(
        path, network.phase, bands_of(simulated, "unwrapped" if network.unwrapped else "phase"), geotransform=transform,
        projection=projection, wavelength=network.wavelength, incidence_angle=incidence, heading=HEADING, companions=companions,
        extra={"PHASE_CONVENTION": "reference-secondary" if simulated.plan.sign < 0 else "secondary-reference"},
    )  # fmt: skip
    return outputs


def write_truth(simulated: SimulatedNetwork, path: str) -> None:
    """Write what is true of every interferogram as CSV; it appears under its name when it is complete.

    Raises
    ------
    StillpointError
        It cannot be written.
    """
    network = simulated.network
    draft = draft_name(path)
    try:
        with draft.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for pair, (early, late) in enumerate(network.pairs):
                writer.writerow([
                    network.dates[early], network.dates[late], int(network.days[pair]),
                    round(float(simulated.plan.pair_baselines[pair]), 2), int(simulated.bad[pair]), simulated.kinds[pair],
                    _figure(simulated.rms[pair]), _figure(simulated.wrong[pair]), _figure(simulated.coverage[pair]),
                    int(simulated.strong[pair]),
                ])  # fmt: skip
            file.flush()
            os.fsync(file.fileno())
        publish(draft, path)
    except OSError as error:
        raise explain(error, path) from None
    finally:
        draft.unlink(missing_ok=True)


def _figure(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else ""
