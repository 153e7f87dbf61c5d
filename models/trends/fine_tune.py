"""Training of the trend networks on series that a user labelled: fine-tuned or from new weights, alone or mixed with simulation.

Some hundred labels cannot teach what a bilinear series is, only what is peculiar to a place and a processing. So weights that
start from a trained network move slowly and are pulled back to it (L2-SP; Li, Grandvalet & Davoine 2018, *Explicit inductive bias
for transfer learning with convolutional networks*, ICML). Every class is drawn as often as any other, as in the simulation that the
networks come from: their probabilities stay those of equally common classes.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import torch

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, comparison, devices, library, loop, page
from stillpoint.models.learning.batches import Part
from stillpoint.models.progress import Progress
from stillpoint.models.trends import fine_tune_card, labelled
from stillpoint.models.trends.classes import NAMES
from stillpoint.models.trends.classify import classify_arrays
from stillpoint.models.trends.fine_tune_networks import Learner, learner_of
from stillpoint.models.trends.labelled import Split
from stillpoint.models.trends.train import fit_temperature

RATE, PULL = 3e-4, 0.01
"""Learning rate of fine-tuning, and how strongly the weights are held to the start (per squared distance of all of them)."""

NEW_RATE = 1e-3
EPOCHS, NEW_EPOCHS, PATIENCE, NEW_PATIENCE = 40, 120, 8, 25
BATCH = 64
FEWEST_STEPS, MOST_STEPS = 10, 60
"""Steps an epoch: one for each batch of labelled series, within these bounds."""

FEWEST_TO_CALIBRATE = 40
"""Labels below which the probabilities stay scaled as the start's."""

MOST_DRAWN = 10.0
"""Times the mean that a single label is drawn at most, however rare its class."""


@dataclass(frozen=True)
class Begun:
    """What a training begins with: the file of the start, empty where weights are new, and whether it is a shipped one."""

    file: str
    shipped: bool

    @property
    def name(self) -> str:
        """How tables call it."""
        return f"{'shipped model' if self.shipped else 'start'} {Path(self.file).name}" if self.file else ""


