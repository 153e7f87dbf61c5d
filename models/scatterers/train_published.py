"""Training of the published networks on simulated scenes or on the user's own stacks, their calibration and model cards.

The loop is that of :mod:`stillpoint.models.learning.loop`; here stand what a step sees, when enough is learnt (no better
average precision on the validation part in 20 epochs, the patience of the paper), and what is fitted afterwards on stacks
that the training never saw.
"""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, comparison, devices, library, loop, page
from stillpoint.models.progress import Progress
from stillpoint.models.scatterers import compared, reads, training_cards, training_data
from stillpoint.models.scatterers.labels import IGNORED
from stillpoint.models.scatterers.published import metrics
from stillpoint.models.scatterers.published.calibration import fit_calibration
from stillpoint.models.scatterers.published.networks import RECIPES, TASK, Recipe
from stillpoint.models.scatterers.training_data import Block

SCENES = 320
"""Simulated scenes in all parts together."""

PATIENCE = 20
"""Epochs without progress after which the training ends, as published."""

TUNED_RATE, TUNED_PATIENCE = 0.2, 8
"""Share of the learning rate, and epochs without progress, where a trained network is fine-tuned."""

MIXED_SCENES = 64
"""Simulated scenes that are mixed in, where that is asked for."""

SEEN = (24, 8, 100)
"""Most blocks, interferograms and pixels a side that an epoch is judged by; the figures of the finished network are of all."""

SEAM = 1e-3
"""Largest difference of probability that the edge of a tile may make."""

Parts = Dict[str, List[Block]]
Asked = List[Tuple[np.ndarray, np.ndarray, int]]


