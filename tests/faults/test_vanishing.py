"""Drives that disappear in the middle: inputs that are gone, outputs that cannot be reached any more."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path
from typing import Callable, List

import pytest

from stillpoint.models import dispatch, worker
from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import Progress

from . import cases
from .conftest import spread
from .test_cancelled import Stop

READS = ("trends", "trends-csv", "scatterers", "interferograms", "offsets", "open-stack", "assess")


class At:
    """Does something at the ``at``-th time that the job asks whether to stop."""

    def __init__(self, at: int, what: Callable[[], None]) -> None:
        self.at, self.what, self.asked = at, what, 0

    def __call__(self) -> bool:
        self.asked += 1
        if self.asked == self.at:
            self.what()
        return False


def ends_in_a_sentence(case: str, given: Path, out: Path, at: int, what: Callable[[], None]) -> str:
    """Run a case in which ``what`` happens at a stage; return the sentence, or an empty text where it succeeded."""
    try:
        dispatch.run(cases.CASES[case](given, out), Progress(None, At(at, what)))
    except StillpointError as error:
        said = str(error)
    except Exception as error:
        said = worker.explain(error)[0]
    else:
        return ""
    assert cases.sentence(said), said
    return said


def stages_of(case: str, given: Path, folder: Path, most: int) -> List[int]:
    count = Stop()
    folder.mkdir()
    dispatch.run(cases.CASES[case](given, folder), Progress(None, count))
    shutil.rmtree(folder)
    return spread(count.asked, most)


@pytest.mark.parametrize("how", ["removed", "emptied"])
@pytest.mark.parametrize("case", READS)
def test_inputs_that_are_gone(case: str, how: str, given: Path, tmp_path: Path) -> None:
    """Removed: the folder is empty. Emptied: the files are there but hold nothing, as where a transfer was broken off."""
    whole = None
    for stage in stages_of(case, given, tmp_path / "counted", 3):
        copy, out = tmp_path / f"given{stage}", tmp_path / f"out{stage}"
        shutil.copytree(given, copy)
        out.mkdir()

        def vanish(copy: Path = copy) -> None:
            for path in copy.rglob("*"):
                if path.is_file():
                    path.unlink() if how == "removed" else path.open("w").close()

        said = ends_in_a_sentence(case, copy, out, stage, vanish)
        if said:
            assert cases.left(out) == [], said
        else:  # everything was read before
            if whole is None:
                other = tmp_path / "whole"
                other.mkdir()
                dispatch.run(cases.CASES[case](given, other), Progress())
                whole = cases.contents(other)
            assert cases.contents(out) == whole


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A drive that can be taken away."""
    folder = tmp_path / "drive"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a file system needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@pytest.mark.parametrize("case", list(cases.CASES))
def test_output_drive_that_is_gone(case: str, given: Path, tmp_path: Path, drive: Path, chance: random.Random) -> None:
    """The drive is taken away: its folder is there still, as an empty mount point is, but what was begun is gone."""
    stages = stages_of(case, given, tmp_path / "counted", 4)
    out = drive / "out"
    out.mkdir()
    said = ends_in_a_sentence(
        case, given, out, chance.choice(stages), lambda: subprocess.run(["umount", "-l", str(drive)], check=True) and None
    )
    assert cases.left(drive) == [], said
    assert said, "a job cannot succeed whose output is nowhere"


@pytest.mark.parametrize("case", cases.MAIN)
def test_output_folder_that_is_removed(case: str, given: Path, tmp_path: Path) -> None:
    for stage in stages_of(case, given, tmp_path / "counted", 3):
        out = tmp_path / f"out{stage}"
        out.mkdir()
        said = ends_in_a_sentence(case, given, out, stage, lambda out=out: shutil.rmtree(out))  # type: ignore[misc]
        assert said and not out.exists(), said
