"""``make demo``: trends of a valley, scatterers of a city, interferograms, a glacier surge, all simulated; or a file of yours.

Runs in any Python that has PyQGIS, without a window: ``python -m stillpoint.plugin.demo [--data FILE]``.
The engine does its part in a process of its own, as it does for QGIS.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Sequence, Set

import numpy as np
from qgis.core import QgsApplication, QgsFeatureRequest, QgsMapLayer, QgsProject, QgsVectorLayer

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import ClassifyTrends, Job, Result, Simulate
from stillpoint.models.trends.classes import NAMES, NOT_CLASSIFIED
from stillpoint.plugin import (
    demo_interferograms,
    demo_interferograms_map,
    demo_map,
    demo_offsets,
    demo_offsets_map,
    demo_scatterers,
    demo_scatterers_map,
    environment,
    export,
    facts,
    layers,
    runner,
    scatterers,
)

POINTS, DATES, SEED = 20_000, 139, 1


@dataclass(frozen=True)
class Agreement:
    """How a classification compares with the known truth.

    Attributes
    ----------
    confusion
        int64, shape (5, 6): true class by row, given class by column, the last column not classified.
    """

    confusion: np.ndarray

    @property
    def accuracy(self) -> float:
        """Share of all points that got their true class; a point without a class counts as wrong."""
        return float(np.trace(self.confusion) / max(self.confusion.sum(), 1))

    @property
    def recalls(self) -> np.ndarray:
        """Share of the points of each true class that got it, shape (5,); NaN where there is none."""
        totals = self.confusion.sum(axis=1).astype(np.float64)
        return np.divide(np.diag(self.confusion), totals, out=np.full(len(totals), np.nan), where=totals > 0)

    def table(self) -> str:
        """Return the confusion matrix for people."""
        heads = [*(name.replace("Phase unwrapping", "Unwr.") for name in NAMES), NOT_CLASSIFIED]
        lines = [f"{'truth':<24}" + "".join(f"{head:>15}" for head in heads) + f"{'recall':>9}"]
        for name, row, recall in zip(NAMES, self.confusion, self.recalls):
            lines.append(f"{name:<24}" + "".join(f"{count:>15,}" for count in row) + f"{recall:>9.1%}")
        return "\n".join(lines)


def agreement(layer: QgsVectorLayer) -> Agreement:
    """Compare the fields ``trend_code`` and ``true_code`` of a layer."""
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes(["trend_code", "true_code"], layer.fields())
    confusion = np.zeros((len(NAMES), len(NAMES) + 1), np.int64)
    for feature in layer.getFeatures(request):
        given, true = feature["trend_code"], feature["true_code"]
        confusion[int(true), int(given) if isinstance(given, int) else len(NAMES)] += 1
    return Agreement(confusion)


class _Engine:
    """Runs jobs one after the other and shows how far they are where somebody looks."""

    def __init__(self) -> None:
        # The demo runs in the environment that `make setup` made, or where the user says.
        chosen = os.environ.get(environment.VARIABLE) or sys.executable
        self._interpreter = environment.Interpreter(chosen, "variable")
        self._shown = sys.stderr.isatty()
        self._said: Set[str] = set()

    def run(self, job: Job) -> Result:
        """Do ``job``; its warnings are printed, each once."""
        try:
            result = runner.run(job, report=self._report, interpreter=self._interpreter)
        finally:
            if self._shown:
                sys.stderr.write("\r" + " " * 78 + "\r")
        for sentence in result.warnings:
            if sentence not in self._said:
                print(f"Note: {sentence}")
            self._said.add(sentence)
        return result

    def _report(self, fraction: float, message: str) -> None:
        if self._shown:
            sys.stderr.write(f"\r{fraction:5.0%}  {message[:68]:<70}")
            sys.stderr.flush()


def simulated(engine: _Engine, folder: Path, points: int) -> tuple[Path, Path, float]:
    """Simulate the valley into ``folder``; return its points, its terrain and the wavelength."""
    data, terrain = folder / "valley.gpkg", folder / "valley_terrain.tif"
    print(f"Simulating a valley: {points:,} points, {DATES} dates")
    result = engine.run(
        Simulate(what="valley", output=str(data), points=points, dates=DATES, seed=SEED, terrain=str(terrain))
    )
    return data, terrain, float(result.details["wavelength"])


def stem_of(data: Path) -> str:
    """Return the name that the results of a file get: without its extensions."""
    name = data.name
    known = (*demo_scatterers.POINT_FILES, *demo_scatterers.HDF5_FILES, *demo_scatterers.STACK_FILES)
    while Path(name).suffix.lower() in known:
        name = Path(name).stem
    return name or data.name


def publish(
    result: Result, job: ClassifyTrends, terrain: Optional[Path], folder: Path, stem: str
) -> tuple[Path, Path, Optional[Agreement]]:
    """Make shapefile, project and picture; return the last two, and the agreement with the truth where it is known."""
    project = QgsProject.instance()
    project.clear()
    added = layers.add_result_layers(result, job, project=project)
    points = added[0]
    shape = export.run(export.prepare(points, str(folder / f"{stem}_trends.shp")))
    for sentence in shape.notes:
        print(f"Shapefile: {sentence}")
    truth = agreement(points) if terrain is not None else None
    relief = [demo_map.add_relief(project, str(terrain))] if terrain is not None else []
    project.setCrs(demo_map.metric_crs(points, project))
    extent = demo_map.view_of(relief or added, project, margin=0.97 if relief else 1.08)
    demo_map.set_view(project, extent)
    demo_map.fit_markers(points, extent)
    title = "A simulated valley" if truth else stem
    project.setTitle(f"Stillpoint: {title}")
    lines = [f"Trend of {points.featureCount():,} displacement series"]
    span = facts.facts_of(points).dates
    if span is not None and len(span):
        lines.append(f"{len(span)} dates, {span[0]} to {span[-1]}")
    if truth:
        lines.append("Three landslides, a town, unwrapping errors")
    page = demo_map.add_page(
        project,
        title=title,
        lines=lines,
        figure=f"{truth.accuracy:.1%}" if truth else "",
        figure_text="of the points got their true class" if truth else "",
        layers=demo_map.layers_from_top(project),
        points=added,
        extent=extent,
    )
    picture, file = folder / f"{stem}.png", folder / f"{stem}.qgz"
    demo_map.export_png(page, picture)
    write_project(project, file)
    return file, picture, truth


def publish_city(city: demo_scatterers.City, file: Path, picture: Path) -> None:
    """Add the city to the project that is open, write that to ``file``, and draw the city."""
    project = QgsProject.instance()
    group = demo_scatterers_map.add_city(project, city)
    demo_scatterers_map.draw_city(project, city, group, picture)
    project.setTitle("Stillpoint: a simulated valley and a simulated city")
    write_project(project, file)


def publish_network(network: demo_interferograms.Network, file: Path, picture: Path) -> None:
    """Add the interferograms to the project that is open, write that to ``file``, and draw what was selected."""
    project = QgsProject.instance()
    group = demo_interferograms_map.add_network(project, network)
    demo_interferograms_map.draw_network(project, network, group, picture)
    write_project(project, file)


def publish_surge(surge: demo_offsets.Surge, file: Path, picture: Path) -> None:
    """Add the offsets of the glacier to the project that is open, write that to ``file``, and draw the surge."""
    project = QgsProject.instance()
    group = demo_offsets_map.add_surge(project, surge)
    demo_offsets_map.draw_surge(project, surge, group, picture)
    write_project(project, file)


def publish_stack(selection: demo_scatterers.Selection, folder: Path, stem: str) -> tuple[Path, Path]:
    """Make project and picture of a selection in a stack of the user's."""
    project = QgsProject.instance()
    project.clear()
    added = layers_of(selection, project)
    points, below = added[0], added[-1]
    project.setCrs(demo_map.metric_crs(below, project))
    extent = demo_map.view_of([below], project)
    demo_map.set_view(project, extent)
    project.setTitle(f"Stillpoint: {stem}")
    told = selection.result.details
    page = demo_map.add_page(
        project,
        title=stem,
        lines=[f"Persistent scatterers by {selection.title}", f"{told['dates']} dates, {told['pixels']:,} pixels"],
        figure=f"{told['selected']:,}",
        figure_text="persistent scatterers; their probability above",
        layers=[points, below],
        points=[points],
        extent=extent,
    )
    picture, file = folder / f"{stem}.png", folder / f"{stem}.qgz"
    demo_map.export_png(page, picture)
    write_project(project, file)
    return file, picture


