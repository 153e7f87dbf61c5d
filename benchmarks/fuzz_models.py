"""Model files and archives made wrong in thousands of ways: ``python -m benchmarks.fuzz_models --count 20000``.

Every file must be read or refused with a sentence: no other error, little memory, little time, nothing outside of the folder. The
tests run a few hundred of the same; this runs as many as one likes, and counts.
"""

from __future__ import annotations

import argparse
import io
import json
import struct
import sys
import tarfile
import tempfile
import time
import tracemalloc
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple
from typing import Counter as CounterType

import hypothesis
from hypothesis import strategies as st

from stillpoint.models import library_jobs
from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import archives
from stillpoint.models.learning.cards import SHIPPED, ModelFile, figures
from stillpoint.models.learning.headers import KEY, read_contents
from stillpoint.models.learning.inputs import Data, check, in_words, problems

MOST_MEMORY = 96 * 1024**2
"""Bytes that reading a header may take at its peak."""

MOST_SECONDS = 5.0

BASES = (
    "scatterers-default", "scatterers-cnn-iss", "trends-mirmazloumi", "trends-default", "offsets-default", "interferograms-default",
)  # fmt: skip
"""Sound models that the wrong ones are made of."""


def _base(name: str) -> Tuple[Dict[str, Any], bytes]:
    """Return the header and the weights of a shipped model."""
    raw = (SHIPPED / f"{name}.safetensors").read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    return json.loads(raw[8 : 8 + length]), raw[8 + length :]


SOUND = {name: _base(name) for name in BASES}

# Text that stands for a value in JSON, much of it nothing that a JSON writer would write.
ODD = st.sampled_from([
    "NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "-0.0", "1.5", "9" * 19, "9" * 25, "9" * 5000, "true", "null", '""', "[]",
    "{}", '"\\ud800"', '"\\u0000"', '"../../etc/passwd"', '"F8"', "[" * 50 + "]" * 50, "[" * 3000 + "]" * 3000,
    '{"a":' * 40 + "1" + "}" * 40, '{"a":1,"a":2}', "[1e308,1e308]", '"' + "x" * 5000 + '"', "[" + "0," * 3000 + "0]", "\\", "'",
    '"\u202e"', "18446744073709551615",
])  # fmt: skip
_MARK = "\x01odd\x01"


@st.composite
def damaged_json(draw: Callable[..., Any], form: Dict[str, Any]) -> str:
    """Draw the JSON text of ``form`` with some of its values, names or letters exchanged."""
    copied = json.loads(json.dumps(form))
    texts: List[str] = []
    for _ in range(draw(st.integers(0, 3))):
        _exchange(draw, copied)
        texts.append(draw(ODD))
    text = json.dumps(copied)
    for odd in texts:
        text = text.replace(json.dumps(_MARK), odd, 1)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        place, count = draw(st.integers(0, max(len(text) - 1, 0))), draw(st.integers(0, 40))
        odd = draw(st.sampled_from(["", "{", "}", ",", '"', "\\", "\ud800", "[", "0", text[:200]]))
        text = text[:place] + odd + text[place + count :]
    return text


def _exchange(draw: Callable[..., Any], form: Dict[str, Any]) -> None:
    """Put a mark at a random place of ``form``, or drop or double an item."""
    place: Any = form
    for _ in range(12):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        below = place[key]
        if isinstance(below, (dict, list)) and below and draw(st.integers(0, 4)):
            place = below
            continue
        way = draw(st.sampled_from(["odd", "odd", "odd", "drop", "add", "swap"]))
        if way == "odd":
            place[key] = _MARK
        elif way == "drop":
            del place[key]
        elif way == "swap":
            place[key] = draw(st.one_of(st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=9), st.none()))
        elif isinstance(place, dict):
            place[draw(st.text(max_size=12))] = _MARK
        else:
            place.append(_MARK)
        return


