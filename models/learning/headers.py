"""The header of a safetensors file, read with the standard library alone and trusted in nothing.

A file of a stranger can claim what it likes. Every size is bounded before it is believed, what is read stays small, and
whatever is wrong becomes a sentence. The format: eight bytes with the length of a JSON object (little-endian), the object (a
tensor's ``dtype``, ``shape`` and ``data_offsets`` by its name, texts in ``__metadata__``), and the numbers, without gaps.
"""

from __future__ import annotations

import json
import math
import os
import struct
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

from stillpoint.models.errors import StillpointError

KEY = "stillpoint"
"""Item of the file's metadata that holds Stillpoint's own header, as JSON."""

LARGEST_FILE = 2 * 1024**3
LARGEST_HEADER = 4 * 1024**2
MOST_VALUES = 400_000
"""Values of all kinds in a header: what they take in memory is some fifty times what they take in the file."""
MOST_TENSORS = 10_000
MOST_DIMENSIONS = 8
LONGEST_NAME = 512
LONGEST_TEXT = 200
"""Characters of the texts that name things: task, architecture, version, licence."""
DEEPEST = 32
"""Levels of objects and lists within one another."""

BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
"""Kinds of numbers that a network's weights are made of, and the bytes of each."""

_TEXTS = ("task", "architecture", "version", "licence")


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
        What it reads; see :mod:`stillpoint.models.learning.inputs`.
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
        return json.dumps({item.name: getattr(self, item.name) for item in fields(self)}, ensure_ascii=False)


@dataclass(frozen=True)
class Tensor:
    """Where and what the numbers of a tensor are.

    Attributes
    ----------
    dtype
        A key of :data:`BYTES`.
    shape
        Its sizes.
    start, stop
        Bytes behind the header.
    """

    dtype: str
    shape: Tuple[int, ...]
    start: int
    stop: int

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Contents:
    """What is in a model file.

    Attributes
    ----------
    header
        Stillpoint's own.
    tensors
        By name.
    start
        Byte of the file at which the numbers begin.
    size
        Bytes of the file.
    """

    header: Header
    tensors: Mapping[str, Tensor]
    start: int
    size: int

    @property
    def parameters(self) -> int:
        """How many numbers the weights are made of."""
        return sum(tensor.count for tensor in self.tensors.values())


class _WrongError(ValueError):
    """What is wrong with a header, in words that go on after the file's name."""


def read_header(path: Path) -> Header:
    """Return Stillpoint's header of a model file without reading its weights; see :func:`read_contents`."""
    return read_contents(path).header


def read_contents(path: Path) -> Contents:
    """Return what is in a model file, without reading its weights.

    Raises
    ------
    StillpointError
        The file is missing, too large, no safetensors file or a damaged one, or has no header of Stillpoint's.
    """
    path = Path(path)
    try:
        if not path.is_file():
            raise StillpointError(f"There is no model file {path}.")
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > LARGEST_FILE:
                raise StillpointError(f"The model file {path} is larger than 2 GB; Stillpoint's models are not.")
            return _contents(stream, size)
    except _WrongError as error:
        raise StillpointError(f"{path} {error}") from None
    except OSError as error:
        raise StillpointError(f"The model file {path} cannot be read: {error.strerror or error}.") from None
    except ValueError as error:  # a path with a null character
        raise StillpointError(f"The model file {path!r} cannot be read: {error}.") from None


def _contents(stream: Any, size: int) -> Contents:
    first = stream.read(8)
    if len(first) < 8:
        raise _damaged("it is too short")
    length = struct.unpack("<Q", first)[0]
    if length > min(size - 8, LARGEST_HEADER) or length < 2:
        raise _damaged(f"its header claims {length:,} bytes")
    raw = stream.read(length)
    if len(raw) < length:
        raise _damaged("it ends within its header")
    form = parsed(raw)
    metadata = form.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _damaged("its metadata are no texts")
    tensors = _tensors(form, size - 8 - length)
    if KEY not in metadata:
        raise _WrongError("has no Stillpoint header, so nobody knows what it is for. It is a model of another program.")
    return Contents(_header(metadata[KEY]), tensors, 8 + length, size)


