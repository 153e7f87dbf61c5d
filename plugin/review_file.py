"""Files of labels: written at once after every decision, so that a crash loses none.

A GeoPackage takes each decision in one transaction of its data base; a CSV is written anew under a temporary name and then
takes the place of the old one. Both can be read by the training, by QGIS and by anything else.
"""

from __future__ import annotations

import csv
import glob
import io
import json
import os
import tempfile
from abc import ABC, abstractmethod
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Collection, Dict, Iterator, List, Optional, Sequence

from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr
from stillpoint.plugin.review_labels import INTEGER, REAL, Label, columns_of, label_of, row_of
from stillpoint.plugin.review_queue import PAIRS, PIXELS, POINTS

TABLE = "labels"
ITEM = "STILLPOINT_LABELS"
"""Metadata item that says what the labels are of."""

ENDINGS = (".gpkg", ".csv")
_KINDS = {INTEGER: ogr.OFTInteger64, REAL: ogr.OFTReal}
_KEYS = {POINTS: "{id}", PIXELS: "row,col", PAIRS: "reference_date,secondary_date"}


class LabelFile(ABC):
    """Labels in a file.

    Parameters
    ----------
    path
        The file; it is made with the first label.
    kind
        Points, pixels or pairs.
    id_field
        Column with the identifiers of points.
    crs
        Well-known text or authority code of the coordinates; empty where there are none.
    """

    def __init__(self, path: Path, kind: str, id_field: str, crs: str) -> None:
        self.path = path
        self.kind = kind
        self.id_field = id_field
        self.crs = crs
        self.columns = columns_of(kind, id_field)

    @abstractmethod
    def read(self) -> Dict[str, Label]:
        """Return the labels by key; none where there is no file. Raises StillpointError where it cannot be read."""

    @abstractmethod
    def write(self, labels: Sequence[Label], gone: Collection[str] = ()) -> None:
        """Put labels in the place of older ones of the same keys, and take those of the keys ``gone`` out.

        Raises
        ------
        StillpointError
            The file cannot be written; it stays as it was.
        """

    def close(self) -> None:  # noqa: B027 - a CSV is open while it is written only
        """Let go of the file."""

    def _check(self, names: Collection[str]) -> None:
        """Tell where a file holds something else than these labels."""
        wanted = {POINTS: (self.id_field, "label"), PIXELS: ("row", "col", "ps"), PAIRS: ("reference_date", "keep")}[self.kind]
        lacking = [name for name in wanted if name not in names]
        if lacking:
            raise StillpointError(
                tr(
                    "{name} holds no labels of these {kind}: it has no column {lacking}. Choose another file for "
                    "the labels."
                ).format(name=self.path.name, kind=self.kind, lacking=" or ".join(lacking))
            )

    def _cannot(self, reason: object) -> StillpointError:
        return StillpointError(
            tr(
                "The labels cannot be written to {path}: {reason}. Choose another file for them; those of before "
                "are safe."
            ).format(path=self.path, reason=reason)
        )


def open_labels(path: str, kind: str, *, id_field: str = "id", crs: str = "") -> LabelFile:
    """Return the file of labels ``path``, .gpkg or .csv; pairs have no place on a map and take .csv.

    Raises
    ------
    StillpointError
        The ending is another one.
    """
    file = Path(path)
    ending = file.suffix.lower()
    if ending not in ENDINGS or (kind == PAIRS and ending != ".csv"):
        wanted = ".csv" if kind == PAIRS else ".gpkg or .csv"
        raise StillpointError(tr(
            "Labels of {kind} are kept in a file {wanted}; {name} is none. Give it another ending."
        ).format(kind=kind, wanted=wanted, name=file.name))
    return (GeoPackageLabels if ending == ".gpkg" else TextLabels)(file, kind, id_field, crs)


