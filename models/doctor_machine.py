"""What the doctor looks at apart from libraries and devices: disk, memory, folders, model files, the cluster.

What needs numpy is imported inside the check, so that the others answer where numpy is missing.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
from pathlib import Path
from typing import List, Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding
from stillpoint.models.learning import shelf
from stillpoint.models.learning.cards import SHIPPED, damaged, installed, sha256

LITTLE_DISK, LEAST_DISK = 5e9, 5e8
"""Free bytes below which a large result may not fit, and below which hardly anything does."""

LITTLE_MEMORY, LEAST_MEMORY = 2e9, 5e8
"""Free bytes below which tiles become small, and below which the larger networks fail."""

CONNECT_SECONDS = 4.0


def machine() -> List[Finding]:
    """Return findings on memory, processors and the disk for temporary files."""
    return [_memory(), _processors(), disk("disk-temporary", "Disk for temporary files", Path(tempfile.gettempdir()))]


def temporary() -> Finding:
    """Return whether temporary files can be made."""
    return writable("temporary", "Folder for temporary files", Path(tempfile.gettempdir()))


def _memory() -> Finding:
    from stillpoint.models.executors import resources
    from stillpoint.models.executors.resources import shown

    free = resources.free_memory()
    if free is None:
        return Finding("memory", "Machine", "Memory", NOTE, "The system does not tell how much memory is free.")
    text = f"{shown(free)} are free for Stillpoint, within all limits of this process."
    if free < LEAST_MEMORY:
        return Finding("memory", "Machine", "Memory", REPAIR, f"{text} That is too little: close other programs.")
    if free < LITTLE_MEMORY:
        return Finding("memory", "Machine", "Memory", NOTE, f"{text} Large jobs become slow; close other programs.")
    return Finding("memory", "Machine", "Memory", GOOD, text)


def _processors() -> Finding:
    from stillpoint.models.executors import resources

    usable, there = resources.cores(), os.cpu_count() or 1
    few = "" if usable >= there else f" of the {there} there are; a limit of this process keeps it from the others"
    # What the command line and the worker set themselves is 1: blocks run side by side, each on one thread.
    text = f"{usable} {'processors' if usable != 1 else 'processor'} can be used{few}."
    return Finding("processors", "Machine", "Processors", GOOD, text)


def disk(name: str, title: str, folder: Path) -> Finding:
    """Return a finding on the free room of the disk that holds ``folder``."""
    from stillpoint.models.executors import resources
    from stillpoint.models.executors.resources import shown

    free = resources.free_disk(str(folder / "x"))
    if free is None:
        return Finding(name, "Machine", title, NOTE, f"Nothing tells how much room the disk of {folder} has.")
    text = f"{shown(free)} are free at {folder}."
    if free < LEAST_DISK:
        return Finding(name, "Machine", title, REPAIR, f"{text} That is too little: free some space.")
    if free < LITTLE_DISK:
        return Finding(name, "Machine", title, NOTE, f"{text} Large results may not fit; free some space before a long job.")
    return Finding(name, "Machine", title, GOOD, text)


def writable(name: str, title: str, folder: Path) -> Finding:
    """Return a finding on whether files can be made in ``folder``; one that is not there is tried in its parent."""
    place = folder
    while not place.exists() and place.parent != place:
        place = place.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".stillpoint-doctor-"):
            pass
    except OSError as error:
        return Finding(
            name, "Machine", title, REPAIR,
            f"{place} cannot be written ({error.strerror or error}). Change its permissions, or free space on its disk.",
        )  # fmt: skip
    return Finding(name, "Machine", title, GOOD, f"{folder} can be written.")


def models(*, quick: bool = False) -> List[Finding]:
    """Return findings on the shipped models, those of the user, and the defaults that the user chose."""
    found: List[Finding] = []
    own = shelf.folder()
    broken = damaged(shelf.folders())
    ours = [item for item in installed([SHIPPED])]
    try:
        sums = {} if quick else shelf.read_sums(SHIPPED / "SHA256SUMS")
    except StillpointError as error:
        sums = {}
        found.append(Finding("models-sums", "Models", "Checksums", REPAIR, f"{error} Install Stillpoint again."))
    there = {path.name for path in SHIPPED.glob("*.safetensors")}
    gone = sorted(name for name in sums if name.endswith(".safetensors") and name not in there)
    changed = sorted(item.path.name for item in ours if item.path.name in sums and sha256(item.path) != sums[item.path.name])
    bad = sorted({*gone, *changed, *(item.path.name for item in broken if item.path.parent == SHIPPED)})
    if bad:
        text = f"Missing, damaged or changed: {', '.join(bad)}. Install Stillpoint again."
        found.append(Finding("models-shipped", "Models", "Shipped models", REPAIR, text))
    else:
        how = "can be read" if quick else "are as they were shipped (SHA-256)"
        found.append(Finding("models-shipped", "Models", "Shipped models", GOOD, f"All {len(ours)} {how}."))
    found += _own_models(own, quick=quick)
    for item in broken:
        if item.path.parent != SHIPPED:
            found.append(Finding(f"model-{item.path.stem}", "Models", item.path.name, NOTE, item.problem))
    return found


def _own_models(own: Path, *, quick: bool) -> List[Finding]:
    """Return findings on the folder of the user's models and on the defaults."""
    title = "Your models"
    if own.exists() and not own.is_dir():
        return [Finding("models-own", "Models", title, REPAIR, f"{own} is a file and should be a folder: move it away.")]
    try:
        records = shelf.records()
    except StillpointError as error:
        return [Finding("models-own", "Models", title, REPAIR, str(error), "models-records")]
    mine = [item for item in installed([own])]
    changed: List[str] = []
    for item in [] if quick else mine:
        try:
            shelf.verify(item.path)
        except StillpointError:
            changed.append(item.path.name)
    found = []
    if changed:
        text = f"Not the files that were imported: {', '.join(changed)}. Import them again if you know why, else remove them."
        found.append(Finding("models-own", "Models", title, REPAIR, text))
    elif not mine:
        found.append(Finding("models-own", "Models", title, GOOD, f"None yet; they go to {own}."))
    else:
        found.append(Finding("models-own", "Models", title, GOOD, f"{len(mine)} in {own}, as they were imported."))
    place = writable("models-folder", "Folder of your models", own)
    found.append(Finding("models-folder", "Models", place.title, NOTE if place.state == REPAIR else GOOD, place.text))
    lost = sorted(key for key, name in records["defaults"].items() if not (own / str(name)).is_file())
    if lost:
        names = ", ".join(key.replace("/", " (") + ")" for key in lost)
        text = f"The model that you made the default of {names} is gone. Go back to the shipped one, or import it again."
        found.append(Finding("models-defaults", "Models", "Chosen defaults", REPAIR, text, "models-defaults"))
    return found


def scheduler(address: Optional[str]) -> List[Finding]:
    """Return a finding on whether the Dask scheduler at ``address`` answers; none where none is set."""
    if not address:
        return []
    def say(state: str, text: str, repair: str = "") -> Finding:
        return Finding("scheduler", "Surroundings", "Cluster", state, text, repair)

    found = re.fullmatch(r"(?:[a-z]+://)?\[?([^/\]]+?)\]?:(\d+)/?", address.strip())
    if found is None or int(found.group(2)) > 65535:
        text = f"{address} is no address of a scheduler; one looks like tcp://host:8786."
        return [say(REPAIR, text, "scheduler")]
    try:
        socket.create_connection((found.group(1), int(found.group(2))), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        reason = "it did not answer in time" if isinstance(error, socket.timeout) else (error.strerror or str(error))
        text = f"The scheduler {address} cannot be reached ({reason}). Start it, or let this machine compute."
        return [say(REPAIR, text, "scheduler")]
    return [say(GOOD, f"The scheduler {address} can be reached.")]
