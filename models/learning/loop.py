"""The one training loop: batches in, weights out; goes on from a checkpoint as if never stopped.

A batch is a function of the seed and the step alone, so a run that was killed and resumed equals one
that was not. Weights are averaged over the steps, and the averaged ones are the result.
"""

from __future__ import annotations

import copy
import json
import logging
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import torch
from torch import nn

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress

logger = logging.getLogger("stillpoint")


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes
    ----------
    steps
        Number of optimiser steps.
    rate
        Largest learning rate; warm-up over 2 % of the steps, then a cosine down to 1 % of it.
    decay
        Weight decay of AdamW.
    average
        Time constant of the weight average, as a share of the steps.
    clip
        Largest norm of the gradient.
    save_every
        Steps between two checkpoints.
    seed
        Seed of the weights and batches.
    """

    steps: int
    rate: float = 2e-3
    decay: float = 1e-3
    average: float = 0.02
    clip: float = 2.0
    save_every: int = 250
    seed: int = 1


def rate_at(settings: Settings, step: int) -> float:
    """Return the learning rate at ``step`` (from 0)."""
    warm = max(1, settings.steps // 50)
    if step < warm:
        return settings.rate * (step + 1) / warm
    done = (step - warm) / max(1, settings.steps - warm)
    return settings.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def train(
    model: nn.Module,
    loss: Callable[[nn.Module, int], torch.Tensor],
    settings: Settings,
    *,
    checkpoint: Optional[Path] = None,
    resume: bool = False,
    evaluate: Optional[Callable[[nn.Module], Dict[str, float]]] = None,
    progress: Progress = SILENT,
) -> Dict[str, Any]:
    """Train ``model`` in place and return the history; the averaged weights are loaded at the end.

    Parameters
    ----------
    model
        On its device already.
    loss
        ``loss(model, step)`` draws the batch of that step and returns a scalar.
    settings
        How to train.
    checkpoint
        File to keep the state in, written to a temporary name first.
    resume
        Go on from ``checkpoint`` where it exists.
    evaluate
        Returns metrics of a model; called with the averaged one at each checkpoint.
    progress
        Told after each step.

    Returns
    -------
    dict
        ``history`` (list of dicts with step, loss, seconds and metrics) and ``steps``.

    Raises
    ------
    StillpointError
        The checkpoint belongs to another run, or the loss is no longer finite.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    torch.manual_seed(settings.seed)
    averaged = copy.deepcopy(model).requires_grad_(False)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=settings.decay)
    first = 0
    history: List[Dict[str, Any]] = []
    if checkpoint and resume and checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        if json.loads(state["settings"]) != asdict(settings):
            raise StillpointError(f"The checkpoint {checkpoint} was made with other settings; train without resume.")
        model.load_state_dict(state["model"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        first, history = int(state["step"]), json.loads(state["history"])
    began = time.monotonic()
    recent: List[float] = []
    for step in range(first, settings.steps):
        model.train()
        for group in optimiser.param_groups:
            group["lr"] = rate_at(settings, step)
        value = loss(model, step)
        if not bool(torch.isfinite(value)):
            raise StillpointError(f"The training diverged at step {step}: lower the learning rate or check the data.")
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimiser.step()
        _average(averaged, model, min(1 - 1 / (1 + step), 1 - 1 / max(2.0, settings.average * settings.steps)))
        recent.append(float(value.detach()))
        if (step + 1) % settings.save_every == 0 or step + 1 == settings.steps:
            row = {"step": step + 1, "loss": sum(recent) / len(recent), "seconds": time.monotonic() - began}
            if evaluate is not None:
                row.update(evaluate(averaged.eval()))
            history.append(row)
            recent = []
            logger.info("step %d: %s", step + 1, {key: round(val, 5) for key, val in row.items() if key != "step"})
            if checkpoint:
                _save(checkpoint, model, averaged, optimiser, settings, step + 1, history)
        progress((step + 1) / settings.steps, f"step {step + 1} of {settings.steps}, loss {recent[-1]:.3f}" if recent else "")
    model.load_state_dict(averaged.state_dict())
    return {"history": history, "steps": settings.steps}


def _average(averaged: nn.Module, model: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for mean, value in zip(averaged.state_dict().values(), model.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - keep)
            else:
                mean.copy_(value)


def _save(path: Path, model, averaged, optimiser, settings: Settings, step: int, history) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    torch.save(
        {
            "model": model.state_dict(),
            "averaged": averaged.state_dict(),
            "optimiser": optimiser.state_dict(),
            "settings": json.dumps(asdict(settings)),
            "step": step,
            "history": json.dumps(history),
        },
        partial,
    )
    os.replace(partial, path)
