"""Simulated small-baseline stacks, really unwrapped, with the truth about every pair.

``make_stack(setting, seed)`` draws complex images of a landscape (several looks a pixel, each cover with its memory), forms the
interferograms of a network of pairs, spoils some of them, estimates the coherence from the looks and unwraps the phase by
:mod:`.unwrapping`. It was written without looking at the simulator that the networks are trained on, and no network is trained or
calibrated on it.

A pair is bad by what came out, not by what was done to it: where too many of the usable pixels are wrong by more than 2 rad
against the true phase (motion, atmosphere, error of the DEM) of the pair. So an unwrapping error that happened by itself counts,
and a spoilt pair that came out well does not.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Dict, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stillpoint.benchmarks.interferograms.settings import BAD_SHARE, COVERS, KINDS, OFF, SETTINGS, STRONG, USABLE, Setting
from stillpoint.benchmarks.interferograms.troubles import draw_trouble, plan_troubles
from stillpoint.benchmarks.interferograms.unwrapping import unwrap
from stillpoint.benchmarks.scatterers.landscape import power_law
from stillpoint.models.interferograms.observations import Network

Floats = NDArray[np.float64]
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Stack:
    """A simulated network of interferograms and the truth.

    Attributes
    ----------
    phase
        float32 [pairs, rows, cols], unwrapped, radians, later minus earlier date, each with a constant of its own; NaN on water.
    coherence
        float32 [pairs, rows, cols], estimated.
    dates, pairs, baselines
        datetime64[D] [dates]; int [pairs, 2]; perpendicular baselines of the pairs in metres.
    wavelength, spacing
        Metres.
    bad
        bool [pairs].
    wrong
        Share of the usable pixels that are wrong [pairs].
    trouble, mild
        Kind of what was done to a pair (index of :data:`~.settings.KINDS`, -1: nothing) and whether it was little.
    strong
        bool [pairs]: strong atmosphere.
    usable
        bool [rows, cols], where velocities are judged.
    velocity
        True velocity, mm/yr towards the satellite [rows, cols].
    """

    phase: NDArray[np.float32]
    coherence: NDArray[np.float32]
    dates: NDArray[np.datetime64]
    pairs: NDArray[np.int64]
    baselines: Floats
    wavelength: float
    spacing: float
    bad: NDArray[np.bool_]
    wrong: Floats
    trouble: NDArray[np.int64]
    mild: NDArray[np.bool_]
    strong: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    velocity: NDArray[np.float32]

    @property
    def network(self) -> Network:
        """What a method may know."""
        return Network(
            phase=self.phase, dates=self.dates, pairs=self.pairs, unwrapped=True, coherence=self.coherence,
            baselines=self.baselines, spacing=(self.spacing, self.spacing), wavelength=self.wavelength,
        )

    def arrays(self) -> Dict[str, NDArray]:
        """Return the attributes as arrays, for a file."""
        return {item.name: np.asarray(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def of_arrays(cls, arrays: Dict[str, NDArray]) -> Stack:
        """Return the stack of :meth:`arrays`."""
        return cls(**{name: value.item() if value.ndim == 0 else value for name, value in arrays.items()})  # type: ignore[arg-type]


def make_stack(setting: str, seed: int = 0, *, changed: Optional[Setting] = None) -> Stack:
    """Return stack ``seed`` of a setting of :data:`~.settings.SETTINGS`, or of ``changed`` with the setting's seeds."""
    chosen = changed or SETTINGS[setting]
    rng = np.random.default_rng([seed, sorted(SETTINGS).index(setting), 9203])
    days, orbit = _dates(rng, chosen)
    pairs = _pairs(rng, chosen, days, orbit)
    size, shape = chosen.size, (chosen.size, chosen.size)
    height = _height(rng, chosen)
    cover = _cover(rng, chosen, height)
    motion = _motion(rng, chosen, days)  # mm towards the satellite
    delay, is_strong = _delay(rng, chosen, days, height)
    per_metre = 4 * np.pi / (chosen.wavelength * chosen.distance * np.sin(np.radians(chosen.incidence)))
    dem = per_metre * chosen.dem_error * ndimage.gaussian_filter(power_law(rng, shape, (1.0, 1.0), 2.6), 1.0)
    true = (-4e-3 * np.pi / chosen.wavelength) * motion + delay + orbit[:, None, None] * dem
    images = _images(rng, chosen, cover, days)

    prone = np.where(np.diff(pairs, axis=1)[:, 0] > chosen.neighbours, chosen.prone, 1.0)
    kind, mild = plan_troubles(rng, chosen.bad, chosen.mild, prone)
    phase = np.empty((len(pairs), size, size), np.float32)
    coherence, expected = np.empty_like(phase), np.empty_like(phase)
    for p, (i, j) in enumerate(pairs):
        geometric = max(1 - abs(orbit[j] - orbit[i]) / chosen.critical, 0.0)
        cross = (images[i] * np.conj(images[j])).mean(axis=0)
        power = np.sqrt((np.abs(images[i]) ** 2).mean(axis=0) * (np.abs(images[j]) ** 2).mean(axis=0))
        cross = (cross / power).reshape(shape) * geometric
        turn = true[j] - true[i]
        if kind[p] >= 0:
            trouble = draw_trouble(rng, KINDS[kind[p]], size, mild=bool(mild[p]))
            turn = turn + trouble.phase
            noise = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
            lost = 1 - trouble.coherence
            cross = cross * trouble.coherence + lost * noise / np.sqrt(2 * chosen.looks)
        phasor = (np.conj(cross) * np.exp(1j * turn)).astype(np.complex64)
        phase[p], coherence[p] = unwrap(phasor), np.minimum(np.abs(phasor), 1.0)
        expected[p] = true[j] - true[i]
    usable = (coherence[kind < 0].mean(axis=0) > USABLE) & (cover != COVERS.index("water"))
    wrong = _wrong(phase - expected, usable)
    strong = np.array([is_strong[i] or is_strong[j] for i, j in pairs])
    strong &= np.array([(delay[j] - delay[i])[usable].std() > STRONG for i, j in pairs])
    phase[:, cover == COVERS.index("water")] = np.nan
    time = days / DAYS_PER_YEAR
    lever = (time - time.mean()) / ((time - time.mean()) ** 2).sum()
    baselines = np.array([orbit[j] - orbit[i] for i, j in pairs])
    first = np.datetime64("2020-01-03") + np.timedelta64(int(rng.integers(0, 365)), "D")
    return Stack(
        phase=phase, coherence=coherence, dates=first + days.astype("timedelta64[D]"), pairs=pairs, baselines=baselines,
        wavelength=chosen.wavelength, spacing=chosen.spacing, bad=wrong > BAD_SHARE, wrong=wrong, trouble=kind, mild=mild,
        strong=strong, usable=usable, velocity=np.tensordot(lever, motion, 1).astype(np.float32),
    )


