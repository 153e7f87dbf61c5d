"""The end of an engine that did not end well: in words, and with what it left on the disk removed."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path
from typing import Optional, Set

from stillpoint.models.jobs import Job


def explain_death(status: Optional[int], output: str, *, started: bool = True) -> tuple[str, str]:
    """Return a sentence and a kind for an engine that ended by itself.

    Parameters
    ----------
    status
        Exit status; negative is a signal; None where it hangs.
    output
        Its last standard error.
    started
        False when it died before its first message.
    """
    lost = "Nothing half-written was left, and QGIS is not affected."
    lower = output.lower()
    memory = "out of memory" in lower or "bad_alloc" in lower or "memoryerror" in lower or "cannot allocate" in lower
    windows = status & 0xFFFFFFFF if status is not None else 0
    if memory or windows in (0xC0000017, 0xC000012D):
        return f"The engine ran out of memory. Close other programs or choose another device. {lost}", "memory"
    if "modulenotfounderror" in lower or "importerror" in lower or windows in (0xC0000135, 0xC0000139):
        errors = [line.strip() for line in output.splitlines() if "Error" in line] or ["a library is missing"]
        return (
            f"The engine's environment is incomplete ({errors[-1]}). Open Stillpoint's set-up and repair it."
        ), "environment"
    if status == -getattr(signal, "SIGKILL", 9) or status == 137:
        return (
            "The engine was ended from outside (killed), which the system does when memory runs out. "
            f"Close other programs and try again. {lost}"
        ), "memory"
    if status is not None and (status < 0 or windows in (0xC0000005, 0xC0000409, 0xC000001D)):
        try:
            name = signal.Signals(-status).name if status < 0 else f"0x{windows:08X}"
        except ValueError:
            name = str(status)
        return (
            f"The engine crashed ({name}), as faulty drivers and libraries do. Try the device cpu, or check the engine "
            f"in Stillpoint's set-up. {lost}"
        ), "crash"
    if not started:
        last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), f"exit status {status}")
        return f"The engine does not start: {last[:300]} Open Stillpoint's set-up and check it.", "environment"
    return f"The engine ended unexpectedly (exit status {status}). {lost}", "crash"


def drafts(job: Job) -> Set[Path]:
    """Return the hidden files and folders beside the job's outputs in which an engine keeps what is not complete yet."""
    found: Set[Path] = set()
    for item in job.parameters():
        output = getattr(job, item.name)
        if not output or not item.metadata["kind"].endswith("-output"):
            continue
        target = Path(output)
        # Points are drafted in a folder of their whole name, rasters in a file of the same ending.
        names = (re.escape(f".{target.name}.") + r"[0-9a-f]{8}\.partial",
                 re.escape(f".{target.stem}.") + r"[0-9a-f]{8}\.partial" + re.escape(target.suffix) + r"(\.aux\.xml)?")
        pattern = re.compile("|".join(names))
        try:
            found.update(entry for entry in target.parent.iterdir() if pattern.fullmatch(entry.name))
        except OSError:
            continue
    return found


def sweep(job: Job, before: Set[Path]) -> None:
    """Remove the drafts of an engine that could not do it itself any more, because it was killed."""
    for draft in drafts(job) - before:
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
