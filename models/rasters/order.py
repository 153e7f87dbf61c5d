"""Makes the order of the dates of interferograms uniform."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import List, Optional, Sequence, Set, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.product import Layer


def common_date(pairs: Sequence[Tuple[dt.date, ...]]) -> Optional[dt.date]:
    """Return the date that all ``pairs`` share, or None.

    Examples
    --------
    >>> a, b, c = dt.date(2018, 1, 3), dt.date(2018, 1, 15), dt.date(2018, 1, 27)
    >>> common_date([(a, b), (b, c)]) == b
    True
    """
    if not pairs:
        return None
    shared: Set[dt.date] = set(pairs[0])
    for pair in pairs[1:]:
        shared &= set(pair)
    if len(shared) == 1:
        return shared.pop()
    return pairs[0][0] if shared else None


def reverse(layer: Layer) -> Layer:
    """Return the interferogram ``layer`` with reference and secondary exchanged: the phase changes its sign."""
    baseline = None if layer.perpendicular_baseline is None else -layer.perpendicular_baseline
    turned = replace(layer, days=layer.days[::-1], perpendicular_baseline=baseline)
    if layer.quantity == "complex":
        return replace(turned, function="" if layer.function == "conj" else "conj")
    if layer.quantity in ("phase", "unwrapped"):
        if layer.function:
            raise StillpointError(
                f"{layer.path} is complex and its dates stand in another order than those of the other files: take the "
                "quantity complex, whose order can be made uniform."
            )
        return replace(turned, scale=-layer.scale, offset=0.0 - layer.offset)
    return turned


def uniform(layers: Sequence[Layer]) -> Tuple[List[Layer], List[str]]:
    """Return interferograms in one order of dates, sorted, and sentences on what was done.

    Where three or more share a date, that is the reference of all; else the reference is the earlier date of each, or
    the later where most files have it so. (Two interferograms that share a date may be a chain as well.)
    """
    pairs = [layer.days for layer in layers]
    reference = common_date(pairs) if len(pairs) > 2 or len({pair[0] for pair in pairs}) == 1 else None
    if reference is not None:
        wrong = [len(layers) > 1 and layer.days[0] != reference for layer in layers]
    else:
        later = sum(pair[0] > pair[1] for pair in pairs) * 2 > len(pairs)
        wrong = [(pair[0] > pair[1]) != later for pair in pairs]
    turned = [reverse(layer) if flip else layer for layer, flip in zip(layers, wrong)]
    turned.sort(key=lambda layer: (layer.days[1], layer.days[0]) if reference else layer.days)
    if not any(wrong):
        return turned, []
    signs = layers[0].quantity in ("complex", "phase", "unwrapped")
    if not signs:
        return turned, []
    how = "conjugated" if layers[0].quantity == "complex" else "changed in sign"
    whole = f"reference {reference} first" if reference is not None else "the same order of dates"
    return turned, [
        f"{sum(wrong)} of {len(wrong)} interferograms name their dates the other way round; their phase is {how}, so that "
        f"all have {whole}."
    ]
