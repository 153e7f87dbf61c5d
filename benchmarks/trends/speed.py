"""How fast trend classifiers are: ``python -m benchmarks.trends.speed``, and from disk to a layer with ``--file``.

In memory: series a second with shared dates, everything included. From disk: a CSV of N points by 300 dates through the
command ``stillpoint`` to a classified GeoPackage, wall time and peak memory. Rivals run on the same cores; as they take
too long for all points, they are timed on some, and their time for the file is that rate plus reading it with pandas.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.benchmarks.trends.calendars import BANDS, Calendar
from stillpoint.benchmarks.trends.peers import PEERS
from stillpoint.benchmarks.trends.simulator import CLASSES, SeriesFile, generator, simulate, simulate_file
from stillpoint.models.errors import StillpointError
from stillpoint.models.pipeline import in_order

BLOCK = 4096  # series at a time
PATTERN = 600  # simulated series that are repeated, with fresh noise, to any number
RIVAL_SERIES = {"minirocket": 2000, "boosted_trees": 2000, "statistical": 20000}
RUPTURES_SERIES = 40
FILE_EPOCHS = 300


def calendar_of(epochs: int) -> Calendar:
    """Return ``epochs`` dates, 6 days apart, of Sentinel-1."""
    dates = np.datetime64("2016-01-03") + 6 * np.arange(epochs).astype("timedelta64[D]")
    return Calendar(dates, BANDS["C"][0][0], "C")


def pattern(epochs: int) -> SeriesFile:
    """Return simulated series of all classes that share ``epochs`` dates."""
    rng = generator("seed-like", "speed", 0, epochs)
    return simulate_file("seed-like", np.arange(PATTERN) % CLASSES, rng, calendar_of(epochs))


def many(base: SeriesFile, start: int, count: int) -> SeriesFile:
    """Return ``count`` series made of ``base`` with fresh noise of 0.5 mm."""
    rng = np.random.default_rng(start)
    rows = np.arange(start, start + count) % len(base)
    noise = 0.5 * rng.standard_normal((count, base.dates.size), dtype=np.float32)
    result = base.take(rows)
    result.displacement = base.displacement[rows] + noise
    return result


def rate(run: Callable[[SeriesFile], Any], base: SeriesFile, count: int, cores: int = 1) -> float:
    """Return series a second of ``run``, warmed up, over blocks of shared dates, one thread a core.

    That is how the engine works through a file: several blocks at once, each by kernels of one thread.
    """
    run(many(base, 0, min(256, count)))
    size = min(BLOCK, -(-count // cores))
    blocks = [many(base, start, min(size, count - start)) for start in range(0, count, size)]
    begin = time.perf_counter()
    for _ in in_order(run, blocks, threads=cores):
        pass
    return count / (time.perf_counter() - begin)


def ruptures_class(file: SeriesFile) -> List[int]:
    """Classify as scripts around ruptures do: one break of a piecewise line per series, then BIC. One core."""
    import ruptures

    years = file.calendar.years
    x = np.column_stack([np.ones_like(years), years])
    called = []
    for series in file.displacement.astype(np.float64):
        signal = np.column_stack([series, x])
        found = ruptures.Dynp(model="linear", min_size=8, jump=2).fit(signal).predict(n_bkps=1)[0]
        kink = np.column_stack([x, np.maximum(years - years[found - 1], 0.0)])
        sums = [np.linalg.lstsq(design, series, rcond=None)[1] for design in (x[:, :1], x, np.vander(years, 3), kink)]
        criterion = [series.size * np.log(float(r[0])) + p * np.log(series.size) for r, p in zip(sums, (1, 2, 3, 4))]
        called.append(int(np.argmin(criterion)))
    return called


def in_memory(methods: Sequence[str], *, series: int, epochs: int, cores: int) -> Dict[str, float]:
    """Return series a second of every method on ``cores`` cores (ruptures: pure Python, one)."""
    base = pattern(epochs)
    result: Dict[str, float] = {}
    for name in methods:
        if name == "ruptures":
            result[name] = rate(ruptures_class, base, RUPTURES_SERIES)
            continue
        peer = PEERS[name]()
        try:
            if name in ("minirocket", "boosted_trees", "published"):
                peer.fit(simulate("seed-like", 1200, part="speed-train"))
            count = min(series, RIVAL_SERIES.get(name, series))
            result[name] = rate(lambda block, peer=peer: peer.answer([block]), base, count, cores)
        except (ImportError, StillpointError) as error:
            print(f"{name} left out: {error}", file=sys.stderr)
    return result


def write_csv(path: Path, points: int, epochs: int = FILE_EPOCHS) -> None:
    """Write a CSV like those of the European Ground Motion Service: identifier, coordinates, one column a date."""
    import pyarrow as pa
    from pyarrow import csv

    base = pattern(epochs)
    names = [str(date).replace("-", "") for date in base.dates]
    schema = pa.schema(
        [("pid", pa.string()), ("easting", pa.float64()), ("northing", pa.float64())]
        + [(name, pa.float64()) for name in names]
    )
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write((",".join(schema.names) + "\n").encode("ascii"))  # pyarrow would put the names in quotes
        writer = csv.CSVWriter(file, schema, write_options=options)
        for start in range(0, points, BLOCK):
            block = many(base, start, min(BLOCK, points - start))
            index = np.arange(start, start + len(block))
            values = np.round(block.displacement.astype(np.float64), 1)
            columns: List[Any] = [
                pa.array([f"P{k:08d}" for k in index]),
                pa.array(4_400_000.0 + 20.0 * (index % 1000)), pa.array(2_900_000.0 + 20.0 * (index // 1000)),
            ]
            columns += [pa.array(np.ascontiguousarray(values[:, k])) for k in range(epochs)]
            writer.write_table(pa.table(columns, schema=schema))
        writer.close()


def command(arguments: Sequence[str], cores: int) -> Tuple[float, float]:
    """Run the command ``stillpoint`` on ``cores`` cores; return wall seconds and peak resident memory in MB.

    Raises
    ------
    StillpointError
        It failed.
    """
    program = Path(sys.executable).with_name("stillpoint")
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(program), *arguments], stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, allowed)
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise StillpointError(f"stillpoint ended with status {process.returncode}.")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024.0


def from_disk(points: int, folder: Path, rates: Dict[str, float], *, cores: int, keep: bool) -> Dict[str, Any]:
    """Return wall seconds and peak memory from CSV to GeoPackage, and what rivals would take (reading + their rate)."""
    import pandas as pd

    source, target = folder / f"points_{points}.csv", folder / f"points_{points}.gpkg"
    if not source.exists():
        write_csv(source, points)
    target.unlink(missing_ok=True)
    wall, memory = command(
        ["classify-trends", str(source), "--output", str(target), "--device", "cpu", "--progress", "none"], cores
    )
    result: Dict[str, Any] = {
        "points": points, "epochs": FILE_EPOCHS, "csv_mb": source.stat().st_size / 1e6,
        "seconds": wall, "peak_mb": memory, "points_per_second": points / wall,
        "output_mb": target.stat().st_size / 1e6,
    }
    sample = min(points, 20_000)
    begin = time.perf_counter()
    pd.read_csv(source, nrows=sample)
    reading = (time.perf_counter() - begin) * points / sample
    result["rivals_seconds"] = {name: reading + points / speed for name, speed in rates.items() if name != "default"}
    if not keep:
        source.unlink()
        target.unlink()
    return result


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends.speed", description=__doc__)
    parser.add_argument("--methods", nargs="+", choices=(*PEERS, "ruptures"),
                        default=["default", "statistical", "minirocket", "boosted_trees", "ruptures"])
    parser.add_argument("--series", type=int, default=32768, help="series in memory (default: 32768)")
    parser.add_argument("--epochs", type=int, default=280)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--file", nargs="?", type=int, const=100_000, help="points of the CSV (default: 100000)")
    parser.add_argument("--folder", type=Path, help="where the CSV and the layer are kept (default: not kept)")
    parser.add_argument("--output", type=Path, help="write a JSON too")
    given = parser.parse_args(argv)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: given.cores])
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", file=sys.stderr)
    with threadpool_limits(limits=1):
        rates = in_memory(given.methods, series=given.series, epochs=given.epochs, cores=given.cores)
    first = rates.get("default")
    print(f"| method | series/s ({given.epochs} epochs, {given.cores} cores) | times slower than the default |")
    print("|---|---:|---:|")
    for name, speed in rates.items():
        print(f"| {name} | {speed:,.0f} | {f'{first / speed:.1f}' if first else ''} |", flush=True)
    result: Dict[str, Any] = {"series_per_second": rates}
    if given.file:
        with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
            folder = given.folder or Path(temporary)
            found = from_disk(given.file, folder, rates, cores=given.cores, keep=given.folder is not None)
        result["file"] = found
        print(
            f"\n{found['points']:,} points x {found['epochs']} dates ({found['csv_mb']:,.0f} MB) to a GeoPackage: "
            f"{found['seconds']:.1f} s, {found['points_per_second']:,.0f} points/s, peak {found['peak_mb']:,.0f} MB"
        )
        for name, seconds in found["rivals_seconds"].items():
            ratio = seconds / found["seconds"]
            print(f"  {name}: about {seconds:,.0f} s ({ratio:.1f} times as long), writing not counted")
    if given.output:
        given.output.write_text(json.dumps(result, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
