"""Too little memory: a sentence that says so, and nothing that looks like a result."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import List

import pytest

from stillpoint.plugin import endings

from . import cases
from .forks import Forks

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of memory are set as Linux does")

MEGABYTE = 1 << 20
PATIENCE = 20.0


def short_of_memory(case: str, given: Path, folder: Path, forks: Forks, sizes: List[int]) -> List[str]:
    """Run a case with so many bytes beyond what the engine takes when it starts; return how each ended."""
    ended = []
    for number, size in enumerate(sizes):
        out = folder / f"{case}-{number}"
        out.mkdir()
        job = cases.CASES[case](given, out)
        engine = forks.engine(limits={"AS": size})
        engine.start(job)
        try:
            end = engine.end(timeout=PATIENCE)
        except TimeoutError:
            # OpenBLAS tries for ever to get a buffer under a limit of addresses. A cancel in QGIS kills an engine that hangs.
            engine.kill()
            end = {"event": "dead"}
        engine.close()
        assert engine.gone()
        if end["event"] == "dead":  # the system's own libraries may end a process that gets no memory
            message, kind = endings.explain_death(-6, "std::bad_alloc")
            endings.sweep(job, set())
        elif end["event"] == "error":
            message, kind = end["message"], end["kind"]
        else:
            ended.append("result")
            continue
        ended.append(end["event"])
        assert kind == "memory" or "memory" in message, (size, end)
        assert cases.sentence(message), message
        assert cases.left(out) == [], (size, end)
    return ended


@pytest.mark.parametrize("case", cases.MAIN)
def test_limit_of_memory(case: str, given: Path, tmp_path: Path, forks: Forks, chance: random.Random) -> None:
    sizes = [chance.randrange(1, 8) * MEGABYTE, chance.randrange(8, 40) * MEGABYTE, chance.randrange(40, 120) * MEGABYTE]
    assert any(end != "result" for end in short_of_memory(case, given, tmp_path, forks, sizes))


@pytest.mark.slow
@pytest.mark.parametrize("case", list(cases.CASES))
def test_many_limits_of_memory(case: str, given: Path, tmp_path: Path, forks: Forks, chance: random.Random) -> None:
    sizes = [round(1.35**step * MEGABYTE) for step in range(20)]
    ended = short_of_memory(case, given, tmp_path, forks, sizes)
    assert "error" in ended or "dead" in ended
