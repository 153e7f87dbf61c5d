"""The shelf of models: the shipped ones and the user's folder, the defaults that the user chose, import, export, removal.

The user's folder holds model files, their cards, and ``shelf.json``: the SHA-256 of each model when it was imported, and which
model is the default of a task and network. The folder is named by the variable ``STILLPOINT_MODELS``; QGIS's side sets it for the
engine, so that the window, Processing, ``qgis_process`` and the command line read the same choice. Standard library only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import zipfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.cards import (
    FIXED,
    LARGEST_CARD,
    SHIPPED,
    SUFFIX,
    ModelFile,
    installed,
    model_file,
    network_of,
    sha256,
    shipped,
)
from stillpoint.models.learning.headers import parsed

VARIABLE = "STILLPOINT_MODELS"
"""Environment variable that names the folder of the user's models."""

RECORDS = "shelf.json"
FORMAT = 1

_LARGEST_RECORDS = 1024**2
_LONGEST_NAME = 80


def folder() -> Path:
    """Return the folder of the user's models, which need not exist."""
    named = os.environ.get(VARIABLE, "")
    return Path(named).expanduser() if named else Path.home() / ".local" / "share" / "stillpoint" / "models"


def folders() -> List[Path]:
    """Return where models are looked for: the shipped ones, then the user's."""
    return [SHIPPED, folder()]


# What is remembered


def records() -> Dict[str, Dict[str, Any]]:
    """Return what is remembered of the user's models: ``models`` and ``defaults``.

    Raises
    ------
    StillpointError
        The file is damaged.
    """
    path = folder() / RECORDS
    empty: Dict[str, Dict[str, Any]] = {"models": {}, "defaults": {}}
    try:
        with path.open("rb") as stream:
            form = parsed(stream.read(_LARGEST_RECORDS))
    except FileNotFoundError:
        return empty
    except (OSError, ValueError):
        raise _unreadable(path) from None
    found = {name: form.get(name, {}) for name in empty}
    if form.get("format") != FORMAT or not all(isinstance(value, dict) for value in found.values()):
        raise _unreadable(path)
    for name in (*found["models"], *found["defaults"].values()):
        if not isinstance(name, str) or Path(name).name != name or not name.endswith(SUFFIX):
            raise _unreadable(path)
    return found


def _unreadable(path: Path) -> StillpointError:
    return StillpointError(
        f"{path}, which remembers the imported models and the defaults, cannot be read. Delete it and import your models again."
    )


def _remember(found: Dict[str, Dict[str, Any]]) -> None:
    path = folder() / RECORDS
    text = json.dumps({"format": FORMAT, **found}, ensure_ascii=False, indent=1, sort_keys=True)
    _write(path, lambda partial: partial.write_text(text + "\n", encoding="utf-8"))


def _write(path: Path, write: Callable[[Path], Any]) -> None:
    """Let ``write`` make a file under a temporary name, then give it its own."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(partial)
        os.replace(partial, path)
    except OSError as error:
        raise StillpointError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


# Defaults


def chosen(task: str, network: str) -> Optional[Path]:
    """Return the model that the user made the default of a task and network; None where it is the shipped one.

    Raises
    ------
    StillpointError
        The model is gone: another one in its place would be a surprise.
    """
    name = records()["defaults"].get(f"{task}/{network}")
    if not name:
        return None
    path = folder() / str(name)
    if not path.is_file():
        raise StillpointError(
            f"The default model of {task} ({network}) is {path}, and it is gone. Import it again, or go back to the shipped one "
            f"with 'stillpoint models default {shipped(task, network).name[: -len(SUFFIX)]}'."
        )
    return path


def is_default(model: ModelFile) -> bool:
    """Whether ``model`` is what its task and network take when no model is named."""
    if not model.network:
        return False
    name = records()["defaults"].get(f"{model.task}/{model.network}")
    if name:
        return not model.shipped and model.path.name == name
    return model.shipped and model.path.name == shipped(model.task, model.network).name


def choose(model: ModelFile) -> None:
    """Make ``model`` the default of its task and network; a shipped one undoes the choice.

    Raises
    ------
    StillpointError
        No method takes it, or it does not lie in one of the folders.
    """
    if not model.network:
        raise StillpointError(f"No method of this version takes the model {model.name}, so it cannot be a default.")
    found = records()
    key = f"{model.task}/{model.network}"
    if model.shipped:
        if found["defaults"].pop(key, None) is not None:
            _remember(found)
        return
    if (model.task, model.network) in FIXED:
        raise StillpointError(f"The method {model.network} belongs to the program: its weights cannot be exchanged.")
    if not _is_users(model):
        raise StillpointError(f"{model.path} is not in the library. Import it first.")
    verify(model.path)
    found["models"].setdefault(model.path.name, _record(model.path, sha256(model.path)))
    found["defaults"][key] = model.path.name
    _remember(found)


# Trust


def recorded(path: Path) -> str:
    """Return the SHA-256 that was recorded of a model in the user's folder; empty where none was, or it lies elsewhere."""
    if path.parent.resolve() != folder().resolve():
        return ""
    about = records()["models"].get(path.name, {})
    return str(about.get("sha256", "")) if isinstance(about, dict) else ""


