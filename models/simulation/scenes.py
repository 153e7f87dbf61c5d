"""A stack of radar images of a simulated scene, with the phase noise of every pixel as truth.

An image is the sum of what stays (point scatterers, and the part of the clutter that never changes), of
clutter that forgets with time, and of thermal noise, all through the sensor's impulse response,
behind a phase screen that neighbours share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.simulation.scene_atmosphere import phase_screens
from stillpoint.models.simulation.scene_ground import COVERS, Ground
from stillpoint.models.simulation.scene_images import Response, Speckle, point_matrix, shifted, squared_phase_error
from stillpoint.models.simulation.scene_map import draw_ground
from stillpoint.models.simulation.scene_plan import ScenePlan, random_plan
from stillpoint.models.simulation.scene_scatterers import Points, draw_points

__all__ = ["COVERS", "Scene", "ScenePlan", "random_plan", "simulate_scene"]

PS_NOISE = 0.6
"""A pixel is a persistent scatterer where the phase of a single image strays by less, radians."""

LAYERS = 4
"""Heights within a resolution cell at which the lasting clutter lies, which long baselines tell apart."""


@dataclass(frozen=True)
class Scene:
    """Simulated images with their truth.

    Attributes
    ----------
    slc
        complex64 [dates, rows * looks, cols * looks]: co-registered single-look images, known topography and flat earth removed.
    noise
        float32 [rows, cols], true standard deviation of the phase of a single image (wrapped), radians: everything that belongs to
        the pixel alone and to the date alone. Height, motion and atmosphere are signal. Where looks were taken, there is no
        phase of a single image: it is the noise of an interferogram over the root of 2.
    cover
        uint8 [rows, cols], codes of ``COVERS``.
    height
        float32 [rows, cols], height of the dominant scatterer above the elevation model, metres.
    relief
        float32 [rows, cols], terrain, metres.
    signal
        float32 [dates, rows, cols], phase of a single image without noise, radians, not wrapped; None unless asked for.
    plan
        What the scene was drawn from.
    """

    slc: np.ndarray
    noise: np.ndarray
    cover: np.ndarray
    height: np.ndarray
    relief: np.ndarray
    plan: ScenePlan
    signal: Optional[np.ndarray] = None

    @property
    def dates(self) -> np.ndarray:
        """datetime64[D] [dates]."""
        return self.plan.dates

    @property
    def baselines(self) -> np.ndarray:
        """float64 [dates], metres, against an arbitrary orbit."""
        return self.plan.baselines

    @property
    def wavelength(self) -> float:
        """Metres."""
        return self.plan.wavelength

    @property
    def incidence(self) -> float:
        """Degrees."""
        return self.plan.incidence

    @property
    def looks(self) -> Tuple[int, int]:
        """Looks in rows and columns."""
        return self.plan.looks

    @property
    def spacing(self) -> Tuple[float, float]:
        """Metres on the ground between two rows and two columns of the result."""
        return self.plan.spacing[0] * self.looks[0], self.plan.spacing[1] * self.looks[1]

    @property
    def scatterers(self) -> np.ndarray:
        """Bool [rows, cols]: true persistent scatterers."""
        return self.noise < PS_NOISE

    def interferograms(self, reference: int) -> np.ndarray:
        """Return every image times the conjugate of the reference image, looks summed, complex64 [dates, rows, cols]."""
        master = np.conj(self.slc[reference])
        return np.stack([sum_looks(image * master, self.looks) for image in self.slc])

    @property
    def amplitude(self) -> np.ndarray:
        """float32 [dates, rows, cols], root of the mean power over the looks."""
        share = 1.0 / (self.looks[0] * self.looks[1])
        return np.stack([np.sqrt(share * sum_looks(image.real**2 + image.imag**2, self.looks)) for image in self.slc])


def sum_looks(image: np.ndarray, looks: Tuple[int, int]) -> np.ndarray:
    """Sum ``image`` [rows, cols] over boxes of ``looks``."""
    if looks == (1, 1):
        return image
    rows, cols = image.shape[0] // looks[0], image.shape[1] // looks[1]
    return image[: rows * looks[0], : cols * looks[1]].reshape(rows, looks[0], cols, looks[1]).sum(axis=(1, 3))


def simulate_scene(rng: np.random.Generator, plan: ScenePlan, *, keep_signal: bool = False) -> Scene:
    """Simulate a scene.

    Parameters
    ----------
    rng
        Source of randomness; the same state and plan give the same scene.
    plan
        What to simulate; see :func:`random_plan`.
    keep_signal
        Whether the noise-free phase is returned too.
    """
    ground = draw_ground(rng, plan)
    points = draw_points(rng, plan, ground)
    return focus_scene(rng, plan, ground, points, keep_signal=keep_signal)


def focus_scene(rng: np.random.Generator, plan: ScenePlan, ground: Ground, points: Points, *, keep_signal: bool = False) -> Scene:
    """Return the images of a ground with points on it, and their truth; see :func:`simulate_scene`."""
    screens = phase_screens(rng, plan, ground.relief)
    response = Response(plan.oversampling, plan.weighting)
    thermal = 10.0 ** (plan.noise_floor / 10.0)
    peak = np.abs(points.signal).max(axis=1, initial=0.0)
    matrix = point_matrix(points.row, points.col, peak, ground.cover.shape, response, floor=0.4 * float(np.sqrt(thermal)))
    lasting = _images_of_points(matrix, points).reshape(-1, *ground.cover.shape)
    clutter = _Clutter(rng, plan, ground, response)
    slc = np.empty_like(lasting)
    for index in range(len(plan.dates)):
        stays, changes = clutter.next()
        lasting[index] += stays
        if plan.misregistration[index].any():
            lasting[index] = shifted(lasting[index], *plan.misregistration[index])
        slc[index] = lasting[index]
        slc[index] += changes
        slc[index] *= np.float32(plan.gains[index]) * np.exp(1j * screens[index])
    dominant = _dominant(matrix, points, ground)
    noise, direction = _phase_noise(plan, response, lasting, clutter, points, dominant)
    signal = None
    if keep_signal:
        own = np.where(dominant < 0, 0.0, points.motion.T[:, dominant]) if len(points.row) else np.zeros(screens.shape, np.float32)
        signal = (screens + own + np.angle(direction)).astype(np.float32)[:, plan.looks[0] // 2 :: plan.looks[0]]
        signal = signal[:, :, plan.looks[1] // 2 :: plan.looks[1]]
    middle = tuple(slice(look // 2, None, look) for look in plan.looks)
    height = np.where(dominant < 0, 0.0, points.height[dominant]) if len(points.row) else np.zeros(ground.cover.shape)
    return Scene(
        slc=slc, noise=noise, cover=ground.cover[middle].copy(), height=height[middle].astype(np.float32),
        relief=ground.relief[middle].copy(), plan=plan, signal=signal,
    )


def _images_of_points(matrix, points: Points) -> np.ndarray:
    """Return the points alone, complex64 [dates, pixels]."""
    count = points.signal.shape[1]
    moving = points.signal * np.exp(1j * points.motion)
    images = np.empty((count, matrix.shape[0]), np.complex64)
    for start in range(0, count, 16):
        images[start : start + 16] = (matrix @ moving[:, start : start + 16]).T
    return images


class _Clutter:
    """What lies between the points, date by date: a part that stays, and one that forgets.

    The random part has a memory from date to date. Over a stack that is shorter than the memory its mean is as
    good as constant; :meth:`remainder` and :attr:`held` say how much of it, so that the truth counts the rest alone.
    """

    def __init__(self, rng: np.random.Generator, plan: ScenePlan, ground: Ground, response: Response) -> None:
        shape = ground.cover.shape
        self._rng, self._plan, self._ground = rng, plan, ground
        self._speckle = Speckle(response, shape)
        self._layers = [self._speckle(rng) for _ in range(LAYERS)]
        # Heights at which a flat cell looks alike up to the critical baseline (Hanssen 2001, section 4.4.1).
        resolution = plan.sensor.slant * plan.oversampling[1] * np.cos(np.radians(plan.incidence))
        self._heights = resolution * rng.uniform(0.5, 1.5) * ((np.arange(LAYERS) + 0.5) / LAYERS - 0.5)
        self._lasting = np.sqrt(ground.power * ground.stable)
        rest = ground.power * (1.0 - ground.stable)
        restless = ground.restless[ground.patch]
        self._fading, self._fresh = rest * (1.0 - restless), rest * restless
        self._memory = self._speckle(rng)
        self._sum = np.zeros(shape, np.complex64)
        self._index = 0
        self._thermal = np.float32(10.0 ** (plan.noise_floor / 10.0))

    def next(self) -> Tuple[np.ndarray, np.ndarray]:
        """Return the lasting and the changing part of the next date, complex64 [rows, cols] each."""
        index, ground, plan = self._index, self._ground, self._plan
        if index:
            keep = ground.keep[:, index][ground.patch]
            self._memory = keep * self._memory + np.sqrt(1.0 - keep**2) * self._speckle(self._rng)
        self._sum += self._memory
        gain, good = self._gain(index), np.float32(1.0 - plan.badness[index])
        turn = np.exp(1j * plan.height_to_phase[index] * self._heights) / np.sqrt(LAYERS)
        lasting = sum(layer * np.complex64(value) for layer, value in zip(self._layers, turn))
        lasting = lasting * (self._lasting * np.sqrt(gain * good))
        changing = self._memory * np.sqrt(self._fading * gain * good)
        changing += self._speckle(self._rng) * np.sqrt(self._new(index, gain))
        self._index += 1
        return lasting, changing

    def _gain(self, index: int) -> np.ndarray:
        return self._ground.gain[:, index][self._ground.patch]

    def _new(self, index: int, gain: np.ndarray) -> np.ndarray:
        """Return the power of what is new at a date."""
        bad = np.float32(self._plan.badness[index])
        return gain * (self._fresh + bad * (self._fading + self._lasting**2)) + self._thermal

    def held(self) -> Tuple[np.ndarray, np.ndarray]:
        """Return the part of the memory that lasts through the stack, complex64, and the share of power that does not, float32."""
        keep = np.maximum(self._ground.keep.astype(np.float64), 1e-30)
        travelled = np.cumsum(np.log(keep), axis=1)
        count = keep.shape[1]
        common = np.array([np.exp(-np.abs(path[:, None] - path[None, :])).mean() for path in travelled])
        # Mean correlation between different dates; 0 for clutter that is new every time.
        lasting = np.clip((common * count - 1.0) / max(count - 1, 1), 0.0, 1.0)
        scale = np.sqrt(lasting / common).astype(np.float32)[self._ground.patch]
        return self._sum * (scale / np.float32(count)), (1.0 - lasting).astype(np.float32)[self._ground.patch]

    def remainder(self, index: int, share: np.ndarray) -> np.ndarray:
        """Return the power of all that belongs to one date alone, float32 [rows, cols]; ``share`` is that of :meth:`held`."""
        gain = self._gain(index)
        return self._new(index, gain) + gain * self._fading * share * np.float32(1.0 - self._plan.badness[index])

    def held_signal(self, index: int, held: np.ndarray) -> np.ndarray:
        """Return the image of what :meth:`held` found lasting, complex64 [rows, cols]."""
        return held * np.sqrt(self._fading * self._gain(index) * np.float32(1.0 - self._plan.badness[index]))


def _dominant(matrix, points: Points, ground: Ground) -> np.ndarray:
    """Return the index of the point that rules each pixel, -1 where the clutter does, int64 [rows, cols]."""
    shape = ground.cover.shape
    found = np.full(shape[0] * shape[1], -1)
    if matrix.nnz:
        strength = np.sqrt(np.mean(np.abs(points.signal) ** 2, axis=1)).astype(np.float32)
        values = np.abs(matrix.data) * strength[matrix.indices]
        sizes = np.diff(matrix.indptr)
        filled = np.flatnonzero(sizes)
        most = np.maximum.reduceat(values, matrix.indptr[filled])
        owner = np.repeat(np.arange(len(filled)), sizes[filled])
        hit = values == most[owner]
        found[filled[owner[hit]]] = matrix.indices[hit]
        weak = most**2 < (ground.power * ground.stable).ravel()[filled]
        found[filled[weak]] = -1
    return found.reshape(shape)


def _phase_noise(
    plan: ScenePlan, response: Response, lasting: np.ndarray, clutter: _Clutter, points: Points, dominant: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """Return the true phase noise, float32 [rows, cols], and the mean signal of each single-look pixel.

    The expectation over everything that is random at a date, around the image of what lasts; the images of
    what lasts hold the interference of neighbours, wandering and absent points themselves.
    """
    held, share = clutter.held()
    ruler = _ruler(dominant, lasting, plan.looks)
    count = len(lasting)
    for index in range(count):
        lasting[index] += clutter.held_signal(index, held)
        if len(points.row):
            lasting[index] *= np.where(ruler < 0, 1.0, np.exp(-1j * points.motion[:, index][ruler]))
    direction = lasting.mean(axis=0)
    weight = direction.real**2 + direction.imag**2
    several = plan.looks != (1, 1)
    if several:
        typical = clutter.remainder(count // 2, share)
        together = _correlated_looks(direction * np.sqrt(typical), plan.looks, response)
        # In a sum of interferograms the noise of one image also meets that of the other: half of it is this image's.
        crossing = 0.5 * (1.0 - 1.0 / (plan.looks[0] * plan.looks[1])) * _correlated_boxes(plan.looks, response) * typical
    squares: List[np.ndarray] = []
    for index in range(count):
        signal = sum_looks(lasting[index] * np.conj(direction), plan.looks)
        power = clutter.remainder(index, share)
        if several:
            power = sum_looks(power * weight, plan.looks) * together + sum_looks(power * crossing, plan.looks)
        else:
            power = power * weight
        strength = signal.real**2 + signal.imag**2
        squares.append(squared_phase_error(strength / np.maximum(power, 1e-20), np.angle(signal)))
    return np.sqrt(np.mean(squares, axis=0)).astype(np.float32), direction


def _correlated_looks(values: np.ndarray, looks: Tuple[int, int], response: Response) -> np.ndarray:
    """Return by how much the power of a sum of noise over boxes exceeds that of uncorrelated noise, float32 [rows, cols].

    Neighbours share their speckle where the image is oversampled or weighted: the variance of the sum of noise with
    amplitudes a is the sum of conj(a_i) a_j r(i - j) over all pairs in the box.
    """
    rows, cols = values.shape[0] // looks[0], values.shape[1] // looks[1]
    boxes = values.reshape(rows, looks[0], cols, looks[1])
    alone = np.sum(boxes.real**2 + boxes.imag**2, axis=(1, 3))
    pairs = np.zeros_like(alone)
    for down in range(min(looks[0], 4)):
        for across in range(-min(looks[1] - 1, 3), min(looks[1], 4)):
            if (down, across) <= (0, 0):
                continue
            height, width = looks[0] - down, looks[1] - abs(across)
            left, right = max(-across, 0), max(across, 0)
            product = boxes[:, :height, :, left : left + width] * np.conj(boxes[:, down:, :, right : right + width])
            correlation = response.correlation(down, 0) * response.correlation(abs(across), 1)
            pairs += np.float32(correlation) * product.real.sum(axis=(1, 3))
    return np.maximum(1.0 + 2.0 * pairs / np.maximum(alone, 1e-30), 0.05).astype(np.float32)


def _correlated_boxes(looks: Tuple[int, int], response: Response) -> float:
    """Return by how much the power of a sum of products of two independent noises exceeds that of uncorrelated noise."""
    factor = 1.0
    for axis, size in enumerate(looks):
        factor *= sum((1.0 - abs(lag) / size) * response.correlation(lag, axis) ** 2 for lag in range(-size + 1, size))
    return factor


def _ruler(dominant: np.ndarray, lasting: np.ndarray, looks: Tuple[int, int]) -> np.ndarray:
    """Return for each single-look pixel the point that rules its box of looks, -1 where none does."""
    if looks == (1, 1):
        return dominant
    rows, cols = dominant.shape[0] // looks[0], dominant.shape[1] // looks[1]

    def boxes(values: np.ndarray) -> np.ndarray:
        return values.reshape(rows, looks[0], cols, looks[1]).swapaxes(1, 2).reshape(rows, cols, -1)

    power = np.mean(lasting.real**2 + lasting.imag**2, axis=0)
    best = boxes(power).argmax(axis=2)[..., None]
    chosen = np.take_along_axis(boxes(dominant), best, axis=2)[..., 0]
    return chosen.repeat(looks[0], axis=0).repeat(looks[1], axis=1)
