"""Makes pictures of the plugin in a real QGIS window: ``make screenshots`` or ``python -m tools.screenshots [FOLDER]``.

QGIS is started under Xvfb with a profile of its own in which the plugin is linked and switched on, opens the
demo project, and runs ``inside.py``. Nothing of the user's own profile is read or changed. The pictures that the
pages of ``docs/`` show are replaced, with ImageMagick at hand reduced to 256 colours.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess  # nosec B404
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Set

from stillpoint.tools.screenshots import inputs

ROOT = inputs.ROOT
INSIDE = Path(__file__).resolve().with_name("inside.py")
PICTURES = ROOT / "docs" / "pictures"
SCREEN = (1366, 768)
NAMES = (
    "map", "series-viewer", "series-compare", "class-overview", "classify-dialog", "export-dialog", "open-stack",
    "select-scatterers", "scatterers", "pixel-history", "select-interferograms", "triage-board", "triage-warning",
    "track-offsets", "offsets", "offset-profile", "train-model", "training-split", "training-map", "training-curves",
    "training-result", "review-start", "review-points", "review-pixels", "new-analysis", "new-analysis-change", "velocities",
    "estimate-series", "combine", "vertical-and-east", "report-dialog", "report", "models", "doctor", "tour",
)  # fmt: skip

_SETTINGS = f"""\
[PythonPlugins]
stillpoint=true

[stillpoint]
interpreter={sys.executable}
welcome-shown=yes

[qgis]
checkVersion=false
askToSaveMemoryLayers=false
showTips=false
newProjectDefault=false

[app]
projections\\unknownCrsBehavior=NoAction

[projections]
unknownCrsBehavior=NoAction

[Qgis]
checkVersion=false
"""


def make_profile(work: Path) -> Path:
    """Make a QGIS profile with the plugin linked and on; return the folder of profiles."""
    profile = work / "profiles" / "profiles" / "default"
    plugins = profile / "python" / "plugins"
    plugins.mkdir(parents=True)
    os.symlink(ROOT, plugins / "stillpoint", target_is_directory=True)
    (profile / "QGIS").mkdir()
    for name in ("QGIS3.ini", "QGIS4.ini"):
        (profile / "QGIS" / name).write_text(_SETTINGS, encoding="utf-8")
    return work / "profiles"


def command(project: Path, profiles: Path) -> List[str]:
    """Return the command that starts QGIS on a screen of its own."""
    for tool in ("xvfb-run", "qgis"):
        if shutil.which(tool) is None:
            raise SystemExit(f"make screenshots needs {tool}: make setup installs it, or your package manager does.")
    width, height = SCREEN
    return [
        "xvfb-run", "-a", "-s", f"-screen 0 {width}x{height}x24",
        "qgis", "--nologo", "--noversioncheck", "--hide-browser", "--profiles-path", str(profiles),
        "--code", str(INSIDE), str(project),
    ]


def shown(docs: Path = ROOT / "docs") -> Set[str]:
    """Return the names of the pictures that the pages and the README show."""
    pages = [*docs.glob("*.md"), ROOT / "README.md"]
    return {name for page in pages for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text(encoding="utf-8"))}


def shrink(picture: Path) -> None:
    """Reduce a picture to 256 colours, which makes it some four times smaller; leave it alone without ImageMagick."""
    tool = shutil.which("magick") or shutil.which("convert")
    if tool is None:
        return
    smaller = picture.with_suffix(".part")
    arguments = ["-strip", "-dither", "None", "-colors", "256", "-define", "png:compression-level=9", f"PNG8:{smaller}"]
    subprocess.run([tool, str(picture), *arguments], check=True)  # nosec B603
    if smaller.stat().st_size < picture.stat().st_size:
        os.replace(smaller, picture)
    else:
        smaller.unlink()


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Make the pictures and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "screenshots-output", help="where to put all the PNGs")
    parser.add_argument("--project", type=Path, help="a project with a classified layer; default: the demo's")
    parser.add_argument("--only", default="", help="some tours alone: names of modules in tools/screenshots/tours, with commas")
    parser.add_argument("--publish", action="store_true", help="also replace the pictures of docs/")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        if not options.only:
            (folder / f"{name}.png").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="survey-") as name:  # its name is seen in the dialogs
        work = Path(name)
        project = inputs.demo_project(options.project, work)
        told: Dict[str, str] = {
            **inputs.make(work), "folder": str(folder), "work": str(work), "project": str(project), "only": options.only,
        }  # fmt: skip
        environment = {**os.environ, "STILLPOINT_SCREENSHOTS": json.dumps(told), "XDG_RUNTIME_DIR": name}
        environment.pop("QT_QPA_PLATFORM", None)
        log = work / "qgis.log"
        with open(log, "w", encoding="utf-8") as stream:
            status = subprocess.run(  # nosec B603
                command(project, make_profile(work)), env=environment, stdout=stream, stderr=stream, timeout=1800
            ).returncode
        made = [folder / f"{name}.png" for name in NAMES if (folder / f"{name}.png").exists()]
        missing = [name for name in NAMES if folder / f"{name}.png" not in made]
        if status != 0 or (missing and not options.only):
            sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-6000:])
            sys.stderr.write(f"\nQGIS ended with status {status}; missing: {', '.join(missing) or 'none'}\n")
            return 1
    wanted = shown()
    for picture in made:
        shrink(picture)
        if options.publish and picture.stem in wanted:
            shutil.copyfile(picture, PICTURES / picture.name)
        sys.stdout.write(f"{picture}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
