"""Malformed inputs for every reader: each is read, or refused in a sentence. The long run: ``python -m benchmarks.fuzz``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, List

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from stillpoint.benchmarks.fuzz import seeds, targets
from stillpoint.benchmarks.fuzz.run import TARGETS, fuzz
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import JOBS

from .conftest import SEED

FEW, MANY = 25, 2000

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="crashes are survived in a child, and this system cannot fork")


@pytest.fixture(scope="session")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Dict[str, List[Path]]:
    """Valid files of every format."""
    pytest.importorskip("qgis.core")  # the triage board's tables are read by QGIS's side
    return seeds.make(tmp_path_factory.mktemp("seeds"))


@pytest.mark.parametrize("target", TARGETS)
def test_valid_files_are_read(target: str, valid: Dict[str, List[Path]]) -> None:
    """Or the mutations of them would test nothing but the first check."""
    assert target not in targets.FILES or valid[target], "no valid file to begin with"
    for path in valid.get(target, ()):
        targets.FILES[target](path)


@pytest.mark.parametrize("target", TARGETS)
def test_malformed(target: str, valid: Dict[str, List[Path]]) -> None:
    findings = fuzz(target, valid, FEW, seed=SEED)
    assert findings.total == FEW and not findings.defects, "\n".join(findings.defects[:3])


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_malformed_by_the_thousand(target: str, valid: Dict[str, List[Path]]) -> None:
    findings = fuzz(target, valid, MANY, seed=SEED + 1)
    assert findings.total == MANY and not findings.defects, "\n".join(findings.defects[:3])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=10,
)  # fmt: skip
PARAMETERS = sorted({item.name for kind in JOBS.values() for item in kind.parameters()})


@settings(max_examples=150, deadline=None)
@drawn(task=st.sampled_from(sorted(JOBS)) | JSON, values=st.dictionaries(st.sampled_from(PARAMETERS), JSON, max_size=6) | JSON)
def test_any_json_is_a_job_or_refused(task: object, values: object) -> None:
    from stillpoint.models.jobs import from_dict

    try:
        job = from_dict({"task": task, "parameters": values})
    except StillpointError as error:
        assert len(str(error)) > 10
    else:
        assert from_dict(job.to_dict()) == job


LINES = st.lists(JSON, max_size=4).map(lambda lines: "\n".join(map(repr, lines)).encode("utf-8", "replace"))


@settings(max_examples=150, deadline=None)
@drawn(data=st.binary(max_size=300) | LINES)
def test_any_bytes_are_survived_by_the_worker(data: bytes) -> None:
    taken, kinds = targets.protocol(data)
    assert taken[-1] is None, "the end of the input was not seen"
    assert set(kinds) <= {"protocol"}
