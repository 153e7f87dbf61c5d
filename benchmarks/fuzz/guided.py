"""Malformed jobs, protocol lines and model headers, found by coverage: ``python -m benchmarks.fuzz.guided KIND [RUNS] [SEED]``.

Atheris (``pip install atheris``; Linux, Python up to 3.13) watches which lines of Stillpoint's own parsers an input reaches, and
goes on from those that reach new ones. It sees Python alone: rasters and points are parsed by GDAL, HDF5 and Arrow, which are built
without its instruments, so those readers keep the mutations of ``python -m benchmarks.fuzz``. The run ends at the first input that
ends in anything but a result or a sentence.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

import atheris

with atheris.instrument_imports(include=["stillpoint.models"]):
    from stillpoint.benchmarks.fuzz import targets
    from stillpoint.models import jobs, worker  # noqa: F401 - instrumented here, before the targets import them
    from stillpoint.models.errors import StillpointError
    from stillpoint.models.learning import headers


def _job(data: bytes) -> None:
    targets.read_job(data.decode("utf-8", "replace"))


def _header(data: bytes) -> None:
    path = Path(tempfile.gettempdir()) / f"stillpoint-guided-{os.getpid()}.safetensors"
    path.write_bytes(data)
    headers.read_header(path)


KINDS: Dict[str, Callable[[bytes], None]] = {"job": _job, "protocol": targets.read_protocol, "header": _header}
"""What is fed, by its name."""


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Feed inputs to one kind; the process ends with libFuzzer's status."""
    given: List[str] = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] not in KINDS:
        raise SystemExit(f"Give one of {', '.join(KINDS)}, and how many inputs.")
    feed = KINDS[given[0]]

    def one(data: bytes) -> None:
        try:
            feed(data)
        except StillpointError:
            return

    runs, seed = (given[1:] + ["100000", "1"][len(given) - 1 :])[:2]
    corpus = tempfile.mkdtemp(prefix="stillpoint-guided-")  # libFuzzer ends the process, so it is left for a look
    for number, data in enumerate(seeds(given[0], random.Random(int(seed)))):
        Path(corpus, f"seed-{number}").write_bytes(data)
    options = [f"-runs={runs}", f"-seed={seed}", "-max_len=4096", "-timeout=10", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, corpus], one)
    atheris.Fuzz()


def seeds(kind: str, chance: random.Random) -> List[bytes]:
    """Return inputs to begin with: those that the plain fuzzing draws, and the head of a model file."""
    if kind == "job":
        return [targets.job_form(chance).encode("utf-8", "replace") for _ in range(60)]
    if kind == "protocol":
        return [targets.protocol_lines(chance) for _ in range(60)]
    table = json.dumps({"__metadata__": {"task": "trends", "architecture": "x", "version": "1"}, "w": {
        "dtype": "F32", "shape": [2], "data_offsets": [0, 8],
    }}).encode()  # fmt: skip
    return [len(table).to_bytes(8, "little") + table + bytes(8)]


if __name__ == "__main__":
    main()
