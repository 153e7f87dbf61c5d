"""Bodies narrower than the smooth field can follow."""

from __future__ import annotations

from typing import Tuple

import numpy as np
import pytest
import torch

from stillpoint.models.offsets import bodies, prepare, search, track
from stillpoint.tests.models.offsets.speckle import pair

MOTION = 5.0, -8.0
STRIP = slice(112, 140)


def strip() -> Tuple[np.ndarray, np.ndarray]:
    """Return images whose rows 112 to 139 moved by 5 and -8 px, on ground that stands still."""
    reference, still = pair((0, 0), band=(0.6, 0.6), coherence=0.9, seed=4)
    moved = pair(MOTION, band=(0.6, 0.6), coherence=0.9, seed=4)[1]
    secondary = still.copy()
    secondary[STRIP.start + 5 : STRIP.stop + 5] = moved[STRIP.start + 5 : STRIP.stop + 5]
    return reference, secondary


def tracked(reference: np.ndarray, secondary: np.ndarray) -> track.Tracked:
    return track.track(reference, secondary, prepare.learn([reference], [secondary]))


def test_a_strip_of_three_nodes_is_found_and_its_ground_stays() -> None:
    found = tracked(*strip())
    inside = found.offsets[:, 15:17, 4:-4].numpy()
    error = np.hypot(inside[0] - MOTION[0], inside[1] - MOTION[1])
    trusted = found.trusted[15:17, 4:-4].numpy()
    assert (error < 0.5).mean() > 0.9
    assert not (trusted & (error > 1)).any()
    assert (trusted & (error < 0.5)).mean() > 0.9
    ground = torch.cat([found.offsets[:, 3:11, 4:-4], found.offsets[:, 21:29, 4:-4]], dim=1)
    assert float(ground.norm(dim=0).max()) < 0.3


def test_no_body_is_found_among_noise() -> None:
    reference, _ = pair((0, 0), seed=1)
    for seed in (2, 3):
        found = tracked(reference, pair((0, 0), seed=seed)[0])
        assert found.body is not None
        assert not bool(found.body.taken.any())


def test_own_lags_are_those_of_the_normalised_correlation() -> None:
    generator = torch.Generator().manual_seed(0)
    first = torch.randn(48, 48, generator=generator)
    second = torch.roll(first, (2, -1), (0, 1)) + 0.2 * torch.randn(48, 48, generator=generator)
    sums = search.lag_sums(first, second, 4, 8)
    lags, gain = bodies.own_lags(sums, first, second, None, 4, torch.zeros(2, 6, 6), 100.0)
    assert (lags[0, 2:-2, 2:-2] == 2).all() and (lags[1, 2:-2, 2:-2] == -1).all()
    window, other = first[8:32, 8:32].flatten(), second[10:34, 7:31].flatten()
    zero = second[8:32, 8:32].flatten()
    heights = [float(torch.corrcoef(torch.stack([window, part]))[0, 1]) for part in (other, zero)]
    expected = bodies.gained(torch.tensor(heights[0]), torch.tensor(heights[1]), 100.0)
    assert float(gain[2, 2]) == pytest.approx(float(expected), rel=1e-3)


def test_neighbours_that_agree_are_counted_with_what_they_gain() -> None:
    offsets = torch.zeros(2, 3, 3)
    offsets[:, 0, 0] = 9.0
    number, total = bodies.agreeing(offsets, torch.ones(3, 3))
    assert float(number[1, 1]) == 7 and float(total[1, 1]) == 8
    assert float(number[0, 0]) == 0


def test_the_largest_of_all_lags() -> None:
    volume = torch.randn(5, 5, 4, 3)
    best, row, col = search.largest(volume)
    assert torch.equal(best, volume.flatten(0, 1).amax(dim=0))
    assert torch.equal(row * 5 + col, volume.flatten(0, 1).argmax(dim=0))
