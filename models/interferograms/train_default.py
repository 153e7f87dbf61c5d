"""Training of the default network on simulated stacks, its calibration, and its model card.

Stacks are split by seed: those that the network learns from, those that calibrate it, and those that judge it never share a scene,
a date or an atmosphere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import reads
from stillpoint.models.interferograms.default import ARCHITECTURE, TASK
from stillpoint.models.interferograms.default_examples import BARE, NOISY
from stillpoint.models.interferograms.default_figures import best_limit, figures, lines
from stillpoint.models.interferograms.default_lessons import WRAPPED, Lesson, lesson
from stillpoint.models.interferograms.default_network import (
    LIMIT,
    WRAPPED_LIMIT,
    DefaultNetwork,
    DefaultNetworkShape,
    log_odds,
    range_of,
)
from stillpoint.models.interferograms.evidence import FIGURES, MAPS, SIGNED
from stillpoint.models.jobs import Result, TrainModel
from stillpoint.models.learning import beside, devices, loop
from stillpoint.models.learning import metrics as metrics_of
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.progress import SILENT, Progress

STACKS, TUNING, JUDGING = 240, 24, 30
BARE_STACKS, BARE_TUNING, BARE_JUDGING = 64, 6, 16
"""Stacks with few or no loops, beside the others."""

WRAPPED_STACKS, WRAPPED_TUNING, WRAPPED_JUDGING = 64, 6, 16
"""The first of the others once more, wrapped."""

NOISY_STACKS, NOISY_TUNING, NOISY_JUDGING = 96, 8, 20
"""Wrapped stacks, most of them without loops, any share of whose pairs is noise."""

TUNING_SEED, JUDGING_SEED = 900_011, 900_012
EPOCHS, TOGETHER, MOST_PAIRS = 5, 2, 96
"""Epochs, stacks of a step, and pairs of a stack that a step looks at."""

WITHOUT_COHERENCE = 0.1
"""Share of the steps in which a stack's coherence is hidden."""

PEERS = {"loop closure": "mean closure", "std of the phase": "spread", "mean coherence": "coherence"}
"""Classical figures that the network is compared with, by the name in the evidence."""


