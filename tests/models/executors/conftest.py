"""A small Dask cluster in processes of its own, shared by the tests of this folder."""

from __future__ import annotations

import os

import pytest

distributed = pytest.importorskip("distributed", reason="Dask is not installed (pip install stillpoint[cluster])")


@pytest.fixture(scope="session")
def cluster():
    """Two workers of one thread each; what they import is theirs alone."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit="2GiB", silence_logs=50
    ) as running:
        yield running


@pytest.fixture
def address(cluster):
    return cluster.scheduler_address
