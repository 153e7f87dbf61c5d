"""What can be asked of the engine, as typed dataclasses that travel as JSON.

Standard library only, and no import of the rest of the engine: QGIS's side builds jobs with this
package, the worker reads them back. One description of every parameter (``parameter``) feeds the
command line, the Processing algorithms and the checks, so that the front doors cannot drift apart.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Dict, Mapping, Type

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs.analysis import RunAnalysis
from stillpoint.models.jobs.base import FORMAT, KINDS, REQUIRED, Job, Result, defaults, parameter
from stillpoint.models.jobs.doctor import Doctor
from stillpoint.models.jobs.geometries import CombineGeometries
from stillpoint.models.jobs.interferograms import SelectInterferograms
from stillpoint.models.jobs.library import ManageModels
from stillpoint.models.jobs.making import CheckEnvironment, DescribeTraining, Simulate, TrainModel
from stillpoint.models.jobs.offsets import TrackOffsets
from stillpoint.models.jobs.points import ClassifyTrends, DescribePoints
from stillpoint.models.jobs.rasters import DescribeStack, OpenStack
from stillpoint.models.jobs.scatterers import AssessScatterers, SelectScatterers
from stillpoint.models.jobs.series import EstimateSeries

__all__ = [
    "FORMAT",
    "JOBS",
    "KINDS",
    "REQUIRED",
    "AssessScatterers",
    "CheckEnvironment",
    "ClassifyTrends",
    "CombineGeometries",
    "DescribePoints",
    "DescribeStack",
    "DescribeTraining",
    "Doctor",
    "EstimateSeries",
    "Job",
    "ManageModels",
    "OpenStack",
    "Result",
    "RunAnalysis",
    "SelectInterferograms",
    "SelectScatterers",
    "Simulate",
    "TrackOffsets",
    "TrainModel",
    "defaults",
    "from_dict",
    "from_json",
    "parameter",
]

JOBS: Dict[str, Type[Job]] = {
    job.task: job
    for job in (
        ClassifyTrends,
        DescribePoints,
        OpenStack,
        DescribeStack,
        SelectInterferograms,
        SelectScatterers,
        AssessScatterers,
        EstimateSeries,
        CombineGeometries,
        TrackOffsets,
        RunAnalysis,
        Simulate,
        DescribeTraining,
        TrainModel,
        ManageModels,
        CheckEnvironment,
        Doctor,
    )
}


def from_dict(form: Mapping[str, Any]) -> Job:
    """Build the job that ``form`` (the result of :meth:`Job.to_dict`) describes.

    Raises
    ------
    StillpointError
        Unknown task or parameter, or a value that its parameter does not allow.
    """
    if not isinstance(form, Mapping) or "task" not in form:
        raise StillpointError("The job has no task: it must be an object with 'task' and 'parameters'.")
    if form.get("format", FORMAT) != FORMAT:
        raise StillpointError(f"The job has format {form['format']!r}; this Stillpoint reads format {FORMAT}.")
    kind = JOBS.get(form["task"]) if isinstance(form["task"], str) else None
    if kind is None:
        raise StillpointError(f"Unknown task {form['task']!r}; known are {', '.join(sorted(JOBS))}.")
    values = form.get("parameters", {})
    if not isinstance(values, Mapping):
        raise StillpointError("The parameters of the job must be an object.")
    known = {item.name for item in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise StillpointError(f"{kind.task} has no parameter {', '.join(map(repr, unknown))}.")
    return kind(**values)


def from_json(text: str) -> Job:
    """Build a job from the JSON form in ``text``; see :func:`from_dict`."""
    try:
        form = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StillpointError(f"The job is not valid JSON: {error}.") from None
    return from_dict(form)