def train_default(job: TrainModel, progress: Progress) -> Result:
    """Train the default network as ``job`` says; write weights, card, curves and checkpoint.

    The simulated stacks are kept beside the output (some 2 GB), and used again by the next training.

    Raises
    ------
    StillpointError
        Labels or a model come without data (see :func:`.train_default_user.fine_tune`), the unwrapper is missing, or the training
        diverged.
    Cancelled
        Asked to stop; the last checkpoint is kept.
    """
    if job.data:
        from stillpoint.models.interferograms.train_default_user import fine_tune

        return fine_tune(job, progress)
    if job.labels not in (None, "truth"):
        raise StillpointError("Labels teach the network where the stack that they belong to is named as training data.")
    if job.model:
        raise StillpointError(
            "The default network of interferograms is trained on simulated stacks from nothing: leave the model empty, or name "
            "your stack and its labels to fine-tune it."
        )
    device = devices.pick(job.device)
    output = Path(job.output)
    folder = output.with_suffix(".examples")
    epochs = job.epochs or EPOCHS
    learned = _lessons(job.seed, folder, STACKS, BARE_STACKS, WRAPPED_STACKS, NOISY_STACKS, progress=progress.part(0.0, 0.45))
    kept = progress.part(0.45, 0.5)
    tuning = _lessons(TUNING_SEED, folder, TUNING, BARE_TUNING, WRAPPED_TUNING, NOISY_TUNING, progress=kept)
    steps = epochs * len(learned) // TOGETHER
    settings = loop.Settings(
        steps=steps, epoch=-(-steps // epochs), by="auc", larger_is_better=True, rate=2e-3, average=0.03
    )
    network = _new_network(job.seed, learned).to(device)

    def batch(step: int) -> List[Lesson]:
        rng = np.random.default_rng([job.seed, 77, step])
        return [varied(learned[int(index)], rng) for index in rng.integers(0, len(learned), TOGETHER)]

    def loss(model: torch.nn.Module, part: loop.Part) -> torch.Tensor:
        losses = []
        for each in part.examples:
            logits, cells = model(*_inputs(each, device))
            losses.append(loss_of(logits.float(), cells.float(), each))
        return torch.stack(losses).sum() / len(part.whole)

    record = loop.train(
        job, network, batch, loss, settings, judge=lambda model: _curve(model, tuning),  # type: ignore[arg-type]
        progress=progress.part(0.5, 0.97),
    )  # fmt: skip
    return _finish(network.cpu().eval(), job, record, epochs, folder, tuning)


def loss_of(logits: torch.Tensor, cells: torch.Tensor, drawn: Lesson) -> torch.Tensor:
    """Return the cross-entropy of the ranges of the error and of bad or not, and the misfit of the cells' error variance.

    Parameters
    ----------
    logits
        [pairs, ranges].
    cells
        [pairs, cells, cells], log(1 + variance).
    drawn
        The truth; pairs and cells without one are left out.
    """
    rms = drawn.rms.to(logits.device)
    known = torch.isfinite(rms)
    total = torch.zeros((), device=logits.device)
    if known.any():
        seen = logits[known]
        total = total + functional.cross_entropy(seen, range_of(rms[known]))
        total = total + 2.0 * functional.binary_cross_entropy_with_logits(log_odds(seen), (rms[known] > LIMIT).float())
    target = drawn.cells.to(logits.device).float()
    inside = torch.isfinite(target)
    weight = inside * (0.1 + drawn.reliable.to(logits.device))
    misfit = functional.smooth_l1_loss(cells, torch.nan_to_num(target), reduction="none", beta=0.3)
    return total + (weight * misfit).sum() / weight.sum().clamp_min(1e-6)


def varied(drawn: Lesson, rng: np.random.Generator) -> Lesson:
    """Return a lesson as it could as well have been: mirrored, turned, of the other sign, with fewer pairs, without coherence."""
    maps, cells, reliable, figures_of = drawn.maps.float(), drawn.cells, drawn.reliable, drawn.figures
    keep = np.arange(len(maps))
    if len(keep) > MOST_PAIRS:
        keep = np.sort(rng.choice(len(keep), MOST_PAIRS, replace=False))
    maps, cells, figures_of = maps[keep], cells[keep], figures_of[keep].clone()
    if rng.random() < 0.5:
        maps, cells, reliable = maps.flip(-1), cells.flip(-1), reliable.flip(-1)
    turns = int(rng.integers(0, 4))
    maps, cells, reliable = (torch.rot90(each, turns, (-2, -1)) for each in (maps, cells, reliable))
    if rng.random() < 0.5:
        signs = torch.ones(len(MAPS))
        signs[list(SIGNED)] = -1.0
        maps = maps * signs[:, None, None]
    if rng.random() < WITHOUT_COHERENCE:
        hidden = torch.tensor([float("coherence" not in name) for name in MAPS])
        maps = maps * hidden[:, None, None]
        figures_of = figures_of * torch.tensor([float("coherence" not in name) for name in FIGURES])
    return Lesson(
        maps, figures_of, reliable, drawn.ends[keep], drawn.dates, drawn.rms[keep], cells, drawn.bad[keep], drawn.strong[keep],
        drawn.coverage[keep], [drawn.kinds[k] for k in keep], drawn.family,
    )  # fmt: skip


def _lessons(
    seed: int, folder: Path, count: int, bare: int = 0, wrapped: int = 0, noisy: int = 0, *, progress: Progress = SILENT
) -> List[Lesson]:  # fmt: skip
    indices = [*range(count), *range(BARE, BARE + bare), *range(WRAPPED, WRAPPED + wrapped), *range(NOISY, NOISY + noisy)]
    result = []
    for number, index in enumerate(indices):
        progress(number / len(indices), f"Simulated stack {number + 1} of {len(indices)}")
        result.append(lesson(seed, index, folder))
    return result


def _inputs(drawn: Lesson, device: Any) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, int]:
    return (
        drawn.maps.float().to(device), drawn.figures.to(device), drawn.reliable.to(device), drawn.ends.to(device), drawn.dates
    )  # fmt: skip


def _new_network(seed: int, learned: List[Lesson]) -> DefaultNetwork:
    """Return an untrained network that standardises the evidence as seen in its stacks."""
    figures_of = torch.cat([each.figures for each in learned])
    maps = torch.cat([each.maps[::7, :, ::3, ::3].float().movedim(1, 0).flatten(1) for each in learned], dim=1)
    torch.manual_seed(seed)
    network = DefaultNetwork(DefaultNetworkShape(len(MAPS), len(FIGURES)))
    network.centre.copy_(figures_of.mean(dim=0))
    network.scale.copy_(1 / figures_of.std(dim=0).clamp_min(1e-2))
    network.map_centre.copy_(maps.mean(dim=1))
    network.map_scale.copy_(1 / maps.std(dim=1).clamp_min(1e-2))
    return network


