"""What a simulated small-baseline stack is drawn from: sensors, dates, pairs, and how strong everything is.

Every stack differs in most ways that real stacks differ: mission, scene size, land cover, looks, filter, unwrapper, atmosphere,
deformation, seasons, and the share and the kinds of interferograms that went wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.simulation.calendars import Mission, draw_calendar


@dataclass(frozen=True)
class NetworkSensor:
    """A mission as far as a small-baseline stack shows it.

    Attributes
    ----------
    name
        For people.
    wavelength
        Metres.
    repeats
        Repeat cycles in days.
    tube
        Standard deviation of the orbits across the line of sight, metres.
    critical
        Perpendicular baseline at which nothing is coherent, metres.
    slant_range
        Metres.
    incidence
        Degrees.
    patience
        How much longer than at C band the ground stays coherent.
    weight
        How often it is drawn.
    """

    name: str
    wavelength: float
    repeats: Tuple[int, ...]
    tube: float
    critical: float
    slant_range: float
    incidence: float
    patience: float
    weight: float


SENSORS: Tuple[NetworkSensor, ...] = (
    NetworkSensor("Sentinel-1", 0.05547, (12, 6), 55.0, 5000.0, 880e3, 39.0, 1.0, 0.55),
    NetworkSensor("ERS and Envisat", 0.05656, (35,), 300.0, 1100.0, 850e3, 23.0, 1.0, 0.12),
    NetworkSensor("ALOS", 0.23606, (46,), 600.0, 6500.0, 850e3, 38.0, 5.0, 0.13),
    NetworkSensor("TerraSAR-X", 0.03107, (11,), 110.0, 4000.0, 620e3, 35.0, 0.7, 0.20),
)

COVERS = ("urban", "bare", "fields", "forest", "water")
"""Land covers, by their place in ``NetworkGround.cover``."""

LANDSCAPES = {
    "urban": (0.55, 0.05, 0.2, 0.15, 0.05),
    "dry": (0.05, 0.80, 0.10, 0.05, 0.0),
    "mixed": (0.15, 0.15, 0.40, 0.25, 0.05),
    "vegetated": (0.07, 0.08, 0.35, 0.50, 0.0),
    "coast": (0.15, 0.15, 0.25, 0.15, 0.30),
    "mountains": (0.05, 0.45, 0.10, 0.40, 0.0),
    "farmland": (0.04, 0.01, 0.60, 0.31, 0.04),
}
"""Share of each land cover, by landscape; farmland is drawn for stacks of noise only."""


@dataclass(frozen=True)
class NetworkPlan:
    """How to simulate one small-baseline stack.

    Attributes
    ----------
    sensor
        The mission.
    shape
        Rows and columns.
    spacing
        Metres between rows and between columns.
    dates
        datetime64[D] [dates].
    baselines
        float64 [dates], perpendicular baselines against the first date, metres.
    pairs
        int64 [pairs, 2].
    looks
        Effective number of looks.
    landscape
        One of ``LANDSCAPES``.
    river
        Whether a river cuts the scene.
    relief
        Standard deviation of the heights, metres.
    atmosphere
        float64 [dates], standard deviation of the turbulent delay, radians.
    strong
        bool [dates]: dates with a strong atmosphere.
    slope
        The power of the turbulence falls with the wavenumber to the power of minus this.
    stratified
        float64 [dates], radians per kilometre of height.
    ramps
        float64 [dates, 2], radians across the scene (orbits: they belong to a date, and close).
    height_error
        Standard deviation of the error of the elevation model, metres.
    deformation
        Largest velocity, mm/yr.
    seasonal
        Amplitude of the seasonal motion, mm.
    winter
        How far snow or ploughed fields reduce the coherence of winter dates, 0 (not) to 1.
    coherence
        Factor on all coherence, about 1.
    stable
        How long the ground stays coherent, against what is usual.
    images
        Whether the noise comes from images, so that pairs of common dates share it, or is independent from pair to pair.
    filter
        Strength of the Goldstein filter, 0 for none.
    unwrapper
        ``flow``, ``flow_unbridged``, ``tree``, or ``none`` for a wrapped stack.
    mask
        Pixels of less coherence are missing; 0 keeps all.
    bad
        Share of the pairs that something goes wrong with.
    reference
        Whether the phase is set to zero at a place, else it is as the unwrapper left it.
    sign
        -1 where the phase grows with the distance from the satellite (as most processors have it), 1 where it falls.
    """

    sensor: NetworkSensor
    shape: Tuple[int, int]
    spacing: Tuple[float, float]
    dates: np.ndarray
    baselines: np.ndarray
    pairs: np.ndarray
    looks: float
    landscape: str
    river: bool
    relief: float
    atmosphere: np.ndarray
    strong: np.ndarray
    slope: float
    stratified: np.ndarray
    ramps: np.ndarray
    height_error: float
    deformation: float
    seasonal: float
    winter: float
    coherence: float
    stable: float
    images: bool
    filter: float
    unwrapper: str
    mask: float
    bad: float
    reference: bool
    sign: int = -1

    @property
    def days(self) -> np.ndarray:
        """float64 [dates]: days since the first date."""
        return (self.dates - self.dates[0]).astype("timedelta64[D]").astype(np.float64)

    @property
    def spans(self) -> np.ndarray:
        """float64 [pairs]: days between the two dates."""
        return self.days[self.pairs[:, 1]] - self.days[self.pairs[:, 0]]

    @property
    def pair_baselines(self) -> np.ndarray:
        """float64 [pairs]: perpendicular baselines, metres."""
        return self.baselines[self.pairs[:, 1]] - self.baselines[self.pairs[:, 0]]


def random_plan(
    rng: np.random.Generator,
    *,
    size: Optional[int] = None,
    dates: Optional[int] = None,
    pairs: Optional[int] = None,
    sensor: Optional[str] = None,
    landscape: Optional[str] = None,
    unwrapper: Optional[str] = None,
    bad: Optional[float] = None,
) -> NetworkPlan:
    """Draw a plan; what is named is not drawn.

    Parameters
    ----------
    rng
        Source of randomness.
    size
        Rows and columns, drawn from 96 to 160 (about square) where None.
    dates, pairs
        Numbers; 8 to 60 dates and 20 to 200 pairs where None.
    sensor
        Name of one of ``SENSORS``.
    landscape
        One of ``LANDSCAPES``.
    unwrapper
        See :class:`NetworkPlan`.
    bad
        Share of the pairs that something goes wrong with.
    """
    weights = np.array([each.weight for each in SENSORS])
    chosen = SENSORS[int(rng.choice(len(SENSORS), p=weights / weights.sum()))]
    if sensor is not None:
        chosen = next(each for each in SENSORS if each.name == sensor)
    count = dates or round(float(np.exp(rng.uniform(np.log(8), np.log(60)))))
    mission = Mission(chosen.name, chosen.wavelength, chosen.repeats, 1.0)
    days = np.round(draw_calendar(rng, mission, count, longest=6.0)).astype(np.int64)
    first = np.datetime64("2015-01-01") + int(rng.integers(0, 2500))
    drift = 0.3 * np.cumsum(rng.standard_normal(count)) * float(chosen.name == "ALOS")
    baselines = chosen.tube * (rng.standard_normal(count) + drift)
    baselines -= baselines[0]
    joined = draw_pairs(rng, days.astype(np.float64), baselines, chosen, pairs)
    # A few millimetres of delay are a few tenths to several radians, by the wavelength.
    to_phase = 4 * np.pi / (chosen.wavelength * 1000)
    calm = to_phase * np.exp(rng.normal(np.log(3.0), 0.45))
    atmosphere = calm * np.exp(rng.normal(0.0, 0.35, count))
    strong = rng.random(count) < rng.choice([0.0, 0.05, 0.1, 0.2], p=[0.2, 0.3, 0.3, 0.2])
    atmosphere[strong] = np.maximum(calm * rng.uniform(2.5, 5.0, strong.sum()), 1.2)
    side = size or int(rng.integers(96, 161))
    spacing = float(np.exp(rng.uniform(np.log(40), np.log(250))))
    stretch = 1.0 if size else float(rng.uniform(0.8, 1.25))
    names = tuple(LANDSCAPES)
    style = landscape or str(rng.choice(names, p=[0.2, 0.2, 0.25, 0.12, 0.13, 0.10, 0.0]))
    way = unwrapper or str(rng.choice(["flow", "flow_unbridged", "tree", "none"], p=[0.55, 0.08, 0.27, 0.10]))
    looks, strength = float(np.exp(rng.uniform(np.log(5), np.log(60)))), float(rng.choice([0.0, 0.4, 0.7], p=[0.45, 0.25, 0.30]))
    if way == "tree":  # nobody integrates along paths without looks or a filter
        looks, strength = max(looks, 15.0), max(strength, 0.4)
    relief = float(rng.choice([5.0, 30.0, 120.0, 350.0])) * float(rng.uniform(0.6, 1.6)) * (3.0 if style == "mountains" else 1.0)
    return NetworkPlan(
        sensor=chosen,
        shape=(side, max(size or 96, round(side * stretch))),
        spacing=(spacing, spacing * float(rng.uniform(0.8, 1.25))),
        dates=first + days,
        baselines=baselines,
        pairs=joined,
        looks=looks,
        landscape=style,
        river=bool(rng.random() < 0.45),
        relief=min(relief, 900.0),
        atmosphere=atmosphere,
        strong=strong,
        slope=float(rng.uniform(2.4, 3.7)),
        stratified=to_phase * rng.choice([0.0, 5.0, 15.0]) * rng.standard_normal(count),
        ramps=to_phase * rng.choice([0.5, 3.0, 12.0]) * rng.standard_normal((count, 2)),
        height_error=float(rng.choice([1.0, 4.0, 10.0])),
        deformation=0.0 if rng.random() < 0.15 else float(np.exp(rng.uniform(np.log(5), np.log(150)))),
        seasonal=float(rng.choice([0.0, 3.0, 8.0])),
        winter=float(rng.choice([0.0, 0.3, 0.7, 0.95], p=[0.5, 0.2, 0.15, 0.15])),
        coherence=float(rng.uniform(0.85, 1.1)),
        stable=float(np.exp(rng.normal(0.3, 0.5))),
        images=bool(rng.random() < 0.4),
        filter=strength,
        unwrapper=way,
        mask=float(rng.choice([0.0, 0.15, 0.3], p=[0.7, 0.15, 0.15])),
        bad=float(rng.uniform(0.02, 0.3)) if bad is None else bad,
        reference=bool(rng.random() < 0.5),
    )


def bare_plan(rng: np.random.Generator) -> NetworkPlan:
    """Draw a stack as radar analysts don't like it: few or no loops, and ground that is often forgotten between the dates.

    All pairs with one date, a chain of dates, or a small-baseline network of hardly more pairs than dates; wrapped in two of five.
    """
    layout = str(rng.choice(["star", "chain", "sparse"], p=[0.45, 0.2, 0.35]))
    wrapped = rng.random() < 0.4
    dates = int(rng.integers(10, 45))
    forgetful = rng.random() < 0.55
    plan = random_plan(
        rng, dates=dates, unwrapper="none" if wrapped else str(rng.choice(["flow", "tree"])),
        landscape=str(rng.choice(["vegetated", "mixed", "coast"])) if forgetful else None,
    )  # fmt: skip
    return replace(
        plan, pairs=_layout(rng, plan, layout), stable=float(np.exp(rng.uniform(np.log(0.1), np.log(2.0)))),
        coherence=float(rng.uniform(0.15, 0.7)) if forgetful else plan.coherence,
    )  # fmt: skip


def noisy_plan(rng: np.random.Generator) -> Tuple[NetworkPlan, List[str]]:
    """Draw a wrapped stack of which any share is noise, none to nearly all of it, and the fault of each pair.

    Half of the stacks forget with time (farmland and forest, where towns alone last), so that the long pairs are noise; in the
    others chance says which pairs are.

    Returns
    -------
    tuple
        The plan, and the kind of fault of each pair ("" for none).
    """
    layout = str(rng.choice(["star", "chain", "sparse", "network"], p=[0.5, 0.15, 0.15, 0.2]))
    dates = round(float(np.exp(rng.uniform(np.log(12), np.log(100 if layout == "star" else 40)))))
    share = float(rng.uniform(0.0, 0.95))
    forgetful = rng.random() < 0.55
    landscape = str(rng.choice(["farmland", "vegetated", "mixed"], p=[0.6, 0.25, 0.15])) if forgetful else None
    plan = random_plan(rng, dates=dates, unwrapper="none", landscape=landscape, bad=0.0)
    pairs = _layout(rng, plan, layout)
    spans = plan.days[pairs[:, 1]] - plan.days[pairs[:, 0]]
    count = len(pairs)
    faults = np.full(count, "", dtype=object)
    looks = float(np.exp(rng.uniform(np.log(4), np.log(80))))
    if forgetful:
        # Fields forget in some 50 days; the pairs beyond the wanted share are to be older than six times that. What then lasts
        # (a sixth or so of the usual coherence) is to drown in the noise of so many looks.
        stable = float(np.quantile(spans, 1 - share)) / (300.0 * plan.sensor.patience) * float(np.exp(rng.normal(0.0, 0.3)))
        lasting = float(rng.uniform(0.05, 0.8)) / (0.17 * np.sqrt(2 * looks))
        plan = replace(plan, stable=float(np.clip(stable, 0.02, 10.0)), coherence=float(np.clip(lasting, 0.1, 1.0)), winter=0.0)
        share = 0.05
    else:
        plan = replace(plan, stable=max(plan.stable, 1.0))
    chance = rng.random((2, count))
    hit = chance[0] < share
    faults[hit] = np.where(chance[1, hit] < 0.75, "lost", "decorrelated")
    faults[(chance[1] < 0.06) & ~hit] = "ramp"
    return replace(
        plan, pairs=pairs, images=False, looks=looks, filter=float(rng.choice([0.0, 0.4, 0.7], p=[0.7, 0.15, 0.15])),
    ), [str(each) for each in faults]  # fmt: skip


def _layout(rng: np.random.Generator, plan: NetworkPlan, layout: str) -> np.ndarray:
    """Return pairs, int64 [pairs, 2], sorted: a star about one date, a chain, a sparse network or a usual one."""
    index = np.arange(len(plan.dates))
    if layout == "star":
        middle = int(rng.integers(0, len(index)))
        others = index[index != middle]
        pairs = np.stack([np.minimum(others, middle), np.maximum(others, middle)], axis=1)
    elif layout == "chain":
        pairs = np.stack([index[:-1], index[1:]], axis=1)
    else:
        part = rng.uniform(1.0, 1.5) if layout == "sparse" else rng.uniform(1.5, 3.0)
        pairs = draw_pairs(rng, plan.days, plan.baselines, plan.sensor, round(len(index) * part))
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int64)


def draw_pairs(
    rng: np.random.Generator, days: np.ndarray, baselines: np.ndarray, sensor: NetworkSensor, count: Optional[int] = None
) -> np.ndarray:
    """Draw the pairs of a small-baseline network, int64 [pairs, 2], sorted.

    Consecutive dates are joined (but for a gap now and then, as real networks have), then the nearest others in time and
    baseline, and in some networks pairs of about a year.
    """
    number = len(days)
    wanted = count or int(np.clip(round(number * rng.uniform(1.5, 4.5)), 20, 200))
    early, late = np.triu_indices(number, 1)
    spans = days[late] - days[early]
    usual = np.median(np.diff(days))
    # The farther apart, the later its turn; a random part, since networks are never cut at a sharp line.
    turn = spans / usual + 6.0 * np.abs(baselines[late] - baselines[early]) / (0.25 * sensor.critical)
    turn = turn * np.exp(rng.normal(0.0, 0.25, len(turn)))
    turn[late - early == 1] = -1.0
    if rng.random() < 0.35:
        yearly = np.abs(spans - 365.0) < max(usual, 20.0)
        turn[yearly & (rng.random(len(turn)) < 0.3)] *= 0.05
    if rng.random() < 0.12 and number > 9:
        gap = int(rng.integers(3, number - 4))
        across = (early <= gap) & (late > gap)
        turn[across] = np.inf if rng.random() < 0.5 else np.maximum(turn[across], 3.0)
    order = np.argsort(turn, kind="stable")[: max(min(wanted, int(np.isfinite(turn).sum())), 1)]
    pairs = np.stack([early[order], late[order]], axis=1).astype(np.int64)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
