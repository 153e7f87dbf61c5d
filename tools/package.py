"""Builds the zip for QGIS's plugin repository and checks it as the repository does.

``python -m tools.package [--output dist/stillpoint.zip]``: exit status 1 where the repository would
refuse it. Bandit and detect-secrets run over the zip's own content, not over the tree.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Dict, Iterator, List, Sequence
from urllib.parse import urlparse

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "stillpoint"
MAXIMUM_BYTES = 25_000_000

FILES = ("__init__.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml")
FOLDERS = ("models", "plugin", "ui")
SUFFIXES = {
    "", ".py", ".txt", ".md", ".toml", ".svg", ".png", ".qml", ".sld", ".safetensors", ".json", ".ts", ".qm", ".csv",
}

REQUIRED = (
    "name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository",
)
LINKS = {"tracker": "http://bugs", "repository": "http://repo", "homepage": "http://homepage"}
"""Keys that must be links, and the text of the template that the repository refuses."""

_LOCAL_PATH = re.compile(r"(?<![\w/.])/(?:home|root|work|Users|tmp)/[\w.-]+")


def contents(root: Path = ROOT) -> Iterator[Path]:
    """Yield the files of the package, relative to ``root``, sorted."""
    for name in FILES:
        if (root / name).is_file():
            yield Path(name)
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            relative = file.relative_to(root)
            hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
            if file.is_file() and not hidden and file.suffix in SUFFIXES and not _is_partial(file):
                yield relative


def _is_partial(file: Path) -> bool:
    """Return True for a half-written file of a training that goes on."""
    return ".tmp" in file.name or ".part" in file.name


def build(output: Path, root: Path = ROOT) -> Path:
    """Write the zip; the same tree gives the same bytes."""
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f"{output.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for relative in contents(root):
                entry = zipfile.ZipInfo(str(PurePosixPath(PACKAGE, *relative.parts)), (2020, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, (root / relative).read_bytes())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
    return output


def metadata_of(text: str) -> Dict[str, str]:
    """Return the section ``general`` of a ``metadata.txt``, keys as they are written."""
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return dict(parser.items("general"))


def check_archive(path: Path) -> List[str]:
    """Return what the plugin repository would refuse, by its own rules (their site's ``validator.py``), and ours."""
    wrong: List[str] = []
    size = path.stat().st_size
    if size > MAXIMUM_BYTES:
        wrong.append(f"the zip has {size:,} bytes; the repository takes {MAXIMUM_BYTES:,}")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if archive.testzip():
            wrong.append("the zip is damaged")
        for name in names:
            parts = name.split("/")
            if parts[0] != PACKAGE:
                wrong.append(f"{name} is outside the folder {PACKAGE}")
            if ".." in name or name.startswith("/") or "\\" in name or name.endswith(".pyc"):
                wrong.append(f"{name} has a name that the repository refuses")
            unwanted = {"__MACOSX", ".git", "__pycache__", "tests", "benchmarks", "docs", "tools", ".venv"}
            if unwanted.intersection(parts):
                wrong.append(f"{name} does not belong into the package")
        for needed in ("__init__.py", "metadata.txt", "LICENSE"):
            if f"{PACKAGE}/{needed}" not in names:
                wrong.append(f"{needed} is missing")
        if f"{PACKAGE}/metadata.txt" in names:
            text = archive.read(f"{PACKAGE}/metadata.txt").decode("utf-8")
            wrong += check_metadata(metadata_of(text), names)
        for name in names:
            if name.endswith((".py", ".txt", ".md", ".toml", ".qml")):
                for line, text in enumerate(archive.read(name).decode("utf-8").splitlines(), 1):
                    if _LOCAL_PATH.search(text):
                        wrong.append(f"{name}:{line} has a path of one machine")
    return wrong


def check_metadata(metadata: Dict[str, str], names: Sequence[str]) -> List[str]:
    """Return what is wrong with the metadata of a package that holds the files ``names``."""
    wrong = [f"metadata.txt lacks {key}" for key in REQUIRED if not metadata.get(key, "").strip()]
    for key, template in LINKS.items():
        link = urlparse(metadata.get(key, ""))
        if metadata.get(key) == template or not (link.scheme in ("http", "https") and link.netloc):
            wrong.append(f"{key} in metadata.txt is no link")
    if "/" in metadata.get("author", ""):
        wrong.append("author in metadata.txt has a slash")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", metadata.get("email", "")):
        wrong.append("email in metadata.txt is no address")
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?", metadata.get("version", "")):
        wrong.append("version in metadata.txt is no version")
    if f"{PACKAGE}/{metadata.get('icon', '?')}" not in names:
        wrong.append("the icon that metadata.txt names is not in the package")
    return wrong


def bandit_findings(folder: Path) -> List[str]:
    """Return bandit's findings of any severity in ``folder``."""
    command = [sys.executable, "-m", "bandit", "--quiet", "--recursive", "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return [f"bandit did not run: {done.stderr.strip()}"]
    report = json.loads(done.stdout)
    found = [
        f"{Path(item['filename']).relative_to(folder)}:{item['line_number']}: {item['test_id']} {item['issue_text']}"
        for item in report["results"]
    ]
    return found + [f"bandit could not read {item['filename']}: {item['reason']}" for item in report["errors"]]


def secret_findings(folder: Path) -> List[str]:
    """Return what detect-secrets takes for a secret in ``folder``."""
    command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return [f"detect-secrets did not run: {done.stderr.strip()}"]
    report = json.loads(done.stdout)["results"]
    return [f"{name}:{item['line_number']}: {item['type']}" for name, items in report.items() for item in items]


def check_security(path: Path) -> List[str]:
    """Return the findings of bandit and detect-secrets in the zip's content; either blocks a publication."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return bandit_findings(Path(folder)) + secret_findings(Path(folder))


def main(argv: Sequence[str]) -> int:
    """Build and check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / f"{PACKAGE}.zip")
    output = parser.parse_args(argv).output
    build(output)
    wrong = check_archive(output) + check_security(output)
    for sentence in wrong:
        print(sentence)
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB, {len(wrong)} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