@st.composite
def model_bytes(draw: Callable[..., Any]) -> bytes:
    """Draw the bytes of a model file with something wrong, or nothing."""
    header, weights = SOUND[draw(st.sampled_from(BASES))]
    form = dict(header)
    if draw(st.booleans()):
        form["__metadata__"] = {KEY: draw(damaged_json(json.loads(header["__metadata__"][KEY])))}
        text = json.dumps(form)
    else:
        text = draw(damaged_json(form))
    raw = text.encode("utf-8", errors=draw(st.sampled_from(["replace", "surrogatepass"])))
    length = draw(st.sampled_from([len(raw)] * 8 + [0, 1, 7, len(raw) - 1, len(raw) + 1, 2**31, 2**63 - 1, 2**64 - 1]))
    content = struct.pack("<Q", max(length, 0)) + raw + weights
    ending = draw(st.sampled_from(["whole"] * 6 + ["cut", "longer", "flipped", "bytes"]))
    if ending == "cut":
        return content[: draw(st.integers(0, len(content)))]
    if ending == "longer":
        return content + draw(st.binary(min_size=1, max_size=64))
    if ending == "flipped":
        place = draw(st.integers(0, min(len(content), 8 + len(raw) + 4000) - 1))
        return content[:place] + bytes([content[place] ^ draw(st.integers(1, 255))]) + content[place + 1 :]
    if ending == "bytes":
        return draw(st.binary(max_size=400))
    return content


NAMES = st.sampled_from([
    "model.safetensors", "model.md", "SHA256SUMS", "../model.safetensors", "/tmp/model.safetensors", "a/../../model.safetensors",
    "C:\\model.safetensors", "..\\model.safetensors", "folder/model.safetensors", "con.safetensors", "aux", "model.safetensors.",
    "model.exe", "\x00.safetensors", "x" * 300 + ".safetensors", "\u202emodel.safetensors", "", ".", "model.SAFETENSORS", "NUL.md",
    "a:b.safetensors", "model.safetensors/", "\\\\server\\share\\model.safetensors", "./model.safetensors", "Model.safetensors",
])  # fmt: skip


@st.composite
def archive_bytes(draw: Callable[..., Any]) -> Tuple[str, bytes]:
    """Draw the ending and the bytes of an archive with something wrong, or nothing."""
    ending = draw(st.sampled_from([".zip", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"]))
    content = draw(st.sampled_from([bytes(range(256)) * 8, b"", b"0" * 3_000_000, b"text"]))
    names = draw(st.lists(NAMES, min_size=1, max_size=4))
    made = io.BytesIO()
    if ending == ".zip":
        how = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]))
        with warnings.catch_warnings(), zipfile.ZipFile(made, "w", how) as packed:
            warnings.simplefilter("ignore", UserWarning)  # the same name twice is meant
            for name in names:
                about = zipfile.ZipInfo(name or "x")
                about.filename = name
                about.external_attr = draw(st.sampled_from([0o100644, 0o120777, 0o020644, 0])) << 16
                packed.writestr(about, content)
    else:
        mode = {".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz", ".tar.bz2": "w:bz2", ".tar.xz": "w:xz"}[ending]
        form = draw(st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))
        with tarfile.open(fileobj=made, mode=mode, format=form) as packed_tar:
            for name in names:
                member = tarfile.TarInfo(name.replace("\x00", ""))
                others = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
                member.type = draw(st.sampled_from([tarfile.REGTYPE] * 4 + list(others)))
                member.linkname = "/etc/passwd" if member.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
                member.size = len(content) if member.isreg() else 0
                packed_tar.addfile(member, io.BytesIO(content) if member.isreg() else None)
    raw = made.getvalue()
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        if raw:
            place = draw(st.integers(0, len(raw) - 1))
            raw = raw[:place] + bytes([draw(st.integers(0, 255))]) + raw[place + 1 :]
    return ending, raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 5)) == 0 else raw


