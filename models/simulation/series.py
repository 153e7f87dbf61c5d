"""Displacement series of every trend class, with the nuisances of real ones and the truth.

Series are drawn in groups that share dates, wavelength and a "scene" (how noisy, how seasonal, how
subtle the motions are), as the points of one file do. Priors are wide on purpose: a classifier that
was trained on them meets narrower real scenes inside what it knows.

Millimetres along the line of sight, years, positive towards the satellite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Union

import numpy as np
from scipy.ndimage import uniform_filter1d

from stillpoint.models.simulation import calendars
from stillpoint.models.simulation.misfits import OTHER_KINDS, log_uniform, random_sign, unlike_any_class, unwrapping_errors

STABLE, LINEAR, QUADRATIC, BILINEAR, UNWRAPPING_ERROR, OTHER = range(6)

@dataclass
class Group:
    """Series that share dates.

    Attributes
    ----------
    days
        float64, shape (e,), days since the first epoch.
    wavelength
        Metres.
    displacement
        float32, shape (n, e), mm, NaN where missing.
    label
        int64, shape (n,), 0..4 as the trend codes, 5 for a series that fits no class.
    kind
        int64, shape (n,), index into ``OTHER_KINDS`` for label 5, else -1.
    break_days
        float64, shape (n,), day of the break; NaN where there is none.
    velocity_1, velocity_2
        float64, shape (n,), mm/yr, at the start and the end; equal for Stable and Linear.
    jumps
        int16, shape (n, e), phase jumps in half wavelengths that happen at each epoch.
    """

    days: np.ndarray
    wavelength: float
    displacement: np.ndarray
    label: np.ndarray
    kind: np.ndarray
    break_days: np.ndarray
    velocity_1: np.ndarray
    velocity_2: np.ndarray
    jumps: np.ndarray


@dataclass(frozen=True)
class Scene:
    """What the points of one file have in common; every field is a centre that points scatter around.

    Attributes
    ----------
    white
        Standard deviation of the white noise, mm.
    correlated
        Standard deviation of the residual atmosphere, mm.
    correlation_days
        Its correlation time (exponential).
    annual
        Amplitude of the annual motion, mm.
    subtlety
        Signal-to-noise ratio of the class-making effect at which half the series are kept.
    outliers
        Share of epochs that are outliers.
    missing
        Share of epochs that single points lack.
    smoothing
        Number of epochs over which the product was smoothed in time; 1 where it was not.
    unequal
        How unequal the epochs are (log standard deviation of their noise): snow, rain, a storm's atmosphere.
    """

    white: float
    correlated: float
    correlation_days: float
    annual: float
    subtlety: float
    outliers: float
    missing: float
    smoothing: int = 1
    unequal: float = 0.0


def draw_scene(rng: np.random.Generator) -> Scene:
    """Return a scene from the wide priors."""
    white = float(np.exp(rng.uniform(np.log(0.6), np.log(5.5))))
    correlated = float(rng.choice([0.0, 1.0], p=[0.15, 0.85]) * white * np.exp(rng.uniform(np.log(0.15), np.log(1.3))))
    smoothing = 1
    if rng.random() < 0.18:
        # Products filtered in time, or of very coherent points: hardly any white noise, slow wander instead.
        white = float(np.exp(rng.uniform(np.log(0.15), np.log(1.0))))
        correlated = float(np.exp(rng.uniform(np.log(0.6), np.log(4.0))))
        smoothing = int(rng.choice([1, 3, 5]))
    return Scene(
        white=white,
        correlated=correlated,
        correlation_days=float(np.exp(rng.uniform(np.log(5.0), np.log(150.0)))),
        smoothing=smoothing,
        unequal=float(rng.choice([0.0, rng.uniform(0.1, 0.6)], p=[0.6, 0.4])),
        annual=float(rng.choice([0.0, rng.uniform(0, 3), rng.uniform(0, 8)], p=[0.2, 0.5, 0.3])),
        subtlety=float(rng.uniform(1.0, 6.0)),
        outliers=float(rng.choice([0.0, rng.uniform(0, 0.015), rng.uniform(0, 0.05)], p=[0.3, 0.45, 0.25])),
        missing=float(rng.choice([0.0, rng.uniform(0, 0.05), rng.uniform(0, 0.2)], p=[0.75, 0.15, 0.1])),
    )


def correlated_noise(rng: np.random.Generator, days: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """Return unit-variance Gaussian noise with covariance exp(-dt / tau), shape (n, e).

    Parameters
    ----------
    rng
        Source of randomness.
    days
        float64, shape (e,).
    tau
        Correlation time of each series in days, shape (n,).
    """
    draws = rng.standard_normal((len(days), len(tau)), dtype=np.float32)
    keep = np.exp(-np.diff(days)[:, None] / tau[None, :]).astype(np.float32)
    fresh = np.sqrt(1 - keep**2)
    for index in range(1, len(days)):
        draws[index] = keep[index - 1] * draws[index - 1] + fresh[index - 1] * draws[index]
    return np.ascontiguousarray(draws.T)


def draw_group(
    rng: np.random.Generator,
    size: int,
    *,
    epochs: Optional[int] = None,
    days: Optional[np.ndarray] = None,
    wavelength: Optional[float] = None,
    scene: Optional[Scene] = None,
    labels: Optional[Union[Sequence[int], np.ndarray]] = None,
    other_share: float = 0.15,
) -> Group:
    """Return ``size`` series on one calendar.

    Parameters
    ----------
    rng
        Source of randomness; the same state gives the same group.
    size
        Number of series.
    epochs
        Number of dates; drawn where None.
    days
        A calendar to use instead of drawing one, float64, shape (e,).
    wavelength
        Metres; that of the drawn mission where None.
    scene
        The scene; drawn where None.
    labels
        Label of each series; drawn balanced over the five classes, with ``other_share`` of label 5, where None.
    other_share
        Share of series that fit no class.
    """
    mission = calendars.draw_mission(rng)
    if days is None:
        days = calendars.draw_calendar(rng, mission, epochs or calendars.draw_epochs(rng))
    wavelength = wavelength or mission.wavelength
    scene = scene or draw_scene(rng)
    if labels is None:
        label = rng.integers(0, 5, size)
        label[rng.random(size) < other_share] = OTHER
    else:
        label = np.asarray(labels, dtype=np.int64)
    noise = _Noise.draw(rng, scene, days, size)
    years = days / 365.25
    signal, truth = _signals(rng, label, years, noise, scene)
    half = wavelength * 500.0
    jumps = np.zeros((size, len(days)), dtype=np.int16)
    wrong = np.flatnonzero(label == UNWRAPPING_ERROR)
    jumps[wrong] = unwrapping_errors(rng, len(wrong), len(days))
    kind = np.full(size, -1)
    others = np.flatnonzero(label == OTHER)
    kind[others] = rng.integers(0, len(OTHER_KINDS), len(others))
    for code in range(len(OTHER_KINDS)):
        rows = others[kind[others] == code]
        if len(rows):
            signal[rows] = unlike_any_class(rng, OTHER_KINDS[code], len(rows), years, noise.of(rows), half)
    values = signal + noise.sample(rng, days, scene, half) + half * np.cumsum(jumps, axis=1)
    if scene.missing:
        values[rng.random(values.shape) < scene.missing * 2 * rng.random((size, 1))] = np.nan
    if rng.random() < 0.5:
        # Many products refer every series to its first epoch; some to the mean.
        values -= np.nan_to_num(values[:, :1])
    brk, first, last = truth
    return Group(days, wavelength, values.astype(np.float32), label, kind, brk, first, last, jumps)


@dataclass
class _Noise:
    """Noise parameters of each series; arrays of shape (n,)."""

    white: np.ndarray
    correlated: np.ndarray
    tau: np.ndarray
    effective: np.ndarray
    """Standard deviation of white noise that would blur a slow signal as much, mm."""

    @classmethod
    def draw(cls, rng: np.random.Generator, scene: Scene, days: np.ndarray, size: int) -> _Noise:
        white = np.clip(scene.white * np.exp(0.35 * rng.standard_normal(size)), 0.1, 7.5)
        correlated = np.clip(scene.correlated * np.exp(0.35 * rng.standard_normal(size)), 0, 6)
        tau = np.clip(scene.correlation_days * np.exp(0.25 * rng.standard_normal(size)), 3, 200)
        spacing = max(float(np.median(np.diff(days))), 1.0)
        rho = np.exp(-spacing / tau)
        effective = np.sqrt(white**2 + correlated**2 * (1 + rho) / (1 - rho))
        return cls(white, correlated, tau, effective)

    def of(self, rows: np.ndarray) -> _Noise:
        return _Noise(self.white[rows], self.correlated[rows], self.tau[rows], self.effective[rows])

    def sample(self, rng: np.random.Generator, days: np.ndarray, scene: Scene, half: float) -> np.ndarray:
        size, epochs = len(self.white), len(days)
        values = self.white[:, None] * rng.standard_normal((size, epochs), dtype=np.float32)
        if rng.random() < 0.25:
            # Noise that depends on the season (snow, crops) or is larger early in a mission.
            envelope = 1 + rng.uniform(0, 0.8) * np.cos(2 * np.pi * (days / 365.25 - rng.random()))
            if rng.random() < 0.4:
                envelope = np.where(np.arange(epochs) < epochs * rng.uniform(0.1, 0.5), rng.uniform(1, 2), 1.0)
            values *= (envelope / np.sqrt(np.mean(envelope**2))).astype(np.float32)
        values += self.correlated[:, None] * correlated_noise(rng, days, self.tau)
        if scene.unequal:
            values *= np.exp(scene.unequal * rng.standard_normal(epochs) - scene.unequal**2).astype(np.float32)
        if scene.smoothing > 1:
            values = uniform_filter1d(values, scene.smoothing, axis=1, mode="nearest")
        if scene.annual:
            amplitude = np.minimum(scene.annual * np.abs(1 + 0.5 * rng.standard_normal(size)), 12.0)
            phase = rng.random() + 0.12 * rng.standard_normal(size)
            if rng.random() < 0.3:
                phase = rng.random(size)
            turn = 2 * np.pi * (days[None, :] / 365.25 - phase[:, None])
            values += amplitude[:, None] * (np.cos(turn) + rng.uniform(0, 0.3) * np.cos(2 * turn + rng.uniform(0, 6)))
        if scene.outliers:
            hit = rng.random((size, epochs)) < scene.outliers * 2 * rng.random((size, 1))
            count = int(hit.sum())
            sign = np.where(rng.random(count) < 0.5, -1.0, 1.0)
            heavy = log_uniform(rng, 3, 20, count) * np.broadcast_to(self.white[:, None], hit.shape)[hit]
            far = log_uniform(rng, 8, 80, count)
            # An epoch without coherence has any phase, which lies within a quarter of the wavelength.
            near = rng.uniform(0, half / 2, count)
            height = sign * np.choose(rng.choice(3, count, p=[0.4, 0.3, 0.3]), [heavy, far, near])
            values[hit] += height
        return values


def _signals(rng, label, years, noise, scene):
    """Return the motion (n, e) and the truth (break day, velocity before, velocity after) of each series."""
    size = len(label)
    signal = np.zeros((size, len(years)))
    brk, first, last = np.full(size, np.nan), np.zeros(size), np.zeros(size)
    shape = label.copy()
    wrong = label == UNWRAPPING_ERROR
    shape[wrong] = rng.choice([STABLE, LINEAR, QUADRATIC, BILINEAR], int(wrong.sum()), p=[0.4, 0.4, 0.1, 0.1])
    still = shape == STABLE
    creep = np.where(rng.random(size) < 0.4, rng.uniform(-0.5, 0.5, size), 0.0)
    first[still] = last[still] = creep[still]
    pending = np.flatnonzero((shape == LINEAR) | (shape == QUADRATIC) | (shape == BILINEAR))
    basis = np.stack([np.ones_like(years), years - years.mean()])
    basis /= np.linalg.norm(basis, axis=1, keepdims=True)
    for attempt in range(12):
        if not len(pending):
            break
        motion, b, v1, v2 = _motions(rng, shape[pending], years, scale=1.3**attempt)
        # What tells the class from the simpler one: motion without its mean (Linear), without its line (others).
        kept = motion - (motion @ basis[:1].T) @ basis[:1]
        bent = kept - (kept @ basis[1:].T) @ basis[1:]
        part = np.where((shape[pending] == LINEAR)[:, None], kept, bent)
        ratio = np.sqrt((part**2).sum(axis=1)) / noise.effective[pending]
        good = rng.random(len(pending)) < 1 / (1 + np.exp(-(ratio - scene.subtlety) / 0.7))
        good &= np.abs(motion).max(axis=1) < 600
        if attempt == 11:
            good[:] = True
        rows = pending[good]
        signal[rows], brk[rows], first[rows], last[rows] = motion[good], b[good] * 365.25, v1[good], v2[good]
        pending = pending[~good]
    signal[still] = creep[still, None] * years[None, :]
    return signal, (brk, first, last)


def _motions(rng, shape, years, *, scale):
    """Draw motions for the shapes Linear, Quadratic and Bilinear; ``scale`` makes them stronger."""
    size, span = len(shape), years[-1]
    speed = random_sign(rng, size) * log_uniform(rng, 1.0, 45.0, size) * scale
    rest = rng.random(size) < 0.45
    start = np.where(rest, rng.normal(0, 0.4, size), random_sign(rng, size) * log_uniform(rng, 0.5, 30.0, size))
    change = random_sign(rng, size) * log_uniform(rng, 2.0, 70.0, size) * scale
    where = span * rng.uniform(0.12, 0.88, size)
    v1 = np.where(shape == LINEAR, speed, start)
    v2 = np.where(shape == LINEAR, speed, start + change)
    # Slowing down and stopping is as common as setting off.
    swap = (shape != LINEAR) & (rng.random(size) < 0.5)
    v1, v2 = np.where(swap, v2, v1), np.where(swap, v1, v2)
    t = years[None, :]
    straight = v1[:, None] * t
    curved = straight + (v2 - v1)[:, None] * t**2 / (2 * max(span, 1e-6))
    kinked = straight + (v2 - v1)[:, None] * np.maximum(t - where[:, None], 0)
    motion = np.where((shape == BILINEAR)[:, None], kinked, np.where((shape == QUADRATIC)[:, None], curved, straight))
    return motion, np.where(shape == BILINEAR, where, np.nan), v1, v2
