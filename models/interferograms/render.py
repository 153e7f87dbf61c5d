"""Interferograms as colour pictures, as people look at them and as the classifier of He et al. does.

Unwrapped phase goes through a table from blue over green to red (the "jet" of the usual figures). Its scale bends: a
pseudo-logarithm (asinh) of the distance to the picture's median, steep within some radians, where noise and atmosphere lie, and
still open at tens of radians, where unwrapping errors and ramps lie. A scale that follows each picture's own range would show a
quiet interferogram and one with a ramp of 50 rad alike, and a fixed straight one would lose either the noise or the ramp.

Wrapped phase goes through a colour wheel whose three channels are cosines a third of a turn apart, so that no jump is seen
where the phase wraps. In both tables the other sign of phase is the exchange of red and blue, and in the wheel a constant added
to the phase turns the colours: training uses both. Missing values are neutral grey.
"""

from __future__ import annotations

import numpy as np

BEND = 3.0
"""Radians: up to here the colour scale of unwrapped phase is nearly straight."""

REACH = 80.0
"""Radians from the median where the colours of unwrapped phase end."""

SIDE = 128
"""Rows and columns of a picture, unless told otherwise."""

GREY = 128
_THIRD = 2 * np.pi / 3
_LEVELS = 256


def jet() -> np.ndarray:
    """Return the colour table of unwrapped phase: uint8 [256, 3], from blue (below the median) to red (above)."""
    position = np.linspace(0.0, 1.0, _LEVELS)
    channels = [np.clip(1.5 - np.abs(4 * position - peak), 0.0, 1.0) for peak in (3.0, 2.0, 1.0)]
    # Rounded half up, with room for the last bit, so that the table is exactly the same from both ends.
    return np.floor(255 * np.stack(channels, axis=1) + 0.5 + 1e-9).astype(np.uint8)


def wheel() -> np.ndarray:
    """Return the cyclic colour table of wrapped phase: uint8 [256, 3], for -pi up to pi (exclusive)."""
    phase = np.linspace(-np.pi, np.pi, _LEVELS, endpoint=False)
    channels = [0.5 + 0.5 * np.cos(phase + turn) for turn in (-_THIRD, 0.0, _THIRD)]
    return np.round(255 * np.stack(channels, axis=1)).astype(np.uint8)


_GREY_ROW = np.full((1, 3), GREY, np.uint8)
_JET = np.concatenate([jet(), _GREY_ROW])
_WHEEL = np.concatenate([wheel(), _GREY_ROW])
"""The tables with grey after the last colour."""


def colours(phase: np.ndarray, *, unwrapped: bool) -> np.ndarray:
    """Return phase as colours, pixel by pixel.

    Parameters
    ----------
    phase
        [rows, cols], radians; NaN (or infinite) where missing.
    unwrapped
        Which table: that of unwrapped phase about its median, or the wheel.

    Returns
    -------
    numpy.ndarray
        uint8 [rows, cols, 3].
    """
    phase = np.asarray(phase, np.float32)
    known = np.isfinite(phase)
    index = np.full(phase.shape, _LEVELS, np.int64)
    seen = phase[known]
    if seen.size == 0:
        return _JET[index]
    if unwrapped:
        bent = np.arcsinh((seen - np.median(seen)) / BEND) / np.arcsinh(REACH / BEND)
        index[known] = np.clip(np.round((0.5 + 0.5 * bent) * (_LEVELS - 1)), 0, _LEVELS - 1)
        return _JET[index]
    index[known] = np.floor((seen / (2 * np.pi) + 0.5) * _LEVELS).astype(np.int64) % _LEVELS
    return _WHEEL[index]


def sample(image: np.ndarray, side: int) -> np.ndarray:
    """Return ``side`` x ``side`` pixels on a regular grid of an image, the nearest each.

    Pixels are picked, not averaged, so that noise looks as strong in a picture of a large raster as in that of a small one.

    Parameters
    ----------
    image
        [rows, cols, ...].
    side
        Rows and columns wanted; more than there are repeats pixels.
    """
    rows, cols = (((np.arange(side) + 0.5) * size / side).astype(np.int64) for size in image.shape[:2])
    return image[rows[:, None], cols[None, :]]


def picture(phase: np.ndarray, *, unwrapped: bool, side: int = SIDE) -> np.ndarray:
    """Return an interferogram as the picture that the classifier sees: uint8 [3, side, side].

    See :func:`colours` for the parameters and :func:`sample` for how it is made square.
    """
    return np.ascontiguousarray(np.moveaxis(colours(sample(phase, side), unwrapped=unwrapped), 2, 0))


def scaled(pictures: np.ndarray) -> np.ndarray:
    """Return uint8 pictures as float32 in -1..1 with grey near 0, as the network takes them."""
    return (pictures.astype(np.float32) - 127.5) / 127.5


def other_sign(pictures: np.ndarray) -> np.ndarray:
    """Return pictures [..., 3, rows, cols] as those of the phase with the other sign."""
    return pictures[..., ::-1, :, :]


def turned(pictures: np.ndarray, angle: float) -> np.ndarray:
    """Return uint8 pictures [..., 3, rows, cols] of wrapped phase as those of the phase plus ``angle`` radians; grey stays grey."""
    shifts = np.array([-_THIRD, 0.0, _THIRD])
    # The three channels are cosines of one angle: from them its cosine and sine, and from these the cosines of the turned one.
    back = 2.0 / 3.0 * np.stack([np.cos(shifts), -np.sin(shifts)])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    out = np.stack([np.cos(shifts), -np.sin(shifts)], axis=1)
    mix = (out @ turn @ back).astype(np.float32)
    flat = np.einsum("ij,...jrc->...irc", mix, pictures.astype(np.float32) - 127.5) + 127.5
    return np.clip(np.round(flat), 0, 255).astype(np.uint8)
