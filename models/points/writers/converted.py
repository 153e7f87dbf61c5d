"""Writes shapefiles and FlatGeobuf: gathered in a GeoPackage, converted by GDAL in one go.

Feature by feature OGR's Python binding would take many minutes for a million points; its converter takes seconds.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.table import Column, PointWriter
from stillpoint.models.points.writers.draft import Draft, distinct_names, explain
from stillpoint.models.points.writers.geopackage import GeoPackageWriter
from stillpoint.models.points.writers.sidecar import sidecar_name, write_sidecar

_STYLES = Path(__file__).resolve().parents[2] / "styles"
_NAME_BYTES = 10
_MOST_FIELDS = 255
_TEXT_BYTES = 254


class _ConvertedWriter(PointWriter):
    """Gathers points in a GeoPackage and converts it when finished."""

    driver = ""
    options: Tuple[str, ...] = ()
    placeless = True  # whether the format holds points without coordinates

    def __init__(
        self, path: str, columns: Sequence[Column], names: Mapping[str, str], *, crs: str, metadata: Mapping[str, str]
    ) -> None:
        self.path = path
        self.report: List[str] = getattr(self, "report", [])
        self.metadata = metadata
        self._crs = crs
        self._columns = tuple(columns)
        self._names = names
        self._count = 0
        self._lost = 0
        self._draft = Draft(path)
        work = self._draft.path("work")
        try:
            work.mkdir()
            renamed = [Column(names[c.name], c.kind, c.meaning) for c in columns if c.name in names]
            stem = self._draft.target.stem
            self._gathered = GeoPackageWriter(str(work / "points.gpkg"), renamed, crs=crs, metadata={}, layer=stem)
        except OSError as error:
            self._draft.discard()
            raise explain(error, path) from None
        except StillpointError as error:
            self._draft.discard()
            raise StillpointError(str(error).replace(str(work / "points.gpkg"), path)) from None
        except BaseException:
            self._draft.discard()
            raise

    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points; see :meth:`PointWriter.write`."""
        try:
            self._gathered.write(x, y, {name: values[original] for original, name in self._names.items()})
        except StillpointError as error:
            text = str(error).replace(self._gathered.path, self.path).replace("points.gpkg", Path(self.path).name)
            raise StillpointError(text.replace(str(self._draft.path("work")), str(self._draft.target.parent))) from None
        self._count += len(x)

    def finish(self) -> List[str]:
        """Complete the file, give it its final name, and return all files written."""
        source = self._gathered.complete()
        target = self._draft.path()
        with quiet_gdal() as complaints:
            try:
                written = gdal.VectorTranslate(
                    str(target), source, format=self.driver, layerName=target.stem, layerCreationOptions=list(self.options),
                    geometryType="POINT", where=None if self.placeless else "geom IS NOT NULL",
                )
                count = written.GetLayer(0).GetFeatureCount() if written else -1
                written = None
            except RuntimeError as error:
                complaints.failures.append(str(error))
                count = -1
        if complaints.failures or count not in (self._count, self._count - self._lost):
            why = complaints.failures[0] if complaints.failures else f"{count} of {self._count} points arrived"
            raise explain(RuntimeError(why), self.path)
        try:
            return self._publish(target)
        except OSError as error:
            raise explain(error, self.path) from None

    def _publish(self, target: Path) -> List[str]:
        write_sidecar(
            self._draft.path(sidecar_name(target)), crs=self._crs, metadata=self.metadata, columns=self._columns, names=self._names
        )
        return self._draft.publish(stale=self._stale())

    def _stale(self) -> Sequence[str]:
        return ()

    def discard(self) -> None:
        """Remove what was written so far."""
        self._gathered.discard()
        self._draft.discard()