def train_on_labels(job: TrainModel, progress: Progress) -> Result:
    """Train the network that ``job`` names on labelled series; write weights, card, curves and the page.

    Raises
    ------
    StillpointError
        Data or labels cannot be used, or there is no network to start from.
    Cancelled
        Asked to stop; checkpoint and best weights so far are kept beside the output.
    """
    files = [path.partition("|")[0] for path in job.data or ()]
    beside.refuse_overwriting(job.output, (*files, (job.labels or "").partition("|")[0] or None, job.model))
    device = devices.pick(job.device)
    begun = _begun(job)
    split = labelled.gather(job, progress.part(0.0, 0.1))
    learner = learner_of(job.network, begun.file, split, seed=job.seed, device=device)
    rows = np.flatnonzero(learner.part == 0)
    weights = drawing_weights(learner.codes[rows])
    fresh = not begun.file
    steps = int(np.clip(-(-len(rows) // BATCH), FEWEST_STEPS, MOST_STEPS))
    epochs = job.epochs or (NEW_EPOCHS if fresh else EPOCHS)
    settings = loop.Settings(
        steps=epochs * steps, epoch=steps, by="figure", larger_is_better=True, patience=NEW_PATIENCE if fresh else PATIENCE,
        rate=NEW_RATE if fresh else RATE, decay=1e-3 if fresh else 0.0, average=0.5 / epochs,
    )  # fmt: skip
    origin = None if fresh else [weight.detach().clone() for weight in learner.network.parameters()]
    simulated = round(job.mix * BATCH)

    def draw(step: int) -> Any:
        rng = np.random.default_rng([job.seed, 92, step])
        return learner.batch(rows[rng.choice(len(rows), BATCH - simulated, p=weights)], step, simulated)

    def loss(network: torch.nn.Module, part: Part) -> torch.Tensor:
        found = learner.misfit(network, part.on(device)) / BATCH
        if origin is None:
            return found
        apart = [(weight - first).square().sum() for weight, first in zip(network.parameters(), origin)]
        return found + part.share * PULL * torch.stack(apart).sum()

    record = loop.train(
        job, learner.network, draw, loss, settings, judge=lambda network: learner.judged(network, 1),
        start=None if fresh else copy.deepcopy(learner.network), about=_about(begun, split, job), progress=progress.part(0.1, 0.9),
    )  # fmt: skip
    return _finish(learner, job, begun, split, record, progress.part(0.9, 1.0))


def drawing_weights(codes: np.ndarray) -> np.ndarray:
    """Return chances of drawing each label that make all classes equally common, none drawn too often; they sum to 1."""
    counts = np.bincount(codes, minlength=len(NAMES))
    weights = 1.0 / counts[codes]
    weights = np.minimum(weights, MOST_DRAWN * weights.mean())
    return weights / weights.sum()


def _begun(job: TrainModel) -> Begun:
    """Return the start that a job names."""
    if job.start == "scratch":
        if job.model:
            raise StillpointError("A training from scratch begins with new weights: name no model, or start from the model.")
        return Begun("", False)
    path = library.model_of("trends", job.network, job.model)
    if not path.is_file():
        raise StillpointError(f"There is no model {path} to start from. Name a model of yours, or start from scratch.")
    return Begun(str(path), path == library.shipped("trends", job.network))


def _about(begun: Begun, split: Split, job: TrainModel) -> str:
    """Return what tells this training from others, so that one that is resumed is the same."""
    digest = hashlib.sha256(f"{job.mix} {library.sha256(Path(begun.file)) if begun.file else ''}".encode())
    for region, part in zip(split.regions, split.part):
        for values in (region.displacement, region.codes, part):
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def _finish(learner: Learner, job: TrainModel, begun: Begun, split: Split, record: loop.Record, progress: Progress) -> Result:
    """Calibrate on the validation part, compare on the test part, write the model and what lies beside it."""
    notes = list(split.plan.notes)
    if record.ending():
        notes.append(record.ending())
    if begun.file and record.best == 0:
        notes.append("No epoch did better on the validation part than the start: the weights are the start's.")
    network = learner.network.eval()
    calibrated = _calibrate(learner, notes)
    output = Path(job.output)
    known = library.read_header(Path(begun.file)) if begun.file else None
    header = library.Header(
        task="trends", architecture=learner.architecture, version=__version__, shape=learner.shape, input=learner.reads(),
        training={
            "data": "labelled series of " + ", ".join(region.name for region in split.regions)
            + (f"; {job.mix:.0%} of each batch simulated" if job.mix else ""),
            "labels": Path(job.labels).name if job.labels else "fields of the points",
            "series": {part: int((learner.part == code).sum()) for code, part in enumerate(fine_tune_card.PARTS)},
            "start": {} if not begun.file else {"file": Path(begun.file).name, "sha256": library.sha256(Path(begun.file))},
            "mix": job.mix, "epochs": record.epochs, "best epoch": record.best, "seed": job.seed,
            "calibrated": calibrated, "command": beside.command(job),
        },
        settings=dict(known.settings) if known else {"unlike_threshold": 1.0},
    )  # fmt: skip
    notes += comparison.seen_before(known.training if known else {}, header.training, job.data)
    candidate = output.with_suffix(".candidate")
    library.save_model(candidate, network.state_dict(), header)
    try:
        compared = compare(split, job.network, str(candidate), begun, notes, progress, seed=job.seed)
    finally:
        candidate.unlink(missing_ok=True)
    header = library.Header(**{**header.__dict__, "metrics": page.header_figures(compared)})
    library.save_model(output, network.state_dict(), header)
    written = fine_tune_card.write_beside(output, header, begun.name, compared, record, split.plan, notes)
    details = {
        "comparison": compared, "metrics": compared["methods"][0]["figures"], "history": record.rows, "best_epoch": record.best,
        "parts": split.plan.to_dict()["parts"],
    }  # fmt: skip
    return Result({"output": job.output, **written}, "\n".join(page.told(compared)), details, notes)


def _calibrate(learner: Learner, notes: List[str]) -> bool:
    """Fit the temperature of the probabilities on the validation part, all classes with the same weight."""
    rows = np.flatnonzero(learner.part == 1)
    if not learner.temperatures:
        return False
    if len(rows) < FEWEST_TO_CALIBRATE:
        notes.append(
            f"The validation part has {len(rows)} labels, too few to calibrate by: the probabilities are scaled as the start's."
        )
        return False
    codes = torch.from_numpy(learner.codes[rows])
    every = torch.from_numpy(
        np.random.default_rng(93).choice(len(rows), 2000, p=drawing_weights(learner.codes[rows]))
    )  # equally many of each class, as in the training
    with torch.inference_mode():
        for place, buffer in enumerate(learner.temperatures):
            logits = learner.outputs(learner.network, rows)[place]
            buffer.mul_(fit_temperature(logits[every], codes[every]))
    return True


def compare(
    split: Split, network: str, model: str, begun: Begun, notes: List[str], progress: Progress, *, seed: int
) -> Dict[str, Any]:
    """Return the figures of the new model, its start and the statistical tests on the test part, each as it is used."""
    methods: List[Tuple[str, str, str, str]] = [("new model", comparison.NEW, network, model)]
    if begun.file:
        methods.append((begun.name, comparison.SHIPPED if begun.shipped else comparison.START, network, begun.file))
    own = library.shipped("trends", network)
    if not begun.shipped and own.is_file():
        methods.append((f"shipped model {own.name}", comparison.SHIPPED, network, str(own)))
    methods.append(("statistical tests", comparison.CLASSICAL, "statistical", ""))
    truth = np.concatenate([region.codes[part == 2] for region, part in zip(split.regions, split.part)])
    block = np.concatenate([place[part == 2] for place, part in zip(split.block, split.part)])
    answers = []
    for number, (name, role, method, file) in enumerate(methods):
        progress(number / len(methods), f"The test part as seen by {name}")
        try:
            said = _said(split, method, file, progress)
        except StillpointError as error:
            if role == comparison.NEW:
                raise
            notes.append(f"The {name} could not be compared: {error}")
            continue
        answers.append(comparison.Answers(name, role, *said))
    return comparison.compare(truth, answers, block, classes=NAMES, decides=comparison.F1, unit="blocks", seed=seed)


def _said(split: Split, method: str, model: str, progress: Progress) -> Tuple[np.ndarray, np.ndarray]:
    """Return class (-1 none) and probabilities of the series of the test part."""
    codes: List[np.ndarray] = []
    shares: List[np.ndarray] = []
    for region, part in zip(split.regions, split.part):
        if not (part == 2).any():
            continue
        found = classify_arrays(
            region.dates, region.displacement[part == 2].copy(), wavelength=region.wavelength, method=method, model=model or None,
            check=progress.check,
        ).columns
        codes.append(np.ma.filled(np.ma.asarray(found["trend_code"]).astype(np.int64), -1))
        shares.append(np.stack([np.asarray(found[f"p_{code}"], np.float64) for code in range(len(NAMES))], axis=1))
    return np.concatenate(codes), np.concatenate(shares)
