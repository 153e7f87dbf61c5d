"""What the networks of this room read, for the headers of their model files."""

from __future__ import annotations

from typing import Any, Dict

from stillpoint.models.learning.inputs import described
from stillpoint.models.trends.features import feature_names
from stillpoint.models.trends.statistical import DEFAULT_SIGNIFICANCE

TRAINED = (10, 400)
"""Fewest and most epochs of the simulated series."""

WAVELENGTHS = (0.03107, 0.24245)
"""Shortest and longest of the simulated missions, metres."""


def of_default() -> Dict[str, Any]:
    """Return the ``input`` of the default network."""
    return described(
        "series", ["displacement"], dates=(10, None), trained=TRAINED, wavelength=WAVELENGTHS,
        reads="displacement series in millimetres along the line of sight at any dates, regular or not, and the wavelength",
        features=list(feature_names()),
    )  # fmt: skip


def of_published(epochs: int) -> Dict[str, Any]:
    """Return the ``input`` of the published network, which is trained on Sentinel-1 alone."""
    return described(
        "series", ["displacement"], dates=(8, None), trained=(epochs, epochs), wavelength=(0.05547, 0.05547),
        reads=f"displacement series at {epochs} regular dates, centred on their mean, in centimetres; other dates are interpolated",
        series=f"{epochs} regular dates, centred, cm",
    )  # fmt: skip


def of_statistical() -> Dict[str, Any]:
    """Return the ``input`` of the map of the statistical tests."""
    return described(
        "series", ["displacement"], dates=(8, None), trained=TRAINED, wavelength=WAVELENGTHS,
        reads="statistics of the trend tests of a displacement series, and the wavelength",
        statistics="stillpoint.models.trends.statistical.examine", significance=DEFAULT_SIGNIFICANCE,
    )  # fmt: skip
