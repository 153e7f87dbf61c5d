"""Fine-tuning of the default network on the user's own stacks, by what an analyst kept and dropped.

Some dozens of labels cannot teach how evidence is read, only where an analyst draws the line. So nothing but the last layers learn
(from what the network makes of a pair and its neighbours to the ranges of the error), and a pull holds them to where they
start. The epoch that does best on the part that is set aside counts, the start among them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import compared, evidence, train_resnet50_card
from stillpoint.models.interferograms.default import ARCHITECTURE, TASK, OpenedDefault, open_default
from stillpoint.models.interferograms.default_lessons import lesson
from stillpoint.models.interferograms.default_network import LIMIT, WRAPPED_LIMIT, DefaultNetwork, log_odds
from stillpoint.models.interferograms.reading import read_network
from stillpoint.models.interferograms.train_resnet50_figures import figures
from stillpoint.models.interferograms.train_resnet50_labels import FROM_NOTHING, Days, dealt, ordered, read_table
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, comparison, library, loop, page
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import open_stack

RATE, PULL = 1e-3, 0.02
"""Learning rate, and how strongly the last layers are held to the start (per squared distance of all their weights)."""

EPOCHS, STEPS, PATIENCE = 40, 10, 8
MIXED_STACKS = 8
"""Simulated stacks that are mixed in, where that is asked for."""

_NAMES = {"of high quality, right": "of kept, right", "of low quality, right": "of dropped, right",
          "F1 of low quality": "F1 of dropped", "pictures": "interferograms"}  # fmt: skip


@dataclass(frozen=True)
class LabelledPairs:
    """Labelled interferograms as the last layers of the network see them.

    Attributes
    ----------
    seen
        float32 [n, width]: what the network made of each.
    unwrapped
        bool [n].
    good
        float32 [n]: 1 keep, 0 drop.
    days
        Earlier and later date of each.
    notes
        What users should know of stacks and tables.
    stack
        Number of the stack of each.
    """

    seen: torch.Tensor
    unwrapped: torch.Tensor
    good: np.ndarray
    days: List[Days]
    notes: List[str]
    stack: Tuple[int, ...] = ()


def fine_tune(job: TrainModel, progress: Progress) -> Result:
    """Fine-tune the shipped network, or ``job.model``, on ``job.data`` by ``job.labels``; write weights, card and curve.

    Raises
    ------
    StillpointError
        There is no network to start from, or data or labels cannot be used.
    Cancelled
        Asked to stop; checkpoint and best weights so far are kept beside the output.
    """
    if not job.labels:
        raise StillpointError("Name the labels of the stack: a table with reference_date, secondary_date and keep (1 or 0).")
    if job.start == "scratch":
        raise StillpointError(FROM_NOTHING)
    start_file = library.model_of(TASK, "default", job.model)
    beside.refuse_overwriting(job.output, (*(job.data or ()), job.labels, str(start_file)))
    # What remains to be computed after the evidence is tiny: no device is faster than the processor.
    start, opened = open_default(start_file), open_default(start_file)
    labelled = labelled_pairs(start, job.data or (), job.labels, progress=progress.part(0.0, 0.75))
    learning, judging, testing, note = dealt(labelled.good >= 0.5, labelled.days, seed=job.seed)
    mixed = _simulated(start, job, progress.part(0.75, 0.8)) if job.mix else None
    epochs = job.epochs or EPOCHS
    # All labels are in every step: there is no part of a batch, and what is learned is so little that one device does.
    settings = loop.Settings(
        steps=epochs * STEPS, epoch=STEPS, by="figure", larger_is_better=True, patience=PATIENCE, rate=RATE, decay=0.0,
        average=0.5 / epochs, splits=False,
    )  # fmt: skip
    network = opened.network
    for name, weight in network.named_parameters():
        weight.requires_grad_(name.startswith("answer."))
    origin = [weight.detach().clone() for weight in start.network.answer.parameters()]
    good = torch.from_numpy(labelled.good[learning])
    even = _balance(good)

    def loss(model: Any, part: loop.Part) -> torch.Tensor:
        misfit = functional.binary_cross_entropy_with_logits(-_odds(model, labelled, learning), good, weight=even)
        if mixed is not None:
            every = np.ones(len(mixed.good), bool)
            other = functional.binary_cross_entropy_with_logits(-_odds(model, mixed, every), torch.from_numpy(mixed.good))
            misfit = (1 - job.mix) * misfit + job.mix * other
        apart = [((weight - first) ** 2).sum() for weight, first in zip(model.answer.parameters(), origin)]
        return misfit + PULL * torch.stack(apart).sum()

    def judge(model: Any) -> Dict[str, float]:
        found = _figures(model, labelled, judging, start.threshold)
        # Few interferograms give many ties; the area breaks them.
        return {**found, "figure": found["balanced accuracy"] + 0.1 * found["area under the ROC curve"]}

    record = loop.train(
        job, network, lambda step: [step], loss, settings, judge=judge, start=start.network,
        about=f"{_run(start_file, labelled, learning)} {job.mix}", progress=progress.part(0.8, 0.92),
    )
    parts = {"learning": learning, "tuning": judging, "testing": testing}
    result = _finish(network.eval(), start, job, start_file, labelled, parts, note, record, progress.part(0.92, 0.99))
    progress.done()
    return result


def _balance(good: torch.Tensor) -> torch.Tensor:
    """Return weights that make what is kept and what is dropped count the same; their mean is 1."""
    kept = float(good.sum())
    return torch.where(good >= 0.5, len(good) / (2 * kept), len(good) / (2 * (len(good) - kept)))


def _simulated(start: OpenedDefault, job: TrainModel, progress: Progress) -> LabelledPairs:
    """Return simulated interferograms as the last layers see them, labelled by the size of their error."""
    folder = Path(job.output).with_suffix(".examples")
    seen: List[torch.Tensor] = []
    unwrapped: List[bool] = []
    good: List[np.ndarray] = []
    for index in range(MIXED_STACKS):
        progress(index / MIXED_STACKS, f"Simulated stack {index + 1} of {MIXED_STACKS}")
        drawn = lesson(job.seed, index, folder)
        known = torch.isfinite(drawn.rms)
        caught = _caught(start.network, drawn.maps.float(), drawn.figures, drawn.reliable, drawn.ends, drawn.dates)
        seen.append(caught[known])
        unwrapped += [drawn.unwrapped] * int(known.sum())
        limit = LIMIT if drawn.unwrapped else WRAPPED_LIMIT
        good.append((drawn.rms[known] <= limit).float().numpy())
    return LabelledPairs(torch.cat(seen), torch.tensor(unwrapped), np.concatenate(good), [], [])


def labelled_pairs(opened: OpenedDefault, data: Tuple[str, ...], labels: str, *, progress: Progress) -> LabelledPairs:
    """Return the labelled interferograms of stacks; those without a label still serve as their neighbours' evidence.

    Parameters
    ----------
    opened
        The network that looks at them.
    data
        Stacks of unwrapped or wrapped interferograms.
    labels
        A table; for several stacks a folder with a table named like each stack, or one table for all.
    progress
        Told how far the work is.

    Raises
    ------
    StillpointError
        A stack or a table cannot be used, or they have no pair in common.
    """
    rows: List[torch.Tensor] = []
    unwrapped: List[bool] = []
    good: List[float] = []
    days: List[Days] = []
    notes: List[str] = []
    stacks: List[int] = []
    for number, text in enumerate(data):
        part = progress.part(number / len(data), (number + 1) / len(data))
        table = Path(labels) / f"{Path(text).stem}.csv" if Path(labels).is_dir() else Path(labels)
        known = read_table(table)
        with open_stack(text) as stack:
            network, _ = read_network(stack, progress=part.part(0.0, 0.4)).usable()
        found = evidence.gather(network, progress=part.part(0.4, 1.0))
        ends = [ordered(*(str(network.dates[end]) for end in pair)) for pair in network.pairs]
        taken = [index for index, pair in enumerate(ends) if pair in known]
        rows.append(_seen(opened.network, found, network.pairs, len(network.dates))[taken])
        unwrapped += [network.unwrapped] * len(taken)
        good += [known[ends[index]] for index in taken]
        days += [ends[index] for index in taken]
        stacks += [number] * len(taken)
        if len(taken) < len(known):
            notes.append(f"{len(known) - len(taken)} labels of {table.name} belong to no interferogram of {Path(text).name}.")
    if not good:
        raise StillpointError(
            f"None of the labels in {labels} belongs to an interferogram of {', '.join(data)}: no pair of dates is in both."
        )
    return LabelledPairs(torch.cat(rows), torch.tensor(unwrapped), np.array(good, np.float32), days, notes, tuple(stacks))


def _seen(network: DefaultNetwork, found: evidence.Evidence, pairs: np.ndarray, dates: int) -> torch.Tensor:
    """Return what goes into the last layers, float32 [pairs, width]."""
    given = (torch.from_numpy(each) for each in (found.maps, found.figures, found.reliable, pairs.astype(np.int64)))
    return _caught(network, *given, dates)


def _caught(network: DefaultNetwork, *given: Any) -> torch.Tensor:
    """Return what the last layers get where the network is called with ``given``."""
    caught: List[torch.Tensor] = []
    hook = network.answer.register_forward_pre_hook(lambda module, seen: caught.append(seen[0]))
    try:
        with torch.no_grad():
            network(*given)
    finally:
        hook.remove()
    return caught[0]


def _odds(network: DefaultNetwork, labelled: LabelledPairs, part: np.ndarray) -> torch.Tensor:
    """Return the calibrated log odds that the pairs of a part (bool [n]) are bad."""
    taken = torch.from_numpy(part)
    logits = network.answer(labelled.seen[taken])
    odds = torch.where(labelled.unwrapped[taken], log_odds(logits), log_odds(logits, unwrapped=False))
    return network.warp[0] * odds + network.warp[1]


def _figures(network: DefaultNetwork, labelled: LabelledPairs, part: np.ndarray, threshold: float) -> Dict[str, float]:
    with torch.no_grad():
        odds = _odds(network, labelled, part).double().numpy()
    found = figures(1 / (1 + np.exp(odds)), labelled.good[part], threshold)
    return {_NAMES.get(name, name): value for name, value in found.items()}


def _run(start_file: Path, labelled: LabelledPairs, learning: np.ndarray) -> str:
    """Return what tells this run from others: start, evidence, labels and parts."""
    content = labelled.seen.numpy().tobytes() + labelled.good.tobytes() + learning.tobytes()
    return f"{library.sha256(start_file)} {hashlib.sha256(content).hexdigest()}"


def _finish(
    network: DefaultNetwork, start: OpenedDefault, job: TrainModel, start_file: Path, labelled: LabelledPairs,
    parts: Mapping[str, np.ndarray], note: Optional[str], record: loop.Record, progress: Progress,
) -> Result:  # fmt: skip
    """Judge against the start, write the model, its card, curves and the page."""
    output, judging = Path(job.output), parts["testing"]
    notes = [*labelled.notes, *([note] if note else []), *record.notes()]
    if not record.best:
        notes.append("No epoch did better on the interferograms that were set aside than the start: the weights are the start's.")
    past = _figures(start.network, labelled, judging, start.threshold)
    after = _figures(network, labelled, judging, start.threshold)
    before, good = library.read_header(start_file), labelled.good >= 0.5
    counts = {name: (int(good[part].sum()), int((~good[part]).sum())) for name, part in
              parts.items()}  # fmt: skip
    header = library.Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=before.input,
        training={
            "data": f"interferograms of {', '.join(Path(text).name for text in job.data or ())}",
            "labels": Path(job.labels or "").name,
            "interferograms": counts,
            "start": {"file": start_file.name, "sha256": library.sha256(start_file)},
            "balance": "what is kept and what is dropped count the same in the loss",
            "mix": job.mix,
            "seed": job.seed,
            "epochs": record.epochs,
            "best epoch": record.best,
            "command": beside.command(job),
        },
        metrics={name: {key: round(value, 4) for key, value in row.items()}
                 for name, row in (("start", past), ("fine-tuned", after))},
        settings=before.settings,
    )  # fmt: skip
    notes += comparison.seen_before(before.training, header.training, job.data)
    candidate = output.with_suffix(".candidate")
    library.save_model(candidate, network.state_dict(), header)
    try:
        asked = compared.Asked(np.array(labelled.stack)[judging].tolist(), [labelled.days[row] for row in np.flatnonzero(judging)],
                               labelled.good[judging])  # fmt: skip
        found = compared.compare(
            job.data or (), asked, "default", candidate, str(start_file), notes, progress, seed=job.seed
        )
    finally:
        candidate.unlink(missing_ok=True)
    found["shared"] = bool((judging & parts["tuning"]).any())
    library.save_model(output, network.state_dict(), header)
    written = beside.write_card_and_curves(output, fine_tuned_card(header, found), record.rows)
    told = compared.parts_of(labelled.good, parts)
    written["report"] = compared.write_page(output, header, found, record, told, notes)
    lines = page.told(found)
    details = {"comparison": found, "metrics": after, "metrics_before": past, "interferograms": counts, **record.details()}
    return Result({"output": job.output, **written}, "\n".join(lines), details, notes)


def fine_tuned_card(header: library.Header, found: Mapping[str, Any]) -> str:
    """Return the model card of a fine-tuned network in Markdown."""
    training = header.training
    counted = "; ".join(f"{name} {kept} to keep and {lost} to drop" for name, (kept, lost) in training["interferograms"].items())
    return f"""# Network that judges interferograms, fine-tuned (`{header.architecture}` {header.version})

Says of every interferogram of a small-baseline stack how probable it is that an analyst would keep it.

- **Start**: `{training['start']['file']}` (SHA-256 {training['start']['sha256'][:16]}...).
- **Fine-tuned on**: {training['data']}, labels {training['labels']}: {counted}. The parts share no date where labels suffice.
- **What moved**: the last two layers, held to where they started; how evidence is gathered and read, the error of the cells, and
  the threshold ({header.settings['threshold']}) are the start's. {training['balance'].capitalize()}.
- **Made by**: `{training['command']}` ({training['epochs']} epochs, the best was number {training['best epoch']}; 0 is the start)
- **Licence**: {header.licence}

## On the part that was set aside

{training['interferograms']['testing'][0]} interferograms to keep and {training['interferograms']['testing'][1]} to drop, from which
nothing was learnt.

{train_resnet50_card.figures_table(dict(header.metrics))}

{page.card_table(found)}

## Where it fails

- Beyond stacks like those it was fine-tuned on nobody has measured it: use the start there.
- It repeats what its labels say: an analyst who drops strong atmosphere teaches to drop it.
- The expected error variance follows the score; where labels speak of something else than the size of the error, it is off.
"""
