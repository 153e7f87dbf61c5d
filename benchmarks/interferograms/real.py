"""Real interferograms, of which nobody knows the truth but something can be told: ``python -m benchmarks.interferograms.real``.

*Mexico City* (``mexico-city-s1-pyrate``): 30 unwrapped pairs between 13 dates with coherence, all fair to good. Nothing useful may
be dropped: so the table counts what each method calls bad and what it drops, and what that changes in the velocity.

*Houston* (``houston-s1-psps``): 92 wrapped pairs of one reference date, so without any loop, from clean fringes to noise. The
source measured each pair objectively (``pairs.csv``): the mean magnitude of the phasor averaged over 5 x 5 pixels, 0.18 for pure
noise. The table tells how the scores follow it. The coherence of these data was derived by the same people, so the methods are
asked without it too.

The folder is found through ``STILLPOINT_DATA``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal
from scipy import stats

from stillpoint.benchmarks.interferograms.peers import PEERS, Answer, Peer, loop_errors, loops_of
from stillpoint.benchmarks.interferograms.scores import auc
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.worth import selection_worth

CLEAN, NOISY = 0.45, 0.23
"""Houston's pairs above the one and below the other are taken as surely good and surely bad."""

DEFAULT_METHODS = (
    "keep_all", "mean_coherence", "licsbas", "scatter", "closure", "engine_coherence", "residues", "engine_loop_closure",
    "resnet50", "default",
)
Figures = Dict[str, Any]
Rows = List[Dict[str, str]]


def data_folder() -> Path:
    """Return the folder of the real products, from ``STILLPOINT_DATA`` or beside the repository."""
    root = os.environ.get("STILLPOINT_DATA")
    return Path(root) if root else Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"


def read_mexico(folder: Path) -> Tuple[Network, Rows]:
    """Return the pairs of Mexico City and their statistics.

    Raises
    ------
    StillpointError
        The folder does not hold them.
    """
    rows = _statistics(folder)
    phase = np.stack([_image(folder / "unw" / f"cropA_{row['pair']}_VV_8rlks_eqa_unw.tif") for row in rows])
    coherence = np.stack([_image(folder / "coh" / f"cropA_{row['pair']}_VV_8rlks_flat_eqa_cc.tif") for row in rows])
    phase[phase == 0] = np.nan
    coherence[coherence == 0] = np.nan
    dates, pairs = _network([(row["date1"], row["date2"]) for row in rows])
    baselines = np.array([float(row["mean_bperp_m"]) for row in rows])
    return Network(
        phase=phase, dates=dates, pairs=pairs, unwrapped=True, coherence=coherence, baselines=baselines, spacing=(154.0, 146.0),
        wavelength=0.0555042,
    ), rows


def read_houston(folder: Path) -> Tuple[Network, Rows]:
    """Return the pairs of Houston, later minus earlier date, and their statistics.

    Raises
    ------
    StillpointError
        The folder does not hold them.
    """
    rows = _statistics(folder)
    days = [sorted((row["date1"], row["date2"])) for row in rows]
    phase = np.stack([_image(folder / "ifg" / f"{row['pair']}.diff_pha.tif") for row in rows])
    coherence = np.stack([_image(folder / "coh" / f"{row['pair']}.cc.tif") / np.float32(255) for row in rows])
    dates, pairs = _network([(first, second) for first, second in days])
    return Network(
        phase=phase, dates=dates, pairs=pairs, unwrapped=False, coherence=coherence, spacing=(123.4, 106.5), wavelength=0.05547,
    ), rows


def _statistics(folder: Path) -> Rows:
    table = folder / "pairs.csv"
    if not table.is_file():
        raise StillpointError(f"{folder} does not hold the interferograms. Set STILLPOINT_DATA to the folder that has it.")
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _image(path: Path) -> NDArray[np.float32]:
    dataset = gdal.Open(str(path))
    if dataset is None:
        raise StillpointError(f"{path} cannot be read. The folder of the real data is not complete.")
    return np.asarray(dataset.GetRasterBand(1).ReadAsArray(), np.float32)


def _network(days: Sequence[Tuple[str, str]]) -> Tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    names = sorted({day for pair in days for day in pair})
    dates = np.array([f"{name[:4]}-{name[4:6]}-{name[6:]}" for name in names], "datetime64[D]")
    return dates, np.array([[names.index(first), names.index(second)] for first, second in days], np.int64)


def measure_mexico(network: Network, methods: Sequence[str]) -> Dict[str, Figures]:
    """Return what each method does to pairs of which none is bad."""
    loops = loops_of(network.pairs)
    errors = loop_errors(network.phase, loops)
    print(f"Mexico City: {network.count} pairs, {len(loops)} loops, RMS {np.median(errors):.2f} rad in the middle, "
          f"{errors.max():.2f} rad at most", file=sys.stderr)  # fmt: skip
    result: Dict[str, Figures] = {}
    for name, (peer, answer) in _answers(network, methods).items():
        if answer.keep is None or answer.called_bad is None:
            continue  # no threshold without truth
        whole = np.ones(network.count, bool)
        found = selection_worth(network, answer.keep if answer.keep.any() else whole)
        change = found.difference[np.isfinite(found.difference)]
        result[name] = {
            "label": peer.label, "called_bad": int(answer.called_bad.sum()), "dropped": int((~answer.keep).sum()),
            "lost_dates": len(network.dates) - len(np.unique(network.pairs[answer.keep])),
            "least": None if answer.score is None else float(np.nanmin(answer.score)),
            "middle": None if answer.score is None else float(np.nanmedian(answer.score)),
            "change": float(np.sqrt((change**2).mean())), "error_all": float(np.nanmedian(found.error_all)),
            "error_kept": float(np.nanmedian(found.error_kept)),
            "names": [_name(network, p) for p in np.flatnonzero(answer.called_bad)],
        }
    return result


