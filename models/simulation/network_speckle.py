"""Phase and sample coherence of multilooked interferograms, from the distribution that they really have."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np

from stillpoint.models.simulation.network_ground import NetworkGround, date_quality
from stillpoint.models.simulation.network_plan import NetworkPlan


def multilooked(rng: np.random.Generator, coherence: np.ndarray, looks: float) -> np.ndarray:
    """Draw multilooked interferometric samples of phase 0 and given true coherence.

    The sample covariance of two circular complex Gaussian variables has a complex Wishart distribution; it is drawn through its
    Bartlett factor (Goodman 1963), which is exact for any real number of looks from 1 on.

    Parameters
    ----------
    rng
        Source of randomness.
    coherence
        float32 [rows, cols], true coherence.
    looks
        Effective number of looks, above 1.

    Returns
    -------
    numpy.ndarray
        complex64 [rows, cols]: the magnitude is the sample coherence, the angle the noise of the phase.
    """
    shape = coherence.shape
    first = np.sqrt(rng.standard_gamma(looks, shape))
    second = rng.standard_gamma(looks - 1, shape)
    mixed = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * np.sqrt(0.5)
    rest = np.sqrt(1 - coherence.astype(np.float64) ** 2)
    across = coherence * first + rest * mixed
    power = np.abs(across) ** 2 + rest**2 * second
    return (across / np.sqrt(np.maximum(power, 1e-12))).astype(np.complex64)


def pairs_from_images(rng: np.random.Generator, plan: NetworkPlan, ground: NetworkGround) -> np.ndarray:
    """Draw the interferograms of all pairs from one set of speckled images, so that pairs of common dates share their noise.

    Each look is a sum of a part that lasts, a part that is forgotten from date to date, and noise of the date alone; baselines
    are not modelled here.

    Returns
    -------
    numpy.ndarray
        complex64 [pairs, rows, cols]; the magnitude is the sample coherence.
    """
    looks, count, shape = max(2, round(min(plan.looks, 24))), len(plan.dates), plan.shape
    steps = np.diff(plan.days, prepend=plan.days[0])
    kept = [np.exp(-np.float32(step) / ground.decay) for step in steps]
    quality = [np.sqrt(date_quality(plan, ground, index)) for index in range(count)]
    lasting, fading = np.sqrt(ground.lasting), np.sqrt(np.maximum(ground.fresh - ground.lasting, 0))
    products = np.zeros((len(plan.pairs), *shape), np.complex64)
    power = np.zeros((count, *shape), np.float32)
    for _ in range(looks):
        images: List[np.ndarray] = []
        forever, present = _circular(rng, shape), _circular(rng, shape)
        for index in range(count):
            if index:
                present = kept[index] * present + np.sqrt(1 - kept[index] ** 2) * _circular(rng, shape)
            signal = quality[index] * (lasting * forever + fading * present)
            alone = np.sqrt(np.maximum(1 - quality[index] ** 2 * ground.fresh, 0))
            images.append(signal + alone * _circular(rng, shape))
            power[index] += np.abs(images[index]) ** 2
        for number, (early, late) in enumerate(plan.pairs):
            products[number] += images[late] * np.conj(images[early])
    for number, (early, late) in enumerate(plan.pairs):
        products[number] /= np.sqrt(np.maximum(power[early] * power[late], 1e-12))
    return products


def decorrelate(rng: np.random.Generator, sample: np.ndarray, loss: np.ndarray, looks: float) -> np.ndarray:
    """Return an interferogram that has lost a part of its coherence (``loss`` in 0..1 [rows, cols]) to independent noise."""
    noise = multilooked(rng, np.zeros(sample.shape, np.float32), looks)
    return ((1 - loss) * sample + np.sqrt(np.clip(1 - (1 - loss) ** 2, 0, 1)) * noise).astype(np.complex64)


def _circular(rng: np.random.Generator, shape: Tuple[int, int]) -> np.ndarray:
    parts = rng.standard_normal((2, *shape), dtype=np.float32) * np.float32(np.sqrt(0.5))
    return parts[0] + 1j * parts[1]
