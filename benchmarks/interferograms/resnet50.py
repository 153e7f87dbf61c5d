"""How well the picture classifier does on pictures that it never saw: accuracy by class, ranking, calibration, and time a pair.

``python -m benchmarks.interferograms.resnet50 --stacks 10``: simulated stacks of the benchmark's own simulator, which nothing was
trained on; those of the training's simulator that were kept apart (``--examples FOLDER``, where they were made before); and real
interferograms (``STILLPOINT_DATA``): patches of Houston and Mexico City, apart from the training by date and region.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch

from stillpoint.benchmarks.interferograms.settings import KINDS
from stillpoint.benchmarks.interferograms.store import stack_of
from stillpoint.models.interferograms import patches, render, train_resnet50, train_resnet50_data
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.resnet50_method import ResNet50Method, open_resnet50, probabilities, verdict
from stillpoint.models.interferograms.train_resnet50_card import figures_table
from stillpoint.models.interferograms.train_resnet50_figures import by_kind, figures, reliability
from stillpoint.models.progress import Progress

BUDGET = 0.05
"""Seconds a pair of 512 x 512 pixels may take on two cores."""


def independent(setting: str, count: int, *, side: int) -> Tuple[Pictures, np.ndarray]:
    """Return pictures of the benchmark's own stacks, and which pairs have strong atmosphere and are not bad."""
    rows, strong = [], []
    for seed in range(count):
        stack = stack_of(setting, seed)
        for number, phase in enumerate(stack.phase):
            image = render.picture(phase, unwrapped=True, side=side)
            kind = KINDS[stack.trouble[number]] if stack.trouble[number] >= 0 else "nothing done"
            kind += ", bad" if stack.bad[number] else ""
            kind = "strong atmosphere" if stack.strong[number] and not stack.bad[number] else kind
            rows.append((image, float(not stack.bad[number]), True, kind, seed))
            strong.append(bool(stack.strong[number] and not stack.bad[number]))
    return patches.gathered(rows, side), np.array(strong, bool)


def real_places(real: Optional[Path], side: int) -> Dict[str, Pictures]:
    """Return the real pictures to judge by, by their name in the tables."""
    if real is None:
        return {}
    judging = patches.real_pictures(real, 1, side=side)["judging"]
    places = np.array([kind.split(" ")[0] for kind in judging.kinds])
    found = {"Mexico City, east": judging.take(places == "Mexico")}
    for way, chosen in (("wrapped", ~judging.unwrapped), ("unwrapped", judging.unwrapped)):
        found[f"Houston patches, {way}"] = judging.take((places == "Houston") & chosen)
    if (real / patches.MEXICO / "unw").is_dir():
        found["Mexico City, whole"] = patches.mexico_pictures(patches.read_mexico(real), "whole", side=side)
    return {name: pictures for name, pictures in found.items() if len(pictures)}


def speed(method: ResNet50Method, *, size: int = 512, pairs: int = 32) -> float:
    """Return the seconds that a verdict takes a pair of ``size`` x ``size`` pixels, the best of three."""
    rng = np.random.default_rng(1)
    phase = np.cumsum(rng.standard_normal((pairs, size, size)).astype(np.float32), axis=2)
    dates = np.datetime64("2020-01-01") + 12 * np.arange(pairs + 1)
    network = Network(phase, dates, np.stack([np.arange(pairs), np.arange(pairs) + 1], axis=1), True)
    times = []
    for _ in range(3):
        began = time.perf_counter()
        verdict(method, network)
        times.append(time.perf_counter() - began)
    return min(times) / pairs


def measure(
    method: ResNet50Method, *, settings: Sequence[str], stacks: int, examples: Optional[Path], real: Optional[Path]
) -> Tuple[Dict[str, Dict[str, float]], List[str]]:
    """Return the figures by set of pictures, and the tables of kinds and of the calibration in Markdown."""
    side = method.network.shape.side
    sets: Dict[str, Pictures] = {}
    calm: Dict[str, np.ndarray] = {}
    for setting in settings:
        name = f"independent simulator, {setting}"
        sets[name], calm[name] = independent(setting, stacks, side=side)
    if examples is not None:
        held = train_resnet50_data.simulated(
            train_resnet50.JUDGING_SEED, train_resnet50.STACKS["judging"], examples, side=side, learning=False,
            progress=Progress(_told),
        )  # fmt: skip
        for way, chosen in (("unwrapped", held.unwrapped), ("wrapped", ~held.unwrapped)):
            name = f"training's simulator, {way}"
            sets[name] = held.take(chosen)
            calm[name] = np.array([kind == "strong atmosphere" for kind in sets[name].kinds]) & (sets[name].good >= 0.5)
    sets.update(real_places(real, side))
    found, texts = {}, []
    for name, pictures in sets.items():
        probability = probabilities(method.network, pictures.images, pictures.unwrapped)
        found[name] = figures(probability, pictures.good, method.threshold)
        strong = calm.get(name, np.zeros(len(pictures), bool))
        if strong.any():
            found[name]["false alarms, strong atmosphere"] = float((probability[strong] < method.threshold).mean())
        kinds = by_kind(probability, pictures.good, pictures.kinds, method.threshold)
        words = "; ".join(f"{kind} {share:.2f} of {number}" for kind, (share, number) in kinds.items())
        texts.append(f"\n**{name}**, judged right by kind: {words}")
        known = np.isfinite(pictures.good)
        rows = reliability(probability[known], pictures.good[known] >= 0.5)
        texts.append("said/true/number: " + ", ".join(f"{said:.2f}/{true:.2f}/{count}" for said, true, count in rows))
    return found, texts


