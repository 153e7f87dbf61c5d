"""Half of the dates selects, the other half judges: a measure on real data without any truth.

``python -m benchmarks.scatterers.houston`` works on the Houston stack (``houston-s1-psps``: 92 interferograms of Sentinel-1 with
one reference date) found through ``STILLPOINT_DATA``. Each method ranks the pixels from half of the dates; the pixels that it ranks
highest, equally many for each method, are judged by their phase stability on the other half.

The judge favours no selector: it sees other dates than they did, it knows none of their selections, and the phase that a pixel's
surroundings share is taken from pixels three and more away, weighted by their own stability on the judge's dates. One reference
date in all interferograms is no leak: its noise is a constant of a pixel, which the stability does not know.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal
from scipy import ndimage

from stillpoint.benchmarks.scatterers.peers import PEERS
from stillpoint.benchmarks.scatterers.scores import best
from stillpoint.models.errors import StillpointError
from stillpoint.models.scatterers.observations import Observations

REFERENCE = "20180115"
WAVELENGTH = 0.05547
SPACING = (123.4, 106.5)
"""Metres of 1/900 degree along and across at 30.1 degrees north."""

SHARES = ("alternate", "blocks", "halves")
"""How the dates are shared: every other one; eight runs of dates in turn; the first half and the second."""

DENSITIES = (0.02, 0.05, 0.1)
BLOCK = 30  # pixels across of the blocks that the bootstrap draws
DRAWS = 400
DEFAULT_METHODS = (
    "dispersion", "similarity", "gamma", "phase_stability", "unet", "cnn_iss", "clstm_iss", "source", "default",
)


@dataclass(frozen=True)
class Houston:
    """The stack and what its authors made of it.

    Attributes
    ----------
    seen
        All dates.
    similarity
        Largest phase similarity by the authors [rows, cols], who used all dates; their PS lie above 0.384.
    mask
        Their PS, bool [rows, cols].
    """

    seen: Observations
    similarity: NDArray[np.float32]
    mask: NDArray[np.bool_]


def default_folder() -> Path:
    """Return the folder of the data, from ``STILLPOINT_DATA`` or beside the repository."""
    root = os.environ.get("STILLPOINT_DATA")
    base = Path(root) if root else Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
    return base / "houston-s1-psps"


def read_houston(folder: Path) -> Houston:
    """Read the stack; interferograms whose second date is the reference are conjugated.

    Raises
    ------
    StillpointError
        The folder does not hold the stack.
    """
    images = sorted((folder / "amp").glob("*.amp.tif"))
    if not images:
        raise StillpointError(f"{folder} does not hold the Houston stack. Set STILLPOINT_DATA to the folder that has it.")
    names = [path.name[:8] for path in images]
    amplitude = np.stack([_band(path) for path in images])
    phasor = np.ones(amplitude.shape, np.complex64)
    for path in (folder / "ifg").glob("*.diff_pha.tif"):
        first, second = path.name[:8], path.name[9:17]
        turn = np.exp(1j * _band(path))
        phasor[names.index(second if first == REFERENCE else first)] = turn if first == REFERENCE else np.conj(turn)
    dates = np.array([f"{name[:4]}-{name[4:6]}-{name[6:]}" for name in names], "datetime64[D]")
    products = folder / "source_ps_products"
    return Houston(
        Observations(
            phasor=phasor, dates=dates, reference=names.index(REFERENCE), spacing=SPACING, amplitude=amplitude,
            wavelength=WAVELENGTH, gains=amplitude.mean(axis=(1, 2), dtype=np.float64),
        ),
        _band(products / "max_sim.tif"),
        _band(products / "ps_mask.tif") == 1,
    )


def _band(path: Path) -> Any:
    dataset = gdal.Open(str(path))  # a band dies with its dataset
    return dataset.GetRasterBand(1).ReadAsArray()


def split(count: int, reference: int, how: str) -> Tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the dates of both halves without the reference date, which belongs to neither."""
    others = np.delete(np.arange(count), reference)
    if how == "alternate":
        first = np.arange(others.size) % 2 == 0
    elif how == "blocks":
        first = np.arange(others.size) * 8 // others.size % 2 == 0
    else:
        first = np.arange(others.size) < others.size // 2
    return others[first], others[~first]


