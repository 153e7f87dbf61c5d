"""Fine-tuning of the default network on the user's own stacks.

The weights start from a trained network, move slowly, and are pulled back to it (L2-SP; Li, Grandvalet & Davoine 2018, *Explicit
inductive bias for transfer learning with convolutional networks*, ICML): a few labelled regions shall teach what is peculiar to
them and not undo what thousands of scenes taught. The epoch that ranks the tuning part best counts, the start among them.
"""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, comparison, devices, library, loop, metrics, page
from stillpoint.models.learning.batches import Part
from stillpoint.models.progress import Progress
from stillpoint.models.scatterers import compared, examples, fine_tune_card, fine_tune_data, reads
from stillpoint.models.scatterers.default import ARCHITECTURE, TASK, answer, open_default
from stillpoint.models.scatterers.features import FEATURES
from stillpoint.models.scatterers.fine_tune_data import Plot
from stillpoint.models.scatterers.fine_tune_regions import JUDGING, TRAIN, TUNING
from stillpoint.models.scatterers.labels import IGNORED
from stillpoint.models.scatterers.network import INSIDE, PS_NOISE, ScattererNetwork, ScattererNetworkShape, log_odds
from stillpoint.models.scatterers.train_default import DECISION_WEIGHT, LEAN, loss_of

RATE = 3e-4
"""Learning rate: a tenth of the rate that the network was trained with."""

PULL = 0.02
"""Weight of the squared distance to the start's weights in the loss."""

NEW_RATE = 3e-3
"""Learning rate of new weights, which nothing holds."""

EPOCHS, PATIENCE = 15, 4
NEW_EPOCHS, NEW_PATIENCE = 40, 10
MIXED_SCENES = 48
"""Simulated scenes that are mixed in, where that is asked for."""

BATCH, CROP = 8, 64
FEWEST_STEPS, MOST_STEPS = 10, 80
"""Steps an epoch: one for each batch of labelled pixels, within these bounds."""

SEEN = 8
"""Most tiles that an epoch is judged by."""

_STEEPEST = 20.0
"""A calibration that is steeper over a standard deviation of the log odds follows chance in too few pixels."""


@dataclass(frozen=True)
class Judged:
    """Pixels of a part with a label.

    Attributes
    ----------
    probability, noise
        float32 [n], as the network says.
    scatterer
        bool [n], as the labels say.
    true_noise
        float32 [n] radians; empty where only labels are known.
    """

    probability: np.ndarray
    noise: np.ndarray
    scatterer: np.ndarray
    true_noise: np.ndarray


def fine_tune(job: TrainModel, progress: Progress) -> Result:
    """Fine-tune the default network, or ``job.model``, on ``job.data``; write weights, card, curves and checkpoint.

    Raises
    ------
    StillpointError
        There is no network to start from, or data or labels cannot be used.
    Cancelled
        Asked to stop; checkpoint, best weights and features so far are kept beside the output.
    """
    output = Path(job.output)
    beside.refuse_overwriting(job.output, (*(job.data or ()), job.labels, job.model))
    folder = output.with_suffix(".tiles")
    result = _fine_tuned(job, output, folder, progress)
    shutil.rmtree(folder, ignore_errors=True)
    return result


@dataclass(frozen=True)
class Begun:
    """What a training begins with: the network, its threshold, and its file; None where the weights are new."""

    network: ScattererNetwork
    threshold: float
    file: Optional[Path]


