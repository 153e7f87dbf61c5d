"""Pieces on a Dask cluster: the same results, redone where a worker is lost, and a sentence for whatever is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.executors import open_executor
from stillpoint.models.executors.cluster import open_cluster
from stillpoint.models.jobs import CheckEnvironment
from stillpoint.models.progress import SILENT, Progress
from stillpoint.tests.models.executors.works import Sums

PIECES = [range(start, start + 8) for start in range(0, 160, 8)]
EXPECTED = [(piece, sum(piece)) for piece in PIECES]


def test_results_are_those_of_this_machine_and_come_from_all_workers(address, tmp_path):
    log = tmp_path / "log"
    with open_executor(CheckEnvironment(scheduler=address)) as executor:
        assert executor.remote and executor.device("auto") == "cpu" and executor.at_a_time("cpu") == 1
        assert 1e8 < executor.memory("cpu") <= 5e8
        found = list(executor.run(Sums(log=str(log), seconds=0.05, bias=7), PIECES, device="cpu"))
    assert found == [(piece, value + 7) for piece, value in EXPECTED]
    assert len({line.split()[0] for line in log.read_text().splitlines()} - {str(os.getpid())}) == 2


def test_a_worker_with_too_little_memory_gets_smaller_pieces(address):
    with open_cluster(address) as cluster:
        found = list(cluster.run(Sums(most=5), PIECES, device="cpu"))
        assert [value for _, value in found] == [sum(piece[at : at + 4]) for piece in PIECES for at in (0, 4)]
        with pytest.raises(StillpointError, match="not enough memory, even for the smallest piece"):
            list(cluster.run(Sums(most=0), PIECES, device="cpu"))


def test_a_file_that_workers_do_not_see_is_a_sentence(address, tmp_path, monkeypatch):
    from stillpoint.models.executors import cluster_side

    file = tmp_path / "stack.tif"
    file.write_bytes(b"12345")
    with open_cluster(address) as cluster:
        assert next(cluster.run(Sums(file=str(file)), PIECES, device="cpu")) == EXPECTED[0]
        monkeypatch.setattr(cluster_side, "sized", lambda paths: [(str(tmp_path / "here_only.tif"), 5)])
        with pytest.raises(StillpointError, match=r"The worker tcp://.* sees no file .*here_only.tif"):
            list(cluster.run(Sums(), PIECES, device="cpu"))
        monkeypatch.setattr(cluster_side, "sized", lambda paths: [(str(file), 6)])
        with pytest.raises(StillpointError, match="another file on the worker"):
            list(cluster.run(Sums(), PIECES, device="cpu"))


def test_a_cancel_drops_the_tasks_and_ends_those_at_work(address, tmp_path):
    from distributed import Client

    log, stop = tmp_path / "log", threading.Event()
    with open_cluster(address) as cluster:
        running = cluster.run(
            Sums(seconds=20, log=str(log)), PIECES, device="cpu", progress=Progress(cancelled=stop.is_set)
        )
        threading.Timer(1.0, stop.set).start()
        with pytest.raises(Cancelled):
            list(running)
        with Client(address, set_as_default=False) as client:
            deadline = time.monotonic() + 5
            while any(client.processing().values()) and time.monotonic() < deadline:
                time.sleep(0.1)
            assert not any(client.processing().values())
        began = time.monotonic()
        assert list(cluster.run(Sums(), PIECES, device="cpu")) == EXPECTED
        assert time.monotonic() - began < 10  # the workers are free again: they noticed
    assert len(log.read_text().splitlines()) <= 3


def test_tasks_of_a_lost_worker_are_done_again(address, tmp_path):
    with open_cluster(address) as cluster:
        found = list(cluster.run(Sums(dies=str(tmp_path / "died")), PIECES, device="cpu"))
    assert found == EXPECTED and (tmp_path / "died").exists()


def test_a_gpu_is_asked_for_only_where_one_is_offered(address):
    with open_cluster(address) as cluster, pytest.raises(StillpointError, match="offers a GPU"):
        cluster.device("cuda:0")


@pytest.mark.parametrize("wrong", ["host", "host:8786", "http://host:8786", "tcp://host", " "])
def test_an_address_is_never_guessed(wrong):
    with pytest.raises(StillpointError, match="no address of a Dask scheduler"), open_cluster(wrong):
        pass


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr("stillpoint.models.executors.cluster.PATIENCE", 0.5)
    with pytest.raises(StillpointError, match="No Dask scheduler answers at tcp://127"), open_cluster("tcp://127.0.0.1:9"):
        pass


def _scheduler(folder):
    """Start a scheduler in a process of its own and return it with its address."""
    place = folder / "scheduler.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(place),
         "--host", "127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    import json

    for _ in range(300):
        time.sleep(0.1)
        if place.exists() and place.read_text():
            return process, json.loads(place.read_text())["address"]
    process.kill()
    raise AssertionError("the scheduler did not start")


def _worker(address, folder, **variables):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
         "--local-directory", str(folder), "--resources", "GPU=1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **variables},
    )  # fmt: skip


def test_a_scheduler_that_goes_and_workers_of_another_version(tmp_path):
    """One scheduler for both, as each takes seconds to start."""
    old = tmp_path / "old" / "stillpoint" / "models"
    (old / "executors").mkdir(parents=True)
    for folder in (old.parent, old, old / "executors"):
        (folder / "__init__.py").write_text("")
    (old / "executors" / "cluster_side.py").write_text(
        "def facts():\n    return {'stillpoint': '0.0.1', 'python': '3', 'host': 'node7', 'pid': 1}\n"
    )
    scheduler, address = _scheduler(tmp_path)
    workers = [_worker(address, tmp_path, PYTHONPATH=str(tmp_path / "old"))]
    try:
        wrong = r"Stillpoint is .* here and 0.0.1 on the worker .* on node7"
        with pytest.raises(StillpointError, match=wrong), open_cluster(address):
            pass
        workers.pop().kill()
        time.sleep(0.5)
        workers.append(_worker(address, tmp_path))
        with open_cluster(address) as cluster:
            assert cluster.device("auto") == "cuda" and cluster.device("cpu") == "cpu"
            running = cluster.run(Sums(seconds=0.3), PIECES, device="cuda", progress=SILENT)
            assert next(running) == EXPECTED[0]
            scheduler.kill()
            with pytest.raises(StillpointError, match="was lost: it was stopped, or the network is down"):
                list(running)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_the_set_up_asks_the_workers(address):
    from stillpoint.models import dispatch

    result = dispatch.run(CheckEnvironment(scheduler=address), SILENT)
    assert result.details["cluster"]["workers"] == 2 and result.details["cluster"]["device"] == "cpu"
    assert f"at {address}: 2 pieces at a time on processors" in result.summary and not result.warnings
