"""What the engine runs on: versions, devices, and whether each device computes what it should."""

from __future__ import annotations

import importlib
import platform
import sys
from importlib import metadata
from typing import Any, Dict, List

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import CheckEnvironment, Result
from stillpoint.models.progress import SILENT, Progress

LIBRARIES = ("numpy", "scipy", "torch", "safetensors", "h5py", "pyarrow")


def check_environment(job: CheckEnvironment, progress: Progress = SILENT) -> Result:
    """Import every library, list the devices and run a small network on each (or on ``job.device`` alone).

    Where the job names a Dask scheduler its workers are asked instead.

    Returns
    -------
    Result
        ``details``: ``cluster``, or ``versions`` (name -> version), ``python``, ``platform``, and ``devices``, a list of
        ``{id, name, memory, free, ok, seconds, message}`` with bytes and seconds.

    Raises
    ------
    StillpointError
        A library is missing or cannot be loaded, or the asked device does not exist.
    """
    if job.scheduler:
        return _of_cluster(job, progress)
    versions = {"stillpoint": __version__}
    for position, name in enumerate(LIBRARIES):
        progress(0.5 * position / len(LIBRARIES), f"Loading {name}")
        versions[name] = _load(name)
    versions["gdal"] = _gdal_version()

    from stillpoint.models.learning import devices

    found = devices.list_devices()
    if job.device != "auto":
        wanted = str(devices.pick(job.device))
        found = [device for device in found if device.id == wanted]
    rows: List[Dict[str, Any]] = []
    for position, device in enumerate(found):
        progress(0.5 + 0.5 * position / len(found), f"Trying {device.id}")
        row = {**device.to_dict(), "ok": True, "seconds": None, "message": ""}
        try:
            row["seconds"] = round(devices.smoke_test(device.id), 3)
        except StillpointError as error:
            row.update(ok=False, message=str(error))
        rows.append(row)
    python = platform.python_version()
    details = {"python": python, "platform": platform.platform(), "versions": versions, "devices": rows}
    warnings = [row["message"] for row in rows if not row["ok"]]
    progress(1.0, "Environment checked")
    return Result(summary=_summary(python, versions, rows), details=details, warnings=warnings)


def _of_cluster(job: CheckEnvironment, progress: Progress) -> Result:
    """Return what the workers of a Dask scheduler have; raise a StillpointError where they do not serve."""
    from stillpoint.models.executors import open_executor
    from stillpoint.models.executors.resources import shown

    progress(0.0, f"Asking {job.scheduler}")
    with open_executor(job, progress) as cluster:
        device = cluster.device(job.device)
        memory = cluster.memory(device, capped=False)
        found = {
            "scheduler": job.scheduler, "device": device, "pieces_at_a_time": cluster.slots(device, 1),
            "memory": memory, "workers": cluster.size,
        }  # fmt: skip
    progress(1.0, "Cluster checked")
    workers = f"{found['workers']} worker{'s' if found['workers'] != 1 else ''}"
    summary = (
        f"{workers} with Stillpoint {__version__} at {job.scheduler}: {found['pieces_at_a_time']} pieces at a time on "
        f"{'GPUs' if device != 'cpu' else 'processors'}, {shown(memory)} for those of each worker."
    )
    return Result(summary=summary, details={"cluster": found})


def _load(name: str) -> str:
    """Import a library and return its version."""
    try:
        module = importlib.import_module(name)
    except Exception as error:  # a broken library raises OSError, AttributeError, RuntimeError ...
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise StillpointError(
            f"The library {name} of the engine's environment cannot be loaded ({reason}). "
            "Create the environment again in Stillpoint's set-up."
        ) from error
    version = getattr(module, "__version__", None)
    return str(version) if version else metadata.version(name)


def _gdal_version() -> str:
    """Return the version of GDAL; its arrays need a numpy of the right major version."""
    try:
        from osgeo import gdal, gdal_array  # noqa: F401 - gdal_array fails where numpy does not fit
    except Exception as error:
        raise StillpointError(
            f"GDAL's Python module cannot be loaded with {sys.executable} ({error}). "
            "Use the Python that QGIS uses, or create Stillpoint's own environment in the set-up."
        ) from error
    return str(gdal.__version__)


def _summary(python: str, versions: Dict[str, str], rows: List[Dict[str, Any]]) -> str:
    """Return versions and devices as lines for people."""
    lines = [f"Python {python}", ", ".join(f"{name} {version}" for name, version in versions.items())]
    for row in rows:
        memory = f"{row['memory'] / 2**30:.1f} GiB" if row["memory"] else "memory unknown"
        state = f"works ({row['seconds']:.2f} s)" if row["ok"] else "FAILS"
        lines.append(f"{row['id']}: {row['name']}, {memory}: {state}")
    return "\n".join(lines)
