"""The rule that stands for a user, on series of which it is known what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")

from stillpoint.benchmarks.trends.review_user import Points, Rule, read_points, review
from stillpoint.plugin.review import CLASSES, NONE, Session, point_items

WAVELENGTH = 0.05547


def points(seed: int = 4) -> Points:
    """Return twelve points that sink together by 4 mm a year under much noise, the last with a jump of half a wavelength."""
    generator = np.random.default_rng(seed)
    dates = np.datetime64("2018-01-01", "D") + 12 * np.arange(80)
    years = (dates - dates[0]).astype(float) / 365.25
    series = -4.0 * years + generator.normal(0, 2.5, (12, 80))
    series[11, 40:] += 500 * WAVELENGTH
    x, y = generator.uniform(0, 150, (2, 12))
    keys = np.array([f"P{number}" for number in range(12)], object)
    return Points(Path("made.csv"), "code", keys, x, y, dates, series.astype(np.float32), WAVELENGTH, "EPSG:32630")


def test_the_rule_asks_the_neighbours() -> None:
    said = Rule(points()).verdicts(np.arange(12))
    assert said[11] == 4, "a jump that the neighbours do not make is an unwrapping error"
    assert (said[:11] == 1).sum() >= 9, "together they show the trend that one alone hides"


def test_lonely_points_are_judged_alone() -> None:
    made = points()
    far = Points(made.path, made.id_field, made.keys, 5000.0 * np.arange(12), made.y, made.dates, made.series, WAVELENGTH, made.crs)
    said = Rule(far).verdicts(np.array([0, 11]))
    assert said[1] == 4 and said[0] in (0, 1)


def test_it_goes_the_way_of_the_review(tmp_path: Path) -> None:
    made = points()
    model = np.array([1] * 8 + [0, 0, NONE, 1])
    items = point_items(made.keys, made.x, made.y, model, confidence=np.linspace(0.9, 0.4, 12))
    path = str(tmp_path / "labels.csv")
    first = review(made, path, items=items, count=5, order=CLASSES)
    again = review(made, path, items=items, count=100, order=CLASSES)
    assert len(first.rows) == 5 and len(again.rows) == 7 and not set(first.rows) & set(again.rows)
    labels = Session.open(path, id_field="code").labels
    assert len(labels) == 12 and labels["P11"].value == 4 and labels["P11"].model == 1
    assert sum(again.changes().values()) + sum(first.changes().values()) >= 3
    assert 0 <= first.agreement <= 1


def test_real_points_have_identifiers(real_data: Path) -> None:
    made = read_points(real_data / "psbas-huelva-s1" / "huelva_s1_asc.csv")
    assert made.id_field == "ID" and len(set(made.keys)) == len(made.keys) == 573 and made.series.shape == (573, 134)
