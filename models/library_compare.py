"""Two models on the same data of the user's: where they agree, and by how much they differ.

Nothing says which of them is right; only labels do (see the page that a training writes). Both are run as their capability runs
them, so what is compared is what a user would get.
"""

from __future__ import annotations

import csv
import sqlite3
import tempfile
import time
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ClassifyTrends, Job, ManageModels, Result, SelectInterferograms, SelectScatterers, TrackOffsets
from stillpoint.models.learning.beside import replace_text
from stillpoint.models.learning.cards import FIXED, ModelFile
from stillpoint.models.progress import Progress

ROWS = 256
"""Rows of a raster that are compared at a time."""

MOST_SHOWN = 20
"""Interferograms that are listed one by one."""


@dataclass
class Agreement:
    """How two models agree.

    Attributes
    ----------
    labels
        What an answer may be.
    matrix
        [labels, labels] counts: rows by the first model, columns by the second.
    figures
        Names and values, in the order for people.
    histogram
        ``title``, ``edges`` and ``counts`` of the differences (second less first).
    examples
        Lines about single cases that differ most.
    """

    labels: List[str]
    matrix: np.ndarray
    figures: Dict[str, float] = field(default_factory=dict)
    histogram: Dict[str, Any] = field(default_factory=dict)
    examples: List[str] = field(default_factory=list)

    @property
    def agreement(self) -> float:
        """Share of the cases that both call the same."""
        return float(np.trace(self.matrix) / max(self.matrix.sum(), 1))

    @property
    def kappa(self) -> float:
        """Cohen's kappa: agreement beyond what chance gives two such models; 1 is perfect, 0 is chance."""
        total = float(max(self.matrix.sum(), 1))
        chance = float((self.matrix.sum(axis=0) * self.matrix.sum(axis=1)).sum()) / total**2
        return 1.0 if chance >= 1 else (self.agreement - chance) / (1 - chance)


def compare(models: Sequence[ModelFile], job: ManageModels, progress: Progress) -> Result:
    """Run two models on the data of ``job`` and return their agreement.

    Raises
    ------
    StillpointError
        They are not for the same task, there are no data, or a run failed.
    Cancelled
        Asked to stop.
    """
    first, second = models
    if first.task != second.task:
        raise StillpointError(
            f"{first.name} is for {first.task} and {second.name} for {second.task}: only models of one task can be compared."
        )
    if first.path.resolve() == second.path.resolve():
        raise StillpointError(f"{first.name} was named twice: name two models to compare.")
    for model in models:
        if not model.network:
            raise StillpointError(f"No method of this version takes the model {model.name}.")
    data = list(job.data or ())
    if not data or len(data) > 2 or (len(data) == 2 and first.task != "offsets"):
        raise StillpointError(f"Models of {first.task} are compared on {_WANTED[first.task]}: name it as data.")
    prepare, read, ending = _TASKS[first.task]
    kept = nullcontext(job.output) if job.output else tempfile.TemporaryDirectory(prefix="stillpoint-compare-")
    with kept as name:
        folder = Path(str(name))
        folder.mkdir(parents=True, exist_ok=True)
        outputs, seconds, warnings = [], [], []
        for number, model in enumerate(models):
            output = folder / f"{'ab'[number]}-{model.name}{ending}"
            began = time.monotonic()
            result = _run(prepare(model, data, output, job.device), progress.part(0.48 * number, 0.48 * number + 0.48), model)
            seconds.append(round(time.monotonic() - began, 2))
            warnings += [text for text in result.warnings if text not in warnings]
            outputs.append(output)
        progress(0.97, "Comparing")
        found = read(*outputs)
        found.figures = {"agreement": found.agreement, "Cohen's kappa": found.kappa, **found.figures}
        written = {}
        if job.output:
            table = folder / "agreement.csv"
            replace_text(table, _table(found, models))
            written = {"first": str(outputs[0]), "second": str(outputs[1]), "table": str(table)}
    progress.done()
    details = {
        "task": first.task, "models": [model.name for model in models], "labels": found.labels, "matrix": found.matrix.tolist(),
        "figures": {name: round(value, 5) for name, value in found.figures.items()}, "histogram": found.histogram,
        "examples": found.examples, "seconds": seconds,
    }  # fmt: skip
    return Result(written, _summary(found, models, seconds), {"agreement": details}, warnings)


