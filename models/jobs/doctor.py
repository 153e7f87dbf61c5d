"""The job that looks for what is wrong with the engine's environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional

from stillpoint.models.jobs.base import Job, parameter


@dataclass(frozen=True)
class Doctor(Job):
    """Look for what is missing, broken or in the way of the engine."""

    task: ClassVar[str] = "doctor"
    title: ClassVar[str] = "Environment doctor"
    help: ClassVar[str] = (
        "Looks at what the engine runs on: interpreter, libraries, which GPU is used and why, memory and disk, model files, "
        "folders, cluster, variables and proxies; says of each whether it is good, and what to do where it is not. It works where "
        "libraries are missing, too."
    )

    output: Optional[str] = parameter(
        None, kind="file-output", title="Report",
        help="Text file for a report to hand on: without your home folder, user name, computer's name, passwords and tokens.",
    )
    quick: bool = parameter(
        False, kind="flag", title="Quick", help="Leaves out what takes seconds: trying each device, and the checksums of models."
    )