def _judged(network: DefaultNetwork, stacks: List[Lesson]) -> List[np.ndarray]:
    """Return the log odds that pairs are bad, of each stack, before calibration."""
    device = network.centre.device
    with torch.inference_mode():
        said = [log_odds(network(*_inputs(each, device))[0], unwrapped=each.unwrapped) for each in stacks]
    return [each.cpu().numpy().astype(np.float64) for each in said]


def _labels(stacks: List[Lesson]) -> List[np.ndarray]:
    """Return the physical label by the error alone: what is missing is counted, not learned."""
    return [np.nan_to_num(each.rms.numpy(), nan=np.inf) > (LIMIT if each.unwrapped else WRAPPED_LIMIT) for each in stacks]


def _curve(network: DefaultNetwork, stacks: List[Lesson]) -> Dict[str, float]:
    odds, truth = _judged(network, stacks), _labels(stacks)
    limit = best_limit(np.concatenate(truth), np.concatenate(odds))
    found = figures(truth, odds, [each.strong for each in stacks], limit)
    return {"auc": found["AUC, all pairs together"], "f1": found["F1 of bad"]}


def _finish(
    network: DefaultNetwork, job: TrainModel, record: loop.Record, epochs: int, folder: Path, tuning: List[Lesson]
) -> Result:
    """Calibrate on one set of stacks, judge on another, write the model, its card and curves."""
    truth, odds = _labels(tuning), _judged(network, tuning)
    slope, shift = metrics_of.platt(np.concatenate(odds), np.concatenate(truth))
    network.warp.copy_(torch.tensor([slope, shift]))
    # The limit is for small-baseline networks as they should be: in those without loops most pairs may be bad.
    usual = np.concatenate(odds[:TUNING])
    limit = best_limit(np.concatenate(truth[:TUNING]), 1 / (1 + np.exp(-(slope * usual + shift))))
    metrics, table = _compare(network, limit, tuning[:TUNING], _lessons(JUDGING_SEED, folder, JUDGING))
    metrics.update(_few_figures(network, limit, _lessons(JUDGING_SEED, folder, 0, BARE_JUDGING), "stacks with few or no loops"))
    metrics.update(_few_figures(network, limit, _lessons(JUDGING_SEED, folder, 0, 0, WRAPPED_JUDGING), "wrapped stacks"))
    noisy = _few_figures(network, limit, _lessons(JUDGING_SEED, folder, 0, 0, 0, NOISY_JUDGING), "wrapped stacks with much noise")
    metrics.update(noisy)
    output = Path(job.output)
    header = Header(
        task=TASK,
        architecture=ARCHITECTURE,
        version=__version__,
        shape=network.shape.to_dict(),
        input=reads.of_default(),
        training={
            "data": "simulated small-baseline stacks, stillpoint.models.simulation.network_simulation",
            "stacks": STACKS + BARE_STACKS + WRAPPED_STACKS + NOISY_STACKS,
            "truth": f"bad: root mean square of the phase error against the true phase of the two dates above {LIMIT} rad "
            f"({WRAPPED_LIMIT} rad of wrapped phase, of which pure noise has 1.81)",
            "seed": job.seed,
            "command": beside.command(job, epochs=epochs),
        },
        metrics={key: round(value, 5) for key, value in metrics.items() if np.isfinite(value)},
        settings={"threshold": round(1 - limit, 4)},
    )
    save_model(output, network.state_dict(), header)
    written = beside.write_card_and_curves(output, model_card(header, table), record.rows)
    summary = "\n".join([*(f"{key:<48}{value:8.4f}" for key, value in metrics.items()), "", *table])
    return Result(
        {"output": job.output, **written}, summary,
        {"metrics": metrics, **record.details()}, record.notes(),
    )  # fmt: skip


