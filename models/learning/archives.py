"""Archives of models, unpacked without trusting them: names stay in the folder, and sizes are counted as they come.

Only model files, their cards and checksums are taken, as plain files with plain names. What an archive claims of its sizes must
fit, and what really comes out of it is counted as well, so that a small file cannot fill the disk or the memory. Standard library
only.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, Dict, Iterable, List, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.headers import LARGEST_FILE

ZIPS = (".zip",)
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
ENDINGS = (*ZIPS, *TARS)

TAKEN = (".safetensors", ".md")
CHECKSUMS = "SHA256SUMS"

MOST_MEMBERS = 64
LARGEST_TEXT = 512 * 1024
LARGEST_RATIO = 200
"""How many times larger than in the archive the content may be: weights hardly shrink, and texts some ten times."""
FREE = 4 * 1024**2
"""Bytes that the ratio does not count for."""
LZMA_MEMORY = 256 * 1024**2

_CHUNK = 16 * 1024
_DIRECTORY = 1024**2
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_FAULTS = (
    OSError, EOFError, ValueError, KeyError, IndexError, RuntimeError, NotImplementedError, OverflowError,
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What the standard library raises on archives that are damaged or made to harm."""


def is_archive(path: Path) -> bool:
    """Whether the name of a file is that of an archive."""
    return Path(path).name.lower().endswith(ENDINGS)


def unpack(archive: Path, folder: Path) -> List[Path]:
    """Unpack the models, cards and checksums of ``archive`` into ``folder``, which exists, and return the files.

    Raises
    ------
    StillpointError
        The archive is damaged, too large, or holds something else than models; ``folder`` may hold a part of it then.
    """
    name = archive.name.lower()
    try:
        if archive.stat().st_size > LARGEST_FILE:
            raise StillpointError(f"The archive {archive} is larger than 2 GB; archives of Stillpoint's models are not.")
        with archive.open("rb") as stream:
            members = _zip if name.endswith(ZIPS) else _tar
            return members(archive, stream, folder)
    except StillpointError:
        raise
    except _FAULTS as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise StillpointError(
            f"The archive {archive} cannot be read ({reason}). Get it anew, or import the model file itself."
        ) from None


def safe_name(name: str, archive: Path) -> str:
    """Return the last part of a member's name; raise a StillpointError where the name leads out of the folder."""
    parts = name.replace("\\", "/").split("/")
    odd = (
        not name or name.startswith(("/", "\\")) or ".." in parts or ":" in name or not name.isprintable()
        or len(name) > 240 or any(_DEVICES.fullmatch(part) or part != part.rstrip(". ") for part in parts)
    )  # fmt: skip
    if odd:
        shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
        raise StillpointError(f"The archive {archive} names a file {shown!r} that could leave its folder. It was not unpacked.")
    return parts[-1]


