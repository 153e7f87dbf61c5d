"""What lies beside a trained network, written the same way by every training: model card, curves, the command that repeats it.

Every file appears complete or not at all.
"""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterable, Mapping, Optional, Sequence

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import curves


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


def write_card_and_curves(output: Path, card: str, rows: Sequence[Mapping[str, Any]]) -> Dict[str, str]:
    """Write the model card and the learning curves beside ``output``; return their paths by what they are.

    Parameters
    ----------
    output
        The model.
    card
        In Markdown.
    rows
        Of :class:`stillpoint.models.learning.loop.Record`.
    """
    path = output.with_suffix(".md")
    replace_text(path, card)
    return {"card": str(path), **curves.write(output, rows)}


def write_job(job: TrainModel) -> str:
    """Write the job beside its model, so that ``stillpoint train TASK --job FILE`` repeats it; return the path."""
    path = Path(job.output).with_suffix(".job.json")
    # Whether it was resumed changes nothing of the result.
    replace_text(path, json.dumps(replace(job, resume=False).to_dict(), ensure_ascii=False, indent=1) + "\n")
    return str(path)


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
