"""The dates behind the bands of a stack: images, interferograms of one reference, or a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import Band

KINDS = ("images", "single-reference", "network")


@dataclass(frozen=True)
class Epochs:
    """The dates of a stack and how its bands hang on them.

    Attributes
    ----------
    kind
        ``"images"``: a band a date. ``"single-reference"``: all interferograms have the same reference date (as the
        reference, not as the secondary date). ``"network"``: any other interferograms.
    dates
        datetime64[D] [dates], sorted.
    reference
        Index of the reference date: of all interferograms; where there is none, of the date that lies best in the middle of
        times and baselines.
    images
        int [dates]: index of the band of each date, for images; else None.
    pairs
        int [bands, 2]: indices of reference and secondary date of each band, for interferograms; else None.
    baselines
        float64 [dates]: perpendicular baselines against the reference date in metres; None where they cannot be derived.
    misfit
        Root mean square in metres of what the baselines of a network leave unexplained; 0 for the other kinds.
    component
        int [dates]: dates with the same number are connected by interferograms; all 0 for images.
    """

    kind: str
    dates: np.ndarray
    reference: int
    images: Optional[np.ndarray]
    pairs: Optional[np.ndarray]
    baselines: Optional[np.ndarray]
    misfit: float
    component: np.ndarray

    @property
    def connected(self) -> bool:
        """Whether every date can be reached from every other through interferograms."""
        return bool((self.component == 0).all())

    def design(self) -> np.ndarray:
        """Return the matrix from phases of dates to interferograms, float64 [bands, dates]: +1 reference, -1 secondary.

        The column of the reference date is left in; drop it to solve for phases against that date.

        Raises
        ------
        ValueError
            The bands are images.
        """
        if self.pairs is None:
            raise ValueError("images have no pairs")
        matrix = np.zeros((len(self.pairs), len(self.dates)))
        rows = np.arange(len(self.pairs))
        matrix[rows, self.pairs[:, 0]] = 1.0
        matrix[rows, self.pairs[:, 1]] = -1.0
        return matrix


def epochs_of(bands: Sequence[Band]) -> Epochs:
    """Return the dates of ``bands`` (those of a :class:`stillpoint.models.rasters.stack.Stack`).

    Raises
    ------
    StillpointError
        A band has no dates, an interferogram has the same date twice, images and interferograms are mixed, a date
        or pair occurs twice.
    """
    for band in bands:
        if not band.days:
            raise StillpointError(
                f"Band {band.number} ({band.label}) tells no date. Make the stack with open-stack, or write DATE, or "
                "REFERENCE_DATE and SECONDARY_DATE, into the band's metadata."
            )
        if len(set(band.days)) != len(band.days):
            raise StillpointError(f"Band {band.number} is an interferogram of {band.days[0]} with itself: leave it out.")
    counts = {len(band.days) for band in bands}
    if len(counts) > 1:
        raise StillpointError("The stack mixes images of one date and interferograms of two: make a stack of each.")
    dates = np.array(sorted({day for band in bands for day in band.days}), "datetime64[D]")
    place = {day: index for index, day in enumerate(dates.tolist())}
    if counts == {1}:
        return _images(bands, dates, place)
    pairs = np.array([[place[band.reference_date], place[band.secondary_date]] for band in bands])  # type: ignore[index]
    _check_once([tuple(sorted(pair)) for pair in pairs.tolist()], bands)
    told = np.array([np.nan if band.perpendicular_baseline is None else band.perpendicular_baseline for band in bands])
    if (pairs[:, 0] == pairs[0, 0]).all():
        return _single(dates, pairs, told)
    component = components(pairs, len(dates))
    reference = _middle(dates, None, within=component == 0)
    baselines, misfit = network_baselines(pairs, told, len(dates), reference)
    if baselines is not None:
        reference = _middle(dates, baselines)
        baselines = baselines - baselines[reference]
    return Epochs("network", dates, reference, None, pairs, baselines, misfit, component)


def _check_once(keys: Sequence[Tuple[int, ...]], bands: Sequence[Band]) -> None:
    seen: Dict[Tuple[int, ...], Band] = {}
    for key, band in zip(keys, bands):
        if key in seen:
            raise StillpointError(f"Bands {seen[key].number} and {band.number} have the same dates ({band.label}): leave one out.")
        seen[key] = band


def _images(bands: Sequence[Band], dates: np.ndarray, place: Dict) -> Epochs:
    _check_once([(place[band.date],) for band in bands], bands)
    images = np.empty(len(dates), int)
    told = np.full(len(dates), np.nan)
    for index, band in enumerate(bands):
        where = place[band.date]
        images[where] = index
        if band.perpendicular_baseline is not None:
            told[where] = band.perpendicular_baseline
    known = bool(np.isfinite(told).all())
    reference = _middle(dates, told if known else None)
    baselines = told - told[reference] if known else None
    return Epochs("images", dates, reference, images, None, baselines, 0.0, np.zeros(len(dates), int))


def _single(dates: np.ndarray, pairs: np.ndarray, told: np.ndarray) -> Epochs:
    reference = int(pairs[0, 0])
    baselines: Optional[np.ndarray] = None
    if np.isfinite(told).all():
        baselines = np.zeros(len(dates))
        baselines[pairs[:, 1]] = told
    return Epochs("single-reference", dates, reference, None, pairs, baselines, 0.0, np.zeros(len(dates), int))


def _middle(dates: np.ndarray, baselines: Optional[np.ndarray], *, within: Optional[np.ndarray] = None) -> int:
    """Return the date that correlates best with all others: coherence falls linearly with time and baseline (as in StaMPS)."""
    days = (dates - dates[0]).astype(float)
    span = max(float(np.ptp(days)), 1.0)
    merit = 1.0 - np.abs(days[:, None] - days[None, :]) / span
    if baselines is not None:
        reach = max(float(np.ptp(baselines)), 1.0)
        merit = merit * (1.0 - np.abs(baselines[:, None] - baselines[None, :]) / reach)
    score = merit.sum(axis=1)
    if within is not None:
        score = np.where(within, score, -np.inf)
    return int(np.argmax(score))


def components(pairs: np.ndarray, count: int) -> np.ndarray:
    """Return for each of ``count`` dates the number of its connected part of the network, int [dates]; the largest is 0.

    Parameters
    ----------
    pairs
        int [bands, 2], indices of dates.
    count
        Number of dates.
    """
    parent = list(range(count))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for first, second in np.asarray(pairs).tolist():
        parent[root(first)] = root(second)
    roots = np.array([root(item) for item in range(count)])
    names, sizes = np.unique(roots, return_counts=True)
    rank = {name: place for place, name in enumerate(names[np.argsort(-sizes, kind="stable")])}
    return np.array([rank[name] for name in roots])


def network_baselines(
    pairs: np.ndarray, told: np.ndarray, count: int, reference: int
) -> Tuple[Optional[np.ndarray], float]:
    """Solve baselines of dates from those of pairs by least squares.

    Parameters
    ----------
    pairs
        int [bands, 2], indices of reference and secondary date.
    told
        float [bands], baseline of the secondary against the reference date in metres, NaN where unknown.
    count
        Number of dates.
    reference
        Index of the date whose baseline is zero.

    Returns
    -------
    baselines, misfit
        float64 [dates] in metres, None where the pairs with a baseline don't connect all dates; root mean square residual.
    """
    known = np.isfinite(told)
    if not known.any() or components(pairs[known], count).max() > 0:
        return None, 0.0
    matrix = np.zeros((int(known.sum()), count))
    rows = np.arange(len(matrix))
    matrix[rows, pairs[known, 1]] = 1.0
    matrix[rows, pairs[known, 0]] -= 1.0
    columns: List[int] = [column for column in range(count) if column != reference]
    solved, *_ = np.linalg.lstsq(matrix[:, columns], told[known], rcond=None)
    baselines = np.zeros(count)
    baselines[columns] = solved
    residual = told[known] - matrix @ baselines
    return baselines, float(np.sqrt(np.mean(residual**2)))
