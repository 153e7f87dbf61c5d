"""Simulated single-look stacks with the true phase noise of every pixel.

``make_scene(setting, seed)`` adds up, for every date, point scatterers seen through the impulse response of the
processor, distributed scatterers whose memory depends on the land cover, and thermal noise; then comes the phase
that neighbours share. It is written without looking at the simulator that the networks are trained on, and no network is
trained or tuned on it.

The truth is computed, not estimated. In a pixel, at a date, S is what is deterministic (points and what never
changes of the ground) and n circular Gaussian of known power (the rest of the ground, thermal noise). The phase of S + n
scatters about that of S with a variance that follows from the ratio of their powers; the phase of S itself deviates from the
model of the pixel (constant, height, thermal dilation of the strongest contributor) by interference, wandering and absence. The
mean over the dates of the sum of both squares is the squared phase noise of a single image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from stillpoint.benchmarks.scatterers.landscape import DAYS_PER_YEAR, land_cover, parcels, power_law, smooth_phase
from stillpoint.benchmarks.scatterers.points import impulse_spectrum, place_points, response
from stillpoint.benchmarks.scatterers.settings import COVERS, FIELDS, FOREST, SETTINGS, TRUE_NOISE, Setting

_integral = getattr(np, "trapezoid", None) or np.trapz  # numpy 2, numpy 1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """A simulated stack of co-registered images.

    Attributes
    ----------
    setting, seed
        What it was made of.
    slc
        complex64 [dates, rows, cols].
    dates
        datetime64[D] [dates], ascending.
    baselines
        Perpendicular, against the reference date, metres [dates].
    reference
        Index of the date in the middle, the reference of interferograms.
    wavelength, incidence, spacing
        Metres, degrees, metres between rows and between columns.
    noise
        True standard deviation of the phase noise of a single image, radians, float32 [rows, cols].
    cover
        Land cover, uint8 [rows, cols], codes of :data:`~.settings.COVERS`.
    """

    setting: str
    seed: int
    slc: NDArray[np.complex64]
    dates: NDArray[np.datetime64]
    baselines: Floats
    reference: int
    wavelength: float
    incidence: float
    spacing: Tuple[float, float]
    noise: NDArray[np.float32]
    cover: NDArray[np.uint8]

    @property
    def truth(self) -> NDArray[np.bool_]:
        """Pixels that are PS, bool [rows, cols]."""
        return self.noise < TRUE_NOISE


def make_scene(setting: str, seed: int = 0, *, size: Optional[Tuple[int, int]] = None) -> Scene:
    """Return scene ``seed`` of a setting.

    Parameters
    ----------
    setting
        Name in :data:`~.settings.SETTINGS`.
    seed
        The same number gives the same scene.
    size
        Rows and columns; the setting's (400 x 400) if omitted.
    """
    chosen = SETTINGS[setting]
    if size is not None:
        chosen = Setting(**{**chosen.__dict__, "sizes": size})
    rng = np.random.default_rng([seed, sorted(SETTINGS).index(setting), 7041])
    days, baselines, reference = _acquisitions(rng, chosen)
    # phase a metre of height and of baseline: 4 pi / (lambda R sin(theta))
    per_metre = 4 * np.pi / (chosen.wavelength * chosen.distance * np.sin(np.radians(chosen.incidence)))
    warmth = 10 * np.cos(2 * np.pi * (days - rng.uniform(150, 250)) / DAYS_PER_YEAR) + 2.5 * rng.standard_normal(days.size)
    warmth -= warmth[reference]

    cover = land_cover(rng, chosen)
    power, permanent, remembered, memory, gain = _ground(rng, chosen, cover, days)
    placed = place_points(rng, chosen, cover, power)
    history = placed.histories(baselines, warmth, per_metre)
    shape = chosen.sizes
    impulse = response(placed.rows, placed.cols, shape, chosen)
    spectrum = impulse_spectrum(shape, chosen)

    def speckle() -> NDArray[np.complex128]:
        white = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
        return np.asarray(np.fft.ifft2(np.fft.fft2(white) * spectrum) / np.sqrt(2))

    amplitude = np.sqrt(power)
    still = speckle() * np.sqrt(permanent)
    # within the stack a slow memory is partly a constant: only what is left of it is noise
    apart = np.abs(days[:, None] - days[None, :])
    lifetimes = {float(value): 1 - float(np.exp(-apart / value).mean()) for value in np.unique(memory)}
    lasting = np.vectorize(lifetimes.get)(memory)
    changing = power * (remembered * lasting + (1 - permanent - remembered))
    model_height, model_warmth = _model(impulse, placed, amplitude, still)

    smooth = smooth_phase(rng, chosen, days, baselines, per_metre)
    slc = np.empty((days.size, *shape), np.complex64)
    deviation = np.empty((days.size, *shape), np.float32)
    variance = np.empty((days.size, *shape), np.float32)
    old = speckle()
    for k in range(days.size):
        if k:
            keep = np.exp(-(days[k] - days[k - 1]) / memory)
            old = keep * old + np.sqrt(1 - keep**2) * speckle()
        fresh = speckle()
        deterministic = (impulse @ history[:, k]).reshape(shape) + gain[k] * amplitude * still
        random = gain[k] * amplitude * (np.sqrt(remembered) * old + np.sqrt(1 - permanent - remembered) * fresh)
        value = deterministic + random + speckle()
        calibration = 10 ** (chosen.gain * rng.standard_normal() / 20)
        slc[k] = calibration * value * np.exp(1j * smooth[k])
        expected = np.exp(1j * (per_metre * baselines[k] * model_height + model_warmth * warmth[k]))
        deviation[k] = np.angle(deterministic * np.conj(expected))
        variance[k] = phase_variance(np.abs(deterministic) ** 2 / (gain[k] ** 2 * changing + 1.0))
    weight = np.exp(1j * deviation) * (np.pi**2 / 3 - variance)
    deviation = np.angle(np.exp(1j * deviation) * np.conj(weight.sum(axis=0) + 1e-12))
    noise = np.sqrt(np.mean(np.minimum(deviation**2 + variance, np.pi**2 / 3), axis=0))
    first = np.datetime64("2019-01-05") + np.timedelta64(int(rng.integers(0, 365)), "D")
    return Scene(
        setting=setting, seed=seed, slc=slc, dates=first + days.astype("timedelta64[D]"), baselines=baselines,
        reference=reference, wavelength=chosen.wavelength, incidence=chosen.incidence, spacing=chosen.spacing,
        noise=noise.astype(np.float32), cover=cover,
    )


def phase_variance(ratio: NDArray) -> NDArray[np.float64]:
    """Return the variance of the phase of a constant plus circular Gaussian noise, radians², of the ratio of their powers."""
    return np.asarray(np.interp(np.log10(np.maximum(ratio, 1e-9)), *_VARIANCE_TABLE))


def _variance_table() -> Tuple[Floats, Floats]:
    at = np.linspace(-4.0, 5.0, 361)
    angle = np.linspace(-np.pi, np.pi, 40001)
    table = []
    for ratio in 10**at:
        u = np.sqrt(ratio) * np.cos(angle)
        # exp(-s) (1 + sqrt(pi) u exp(u²) (1 + erf u)) / 2 pi, in a form that does not overflow
        up, down = np.maximum(u, 0), np.maximum(-u, 0)
        rising = np.where(u < 0, special.erfcx(down) * np.exp(-ratio), np.exp(up**2 - ratio) * (1 + special.erf(up)))
        density = (np.exp(-ratio) + np.sqrt(np.pi) * u * rising) / (2 * np.pi)
        table.append(_integral(density * angle**2, angle) / _integral(density, angle))
    return at, np.array(table)


_VARIANCE_TABLE = _variance_table()


def _acquisitions(rng: np.random.Generator, setting: Setting) -> Tuple[Floats, Floats, int]:
    passes = int(np.ceil(setting.dates / (1 - setting.lost)))
    kept = np.sort(rng.permutation(passes)[: setting.dates])
    days = (kept - kept[0]) * float(setting.interval)
    baselines = setting.baselines * rng.standard_normal(setting.dates)
    reference = setting.dates // 2
    return days, baselines - baselines[reference], reference


def _ground(
    rng: np.random.Generator, setting: Setting, cover: NDArray[np.uint8], days: Floats
) -> Tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return mean power, permanent and remembered share, memory [rows, cols], and the amplitude gain [dates, rows, cols]."""
    shape = cover.shape
    plot = parcels(rng, (shape[0], shape[1]), 22.0)
    plot_level = rng.standard_normal(plot.max() + 1)
    plot_season = rng.uniform(0, 2 * np.pi, plot.max() + 1)
    plot_strength = rng.uniform(0.2, 1.2, plot.max() + 1)
    texture = power_law(rng, (shape[0], shape[1]), setting.spacing, 2.2)
    uneven = power_law(rng, (shape[0], shape[1]), setting.spacing, 2.0)
    power, permanent, remembered = np.empty(shape), np.empty(shape), np.empty(shape)
    memory, gain = np.empty(shape), np.ones((days.size, *shape))
    for code in range(len(COVERS)):
        here = cover == code
        ground = setting.ground[code]
        level = plot_level[plot] if code == FIELDS else texture
        power[here] = 10 ** ((ground.power + ground.texture * level[here]) / 10)
        share = ground.permanent
        if share > 0:
            permanent[here] = special.expit(special.logit(share) + ground.uneven * uneven[here])
        else:
            permanent[here] = 0.0
        remembered[here] = np.minimum(ground.remembered, 1 - permanent[here])
        memory[here] = ground.memory
        phase = plot_season[plot] if code == FIELDS else np.full(shape, plot_season[0])
        strength = plot_strength[plot] if code in (FIELDS, FOREST) else np.ones(shape)
        for k, day in enumerate(days):
            change = ground.season * strength[here] * np.cos(2 * np.pi * day / DAYS_PER_YEAR - phase[here])
            gain[k][here] = 10 ** ((change + ground.weather * rng.standard_normal()) / 20)
    return power, permanent, remembered, memory, gain


def _model(impulse, placed, amplitude: Floats, still: NDArray) -> Tuple[Floats, Floats]:
    """Return height and thermal coefficient of the strongest contributor of every pixel; 0 where it is the ground."""
    shape = amplitude.shape
    strength = abs(impulse).multiply(placed.amplitude[None, :]).tocsr()
    winner = np.asarray(strength.argmax(axis=1)).reshape(shape)
    level = strength.max(axis=1).toarray().reshape(shape)
    point = level > np.abs(amplitude * still)
    return np.where(point, placed.height[winner], 0.0), np.where(point, placed.dilation[winner], 0.0)
