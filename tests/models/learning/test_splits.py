"""Regions apart: blocks of points, dealt out with their classes, and a distance between who learns and who judges."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import splits


def test_blocks_share_the_points_and_do_not_overlap():
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 3, 500), rng.normal(5, 1, 500)
    blocks = splits.blocks_of(x, y, most=16)
    assert len(blocks) == 16
    assert sorted(np.concatenate([block.members for block in blocks])) == list(range(500))
    assert max(len(block.members) for block in blocks) <= 1.3 * min(len(block.members) for block in blocks)
    for block in blocks:
        (left, low), (right, high) = block.ring[0], block.ring[2]
        inside = (x >= left) & (x <= right) & (y >= low) & (y <= high)
        assert inside[block.members].all() and inside.sum() == len(block.members)


def test_points_in_one_place_are_one_block():
    assert len(splits.blocks_of(np.zeros(100), np.ones(100))) == 1


def test_every_class_goes_to_every_part_where_it_can():
    rng = np.random.default_rng(4)
    counts = rng.poisson((20, 4, 1), (16, 3))
    codes = splits.deal(counts, seed=1)
    held = np.stack([counts[codes == part].sum(axis=0) for part in range(3)])
    assert (held > 0).all() and 0.4 < held[0].sum() / counts.sum() < 0.8
    assert np.array_equal(codes, splits.deal(counts, seed=1))
    assert splits.deal(counts[:2], seed=1) is None
    assert splits.deal(np.array([[5, 0], [0, 0], [0, 3], [0, 0]]), seed=1) is None


def test_who_learns_keeps_a_distance():
    x = np.arange(10.0)
    codes = splits.buffered(x, 0 * x, np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2]), 1.5)
    assert codes.tolist() == [0, 0, 0, -1, 1, 1, -1, 2, 2, 2]


@pytest.mark.parametrize(
    ("counts", "message"),
    [({"a": 0}, "no labels"), ({"a": 50, "b": 0}, "All labels in x are a"), ({"a": 50, "b": 2}, "too few labels")],
)
def test_labels_that_cannot_teach_are_refused(counts, message):
    with pytest.raises(StillpointError, match=message):
        splits.check_labels(counts, fewest=6, what="x")
    splits.check_labels({"a": 50, "b": 6, "c": 1}, fewest=6, what="x")


def test_files_on_the_same_ground_keep_apart_too():
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 10, (2, 300))
    found = splits.buffered(x, y, np.zeros(300, int), 0.5, [(x[:5], y[:5], np.full(5, 2)), (x[5:9], y[5:9], np.zeros(4, int))])
    near = np.hypot(x[:, None] - x[:5], y[:, None] - y[:5]).min(axis=1) < 0.5
    assert near.sum() >= 5 and np.array_equal(found == -1, near)
