"""Fine-tuning of the picture classifier on the user's own stacks, by the labels of an analyst.

Weights start from a trained network and move slowly; the epoch that does best on the tuning part counts, the start among them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import compared, patches, reads, train_resnet50_card, train_resnet50_data
from stillpoint.models.interferograms.resnet50 import ResNet50
from stillpoint.models.interferograms.resnet50_method import ARCHITECTURE, TASK, open_resnet50, probabilities
from stillpoint.models.interferograms.train_resnet50_figures import figures
from stillpoint.models.interferograms.train_resnet50_fit import calibrate, halved, loss_of
from stillpoint.models.interferograms.train_resnet50_labels import Labelled, dealt, labelled_pictures
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, comparison, devices, library, loop, page
from stillpoint.models.progress import Progress

RATE = 2e-4
"""Learning rate: a tenth of the rate that the network was trained with."""

NEW_RATE, EVEN = 2e-3, 0.5
"""Learning rate and threshold of new weights."""

EPOCHS, PATIENCE, BATCH = 12, 4, 16
NEW_EPOCHS, NEW_PATIENCE = 40, 10
MIXED_STACKS = 12
"""Simulated stacks that are mixed in, where that is asked for."""

FEWEST_STEPS, MOST_STEPS = 8, 60
"""Steps an epoch: one for each batch of labelled interferograms, within these bounds."""


def fine_tune(job: TrainModel, progress: Progress) -> Result:
    """Fine-tune the shipped classifier, or ``job.model``, on ``job.data`` by ``job.labels``; write weights, card, curve.

    Raises
    ------
    StillpointError
        There is no network to start from, or data or labels cannot be used.
    Cancelled
        Asked to stop; checkpoint and best weights so far are kept beside the output.
    """
    if not job.labels:
        raise StillpointError("Name the labels of the stack: a table with reference_date, secondary_date and keep (1 or 0).")
    start_file = _start_file(job)
    beside.refuse_overwriting(job.output, (*(job.data or ()), job.labels, *([str(start_file)] if start_file else [])))
    device = devices.pick(job.device)
    start = open_resnet50(start_file, device=str(device)) if start_file else None
    network = open_resnet50(start_file, device=str(device)).network if start_file else _new_network(job, device)
    threshold = start.threshold if start else EVEN
    side = network.shape.side
    labelled = labelled_pictures(job.data or (), job.labels, side=side, progress=progress.part(0.0, 0.3))
    learning, tuning, testing, note = dealt(labelled.pictures.good >= 0.5, labelled.days, seed=job.seed)
    learnt, tuned = labelled.pictures.take(learning), labelled.pictures.take(tuning)
    drawn, chance = learnt, train_resnet50_data.weights([(learnt, 1.0)])
    if job.mix:
        folder = Path(job.output).with_suffix(".examples")
        others = train_resnet50_data.simulated(
            job.seed, MIXED_STACKS, folder, side=side, learning=True, progress=progress.part(0.3, 0.4)
        )
        drawn, chance = patches.joined([learnt, others]), train_resnet50_data.weights([(learnt, 1 - job.mix), (others, job.mix)])
    epochs = job.epochs or (EPOCHS if start else NEW_EPOCHS)
    steps = int(np.clip(-(-len(learnt) // BATCH), FEWEST_STEPS, MOST_STEPS))
    settings = loop.Settings(
        steps=epochs * steps, epoch=steps, by="figure", larger_is_better=True, patience=PATIENCE if start else NEW_PATIENCE,
        rate=RATE if start else NEW_RATE, decay=0.02,
        average=0.5 / epochs,
    )  # fmt: skip
    digest = hashlib.sha256(learnt.images.tobytes() + tuned.images.tobytes() + labelled.pictures.good.tobytes()).hexdigest()

    def judge(model: ResNet50) -> Dict[str, float]:
        found = figures(probabilities(model, tuned.images, tuned.unwrapped), tuned.good, threshold)
        # Few pictures give many ties; the area breaks them.
        return {**found, "figure": found["balanced accuracy"] + 0.1 * found["area under the ROC curve"]}

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        return train_resnet50_data.draw_batch(drawn, chance, np.random.default_rng([job.seed, 64, step]), size=BATCH)

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        images, good = part.on(device)
        if start:
            _freeze_norms(model)
        logits = model(images.contiguous(memory_format=torch.channels_last))
        return part.share * loss_of(logits.float(), good)

    record = loop.train(
        job, network, batch, loss, settings, judge=judge,  # type: ignore[arg-type]
        start=start.network if start else None,
        about=f"{library.sha256(start_file) if start_file else 'new'} {job.mix} {digest}", progress=progress.part(0.4, 0.9),
    )  # fmt: skip
    notes = [*labelled.notes, *([note] if note else []), *record.notes()]
    parts = {"learning": learning, "tuning": tuning, "testing": testing}
    return _finish(network.cpu().eval(), job, start_file, labelled, parts, record, notes, progress.part(0.9, 1.0))


def _start_file(job: TrainModel) -> Optional[Path]:
    """Return the model whose weights the training begins with; None where they are new."""
    if job.start != "scratch":
        return library.model_of(TASK, job.network, job.model)
    if job.model:
        raise StillpointError("A training from scratch begins with new weights: name no model, or start from the model.")
    return None


def _new_network(job: TrainModel, device: torch.device) -> ResNet50:
    """Return the network that the job names with new weights."""
    from stillpoint.models.interferograms.train_resnet50 import RECIPES

    torch.manual_seed(job.seed)
    network = ResNet50(RECIPES[job.network].shape)
    return network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _freeze_norms(model: torch.nn.Module) -> None:
    """Let batch normalisation use what it learnt on thousands of pictures: a batch of a few of one stack would upset it."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


