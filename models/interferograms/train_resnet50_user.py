"""Fine-tuning of the picture classifier on the user's own stacks, by the labels of an analyst.

Weights start from a trained network and move slowly; the epoch that does best on the tuning part counts, the start among them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import train_resnet50_card, train_resnet50_data
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.resnet50 import ResNet50
from stillpoint.models.interferograms.resnet50_method import ARCHITECTURE, TASK, open_resnet50, probabilities
from stillpoint.models.interferograms.train_resnet50_figures import figures
from stillpoint.models.interferograms.train_resnet50_fit import calibrate, halved, loss_of
from stillpoint.models.interferograms.train_resnet50_labels import labelled_pictures, split
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, library, loop
from stillpoint.models.progress import Progress

RATE = 2e-4
"""Learning rate: a tenth of the rate that the network was trained with."""

EPOCHS, PATIENCE, BATCH = 12, 4, 16
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
    start_file = Path(job.model) if job.model else library.shipped(TASK, "resnet50")
    beside.refuse_overwriting(job.output, (*(job.data or ()), job.labels, str(start_file)))
    device = devices.pick(job.device)
    start = open_resnet50(start_file, device=str(device))
    network = open_resnet50(start_file, device=str(device)).network
    side = network.shape.side
    labelled = labelled_pictures(job.data or (), job.labels, side=side, progress=progress.part(0.0, 0.3))
    learning, tuning, note = split(labelled, seed=job.seed)
    learnt, tuned = labelled.pictures.take(learning), labelled.pictures.take(tuning)
    chance = train_resnet50_data.weights([(learnt, 1.0)])
    epochs, steps = job.epochs or EPOCHS, int(np.clip(-(-len(learnt) // BATCH), FEWEST_STEPS, MOST_STEPS))
    settings = loop.Settings(
        steps=epochs * steps, epoch=steps, by="figure", larger_is_better=True, patience=PATIENCE, rate=RATE, decay=0.02,
        average=0.5 / epochs,
    )  # fmt: skip
    digest = hashlib.sha256(learnt.images.tobytes() + tuned.images.tobytes() + labelled.pictures.good.tobytes()).hexdigest()

    def judge(model: ResNet50) -> Dict[str, float]:
        found = figures(probabilities(model, tuned.images, tuned.unwrapped), tuned.good, start.threshold)
        # Few pictures give many ties; the area breaks them.
        return {**found, "figure": found["balanced accuracy"] + 0.1 * found["area under the ROC curve"]}

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        return train_resnet50_data.draw_batch(learnt, chance, np.random.default_rng([job.seed, 64, step]), size=BATCH)

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        images, good = part.on(device)
        _freeze_norms(model)
        logits = model(images.contiguous(memory_format=torch.channels_last))
        return part.share * loss_of(logits.float(), good)

    record = loop.train(
        job, network, batch, loss, settings, judge=judge,  # type: ignore[arg-type]
        start=start.network, about=f"{library.sha256(start_file)} {digest}", progress=progress.part(0.3, 0.97),
    )  # fmt: skip
    notes = [*labelled.notes, *([note] if note else []), *record.notes()]
    return _finish(network.cpu().eval(), job, start_file, (learnt, tuned), record, notes)


def _freeze_norms(model: torch.nn.Module) -> None:
    """Let batch normalisation use what it learnt on thousands of pictures: a batch of a few of one stack would upset it."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


def _finish(
    network: ResNet50, job: TrainModel, start_file: Path, parts: Tuple[Pictures, Pictures], record: loop.Record, notes: List[str]
) -> Result:
    """Calibrate, judge against the start, write the model, its card and curve."""
    output, (learnt, tuned) = Path(job.output), parts
    network.load_state_dict(halved(network))
    before = open_resnet50(start_file)
    if record.best:
        calibrate(network, [tuned], pull=0.1)
    else:
        notes.append("No epoch did better on the tuning part than the start: the weights are the start's.")
    threshold = before.threshold
    after = figures(probabilities(network, tuned.images, tuned.unwrapped), tuned.good, threshold)
    past = figures(probabilities(before.network, tuned.images, tuned.unwrapped), tuned.good, threshold)
    counts = train_resnet50_data.counts({"learning": learnt, "tuning": tuned})
    header = library.Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=library.read_header(start_file).input,
        training={
            "data": f"interferograms of {', '.join(Path(text).name for text in job.data or ())}",
            "labels": Path(job.labels or "").name,
            "pictures": counts,
            "start": {"file": start_file.name, "sha256": library.sha256(start_file)},
            "seed": job.seed,
            "epochs": record.epochs,
            "best epoch": record.best,
            "command": beside.command(job),
        },
        metrics={"start": _rounded(past), "fine-tuned": _rounded(after)},
        settings={"threshold": threshold},
    )
    library.save_model(output, halved(network), header)
    written = beside.write_card_and_curves(output, train_resnet50_card.fine_tuned_card(header), record.rows)
    lines = [f"{'on the tuning part':<28}{'start':>9}{'now':>9}"]
    lines += [f"{name:<28}{past[name]:9.4f}{value:9.4f}" for name, value in after.items()]
    details = {"metrics": after, "metrics_before": past, "pictures": counts, **record.details()}
    return Result({"output": job.output, **written}, "\n".join(lines), details, notes)


def _rounded(row: Dict[str, float]) -> Dict[str, float]:
    return {name: round(value, 4) for name, value in row.items()}