def layers_of(selection: demo_scatterers.Selection, project: QgsProject) -> List[QgsMapLayer]:
    """Add the layers of a selection to the project and return them, the topmost first."""
    return scatterers.add_scatterer_layers(selection.result, selection.job, project=project)


def write_project(project: QgsProject, file: Path) -> None:
    """Write the project; raise a StillpointError where that is not possible."""
    if not project.write(str(file)):
        raise StillpointError(f"The project {file} cannot be written: {project.error()}")


def demo(
    data: Optional[Path],
    folder: Path,
    *,
    points: int = POINTS,
    method: str = "default",
    size: int = demo_scatterers.SIZE,
    images: int = demo_scatterers.DATES,
) -> List[Path]:
    """Run the demo and return the files that it wrote.

    Parameters
    ----------
    data
        File of points, or file or folder of a stack; None simulates a valley, a city, a network of interferograms
        and a glacier surge.
    folder
        Gets the results.
    points
        Of the simulated valley.
    method
        Of the classification, or of the selection in a stack of the user's.
    size, images
        Rows and columns of the simulated city, and how many images there are of it.

    Raises
    ------
    StillpointError
        The file cannot be read or the folder not written to.
    """
    began = time.monotonic()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StillpointError(f"The folder {folder} cannot be made: {error.strerror}.") from None
    engine = _Engine()
    if data is not None and demo_scatterers.is_stack(engine.run, data):
        stem = stem_of(data)
        selection = demo_scatterers.stack_of_yours(engine.run, data, folder, stem, method=method)
        project, picture = publish_stack(selection, folder, stem)
        files = [*(Path(path) for path in selection.result.outputs.values()), project, picture]
    else:
        project, files = trends(engine, data, folder, points=points, method=method)
    if data is None:
        print()
        city = demo_scatterers.city(engine.run, folder / "city", size=size, dates=images)
        picture = folder / "city.png"
        publish_city(city, project, picture)
        print()
        print(city.table())
        files += [*city.files, picture]
        print()
        network = demo_interferograms.network(engine.run, folder / "interferograms", size=min(size, demo_interferograms.SIZE))
        picture = folder / "interferograms.png"
        publish_network(network, project, picture)
        print()
        print(network.text())
        files += [*network.files, picture]
        print()
        surge = demo_offsets.surge(engine.run, folder / "surge", size=min(max(size, 256), demo_offsets.SIZE))
        picture = folder / "surge.png"
        publish_surge(surge, project, picture)
        print()
        print(surge.table())
        files += [*surge.files, picture]
    print()
    print(f"All in {time.monotonic() - began:.0f} s. Open the project with: qgis {project}")
    for file in files:
        print(f"  {file}")
    return files


