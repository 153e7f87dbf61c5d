from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.progress import Progress
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.stability import (
    Stability,
    StabilitySettings,
    gamma_map,
    labels_from_stability,
    phase_noise,
    phase_stability,
    stability_profile,
    stable_scatterers,
)
from stillpoint.models.scatterers.stability.null import random_phases
from stillpoint.models.scatterers.stability.patches import patches
from stillpoint.tests.models.scatterers import stamps_reference
from stillpoint.tests.models.scatterers.stability_scenes import Scene, houston, scene

QUICK = StabilitySettings(null_pixels=5_000)
FIRST = replace(QUICK, reestimate=False)
"""Without the second estimate, where a test is about something else: it takes most of the time."""


@pytest.fixture(scope="module")
def town() -> Scene:
    return scene((104, 104), spacing=(16.0, 16.0), dates=13)


@pytest.fixture(scope="module")
def found_in_town(town: Scene) -> Stability:
    return stable_scatterers(town.observations, settings=QUICK, maps=True)


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / max((one | other).sum(), 1))


def test_the_pixels_are_those_of_the_plain_reference():
    # Many candidates near the limits: much noise, a strict limit on the arcs.
    made = scene((104, 104), spacing=(16.0, 16.0), noise=0.6, dates=11, share=0.03).observations
    settings = StabilitySettings(null_pixels=1_500, weed_std=0.6)
    expected = stamps_reference.select(
        made.phasor, made.amplitude, made.baselines, made.dates.astype("datetime64[D]").astype(float), made.reference,
        made.spacing, made.wavelength, made.incidence,
        [block.numpy() for block in random_phases(1_500, 10, seed=settings.seed)], largest_arc_std=0.6,
    )
    found = stable_scatterers(made, settings=settings)

    def as_map(chosen: np.ndarray) -> np.ndarray:
        filled = np.zeros(made.shape, dtype=bool)
        filled[expected.rows[chosen], expected.cols[chosen]] = True
        return filled

    assert (as_map(np.arange(len(expected.rows))) == found.candidates).all()
    assert 0 < len(expected.kept) < len(expected.selected) < len(expected.rows)
    assert jaccard(as_map(expected.selected), found.selected) >= 0.99
    assert jaccard(as_map(expected.kept), found.mask) >= 0.99
    rows, cols = expected.rows[expected.selected], expected.cols[expected.selected]
    assert np.nanmax(np.abs(found.gamma[rows, cols] - expected.gamma2)) < 1e-4


def test_the_steady_pixels_are_found(town):
    notes: list = []
    verdict = phase_stability(town.observations, settings=QUICK, notes=notes)
    assert notes == []
    assert verdict.mask[town.truth].mean() > 0.95
    assert town.truth[verdict.mask].mean() > 0.95
    assert (verdict.probability >= verdict.threshold)[town.truth].mean() > 0.95
    assert np.median(verdict.noise[town.truth]) == pytest.approx(0.35, abs=0.15)
    assert np.median(verdict.noise[~town.truth]) > 0.9


def test_the_same_seed_gives_the_same_result(town, found_in_town):
    again = stable_scatterers(town.observations, settings=QUICK)
    assert (again.mask == found_in_town.mask).all() and np.array_equal(again.gamma, found_in_town.gamma, equal_nan=True)


def test_a_constant_added_to_an_interferogram_changes_nothing(town, found_in_town):
    constants = np.linspace(0, 9, len(town.observations.dates))
    constants -= constants[town.observations.reference]
    turned = (town.observations.phasor * np.exp(1j * constants)[:, None, None]).astype(np.complex64)
    before = found_in_town
    after = stable_scatterers(replace(town.observations, phasor=turned), settings=QUICK, maps=True)
    assert jaccard(before.mask, after.mask) > 0.99
    assert np.abs(before.maps.with_own - after.maps.with_own).max() < 0.01


def test_height_errors_are_found_and_cost_gamma_where_baselines_are_missing(town, found_in_town):
    blind = stable_scatterers(replace(town.observations, baselines=None), settings=QUICK, maps=True)
    assert any("no perpendicular baselines" in note for note in blind.notes)
    assert np.median(blind.maps.with_own[town.truth]) < np.median(found_in_town.maps.with_own[town.truth]) - 0.01
    assert blind.mask[town.truth].mean() > 0.7
    assert town.truth[blind.mask].mean() > 0.9


