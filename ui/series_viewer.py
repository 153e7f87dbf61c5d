"""The series viewer: a dock that shows the displacement series of the points clicked on the map."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from qgis.core import (
    Qgis,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsDockWidget, QgsMapTool
from qgis.PyQt.QtCore import QRectF, Qt, QTimer
from qgis.PyQt.QtGui import QCloseEvent, QColor, QIcon, QPainter, QPixmap, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr
from stillpoint.plugin.series import PointSeries, SeriesReader
from stillpoint.ui.class_chart import ClassChart
from stillpoint.ui.help_keys import add_help, give_help
from stillpoint.ui.plot.chart import SeriesChart
from stillpoint.ui.plot.painter import draw_chart
from stillpoint.ui.plot.pictures import save_picture
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.series_layers import SeriesLayers, unit_of
from stillpoint.ui.series_map_tools import PointPicker, PolygonDrawer
from stillpoint.ui.series_marks import MOST, MarkedPicks
from stillpoint.ui.series_panel import SeriesPanel
from stillpoint.ui.series_picks import Options, Pick, chart_content, save_numbers
from stillpoint.ui.series_toolbar import SeriesToolbar

REACH = 10
"""Pixels around a click in which points are looked for."""

_WIDE = 720
"""Width in pixels from which the panel stands beside the chart."""


class SeriesViewerDock(QgsDockWidget):
    """Shows series, fits, classes and numbers of points of the active layer.

    Parameters
    ----------
    iface
        QGIS's interface: its canvas is clicked, its active layer read, its message bar told of problems.
    """

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointSeriesViewer")
        self.setWindowTitle(tr("Stillpoint series"))
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._layers = SeriesLayers(iface)
        self._held = MarkedPicks(self._canvas)
        self._last_tool: Optional[QgsMapTool] = None
        self.point_tool = PointPicker(self._canvas)
        self.polygon_tool = PolygonDrawer(self._canvas)
        self._build()
        self._connect()
        self._layer_changed()

    # -- building

    def _build(self) -> None:
        self.chart = SeriesChart()
        self.panel = SeriesPanel()
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Points shown"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.list)
        column.addWidget(self.panel, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.chart)
        self.splitter.addWidget(side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setChildrenCollapsible(False)
        series = QWidget()
        box = QVBoxLayout(series)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.bar = SeriesToolbar()
        add_help(self.bar, give_help(self, "results"))
        box.addWidget(self.bar)
        box.addWidget(self.splitter, 1)
        self.overview = ClassChart(self._canvas)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(series, tr("Series"))
        self.tabs.addTab(self.overview, tr("Overview"))
        self.setWidget(self.tabs)
        self.list.addActions([self.bar.reference, self.bar.remove])
        self.list.setVisible(False)

    def _connect(self) -> None:
        self.bar.points.triggered.connect(lambda on: self._use_tool(self.point_tool, on))
        self.bar.polygon.triggered.connect(lambda on: self._use_tool(self.polygon_tool, on))
        self.bar.reference.triggered.connect(self._toggle_reference)
        self.bar.annual.toggled.connect(self._redraw)
        self.bar.corrected.toggled.connect(self._redraw)
        self.bar.remove.triggered.connect(self.remove_current)
        self.bar.clear_all.triggered.connect(self.clear)
        self.bar.picture.triggered.connect(self._ask_picture)
        self.bar.numbers.triggered.connect(self._ask_numbers)
        self.list.currentRowChanged.connect(self._row_changed)
        self.bar.unit.currentTextChanged.connect(self._unit_changed)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.point_tool.picked.connect(self.pick_at)
        self.polygon_tool.drawn.connect(self.pick_within)
        self._canvas.mapToolSet.connect(self._tool_changed)
        self._canvas.destinationCrsChanged.connect(self._held.place)
        self._iface.currentLayerChanged.connect(self._layer_changed)
        QgsProject.instance().layersWillBeRemoved.connect(self._layers_removed)
        self.visibilityChanged.connect(self._shown)

    def unload(self) -> None:
        """Undo everything that the dock did to QGIS's window; the dock is of no use afterwards."""
        self.clear()
        self._give_tool_back()
        self._canvas.mapToolSet.disconnect(self._tool_changed)
        self._canvas.destinationCrsChanged.disconnect(self._held.place)
        self._iface.currentLayerChanged.disconnect(self._layer_changed)
        QgsProject.instance().layersWillBeRemoved.disconnect(self._layers_removed)
        self.visibilityChanged.disconnect(self._shown)
        self._layers.clear()
        # The canvas owns its tools: they would stay with it for as long as QGIS runs.
        self.point_tool.deleteLater()
        self.polygon_tool.deleteLater()

    # -- what others call

    def activate(self) -> None:
        """Show the dock and let the next click on the map pick a point."""
        self.setUserVisible(True)
        self.tabs.setCurrentIndex(0)
        self._use_tool(self.point_tool, True)

    def picks(self) -> List[Pick]:
        """Return what is shown."""
        return list(self._held.picks)

    def reference(self) -> Optional[Pick]:
        """Return the pick whose series is subtracted, None where there is none."""
        return self._held.reference

    def pick_at(self, point: QgsPointXY, add: bool = False) -> bool:
        """Show the point nearest to a map position (canvas CRS); return False where none is near.

        ``add`` keeps what is shown and compares.
        """
        reader = self._reader()
        if reader is None:
            return False
        try:
            transform = self._to_layer(reader.layer)
            centre = transform.transform(point)
            reach = REACH * self._canvas.mapUnitsPerPixel()
            edge = transform.transform(QgsPointXY(point.x() + reach, point.y()))
            found = reader.nearest(centre, max(centre.distance(edge), 1e-9))
        except (QgsCsException, StillpointError) as error:
            self._tell(str(error))
            return False
        if found is None:
            self._say_nothing_here(add)
            return False
        self._take([_pick(reader, found)], add)
        return True

    def pick_within(self, polygon: QgsGeometry, add: bool = False) -> bool:
        """Show the median of the points inside a polygon (canvas CRS); return False where there is none."""
        reader = self._reader()
        if reader is None:
            return False
        try:
            shape = QgsGeometry(polygon)
            shape.transform(self._to_layer(reader.layer))
            area = reader.within(shape)
        except (QgsCsException, StillpointError) as error:
            self._tell(str(error))
            return False
        self._take([Pick(reader.layer, reader.dates, area, reader.facts.wavelength, shape)], add)
        return True

    def show_features(self, layer: QgsVectorLayer, ids: Sequence[int], add: bool = False) -> bool:
        """Show features of a layer by their ids."""
        reader = self._reader(layer)
        if reader is None:
            return False
        series = reader.by_ids(ids[:MOST])
        picks = [_pick(reader, item) for item in series]
        self._take(picks, add)
        return bool(picks)

    def clear(self) -> None:
        """Remove everything that is shown."""
        self._held.clear()
        self._refresh()

    def remove_current(self) -> None:
        """Remove the current pick."""
        if self._held.current is not None:
            self._held.drop([self._held.current])
            self._refresh()

    def set_reference(self, pick: Optional[Pick]) -> None:
        """Subtract the series of ``pick`` from all others; None shows them as they are."""
        self._held.reference = pick
        self._refresh()

    def save_picture(self, path: str) -> None:
        """Write the chart as .png, .svg or .pdf; raises StillpointError where that is not possible."""
        if self.chart.content().is_empty:
            raise StillpointError(tr("There is no series to export: click a point on the map first."))
        content, view = self.chart.content(), self.chart.view()
        content.title = self._title()

        def paint(painter: QPainter, rect: QRectF) -> None:
            draw_chart(painter, rect, content, view, Theme.paper(), pixels=17, family=self.font().family())

        try:
            save_picture(path, paint, title=content.title)
        finally:
            content.title = ""

    def save_numbers(self, path: str) -> List[str]:
        """Write series and figures as CSV; raises StillpointError where that is not possible."""
        if not self._held.picks:
            raise StillpointError(tr("There is no series to export: click a point on the map first."))
        return save_numbers(path, self._held.picks, self._held.reference)

    # -- layers

    def _reader(self, layer: Optional[QgsMapLayer] = None) -> Optional[SeriesReader]:
        """Return the reader of a layer, by default of the one that clicks mean; tell why there is none."""
        layer = layer or self._layers.target()
        if layer is None:
            self._tell(tr("Choose a layer of points with displacement series in the layer list first."))
            return None
        try:
            return self._layers.reader_of(layer)
        except StillpointError as error:
            self._tell(str(error))
            return None

    def _layer_changed(self, *_: Any) -> None:
        layer = self._layers.target()
        needs_unit = False
        if layer is not None:
            try:
                needs_unit = not self._layers.reader_of(layer).has_own_unit
            except StillpointError:
                needs_unit = False
        self.bar.show_layer("" if layer is None else layer.name(), unit_of(layer), needs_unit)
        if self.tabs.currentWidget() is self.overview:
            self.overview.set_layer(layer)
        self._redraw()

    def _unit_changed(self, unit: str) -> None:
        layer = self._layers.target()
        if layer is not None:
            self._layers.set_unit(layer, unit)
            mine = [pick for pick in self._held.picks if pick.layer is layer]
            ids = [pick.series.fid for pick in mine if isinstance(pick.series, PointSeries)]
            self._held.drop(mine)
            self.show_features(layer, ids, add=True)

    def _layers_removed(self, ids: Sequence[str]) -> None:
        self._layers.leave(ids)
        gone = [pick for pick in self._held.picks if pick.layer.id() in ids]
        self._held.drop(gone)
        self.overview.set_layer(None)
        self._refresh()

    def _to_layer(self, layer: QgsVectorLayer) -> QgsCoordinateTransform:
        crs = self._canvas.mapSettings().destinationCrs()
        return QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance())

    # -- picks

    def _take(self, picks: List[Pick], add: bool) -> None:
        if not self._held.take(picks, add=add):
            self._tell(tr("At most {0} points are compared at once.").format(MOST))
        self._refresh()

    def _toggle_reference(self, on: bool) -> None:
        chosen = self._held.current if on else None
        others = [pick for pick in self._held.picks if pick is not chosen]
        if chosen is not None and others:
            self._held.current = others[-1]  # less its own series the reference has no numbers to show
        self.set_reference(chosen)

    def _row_changed(self, row: int) -> None:
        if 0 <= row < len(self._held.picks) and self._held.picks[row] is not self._held.current:
            self._held.current = self._held.picks[row]
            self._redraw(keep_zoom=True)

    # -- showing

    def _refresh(self) -> None:
        """Fill the list again and redraw."""
        self.list.blockSignals(True)
        self.list.clear()
        for pick in self._held.picks:
            name = pick.label if not pick.classified else f"{pick.label} · {tr(pick.look.name)}"
            if pick is self._held.reference:
                name += tr(" · reference")
            self.list.addItem(QListWidgetItem(_swatch(pick.colour), name))
        if self._held.current in self._held.picks:
            self.list.setCurrentRow(self._held.picks.index(self._held.current))
        self.list.blockSignals(False)
        rows = min(len(self._held.picks), 4)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 16) + 4)
        self.list.setVisible(len(self._held.picks) > 1)
        self._redraw()

    def _redraw(self, *_: Any, keep_zoom: bool = True) -> None:
        options = Options(annual=self.bar.annual.isChecked(), corrected=self.bar.corrected.isChecked())
        content = chart_content(self._held.picks, self._held.current, self._held.reference, options)
        content.message = self._hint()
        self.chart.set_content(content, keep_zoom=keep_zoom and bool(self._held.picks))
        if self._held.current is None:
            self.panel.show_nothing()
        else:
            self.panel.show_pick(self._held.current, self._held.reference)
        some = bool(self._held.picks)
        self.bar.reference.setEnabled(some)
        self.bar.reference.setChecked(self._held.reference is not None)
        self.bar.corrected.setEnabled(any(pick.fit(self._held.reference).jumps for pick in self._held.picks))
        for thing in (self.bar.clear_all, self.bar.remove, self.bar.export):
            thing.setEnabled(some)
        self.panel.parentWidget().setVisible(some)

    def _hint(self) -> str:
        """Return what an empty chart says: what to do next."""
        layer = self._layers.target()
        if layer is None:
            return tr("Add a layer of points with displacement series, and choose it in the layer list.")
        try:
            self._layers.reader_of(layer)
        except StillpointError as error:
            return str(error)
        if self._held.picks:
            return tr("This series has no value.")
        if self.bar.polygon.isChecked():
            return tr(
                "Click the corners of an area on the map, and close it with the right button: "
                "the median of the points of {0} inside is shown."
            ).format(layer.name())
        if self.bar.points.isChecked():
            return tr("Click a point of {0} on the map to see its series. Hold Shift to compare several.").format(
                layer.name()
            )
        return tr(
            "Press Points, then click a point of {0} on the map to see its series. "
            "Hold Shift to compare several, or draw a Polygon for the median of an area."
        ).format(layer.name())

    def _title(self) -> str:
        if len(self._held.picks) == 1:
            pick = self._held.picks[0]
            return f"{pick.label} · {tr(pick.look.name)}" if pick.classified else pick.label
        return ", ".join(pick.label for pick in self._held.picks)

    def _say_nothing_here(self, add: bool) -> None:
        if not add and self._held.reference is None:
            self.clear()
        self._tell(tr("No point there. Zoom in, or click closer to one."))

    def _tell(self, text: str) -> None:
        self._iface.messageBar().pushMessage("Stillpoint", text, Qgis.MessageLevel.Info, 5)

    def _tab_changed(self, index: int) -> None:
        if self.tabs.widget(index) is self.overview:
            self.overview.set_layer(self._layers.target())

    # -- map tools

    def _use_tool(self, tool: QgsMapTool, on: bool) -> None:
        if not on:
            self._give_tool_back()
            return
        if self._canvas.mapTool() not in (self.point_tool, self.polygon_tool):
            self._last_tool = self._canvas.mapTool()
        self._canvas.setMapTool(tool)

    def _give_tool_back(self) -> None:
        tool = self._canvas.mapTool()
        if tool in (self.point_tool, self.polygon_tool):
            self._canvas.unsetMapTool(tool)
            if self._last_tool is not None:
                self._canvas.setMapTool(self._last_tool)
        self._last_tool = None

    def _tool_changed(self, tool: Optional[QgsMapTool], _old: Optional[QgsMapTool] = None) -> None:
        self.bar.points.setChecked(tool is self.point_tool)
        self.bar.polygon.setChecked(tool is self.polygon_tool)
        if not self._held.picks:
            self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the panel beside the chart in a wide dock, below it in a narrow one."""
        wide = event.size().width() >= _WIDE
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() != wanted:
            self.splitter.setOrientation(wanted)
            # Only when the new height is known can it be shared out.
            QTimer.singleShot(0, self._share_room)
        super().resizeEvent(event)

    def _share_room(self) -> None:
        width, height = self.splitter.width(), self.splitter.height()
        if self.splitter.orientation() == Qt.Orientation.Horizontal:
            self.splitter.setSizes([max(width - 530, 200), 530])
        else:
            self.splitter.setSizes([max(height - 260, height // 2), 260])

    def _shown(self, _visible: bool) -> None:
        """Leave no mark on the map while the dock is put away; one behind another tab is not."""
        away = self.isHidden()
        self._held.set_visible(not away)
        if away:
            self._give_tool_back()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take the marks off the map and give its tool back."""
        self.clear()
        self._give_tool_back()
        super().closeEvent(event)

    # -- saving

    def _ask_picture(self) -> None:
        wanted = "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the chart"), "series.png", wanted)
        if path:
            self._try(lambda: self.save_picture(path), path)

    def _ask_numbers(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the numbers"), "series.csv", "CSV (*.csv)")
        if path:
            self._try(lambda: self.save_numbers(path), path)

    def _try(self, save: Any, path: str) -> None:
        try:
            save()
        except StillpointError as error:
            self._iface.messageBar().pushMessage("Stillpoint", str(error), Qgis.MessageLevel.Warning, 0)
        else:
            text = tr("Saved {0}").format(path)
            self._iface.messageBar().pushMessage("Stillpoint", text, Qgis.MessageLevel.Success, 5)


def _pick(reader: SeriesReader, series: PointSeries) -> Pick:
    """Return a pick of one point."""
    return Pick(reader.layer, reader.dates, series, reader.facts.wavelength, None, reader.is_classified)


def _swatch(colour: str) -> QIcon:
    """Return a round icon of a colour."""
    picture = QPixmap(14, 14)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(2, 2, 10, 10)
    painter.end()
    return QIcon(picture)
