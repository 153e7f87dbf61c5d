from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.scatterers.dispersion import (
    RAYLEIGH,
    amplitude_dispersion,
    calibration_factors,
    clutter_dispersion,
    dispersion,
    dispersion_gate,
    dispersion_rank,
    effective_looks,
    speckle_dispersion,
)
from stillpoint.models.scatterers.observations import Observations
from stillpoint.tests.models.scatterers.stability_scenes import houston, scene


def speckle(looks: int, dates: int = 40, shape: tuple = (60, 60), seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.sqrt(random.gamma(looks, 1.0 / looks, (dates, *shape))).astype(np.float32)


def stack(amplitude: np.ndarray | None, dates: int) -> Observations:
    shape = (4, 4) if amplitude is None else amplitude.shape[1:]
    return Observations(
        phasor=np.ones((dates, *shape), np.complex64), amplitude=amplitude, reference=0, spacing=(10.0, 10.0),
        dates=np.datetime64("2020-01-01") + np.arange(dates) * np.timedelta64(12, "D"),
    )


def test_dispersion_is_population_deviation_over_mean():
    amplitude = np.array([2.0, 4.0, 6.0, 8.0]).reshape(4, 1, 1)
    assert dispersion(amplitude, calibration=np.ones(4))[0, 0] == pytest.approx(np.std([2, 4, 6, 8]) / 5.0)


def test_gains_of_the_images_do_not_matter():
    amplitude = speckle(1)
    gains = np.random.default_rng(2).uniform(0.1, 9.0, len(amplitude))[:, None, None]
    assert np.allclose(dispersion(amplitude * gains), dispersion(amplitude), rtol=1e-5)


def test_dark_pixels_do_not_count_for_the_calibration():
    amplitude = np.array([[[1e-4, 3.0], [np.nan, 5.0]], [[0.0, 0.0], [0.0, 0.0]]])
    assert calibration_factors(amplitude).tolist() == [4.0, 1.0]


def test_a_missing_or_zero_amplitude_leaves_the_pixel_out():
    amplitude = speckle(1, dates=5, shape=(2, 2))
    amplitude[2, 0, 0], amplitude[3, 0, 1] = 0.0, np.nan
    found = dispersion(amplitude)
    assert np.isnan(found[0]).all() and np.isfinite(found[1]).all()


def test_pairs_take_the_differences():
    amplitude = np.array([1.0, 2.0, 4.0]).reshape(3, 1, 1)
    pairs = np.array([[0, 1], [1, 2]])
    found = dispersion(amplitude, calibration=np.ones(3), pairs=pairs)[0, 0]
    assert found == pytest.approx(np.sqrt((1 + 4) / 2) / (7 / 3))


@pytest.mark.parametrize("looks", [1, 4, 30])
def test_looks_of_simulated_speckle_are_found(looks):
    values = dispersion(speckle(looks, dates=80))
    assert clutter_dispersion(values) == pytest.approx(speckle_dispersion(looks), rel=0.06)
    assert effective_looks(clutter_dispersion(values)) == pytest.approx(looks, rel=0.15)


def test_single_look_speckle_has_the_dispersion_of_rayleigh():
    assert speckle_dispersion(1.0) == pytest.approx(RAYLEIGH)


def test_single_look_data_keep_the_published_threshold():
    gate = dispersion_gate(dispersion(scene((80, 80)).observations.amplitude))
    assert (gate.threshold, gate.looks, gate.note) == (0.4, 1.0, "")
    assert dispersion_gate(np.full(100, 0.7), small_baseline=True).threshold == 0.6


def test_the_threshold_of_multilooked_data_is_scaled_and_said():
    values = dispersion(speckle(25, dates=60))
    gate = dispersion_gate(values)
    assert gate.threshold == pytest.approx(0.4 / RAYLEIGH * speckle_dispersion(25), rel=0.06)
    assert "multilooked" in gate.note
    pairs = np.column_stack([np.arange(59), np.arange(1, 60)])
    both = dispersion_gate(dispersion(speckle(25, dates=60), pairs=pairs), small_baseline=True)
    assert both.looks == pytest.approx(25, rel=0.2)


def test_the_rank_falls_with_the_dispersion_and_is_one_half_at_the_threshold():
    values = np.array([0.0, 0.1, 0.4, 1.0])
    rank = dispersion_rank(values, 0.4)
    assert (np.diff(rank) < 0).all() and rank[0] == 1.0 and rank[2] == 0.5


def test_the_verdict_selects_what_is_below_the_threshold():
    made = scene((80, 80), dates=25)
    verdict = amplitude_dispersion(made.observations)
    chosen = verdict.probability >= verdict.threshold
    assert (chosen == (verdict.dispersion <= 0.4)).mean() > 0.999
    assert chosen[made.truth].mean() > 0.9 and chosen[~made.truth].mean() < 0.1


def test_the_gains_of_the_raster_calibrate_a_block():
    observations = stack(speckle(1, dates=6, shape=(8, 8)), 6)
    gains = np.linspace(1.0, 3.0, 6)
    found = amplitude_dispersion(replace(observations, gains=gains)).dispersion
    assert np.allclose(found, dispersion(observations.amplitude, calibration=gains), atol=1e-6)


def test_small_baselines_take_the_differences_over_the_pairs():
    made = scene((60, 60), dates=14, small_baseline=True)
    verdict = amplitude_dispersion(made.observations)
    expected = dispersion(made.observations.amplitude, pairs=made.observations.interferograms)
    assert np.allclose(verdict.dispersion, expected, atol=1e-6)
    chosen = verdict.probability >= verdict.threshold
    assert (chosen == (expected <= 0.6)).mean() > 0.999


def test_without_amplitudes_it_says_what_to_do():
    with pytest.raises(StillpointError, match="Name the amplitude stack"):
        amplitude_dispersion(stack(None, 4))
    with pytest.raises(StillpointError, match="at least two dates"):
        amplitude_dispersion(stack(speckle(1, dates=1), 1))


def test_houston_agrees_with_its_authors_and_is_known_to_be_multilooked(real_data: Path):
    gdal = pytest.importorskip("osgeo.gdal")
    observations = houston(real_data, rows=slice(0, 120), cols=slice(0, 120))
    notes: list = []
    verdict = amplitude_dispersion(observations, notes=notes)
    source = gdal.Open(str(real_data / "houston-s1-psps" / "source_ps_products" / "amp_disp.tif")).ReadAsArray()[:120, :120]
    assert np.corrcoef(verdict.dispersion.ravel(), source.ravel())[0, 1] > 0.99
    assert "multilooked" in notes[0]
    # Single-look thresholds would take nearly everything here.
    assert (verdict.dispersion < 0.4).mean() > 0.95
    assert (verdict.probability >= verdict.threshold).mean() < 0.2
