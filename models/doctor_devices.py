"""Which device computes, and why no GPU does where none does: told from the build of torch, the driver and what was tried."""

from __future__ import annotations

import os
import re
import shutil
import subprocess  # nosec B404 - one program of the NVIDIA driver, without a shell
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding

GROUP = "Devices"
SECONDS = 10.0
"""That nvidia-smi may take; it hangs where a GPU fell off the bus."""


@dataclass(frozen=True)
class Driver:
    """The NVIDIA driver of this computer.

    Attributes
    ----------
    version
        Its own, such as ``"535.183"``.
    cuda
        The newest CUDA that it supports.
    names
        Of the GPUs that it drives.
    """

    version: str
    cuda: Tuple[int, int]
    names: Tuple[str, ...] = ()


def driver() -> Optional[Driver]:
    """Return the NVIDIA driver; None where there is none, or it does not answer."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    head = _output([program])
    cuda, version = re.search(r"CUDA Version:\s*(\d+)\.(\d+)", head), re.search(r"Driver Version:\s*([\d.]+)", head)
    if cuda is None or version is None:
        return None
    names = re.findall(r"GPU \d+: (.+?) \(", _output([program, "-L"]))
    return Driver(version.group(1), (int(cuda.group(1)), int(cuda.group(2))), tuple(names))


def _output(command: List[str]) -> str:
    try:
        return subprocess.run(  # nosec B603 - no shell, a program that PATH names
            command, capture_output=True, text=True, timeout=SECONDS, check=False, errors="replace"
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def devices(*, quick: bool = False) -> List[Finding]:
    """Return a finding for the choice of the device, and one for each device that was tried. Needs torch."""
    import torch

    from stillpoint.models.learning import devices as known

    rows: List[Mapping[str, Any]] = []
    for device in known.list_devices():
        row = {**device.to_dict(), "ok": True, "seconds": None, "message": ""}
        if not quick:
            try:
                row["seconds"] = known.smoke_test(device.id)
            except StillpointError as error:
                row.update(ok=False, message=str(error))
        rows.append(row)
    build = torch.version.cuda
    hip = getattr(torch.version, "hip", None)
    chosen = str(known.pick("auto"))
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    return [choice(rows, chosen, build=build or hip, driver=driver(), hidden=hidden), *tried(rows)]


def choice(
    rows: Sequence[Mapping[str, Any]], chosen: str, *, build: Optional[str], driver: Optional[Driver], hidden: Optional[str] = None
) -> Finding:
    """Return which device ``auto`` takes and why, or why no GPU does.

    Parameters
    ----------
    rows
        The devices that torch can use, the CPU first, as :class:`~stillpoint.models.learning.devices.Device` has them.
    chosen
        The one that ``auto`` takes.
    build
        Version of CUDA (or ROCm) that torch was built for; None for a build for the CPU only.
    driver
        The NVIDIA driver, None where there is none.
    hidden
        ``CUDA_VISIBLE_DEVICES``, where that is set.
    """
    def say(state: str, text: str, repair: str = "") -> Finding:
        return Finding("device", GROUP, "Which device computes", state, text, repair)

    taken = next((row for row in rows if row["id"] == chosen), rows[0])
    if taken["id"] != "cpu":
        if len(rows) > 2:
            return say(GOOD, f"{taken['id']} ({taken['name']}): of {len(rows) - 1} GPUs it has the most free memory.")
        return say(GOOD, f"{taken['id']} ({taken['name']}): it is the one GPU that torch can use.")
    gpus = f" ({', '.join(driver.names)})" if driver is not None and driver.names else ""
    cpu = "The CPU computes; everything works, only slower."
    if driver is None:
        if build:
            return say(NOTE, f"{cpu} torch is built for CUDA {build}, but no NVIDIA driver answers here.")
        return say(NOTE, f"{cpu} There is no NVIDIA driver here, and no other GPU that torch can use.")
    supported = f"{driver.cuda[0]}.{driver.cuda[1]}"
    if not build:
        return say(
            NOTE,
            f"{cpu} There is an NVIDIA GPU{gpus}, but this torch is a build for the CPU only. Build the environment for CUDA to "
            "use it.",
            "build",
        )  # fmt: skip
    if int(build.partition(".")[0]) > driver.cuda[0]:
        return say(
            NOTE,
            f"{cpu} The NVIDIA driver {driver.version} is too old: it supports CUDA up to {supported}, and torch is built for CUDA "
            f"{build}. Update the driver.",
        )  # fmt: skip
    if hidden is not None and hidden.strip() in ("", "-1"):
        return say(NOTE, f"{cpu} The variable CUDA_VISIBLE_DEVICES ({hidden!r}) hides the GPU{gpus}. Remove it to use it.")
    return say(
        NOTE,
        f"{cpu} torch (CUDA {build}) cannot use the GPU{gpus} although the driver {driver.version} supports CUDA {supported}. "
        "Restart the computer; where that does not help, install the driver again.",
    )  # fmt: skip


def tried(rows: Sequence[Mapping[str, Any]]) -> List[Finding]:
    """Return what came of a small network on each device."""
    found: List[Finding] = []
    for row in rows:
        memory = f", {row['memory'] / 2**30:.1f} GiB" if row.get("memory") else ""
        free = f" ({row['free'] / 2**30:.1f} GiB free)" if row.get("memory") and row.get("free") is not None else ""
        name = f"{row['name']}{memory}{free}"
        if not row["ok"]:
            found.append(Finding(f"device-{row['id']}", GROUP, row["id"], REPAIR, f"{name}. {row['message']}"))
        else:
            test = f"A small network ran as it should in {max(row['seconds'], 0.01):.2f} s." if row["seconds"] is not None else ""
            found.append(Finding(f"device-{row['id']}", GROUP, row["id"], GOOD, f"{name}. {test}".strip()))
    return found
