from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.simulation import scene_map
from stillpoint.models.simulation.scene_atmosphere import phase_screens, smooth_fields
from stillpoint.models.simulation.scene_ground import CODE, COVERS, ground_of
from stillpoint.models.simulation.scene_plan import SENSORS, SITES, ScenePlan, random_plan
from stillpoint.models.simulation.scene_scatterers import FLEETING, Points, draw_points
from stillpoint.models.simulation.scenes import Scene, focus_scene, simulate_scene


def calm_plan(*, dates: int = 40, size: int = 64, seed: int = 1, **changes) -> ScenePlan:
    """Return a plan without atmosphere, motion, snow or shifts."""
    rng = np.random.default_rng(seed)
    plan = random_plan(rng, rows=size, cols=size, dates=dates, looks=(1, 1), sensor="Sentinel-1", site="city")
    still = {
        "atmosphere": np.zeros(dates), "stratified": np.zeros(dates), "ramps": np.zeros((dates, 2)), "badness": np.zeros(dates),
        "gains": np.ones(dates), "misregistration": np.zeros((dates, 2)), "seam": float("nan"), "height_error": 0.0,
        "deformation": 0.0, "baselines": np.zeros(dates), "relief": 0.0, "noise_floor": -80.0,
    }
    return replace(plan, **{**still, **changes})


def bare_ground(plan: ScenePlan, **changes):
    """Return ground of one cover and unit power, changed as told."""
    shape = plan.single_look_shape
    cover = np.full(shape, CODE["grass"], np.uint8)
    rng, flat = np.random.default_rng(5), np.zeros(shape, np.float32)
    ground = ground_of(rng, plan, cover, flat, block=(90.0, 60.0, 0.0), bridges=np.empty((0, 2)), lines=[])
    patches, dates = ground.keep.shape
    plain = {
        "power": np.ones(shape, np.float32), "stable": np.zeros(shape, np.float32), "restless": np.zeros(patches, np.float32),
        "gain": np.ones((patches, dates), np.float32),
    }
    return replace(ground, **{**plain, **changes})


def points_at(plan: ScenePlan, amplitude: float, places) -> Points:
    count, dates = len(places), len(plan.dates)
    row, col = np.array(places, float).reshape(-1, 2).T
    signal = np.full((count, dates), amplitude, np.complex64)
    return Points(row, col, signal, np.zeros((count, dates), np.float32), np.zeros(count), np.zeros(count, int))


def seen_noise(scene: Scene) -> np.ndarray:
    """Return the phase noise that the images show against the phase without noise."""
    return np.sqrt(np.mean(np.angle(scene.slc * np.exp(-1j * scene.signal)) ** 2, axis=0))


@pytest.fixture(scope="module")
def long_scene() -> Scene:
    rng = np.random.default_rng(21)
    plan = random_plan(rng, rows=96, cols=96, dates=400, looks=(1, 1), site="city", sensor="Sentinel-1")
    return simulate_scene(rng, plan, keep_signal=True)


def test_clutter_forgets_exponentially() -> None:
    plan = calm_plan(size=128, dates=12)
    ground = bare_ground(plan)
    memory = 60.0
    keep = np.exp(-np.diff(plan.days, prepend=plan.days[0]) / memory).astype(np.float32)
    ground = replace(ground, keep=np.broadcast_to(keep, ground.keep.shape))
    scene = focus_scene(np.random.default_rng(3), plan, ground, points_at(plan, 0.0, []))
    for later in (1, 3, 8):
        product = np.mean(scene.slc[0] * np.conj(scene.slc[later]))
        power = np.sqrt(np.mean(np.abs(scene.slc[0]) ** 2) * np.mean(np.abs(scene.slc[later]) ** 2))
        assert abs(product) / power == pytest.approx(np.exp(-plan.days[later] / memory), abs=0.04)


def test_interferometric_phase_of_clutter_follows_its_coherence() -> None:
    plan = calm_plan(size=128, dates=6)
    ground = bare_ground(plan, stable=np.full((128, 128), 0.6, np.float32))
    ground = replace(ground, keep=np.zeros_like(ground.keep))
    scene = focus_scene(np.random.default_rng(4), plan, ground, points_at(plan, 0.0, []))
    phase = np.angle(scene.interferograms(0)[1:])
    # Single-look phase variance at a coherence g (Bamler and Hartl 1998, eq. 22).
    g = 0.6
    dilogarithm = sum(g ** (2 * k) / k**2 for k in range(1, 200))
    expected = np.pi**2 / 3 - np.pi * np.arcsin(g) + np.arcsin(g) ** 2 - 0.5 * dilogarithm
    assert np.mean(phase**2) == pytest.approx(expected, rel=0.05)


