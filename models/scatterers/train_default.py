"""Training of the default network on simulated scenes, its calibration, and its model card.

Scenes are split by seed: those that the network learns from, those that calibrate it, and those that judge it are never the same
site, dates or atmosphere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, loop, metrics
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.progress import Progress
from stillpoint.models.scatterers import examples, reads
from stillpoint.models.scatterers.default import ARCHITECTURE, TASK, answer, standing
from stillpoint.models.scatterers.features import FEATURES
from stillpoint.models.scatterers.network import PS_NOISE, ScattererNetwork, ScattererNetworkShape, log_odds, range_of

SCENES = 800
TUNING, JUDGING = 36, 36
TUNING_SEED, JUDGING_SEED = 900_001, 900_002
BATCH, CROP = 12, 96
STEPS_AN_EPOCH = 4 * SCENES // BATCH
EPOCHS = 12
LEAN = (1.0, 1.0, 0.5)
"""Weights of the expected coherence and of the measured ones beside the probability, in the order of the pixels."""

DECISION_WEIGHT = 2.0
"""Weight of the loss of "PS or not" beside that of the ranges of phase noise."""


def train_default(job: TrainModel, progress: Progress) -> Result:
    """Train the default network as ``job`` says; write weights, card, curves and checkpoint.

    The simulated scenes are kept beside the output (some 2 GB), and used again by the next training. Data of the user's
    fine-tune a network that is trained already.

    Raises
    ------
    StillpointError
        Labels or a model come without data; see :func:`stillpoint.models.scatterers.fine_tune.fine_tune` for the rest.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    if job.data:
        from stillpoint.models.scatterers.fine_tune import fine_tune

        return fine_tune(job, progress)
    if job.labels not in (None, "truth"):
        raise StillpointError("Labels need the stacks that they belong to: give them as data, or leave labels empty.")
    if job.model:
        raise StillpointError(
            "On simulated scenes the default network is trained from nothing. Give stacks of yours as data to fine-tune the model "
            f"{job.model}, or name no model."
        )
    device = devices.pick(job.device)
    output = Path(job.output)
    folder = output.with_suffix(".examples")
    epochs = job.epochs or EPOCHS
    for index in range(SCENES):
        progress(0.4 * index / SCENES, f"Scene {index + 1} of {SCENES}")
        examples.example(job.seed, index, folder)
    settings = loop.Settings(
        steps=epochs * STEPS_AN_EPOCH, epoch=STEPS_AN_EPOCH, by="average precision", larger_is_better=True, rate=3e-3
    )
    network = _new_network(job.seed, folder).to(device)
    tuning = _held_out(TUNING_SEED, TUNING, folder)

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng([job.seed, 77, step])
        return examples.crops(job.seed, rng.integers(0, SCENES, BATCH).tolist(), folder, rng, side=CROP)

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        inputs, noise = part.on(device)
        return loss_of(model(inputs).float(), noise, of=int(torch.isfinite(part.whole[1]).sum()))

    record = loop.train(
        job, network, batch, loss, settings, judge=lambda model: _metrics(model, tuning[:20]),  # type: ignore[arg-type]
        progress=progress.part(0.4, 0.97),
    )
    return _finish(network.cpu().eval(), job, record, epochs, folder, tuning)


def loss_of(logits: torch.Tensor, noise: torch.Tensor, *, of: Optional[int] = None) -> torch.Tensor:
    """Return the cross-entropy of the ranges of phase noise, and of PS or not, over the pixels with a truth.

    Parameters
    ----------
    logits
        [n, ranges, rows, cols].
    noise
        True phase noise in radians [n, rows, cols], NaN where unknown.
    of
        Pixels with a truth in the whole batch, where this is a part of it; the losses of the parts then add up.
    """
    known = torch.isfinite(noise)
    ranges = functional.cross_entropy(logits, range_of(torch.nan_to_num(noise)), reduction="none")
    decision = functional.binary_cross_entropy_with_logits(log_odds(logits), (noise < PS_NOISE).float(), reduction="none")
    return ((ranges + DECISION_WEIGHT * decision) * known).sum() / (known.sum().clamp_min(1) if of is None else max(of, 1))


Kept = List[Tuple[np.ndarray, np.ndarray]]


def _held_out(seed: int, count: int, folder: Path) -> Kept:
    return [examples.example(seed, index, folder) for index in range(count)]


def _new_network(seed: int, folder: Path) -> ScattererNetwork:
    """Return an untrained network that standardises the features as seen in its scenes."""
    seen = np.concatenate(
        [
            np.asarray(examples.example(seed, index, folder)[0], dtype=np.float32).reshape(len(FEATURES), -1)[:, ::97]
            for index in range(0, SCENES, 4)
        ],
        axis=1,
    )
    torch.manual_seed(seed)
    network = ScattererNetwork(ScattererNetworkShape(len(FEATURES)))
    network.centre.copy_(torch.from_numpy(seen.mean(axis=1)))
    network.scale.copy_(torch.from_numpy(1 / np.maximum(seen.std(axis=1), 1e-2)))
    return network


