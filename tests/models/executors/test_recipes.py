"""The recipes of docs/cluster.md for Slurm and Kubernetes, as far as they can be tried without either."""

from __future__ import annotations

import importlib.util
import re
from typing import Any, Dict, List

import pytest

from stillpoint.tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"


def manifests() -> Dict[str, Dict[str, Any]]:
    """Return the objects of the Kubernetes manifest by kind and name."""
    yaml = pytest.importorskip("yaml", reason="PyYAML comes with Dask")
    found = list(yaml.safe_load_all((DOCS / "cluster-kubernetes.yaml").read_text(encoding="utf-8")))
    return {f"{item['kind']} {item['metadata']['name']}": item for item in found}


def container(deployment: Dict[str, Any]) -> Dict[str, Any]:
    (found,) = deployment["spec"]["template"]["spec"]["containers"]
    return found


def test_the_parts_of_the_manifest_belong_together():
    found = manifests()
    assert set(found) == {"Service stillpoint-scheduler", "Deployment stillpoint-scheduler", "Deployment stillpoint-worker"}
    for name, item in found.items():
        assert item["apiVersion"] == ("v1" if name.startswith("Service") else "apps/v1")
        if name.startswith("Deployment"):
            labels = item["spec"]["template"]["metadata"]["labels"]
            assert item["spec"]["selector"]["matchLabels"] == labels and item["spec"]["replicas"] >= 1
            resources = container(item)["resources"]
            assert resources["requests"] == resources["limits"], "a worker that may be pushed aside is slow or lost"
    service, scheduler, worker = found.values()
    assert service["spec"]["type"] == "ClusterIP", "a scheduler is not shown to the world"
    assert service["spec"]["selector"] == scheduler["spec"]["template"]["metadata"]["labels"]
    (port,) = service["spec"]["ports"]
    assert port["targetPort"] == container(scheduler)["ports"][0]["containerPort"] == 8786
    assert f"tcp://{service['metadata']['name']}:{port['port']}" in container(worker)["args"]
    assert container(worker)["image"] == container(scheduler)["image"], "the same version on all of them"


@pytest.mark.parametrize("part", ["scheduler", "worker"])
def test_dask_takes_the_options_of_the_manifest(part):
    module = pytest.importorskip(f"distributed.cli.dask_{part}")
    args: List[str] = [str(value) for value in container(manifests()[f"Deployment stillpoint-{part}"])["args"]]
    assert args[:2] == ["dask", part]
    given = module.main.make_context(part, args[2:]).params
    if part == "scheduler":
        assert given["port"] == "8786" or given["port"] == 8786
        return
    memory = container(manifests()["Deployment stillpoint-worker"])["resources"]["limits"]["memory"]
    assert given["nthreads"] == 1 and str(given["n_workers"]) == "1" and given["scheduler"].startswith("tcp://")
    from dask.utils import parse_bytes

    assert parse_bytes(given["memory_limit"]) < parse_bytes(f"{memory}B"), "Kubernetes would kill what Dask could still mend"


def test_a_job_of_slurm_starts_workers_of_stillpoint():
    pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
    spec = importlib.util.spec_from_file_location("cluster_slurm", DOCS / "cluster-slurm.py")
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    with recipe.make("compute", 2) as cluster:
        script = cluster.job_script()
        address = cluster.scheduler_address
    assert "#SBATCH -p compute" in script and re.search(r"#SBATCH --mem=(8|7\.\d+)G", script) and "#SBATCH -t 04:00:00" in script
    lines = script.splitlines()
    places = [next(index for index, line in enumerate(lines) if text in line) for text in (*recipe.PROLOGUE, "dask_worker")]
    assert places == sorted(places), "the environment comes before the worker"
    command = lines[places[-1]]
    assert command.startswith("python -m distributed.cli.dask_worker "), "a worker of another environment has no Stillpoint"
    assert address in command and "--nthreads 1" in command and "--nworkers 4" in command
