"""What may be wrong with a selection of interferograms, said before anything is computed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import kept_stack, maps
from stillpoint.models.interferograms.methods import NEEDS_COHERENCE
from stillpoint.models.interferograms.reading import Reading
from stillpoint.models.jobs import SelectInterferograms
from stillpoint.models.rasters.stack import Stack
from stillpoint.models.rasters.writing import draft_name

FILES = ("table", "output", "weights", "velocity")
"""Parameters that name files to write; ``lists`` is a folder."""


def check_network(job: SelectInterferograms, stack: Stack, reading: Reading) -> None:
    """Refuse methods that lack what they need."""
    if job.method in NEEDS_COHERENCE and reading.network.coherence is None:
        raise StillpointError(
            f"The method {job.method} needs the coherence of the interferograms, and {stack.path} names no stack of it. Give it "
            "(coherence), or take another method: loop_closure, coverage, residues or baselines."
        )


def check_outputs(job: SelectInterferograms) -> None:
    """Say what is wrong with the names of the outputs before anything is read."""
    if job.weights and job.method != "default":
        raise StillpointError(f"The method {job.method} has no weights of single pixels. Take the default, or leave weights empty.")
    for name in FILES:
        path: Optional[str] = getattr(job, name)
        if path:
            draft_name(path)
    if job.output and not job.output.lower().endswith(kept_stack.ENDINGS):
        raise StillpointError(f"The kept stack {job.output} must end in .vrt (refers to the stack) or .tif (copies it).")
    for name, title in (("weights", "The map of weights"), ("velocity", "The velocity map")):
        if getattr(job, name):
            maps.check_map(getattr(job, name), title)
    if job.lists and os.path.exists(job.lists) and not os.path.isdir(job.lists):
        raise StillpointError(f"{job.lists} is a file; name a folder for the lists.")


def check_apart(job: SelectInterferograms, stack: Stack, coherence: Optional[Stack] = None) -> None:
    """Raise where two outputs have the same name, or an output is a file that is read: it would be lost."""
    seen = {_place(path): "a file that is read" for path in (job.coherence, job.model) if path}
    for read in (stack, coherence):
        for path in () if read is None else (*read.files(), *read.companions.values()):
            seen.setdefault(_place(path), "a file that is read")
    seen[_place(job.stack)] = "the stack"
    for name in FILES:
        path = getattr(job, name)
        if not path:
            continue
        if _place(path) in seen:
            used = seen[_place(path)]
            raise StillpointError(f"{path} cannot be written: it is also {used}. Give every output a name of its own.")
        seen[_place(path)] = f"the output {name}"


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(Path(path)))
