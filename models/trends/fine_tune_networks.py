"""The two trend networks as a training on labelled series sees them: what goes in, what comes out, what simulation adds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from stillpoint.models.trends import mirmazloumi, reads
from stillpoint.models.trends import train as from_simulation
from stillpoint.models.trends.classes import NAMES
from stillpoint.models.trends.dataset import evidence_of, groups_at
from stillpoint.models.trends.features import gather_evidence
from stillpoint.models.trends.judge import ARCHITECTURE, Judge, alike
from stillpoint.models.trends.labelled import Split
from stillpoint.models.trends.network import CLASSES, TrendNetwork
from stillpoint.models.trends.plan import make_plan

Example = Tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Statistics (f,), channels (CHANNELS, e) and code of one series."""


class Learner(ABC):
    """A network with the labelled series that it learns from.

    Attributes
    ----------
    network
        It.
    architecture, shape
        For its header.
    codes, part
        int64 [n]: class and part (0 train, 1 validation, 2 test, -1 none) of every labelled series that can be judged.
    temperatures
        Buffers that scale its outputs, in their order; empty where it has none.
    """

    network: nn.Module
    architecture: str
    shape: Dict[str, Any]
    codes: np.ndarray
    part: np.ndarray
    temperatures: Tuple[torch.Tensor, ...] = ()

    @abstractmethod
    def outputs(self, network: nn.Module, rows: np.ndarray) -> Tuple[torch.Tensor, ...]:
        """Return logits of some series, on the CPU; the first are those that decide."""

    @abstractmethod
    def batch(self, rows: np.ndarray, step: int, simulated: int) -> Any:
        """Return a batch of some series and of ``simulated`` new ones, as the training loop takes it."""

    @abstractmethod
    def misfit(self, network: nn.Module, examples: Any) -> torch.Tensor:
        """Return the loss of examples of a batch, summed."""

    @abstractmethod
    def reads(self) -> Dict[str, Any]:
        """Return what the network reads, for its header."""

    def judged(self, network: nn.Module, part: int) -> Dict[str, float]:
        """Return the figures of a part; ``figure`` decides which epoch is kept.

        Accuracy and cross-entropy are means over the classes, so that a common class does not decide alone; the cross-entropy
        breaks the ties of few labels.
        """
        rows = np.flatnonzero(self.part == part)
        with torch.inference_mode():
            logits = self.outputs(network, rows)[0]
        truth = torch.from_numpy(self.codes[rows])
        losses = functional.cross_entropy(logits, truth, reduction="none")
        right = (logits[:, :CLASSES].argmax(dim=1) == truth).float()
        there = [truth == code for code in range(len(NAMES)) if bool((truth == code).any())]
        accuracy = float(torch.stack([right[one].mean() for one in there]).mean())
        entropy = float(torch.stack([losses[one].mean() for one in there]).mean())
        return {
            "balanced accuracy": accuracy, "accuracy": float(right.mean()), "cross-entropy": entropy,
            "figure": accuracy - 0.1 * entropy,
        }  # fmt: skip


