"""The devices that torch can compute on: listed for people, picked, and tried."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional

import torch
from torch import nn

from stillpoint.models.errors import StillpointError

TOLERANCE = 1e-2
"""Largest relative difference to the CPU's result that a smoke test accepts (TF32 and MPS round more)."""


@dataclass(frozen=True)
class Device:
    """One device as a user recognises it.

    Attributes
    ----------
    id
        What the parameter ``device`` takes: ``"cpu"``, ``"cuda:0"``, ``"xpu:0"``, ``"mps"``.
    name
        The maker's name.
    memory
        Its whole memory in bytes; for the CPU and for Apple's GPU the computer's. None where unknown.
    free
        Memory that is free now, in bytes; None where unknown.
    """

    id: str
    name: str
    memory: Optional[int] = None
    free: Optional[int] = None

    def to_dict(self) -> Dict[str, Any]:
        """Return the attributes as JSON types."""
        return asdict(self)


def list_devices() -> List[Device]:
    """Return every device that this torch build can use, the CPU first."""
    total, free = _main_memory()
    devices = [Device("cpu", _cpu_name(), total, free)]
    if torch.cuda.is_available():
        devices += [_accelerator("cuda", index, torch.cuda) for index in range(torch.cuda.device_count())]
    xpu = getattr(torch, "xpu", None)
    if xpu is not None and xpu.is_available():
        devices += [_accelerator("xpu", index, xpu) for index in range(xpu.device_count())]
    if torch.backends.mps.is_available():
        devices.append(Device("mps", "Apple GPU", total, free))
    return devices


def pick(name: str = "auto") -> torch.device:
    """Return the device called ``name``; ``"auto"`` takes the accelerator with the most free memory, else the CPU.

    Of several, ``"cuda:0,cuda:1"``, it is the first; :func:`several` names them all.

    Raises
    ------
    StillpointError
        There is no such device here.
    """
    wanted = name.partition(",")[0].strip().lower() or "auto"
    if wanted == "cpu":
        return torch.device("cpu")
    devices = list_devices()
    if wanted == "auto":
        accelerators = devices[1:]
        best = max(accelerators, key=lambda device: device.free or 0) if accelerators else devices[0]
        return torch.device(best.id)
    for device in devices:
        if wanted in (device.id, device.id.partition(":")[0]):
            return torch.device(device.id)
    known = ", ".join(device.id for device in devices)
    raise StillpointError(f"There is no device {name!r} here. Choose auto or one of: {known}.")


def several(name: str) -> List[str]:
    """Return the devices of ``"cuda:0,cuda:1"``, of which there may be only one.

    Raises
    ------
    StillpointError
        One of them is not here.
    """
    names = [each.strip() for each in name.split(",") if each.strip()] or ["auto"]
    return names if len(names) == 1 else [str(pick(each)) for each in names]


def smoke_test(name: str) -> float:
    """Run a small convolutional network forwards and backwards on a device and return the seconds it took.

    Raises
    ------
    StillpointError
        The device fails, or computes something else than the CPU does.
    """
    device = torch.device(name)
    started = time.perf_counter()
    try:
        output, gradient = _small_network(device)
    except Exception as error:  # drivers raise whatever they like; the user needs to know which device
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise StillpointError(
            f"The device {name} does not work: {reason} Update its driver or choose another."
        ) from error
    seconds = time.perf_counter() - started
    expected, expected_gradient = _small_network(torch.device("cpu"))
    for got, right in ((output, expected), (gradient, expected_gradient)):
        error_size = float((got - right).abs().max() / right.abs().max())
        if not error_size <= TOLERANCE:
            raise StillpointError(
                f"The device {name} computes wrong results (relative error {error_size:.2g}). "
                "Update its driver or choose another."
            )
    return seconds


def _small_network(device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return output (64, 5) and first gradient (16, 1, 5) of a fixed little network, on the CPU."""
    generator = torch.Generator().manual_seed(1)
    first = nn.Conv1d(1, 16, 5, padding=2)
    last = nn.Linear(16, 5)
    with torch.no_grad():
        for parameter in (*first.parameters(), *last.parameters()):
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    series = torch.randn(64, 1, 139, generator=generator).to(device)
    first, last = first.to(device), last.to(device)
    output = last(torch.relu(first(series)).mean(dim=2))
    output.square().mean().backward()
    gradient = first.weight.grad
    if gradient is None:
        raise RuntimeError("the device computed no gradient")
    return output.detach().cpu(), gradient.cpu()


def _accelerator(kind: str, index: int, backend: Any) -> Device:
    """Return the description of accelerator ``index`` of a torch backend module."""
    properties = backend.get_device_properties(index)
    total = int(properties.total_memory)
    free: Optional[int] = None
    try:
        free = int(backend.mem_get_info(index)[0])
    except (RuntimeError, AttributeError, AssertionError):  # old drivers and builds cannot tell
        free = None
    return Device(f"{kind}:{index}", str(properties.name), total, free)


def _cpu_name() -> str:
    """Return the processor's name with its cores, as far as the system tells."""
    name = platform.processor()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    except OSError:
        name = name or platform.machine()
    cores = os.cpu_count() or 1
    return f"{name or platform.machine() or 'CPU'} ({cores} {'core' if cores == 1 else 'cores'})"


def _main_memory() -> tuple[Optional[int], Optional[int]]:
    """Return the computer's memory and its free part in bytes; None where the system does not tell."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total = page * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None, None
    try:
        return total, page * os.sysconf("SC_AVPHYS_PAGES")
    except (ValueError, OSError):  # macOS does not know the free pages
        return total, None


def _windows_memory() -> tuple[Optional[int], Optional[int]]:
    """Return total and free memory as GlobalMemoryStatusEx reports them."""
    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong)
            for name in ("total", "free", "page_total", "page_free", "virtual", "virtual_free", "extended")
        ]

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        return None, None
    return int(status.total), int(status.free)
