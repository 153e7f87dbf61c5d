"""The methods that are compared: one class each, all with the same two verbs.

``fit(files)`` learns from the benchmark's own training part (methods that come trained ignore it), ``answer(files)``
returns an :class:`~stillpoint.benchmarks.trends.scores.Answer`. Trained peers refuse their least confident
``REFUSED`` of held-out training series: the simplest abstention there is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np

from stillpoint.benchmarks.trends import oracle
from stillpoint.benchmarks.trends.features import features
from stillpoint.benchmarks.trends.leastsquares import kink_fit
from stillpoint.benchmarks.trends.scores import Answer, join
from stillpoint.benchmarks.trends.simulator import CLASSES, SeriesFile

HELD_OUT = 0.1
REFUSED = 0.03
GRID = 139  # epochs that methods of fixed length get, as in Mirmazloumi et al. 2022
Files = List[SeriesFile]


class Oracle:
    """The limit: knows the simulator and the noise of each series."""

    label = "oracle (limit)"

    def fit(self, files: Files) -> None:
        """Learn nothing."""

    def answer(self, files: Files) -> Answer:
        """Return posterior probabilities; unknown kinds are given a class as the oracle does not know of them."""
        return join([Answer(**oracle.posterior(file)) for file in files])


class Trained(ABC):
    """A peer that learns class probabilities from one matrix row a series."""

    label = ""
    scale = True

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._least = 0.0
        self._temperature = 1.0

    @abstractmethod
    def inputs(self, files: Files) -> np.ndarray:
        """Return one row a series."""

    @abstractmethod
    def learn(self, rows: np.ndarray, codes: np.ndarray) -> None:
        """Fit the model."""

    @abstractmethod
    def logits(self, rows: np.ndarray) -> np.ndarray:
        """Return scores of the classes, shape (n, 5), in the order of the codes."""

    def fit(self, files: Files) -> None:
        """Fit on most of the files; a temperature and the refusal threshold on the rest."""
        held = max(1, round(HELD_OUT * len(files)))
        self.learn(self.inputs(files[held:]), _codes(files[held:]))
        logits, codes = self.logits(self.inputs(files[:held])), _codes(files[:held])
        temperatures = np.geomspace(0.05, 20.0, 80)
        losses = [-np.log(_softmax(logits / t)[np.arange(codes.size), codes] + 1e-9).mean() for t in temperatures]
        self._temperature = float(temperatures[int(np.argmin(losses))])
        self._least = float(np.quantile(_softmax(logits / self._temperature).max(1), REFUSED))

    def answer(self, files: Files) -> Answer:
        """Return calibrated probabilities, refusing where the most probable class is too improbable."""
        probabilities = _softmax(self.logits(self.inputs(files)) / self._temperature)
        return Answer(probabilities, refused=probabilities.max(1) < self._least)


class BoostedTrees(Trained):
    """Gradient-boosted trees on the benchmark's fit features, with the least squares kink beside the class."""

    label = "boosted trees on fit features"

    def inputs(self, files: Files) -> np.ndarray:
        """Return the fit features."""
        return np.concatenate([features(f.dates, f.displacement, f.wavelength)[0] for f in files])

    def learn(self, rows: np.ndarray, codes: np.ndarray) -> None:
        """Fit 250 trees a class."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        self._model = HistGradientBoostingClassifier(
            max_iter=250, learning_rate=0.06, max_leaf_nodes=16, min_samples_leaf=30, l2_regularization=1.0,
            early_stopping=False, random_state=self.seed,
        ).fit(rows, codes)

    def logits(self, rows: np.ndarray) -> np.ndarray:
        """Return the raw scores."""
        return self._model.decision_function(rows)

    def answer(self, files: Files) -> Answer:
        """Return probabilities, and break and velocities by least squares."""
        result = super().answer(files)
        fits = [kink_fit(file.dates, file.displacement) for file in files]
        for name in ("break_day", "velocity_1", "velocity_2", "error_1", "error_2"):
            setattr(result, name, np.concatenate([fit[name] for fit in fits]))
        return result


class MiniRocketRidge(Trained):
    """MiniRocket (aeon) on series interpolated to 139 epochs, then a ridge classifier.

    Two channels, so that neither still points nor jumps are lost: half wavelengths, and millimetres on a scale that is
    linear within the noise and logarithmic beyond.
    """

    label = "MiniRocket + ridge"
    kernels = 4000

    def inputs(self, files: Files) -> np.ndarray:
        """Return the interpolated series, mean removed, shape (n, 2, 139)."""
        parts = []
        for file in files:
            series = resample(file)
            parts.append(np.stack([series / (file.wavelength * 500.0), np.arcsinh(series / 3.0)], axis=1))
        return np.concatenate(parts).astype(np.float32)

    def learn(self, rows: np.ndarray, codes: np.ndarray) -> None:
        """Fit the kernels' biases and the ridge."""
        from aeon.transformations.collection.convolution_based import MiniRocket
        from sklearn.linear_model import RidgeClassifierCV
        from sklearn.preprocessing import StandardScaler

        self._kernels = MiniRocket(n_kernels=self.kernels, random_state=self.seed)
        found = self._kernels.fit_transform(rows)
        self._scale = StandardScaler().fit(found)
        self._ridge = RidgeClassifierCV(alphas=np.logspace(-1, 4, 8)).fit(self._scale.transform(found), codes)

    def logits(self, rows: np.ndarray) -> np.ndarray:
        """Return the ridge's decision values."""
        found = self._kernels.transform(rows)
        return self._ridge.decision_function(self._scale.transform(found))


