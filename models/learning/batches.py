"""Batches in pieces: what a device can hold at once is found by trying, and the sum over the pieces is the batch's gradient."""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass
from typing import Any, Callable, Optional, Tuple

import torch
from torch import nn

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.precision import Precision

logger = logging.getLogger("stillpoint")

_SIGNS = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory", "alloc_failed")
"""What torch's allocators, drivers and libraries say where memory runs out."""


@dataclass(frozen=True)
class Part:
    """Examples that are computed at once.

    Attributes
    ----------
    examples
        These examples: of a tuple or dict of tensors the rows, of a list the items.
    whole
        All examples of the batch. A loss over what is labelled divides by the count in the whole, so that the losses of the parts
        add up to that of the batch.
    step
        Number of the step.
    share
        Of the examples of the whole; weight of what hangs on no example, such as a pull towards other weights.
    """

    examples: Any
    whole: Any
    step: int
    share: float

    def on(self, device: torch.device) -> Any:
        """Return the examples on a device."""
        return moved(self.examples, device)


Loss = Callable[[nn.Module, Part], torch.Tensor]


def size_of(batch: Any) -> int:
    """Return the number of examples of a batch: items of a list, rows of tensors in a tuple or dict."""
    if isinstance(batch, list):
        return len(batch)
    if isinstance(batch, dict):
        batch = tuple(batch.values())
    return len(batch[0] if isinstance(batch, tuple) else batch)


def cut(batch: Any, first: int, last: int) -> Any:
    """Return the examples ``first`` to before ``last``."""
    if isinstance(batch, tuple):
        return tuple(each[first:last] for each in batch)
    if isinstance(batch, dict):
        return {name: each[first:last] for name, each in batch.items()}
    return batch[first:last]


def moved(batch: Any, device: torch.device) -> Any:
    """Return a batch with its tensors on a device."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, (tuple, list)):
        return type(batch)(moved(each, device) for each in batch)
    if isinstance(batch, dict):
        return {name: moved(each, device) for name, each in batch.items()}
    return batch


def out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that memory ran out, of a GPU or of the computer."""
    if isinstance(error, (MemoryError, torch.cuda.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in _SIGNS)


class Gradients:
    """Computes the gradient of a batch, in as many pieces as memory asks for.

    It starts with the whole, and halves the pieces whenever memory runs out, until each is a single example. As the pieces' losses
    add up to the batch's, the gradient is that of the batch to rounding, whatever the device can hold. (What a network draws at
    random, and batch normalisation, see the piece.)

    Parameters
    ----------
    loss
        ``loss(network, part)``, see :class:`Part`.
    precision
        In which numbers it is computed.
    seed
        Seed of what the network draws.
    splits
        False for a loss that is no sum over examples: such a batch stays whole.
    pieces
        To begin with.
    """

    def __init__(self, loss: Loss, precision: Precision, *, seed: int, splits: bool = True, pieces: int = 1) -> None:
        self._loss, self.precision, self._seed, self._splits = loss, precision, seed, splits
        self.pieces = pieces

    def __call__(self, network: nn.Module, batch: Any, step: int, *, bounds: Optional[Tuple[int, int]] = None) -> float:
        """Set the gradients of ``network`` to those of the examples within ``bounds`` (all where None) and return their loss.

        Raises
        ------
        StillpointError
            Memory does not suffice for a single example.
        """
        first, last = bounds or (0, size_of(batch))
        while True:
            before = [buffer.clone() for buffer in network.buffers()]
            try:
                return self._attempt(network, batch, step, first, last)
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                reason = str(error).splitlines()[0] if str(error) else "out of memory"
            # Only out here is what the failed attempt held set free: the error's traceback refers to it.
            network.zero_grad(set_to_none=True)
            for buffer, value in zip(network.buffers(), before):
                buffer.copy_(value)
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            if not self._splits or self.pieces >= last - first:
                raise StillpointError(
                    "There is not enough memory to learn from even one example at a time. Close other programs, choose another "
                    f"device, or a narrower network ({reason[:200]})."
                )
            self.pieces = min(2 * self.pieces, last - first)
            logger.warning("Memory does not suffice for %d examples at once: each step is computed in %d pieces.",
                           last - first, self.pieces)  # fmt: skip

    def _attempt(self, network: nn.Module, batch: Any, step: int, first: int, last: int) -> float:
        network.zero_grad(set_to_none=True)
        count, total = size_of(batch), 0.0
        pieces = min(self.pieces, max(last - first, 1))
        edges = [first + (last - first) * number // pieces for number in range(pieces + 1)]
        for begin, end in zip(edges, edges[1:]):
            if begin == end:
                continue
            # What a network draws depends on seed, step and place in the batch alone: resumed, a training draws the same.
            torch.manual_seed(self._seed * 1_000_003 + step * 1009 + begin)
            with self.precision.forward():
                value = self._loss(network, Part(cut(batch, begin, end), batch, step, (end - begin) / count))
            total += float(value.detach())
            self.precision.backward(value)
        return total