class TextLabels(LabelFile):
    """Labels in a CSV. What another program or reviewer added meanwhile is kept."""

    def __init__(self, path: Path, kind: str, id_field: str, crs: str) -> None:
        super().__init__(path, kind, id_field, crs)
        self._known: Dict[str, Label] = {}
        self._stamp: Optional[int] = None

    def read(self) -> Dict[str, Label]:
        """Return the labels by key."""
        stamp = _stamp(self.path)
        if stamp is None:
            self._known, self._stamp = {}, None
        elif stamp != self._stamp:
            self._known, self._stamp = self._read(), stamp
        return dict(self._known)

    def _read(self) -> Dict[str, Label]:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise StillpointError(tr("The labels {path} cannot be read: {error}.").format(path=self.path, error=error)) from None
        reader = csv.DictReader(io.StringIO(text))
        self._check(reader.fieldnames or ())
        found = {}
        for number, row in enumerate(reader, start=2):
            label = label_of(self.kind, row, self.id_field, f"{self.path.name}, line {number},")
            if label is not None:
                found[label.key] = label
        return found

    def write(self, labels: Sequence[Label], gone: Collection[str] = ()) -> None:
        """Write all labels anew beside the file, and let that take its place."""
        rows = {key: label for key, label in self.read().items() if key not in gone}
        for label in labels:
            rows.pop(label.key, None)  # the newest last, as they were said
            rows[label.key] = label
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([name for name, _ in self.columns])
        for label in rows.values():
            writer.writerow(["" if value is None else value for value in row_of(self.kind, label)])
        is_new = self._stamp is None
        try:
            _replace(self.path, text.getvalue())
            if is_new and self.crs:
                about = {"crs": self.crs, "metadata": {ITEM: self.kind}}
                _replace(Path(f"{self.path}.stillpoint.json"), json.dumps(about, indent=1))
        except OSError as error:
            raise self._cannot(error.strerror or error) from None
        self._known, self._stamp = rows, _stamp(self.path)


def _stamp(path: Path) -> Optional[int]:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _replace(path: Path, text: str) -> None:
    """Write a text so that the file is the old or the new one at every moment, also when the power fails."""
    handle, part = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(part, 0o644)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


