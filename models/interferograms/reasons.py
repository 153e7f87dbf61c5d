"""Why an interferogram is bad, or kept in spite of something, in a few words with the place."""

from __future__ import annotations

from typing import List, Optional

import numpy as np

from stillpoint.models.interferograms.atmosphere import strong_dates
from stillpoint.models.interferograms.evidence import Evidence
from stillpoint.models.interferograms.observations import Network

EMPTY, FLAT, SPARSE = "no data", "constant", "missing most of the image"
"""Of interferograms that say nothing."""

LEAST = 0.35
"""Share of the usual coverage below which an interferogram is bad whatever the rest is like."""

_PARTIAL = 0.7
"""Share of the usual coverage below which it is said."""


_NOISE = 0.5
"""Share of the ground without any steady phase from which a bad interferogram is called decorrelated."""


def where(mask: np.ndarray, weight: Optional[np.ndarray] = None) -> str:
    """Return in words where a mask [rows, cols] lies: "upper left", "right half", "centre", "most of the image"; "" for nowhere."""
    amount = mask.astype(np.float64) * (1.0 if weight is None else weight)
    total = float(amount.sum())
    if total <= 0:
        return ""
    share = total / float(mask.size if weight is None else weight.sum())
    if share > 0.65:
        return "most of the image"
    rows, cols = mask.shape
    y = float((amount.sum(axis=1) * (np.arange(rows) + 0.5)).sum() / total / rows)
    x = float((amount.sum(axis=0) * (np.arange(cols) + 0.5)).sum() / total / cols)
    tall = float(np.sqrt((amount.sum(axis=1) * ((np.arange(rows) + 0.5) / rows - y) ** 2).sum() / total))
    wide = float(np.sqrt((amount.sum(axis=0) * ((np.arange(cols) + 0.5) / cols - x) ** 2).sum() / total))
    vertical = "upper" if y < 0.4 else "lower" if y > 0.6 else ""
    sideways = "left" if x < 0.4 else "right" if x > 0.6 else ""
    if not vertical and not sideways:
        return "in many places" if tall + wide > 0.45 else "centre"
    if vertical and sideways:
        return f"{vertical} {sideways}"
    part = "half" if share > 0.3 else "part"
    return f"{vertical or sideways} {part}"


def reasons(network: Network, found: Evidence, bad: np.ndarray) -> List[str]:
    """Return the reason of each pair, "" where it is good and nothing is to be said.

    Parameters
    ----------
    network
        The stack.
    found
        Its evidence.
    bad
        bool [pairs].
    """
    strong = strong_dates(found.strong)[network.pairs].any(axis=1)
    return [_reason(found, index, bool(bad[index]), bool(strong[index]), network.unwrapped) for index in range(network.count)]


def _reason(found: Evidence, index: int, bad: bool, strong: bool, unwrapped: bool) -> str:
    shown = {name: float(values[index]) for name, values in found.shown.items()}
    residual, weight = found.residual[index], _weight(found)
    known = np.isfinite(residual)
    coverage = shown["coverage"]
    off = known & (np.abs(np.nan_to_num(residual)) > np.pi)
    share = float((off * weight).sum() / max(float((known * weight).sum()), 1e-9))
    if not bad:
        said = []
        if coverage < _PARTIAL:
            said.append(f"missing {_missing(found, index)}: kept")
        if unwrapped and share > 0.01 and _cyclic(residual, off) and _lumpy(off) > 0.3:
            said.append(f"small unwrapping error, {where(off, weight)}: kept")
        if strong:
            said.append("strong atmosphere: kept")
        return "; ".join(said)
    if coverage < LEAST:
        return SPARSE
    said = []
    plane = _plane_share(residual, weight)
    rms, still = shown["unexplained phase, rad"], _coherence_loss(found, index)
    whole = unwrapped and _whole_cycles(residual, weight)
    if plane > 0.6 and shown["ramp, rad"] > 2.5 and rms > 0.8 and not whole:
        said.append("long-wavelength ramp")
    elif unwrapped and share > 0.02 and (whole or (_cyclic(residual, off) and (still < 0.35 or _lumpy(off) > 0.6))):
        said.append(f"unwrapping error, {where(off, weight)}")
    if still > 0.35 or (not said and (shown["share of noise"] > _NOISE or _rough(found, index))):
        said.append("decorrelated")
    if not said:
        said.append(f"unwrapping error, {where(off, weight)}" if unwrapped and share > 0.02 else "not explained by its dates")
    return "; ".join(said)


