"""The network of Mirmazloumi et al. (2022) as published, and its training.

As the paper gives it: displacement series of 139 dates; convolution of 138 kernels of 5, ReLU, max-pooling by 2;
convolution of 64 kernels of 5, ReLU, max-pooling by 2; a third convolution with average pooling and dropout of
0.4; a fully connected layer with leaky ReLU; softmax over five classes; 1000 samples a class; one-hot labels, which
make the loss the cross-entropy; 70 % of the series for training, 10 % for validation, 20 % for the test.

What the paper leaves open, and how it is read here:

* The third convolution has 32 kernels of 5 with ReLU, half of the second as the second has about half of the first.
* Average pooling is by 2, like the pooling before it, and not over the whole series: what tells the classes apart
  is *where* the shape changes, and global pooling loses that (91 % falls to 71 %).
* Convolutions keep the length (padding of 2), so 139 epochs become 69, 34 and 17.
* The fully connected layer has 64 units; a linear layer to the five classes follows the leaky ReLU.
* Displacements are centred on their mean and given in centimetres. They are not scaled by their own spread: that
  would hide how still a stable point is.
* Series with other dates are interpolated linearly to 139 equally spaced ones over their span.

Source: Mirmazloumi, Wassie, Nava, Cuevas-Gonzalez, Crosetto & Monserrat (2022), GIScience & Remote Sensing 59, 374-392.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, loop
from stillpoint.models.learning.library import WEIGHTS, Header, built, checked_header, save_model
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.simulation.series import Scene, draw_group
from stillpoint.models.trends import reads
from stillpoint.models.trends.classes import NAMES

ARCHITECTURE = "MirmazloumiCNN"
EPOCHS = 139
SAMPLES_A_CLASS = 1000
SHARES = (0.7, 0.1, 0.2)
PASSES = 60
SHIPPED = WEIGHTS / "trends-mirmazloumi.safetensors"
_BATCH = 128
_FILE = 100
_MINIMUM_EPOCHS = 8
_MILLIMETRES = 10.0


class MirmazloumiCNN(nn.Module):
    """The published network.

    Parameters
    ----------
    epochs
        Number of dates of the series.
    """

    def __init__(self, epochs: int = EPOCHS) -> None:
        super().__init__()
        self.epochs = epochs
        self.features = nn.Sequential(
            nn.Conv1d(1, 138, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(138, 64, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(64, 32, 5, padding=2), nn.ReLU(), nn.AvgPool1d(2), nn.Dropout(0.4),
        )
        self.head = nn.Sequential(
            nn.Flatten(), nn.Linear(32 * (epochs // 8), 64), nn.LeakyReLU(), nn.Linear(64, len(NAMES))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits (n, 5) of prepared series (n, epochs); their softmax are the probabilities."""
        return self.head(self.features(x[:, None, :]))


def prepare(dates: np.ndarray, displacement: np.ndarray, *, epochs: int = EPOCHS) -> torch.Tensor:
    """Return series as the network reads them: on regular dates, centred, in centimetres.

    Parameters
    ----------
    dates
        (e,) datetime64, ascending.
    displacement
        (n, e) float, mm; NaN where missing.
    epochs
        Number of regular dates.

    Returns
    -------
    torch.Tensor
        (n, epochs) float32; NaN for series with fewer than 8 values.
    """
    days = (np.asarray(dates).astype("datetime64[D]") - np.datetime64("2000-01-01", "D")).astype(np.float64)
    regular = np.linspace(days[0], days[-1], epochs)
    values = np.asarray(displacement, dtype=np.float32)
    valid = np.isfinite(values)
    out = np.full((values.shape[0], epochs), np.nan, np.float32)
    whole = valid.all(axis=1)
    if whole.any() and days.size >= _MINIMUM_EPOCHS:
        out[whole] = _resample(days, values[whole], regular)
    for row in np.flatnonzero(~whole & (valid.sum(axis=1) >= _MINIMUM_EPOCHS)):
        out[row] = np.interp(regular, days[valid[row]], values[row, valid[row]])
    out -= out.mean(axis=1, keepdims=True)
    return torch.from_numpy(out / _MILLIMETRES)


