"""Small inputs of every capability, and a job of each that takes a second or less."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

from stillpoint.models import dispatch
from stillpoint.models.jobs import (
    AssessScatterers,
    ClassifyTrends,
    Job,
    OpenStack,
    SelectInterferograms,
    SelectScatterers,
    Simulate,
    TrackOffsets,
)
from stillpoint.models.progress import SILENT

POINTS, SCENE, NETWORK, PAIR, PRODUCT = "points.gpkg", "scene.tif", "network.tif", "pair.tif", "product"

def make_inputs(folder: Path) -> Path:
    """Simulate points, a scene, a small-baseline network and a pair of images into ``folder``; return it."""
    from stillpoint.tests.models.rasters import makers

    wanted = (
        Simulate(output=str(folder / POINTS), points=300, dates=40),
        Simulate(output=str(folder / "points.csv"), points=300, dates=40),
        Simulate(what="scene", output=str(folder / "scene_points.csv"), stack=str(folder / SCENE), size=64, dates=14),
        Simulate(what="interferograms", output=str(folder / NETWORK), size=64, dates=8),
        Simulate(what="offsets", output=str(folder / PAIR), size=128),
    )
    for job in wanted:
        dispatch.run(job, SILENT)
    dispatch.run(
        SelectScatterers(stack=str(folder / SCENE), output=str(folder / "mask.tif"), points=str(folder / "ps.gpkg")), SILENT
    )
    makers.geotiffs(folder / PRODUCT)
    return folder


def _trends(ending: str, **more: Any) -> Callable[[Path, Path], Job]:
    return lambda given, out: ClassifyTrends(points=str(given / POINTS), output=str(out / f"trends{ending}"), **more)


def _scatterers(given: Path, out: Path, **more: Any) -> Job:
    return SelectScatterers(
        stack=str(given / SCENE), output=str(out / "mask.tif"), probability=str(out / "probability.tif"),
        points=str(out / "ps.gpkg"), noise=str(out / "noise.tif"), **more,
    )


def _interferograms(given: Path, out: Path, **more: Any) -> Job:
    return SelectInterferograms(
        stack=str(given / NETWORK), table=str(out / "table.csv"), output=str(out / "kept.tif"), weights=str(out / "weights.tif"),
        lists=str(out / "lists"), velocity=str(out / "velocity.tif"), **more,
    )


def _assessment(given: Path, out: Path) -> Job:
    return AssessScatterers(
        masks=(str(given / "mask.tif"),), output=str(out / "assessed.csv"), report=str(out / "assessed.html"),
        density=str(out / "density.tif"), zones=str(given / "scene_cover.tif"),
    )


CASES: Dict[str, Callable[[Path, Path], Job]] = {
    "trends": _trends(".gpkg"),
    "trends-csv": _trends(".csv", series="columns"),
    "trends-shapefile": _trends(".shp"),
    "trends-parquet": _trends(".parquet", method="statistical"),
    "trends-flatgeobuf": _trends(".fgb", method="statistical"),
    "scatterers": _scatterers,
    "scatterers-dispersion": lambda given, out: SelectScatterers(
        stack=str(given / SCENE), output=str(out / "mask.tif"), points=str(out / "ps.csv"), method="amplitude_dispersion"
    ),
    "interferograms": _interferograms,
    "interferograms-loops": lambda given, out: SelectInterferograms(
        stack=str(given / NETWORK), table=str(out / "table.csv"), output=str(out / "kept.vrt"), method="loop_closure"
    ),
    "offsets": lambda given, out: TrackOffsets(reference=str(given / PAIR), output=str(out / "offsets.tif")),
    "open-stack": lambda given, out: OpenStack(sources=(str(given / PRODUCT),), output=str(out / "stack.tif")),
    "open-stack-vrt": lambda given, out: OpenStack(sources=(str(given / PRODUCT),), output=str(out / "stack.vrt")),
    "assess": _assessment,
    "simulate": lambda given, out: Simulate(output=str(out / "valley.gpkg"), points=300, dates=20, terrain=str(out / "dem.tif")),
    "simulate-scene": lambda given, out: Simulate(
        what="scene", output=str(out / "points.csv"), stack=str(out / "scene.tif"), size=64, dates=6
    ),
    "simulate-network": lambda given, out: Simulate(what="interferograms", output=str(out / "network.tif"), size=64, dates=6),
    "simulate-pair": lambda given, out: Simulate(what="offsets", output=str(out / "pair.tif"), size=96),
}
"""A job by its short name: a function of the folder of the inputs and of an empty folder for the outputs."""

MAIN = ("trends", "scatterers", "interferograms", "offsets", "open-stack")
"""One case a capability, for what is too slow to be done with all of them."""


@dataclass(frozen=True)
class Content:
    """What a file holds, in a form in which two runs of the same job agree."""

    kind: str
    value: Any


def content(path: Path) -> Content:
    """Read ``path`` to its end and return what it holds; raise where it is not complete."""
    import numpy as np
    from osgeo import gdal, ogr

    ending = path.suffix.lower()
    if ending in (".tif", ".vrt"):
        with _exceptions():
            dataset = gdal.OpenEx(str(path), gdal.OF_RASTER)
            values = dataset.ReadAsArray()
        return Content("raster", (values.shape, np.nan_to_num(values, nan=-9.0).tobytes()))
    if ending in (".gpkg", ".shp", ".fgb", ".parquet"):
        if ending == ".parquet":
            import pyarrow.parquet as parquet

            return Content("points", parquet.read_table(path).num_rows)
        source = ogr.Open(str(path))
        if source is None or not source.GetLayerCount():
            raise AssertionError(f"{path.name} cannot be opened")
        layer = source.GetLayer(0)
        return Content("points", sum(1 for _ in layer))
    if ending in (".csv", ".txt", ".list", ".template"):
        return Content("lines", path.read_text(encoding="utf-8").count("\n"))
    if ending == ".html":
        text = path.read_text(encoding="utf-8")
        return Content("page", text.rstrip().endswith("</html>"))
    return Content("file", path.stat().st_size > 0)


@contextmanager
def _exceptions() -> Iterator[None]:
    """GDAL's exceptions for a while; its own manager for that came with 3.7."""
    from osgeo import gdal

    before = gdal.GetUseExceptions()
    gdal.UseExceptions()
    try:
        yield
    finally:
        if not before:
            gdal.DontUseExceptions()


def contents(folder: Path) -> Dict[str, Content]:
    """Return what every file in ``folder`` holds, by its path in it; the small print of GDAL and shapefiles is left out."""
    skipped = (".xml", ".dbf", ".shx", ".prj", ".cpg", ".json")
    return {
        str(path.relative_to(folder)): content(path)
        for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in skipped
    }  # fmt: skip


def left(folder: Path) -> List[str]:
    """Return all names in ``folder``, at any depth."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def sentence(text: str) -> bool:
    """Whether ``text`` is for people: a sentence, without the names that only programmers know."""
    foreign = ("Traceback", "Errno", "NoneType", "ndarray", "AttributeError", "TypeError", "KeyError", "engine failed")
    return text.rstrip().endswith((".", ")", "?")) and len(text) > 15 and not any(word in text for word in foreign)

