"""Building Stillpoint's own environment: with the real venv and pip, from wheels made here, without a network."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import environment, installation
from stillpoint.plugin.pip_output import NO_NETWORK, PipProgress, explain_pip

CPU = installation.Build("cpu", "CPU", "https://nowhere.invalid/whl/cpu")


def wheel(folder: Path, name: str, version: str = "20.9") -> None:
    """Write a package with nothing in it."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", f"__version__ = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def base():
    """The Python that QGIS runs on, without any virtual environment around it."""
    for name in (f"python{sys.version_info.major}.{sys.version_info.minor}", "python3"):
        program = Path(sys.base_prefix) / "bin" / name
        if program.is_file():
            return program
    return pytest.skip("no base interpreter")


@pytest.fixture(autouse=True)
def no_outside(monkeypatch, qgis_app):
    """No check of the disk, and no packages from wherever this computer's pip would take them."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(installation, "DISK_NEEDED", {"cpu": 1, "cuda": 1, "apple": 1})


def options(folder: Path):
    return ["--no-index", "--find-links", str(folder)]


def test_builds_with_the_numpy_of_qgis_and_replaces_the_old_one(base, tmp_path, monkeypatch):
    import numpy

    wheels = tmp_path / "wheels"
    for name in ("torch", "safetensors", "h5py", "pyarrow", "scipy"):
        wheel(wheels, name)
    wheel(wheels, "numpy", "99.0")  # must not be taken
    folder = tmp_path / "profile" / "engine"
    folder.mkdir(parents=True)
    (folder / "old.txt").write_text("the environment that was there")
    log, progress = [], []
    built = installation.Installation(
        installation.Build("apple", "", ""), folder=folder, base=base, options=options(wheels),
        log=log.append, report=lambda *given: progress.append(given),
    ).run()
    assert built.path == str(environment.python_of(folder))
    assert built.versions["torch"] == "20.9"
    assert built.versions["numpy"] == numpy.__version__
    assert not (folder / "old.txt").exists()
    assert sorted(item.name for item in folder.parent.iterdir()) == ["engine"]
    fractions = [fraction for fraction, _ in progress]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert any(line.startswith("Successfully installed") for line in log)
    again = environment.check(environment.Interpreter(built.path, "own"))
    assert again.problem == ""


def test_failure_is_a_sentence_and_keeps_the_old_one(base, tmp_path):
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "old.txt").write_text("kept")
    with pytest.raises(StillpointError, match=r"no [a-z]+.* for this Python"):
        installation.Installation(CPU, folder=folder, base=base, options=options(tmp_path / "nothing")).run()
    assert (folder / "old.txt").read_text() == "kept"
    assert [item.name for item in tmp_path.iterdir()] == ["engine"]


def test_cancel_leaves_nothing(base, tmp_path):
    seen = []

    def cancelled():
        return any("pip" in line for line in seen)

    with pytest.raises(Cancelled):
        installation.Installation(
            CPU, folder=tmp_path / "engine", base=base, options=options(tmp_path), log=seen.append, cancelled=cancelled
        ).run()
    assert list(tmp_path.iterdir()) == []


def test_too_little_disk(base, tmp_path, monkeypatch):
    monkeypatch.setattr(installation, "DISK_NEEDED", {"cpu": 2**60})
    with pytest.raises(StillpointError, match=r"GB free, but .* GB are needed"):
        installation.Installation(CPU, folder=tmp_path / "engine", base=base).run()


def test_folder_that_cannot_be_made(base, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StillpointError, match="cannot be written"):
        installation.Installation(CPU, folder=tmp_path / "file" / "x" / "engine", base=base).run()


def test_python_without_venv(tmp_path):
    program = tmp_path / "python3"
    program.write_text("#!/bin/sh\necho 'Error: ensurepip is not available'\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(StillpointError, match="apt install python3-venv"):
        installation.Installation(CPU, folder=tmp_path / "engine", base=program).run()


def test_builds_of_a_platform():
    assert [build.id for build in installation.builds("darwin")] == ["apple"]
    assert [build.id for build in installation.builds("linux")] == ["cpu", "cuda"]
    new = installation.builds("win32", cuda=(13, 0))
    assert [build.id for build in new] == ["cuda", "cpu"] and new[0].index.endswith("/cu130")
    assert installation.builds("linux", cuda=(12, 2))[0].index.endswith("/cu126")
    assert installation.builds("linux", cuda=(11, 4))[0].id == "cpu"  # too old for today's builds


def test_progress_of_pip_grows_with_the_bytes():
    progress = PipProgress()
    assert progress.line("Collecting torch>=2.2") == "Looking for torch>=2.2"
    assert progress.line("  Downloading https://x/torch-2.9.0-cp312-cp312-linux_x86_64.whl (900.0 MB)").startswith(
        "Downloading torch"
    )
    seen = []
    for done in (0, 450_000_000, 900_000_000):
        progress.line(f"Progress {done} of 900000000")
        seen.append(progress.fraction)
    assert seen[0] == 0.0 and seen[1] == pytest.approx(seen[2] / 2) and 0.6 < seen[2] < 0.8
    progress.line("Installing collected packages: torch")
    assert progress.fraction == 0.8
    assert progress.line("Successfully installed torch-2.9.0") == "Installed"
    assert progress.fraction == 1.0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying ... NewConnectionError: Temporary failure in name resolution", NO_NETWORK),
        ("ERROR: No matching distribution found for torch>=2.2", "There is no torch>=2.2 for this Python"),
        ("ERROR: something new", "cannot be installed: ERROR: something new"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "cannot be written"),
    ],
)
def test_failures_of_pip_in_words(line, sentence):
    assert sentence in explain_pip(["Collecting torch", line])


def test_proxy_of_qgis_is_used(qgis_app):
    from qgis.core import QgsSettings

    stored = QgsSettings()
    assert installation.proxy_variables() == {}
    stored.setValue("proxy/proxyEnabled", True)
    stored.setValue("proxy/proxyType", "HttpProxy")
    stored.setValue("proxy/proxyHost", "proxy.local")
    stored.setValue("proxy/proxyPort", "3128")
    try:
        assert installation.proxy_variables()["HTTPS_PROXY"] == "http://proxy.local:3128"
    finally:
        stored.remove("proxy")
