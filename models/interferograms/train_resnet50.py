"""Training of the picture classifier on simulated and real interferograms, its calibration, model card and curves.

``resnet50`` has a quarter of the published width, so that its weights are small; ``resnet50_full`` is as published.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import patches, reads, train_resnet50_card, train_resnet50_data
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.resnet50 import ResNet50, ResNet50Shape
from stillpoint.models.interferograms.resnet50_method import ARCHITECTURE, TASK, probabilities
from stillpoint.models.interferograms.train_resnet50_figures import by_kind, figures, strictest_threshold
from stillpoint.models.interferograms.train_resnet50_fit import calibrate, halved, loss_of
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, library, loop
from stillpoint.models.progress import Progress

STACKS = {"learning": 160, "tuning": 24, "judging": 30}
"""Simulated stacks of each part."""

TUNING_SEED, JUDGING_SEED = 900_011, 900_012
"""The same as those of the default network, so that the two can be compared."""

PATIENCE = 8
"""Epochs without a better figure after which the training ends."""

PAPER = (
    "He, Y. et al. (2021), Automatic interferogram selection for SBAS-InSAR based on deep convolutional neural networks, Remote "
    "Sensing 13(21), 4468"
)

SEEN = 900
"""Most pictures of a part that an epoch is judged by; the figures of the finished network are of all."""

EVEN = 0.5
"""Probability at which an epoch is judged."""

COST = 0.01
"""Accuracy on the tuning part that a stricter threshold may cost."""


@dataclass(frozen=True)
class Recipe:
    """How a network of this kind is trained.

    Attributes
    ----------
    shape
        Sizes of the network.
    batch
        Pictures a step.
    epochs
        Most epochs.
    pictures
        Pictures an epoch.
    rate
        Largest learning rate.
    """

    shape: ResNet50Shape
    batch: int = 32
    epochs: int = 20
    pictures: int = 4096
    rate: float = 3e-3


RECIPES: Dict[str, Recipe] = {
    "resnet50": Recipe(ResNet50Shape(channels=16, side=128)),
    "resnet50_full": Recipe(ResNet50Shape(channels=64, side=224), epochs=40, rate=1e-3),
}


def train_resnet50(job: TrainModel, progress: Progress) -> Result:
    """Train the classifier as ``job`` says; write weights, card, curves and checkpoint.

    The simulated stacks are kept beside the output (some 4 GB), and used again by the next training. Data of the user's
    fine-tune a network that is trained already.

    Raises
    ------
    StillpointError
        Labels or a model come without data; see :func:`.train_resnet50_user.fine_tune` for the rest.
    Cancelled
        Asked to stop; the last checkpoint and the best weights so far are kept beside the output.
    """
    if job.data:
        from stillpoint.models.interferograms.train_resnet50_user import fine_tune

        return fine_tune(job, progress)
    if job.labels:
        raise StillpointError("Labels need the stack that they belong to: give it as data, or leave labels empty.")
    if job.model:
        raise StillpointError(
            "On simulated stacks the network is trained from nothing. Give a stack of yours as data to fine-tune the model "
            f"{job.model}, or name no model."
        )
    recipe, output = RECIPES[job.network], Path(job.output)
    device = devices.pick(job.device)
    parts = gather(job.seed, recipe.shape.side, output.with_suffix(".examples"), progress.part(0.0, 0.4))
    learning, chance = mixed(parts)
    torch.manual_seed(job.seed)
    network = ResNet50(recipe.shape).to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    epochs, steps = job.epochs or recipe.epochs, max(1, recipe.pictures // recipe.batch)
    settings = loop.Settings(
        steps=epochs * steps, epoch=steps, by="figure", larger_is_better=True, patience=PATIENCE, rate=recipe.rate, decay=0.02,
        average=0.5 / epochs,
    )  # fmt: skip

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng([job.seed, 62, step])
        return train_resnet50_data.draw_batch(learning, chance, rng, size=recipe.batch)

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        images, good = part.on(device)
        logits = model(images.contiguous(memory_format=torch.channels_last))
        return part.share * loss_of(logits.float(), good)

    record = loop.train(
        job, network, batch, loss, settings, judge=lambda model: tuned_figures(model, parts),  # type: ignore[arg-type]
        about=str(train_resnet50_data.counts(parts)), progress=progress.part(0.4, 0.97),
    )  # fmt: skip
    return finish(network.cpu().eval(), job, parts, record)


def gather(seed: int, side: int, folder: Path, progress: Progress) -> Dict[str, Pictures]:
    """Return simulated and, where ``STILLPOINT_DATA`` names a folder with them, real pictures to learn from, tune and judge by."""
    shares = np.cumsum([0.0, *STACKS.values()]) / sum(STACKS.values())
    parts = {}
    for number, (name, part_seed) in enumerate((("learning", seed), ("tuning", TUNING_SEED), ("judging", JUDGING_SEED))):
        parts[name] = train_resnet50_data.simulated(
            part_seed, STACKS[name], folder, side=side, learning=name == "learning",
            progress=progress.part(float(shares[number]), float(shares[number + 1])),
        )  # fmt: skip
    real = patches.real_folder()
    found = patches.real_pictures(real, seed, side=side) if real else {}
    return {**parts, **{f"real {name}": pictures for name, pictures in found.items() if len(pictures)}}


def mixed(parts: Dict[str, Pictures]) -> Tuple[Pictures, np.ndarray]:
    """Return the pictures to learn from, simulated and real, and how often each is drawn."""
    if "real learning" not in parts:
        return parts["learning"], train_resnet50_data.weights([(parts["learning"], 1.0)])
    share = train_resnet50_data.REAL_SHARE
    sources = [(parts["learning"], 1 - share), (parts["real learning"], share)]
    return patches.joined([parts["learning"], parts["real learning"]]), train_resnet50_data.weights(sources)


def tuned_figures(network: ResNet50, parts: Dict[str, Pictures]) -> Dict[str, float]:
    """Return what an epoch is judged by: the area under the ROC curve of the tuning parts, and their mean as ``figure``."""
    found = {}
    for name in ("tuning", "real tuning"):
        if name in parts:
            pictures = parts[name]
            pictures = pictures.take(np.linspace(0, len(pictures) - 1, min(SEEN, len(pictures))).round().astype(int))
            probability = probabilities(network, pictures.images, pictures.unwrapped)
            known = figures(probability, pictures.good, EVEN)
            for label in ("area under the ROC curve", "balanced accuracy"):
                found[f"{name}: {label}"] = known.get(label, 0.0)
    areas = [value for label, value in found.items() if "area" in label]
    # Real patches are few and easy: the simulated ones decide.
    found["figure"] = areas[0] + 0.25 * sum(areas[1:])
    return found


def judged(
    network: ResNet50, parts: Dict[str, Pictures], threshold: float
) -> Tuple[Dict[str, Dict[str, float]], Dict[str, Tuple[float, int]]]:
    """Return the figures of each judging set by its name, and the share that is judged right of each simulated kind."""
    sets: Dict[str, Pictures] = {}
    simulated = parts["judging"]
    sets["simulated, unwrapped"] = simulated.take(simulated.unwrapped)
    sets["simulated, wrapped"] = simulated.take(~simulated.unwrapped)
    if "real judging" in parts:
        real = parts["real judging"]
        places = np.array([kind.split(" ")[0] for kind in real.kinds])
        for way, chosen in (("wrapped", ~real.unwrapped), ("unwrapped", real.unwrapped)):
            sets[f"Houston patches, {way}"] = real.take((places == "Houston") & chosen)
        sets["Mexico City"] = real.take(places == "Mexico")
    found = {}
    for name, pictures in sets.items():
        if len(pictures):
            found[name] = figures(probabilities(network, pictures.images, pictures.unwrapped), pictures.good, threshold)
    shown = sets["simulated, unwrapped"]
    kinds = by_kind(probabilities(network, shown.images, shown.unwrapped), shown.good, shown.kinds, threshold)
    return {name: values for name, values in found.items() if values}, kinds


def finish(network: ResNet50, job: TrainModel, parts: Dict[str, Pictures], record: loop.Record) -> Result:
    """Round and calibrate ``network``, judge it, write the model, its card and curves."""
    network.load_state_dict(halved(network))
    calibrate(network, [parts[name] for name in ("tuning", "real tuning") if name in parts])
    tuning = parts["tuning"].take(parts["tuning"].unwrapped)
    threshold = strictest_threshold(probabilities(network, tuning.images, tuning.unwrapped), tuning.good, cost=COST)
    found, kinds = judged(network, parts, threshold)
    output = Path(job.output)
    header = library.Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=reads.of_resnet50(),
        training={
            "data": "simulated stacks, really unwrapped, stillpoint.models.simulation.network_simulation"
            + ("; patches of Houston and Mexico City, Sentinel-1" if "real learning" in parts else ""),
            "pictures": train_resnet50_data.counts(parts),
            "stacks": STACKS,
            "seed": job.seed,
            "epochs": record.epochs,
            "best epoch": record.best,
            "command": beside.command(job),
            "paper": PAPER,
        },
        metrics={name: {label: round(value, 4) for label, value in row.items()} for name, row in found.items()},
        settings={"threshold": threshold},
    )
    library.save_model(output, halved(network), header)
    written = train_resnet50_card.write_beside(output, header, kinds, record.rows)
    lines = [f"{name}: {label:<28}{value:8.4f}" for name, row in found.items() for label, value in row.items()]
    details = {"metrics": found, "kinds": {name: list(row) for name, row in kinds.items()}, **record.details()}
    return Result({"output": str(output), **written}, "\n".join(lines), details, record.notes())
