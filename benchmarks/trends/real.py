"""Trend classes of real point files, and how plausible they are: ``python -m benchmarks.trends.real``.

There are no labels. What can be measured without: whether a point agrees with its neighbours more often than chance,
whether a series keeps its class when only every second epoch is seen, and whether network and tests agree.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.opening import open_points
from stillpoint.models.trends.classes import NAMES, UNWRAPPING_ERROR
from stillpoint.models.trends.classify import classify_arrays

C_BAND = 0.05547
FOLDERS = ("ps-*", "psbas-*", "stamps-*")
ENDINGS = (".csv", ".gpkg", ".csv.gz", ".h5", ".shp")
NEIGHBOURS = 5
MIXED = -1  # code of a series without a class
MOST_POINTS = 20_000


def data_folder() -> Path:
    """Return the folder of real data: ``STILLPOINT_DATA``, or the one beside the repository."""
    given = os.environ.get("STILLPOINT_DATA")
    return Path(given) if given else Path(__file__).resolve().parents[3] / "shared" / "data" / "real"


def point_files(folder: Path) -> List[Path]:
    """Return the point files under ``folder``."""
    found = [path for pattern in FOLDERS for path in sorted(folder.glob(f"{pattern}/*"))]
    return [path for path in found if path.name.lower().endswith(ENDINGS)]


def codes_of(columns: Dict[str, np.ndarray]) -> np.ndarray:
    """Return class codes, ``MIXED`` where none is given, int (n,)."""
    return np.ma.filled(np.ma.asarray(columns["trend_code"]).astype(np.int64), MIXED)


def neighbour_agreement(x: np.ndarray, y: np.ndarray, codes: np.ndarray, degrees: bool) -> Dict[str, float]:
    """Return the share of pairs of near points with one class, that expected by chance, and Cohen's kappa of both.

    Parameters
    ----------
    x, y
        Coordinates, shape (n,).
    codes
        Class codes, shape (n,); series without a class are left out.
    degrees
        The coordinates are longitude and latitude.
    """
    from scipy.spatial import cKDTree

    given = codes != MIXED
    places = np.column_stack([x * np.cos(np.radians(np.nanmean(y))) if degrees else x, y])[given]
    codes = codes[given]
    if codes.size <= NEIGHBOURS:
        return {}
    near = cKDTree(places).query(places, k=NEIGHBOURS + 1)[1][:, 1:]
    same = float(np.mean(codes[near] == codes[:, None]))
    shares = np.bincount(codes, minlength=len(NAMES)) / codes.size
    chance = float(np.sum(shares**2))
    return {"same": same, "chance": chance, "kappa": (same - chance) / max(1 - chance, 1e-9)}


def agreement(first: np.ndarray, second: np.ndarray) -> Dict[str, float]:
    """Return the share of series with one class in both codings (both given), and Cohen's kappa."""
    both = (first != MIXED) & (second != MIXED)
    if not both.any():
        return {}
    first, second = first[both], second[both]
    same = float(np.mean(first == second))
    size = len(NAMES)
    chance = float(
        np.sum(np.bincount(first, minlength=size) * np.bincount(second, minlength=size)) / float(first.size) ** 2
    )
    return {"same": same, "kappa": (same - chance) / max(1 - chance, 1e-9), "series": int(both.sum())}


