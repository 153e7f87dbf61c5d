"""What a user points at, a layer of the project or a file, as the path that the engine reads.

The engine is another process: it sees files, not layers. A layer whose file says all is handed over as
it is; one that was filtered, edited, or that lives in memory or a database is written to a temporary
GeoPackage first, in the background.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

from qgis.core import (
    QgsFeatureRequest,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.PyQt.QtCore import QUrl

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin.language import tr

_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass
class PointSource:
    """Points that a user chose. Made on the main thread; :meth:`write` may run in any other.

    Attributes
    ----------
    name
        For people.
    path
        The file to read; empty until :meth:`write` where the layer must be written first.
    layer
        Name of the layer in that file; None where there is but one.
    crs
        The layer's CRS where the user assigned another than the file's; else None.
    """

    name: str
    path: str = ""
    layer: Optional[str] = None
    crs: Optional[str] = None
    _snapshot: Optional[_Snapshot] = None

    @property
    def must_be_written(self) -> bool:
        """True where the engine cannot read the layer as it is."""
        return self._snapshot is not None and not self.path

    def write(
        self,
        folder: Path,
        *,
        limit: int = -1,
        report: Callable[[float], None] = lambda fraction: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> PointSource:
        """Return the source with its path, writing a GeoPackage into ``folder`` where needed.

        Parameters
        ----------
        folder
            An existing folder for the temporary file.
        limit
            Largest number of points to write; -1 for all.
        report
            Takes the fraction done (0..1).
        cancelled
            Tells whether to stop.

        Raises
        ------
        StillpointError
            The layer has no points, or the file cannot be written.
        Cancelled
            ``cancelled`` returned True.
        """
        if self._snapshot is None or self.path:
            return self
        name = _UNSAFE.sub("_", self.name).strip("_") or "points"
        path = Path(tempfile.mkdtemp(prefix="points-", dir=str(folder))) / f"{name}.gpkg"
        self._snapshot.write(path, limit=limit, report=report, cancelled=cancelled)
        return PointSource(self.name, str(path))


class _Snapshot:
    """The features of a layer at one moment, with its edits and filter, readable in any thread."""

    def __init__(self, layer: QgsVectorLayer, *, selected_only: bool) -> None:
        self._name = layer.name()
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields = layer.fields()
        self._type = layer.wkbType()
        self._crs = layer.crs()
        self._context = QgsProject.instance().transformContext()
        self._ids = list(layer.selectedFeatureIds()) if selected_only else None
        self._count = len(self._ids) if self._ids is not None else int(layer.featureCount())

    def write(
        self, path: Path, *, limit: int, report: Callable[[float], None], cancelled: Callable[[], bool]
    ) -> None:
        """Write the features to a new GeoPackage."""
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        options.layerName = "points"
        # A column called fid may hold anything; GeoPackage wants whole numbers there.
        options.layerOptions = ["FID=stillpoint_fid", "SPATIAL_INDEX=NO"]
        writer = QgsVectorFileWriter.create(str(path), self._fields, self._type, self._crs, self._context, options)
        if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise StillpointError(tr(
                "The layer {name} cannot be written to {path}: {writer}."
            ).format(name=self._name, path=path, writer=writer.errorMessage()))
        request = QgsFeatureRequest()
        if self._ids is not None:
            request.setFilterFids(self._ids)
        if limit >= 0:
            request.setLimit(limit)
        total = max(self._count if limit < 0 else min(limit, self._count), 1)
        done = 0
        for feature in self._source.getFeatures(request):
            if done % 500 == 0:
                if cancelled():
                    raise Cancelled
                report(min(done / total, 1.0))
            if not writer.addFeature(feature):
                raise StillpointError(
                    tr(
                        "The layer {name} cannot be written to {path}: {writer}. Free some space on the disk of "
                        "the temporary folder."
                    ).format(name=self._name, path=path, writer=writer.errorMessage())
                )
            done += 1
        del writer  # closes the file
        if not done:
            raise StillpointError(tr(
                "The layer {name} has no points to classify (no features, or none selected)."
            ).format(name=self._name))


def is_file(text: str) -> bool:
    """Tell whether ``text`` is an existing file or folder, with or without QGIS's ``|layername=`` behind it."""
    try:
        return bool(text) and Path(text.partition("|")[0]).exists()
    except (OSError, ValueError):  # a database's source is no file name at all
        return False


def from_file(path: str) -> PointSource:
    """Return the source of a file that the user named."""
    base, _, rest = path.partition("|")
    found = re.search(r"(?:^|\|)layername=([^|]+)", rest)
    if rest and not found and "subset=" not in rest and "layerid=" not in rest:
        rest = ""
    if "subset=" in rest or "layerid=" in rest:
        layer = QgsVectorLayer(path, Path(base).stem, "ogr")
        if layer.isValid():
            return from_layer(layer)
    return PointSource(Path(base).stem, base, found.group(1) if found else None)


def from_layer(layer: QgsVectorLayer, *, selected_only: bool = False) -> PointSource:
    """Return the source of a layer; to be called on the layer's thread.

    Raises
    ------
    StillpointError
        The layer is broken.
    """
    if not layer.isValid():
        raise StillpointError(
            tr("The layer {name} is not valid: its file may have been moved. Repair its source.").format(name=layer.name())
        )
    path = "" if _needs_writing(layer, selected_only) else _file_of(layer)
    if not path:
        return PointSource(layer.name(), _snapshot=_Snapshot(layer, selected_only=selected_only))
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    name = str(parts.get("layerName") or "") or None
    crs = None
    given = layer.dataProvider().crs()
    if layer.providerType() == "ogr" and layer.crs().isValid() and layer.crs() != given:
        crs = layer.crs().authid() or layer.crs().toWkt()
    return PointSource(layer.name(), path, name, crs)


def _needs_writing(layer: QgsVectorLayer, selected_only: bool) -> bool:
    """Tell whether the layer shows something else than its file holds."""
    if selected_only or layer.subsetString() or layer.vectorJoins():
        return True
    if layer.isEditable() and layer.isModified():
        return True
    return layer.fields().count() != layer.dataProvider().fields().count()  # virtual fields


def _file_of(layer: QgsVectorLayer) -> str:
    """Return the file that the layer shows, or an empty text where it has none that stands alone."""
    if layer.providerType() not in ("ogr", "delimitedtext"):
        return ""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = str(parts.get("path") or "")
    if path.startswith("file:"):
        path = QUrl(path.partition("?")[0]).toLocalFile()
    if parts.get("vsiPrefix") or parts.get("vsiSuffix") or parts.get("layerId") is not None:
        return ""
    return path if is_file(path) else ""


