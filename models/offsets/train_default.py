"""Training of the fusing network on simulated speckle pairs, its calibration, and its model card."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Sequence

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, loop
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.offsets import examples, reads
from stillpoint.models.offsets.fuse import ARCHITECTURE, TASK, FuseNetwork, FuseShape
from stillpoint.models.progress import Progress

PAIRS, TUNING, JUDGING = 240, 32, 32
TUNING_SEED, JUDGING_SEED = 910_001, 910_002
BATCH = 6
STEPS_AN_EPOCH = 60
EPOCHS = 20
USABLE = 0.5
"""Pixels: an offset with a smaller error, in both components, is usable."""

ANSWERED, GIVEN_UP = 0.03, 0.03
"""Shares of the tuning pairs' nodes: decorrelated ones that may be answered, and measurable ones that may be given up for that."""


def train_default(job: TrainModel, progress: Progress) -> Result:
    """Train the fusing network as ``job`` says; write weights, card, curves and checkpoint.

    The examples are kept beside the output, and used again by the next training.

    Raises
    ------
    StillpointError
        Labels or a model come without pairs of the user's.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    if job.labels not in (None, "truth") or job.model:
        raise StillpointError(
            "Without pairs of yours the default network of offsets learns from simulated pairs, from the beginning: leave labels "
            "and model empty, or name pairs as data."
        )
    device = devices.pick(job.device)
    output = Path(job.output)
    folder = output.with_suffix(".examples")
    epochs = job.epochs or EPOCHS
    pairs = min(PAIRS, 40 * epochs)
    kept = _kept(job.seed, pairs, folder, progress.part(0.0, 0.5), judging=False)
    tuning = _kept(TUNING_SEED, min(TUNING, pairs), folder, progress.part(0.5, 0.55), judging=True)
    judging = _kept(JUDGING_SEED, min(JUDGING, pairs), folder, progress.part(0.55, 0.6), judging=True)
    torch.manual_seed(job.seed)
    network = FuseNetwork(FuseShape()).to(device)
    settings = loop.Settings(steps=epochs * STEPS_AN_EPOCH, epoch=STEPS_AN_EPOCH, by="RMSE, errors cut at 1 px", rate=3e-3)

    def batch(step: int) -> Dict[str, torch.Tensor]:
        return examples.batch(kept, np.random.default_rng([job.seed, 71, step]), BATCH)

    record = loop.train(
        job, network, batch, lambda model, part: loss_of(model, part.on(device), part.whole), settings,  # type: ignore[arg-type]
        judge=lambda model: _metrics(model, tuning), progress=progress.part(0.6, 0.98),  # type: ignore[arg-type]
    )  # fmt: skip
    network = network.cpu().eval()
    _calibrate(network, tuning)
    return _written(network, job, record, epochs, pairs, _metrics(network, judging))


def _kept(seed: int, count: int, folder: Path, progress: Progress, *, judging: bool) -> List[examples.Example]:
    found = []
    for index in range(count):
        progress(index / count, f"Pair {index + 1} of {count}")
        found.append(examples.example(seed, index, folder, judging=judging))
    return found


def loss_of(network: FuseNetwork, given: Dict[str, torch.Tensor], whole: Dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the share of ``given`` in the loss of the ``whole`` batch.

    It is made of the robust scaled error, the likelihood of the standard errors, and that of what is usable.
    """
    answer = {name: value.float() for name, value in network(given["features"], given["candidates"]).items()}
    weights = float((whole["measurable"] > 0.5).sum().clamp_min(1))
    every = float(((whole["measurable"] > 0.5) | (whole["lost"] > 0.5)).sum().clamp_min(1))
    measurable = given["measurable"] > 0.5
    rest = answer["offsets"] - given["truth"]
    # What matters of 0.05 px of a field that stands still does not of 15 px of ice.
    scale = (0.03**2 + 0.02**2 + (0.02 * given["truth"]) ** 2).sqrt()
    robust = ((1 + (rest / scale) ** 2).sqrt() - 1) * (scale / 0.05) ** 0.5
    capped = rest.abs().clamp_max(1.0) ** 2 / 0.1
    weight = measurable[:, None].float()
    total = ((robust + capped) * weight).sum() / weights / 2
    sigma = given["sigma"] * answer["error"].exp()
    error = rest.detach().abs()
    likelihood = (sigma.log() + 0.5 * (error / sigma).clamp_max(4.0) ** 2) * weight
    total = total + 0.1 * likelihood.sum() / weights / 2
    usable = (measurable & (error.amax(dim=1) < USABLE)).float()
    judged = (measurable | (given["lost"] > 0.5)).float()
    odds = functional.binary_cross_entropy_with_logits(answer["odds"], usable, reduction="none") * judged
    return total + 0.3 * odds.sum() / every


def _answers(network: FuseNetwork, kept: Sequence[examples.Example]) -> Dict[str, np.ndarray]:
    """Return errors, standard errors, odds, and what is measurable or lost, of all nodes of the pairs."""
    parts: Dict[str, List[np.ndarray]] = {}
    device = network.scale.device
    with torch.inference_mode():
        for item in kept:
            given = {name: value.to(device) for name, value in examples.stacked([item]).items()}
            answer = network(given["features"], given["candidates"])
            found = {
                "error": (answer["offsets"] - given["truth"]).abs(),
                "before": (given["candidates"][:, 0] - given["truth"]).abs(),
                "sigma": given["sigma"] * answer["error"].exp() * network.scale[:, None, None],
                "odds": answer["odds"][:, None].expand(-1, 2, -1, -1),
                "measurable": given["measurable"][:, None].expand(-1, 2, -1, -1),
                "lost": given["lost"][:, None].expand(-1, 2, -1, -1),
                "truth": given["truth"],
            }
            for name, value in found.items():
                parts.setdefault(name, []).append(value[0].flatten(1).cpu().numpy())
    return {name: np.concatenate(values, axis=1) for name, values in parts.items()}


