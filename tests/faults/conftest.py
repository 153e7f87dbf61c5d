"""Inputs that all faults share, and which tests belong to the long selection."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any, Iterator, List

import pytest

from . import cases
from .forks import Forks

_ASKED = os.environ.get("STILLPOINT_FAULT_SEED", "7")
SEED = random.SystemRandom().randrange(1, 2**31) if _ASKED == "random" else int(_ASKED)
"""Random moments and files follow from it, always the same ones unless ``random`` is asked for; a failure names it."""


def pytest_report_header() -> str:
    """Name the seed at the head of a run."""
    return f"faults: STILLPOINT_FAULT_SEED={SEED}"


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """One thread for torch's kernels, as in the engine."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the inputs of every case; nothing may change in it."""
    return cases.make_inputs(tmp_path_factory.mktemp("given"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder for outputs."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers of this test alone, the same with the same seed in whatever order tests run."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """Tell the seed with every failure of this folder."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed and "faults" in str(item.path):
        report.sections.append(("seed", f"STILLPOINT_FAULT_SEED={SEED} repeats it"))


def spread(count: int, most: int) -> List[int]:
    """Return at most ``most`` of the numbers 1..``count``, first and last among them, evenly apart."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({round(1 + (count - 1) * step / (most - 1)) for step in range(most)})


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Engines that start in no time."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    made = Forks()
    yield made
    made.close()
