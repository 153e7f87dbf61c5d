from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.simulation.scene_images import Response, Speckle, point_matrix, shifted, squared_phase_error

PLAIN = Response((1.2, 1.3), (1.0, 1.0))
HAMMING = Response((1.2, 1.3), (0.54, 0.54))


def focused(row: float, col: float, response: Response, size: int = 65) -> np.ndarray:
    matrix = point_matrix(np.array([row]), np.array([col]), np.array([1.0]), (size, size), response, floor=1e-4)
    return np.asarray(matrix.todense()).reshape(size, size)


def width_at_half_power(profile: np.ndarray, step: float) -> float:
    above = np.flatnonzero(profile**2 >= 0.5)
    return float((above[-1] - above[0] + 1) * step)


@pytest.mark.parametrize(("response", "factor", "lobe"), [(PLAIN, 0.886, -13.3), (HAMMING, 1.303, -42.7)])
def test_the_impulse_response_is_that_of_its_window(response: Response, factor: float, lobe: float) -> None:
    """Widths and side lobes of the rectangular and the Hamming window (Harris 1978)."""
    place = np.arange(-12.0, 12.0, 0.002)
    for axis, oversampling in enumerate(response.oversampling):
        profile = response.profile(place, axis)
        assert width_at_half_power(profile, 0.002) == pytest.approx(factor * oversampling, rel=0.01)
        first_null = 1.0 if factor < 1 else 2.0
        side = np.abs(profile[np.abs(place) > first_null * oversampling])
        assert 20 * np.log10(side.max()) == pytest.approx(lobe, abs=0.3)


def test_a_point_keeps_its_subpixel_place() -> None:
    image = focused(30.3, 41.8, HAMMING) ** 2
    rows, cols = np.mgrid[:65, :65]
    near = (np.abs(rows - 30) < 5) & (np.abs(cols - 42) < 5)
    assert np.sum((rows * image)[near]) / image[near].sum() == pytest.approx(30.3, abs=0.02)
    assert np.sum((cols * image)[near]) / image[near].sum() == pytest.approx(41.8, abs=0.02)


def test_moving_an_image_moves_its_points() -> None:
    moved = shifted(focused(30.0, 33.0, HAMMING).astype(np.complex64), 0.3, -0.2)
    assert np.abs(moved - focused(30.3, 32.8, HAMMING)).max() < 2e-3


@pytest.mark.parametrize("response", [PLAIN, HAMMING])
def test_speckle_has_the_bandwidth_of_the_response_and_unit_power(response: Response) -> None:
    rng = np.random.default_rng(1)
    images = np.stack([Speckle(response, (96, 90))(rng) for _ in range(30)])
    assert np.mean(np.abs(images) ** 2) == pytest.approx(1.0, rel=0.02)
    intensity = np.abs(images) ** 2
    assert np.std(intensity) / np.mean(intensity) == pytest.approx(1.0, abs=0.03)
    # Neighbours correlate as the autocorrelation of the impulse response says.
    place = np.arange(-40, 41)
    for axis in (0, 1):
        kernel = response.profile(place, axis)
        expected = np.sum(kernel[1:] * kernel[:-1]) / np.sum(kernel**2)
        turned = np.swapaxes(images, 1, axis + 1)
        found = np.mean(turned[:, 1:] * np.conj(turned[:, :-1])).real
        assert found == pytest.approx(expected, abs=0.02)
        assert response.correlation(1, axis) == pytest.approx(expected, abs=0.01)


def test_phase_error_against_draws_and_the_limit_of_strong_signals() -> None:
    rng = np.random.default_rng(2)
    noise = (rng.standard_normal(400_000) + 1j * rng.standard_normal(400_000)) * np.sqrt(0.5)
    for ratio, angle in ((0.0, 0.0), (0.1, 0.5), (1.0, 0.0), (2.0, 1.5), (10.0, 3.0), (30.0, 0.1)):
        drawn = np.mean(np.angle(np.sqrt(ratio) * np.exp(1j * angle) + noise) ** 2)
        found = float(squared_phase_error(np.array([ratio]), np.array([angle]))[0])
        assert found == pytest.approx(drawn, rel=0.02)
    assert float(squared_phase_error(np.array([200.0]), np.array([0.0]))[0]) == pytest.approx(1 / 400, rel=0.03)
    assert float(squared_phase_error(np.array([1e-9]), np.array([1.0]))[0]) == pytest.approx(np.pi**2 / 3, rel=0.01)