class _Budget:
    """Counts what an archive really holds."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._packed = max(archive.stat().st_size, 1)
        self._count = 0

    def take(self, count: int) -> None:
        """Count some bytes; raise a StillpointError where they become too many."""
        self._count += count
        if self._count > LARGEST_FILE or self._count > FREE + LARGEST_RATIO * self._packed:
            raise StillpointError(
                f"The archive {self._archive} holds far more than its size allows, as archives do that are made to fill a disk. "
                "It was not unpacked."
            )


def _wanted(name: str) -> bool:
    return name.endswith(TAKEN) or name == CHECKSUMS


def _checked(entries: Iterable[Tuple[str, int]], archive: Path) -> None:
    """Raise where the names or the sizes that an archive claims are not those of models."""
    seen: Dict[str, str] = {}
    total = 0
    for name, size in entries:
        plain = safe_name(name, archive)
        if not _wanted(plain):
            raise StillpointError(
                f"The archive {archive} holds {plain!r}, which is no model, card or checksum. Pack the model and its card alone."
            )
        if plain.casefold() in seen:
            raise StillpointError(f"The archive {archive} holds {plain!r} twice.")
        seen[plain.casefold()] = plain
        total += size
        largest = LARGEST_FILE if plain.endswith(".safetensors") else LARGEST_TEXT
        if size < 0 or size > largest or total > LARGEST_FILE:
            raise StillpointError(f"The archive {archive} claims {size:,} bytes for {plain!r}, which is too much.")
    if not any(name.endswith(".safetensors") for name in seen.values()):
        raise StillpointError(f"The archive {archive} holds no model (.safetensors).")


def _too_many(archive: Path) -> StillpointError:
    return StillpointError(f"The archive {archive} holds more than {MOST_MEMBERS} files, which is no archive of a model.")


def _zip(archive: Path, stream: IO[bytes], folder: Path) -> List[Path]:
    # The list of members is read at once: as long as it says it is, but no longer than this.
    with zipfile.ZipFile(_Small(stream, _DIRECTORY)) as opened:  # type: ignore[arg-type]
        members = [member for member in opened.infolist() if not member.is_dir()]
        if len(members) > MOST_MEMBERS:
            raise _too_many(archive)
        for member in members:
            kind = member.external_attr >> 16 & 0o170000
            if kind not in (0, 0o100000) or member.flag_bits & 0x1:
                raise StillpointError(f"The archive {archive} holds links, devices or encrypted files. It was not unpacked.")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise StillpointError(f"The archive {archive} is packed in an unusual way. Pack it anew with any zip program.")
        _checked([(member.filename, member.file_size) for member in members], archive)
        budget = _Budget(archive)
        written = []
        for member in members:
            with opened.open(member) as source:
                written.append(_copied(source, folder / safe_name(member.filename, archive), member.file_size, budget, archive))
        return written


def _tar(archive: Path, stream: IO[bytes], folder: Path) -> List[Path]:
    plain = folder / "archive.tar.partial"
    budget = _Budget(archive)
    try:
        with plain.open("wb") as target:
            for block in _decompressed(archive, stream):
                budget.take(len(block))
                target.write(block)
        with plain.open("rb") as source, tarfile.open(fileobj=_Small(source, _CHUNK), mode="r:") as opened:  # type: ignore[call-overload]
            members: List[tarfile.TarInfo] = []
            for seen, member in enumerate(opened):
                if member.isdir():
                    inner = re.sub(r"^(\./?)+", "", member.name).rstrip("/")
                    if inner:
                        safe_name(inner, archive)
                elif not member.isreg() or member.issparse():
                    raise StillpointError(f"The archive {archive} holds links, devices or sparse files. It was not unpacked.")
                else:
                    members.append(member)
                if seen > 2 * MOST_MEMBERS or len(members) > MOST_MEMBERS:
                    raise _too_many(archive)
            names = [(re.sub(r"^(\./)+", "", member.name), member.size) for member in members]
            _checked(names, archive)
            written = []
            for member, (name, size) in zip(members, names):
                content = opened.extractfile(member)
                if content is None:
                    raise StillpointError(f"The archive {archive} holds {name!r} without content.")
                written.append(_copied(content, folder / safe_name(name, archive), size, None, archive))
            return written
    finally:
        plain.unlink(missing_ok=True)


def _decompressed(archive: Path, stream: IO[bytes]) -> Iterable[bytes]:
    """Yield the content of a compressed file in small blocks."""
    name = archive.name.lower()
    opened: Any = stream
    if name.endswith((".gz", ".tgz")):
        opened = gzip.GzipFile(fileobj=stream)
    elif name.endswith(".bz2"):
        opened = bz2.BZ2File(stream)
    elif name.endswith(".xz"):
        yield from _unxz(stream)
        return
    while True:
        block = opened.read(_CHUNK)
        if not block:
            return
        yield block


def _unxz(stream: IO[bytes]) -> Iterable[bytes]:
    """Yield the content of an xz file: its decoder takes as much memory as the file asks for, unless told."""
    decoder = lzma.LZMADecompressor(memlimit=LZMA_MEMORY)
    while not decoder.eof:
        packed = stream.read(_CHUNK) if decoder.needs_input else b""
        if decoder.needs_input and not packed:
            raise EOFError("it ends too early")
        block = decoder.decompress(packed, max_length=_CHUNK)
        if block:
            yield block


def _copied(source: IO[bytes], path: Path, claimed: int, budget: Any, archive: Path) -> Path:
    """Write a member to ``path``, which must be new, and return it."""
    count = 0
    with path.open("xb") as target:
        while True:
            block = source.read(_CHUNK)
            if not block:
                break
            count += len(block)
            if budget is not None:
                budget.take(len(block))
            if count > claimed:
                break
            target.write(block)
    if count != claimed:
        raise StillpointError(f"The archive {archive} does not hold what it claims of {path.name!r}. Get it anew.")
    return path


class _Small(io.RawIOBase):
    """A file that is read in small pieces only: headers of archives claim how long they are, and are read at once.

    Parameters
    ----------
    stream
        The file.
    most
        Bytes that may be read at once.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__()
        self._stream, self._most = stream, most

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether one can go to any place of it."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise ValueError where they are too many at once."""
        if size is None or size < 0:
            rest = self._stream.read(self._most + 1)
            if len(rest) > self._most:
                raise ValueError("a part of it is too large")
            return rest
        if size > self._most:
            raise ValueError("a part of it is too large")
        return self._stream.read(size)