class _Default(Learner):
    """The default network: the evidence of labelled series is computed once."""

    architecture = ARCHITECTURE

    def __init__(self, network: TrendNetwork, split: Split, *, seed: int, device: torch.device) -> None:
        self.network, self.shape, self._seed = network.to(device), network.shape.to_dict(), seed
        self.temperatures = (network.temperature, network.plain_temperature)
        self._examples: List[Example] = []
        part: List[np.ndarray] = []
        for region, parts in zip(split.regions, split.part):
            days = (region.dates - region.dates[0]).astype(np.float64)
            for rows, used in alike(region.displacement):
                values = torch.from_numpy(np.ascontiguousarray(region.displacement[np.ix_(rows, used)]))
                with torch.no_grad():
                    evidence = gather_evidence(values, make_plan(days[used]), region.wavelength)
                self._examples += list(zip(evidence.features, evidence.channels(), torch.from_numpy(region.codes[rows])))
                part.append(parts[rows])
        self.codes = np.array([int(code) for _, _, code in self._examples], np.int64)
        self.part = np.concatenate(part)

    def outputs(self, network: nn.Module, rows: np.ndarray) -> Tuple[torch.Tensor, ...]:
        device = next(network.parameters()).device
        found: List[torch.Tensor] = [torch.empty(0)] * 2
        for numbers, features, channels, _ in _together([self._examples[row] for row in rows]):
            for place, logits in enumerate(network(features.to(device), channels.to(device))):
                if not len(found[place]):
                    found[place] = torch.empty((len(rows), logits.shape[1]))
                found[place][numbers] = logits.float().cpu()
        return tuple(found)

    def batch(self, rows: np.ndarray, step: int, simulated: int) -> List[Example]:
        return [self._examples[row] for row in rows] + self._simulated(step, simulated)

    def _simulated(self, step: int, count: int) -> List[Example]:
        """Return new series of one calendar; those too short to be judged are drawn again."""
        found: List[Example] = []
        attempt = 0
        while len(found) < count:
            groups = groups_at(self._seed, 16 * step + attempt, groups=1, size=-(-(count - len(found)) // 4))
            for calendar, group in groups:
                evidence, label = evidence_of(calendar, group)
                found += list(zip(evidence.features, evidence.channels(), label))
            attempt += 1
        return found[:count]

    def misfit(self, network: nn.Module, examples: List[Example]) -> torch.Tensor:
        losses = []
        for _, features, channels, codes in _together(examples):
            thorough, quick = network(features, channels)
            losses.append(functional.cross_entropy(thorough.float(), codes, reduction="sum"))
            losses.append(from_simulation.QUICK_WEIGHT * functional.cross_entropy(quick.float(), codes, reduction="sum"))
        return torch.stack(losses).sum()

    def reads(self) -> Dict[str, Any]:
        return reads.of_default()


def _together(examples: List[Example]) -> List[Tuple[List[int], torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Return the examples with the same number of dates stacked, with their places in the list."""
    places: Dict[int, List[int]] = {}
    for number, (_, channels, _) in enumerate(examples):
        places.setdefault(channels.shape[1], []).append(number)
    found = []
    for numbers in places.values():
        features, channels, codes = (torch.stack(column) for column in zip(*(examples[number] for number in numbers)))
        found.append((numbers, features, channels, codes))
    return found


class _Published(Learner):
    """The published network: series on regular dates."""

    architecture = mirmazloumi.ARCHITECTURE

    def __init__(self, network: mirmazloumi.MirmazloumiCNN, split: Split, *, seed: int, device: torch.device) -> None:
        self.network, self.shape, self._seed = network.to(device), {"epochs": network.epochs}, seed
        series = torch.cat([mirmazloumi.prepare(each.dates, each.displacement, epochs=network.epochs) for each in split.regions])
        usable = torch.isfinite(series).all(dim=1).numpy()
        self._series = series[torch.from_numpy(usable)]
        self.codes = np.concatenate([region.codes for region in split.regions])[usable]
        self.part = np.concatenate(list(split.part))[usable]
        self._pool: Optional[Tuple[torch.Tensor, torch.Tensor]] = None

    def outputs(self, network: nn.Module, rows: np.ndarray) -> Tuple[torch.Tensor, ...]:
        device = next(network.parameters()).device
        parts = [network(part.to(device)).float().cpu() for part in self._series[torch.from_numpy(rows)].split(2048)]
        return (torch.cat(parts),)

    def batch(self, rows: np.ndarray, step: int, simulated: int) -> Tuple[torch.Tensor, torch.Tensor]:
        series, codes = self._series[torch.from_numpy(rows)], torch.from_numpy(self.codes[rows])
        if not simulated:
            return series, codes
        if self._pool is None:
            self._pool = mirmazloumi.simulated_samples(self._seed)
        drawn = torch.from_numpy(np.random.default_rng([self._seed, 94, step]).integers(0, len(self._pool[0]), simulated))
        return torch.cat([series, self._pool[0][drawn]]), torch.cat([codes, self._pool[1][drawn]])

    def misfit(self, network: nn.Module, examples: Tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        return functional.cross_entropy(network(examples[0]).float(), examples[1], reduction="sum")

    def reads(self) -> Dict[str, Any]:
        return reads.of_published(self.shape["epochs"])


def learner_of(name: str, start: str, split: Split, *, seed: int, device: torch.device) -> Learner:
    """Return the network ``name`` with the series of ``split``.

    Parameters
    ----------
    name
        ``default`` or ``mirmazloumi_cnn``.
    start
        File of the weights to start from; empty where they are new.
    split
        The labelled series.
    seed
        Of new weights, and of what is simulated.
    device
        Where the network learns.

    Raises
    ------
    StillpointError
        The start is of another network.
    """
    if name == "default":
        network = Judge(Path(start)).network.train() if start else from_simulation.new_network(seed)
        return _Default(network, split, seed=seed, device=device)
    if start:
        return _Published(mirmazloumi.open_network(Path(start)), split, seed=seed, device=device)
    torch.manual_seed(seed)
    return _Published(mirmazloumi.MirmazloumiCNN(), split, seed=seed, device=device)