ROWS = ("", "strong atmosphere", "unwrapping error", "ramp", "decorrelated")
"""Kinds of simulated pictures in the gallery, a row each."""


def gallery(method: ResNet50Method, examples: Path, real: Optional[Path], *, each: int = 6, frame: int = 4) -> np.ndarray:
    """Return pictures of the training's simulator by kind, and of Houston (wrapped) by quality, framed by what is said of them.

    Returns
    -------
    numpy.ndarray
        uint8 [3, rows, cols]; a green frame is kept, a red one dropped.
    """
    side = method.network.shape.side
    held = train_resnet50_data.simulated(
        train_resnet50.JUDGING_SEED, 12, examples, side=side, learning=False, progress=Progress(_told)
    )  # fmt: skip
    kinds = np.array(held.kinds)
    rows = [held.take(held.unwrapped & (kinds == kind)) for kind in ROWS]
    houston = real_places(real, side).get("Houston patches, wrapped")
    rows += [houston.take(houston.good == good) for good in (1, 0)] if houston is not None else []
    lines = []
    for number, pictures in enumerate(rows):
        if len(pictures) < each:
            continue
        drawn = pictures.take(np.random.default_rng([number, 5]).permutation(len(pictures))[:each])
        kept = probabilities(method.network, drawn.images, drawn.unwrapped) >= method.threshold
        cells = []
        for image, keep in zip(drawn.images, kept):
            cell = np.empty((3, side + 2 * frame, side + 2 * frame), np.uint8)
            cell[:] = np.array((40, 160, 60) if keep else (200, 30, 30), np.uint8)[:, None, None]
            cell[:, frame:-frame, frame:-frame] = image
            cells.append(cell)
        lines.append(np.concatenate(cells, axis=2))
    return np.concatenate(lines, axis=1)


def write_png(image: np.ndarray, path: Path) -> None:
    """Write uint8 [3, rows, cols] as a PNG."""
    from osgeo import gdal, gdal_array

    gdal.GetDriverByName("PNG").CreateCopy(str(path), gdal_array.OpenArray(image))
    path.with_name(path.name + ".aux.xml").unlink(missing_ok=True)


def _told(fraction: float, message: str) -> None:
    print(f"\r{fraction:4.0%} {message:<60}", end="", file=sys.stderr)


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Figures of the picture classifier on pictures that it never saw.")
    parser.add_argument("--model", type=Path, default=None, help="model file (default: the shipped one)")
    parser.add_argument("--settings", nargs="*", default=["pairs-92"], help="kinds of stacks of the benchmark's simulator")
    parser.add_argument("--stacks", type=int, default=10, help="stacks of each kind")
    parser.add_argument("--examples", type=Path, default=None, help="folder with the simulated stacks of the training")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--gallery", type=Path, default=None, help="PNG to write pictures to, instead (with --examples)")
    parser.add_argument("--json", type=Path, default=None, help="file for the figures")
    given = parser.parse_args(argv)
    torch.set_num_threads(given.threads)
    method = open_resnet50(given.model)
    if given.gallery:
        if given.examples is None:
            parser.error("--gallery needs --examples")
        write_png(gallery(method, given.examples, patches.real_folder()), given.gallery)
        return
    found, texts = measure(
        method, settings=given.settings, stacks=given.stacks, examples=given.examples, real=patches.real_folder()
    )
    taken = speed(method)
    print(figures_table(found))
    print("\n".join(texts))
    print(f"\n{1000 * taken:.1f} ms a pair of 512 x 512 pixels with {given.threads} threads (at most {1000 * BUDGET:.0f} wanted)")
    if given.json:
        given.json.write_text(json.dumps({"figures": found, "seconds_a_pair": taken}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
