"""What this machine has to give now: memory within all limits, processors, room on a disk."""

from __future__ import annotations

import ctypes
import gc
import math
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from stillpoint.models.pipeline import cores as allowed_cores

SHARE = 0.6
"""Share of the free memory that a job takes: others run beside it, and sizes are estimates."""

A_CORE = 5.0e8
"""Bytes that a processor's tiles take at most: larger ones are not faster, and leave less to others."""

LEAST = 6.4e7
"""Bytes that a job plans with however little is free; where even that is too much, pieces are cut up as they fail."""

_CGROUPS = Path("/sys/fs/cgroup")


def memory_budget(*, capped: bool = True) -> float:
    """Return the bytes that the pieces at work may take together on this machine; all that can be spared where not ``capped``."""
    free = free_memory()
    most = A_CORE * cores()
    if free is None:
        return most
    return max(min(SHARE * free, most) if capped else SHARE * free, LEAST)


def free_memory() -> Optional[int]:
    """Return the bytes that this process can still take of the machine, its control group and its own limit; None if unknown."""
    found = [value for value in (_of_machine(), _of_groups(), _of_process()) if value is not None]
    return max(min(found), 0) if found else None


def gpu_budget(device: str) -> float:
    """Return the bytes of an accelerator's memory that the piece at work may take; the machine's where it cannot tell."""
    torch = sys.modules.get("torch")
    try:
        if torch is not None and device.startswith("cuda"):
            return SHARE * float(torch.cuda.mem_get_info(torch.device(device))[0])
    except (RuntimeError, AttributeError, AssertionError):
        return memory_budget()
    return memory_budget()


def cores() -> int:
    """Return the number of processors that this process may use, within its control group's share."""
    count = allowed_cores()
    for folder in _group_folders(""):
        text = _text(folder / "cpu.max").split()
        if len(text) == 2 and text[0] != "max" and float(text[1]) > 0:
            count = min(count, max(1, math.ceil(float(text[0]) / float(text[1]))))
    return count


def free_disk(path: str) -> Optional[int]:
    """Return the free bytes on the disk that holds ``path`` (which need not exist); None where nothing tells."""
    folder = os.path.dirname(os.path.abspath(path))
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free if usage.total else None  # what has no size is no disk, such as /sys


def is_memory_error(error: BaseException) -> bool:
    """Whether an error says that memory ran out: Python's, numpy's, torch's, GDAL's or a driver's."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return any(sign in text for sign in ("out of memory", "bad_alloc", "bad allocation", "allocate memory", "cannot allocate"))


def release() -> None:
    """Give back what is not used any more, on the accelerator too, and what the C library keeps of it to the system (Linux)."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def _of_machine() -> Optional[int]:
    for line in _text(Path("/proc/meminfo")).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    if sys.platform in ("win32", "darwin"):
        from stillpoint.models.learning.devices import list_devices

        here = list_devices()[0]
        # macOS does not tell what is free; half of all is a fair guess.
        return here.free if here.free is not None else (here.memory or 0) // 2 or None
    return None


def _of_groups() -> Optional[int]:
    """Return what the control groups of Linux (containers, Slurm, systemd) leave."""
    found: List[int] = []
    for folder in _group_folders(""):
        limit, used = _number(folder / "memory.max"), _number(folder / "memory.current")
        if limit is not None and used is not None:
            found.append(limit - used + _cached(folder, "inactive_file"))
    for folder in _group_folders("memory"):
        limit, used = _number(folder / "memory.limit_in_bytes"), _number(folder / "memory.usage_in_bytes")
        if limit is not None and used is not None and limit < 1 << 60:
            found.append(limit - used + _cached(folder, "total_inactive_file"))
    return min(found) if found else None


def _of_process() -> Optional[int]:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    pages = _text(Path("/proc/self/statm")).split()
    return limit - (int(pages[0]) * resource.getpagesize() if pages else 0)


def _group_folders(controller: str) -> Iterator[Path]:
    """Yield the folders of this process's control group and of those above it; of version 2 where ``controller`` is empty."""
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        parts = line.split(":", 2)
        if len(parts) != 3 or controller not in parts[1].split(","):
            continue
        top = _CGROUPS / controller
        place = top / parts[2].lstrip("/")
        while True:
            yield place
            if place == top or top not in place.parents:
                break
            place = place.parent


def _cached(folder: Path, name: str) -> int:
    """Return the bytes of files in memory that the system drops when it needs room."""
    for line in _text(folder / "memory.stat").splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == name:
            return int(words[1])
    return 0


def _number(path: Path) -> Optional[int]:
    text = _text(path).strip()
    return int(text) if text.isdigit() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def shown(size: float) -> str:
    """Return a number of bytes for people."""
    units: Tuple[Tuple[float, str], ...] = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
    for step, unit in units:
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size:.0f} bytes"
