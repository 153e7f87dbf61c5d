"""The engine killed at random moments: nothing half-written has a final name, and what is left is found and swept away."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from stillpoint.models.jobs import Job
from stillpoint.plugin import endings

from . import cases
from .forks import Forks


def sweep_and_check(job: Job, out: Path, whole: dict[str, cases.Content], moment: str) -> None:
    """Sweep as QGIS's side does, then see that every file that is left has a final name and is complete."""
    endings.sweep(job, set())
    for name in cases.left(out):
        assert "partial" not in name and not Path(name).name.startswith("."), f"{name} was left after a kill at {moment}"
    for name, found in cases.contents(out).items():
        assert name in whole, f"{name} is no result; killed at {moment}"
        assert found == whole[name], f"{name} is not complete; killed at {moment}"


def killed(case: str, given: Path, folder: Path, forks: Forks, chance: random.Random, times: int) -> int:
    """Kill a case at random moments; return how often."""
    reference = folder / "reference"
    reference.mkdir()
    began = time.monotonic()
    assert forks.run(cases.CASES[case](given, reference))["event"] == "result"
    usual = time.monotonic() - began
    whole = cases.contents(reference)
    for number in range(times):
        out = folder / str(number)
        out.mkdir()
        job = cases.CASES[case](given, out)
        engine = forks.engine()
        engine.start(job)
        # The last part is where files get their names: half of the kills go there.
        moment = usual * (chance.random() if number % 2 else chance.uniform(0.7, 1.1))
        time.sleep(moment)
        engine.kill()
        assert engine.gone()
        engine.close()
        sweep_and_check(job, out, whole, f"{moment:.3f} of {usual:.3f} s")
        if number % 5 == 0:  # the next run over what is left succeeds
            assert forks.run(job)["event"] == "result"
            assert cases.contents(out) == whole
    return times


@pytest.mark.parametrize("case", cases.MAIN)
def test_killed(case: str, given: Path, tmp_path: Path, forks: Forks, chance: random.Random) -> None:
    assert killed(case, given, tmp_path, forks, chance, 3) == 3


@pytest.mark.slow
@pytest.mark.parametrize("case", list(cases.CASES))
def test_killed_at_many_moments(case: str, given: Path, tmp_path: Path, forks: Forks, chance: random.Random) -> None:
    assert killed(case, given, tmp_path, forks, chance, 25) == 25
