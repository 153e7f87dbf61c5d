"""The measures of fine-tuning on real data: labels and leads, on made-up numbers."""

from __future__ import annotations

import numpy as np

from stillpoint.benchmarks.scatterers import fine_tuning as scatterers
from stillpoint.benchmarks.trends import fine_tuning as trends


def test_labels_of_stability_leave_out_what_lies_between():
    gamma = np.linspace(0, 1, 1000, dtype=np.float32).reshape(25, 40)
    labels = scatterers.labels_of(gamma)
    assert (labels == 1).sum() == 100 and (labels == 0).sum() == 800 and (labels == 255).sum() == 100
    assert gamma[labels == 1].min() > gamma[labels == 255].min() > gamma[labels == 0].max()


def test_a_better_order_leads_and_another_band_does_not_count():
    rng = np.random.default_rng(0)
    gamma = rng.random((120, 90)).astype(np.float32)
    inside = np.zeros(gamma.shape, bool)
    inside[60:] = True
    scores = {"shipped": rng.random(gamma.shape), "fine-tuned": np.where(inside, gamma, 0.0)}
    rows = {(row["density"], row["method"]): row for row in scatterers.compare(scores, gamma, inside)}
    best = rows[(0.1, "fine-tuned")]
    assert best["pixels"] == 540 and best["gamma"] > 0.9 and best["interval"][0] > 0.3
    assert abs(rows[(0.1, "shipped")]["gamma"] - 0.5) < 0.1 and rows[(0.1, "shipped")]["lead"] == 0
    scores["fine-tuned"][:60] = 1.0
    again = {(row["density"], row["method"]): row for row in scatterers.compare(scores, gamma, inside)}
    assert again[(0.1, "fine-tuned")] == best


def test_the_tables_tell_what_was_compared():
    methods = [{"name": "new model", "figures": {"accuracy": 0.5, "kappa": None}}, {"name": "old", "figures": {"accuracy": 0.25}}]
    text = trends.markdown({
        "reviews": [{"file": "a.csv", "points": 1000, "reviewed": 10, "agrees": 0.3, "corrected": 6, "none": 1}],
        "parts": [{"part": "train", "examples": 7}, {"part": "test", "examples": 2}], "best_epoch": 4,
        "comparison": {"methods": methods, "sentence": "The new one."},
    })  # fmt: skip
    assert "| a.csv | 1,000 | 10 | 30 % | 6 | 1 |" in text and "7 train, 0 validation, 2 test" in text
    assert "| accuracy | 0.500 | 0.250 |" in text and text.endswith("The new one.")
