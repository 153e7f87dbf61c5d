"""Model files: weights as safetensors with a header that says what they are, and a card beside them.

Never a pickle: a model file of a stranger can be wrong, but it cannot run anything.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

from stillpoint.models.errors import StillpointError

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
"""Where the shipped models lie."""

_KEY = "stillpoint"
_LARGEST = 2 * 1024**3


@dataclass(frozen=True)
class Header:
    """What a model file says of itself.

    Attributes
    ----------
    task
        Capability: ``"trends"`` ...
    architecture
        Name of the network.
    version
        Of the weights.
    shape
        Sizes that the network is built with.
    input
        What it reads: names and meaning.
    training
        Data, seed, steps, command that made it.
    metrics
        Figures on held-out data.
    settings
        Values found on held-out data that the method needs (thresholds ...).
    licence
        SPDX identifier.
    """

    task: str
    architecture: str
    version: str
    shape: Mapping[str, Any] = field(default_factory=dict)
    input: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    licence: str = "GPL-3.0-or-later"

    def to_json(self) -> str:
        """Return the header as JSON."""
        return json.dumps({name: getattr(self, name) for name in self.__dataclass_fields__}, ensure_ascii=False)


def save_model(path: Path, state: Mapping[str, Any], header: Header) -> None:
    """Write weights and header; the file appears complete or not at all."""
    from safetensors.torch import save_file

    partial = path.with_name(path.name + ".partial")
    tensors = {name: value.detach().cpu().contiguous() for name, value in state.items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, str(partial), metadata={_KEY: header.to_json()})
        partial.chmod(0o644)  # safetensors lets nobody else read it
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StillpointError(f"The model {path} cannot be written: {error.strerror or error}.") from error


def read_header(path: Path) -> Header:
    """Return the header of a model file without reading its weights.

    Raises
    ------
    StillpointError
        The file is missing, no safetensors file, or has no header of Stillpoint's.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise StillpointError(f"There is no model file {path}.")
    if path.stat().st_size > _LARGEST:
        raise StillpointError(f"The model file {path} is larger than 2 GB; Stillpoint's models are not.")
    try:
        with safe_open(str(path), framework="pt") as opened:
            text = (opened.metadata() or {}).get(_KEY)
        form = json.loads(text) if text else None
    except (SafetensorError, OSError, ValueError, RecursionError) as error:
        raise StillpointError(f"{path} is not a readable safetensors file: {error}.") from None
    if not isinstance(form, dict):
        raise StillpointError(f"{path} has no Stillpoint header, so nobody knows what it is for.")
    values: Dict[str, Any] = {}
    for name in Header.__dataclass_fields__:
        value = form.get(name, "" if name in ("task", "architecture", "version", "licence") else {})
        if isinstance(value, str) != (name in ("task", "architecture", "version", "licence")) or not isinstance(value, (str, dict)):
            raise StillpointError(f"The header of {path} is damaged: {name!r} is not what it should be.")
        values[name] = value
    return Header(**values)


def read_state(path: Path) -> Dict[str, Any]:
    """Return the weights of a model file by name, on the CPU."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(str(path), device="cpu")
    except (SafetensorError, OSError, ValueError) as error:
        raise StillpointError(f"The weights in {path} cannot be read: {error}.") from None


def checked_header(path: Path, *, task: str, architecture: Optional[str] = None) -> Header:
    """Return the header of ``path``, or raise a StillpointError where the model is for something else."""
    header = read_header(path)
    if header.task != task:
        raise StillpointError(f"The model {path} is for {header.task or 'an unknown task'}, not for {task}.")
    if architecture is not None and header.architecture != architecture:
        raise StillpointError(
            f"The model {path} holds the network {header.architecture!r}; this method needs {architecture!r}."
        )
    return header


def fill(network: Any, path: Path) -> None:
    """Load the weights of ``path`` into ``network``; a StillpointError says where they don't fit."""
    try:
        network.load_state_dict(read_state(path))
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise StillpointError(f"The weights in {path} don't fit the network that its header names: {first}") from None


def shipped(task: str, network: str) -> Path:
    """Return the file of a shipped model."""
    return WEIGHTS / f"{task}-{network.replace('_', '-')}.safetensors"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
