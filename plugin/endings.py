"""The end of an engine that did not end well: in words, and with what it left on the disk removed."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path
from typing import Optional, Pattern, Set

from stillpoint.models.jobs import Job
from stillpoint.plugin.language import tr


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
    lost = tr("Nothing half-written was left, and QGIS is not affected.")
    lower = output.lower()
    memory = "out of memory" in lower or "bad_alloc" in lower or "memoryerror" in lower or "cannot allocate" in lower
    memory = memory or "can't start new thread" in lower
    windows = status & 0xFFFFFFFF if status is not None else 0
    if memory or windows in (0xC0000017, 0xC000012D):
        return tr("The engine ran out of memory. Close other programs or choose another device. {lost}").format(lost=lost), "memory"
    if "modulenotfounderror" in lower or "importerror" in lower or windows in (0xC0000135, 0xC0000139):
        errors = [line.strip() for line in output.splitlines() if "Error" in line] or [tr("a library is missing")]
        return (
            tr(
                "The engine's environment is incomplete ({errors}). Open Stillpoint's set-up and repair it."
            ).format(errors=errors[-1])
        ), "environment"
    if status == -getattr(signal, "SIGKILL", 9) or status == 137:
        return (
            tr(
                "The engine was ended from outside (killed), which the system does when memory runs out. Close "
                "other programs and try again. {lost}"
            ).format(lost=lost)
        ), "memory"
    if status is not None and (status < 0 or windows in (0xC0000005, 0xC0000409, 0xC000001D)):
        try:
            name = signal.Signals(-status).name if status < 0 else f"0x{windows:08X}"
        except ValueError:
            name = str(status)
        return (
            tr(
                "The engine crashed ({name}), as faulty drivers and libraries do. Try the device cpu, or check the "
                "engine in Stillpoint's set-up. {lost}"
            ).format(name=name, lost=lost)
        ), "crash"
    if not started:
        last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), f"exit status {status}")
        return tr("The engine does not start: {last} Open Stillpoint's set-up and check it.").format(last=last[:300]), "environment"
    return tr("The engine ended unexpectedly (exit status {status}). {lost}").format(status=status, lost=lost), "crash"


def drafts(job: Job) -> Set[Path]:
    """Return what an engine keeps beside the job's outputs until it is complete: hidden files and folders."""
    found: Set[Path] = set()
    for item in job.parameters():
        output = getattr(job, item.name)
        if not output or not isinstance(output, str):
            continue
        target, kind = Path(output), item.metadata["kind"]
        if kind.endswith("-output"):
            found |= _matching(target.parent, _names(target))
        elif kind == "folder":
            inside = _matching(target, re.compile(r"\..+" + _DRAFT))
            found |= inside
            # A folder that was made for the lists alone and holds none yet; one that was there before is left.
            if _only(target, inside):
                found.add(target)
    return found


_DRAFT = r"\.[0-9a-f]{8}\.partial"


def _names(target: Path) -> Pattern[str]:
    """Return how drafts of ``target`` are called, and of what is written beside it under its name (``stack_coherence.tif``)."""
    beside = rf"\.{re.escape(target.stem)}(_[a-z]+)?{_DRAFT}(\.\w+)*"  # files: the ending stays
    whole = rf"\.{re.escape(target.name)}{_DRAFT}"  # folders
    parts = rf"{re.escape(target.stem)}(\.\w+)*\.partial" if target.suffix == ".safetensors" else beside
    return re.compile(f"{beside}|{whole}|{parts}")


def _matching(folder: Path, pattern: Pattern[str]) -> Set[Path]:
    try:
        return {entry for entry in folder.iterdir() if pattern.fullmatch(entry.name)}
    except OSError:
        return set()


def _only(folder: Path, entries: Set[Path]) -> bool:
    """Whether ``folder`` holds nothing but ``entries``."""
    try:
        return set(folder.iterdir()) <= entries
    except OSError:
        return False


def sweep(job: Job, before: Set[Path]) -> None:
    """Remove the drafts of an engine that could not do it itself any more, because it was killed."""
    for draft in drafts(job) - before:
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