def _fine_tuned(job: TrainModel, output: Path, folder: Path, progress: Progress) -> Result:
    labels = job.labels or "stability"
    start_file = _start_file(job)
    device = devices.pick(job.device)
    if start_file is not None:
        open_default(start_file)  # a file that cannot be used is told before the features are computed
    plots, source, notes = fine_tune_data.gather(
        job.data or (), labels, folder, seed=job.seed, progress=progress.part(0.0, 0.4)
    )
    source = {**source, **({"mix": job.mix} if job.mix else {})}
    begun = _begun(start_file, plots, job.seed, device)
    fresh = begun.file is None
    network = copy.deepcopy(begun.network).train()
    epochs, steps = job.epochs or (NEW_EPOCHS if fresh else EPOCHS), _steps(plots)
    settings = loop.Settings(
        steps=epochs * steps, epoch=steps, by="average precision", larger_is_better=True,
        patience=NEW_PATIENCE if fresh else PATIENCE, rate=NEW_RATE if fresh else RATE, decay=0.0, average=0.5 / epochs,
    )  # fmt: skip
    seen = sorted(plots, key=lambda plot: -int((plot.labels[plot.judged(TUNING)] == 1).sum()))[:SEEN]
    simulated = round(job.mix * BATCH)

    def draw(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng([job.seed, 78, step])
        inputs, truth = fine_tune_data.draw_batch(plots, rng, size=BATCH - simulated, side=CROP)
        if simulated:
            scenes = rng.integers(0, MIXED_SCENES, simulated).tolist()
            maps, noise = examples.crops(job.seed, scenes, folder, rng, side=CROP)
            marks = torch.where(torch.isfinite(noise), (noise < PS_NOISE).float(), noise)
            inputs, truth = torch.cat([inputs, maps]), torch.cat([truth, noise if labels == "truth" else marks])
        return inputs, truth

    def loss(model: torch.nn.Module, part: Part) -> torch.Tensor:
        inputs, truth = part.on(device)
        logits = model(inputs).float()
        known = torch.isfinite(part.whole[1]).sum().clamp_min(1)
        if labels == "truth":
            found = loss_of(logits, truth)
        else:
            with torch.no_grad():
                before = torch.zeros_like(logits) if fresh else begun.network(inputs).float()
            found = loss_of_labels(logits, truth, before)
        found = found * (torch.isfinite(truth).sum() / known)  # the parts of a batch add up to its mean
        return found if fresh else found + part.share * PULL * distance(model, begun.network)

    record = loop.train(
        job, network, draw, loss, settings, judge=lambda model: _ranked(judge(model, seen, TUNING)),  # type: ignore[arg-type]
        start=None if fresh else begun.network, about=_about(start_file, plots, source), progress=progress.part(0.4, 0.85),
    )  # fmt: skip
    return _finish(network.eval(), begun, job, plots, source, record, notes, progress.part(0.85, 1.0))


def _begun(start_file: Optional[Path], plots: Sequence[Plot], seed: int, device: torch.device) -> Begun:
    """Return the network that is fine-tuned, or a new one that standardises the features as seen in the part to learn from."""
    if start_file is not None:
        return Begun(*open_default(start_file, device=str(device)), start_file)
    seen = np.concatenate(
        [np.asarray(plot.maps, dtype=np.float32)[:, plot.judged(TRAIN)][:, ::23] for plot in plots], axis=1
    )
    torch.manual_seed(seed)
    network = ScattererNetwork(ScattererNetworkShape(len(FEATURES)))
    network.centre.copy_(torch.from_numpy(seen.mean(axis=1)))
    network.scale.copy_(torch.from_numpy(1 / np.maximum(seen.std(axis=1), 1e-2)))
    network.lean.copy_(torch.tensor(LEAN))
    return Begun(network.to(device).eval(), 0.5, None)


def loss_of_labels(logits: torch.Tensor, label: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
    """Return the loss where only "PS or not" is known.

    That of :func:`loss_of`, with the range of phase noise that the start finds most of, among those that the label allows, in the
    place of the true one: so the estimate of the noise in radians stays what it was while the decision moves.

    Parameters
    ----------
    logits, start
        [n, ranges, rows, cols], of the network that learns and of the one it started from.
    label
        [n, rows, cols]: 1 PS, 0 not, NaN unknown.
    """
    known = torch.isfinite(label)
    label = torch.nan_to_num(label)
    allowed = torch.cat(
        [
            torch.softmax(start[:, :INSIDE], dim=1) * label[:, None],
            torch.softmax(start[:, INSIDE:], dim=1) * (1 - label[:, None]),
        ],
        dim=1,
    )
    ranges = -(allowed * torch.log_softmax(logits, dim=1)).sum(dim=1)
    decision = functional.binary_cross_entropy_with_logits(log_odds(logits), label, reduction="none")
    return ((ranges + DECISION_WEIGHT * decision) * known).sum() / known.sum().clamp_min(1)


def distance(network: torch.nn.Module, start: torch.nn.Module) -> torch.Tensor:
    """Return the squared distance of the weights of two networks."""
    pairs = zip(network.parameters(), start.parameters())
    return torch.stack([(weight - other.detach()).square().sum() for weight, other in pairs]).sum()


def judge(network: ScattererNetwork, plots: Sequence[Plot], part: int) -> Judged:
    """Return what ``network`` says of the labelled pixels of a part."""
    rows: List[Tuple[np.ndarray, ...]] = []
    device = network.centre.device
    for plot in plots:
        judged = plot.judged(part)
        if not judged.any():
            continue
        maps = torch.from_numpy(np.asarray(plot.maps, dtype=np.float32)).to(device)
        probability, noise = (found.cpu().numpy()[judged] for found in answer(network, maps))
        true = np.zeros(0, np.float32) if plot.noise is None else plot.noise[judged]
        rows.append((probability, noise, plot.labels[judged] == 1, true))
    return Judged(*(np.concatenate(column) for column in zip(*rows)))


def figures(judged: Judged, threshold: float) -> Dict[str, float]:
    """Return the figures of a part; see :mod:`stillpoint.models.learning.metrics`."""
    chosen = judged.probability >= threshold
    hits = float((chosen & judged.scatterer).sum())
    precision, recall = hits / max(float(chosen.sum()), 1.0), hits / max(float(judged.scatterer.sum()), 1.0)
    found = {
        **_ranked(judged),
        "precision at the threshold": precision,
        "recall at the threshold": recall,
        "F1 at the threshold": 2 * precision * recall / max(precision + recall, 1e-12),
        "calibration error": metrics.calibration_error(judged.scatterer, judged.probability),
    }
    if judged.true_noise.size:
        error = np.abs(judged.noise - judged.true_noise)[judged.true_noise < PS_NOISE]
        found["median error of the noise of PS, rad"] = float(np.median(error))
    return found


def _ranked(judged: Judged) -> Dict[str, float]:
    return {
        "average precision": metrics.average_precision(judged.scatterer, judged.probability),
        "F1 at the labels' density": metrics.f1_at_density(judged.scatterer, judged.probability),
    }


def calibrate(network: ScattererNetwork, judged: Judged) -> bool:
    """Fit the calibration of ``network`` on a part; return False, and leave it, where the fit makes no sense."""
    clipped = np.clip(judged.probability.astype(np.float64), 1e-7, 1 - 1e-7)
    odds = np.log(clipped / (1 - clipped))
    spread = max(float(odds.std()), 1e-6)  # standardised, the fit starts near its end
    slope, shift = metrics.platt((odds - odds.mean()) / spread, judged.scatterer)
    if not (np.isfinite([slope, shift]).all() and 0 < slope <= _STEEPEST):
        return False
    slope, shift = slope / spread, shift - slope * float(odds.mean()) / spread
    # The probabilities came through the calibration that the network has: the new one follows it.
    before = network.warp.tolist()
    network.warp.copy_(torch.tensor([slope * before[0], slope * before[1] + shift]))
    return True


def _finish(
    network: ScattererNetwork, begun: Begun, job: TrainModel, plots: Sequence[Plot], source: Dict[str, Any], record: loop.Record,
    notes: List[str], progress: Progress,
) -> Result:  # fmt: skip
    """Calibrate on the tuning part, judge on the judging part, write the model, its card, curves and the page."""
    warnings = list(notes)
    if record.ending():
        warnings.append(record.ending())
    if begun.file is not None and record.best == 0:
        warnings.append("No epoch ranked the tuning part better than the start: the weights are the start's, calibrated anew.")
    if not calibrate(network, judge(network, plots, TUNING)):
        warnings.append("The tuning part has too few labels to calibrate by: the probabilities are scaled as the start's.")
    tuned = judge(network, plots, TUNING)
    threshold = metrics.best_threshold([(tuned.scatterer, tuned.probability)])
    after = figures(judge(network, plots, JUDGING), threshold)
    before = figures(judge(begun.network, plots, JUDGING), begun.threshold) if begun.file is not None else {}
    fallen = fine_tune_card.worse(before, after) if before else ""
    if fallen:
        warnings.append(fallen)
    output = Path(job.output)
    origin = {} if begun.file is None else {
        "file": begun.file.name, "sha256": library.sha256(begun.file), **_origin(begun.file)
    }  # fmt: skip
    header = library.Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=reads.of_default() if begun.file is None else
        {**library.read_header(begun.file).input, "features": list(FEATURES)},
        training={
            **source,
            "start": origin,
            "epochs": record.epochs,
            "best epoch": record.best,
            "seed": job.seed,
            "command": beside.command(job),
        },
        metrics={name: round(value, 5) for name, value in after.items()},
        settings={"threshold": round(threshold, 4)},
    )
    if begun.file is not None:
        warnings += comparison.seen_before(library.read_header(begun.file).training, header.training, job.data)
    beside_others = _compared(network, threshold, begun, job, plots, warnings, progress)
    library.save_model(output, network.state_dict(), header)
    written = fine_tune_card.write_beside(output, header, before, beside_others, record, warnings)
    details = {
        "comparison": beside_others, "metrics": after, "metrics_before": before, "threshold": round(threshold, 4),
        "best_epoch": record.best, "history": record.rows, "pixels": source["pixels"],
    }  # fmt: skip
    return Result({"output": job.output, **written}, "\n".join(page.told(beside_others)), details, warnings)


def _compared(
    network: ScattererNetwork, threshold: float, begun: Begun, job: TrainModel, plots: Sequence[Plot], notes: List[str],
    progress: Progress,
) -> Dict[str, Any]:  # fmt: skip
    """Return the figures of the network, its start, the shipped one and the classical methods on the judging part."""
    shipped = library.shipped(TASK, "default")
    asked: List[Tuple[compared.Contender, ScattererNetwork, float]] = [
        (compared.Contender("new model", comparison.NEW), network, threshold)
    ]
    for one in compared.start_contender(begun.file, shipped, ""):
        own = Path(one.model) == begun.file
        known, limit = (begun.network, begun.threshold) if own else open_default(Path(one.model), device=str(network.centre.device))
        asked.append((one, known, limit))
    pieces = []
    for plot in plots:
        inside = plot.judged(JUDGING)
        if not inside.any() or plot.stack is None:
            continue
        lines, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        rows, cols = slice(lines[0], lines[-1] + 1), slice(columns[0], columns[-1] + 1)
        maps = torch.from_numpy(np.asarray(plot.maps, dtype=np.float32)).to(network.centre.device)
        top, left = plot.corner
        piece = compared.Piece(
            plot.stack, slice(top + rows.start, top + rows.stop), slice(left + cols.start, left + cols.stop),
            np.where(inside, plot.labels, IGNORED)[rows, cols],
        )
        for one, each, limit in asked:
            probability = answer(each, maps)[0].cpu().numpy()[rows, cols]
            piece.known[one.name] = probability, probability >= limit
        pieces.append(piece)
    return compared.compare(
        pieces, [one for one, _, _ in asked], job.labels or "stability", notes, progress, seed=job.seed
    )


def _origin(start_file: Path) -> Dict[str, Any]:
    """Return what the start says it was trained on."""
    known = library.read_header(start_file).training
    return {"data": str(known["data"])} if "data" in known else {}


def _start_file(job: TrainModel) -> Optional[Path]:
    """Return the model to start from; None where the weights are new."""
    if job.start == "scratch":
        if job.model:
            raise StillpointError("A training from scratch begins with new weights: name no model, or start from the model.")
        return None
    path = library.model_of(TASK, "default", job.model)
    if not job.model and not path.is_file():
        raise StillpointError(
            "This copy of Stillpoint ships no default network to start from. Name a model of yours to start from, or train one on "
            "simulated scenes first (without data)."
        )
    return path


def _steps(plots: Sequence[Plot]) -> int:
    """Return the steps of an epoch, by how much is labelled."""
    labelled = sum(int(plot.judged(TRAIN).sum()) for plot in plots)
    return int(np.clip(-(-labelled // (BATCH * CROP * CROP)), FEWEST_STEPS, MOST_STEPS))


def _about(start_file: Optional[Path], plots: Sequence[Plot], source: Dict[str, Any]) -> str:
    """Return what a training hangs on, so that one that is resumed is the same."""
    digest = hashlib.sha256(json.dumps(["" if start_file is None else library.sha256(start_file), source], sort_keys=True).encode())
    for plot in plots:
        digest.update(plot.labels.tobytes())
        digest.update(np.ascontiguousarray(plot.part).tobytes())
    return digest.hexdigest()
