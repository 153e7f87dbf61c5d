"""Kernels of offset tracking on speckle whose shift is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models.offsets import folding, lattice, linear, nodes, prepare, search, smoothing, track
from stillpoint.tests.models.offsets.speckle import pair


def tracked(reference: np.ndarray, secondary: np.ndarray, **options: object) -> track.Tracked:
    return track.track(reference, secondary, prepare.learn([reference], [secondary]), **options)  # type: ignore[arg-type]


def inner(values: torch.Tensor, rim: int = 4) -> np.ndarray:
    return values[..., rim:-rim, rim:-rim].numpy()


def test_block_sums_are_sums_over_blocks() -> None:
    first, second = torch.rand(24, 32), torch.rand(24, 32)
    expected = (first * second).view(3, 8, 4, 8).sum(dim=(1, 3))
    assert torch.allclose(lattice.block_sums(first, second), expected, rtol=1e-5)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_box_sums_hold_nothing_beyond_the_border(size: int) -> None:
    blocks = torch.rand(2, 6, 9)
    half = size // 2
    padded = torch.nn.functional.pad(blocks, (half, half, half, half))
    expected = torch.stack([padded[:, row : row + 6, col : col + 9] for row in range(size) for col in range(size)]).sum(dim=0)
    assert torch.allclose(lattice.box_sums(blocks, size), expected, atol=1e-5)


def test_band_is_told_by_neighbours() -> None:
    for share in (0.5, 0.8):
        image, _ = pair((0, 0), band=(share, 0.5), shape=(512, 512))
        found = prepare.learn([image], [image]).shares
        assert found[0] == pytest.approx(share, abs=0.06)
        assert found[1] == pytest.approx(0.5, abs=0.05)


def test_filter_leaves_a_folded_axis_alone_and_whitens_the_other() -> None:
    assert prepare.design(0.95).tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    image = torch.from_numpy(pair((0, 0), shape=(256, 256))[0])
    image = image - image.mean()
    white = prepare.filtered(image, prepare.design(0.5), 0)

    def neighbours(values: torch.Tensor) -> float:
        return float((values[1:] * values[:-1]).mean() / (values * values).mean())

    assert abs(neighbours(white)) < 0.75 * abs(neighbours(image))


@pytest.mark.parametrize(("shift", "band"), [((3, -5), (0.5, 0.5)), ((-14, 9), (0.7, 0.85))])
def test_whole_shifts_are_exact(shift: tuple, band: tuple) -> None:
    wide, _ = pair((0, 0), shape=(320, 320), band=band)
    reference = wide[32:288, 32:288]
    secondary = wide[32 - shift[0] : 288 - shift[0], 32 - shift[1] : 288 - shift[1]]
    found = tracked(reference, secondary)
    error = inner(found.offsets) - np.array(shift)[:, None, None]
    assert np.abs(error).mean() < 0.015 and np.abs(error).max() < 0.05
    assert inner(found.trusted).all()


@pytest.mark.parametrize("shift", [0.25, 0.5, 0.75])
def test_fractions_of_a_pixel_are_not_pulled_to_whole_ones(shift: float) -> None:
    errors = []
    for seed in range(2):
        reference, secondary = pair((shift, -shift), coherence=0.9, seed=seed)
        errors.append((tracked(reference, secondary).offsets.mean(dim=(1, 2)) - torch.tensor([shift, -shift])).tolist())
    assert np.abs(np.mean(errors, axis=0)).max() < 0.03


def test_a_folded_axis_is_less_pulled_than_by_a_parabola() -> None:
    reference, secondary = pair((0.0, 0.25), coherence=0.95, band=(0.5, 0.96))
    found = tracked(reference, secondary).offsets[1].mean()
    # A parabola through the correlation of so narrow a peak gives about 0.05.
    assert float(found) == pytest.approx(0.25, abs=0.06)


def test_model_of_the_peak_is_odd_and_rises() -> None:
    _, tilt, slope, bend = folding.Peak(0.9).at(torch.linspace(-0.5, 0.5, 21)[None])
    assert torch.allclose(tilt, -tilt.flip(1), atol=1e-4)
    assert (torch.diff(tilt[0]) > 0).all() and (slope > 0).all()
    assert (bend > 0.1).all() and float(bend.max()) == pytest.approx(float(bend[0, 10]), abs=1e-6)


def test_swapped_images_give_the_opposite() -> None:
    reference, secondary = pair((1.4, -2.3), coherence=0.8)
    there, back = tracked(reference, secondary).offsets, tracked(secondary, reference).offsets
    assert np.abs(inner(there + back)).mean() < 0.03
    assert abs(float((there + back).mean())) < 0.02


def test_standard_errors_are_of_the_size_of_the_errors() -> None:
    ratios = []
    for seed in range(3):
        reference, secondary = pair((0.0, 0.0), coherence=0.6, seed=seed)
        found = tracked(reference, secondary)
        ratios.append(inner(found.offsets.abs() / found.sigma))
    within = (np.concatenate(ratios) < 2).mean()
    assert 0.85 < within <= 1.0


def test_a_step_stays_a_step() -> None:
    rng = np.random.default_rng(3)
    wide = np.abs(rng.standard_normal((288, 288)) + 1j * rng.standard_normal((288, 288))).astype(np.float32)
    reference = wide[16:272, 16:272]
    secondary = reference.copy()
    secondary[:, 128:] = wide[13:269, 144:272]  # the right half moved down by 3
    rows = tracked(reference, secondary).offsets[0].mean(dim=0).numpy()
    assert np.abs(rows[2:13]).max() < 0.3 and np.abs(rows[19:-2] - 3).max() < 0.3


def test_missing_borders_give_no_ghosts() -> None:
    reference, secondary = pair((0.0, 2.0), coherence=0.9)
    reference[:, :80] = np.nan
    found = tracked(reference, secondary)
    assert not found.trusted[:, :8].any()
    right = found.trusted[4:-4, 14:-4]
    assert right.float().mean() > 0.95
    assert np.abs(found.offsets[1, 4:-4, 14:-4][right].numpy() - 2).max() < 0.3


def test_unrelated_images_are_not_trusted() -> None:
    first, _ = pair((0, 0), seed=1)
    second, _ = pair((0, 0), seed=2)
    assert tracked(first, second).trusted.float().mean() < 0.05


def test_motion_beyond_the_search_is_not_trusted() -> None:
    rng = np.random.default_rng(5)
    wide = np.abs(rng.standard_normal((320, 320)) + 1j * rng.standard_normal((320, 320))).astype(np.float32)
    found = tracked(wide[32:288, 32:288], wide[2:258, 32:288], search=8)
    assert found.trusted.float().mean() < 0.05


def test_a_prior_leads_to_far_motion() -> None:
    rng = np.random.default_rng(5)
    wide = np.abs(rng.standard_normal((320, 320)) + 1j * rng.standard_normal((320, 320))).astype(np.float32)
    prior = np.zeros((2, 32, 32), np.float32)
    prior[0] = 28
    found = tracked(wide[32:288, 32:288], wide[2:258, 32:288], search=8, prior=prior)
    assert np.abs(inner(found.offsets[0], 6) - 30).max() < 0.1
    assert inner(found.trusted, 6).all()


def test_wide_searches_go_over_coarser_images() -> None:
    assert [looks for looks, _ in track.levels(16)] == [2]
    assert [looks for looks, _ in track.levels(200)] == [8, 2]
    for limit in (16, 64, 256):
        looks, reach = track.levels(limit)[0]
        assert looks * reach >= limit


def test_paths_bring_the_evidence_of_neighbours() -> None:
    score = torch.zeros(3, 3, 1, 7)
    score[2, 1] = 1.0
    score[2, 1, 0, 3] = 0.0
    score[0, 1, 0, 3] = 1.5  # one node is misled
    lags, _ = search.best_lags(search.agreed(score))
    assert (lags[0].round() == 1).all()


def test_median_test_finds_what_does_not_fit() -> None:
    field = torch.zeros(2, 9, 9)
    field[0, 4, 4] = 2.0
    usable = torch.ones(9, 9, dtype=torch.bool)
    test = smoothing.misfit(field, usable)
    assert test[4, 4] > 2.5 and (test > 2.5).sum() == 1


def test_the_plate_reproduces_a_ramp_and_averages_noise() -> None:
    rows, cols = torch.meshgrid(torch.arange(24.0), torch.arange(24.0), indexing="ij")
    ramp = torch.stack([0.1 * rows, -0.05 * cols])
    weight = torch.full_like(ramp, 4.0)
    stiff = linear.stiffness(ramp, allowed=0.01)
    found = linear.solved(weight, weight * ramp, stiff, ramp, 30)
    assert torch.allclose(found, ramp, atol=1e-4)
    noisy = ramp + 0.5 * torch.randn(ramp.shape, generator=torch.Generator().manual_seed(0))
    smooth = linear.solved(weight, weight * noisy, stiff, ramp, 60)
    assert (smooth - ramp).std() < 0.25 * 0.5


def test_nodes_lie_at_the_centres_of_their_blocks() -> None:
    assert nodes.geotransform_of((100, 2, 0, 50, 0, -3), 8) == (100, 16, 0, 50, 0, -24)
    ramp = np.arange(16)[None, :] * 8 + 3.5 + np.zeros((4, 1))
    for spacing in (4, 8, 12):
        count = nodes.count(128, spacing)
        found = nodes.sampled(ramp[None], slice(0, 2), slice(1, count - 1), spacing, 0, 0)
        centres = np.arange(1, count - 1) * spacing + (spacing - 1) / 2
        assert np.allclose(found[0, 0], centres)
    together = [nodes.inside(start, start + 96, 12, 32) for start in range(0, 384, 96)]
    assert [part.stop - part.start for part in together] == [8, 8, 8, 8] and together[-1].stop == 32


def test_the_plate_stays_stiff_on_both_sides_of_a_step() -> None:
    step = torch.zeros(2, 24, 24)
    step[0, 12:] = 2.0
    noisy = step + 0.5 * torch.randn(step.shape, generator=torch.Generator().manual_seed(0))
    weight = torch.full_like(step, 4.0)
    found = linear.solved(weight, weight * noisy, linear.stiffness(step, allowed=0.01), step, 60)
    # On their own the nodes would keep the noise; without a cut those beside the step would lie between the sides.
    assert (found - step).std() < 0.25 * 0.5
    assert (found[0, 12] - found[0, 11]).min() > 1.6


@pytest.mark.parametrize("brightness", [0.0, 0.3])
def test_a_folded_axis_keeps_nearly_half_a_pixel_on_even_and_on_textured_ground(brightness: float) -> None:
    reference, secondary = pair((0.0, 0.4), coherence=0.7, band=(0.5, 0.9))
    # Brightness that changes slowly correlates, whole, far around the peak of the speckle.
    one, two = (10 ** (brightness * np.cos(2 * np.pi * (np.arange(256) - move) / 60)) for move in (0.0, 0.4))
    found = tracked((reference * one).astype(np.float32), (secondary * two).astype(np.float32)).offsets[1]
    assert float(found.mean()) == pytest.approx(0.4, abs=0.06)


def test_the_band_is_told_beside_slow_brightness() -> None:
    reference, secondary = pair((0.0, 0.0), coherence=0.7, band=(0.5, 0.9))
    bright = (10 ** (0.3 * np.cos(2 * np.pi * np.arange(256) / 60))).astype(np.float32)
    plain, textured = (prepare.learn([one * light], [two * light]).shares for one, two, light in
                       ((reference, secondary, np.float32(1)), (reference, secondary, bright)))  # fmt: skip
    assert textured == pytest.approx(plain, abs=0.06)


def test_bridges_across_a_step_are_given_to_one_of_its_sides() -> None:
    field = torch.zeros(2, 16, 16)
    field[0, 8:], field[0, 7], field[0, 6] = 2.0, 1.4, 0.7
    truth = torch.zeros(2, 16, 16)
    truth[0, 7:] = 2.0
    lags = torch.arange(-3.0, 4.0)
    score = torch.exp(-((lags[:, None, None, None] - truth[0]) ** 2)) * torch.exp(-(lags[:, None, None] ** 2))
    found = search.sided(field, torch.zeros_like(field), score)
    assert torch.equal(found, truth)
