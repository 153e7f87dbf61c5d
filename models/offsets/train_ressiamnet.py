"""Training of the published network for offsets on simulated speckle pairs, its standard errors, and its model card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, loop
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.offsets import reads
from stillpoint.models.offsets import train_ressiamnet_data as data
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.offsets.prepare import learn
from stillpoint.models.offsets.ressiamnet import (
    ARCHITECTURE,
    BORDER,
    DELTAS,
    NARROW,
    PUBLISHED,
    TASK,
    SiamNetwork,
    SiamShape,
    masked_huber,
)
from stillpoint.models.offsets.ressiamnet_method import Errors, alike, at_nodes, calibrated, measured
from stillpoint.models.offsets.train_ressiamnet_card import model_card
from stillpoint.models.progress import Progress

TUNING, JUDGING = 16, 16
TUNING_SEED, JUDGING_SEED = 920_001, 920_002
STEPS_AN_EPOCH = 50


@dataclass(frozen=True)
class Plan:
    """Sizes of a training.

    Attributes
    ----------
    widths
        Channels of the levels.
    reach
        Largest offset that is learnt, pixels.
    side
        Pixels a side of what the network sees at once.
    batch
        Cuts a step.
    pairs
        Simulated pairs of 256 x 256 px.
    epochs
        Of ``STEPS_AN_EPOCH`` steps.
    rate
        Largest learning rate.
    """

    widths: Tuple[int, ...]
    reach: int
    side: int
    batch: int
    pairs: int
    epochs: int
    rate: float


PLANS = {
    "cc_ressiamnet": Plan(NARROW, reach=3, side=96, batch=6, pairs=160, epochs=240, rate=1e-3),
    "cc_ressiamnet_full": Plan(PUBLISHED, reach=16, side=224, batch=16, pairs=4000, epochs=1200, rate=1e-4),
}
"""The narrow network that a processor can train, and the published one, for who has a graphics card and a day."""


def train_ressiamnet(job: TrainModel, progress: Progress) -> Result:
    """Train the network as ``job`` says; write weights, card, curves and checkpoint.

    The simulated pairs are kept beside the output, and used again by the next training.

    Raises
    ------
    StillpointError
        A model comes without pairs of the user's, or other labels than ``truth`` and ``correlation``.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    if job.model:
        raise StillpointError(
            "Without pairs of yours this network learns from simulated pairs, from the beginning: leave the model empty, or name "
            "pairs as data."
        )
    labels = job.labels or "truth"
    if labels not in data.LABELS:
        raise StillpointError(f"The labels of offsets are truth (of the simulation) or correlation, not {labels!r}.")
    plan = PLANS[job.network]
    device = devices.pick(job.device)
    output = Path(job.output)
    folder = output.with_suffix(".examples")
    epochs = job.epochs or plan.epochs
    pairs = min(plan.pairs, 20 * epochs)
    kept = data.kept(job.seed, pairs, folder, progress.part(0.0, 0.3))
    tuning = data.kept(TUNING_SEED, min(TUNING, pairs), folder, progress.part(0.3, 0.34), judging=True)
    judging = data.kept(JUDGING_SEED, min(JUDGING, pairs), folder, progress.part(0.34, 0.38), judging=True)
    torch.manual_seed(job.seed)
    network = SiamNetwork(SiamShape(plan.widths)).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    settings = loop.Settings(
        steps=epochs * STEPS_AN_EPOCH, epoch=STEPS_AN_EPOCH, by="RMSE, errors cut at 1 px", rate=plan.rate
    )

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        done = step / settings.steps
        return data.batch(
            kept, np.random.default_rng([job.seed, 83, step]), plan.batch, side=plan.side,
            reach=_reach(plan.reach, done), labels=labels, same=_same(done),
        )  # fmt: skip

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        images, target, counts = part.on(device)
        offsets = model(images.contiguous(memory_format=torch.channels_last))
        delta = DELTAS[int(part.step / settings.steps >= 0.6)]
        return masked_huber(offsets.float(), target, counts, delta, of=int(part.whole[2].sum()))

    record = loop.train(
        job, network, batch, loss, settings, judge=lambda model: _quick(model, tuning, plan.reach, device),
        progress=progress.part(0.38, 0.96),
    )  # fmt: skip
    network = network.cpu().eval()
    # What is shipped is what is calibrated and judged.
    state = {name: value.half() if value.ndim == 4 else value for name, value in network.state_dict().items()}
    network.load_state_dict(state)
    found = _answers(network, tuning, plan.reach)
    errors = calibrated(found["offsets"], found["peak"], found["offsets"] - found["truth"])
    progress(0.98, "Judging")
    metrics = _metrics(_answers(network, judging, plan.reach), errors)
    header = Header(
        task=TASK, architecture=ARCHITECTURE, version=__version__, shape=network.shape.to_dict(),
        input=reads.of_ressiamnet(),
        training={
            "data": "simulated speckle pairs, stillpoint.models.simulation.speckle_pairs", "pairs": pairs, "labels": labels,
            "seed": job.seed, "steps": record.rows[-1]["step"], "batch": plan.batch, "side": plan.side, "delta": list(DELTAS),
            "command": beside.command(job, epochs=epochs),
        },
        metrics={key: round(value, 5) for key, value in metrics.items() if np.isfinite(value)},
        settings={"search": plan.reach, **errors.to_dict()},
    )  # fmt: skip
    return _written(output, job, state, header, record, metrics)