def _metrics(network: FuseNetwork, kept: Sequence[examples.Example]) -> Dict[str, float]:
    """Return figures over all nodes of the pairs."""
    found = _answers(network, kept)
    good = found["measurable"] > 0.5
    error = np.minimum(found["error"], 1.0)
    small = good & (np.abs(found["truth"]).max(axis=0) < 0.4)
    trusted = good & (found["odds"] > float(network.threshold))
    lost = found["lost"][0] > 0.5
    return {
        "RMSE, errors cut at 1 px": float(np.sqrt((error[good] ** 2).mean())),
        "RMSE of the calm field": float(np.sqrt((np.minimum(found["before"], 1.0)[good] ** 2).mean())),
        "RMSE below 0.4 px": float(np.sqrt((error[small] ** 2).mean())) if small.any() else float("nan"),
        "RMSE of trusted": float(np.sqrt((found["error"][trusted] ** 2).mean())) if trusted.any() else float("nan"),
        "trusted": float(trusted.sum() / max(good.sum(), 1)),
        "trusted off by 1 px": float((found["error"] > 1)[trusted].mean()) if trusted.any() else float("nan"),
        "decorrelated answered": float((found["odds"][0][lost] > float(network.threshold)).mean()) if lost.any() else 0.0,
        "within one standard error": float((found["error"] < found["sigma"])[trusted].mean()) if trusted.any() else float("nan"),
        "within two": float((found["error"] < 2 * found["sigma"])[trusted].mean()) if trusted.any() else float("nan"),
    }


def _calibrate(network: FuseNetwork, tuning: Sequence[examples.Example]) -> None:
    """Set the threshold of trust and the factors of the standard errors on pairs of their own."""
    found = _answers(network, tuning)
    odds, lost, good = found["odds"][0], found["lost"][0] > 0.5, found["measurable"][0] > 0.5
    threshold = max(float(np.quantile(odds[lost], 1 - ANSWERED)) if lost.any() else 0.0, 0.0)
    # Ground that kept its speckle is not given up for that which lost it: the correlation's own test is there for the latter.
    threshold = min(threshold, float(np.quantile(odds[good], GIVEN_UP)) if good.any() else threshold)
    network.threshold.fill_(threshold)
    used = (found["measurable"] > 0.5) & (found["odds"] > threshold)
    for axis in range(2):
        ratio = (found["error"][axis] / found["sigma"][axis])[used[axis]]
        if ratio.size:
            # Between what 68 % and what 95 % ask for: the tails of the errors are longer than those of a normal distribution.
            network.scale[axis] *= float(np.sqrt(np.quantile(ratio, 0.6827) * np.quantile(ratio, 0.9545) / 2))


def _written(
    network: FuseNetwork, job: TrainModel, record: loop.Record, epochs: int, pairs: int, metrics: Dict[str, float]
) -> Result:
    output = Path(job.output)
    header = Header(
        task=TASK, architecture=ARCHITECTURE, version=__version__, shape=network.shape.to_dict(),
        input=reads.of_default(),
        training={
            "data": "simulated speckle pairs, stillpoint.models.simulation.speckle_pairs", "pairs": pairs, "seed": job.seed,
            "command": beside.command(job, epochs=epochs),
        },
        metrics={key: round(value, 5) for key, value in metrics.items() if np.isfinite(value)},
    )  # fmt: skip
    save_model(output, network.state_dict(), header)
    written = beside.write_card_and_curves(output, model_card(header), record.rows)
    summary = "\n".join(f"{key:<42}{value:8.4f}" for key, value in metrics.items())
    return Result({"output": job.output, **written}, summary, {"metrics": metrics, **record.details()}, record.notes())


def model_card(header: Header) -> str:
    """Return the model card in Markdown."""
    metrics = "\n".join(f"| {key} | {value:.4f} |" for key, value in header.metrics.items())
    return f"""# Network that fuses offsets, default (`{header.architecture}` {header.version})

Mixes what was measured at a node and its neighbours by windows of 24 to 136 px and by a smooth and a sharp field into one offset;
tells its standard errors and whether it can be used.

- **Input**: {len(header.input['features'])} figures a node ({header.input['nodes']}): how the measurements differ, their
  correlation and information, bands of the images. No image.
- **Output**: weights of a convex mix of measured vectors, factors on the standard errors, odds of a usable offset.
- **Trained on**: {header.training['pairs']} simulated speckle pairs: bands of 45 to 98 % of the sampling frequency, 1 to 4 looks,
  coherence 0.2 to 0.9, offsets up to 16 px (ice streams, faults, volcanoes, landslides, fractal fields, none). No real images.
- **Made by**: `{header.training['command']}`
- **Licence**: {header.licence}

## On simulated pairs that it never saw

Half of them move radially or as bodies, which is rarer in the training. The figures are of the network alone: in use an offset must
pass the tests of the correlation too, which drop nearly all of what lost its speckle.

| figure | value |
|---|---|
{metrics}

## Where it fails

- It can only choose among what was measured: where every window follows the wrong peak, so does the answer, mostly untrusted.
- Strain above some 0.07 px a pixel, and bodies smaller than 24 px.
- Real speckle that changes in patterns (wind, melt, shadows) is not simulated: a moving pattern of brightness is taken for motion.
"""
