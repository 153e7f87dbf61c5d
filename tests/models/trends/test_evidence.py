"""Plans and fit statistics: projections equal least squares, jumps are found, gaps are bridged."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models.simulation import series as simulation
from stillpoint.models.trends import features, noise_models, plan
from stillpoint.models.trends.jump_search import find_jumps

RNG = np.random.default_rng(7)
DAYS = np.cumsum(np.concatenate(([0.0], RNG.choice([6.0, 12.0, 24.0], 89))))


@pytest.fixture(scope="module")
def made() -> plan.Plan:
    return plan.make_plan(DAYS)


def weighted_rss(columns: np.ndarray, values: np.ndarray, covariance: np.ndarray) -> float:
    white = np.linalg.inv(np.linalg.cholesky(covariance))
    fit, *_ = np.linalg.lstsq(white @ columns, white @ values, rcond=None)
    return float(np.sum((white @ values - white @ columns @ fit) ** 2))


@pytest.mark.parametrize("index", range(len(noise_models.NOISES)))
def test_sums_of_squares_equal_generalised_least_squares(made, index):
    values = RNG.standard_normal((3, len(DAYS))) * 4
    block = torch.tensor(values, dtype=torch.float32)
    totals = made.energies.totals(block)[:, index].numpy()
    project = (block @ made.projections.trend).view(3, -1, 3)[:, index].numpy()
    hinges = (block @ made.projections.hinges).view(3, -1, plan.BREAKS)[:, index].numpy()
    covariance = noise_models.covariance(DAYS, noise_models.NOISES[index])
    years = DAYS / 365.25
    line = np.stack([np.ones_like(years), years], axis=1)
    kink = np.maximum(DAYS - made.breaks[11], 0)[:, None]
    for row in range(3):
        rss = totals[row] - project[row, 0] ** 2 - project[row, 1] ** 2
        assert rss == pytest.approx(weighted_rss(line, values[row], covariance), rel=2e-4)
        assert rss - project[row, 2] ** 2 == pytest.approx(
            weighted_rss(np.column_stack([line, years**2]), values[row], covariance), rel=2e-4
        )
        assert rss - hinges[row, 11] ** 2 == pytest.approx(
            weighted_rss(np.column_stack([line, kink]), values[row], covariance), rel=5e-4
        )


def test_log_determinant(made):
    for noise, found in zip(noise_models.NOISES, made.projections.half_log_det.tolist()):
        expected = np.linalg.slogdet(noise_models.covariance(DAYS, noise))[1] / 2
        assert found == pytest.approx(expected, abs=1e-4)


def test_jumps_are_found_in_motion_and_noise(made):
    half = 27.73
    years = DAYS / 365.25
    values = RNG.normal(0, 2.0, (40, len(DAYS))) + 25 * np.maximum(years - 1.0, 0)
    truth = np.zeros_like(values)
    truth[:20, 30] = 1
    truth[10:20, 50], truth[10:20, 54] = -1, 1
    values += half * np.cumsum(truth, axis=1)
    block = torch.tensor(values - values.mean(axis=1, keepdims=True), dtype=torch.float32)
    found, gain, scale = find_jumps(block, made, half)
    assert np.array_equal(found.numpy(), truth)
    assert (gain[:20] > 50).all() and (gain[20:] == 0).all()
    assert scale[20:].numpy() == pytest.approx(np.full(20, 2.0), rel=0.5)


def test_no_jumps_where_the_step_is_something_else(made):
    values = np.where(np.arange(len(DAYS)) >= 40, 9.0, 0.0) + RNG.normal(0, 1.0, (50, len(DAYS)))
    found, *_ = find_jumps(torch.tensor(values, dtype=torch.float32), made, 27.73)
    assert float(found.abs().sum(dim=1).ne(0).float().mean()) < 0.05


def test_missing_epochs_are_bridged_in_time():
    days = torch.tensor([0.0, 10.0, 40.0, 50.0])
    values = torch.tensor([[0.0, float("nan"), 4.0, 5.0], [float("nan"), 2.0, 3.0, float("nan")]])
    filled, valid = features.fill_missing(values, days)
    assert filled.tolist() == [[0.0, 1.0, 4.0, 5.0], [2.0, 2.0, 3.0, 3.0]]
    assert valid.tolist() == [[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0]]


def test_statistics_ignore_a_constant_and_are_finite(made):
    group = simulation.draw_group(np.random.default_rng(3), 64, days=DAYS, wavelength=0.0555)
    block = torch.from_numpy(group.displacement)
    one = features.gather_evidence(block, made, 0.0555)
    two = features.gather_evidence(block + 250.0, made, 0.0555)
    assert torch.isfinite(one.features).all() and torch.isfinite(one.channels()).all()
    assert one.features.shape == (64, len(features.feature_names()))
    assert float((one.features - two.features).abs().quantile(0.99)) < 0.02


def test_turning_the_sign_turns_the_velocity(made):
    values = torch.tensor(RNG.normal(0, 1, (4, len(DAYS))) + 10 * DAYS / 365.25, dtype=torch.float32)
    where = features.feature_names().index("velocity")
    one = features.gather_evidence(values, made, 0.0555).features[:, where]
    two = features.gather_evidence(-values, made, 0.0555).features[:, where]
    assert one.numpy() == pytest.approx(-two.numpy(), abs=1e-4)
    assert np.sinh(one.numpy()) * 5 == pytest.approx(np.full(4, 10.0), abs=0.5)


def test_a_plan_needs_epochs():
    with pytest.raises(ValueError, match="8 epochs"):
        plan.make_plan(np.arange(5.0))
