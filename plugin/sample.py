"""The sample project's data: four small simulated scenes with known truth, made by the plugin's own engine in a folder.

Blocks, so it belongs into a background thread; :mod:`stillpoint.plugin.sample_map` makes the project of it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from stillpoint.models import __version__
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result, Simulate
from stillpoint.plugin.language import tr

VALLEY, CITY, NETWORK, SURGE = "valley", "city", "network", "surge"
PARTS = (VALLEY, CITY, NETWORK, SURGE)

DISK_NEEDED = 150e6
"""Free bytes that the data and the results of the tour take."""

RECORD, PROJECT = "sample.json", "stillpoint sample.qgz"

POINTS, DATES, SEED = 8_000, 139, 1
CITY_SIZE, CITY_DATES = 240, 24
NETWORK_SIZE, NETWORK_DATES = 160, 20
SURGE_SIZE = 384

Run = Callable[[Job, Callable[[float, str], None]], Result]
"""Does a job and reports how far it is."""


@dataclass(frozen=True)
class Sample:
    """The sample's data.

    Attributes
    ----------
    folder
        Where they lie.
    files
        By part, the files by the names that ``simulate`` gives them; a part that could not be made is missing.
    notes
        Why parts are missing, as sentences.
    """

    folder: Path
    files: Mapping[str, Mapping[str, str]]
    notes: Sequence[str] = ()

    @property
    def project(self) -> Path:
        """The project file, which need not exist."""
        return self.folder / PROJECT

    def path(self, part: str, name: str) -> Path:
        """Return a file of a part; raise a KeyError where there is none."""
        return self.folder / self.files[part][name]


def default_folder() -> Path:
    """Return where the sample goes when nobody says otherwise: the system's folder for temporary files."""
    return Path(tempfile.gettempdir()) / "stillpoint-sample"


def known(folder: Path) -> Optional[Sample]:
    """Return the sample that an earlier run made in ``folder``; None where it is not whole, or another version's."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if record["version"] != __version__:
            return None
        files = {part: {name: str(file) for name, file in names.items()} for part, names in record["files"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    sample = Sample(folder, files, tuple(map(str, record.get("notes", ()))))
    paths = [folder / file for names in files.values() for file in names.values()]
    return sample if files and all(path.is_file() for path in paths) else None


def jobs(folder: Path) -> List[Tuple[str, str, Simulate]]:
    """Return what is simulated: part, words for people, job."""
    return [
        (
            VALLEY, tr("Simulating a valley with landslides and a town"),
            Simulate(what="valley", output=str(folder / "valley.gpkg"), points=POINTS, dates=DATES, seed=SEED,
                     terrain=str(folder / "valley_terrain.tif")),
        ),
        (
            CITY, tr("Simulating radar images of a city"),
            Simulate(what="scene", output=str(folder / "city_points.gpkg"), stack=str(folder / "city.tif"), site="demo",
                     size=CITY_SIZE, dates=CITY_DATES, seed=SEED, terrain=str(folder / "city_terrain.tif")),
        ),
        (
            SURGE, tr("Simulating two images of a glacier"),
            Simulate(what="offsets", output=str(folder / "surge.tif"), site="demo", size=SURGE_SIZE, seed=SEED),
        ),
        (
            NETWORK, tr("Simulating interferograms"),
            Simulate(what="interferograms", output=str(folder / "network.tif"), site="demo", size=NETWORK_SIZE,
                     dates=NETWORK_DATES, seed=SEED),
        ),
    ]  # fmt: skip


def make(folder: Path, run: Run, *, report: Callable[[float, str], None] = lambda fraction, text: None) -> Sample:
    """Simulate the sample into ``folder`` and return it. A part that cannot be made is left out, and said so.

    Parameters
    ----------
    folder
        Made where it does not exist; files of an earlier sample in it are replaced.
    run
        Does one job.
    report
        Takes the fraction done (0..1) and a message.

    Raises
    ------
    StillpointError
        The folder cannot be written to, its disk is full, or no part could be made.
    Cancelled
        The user stopped it.
    """
    check_folder(folder)
    (folder / RECORD).unlink(missing_ok=True)  # until the new one is whole there is none
    work = jobs(folder)
    shares = {VALLEY: 0.15, CITY: 0.2, SURGE: 0.25, NETWORK: 0.4}
    files: Dict[str, Dict[str, str]] = {}
    notes: List[str] = []
    done = 0.0
    for part, text, job in work:
        report(done, text)
        start, share = done, shares[part]

        def inner(fraction: float, _message: str, start: float = start, share: float = share, text: str = text) -> None:
            report(start + share * fraction, text)

        try:
            result = run(job, inner)
            files[part] = {name: Path(path).name for name, path in result.outputs.items()}
        except Cancelled:
            raise
        except StillpointError as error:
            notes.append(tr("{what} was left out: {reason}").format(what=text, reason=error))
        done += share
    if not files:
        raise StillpointError(notes[0])
    _record(folder, files, notes)
    report(1.0, tr("The sample is ready"))
    return Sample(folder, files, tuple(notes))


def put_aside(path: Path) -> None:
    """Rename a file that is in the way; nothing where there is none. Raises a StillpointError where that is not possible."""
    number, aside = 1, path.with_name(f"{path.stem} (old){path.suffix}")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem} (old {number}){path.suffix}")
    try:
        os.replace(path, aside)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or error
        raise StillpointError(tr("{path} cannot be renamed: {reason}.").format(path=path, reason=reason)) from error


def check_folder(folder: Path) -> None:
    """Make the folder; raise a StillpointError where it cannot be made, or its disk has no room for the sample."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StillpointError(
            tr("The folder {folder} cannot be made ({reason}). Choose another.").format(
                folder=folder, reason=error.strerror or error
            )
        ) from None
    if not os.access(folder, os.W_OK):
        raise StillpointError(tr("The folder {folder} cannot be written to. Choose another.").format(folder=folder))
    if free < DISK_NEEDED:
        raise StillpointError(
            tr("The disk of {folder} has {free:.0f} MB free, and the sample needs {needed:.0f} MB. Choose another folder.").format(
                folder=folder, free=free / 1e6, needed=DISK_NEEDED / 1e6
            )
        )


def _record(folder: Path, files: Mapping[str, Mapping[str, str]], notes: Sequence[str]) -> None:
    path = folder / RECORD
    partial = path.with_name(f"{RECORD}.{os.getpid()}.partial")
    text = json.dumps({"version": __version__, "files": files, "notes": list(notes)}, ensure_ascii=False, indent=1)
    try:
        partial.write_text(text + "\n", encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise StillpointError(tr("{path} cannot be written: {strerror}.").format(
            path=path, strerror=error.strerror or error)) from error  # fmt: skip
    finally:
        partial.unlink(missing_ok=True)
