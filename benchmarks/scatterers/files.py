"""Scenes as observations in memory and as stacks on disk, in the forms that producers deliver."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stillpoint.benchmarks.scatterers.simulator import Scene
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import write_stack
from stillpoint.models.scatterers.observations import Observations

FORMS = ("slc", "complex", "phase")
"""Images of every date; complex interferograms; wrapped phase with amplitudes as companion."""


def observe(scene: Scene) -> Observations:
    """Return what a method may know of a scene."""
    amplitude = np.abs(scene.slc)
    unit = scene.slc / np.maximum(amplitude, 1e-20)
    phasor = unit * np.conj(unit[scene.reference])
    return Observations(
        phasor=phasor.astype(np.complex64), dates=scene.dates, reference=scene.reference, spacing=scene.spacing,
        amplitude=amplitude.astype(np.float32), baselines=scene.baselines, wavelength=scene.wavelength,
        incidence=scene.incidence, gains=amplitude.mean(axis=(1, 2), dtype=np.float64),
    )


def write_scene(scene: Scene, folder: Path, form: str = "slc") -> Path:
    """Write a scene as a stack and return its path.

    Parameters
    ----------
    scene
        What to write.
    folder
        Existing; the stack gets the name of the form.
    form
        ``slc``: complex images; ``complex``: interferograms of the reference date with every other date (reference
        times the conjugate of the secondary date); ``phase``: their wrapped phase, with the amplitudes in a companion.
    """
    days = [date.item() for date in scene.dates]
    common = dict(wavelength=scene.wavelength, incidence_angle=scene.incidence, spacing_m=scene.spacing)
    target = folder / f"{form}.tif"
    if form == "slc":
        bands = [
            Band(k + 1, "complex", date=day, perpendicular_baseline=float(baseline))
            for k, (day, baseline) in enumerate(zip(days, scene.baselines))
        ]
        write_stack(str(target), scene.slc, bands, **common)  # type: ignore[arg-type]
        return target
    others = [k for k in range(len(days)) if k != scene.reference]
    values = scene.slc[scene.reference] * np.conj(scene.slc[others])
    companions = {}
    if form == "phase":
        values = np.angle(values).astype(np.float32)
        amplitude = folder / "amplitude.tif"
        images = [Band(k + 1, "amplitude", date=day) for k, day in enumerate(days)]
        write_stack(str(amplitude), np.abs(scene.slc), images, **common)  # type: ignore[arg-type]
        companions = {"amplitude": str(amplitude)}
    # reference times the conjugate of the secondary turns the sign of the baselines' phase: so does theirs
    pairs = [
        Band(
            n + 1, "phase" if form == "phase" else "complex", reference_date=days[scene.reference], secondary_date=days[k],
            perpendicular_baseline=-float(scene.baselines[k]),
        )
        for n, k in enumerate(others)
    ]
    write_stack(str(target), values, pairs, companions=companions, **common)  # type: ignore[arg-type]
    return target


