"""What lies beside a trained network, written the same way by every training: model card, curves, the command that repeats it.

Every file appears complete or not at all.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel


def command(job: TrainModel, *, epochs: Optional[int] = None) -> str:
    """Return the command line that repeats ``job``, with the names of its files alone.

    Parameters
    ----------
    job
        The training.
    epochs
        The number that was taken where the job leaves it to the network; None names only what the job names.
    """
    words = [f"stillpoint train {job.capability}", f"--network {job.network}", f"--seed {job.seed}"]
    if job.data:
        words.append("--data " + " ".join(Path(path).name for path in job.data))
    if job.labels:
        words.append(f"--labels {Path(job.labels).name}")
    if epochs or job.epochs:
        words.append(f"--epochs {epochs or job.epochs}")
    if job.model:
        words.append(f"--model {Path(job.model).name}")
    if job.start != "auto":
        words.append(f"--start {job.start}")
    if job.mix:
        words.append(f"--mix {job.mix:g}")
    return " ".join([*words, f"--output {Path(job.output).name}"])


def refuse_overwriting(output: str, read: Iterable[Optional[str]]) -> None:
    """Raise a StillpointError where the model ``output`` would be written over a file that is read."""
    for text in read:
        if text and Path(text).exists() and Path(text).resolve() == Path(output).resolve():
            raise StillpointError(f"The model would be written over {text}, which is read. Name another output.")


def write_card_and_curves(output: Path, card: str, history: Sequence[Mapping[str, float]]) -> Dict[str, str]:
    """Write the model card and the curves of a training beside ``output``; return their paths by what they are."""
    paths = {"card": output.with_suffix(".md"), "curves": output.with_suffix(".curves.csv")}
    replace_text(paths["card"], card)
    names = list(history[-1]) if history else []
    write_table(paths["curves"], names, ([row[name] for name in names] for row in history))
    return {name: str(path) for name, path in paths.items()}


def write_history(path: Path, history: List[Dict[str, float]], *, first: int = 1) -> None:
    """Write the figures of the epochs, numbered from ``first``, as CSV."""
    names = list(history[0]) if history else []
    rows = ([number, *(row[name] for name in names)] for number, row in enumerate(history, start=first))
    write_table(path, ["epoch", *names], rows)


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write numbers as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([f"{value:.6g}" for value in row] for row in rows)
    replace_text(path, stream.getvalue())


def replace_text(path: Path, text: str) -> None:
    """Write a text file; raise a StillpointError where that is not possible, and leave what was there."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(text.encode("utf-8"))
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StillpointError(f"{path} cannot be written: {error.strerror or error}.") from error
