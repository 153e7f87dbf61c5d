"""Cancelled at every stage of every job: nothing is left, what was there stays as it was, and the next run succeeds."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from stillpoint.models import dispatch
from stillpoint.models.errors import Cancelled
from stillpoint.models.progress import Progress

from . import cases
from .conftest import spread

EVERY = 10_000


class Stop:
    """Says that the user asked to stop from the ``at``-th question on; counts the questions."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked >= self.at > 0


def cancelled_everywhere(case: str, given: Path, out: Path, most: int) -> int:
    """Cancel a case at ``most`` stages; return at how many."""
    count = Stop()
    job = cases.CASES[case](given, out)
    dispatch.run(job, Progress(None, count))
    assert count.asked, "a job that never asks cannot be cancelled"
    whole = cases.contents(out)
    before = {name: (out / name).read_bytes() for name in cases.left(out) if (out / name).is_file()}
    empty = out.with_name("empty")
    stages = spread(count.asked, most)
    for stage in stages:
        empty.mkdir()
        with pytest.raises(Cancelled):
            dispatch.run(cases.CASES[case](given, empty), Progress(None, Stop(stage)))
        assert cases.left(empty) == [], f"cancelled at stage {stage} of {count.asked}"
        empty.rmdir()
        with pytest.raises(Cancelled):
            dispatch.run(job, Progress(None, Stop(stage)))
        after = {name: (out / name).read_bytes() for name in cases.left(out) if (out / name).is_file()}
        assert after == before, f"an earlier result changed by a cancel at stage {stage} of {count.asked}"
    dispatch.run(job, Progress(None, Stop()))
    assert cases.contents(out) == whole
    return len(stages)


@pytest.mark.parametrize("case", list(cases.CASES))
def test_cancelled_at_some_stages(case: str, given: Path, out: Path) -> None:
    assert cancelled_everywhere(case, given, out, 4) > 0


@pytest.mark.slow
@pytest.mark.parametrize("case", list(cases.CASES))
def test_cancelled_at_every_stage(case: str, given: Path, out: Path) -> None:
    assert cancelled_everywhere(case, given, out, EVERY) > 0


@pytest.mark.parametrize("case", cases.MAIN)
def test_inputs_are_never_changed(case: str, given: Path, out: Path) -> None:
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in given.rglob("*")}
    make: Callable[[Path, Path], object] = cases.CASES[case]
    dispatch.run(make(given, out), Progress())  # type: ignore[arg-type]
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in given.rglob("*")} == before