def read_model(folder: Path, content: bytes) -> str:
    """Read a file as the library does, deeper where it is accepted; return ``"read"``, ``"opened"`` or ``"refused"``.

    Raises
    ------
    AssertionError
        It took too long or too much memory.
    """
    path = folder / "fuzzed.safetensors"
    path.write_bytes(content)
    tracemalloc.start()
    began = time.process_time()
    try:
        contents = read_contents(path)
    except StillpointError as error:
        _sentence(str(error))
        return "refused"
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        seconds = time.process_time() - began
        if peak > MOST_MEMORY or seconds > MOST_SECONDS:
            raise AssertionError(f"{peak:,} bytes and {seconds:.1f} s for a header")
    model = ModelFile(path, contents)
    figures(model.header), problems(model.header.input), in_words(model.header)
    outcome = "read"
    for step in (lambda: check(model.header, Data("x", "phase", 20, 0.24, ()), model=path), lambda: library_jobs.opened(model)):
        try:
            step()
        except StillpointError as error:
            _sentence(str(error))
        else:
            outcome = "opened"
    return outcome


def unpack_archive(folder: Path, drawn: Tuple[str, bytes]) -> str:
    """Unpack an archive as the library does; return ``"unpacked"`` or ``"refused"``.

    Raises
    ------
    AssertionError
        Something was written outside of the folder, or is no plain file.
    """
    ending, content = drawn
    with tempfile.TemporaryDirectory(dir=folder) as name:
        outer = Path(name)
        path, inner = outer / f"fuzzed{ending}", outer / "a" / "b"
        path.write_bytes(content)
        inner.mkdir(parents=True)
        try:
            archives.unpack(path, inner)
            outcome = "unpacked"
        except StillpointError as error:
            _sentence(str(error))
            outcome = "refused"
        if {item.name for item in outer.iterdir()} != {path.name, "a"} or {item.name for item in (outer / "a").iterdir()} != {"b"}:
            raise AssertionError("something was written outside of the folder")
        if any(item.is_symlink() or not item.is_file() for item in inner.iterdir()):
            raise AssertionError("something else than a plain file was written")
    return outcome


def _sentence(text: str) -> None:
    if not text.endswith((".", ".'")) or "Traceback" in text or len(text) > 2000:
        raise AssertionError(f"no sentence: {text!r}")


def run(count: int, seed: int) -> Tuple[Dict[str, CounterType[str]], List[str]]:
    """Draw ``count`` files and a quarter as many archives; return how they ended, and what went wrong."""
    found: Dict[str, CounterType[str]] = {"models": Counter(), "archives": Counter()}
    wrong: List[str] = []
    with tempfile.TemporaryDirectory(prefix="stillpoint-fuzz-") as name:
        folder = Path(name)

        def repeated(strategy: Any, judge: Callable[[Path, Any], str], counts: CounterType[str], times: int) -> None:
            @hypothesis.seed(seed)
            @hypothesis.settings(
                max_examples=times, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck),
                phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink], verbosity=hypothesis.Verbosity.quiet,
            )
            @hypothesis.given(strategy)
            def one(drawn: Any) -> None:
                try:
                    counts[judge(folder, drawn)] += 1
                except Exception as error:  # told without the file itself, which is long
                    reason, line = repr(error), error.__traceback__
                    while line is not None and line.tb_next is not None:
                        line = line.tb_next
                    place = "" if line is None else f" in {line.tb_frame.f_code.co_filename}:{line.tb_lineno}"
                    wrong.append(f"{reason}{place}")
                    if isinstance(drawn, bytes):
                        Path(tempfile.gettempdir(), "fuzzed.safetensors").write_bytes(drawn)

            one()

        repeated(model_bytes(), read_model, found["models"], count)
        repeated(archive_bytes(), unpack_archive, found["archives"], max(count // 4, 1))
    return found, wrong


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Fuzz and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="model files; a quarter as many archives")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    began = time.process_time()
    found, wrong = run(given.count, given.seed)
    for what, counts in found.items():
        ended = ", ".join(f"{number:,} {how}" for how, number in counts.most_common())
        sys.stdout.write(f"{what}: {sum(counts.values()):,}: {ended}\n")
    for text, number in Counter(wrong).most_common(20):
        sys.stdout.write(f"WRONG {number} times: {text[:300]}\n")
    sys.stdout.write(f"{len(wrong) or 'nothing'} else; {time.process_time() - began:.0f} s of processor time\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
