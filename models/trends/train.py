"""Training of the default trend network on endless simulated series, and its calibration.

The command that made the shipped weights stands in their card and header. Held-out series come from
seeds, calendars and scenes that the training never draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, loop
from stillpoint.models.learning.inputs import in_bands
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.progress import Progress
from stillpoint.models.trends import reads
from stillpoint.models.trends.classes import NAMES
from stillpoint.models.trends.dataset import evidence_of, groups_at
from stillpoint.models.trends.judge import ARCHITECTURE
from stillpoint.models.trends.network import CLASSES, TrendNetwork, TrendNetworkShape

STEPS_AN_EPOCH = 250
EPOCHS = 20
QUICK_WEIGHT = 0.3
"""Weight of the loss of the perceptron's own verdict."""

HELD_OUT_SEED = 900_001
FALSE_REFUSALS = 0.01
"""Share of series of the five classes that may be refused; fixes the threshold of abstention."""


@dataclass
class HeldOut:
    """Evidence of held-out series: features (n, f) and channels by calendar, and labels."""

    features: List[torch.Tensor]
    channels: List[torch.Tensor]
    labels: torch.Tensor


def held_out(seed: int = HELD_OUT_SEED, *, calendars: int = 40, size: int = 64) -> HeldOut:
    """Return held-out series of ``calendars`` calendars with 4 scenes of ``size`` series each."""
    features, channels, labels = [], [], []
    for step in range(calendars):
        for calendar, group in groups_at(seed, 1000 * step, groups=1, size=size):
            evidence, label = evidence_of(calendar, group)
            features.append(evidence.features)
            channels.append(evidence.channels())
            labels.append(label)
    return HeldOut(features, channels, torch.cat(labels))


def logits_of(
    network: torch.nn.Module, data: HeldOut, device: torch.device
) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return the network's thorough and quick logits of the held-out series, on the CPU."""
    with torch.inference_mode():
        parts = [
            network(features.to(device), channels.to(device))
            for features, channels in zip(data.features, data.channels)
        ]
    thorough, quick = zip(*parts)
    return torch.cat(thorough).cpu(), torch.cat(quick).cpu()


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, *, bins: int = 15) -> float:
    """Return the gap between confidence and accuracy, averaged over equal-width bins of confidence.

    Parameters
    ----------
    probabilities
        (n, classes).
    labels
        (n,).
    bins
        Number of bins (Guo et al. 2017, ICML).
    """
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[index == part].mean() - right[index == part].mean()) * (index == part).mean()
        for part in range(bins)
        if (index == part).any()
    ]
    return float(sum(gaps))


def metrics_of(logits: torch.Tensor, labels: torch.Tensor) -> Dict[str, float]:
    """Return accuracy, recall and precision a class, calibration, and how well misfits are told."""
    inside = labels < CLASSES
    probabilities = torch.softmax(logits[:, :CLASSES], dim=1)
    unlike = torch.softmax(logits, dim=1)[:, CLASSES:].sum(dim=1)
    best, truth = probabilities.argmax(dim=1), labels
    result = {
        "accuracy": float((best == truth)[inside].float().mean()),
        "stable called moving": float((best[truth == 0] != 0).float().mean()),
        "calibration error": expected_calibration_error(probabilities[inside].numpy(), truth[inside].numpy()),
        "cross-entropy": float(functional.cross_entropy(logits, labels)),
    }
    for code, name in enumerate(NAMES):
        result[f"recall {name}"] = float((best == code)[truth == code].float().mean())
        result[f"precision {name}"] = float((truth == code)[inside & (best == code)].float().mean())
    if bool((~inside).any()):
        threshold = float(unlike[inside].quantile(1 - FALSE_REFUSALS))
        result["unlike accepted"] = float((unlike[~inside] <= threshold).float().mean())
        result["unlike threshold"] = threshold
    return result


