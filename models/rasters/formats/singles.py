"""What the readers of one raster a date or pair share."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.baselines import find_baselines
from stillpoint.models.rasters.formats.gamma_par import look_angle, parameters, perpendicular_baseline
from stillpoint.models.rasters.names import day_of, days_in
from stillpoint.models.rasters.product import Layer, Product, raster_layer, with_baseline
from stillpoint.models.rasters.quantities import is_logarithmic, is_squared, quantity_of_name
from stillpoint.models.rasters.samples import sample
from stillpoint.models.rasters.stack import guess_quantity, open_raster

_NO_IMAGES = (
    ".csv", ".txt", ".xml", ".hdr", ".par", ".off", ".base", ".json", ".md", ".gpkg", ".shp", ".dbf", ".shx", ".prj",
    ".qml", ".png", ".jpg", ".jpeg", ".kml", ".kmz", ".zip", ".gz", ".h5", ".he5", ".hdf5", ".py", ".log", ".pdf",
    ".html", ".qgz", ".cpg", ".sld", ".ovr", ".geojson", ".parquet", ".yaml", ".yml", ".cfg", ".gif", ".rsc",
)
_RASTERS = (".tif", ".tiff", ".vrt", ".img")
_FACTS = {
    "wavelength": ("WAVELENGTH", "WAVELENGTH_METRES", "RADAR_WAVELENGTH"),
    "incidence_angle": ("INCIDENCE_ANGLE", "INCIDENCE_DEGREES", "CENTER_INCIDENCE_ANGLE"),
    "heading": ("HEADING", "HEADING_DEGREES"),
}
_FIRST = ("REFERENCE_DATE", "DATE1", "FIRST_DATE", "MASTER_DATE")
_SECOND = ("SECONDARY_DATE", "DATE2", "SECOND_DATE", "SLAVE_DATE")
_SINGLE = ("DATE", "ACQUISITION_DATE")


def rasters(files: Files) -> List[Tuple[Path, str]]:
    """Return (file, driver) of every file that GDAL knows as a raster, told by its content.

    Stacks that Stillpoint wrote into a folder of other rasters are no part of the product.

    Raises
    ------
    StillpointError
        A file is named as a raster with a date but is none: it is empty or damaged.
    """
    if files.rasters is not None:
        return files.rasters
    found: List[Tuple[Path, str]] = []
    own: List[Tuple[Path, str]] = []
    named = {str(Path(source).absolute()) for source in files.sources}
    for path in files.paths:
        if path.name.lower().endswith(_NO_IMAGES):
            continue
        with quiet_gdal():
            try:
                driver = gdal.IdentifyDriverEx(str(path), gdal.OF_RASTER)
            except RuntimeError:
                driver = None
        if driver is not None:
            ours = str(path) not in named and driver.ShortName in ("VRT", "GTiff") and _is_stack(path)
            (own if ours else found).append((path, driver.ShortName))
        elif path.suffix.lower() in _RASTERS and days_in(path.name):
            what = "is empty" if not path.stat().st_size else "is no raster that can be read: it is damaged or truncated"
            raise StillpointError(f"{path} {what}. Copy or download it again, or leave it out.")
    files.rasters = found or own
    return files.rasters


def _is_stack(path: Path) -> bool:
    """Whether the first band says what it holds, in Stillpoint's words."""
    with quiet_gdal():
        try:
            dataset = gdal.Open(str(path))
        except RuntimeError:
            return False
        return dataset is not None and dataset.RasterCount > 0 and "QUANTITY" in (dataset.GetRasterBand(1).GetMetadata() or {})


def dates_of(path: Path, items: Mapping[str, str]) -> Tuple[dt.date, ...]:
    """Return the one or two days of a raster: from its name, its metadata, the folder's name."""
    days = days_in(path.stem)
    if len(days) in (1, 2):
        return tuple(days)
    told = {key.upper(): value for key, value in items.items()}
    pair = [next((day for name in names if (day := day_of(told.get(name, "")))), None) for names in (_FIRST, _SECOND)]
    if pair[0] and pair[1] and pair[0] != pair[1]:
        return pair[0], pair[1]
    single = next((day for name in _SINGLE if (day := day_of(told.get(name, "")))), None)
    if single:
        return (single,)
    days = days_in(path.parent.name)
    return tuple(days) if len(days) in (1, 2) else ()