def train_published(job: TrainModel, progress: Progress) -> Result:
    """Train the network that ``job`` names; write weights, card, curves and checkpoint.

    Raises
    ------
    StillpointError
        Data or labels cannot be used.
    Cancelled
        Asked to stop; the last checkpoint and the best weights so far are kept beside the output.
    """
    recipe, start_file = RECIPES[job.network], _start_file(job)
    labels = job.labels if job.labels not in (None, "stability", "truth") else None
    beside.refuse_overwriting(job.output, (*(job.data or ()), labels, job.model))
    device = devices.pick(job.device)
    torch.manual_seed(job.seed)
    network = recipe.network()
    if start_file is not None:
        library.checked_header(start_file, task=TASK, architecture=str(network.architecture))
        library.fill(network, start_file)
    parts, source = gather(job, progress.part(0.0, 0.1))
    simulated: List[Block] = []
    if job.data and job.mix:
        simulated = [training_data.simulated_block(job.seed, number) for number in range(MIXED_SCENES)]
        source = {**source, "mix": job.mix}
    network.to(device)
    tuned = bool(job.data) and start_file is not None
    steps = max(1, len(parts["train"]) // recipe.batch)
    epochs = job.epochs or recipe.epochs
    # A batch is one or two blocks, and the F1 over all of it is no sum over them.
    settings = loop.Settings(
        steps=epochs * steps, epoch=steps, by="average precision", larger_is_better=True,
        patience=TUNED_PATIENCE if tuned else PATIENCE, rate=recipe.rate * (TUNED_RATE if tuned else 1.0), decay=0.0,
        average=0.5 / epochs, splits=False,
    )  # fmt: skip

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        return training_data.draw_batch(parts["train"], seed=job.seed, step=step, size=recipe.batch, dates=recipe.dates,
                                        simulated=simulated, mix=job.mix)  # fmt: skip

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        phase, labels = part.on(device)
        return recipe.loss(model(phase).float(), labels)

    record = loop.train(
        job, network, batch, loss, settings, judge=lambda model: _figures(model, parts["validation"], device),
        start=copy.deepcopy(network) if tuned else None, about=_about(start_file, job, parts, source),
        progress=progress.part(0.1, 0.85),
    )  # fmt: skip
    return finish(network.cpu(), job, recipe, parts, source, record, start_file, progress.part(0.85, 1.0))


def _start_file(job: TrainModel) -> Optional[Path]:
    """Return the model whose weights the training begins with; None where they are new."""
    if job.start == "scratch":
        if job.model:
            raise StillpointError("A training from scratch begins with new weights: name no model, or start from the model.")
        return None
    if job.model:
        return library.model_of(TASK, job.network, job.model)
    if not job.data and job.start == "auto":
        return None
    path = library.model_of(TASK, job.network)
    if path.is_file():
        return path
    if job.start == "model":
        raise StillpointError(f"There is no model {path} to start from. Name a model of yours, or start from scratch.")
    return None


def _about(start_file: Optional[Path], job: TrainModel, parts: Parts, source: Dict[str, Any]) -> str:
    """Return what tells this training from others, so that one that is resumed is the same."""
    digest = hashlib.sha256(json.dumps(source, sort_keys=True).encode())
    if start_file is not None:
        digest.update(library.sha256(start_file).encode())
    if job.data:
        for name in ("train", "validation"):
            for block in parts[name]:
                digest.update(np.ascontiguousarray(block.phase).tobytes())
                digest.update(np.ascontiguousarray(block.labels).tobytes())
    return digest.hexdigest()


def gather(job: TrainModel, progress: Progress) -> Tuple[Parts, Dict[str, Any]]:
    """Return the blocks by part, and what they are for the header."""
    if not job.data:
        if job.labels not in (None, "truth"):
            raise StillpointError("Labels need the stacks that they belong to: give them as data, or leave labels empty.")
        parts = training_data.simulated_parts(job.seed, SCENES, progress=progress)
        source: Dict[str, Any] = {
            "data": f"{SCENES} simulated scenes of 128 x 128 pixels and 5 to {training_data.MOST_DATES - 1} interferograms, "
            "stillpoint.models.simulation.scenes",
            "labels": "true phase noise of a single image below 0.6 rad",
            "split": "by scene",
        }
    else:
        from stillpoint.models.scatterers.training_stacks import stacks_parts

        parts, source = stacks_parts(job.data, job.labels or "stability", seed=job.seed, progress=progress)
    return parts, {**source, "blocks": {name: len(blocks) for name, blocks in parts.items()}}


def _figures(network: torch.nn.Module, blocks: Sequence[Block], device: torch.device) -> Dict[str, float]:
    """Return the figures that an epoch is judged by, on the first of the validation blocks."""
    most, dates, side = SEEN
    asked = ask(network, blocks[:most], device, most=dates, side=side)
    return metrics.ranking([scores for scores, _, _ in asked], [truth for _, truth, _ in asked])


def ask(
    network: torch.nn.Module, blocks: Sequence[Block], device: torch.device, *, most: int = 10_000, side: int = 10_000
) -> Asked:
    """Return scores (n,), truth (n,) and number of interferograms of the judged pixels of each block.

    At most ``most`` interferograms are read, spread evenly over those that there are, and the first ``side`` rows and columns.
    """
    network.eval()
    answers: Asked = []
    for block in blocks:
        count = min(most, len(block.phase))
        kept = np.linspace(0, len(block.phase) - 1, count).round().astype(int)
        phase = torch.from_numpy(block.phase[kept, :side, :side].astype(np.float32))[None].to(device)
        with torch.inference_mode():
            scores = network(phase)[0].float().cpu().numpy()
        labels = block.labels[:side, :side]
        judged = labels != IGNORED
        if judged.any():
            answers.append((scores[judged], labels[judged] == 1, count))
    return answers


def finish(
    network: torch.nn.Module, job: TrainModel, recipe: Recipe, parts: Parts, source: Dict[str, Any], record: loop.Record,
    start_file: Optional[Path], progress: Progress,
) -> Result:  # fmt: skip
    """Calibrate ``network`` on one part, judge it on another, write the model, its card and curves."""
    cpu = torch.device("cpu")
    side = training_data.SIDE
    asked = [answer for most in (8, 24) for answer in ask(network, parts["calibration"], cpu, most=most, side=side)]
    calibration = fit_calibration([one for one, _, _ in asked], [one for _, one, _ in asked], [count for _, _, count in asked])
    probability = np.concatenate([calibration(scores, count) for scores, _, count in asked])
    threshold = metrics.best_threshold(probability, np.concatenate([truth for _, truth, _ in asked]))
    reach = measured_reach(network, parts["calibration"], lambda scores, count: calibration(scores, count))
    tested = ask(network, parts["test"], cpu, side=side)
    found = [calibration(scores, count) for scores, _, count in tested]
    truth = [truth for _, truth, _ in tested]
    result = metrics.figures(found, truth, threshold)
    output = Path(job.output)
    header = library.Header(
        task=TASK,
        architecture=str(network.architecture),
        version=__version__,
        input=reads.of_training(job.data, (len(block.phase) for blocks in parts.values() for block in blocks)),
        training={
            **source, "seed": job.seed, "epochs": record.epochs, "best epoch": record.best, "command": beside.command(job),
            "paper": recipe.paper,
            "start": {} if start_file is None else {"file": start_file.name, "sha256": library.sha256(start_file)},
        },
        metrics={name: round(value, 5) for name, value in result.items()},
        settings={"calibration": calibration.to_dict(), "threshold": round(threshold, 5), "reach": reach},
    )
    notes = record.notes()
    if job.data and start_file is not None and record.best == 0:
        notes.append("No epoch did better on the validation part than the start: the weights are the start's, calibrated anew.")
    details: Dict[str, Any] = {"metrics": result, "threshold": threshold, **record.details()}
    summary = "\n".join(f"{name:<40}{value:8.4f}" for name, value in result.items())
    beside_others = None
    if job.data:
        if start_file is not None:
            notes += comparison.seen_before(library.read_header(start_file).training, header.training, job.data)
        candidate = output.with_suffix(".candidate")
        library.save_model(candidate, network.state_dict(), header)
        try:
            beside_others = _compared(job, candidate, parts, start_file, notes, progress)
        finally:
            candidate.unlink(missing_ok=True)
    library.save_model(output, network.state_dict(), header)
    written = training_cards.write_beside(
        output, header, record, np.concatenate(found), np.concatenate(truth), beside_others, notes
    )
    if beside_others is not None:
        details["comparison"], summary = beside_others, "\n".join(page.told(beside_others))
    return Result({"output": str(output), **written}, summary, details, notes)


def _compared(
    job: TrainModel, model: Path, parts: Parts, start_file: Optional[Path], notes: List[str], progress: Progress
) -> Dict[str, Any]:
    """Return the figures of the new network, its start, the shipped one and the classical methods on the test part."""
    pieces = [
        compared.Piece(block.stack, block.place[0], block.place[1], block.labels)
        for block in parts["test"] if block.stack is not None and block.place is not None
    ]  # fmt: skip
    contenders = [
        compared.Contender("new model", comparison.NEW, job.network, str(model)),
        *compared.start_contender(start_file, library.shipped(TASK, job.network), job.network),
    ]
    return compared.compare(pieces, contenders, job.labels or "stability", notes, progress, seed=job.seed)


def measured_reach(
    network: torch.nn.Module, blocks: Sequence[Block], calibrated: Callable[[np.ndarray, int], np.ndarray]
) -> int:
    """Return how far a tile must be widened so that its edge changes no probability by more than ``SEAM``.

    A network with a fixed field says it itself. In a recurrent one the field grows with every date while its edge fades, so
    it is measured, on the blocks with the most dates: all of a block against its right part alone.
    """
    if not hasattr(network, "fading"):
        return int(network.reach)  # type: ignore[arg-type]
    longest = sorted(blocks, key=lambda block: -len(block.phase))[:4]
    for reach in (8, 12, 16, 24, 32, 40, 48):
        worst = 0.0
        for block in longest:
            phase = torch.from_numpy(block.phase.astype(np.float32))[None]
            middle = min(phase.shape[-1] // 2, phase.shape[-1] - 1)
            if middle < reach:
                return reach
            with torch.inference_mode():
                whole = network(phase)[0, :, middle:].numpy()
                part = network(phase[..., middle - reach :])[0, :, reach:].numpy()
            count = phase.shape[1]
            worst = max(worst, float(np.abs(calibrated(whole, count) - calibrated(part, count)).max()))
        if worst < SEAM / 2:
            return reach
    return 64