def _reach(largest: int, done: float) -> float:
    """Return how far offsets are drawn: a pixel in the first seventh of the training, all of them from 60 % on."""
    return min(float(largest), 1.0 + max(done - 0.15, 0) / 0.45 * (largest - 1))


def _same(done: float) -> float:
    """Return the share of cuts that show one image twice: all at first, few from the middle of the training on."""
    return min(max(1.2 - 2.2 * done, 0.1), 1.0)


def _quick(network: torch.nn.Module, items: Sequence[data.Example], reach: int, device: torch.device) -> Dict[str, float]:
    """Return the error on whole pairs, one tile each, and that of saying that nothing moved."""
    errors, still = [], []
    with torch.inference_mode():
        for item in items:
            side = item["reference"].shape[0] // 16 * 16
            images = np.stack([data.normalised(item[name][:side, :side]) for name in ("reference", "secondary")])
            offsets = network(torch.from_numpy(images)[None].to(device))[0].cpu().numpy()
            truth, counts = data.target(item, "truth")
            inner = slice(BORDER, side - BORDER)
            truth, good = truth[:, inner, inner], counts[inner, inner] & (np.abs(truth).max(axis=0) <= reach)[inner, inner]
            errors.append(np.minimum(np.abs(offsets[:, inner, inner] - truth), 1)[:, good].ravel())
            still.append(np.minimum(np.abs(truth), 1)[:, good].ravel())
    return {
        name: float(np.sqrt((np.concatenate(parts) ** 2).mean()))
        for name, parts in (("RMSE, errors cut at 1 px", errors), ("RMSE of no motion", still))
    }


def _answers(network: SiamNetwork, items: Sequence[data.Example], reach: int) -> Dict[str, np.ndarray]:
    """Return what the method says at the measurable nodes of the pairs within ``reach``, beside the truth and the correlation."""
    parts: Dict[str, List[np.ndarray]] = {}
    place = torch.device("cpu")
    with torch.inference_mode():
        for item in items:
            images = item["reference"], item["secondary"]
            offsets = measured(network, *images, device=place)
            peak, share, _ = alike(*images, learn([images[0]], [images[1]]), offsets)
            truth = at_nodes(torch.from_numpy(item["truth"])).numpy()
            rows, cols = item["coherence"].shape
            lowest = item["coherence"].reshape(rows // STEP, STEP, cols // STEP, STEP).min(axis=(1, 3))
            good = (lowest > data.MEASURABLE) & (share.numpy() >= 0.6) & (np.abs(truth).max(axis=0) <= reach)
            found = {"offsets": offsets.numpy(), "truth": truth, "tracked": item["tracked"], "peak": peak.numpy()[None]}
            for name, value in found.items():
                parts.setdefault(name, []).append(value[:, good])
    result = {name: np.concatenate(values, axis=1) for name, values in parts.items()}
    return {**result, "peak": result["peak"][0]}


def _metrics(found: Dict[str, np.ndarray], errors: Errors) -> Dict[str, float]:
    """Return figures over the nodes: of the network, of the correlation, and of saying that nothing moved."""
    truth = found["truth"]
    sigma = errors.at(torch.from_numpy(found["offsets"])[..., None], torch.from_numpy(found["peak"])[..., None])[..., 0].numpy()
    ratio = np.abs(found["offsets"] - truth) / sigma
    result: Dict[str, float] = {"nodes": float(truth.shape[1])}
    largest = np.abs(truth).max(axis=0)
    for name, kept in (("all", largest >= 0), ("below 0.4 px", largest < 0.4), ("0.4 px and more", largest >= 0.4)):
        for who, answer in (("network", found["offsets"]), ("correlation", found["tracked"]), ("no motion", np.zeros_like(truth))):
            error = np.minimum(np.nan_to_num(np.abs(answer - truth), nan=1.0), 1.0)[:, kept]
            result[f"RMSE, {name}, {who}"] = float(np.sqrt((error**2).mean())) if error.size else float("nan")
    result["within one standard error"] = float((ratio < 1).mean()) if ratio.size else float("nan")
    result["within two"] = float((ratio < 2).mean()) if ratio.size else float("nan")
    return result


def _written(
    output: Path, job: TrainModel, state: Dict[str, torch.Tensor], header: Header, record: loop.Record,
    metrics: Dict[str, float],
) -> Result:
    save_model(output, state, header)
    written = beside.write_card_and_curves(output, model_card(header), record.rows)
    summary = "\n".join(f"{key:<42}{value:10.4f}" for key, value in metrics.items())
    return Result({"output": job.output, **written}, summary, {"metrics": metrics, **record.details()}, record.notes())
