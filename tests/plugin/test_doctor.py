"""The environment doctor on QGIS's side: the interpreter, how the engine starts, repairs, and the report."""

from __future__ import annotations

import json
import os
import sys
import time

import pytest

pytest.importorskip("qgis.core")

from stillpoint.models import privacy
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding
from stillpoint.models.learning import shelf
from stillpoint.plugin import doctor, doctor_repairs, environment, installation, runner, settings, tasks

VERSIONS = {"numpy": doctor.np.__version__, "osgeo": doctor.gdal.__version__, "torch": "2.9"}


@pytest.fixture(autouse=True)
def clean(qgis_app):
    yield
    settings.set_interpreter("")
    settings.set_scheduler("")
    environment.forget()


def candidates(monkeypatch, *checked):
    """Let these be the interpreters, with what the check of each finds."""
    known = {each.path: each for each in checked}
    monkeypatch.setattr(environment, "candidates", lambda: list(checked))
    monkeypatch.setattr(environment, "check", lambda candidate, cancelled=None: known[candidate.path])


def python(origin, problem="", version="3.11.2", versions=VERSIONS):
    return environment.Interpreter(f"/x/{origin}/python", origin, version, dict(versions), problem)


# The interpreter


@pytest.mark.parametrize(("origin", "number"), [("setting", 1), ("variable", 2), ("own", 3), ("running", 4)])
def test_rule_that_found_the_interpreter_is_told(monkeypatch, origin, number):
    candidates(monkeypatch, python(origin))
    (found, same), chosen = doctor.interpreter()
    assert found.state == GOOD and f"Rule {number} of 4 found it: {environment.ORIGINS[origin]}" in found.text
    assert same.state == GOOD and chosen.origin == origin


@pytest.mark.parametrize(
    ("given", "repair"),
    [
        (python("setting", "It has no torch."), "forget"),
        (python("variable", "It has no torch."), "choose"),
        (python("own", "It has no torch."), "install"),
        (python("own", "It has no GDAL."), "build"),
        (python("own", "It cannot be started.", version=""), "build"),
        (python("running", "It has no torch."), "build"),
    ],
)
def test_each_missing_engine_has_its_repair(monkeypatch, given, repair):
    candidates(monkeypatch, given)
    (found,), chosen = doctor.interpreter()
    assert (found.state, found.repair) == (REPAIR, repair)
    assert given.problem in found.text and repair in doctor_repairs.repairs()
    assert (chosen is None) == (not given.python)


def test_no_python_at_all(monkeypatch):
    candidates(monkeypatch)
    (found,), chosen = doctor.interpreter()
    assert found.state == REPAIR and found.repair == "choose" and chosen is None


def test_broken_own_environment_before_one_that_serves_is_a_note(monkeypatch):
    candidates(monkeypatch, python("own", "Own is broken."), python("running"))
    (found, _), chosen = doctor.interpreter()
    assert (found.state, found.repair, chosen.origin) == (NOTE, "build", "running") and "Own is broken." in found.text


def test_other_numpy_than_that_of_qgis_is_a_note(monkeypatch):
    candidates(monkeypatch, python("setting", versions={**VERSIONS, "numpy": "9.9.1"}))
    (_, same), _ = doctor.interpreter()
    assert same.state == NOTE and "numpy 9.9.1 (QGIS: " in same.text


# The engine


def test_engine_is_started_cold_and_warm_and_examined(real_engine):
    progress = []
    found = {each.id: each for each in doctor.examine(report=lambda fraction, text: progress.append(fraction))}
    assert found["start"].state == GOOD and "s when it is warm" in found["start"].text
    assert {"qgis", "interpreter", "library-torch", "device", "models-shipped", "profile", "cache", "proxies"} <= set(found)
    assert len([name for name in found if name.startswith("variables")]) >= 1
    assert progress == sorted(progress) and progress[-1] == 1.0
    assert runner.ENGINE.pids() == []  # it had an engine of its own, which is gone


def test_engine_that_does_not_start_is_one_finding_among_others(fake_engine, monkeypatch, tmp_path):
    broken = tmp_path / "launch.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(runner, "LAUNCHER", broken)
    candidates(monkeypatch, environment.Interpreter(sys.executable, "own", "3.11.2", VERSIONS))
    found = {each.id: each for each in doctor.examine()}
    assert found["start"].state == REPAIR and found["answers"].state == REPAIR
    assert found["profile"].state == GOOD


def test_cancel_ends_it(fake_engine):
    with pytest.raises(Cancelled):
        doctor.examine(cancelled=lambda: True)