class GeoPackageLabels(LabelFile):
    """Labels as points of a GeoPackage. It stays open between two decisions, but is locked during them only."""

    def __init__(self, path: Path, kind: str, id_field: str, crs: str) -> None:
        super().__init__(path, kind, id_field, crs)
        self._source: Any = None
        self._inode = 0

    def close(self) -> None:
        """Let go of the file."""
        with _quiet():
            self._source = None

    def read(self) -> Dict[str, Label]:
        """Return the labels by key."""
        if not self.path.exists():
            return {}
        with _quiet():
            try:
                source = gdal.OpenEx(str(self.path), gdal.OF_VECTOR | gdal.OF_READONLY)
                layer = None if source is None else self._layer(source)
                rows = [] if layer is None else _rows(layer)
            except RuntimeError as error:
                raise StillpointError(tr("The labels {path} cannot be read: {error}.").format(
                    path=self.path, error=error)) from None  # fmt: skip
        if layer is None:
            raise StillpointError(
                tr(
                    "{name} is no GeoPackage with labels, or is damaged. Choose another file for the labels."
                ).format(name=self.path.name)
            )
        found = {}
        for number, row in enumerate(rows, start=1):
            label = label_of(self.kind, row, self.id_field, f"{self.path.name}, feature {number},")
            if label is not None:
                found[label.key] = label
        return found

    def _layer(self, source: Any) -> Any:
        """Return the table of labels; a file with one table only may call it otherwise."""
        layer = source.GetLayerByName(TABLE) or (source.GetLayer(0) if source.GetLayerCount() == 1 else None)
        if layer is not None:
            definition = layer.GetLayerDefn()
            self._check([definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())])
        return layer

    def write(self, labels: Sequence[Label], gone: Collection[str] = ()) -> None:
        """Write in one transaction."""
        with _quiet():
            try:
                if not self.path.exists():
                    self._begin()
                if self._source is None or self.path.stat().st_ino != self._inode:  # another file of that name
                    self._source = gdal.OpenEx(str(self.path), gdal.OF_VECTOR | gdal.OF_UPDATE)
                    self._inode = self.path.stat().st_ino
                self._change(labels, gone)
            except OSError as error:
                self._source = None
                raise self._cannot(error.strerror or error) from None
            except RuntimeError as error:
                self._source = None
                raise self._cannot(str(error).rstrip(".")) from None

    def _begin(self) -> None:
        """Make an empty file, which gets its name when it is complete."""
        part = self.path.with_name(f".{self.path.stem}.{os.getpid()}.partial.gpkg")
        try:
            self._create(part)
            os.replace(part, self.path)
        finally:
            for left in self.path.parent.glob(f"{glob.escape(part.name)}*"):
                left.unlink()

    def _create(self, path: Path) -> None:
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        if source is None:
            raise RuntimeError(gdal.GetLastErrorMsg() or "the folder cannot be written to")
        system = None
        if self.crs:
            system = osr.SpatialReference()
            if system.SetFromUserInput(self.crs) != 0:
                system = None
            else:
                system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        layer = source.CreateLayer(TABLE, system, ogr.wkbPoint)
        layer.SetMetadataItem(ITEM, self.kind)
        for name, kind in self.columns:
            layer.CreateField(ogr.FieldDefn(name, _KINDS.get(kind, ogr.OFTString)))
        source = None

    def _change(self, labels: Sequence[Label], gone: Collection[str]) -> None:
        source = self._source
        layer = None if source is None else self._layer(source)
        if layer is None:
            raise RuntimeError(gdal.GetLastErrorMsg() or "it is no GeoPackage with labels")
        if source.StartTransaction() != 0:
            raise RuntimeError(gdal.GetLastErrorMsg() or "another program holds it")
        try:
            for key in [*gone, *(label.key for label in labels)]:
                layer.SetAttributeFilter(self._where(key))
                for fid in [feature.GetFID() for feature in layer]:
                    _done(layer.DeleteFeature(fid))
            layer.SetAttributeFilter(None)
            for label in labels:
                _done(layer.CreateFeature(self._feature(layer, label)))
            _done(source.CommitTransaction())
        except BaseException:
            source.RollbackTransaction()
            raise

    def _where(self, key: str) -> str:
        names = _KEYS[self.kind].format(id=self.id_field).split(",") if self.kind != POINTS else [self.id_field]
        parts = key.split(",") if self.kind != POINTS else [key]
        quoted = ["'" + part.replace("'", "''") + "'" if self.kind == POINTS else str(int(part)) for part in parts]
        return " AND ".join(f'"{name}" = {part}' for name, part in zip(names, quoted))

    def _feature(self, layer: Any, label: Label) -> Any:
        feature = ogr.Feature(layer.GetLayerDefn())
        for (name, _), value in zip(self.columns, row_of(self.kind, label)):
            if value is not None and feature.GetFieldIndex(name) >= 0:
                feature.SetField(name, value)
        if label.x == label.x and label.y == label.y:
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(label.x, label.y)
            feature.SetGeometryDirectly(point)
        return feature


def _done(status: Optional[int]) -> None:
    """Raise RuntimeError where an operation of GDAL failed."""
    if status:
        raise RuntimeError(gdal.GetLastErrorMsg() or "the disk may be full")


def _rows(layer: Any) -> List[Dict[str, Any]]:
    layer.ResetReading()
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())]
    return [{name: feature.GetField(name) for name in names} for feature in layer]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep GDAL's messages out of the log: what went wrong is said by the errors raised here."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.ErrorReset()
    try:
        yield
    finally:
        gdal.PopErrorHandler()
