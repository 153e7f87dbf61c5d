"""Ranking and calibration; order of the probability of the default network of PS selection."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models.learning import metrics
from stillpoint.models.scatterers.network import EDGES, LEANED, PS_NOISE, ScattererNetwork, ScattererNetworkShape


def _bent(size: int = 60_000):
    """Return standings whose log odds no straight line describes, and truths."""
    random = np.random.default_rng(3)
    standing = random.normal(0, 2, size)
    odds = np.where(standing < 0, 3.0 * standing, 0.5 * standing) - 1
    return standing, random.random(size) < 1 / (1 + np.exp(-odds)), 1 / (1 + np.exp(-odds))


def test_rungs_calibrate_where_a_line_does_not():
    standing, truth, odds = _bent()
    network = ScattererNetwork(ScattererNetworkShape(1))
    network.rungs.copy_(torch.from_numpy(metrics.rungs(standing, truth)))
    said = network.probability(torch.from_numpy(standing).float()).numpy()
    slope, shift = metrics.platt(standing, truth)
    line = 1 / (1 + np.exp(-(slope * standing + shift)))
    assert metrics.calibration_error(truth, said) < 0.006 < metrics.calibration_error(truth, line)
    assert np.abs(said - odds).max() < 0.08


def test_rungs_keep_the_order():
    standing, truth, _ = _bent(5000)
    network = ScattererNetwork(ScattererNetworkShape(1))
    network.rungs.copy_(torch.from_numpy(metrics.rungs(standing, truth & (standing > 1))))
    places = torch.linspace(-8, 6, 400)
    odds = torch.logit(network.probability(places).double(), eps=1e-12)
    assert (odds.diff() > 0).all()


def test_pixels_far_from_the_limit_are_in_order_too():
    network = ScattererNetwork(ScattererNetworkShape(1))
    noisy = torch.full((1, len(EDGES) + 1, 1, 2), -30.0)
    noisy[0, -2, 0, 0] = noisy[0, -1, 0, 1] = 30.0  # both surely none, one of them noisier
    measured = torch.zeros(1, len(LEANED), 1, 2)
    assert float(network.standing(noisy, measured).diff()) == pytest.approx(0, abs=1e-3)
    network.lean.copy_(torch.tensor([1.0, 1.0, 0.5]))
    assert float(network.standing(noisy, measured).diff()) < -0.05
    steadier = measured.clone()
    steadier[0, LEANED.index("gamma_narrow"), 0, 1] = 0.9
    few = float(network.standing(noisy, steadier).diff())
    assert few > 0.5
    steadier[0, LEANED.index("log_dates")] = np.log(3.0)  # what was measured on more dates counts for more
    assert float(network.standing(noisy, steadier).diff()) > 2 * few
    limit = EDGES.index(PS_NOISE)
    near = torch.full((1, len(EDGES) + 1, 1, 2), -30.0)
    near[0, limit, 0, 0] = near[0, limit + 1, 0, 1] = 30.0
    network.lean.zero_()
    assert float(network.standing(near, measured).diff()) == pytest.approx(-1, abs=1e-3)


def test_area_under_the_curve_is_the_share_of_pairs_in_order():
    truth = np.array([True, True, False, True, False])
    assert metrics.area_under_curve(truth, np.array([0.9, 0.8, 0.7, 0.4, 0.1])) == pytest.approx(5 / 6)
    assert metrics.area_under_curve(truth, np.zeros(5)) == pytest.approx(0.5)
    assert np.isnan(metrics.area_under_curve(np.ones(3, bool), np.arange(3.0)))
    random = np.random.default_rng(4)
    score = random.integers(0, 9, 60)
    truth = random.random(60) < 0.3
    above = score[truth][:, None] - score[~truth][None]
    assert metrics.area_under_curve(truth, score) == pytest.approx((above > 0).mean() + 0.5 * (above == 0).mean())


def test_calibration_mends_odds_that_are_too_bold():
    rng = np.random.default_rng(1)
    true = rng.normal(0, 2, 4000)
    truth = rng.random(4000) < 1 / (1 + np.exp(-true))
    slope, shift = metrics.platt(3 * true + 1, truth.astype(float))
    assert slope == pytest.approx(1 / 3, rel=0.1) and shift == pytest.approx(-1 / 3, abs=0.15)
    steep, _ = metrics.platt(np.array([-2.0, -1, 1, 2]), np.array([0.0, 0, 1, 1]), pull=1e-3)
    assert 1 < steep < 50
