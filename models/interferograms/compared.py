"""A trained network beside its start and the classical methods, on interferograms of the test part: each asked as it is used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.methods import open_method
from stillpoint.models.interferograms.reading import read_network
from stillpoint.models.interferograms.train_resnet50_labels import Days, ordered
from stillpoint.models.learning import comparison, library, page
from stillpoint.models.learning.library import Header
from stillpoint.models.learning.loop import Record
from stillpoint.models.learning.splits import Part
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import open_stack

CLASSES = ("drop", "keep")
PARTS = ("learning", "tuning", "testing")


@dataclass(frozen=True)
class Asked:
    """Interferograms that are compared: the number of their stack, their dates, and 1 (keep) or 0 (drop)."""

    stack: Sequence[int]
    days: Sequence[Days]
    good: np.ndarray


def compare(
    data: Sequence[str], asked: Asked, method: str, model: Path, start: str, notes: List[str], progress: Progress, *, seed: int
) -> Dict[str, Any]:
    """Return the figures of the new model, its start, loop closure and coherence; sentences for the user are added to ``notes``.

    Parameters
    ----------
    data
        The stacks.
    asked
        The test part.
    method, model
        Of the new network.
    start
        File that it was fine-tuned from; empty where its weights were new.
    notes
        Gets sentences for the user.
    progress
        Told how far it is.
    seed
        Of the intervals.
    """
    shipped = library.shipped("interferograms", method)
    contenders: List[Tuple[str, str, str, str]] = [("new model", comparison.NEW, method, str(model))]
    if start and Path(start) != shipped:
        contenders.append((f"start {Path(start).name}", comparison.START, method, start))
    if shipped.is_file():
        contenders.append((f"shipped model {shipped.name}", comparison.SHIPPED, method, str(shipped)))
    contenders.append(("loop closure", comparison.CLASSICAL, "loop_closure", ""))
    contenders.append(("mean coherence", comparison.CLASSICAL, "coherence", ""))
    scores = [np.full(len(asked.days), np.nan) for _ in contenders]
    kept = [np.zeros(len(asked.days), bool) for _ in contenders]
    refused: Dict[int, str] = {}
    for number, text in enumerate(data):
        here = {days: place for place, (stack, days) in enumerate(zip(asked.stack, asked.days)) if stack == number}
        if not here:
            continue
        part = progress.part(number / len(data), (number + 1) / len(data))
        with open_stack(text) as stack:
            reading = read_network(stack, progress=part.part(0.0, 0.3))
            network, _ = reading.usable()
            ends = [ordered(*(str(network.dates[end]) for end in pair)) for pair in network.pairs]
            for place, (name, role, how, file) in enumerate(contenders):
                part(0.3 + 0.7 * place / len(contenders), f"{Path(text).name} as seen by {name}")
                try:
                    found = open_method(how, model=file or None)(network, part.part(0.3, 1.0))
                except StillpointError as error:
                    if role == comparison.NEW:
                        raise
                    refused[place] = str(error)
                    continue
                for row, days in enumerate(ends):
                    if days in here:
                        scores[place][here[days]] = found.score[row]
                        kept[place][here[days]] = found.score[row] >= found.threshold
            if reading.coherence is not None:
                reading.coherence.close()
    for place, reason in refused.items():
        notes.append(f"The method {contenders[place][0]} could not be compared: {reason}")
    answers = []
    for place, (name, role, _, _) in enumerate(contenders):
        if place in refused:
            continue
        known = np.isfinite(scores[place])
        chance = np.where(known, scores[place], 0.5)
        both = None if role == comparison.CLASSICAL else np.stack([1 - chance, chance], axis=1)
        answers.append(comparison.Answers(name, role, np.where(known, kept[place].astype(np.int64), -1), both, 1 - chance))
    groups = np.array([hash_of(stack, days[0]) for stack, days in zip(asked.stack, asked.days)])
    return comparison.compare(
        (asked.good >= 0.5).astype(np.int64), answers, groups, classes=CLASSES, decides=comparison.AREA, positive=0, unit="dates",
        seed=seed,
    )  # fmt: skip


def hash_of(stack: int, day: str) -> int:
    """Return a number that stands for a stack and a date."""
    return stack * 10**8 + int(day.replace("-", ""))


def parts_of(good: np.ndarray, parts: Mapping[str, np.ndarray]) -> List[Part]:
    """Return the parts for people; they have no place on a map."""
    names = {"learning": "train", "tuning": "validation", "testing": "test"}
    told = []
    for name, part in parts.items():
        counts = {"keep": int((good[part] >= 0.5).sum()), "drop": int((good[part] < 0.5).sum())}
        told.append(Part(names[name], "interferograms", sum(counts.values()), counts))
    return told


def write_page(
    output: Path, header: Header, found: Mapping[str, Any], record: Record, parts: Sequence[Part], notes: Sequence[str]
) -> str:
    """Write the page beside the model ``output`` and return its path."""
    training = header.training
    start = training["start"]
    facts = [
        ("Network", f"{header.architecture} {header.version}"),
        ("Start", f"{start['file']} (SHA-256 {start['sha256'][:16]}...)" if start else "new weights"),
        ("Data", training["data"] + (f"; {training['mix']:.0%} of the examples simulated" if training.get("mix") else "")),
        ("Labels", training["labels"]),
        ("Classes", training["balance"]),
        ("Epochs", f"{training['epochs']}, the best was number {training['best epoch']}"),
        ("Command", training["command"]),
    ]
    return page.write(
        output, title=f"Interferogram network {output.stem}", facts=facts, history=record.rows, best=record.best, comparison=found,
        parts=parts, notes=notes,
    )  # fmt: skip
