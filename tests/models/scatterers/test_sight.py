"""Images, single-reference interferograms and networks show the same phases, and what cannot be used is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.rasters.writing import write_stack
from stillpoint.models.scatterers.sight import Sight, agree
from stillpoint.tests.models.scatterers.stacks import TRANSFORM, bands_of, small_scene, write_scene_as

ALL = slice(None)


@pytest.fixture(scope="module")
def scene():
    return small_scene(rows=30, cols=24, dates=9)


def _relative(phasor: np.ndarray) -> np.ndarray:
    """Phasors against the first date, whatever the reference was."""
    return phasor * np.conj(phasor[0])


def test_all_kinds_of_stack_show_the_same_phases(scene, tmp_path):
    truth = scene.slc * np.conj(scene.slc[0])
    truth /= np.abs(truth)
    amplitude = write_scene_as(scene, tmp_path / "amplitude.tif", "amplitude")
    for kind in ("images", "complex", "phase"):
        path = write_scene_as(scene, tmp_path / f"{kind}.tif", kind, reference=4, companion=amplitude if kind == "phase" else "")
        with open_stack(path) as stack:
            sight = Sight(stack)
            found = sight.observations(ALL, ALL)
        np.testing.assert_allclose(_relative(found.phasor), truth, atol=2e-3)
        assert found.wavelength == pytest.approx(scene.wavelength)
        assert found.incidence == pytest.approx(scene.incidence)
        np.testing.assert_allclose(found.baselines - found.baselines[0], scene.baselines - scene.baselines[0], atol=1e-3)
        assert sight.has_amplitude and found.amplitude.shape == truth.shape
        if kind != "complex":
            np.testing.assert_allclose(found.amplitude, np.abs(scene.slc), rtol=1e-4)
            np.testing.assert_allclose(sight.gains, np.abs(scene.slc).mean(axis=(1, 2)), rtol=1e-3)


def test_the_modulus_of_interferograms_tells_the_dispersion_of_the_other_dates(scene, tmp_path):
    path = write_scene_as(scene, tmp_path / "complex.tif", "complex", reference=4)
    with open_stack(path) as stack:
        amplitude = Sight(stack).observations(ALL, ALL).amplitude
    others = [index for index in range(9) if index != 4]
    expected = np.abs(scene.slc[others])
    np.testing.assert_allclose(
        amplitude[others].std(axis=0) / amplitude[others].mean(axis=0), expected.std(axis=0) / expected.mean(axis=0), rtol=1e-3
    )


def test_a_unit_modulus_is_no_amplitude(scene, tmp_path):
    against = scene.slc[1:] * np.conj(scene.slc[0])
    values = (against / np.abs(against)).astype(np.complex64)
    write_stack(str(tmp_path / "unit.tif"), values, bands_of(scene, "complex", 0), geotransform=TRANSFORM)
    with open_stack(str(tmp_path / "unit.tif")) as stack:
        sight = Sight(stack)
        assert not sight.has_amplitude
        assert sight.observations(ALL, ALL).amplitude is None
    assert any("modulus" in note for note in sight.notes)


def test_a_network_agrees_with_its_images(scene, tmp_path):
    pairs = [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4), (2, 4), (4, 5), (5, 6), (4, 6), (6, 7), (7, 8), (6, 8)]
    days = [day.astype(object) for day in scene.dates]
    bands = [
        Band(
            number + 1, "phase", reference_date=days[first], secondary_date=days[second],
            perpendicular_baseline=float(scene.baselines[second] - scene.baselines[first]),
        )
        for number, (first, second) in enumerate(pairs)
    ]  # fmt: skip
    # The sign of the phase is the producer's: here the secondary date minus the reference date.
    phase = np.stack([np.angle(scene.slc[second] * np.conj(scene.slc[first])) for first, second in pairs]).astype(np.float32)
    write_stack(str(tmp_path / "network.tif"), phase, bands, geotransform=TRANSFORM)
    with open_stack(str(tmp_path / "network.tif")) as stack:
        sight = Sight(stack)
        found = sight.observations(ALL, ALL)
    truth = scene.slc * np.conj(scene.slc[0])
    np.testing.assert_allclose(_relative(found.phasor), truth / np.abs(truth), atol=2e-3)
    assert found.interferograms.shape == (12, 2)
    np.testing.assert_allclose(found.baselines - found.baselines[0], scene.baselines - scene.baselines[0], atol=1e-3)


def test_a_redundant_network_averages_its_noise():
    rng = np.random.default_rng(2)
    dates, shape = 8, (40, 40)
    truth = np.exp(1j * rng.uniform(-3, 3, (dates, *shape)))
    index = np.array([(first, second) for first in range(dates) for second in range(first + 1, dates)])
    noisy = np.stack([truth[b] * np.conj(truth[a]) * np.exp(1j * rng.normal(0, 0.6, shape)) for a, b in index])
    found = agree(noisy.astype(np.complex64), index, dates, 3)
    error = np.angle(found * np.conj(truth * np.conj(truth[3])))
    assert error.std() < 0.4
    np.testing.assert_allclose(found[3], 1, atol=1e-6)


def test_groups_without_a_connection_leave_the_largest(scene, tmp_path):
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (6, 7)]
    days = [day.astype(object) for day in scene.dates]
    bands = [Band(n + 1, "phase", reference_date=days[a], secondary_date=days[b]) for n, (a, b) in enumerate(pairs)]
    phase = np.stack([np.angle(scene.slc[b] * np.conj(scene.slc[a])) for a, b in pairs]).astype(np.float32)
    write_stack(str(tmp_path / "apart.tif"), phase, bands, geotransform=TRANSFORM)
    with open_stack(str(tmp_path / "apart.tif")) as stack:
        sight = Sight(stack)
    assert len(sight.epochs.dates) == 5
    assert any("2 groups" in note and "2 of 7 dates" in note for note in sight.notes)


def test_an_empty_band_is_left_out_and_named(scene, tmp_path):
    images = scene.slc.copy()
    images[3] = np.nan
    write_stack(str(tmp_path / "gap.tif"), images, bands_of(scene, "images", 0), geotransform=TRANSFORM)
    with open_stack(str(tmp_path / "gap.tif")) as stack:
        sight = Sight(stack)
    assert len(sight.epochs.dates) == 8
    assert any("Band 4" in note for note in sight.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("single", "2 dates, which is 1 interferogram"),
        ("amplitude", "holds amplitude"),
        ("nan", "no valid values"),
        ("dateless", "no date"),
    ],
)
def test_what_cannot_be_used_is_said(scene, tmp_path, change, words):
    path = str(tmp_path / "bad.tif")
    bands = list(bands_of(scene, "phase", 0))
    phase = np.angle(scene.slc[1:] * np.conj(scene.slc[0])).astype(np.float32)
    if change == "single":
        bands, phase = bands[:1], phase[:1]
    elif change == "amplitude":
        bands, phase = list(bands_of(scene, "amplitude", 0)), np.abs(scene.slc).astype(np.float32)
    elif change == "nan":
        phase = np.full_like(phase, np.nan)
    else:
        bands = [replace(band, reference_date=None, secondary_date=None) for band in bands]
    write_stack(path, phase, bands, geotransform=TRANSFORM)
    with open_stack(path) as stack, pytest.raises(StillpointError, match=words):
        Sight(stack)


def test_amplitudes_of_another_place_are_refused(scene, tmp_path):
    phase = write_scene_as(scene, tmp_path / "phase.tif", "phase")
    other = write_scene_as(scene, tmp_path / "other.tif", "amplitude")
    with open_stack(phase) as stack:
        assert Sight(stack, other).has_amplitude
        moved = gdal.Open(other, gdal.GA_Update)
        transform = list(moved.GetGeoTransform())
        transform[0] += 5 * transform[1]
        moved.SetGeoTransform(transform)
        del moved
        with pytest.raises(StillpointError, match="lies elsewhere"):
            Sight(stack, other)


def test_amplitudes_of_another_grid_are_refused(scene, tmp_path):
    phase = write_scene_as(scene, tmp_path / "phase.tif", "phase")
    other = write_scene_as(small_scene(rows=20, cols=24, dates=9), tmp_path / "other.tif", "amplitude")
    with open_stack(phase) as stack, pytest.raises(StillpointError, match="same grid"):
        Sight(stack, other)