class PublishedNetwork(Trained):
    """The network of Mirmazloumi et al. 2022, trained on the benchmark's training part.

    Series are interpolated to 139 epochs and given in units of ten millimetres, mean removed: the paper leaves the
    scaling open, and scaling each series by itself would hide how still a stable point is.
    """

    label = "published network (Mirmazloumi et al. 2022)"
    steps = 2000

    def inputs(self, files: Files) -> np.ndarray:
        """Return the interpolated series in centimetres."""
        return np.concatenate([resample(file) for file in files]) / 10.0

    def learn(self, rows: np.ndarray, codes: np.ndarray) -> None:
        """Train with Adam, batches of 128, a cosine schedule."""
        import torch

        from stillpoint.models.trends.mirmazloumi import MirmazloumiCNN

        torch.manual_seed(self.seed)
        self._network = MirmazloumiCNN(epochs=GRID)
        optimiser = torch.optim.Adam(self._network.parameters(), lr=1e-3)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, self.steps)
        x, y = torch.from_numpy(rows.astype(np.float32)), torch.from_numpy(codes.astype(np.int64))
        self._network.train()
        for _ in range(self.steps):
            batch = torch.randint(len(x), (128,))
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(self._network(x[batch]), y[batch]).backward()
            optimiser.step()
            schedule.step()
        self._network.eval()

    def logits(self, rows: np.ndarray) -> np.ndarray:
        """Return the network's logits."""
        import torch

        with torch.no_grad():
            parts = [self._network(part) for part in torch.from_numpy(rows.astype(np.float32)).split(2048)]
        return torch.cat(parts).numpy()


class Engine:
    """A method of the engine as shipped, through its public function on arrays; it learns nothing here."""

    def __init__(self, method: str, label: str, model: Optional[str] = None) -> None:
        self.method, self.label, self.model = method, label, model

    def fit(self, files: Files) -> None:
        """Learn nothing."""

    def answer(self, files: Files) -> Answer:
        """Return what the engine's fields say."""
        return join([self._file(file) for file in files])

    def _file(self, file: SeriesFile) -> Answer:
        from stillpoint.models.trends.classify import classify_arrays

        found: Dict[str, Any] = classify_arrays(
            file.dates, file.displacement, wavelength=file.wavelength, method=self.method, model=self.model
        ).columns
        probabilities = np.column_stack([np.asarray(found[f"p_{k}"], np.float64) for k in range(CLASSES)])
        blank = ~np.isfinite(probabilities).all(1)
        probabilities[blank] = 1.0 / CLASSES

        def days(name: str) -> np.ndarray:
            dates = np.asarray(found[name]).astype("datetime64[D]")
            return np.where(np.isnat(dates), np.nan, (dates - file.dates[0]).astype(np.float64))

        return Answer(
            probabilities,
            refused=np.ma.getmaskarray(np.ma.asarray(found["trend_code"])),
            break_day=days("break_date"), break_low=days("break_lo"), break_high=days("break_hi"),
            velocity_1=np.asarray(found["velocity_1"], np.float64), error_1=np.asarray(found["vel1_se"], np.float64),
            velocity_2=np.asarray(found["velocity_2"], np.float64), error_2=np.asarray(found["vel2_se"], np.float64),
            reasons=np.array([text or "" for text in found["reason"]], dtype=object),
        )


PEERS: Dict[str, Callable[[], Any]] = {
    "default": lambda: Engine("default", "Stillpoint as shipped"),
    "statistical": lambda: Engine("statistical", "statistical tests (Berti et al. 2013)"),
    "mirmazloumi_cnn": lambda: Engine("mirmazloumi_cnn", "published network as shipped"),
    "published": PublishedNetwork,
    "minirocket": MiniRocketRidge,
    "boosted_trees": BoostedTrees,
    "oracle": Oracle,
}


def resample(file: SeriesFile, epochs: int = GRID) -> np.ndarray:
    """Return the series at ``epochs`` equally spaced times, mean removed, mm, shape (n, epochs)."""
    days = (file.dates - file.dates[0]).astype(np.float64)
    grid = np.linspace(0.0, days[-1], epochs)
    result = np.empty((len(file), epochs))
    for row, series in enumerate(file.displacement):
        valid = np.isfinite(series)
        result[row] = np.interp(grid, days[valid], series[valid])
    return result - result.mean(1, keepdims=True)


def _codes(files: Files) -> np.ndarray:
    return np.concatenate([file.truth.code for file in files])


def _softmax(logits: np.ndarray) -> np.ndarray:
    shifted: Tuple[np.ndarray, ...] = (logits - logits.max(1, keepdims=True),)
    weights = np.exp(shifted[0])
    return weights / weights.sum(1, keepdims=True)
