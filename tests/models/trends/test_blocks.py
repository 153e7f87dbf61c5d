"""Blocks of points: the first in small pieces, nothing lost, nothing twice."""

from __future__ import annotations

import numpy as np

from stillpoint.models.points.table import PointBlock
from stillpoint.models.trends.blocks import EASED, eased


def block(start: int, count: int) -> PointBlock:
    numbers = np.arange(start, start + count)
    return PointBlock(
        start=start, x=numbers * 1.0, y=numbers * 2.0, displacement=np.repeat(numbers[:, None], 9, axis=1).astype(np.float32),
        attributes={"pid": numbers.astype(str).astype(object)},
    )


def test_the_first_block_comes_in_pieces_that_begin_small():
    found = list(eased([block(0, 4096), block(4096, 500)]))
    assert [len(one) for one in found] == [EASED[0], EASED[1], 4096 - sum(EASED), 500]
    assert [one.start for one in found] == [0, EASED[0], sum(EASED), 4096]
    together = np.concatenate([one.displacement[:, 0] for one in found])
    assert np.array_equal(together, np.arange(4596))
    assert all(np.array_equal(one.x * 2, one.y) and one.attributes["pid"][0] == str(one.start) for one in found)


def test_small_blocks_stay_whole():
    assert [len(one) for one in eased([block(0, 100), block(100, 4096)])] == [100, 4096]
    assert list(eased([])) == []