def take_dates(seen: Observations, chosen: NDArray[np.intp]) -> Observations:
    """Return the stack of some dates and the reference date."""
    kept = np.sort(np.append(chosen, seen.reference))
    parts: Dict[str, Any] = {"amplitude": seen.amplitude, "gains": seen.gains, "baselines": seen.baselines}
    return Observations(**{
        **seen.__dict__, "phasor": seen.phasor[kept], "dates": seen.dates[kept],
        "reference": int(np.searchsorted(kept, seen.reference)),
        **{name: None if value is None else value[kept] for name, value in parts.items()},
    })


def held_out_gamma(phasor: NDArray[np.complex64], *, reach: float = 5.0, guard: int = 2, rounds: int = 4) -> NDArray[np.float32]:
    """Return the phase stability of every pixel against its surroundings, those within ``guard`` pixels left out.

    Parameters
    ----------
    phasor
        Unit phasors of the judge's interferograms [dates, rows, cols].
    reach
        Standard deviation of the Gaussian low pass, pixels.
    guard
        Pixels on each side of a pixel that don't count as its surroundings.
    rounds
        Times that weights (the square of the stability of the round before) are found.
    """
    offsets = np.arange(-2 * guard - 1, 2 * guard + 2)
    near = np.exp(-0.5 * (offsets / reach) ** 2)
    near = near * (np.abs(offsets) <= guard) / np.exp(-0.5 * (np.arange(-60, 61) / reach) ** 2).sum()
    weight = np.ones(phasor.shape[1:], np.float32)
    gamma = weight
    for _ in range(rounds):
        total = np.zeros(weight.shape, np.complex64)
        for image in phasor:
            parts = []
            for part in (image.real * weight, image.imag * weight):
                wide = ndimage.gaussian_filter(part, reach, truncate=4.0)
                inner = ndimage.convolve1d(ndimage.convolve1d(part, near, axis=0), near, axis=1)
                parts.append(wide - inner)
            around = parts[0] + 1j * parts[1]
            total += image * np.conj(around) / np.maximum(np.abs(around), 1e-12)
        gamma = (np.abs(total) / len(phasor)).astype(np.float32)
        weight = gamma**2
    return gamma


