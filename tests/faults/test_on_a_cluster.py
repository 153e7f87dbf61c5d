"""A worker killed in the middle of a job, the scheduler gone, TLS without certificates: whole jobs on a Dask cluster."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import numpy as np
import pytest

pytest.importorskip("distributed", reason="Dask is not installed (pip install stillpoint[cluster])")

from stillpoint.models import dispatch
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import cluster as cluster_module
from stillpoint.models.executors import journal
from stillpoint.models.executors.cluster import open_cluster
from stillpoint.models.jobs import Job
from stillpoint.models.progress import SILENT
from stillpoint.tests.faults import clusters  # by the name that the workers import it by
from stillpoint.tests.faults.clusters import LittleCluster

from . import cases

SPREAD = ("trends", "scatterers", "interferograms", "offsets")
"""A case of each capability that is computed in pieces."""


@pytest.fixture(autouse=True)
def small_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut every job into a dozen pieces, kept from the first on."""
    from stillpoint.models.offsets import track_file
    from stillpoint.models.scatterers import select_file
    from stillpoint.models.trends import classify_file

    monkeypatch.setenv("STILLPOINT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(journal, "AFTER", 0.0)
    monkeypatch.setattr(journal, "SPARE", 0.0)
    monkeypatch.setattr(select_file, "sides", lambda *_: (16, 16))
    monkeypatch.setattr(track_file, "side_for", lambda *_: 32)
    monkeypatch.setattr(classify_file, "rows_for", lambda *_: 25)
    monkeypatch.setattr(cluster_module.cluster_side, "compute", cluster_module.cluster_side.compute)


@pytest.fixture
def little(tmp_path: Path) -> Iterator[LittleCluster]:
    """A cluster of two workers."""
    made = LittleCluster(tmp_path / "cluster")
    try:
        made.add_worker()
        made.add_worker()
        yield made
    finally:
        made.close()


def exact(folder: Path) -> Dict[str, Any]:
    """Return what all results in ``folder`` hold, to the last bit."""
    from osgeo import gdal, ogr

    found: Dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.suffix == ".tif":
            found[name] = np.ascontiguousarray(gdal.Open(str(path)).ReadAsArray()).tobytes()
        elif path.suffix == ".gpkg":
            source = ogr.Open(str(path))
            found[name] = [f.ExportToJson(as_object=False) for f in source.GetLayer(0)]
        elif path.suffix == ".csv":
            found[name] = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert found
    return found


class Watch:
    """Sees which pieces go out and come back, and does something once ``after`` of them are back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int, what: Callable[[], None]) -> None:
        self.sent: List[str] = []
        self.back: List[str] = []
        keep, submit = journal.Journal.keep, cluster_module._Running._submit

        def kept(inner: journal.Journal, mark: str, arrays: Any) -> None:
            keep(inner, mark, arrays)
            self.back.append(f"{inner.folder.name}/{mark}")
            if len(self.back) == after:
                what()

        def submitted(running: Any, item: Any) -> Any:
            self.sent.append(clusters.name_of(running._work, running._work.parcel(item)))
            return submit(running, item)

        monkeypatch.setattr(journal.Journal, "keep", kept)
        monkeypatch.setattr(cluster_module._Running, "_submit", submitted)


@contextmanager
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let workers write down what they compute."""
    with monkeypatch.context() as patched:
        patched.setattr(cluster_module, "cluster_side", _Side())
        yield


class _Side:
    """Stands for ``cluster_side`` on this side, with another ``compute``."""

    def __getattr__(self, name: str) -> Any:
        from stillpoint.models.executors import cluster_side

        return clusters.compute if name == "compute" else getattr(cluster_side, name)


def job_of(case: str, given: Path, out: Path, address: str) -> Job:
    out.mkdir(exist_ok=True)
    return replace(cases.CASES[case](given, out), scheduler=address or None, device="cpu")


def undisturbed(case: str, given: Path, tmp_path: Path) -> Dict[str, Any]:
    dispatch.run(job_of(case, given, tmp_path / "alone", ""), SILENT)
    return exact(tmp_path / "alone")


@pytest.mark.slow
@pytest.mark.parametrize("case", SPREAD)
def test_a_worker_killed_in_the_middle(
    case: str, given: Path, tmp_path: Path, little: LittleCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = undisturbed(case, given, tmp_path)
    victim = little.workers[0]
    before: List[int] = []

    def strike() -> None:
        before.append(len(little.computed()))
        victim.kill()
        victim.wait(20)

    with slowly(monkeypatch):
        watch = Watch(monkeypatch, 3, strike)
        result = dispatch.run(job_of(case, given, tmp_path / "out", little.address), SILENT)
    assert before and victim.poll() is not None, "the job ended before a worker could be killed"
    assert exact(tmp_path / "out") == expected
    assert result.details["computed_by"].endswith(little.address)
    computed = [piece for _, piece in little.computed()]
    assert set(computed) == set(watch.sent)
    came_back = watch.sent[:3]  # results come in the order of the pieces
    assert all(computed.count(piece) == 1 for piece in came_back), "a finished piece was computed again"
    assert len(computed) - len(watch.sent) <= cluster_module.QUEUED * 2 + 1, "more was done again than the lost worker held"
    assert not list((tmp_path / "cache").glob("pieces/*"))


@pytest.mark.slow
@pytest.mark.parametrize("case", SPREAD)
def test_the_scheduler_gone_in_the_middle(
    case: str, given: Path, tmp_path: Path, little: LittleCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = undisturbed(case, given, tmp_path)
    with slowly(monkeypatch), monkeypatch.context() as patched:
        watch = Watch(patched, 4, little.scheduler.kill)
        with pytest.raises(StillpointError, match="was lost: it was stopped, or the network is down") as raised:
            dispatch.run(job_of(case, given, tmp_path / "out", little.address), SILENT)
    assert cases.sentence(str(raised.value)) and cases.left(tmp_path / "out") == []
    done = len(watch.back)
    assert 4 <= done < len(watch.sent)
    # The same job on another cluster: what was finished is not computed again.
    another = LittleCluster(tmp_path / "another")
    try:
        another.add_worker()
        with slowly(monkeypatch), monkeypatch.context() as patched:
            again = Watch(patched, -1, lambda: None)
            dispatch.run(job_of(case, given, tmp_path / "out", another.address), SILENT)
    finally:
        another.close()
    assert exact(tmp_path / "out") == expected
    assert len(again.back) == len(set(again.back)) and not set(again.back) & set(watch.back)
    new = set(watch.sent) - set(watch.sent[:done])
    assert {piece for _, piece in another.computed()} & set(watch.sent) <= new, "a finished piece was computed again"
    assert not list((tmp_path / "cache").glob("pieces/*"))


@pytest.mark.slow
def test_all_workers_gone_and_one_comes_back(
    given: Path, tmp_path: Path, little: LittleCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job waits for another worker rather than fail."""
    expected = undisturbed("scatterers", given, tmp_path)

    def strike() -> None:
        for process in little.workers:
            process.kill()
            process.wait(20)
        little.add_worker()

    with slowly(monkeypatch):
        watch = Watch(monkeypatch, 3, strike)
        dispatch.run(job_of("scatterers", given, tmp_path / "out", little.address), SILENT)
    assert exact(tmp_path / "out") == expected
    assert all([piece for _, piece in little.computed()].count(piece) == 1 for piece in watch.sent[:3])


@pytest.mark.slow
def test_tls_without_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that asks for certificates: the sentence says so, whichever way a client comes without the right ones."""
    pytest.importorskip("cryptography", reason="certificates are made by cryptography")
    import dask

    monkeypatch.setattr(cluster_module, "PATIENCE", 3.0)
    ours, foreign = clusters.certificates(tmp_path / "ours"), clusters.certificates(tmp_path / "foreign")
    named = ("--tls-ca-file", ours["ca"], "--tls-cert", ours["cert"], "--tls-key", ours["key"])
    little = LittleCluster(tmp_path / "cluster", *named, protocol="tls")
    try:
        assert little.address.startswith("tls://")
        little.add_worker()
        plain = little.address.replace("tls://", "tcp://")
        nowhere = {name: str(tmp_path / "nowhere" / f"{name}.pem") for name in ours}
        for address, files, words in (
            (little.address, None, "names none here"), (little.address, foreign, "do not trust each other's certificates"),
            (little.address, nowhere, "is not there"), (plain, None, "may ask for certificates"),
        ):  # fmt: skip
            with dask.config.set(clusters.settings(files)), pytest.raises(StillpointError, match=words) as raised, open_cluster(
                address
            ):
                pass
            said = str(raised.value)
            assert cases.sentence(said) and address in said and "certificate" in said, said
        with dask.config.set(clusters.settings(ours)), open_cluster(little.address) as running:
            assert len(running.workers()) == 1
    finally:
        little.close()
