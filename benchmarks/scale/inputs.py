"""Inputs of any size that cost little disk: rasters are virtual mosaics of one simulated tile, points repeat some series."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import List, Tuple

import numpy as np

from stillpoint.benchmarks.scatterers.speed import mosaic
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import write_stack

TILE = 1024
"""Largest side of a tile; a mosaic of many small ones would take memory of its own."""

START = dt.date(2019, 1, 1)
PLACE = dict(geotransform=(500_000.0, 10.0, 0.0, 5_000_000.0, 0.0, -10.0), spacing_m=(10.0, 10.0))

PIXELS = 512
"""Side of the images that offsets are tracked in, of which mosaics are made."""


def _day(number: int) -> dt.date:
    return START + dt.timedelta(days=12 * number)


def _speckle(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex64)


def images(folder: Path, side: int, dates: int) -> Path:
    """Return a stack of complex images: speckle, and a steady point in every sixteenth pixel."""
    folder.mkdir(parents=True, exist_ok=True)
    tile = min(side, TILE)
    path = folder / f"images-{dates}-{tile}.tif"
    if not path.exists():
        rng = np.random.default_rng(1)
        values = _speckle(rng, dates, tile, tile)
        values[:, ::4, ::4] += 8
        bands = [Band(n + 1, "complex", date=_day(n), perpendicular_baseline=float(rng.normal(0, 80))) for n in range(dates)]
        write_stack(str(path), values, bands, wavelength=0.0555, incidence_angle=38.0, **PLACE)  # type: ignore[arg-type]
    return mosaic(path, side, side)


def interferograms(folder: Path, side: int, dates: int) -> Path:
    """Return a stack of unwrapped interferograms of every date with the next three."""
    folder.mkdir(parents=True, exist_ok=True)
    tile = min(side, TILE)
    path = folder / f"pairs-{dates}-{tile}.tif"
    if not path.exists():
        rng = np.random.default_rng(2)
        atmosphere = rng.normal(0, 1, (dates, 1, 1)) + 0.3 * rng.standard_normal((dates, tile, tile))
        pairs = [(a, b) for a in range(dates) for b in range(a + 1, min(a + 4, dates))]
        values = np.stack([atmosphere[b] - atmosphere[a] for a, b in pairs]).astype(np.float32)
        bands = [
            Band(n + 1, "unwrapped", reference_date=_day(a), secondary_date=_day(b)) for n, (a, b) in enumerate(pairs)
        ]  # fmt: skip
        write_stack(str(path), values, bands, wavelength=0.0555, **PLACE)  # type: ignore[arg-type]
    return mosaic(path, side, side)


def _moved(folder: Path) -> List[Path]:
    """Return two small amplitude images in which everything moved by (0.4, 1.3) pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.tif" for name in ("reference", "secondary")]
    if not paths[0].exists():
        rng = np.random.default_rng(3)
        frequencies: np.ndarray = np.fft.fftfreq(PIXELS)  # type: ignore[call-overload]
        row, col = np.meshgrid(frequencies, frequencies, indexing="ij")
        window = (abs(row) < 0.25) & (abs(col) < 0.25)
        first = np.fft.fft2(_speckle(rng, PIXELS, PIXELS)) * window
        fresh = np.fft.fft2(_speckle(rng, PIXELS, PIXELS)) * window
        second = 0.85 * first * np.exp(-2j * np.pi * (0.4 * row + 1.3 * col)) + 0.53 * fresh
        for number, (path, spectrum) in enumerate(zip(paths, (first, second))):
            values = abs(np.fft.ifft2(spectrum)).astype(np.float32)[None]
            write_stack(str(path), values, [Band(1, "amplitude", date=_day(number))], **PLACE)  # type: ignore[arg-type]
    return paths


def pair(folder: Path, side: int) -> Tuple[Path, Path]:
    """Return two amplitude images in which everything moved by (0.4, 1.3) pixels."""
    paths, found = _moved(folder), []
    for path in paths:
        made = mosaic(path, side, side)
        found.append(made.rename(made.with_name(f"{path.stem}-{side}.vrt")))
    return found[0], found[1]


def island(folder: Path, side: int, data: int = 1024) -> Tuple[Path, Path]:
    """Return such images that hold nothing but ``data`` pixels a side in their middle: large ones at the cost of small ones."""
    paths, found = _moved(folder), []
    begin = (side - data) // 2 // PIXELS * PIXELS
    places = range(begin, begin + data, PIXELS)
    size = f'xSize="{PIXELS}" ySize="{PIXELS}"'
    for path in paths:
        lines = [f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><VRTRasterBand dataType="Float32" band="1">']
        lines += [
            f'<SimpleSource><SourceFilename relativeToVRT="1">{path.name}</SourceFilename><SourceBand>1</SourceBand>'
            f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{col}" yOff="{row}" {size}/></SimpleSource>'
            for row in places for col in places
        ]  # fmt: skip
        made = folder / f"{path.stem}-island-{side}.vrt"
        made.write_text("\n".join([*lines, "</VRTRasterBand></VRTDataset>"]), encoding="utf-8")
        found.append(made)
    return found[0], found[1]


def points(folder: Path, count: int, dates: int) -> Path:
    """Return a CSV of ``count`` displacement series of the five classes; every thousand they repeat."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"points-{count}-{dates}.csv"
    if path.exists():
        return path
    rng = np.random.default_rng(4)
    years = np.arange(dates) * 12 / 365.25
    shapes = [0 * years, -12 * years, -9 * years**2, -30 * np.maximum(years - years[-1] / 2, 0), (years > years[-1] / 3) * 27.7]
    rows: List[str] = []
    for number in range(1000):
        series = shapes[number % 5] + rng.normal(0, 2, dates)
        rows.append(",".join(f"{value:.2f}" for value in series))
    with path.open("w", encoding="utf-8") as stream:
        stream.write("pid,lon,lat," + ",".join(_day(n).strftime("%Y%m%d") for n in range(dates)) + "\n")
        for number in range(count):
            stream.write(f"P{number},{7 + number % 1000 * 1e-4:.5f},{46 + number // 1000 * 1e-4:.5f},{rows[number % 1000]}\n")
    return path
