"""Which function does which job. Modules are imported only when their job comes."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Callable, Dict

from stillpoint.models.jobs import Job, Result
from stillpoint.models.progress import Progress

logger = logging.getLogger("stillpoint")

FUNCTIONS: Dict[str, str] = {
    "classify-trends": "stillpoint.models.trends.classify_file:classify_trends",
    "describe-points": "stillpoint.models.points.describe:describe_points",
    "assess-scatterers": "stillpoint.models.scatterers.assess_file:assess_scatterers",
    "describe-stack": "stillpoint.models.rasters.describe:describe_stack",
    "open-stack": "stillpoint.models.rasters.opening:open_stack_job",
    "select-interferograms": "stillpoint.models.interferograms.select_file:select_interferograms",
    "select-scatterers": "stillpoint.models.scatterers.select_file:select_scatterers",
    "estimate-series": "stillpoint.models.series.estimate_file:estimate_series",
    "combine-geometries": "stillpoint.models.series.combine_file:combine_geometries",
    "run-analysis": "stillpoint.models.analysis:run_analysis",
    "simulate": "stillpoint.models.simulation.simulate:simulate",
    "track-offsets": "stillpoint.models.offsets.track_file:track_offsets",
    "describe-training": "stillpoint.models.training:describe",
    "train": "stillpoint.models.training:train",
    "models": "stillpoint.models.library_jobs:manage_models",
    "doctor": "stillpoint.models.doctor:examine",
    "check-environment": "stillpoint.models.environment:check_environment",
}

SPREAD = ("check-environment", "classify-trends", "select-interferograms", "select-scatterers", "track-offsets")
"""Tasks whose pieces a Dask scheduler can spread; see :mod:`stillpoint.models.executors`."""


def prepare(task: str) -> None:
    """Load what a task needs, so that its job begins at once; an unknown task, or a library that fails, is left to the job."""
    try:
        import_module(FUNCTIONS[task].split(":")[0])
        import_module("torch")
    except Exception as error:  # whatever is wrong is told where it matters
        logger.debug("cannot prepare %s: %s", task, error)


def run(job: Job, progress: Progress) -> Result:
    """Do ``job`` and return its result.

    Raises
    ------
    StillpointError
        Something that the user can mend.
    Cancelled
        The user asked to stop.
    """
    module, name = FUNCTIONS[job.task].split(":")
    function: Callable[[Job, Progress], Result] = getattr(import_module(module), name)
    if job.task not in SPREAD:
        result = function(job, progress)
    else:
        from stillpoint.models.executors.forecast import Foreseen

        try:
            result = function(job, progress)
        except Foreseen as told:
            result = told.result()
    if job.scheduler and job.task not in (*SPREAD, "doctor"):  # the doctor asks whether the scheduler answers
        result.warnings.append(f"This job was computed on this machine: the scheduler {job.scheduler} cannot spread it.")
    return result