def trends(
    engine: _Engine, data: Optional[Path], folder: Path, *, points: int, method: str
) -> tuple[Path, List[Path]]:
    """Classify points, of a valley simulated for that where ``data`` is None; return the project and all files."""
    terrain: Optional[Path] = None
    wavelength: Optional[float] = None
    if data is None:
        data, terrain, wavelength = simulated(engine, folder, points)
    stem = stem_of(data)
    print(f"Classifying {data.name}")
    files = [folder / f"{stem}_trends.gpkg", folder / f"{stem}_trends.shp"]
    job = ClassifyTrends(points=str(data), output=str(files[0]), method=method, wavelength=wavelength)
    result = engine.run(job)
    print(result.summary)
    project, picture, truth = publish(result, job, terrain, folder, stem)
    if truth is not None:
        print()
        print(truth.table())
        classified = truth.confusion[:, :-1].sum() / max(truth.confusion.sum(), 1)
        print(f"True class: {truth.accuracy:.2%} of all points; {classified:.2%} were given a class")
    return project, [*files, project, picture]


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the demo from the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="Points or a stack of yours instead of valley and city.")
    parser.add_argument("--output", type=Path, default=Path("demo-output"), help="Folder for the results.")
    parser.add_argument("--points", type=int, default=POINTS, help="How many points to simulate.")
    parser.add_argument("--method", default="default", help="As of classify-trends, or of select-scatterers for a stack.")
    parser.add_argument("--size", type=int, default=demo_scatterers.SIZE, help="Rows and columns of the simulated city.")
    parser.add_argument("--images", type=int, default=demo_scatterers.DATES, help="How many images there are of it.")
    arguments = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="stillpoint-demo-") as profile:
        # A profile of its own: the demo neither reads nor changes that of the user.
        os.environ.setdefault("QGIS_CUSTOM_CONFIG_PATH", profile)
        application = QgsApplication([], True)
        application.initQgis()
        try:
            data = arguments.data.resolve() if arguments.data else None
            demo(
                data, arguments.output.resolve(), points=arguments.points, method=arguments.method, size=arguments.size,
                images=arguments.images,
            )
        except Cancelled:
            return 130
        except StillpointError as error:
            print(f"make demo: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
        finally:
            runner.close()
            QgsProject.instance().clear()
            application.exitQgis()
    return 0


if __name__ == "__main__":
    sys.exit(main())
