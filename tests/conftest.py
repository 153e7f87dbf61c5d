"""Shared fixtures. QGIS is imported only by the fixtures that need it, so the engine's tests run without it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QGIS_CUSTOM_CONFIG_PATH", tempfile.mkdtemp(prefix="stillpoint-profile-"))

# The models and defaults of whoever runs the tests must not change what they find.
os.environ["STILLPOINT_MODELS"] = tempfile.mkdtemp(prefix="stillpoint-models-")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with the real products (see the variable STILLPOINT_DATA); skips where there is none."""
    folder = Path(os.environ.get("STILLPOINT_DATA", REPOSITORY.parent / "shared" / "data" / "real"))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; set STILLPOINT_DATA")
    return folder


@pytest.fixture(scope="session")
def qgis_app() -> Iterator[object]:
    """The one QgsApplication of the test session, with a profile of its own and no window."""
    core = pytest.importorskip("qgis.core", reason="QGIS's Python modules are not installed")
    from qgis.PyQt.QtCore import QCoreApplication

    QCoreApplication.setOrganizationName("stillpoint-tests")
    QCoreApplication.setApplicationName("stillpoint-tests")
    application = core.QgsApplication.instance()
    if application is None:
        application = core.QgsApplication([], True)
        core.QgsApplication.initQgis()
    yield application
    core.QgsProject.instance().clear()
    # QGIS keeps transforms until the process ends, when PROJ may have ended before them: that would be a crash.
    core.QgsCoordinateTransform.invalidateCache()


@pytest.fixture(scope="session")
def qapp(qgis_app: object) -> object:
    """Let pytest-qt's ``qtbot`` use QGIS's application instead of a plain QApplication."""
    return qgis_app


@pytest.fixture(scope="session")
def processing(qgis_app: object) -> object:
    """QGIS's Processing framework, initialised."""
    from qgis.core import QgsApplication

    folder = str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins")
    if folder not in sys.path:
        sys.path.append(folder)
    module = pytest.importorskip("processing", reason="QGIS's Processing plugin is not installed")
    from processing.core.Processing import Processing

    Processing.initialize()
    return module


@pytest.fixture
def qgis_iface(qgis_app: object, qtbot: object) -> Iterator[object]:
    """A stand-in for QGIS's interface: a main window with canvas, message bar, menus, toolbars and docks."""
    from qgis.core import QgsProject

    from .iface import Interface

    interface = Interface()
    yield interface
    interface.close()
    QgsProject.instance().clear()


@pytest.fixture
def real_engine(qgis_app: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """The door to the real engine, run by this interpreter; its workers end with the test."""
    pytest.importorskip("torch")
    from stillpoint.plugin import environment, runner

    monkeypatch.setenv(environment.VARIABLE, sys.executable)
    environment.forget()
    runner.close()  # a worker that an earlier test's dialog left is another engine
    yield runner
    runner.close()
    environment.forget()


@pytest.fixture
def fake_engine(qgis_app: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """The door to a quick fake engine that speaks the protocol; see tests/plugin/fake_engine.py."""
    from stillpoint.plugin import environment, runner

    def find(**options: object) -> environment.Interpreter:
        return environment.Interpreter(sys.executable, "variable", "3.11.0", {"torch": "9.9"})

    monkeypatch.setattr(runner, "LAUNCHER", REPOSITORY / "tests" / "plugin" / "fake_engine.py")
    monkeypatch.setattr(runner, "GRACE", 0.5)
    monkeypatch.setattr(environment, "find", find)
    monkeypatch.setattr(environment, "remembered", find)
    runner.close()  # a worker that an earlier test's dialog left is another engine
    yield runner
    runner.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
