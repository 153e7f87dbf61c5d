"""The map of PS per square kilometre: a GeoTIFF with a band a mask, and its style for QGIS beside it."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence, Tuple
from xml.sax.saxutils import quoteattr  # nosec B406 - it writes, it parses nothing

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.scatterers.assess_counts import Density
from stillpoint.models.scatterers.assess_grid import Grid

MOST_CELLS = 25_000_000

_RAMP = ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725")
"""Anchors of the colours from few to many: even steps of lightness, told apart by colour-blind readers."""


def cell_size(grid: Grid, metres: float) -> Tuple[int, int]:
    """Return rows and columns of a cell that is about ``metres`` wide and high, at least one pixel.

    Raises
    ------
    StillpointError
        There would be too many cells to hold.
    """
    down, along = grid.pixel_metres
    cell = max(round(metres / down), 1), max(round(metres / along), 1)
    cells = -(-grid.shape[0] // cell[0]) * -(-grid.shape[1] // cell[1])
    if cells > MOST_CELLS:
        raise StillpointError(f"Cells of {metres:g} m would be {cells:,}; choose a larger cell of the density map.")
    return cell


def full_cell(grid: Grid, cell: Tuple[int, int]) -> float:
    """Return the square metres of a whole cell in the middle of the grid."""
    return float(cell[0] * cell[1] * grid.areas[grid.shape[0] // 2])


def write_density(path: Path, maps: Sequence[np.ndarray], names: Sequence[str], grid: Grid, cell: Tuple[int, int]) -> None:
    """Write maps of PS per km² (float32, NaN no data) as a GeoTIFF.

    Raises
    ------
    StillpointError
        It cannot be written.
    """
    rows, cols = maps[0].shape
    gt = grid.geotransform
    transform = [gt[0], gt[1] * cell[1], gt[2] * cell[0], gt[3], gt[4] * cell[1], gt[5] * cell[0]]
    with quiet_gdal() as says:
        try:
            made = gdal.GetDriverByName("GTiff").Create(
                str(path), cols, rows, len(maps), gdal.GDT_Float32, ["COMPRESS=DEFLATE", "PREDICTOR=3", "BIGTIFF=IF_SAFER"]
            )
            if made is not None:
                if grid.placed:
                    made.SetGeoTransform(transform)
                if grid.projection:
                    made.SetProjection(grid.projection)
                for number, (values, name) in enumerate(zip(maps, names), start=1):
                    band = made.GetRasterBand(number)
                    band.SetDescription(f"{name}: PS per km²")
                    band.SetNoDataValue(float("nan"))
                    band.SetUnitType("1/km²")
                    band.WriteArray(values)
                made.FlushCache()
        except RuntimeError as error:
            made = None
            says.failures.append(str(error))
        ok = made is not None
        del made
    if not ok or says.failures:
        raise explain(OSError(says.failures[-1] if says.failures else "unknown reason"), str(path))


def breaks_of(maps: Sequence[np.ndarray]) -> List[float]:
    """Return rising upper bounds of the classes of a density map: round numbers near its quantiles, the last the maximum."""
    values = np.concatenate([one[np.isfinite(one) & (one > 0)] for one in maps])
    if not values.size:
        return [1.0]
    bounds: List[float] = []
    for level in (0.2, 0.4, 0.6, 0.8, 0.95):
        bound = _rounded(float(np.quantile(values, level)))
        if not bounds or bound > bounds[-1]:
            bounds.append(bound)
    top = float(values.max())
    return [bound for bound in bounds if bound < top] + [top]


def _rounded(value: float) -> float:
    """Return the nearest of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    steps = np.array([1, 1.5, 2, 3, 5, 7, 10]) * power
    return float(f"{steps[np.abs(np.log(steps / value)).argmin()]:.3g}")


def labels_of(bounds: Sequence[float]) -> List[str]:
    """Return what the classes are called."""
    texts = [f"{bound:,.3g}" if bound < 100 else f"{bound:,.0f}" for bound in bounds]
    return [f"{low} – {high}" for low, high in zip(["0", *texts[:-1]], texts)]


def colours_of(number: int) -> List[str]:
    """Return ``number`` colours from few to many."""
    anchors = np.array([[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in _RAMP], float)
    places = np.linspace(0, len(anchors) - 1, max(number, 2))[-number:]
    mixed = np.column_stack([np.interp(places, np.arange(len(anchors)), anchors[:, i]) for i in range(3)]).round().astype(int)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in mixed]


def style(bounds: Sequence[float]) -> str:
    """Return QGIS's style (QML) of a density map with classes up to ``bounds``; it lies beside the GeoTIFF."""
    colours, labels = colours_of(len(bounds)), labels_of(bounds)
    tops = [*(f"{bound:.10g}" for bound in bounds[:-1]), "inf"]
    items = "\n".join(
        f"          <item value={quoteattr(top)} color={quoteattr(colour)} alpha=\"255\" label={quoteattr(label)}/>"
        for top, colour, label in zip(tops, colours, labels)
    )
    return f"""<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.85" alphaBand="-1" classificationMin="0" classificationMax="{bounds[-1]:.10g}">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="{bounds[-1]:.10g}">
{items}
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
"""  # noqa: E501 - QGIS's own lines


def maps_of(found: Sequence[Density], grid: Grid, cell: Tuple[int, int]) -> List[np.ndarray]:
    """Return the density map of each mask."""
    full = full_cell(grid, cell)
    return [one.per_km2(full) for one in found]
