"""The benchmark of offsets: its simulator, scores and peers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from stillpoint.benchmarks.offsets import accuracy, houston
from stillpoint.benchmarks.offsets.fields import MAKERS, field_of
from stillpoint.benchmarks.offsets.peers import Answer, correlation, peak
from stillpoint.benchmarks.offsets.scores import scores
from stillpoint.benchmarks.offsets.simulator import Pair, make_pair


@pytest.fixture(scope="module")
def made() -> Pair:
    return make_pair("small", "grd", "volcano", 3, side=192)


def test_the_same_seed_makes_the_same_pair(made: Pair) -> None:
    again = make_pair("small", "grd", "volcano", 3, side=192)
    assert np.array_equal(made.reference, again.reference) and np.array_equal(made.secondary, again.secondary)
    assert made.truth.shape == (2, *made.measurable.shape)


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_fields_have_the_size_that_was_asked_for(kind: str) -> None:
    field = field_of(kind, np.random.default_rng(2), 256, largest=2.0, affine=0.0)
    assert np.percentile(np.hypot(*field), 99.5) == pytest.approx(2.0, rel=0.05)


def test_the_secondary_is_where_the_truth_says() -> None:
    pair = make_pair("large", "grd", "earthquake", 1, side=192)
    pair = replace(pair, measurable=pair.measurable & ~pair.near_steps & (pair.coherence[4::8, 4::8] > 0.4))
    found = correlation((64,))(pair)
    error = (found.offsets - pair.truth)[:, pair.measurable]
    assert pair.measurable.sum() > 20
    assert np.abs(np.median(error, axis=1)).max() < 0.15


def test_moderate_motion_changes_more_slowly() -> None:
    steep = []
    for wider, steepest in ((1.0, 0.018), (1.7, 0.012)):
        field = field_of("glacier", np.random.default_rng(4), 256, largest=6.0, affine=0.0, wider=wider, steepest=steepest)
        assert field.shape == (2, 256, 256) and np.percentile(np.hypot(*field), 99.5) >= 1.9
        steep.append(np.percentile(np.abs(np.diff(field, axis=1)), 95))
    assert steep[1] < 0.8 * steep[0]


def test_what_lost_its_speckle_lost_its_brightness() -> None:
    found = []
    for seed in range(8):
        pair = make_pair("small", "grd", "volcano", seed, side=128)
        lost = pair.coherence <= 0
        if lost.mean() > 0.05 and (~lost).mean() > 0.05:
            slow = [ndimage.gaussian_filter(np.log(image), 3) for image in (pair.reference, pair.secondary)]
            found.append([np.corrcoef(slow[0][part], slow[1][part])[0, 1] for part in (lost, ~lost)])
    assert len(found) >= 2
    gone, kept = np.median(found, axis=0)
    assert gone < 0.4 < kept


def test_scores_cut_errors_and_count_silence() -> None:
    pair = make_pair("small", "grd", "glacier", 1, side=128)
    silent = Answer(np.full_like(pair.truth, np.nan))
    assert scores(silent, pair)["all1"] == 1.0
    right = Answer(pair.truth.copy(), np.full_like(pair.truth, 0.1), np.ones(pair.measurable.shape, bool))
    found = scores(right, pair)
    assert found["all1"] == 0.0 and found["coverage"] == 1.0 and found["within_1"] == 1.0
    half = Answer(pair.truth + np.float32(0.5))
    assert scores(half, pair)["all1"] == pytest.approx(0.5, abs=1e-5)


def test_peak_is_found_between_lags() -> None:
    lags = np.arange(-4, 5)
    surface = -((lags[:, None] - 1.3) ** 2) - (lags[None, :] + 2.2) ** 2
    found = peak(surface[..., None, None])
    assert found[:, 0, 0] == pytest.approx([1.3, -2.2], abs=1e-5)


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accuracy, "make_pair", lambda *names: make_pair(*names, side=128))
    status = accuracy.main(
        ["--settings", "small", "--sensors", "grd", "--fields", "volcano", "--trackers", "correlation", "--cache", str(tmp_path)]
    )
    said = capsys.readouterr().out
    assert status == 0 and "Stillpoint, correlation" in said and "CPU ms/Mpx" in said


def test_half_of_an_imposed_motion_goes_into_either_image() -> None:
    ground = ndimage.gaussian_filter(np.random.default_rng(5).standard_normal((2, 160, 160)), (0, 1.5, 1.5))
    first = (10 + 30 * ground[0]).astype(np.float32)
    pair = houston.warped(first, first, houston._uniform(first.shape, 2.0, -4.0))
    error = correlation((48,))(pair).offsets - np.array([2.0, -4.0])[:, None, None]
    assert np.abs(error[:, pair.measurable]).max() < 0.05
    assert np.allclose(pair.reference[20:-20, 20:-20], np.maximum(first, 0.1)[21:-19, 18:-22], atol=0.05)


def test_an_imposed_step_is_where_it_was_put() -> None:
    field = houston.step((160, 160))
    assert np.hypot(*field).max() == pytest.approx(0.75) and np.abs(np.diff(field, axis=2)).max() > 1
