"""Small simulated stacks, as observations and as files of every kind that can be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Tuple

import numpy as np

from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import write_stack
from stillpoint.models.scatterers.default import ARCHITECTURE
from stillpoint.models.scatterers.examples import observe
from stillpoint.models.scatterers.features import FEATURES
from stillpoint.models.scatterers.network import ScattererNetwork, ScattererNetworkShape
from stillpoint.models.simulation.scene_plan import random_plan
from stillpoint.models.simulation.scenes import Scene, simulate_scene

TRANSFORM = (500_000.0, 10.0, 0.0, 5_000_000.0, 0.0, -20.0)
PROJECTION = "EPSG:32632"


def small_scene(*, rows: int = 96, cols: int = 80, dates: int = 12, seed: int = 3) -> Scene:
    """Return a single-look city seen by Sentinel-1."""
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, rows=rows, cols=cols, dates=dates, looks=(1, 1), sensor="Sentinel-1", site="city")
    return simulate_scene(rng, plan)


def bands_of(scene: Scene, kind: str, reference: int) -> Tuple[Band, ...]:
    """Return the bands of a file of ``kind``: ``images``, ``complex``, ``phase`` (single reference) or ``amplitude``."""
    days = [day.astype(object) for day in scene.dates]
    against = scene.baselines - scene.baselines[reference]
    if kind in ("images", "amplitude"):
        quantity = "complex" if kind == "images" else "amplitude"
        return tuple(
            Band(index + 1, quantity, date=day, perpendicular_baseline=float(against[index])) for index, day in enumerate(days)
        )
    quantity = "complex" if kind == "complex" else "phase"
    others = [index for index in range(len(days)) if index != reference]
    return tuple(
        Band(
            number + 1, quantity, reference_date=days[reference], secondary_date=days[index],
            perpendicular_baseline=float(against[index]),
        )
        for number, index in enumerate(others)
    )  # fmt: skip


def write_scene_as(scene: Scene, path: Path, kind: str, *, reference: int = 0, companion: str = "") -> str:
    """Write a scene as a stack of ``kind`` (see :func:`bands_of`) and return its path."""
    others = [index for index in range(len(scene.dates)) if index != reference]
    against = scene.slc * np.conj(scene.slc[reference])
    values = {
        "images": scene.slc,
        "complex": against[others],
        "phase": np.angle(against[others]).astype(np.float32),
        "amplitude": np.abs(scene.slc).astype(np.float32),
    }[kind]
    write_stack(
        str(path), values, bands_of(scene, kind, reference), geotransform=TRANSFORM, projection=_wkt(), wavelength=scene.wavelength,
        incidence_angle=scene.incidence, companions={"amplitude": companion} if companion else None,
    )  # fmt: skip
    return str(path)


def untrained_model(path: Path) -> str:
    """Write a default network with random weights, so that a test of the way does not hang on what was learnt."""
    import torch

    torch.manual_seed(5)
    network = ScattererNetwork(ScattererNetworkShape(len(FEATURES)))
    header = Header(
        task="scatterers", architecture=ARCHITECTURE, version="0", shape=network.shape.to_dict(),
        input={"features": list(FEATURES)}, settings={"threshold": 0.5},
    )  # fmt: skip
    save_model(path, network.state_dict(), header)
    return str(path)


def seen(scene: Scene, reference: int = 0):
    """Return the observations of a scene."""
    return observe(scene, reference)


def _wkt() -> str:
    from osgeo import osr

    reference = osr.SpatialReference()
    reference.SetFromUserInput(PROJECTION)
    return str(reference.ExportToWkt())