def test_small_baselines():
    made = scene((84, 84), spacing=(16.0, 16.0), dates=10, small_baseline=True)
    found = stable_scatterers(made.observations, settings=QUICK)
    assert found.small_baseline and found.interferograms == 17
    assert found.mask[made.truth].mean() > 0.9
    assert made.truth[found.mask].mean() > 0.9
    # The noise of arcs is not checked by default.
    assert (found.mask == found.selected).all()
    strict = stable_scatterers(made.observations, settings=replace(FIRST, weed_std=0.4))
    assert 0 < strict.mask.sum() < strict.selected.sum()


def test_without_amplitudes_every_pixel_is_a_candidate(town):
    found = stable_scatterers(replace(town.observations, amplitude=None), settings=QUICK)
    assert found.candidates.all() and found.dispersion is None
    assert any("no amplitudes" in note for note in found.notes)
    assert town.truth[found.mask].mean() > 0.85


def test_fewer_than_32_cells_lose_no_pixels():
    made = scene((90, 120), spacing=(14.0, 14.0), dates=10)  # one row and column of cells are partly filled
    found = stable_scatterers(made.observations, settings=QUICK)
    assert any("24 x 33 cells" in note for note in found.notes)
    assert found.mask[made.truth].mean() > 0.9


def test_coarse_pixels_get_cells_of_two_pixels():
    made = scene((68, 66), spacing=(90.0, 70.0), share=0.3, atmosphere=0.3)
    found = stable_scatterers(made.observations, settings=QUICK)
    assert any("the cells are 2 pixels wide" in note for note in found.notes)
    assert made.truth[found.mask].mean() > 0.9 and found.mask[made.truth].mean() > 0.7


def test_patches_give_nearly_what_the_whole_gives():
    made = scene((210, 104), spacing=(16.0, 16.0), dates=9, seed=5)
    settings = replace(FIRST, patch_pixels=12_000, patch_overlap=(60, 50))
    assert len(list(patches((210, 104), spacing=(16.0, 16.0), pixels=12_000))) == 2
    whole = stable_scatterers(made.observations, settings=FIRST, maps=True)
    parts = stable_scatterers(made.observations, settings=settings, maps=True)
    assert jaccard(whole.mask, parts.mask) > 0.95
    assert np.isfinite(parts.maps.with_own).all()


def test_a_patch_without_candidates_does_not_stop_the_others():
    made = scene((210, 104), spacing=(16.0, 16.0), dates=9)
    phasor = made.observations.phasor.copy()
    phasor[:, 105:] = np.nan
    settings = replace(FIRST, patch_pixels=12_000, patch_overlap=(0, 0))
    found = stable_scatterers(replace(made.observations, phasor=phasor), settings=settings)
    assert found.mask[:105].any() and not found.mask[105:].any()
    assert any("A part of the scene says nothing" in note for note in found.notes)


def test_missing_pixels_stay_missing(town):
    phasor, amplitude = town.observations.phasor.copy(), town.observations.amplitude.copy()
    phasor[3, :10] = np.nan
    amplitude[4, 20:22] = 0.0
    damaged = replace(town.observations, phasor=phasor, amplitude=amplitude)
    verdict = phase_stability(damaged, settings=FIRST)
    assert np.isnan(verdict.probability[:10]).all() and np.isfinite(verdict.probability[10:]).all()
    assert np.isnan(verdict.noise[:10]).all() and not verdict.mask[:10].any()
    # Without an amplitude there is no candidate, but there is a gamma.
    assert not verdict.mask[20:22].any()
    labels = labels_from_stability(damaged, settings=FIRST)
    assert labels.dtype == np.uint8 and (labels[:10] == 255).all() and set(np.unique(labels[10:])) == {0, 1}
    assert (labels == 1).sum() == verdict.mask.sum()


def test_gamma_maps_rank_the_steady_pixels_first(town):
    maps = gamma_map(town.observations, settings=QUICK)
    count = int(town.truth.sum())
    for gamma in (maps.with_own, maps.without_own, maps.without_pixel):
        first = np.argsort(-gamma.ravel())[:count]
        assert town.truth.ravel()[first].mean() > 0.95
    assert np.median(maps.with_own[town.truth] - maps.without_own[town.truth]) > 0.0


def test_signal_to_noise_weights_and_shares_and_part_time_rejection(town):
    usual = stable_scatterers(town.observations, settings=FIRST)
    weighted = stable_scatterers(town.observations, settings=replace(FIRST, weighting="snr"))
    assert jaccard(usual.mask, weighted.mask) > 0.95
    share = stable_scatterers(town.observations, settings=replace(FIRST, select="percent", random_percent=1.0))
    assert town.truth[share.mask].mean() > 0.97
    steady = stable_scatterers(town.observations, settings=replace(FIRST, gamma_std_reject=0.02))
    assert steady.mask.sum() < usual.mask.sum() and not (steady.mask & ~usual.candidates).any()


