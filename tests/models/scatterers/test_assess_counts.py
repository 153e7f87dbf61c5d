"""Kernels of the assessment against numbers counted by hand, and strips against the whole."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from stillpoint.models.scatterers.assess_counts import Agreement, Density, Groups, Tally, count_by_code

STATE = np.array([[1, 0, 255, 1], [0, 1, 1, 255], [0, 0, 0, 1]], np.uint8)


def test_counts_by_code():
    codes = np.array([[0, 0, 0, 1], [1, 1, 2, 2], [0, 1, 2, 2]])
    pixels, ps = count_by_code(STATE, codes, 3)
    assert pixels.tolist() == [[2, 1, 0], [0, 2, 1], [1, 1, 2]]
    assert ps.tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_tally_weighs_ground_by_row():
    tally = Tally(1)
    tally.add(STATE, None, np.array([100.0, 200.0, 400.0]))
    assert (tally.pixels[0], tally.ps[0], tally.no_data) == (10, 5, 2)
    assert tally.area[0] == 3 * 100 + 3 * 200 + 4 * 400


def test_agreement_leaves_out_what_has_no_data():
    reference = np.array([[1, 1, 1, 0], [0, 255, 1, 1], [1, 0, 0, 1]], np.uint8)
    found = Agreement()
    found.add(STATE, reference)
    # Known in both: 9 pixels. PS in both: (0,0), (1,2), (2,3).
    assert (found.true_positive, found.false_positive, found.false_negative, found.true_negative) == (3, 1, 2, 3)
    assert found.excluded == 3
    assert found.precision == pytest.approx(0.75) and found.recall == pytest.approx(0.6)
    assert found.f1 == pytest.approx(2 / 3) and found.jaccard == pytest.approx(0.5)


def test_agreement_of_nothing_is_undefined():
    found = Agreement()
    found.add(np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8))
    assert found.precision is found.recall is found.f1 is found.jaccard is None
    assert found.true_negative == 4


def test_groups_touch_at_corners():
    groups = Groups()
    groups.add(np.array([[1, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 1]], bool))
    groups.finish()
    assert (groups.number, groups.largest, groups.single) == (3, 2, 2)


def test_groups_that_join_below_are_one():
    groups = Groups()
    for row in ([1, 0, 1, 0, 1], [1, 0, 1, 0, 0], [0, 1, 0, 0, 0]):  # a V, and one alone
        groups.add(np.array([row], bool))
    groups.finish()
    assert (groups.number, groups.largest, groups.single) == (2, 5, 1)


@pytest.mark.parametrize("height", [1, 2, 7, 50])
@pytest.mark.parametrize("share", [0.02, 0.2, 0.42])
def test_groups_in_strips_are_those_of_the_whole(height, share):
    ps = np.random.default_rng(3).random((50, 37)) < share
    labels, number = ndimage.label(ps, structure=np.ones((3, 3)))
    sizes = np.bincount(labels.ravel())[1:]
    groups = Groups()
    for top in range(0, 50, height):
        groups.add(ps[top : top + height])
    groups.finish()
    assert (groups.number, groups.largest, groups.single) == (number, sizes.max(), (sizes == 1).sum())
    # What the issue asks for, counted another way: PS with a PS among their eight neighbours.
    neighbours = ndimage.convolve(ps.astype(int), np.ones((3, 3), int), mode="constant") - ps
    assert ps.sum() - groups.single == (ps & (neighbours > 0)).sum()


def test_density_of_cells_by_hand():
    density = Density((3, 4), (2, 3))
    density.add(STATE[:1], 0, np.array([1e4]))
    density.add(STATE[1:], 1, np.array([1e4, 1e4]))
    assert density.ps.tolist() == [[3, 1], [0, 1]]
    assert density.area.tolist() == [[5e4, 1e4], [3e4, 1e4]]
    found = density.per_km2(6e4)
    np.testing.assert_allclose(found, [[60, 100], [0, 100]])
    assert np.isnan(density.per_km2(6e4, least=0.2)[:, 1]).all()


@pytest.mark.parametrize("height", [1, 3, 4, 11])
def test_density_in_strips_is_that_of_the_whole(height):
    state = np.random.default_rng(5).choice(np.array([0, 1, 255], np.uint8), (23, 17))
    areas = np.linspace(50, 60, 23)
    whole, parts = Density((23, 17), (4, 5)), Density((23, 17), (4, 5))
    whole.add(state, 0, areas)
    for top in range(0, 23, height):
        parts.add(state[top : top + height], top, areas[top : top + height])
    np.testing.assert_allclose(parts.ps, whole.ps)
    np.testing.assert_allclose(parts.area, whole.area)
    assert whole.ps.sum() == (state == 1).sum()
