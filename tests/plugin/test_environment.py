"""The engine's interpreter: where it is looked for, how it is checked, what a report says."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from stillpoint.models.errors import Cancelled
from stillpoint.plugin import environment, processes, settings

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def clean(qgis_app, monkeypatch, tmp_path):
    """No setting, no variable, no environment of its own."""
    monkeypatch.delenv(environment.VARIABLE, raising=False)
    monkeypatch.setattr(environment, "own_folder", lambda: tmp_path / "engine")
    settings.set_interpreter("")
    environment.forget()
    yield tmp_path
    settings.set_interpreter("")
    environment.forget()


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def bare_python(path: Path) -> Path:
    """Write an interpreter that sees no installed library, hence no torch."""
    return script(path, f'#!/bin/sh\nexec {sys.executable} -S -I "$@"\n')


def answer(python: str, broken: str) -> str:
    """Return a program that answers the check as an interpreter would."""
    report = json.dumps({"python": python, "versions": {}, "missing": [], "broken": broken})
    return f"#!/bin/sh\necho 'STILLPOINT {report}'\n"


def test_requirements_are_those_of_the_package():
    text = (REPOSITORY / "pyproject.toml").read_text()
    block = re.search(r"^dependencies = \[(.*?)\]", text, re.S | re.M).group(1)
    assert set(re.findall(r'"([^"]+)"', block)) == set(environment.REQUIREMENTS)


def test_order_of_the_interpreters(clean, monkeypatch):
    assert [item.origin for item in environment.candidates()] == ["running"]
    own = script(environment.python_of(clean / "engine"), "")
    assert [item.origin for item in environment.candidates()] == ["own", "running"]
    assert environment.candidates()[0].path == str(own)
    monkeypatch.setenv(environment.VARIABLE, "/given/python")
    assert [(item.origin, item.path) for item in environment.candidates()] == [("variable", "/given/python")]
    settings.set_interpreter("/chosen/python")
    assert [(item.origin, item.path) for item in environment.candidates()] == [("setting", "/chosen/python")]


def test_running_python_is_never_qgis_itself(clean, monkeypatch, tmp_path):
    home = tmp_path / "apps" / "Python"
    program = script(home / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}", "")
    monkeypatch.setattr(sys, "executable", str(script(tmp_path / "bin" / "qgis-bin", "")))
    for name in ("prefix", "base_prefix", "exec_prefix"):
        monkeypatch.setattr(sys, name, str(home))
    monkeypatch.delenv("OSGEO4W_ROOT", raising=False)
    assert environment.running_python() == program
    # A shim that comes first in PATH is taken for the running Python by an embedded interpreter.
    monkeypatch.setattr(sys, "executable", str(script(tmp_path / "shims" / "python3", "")))
    assert environment.running_python() == program
    program.unlink()
    assert environment.running_python() == tmp_path / "shims" / "python3"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "qgis-bin"))
    assert environment.running_python() is None


def test_check_finds_versions(clean):
    pytest.importorskip("torch")
    found = environment.check(environment.Interpreter(sys.executable, "running"))
    assert found.problem == ""
    assert found.python == ".".join(map(str, sys.version_info[:3]))
    assert set(found.versions) == set(environment.MODULES)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no Python interpreter"),
        ("#!/bin/sh\necho hello\n", "is no Python interpreter that works: hello"),
        ("#!/bin/sh\nexit 3\n", "it gave no answer"),
        ("no program", "cannot be started"),
        (answer("3.7.1", ""), "needs 3.9"),
        (answer("3.12.1", "GDAL: numpy"), "cannot load GDAL: numpy"),
    ],
)
def test_check_says_what_is_wrong(clean, tmp_path, text, sentence):
    path = tmp_path / "python3"
    if text is not None:
        script(path, text)
    found = environment.check(environment.Interpreter(str(path), "setting"))
    assert sentence in found.problem


def test_torch_missing(clean, tmp_path):
    found = environment.check(environment.Interpreter(str(bare_python(tmp_path / "python3")), "variable"))
    assert "has no" in found.problem and "torch" in found.problem


def test_find_skips_to_the_one_that_serves_and_remembers_it(clean, monkeypatch):
    bare_python(environment.python_of(clean / "engine"))
    serving = environment.Interpreter(sys.executable, "running", "3.11.0", {"torch": "9"})
    checked = []

    def check(candidate, **options):
        checked.append(candidate.origin)
        failing = environment.Interpreter(candidate.path, "own", problem="no")
        return serving if candidate.origin == "running" else failing

    monkeypatch.setattr(environment, "check", check)
    assert environment.remembered() is None
    assert environment.find() == serving
    assert checked == ["own", "running"]
    assert environment.find() == serving
    assert environment.remembered() == serving
    assert checked == ["own", "running"]
    environment._known.clear()  # as after a restart of QGIS: the profile remembers
    assert environment.remembered().path == sys.executable
    environment.forget()
    assert environment.remembered() is None


def test_a_chosen_interpreter_that_fails_is_not_passed_over(clean, monkeypatch):
    monkeypatch.setenv(environment.VARIABLE, "/nowhere/python")
    with pytest.raises(environment.EngineMissingError, match=r"no Python interpreter /nowhere/python.*Set-up"):
        environment.find()


def test_check_can_be_cancelled(clean, tmp_path):
    slow = script(tmp_path / "python3", "#!/bin/sh\nsleep 30\n")
    started = time.monotonic()
    with pytest.raises(Cancelled):
        environment.check(environment.Interpreter(str(slow), "setting"), cancelled=lambda: True)
    assert time.monotonic() - started < 5


def test_report_hides_the_home_folder(clean, monkeypatch):
    home = str(Path.home())
    monkeypatch.setenv(environment.VARIABLE, f"{home}/env/bin/python")
    details = {"versions": {"torch": "2"}, "devices": [
        {"id": "cpu", "name": "A CPU", "memory": 2**34, "ok": True, "seconds": 0.1, "message": ""},
        {"id": "cuda:0", "name": "A GPU", "memory": None, "ok": False, "seconds": None, "message": "driver too old"},
    ]}  # fmt: skip
    text = environment.report(details, log=f"File '{home}/x.py'")
    assert home + "/" not in text
    assert "~/env/bin/python" in text and "'~/x.py'" in text
    assert "A CPU, 16.0 GiB, works" in text and "driver too old" in text
    for word in ("Stillpoint", "QGIS", "Qt", "Python", "System"):
        assert word in text


def test_clean_environment_keeps_gdal_and_drops_python():
    given = {"PYTHONHOME": "x", "PYTHONPATH": "y", "GDAL_DATA": "g", "PROJ_LIB": "p", "PATH": os.environ["PATH"]}
    kept = processes.clean_environment(given, user_site=False)
    assert "PYTHONHOME" not in kept and "PYTHONPATH" not in kept
    assert kept["GDAL_DATA"] == "g" and kept["PROJ_LIB"] == "p"
    assert kept["PYTHONNOUSERSITE"] == "1"
    assert "PYTHONNOUSERSITE" not in processes.clean_environment(given)
