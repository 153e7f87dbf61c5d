"""The disk is full, or a file may not grow: a sentence, and nothing that looks like a result."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Optional

import pytest

from stillpoint.models import dispatch, worker
from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT

from . import cases
from .forks import Forks

FILLER = "filler.bin"


def free_bytes(folder: Path) -> int:
    import os

    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize


def fill(folder: Path, leave: int) -> None:
    """Fill the disk of ``folder`` but for ``leave`` bytes."""
    filler = folder / FILLER
    filler.unlink(missing_ok=True)
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"\1" * 65536)
        except OSError:
            pass
        stream.truncate(max(0, stream.tell() - leave))


def run_on_a_full_disk(case: str, given: Path, folder: Path, leave: int) -> Optional[str]:
    """Run a case with ``leave`` bytes free; return the sentence of its failure, None where it succeeded."""
    fill(folder, leave)
    try:
        dispatch.run(cases.CASES[case](given, folder), SILENT)
    except StillpointError as error:
        return str(error)
    except Exception as error:  # what the worker makes of it
        return worker.explain(error)[0]
    return None


def used_by(case: str, given: Path, folder: Path) -> int:
    """Return how many bytes of the small disk a case takes when nothing is in its way."""
    before = free_bytes(folder)
    dispatch.run(cases.CASES[case](given, folder), SILENT)
    used = before - free_bytes(folder)
    clear(folder)
    return used


def clear(folder: Path) -> None:
    import shutil

    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def full_disk(case: str, given: Path, folder: Path, shares: list[float]) -> int:
    """Run a case with shares of the room that it needs; return how often it failed, as it should."""
    used = used_by(case, given, folder)
    failures = 0
    for share in shares:
        said = run_on_a_full_disk(case, given, folder, int(share * used))
        if said is None:
            clear(folder)
            continue
        failures += 1
        assert cases.left(folder) == [FILLER], f"left with {share:.3f} of {used} bytes free; it said: {said}"
        assert cases.sentence(said), said
        assert "space" in said or "disk is full" in said, said
        assert ".partial" not in said, said
        clear(folder)
    dispatch.run(cases.CASES[case](given, folder), SILENT)
    return failures


@pytest.mark.parametrize("case", list(cases.CASES))
def test_full_disk(case: str, given: Path, small_disk: Path, chance: random.Random) -> None:
    assert full_disk(case, given, small_disk, [0.0, chance.uniform(0.1, 0.5), chance.uniform(0.5, 0.95)]) > 0


@pytest.mark.slow
@pytest.mark.parametrize("case", list(cases.CASES))
def test_full_disk_at_many_moments(case: str, given: Path, small_disk: Path, chance: random.Random) -> None:
    assert full_disk(case, given, small_disk, [step / 25 for step in range(25)] + [chance.random() for _ in range(15)]) > 0


@pytest.mark.parametrize("case", cases.MAIN)
def test_files_that_may_not_grow(case: str, given: Path, out: Path, forks: Forks, chance: random.Random) -> None:
    """A limit of the system on the size of a file, as quotas are; needs no root."""
    for limit in (1000, chance.randrange(1000, 16_000)):
        end = forks.run(cases.CASES[case](given, out), limits={"FSIZE": limit})
        if end["event"] == "result":  # all of its files are smaller
            clear(out)
            continue
        assert end["event"] == "error" and cases.sentence(end["message"]), end
        assert cases.left(out) == [], end
