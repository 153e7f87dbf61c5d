"""Every number of the benchmark's simulated small-baseline stacks, in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, Tuple

COVERS = ("town", "fields", "forest", "water", "rock")
"""Land covers in the order of the tuples below."""

KINDS = ("unwrapping", "decorrelation", "ramp", "level")
"""What can go wrong with a single interferogram."""

OFF = 2.0
"""A pixel is wrong where its unwrapped phase is off the true one by more than this, radians."""

BAD_SHARE = 0.12
"""An interferogram is bad where more than this share of the usable pixels is wrong."""

USABLE = 0.35
"""A pixel is usable where its true coherence, averaged over the pairs without any trouble, is at least this."""

STRONG = 1.0
"""A pair has strong atmosphere where one of its dates is such a date and the phase of both scatters by more than this, radians."""


@dataclass(frozen=True)
class Setting:
    """One kind of stack. Ranges are drawn uniformly, if not said otherwise.

    Attributes
    ----------
    title
        As the tables call it.
    dates, interval, lost
        Number of dates, days between passes, share of passes without an image.
    neighbours, longer
        Every date is paired with so many next ones; so many pairs over up to 14 dates come in addition, too long to be in a loop
        of three with the others.
    baselines
        Standard deviation of the perpendicular orbit position, metres.
    critical
        Perpendicular baseline at which all coherence is lost, metres.
    wavelength, incidence, distance
        Metres, degrees, slant range in metres.
    size, spacing
        Pixels across and along, metres of one.
    looks
        Independent looks of a pixel.
    shares, permanent, memory
        By cover: share of the area; share of the power that never changes; days in which the rest decays.
    wet
        Share of the dates on which fields and forest change by rain or snow.
    turbulence, spread
        Median over the dates of the standard deviation of the turbulent delay over the image, radians, and its log-normal spread.
    strong, factor
        Share of the dates with strong atmosphere; how many times stronger.
    stratified
        Standard deviation over the dates of the delay of 100 m of height, radians.
    ionosphere
        Standard deviation of the long-wavelength phase of the ionosphere over the image, radians.
    relief
        Range of heights, metres.
    dem_error
        Standard deviation, metres.
    bowls, deepest
        Number of subsiding or rising bowls, and their largest velocity, mm/yr.
    season
        Largest amplitude of a seasonal motion, mm.
    bad
        Share of the pairs that are spoilt, by kind (:data:`KINDS`).
    prone
        How much likelier the longer pairs are to be spoilt.
    mild
        Share of the pairs with a trouble of the same kinds that is too small to matter.
    """

    title: str
    dates: int = 30
    interval: int = 12
    lost: float = 0.1
    neighbours: int = 3
    longer: int = 8
    baselines: float = 60.0
    critical: float = 5000.0
    wavelength: float = 0.0555
    incidence: float = 38.0
    distance: float = 880e3
    size: int = 144
    spacing: float = 90.0
    looks: int = 24
    shares: Tuple[float, ...] = (0.3, 0.38, 0.14, 0.05, 0.13)
    permanent: Tuple[float, ...] = (0.55, 0.18, 0.03, 0.0, 0.5)
    memory: Tuple[float, ...] = (150.0, 36.0, 12.0, 0.1, 180.0)
    wet: float = 0.1
    turbulence: float = 0.65
    spread: float = 0.35
    strong: float = 0.12
    factor: Tuple[float, float] = (2.5, 4.0)
    stratified: float = 0.25
    ionosphere: float = 0.0
    relief: float = 250.0
    dem_error: float = 6.0
    bowls: int = 3
    deepest: float = 60.0
    season: float = 5.0
    bad: Tuple[float, ...] = (0.065, 0.04, 0.025, 0.03)
    prone: float = 6.0
    mild: float = 0.16


_C_BAND = Setting(title="92 pairs")

SETTINGS: Dict[str, Setting] = {
    "pairs-92": _C_BAND,
    "few-dates": replace(_C_BAND, title="14 dates", dates=14, interval=24, neighbours=3, longer=4),
    "mountains": replace(
        _C_BAND, title="mountains, C band", relief=1800.0, stratified=0.12, strong=0.3, turbulence=0.75,
        shares=(0.1, 0.3, 0.3, 0.03, 0.27), dem_error=10.0,
    ),
    "l-band": replace(
        _C_BAND, title="L band", wavelength=0.236, incidence=36.0, distance=750e3, interval=14, dates=24, lost=0.15,
        baselines=120.0, critical=9000.0, permanent=(0.6, 0.35, 0.3, 0.0, 0.6), memory=(400.0, 150.0, 120.0, 0.1, 500.0),
        turbulence=0.3, stratified=0.08, ionosphere=0.5, strong=0.2, deepest=150.0,
    ),
}
