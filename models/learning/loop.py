"""The one training loop: batches in, the best weights out; goes on from a checkpoint as if never stopped.

A batch, and whatever the network draws, is a function of the seed and the step alone, so a run that was killed and resumed equals
one that was not. Weights are averaged over the steps; the averaged ones are judged after every epoch, and those of the best epoch
are the result.
"""

from __future__ import annotations

import copy
import logging
import math
from dataclasses import asdict
from typing import Any, Callable, Dict, List, Optional

import torch
from torch import nn

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import checkpoint, parallel
from stillpoint.models.learning.batches import Gradients, Loss, Part, size_of
from stillpoint.models.learning.checkpoint import State
from stillpoint.models.learning.clock import Clock, in_words
from stillpoint.models.learning.precision import Precision, Repeatable
from stillpoint.models.learning.record import Record, Settings, rate_at
from stillpoint.models.pipeline import Ahead
from stillpoint.models.progress import FINISH, SILENT, Progress

logger = logging.getLogger("stillpoint")

__all__ = ["Judge", "Loss", "Part", "Record", "Settings", "in_words", "rate_at", "train"]

Judge = Callable[[nn.Module], Dict[str, float]]


def train(
    job: TrainModel,
    network: nn.Module,
    draw: Callable[[int], Any],
    loss: Loss,
    settings: Settings,
    *,
    judge: Optional[Judge] = None,
    start: Optional[nn.Module] = None,
    about: str = "",
    progress: Progress = SILENT,
) -> Record:
    """Train ``network`` in place; the best of the averaged weights are loaded at the end.

    Parameters
    ----------
    job
        What was asked for: its seed, devices, output (the checkpoint lies beside it) and whether to go on from there.
    network
        On its device already.
    draw
        From the number of a step to its batch: a tuple or dict of tensors with the examples as rows, or a list of examples. Called
        in another thread, ahead of time.
    loss
        ``loss(network, part)`` returns the share of a part of the batch in the batch's loss; see
        :class:`stillpoint.models.learning.batches.Part`.
    settings
        How to train.
    judge
        Returns figures of a network; called with the averaged one after each epoch.
    start
        A network to beat: it is judged first, as epoch 0, and is the result where no epoch is better.
    about
        What tells the data and the start from others', such as a digest; a checkpoint with another one is refused.
    progress
        Told after each step; gets a row of figures after each epoch, before these one with ``"about": "training"``.

    Returns
    -------
    Record
        Of the epochs.

    Raises
    ------
    StillpointError
        The checkpoint belongs to another run, memory does not suffice, or the loss is no longer finite.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    device = next(network.parameters()).device
    gradients = Gradients(loss, Precision(device), seed=job.seed, splits=settings.splits)
    team = parallel.Team(job)
    if not settings.splits and not team.alone:
        raise StillpointError(f"The network {job.network} learns from its few examples a step as a whole: name one device.")
    ahead = Ahead(draw, settings.steps)
    try:
        with Repeatable(device):
            parallel.help_leader(network, gradients, ahead, size_of)
            run = _Run(job, network, gradients, settings, judge, about, progress)
            team.gather(progress)
            return run.go(ahead, team, start)
    finally:
        ahead.close()
        team.close()


class _Run:
    """A training from its beginning, or its checkpoint, to its end."""

    def __init__(
        self, job: TrainModel, network: nn.Module, gradients: Gradients, settings: Settings, judge: Optional[Judge], about: str,
        progress: Progress,
    ) -> None:
        self._network, self._gradients, self._settings, self._progress = network, gradients, settings, progress
        self._judge: Judge = judge or (lambda network: {})
        self._path = checkpoint.path_of(job.output)
        self._run = {"task": job.capability, "network": job.network, "seed": job.seed, **asdict(settings), "data": about}
        self._averaged = copy.deepcopy(network).requires_grad_(False)
        self._optimiser = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
        self._best: Dict[str, torch.Tensor] = {}
        self._state = self._resumed() if job.resume else State()
        self._clock = Clock(self._seconds(), settings.steps - self._state.step)

    def _resumed(self) -> State:
        """Return where the checkpoint says that the training is, with the weights filled in."""
        if not self._path.is_file():
            logger.info("There is no checkpoint %s: the training begins.", self._path)
            return State()
        state = checkpoint.read(self._path, self._run)
        checkpoint.fill(self._network, state.tensors, "network", self._path)
        checkpoint.fill(self._averaged, state.tensors, "best", self._path)
        self._best = checkpoint.weights_of(state.tensors, "best")
        checkpoint.fill(self._averaged, state.tensors, "averaged", self._path)
        checkpoint.fill_optimiser(self._optimiser, state.tensors, self._path)
        self._gradients.pieces = state.pieces
        self._gradients.precision.load(state.scaler)
        state.tensors = {}
        return state

    def _seconds(self) -> float:
        return float(self._state.rows[-1]["seconds"]) if self._state.rows else 0.0

    def go(self, ahead: Ahead, team: parallel.Team, start: Optional[nn.Module]) -> Record:
        """Train and return the record."""
        self._tell_what_is_known()
        if start is not None and not self._state.rows:
            self._note(start, 0, math.nan)
        self._learn(ahead, team)
        self._network.load_state_dict(self._best)
        state, settings = self._state, self._settings
        return Record(state.rows, state.best or 0, settings.by, settings.larger_is_better, state.ended)

    def _tell_what_is_known(self) -> None:
        settings = self._settings
        self._progress.figures(
            {"about": "training", "metric": settings.by, "larger_is_better": settings.larger_is_better, "epochs": settings.epochs,
             "patience": settings.patience}
        )  # fmt: skip
        for row in self._state.rows:
            self._progress.figures(self._told(row))

    def _told(self, row: Dict[str, Any]) -> Dict[str, Any]:
        return {"epoch": row["epoch"], "step": row["step"], "steps": self._settings.steps, **row}

    def _learn(self, ahead: Ahead, team: parallel.Team) -> None:
        """Do the steps that are left."""
        settings, state, losses = self._settings, self._state, []
        while not state.ended:
            step = state.step
            self._clock.pause(self._progress.wait(step / settings.steps))
            self._progress.check()
            losses.append(self._step(step, ahead(step), team))
            state.step += 1
            asked = self._progress.request() == FINISH
            if state.step % settings.epoch == 0 or state.step == settings.steps or asked:
                epoch = state.rows[-1]["epoch"] + 1 if state.rows else 1
                self._note(self._averaged, epoch, sum(losses) / len(losses))
                losses, state.ended = [], self._ending(asked)
                self._save()
            self._clock.step()
            self._progress(state.step / settings.steps, self._words(losses))

    def _step(self, step: int, batch: Any, team: parallel.Team) -> float:
        """Do one step of the optimiser and return its loss."""
        self._network.train()
        for group in self._optimiser.param_groups:
            group["lr"] = rate_at(self._settings, step)
        bounds = team.begin(self._network, step, size_of(batch))
        value = team.end(self._network, self._gradients(self._network, batch, step, bounds=bounds))
        if not math.isfinite(value):
            raise StillpointError(f"The training diverged at step {step}: lower the learning rate or check the data.")
        self._gradients.precision.step(self._optimiser, self._network, clip=self._settings.clip)
        keep = min(1 - 1 / (1 + step), 1 - 1 / max(2.0, self._settings.average * self._settings.steps))
        _average(self._averaged, self._network, keep)
        return value

    def _note(self, network: nn.Module, epoch: int, loss: float) -> None:
        """Judge ``network`` and add a row to the record; keep its weights where they are the best so far."""
        state, settings = self._state, self._settings
        found = {name: float(value) for name, value in self._judge(network.eval()).items()}
        row: Dict[str, Any] = {"epoch": epoch, "step": state.step, "loss": loss, "seconds": self._clock.seconds(), "best": False}
        row.update(found)
        before = next((each[settings.by] for each in state.rows if each["epoch"] == state.best), math.nan)
        row["best"] = not self._best or _better(row[settings.by], before, larger=settings.larger_is_better)
        if row["best"]:
            state.best = epoch
            self._best = {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}
        state.rows.append(row)
        self._progress.figures(self._told(row))
        logger.debug("epoch %d: %s", epoch, {name: round(row[name], 5) for name in ("loss", *found)})

    def _ending(self, asked: bool) -> str:
        """Return why the training ends here, ``""`` where it goes on."""
        state = self._state
        if state.step == self._settings.steps:
            return "all"
        if asked:
            return "asked"
        tired = self._settings.patience and state.rows[-1]["epoch"] - (state.best or 0) >= self._settings.patience
        return "patience" if tired else ""

    def _save(self) -> None:
        parts = {"network": self._network.state_dict(), "averaged": self._averaged.state_dict(), "best": self._best}
        self._state.pieces, self._state.scaler = self._gradients.pieces, self._gradients.precision.state()
        self._state.tensors = checkpoint.gathered(parts, self._optimiser)
        checkpoint.write(self._path, self._state, self._run)
        self._state.tensors = {}

    def _words(self, losses: List[float]) -> str:
        """Return where the training is, and how long it still takes."""
        settings, state = self._settings, self._state
        epoch = min(-(-max(state.step, 1) // settings.epoch), settings.epochs)
        words = f"Epoch {epoch} of {settings.epochs}" + (f", loss {losses[-1]:.3f}" if losses else "")
        left = self._clock.left()
        return words if left is None or state.ended else f"{words}, {'at most ' if settings.patience else ''}{in_words(left)} left"


def _better(value: float, best: float, *, larger: bool) -> bool:
    """Return whether a figure beats the best so far; what is no number beats nothing, and is beaten by any number."""
    if not math.isfinite(value):
        return False
    return not math.isfinite(best) or (value > best if larger else value < best)


def _average(averaged: nn.Module, model: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for mean, value in zip(averaged.state_dict().values(), model.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - keep)
            else:
                mean.copy_(value)