def _run(job: Job, progress: Progress, model: ModelFile) -> Result:
    from stillpoint.models import dispatch

    try:
        return dispatch.run(job, progress)
    except StillpointError as error:
        raise StillpointError(f"{model.name}: {error}") from None


def _model_of(model: ModelFile) -> Optional[str]:
    """Return the file to name in a job; None where the weights belong to the program."""
    return None if (model.task, model.network) in FIXED else str(model.path)


# Trends


def _trends_job(model: ModelFile, data: Sequence[str], output: Path, device: str) -> Job:
    return ClassifyTrends(points=data[0], output=str(output), method=model.network, model=_model_of(model), device=device)


def _read_trends(first: Path, second: Path) -> Agreement:
    from stillpoint.models.trends.classes import NAMES, NOT_CLASSIFIED

    labels = [*NAMES, NOT_CLASSIFIED]
    places = {name: number for number, name in enumerate(labels)}
    answers, sure = [], []
    for path in (first, second):
        with closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as opened:
            table = opened.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchone()[0]
            quoted = '"' + table.replace('"', '""') + '"'
            rows = opened.execute(f"SELECT trend, confidence FROM {quoted} ORDER BY ROWID").fetchall()  # nosec B608 - quoted
        answers.append(np.array([places.get(trend, len(NAMES)) for trend, _ in rows], np.int64))
        sure.append(np.array([np.nan if value is None else value for _, value in rows], np.float64))
    found = Agreement(labels, counted(answers[0], answers[1], len(labels)))
    both = np.isfinite(sure[0]) & np.isfinite(sure[1])
    for number, name in enumerate(("first", "second")):
        found.figures[f"not classified by the {name}"] = float((answers[number] == len(NAMES)).mean())
    if both.any():
        for number, name in enumerate(("first", "second")):
            found.figures[f"mean confidence of the {name}"] = float(sure[number][both].mean())
        found.histogram = histogram("confidence of the second less that of the first", (sure[1] - sure[0])[both])
    return found


# Scatterers


def _scatterers_job(model: ModelFile, data: Sequence[str], output: Path, device: str) -> Job:
    return SelectScatterers(
        stack=data[0], output=str(output), probability=str(_probability(output)), method=model.network, model=_model_of(model),
        device=device,
    )  # fmt: skip


def _probability(mask: Path) -> Path:
    return mask.with_name(f"{mask.stem}-probability.tif")


def _read_scatterers(first: Path, second: Path) -> Agreement:
    matrix = np.zeros((2, 2), np.int64)
    moments = _Moments()
    counts, edges = np.zeros(40, np.int64), np.linspace(-1, 1, 41)
    for one, two in zip(_parts(first), _parts(second)):
        valid = (one != 255) & (two != 255)
        matrix += counted(1 - one[valid].astype(np.int64), 1 - two[valid].astype(np.int64), 2)
    for one, two in zip(_parts(_probability(first)), _parts(_probability(second))):
        valid = np.isfinite(one) & np.isfinite(two)
        moments.add(one[valid], two[valid])
        counts += np.histogram(two[valid] - one[valid], edges)[0]
    found = Agreement(["PS", "not PS"], matrix)
    union = int(matrix.sum() - matrix[1, 1])
    found.figures = {
        "PS of both, of the PS of either": float(matrix[0, 0] / max(union, 1)),
        "PS by the first": float(matrix[0].sum()), "PS by the second": float(matrix[:, 0].sum()),
        "correlation of the probabilities": moments.correlation, "mean difference of the probabilities": moments.difference,
    }  # fmt: skip
    title = "probability of the second less that of the first"
    found.histogram = {"title": title, "edges": edges.tolist(), "counts": counts.tolist()}
    return found


