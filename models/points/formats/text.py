"""Opens text tables: compression, encoding, separator, where the header is."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, List, Optional, Sequence

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import holds_date

HEAD = 1 << 20
"""Bytes that are looked at from the start of a file."""
_CHUNK = 1 << 16
_CHUNKS = 8
_LINES_BEFORE_HEADER = 60
_SEPARATORS = re.compile(r"[,;\t|]")
_DECIMAL_COMMA = re.compile(r"^\s*[-+]?\d+,\d+(?:[eE][-+]?\d+)?\s*$")
_NUMBER = re.compile(r"^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$")


@dataclass(frozen=True)
class TextFile:
    """A text table on disk, plain, gzipped, or alone in a ZIP archive.

    Attributes
    ----------
    path
        The file.
    compression
        ``""``, ``"gzip"``, ``"zip"``, or ``"gdal"`` for a file that GDAL alone can read (/vsicurl/ ...).
    member
        Name of the table in the archive.
    size
        Bytes of the table where that is known without reading it.
    """

    path: str
    compression: str = ""
    member: str = ""
    size: Optional[int] = None

    def open(self) -> IO[bytes]:
        """Open the uncompressed bytes."""
        if self.compression == "gzip":
            return gzip.open(self.path, "rb")  # type: ignore[return-value]
        if self.compression == "zip":
            return zipfile.ZipFile(self.path).open(self.member)
        return remote.open_stream(self.path) if self.compression == "gdal" else open(self.path, "rb")

    def head(self, size: int = HEAD) -> bytes:
        """Return the first ``size`` bytes.

        Raises
        ------
        StillpointError
            The file cannot be read, or its compression is broken.
        """
        try:
            with self.open() as stream:
                return stream.read(size)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise StillpointError(f"{self.path} cannot be read: {error}. It may be damaged: fetch it again.") from None

    def elsewhere(self) -> List[bytes]:
        """Return whole lines from some places behind the head, as the head may not be typical; none where compressed."""
        if self.compression or self.size is None or self.size <= HEAD:
            return []
        lines: List[bytes] = []
        with open(self.path, "rb") as stream:
            for number in range(1, _CHUNKS + 1):
                at = HEAD + (self.size - HEAD) * number // _CHUNKS - _CHUNK
                stream.seek(max(at, HEAD))
                lines += stream.read(_CHUNK).split(b"\n")[1:-1]
        return lines


def zip_member(path: str) -> str:
    """Return the only text table in the ZIP archive ``path``; empty where there is none or several."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith((".csv", ".txt", ".tsv", ".dat"))]
    except (OSError, zipfile.BadZipFile):
        return ""
    return names[0] if len(names) == 1 else ""


@dataclass(frozen=True)
class Dialect:
    """How a text table is written.

    Attributes
    ----------
    encoding
        Name for Python and Arrow.
    separator
        One character.
    decimal
        ``"."`` or ``","``.
    skip
        Lines before the first row, the header included.
    names
        Column names; the last is empty where every row ends in a separator.
    rows
        The first rows, split.
    complete
        Whether ``rows`` is the whole table.
    """

    encoding: str
    separator: str
    decimal: str
    skip: int
    names: List[str]
    rows: List[List[str]]
    complete: bool

    def split(self, lines: Sequence[bytes]) -> List[List[str]]:
        """Split raw lines into cells; lines that do not fit the header are left out."""
        text = [line.decode(self.encoding, errors="replace").rstrip("\r") for line in lines]
        return [row for row in _split(text, self.separator) if len(row) == len(self.names)]


def _split(lines: Sequence[str], separator: str) -> List[List[str]]:
    try:
        return [row for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)]
    except csv.Error:  # an overlong or broken cell; Arrow will say where
        return []


def read_dialect(file: TextFile) -> Dialect:
    """Find out how a text table is written.

    Raises
    ------
    StillpointError
        It is empty, no text, or has no rows.
    """
    raw = file.head()
    if not raw.strip():
        raise StillpointError(f"{file.path} is empty.")
    encoding = _encoding(raw, file.path)
    text = raw.decode(encoding, errors="replace").lstrip("\ufeff")
    lines = io.StringIO(text, newline=None).read().split("\n")
    complete = len(raw) < HEAD
    if not complete and len(lines) > 1:
        lines = lines[:-1]
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    at = _header(lines)
    separator = _separator(lines[at : at + 20])
    table = _split(lines[at:], separator)
    if not table:
        raise StillpointError(f"{file.path} cannot be read as a table: its header line is broken.")
    names, rows = [name.strip().strip('"') for name in table[0]], table[1:]
    if rows and len(rows[0]) == len(names) + 1 and not rows[0][-1].strip():
        names.append("")
    elif rows and names and not names[-1] and len(rows[0]) == len(names) - 1:
        names.pop()
    if not rows:
        raise StillpointError(f"{file.path} has a header but no rows (or its first row is longer than a megabyte).")
    return Dialect(encoding, separator, _decimal(rows, separator), at + 1, names, rows, complete)


def _encoding(raw: bytes, path: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\0" in raw:
        raise StillpointError(f"{path} is neither a text table nor any other format that Stillpoint knows.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut in two by the end of the head is no sign of another encoding.
        if error.start < len(raw) - 4:
            return "latin-1"
    return "utf-8"


def _header(lines: Sequence[str]) -> int:
    """Return which line is the header: the first that names two dates, else the first that is not empty."""
    for number, line in enumerate(lines[:_LINES_BEFORE_HEADER]):
        if sum(holds_date(cell.strip(' \"')) for cell in _SEPARATORS.split(line)) > 1:
            return number
    return next((number for number, line in enumerate(lines) if line.strip()), 0)


def _separator(lines: Sequence[str]) -> str:
    """Return the separator that splits header and rows into the same number of cells, the more the better."""
    best, merit = ",", (-1.0, 0)
    for candidate in (",", ";", "\t", "|"):
        counts = [len(row) for row in _split(lines, candidate)]
        if not counts or counts[0] < 2:
            continue
        same = sum(abs(count - counts[0]) <= 1 for count in counts) / len(counts)
        if (same, counts[0]) > merit:
            best, merit = candidate, (same, counts[0])
    return best


def _decimal(rows: Sequence[Sequence[str]], separator: str) -> str:
    if separator == ",":
        return "."
    commas = points = 0
    for row in rows[:50]:
        commas += sum(bool(_DECIMAL_COMMA.match(cell)) for cell in row)
        points += sum("." in cell and bool(_NUMBER.match(cell)) for cell in row)
    return "," if commas > points else "."