def test_long_baselines_decorrelate_the_lasting_clutter() -> None:
    baselines = np.array([0.0, 100.0, 2000.0, 6000.0])
    plan = calm_plan(size=128, dates=4, baselines=baselines)
    ground = bare_ground(plan, stable=np.full((128, 128), 0.95, np.float32))
    scene = focus_scene(np.random.default_rng(4), plan, ground, points_at(plan, 0.0, []))
    coherence = np.abs(np.mean(scene.interferograms(0), axis=(1, 2))) / np.mean(np.abs(scene.slc[0]) ** 2)
    assert coherence[1] > 0.9
    assert coherence[1] > coherence[2] > coherence[3]


def test_a_point_has_the_phase_noise_of_its_signal_to_clutter_ratio() -> None:
    plan = calm_plan(dates=400)
    ground = bare_ground(plan)
    ground = replace(ground, keep=np.zeros_like(ground.keep))
    places = [(8 + 16 * i, 8 + 16 * j) for i in range(4) for j in range(4)]
    for ratio in (10.0, 40.0):
        scene = focus_scene(np.random.default_rng(6), plan, ground, points_at(plan, np.sqrt(ratio), places), keep_signal=True)
        row, col = np.array(places).T
        expected = 1 / np.sqrt(2 * ratio)
        assert np.mean(scene.noise[row, col]) == pytest.approx(expected, rel=0.08)
        assert np.mean(seen_noise(scene)[row, col]) == pytest.approx(expected, rel=0.08)


def test_the_truth_is_what_many_dates_show(long_scene: Scene) -> None:
    seen, truth = seen_noise(long_scene), long_scene.noise
    for low, high in ((0.1, 0.3), (0.3, 0.6), (0.6, 1.0), (1.0, 1.6)):
        these = (truth >= low) & (truth < high)
        assert these.sum() > 30
        assert np.mean(seen[these]) == pytest.approx(np.mean(truth[these]), rel=0.04)
    agree = long_scene.scatterers == (seen < 0.6)
    assert agree.mean() > 0.97


def test_the_truth_of_a_multilooked_scene_is_what_many_dates_show() -> None:
    plan = calm_plan(size=24, dates=200, looks=(2, 3))
    ground = bare_ground(plan, stable=np.full(plan.single_look_shape, 0.5, np.float32))
    ground = replace(ground, keep=np.zeros_like(ground.keep))
    scene = focus_scene(np.random.default_rng(8), plan, ground, points_at(plan, 0.0, []), keep_signal=True)
    assert scene.noise.shape == scene.interferograms(0).shape[1:] == scene.amplitude.shape[1:] == (24, 24)
    # Pairs that share no image, so that no noise is common to two interferograms.
    phase = np.angle([scene.interferograms(index)[index + 1] for index in range(0, 200, 2)])
    seen = np.sqrt(np.mean(phase**2, axis=0) / 2.0)
    for low, high in ((0.2, 0.4), (0.4, 0.6)):  # beyond, a difference wraps where one image does not
        these = (scene.noise >= low) & (scene.noise < high)
        assert these.sum() > 20
        assert np.median(seen[these] / scene.noise[these]) == pytest.approx(1.0, abs=0.08)


def test_the_same_seed_gives_the_same_scene() -> None:
    scenes = []
    for _ in range(2):
        rng = np.random.default_rng(9)
        scenes.append(simulate_scene(rng, random_plan(rng, rows=48, cols=48, dates=8, looks=(1, 1))))
    assert np.array_equal(scenes[0].slc, scenes[1].slc)
    assert np.array_equal(scenes[0].noise, scenes[1].noise)


@pytest.mark.parametrize("site", sorted(SITES))
def test_every_site_gives_sound_scenes(site: str) -> None:
    for seed in range(3):
        rng = np.random.default_rng(100 + seed)
        scene = simulate_scene(rng, random_plan(rng, rows=80, cols=72, dates=10, looks=(1, 1), site=site))
        assert scene.slc.shape == (10, 80, 72) and scene.slc.dtype == np.complex64
        assert np.isfinite(scene.slc.view(np.float32)).all() and (np.abs(scene.slc) > 0).all()
        assert scene.noise.dtype == np.float32 and scene.noise.min() > 0.0 and scene.noise.max() < 2.6
        assert scene.cover.max() < len(COVERS)
        assert (np.diff(scene.dates).astype(int) > 0).all()


