"""The simulator of displacement series: truth and series agree, and the nuisances are there."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.simulation import calendars, misfits
from stillpoint.models.simulation import series as simulation

QUIET = simulation.Scene(
    white=0.2, correlated=0.0, correlation_days=30.0, annual=0.0, subtlety=6.0, outliers=0.0, missing=0.0
)
DAYS = np.arange(120) * 12.0


def quiet_group(label: int, size: int = 200, seed: int = 3) -> simulation.Group:
    return simulation.draw_group(
        np.random.default_rng(seed), size, days=DAYS, wavelength=0.0555, scene=QUIET, labels=[label] * size
    )


def test_same_seed_same_series():
    one, two = (simulation.draw_group(np.random.default_rng(5), 40) for _ in range(2))
    assert np.array_equal(one.displacement, two.displacement, equal_nan=True)
    assert np.array_equal(one.label, two.label)


def test_calendar_is_increasing_and_has_the_epochs():
    rng = np.random.default_rng(0)
    for _ in range(200):
        mission = calendars.draw_mission(rng)
        epochs = calendars.draw_epochs(rng)
        days = calendars.draw_calendar(rng, mission, epochs)
        assert len(days) == epochs and days[0] == 0 and np.all(np.diff(days) >= 1)


def test_velocities_are_those_of_a_line_fit():
    group = quiet_group(simulation.LINEAR)
    slope = np.polyfit(DAYS / 365.25, group.displacement.T, 1)[0]
    assert np.abs(slope - group.velocity_1).max() < 0.3
    assert np.array_equal(group.velocity_1, group.velocity_2)


def test_bilinear_breaks_where_it_says():
    group = quiet_group(simulation.BILINEAR)
    years = DAYS / 365.25
    for row in range(0, 200, 10):
        hinge = np.maximum(years - group.break_days[row] / 365.25, 0)
        fit = np.linalg.lstsq(
            np.stack([np.ones_like(years), years, hinge], axis=1), group.displacement[row].astype(float), rcond=None
        )[0]
        assert fit[1] == pytest.approx(group.velocity_1[row], abs=0.8)
        assert fit[1] + fit[2] == pytest.approx(group.velocity_2[row], abs=0.8)


def test_unwrapping_errors_are_whole_half_wavelengths():
    group = quiet_group(simulation.UNWRAPPING_ERROR)
    assert (np.abs(group.jumps).sum(axis=1) > 0).all()
    cleaned = group.displacement - 27.75 * np.cumsum(group.jumps, axis=1)
    assert np.abs(np.diff(cleaned, axis=1)).max() < 15
    others = quiet_group(simulation.LINEAR)
    assert not others.jumps.any()


def test_correlated_noise_has_its_covariance():
    rng = np.random.default_rng(1)
    days = np.array([0.0, 6.0, 12.0, 60.0, 66.0])
    noise = simulation.correlated_noise(rng, days, np.full(60_000, 20.0))
    expected = np.exp(-np.abs(days[:, None] - days[None, :]) / 20.0)
    assert np.abs(np.cov(noise.T) - expected).max() < 0.03


def test_classes_are_balanced_and_misfits_have_a_kind():
    group = simulation.draw_group(np.random.default_rng(2), 6000, epochs=40, other_share=0.2)
    counts = np.bincount(group.label, minlength=6)
    assert counts[:5].min() > 0.8 * counts[:5].max()
    assert 0.15 < counts[5] / 6000 < 0.25
    assert np.array_equal(group.kind >= 0, group.label == simulation.OTHER)
    assert set(group.kind[group.kind >= 0]) == set(range(len(simulation.OTHER_KINDS)))


def test_steps_of_misfits_keep_away_from_half_wavelengths():
    half = 27.75
    noise = simulation._Noise(*(np.full(500, value) for value in (0.1, 0.0, 30.0, 0.1)))
    signal = misfits.unlike_any_class(np.random.default_rng(4), "step", 500, DAYS / 365.25, noise, half)
    slope = np.median(np.diff(signal, axis=1), axis=1, keepdims=True)
    steps = np.diff(signal, axis=1) - slope
    size = np.abs(steps[np.abs(steps) > 2]) / half
    assert len(size) >= 500
    single = size[size < 1]
    assert (np.abs(single - np.round(single)) > 0.15).mean() > 0.95