def verify(path: Path) -> None:
    """Raise a StillpointError where a model in the user's folder is not the one that was imported."""
    known = recorded(path)
    if known and path.is_file() and sha256(path) != known:
        raise StillpointError(
            f"{path} is not the file that was imported: its SHA-256 changed. Import the model again if you know why, else remove "
            "it."
        )


# Finding, importing, exporting, removing


def find(name: str) -> ModelFile:
    """Return the model called ``name`` (its file's name, with or without ending), or that of the file ``name``.

    Raises
    ------
    StillpointError
        There is none.
    """
    stem = name[: -len(SUFFIX)] if name.endswith(SUFFIX) else name
    for place in (folder(), SHIPPED):
        path = place / f"{stem}{SUFFIX}"
        if Path(stem).name == stem and path.is_file():
            return model_file(path)
    if Path(name).is_file():
        return model_file(Path(name))
    known = ", ".join(model.name for model in installed(folders()))
    raise StillpointError(f"There is no model {name!r}; installed are {known}.")


def add(source: Path, *, name: str = "", check: Callable[[ModelFile], None] = lambda model: None) -> List[ModelFile]:
    """Import a model file, or the models of an archive, into the user's folder and record their SHA-256.

    Parameters
    ----------
    source
        A model file, whose card (the same name with ``.md``) comes along, or an archive; see :mod:`.archives`.
    name
        Name of the model in the library; that of its file where empty. For one model only.
    check
        Looks at a copy before it is taken over; raises a StillpointError where it is not to be trusted.

    Returns
    -------
    list
        The imported models; one that is there already is not copied again.

    Raises
    ------
    StillpointError
        It cannot be read, is no model, or no method takes it. Nothing is imported then.
    """
    source = Path(source)
    if not source.is_file():
        raise StillpointError(f"There is no file {source}.")
    target = folder()
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=target) as temporary:
            work = Path(temporary)
            try:
                models = _checked(source, work, name, check)
            except StillpointError as error:  # people know what they import, and not where it is looked at
                raise StillpointError(str(error).replace(f"{work}{os.sep}", f"{source}: ")) from error
            return [_take(model, name or model.name, source) for model in models]
    except OSError as error:
        raise StillpointError(f"The model cannot be imported into {target}: {error.strerror or error}.") from error


def _checked(source: Path, work: Path, name: str, check: Callable[[ModelFile], None]) -> List[ModelFile]:
    """Return checked copies, in ``work``, of the models in ``source``."""
    from stillpoint.models.learning import archives  # its libraries take time at QGIS's start

    files = archives.unpack(source, work) if archives.is_archive(source) else _copied(source, work)
    models = [model_file(path) for path in files if path.name.endswith(SUFFIX)]
    if name and len(models) > 1:
        raise StillpointError(f"{source} holds {len(models)} models, which cannot all be called {name!r}. Name none.")
    _check_sums(work, source)
    for model in models:
        _check_use(model)
        check(model)
    return models


def _copied(source: Path, work: Path) -> List[Path]:
    if not source.name.endswith(SUFFIX):
        raise StillpointError(f"{source} is no model file: its name must end in {SUFFIX}, or be that of a zip or tar archive.")
    model_file(source)  # before anything large is copied
    files = [Path(shutil.copyfile(source, work / source.name))]
    card = source.with_suffix(".md")
    if card.is_file() and card.stat().st_size <= LARGEST_CARD:
        files.append(Path(shutil.copyfile(card, work / card.name)))
    return files


def _check_sums(work: Path, source: Path) -> None:
    """Raise where an archive's own checksums are not those of its files."""
    from stillpoint.models.learning import archives  # its libraries take time at QGIS's start

    path = work / archives.CHECKSUMS
    if not path.is_file():
        return
    for name, expected in read_sums(path).items():
        member = work / name
        if Path(name).name != name or not member.is_file() or sha256(member) != expected:
            raise StillpointError(f"{source} is damaged: {name} is missing or not what its checksum says. Get it anew.")


