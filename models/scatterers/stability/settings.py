"""The parameters of the selection by phase stability, with StaMPS's defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Tuple

from stillpoint.models.errors import StillpointError


@dataclass(frozen=True)
class StabilitySettings:
    """Parameters; where two defaults are named they are for one reference and for small baselines.

    Attributes
    ----------
    dispersion_threshold
        Candidates have a smaller amplitude dispersion; None takes 0.4 / 0.6.
    calibration
        Factor that each amplitude image is divided by; None takes the gains of the observations, else the block's own means.
    cell
        Side of the cells in metres in which candidates are summed; two pixels where these are larger.
    low_pass_wavelength
        Cut-off of the low pass in metres; it grows with the cell where that had to grow.
    clap_alpha, clap_beta
        Exponent and weight of the adaptive part of the filter.
    weighting
        ``"p-square"`` or ``"snr"`` (needs amplitudes).
    max_height_error
        Largest height error searched, metres.
    convergence
        The iteration stops when the rms change of gamma changes by less.
    iterations
        And after so many rounds.
    select
        ``"density"``: so many pixels of random phase a km2 are accepted; ``"percent"``: such a share.
    random_density
        Random pixels per km2; None takes 20 / 2.
    random_percent
        Share of random pixels in percent; None takes 20 / 1.
    gamma_std_reject
        Drops pixels whose gamma has a larger standard deviation over 100 bootstrap draws of the
        interferograms; 0 is off.
    reestimate
        Whether gamma is estimated a second time with the pixel's own cell left out.
    weed_neighbours
        Keep only the best of each group of touching pixels.
    weed_std
        Largest standard deviation of the noise along the quietest arc, radians; None takes 1.0 / off.
    weed_max
        Largest noise of a single date along an arc, radians.
    weed_days
        Width (sigma) of the Gaussian time window of the arc smoothing, days.
    drop_dates
        Indices of dates (of interferograms for small baselines) that the arc noise leaves out.
    null_pixels
        Pixels of random phase for the null distribution.
    seed
        Seed of the random phases. The same seed gives the same pixels on every device.
    mean_range
        Slant range in metres that relates heights to phase; it need only be roughly right.
    device
        Name of the torch device. Apple's GPUs lack double precision; the CPU takes their place.
    patch_pixels
        A larger block is worked off in overlapping patches of at most so many pixels.
    patch_overlap
        Overlap of two patches in rows and columns.
    minimum_candidates
        With fewer candidates a patch says nothing.
    """

    dispersion_threshold: Optional[float] = None
    calibration: Optional[Tuple[float, ...]] = None
    cell: float = 50.0
    low_pass_wavelength: float = 800.0
    clap_alpha: float = 1.0
    clap_beta: float = 0.3
    weighting: str = "p-square"
    max_height_error: float = 20.0
    convergence: float = 0.005
    iterations: int = 3
    select: str = "density"
    random_density: Optional[float] = None
    random_percent: Optional[float] = None
    gamma_std_reject: float = 0.0
    reestimate: bool = True
    weed_neighbours: bool = False
    weed_std: Optional[float] = None
    weed_max: float = math.inf
    weed_days: float = 730.0
    drop_dates: Tuple[int, ...] = ()
    null_pixels: int = 300_000
    seed: int = 2007
    mean_range: float = 830_000.0
    device: str = "cpu"
    patch_pixels: int = 4_000_000
    patch_overlap: Tuple[int, int] = (200, 50)
    minimum_candidates: int = 50

    def __post_init__(self) -> None:
        if self.weighting not in ("p-square", "snr"):
            raise StillpointError(f"Unknown weighting {self.weighting!r}: choose p-square or snr.")
        if self.select not in ("density", "percent"):
            raise StillpointError(f"Unknown selection {self.select!r}: choose density or percent.")
        for name in ("cell", "low_pass_wavelength", "weed_days", "max_height_error", "mean_range"):
            if not getattr(self, name) > 0:
                raise StillpointError(f"{name} must be larger than zero, not {getattr(self, name)}.")
        if self.iterations < 1 or self.null_pixels < 1000:
            raise StillpointError("At least one iteration and 1,000 random pixels are needed.")


def low_bins(small_baseline: bool) -> int:
    """Return how many of the lowest bins of gamma are taken to hold random pixels only: 31 / 15."""
    return 15 if small_baseline else 31


def accepted_random(settings: StabilitySettings, small_baseline: bool) -> float:
    """Return random pixels per km2, or their share in percent, that the selection accepts."""
    if settings.select == "density":
        given, default = settings.random_density, 2.0 if small_baseline else 20.0
    else:
        given, default = settings.random_percent, 1.0 if small_baseline else 20.0
    return default if given is None else given


def largest_arc_noise(settings: StabilitySettings, small_baseline: bool) -> float:
    """Return the largest standard deviation of arc noise in radians."""
    if settings.weed_std is not None:
        return settings.weed_std
    return math.inf if small_baseline else 1.0
