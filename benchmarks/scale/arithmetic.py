"""Share of the peak arithmetic rate that the default networks reach: ``python -m benchmarks.scale.arithmetic``.

Peak is the best rate of a large product of matrices in the same run, on the same core, in single precision. Operations of
a network are counted by torch (products and convolutions; what is done element by element is not counted, so that the share is
of the useful arithmetic alone). Both are processor time of one thread, the least of the rounds, in turns.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

Figures = Dict[str, Any]
Run = Callable[[], Any]

CELLS = 32
"""Cells a side of the maps of interferograms."""


def trends() -> Run:
    """Return the thorough network on 2,048 series of 139 dates."""
    import torch

    from stillpoint.models.trends.judge import Judge
    from stillpoint.models.trends.methods import model_of
    from stillpoint.models.trends.network import TrendNetwork

    network: TrendNetwork = Judge(model_of("default"), "cpu").network
    generator = torch.Generator().manual_seed(1)
    features = torch.randn(2048, network.shape.features, generator=generator)
    channels = torch.randn(2048, network.shape.channels, 139, generator=generator)
    return partial(network, features, channels)


def scatterers() -> Run:
    """Return the network on the features of a strip of 136 x 512 pixels."""
    import torch

    from stillpoint.models.scatterers.default import open_default

    network, _ = open_default()
    maps = torch.randn(1, network.shape.features, 136, 512, generator=torch.Generator().manual_seed(1))
    return partial(network, maps)


def interferograms() -> Run:
    """Return the network on 92 pairs of 30 dates, cells of the size that the engine reads."""
    import torch

    from stillpoint.models.interferograms.default import open_default

    network = open_default().network
    generator = torch.Generator().manual_seed(1)
    maps = torch.randn(92, network.shape.maps, CELLS, CELLS, generator=generator)
    figures = torch.randn(92, network.shape.figures, generator=generator)
    ends = torch.stack([torch.arange(92) % 29, torch.arange(92) % 29 + 1], dim=1)
    return partial(network, maps, figures, torch.ones(CELLS, CELLS), ends, 30)


def offsets() -> Run:
    """Return the network on 64 x 64 nodes, those of 512 x 512 pixels."""
    import torch

    from stillpoint.models.learning import library
    from stillpoint.models.offsets.fuse import CANDIDATES, open_fuse

    network = open_fuse(library.model_of("offsets", "default", None))
    generator = torch.Generator().manual_seed(1)
    features = torch.randn(1, network.shape.features, 64, 64, generator=generator)
    return partial(network, features, torch.randn(1, CANDIDATES, 2, 64, 64, generator=generator))


def peak(side: int) -> Run:
    """Return a product of two square matrices."""
    import torch

    first, second = torch.randn(2, side, side)
    return partial(torch.mm, first, second)


def counted(run: Run) -> int:
    """Return the floating-point operations of a run, a multiplication with its addition as two."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        run()
    return int(counter.get_total_flops())


def measure(rounds: int, side: int) -> List[Figures]:
    """Return the rates of the peak and of the networks."""
    import torch

    torch.set_num_threads(1)
    runs: List[Tuple[str, Run]] = [
        ("peak", peak(side)), ("trends", trends()), ("scatterers", scatterers()), ("interferograms", interferograms()),
        ("offsets", offsets()),
    ]  # fmt: skip
    with torch.inference_mode():
        work = {name: counted(run) for name, run in runs}
        least = {name: float("inf") for name, _ in runs}
        for _ in range(rounds + 1):
            for name, run in runs:
                began = time.process_time()
                run()
                least[name] = min(least[name], time.process_time() - began)
    best = work["peak"] / least["peak"]
    return [
        {"what": name, "operations": work[name], "cpu_seconds": least[name], "gflops": work[name] / least[name] / 1e9,
         "share": work[name] / least[name] / best}
        for name, _ in runs
    ]  # fmt: skip


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measures and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.arithmetic", description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--side", type=int, default=1536, help="rows of the matrices of the peak (default: 1536)")
    parser.add_argument("--output", type=Path, help="write the figures as JSON too")
    given = parser.parse_args(argv)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    found = measure(given.rounds, given.side)
    print("| | operations, 10^9 | CPU s | 10^9 a second | share of the peak |\n|---|---:|---:|---:|---:|")
    for row in found:
        rate = f"{row['gflops']:.1f} | {100 * row['share']:.0f} %"
        print(f"| {row['what']} | {row['operations'] / 1e9:.2f} | {row['cpu_seconds']:.3f} | {rate} |")
    if given.output:
        given.output.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