def measure_houston(network: Network, rows: Rows, methods: Sequence[str]) -> Dict[str, Figures]:
    """Return how the scores follow the objective statistics, with and without coherence."""
    steady = np.array([float(row["mean_local_phase_coh_5x5"]) for row in rows])
    coherent = np.array([float(row["mean_coh"]) for row in rows])
    sure = (steady > CLEAN) | (steady < NOISY)
    print(f"Houston: {network.count} pairs, {(steady > CLEAN).sum()} clean, {(steady < NOISY).sum()} noisy", file=sys.stderr)
    result: Dict[str, Figures] = {}
    for suffix, seen in (("", network), (", without coherence", replace(network, coherence=None))):
        for name, (peer, answer) in _answers(seen, methods).items():
            if answer.score is None:
                continue
            known = np.isfinite(answer.score)
            bad = np.zeros(0, bool) if answer.called_bad is None else answer.called_bad
            result[name + suffix] = {
                "label": peer.label + suffix, "spearman": _rank(answer.score[known], steady[known]),
                "spearman_coherence": _rank(answer.score[known], coherent[known]),
                "auc": auc(answer.score[sure], steady[sure] < NOISY),
                "clean_lost": float(bad[steady > CLEAN].mean()) if bad.size else None,
                "noisy_found": float(bad[steady < NOISY].mean()) if bad.size else None,
                "called_bad": int(bad.sum()) if bad.size else None,
            }
    return result


def _answers(network: Network, methods: Sequence[str]) -> Dict[str, Tuple[Peer, Answer]]:
    """Return peers and answers; those that cannot run are named and left out."""
    result: Dict[str, Tuple[Peer, Answer]] = {}
    for name in methods:
        peer: Peer = PEERS[name]()
        try:
            result[name] = (peer, peer.answer(network))
        except (ImportError, KeyError, StillpointError) as error:
            print(f"{peer.label} left out: {error!r}", file=sys.stderr)
    return result


def _rank(one: NDArray, other: NDArray) -> float:
    return float(stats.spearmanr(one, other)[0]) if np.ptp(one) > 0 else float("nan")


def _name(network: Network, pair: int) -> str:
    first, second = network.dates[network.pairs[pair]]
    return f"{first}/{second}"


def tables(mexico: Dict[str, Figures], houston: Dict[str, Figures]) -> str:
    """Return both tables."""
    lines: List[str] = []
    if mexico:
        lines += [
            "### Mexico City, 30 fair to good pairs", "",
            "| method | called bad | dropped | dates lost | least score | median score | velocity changed by, mm/yr (RMS) "
            "| standard error, all: median | kept |", "|---|" + "---:|" * 8,
        ]
        lines += [
            f"| {item['label']} | {item['called_bad']} | {item['dropped']} | {item['lost_dates']} | {_cell(item['least'])} "
            f"| {_cell(item['middle'])} | {item['change']:.2f} | {item['error_all']:.2f} | {item['error_kept']:.2f} |"
            for item in mexico.values()
        ]
        lines.append("")
    if houston:
        lines += [
            "### Houston, 92 wrapped pairs without loops", "",
            "| method | rank correlation with the steadiness of the phase | with the mean coherence | AUC, noisy against clean "
            "| called bad | of the noisy | of the clean |", "|---|" + "---:|" * 6,
        ]
        lines += [
            f"| {item['label']} | {_cell(item['spearman'])} | {_cell(item['spearman_coherence'])} | {_cell(item['auc'])} "
            f"| {'' if item['called_bad'] is None else item['called_bad']} | {_cell(item['noisy_found'])} "
            f"| {_cell(item['clean_lost'])} |"
            for item in houston.values()
        ]
    return "\n".join(lines) + "\n"


def _cell(value: Optional[float]) -> str:
    return "" if value is None or not np.isfinite(value) else f"{value:.2f}"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run on what there is and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interferograms.real", description=__doc__)
    known = [name for name in PEERS if "truth" not in name]
    parser.add_argument("--methods", nargs="+", choices=known, default=list(DEFAULT_METHODS))
    parser.add_argument("--output", type=Path, help="write NAME.md and NAME.json too")
    given = parser.parse_args(argv)
    import torch

    torch.set_num_threads(1)
    folder = data_folder()
    try:
        city, _ = read_mexico(folder / "mexico-city-s1-pyrate")
        plain, rows = read_houston(folder / "houston-s1-psps")
    except StillpointError as error:
        print(error, file=sys.stderr)
        return 1
    mexico, houston = measure_mexico(city, given.methods), measure_houston(plain, rows, given.methods)
    text = tables(mexico, houston)
    print(text, flush=True)
    if given.output:
        given.output.with_suffix(".md").write_text(text, encoding="utf-8")
        given.output.with_suffix(".json").write_text(json.dumps({"mexico": mexico, "houston": houston}, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