def _compare(
    network: DefaultNetwork, limit: float, tuning: List[Lesson], judging: List[Lesson]
) -> Tuple[Dict[str, float], List[str]]:
    """Return the figures of the network on stacks that it never saw, and a table beside classical figures on the same stacks.

    Each classical figure gets the limit that is best on the stacks that calibrate the network.
    """
    slope, shift = (float(value) for value in network.warp)
    truth, strong = _labels(judging), [each.strong for each in judging]
    odds = _judged(network, judging)
    probability = [1 / (1 + np.exp(-(slope * each + shift))) for each in odds]
    metrics = figures(truth, probability, strong, limit)
    every, label = np.concatenate(probability), np.concatenate(truth)
    metrics["calibration error"] = metrics_of.calibration_error(label, every, bins=10)
    metrics["Brier score"] = float(np.mean((every - label) ** 2))
    rows = {"default network": figures(truth, probability, strong, limit)}
    for title, name in PEERS.items():
        column, sign = FIGURES.index(name), -1.0 if name == "coherence" else 1.0
        there = [each for each in judging if name != "coherence" or bool(each.figures[0, FIGURES.index("with coherence")])]
        before = [each for each in tuning if name != "coherence" or bool(each.figures[0, FIGURES.index("with coherence")])]
        values = [sign * each.figures[:, column].double().numpy() for each in there]
        own = best_limit(
            np.concatenate(_labels(before)), np.concatenate([sign * each.figures[:, column].double().numpy() for each in before])
        )
        rows[title] = figures(_labels(there), values, [each.strong for each in there], own)
    return metrics, lines(rows)


def _few_figures(network: DefaultNetwork, limit: float, judging: List[Lesson], kind: str) -> Dict[str, float]:
    """Return the figures of the network on stacks of another kind."""
    slope, shift = (float(value) for value in network.warp)
    probability = [1 / (1 + np.exp(-(slope * each + shift))) for each in _judged(network, judging)]
    found = figures(_labels(judging), probability, [each.strong for each in judging], limit)
    return {f"{name}, {kind}": found[name] for name in ("AUC, all pairs together", "F1 of bad")}


def model_card(header: Header, table: List[str]) -> str:
    """Return the model card in Markdown."""
    metrics = "\n".join(f"| {key} | {value:.4f} |" for key, value in header.metrics.items())
    comparison = "\n".join(table)
    return f"""# Network that judges interferograms, default (`{header.architecture}` {header.version})

Says of every interferogram of a small-baseline stack how large its error is, where, and how probable it is that it harms more than
it helps.

- **Input**: evidence computed from the stack on a grid of 32 x 32 cells ({len(header.input['maps'])} maps and
  {len(header.input['figures'])} figures a pair): what the network of dates does not explain of the pair (least absolute
  deviations), closure of its loops, coherence, how far neighbouring pixels agree, texture, cuts, coverage, ramps. Any number
  of pairs and dates in any order; coherence and baselines are used where there are some; wrapped stacks are judged by closure
  modulo one cycle.
- **Output**: probability of each of several ranges of the error's root mean square; their sum beyond {LIMIT} rad ({WRAPPED_LIMIT}
  of wrapped phase, of which pure noise has 1.81) is the probability that the pair is bad (the score is one minus it), calibrated on
  stacks of their own. Expected error variance of each pair and of each cell, for weights.
- **Trained on**: {header.training['stacks']} simulated stacks (Sentinel-1, ERS and Envisat, ALOS, TerraSAR-X; 8 to 60 dates,
  20 to 200 pairs; {BARE_STACKS} of them with few or no loops, {WRAPPED_STACKS} wrapped again, {NOISY_STACKS} wrapped with any
  share of noise), unwrapped by a minimum-cost flow (whirlwind) and along spanning trees.
  Truth: {header.training['truth']}. No real data.
- **Made by**: `{header.training['command']}`
- **Threshold** on the score: {header.settings['threshold']}, the best F1 over the stacks that calibrated it.
- **Licence**: {header.licence}

## On simulated stacks that it never saw

| figure | value |
|---|---|
{metrics}

## Beside classical figures, on the same stacks

Each with the limit that was best on the stacks that calibrated the network; mean coherence on those that have coherence.

{comparison}

## Where it fails

- A pair that no loop holds has no residual: then only the noise of its phase speaks, and a ramp passes for atmosphere.
- An interferogram of noise that was filtered strongly looks steadier than it is.
- Where most pairs of a stack are wrong in the same place, the wrong ones are the rule.
- In wrapped stacks whole cycles cannot be wrong, and a ramp is judged from closures alone.
- Errors that belong to a date (orbits, atmosphere) are not found, on purpose: they close.
"""