def quantity_of(path: Path, days: Sequence[dt.date], band: gdal.Band) -> str:
    """Return what a raster holds: told by its type, its name, the name of its band or folder, at last by its values."""
    if gdal.DataTypeIsComplex(band.DataType):
        return "complex"
    items = {key.upper(): value for key, value in (band.GetMetadata() or {}).items()}
    for text in (items.get("QUANTITY", ""), path.name, band.GetDescription() or "", path.parent.name):
        told = quantity_of_name(text)
        if told == "complex":  # a name that says interferogram or image, but real numbers
            told = "phase" if len(days) == 2 else "amplitude"
        if told == "phase" and band.DataType in (gdal.GDT_Float32, gdal.GDT_Float64):
            return "unwrapped" if _guess(path, band) == "unwrapped" else "phase"  # many a name says no more than interferogram
        if told:
            return told
    guessed = _guess(path, band)
    return "amplitude" if len(days) == 1 and guessed == "coherence" else guessed


def _guess(path: Path, band: gdal.Band) -> str:
    values, _ = sample(band)
    if values is None:
        raise StillpointError(f"{path} is damaged or truncated. Copy or download it again, or leave it out.")
    values = values.astype(float)
    nodata = band.GetNoDataValue()
    return guess_quantity(values if nodata is None else values[values != nodata])


def read_singles(name: str, files: Files, found: Sequence[Tuple[Path, str]]) -> Product:
    """Return the product of rasters that hold one date or pair each."""
    tables = find_baselines(files)
    bases = [path for path in files.ending("_base.par", ".base", nearby=True) if len(days_in(path.name)) == 2]
    layers: List[Layer] = []
    others: Dict[str, str] = {}
    facts: Dict[str, List[float]] = {key: [] for key in _FACTS}
    undated: List[str] = []
    strange: List[str] = []
    notes: List[str] = []
    for path, _driver in found:
        dataset = open_raster(str(path))
        if dataset.RasterCount != 1:
            others[f"{dataset.RasterCount} bands"] = files.short(path)
            continue
        items = dataset.GetMetadata() or {}
        days = dates_of(path, items)
        if not days:
            undated.append(files.short(path))
            continue
        quantity = quantity_of(path, days, dataset.GetRasterBand(1))
        if quantity == "other":
            strange.append(files.short(path))
            continue
        layer = raster_layer(str(path), quantity, days)
        if quantity == "amplitude" and is_squared(path.name):
            layer = replace(layer, function="sqrt")
        if quantity == "amplitude" and is_logarithmic(path.name):
            notes.append("Names say that amplitudes are logarithms; they are taken as they are.")
        layers.append(layer)
        _collect(items, facts)
    known = {key: sum(values) / len(values) for key, values in facts.items() if values}
    _gamma_baselines(files, bases, known.get("incidence_angle"), tables)
    layers = [with_baseline(layer, tables.of(layer.days)) for layer in layers]
    if not layers and undated:
        raise StillpointError(
            f"No name in {files.name} holds a date ({', '.join(undated[:3])}{' and more' if len(undated) > 3 else ''}). "
            "Put the date or the two dates (YYYYMMDD) into the names of the files."
        )
    for what, names in (("without dates", undated), ("neither phase nor amplitude nor coherence", strange)):
        if names:
            others[what] = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Product(
        name, tuple(layers), known.get("wavelength"), known.get("incidence_angle"), known.get("heading"), None, "",
        tuple(others.items()), tuple(dict.fromkeys(notes)),
    )


def _collect(items: Mapping[str, str], facts: Dict[str, List[float]]) -> None:
    told = {key.upper(): value for key, value in items.items()}
    for key, names in _FACTS.items():
        value = next((number for name in names if (number := number_of(told.get(name))) is not None), None)
        if value is not None:
            facts[key].append(value)


def _gamma_baselines(files: Files, bases: Sequence[Path], incidence: Optional[float], tables) -> None:
    """Add the baselines of GAMMA's ``base.par`` files, which lie beside many a GeoTIFF."""
    if not bases:
        return
    found = (parameters(path) for path in files.ending(".par", nearby=True)[:50])
    geometry: Dict[str, str] = next((values for values in found if "sar_to_earth_center" in values), {})
    look = look_angle(geometry or {"incidence_angle": str(incidence or "")})
    for path in bases:
        days = days_in(path.name)
        metres = perpendicular_baseline(parameters(path), look)
        if metres is not None:
            tables.pairs.setdefault((days[0], days[1]), metres)
    tables.fill_days()