def _wrong(error: NDArray, usable: NDArray[np.bool_]) -> Floats:
    """Return the share of the usable pixels of each pair that are off the level of most of them."""
    inside = error[:, usable]
    return np.asarray((np.abs(inside - np.median(inside, axis=1, keepdims=True)) > OFF).mean(axis=1))


def _dates(rng: np.random.Generator, setting: Setting) -> Tuple[Floats, Floats]:
    """Return days since the first date and perpendicular positions of the orbits."""
    passes = round(setting.dates / (1 - setting.lost))
    kept = np.sort(rng.permutation(passes)[: setting.dates])
    return (kept - kept[0]) * float(setting.interval), setting.baselines * rng.standard_normal(setting.dates)


def _pairs(rng: np.random.Generator, setting: Setting, days: Floats, orbit: Floats) -> NDArray[np.int64]:
    """Return the nearest neighbours of every date and the longer pairs with the smallest baselines."""
    count = days.size
    near = [(i, j) for i in range(count) for j in range(i + 1, min(i + 1 + setting.neighbours, count))]
    long = [(i, j) for i in range(count) for j in range(i + 2 * setting.neighbours + 1, min(i + 15, count))]
    worth = [abs(orbit[j] - orbit[i]) + 40 * rng.random() for i, j in long]
    chosen: List[Tuple[int, int]] = [long[k] for k in np.argsort(worth)[: setting.longer]]
    return np.array(sorted(near + chosen), np.int64)


def _height(rng: np.random.Generator, setting: Setting) -> Floats:
    field = ndimage.gaussian_filter(power_law(rng, (setting.size, setting.size), (1.0, 1.0), 3.4), 1.5)
    return np.asarray(setting.relief * (field - field.min()) / np.ptp(field))


def _cover(rng: np.random.Generator, setting: Setting, height: Floats) -> NDArray[np.int64]:
    """Return codes of :data:`~.settings.COVERS`: water lies low, rock high, town and forest where their own fields are large."""
    shape = height.shape
    cover = np.full(shape, COVERS.index("fields"))
    free = np.ones(shape, bool)
    high = (height - height.mean()) / height.std()
    order = (
        ("water", -high + 0.3 * power_law(rng, shape, (1.0, 1.0), 3.0)),
        ("town", power_law(rng, shape, (1.0, 1.0), 3.2) - 0.4 * high),
        ("forest", power_law(rng, shape, (1.0, 1.0), 2.8)),
        ("rock", high + power_law(rng, shape, (1.0, 1.0), 2.6)),
    )
    for name, field in order:
        code = COVERS.index(name)
        wanted = int(setting.shares[code] * cover.size)
        level = np.sort(field[free])[::-1][wanted] if wanted else np.inf
        here = free & (field > level)
        cover[here] = code
        free &= ~here
    return cover


