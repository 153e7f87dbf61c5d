from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.inversion import fit_velocity, invert, refer, reference_area, velocity

DAYS = np.array([0, 12, 24, 48, 60, 72, 96])
DATES = np.datetime64("2021-01-01") + DAYS.astype("timedelta64[D]")
PAIRS = np.array([(i, j) for i in range(7) for j in range(i + 1, min(i + 4, 7))])


def truth(rows=3, cols=4, seed=0):
    series = np.random.default_rng(seed).normal(0, 3, (7, rows, cols)).cumsum(axis=0)
    return (series - series[0]).astype(np.float32)


def interferograms(series, pairs=PAIRS):
    return series[pairs[:, 1]] - series[pairs[:, 0]]


def test_series_comes_back_from_exact_pairs():
    series = truth()
    np.testing.assert_allclose(invert(interferograms(series), DATES, PAIRS), series, atol=1e-4)


def test_series_comes_back_with_holes_of_every_pattern():
    series = truth(20, 30)
    phase = interferograms(series)
    holes = np.random.default_rng(1).random(phase.shape) < 0.2
    holes[np.flatnonzero(PAIRS[:, 1] - PAIRS[:, 0] == 1)] = False  # still connected
    phase[holes] = np.nan
    np.testing.assert_allclose(invert(phase, DATES, PAIRS), series, atol=1e-4)


def test_batches_of_pixels_and_patterns_give_the_same():
    """The same holes over a whole area go by patterns; with weights of every pixel it goes pixel by pixel."""
    rng = np.random.default_rng(2)
    phase = interferograms(truth(16, 16)) + rng.normal(0, 0.5, (len(PAIRS), 16, 16)).astype(np.float32)
    phase[2, :8] = np.nan
    weight = rng.uniform(0.1, 1, len(PAIRS))
    by_pattern = invert(phase, DATES, PAIRS, weights=weight)
    by_pixel = invert(phase, DATES, PAIRS, weights=np.broadcast_to(weight[:, None, None], phase.shape))
    np.testing.assert_allclose(by_pattern, by_pixel, atol=1e-5)


def test_weights_are_those_of_least_squares():
    rng = np.random.default_rng(3)
    phase = rng.normal(0, 1, (len(PAIRS), 1, 2)).astype(np.float32)
    weight = rng.uniform(0.1, 5, (len(PAIRS), 1, 2))
    design = np.zeros((len(PAIRS), 7))
    design[np.arange(len(PAIRS)), PAIRS[:, 1]] = 1
    design[np.arange(len(PAIRS)), PAIRS[:, 0]] = -1
    found = invert(phase, DATES, PAIRS, weights=weight)
    for col in range(2):
        root = np.sqrt(weight[:, 0, col])
        expected = np.linalg.lstsq(design[:, 1:] * root[:, None], phase[:, 0, col] * root, rcond=None)[0]
        np.testing.assert_allclose(found[1:, 0, col], expected, atol=1e-4)


def test_a_wrong_pair_of_no_weight_or_not_kept_does_nothing():
    series = truth()
    phase = interferograms(series)
    phase[4] += 20
    weight = np.ones(len(PAIRS))
    weight[4] = 0
    assert np.abs(invert(phase, DATES, PAIRS) - series).max() > 1
    np.testing.assert_allclose(invert(phase, DATES, PAIRS, weights=weight), series, atol=1e-4)
    np.testing.assert_allclose(invert(phase, DATES, PAIRS, keep=weight > 0), series, atol=1e-4)


def test_subsets_are_joined_at_the_mean_velocity_or_by_the_minimum_norm():
    rate = 0.05
    series = (rate * DAYS)[:, None, None] * np.ones((1, 1, 2), np.float32)
    pairs = np.array([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (5, 6)])
    phase = interferograms(series, pairs).astype(np.float32)
    np.testing.assert_allclose(invert(phase, DATES, pairs), series, atol=1e-4)
    minimum = invert(phase, DATES, pairs, gaps="minimum")
    assert minimum[3] - minimum[2] == pytest.approx(0, abs=1e-3)  # no motion where nothing is known
    np.testing.assert_allclose(minimum[6] - minimum[3], series[6] - series[3], atol=1e-3)
    # the pseudo-inverse of the velocities between neighbouring dates says the same
    steps = np.diff(DAYS)
    design = np.array([[steps[k] if i <= k < j else 0 for k in range(6)] for i, j in pairs], float)
    expected = np.concatenate([[0], np.cumsum(steps * (np.linalg.pinv(design) @ phase[:, 0, 0]))])
    np.testing.assert_allclose(minimum[:, 0, 0], expected, atol=1e-3)