def test_install_is_offered_for_the_own_environment_only():
    missing = Finding("library-h5py", "Libraries", "h5py", REPAIR, "Missing.", "install")
    assert doctor._mendable(missing, python("own")).repair == "install"
    assert doctor._mendable(missing, python("setting")).repair == "build"


# The profile


def test_broken_cache_is_found_and_cleared(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "own_folder", lambda: tmp_path / "engine")
    assert doctor.cache().state == GOOD
    settings.put("engine", "{not json")
    draft = tmp_path / "engine-new"
    draft.mkdir()
    assert "engine-new" not in doctor.cache().text  # it may be growing now
    old = time.time() - 7200
    os.utime(draft, (old, old))
    found = doctor.cache()
    assert (found.state, found.repair) == (NOTE, "cache") and "engine-new" in found.text and "cannot be read" in found.text
    assert "cleared" in doctor_repairs.mend("cache")
    assert not draft.exists() and doctor.cache().state == GOOD


def test_unreadable_remembrance_is_ignored(monkeypatch):
    candidates(monkeypatch, python("setting"))
    settings.put_values("engine", {"key": environment._key(python("setting"))})
    assert environment.remembered() is None


def test_profile_that_cannot_be_written_or_is_full(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "own_folder", lambda: tmp_path / "no" / "engine")
    assert doctor.profile()[0].state == GOOD
    monkeypatch.setattr(installation, "free_bytes", lambda folder: 1e9)
    assert doctor.profile()[0].state == NOTE and "1.0 GB" in doctor.profile()[0].text
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert doctor.profile()[0].state == REPAIR


# Repairs


def test_settings_are_reset():
    settings.set_interpreter("/x/python")
    settings.set_scheduler("tcp://x:1")
    doctor_repairs.mend("forget")
    doctor_repairs.mend("scheduler")
    assert settings.interpreter() == "" and settings.scheduler() == ""


def test_models_are_put_in_order(monkeypatch, tmp_path):
    monkeypatch.setenv(shelf.VARIABLE, str(tmp_path))
    records = tmp_path / shelf.RECORDS
    records.write_text(json.dumps({"format": 1, "models": {}, "defaults": {"trends/default": "gone.safetensors"}}))
    assert "trends-default" in doctor_repairs.mend("models-defaults")
    assert shelf.records()["defaults"] == {}
    for number in (1, 2):
        records.write_text("{")
        text = doctor_repairs.mend("models-records")
        assert shelf.records() == {"models": {}, "defaults": {}}, number
    assert text.startswith(f"The damaged list is now called {shelf.RECORDS}.damaged-2")
    assert "no damaged list" in doctor_repairs.mend("models-records")


def test_chosen_interpreter_is_checked_first(monkeypatch):
    candidates(monkeypatch, python("setting", "It has no torch."))
    work = tasks.Work("", lambda work: None)
    with pytest.raises(StillpointError, match="no torch"):
        doctor_repairs.choose("/x/setting/python", work)
    assert settings.interpreter() == ""
    candidates(monkeypatch, python("setting"))
    doctor_repairs.choose("/x/setting/python", work)
    assert settings.interpreter() == "/x/setting/python"


@pytest.mark.parametrize(("name", "method"), [("build", "run"), ("install", "complete")])
def test_environment_is_built_or_completed(monkeypatch, name, method):
    called = []

    class Fake:
        def __init__(self, build, **options):
            called.append(build)

        def __getattr__(self, wanted):
            return lambda: called.append(wanted)

    monkeypatch.setattr(installation, "Installation", Fake)
    doctor_repairs.mend(name, tasks.Work("", lambda work: None))
    assert called == [doctor_repairs.best_build(), method]
    assert doctor_repairs.repairs()[name].slow


# The report


def test_report_is_without_what_is_private(monkeypatch, tmp_path):
    home = tmp_path / "home" / "marlene"
    monkeypatch.setattr(privacy.Path, "home", lambda: home)
    monkeypatch.setattr(privacy.getpass, "getuser", lambda: "mdietrich")
    monkeypatch.setattr(privacy.socket, "gethostname", lambda: "geo-ws17")
    found = [
        Finding("a", "Engine", "A", GOOD, f"{home}/engine/bin/python"),
        Finding("b", "Surroundings", "B", NOTE, "http://hans:geheim@proxy:1 for mdietrich"),
        Finding("c", "Engine", "C", REPAIR, "tcp://geo-ws17:8786 cannot be reached"),
    ]
    text = doctor.text_of(found, log="pip --token=abcdef\nhf_0123456789abcdef")
    for private in ("marlene", "mdietrich", "geheim", "geo-ws17", "abcdef"):
        assert private not in text, private
    assert "~/engine/bin/python" in text and "1 thing must be repaired" in text and "! must be repaired: C" in text
