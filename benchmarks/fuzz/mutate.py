"""Mutations of files: of their bytes, of their words and numbers, and of the structure of tables, databases, HDF5 and XML."""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
from pathlib import Path
from typing import Callable, Dict, List, Sequence

INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Numbers at which sizes and counts go wrong."""

WORDS = (
    "", "0", "-1", "1", "nan", "inf", "-inf", "1e400", "-1e-400", "99999999999999999999", "1e9", "2147483648", "0x10", "1,5",
    "1.2.3", "NULL", "None", "true", "2018-02-30", "00000000", "20181301", "99991231",
    "0001-01-01", "\u00e9\u4e2d\U0001f6f0", "\u202e",
    "a" * 5000, '"', "'", "\\", "%s%n", "../../etc/passwd", "/dev/zero", "\x00", "\r",
    "\n\n", ";", "\t", "=", "<", ">", "&amp;", "[", "{",
)  # fmt: skip
"""Words at which readers of text go wrong."""

_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_TEXTS = (".csv", ".txt", ".par", ".hdr", ".vrt", ".xml", ".off", ".base", ".json", ".prj", "")


def mutate_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with one to four faults."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_BYTES)(data, chance)
    return data


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flip(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 3, 20)) if found else 0):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _number(data: bytes, chance: random.Random) -> bytes:
    """Overwrite two, four or eight bytes by a number at which sizes go wrong, most often in the head."""
    size = chance.choice((2, 4, 8))
    if len(data) <= size:
        return data
    at = chance.randrange(min(len(data) - size, 400) if chance.random() < 0.6 else len(data) - size)
    value = chance.choice(INTERESTING) & ((1 << (8 * size)) - 1)
    return data[:at] + value.to_bytes(size, chance.choice(("little", "big"))) + data[at + size :]


def _remove(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.choice((1, 8, 100, 3000)) :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at : at + chance.choice((1, 50, 2000))] * chance.choice((2, 5, 40)) + data[at:]


def _blank(data: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(data) + 1), chance.choice((16, 512, 5000))
    return data[:at] + bytes([chance.choice((0, 255, 32))]) * min(size, len(data) - at) + data[at + size :]


_BYTES: Sequence[Callable[[bytes, random.Random], bytes]] = (_truncate, _flip, _number, _number, _remove, _repeat, _blank)


def mutate_text(data: bytes, chance: random.Random) -> bytes:
    """Return a text with words, numbers, cells or lines that are not what they should be."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        kind = chance.randrange(6)
        if kind == 0:
            data = _replace_match(data, list(_NUMBER.finditer(data)), chance)
        elif kind == 1:
            data = _replace_match(data, list(re.finditer(rb"[^,;\s<>\"=]+", data[:20000])), chance)
        elif kind == 2:
            data = _lines(data, chance)
        elif kind == 3:
            data = data.replace(*chance.choice(_SIGNS))
        elif kind == 4:
            data = data.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-8-sig", "latin-1", "utf-32")), "replace")
        else:
            data = mutate_bytes(data, chance)
    return data


_SIGNS = ((b",", b";"), (b"\n", b"\r"), (b".", b","), (b",", b"\t"), (b'"', b""), (b">", b""))


def _replace_match(data: bytes, matches: List[re.Match[bytes]], chance: random.Random) -> bytes:
    if not matches:
        return data
    match = chance.choice(matches)
    return data[: match.start()] + chance.choice(WORDS).encode() + data[match.end() :]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    kind = chance.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, chance.choice(lines))
    elif kind == 2:
        cells = lines[at].split(b",")
        chance.shuffle(cells)
        lines[at] = b",".join(cells)
    elif kind == 3:
        lines[at] = b",".join([*lines[at].split(b","), b"x"] if chance.random() < 0.5 else lines[at].split(b",")[:-1])
    else:
        chance.shuffle(lines)
    return b"\n".join(lines)


def mutate_hdf5(path: Path, chance: random.Random) -> None:
    """Remove, reshape, retype or rename something in an HDF5 file."""
    import h5py
    import numpy as np

    with h5py.File(path, "r+") as file:
        names: List[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        if not names or chance.random() < 0.35:
            if not file.attrs:
                return
            key = chance.choice(sorted(file.attrs))
            if chance.random() < 0.3:
                del file.attrs[key]
            else:
                file.attrs[key] = chance.choice((chance.choice(WORDS[:30]).replace("\0", ""), 1e300, -5, np.arange(3)))
            return
        name = chance.choice(names)
        values = file[name][()]
        del file[name]
        kind = chance.randrange(7)
        if kind == 1:
            file[name] = np.zeros((0,), "f4")
        elif kind == 2:
            file[name] = np.asarray(values).reshape(-1)
        elif kind == 3:
            # Petabytes, none of which is written.
            file.create_dataset(name, shape=(10**7, 10**5, 300), dtype="f4", chunks=(1, 1000, 100))
        elif kind == 4:
            file[name] = "text where numbers were"
        elif kind == 5:
            array = np.asarray(values)
            file[name] = np.concatenate([array, array]) if array.ndim else 7
        elif kind == 6:
            array = np.array(values, copy=True)
            if array.dtype.kind in "fc":
                array[...] = chance.choice((np.nan, np.inf, 1e30, 0))
            elif array.dtype.kind == "S" and array.size:
                array.flat[chance.randrange(array.size)] = chance.choice((b"", b"20181301", b"\xff\xfe", b"today"))
            file[name] = array


def mutate_database(path: Path, chance: random.Random) -> None:
    """Change the tables of a GeoPackage as a broken program might."""
    database = sqlite3.connect(path)
    try:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        table = chance.choice(tables)
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        column = chance.choice(columns)
        value = chance.choice((None, -1, 10**18, 1e308, b"\x00GP", *WORDS[:20]))
        statements = (
            (f'UPDATE "{table}" SET "{column}"=?', (value,)),
            (f'UPDATE "{table}" SET "{column}"=? WHERE rowid % 3 = 1', (value,)),
            (f'DELETE FROM "{table}"', ()),
            (f'DROP TABLE "{table}"', ()),
            (f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{chance.choice(("geom", "x", "D20180101"))}"', ()),
            (f'ALTER TABLE "{table}" DROP COLUMN "{column}"', ()),
        )
        with contextlib.suppress(sqlite3.Error):
            database.execute(*chance.choice(statements))
        database.commit()
    finally:
        database.close()


_STRUCTURES: Dict[str, Callable[[Path, random.Random], None]] = {
    ".h5": mutate_hdf5, ".gpkg": mutate_database,
}  # fmt: skip


def mutate_file(path: Path, chance: random.Random) -> None:
    """Spoil one file in place: its structure where it has one that is known, its words where it is text, else its bytes."""
    structure = _STRUCTURES.get(path.suffix.lower())
    if structure is not None and chance.random() < 0.6:
        with contextlib.suppress(OSError, ValueError, TypeError, RuntimeError, KeyError, MemoryError, sqlite3.Error):
            structure(path, chance)
        return
    data = path.read_bytes()
    text = path.suffix.lower() in _TEXTS and b"\0" not in data[:1000]
    path.write_bytes((mutate_text if text and chance.random() < 0.8 else mutate_bytes)(data, chance))