def regions(shape: Tuple[int, int]) -> Dict[str, Tuple[slice, slice]]:
    """Return the windows that are selected and judged on their own: the northern and the southern half."""
    return {"north": (slice(0, shape[0] // 2), slice(None)), "south": (slice(shape[0] // 2, None), slice(None))}


def rank(name: str, houston: Houston, seen: Observations) -> NDArray[np.float32]:
    """Return the score of every pixel by a method that sees some of the dates."""
    if name == "source":
        return houston.similarity
    return PEERS[name]().answer(seen).score


def label(name: str) -> str:
    """Return how the tables call a method."""
    return "max. similarity by the source (saw all dates)" if name == "source" else PEERS[name]().label


def measure(houston: Houston, methods: Sequence[str], how: str, *, both: bool = True) -> List[Dict[str, Any]]:
    """Return for each region, direction, density and method the held-out gamma of the selected pixels."""
    rows: List[Dict[str, Any]] = []
    halves = split(len(houston.seen.dates), houston.seen.reference, how)
    for selects, judges in (halves, halves[::-1])[: 2 if both else 1]:
        gamma = held_out_gamma(houston.seen.phasor[judges])
        seen = take_dates(houston.seen, selects)
        scores: Dict[str, NDArray[np.float32]] = {}
        for name in methods:
            try:
                scores[name] = rank(name, houston, seen)
            except (ImportError, StillpointError) as error:  # the others' figures are worth having
                print(f"{label(name)} left out: {error}", file=sys.stderr)
        for region, window in regions((gamma.shape[0], gamma.shape[1])).items():
            held = gamma[window]
            chosen = {
                (name, density): best(score[window].ravel(), round(density * held.size))
                for name, score in scores.items() for density in DENSITIES
            }
            for (name, density), taken in chosen.items():
                values = held.ravel()[taken]
                agrees = houston.mask[window].ravel()[taken].mean()
                rows.append({
                    "share": how, "selects": int(selects[0]), "region": region, "density": density, "method": name,
                    "gamma": float(values.mean()), "low": float(np.quantile(values, 0.1)),
                    "median": float(np.median(values)), "noisy": float((values < 0.3).mean()), "in_source": float(agrees),
                    "blocks": _block_sums(taken, values, (held.shape[0], held.shape[1])),
                })
    return rows


def _block_sums(taken: NDArray[np.intp], values: NDArray, shape: Tuple[int, int]) -> List[List[float]]:
    """Return sum of gamma and number of the selected pixels in each block of 30 x 30 pixels."""
    across = -(-shape[1] // BLOCK)
    block = taken // shape[1] // BLOCK * across + taken % shape[1] // BLOCK
    count = across * -(-shape[0] // BLOCK)
    return [np.bincount(block, values, count).tolist(), np.bincount(block, minlength=count).astype(float).tolist()]


def difference(rows: Sequence[Dict[str, Any]], method: str, other: str, density: float) -> Tuple[float, float, float]:
    """Return the mean lead of ``method`` over ``other`` in held-out gamma with its 95 % interval (bootstrap over blocks)."""
    rng = np.random.default_rng(0)
    leads, draws = [], []
    key = ("share", "selects", "region")
    for row in (row for row in rows if row["method"] == method and row["density"] == density):
        rival = next(r for r in rows if r["method"] == other and r["density"] == density and all(r[k] == row[k] for k in key))
        mine, theirs = np.array(row["blocks"]), np.array(rival["blocks"])
        picks = rng.integers(0, mine.shape[1], (DRAWS, mine.shape[1]))
        means = [part[0][picks].sum(1) / np.maximum(part[1][picks].sum(1), 1) for part in (mine, theirs)]
        draws.append(means[0] - means[1])
        leads.append(row["gamma"] - rival["gamma"])
    low, high = np.quantile(np.mean(draws, axis=0), [0.025, 0.975])
    return float(np.mean(leads)), float(low), float(high)


def markdown(rows: Sequence[Dict[str, Any]]) -> str:
    """Return the tables of all ways to share the dates."""
    lines: List[str] = []
    for how in dict.fromkeys(row["share"] for row in rows):
        mine = [row for row in rows if row["share"] == how]
        names = list(dict.fromkeys(row["method"] for row in mine))
        lines += [
            f"### dates shared: {how}", "",
            "| method | " + " | ".join(f"mean gamma at {100 * density:g} % | 10 % below | under 0.3 | in the source's mask"
                                       for density in DENSITIES) + " |",
            "|---|" + "---:|" * 4 * len(DENSITIES),
        ]  # fmt: skip
        for name in names:
            cells: List[str] = []
            for density in DENSITIES:
                some = [row for row in mine if row["method"] == name and row["density"] == density]
                cells += [f"{np.mean([row[key] for row in some]):.3f}" for key in ("gamma", "low")]
                cells += [f"{100 * np.mean([row[key] for row in some]):.1f} %" for key in ("noisy", "in_source")]
            lines.append(f"| {label(name)} | " + " | ".join(cells) + " |")
        lines.append("")
        champion = "default" if "default" in names else names[-1]
        for density in DENSITIES:
            leads = []
            for name in names:
                if name != champion:
                    lead, low, high = difference(mine, champion, name, density)
                    leads.append(f"{label(name)} {lead:+.4f} [{low:+.4f}, {high:+.4f}]")
            lines.append(f"{label(champion)} at {100 * density:g} % leads over: " + "; ".join(leads) + "\n")
    return "\n".join(lines)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measure and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scatterers.houston", description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="folder of the stack")
    parser.add_argument("--methods", nargs="+", choices=(*PEERS, "source"), default=list(DEFAULT_METHODS))
    parser.add_argument("--shares", nargs="+", choices=SHARES, default=["alternate", "blocks"])
    parser.add_argument("--one-way", action="store_true", help="only one half selects (default: each in turn)")
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    try:
        houston = read_houston(given.data or default_folder())
    except StillpointError as error:
        print(error, file=sys.stderr)
        return 1
    rows: List[Dict[str, Any]] = []
    for how in given.shares:
        rows += measure(houston, given.methods, how, both=not given.one_way)
    text = markdown(rows)
    print(text)
    if given.output:
        given.output.with_suffix(".md").write_text(text, encoding="utf-8")
        kept = [{key: value for key, value in row.items() if key != "blocks"} for row in rows]
        given.output.with_suffix(".json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
