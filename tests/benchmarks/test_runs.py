"""The benchmark's programs, on very little."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stillpoint.benchmarks.trends import accuracy, real, speed
from stillpoint.benchmarks.trends.peers import PEERS, Trained, resample
from stillpoint.benchmarks.trends.simulator import simulate


class Nearest(Trained):
    """A toy peer: the nearest class mean of the range of the series."""

    label = "toy"

    def inputs(self, files):
        return np.concatenate([np.log(np.ptp(resample(file), axis=1))[:, None] for file in files])

    def learn(self, rows, codes):
        self.means = np.array([rows[codes == k].mean() for k in range(5)])

    def logits(self, rows):
        return -np.abs(rows - self.means)


def test_accuracy_writes_tables(monkeypatch, tmp_path, capsys):
    pytest.importorskip("threadpoolctl", reason="the benchmark's extras are not installed")
    monkeypatch.setitem(PEERS, "boosted_trees", Nearest)
    target = tmp_path / "table"
    options = ["--setting", "seed-like", "--methods", "boosted_trees", "--size", "60", "--train-size", "300"]
    assert accuracy.main([*options, "--unknown", "60", "--output", str(target)]) == 0
    assert "| toy |" in capsys.readouterr().out
    found = json.loads(target.with_suffix(".json").read_text())["seed-like"]["boosted_trees"]
    assert 0.2 < found["accuracy"] < 0.8  # the range alone tells something, far from all
    assert set(found["unknown_accepted"]) >= {"noise", "mean"}


def test_trained_peers_refuse_about_what_they_are_asked_to():
    files = simulate("seed-like", 900)
    peer = Nearest()
    peer.fit(files[5:])
    answer = peer.answer(files[:5])
    assert answer.refused.mean() < 0.15
    np.testing.assert_allclose(answer.probabilities.sum(1), 1.0)


def test_csv_for_the_speed_run_can_be_read(tmp_path):
    path = tmp_path / "points.csv"
    speed.write_csv(path, 20, epochs=30)
    lines = path.read_text().splitlines()
    assert len(lines) == 21
    assert lines[0].split(",")[:4] == ["pid", "easting", "northing", "20160103"]
    assert np.isfinite(np.array(lines[20].split(",")[1:], dtype=float)).all()


def test_rate_counts_series():
    base = speed.pattern(40)
    sizes = []
    assert speed.rate(lambda file: sizes.append(len(file)), base, 300) > 0
    assert sizes == [256, 300]


def test_agreement_of_neighbours_beats_chance_only_where_there_is_a_pattern():
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 100, (2, 800))
    pattern = real.neighbour_agreement(x, y, (x > 50).astype(int), False)
    mixed = real.neighbour_agreement(x, y, rng.integers(0, 2, 800), False)
    assert pattern["kappa"] > 0.8
    assert abs(mixed["kappa"]) < 0.1


def test_agreement_leaves_out_series_without_class():
    found = real.agreement(np.array([0, 1, -1, 2]), np.array([0, 2, 0, -1]))
    assert found["series"] == 2
    assert found["same"] == 0.5


def test_real_files_are_found():
    folder = real.data_folder()
    if not folder.is_dir():
        pytest.skip(f"no real data under {folder}")
    assert any("huelva" in path.name for path in real.point_files(folder))
