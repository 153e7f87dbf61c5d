"""Which side of a step a node lies on, and places that lost their speckle."""

from __future__ import annotations

from typing import Tuple

import numpy as np
import torch

from stillpoint.models.offsets.prepare import learn
from stillpoint.models.offsets.sides import Blocks
from stillpoint.models.offsets.track import track
from stillpoint.tests.models.offsets.speckle import pair


def _fault(slip: float = 3.0) -> Tuple[np.ndarray, np.ndarray]:
    """Return a pair whose left half stands still and whose right half moved along columns, by whole pixels."""
    still, moved = pair((0.0, 0.0), seed=4), pair((0.0, slip), seed=4)
    second = still[1].copy()
    second[:, 128:] = moved[1][:, 128:]
    return still[0], second


def _blocks(first: np.ndarray, second: np.ndarray) -> Blocks:
    images = [torch.from_numpy((image - image.mean()) / image.std()).float() for image in (first, second)]
    return Blocks(images[0], images[1], 4.0, torch.full((32, 32), 0.6))


def test_nodes_given_to_the_wrong_side_come_back() -> None:
    truth = torch.zeros(2, 32, 32)
    truth[1, :, 16:] = 3.0
    wrong = truth.clone()
    rng = np.random.default_rng(1)
    for row in range(32):  # a ragged outline, up to two nodes off
        edge = 16 + int(rng.integers(-2, 3))
        wrong[1, row] = (torch.arange(32) >= edge) * 3.0
    found = _blocks(*_fault()).settled(wrong)
    off = [(field - truth).abs().amax(dim=0)[2:-2] > 1 for field in (wrong, found)]
    assert int(off[0].sum()) > 25
    assert int(off[1].sum()) < 0.25 * int(off[0].sum())


def test_a_smooth_field_is_left_as_it_is() -> None:
    field = torch.stack([torch.linspace(0, 3, 32).expand(32, 32), torch.zeros(32, 32)])
    assert torch.equal(_blocks(*_fault()).settled(field), field)


def test_a_fault_is_found_within_a_node() -> None:
    first, second = _fault()
    found = track(first, second, learn([first], [second]), search=8)
    right = found.offsets[1, 4:-4]
    assert (right[:, 6:15].abs() < 0.5).float().mean() > 0.97
    assert ((right[:, 17:26] - 3).abs() < 0.5).float().mean() > 0.97


def _with_a_hole(coherence: float) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a pair with a disc that lost its speckle, and the distance of the nodes from its middle in pixels."""
    first, second = pair((0.3, -0.4), coherence=coherence, seed=7)
    other = pair((0.0, 0.0), seed=8)[0]
    rows, cols = np.mgrid[:256, :256] - 127.5
    second = np.where(np.hypot(rows, cols) < 56, other, second)
    return first, second, np.hypot(rows, cols)[4::8, 4::8]


def test_a_place_that_lost_its_speckle_is_not_answered() -> None:
    first, second, distance = _with_a_hole(0.8)
    found = track(first, second, learn([first], [second]), search=8)
    assert found.trusted.numpy()[distance < 30].mean() <= 0.05
    assert found.trusted.numpy()[distance > 80].mean() > 0.97


def test_ground_that_correlates_little_is_answered_by_what_surrounds_it() -> None:
    first, second = pair((0.3, -0.4), coherence=0.42, seed=9)
    found = track(first, second, learn([first], [second]), search=8)
    kept = found.trusted.numpy()[3:-3, 3:-3]
    error = (found.offsets.numpy() - np.array([0.3, -0.4])[:, None, None])[:, 3:-3, 3:-3][:, kept]
    assert kept.mean() > 0.9
    assert np.sqrt((error**2).mean()) < 0.15