class _Moments:
    """Sums from which the correlation of two rasters follows, a part at a time."""

    def __init__(self) -> None:
        self._sums = np.zeros(6)

    def add(self, one: np.ndarray, two: np.ndarray) -> None:
        """Add some values."""
        first, second = one.astype(np.float64), two.astype(np.float64)
        self._sums += [first.size, first.sum(), second.sum(), (first**2).sum(), (second**2).sum(), (first * second).sum()]

    @property
    def correlation(self) -> float:
        """Pearson's correlation; 0 where one of them does not vary."""
        count, one, two, ones, twos, product = self._sums
        spread = (count * ones - one**2) * (count * twos - two**2)
        return float((count * product - one * two) / np.sqrt(spread)) if spread > 0 else 0.0

    @property
    def difference(self) -> float:
        """Mean of the second less that of the first."""
        return float((self._sums[2] - self._sums[1]) / max(self._sums[0], 1))


def _parts(path: Path, bands: Sequence[int] = (1,)) -> Iterator[np.ndarray]:
    """Yield the rows of a raster in blocks: [rows, cols], or [bands, rows, cols] of several."""
    raster = gdal.Open(str(path))
    if raster is None:
        raise StillpointError(f"{path} cannot be read.")
    for top in range(0, raster.RasterYSize, ROWS):
        high = min(ROWS, raster.RasterYSize - top)
        parts = [raster.GetRasterBand(band).ReadAsArray(0, top, raster.RasterXSize, high) for band in bands]
        yield parts[0] if len(parts) == 1 else np.stack(parts)


# Interferograms


def _interferograms_job(model: ModelFile, data: Sequence[str], output: Path, device: str) -> Job:
    # Each judged for itself: what the choice of a connected set adds would hide how the models differ.
    return SelectInterferograms(
        stack=data[0], table=str(output), method=model.network, model=_model_of(model), connect="none", device=device
    )


def _read_interferograms(first: Path, second: Path) -> Agreement:
    tables = []
    for path in (first, second):
        with path.open(encoding="utf-8", newline="") as stream:
            tables.append(list(csv.DictReader(stream)))
    keep = [np.array([int(row["keep"]) for row in table]) for table in tables]
    score = [np.array([float(row["score"] or "nan") for row in table]) for table in tables]
    found = Agreement(["keep", "drop"], counted(1 - keep[0], 1 - keep[1], 2))
    both = np.isfinite(score[0]) & np.isfinite(score[1])
    difference = (score[1] - score[0])[both]
    found.figures = {"kept by the first": float(keep[0].sum()), "kept by the second": float(keep[1].sum())}
    if both.sum() > 2:
        moments = _Moments()
        moments.add(ranks(score[0][both]), ranks(score[1][both]))
        found.figures["rank correlation of the scores"] = moments.correlation
        found.figures["mean difference of the scores"] = float(difference.mean())
        found.histogram = histogram("score of the second less that of the first", difference)
    differing = sorted(np.flatnonzero(keep[0] != keep[1]), key=lambda row: -abs(np.nan_to_num(score[1][row] - score[0][row])))
    for row in differing[:MOST_SHOWN]:
        about = tables[0][row]
        found.examples.append(
            f"{about['reference_date']} to {about['secondary_date']}: {score[0][row]:.2f} and {score[1][row]:.2f}, "
            f"{'kept' if keep[0][row] else 'dropped'} and {'kept' if keep[1][row] else 'dropped'}"
        )
    return found


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks of ``values``, equal ones sharing their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], np.float64)


# Offsets


def _offsets_job(model: ModelFile, data: Sequence[str], output: Path, device: str) -> Job:
    return TrackOffsets(
        reference=data[0], secondary=data[1] if len(data) > 1 else None, output=str(output), method=model.network,
        model=_model_of(model), device=device,
    )  # fmt: skip