def _judge(network: ScattererNetwork, kept: Kept) -> List[Tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return probability, estimated and true noise of each scene's pixels with a truth."""
    result = []
    device = network.centre.device
    for maps, noise in kept:
        probability, estimate = answer(network, torch.from_numpy(np.asarray(maps, dtype=np.float32)).to(device))
        known = np.isfinite(noise)
        result.append((probability.cpu().numpy()[known], estimate.cpu().numpy()[known], noise[known]))
    return result


def _metrics(network: ScattererNetwork, kept: Kept) -> Dict[str, float]:
    """Return figures averaged over scenes; see :mod:`stillpoint.models.learning.metrics`."""
    rows = _judge(network, kept)
    every = np.concatenate([probability for probability, _, _ in rows])
    truth = np.concatenate([noise < PS_NOISE for _, _, noise in rows])
    scored = [row for row in rows if 20 <= (row[2] < PS_NOISE).sum() < len(row[2]) - 20]
    figures = {
        "average precision": float(np.mean([metrics.average_precision(noise < PS_NOISE, p) for p, _, noise in scored])),
        "F1 at true density": float(np.mean([metrics.f1_at_density(noise < PS_NOISE, p) for p, _, noise in scored])),
        "calibration error": metrics.calibration_error(truth, every),
    }
    errors = [np.abs(estimate - noise)[noise < PS_NOISE] for _, estimate, noise in rows]
    figures["median error of the noise of PS, rad"] = float(np.median(np.concatenate(errors)))
    return figures


def _finish(
    network: ScattererNetwork, job: TrainModel, record: loop.Record, epochs: int, folder: Path, tuning: Kept
) -> Result:
    """Calibrate on one set of scenes, judge on another, write the model, its card and curves."""
    network.lean.copy_(torch.tensor(LEAN))
    stands = [
        standing(network, torch.from_numpy(np.asarray(maps, dtype=np.float32)))[0].numpy()[np.isfinite(noise)]
        for maps, noise in tuning
    ]
    truth = np.concatenate([noise[np.isfinite(noise)] < PS_NOISE for _, noise in tuning])
    network.rungs.copy_(torch.from_numpy(metrics.rungs(np.concatenate(stands), truth)))
    threshold = metrics.best_threshold([(noise < PS_NOISE, p) for p, _, noise in _judge(network, tuning)])
    judged = _judge(network, _held_out(JUDGING_SEED, JUDGING, folder))
    found = _metrics(network, _held_out(JUDGING_SEED, JUDGING, folder))
    every = np.concatenate([probability for probability, _, _ in judged])
    true = np.concatenate([noise < PS_NOISE for _, _, noise in judged])
    chosen = every >= threshold
    found["precision at the threshold"] = float(true[chosen].mean())
    found["recall at the threshold"] = float(chosen[true].mean())
    output = Path(job.output)
    header = Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=reads.of_default(),
        training={
            "data": "simulated scenes, stillpoint.models.simulation.scenes",
            "scenes": SCENES,
            "truth": f"standard deviation of the phase of a single image below {PS_NOISE} rad",
            "seed": job.seed,
            "command": beside.command(job, epochs=epochs),
        },
        metrics={key: round(value, 5) for key, value in found.items()},
        settings={"threshold": round(threshold, 4)},
    )
    save_model(output, network.state_dict(), header)
    written = beside.write_card_and_curves(output, model_card(header), record.rows)
    summary = "\n".join(f"{key:<42}{value:8.4f}" for key, value in found.items())
    return Result(
        {"output": job.output, **written}, summary,
        {"metrics": found, **record.details()}, record.notes(),
    )  # fmt: skip


def model_card(header: Header) -> str:
    """Return the model card in Markdown."""
    metrics = "\n".join(f"| {key} | {value:.4f} |" for key, value in header.metrics.items())
    fewest, most = header.input["dates"]["trained"]
    return f"""# Network that selects scatterers, default (`{header.architecture}` {header.version})

Says of every pixel of a stack how probable it is a persistent scatterer, and estimates the noise of its phase in radians.

- **Input**: {len(header.input['features'])} features computed from the stack: phase stability against the surroundings at
  several scales and with several fits, likeness to neighbours, coherence, amplitude dispersion and brightness. Any number of
  dates ({fewest} to {most} in training) in any order against any reference date; baselines and amplitudes are used where there
  are some.
- **Output**: probability of each of several ranges of phase noise. Their sum up to {PS_NOISE} rad, the expected coherence and the
  measured coherence (which counts in proportion to the dates) rank the pixels; a rising function of that, fitted on scenes of
  their own, is the probability of a PS.
- **Trained on**: {header.training['scenes']} simulated scenes (Sentinel-1, ERS and Envisat, RADARSAT, TerraSAR-X, COSMO-SkyMed,
  ALOS; cities, towns, fields, forest, mountains, coast, desert, mines, wetlands). Truth: {header.training['truth']}. No real data.
- **Made by**: `{header.training['command']}`
- **Threshold**: {header.settings['threshold']}, the best F1 over the scenes that calibrated it.
- **Licence**: {header.licence}

## On simulated scenes that it never saw

| figure | value |
|---|---|
{metrics}

## Where it fails

- Below 10 dates chance makes noise look steady: the probability says so, and the selection is sparse.
- Isolated scatterers in places where nothing else is steady have no surroundings to compare their phase with.
- Motion that differs from pixel to pixel by more than half a cycle between dates looks like noise.
- Multilooked stacks were one scene in six of the training.
"""
