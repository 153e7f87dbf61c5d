"""In which numbers a network learns: half precision on GPUs that are fast with it, single precision everywhere else."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import Any, ContextManager, Dict, Optional

import torch
from torch import nn


class Precision:
    """Forward passes, backward passes and steps of an optimiser in mixed precision (Micikevicius et al. 2018, ICLR).

    Weights stay in single precision. The processor computes in single precision, so that a training gives the same on any of them.

    Parameters
    ----------
    device
        Where the network learns.
    dtype
        ``torch.bfloat16``, ``torch.float16`` (whose gradients are scaled, lest they vanish) or ``torch.float32``; what suits the
        device where None.
    """

    def __init__(self, device: torch.device, dtype: Optional[torch.dtype] = None) -> None:
        self._device = device
        self.dtype = suited(device) if dtype is None else dtype
        self._scaler: Any = None
        if self.dtype == torch.float16:
            # torch 2.2 has the scaler of CUDA alone.
            self._scaler = torch.amp.GradScaler(device.type) if hasattr(torch.amp, "GradScaler") else torch.cuda.amp.GradScaler()

    def forward(self) -> ContextManager[Any]:
        """Return a context for the forward pass; losses do their sums on ``outputs.float()``."""
        return nullcontext() if self.dtype == torch.float32 else torch.autocast(self._device.type, self.dtype)

    def backward(self, loss: torch.Tensor) -> None:
        """Add the gradients of ``loss``."""
        if loss.requires_grad:
            (loss if self._scaler is None else self._scaler.scale(loss)).backward()

    def step(self, optimiser: torch.optim.Optimizer, network: nn.Module, *, clip: float) -> None:
        """Clip the gradients to the norm ``clip`` and let the optimiser step, unless half precision made them infinite."""
        if self._scaler is None:
            nn.utils.clip_grad_norm_(network.parameters(), clip)
            optimiser.step()
            return
        self._scaler.unscale_(optimiser)
        nn.utils.clip_grad_norm_(network.parameters(), clip)
        self._scaler.step(optimiser)
        self._scaler.update()

    def state(self) -> Dict[str, Any]:
        """Return what goes into a checkpoint; numbers alone."""
        return {} if self._scaler is None else dict(self._scaler.state_dict())

    def load(self, state: Dict[str, Any]) -> None:
        """Go on from :meth:`state`."""
        if self._scaler is not None and state:
            self._scaler.load_state_dict(state)


def suited(device: torch.device) -> torch.dtype:
    """Return the numbers that a device learns best in."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device.type == "xpu":
        return torch.bfloat16
    return torch.float32


class Repeatable:
    """Lets a GPU choose only algorithms that give the same every time, for as long as a training lasts."""

    def __init__(self, device: torch.device) -> None:
        self._wanted = device.type == "cuda"
        self._before = (False, False, False)

    def __enter__(self) -> None:
        if self._wanted:
            cudnn = torch.backends.cudnn
            self._before = (cudnn.deterministic, cudnn.benchmark, torch.are_deterministic_algorithms_enabled())
            cudnn.deterministic, cudnn.benchmark = True, False
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            # Where a layer has no such algorithm, torch warns and takes another.
            torch.use_deterministic_algorithms(True, warn_only=True)

    def __exit__(self, *_: Any) -> None:
        if self._wanted:
            torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = self._before[:2]
            torch.use_deterministic_algorithms(self._before[2], warn_only=True)