def _read_offsets(first: Path, second: Path) -> Agreement:
    matrix = np.zeros((2, 2), np.int64)
    lengths, within = [], []
    pairs = gdal.Open(str(first)).RasterCount // 5
    for pair in range(pairs):
        bands = [5 * pair + number for number in (1, 2, 3, 4)]
        for one, two in zip(_parts(first, bands), _parts(second, bands)):
            known = np.isfinite(one[:2]).all(axis=0), np.isfinite(two[:2]).all(axis=0)
            matrix += counted(1 - known[0].astype(np.int64).ravel(), 1 - known[1].astype(np.int64).ravel(), 2)
            both = known[0] & known[1]
            apart = (two[:2] - one[:2])[:, both].astype(np.float64)
            error = np.hypot(one[2:], two[2:])[:, both].astype(np.float64)
            lengths.append(np.hypot(*apart))
            within.append((np.abs(apart) <= 2 * error).all(axis=0))
    found = Agreement(["measured", "not measured"], matrix)
    total = float(max(matrix.sum(), 1))
    found.figures = {
        "measured by the first": float(matrix[0].sum() / total), "measured by the second": float(matrix[:, 0].sum() / total),
    }  # fmt: skip
    length = np.concatenate(lengths) if lengths else np.zeros(0)
    if length.size:
        found.figures["median distance, px"] = float(np.median(length))
        found.figures["95 of 100 distances below, px"] = float(np.quantile(length, 0.95))
        found.figures["within two standard errors"] = float(np.concatenate(within).mean())
        found.histogram = histogram("distance between the offsets, px", np.minimum(length, np.quantile(length, 0.99)))
    return found


# All


def counted(one: np.ndarray, two: np.ndarray, count: int) -> np.ndarray:
    """Return how often the first is a (rows) and the second is b (columns), int64 [count, count]."""
    return np.bincount(one * count + two, minlength=count * count).reshape(count, count)


def histogram(title: str, values: np.ndarray, *, bins: int = 40) -> Dict[str, Any]:
    """Return a histogram as JSON types."""
    counts, edges = np.histogram(values, bins)
    return {"title": title, "edges": edges.tolist(), "counts": counts.tolist()}


def _table(found: Agreement, models: Sequence[ModelFile]) -> str:
    lines = [f"# rows: {models[0].name}, columns: {models[1].name}"]
    lines.append(",".join(["", *found.labels]))
    lines += [",".join([label, *map(str, row)]) for label, row in zip(found.labels, found.matrix.tolist())]
    return "\n".join([*lines, *(f"{name.replace(',', ';')},{value:.6g}" for name, value in found.figures.items()), ""])


def _summary(found: Agreement, models: Sequence[ModelFile], seconds: Sequence[float]) -> str:
    shown = [name for name, used in zip(found.labels, found.matrix.sum(axis=0) + found.matrix.sum(axis=1)) if used]
    places = [found.labels.index(name) for name in shown]
    width = max(len(name) for name in (*shown, models[0].name)) + 2
    lines = [f"first: {models[0].name} ({seconds[0]:.1f} s), second: {models[1].name} ({seconds[1]:.1f} s)", ""]
    lines.append(" " * width + "".join(f"{name[:20]:>22}" for name in shown) + "   by the second")
    lines += [f"{name:<{width}}" + "".join(f"{found.matrix[row, col]:>22,}" for col in places) for row, name in zip(places, shown)]
    lines.append("")
    lines += [f"{name:<40}{value:>14,.4g}" for name, value in found.figures.items()]
    return "\n".join([*lines, *found.examples])


_WANTED = {
    "trends": "a file of points with series", "scatterers": "a stack", "interferograms": "a stack of interferograms",
    "offsets": "a stack of images, or two images",
}  # fmt: skip

_TASKS: Dict[str, Tuple[Callable[[ModelFile, Sequence[str], Path, str], Job], Callable[[Path, Path], Agreement], str]] = {
    "trends": (_trends_job, _read_trends, ".gpkg"),
    "scatterers": (_scatterers_job, _read_scatterers, ".tif"),
    "interferograms": (_interferograms_job, _read_interferograms, ".csv"),
    "offsets": (_offsets_job, _read_offsets, ".tif"),
}
"""How a task is run and read, and the ending of its result."""
