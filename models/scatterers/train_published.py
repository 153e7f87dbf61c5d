"""Training of the published networks on simulated scenes or on the user's own stacks, their calibration and model cards.

The loop is that of :mod:`stillpoint.models.learning.loop`; here stand what a step sees, when enough is learnt (no better
average precision on the validation part in 20 epochs, the patience of the paper), and what is fitted afterwards on stacks
that the training never saw.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Callable, ContextManager, Dict, List, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, library, loop
from stillpoint.models.learning.stopping import Best, EnoughError
from stillpoint.models.pipeline import Ahead
from stillpoint.models.progress import Progress
from stillpoint.models.scatterers import reads, training_cards, training_data
from stillpoint.models.scatterers.labels import IGNORED
from stillpoint.models.scatterers.published import metrics
from stillpoint.models.scatterers.published.calibration import fit_calibration
from stillpoint.models.scatterers.published.networks import RECIPES, TASK, Recipe
from stillpoint.models.scatterers.training_data import Block

SCENES = 320
"""Simulated scenes in all parts together."""

PATIENCE = 20
"""Epochs without progress after which the training ends, as published."""

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
    recipe, output = RECIPES[job.network], Path(job.output)
    device = devices.pick(job.device)
    parts, source = gather(job, progress.part(0.0, 0.1))
    torch.manual_seed(job.seed)
    network = recipe.network()
    if job.model:
        library.checked_header(Path(job.model), task=TASK, architecture=str(network.architecture))
        library.fill(network, Path(job.model))
    network.to(device)
    steps = max(1, len(parts["train"]) // recipe.batch)
    epochs = job.epochs or recipe.epochs
    settings = loop.Settings(
        steps=epochs * steps, rate=recipe.rate, decay=0.0, save_every=steps, seed=job.seed, average=0.5 / epochs
    )
    best = Best(
        output.with_suffix(".best"), lambda model: _figures(model, parts["validation"], device), by="average precision",
        patience=PATIENCE, header=library.Header(task=TASK, architecture=str(network.architecture), version=__version__),
        resume=job.resume, run=json.dumps(source, sort_keys=True),
    )  # fmt: skip
    ahead = Ahead(
        lambda step: training_data.draw_batch(
            parts["train"], seed=job.seed, step=step, size=recipe.batch, dates=recipe.dates
        ),
        settings.steps,
    )

    def loss(model: torch.nn.Module, step: int) -> torch.Tensor:
        phase, labels = ahead(step)
        with mixed_precision(device):
            scores = model(phase.to(device))
        return recipe.loss(scores.float(), labels.to(device))

    try:
        loop.train(
            network, loss, settings, checkpoint=output.with_suffix(".checkpoint"), resume=job.resume, evaluate=best,
            progress=progress.part(0.1, 0.95),
        )
    except EnoughError:
        progress(0.95, f"Nothing better in {PATIENCE} epochs")
    finally:
        ahead.close()
    library.fill(network, best.path)
    result = finish(network.cpu(), job, recipe, parts, source, best.history)
    best.path.unlink()
    return result


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


def mixed_precision(device: torch.device) -> ContextManager[Any]:
    """Return a context for the forward pass: bfloat16 where the device computes with it fast, else nothing."""
    fast = device.type == "cuda" or (device.type == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast(device.type, torch.bfloat16) if fast else nullcontext()


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
        with torch.inference_mode(), mixed_precision(device):
            scores = network(phase)[0].float().cpu().numpy()
        labels = block.labels[:side, :side]
        judged = labels != IGNORED
        if judged.any():
            answers.append((scores[judged], labels[judged] == 1, count))
    return answers


def finish(
    network: torch.nn.Module, job: TrainModel, recipe: Recipe, parts: Parts, source: Dict[str, Any], history: List[Dict[str, float]]
) -> Result:
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
            **source, "seed": job.seed, "epochs": len(history), "command": beside.command(job), "paper": recipe.paper,
        },
        metrics={name: round(value, 5) for name, value in result.items()},
        settings={"calibration": calibration.to_dict(), "threshold": round(threshold, 5), "reach": reach},
    )
    library.save_model(output, network.state_dict(), header)
    written = training_cards.write_beside(output, header, history, np.concatenate(found), np.concatenate(truth))
    summary = "\n".join(f"{name:<40}{value:8.4f}" for name, value in result.items())
    return Result(
        {"output": str(output), **written}, summary, {"metrics": result, "history": history, "threshold": threshold}
    )


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
