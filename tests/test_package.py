from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from stillpoint.models import __version__
from tools import package

ROOT = Path(__file__).resolve().parent.parent
METADATA = package.metadata_of((ROOT / "metadata.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package.build(tmp_path_factory.mktemp("dist") / "stillpoint.zip")


def test_the_plugin_repository_would_take_it(archive: Path) -> None:
    assert package.check_archive(archive) == []


def test_the_zip_holds_the_plugin_and_the_engine(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
    assert {"stillpoint/__init__.py", "stillpoint/models/jobs/__init__.py", "stillpoint/models/launch.py"} <= names
    written = [path for part in package.FOLDERS for path in (ROOT / part).rglob("*.py")]
    sources = {f"stillpoint/{path.relative_to(ROOT)}" for path in written}
    assert sources <= names
    assert not [name for name in names if re.search(r"__pycache__|\.pyc$|/tests/|\.git", name)]


def test_the_same_tree_gives_the_same_zip(archive: Path, tmp_path: Path) -> None:
    assert package.build(tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_version_is_told_once() -> None:
    assert METADATA["version"] == __version__
    assert f"[{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_metadata_says_what_qgis_asks() -> None:
    assert METADATA["hasProcessingProvider"] == "yes"
    assert METADATA["qgisMinimumVersion"] == "3.22"
    assert METADATA["qgisMaximumVersion"] == "4.99"
    assert METADATA["supportsQt6"] == "True"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("about", "", "lacks about"),
        ("tracker", "http://bugs", "tracker"),
        ("repository", "somewhere", "repository"),
        ("author", "a/b", "slash"),
        ("email", "nobody", "email"),
        ("icon", "none.png", "icon"),
        ("version", "soon", "version"),
    ],
)
def test_metadata_that_the_repository_refuses_is_found(key: str, value: str, says: str) -> None:
    names = [f"stillpoint/{METADATA['icon']}"]
    assert package.check_metadata(METADATA, names) == []
    wrong = package.check_metadata({**METADATA, key: value}, names)
    assert any(says in sentence for sentence in wrong)


def test_a_finding_of_the_security_checks_is_found(tmp_path: Path) -> None:
    (tmp_path / "stillpoint").mkdir()
    bad = "import subprocess\nsubprocess.call('ls', shell=True)\naws = 'AKIA" + "2E0A8F3B244C9986'\n"
    (tmp_path / "stillpoint" / "bad.py").write_text(bad)
    archive = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(tmp_path / "stillpoint" / "bad.py", "stillpoint/bad.py")
    found = package.check_security(archive)
    assert any("B602" in sentence for sentence in found)
    assert any("AWS" in sentence for sentence in found)


def test_what_does_not_belong_is_found(archive: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "stillpoint.zip"
    shutil.copy(archive, spoiled)
    with zipfile.ZipFile(spoiled, "a") as opened:
        opened.writestr("stillpoint/tests/test_x.py", "")
        opened.writestr("elsewhere.txt", "")
        opened.writestr("stillpoint/plugin/own.py", "path = '/ho" + "me/somebody/x'\n")
    wrong = "\n".join(package.check_archive(spoiled))
    assert "tests/test_x.py does not belong" in wrong
    assert "elsewhere.txt is outside" in wrong
    assert "own.py:1 has a path" in wrong


def test_every_package_of_the_engine_is_installed_by_pip() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    folders = [path.parent.relative_to(ROOT) for path in (ROOT / "models").rglob("__init__.py")]
    for folder in folders:
        assert f'"stillpoint.{".".join(folder.parts)}"' in text