def parsed(raw: bytes) -> Dict[str, Any]:
    """Return the JSON object in ``raw``, which must be sound: see the limits of this module.

    Raises
    ------
    ValueError
        With words that go on after the file's name.
    """
    if sum(map(raw.count, (b",", b":", b"[", b"{"))) > MOST_VALUES:
        raise _damaged("its header holds more values than any model needs")
    try:
        form = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_number
        )
    except UnicodeDecodeError:
        raise _damaged("its header is no UTF-8 text") from None
    except RecursionError:
        raise _damaged("its header is nested too deeply") from None
    except _WrongError:
        raise
    except ValueError as error:
        raise _damaged(f"its header is no JSON ({error})") from None
    if not isinstance(form, dict):
        raise _damaged("its header is no JSON object")
    _sound(form)
    return form


def _damaged(reason: str) -> _WrongError:
    return _WrongError(f"is not a readable safetensors file: {reason}. Get the file anew, or make it again.")


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _damaged("its header has the same name twice")
    return found


def _no_constant(text: str) -> Any:
    raise _damaged(f"its header holds {text}, which is no number")


def _integer(text: str) -> int:
    if len(text) > 20:
        raise _damaged("its header holds a number that is too large")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _damaged("its header holds a number that is too large")
    return value


def _sound(form: Any) -> None:
    """Raise where texts are no Unicode or levels are too many; without recursion, as the form is not trusted yet."""
    level = [form]
    for _ in range(DEEPEST):
        below: List[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str):
                try:
                    value.encode("utf-8")
                except UnicodeEncodeError:
                    raise _damaged("its header holds text that is no Unicode") from None
        if not below:
            return
        level = below
    raise _damaged("its header is nested too deeply")


def _tensors(form: Mapping[str, Any], available: int) -> Dict[str, Tensor]:
    """Return the tensors; they must fill the bytes behind the header exactly, each once."""
    if len(form) > MOST_TENSORS:
        raise _damaged(f"it claims {len(form):,} tensors")
    found = {name: _tensor(name, about) for name, about in form.items()}
    place = 0
    for tensor in sorted(found.values(), key=lambda item: (item.start, item.stop)):
        if tensor.start != place:
            raise _damaged("its tensors overlap or leave gaps")
        place = tensor.stop
    if place != available:
        raise _damaged(f"its tensors claim {place:,} bytes and it has {available:,}")
    return found


def _tensor(name: str, about: Any) -> Tensor:
    shown = name if len(name) <= 60 else name[:60] + "..."
    if not name or len(name) > LONGEST_NAME or not isinstance(about, dict) or set(about) != {"dtype", "shape", "data_offsets"}:
        raise _damaged(f"the tensor {shown!r} is not described as it should be")
    dtype, shape, offsets = about["dtype"], about["shape"], about["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BYTES:
        raise _damaged(f"the tensor {shown!r} is of a kind that no model here uses")
    if not _sizes(shape) or len(shape) > MOST_DIMENSIONS or not _sizes(offsets) or len(offsets) != 2:
        raise _damaged(f"the tensor {shown!r} has sizes that cannot be")
    start, stop = offsets
    if stop > LARGEST_FILE or stop - start != math.prod(shape) * BYTES[dtype]:
        raise _damaged(f"the tensor {shown!r} does not fill its place")
    return Tensor(dtype, tuple(shape), start, stop)


def _sizes(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _header(text: str) -> Header:
    try:
        form = parsed(text.encode("utf-8"))
    except _WrongError as error:
        raise _WrongError(str(error).replace("is not a readable safetensors file", "has a damaged Stillpoint header", 1)) from None
    values: Dict[str, Any] = {}
    for item in fields(Header):
        name, is_text = item.name, item.name in _TEXTS
        value = form.get(name, "" if is_text else {})
        is_name = isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
        if not (is_name if is_text else isinstance(value, dict)):
            raise _WrongError(f"has a damaged Stillpoint header: {name!r} is not what it should be.")
        values[name] = value
    return Header(**values)