class FlatGeobufWriter(_ConvertedWriter):
    """Writes FlatGeobuf with a spatial index."""

    driver = "FlatGeobuf"
    options = ("SPATIAL_INDEX=YES",)
    placeless = False

    def __init__(self, path: str, columns: Sequence[Column], *, crs: str, metadata: Mapping[str, str]) -> None:
        names, self.report = distinct_names(columns, ("fid", "geom"))
        super().__init__(path, columns, names, crs=crs, metadata=metadata)

    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points; see :meth:`PointWriter.write`."""
        super().write(x, y, values)
        self._lost += len(x) - int((np.isfinite(x) & np.isfinite(y)).sum())

    def _publish(self, target: Path) -> List[str]:
        if self._lost:
            self.report.append(f"{self._lost} points without coordinates are left out: FlatGeobuf cannot hold them.")
        return super()._publish(target)


class ShapefileWriter(_ConvertedWriter):
    """Writes a shapefile with the style of classified layers, and a report of what did not fit."""

    driver = "ESRI Shapefile"
    options = ("ENCODING=UTF-8", "RESIZE=YES")

    def __init__(
        self,
        path: str,
        columns: Sequence[Column],
        *,
        crs: str,
        metadata: Mapping[str, str],
        series_dates: Optional[np.ndarray] = None,
    ) -> None:
        names, self.report = _fitting_names(columns, series_dates)
        self._texts = [column.name for column in columns if column.kind == "text" and column.name in names]
        self._longest: Dict[str, int] = {}
        super().__init__(path, columns, names, crs=crs, metadata=metadata)

    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points; see :meth:`PointWriter.write`."""
        for name in self._texts:
            # Most texts are short: their characters are counted, and bytes only where they could be too many.
            longest = max((len(text) for text in values[name] if isinstance(text, str)), default=0)
            if longest * 4 > _TEXT_BYTES:
                longest = max(len(text.encode()) for text in values[name] if isinstance(text, str))
            self._longest[name] = max(self._longest.get(name, 0), longest)
        super().write(x, y, values)

    def _publish(self, target: Path) -> List[str]:
        for name, longest in self._longest.items():
            if longest > _TEXT_BYTES:
                self.report.append(f"Texts of the field {name!r} are cut to {_TEXT_BYTES} bytes (the longest has {longest}).")
        if self.report:
            heading = f"What was changed to fit {target.name} into a shapefile:\n"
            text = heading + "".join(f"- {sentence}\n" for sentence in self.report)
            self._draft.path(f"{target.stem}.report.txt").write_text(text, encoding="utf-8")
        if "trend_code" in self._names:
            for suffix in (".qml", ".sld"):
                style = _STYLES / f"trends{suffix}"
                if style.is_file():
                    shutil.copyfile(style, self._draft.path(target.stem + suffix))
        return super()._publish(target)

    def _stale(self) -> Sequence[str]:
        """Parts of an older shapefile of this name that would not fit the new one."""
        stem = self._draft.target.stem
        suffixes = (".qix", ".sbn", ".sbx", ".idm", ".ind", ".cpg", ".prj", ".qpj", ".qmd", ".shp.xml", ".report.txt")
        return [stem + suffix for suffix in suffixes]


def _fitting_names(columns: Sequence[Column], series_dates: Optional[np.ndarray]) -> Tuple[Dict[str, str], List[str]]:
    """Return the fields that a shapefile can hold with their names, and sentences on the rest."""
    report: List[str] = []
    kept = [column for column in columns if column.kind != "binary"]
    for column in columns:
        if column.kind == "binary":
            report.append(
                f"The field {column.name!r} is left out: a shapefile holds no binary fields. Its content is kept by a GeoPackage."
            )
    series = {"D" + str(day).replace("-", "") for day in np.asarray(() if series_dates is None else series_dates)}
    room = _MOST_FIELDS
    if len(kept) > room and series:
        count = sum(column.name in series for column in kept)
        kept = [column for column in kept if column.name not in series]
        report.append(
            f"The {count} fields of the series (one a date) are left out: a shapefile holds at most {room} fields. "
            "A GeoPackage holds them all."
        )
    if len(kept) > room:
        left = [column.name for column in kept[room:]]
        kept = kept[:room]
        report.append(
            f"{len(left)} fields are left out ({', '.join(left[:5])}{' ...' if len(left) > 5 else ''}): "
            f"a shapefile holds at most {room}. A GeoPackage holds them all."
        )
    names: Dict[str, str] = {}
    used = {column.name.lower() for column in kept if len(column.name.encode()) <= _NAME_BYTES}
    taken: Set[str] = set()
    for column in kept:
        name = column.name
        if len(name.encode()) > _NAME_BYTES or name.lower() in taken:
            name = _shortened(column.name, used | taken)
            report.append(f"The field {column.name!r} is written as {name!r}.")
        taken.add(name.lower())
        names[column.name] = name
    return names, report


def _shortened(name: str, used: set) -> str:
    """Return ``name`` cut to ten bytes, different from those ``used``."""
    for number in range(10_000):
        tail = f"_{number}" if number else ""
        cut = name.encode()[: _NAME_BYTES - len(tail)].decode(errors="ignore") + tail
        if cut.lower() not in used:
            return cut
    raise StillpointError(f"The field {name!r} finds no free name in a shapefile; rename it.")
