"""Figures of several methods on the same held-out part, intervals by region, the sentence, and the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import comparison, metrics, page
from stillpoint.models.learning.comparison_offsets import Tracked, compare_offsets
from stillpoint.models.learning.splits import Part


def scored(rng, truth, skill, name, role="classical"):
    score = skill * truth + rng.standard_normal(len(truth))
    probability = 1 / (1 + np.exp(-score))
    both = np.stack([1 - probability, probability], axis=1)
    return comparison.Answers(name, role, (score > skill / 2).astype(int), both, score)


@pytest.fixture
def judged():
    rng = np.random.default_rng(1)
    truth = (rng.random(4000) < 0.2).astype(int)
    groups = np.arange(4000) // 200
    return rng, truth, groups


def told(judged, *skills):
    rng, truth, groups = judged
    roles = [comparison.NEW, comparison.START, comparison.CLASSICAL]
    answers = [scored(rng, truth, skill, f"method {number}", role) for number, (skill, role) in enumerate(zip(skills, roles))]
    found = comparison.compare(truth, answers, groups, classes=("no PS", "PS"), decides=comparison.PRECISION, positive=1)
    return found, answers


def test_figures_are_those_of_the_metrics(judged):
    found, answers = told(judged, 2.0, 1.0)
    truth = judged[1] == 1
    figures = found["methods"][0]["figures"]
    assert figures[comparison.PRECISION] == pytest.approx(metrics.average_precision(truth, answers[0].score))
    assert figures[comparison.AREA] == pytest.approx(metrics.area_under_curve(truth, answers[0].score))
    chosen = answers[0].decided == 1
    assert figures["precision"] == pytest.approx(truth[chosen].mean()) and figures["recall"] == pytest.approx(chosen[truth].mean())
    assert np.sum(found["methods"][0]["confusion"]) == len(truth)
    assert sum(count for _, _, count in found["methods"][0]["reliability"]) == len(truth)
    low, high = found["methods"][0]["interval"]
    assert low < figures[comparison.PRECISION] < high and high - low < 0.2
    json.dumps(found)


def test_the_sentence_says_who_is_best(judged):
    best, _ = told(judged, 3.0, 1.0, 0.5)
    assert "the new model is best" in best["sentence"] and "cannot be told" not in best["sentence"]
    assert all(each["interval"][0] > 0 for each in best["differences"])
    worse, _ = told(judged, 0.5, 3.0)
    assert "method 1 is best" in worse["sentence"] and "Rather use method 1" in worse["sentence"]
    _, truth, groups = judged
    answers = [comparison.Answers(name, role, truth) for name, role in (("new", comparison.NEW), ("old", comparison.START))]
    equal = comparison.compare(truth, answers, groups, classes=("a", "b"), decides=comparison.F1)
    assert "the new model is as good as old: 1.000" in equal["sentence"]
    same, _ = told(judged, 1.0, 1.0)
    assert "cannot be told" in same["sentence"]


def test_regions_are_what_is_drawn(judged):
    rng, truth, _ = judged
    # Errors that whole regions share make the interval wider than errors of each for itself.
    wrong = np.repeat(rng.random(20) < 0.3, 200)
    shared = comparison.Answers("shared", comparison.NEW, np.where(wrong, 1 - truth, truth))
    single = comparison.Answers("single", comparison.NEW, np.where(rng.permutation(wrong), 1 - truth, truth))
    groups = np.arange(4000) // 200
    spans = []
    for each in (shared, single):
        found = comparison.compare(truth, [each], groups, classes=("a", "b"), decides=comparison.ACCURACY)
        low, high = found["methods"][0]["interval"]
        spans.append(high - low)
    assert spans[0] > 4 * spans[1]
    one = comparison.compare(truth, [shared], np.zeros(4000), classes=("a", "b"), decides=comparison.ACCURACY)
    assert one["methods"][0]["interval"] is None


def test_abstaining_counts_against_a_method():
    truth = np.array([0, 0, 1, 1, 2, 2])
    found = comparison.class_figures(comparison._confusion(truth, np.array([0, -1, 1, 1, 2, 0]), np.zeros(6, int), 1, 3)[0])
    assert found[comparison.ACCURACY] == pytest.approx(4 / 6) and found["answered"] == pytest.approx(5 / 6)
    chance = (2 * 2 + 2 * 2 + 1 * 2) / 36
    assert found["kappa"] == pytest.approx((4 / 6 - chance) / (1 - chance))


def test_offsets_are_compared_where_all_answer():
    rng = np.random.default_rng(2)
    truth = rng.uniform(-3, 3, (2, 600))
    good, bad = (truth + size * rng.standard_normal(truth.shape) for size in (0.05, 0.2))
    bad[:, :30] = np.nan
    good[0, 40] += 50
    answers = [Tracked("new", "new", good, np.full(truth.shape, 0.05)), Tracked("old", "start", bad, np.full(truth.shape, 0.2))]
    found = compare_offsets(truth, answers, np.arange(600) // 50, unit="regions")
    figures = found["methods"][0]["figures"]
    assert found["common"] == 570 and found["methods"][1]["figures"]["coverage"] == pytest.approx(0.95)
    assert 0.04 < figures["RMSE of azimuth"] < 0.06 and figures["outliers"] == pytest.approx(1 / 600)
    assert abs(figures["within one standard error"] - 0.68) < 0.06 and "the new model is best" in found["sentence"]
    assert found["differences"][0]["interval"][1] < 0


def test_the_page_stands_alone(judged, tmp_path):
    found, _ = told(judged, 2.0, 1.0, 0.5)
    history = [{"loss": 1.0 / (1 + number), "val": 0.5 + 0.1 * number, "seconds": 3.0} for number in range(5)]
    output = tmp_path / "mine <b>.safetensors"
    path = page.write(
        output, title="Scatterers & more", facts=[("Data", "<script>alert(1)</script>")], history=history, best=3, comparison=found,
        parts=[Part("train", "a", 7, {"PS": 3})], notes=["Mind the <gap>."],
    )  # fmt: skip
    text = Path(path).read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;gap&gt;" in text and "<b>" not in text
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", text)
    assert text.count("<svg") >= 2 + 1 + 3 + 3 and "method 0 (new model)" in text
    assert "average precision" in "\n".join(page.told(found)) and "| average precision |" in page.card_table(found)
    with pytest.raises(StillpointError, match="cannot be written"):
        page.write(tmp_path / "no" / "x", title="", facts=[], history=[], best=None, comparison=found)


def test_a_start_that_learned_from_the_same_files_is_told():
    start = {"data": "labelled series of a.csv, big.csv; 30% of each batch simulated", "seed": 1, "series": {"train": 9}}
    same, other = {"seed": 1, "series": {"train": 9}}, {"seed": 2, "series": {"train": 9}}
    assert not comparison.seen_before(start, same, ["/x/a.csv"])
    (told,) = comparison.seen_before(start, other, ["/x/a.csv|layername=a", "/x/b.csv"])
    assert "learned from a.csv too" in told
    assert not comparison.seen_before(start, other, ["/x/g.csv"]) and not comparison.seen_before({}, other, None)


def test_who_always_answers_is_said_to(judged):
    _, truth, groups = judged
    silent = np.where(np.arange(len(truth)) % 2, truth, -1)
    answers = [comparison.Answers("new", comparison.NEW, truth), comparison.Answers("old", comparison.START, silent)]
    found = comparison.compare(truth, answers, groups, classes=("a", "b"), decides=comparison.F1)
    assert [row["figures"]["answered"] for row in found["methods"]] == [1.0, 0.5]