def read_sums(path: Path) -> Dict[str, str]:
    """Return the SHA-256 by file name of a list as ``sha256sum`` writes it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise StillpointError(f"The checksums {path} cannot be read.") from None
    found = {}
    for line in lines:
        match = re.fullmatch(r"([0-9a-f]{64}) [ *](.+)", line)
        if line and not match:
            raise StillpointError(f"The checksums {path} are damaged.")
        if match:
            found[match.group(2)] = match.group(1)
    return found


def _check_use(model: ModelFile) -> None:
    header = model.header
    if not network_of(header):
        raise StillpointError(
            f"{model.path.name} holds the network {header.architecture!r} for {header.task!r}, which no method of this version "
            "takes."
        )
    if (model.task, model.network) in FIXED:
        raise StillpointError(f"{model.path.name} is for the method {model.network}, whose weights belong to the program.")
    if not model.contents.tensors:
        raise StillpointError(f"{model.path.name} holds no weights.")


def _take(model: ModelFile, name: str, source: Path) -> ModelFile:
    """Move a checked copy and its card to their place and record them."""
    digest = model.sha256
    found = records()
    for known, about in found["models"].items():
        there = folder() / known
        if isinstance(about, dict) and about.get("sha256") == digest and there.is_file() and sha256(there) == digest:
            if model.card and not there.with_suffix(".md").exists():
                there.with_suffix(".md").write_text(model.card, encoding="utf-8")
            return model_file(there)
    path = _free(plain_name(name))
    card = model.card
    os.replace(model.path, path)
    path.chmod(0o644)
    if card:
        path.with_suffix(".md").write_text(card, encoding="utf-8")
    found["models"][path.name] = {**_record(path, digest), "source": source.name}
    _remember(found)
    return model_file(path)


def _record(path: Path, digest: str) -> Dict[str, Any]:
    return {"sha256": digest, "bytes": path.stat().st_size, "imported": datetime.now(timezone.utc).isoformat(timespec="seconds")}


def plain_name(name: str) -> str:
    """Return ``name`` as the name of a file on any system, without ending."""
    from stillpoint.models.learning import archives  # its libraries take time at QGIS's start

    stem = name[: -len(SUFFIX)] if name.endswith(SUFFIX) else name
    kept = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in stem)[:_LONGEST_NAME].strip("._-")
    try:
        return archives.safe_name(kept, Path(name)) or "model"
    except StillpointError:
        return f"model-{kept}" if kept else "model"


def _free(name: str) -> Path:
    """Return a path in the user's folder that neither a model there nor a shipped one has."""
    taken = {path.name.casefold() for place in folders() if place.is_dir() for path in place.iterdir()}
    number, candidate = 1, f"{name}{SUFFIX}"
    while candidate.casefold() in taken or f"{candidate[: -len(SUFFIX)]}.md".casefold() in taken:
        number += 1
        candidate = f"{name}-{number}{SUFFIX}"
    return folder() / candidate


def _is_users(model: ModelFile) -> bool:
    return not model.shipped and model.path.parent.resolve() == folder().resolve()


def remove(model: ModelFile) -> bool:
    """Remove a model of the user's with its card; return whether it was a default, which the shipped one then is again.

    Raises
    ------
    StillpointError
        It came with Stillpoint, lies elsewhere, or cannot be deleted.
    """
    if model.shipped:
        raise StillpointError(f"{model.name} came with Stillpoint and is not removed. Make another model the default instead.")
    if not _is_users(model):
        raise StillpointError(f"{model.path} is not in the library; delete the file yourself if you want to.")
    found = records()
    defaults = [key for key, name in found["defaults"].items() if name == model.path.name]
    for key in defaults:
        del found["defaults"][key]
    found["models"].pop(model.path.name, None)
    try:
        model.path.unlink()
        model.card_path.unlink(missing_ok=True)
    except OSError as error:
        raise StillpointError(f"{model.path} cannot be removed: {error.strerror or error}.") from error
    _remember(found)
    return bool(defaults)


def export(model: ModelFile, output: Path) -> Path:
    """Write a model, its card and their SHA-256 into one zip that :func:`add` reads, and return its path.

    Raises
    ------
    StillpointError
        The model was changed since it was imported, or the file cannot be written.
    """
    verify(model.path)
    output = Path(output)
    if not output.name.lower().endswith(".zip"):
        output = output.with_name(f"{output.name}.zip")
    files = [model.path, *([model.card_path] if model.card_path.is_file() else [])]

    def write(partial: Path) -> None:
        from stillpoint.models.learning import archives

        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in files:
                packed.write(path, path.name)
            packed.writestr(archives.CHECKSUMS, "".join(f"{sha256(path)}  {path.name}\n" for path in files))

    _write(output, write)
    return output
