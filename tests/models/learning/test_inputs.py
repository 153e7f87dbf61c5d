"""Whether data are what a model was made for, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import inputs
from stillpoint.models.learning.cards import installed
from stillpoint.models.learning.headers import Header
from stillpoint.models.learning.inputs import Data

MODEL = Path("c-band.safetensors")


def header(**changes):
    form = inputs.described(
        "stack", ["phase", "complex"], dates=(5, 90), trained=(10, 60), wavelength=(0.0555, 0.0566), needs=["amplitude"], reads="x"
    )
    return Header("scatterers", "U-Net", "1", input={**form, **changes})


def check(**data):
    given = {"quantity": "phase", "dates": 20, "wavelength": 0.0555, "companions": ["amplitude"], **data}
    return inputs.check(header(), Data("stack.vrt", **given), model=MODEL)


def test_what_fits_is_quiet():
    assert check() == [] and check(wavelength=0.0561) == []
    assert check(dates=None, quantity=None, companions=None, wavelength=None) == []


def test_another_band_is_a_warning():
    (text,) = check(wavelength=0.236)
    assert text.startswith("The model c-band.safetensors was trained on C band (0.0555 to 0.0566 m), and stack.vrt has L band")
    assert "X band" in check(wavelength=0.031)[0]


@pytest.mark.parametrize("data, words", [
    ({"quantity": "coherence"}, "made for phase or complex, and stack.vrt holds coherence"),
    ({"dates": 4}, "needs 5 dates at least"),
    ({"dates": 91}, "takes 90 dates at most"), ({"companions": []}, "needs amplitude, which stack.vrt does not bring"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused(data, words):
    with pytest.raises(StillpointError, match=words):
        check(**data)


def test_dates_outside_of_the_training_are_a_warning():
    assert "trained on 10 to 60 dates, and stack.vrt has 7" in check(dates=7)[0] and "has 88" in check(dates=88)[0]


def test_headers_from_before_the_form_are_not_checked():
    for old in ({}, {"dates": "6 to 120 in training"}, {"wavelength": "0.02 to 0.3 m", "quantities": "phase", "needs": None}):
        assert inputs.check(Header("a", "b", "1", input=old), Data("x", "coherence", 1, 9.0, ()), model=MODEL) == []
        assert inputs.problems(old)


@pytest.mark.parametrize("changes", [
    {"kind": "x"}, {"quantities": ["colour"]}, {"quantities": "phase"}, {"dates": {"least": 1}}, {"dates": {"least": "1", "most": 2,
    "trained": [1, 2]}}, {"wavelength": {"trained": [2, 1]}}, {"wavelength": 3}, {"needs": ["luck"]}, {"reads": ""},
])  # fmt: skip
def test_problems_are_named(changes):
    assert len(inputs.problems(header(**changes).input)) == 1


def test_words_of_a_stranger_are_shortened():
    long = header(quantities=["x" * 5000] * 300, reads="y" * 5000)
    with pytest.raises(StillpointError) as caught:
        inputs.check(long, Data("stack.vrt", "phase"), model=MODEL)
    assert len(str(caught.value)) < 1000
    assert all(len(text) < 1000 for _, text in inputs.in_words(long))


def test_shipped_models_follow_the_form():
    for model in installed():
        assert inputs.problems(model.header.input) == [], model.name
        words = dict(inputs.in_words(model.header))
        assert words["Reads"] and words["Quantity"]


def test_l_band_with_a_c_band_model_in_a_capability(tmp_path):
    """The published trend network saw C band alone: series of L band are classified with a warning."""
    import numpy as np

    from stillpoint.models.jobs import ClassifyTrends
    from stillpoint.models.progress import SILENT
    from stillpoint.models.trends.classify_file import classify_trends

    days = np.arange(np.datetime64("2019-01-01"), np.datetime64("2020-01-01"), np.timedelta64(12, "D"))
    lines = ["id,x,y," + ",".join("D" + str(day).replace("-", "") for day in days)]
    lines += [f"{n},{n},0," + ",".join(f"{n * 0.1 * k + (k % 3):.1f}" for k in range(len(days))) for n in range(3)]
    (tmp_path / "p.csv").write_text("\n".join(lines))
    job = ClassifyTrends(
        points=str(tmp_path / "p.csv"), output=str(tmp_path / "o.csv"), method="mirmazloumi_cnn", wavelength=0.2424, device="cpu"
    )
    found = classify_trends(job, SILENT).warnings
    assert any("trained on C band (0.0555 m), and p.csv has L band (0.242 m)" in text for text in found)
    assert any("trained on 139 dates" in text for text in found)
