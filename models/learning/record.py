"""How a training goes and what it says of itself: settings, learning rate, record of the epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, List


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes
    ----------
    steps
        Number of optimiser steps.
    epoch
        Steps of an epoch, after which the network is judged and a checkpoint written.
    by
        The figure that decides which epoch is best: one of the judge's, or ``"loss"``.
    larger_is_better
        Whether it is best where it is largest.
    patience
        Epochs without a better one after which it is enough; 0 goes on to the last.
    rate
        Largest learning rate; warm-up over 2 % of the steps, then a cosine down to 1 % of it.
    decay
        Weight decay of AdamW.
    average
        Time constant of the weight average, as a share of the steps.
    clip
        Largest norm of the gradient.
    splits
        False where the loss of a batch is no sum over its examples: such a batch is never computed in pieces.
    """

    steps: int
    epoch: int = 250
    by: str = "loss"
    larger_is_better: bool = False
    patience: int = 0
    rate: float = 2e-3
    decay: float = 1e-3
    average: float = 0.02
    clip: float = 2.0
    splits: bool = True

    @property
    def epochs(self) -> int:
        """Number of epochs; the last may be shorter."""
        return -(-self.steps // self.epoch)


@dataclass(frozen=True)
class Record:
    """What a training says of itself.

    Attributes
    ----------
    rows
        Of each epoch its number, step, loss, seconds (of training, pauses left out), whether it was the best until then, and the
        judge's figures. Epoch 0 is the start, where that was judged.
    best
        Number of the epoch whose weights are the result.
    by, larger_is_better
        The figure that decided.
    ended
        Why it ended: ``"all"`` epochs are done, ``"patience"``, or ``"asked"`` to finish.
    """

    rows: List[Dict[str, Any]]
    best: int
    by: str
    larger_is_better: bool
    ended: str

    @property
    def epochs(self) -> int:
        """Number of epochs that were trained."""
        return int(self.rows[-1]["epoch"])

    def details(self) -> Dict[str, Any]:
        """Return what programs want to know of the epochs."""
        return {"history": self.rows, "best_epoch": self.best, "ended": self.ended}

    def notes(self) -> List[str]:
        """Return what the user should be told although the training is done: that it ended early as asked."""
        return [self.ending()] if self.ended == "asked" else []

    def ending(self) -> str:
        """Return in words why the training ended before its last epoch; empty where it did not."""
        words = {"patience": f"Nothing better came after epoch {self.best}, so the training ended with epoch {self.epochs}.",
                 "asked": f"As asked, the training ended early, with epoch {self.epochs}; the best was {self.best}."}  # fmt: skip
        return words.get(self.ended, "")


def rate_at(settings: Settings, step: int) -> float:
    """Return the learning rate at ``step`` (from 0)."""
    warm = max(1, settings.steps // 50)
    if step < warm:
        return settings.rate * (step + 1) / warm
    done = (step - warm) / max(1, settings.steps - warm)
    return settings.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))