def test_open_water_has_no_scatterers() -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        plan = random_plan(rng, rows=96, cols=96, dates=15, looks=(1, 1), sensor="RADARSAT", site="coast")
        ground = scene_map.draw_ground(rng, plan)
        points = draw_points(rng, plan, ground)
        # Side lobes of the town reach over water: leave the points on land out, keep ships.
        afloat = points.behaviour == FLEETING
        ships = Points(*(getattr(points, name)[afloat] for name in Points.__dataclass_fields__))
        scene = focus_scene(rng, plan, ground, ships)
        water = ground.cover == CODE["water"]
        assert water.sum() > 500
        assert scene.scatterers[water].mean() < 0.002
        assert np.median(scene.noise[water]) > 1.5


def test_atmosphere_has_the_slope_and_strength_of_the_plan() -> None:
    rng = np.random.default_rng(1)
    fields = smooth_fields(rng, 40, (128, 160), (10.0, 10.0), slope=3.0)
    assert fields.std(axis=(1, 2)) == pytest.approx(np.ones(40), rel=1e-3)
    lags = np.array([2, 4, 8, 16])
    structure = [np.mean((fields[:, :, lag:] - fields[:, :, :-lag]) ** 2) for lag in lags]
    slope = np.polyfit(np.log(lags), np.log(structure), 1)[0]
    # A two-dimensional spectrum of slope b gives a structure function of slope b - 2 (Hanssen 2001, section 4.7).
    assert slope == pytest.approx(1.0, abs=0.2)
    # Isotropic on the ground whatever the shape of the pixels.
    fields = smooth_fields(rng, 40, (96, 96), (14.0, 3.5), slope=3.0)
    down = np.mean((fields[:, 2:] - fields[:, :-2]) ** 2)
    across = np.mean((fields[:, :, 8:] - fields[:, :, :-8]) ** 2)
    assert down == pytest.approx(across, rel=0.2)


def test_height_errors_turn_with_the_baseline() -> None:
    plan = calm_plan(dates=5, baselines=np.array([-200.0, 0.0, 100.0, 200.0, 400.0]), height_error=5.0)
    screens = phase_screens(np.random.default_rng(2), plan, np.zeros((64, 64), np.float32))
    assert np.allclose(screens[1], 0.0)
    assert np.allclose(screens[0], -screens[3], atol=1e-4)
    across = plan.sensor.distance * np.sin(np.radians(plan.incidence))
    assert screens[4].std() == pytest.approx(5.0 * 4 * np.pi * 400.0 / (plan.wavelength * across), rel=1e-3)


def test_steep_terrain_is_bright_towards_the_radar_and_dark_in_shadow() -> None:
    plan = calm_plan(size=64)
    cols = np.arange(64, dtype=np.float32) * np.float32(plan.spacing[1])
    ridge = np.broadcast_to(2.5 * np.minimum(cols, cols[::-1]), (64, 64)).astype(np.float32)
    cover = np.full((64, 64), CODE["grass"], np.uint8)
    power = []
    for relief in (np.zeros_like(ridge), ridge):
        rng = np.random.default_rng(3)
        ground = ground_of(rng, plan, cover, relief, block=(90.0, 60.0, 0.0), bridges=np.empty((0, 2)), lines=[])
        power.append(ground.power)
    lit = power[1] / power[0]
    assert np.isfinite(lit).all()
    assert lit[:, :30].min() > 2.0 and lit[:, 34:].max() < 0.05


def test_plans_vary_and_keep_what_is_given() -> None:
    plans = [random_plan(np.random.default_rng(seed)) for seed in range(120)]
    assert {plan.sensor.name for plan in plans} == {sensor.name for sensor in SENSORS}
    assert {plan.site for plan in plans} == set(SITES)
    counts = [len(plan.dates) for plan in plans]
    assert min(counts) < 10 and max(counts) > 90
    assert 10 < sum(plan.looks != (1, 1) for plan in plans) < 40
    plan = random_plan(np.random.default_rng(1), rows=50, cols=60, dates=7, looks=(2, 4), sensor="ALOS", site="mine")
    assert (plan.rows, plan.cols, len(plan.dates), plan.looks, plan.sensor.name, plan.site) == (50, 60, 7, (2, 4), "ALOS", "mine")
    assert plan.single_look_shape == (100, 240)


def test_scenes_have_some_scatterers_and_never_mostly() -> None:
    shares = []
    for seed in range(24):
        rng = np.random.default_rng(seed)
        shares.append(float(simulate_scene(rng, random_plan(rng, rows=72, cols=72, dates=12, looks=(1, 1))).scatterers.mean()))
    assert 0.02 < np.median(shares) < 0.2
    assert max(shares) < 0.75