def _weight(found: Evidence) -> np.ndarray:
    """Return the weights of the ground on the coarse grid, float64 [rows, cols]."""
    rows, cols = found.residual.shape[1:]
    size = found.reliable.shape
    y, x = (np.arange(rows) * size[0]) // rows, (np.arange(cols) * size[1]) // cols
    return np.asarray(found.reliable[y][:, x], np.float64)


def _missing(found: Evidence, index: int) -> str:
    gone = found.grid.valid[index] < 0.5
    usual = np.median(found.grid.valid, axis=0) >= 0.5
    gone = gone & usual
    share = float(gone.sum()) / max(int(usual.sum()), 1)
    place = where(gone)
    if place.endswith(" half"):
        return f"the {place}"
    if share > 0.4:
        return "half of the image"
    return {"in many places": "data in many places", "centre": "the centre", "": "some data"}.get(place, f"data, {place}")


def _cyclic(residual: np.ndarray, off: np.ndarray) -> bool:
    """Return whether what is off is off by whole cycles more than chance would have it."""
    values = residual[off]
    if values.size < 3:
        return False
    turned = np.exp(1j * values)
    return bool(abs(turned.mean()) > 0.5)


def _whole_cycles(residual: np.ndarray, weight: np.ndarray) -> bool:
    """Return whether the residual is near whole cycles nearly everywhere, as steps are and ramps are not."""
    known = np.isfinite(residual)
    if not known.any():
        return False
    return bool(abs(np.average(np.exp(1j * residual[known]), weights=weight[known] + 1e-9)) > 0.75)


def _lumpy(off: np.ndarray) -> float:
    """Return which part of what is off has all its neighbours off as well."""
    if not off.any() or min(off.shape) < 3:
        return 0.0
    inner = off[1:-1, 1:-1] & off[:-2, 1:-1] & off[2:, 1:-1] & off[1:-1, :-2] & off[1:-1, 2:]
    return float(inner.sum()) / max(int(off[1:-1, 1:-1].sum()), 1)


def _plane_share(residual: np.ndarray, weight: np.ndarray) -> float:
    """Return which part of the residual's power a plane explains."""
    known = np.isfinite(residual)
    if known.sum() < 10:
        return 0.0
    rows, cols = np.nonzero(known)
    root = np.sqrt(weight[known])
    basis = np.stack([np.ones(len(rows)), rows / residual.shape[0], cols / residual.shape[1]], axis=1)
    values = residual[known].astype(np.float64)
    fit = basis @ np.linalg.lstsq(basis * root[:, None], values * root, rcond=None)[0]
    mean = np.average(values, weights=weight[known])
    before = np.average((values - mean) ** 2, weights=weight[known])
    return float(1 - np.average((values - fit) ** 2, weights=weight[known]) / max(float(before), 1e-9))


def _coherence_loss(found: Evidence, index: int) -> float:
    """Return which part of the usual coherence (above its bias) the pair has lost, 0 to 1; 0 where coherence is unknown."""
    still = found.shown["coherence"]
    if not np.isfinite(still[index]):
        return 0.0
    floor = float(np.nanmin(still))
    usual = float(np.nanmedian(still))
    floor = min(floor, 0.3 * usual)
    return float(np.clip((usual - still[index]) / max(usual - floor, 0.05), 0, 1)) if still[index] < 0.75 * usual else 0.0


def _rough(found: Evidence, index: int) -> bool:
    rough = found.shown["roughness, rad"]
    if not np.isfinite(rough[index]):
        return False
    usual = float(np.nanmedian(rough))
    return bool(rough[index] > max(1.5 * usual, usual + 0.2))
