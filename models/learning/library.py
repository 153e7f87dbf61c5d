"""Model files: weights as safetensors with a header that says what they are, and a card beside them.

Never a pickle: a model file of a stranger can be wrong, but it cannot run anything.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import shelf
from stillpoint.models.learning.cards import SHIPPED as WEIGHTS
from stillpoint.models.learning.cards import sha256, shipped
from stillpoint.models.learning.headers import KEY, Header, Tensor, read_contents, read_header

__all__ = [
    "WEIGHTS", "Header", "asked", "built", "check_weights", "checked_header", "fill", "model_of", "names_of", "read_header",
    "read_state", "save_model", "sha256", "shipped",
]  # fmt: skip

LARGEST_SIZE = 4096
"""Largest size (channels, features ...) in a header that a network is built with."""

MOST_LAYERS = 256
"""Largest size in a header that tells how often something is repeated."""

_REPEATED = ("blocks", "rounds", "layers", "depth")


def save_model(path: Path, state: Mapping[str, Any], header: Header) -> None:
    """Write weights and header; the file appears complete or not at all."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    partial = path.with_name(path.name + ".partial")
    tensors = {name: value.detach().cpu().contiguous() for name, value in state.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, str(partial), metadata={KEY: header.to_json()})
        partial.chmod(0o644)  # safetensors lets nobody else read it
        os.replace(partial, path)
    except (OSError, SafetensorError) as error:  # safetensors tells of a full disk in its own way
        partial.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StillpointError(f"The model {path} cannot be written: {reason}.") from error


def read_state(path: Path) -> Dict[str, Any]:
    """Return the weights of a model file by name, on the CPU.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds weights that are no numbers.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    read_contents(path)  # whatever is wrong is found before anything is allocated
    try:
        state = load_file(str(path), device="cpu")
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise StillpointError(f"The weights in {path} cannot be read: {error}.") from None
    for name, values in state.items():
        if values.is_floating_point() and not bool(torch.isfinite(values).all()):
            raise StillpointError(
                f"The weights in {path} hold values that are no numbers or infinite (in {name!r}): the training that made them "
                "failed, or the file is damaged. Take another model."
            )
    return dict(state)


def check_weights(path: Path) -> None:
    """Raise a StillpointError where the weights of a file cannot be read or are no numbers."""
    read_state(path)


def checked_header(path: Path, *, task: str, architecture: Optional[str] = None) -> Header:
    """Return the header of ``path``, or raise a StillpointError where the model is for something else or was changed."""
    header = read_header(path)
    if header.task != task:
        raise StillpointError(f"The model {path} is for {header.task or 'an unknown task'}, not for {task}.")
    if architecture is not None and header.architecture != architecture:
        raise StillpointError(
            f"The model {path} holds the network {header.architecture!r}; this method needs {architecture!r}."
        )
    shelf.verify(Path(path))
    return header


def model_of(task: str, network: str, given: Optional[str] = None) -> Path:
    """Return the model that a method works with: the one given, else the user's default, else the shipped one.

    Every front door comes through here. ``given`` may also be the name of a model in the library.

    Raises
    ------
    StillpointError
        The user's default is gone.
    """
    if given:
        path = Path(given)
        return path if path.name != given or path.is_file() else _on_shelf(given, path)
    return shelf.chosen(task, network) or shipped(task, network)


def names_of(header: Header, name: str) -> Tuple[str, ...]:
    """Return a list of names in the ``input`` of a header; empty where it has none, or something else."""
    found = header.input.get(name)
    return tuple(map(str, found)) if isinstance(found, list) else ()


def asked(task: str, network: str, given: Optional[str] = None) -> Optional[str]:
    """Return the file that :func:`model_of` would take, or None where that is the shipped one.

    For work that is done elsewhere: another machine has the shipped models too, at a path of its own.
    """
    path = model_of(task, network, given)
    return None if not given and path == shipped(task, network) else str(path)


def _on_shelf(name: str, path: Path) -> Path:
    try:
        return shelf.find(name).path
    except StillpointError:
        return path  # whoever opens it says that there is none


def built(make: Callable[[], Any], path: Path, header: Header) -> Any:
    """Return the network that ``make`` builds from the sizes in ``header``, with the weights of ``path``.

    The network is built without memory first, and compared with what the file holds: sizes that a header makes up are refused
    before anything is allocated.

    Raises
    ------
    StillpointError
        The sizes cannot be, or are not those of the weights.
    """
    import torch

    _check_sizes(header.shape, path)
    try:
        with torch.device("meta"):
            outline = make()
        _check_fit(outline, read_contents(path).tensors, path)
        network = make()
    except (RuntimeError, ValueError, TypeError, ZeroDivisionError, OverflowError, AssertionError, IndexError):
        raise StillpointError(
            f"The header of {path} names sizes that no network of this kind has. Take another model file."
        ) from None
    fill(network, path)
    return network


def _check_sizes(shape: Mapping[str, Any], path: Path) -> None:
    for name, value in shape.items():
        most = MOST_LAYERS if name in _REPEATED else LARGEST_SIZE
        values: List[Any] = value if isinstance(value, list) else [value]
        if len(values) > MOST_LAYERS or not all(type(size) is int and 0 < size <= most for size in values):
            raise StillpointError(
                f"The header of {path} names the size {name} = {str(value)[:40]}, which no network of this kind has. Take another "
                "model file."
            )


def _check_fit(network: Any, tensors: Mapping[str, Tensor], path: Path) -> None:
    expected = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    held = {name: tensor.shape for name, tensor in tensors.items()}
    if expected == held:
        return
    odd = next((name for name in (*expected, *held) if expected.get(name) != held.get(name)), "")
    said = f"{odd!r} is {held.get(odd, 'missing')} and must be {expected.get(odd, 'absent')}"
    raise StillpointError(f"The weights in {path} don't fit the network that its header names: {said[:300]}.")


def fill(network: Any, path: Path) -> None:
    """Load the weights of ``path`` into ``network``; a StillpointError says where they don't fit."""
    _check_fit(network, read_contents(path).tensors, path)
    try:
        network.load_state_dict(read_state(path))
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise StillpointError(f"The weights in {path} don't fit the network that its header names: {first}") from None
