"""Interferograms as colour pictures."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.interferograms import render


def test_both_tables_exchange_red_and_blue_with_the_sign() -> None:
    jet, wheel = render.jet().astype(int), render.wheel().astype(int)
    assert np.array_equal(jet[::-1], jet[:, ::-1])
    # The wheel begins at -pi, which is its own negative: entry k belongs to entry 256 - k.
    assert np.abs(wheel[:0:-1] - wheel[1:, ::-1]).max() <= 1


def test_unwrapped_runs_from_blue_over_green_to_red_about_the_median() -> None:
    phase = np.linspace(-60, 100, 201)[None]
    row = render.colours(phase, unwrapped=True)[0].astype(int)
    assert row[0, 2] > row[0, 0] and row[-1, 0] > row[-1, 2]
    assert row[100, 1] == row[:, 1].max()
    assert np.array_equal(row, render.colours(phase + 500.0, unwrapped=True)[0])


def test_the_scale_is_fine_near_the_median_and_reaches_far() -> None:
    steps = np.array([0.0, 0.1, 30.0, 30.0 + 2 * np.pi, render.REACH, 2 * render.REACH])
    phase = np.concatenate([steps, -steps])[None]
    row = render.colours(phase, unwrapped=True)[0].astype(int)
    change = np.abs(np.diff(row[: len(steps)], axis=0)).max(axis=1)
    assert change[0] > 0 and change[2] > 20 and change[3] > 20 and change[4] == 0


def test_wrapped_colours_have_no_jump_where_the_phase_wraps() -> None:
    phase = np.linspace(-20, 20, 4001)[None]
    row = render.colours(np.angle(np.exp(1j * phase)), unwrapped=False)[0].astype(int)
    assert np.abs(np.diff(row, axis=0)).max() <= 4
    assert np.abs(row - render.colours(phase, unwrapped=False)[0]).max() <= 3


def test_missing_is_grey_and_nothing_else() -> None:
    phase = np.array([[np.nan, 0.0], [np.inf, 3.0]])
    for unwrapped in (True, False):
        found = render.colours(phase, unwrapped=unwrapped)
        grey = (found == render.GREY).all(axis=2)
        assert grey.tolist() == [[True, False], [True, False]]
    assert (render.picture(np.full((5, 7), np.nan), unwrapped=True, side=32) == render.GREY).all()
    tables = np.concatenate([render.jet(), render.wheel()]).astype(int)
    assert np.abs(tables - render.GREY).max(axis=1).min() > 60


@pytest.mark.parametrize("shape", [(200, 300), (20, 7), (32, 32), (1, 1)])
def test_any_shape_becomes_square(shape: tuple) -> None:
    phase = np.random.default_rng(1).standard_normal(shape)
    found = render.picture(phase, unwrapped=True, side=32)
    assert found.shape == (3, 32, 32) and found.dtype == np.uint8 and found.flags.c_contiguous


def test_samples_are_centred_and_repeat_where_there_are_too_few() -> None:
    assert render.sample(np.arange(12).reshape(1, 12), 4).tolist() == [[1, 4, 7, 10]] * 4
    assert render.sample(np.arange(2).reshape(1, 2), 4).tolist() == [[0, 0, 1, 1]] * 4


def test_noise_is_as_strong_in_the_picture_of_a_large_raster() -> None:
    rng = np.random.default_rng(1)
    spread = [render.picture(rng.standard_normal((size, size)), unwrapped=True, side=64).std() for size in (64, 640)]
    assert abs(spread[0] / spread[1] - 1) < 0.05


def test_pictures_of_the_other_sign_and_of_a_turned_phase() -> None:
    rng = np.random.default_rng(1)
    phase = rng.uniform(-np.pi, np.pi, (40, 40))
    phase[:4] = np.nan
    wrapped = render.picture(phase, unwrapped=False, side=40)
    flipped = render.picture(-phase, unwrapped=False, side=40).astype(int)
    assert np.abs(render.other_sign(wrapped) - flipped).max() <= 6
    turned = render.picture(np.angle(np.exp(1j * (phase + 1.1))), unwrapped=False, side=40).astype(int)
    found = render.turned(wrapped[None], 1.1)[0]
    assert np.abs(found - turned).max() <= 8
    assert (found[:, :4] == render.GREY).all()
    level = rng.standard_normal((41, 41)) * 20
    unwrapped = render.picture(level, unwrapped=True, side=41).astype(int)
    assert np.abs(render.other_sign(unwrapped) - render.picture(-level, unwrapped=True, side=41)).max() <= 4


def test_colours_are_scaled_about_grey() -> None:
    found = render.scaled(np.array([0, render.GREY, 255], np.uint8))
    assert found[0] == -1 and found[2] == 1 and abs(found[1]) < 0.01
