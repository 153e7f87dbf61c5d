"""A Dask cluster for Stillpoint on Slurm; run it where jobs may be submitted, and leave it running while the work lasts.

``python cluster-slurm.py`` prints the address for ``--scheduler``; ``--show`` prints the script of a job instead.
"""

from __future__ import annotations

import argparse

from dask_jobqueue import SLURMCluster

PROLOGUE = ["source /shared/stillpoint/bin/activate", "export OMP_NUM_THREADS=1"]
"""What every job does first: the environment that has Stillpoint in it, one thread an operation."""


def make(queue: str, most: int) -> SLURMCluster:
    """Return a cluster of up to ``most`` jobs of four workers; none is submitted before there is work."""
    cluster = SLURMCluster(
        cores=4, processes=4, memory="8GB", walltime="04:00:00", queue=queue, job_script_prologue=PROLOGUE,
        python="python",  # that of the prologue's environment, not the one that runs this script
        scheduler_options={"dashboard_address": ":0"},
    )  # fmt: skip
    cluster.adapt(minimum_jobs=0, maximum_jobs=most)
    return cluster


def main() -> None:
    """Start the cluster and wait."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queue", default="compute", help="the partition")
    parser.add_argument("--most", type=int, default=50, help="jobs at a time")
    parser.add_argument("--show", action="store_true", help="print the script of a job")
    given = parser.parse_args()
    with make(given.queue, given.most) as cluster:
        if given.show:
            print(cluster.job_script())
            return
        print(cluster.scheduler_address, flush=True)
        input("Enter ends the cluster. ")


if __name__ == "__main__":
    main()