def test_fewer_random_pixels_are_accepted_where_fewer_are_allowed():
    made = scene((84, 84), spacing=(16.0, 16.0), dates=9, noise=0.9, share=0.1).observations
    counts = [
        int(stable_scatterers(made, settings=replace(FIRST, random_density=density)).selected.sum())
        for density in (2.0, 20.0, 100.0)
    ]
    assert counts[0] < counts[1] < counts[2]


def test_what_a_user_can_mend_is_said(town):
    short = replace(
        town.observations, phasor=town.observations.phasor[:2], amplitude=town.observations.amplitude[:2],
        dates=town.observations.dates[:2], baselines=town.observations.baselines[:2], reference=0,
    )
    with pytest.raises(StillpointError, match="has 1 interferogram: add more dates"):
        phase_stability(short, settings=QUICK)
    small = part(town.observations, 60)
    with pytest.raises(StillpointError, match=r"needs at least 1\.2 x 1\.2 km"):
        phase_stability(small, settings=QUICK)
    with pytest.raises(StillpointError, match="candidates"):
        phase_stability(town.observations, settings=replace(QUICK, dispersion_threshold=0.001))
    empty = replace(town.observations, phasor=np.full_like(town.observations.phasor, np.nan))
    with pytest.raises(StillpointError, match=r"Only 0 of 10,816 pixels"):
        phase_stability(empty, settings=QUICK)
    with pytest.raises(StillpointError, match="needs amplitudes"):
        phase_stability(replace(town.observations, amplitude=None), settings=replace(QUICK, weighting="snr"))
    with pytest.raises(StillpointError, match="Unknown weighting"):
        StabilitySettings(weighting="none")


def test_a_part_of_a_raster_may_say_nothing(town):
    notes: list = []
    water = replace(QUICK, dispersion_threshold=0.001)
    verdict = phase_stability(town.observations, settings=water, notes=notes, partial=True)
    assert not verdict.mask.any() and (verdict.probability == 0.0).all()
    assert notes[0].startswith("A part of the scene says nothing: Only 0 of")
    small = phase_stability(part(town.observations, 60), settings=QUICK, notes=notes, partial=True)
    assert small.probability.shape == (60, 104) and "1.2 x 1.2 km" in notes[1]


def part(observations: Observations, rows: int) -> Observations:
    return replace(observations, phasor=observations.phasor[:, :rows], amplitude=observations.amplitude[:, :rows])


@pytest.mark.parametrize("after", [1, 6, 12])
def test_it_stops_when_asked(town, after):
    asked = iter(range(10_000))
    with pytest.raises(Cancelled):
        phase_stability(town.observations, settings=QUICK, progress=Progress(cancelled=lambda: next(asked) >= after))


def test_progress_only_grows(town):
    seen: list = []
    phase_stability(town.observations, settings=FIRST, progress=Progress(lambda fraction, message: seen.append(fraction)))
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 5


def test_noise_of_simulated_gamma_is_found():
    random = np.random.default_rng(4)
    for true in (0.2, 0.5, 0.8):
        gamma = np.abs(np.exp(1j * random.normal(0, true, (4000, 29))).mean(axis=1))
        assert np.median(phase_noise(gamma, 29)) == pytest.approx(true, rel=0.08)
        assert np.median(phase_noise(gamma, 29, small_baseline=True)) == pytest.approx(true / np.sqrt(2), rel=0.08)


def test_the_profile_counts_the_stages(town):
    cost = stability_profile(town.observations, settings=FIRST)
    assert {"candidates", "null", "gamma", "select", "weed"} <= set(cost["stages"])
    assert cost["kept"] == cost["stability"].mask.sum() <= cost["selected"] <= cost["candidates"]
    assert cost["threads"] == torch.get_num_threads()


def test_houston_agrees_with_the_phase_similarity_of_its_authors(real_data: Path):
    gdal = pytest.importorskip("osgeo.gdal")
    rows, cols = slice(60, 130), slice(20, 90)
    observations = houston(real_data, rows, cols, every=5)
    similar = gdal.Open(str(real_data / "houston-s1-psps" / "source_ps_products" / "ps_mask.tif")).ReadAsArray()[rows, cols] == 1
    verdict = phase_stability(observations, settings=QUICK)
    assert 0.02 < similar.mean() < 0.5
    assert np.median(verdict.gamma[similar]) > np.median(verdict.gamma[~similar]) + 0.1
    assert similar[verdict.mask].mean() > 2 * similar.mean()