def _finish(
    network: ResNet50, job: TrainModel, start_file: Optional[Path], labelled: Labelled, parts: Mapping[str, np.ndarray],
    record: loop.Record, notes: List[str], progress: Progress,
) -> Result:  # fmt: skip
    """Calibrate, judge against the start, write the model, its card, curves and the page."""
    output = Path(job.output)
    pictures = {name: labelled.pictures.take(part) for name, part in parts.items()}
    tested = pictures["testing"]
    network.load_state_dict(halved(network))
    before = open_resnet50(start_file) if start_file else None
    if record.best or before is None:
        calibrate(network, [pictures["tuning"]], pull=0.1)
    else:
        notes.append("No epoch did better on the tuning part than the start: the weights are the start's.")
    threshold = before.threshold if before else EVEN
    after = figures(probabilities(network, tested.images, tested.unwrapped), tested.good, threshold)
    past = figures(probabilities(before.network, tested.images, tested.unwrapped), tested.good, threshold) if before else {}
    counts = train_resnet50_data.counts(pictures)
    header = library.Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=library.read_header(start_file).input if start_file else reads.of_resnet50(),
        training={
            "data": f"interferograms of {', '.join(Path(text).name for text in job.data or ())}",
            "labels": Path(job.labels or "").name,
            "pictures": counts,
            "start": {"file": start_file.name, "sha256": library.sha256(start_file)} if start_file else {},
            "balance": "what is kept and what is dropped are drawn equally often",
            "mix": job.mix,
            "seed": job.seed,
            "epochs": record.epochs,
            "best epoch": record.best,
            "command": beside.command(job),
        },
        metrics={**({"start": _rounded(past)} if past else {}), "fine-tuned": _rounded(after)},
        settings={"threshold": threshold},
    )
    if start_file:
        notes += comparison.seen_before(library.read_header(start_file).training, header.training, job.data)
    candidate = output.with_suffix(".candidate")
    library.save_model(candidate, halved(network), header)
    rows = np.flatnonzero(parts["testing"])
    asked = compared.Asked([labelled.stack[row] for row in rows], [labelled.days[row] for row in rows], tested.good)
    try:
        found = compared.compare(
            job.data or (), asked, "resnet50", candidate, str(start_file or ""), notes, progress, seed=job.seed
        )
    finally:
        candidate.unlink(missing_ok=True)
    found["shared"] = bool((parts["testing"] & parts["tuning"]).any())
    library.save_model(output, halved(network), header)
    written = beside.write_card_and_curves(output, train_resnet50_card.fine_tuned_card(header, found), record.rows)
    told = compared.parts_of(labelled.pictures.good, parts)
    written["report"] = compared.write_page(output, header, found, record, told, notes)
    lines = page.told(found)
    details = {"comparison": found, "metrics": after, "metrics_before": past, "pictures": counts, **record.details()}
    return Result({"output": job.output, **written}, "\n".join(lines), details, notes)


def _rounded(row: Dict[str, float]) -> Dict[str, float]:
    return {name: round(value, 4) for name, value in row.items()}
