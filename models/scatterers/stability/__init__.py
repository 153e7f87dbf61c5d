"""Phase stability: the selection of persistent scatterers of StaMPS, batched.

Source of the method: Hooper, Segall & Zebker 2007, JGR 112, B07407.
"""

from stillpoint.models.scatterers.stability.profile import stability_profile
from stillpoint.models.scatterers.stability.results import GammaMaps, Stability, phase_noise
from stillpoint.models.scatterers.stability.run import (
    TooLittleError,
    gamma_map,
    labels_from_stability,
    phase_stability,
    stable_scatterers,
)
from stillpoint.models.scatterers.stability.settings import StabilitySettings
from stillpoint.models.scatterers.stability.topofit import Fit, HeightSearch, topofit

__all__ = [
    "Fit",
    "GammaMaps",
    "HeightSearch",
    "Stability",
    "StabilitySettings",
    "TooLittleError",
    "gamma_map",
    "labels_from_stability",
    "phase_noise",
    "phase_stability",
    "stability_profile",
    "stable_scatterers",
    "topofit",
]