def describe(path: Path, *, method: str = "default", most: int = MOST_POINTS) -> Dict[str, Any]:
    """Return the table of classes of one file and the measures of plausibility."""
    with open_points(str(path)) as source:
        layout = source.layout
        blocks = list(source.blocks(16384))
    x, y = (np.concatenate([getattr(block, name) for block in blocks])[:most] for name in ("x", "y"))
    series = np.concatenate([block.displacement for block in blocks])[:most]
    wavelength = layout.wavelength or C_BAND

    def classes(rows: slice, name: str) -> np.ndarray:
        return codes_of(
            classify_arrays(
                layout.dates[rows], np.ascontiguousarray(series[:, rows]), wavelength=wavelength, method=name
            ).columns
        )

    columns = classify_arrays(layout.dates, series.copy(), wavelength=wavelength, method=method).columns
    codes = codes_of(columns)
    given = codes[codes != MIXED]
    jumps = np.nanmax(np.abs(np.diff(series, axis=1)), axis=1) > 0.75 * 500.0 * wavelength
    reasons, counts = np.unique([text for text in columns["reason"] if text], return_counts=True)
    result: Dict[str, Any] = {
        "file": path.name, "format": layout.format, "points": len(series), "epochs": len(layout.dates),
        "shares": {name: float(np.mean(codes == k)) for k, name in enumerate(NAMES)},
        "refused": float(np.mean(codes == MIXED)),
        "reasons": {str(reason): int(count) for reason, count in zip(reasons, counts)},
        "median_confidence": float(np.median(columns["confidence"][codes != MIXED])) if given.size else float("nan"),
        "steps_above_3/8_wavelength": float(np.mean(jumps)),
        "unwrapping_among_such_steps": float(np.mean(codes[jumps] == UNWRAPPING_ERROR)) if jumps.any() else None,
        "neighbours": neighbour_agreement(x, y, codes, bool(np.all(np.abs(x) <= 360) and np.all(np.abs(y) <= 90))),
    }
    if len(layout.dates) >= 30:
        result["halves"] = agreement(classes(slice(0, None, 2), method), classes(slice(1, None, 2), method))
    try:
        result["tests"] = agreement(codes, classes(slice(None), "statistical"))
    except StillpointError as error:
        print(f"the tests could not be run: {error}", file=sys.stderr)
    return result


def markdown(items: Sequence[Dict[str, Any]]) -> str:
    """Return the table of all files."""
    lines = [
        "| file | points x epochs | " + " | ".join(NAMES) + " | not classified "
        "| neighbours agree (chance) | halves agree | tests agree | steps > 3/8 wavelength (of these PUE) |",
        "|---|---|" + "---:|" * (len(NAMES) + 5),
    ]
    for item in items:
        if "error" in item:
            lines.append(f"| {item['file']} | {item['error']} |" + " |" * (len(NAMES) + 5))
            continue
        near, halves, tests = (item.get(name) or {} for name in ("neighbours", "halves", "tests"))
        cells = [f"{100 * share:.1f} %" for share in (*item["shares"].values(), item["refused"])]
        cells += [
            f"{100 * near['same']:.0f} % ({100 * near['chance']:.0f} %)" if near else "",
            f"{100 * halves['same']:.0f} %" if halves else "",
            f"{100 * tests['same']:.0f} %" if tests else "",
        ]
        share = item["unwrapping_among_such_steps"]
        among = f" ({100 * share:.0f} %)" if share is not None else ""
        cells.append(f"{100 * item['steps_above_3/8_wavelength']:.1f} %{among}")
        lines.append(f"| {item['file']} | {item['points']} x {item['epochs']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Classify the files and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends.real", description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="folder of the real data")
    parser.add_argument("--method", choices=("default", "statistical", "mirmazloumi_cnn"), default="default")
    parser.add_argument("--most", type=int, default=MOST_POINTS, help="points of a file at most (default: 20000)")
    parser.add_argument("--output", type=Path, help="write a JSON too")
    given = parser.parse_args(argv)
    items: List[Dict[str, Any]] = []
    for path in point_files(given.data):
        try:
            items.append(describe(path, method=given.method, most=given.most))
        except StillpointError as error:
            items.append({"file": path.name, "error": str(error)})
        print(f"{path.name} done", file=sys.stderr)
    if not items:
        print(f"No point files under {given.data}.", file=sys.stderr)
        return 1
    print(markdown(items))
    if given.output:
        given.output.write_text(json.dumps(items, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
