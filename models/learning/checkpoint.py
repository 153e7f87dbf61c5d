"""Checkpoints of a training: one file with all that is needed to go on as if never stopped, complete or not there at all.

A safetensors file: it can hold nothing but numbers and text, so that of a stranger can be wrong but cannot run anything. The best
weights so far are in the same file as the last ones, so there is no moment at which the two tell of different epochs.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

import torch
from torch import nn

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError

logger = logging.getLogger("stillpoint")

_KEY = "stillpoint checkpoint"
FORMAT = 2


@dataclass
class State:
    """Where a training is.

    Attributes
    ----------
    step
        Steps that are done.
    rows
        The record of the epochs.
    best
        Number of the best epoch; None before any was judged.
    ended
        Why the training is over, ``""`` where it is not; see :class:`stillpoint.models.learning.loop.Record`.
    pieces
        Pieces that a batch is computed in.
    scaler
        Of half precision.
    tensors
        Weights and the optimiser's state by name.
    """

    step: int = 0
    rows: List[Dict[str, Any]] = field(default_factory=list)
    best: Optional[int] = None
    ended: str = ""
    pieces: int = 1
    scaler: Dict[str, Any] = field(default_factory=dict)
    tensors: Dict[str, torch.Tensor] = field(default_factory=dict)


def path_of(output: str) -> Path:
    """Return the checkpoint's place beside a model."""
    return Path(output).with_suffix(".checkpoint")


def write(path: Path, state: State, run: Mapping[str, Any]) -> None:
    """Write a checkpoint that survives a crash at any moment: a temporary file, forced to the disk, takes the old one's place.

    Parameters
    ----------
    path
        Its name.
    state
        Where the training is.
    run
        What the training is about, see :func:`read`; JSON types.

    Raises
    ------
    StillpointError
        It cannot be written; the checkpoint before is left.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    told = {name: getattr(state, name) for name in ("step", "rows", "best", "ended", "pieces", "scaler")}
    about = {"format": FORMAT, "torch": str(torch.__version__), "stillpoint": __version__, "run": dict(run), "state": told}
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tensors = {name: value.detach().cpu().contiguous() for name, value in state.tensors.items()}
        save_file(tensors, str(partial), metadata={_KEY: json.dumps(about)})
        _to_disk(partial)
        os.replace(partial, path)
        if os.name == "posix":  # the new name, too, has to reach the disk
            _to_disk(path.parent)
    except (OSError, SafetensorError) as error:
        partial.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StillpointError(f"The checkpoint {path} cannot be written: {reason}.") from error


def _to_disk(path: Path) -> None:
    # Windows forces only what is open for writing to the disk.
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def read(path: Path, run: Mapping[str, Any]) -> State:
    """Return where the training that left ``path`` was.

    Raises
    ------
    StillpointError
        It is no checkpoint, or one of other settings or data, or of another version of torch or Stillpoint.
    """
    from safetensors import SafetensorError, safe_open

    again = "Train without resume, or name another output."
    try:
        with safe_open(str(path), framework="pt") as opened:
            about = json.loads((opened.metadata() or {})[_KEY])
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - it is no dict
        known, told = about["run"], about["state"]
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']}")
        state = State(
            int(told["step"]), [dict(row) for row in told["rows"]], None if told["best"] is None else int(told["best"]),
            str(told["ended"]), max(int(told["pieces"]), 1), dict(told["scaler"]), tensors,
        )  # fmt: skip
        versions = {"torch": str(about["torch"]), "Stillpoint": str(about["stillpoint"])}
        known = dict(known)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StillpointError(f"The checkpoint {path} is damaged or from an older Stillpoint ({error}). {again}") from None
    wanted = json.loads(json.dumps(dict(run)))
    differing = sorted(name for name in {*known, *wanted} if known.get(name) != wanted.get(name))
    if differing:
        words = [
            f"{name} is {_shown(wanted.get(name))} and was {_shown(known.get(name))}" if len(_shown(known.get(name))) < 40 else name
            for name in differing
        ]  # fmt: skip
        raise StillpointError(f"The checkpoint {path} is of a training with other settings or data ({'; '.join(words)}). {again}")
    for name, now in (("torch", str(torch.__version__)), ("Stillpoint", __version__)):
        if versions[name] != now:
            raise StillpointError(
                f"The checkpoint {path} was made with {name} {versions[name]}, and this is {now}, which may compute another "
                f"result. Go on with that version. Else: {again[0].lower()}{again[1:]}"
            )
    return state


def _shown(value: Any) -> str:
    return "not given" if value is None else str(value)


def remove(path: Path) -> None:
    """Remove a checkpoint that has done its duty, and what a killed training left of the next one."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".partial").unlink(missing_ok=True)


def gathered(parts: Mapping[str, Mapping[str, torch.Tensor]], optimiser: torch.optim.Optimizer) -> Dict[str, torch.Tensor]:
    """Return the tensors of several sets of weights and of an optimiser under one roof."""
    found = {f"{part}/{name}": value for part, weights in parts.items() for name, value in weights.items()}
    for number, state in optimiser.state_dict()["state"].items():
        found.update({f"optimiser/{number}/{name}": value for name, value in state.items()})
    return found


def weights_of(tensors: Mapping[str, torch.Tensor], part: str) -> Dict[str, torch.Tensor]:
    """Return one of the sets of weights."""
    return {name[len(part) + 1 :]: value for name, value in tensors.items() if name.startswith(f"{part}/")}


def fill(network: nn.Module, tensors: Mapping[str, torch.Tensor], part: str, path: Path) -> None:
    """Load one of the sets of weights into ``network``; a StillpointError says where they don't fit."""
    try:
        network.load_state_dict(weights_of(tensors, part))
    except RuntimeError as error:
        raise StillpointError(f"The checkpoint {path} does not fit the network: {str(error).splitlines()[-1].strip()}") from None


def fill_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor], path: Path) -> None:
    """Load the optimiser's state, each tensor laid out in memory like its weights, so that sums round as they would have."""
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    state: Dict[int, Dict[str, torch.Tensor]] = {}
    try:
        for name, value in weights_of(tensors, "optimiser").items():
            number, _, key = name.partition("/")
            parameter = parameters[int(number)]
            if value.ndim:
                value = torch.empty_like(parameter).copy_(value)
            state.setdefault(int(number), {})[key] = value
    except (ValueError, IndexError, RuntimeError) as error:
        raise StillpointError(f"The checkpoint {path} does not fit the optimiser: {error}") from None
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