def _motion(rng: np.random.Generator, setting: Setting, days: Floats) -> Floats:
    """Return the displacement of every date [dates, rows, cols]: bowls that start, stop or go on, a season, a creeping fault."""
    size = setting.size
    rows, cols = np.mgrid[:size, :size]
    time = days / DAYS_PER_YEAR
    motion = np.zeros((days.size, size, size))
    for _ in range(setting.bowls):
        row, col = rng.uniform(0.1, 0.9, 2) * size
        wide, long = rng.uniform(0.04, 0.14, 2) * size
        turn = rng.uniform(0, np.pi)
        along = np.cos(turn) * (rows - row) + np.sin(turn) * (cols - col)
        across = -np.sin(turn) * (rows - row) + np.cos(turn) * (cols - col)
        shape = np.exp(-((along / long) ** 2 + (across / wide) ** 2) / 2)
        peak = setting.deepest * rng.uniform(0.3, 1.0) * rng.choice([-1, 1], p=[0.8, 0.2])
        history = time.copy()
        if rng.random() < 0.4:  # slows down or begins
            change = rng.uniform(0.3, 0.7) * time[-1]
            history = np.minimum(time, change) if rng.random() < 0.5 else np.maximum(time - change, 0.0)
        motion += peak * history[:, None, None] * shape
    season = ndimage.gaussian_filter(power_law(rng, (size, size), (1.0, 1.0), 3.5), 3.0)
    wave = np.sin(2 * np.pi * (time + rng.random()))
    motion += rng.uniform(0, setting.season) * (wave - wave[0])[:, None, None] * season
    angle = rng.uniform(0, 2 * np.pi)
    away = (np.cos(angle) * (rows - size / 2) + np.sin(angle) * (cols - size / 2)) / size
    motion += rng.uniform(-6, 6) * time[:, None, None] * np.arctan(away / 0.08) / np.pi
    return np.asarray(motion)


def _delay(rng: np.random.Generator, setting: Setting, days: Floats, height: Floats) -> Tuple[Floats, NDArray[np.bool_]]:
    """Return atmosphere in radians [dates, rows, cols] and the dates on which it is strong."""
    shape = height.shape
    spacing = (setting.spacing, setting.spacing)
    is_strong = np.zeros(days.size, bool)
    is_strong[rng.permutation(days.size)[: max(1, round(setting.strong * days.size))]] = True
    delay = np.empty((days.size, *shape))
    along = np.linspace(-1, 1, shape[0])
    for k in range(days.size):
        more = rng.uniform(*setting.factor) if is_strong[k] else 1.0
        scale = setting.turbulence * np.exp(setting.spread * rng.standard_normal()) * more
        delay[k] = scale * power_law(rng, shape, spacing, rng.uniform(2.5, 3.2))
        delay[k] += setting.stratified * rng.standard_normal() * more * (height - height.mean()) / 100.0
        if setting.ionosphere:
            a, b, c = rng.standard_normal(3)
            delay[k] += setting.ionosphere * more * (a * along[:, None] + b * along[None, :] + 0.5 * c * along[:, None] ** 2)
    return delay, is_strong


def _images(rng: np.random.Generator, setting: Setting, cover: NDArray[np.int64], days: Floats) -> NDArray[np.complex64]:
    """Return normalised complex images [dates, looks, pixels] whose coherence decays with time and suffers on wet dates."""
    flat = cover.ravel()
    texture = ndimage.gaussian_filter(rng.standard_normal(cover.shape), 1.5).ravel()
    texture /= texture.std()
    permanent = np.clip(np.take(setting.permanent, flat) * (1 + 0.3 * texture), 0.0, 0.9)
    memory = np.take(setting.memory, flat) * np.exp(0.3 * texture)
    soft = np.isin(flat, [COVERS.index("fields"), COVERS.index("forest")])
    size = (setting.looks, flat.size)

    def speckle() -> NDArray[np.complex64]:
        made = np.empty(size, np.complex64)
        made.real, made.imag = rng.standard_normal(size, np.float32), rng.standard_normal(size, np.float32)
        return made * np.float32(np.sqrt(0.5))

    still, old = speckle(), speckle()
    images = np.empty((days.size, *size), np.complex64)
    for k in range(days.size):
        if k:
            keep = np.exp(-(days[k] - days[k - 1]) / memory).astype(np.float32)
            old = keep * old + np.sqrt(1 - keep**2) * speckle()
        fresh = np.full(flat.size, 0.06)
        if rng.random() < setting.wet:
            fresh = np.where(soft, rng.uniform(0.2, 0.5), fresh)
        stable = np.sqrt(permanent) * still + np.sqrt(1 - permanent) * old
        images[k] = np.sqrt(1 - fresh) * stable + np.sqrt(fresh) * speckle()
    return images