def test_lost_dates_are_missing_and_the_series_starts_at_the_first_seen():
    series = truth()
    keep = ~(PAIRS == 0).any(axis=1) & ~(PAIRS == 4).any(axis=1)
    found = invert(interferograms(series), DATES, PAIRS, keep=keep)
    assert np.isnan(found[[0, 4]]).all()
    np.testing.assert_allclose(found[[1, 2, 3, 5, 6]], series[[1, 2, 3, 5, 6]] - series[1], atol=1e-4)


def test_pixels_and_networks_without_any_pair_are_missing():
    phase = interferograms(truth())
    phase[:, 0, 0] = np.nan
    found = invert(phase, DATES, PAIRS)
    assert np.isnan(found[:, 0, 0]).all()
    assert np.isfinite(found[:, 1, 1]).all()
    assert np.isnan(invert(phase, DATES, PAIRS, keep=np.zeros(len(PAIRS), bool))).all()
    one = invert(phase[:1], DATES[:2], PAIRS[:1])
    assert one.shape == (2, 3, 4)
    assert one[1, 1, 1] == pytest.approx(phase[0, 1, 1])


def test_velocity_and_its_standard_error():
    rng = np.random.default_rng(4)
    days = np.arange(60) * 12
    dates = np.datetime64("2019-01-01") + days.astype("timedelta64[D]")
    rate, noise, wavelength = 10.0, 4.0, 0.0555  # mm/yr, mm
    moved = rate * days[:, None, None] / 365.25 + noise * rng.standard_normal((60, 30, 30))
    series = -4 * np.pi / wavelength * moved / 1000
    found = fit_velocity(series, dates, wavelength=wavelength)
    scatter = (found.velocity - rate).std()
    assert abs(found.velocity.mean() - rate) < 0.3
    assert found.error.mean() == pytest.approx(scatter, rel=0.1)
    np.testing.assert_allclose(velocity(series, dates, wavelength=wavelength, sign=1), -found.velocity, rtol=1e-5)


def test_velocity_of_holes():
    series = truth()
    series[2:, 0, 0] = np.nan
    series[1:, 0, 1] = np.nan
    found = fit_velocity(series, DATES, wavelength=0.05)
    assert np.isfinite(found.velocity[0, 0])
    assert np.isnan(found.error[0, 0])
    assert np.isnan(found.velocity[0, 1])
    full = np.polyfit(DAYS / 365.25, series[:, 1, 1], 1)[0] * -0.05 / (4 * np.pi) * 1000
    assert found.velocity[1, 1] == pytest.approx(full, rel=1e-4)


def test_reference_is_one_area_for_all():
    phase = np.zeros((3, 10, 10), np.float32)
    phase[:, :, 5:] = 4.0
    phase[1, :, :5] = np.nan  # its own median would be another level
    phase += np.array([1.0, 7.0, -3.0], np.float32)[:, None, None]
    assert reference_area(phase)[:, 5:].all()
    assert not reference_area(phase)[:, :5].any()
    np.testing.assert_allclose(refer(phase)[:, 0, 9], 0)
    np.testing.assert_allclose(refer(phase, pixel=(0, 0))[[0, 2], 5, 7], 4)
    with pytest.raises(StillpointError, match="lies outside"):
        refer(phase, pixel=(10, 0))
    phase[:, :4, :4] = np.nan
    with pytest.raises(StillpointError, match="No interferogram"):
        refer(phase, pixel=(1, 1))


def test_an_empty_pair_stays_empty():
    phase = np.zeros((2, 4, 4), np.float32)
    phase[1] = np.nan
    assert np.isnan(refer(phase)[1]).all()
    assert not reference_area(phase[1:]).any()


def test_bad_arguments():
    phase = interferograms(truth())
    with pytest.raises(StillpointError, match="negative"):
        invert(phase, DATES, PAIRS, weights=-np.ones(len(PAIRS)))
    with pytest.raises(ValueError, match="weights are"):
        invert(phase, DATES, PAIRS, weights=np.ones(3))
    with pytest.raises(ValueError, match="gaps"):
        invert(phase, DATES, PAIRS, gaps="any")
    with pytest.raises(ValueError, match="pairs of dates"):
        invert(phase, DATES, PAIRS[1:])
