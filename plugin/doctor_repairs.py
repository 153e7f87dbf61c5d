"""What the environment doctor can mend: each repair by its name, with the words of its button and what it does.

A repair that takes time gives a function for the background; the others are done at once, on the main thread.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import shelf
from stillpoint.models.learning.cards import model_file, shipped
from stillpoint.plugin import doctor, environment, installation, runner, settings, tasks
from stillpoint.plugin.language import tr


@dataclass(frozen=True)
class Repair:
    """One thing that a click mends.

    Attributes
    ----------
    text
        Of its button.
    tip
        What it does, as a sentence.
    question
        To be asked first, as it takes long or cannot be undone; empty where there is nothing to ask.
    slow
        True where it runs in the background: :func:`mend` is then called there.
    """

    text: str
    tip: str
    question: str = ""
    slow: bool = False


def repairs() -> Dict[str, Repair]:
    """Return the repairs by name; ``"choose"`` is the window's, which asks for a file."""
    build = best_build()
    needed = installation.DISK_NEEDED[build.id] / 2**30
    return {
        "build": Repair(
            tr("Build the environment…"),
            tr("Makes Stillpoint's own environment anew in your QGIS profile, beside the one that is there until it is done."),
            tr("Build Stillpoint's own environment now?\n\nPyTorch: {build}. It needs {needed:.0f} GB of disk while it is "
               "unpacked, an internet connection, and some minutes. The environment that is there stays until the new one "
               "works.").format(build=build.title, needed=needed),
            slow=True,
        ),
        "install": Repair(
            tr("Install what is missing"), tr("Installs the missing libraries into Stillpoint's own environment."), slow=True
        ),
        "choose": Repair(tr("Choose an interpreter…"), tr("Lets you point to the python program of an environment of yours.")),
        "forget": Repair(
            tr("Forget the choice"), tr("Removes the interpreter from the settings, so that Stillpoint looks for one itself.")
        ),
        "cache": Repair(
            tr("Clear it"), tr("Removes what Stillpoint remembers of the engine, and what an interrupted build left."), slow=True
        ),
        "scheduler": Repair(
            tr("Compute on this machine"),
            tr("Removes the address of the cluster from the settings, so that this machine computes."),
        ),
        "models-defaults": Repair(
            tr("Use the shipped model"), tr("Makes the models that came with Stillpoint the default where yours is gone.")
        ),
        "models-records": Repair(
            tr("Start a new list"),
            tr("Renames the damaged list of your models; the models stay where they are, and can be imported again."),
        ),
    }  # fmt: skip


def best_build() -> installation.Build:
    """Return the build of torch that is recommended for this computer."""
    return installation.builds(cuda=_cuda())[0]


ENDS_JOBS = ("build", "install")
"""Repairs that end the engine, and with it every job that runs."""


def check_idle() -> None:
    """Raise a StillpointError where a job runs that would be ended."""
    if runner.is_busy():
        raise StillpointError(
            tr("A job of Stillpoint is running, and this would end it. Wait for it, or cancel it in QGIS's task manager.")
        )


_CUDA: Dict[str, Optional[tuple[int, int]]] = {}


def _cuda() -> Optional[tuple[int, int]]:
    """Return the driver's CUDA; asked once, as it takes a moment and does not change while QGIS runs."""
    if "known" not in _CUDA:
        _CUDA["known"] = installation.driver_cuda()
    return _CUDA["known"]


def mend(name: str, work: Optional[tasks.Work] = None) -> str:
    """Do the repair ``name`` and return what was done, as a sentence.

    Parameters
    ----------
    name
        One of :func:`repairs`, apart from ``"choose"``.
    work
        The background work that it is done in, for progress and cancel; slow repairs need it.

    Raises
    ------
    StillpointError
        It could not be done; the sentence says why.
    Cancelled
        The user stopped it.
    """
    return _MENDERS[name](work)


def choose(path: str, work: tasks.Work) -> str:
    """Check the interpreter ``path`` in the background and keep it where it serves; raise a StillpointError where not."""
    found = environment.check(environment.Interpreter(path, "setting"), cancelled=work.isCanceled)
    if found.problem:
        raise StillpointError(found.problem)
    settings.set_interpreter(path)
    environment.forget()
    return tr("{path} is used from now on.").format(path=path)


def _build(work: Optional[tasks.Work]) -> str:
    runner.close()  # a warm worker would hold files of the old environment
    _installation(work).run()
    settings.set_interpreter("")  # whoever builds an environment wants it used
    return tr("Stillpoint's own environment was built.")


def _install(work: Optional[tasks.Work]) -> str:
    runner.close()
    _installation(work).complete()
    return tr("What was missing is installed.")


def _installation(work: Optional[tasks.Work]) -> installation.Installation:
    if work is None:
        raise ValueError("this repair runs in the background")
    return installation.Installation(best_build(), log=work.line, report=work.report, cancelled=work.isCanceled)


def _forget(_work: Optional[tasks.Work]) -> str:
    settings.set_interpreter("")
    environment.forget()
    return tr("The choice of the interpreter is Stillpoint's again.")


def _cache(_work: Optional[tasks.Work]) -> str:
    environment.forget()
    settings.put("devices", "")
    stuck = []
    for draft in doctor.leftovers():
        shutil.rmtree(draft, ignore_errors=True)
        if draft.exists():
            stuck.append(str(draft))
    if stuck:
        raise StillpointError(
            tr("{names} cannot be removed. Close other QGIS windows and try again.").format(names=", ".join(stuck))
        )
    return tr("What was remembered is cleared; Stillpoint looks at the engine anew.")


def _scheduler(_work: Optional[tasks.Work]) -> str:
    settings.set_scheduler("")
    return tr("This machine computes.")


def _models_defaults(_work: Optional[tasks.Work]) -> str:
    done = []
    for key, name in list(shelf.records()["defaults"].items()):
        if not (shelf.folder() / str(name)).is_file():
            task, _, network = key.partition("/")
            model = model_file(shipped(task, network))
            shelf.choose(model)
            done.append(model.name)
    return tr("Used from now on: {names}.").format(names=", ".join(done)) if done else tr("No default was missing.")


def _models_records(_work: Optional[tasks.Work]) -> str:
    records = shelf.folder() / shelf.RECORDS
    aside = _free_name(records.with_name(f"{shelf.RECORDS}.damaged"))
    try:
        os.replace(records, aside)
    except FileNotFoundError:
        return tr("There is no damaged list any more.")
    except OSError as error:
        raise StillpointError(
            tr("{path} cannot be renamed: {reason}.").format(path=records, reason=error.strerror or error)
        ) from error
    return tr("The damaged list is now called {name}. Import your models again to use them.").format(name=aside.name)


def _free_name(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


_MENDERS = {
    "build": _build, "install": _install, "forget": _forget, "cache": _cache, "scheduler": _scheduler,
    "models-defaults": _models_defaults, "models-records": _models_records,
}  # fmt: skip
