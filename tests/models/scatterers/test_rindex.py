"""R-index: planes of known slope, flat ground, the sides of a ridge, both looking directions."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.scatterers import rindex

STEPS = np.broadcast_to(np.array([[20.0, 0.0], [0.0, -10.0]]), (3, 2, 2))
"""Pixels of 20 m along and 10 m down, north up."""


def plane(east: float, north: float) -> np.ndarray:
    """Elevation [5, 6] that rises by so many metres per metre east and north."""
    rows, cols = np.mgrid[:5, :6]
    return 100.0 + east * 20.0 * cols - north * 10.0 * rows


def test_gradient_of_a_plane_in_metres():
    east, north = rindex.gradient(plane(0.3, -0.2), STEPS)
    assert east.shape == (3, 4)
    np.testing.assert_allclose(east, 0.3)
    np.testing.assert_allclose(north, -0.2)


def test_gradient_of_a_turned_grid():
    turned = np.broadcast_to(np.array([[0.0, 10.0], [20.0, 0.0]]), (3, 2, 2))  # along is north, down is east
    rows, cols = np.mgrid[:5, :6]
    east, north = rindex.gradient(0.1 * 10.0 * rows + 0.4 * 20.0 * cols, turned)
    np.testing.assert_allclose(east, 0.1)
    np.testing.assert_allclose(north, 0.4)


def test_gradient_beside_missing_pixels_is_one_sided():
    elevation = plane(0.5, 0.0)
    elevation[:, 0] = np.nan
    elevation[2, 3] = np.nan
    east, north = rindex.gradient(elevation, STEPS)
    np.testing.assert_allclose(east[:, 0], 0.5)
    assert np.isnan(east[1, 2]) and np.isnan(north[1, 2])
    np.testing.assert_allclose(east[1, [1, 3]], 0.5)


@pytest.mark.parametrize(
    ("heading", "looking", "facing"),
    [(0, "right", 30), (0, "left", -30), (180, "right", -30), (-360, "right", 30), (90, "right", 0)],
)
def test_terrain_that_rises_away_from_the_radar_faces_it(heading, looking, facing):
    # Flying north and looking right is looking east: terrain that rises to the east faces the radar.
    slope = rindex.facing_slope(np.array([np.tan(np.radians(30))]), np.array([0.0]), heading, looking)
    assert np.degrees(slope[0]) == pytest.approx(facing, abs=1e-9)


def test_index_is_the_sine_of_the_angle_between_sight_and_slope():
    slope = np.radians([0.0, 39.0, 50.0, -51.0, 9.0])
    np.testing.assert_allclose(
        rindex.r_index(slope, 39.0), [0.6293204, 0.0, -0.1908090, 1.0, 0.5], atol=1e-7
    )


def test_classes_by_slope():
    # At 39 degrees: 0.5 is a facing slope of 9, 0.9 one of 25.16 away, shadow 51 and more away, layover 39 and more facing.
    degrees = [0, 9, 9.1, 38.9, 39, 60, -25.1, -25.2, -50.9, -51, -70, np.nan]
    names = [rindex.CLASSES[code] for code in rindex.visibility(np.radians(degrees), 39.0)]
    assert names == [
        "Favourable", "Favourable", "Foreshortening", "Foreshortening", "Layover", "Layover", "Favourable", "Facing away",
        "Facing away", "Shadow", "Shadow", "Unknown",
    ]


def test_flat_ground_at_thirty_degrees_is_just_favourable():
    assert rindex.CLASSES[rindex.visibility(np.zeros(1), 30.0)[0]] == "Favourable"
