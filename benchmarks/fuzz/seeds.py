"""Small valid files of every format, which the mutations start from."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Dict, List

import numpy as np

from stillpoint.models import dispatch
from stillpoint.models.jobs import SelectInterferograms, SelectScatterers, Simulate
from stillpoint.models.progress import SILENT

POINT_ENDINGS = (".csv", ".gpkg", ".shp", ".fgb", ".parquet")


def make(folder: Path) -> Dict[str, List[Path]]:
    """Write the files into ``folder`` and return them by the name of their target; a product is a folder."""
    from stillpoint.tests.models.rasters import makers

    found: Dict[str, List[Path]] = {
        "points": _points(folder / "points"), "stack": [], "tables": [], "labels": [], "trend labels": [], "masks": [],
    }  # fmt: skip
    products = folder / "products"
    made = {
        "snap": makers.snap_stamps, "gamma": makers.gamma, "isce2": makers.isce2, "licsar": makers.licsar, "hyp3": makers.hyp3,
        "opera": makers.opera, "envi": makers.envi, "geotiffs": makers.geotiffs,
    }
    for name, maker in made.items():
        (products / name).mkdir(parents=True)
        maker(products / name)
    for name in ("mintpy_ifgrams", "mintpy_slcs"):
        (products / name).mkdir()
        getattr(makers, name)(products / name / f"{'ifgramStack' if 'ifgrams' in name else 'slcStack'}.h5")
    found["products"] = sorted(path for path in products.iterdir())
    rasters = folder / "rasters"
    rasters.mkdir()
    dispatch.run(Simulate(what="interferograms", output=str(rasters / "network.tif"), size=64, dates=6), SILENT)
    job = SelectInterferograms(
        stack=str(rasters / "network.tif"), table=str(rasters / "table.csv"), output=str(rasters / "kept.vrt"), method="coherence"
    )
    dispatch.run(job, SILENT)
    scene = Simulate(what="scene", output=str(rasters / "true.gpkg"), stack=str(rasters / "scene.tif"), size=64, dates=5)
    dispatch.run(scene, SILENT)
    chosen = SelectScatterers(stack=str(rasters / "scene.tif"), output=str(rasters / "mask.tif"), points=str(rasters / "ps.gpkg"),
                              method="amplitude_dispersion")  # fmt: skip
    dispatch.run(chosen, SILENT)
    found["stack"] = [rasters / "network.tif", rasters / "kept.vrt", rasters / "scene_truth.tif"]
    found["tables"] = [rasters / "table.csv"]
    found["labels"] = [rasters / "mask.tif", rasters / "ps.gpkg", rasters / "true.gpkg"]
    found["masks"] = [rasters / "mask.tif"]
    labels = folder / "labels.csv"
    labels.write_text("id,label\nP0,Stable\nP1,Linear\nP2,Phase unwrapping error\nP3,3\n")
    found["trend labels"] = [labels]
    decisions = folder / "decisions.csv"
    decisions.write_text("reference_date,secondary_date,keep,note\n2018-01-03,2018-01-15,1,\n2018-01-15,2018-01-27,0,cloud\n")
    found["decisions"] = [decisions]
    return found


def _points(folder: Path) -> List[Path]:
    folder.mkdir()
    files = []
    for ending in POINT_ENDINGS:
        dispatch.run(Simulate(output=str(folder / f"valley{ending}"), points=40, dates=12), SILENT)
        files.append(folder / f"valley{ending}")
    text = (folder / "valley.csv").read_bytes()
    (folder / "valley.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(folder / "valley.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("valley.csv", text)
    rng = np.random.default_rng(1)
    days = [f"2018{month:02d}{day:02d}" for month in range(1, 7) for day in (3, 15, 27)]
    series = rng.normal(0, 5, (30, len(days)))
    rows = [",".join([f"P{i}", f"{10 + i / 100}", f"{45 + i / 100}", *(f"{v:.2f}" for v in row)]) for i, row in enumerate(series)]
    (folder / "egms.csv").write_text("\n".join([",".join(["pid", "longitude", "latitude", *days]), *rows]) + "\n")
    head = ";".join(["ID", "X", "Y", *(f"D{day}" for day in days)])
    (folder / "semicolon.csv").write_text("\n".join([head, *(row.replace(",", ";").replace(".", ",") for row in rows)]))
    _hdf5(folder / "timeseries.h5", rng, days)
    files += [folder / name for name in ("valley.csv.gz", "valley.zip", "egms.csv", "semicolon.csv", "timeseries.h5")]
    return files


def _hdf5(path: Path, rng: np.random.Generator, days: List[str]) -> None:
    """Write MintPy's time series of a small raster."""
    import h5py

    with h5py.File(path, "w") as file:
        file["date"] = np.array([day.encode() for day in days])
        file["bperp"] = np.zeros(len(days), "f4")
        file["timeseries"] = rng.normal(0, 0.01, (len(days), 9, 8)).astype("f4")
        file.attrs.update({
            "FILE_TYPE": "timeseries", "WAVELENGTH": "0.0555", "X_FIRST": "-99.0", "X_STEP": "0.001", "Y_FIRST": "19.5",
            "Y_STEP": "-0.001", "Y_UNIT": "degrees", "X_UNIT": "degrees", "UNIT": "m", "LENGTH": "9", "WIDTH": "8",
            "REF_DATE": days[0],
        })  # fmt: skip
