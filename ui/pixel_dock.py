"""The pixel dock: click a pixel of a stack and see its amplitude, its phase, and why it is a PS or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QLabel,
    QSplitter,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import scatterers, stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.pixel import HistoryReader, Pixel
from stillpoint.ui.map_dock import MapDock
from stillpoint.ui.pixel_dock_content import amplitude_content, phase_content
from stillpoint.ui.pixel_dock_panel import PixelPanel
from stillpoint.ui.pixel_dock_probes import moved, probes_at
from stillpoint.ui.plot.chart import SeriesChart
from stillpoint.ui.plot.content import Content
from stillpoint.ui.series_map_tools import PointPicker, area_band

MARK = QColor("#00C2E0")


class PixelDock(MapDock):
    """Shows one pixel of one stack.

    Parameters
    ----------
    iface
        QGIS's interface: its canvas is clicked, its active layer tells the stack, its message bar is told of problems.
    """

    HELP = "scatterers"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointPixel")
        self.setWindowTitle(tr("Pixel history"))
        self._readers: Dict[str, Tuple[HistoryReader, int]] = {}
        self._known: Dict[str, bool] = {}
        self._work: Optional[tasks.Work] = None
        self._band: Any = None
        self.pixel: Optional[Pixel] = None
        self.tool = PointPicker(self._canvas)
        self._build()
        self.tool.picked.connect(lambda point, _: self.pick_at(point))
        self.stacks.currentIndexChanged.connect(self._stack_chosen)
        self._attach()

    def _build(self) -> None:
        self.amplitude, self.phase = SeriesChart(), SeriesChart()
        self.amplitude.setAccessibleName(tr("Amplitude over time"))
        self.phase.setAccessibleName(tr("Phase over time"))
        for chart in (self.amplitude, self.phase):
            chart.setMinimumSize(220, 80)
        self.panel = PixelPanel()
        self.charts = QSplitter(Qt.Orientation.Vertical)
        self.charts.addWidget(self.amplitude)
        self.charts.addWidget(self.phase)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.charts)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        for splitter in (self.charts, self.splitter):
            splitter.setChildrenCollapsible(False)
        self._make_bar(
            "/mActionIdentify.svg", tr("Click a pixel"), tr("Click a pixel of the stack on the map"),
            clear=tr("Forget the pixel and take its outline off the map"),
        )  # fmt: skip
        self._add_space()
        self.bar.addWidget(QLabel(tr("Stack ")))
        self.stacks = self._add_chooser("pixel_stack", tr("Stack whose pixels are shown"))
        self._fill(self.splitter)

    def unload(self) -> None:
        """Undo everything that the dock did to QGIS's window; the dock is of no use afterwards."""
        self._stop()
        super().unload()
        self._readers.clear()

    # Stacks

    def refresh(self, *_: Any) -> None:
        """List the stacks of the project again: its layers, and those that selections were made in."""
        chosen = self.stacks.currentData()
        self.stacks.blockSignals(True)
        self.stacks.clear()
        for path, name in self._found().items():
            self.stacks.addItem(name, path)
            self.stacks.setItemData(self.stacks.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        self.stacks.setCurrentIndex(max(self.stacks.findData(chosen), 0 if self.stacks.count() else -1))
        self.stacks.blockSignals(False)
        if self.stacks.currentData() != chosen:
            self._stack_chosen()
        elif self.pixel is None:
            self._show_hint()

    def _found(self) -> Dict[str, str]:
        """Return the names of the stacks by path."""
        found: Dict[str, str] = {}
        layers = [layer for layer in QgsProject.instance().mapLayers().values() if layer.id() not in self._leaving]
        for layer in layers:
            if not isinstance(layer, QgsRasterLayer) or layer.bandCount() < 2 or stacks.is_view(layer):
                continue
            path = stacks.path_of(layer)
            if path and self._is_stack(path):
                found.setdefault(path, layer.name())
        for layer in layers:
            path = str(layer.customProperty(scatterers.STACK, "") or "")
            if path and path not in found and self._is_stack(path):
                found[path] = Path(path).stem
        return found

    def _is_stack(self, path: str) -> bool:
        """Tell whether a raster's bands have dates; remembered, since the whole project is asked often."""
        if path not in self._known:
            try:
                self._known[path] = stacks.facts_of(path).is_stack
            except StillpointError:
                return False
        return self._known[path]

    def turn_to(self, layer: Optional[QgsMapLayer]) -> None:
        """Show the stack that a layer is, or that it was made from."""
        if layer is None or sip.isdeleted(layer):
            return
        for path in (stacks.path_of(layer), str(layer.customProperty(scatterers.STACK, "") or "")):
            index = self.stacks.findData(path) if path else -1
            if index >= 0:
                self.stacks.setCurrentIndex(index)
                return

    def path(self) -> str:
        """Return the stack whose pixels are shown; empty where there is none."""
        return str(self.stacks.currentData() or "")

    def _stack_chosen(self, *_: Any) -> None:
        self.clear()

    def _crs(self) -> QgsCoordinateReferenceSystem:
        """Return the coordinates of the stack: of its layer, or of a result made from it."""
        path = self.path()
        layers = [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsRasterLayer)]
        for layer in sorted(layers, key=lambda layer: stacks.path_of(layer) != path):  # the stack itself knows best
            if stacks.path_of(layer) == path or layer.customProperty(scatterers.STACK) == path:
                return layer.crs()
        return QgsCoordinateReferenceSystem()

    # The pixel

    def pick_at(self, point: QgsPointXY) -> bool:
        """Show the pixel at a map position (canvas CRS); return False where there is none. It is read in the background."""
        path = self.path()
        if not path:
            self._tell(tr("There is no stack in the project: use Open Stack first."))
            return False
        crs = self._crs()
        try:
            reader = self._reader(path)
            place = reader.pixel_of(moved(point, self._canvas, crs))
        except (StillpointError, QgsCsException) as error:
            self._tell(str(error))
            return False
        if place is None:
            self._tell(tr("{0} does not reach there.").format(self.stacks.currentText()))
            return False
        corners = reader.corners(*place)
        self._mark(corners, crs)
        probes = tuple(probes_at(point, self._canvas, corners, crs))
        self._stop()
        work = tasks.Work(
            tr("Stillpoint: reading a pixel"), lambda work: reader.read(*place, probes), hidden=True
        )
        work.done.connect(self._read)
        work.failed.connect(self._failed)
        self._work = tasks.start(work)
        return True

    def _reader(self, path: str) -> HistoryReader:
        stamp = stacks.stamp_of(path)
        if self._readers.get(path, (None, -1))[1] != stamp:
            self._readers[path] = (HistoryReader(path), stamp)
        return self._readers[path][0]

    def _read(self, pixel: Pixel) -> None:
        self._work = None
        self.pixel = pixel
        empty = tr("This stack has no amplitudes beside it.")
        self.amplitude.set_content(
            amplitude_content(pixel.amplitude) if pixel.amplitude is not None else Content(message=empty), keep_zoom=True
        )
        wrapped = self._reader(self.path()).facts.quantity != "unwrapped"
        self.phase.set_content(
            phase_content(pixel.phase, pixel.relative, wrapped=wrapped) if pixel.phase is not None
            else Content(message=tr("This stack has no phase.")), keep_zoom=True,
        )  # fmt: skip
        for chart, history in ((self.amplitude, pixel.amplitude), (self.phase, pixel.phase)):
            if history is not None and chart.content().is_empty:
                chart.content().message = tr("No data at this pixel.")
        self.amplitude.setVisible(pixel.amplitude is not None or pixel.phase is None)
        self.phase.setVisible(pixel.phase is not None)
        self.panel.show_pixel(pixel)
        self.panel.show()

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._readers.pop(self.path(), None)
        self._tell(str(error))

    def _stop(self) -> None:
        if self._work is not None:
            self._work.drop()
            self._work = None

    def clear(self) -> None:
        """Forget the pixel."""
        self._stop()
        self._drop_marks()
        self.pixel = None
        self.panel.clear()
        self.panel.hide()
        self._show_hint()

    def _show_hint(self) -> None:
        if not self.stacks.count():
            text = tr("Add a stack first: Open Stack makes one of a product's folder or files.")
        elif self.tool_action.isChecked():
            text = tr("Click a pixel on the map to see its amplitude and phase on every date, and why it is a PS or not.")
        else:
            text = tr("Press Click a pixel, then click on the map.")
        self.amplitude.set_content(Content(message=text))
        self.amplitude.show()
        self.phase.hide()
        self.panel.hide()

    # The mark

    def _mark(self, corners: List[QgsPointXY], crs: QgsCoordinateReferenceSystem) -> None:
        """Outline the pixel on the map."""
        self._drop_marks()
        shape = QgsGeometry.fromPolygonXY([[*corners, corners[0]]])
        here = self._canvas.mapSettings().destinationCrs()
        if here.isValid() and crs.isValid() and here != crs:
            shape.transform(QgsCoordinateTransform(crs, here, QgsProject.instance()))
        self._band = area_band(self._canvas, MARK)
        self._band.setToGeometry(shape, None)

    def _drop_marks(self) -> None:
        if self._band is not None:
            self._canvas.scene().removeItem(self._band)
            self._band = None

    def _tool_turned(self) -> None:
        if self.pixel is None:
            self._show_hint()

    def resizeEvent(self, event: Any) -> None:
        """Set the charts beside one another in a wide and low dock, below one another in a high one."""
        flat = event.size().height() < 420 and event.size().width() > 900
        wanted = Qt.Orientation.Horizontal if flat else Qt.Orientation.Vertical
        if self.charts.orientation() != wanted:
            self.charts.setOrientation(wanted)
        narrow = event.size().width() < 600
        outer = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.splitter.orientation() != outer:
            self.splitter.setOrientation(outer)
        super().resizeEvent(event)
