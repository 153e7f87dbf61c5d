"""Fits the logistic map of the statistical tests on simulated series.

``python -m stillpoint.models.trends.statistical_fit`` makes the shipped file again. Series come from
:mod:`stillpoint.models.simulation.series` (wide priors, five classes equally often); every fifth group of series,
with its calendar and scene, is held out for the figures in the card.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.simulation.series import draw_group
from stillpoint.models.trends import reads
from stillpoint.models.trends.classes import NAMES
from stillpoint.models.trends.designs import time_axis
from stillpoint.models.trends.statistical import WEIGHTS, LogisticMap, examine, logistic_terms

logger = logging.getLogger("stillpoint")
_START = np.datetime64("2016-03-01", "D")
_GROUP = 160
_HELD_OUT = 5
_PENALTY = 1e-5
_CROSSED = np.array([0, 3, 6, 9, 12, 14, 15, 18, 20, 21, 25, 27, 29, 30, 44, 46, 48])
"""Statistics whose products are terms too: likelihood ratios, jumps, noise, epochs, tails."""


def simulated_statistics(series: int, *, seed: int) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return statistics (n, f), class codes (n,) and group numbers (n,) of about ``series`` simulated series."""
    statistics, codes, groups = [], [], []
    for number in range(-(-series // _GROUP)):
        rng = np.random.default_rng([seed, number])
        group = draw_group(rng, _GROUP, other_share=0.0)
        kept = np.isfinite(group.displacement).sum(1) >= 8
        axis = time_axis(_START + np.round(group.days).astype("timedelta64[D]"))
        statistics.append(examine(axis, group.displacement[kept], group.wavelength).statistics)
        codes.append(group.label[kept])
        groups.append(np.full(int(kept.sum()), number))
    return np.concatenate(statistics), np.concatenate(codes), np.concatenate(groups)


def fit_map(statistics: np.ndarray, codes: np.ndarray, *, iterations: int = 200) -> LogisticMap:
    """Return the multinomial logistic map with the smallest penalised cross-entropy."""
    mean, scale = statistics.mean(0), np.maximum(statistics.std(0), 1e-6)
    x = torch.from_numpy(logistic_terms(statistics, mean, scale, _CROSSED))
    y = torch.from_numpy(codes)
    # zero start and a convex loss: no seed, the same map every time
    weight = torch.zeros(x.shape[1], len(NAMES), requires_grad=True)
    bias = torch.zeros(len(NAMES), requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=iterations, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = functional.cross_entropy(x @ weight + bias, y) + _PENALTY * (weight**2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    return LogisticMap(mean, scale, _CROSSED, weight.detach().numpy().astype(float), bias.detach().numpy().astype(float))


def figures(logits: np.ndarray, codes: np.ndarray) -> Dict[str, float]:
    """Return balanced accuracy, stable called moving, recall and calibration error."""
    odds = np.exp(logits - logits.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    found, confidence = odds.argmax(1), odds.max(1)
    recall = [float((found[codes == code] == code).mean()) for code in range(len(NAMES))]
    stable = found[codes == 0]
    bins = np.minimum((confidence * 15).astype(int), 14)
    gaps = [
        (bins == k).mean() * abs(confidence[bins == k].mean() - (found == codes)[bins == k].mean())
        for k in np.unique(bins)
    ]
    result = {
        "accuracy": float(np.mean(recall)),
        "stable called moving": float(((stable >= 1) & (stable <= 3)).mean()),
        "calibration error": float(np.sum(gaps)),
    }
    result.update({f"recall {name}": value for name, value in zip(NAMES, recall)})
    return result


def arguments(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=240_000, help="simulated series (default: 240000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    return parser.parse_args(argv)


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Simulate, fit, judge, write."""
    given = arguments(argv)
    torch.set_num_threads(1)
    statistics, codes, groups = simulated_statistics(given.series, seed=given.seed)
    held = groups % _HELD_OUT == 0
    logistic = fit_map(statistics[~held], codes[~held])
    metrics = figures(logistic(statistics[held]), codes[held])
    command = f"python -m stillpoint.models.trends.statistical_fit --series {given.series} --seed {given.seed}"
    header = Header(
        task="trends",
        architecture="LogisticMap",
        version="0.1.0",
        shape={"statistics": statistics.shape[1], "classes": len(NAMES)},
        input=reads.of_statistical(),
        training={"data": "stillpoint.models.simulation.series", "series": int((~held).sum()), "command": command},
        metrics=metrics,
    )
    tensors = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in logistic._asdict().items()}
    save_model(given.output, tensors, header)
    given.output.with_suffix(".md").write_text(_card(command, int((~held).sum()), metrics), encoding="utf-8")
    for name, value in metrics.items():
        print(f"{name}: {value:.4f}")


def _card(command: str, series: int, metrics: Dict[str, float]) -> str:
    rows = "\n".join(f"| {name} | {value:.4f} |" for name, value in metrics.items())
    return f"""# Statistical trend tests (`LogisticMap` 0.1.0)

Turns the statistics of the trend tests (after Berti et al. 2013) into probabilities of the five classes: one
multinomial logistic map. No network; the tests themselves have no weights.

- **Input**: log likelihood ratios of constant, line, parabola and hinge under white and correlated noise, the phase
  jumps found, noise against half a wavelength, number of epochs, span.
- **Output**: probabilities of the five classes.
- **Trained on**: {series:,} simulated series of Stillpoint's own simulator, the classes equally common. No real series.
- **Made by**: `{command}`
- **Licence**: GPL-3.0-or-later

## On held-out simulated series (wide priors, balanced classes)

| figure | value |
|---|---|
{rows}

## Where it fails

- A kink beside strong or slowly varying noise is called Linear or Quadratic: the least certain pair of classes.
- Motion that fits no class (several kinks, decay, transients) is given the nearest class; only a single step that is
  no multiple of half a wavelength is refused.
- In X band, noise near a quarter of the wavelength looks like unwrapping errors, and the reverse.
- Fewer than 30 epochs leave little to test: probabilities say so.
"""


if __name__ == "__main__":
    main()
