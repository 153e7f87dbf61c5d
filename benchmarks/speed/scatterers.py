"""Persistent scatterers, from a stack on disk to maps on disk: the engine beside dolphin and StaMPS's equations."""

from __future__ import annotations

import json
import subprocess  # nosec B404 - starts dolphin's own Python
import sys
from functools import partial
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.benchmarks.scatterers.files import write_scene
from stillpoint.benchmarks.scatterers.peers import select
from stillpoint.benchmarks.scatterers.scores import average_precision, f1_at_true_count
from stillpoint.benchmarks.scatterers.simulator import Scene, make_scene
from stillpoint.benchmarks.speed.measure import OURS, Contestant

UNIT, SCALE = "CPU s a megapixel", 1.0
INSIDE = Path(__file__).resolve().with_name("dolphin_inside.py")


def quality(scene: Scene, score: Any) -> Dict[str, float]:
    """Return how well a score ranks the pixels."""
    score = np.nan_to_num(np.asarray(score, np.float64).ravel(), nan=-1e9)
    truth = np.asarray(scene.truth, bool).ravel()
    return {"F1 at the true count": f1_at_true_count(score, truth), "average precision": average_precision(score, truth)}


def dates_apart(stack: Path, folder: Path) -> List[Path]:
    """Write each date of a stack as a GeoTIFF of its own, as dolphin takes them; return their paths."""
    source = gdal.Open(str(stack))
    found = []
    for number in range(1, source.RasterCount + 1):
        band = source.GetRasterBand(number)
        day = band.GetMetadataItem("DATE").replace("-", "")
        path = folder / f"{day}.slc.tif"
        gdal.Translate(str(path), source, bandList=[number], creationOptions=["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"])
        found.append(path)
    return found


def dolphin(python: str, what: str, files: List[Path], folder: Path, rounds: int) -> Tuple[np.ndarray, List[float]]:
    """Run dolphin in its own Python; return its score of every pixel, the higher the likelier PS, and processor seconds."""
    done = subprocess.run(  # nosec B603 - no shell, the interpreter that the user named
        [python, str(INSIDE), what, str(rounds), str(folder), *map(str, files)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"dolphin failed: {done.stderr.strip()[-1500:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    values = gdal.Open(told["output"]).ReadAsArray().astype(np.float64)
    if what == "dispersion":
        values = np.where(values > 0, -values, -1e9)
    return values, [float(seconds) for seconds in told["cpu_seconds"]]


def contestants(side: int, folder: Path, python: Optional[str], rounds: int) -> List[Contestant]:
    """Return the methods on one simulated scene of 30 dates."""
    scene = make_scene("dates-30", 0, size=(side, side))
    stack = write_scene(scene, folder)
    mpx = side * side / 1e6
    found = [
        Contestant(title, partial(select, stack, method, folder), mpx, lambda answer: quality(scene, answer.score))
        for title, method in (
            (f"{OURS}, default network", "default"), ("StaMPS's equations, vectorised (phase_stability)", "phase_stability"),
            (f"{OURS}, amplitude dispersion", "amplitude_dispersion"),
        )
    ]  # fmt: skip
    if python is None:
        print("dolphin left out: name its Python with --dolphin", file=sys.stderr)
        return found
    files = dates_apart(stack, folder)
    for title, what in (("dolphin, PS by amplitude dispersion", "dispersion"), ("dolphin, phase similarity", "similarity")):
        found.append(Contestant(
            title, partial(dolphin, python, what, files, folder, rounds), mpx, lambda score: quality(scene, score), timed=False
        ))  # fmt: skip
    return found
