"""Makes pictures of the plugin in a real QGIS window: ``make screenshots`` or ``make_screenshots.py [FOLDER]``.

QGIS is started under Xvfb with a profile of its own in which the plugin is linked and switched on, opens the
demo project, and runs ``screenshot_tour.py`` from inside. Nothing of the user's own profile is read or changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess  # nosec B404
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence

ROOT = Path(__file__).resolve().parents[1]
TOUR = Path(__file__).resolve().with_name("screenshot_tour.py")
SCREEN = (1366, 768)
PICTURES = (
    "map", "series-viewer", "series-compare", "class-overview", "classify-dialog", "export-dialog", "open-stack",
    "select-scatterers", "scatterers", "pixel-history", "select-interferograms", "triage-board", "triage-warning",
    "track-offsets", "offsets", "offset-profile", "train-model", "training-split", "training-map",
    "new-analysis", "new-analysis-change",
    "training-curves", "training-result", "review-start", "review-points", "review-pixels",
)  # fmt: skip

_SETTINGS = f"""\
[PythonPlugins]
stillpoint=true

[stillpoint]
interpreter={sys.executable}
welcome-shown=yes
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


def demo_project(given: Optional[Path], work: Path) -> Path:
    """Return the project to open: the one given, that of an earlier ``make demo``, or one made now."""
    if given is not None:
        return given.resolve()
    found = sorted((ROOT / "demo-output").glob("*.qgz"))
    if found:
        return found[0]
    demo = [sys.executable, "-m", "stillpoint.plugin.demo", "--output", str(work / "demo")]
    subprocess.run(demo, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})  # nosec B603
    return next((work / "demo").glob("*.qgz"))


def demo_stack(work: Path) -> Path:
    """Simulate a small city as a stack of radar images; return its path."""
    stack = work / "city" / "city.tif"
    stack.parent.mkdir()
    scene = ["simulate", "scene", "--output", str(stack.with_name("true scatterers.gpkg")), "--stack", str(stack),
             "--size", "300", "--dates", "24"]  # fmt: skip
    subprocess.run([sys.executable, "-m", "stillpoint.models", *scene], check=True, stdout=subprocess.DEVNULL)  # nosec B603
    return stack


def demo_network(work: Path) -> Path:
    """Simulate a small-baseline stack; return its path."""
    stack = work / "network" / "network.tif"
    stack.parent.mkdir()
    network = ["simulate", "interferograms", "--output", str(stack)]
    subprocess.run([sys.executable, "-m", "stillpoint.models", *network], check=True, stdout=subprocess.DEVNULL)  # nosec B603
    return stack


def demo_surge(work: Path) -> Path:
    """Simulate two images of a glacier; return their stack."""
    stack = work / "surge" / "surge.tif"
    stack.parent.mkdir()
    surge = ["simulate", "offsets", "--output", str(stack)]
    subprocess.run([sys.executable, "-m", "stillpoint.models", *surge], check=True, stdout=subprocess.DEVNULL)  # nosec B603
    return stack


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
        "--code", str(TOUR), str(project),
    ]


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Make the pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "screenshots-output", help="where to put the PNGs")
    parser.add_argument("--project", type=Path, help="a project with a classified layer; default: the demo's")
    tours = "trends, scatterers, interferograms, offsets, training, review, analysis"
    parser.add_argument("--only", default="", help=f"one tour alone: {tours}")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stillpoint-screenshots-") as name:
        work = Path(name)
        project = demo_project(options.project, work)
        log = work / "qgis.log"
        environment: Dict[str, str] = {
            **os.environ, "STILLPOINT_TOUR": str(folder), "STILLPOINT_TOUR_STACK": str(demo_stack(work)),
            "STILLPOINT_TOUR_NETWORK": str(demo_network(work)), "STILLPOINT_TOUR_SURGE": str(demo_surge(work)),
            "STILLPOINT_TOUR_PROJECT": str(project), "STILLPOINT_TOUR_ONLY": options.only, "XDG_RUNTIME_DIR": str(work),
        }  # fmt: skip
        environment.pop("QT_QPA_PLATFORM", None)
        work.chmod(0o700)
        with open(log, "w", encoding="utf-8") as stream:
            status = subprocess.run(  # nosec B603
                command(project, make_profile(work)), env=environment, stdout=stream, stderr=stream, timeout=480
            ).returncode
        made = [folder / f"{name}.png" for name in PICTURES if (folder / f"{name}.png").exists()]
        if status != 0 or (len(made) < len(PICTURES) and not options.only):
            sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-4000:])
            missing = ", ".join(name for name in PICTURES if folder / f"{name}.png" not in made)
            sys.stderr.write(f"\nQGIS ended with status {status}; missing: {missing or 'none'}\n")
            return 1
    for picture in made:
        sys.stdout.write(f"{picture}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