def fit_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the temperature that minimises the cross-entropy of the five classes (golden section)."""
    inside = labels < CLASSES
    logits, labels = logits[inside, :CLASSES], labels[inside]
    low, high = 0.5, 2.5
    ratio = (5**0.5 - 1) / 2

    def cost(value: float) -> float:
        return float(functional.cross_entropy(logits / value, labels))

    for _ in range(30):
        first, second = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, second) if cost(first) < cost(second) else (first, high)
    return (low + high) / 2


def new_network(seed: int) -> TrendNetwork:
    """Return an untrained network that standardises the statistics as seen in simulated series of ``seed``."""
    seen = torch.cat(held_out(seed + 1, calendars=60, size=16).features)
    torch.manual_seed(seed)
    network = TrendNetwork(TrendNetworkShape(seen.shape[1]))
    network.centre.copy_(seen.mean(dim=0))
    network.scale.copy_(1 / seen.std(dim=0).clamp(min=1e-2))
    return network


def train_default(job: TrainModel, progress: Progress) -> Result:
    """Train the default network as ``job`` says; write weights, card and checkpoint."""
    from stillpoint.models.learning import devices

    device = devices.pick(job.device)
    epochs = job.epochs or EPOCHS
    settings = loop.Settings(steps=epochs * STEPS_AN_EPOCH, epoch=STEPS_AN_EPOCH, by="cross-entropy")
    progress(0.0, "Simulating held-out series")
    tuning = held_out()
    network = new_network(job.seed).to(device)

    def batch(step: int) -> List[Tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
        made = [evidence_of(calendar, group) for calendar, group in groups_at(job.seed, step)]
        return [(evidence.features, evidence.channels(), label) for evidence, label in made]

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        total = torch.zeros((), device=device)
        for features, channels, label in part.on(device):
            thorough, quick = (logits.float() for logits in model(features, channels))
            total = total + functional.cross_entropy(thorough, label, reduction="sum")
            total = total + QUICK_WEIGHT * functional.cross_entropy(quick, label, reduction="sum")
        return total / max(sum(len(label) for _, _, label in part.whole), 1)

    record = loop.train(
        job, network, batch, loss, settings, judge=lambda model: metrics_of(logits_of(model, tuning, device)[0], tuning.labels),
        progress=progress.part(0.02, 0.97),
    )
    return finish(network.cpu(), job, record, epochs)


def finish(network: TrendNetwork, job: TrainModel, record: loop.Record, epochs: int) -> Result:
    """Calibrate ``network`` on one held-out set, judge it on another, write the model and its card."""
    network.eval()
    tuning = held_out(HELD_OUT_SEED + 1, calendars=80)
    thorough, quick = logits_of(network, tuning, torch.device("cpu"))
    network.temperature.fill_(fit_temperature(thorough, tuning.labels))
    network.plain_temperature.fill_(fit_temperature(quick, tuning.labels))
    tuned = metrics_of(thorough / network.temperature, tuning.labels)
    test = held_out(HELD_OUT_SEED + 2, calendars=80)
    thorough, quick = logits_of(network, test, torch.device("cpu"))
    metrics = metrics_of(thorough, test.labels)
    metrics["accuracy of the quick verdict"] = metrics_of(quick, test.labels)["accuracy"]
    header = Header(
        task="trends",
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=reads.of_default(),
        training={
            "data": "simulated series, stillpoint.models.simulation.series",
            "series": int(record.rows[-1]["step"]) * 1024,
            "seed": job.seed,
            "command": beside.command(job, epochs=epochs),
        },
        metrics={key: round(value, 5) for key, value in metrics.items()},
        settings={"unlike_threshold": round(tuned["unlike threshold"], 5)},
    )
    save_model(Path(job.output), network.state_dict(), header)
    written = beside.write_card_and_curves(Path(job.output), model_card(header), record.rows)
    lines = [f"{key:<32}{value:8.4f}" for key, value in metrics.items()]
    return Result({"output": job.output, **written}, "\n".join(lines), {"metrics": metrics, **record.details()}, record.notes())


def model_card(header: Header) -> str:
    """Return the model card in Markdown."""
    metrics = "\n".join(f"| {key} | {value:.4f} |" for key, value in header.metrics.items())
    fewest, most = header.input["dates"]["trained"]
    return f"""# Trend network, default (`{header.architecture}` {header.version})

Classifies displacement series of radar points as {', '.join(NAMES)}; abstains where a series fits none.

- **Input**: {fewest} to {most} epochs in training, more are accepted; irregular, with dates; millimetres along the line of sight;
  the wavelength ({in_bands(*header.input['wavelength']['trained'])}). {len(header.input['features'])} fit statistics and the series
  itself.
- **Output**: probabilities of the five classes, and of {len(_kinds())} kinds of series that fit none.
- **Trained on**: {header.training['series']:,} series from Stillpoint's own simulator (white and temporally correlated noise,
  annual motion, outliers, gaps, one or many phase jumps; L, C and X band), never the same twice. No real series.
- **Made by**: `{header.training['command']}`
- **Licence**: {header.licence}

## On held-out simulated series (wide priors, balanced classes)

| figure | value |
|---|---|
{metrics}

## Where it fails

- Motion that is weak against the noise is called Stable or Linear: probabilities say so, labels cannot.
- Series with fewer than {10} epochs are not judged.
- Seasonal motion above some 12 mm, or motion with several changes of velocity, is refused, not explained.
- In X band, noise near a quarter of the wavelength looks like unwrapping errors, and the reverse.
- Classes were equally common in the training; where most ground is still, set the expected shares of the classes.
"""


def _kinds() -> Tuple[str, ...]:
    from stillpoint.models.trends.network import REASONS

    return REASONS