def _resample(days: np.ndarray, values: np.ndarray, regular: np.ndarray) -> np.ndarray:
    """Interpolate series (n, e) that share ``days`` linearly to ``regular`` days."""
    right = np.clip(np.searchsorted(days, regular, side="right"), 1, days.size - 1)
    gap = np.maximum(days[right] - days[right - 1], 1e-9)
    part = ((regular - days[right - 1]) / gap).astype(np.float32)
    return values[:, right - 1] * (1 - part) + values[:, right] * part


def open_network(path: Path) -> MirmazloumiCNN:
    """Return the network with the weights of ``path``, on the CPU, ready to learn.

    Raises
    ------
    StillpointError
        The file is missing, or holds another model.
    """
    header = checked_header(path, task="trends", architecture=ARCHITECTURE)
    epochs = header.shape.get("epochs", EPOCHS)
    if type(epochs) is not int or not 8 <= epochs <= 4096:
        raise StillpointError(f"The header of {path} gives no usable number of epochs.")
    network: MirmazloumiCNN = built(lambda: MirmazloumiCNN(epochs), path, header)
    return network


def open_classifier(
    path: Optional[Path] = None, *, device: str = "cpu"
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return a function from dates (e,) and displacement (n, e), mm, to probabilities (n, 5) float32.

    Rows with fewer than 8 values are NaN.

    Raises
    ------
    StillpointError
        The file is missing, or holds another model.
    """
    network = open_network(SHIPPED if path is None else path)
    network.to(device).eval()

    def probabilities(dates: np.ndarray, displacement: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            parts = [
                torch.softmax(network(part.to(device)), dim=1).cpu()
                for part in prepare(dates, displacement, epochs=network.epochs).split(4096)
            ]
        return torch.cat(parts).numpy() if parts else np.empty((0, len(NAMES)), np.float32)

    return probabilities


def simulated_samples(seed: int, *, each: int = SAMPLES_A_CLASS) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return prepared series (5 * each, 139) and codes, like the paper's.

    One sensor (Sentinel-1, every 12 days) and noise of 1 to 5 mm.
    """
    days = np.arange(EPOCHS) * 12.0
    dates = np.datetime64("2015-01-01", "D") + days.astype("timedelta64[D]")
    series, codes = [], []
    for number in range(-(-each * len(NAMES) // _FILE)):
        rng = np.random.default_rng([seed, 139, number])
        scene = Scene(
            white=float(rng.uniform(1.0, 5.0)), correlated=float(rng.uniform(0.0, 2.0)),
            correlation_days=float(rng.uniform(10.0, 60.0)), annual=float(rng.uniform(0.0, 4.0)),
            subtlety=float(rng.uniform(4.0, 8.0)), outliers=0.0, missing=0.0,
        )
        group = draw_group(
            rng, _FILE, days=days, wavelength=0.05547, scene=scene,
            labels=rng.permutation(np.arange(_FILE) % len(NAMES)),
        )
        series.append(prepare(dates, group.displacement))
        codes.append(torch.from_numpy(group.label))
    return torch.cat(series), torch.cat(codes)


def split_samples(count: int, seed: int) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return row numbers for training, validation and test: 70, 10 and 20 %, at random."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    first, second = round(SHARES[0] * count), round((SHARES[0] + SHARES[1]) * count)
    return order[:first], order[first:second], order[second:]


def paper_metrics(found: np.ndarray, truth: np.ndarray) -> Dict[str, Any]:
    """Return the paper's figures: confusion matrix, precision, recall and F-score a class, overall accuracy.

    Parameters
    ----------
    found, truth
        (n,) class codes. Rows of the matrix are the truth, columns what was found.
    """
    size = len(NAMES)
    matrix = np.bincount(truth * size + found, minlength=size * size).reshape(size, size)
    right = np.diagonal(matrix).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.nan_to_num(right / matrix.sum(0))
        recall = np.nan_to_num(right / matrix.sum(1))
        f_score = np.nan_to_num(2 * precision * recall / (precision + recall))
    return {
        "confusion": matrix.tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f_score": f_score.tolist(),
        "overall_accuracy": float(right.sum() / max(matrix.sum(), 1)),
    }


def train_published(job: TrainModel, progress: Progress = SILENT) -> Result:
    """Train the published network on simulated series as ``job`` says; write weights, card and checkpoint."""
    output = Path(job.output)
    series, codes = simulated_samples(job.seed)
    train_rows, valid_rows, test_rows = split_samples(len(series), job.seed)
    passes = job.epochs or PASSES
    per_pass = -(-len(train_rows) // _BATCH)
    torch.manual_seed(job.seed)
    device = devices.pick(job.device)
    network = MirmazloumiCNN().to(device)

    def batch(step: int) -> Tuple[torch.Tensor, torch.Tensor]:
        generator = torch.Generator().manual_seed(job.seed * 1_000_003 + step // per_pass)
        order = train_rows[torch.randperm(len(train_rows), generator=generator)]
        rows = order[(step % per_pass) * _BATCH : (step % per_pass + 1) * _BATCH]
        return series[rows], codes[rows]

    def loss(model: nn.Module, part: loop.Part) -> torch.Tensor:
        seen, truth = part.on(device)
        return functional.cross_entropy(model(seen).float(), truth, reduction="sum") / len(part.whole[1])

    def judge(model: nn.Module, rows: torch.Tensor) -> Dict[str, Any]:
        with torch.inference_mode():
            found = model.eval()(series[rows].to(device)).argmax(1).cpu()
        return paper_metrics(found.numpy(), codes[rows].numpy())

    settings = loop.Settings(
        steps=passes * per_pass, epoch=per_pass, by="validation accuracy", larger_is_better=True, rate=1e-3
    )
    record = loop.train(
        job, network, batch, loss, settings, progress=progress,
        judge=lambda model: {"validation accuracy": judge(model, valid_rows)["overall_accuracy"]},
    )
    metrics = judge(network, test_rows)
    header = Header(
        task="trends", architecture=ARCHITECTURE, version=__version__, shape={"epochs": EPOCHS},
        input=reads.of_published(EPOCHS),
        training={
            "data": "simulated series, stillpoint.models.simulation.series", "series": len(train_rows),
            "seed": job.seed, "command": beside.command(job),
        },
        metrics=metrics,
    )
    save_model(output, network.state_dict(), header)
    written = beside.write_card_and_curves(output, _card(header), record.rows)
    return Result(
        {"output": str(output), **written}, metrics_table(metrics), {"metrics": metrics, **record.details()}, record.notes()
    )


def metrics_table(metrics: Dict[str, Any]) -> str:
    """Return the figures of :func:`paper_metrics` as a Markdown table."""
    lines = ["| truth \\ found | " + " | ".join(NAMES) + " | recall |", "|---|" + "---:|" * (len(NAMES) + 1)]
    for code, name in enumerate(NAMES):
        cells = " | ".join(str(value) for value in metrics["confusion"][code])
        lines.append(f"| {name} | {cells} | {metrics['recall'][code]:.3f} |")
    for label, key in (("precision", "precision"), ("F-score", "f_score")):
        lines.append(f"| {label} | " + " | ".join(f"{value:.3f}" for value in metrics[key]) + " | |")
    return "\n".join([*lines, "", f"Overall accuracy: {100 * metrics['overall_accuracy']:.2f} %"])


def _card(header: Header) -> str:
    return f"""# Published trend network (`{ARCHITECTURE}` {header.version})

The convolutional network of Mirmazloumi et al. (2022) as published, for comparison; the default network is better on
any data but the narrow kind that this one was trained on.

- **Input**: series of 139 regular dates (others are interpolated), centred on their mean, in centimetres.
- **Output**: probabilities of {', '.join(NAMES)}. It knows nothing of the wavelength, and never abstains.
- **Trained on**: 70 % of {SAMPLES_A_CLASS} simulated series a class (Sentinel-1, every 12 days, noise of 1 to 5 mm);
  10 % for validation, 20 % for the figures below. No real series.
- **Made by**: `{header.training['command']}`
- **Licence**: {header.licence}
- What the paper leaves open (third convolution, pooling, scaling) is stated in `models/trends/mirmazloumi.py`.

## On the test part

{metrics_table(dict(header.metrics))}

## Where it fails

- Other sampling, other wavelengths, short or gappy series: it saw none.
- Its probabilities are not calibrated outside its own simulated data.
"""


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Train and print the paper's figures."""
    parser = argparse.ArgumentParser(description="Train the published network on simulated series.")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=0, help=f"passes over the training part (default: {PASSES})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args(argv)
    torch.set_num_threads(given.threads)
    job = TrainModel(
        capability="trends", network="mirmazloumi_cnn", output=str(given.output), epochs=given.epochs, seed=given.seed,
    )
    print(train_published(job).summary)


if __name__ == "__main__":
    main()
