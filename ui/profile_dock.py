"""The profile dock: draw a line on the map and see offsets along it, with their standard errors."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsVertexMarker
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QCloseEvent, QColor, QPainter
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QMenu,
    QToolButton,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import offsets, stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets_profile import ACROSS, ALONG, MAGNITUDE, Profile, profile_along, save_csv
from stillpoint.ui.map_dock import MapDock
from stillpoint.ui.plot.chart import SeriesChart
from stillpoint.ui.plot.painter import draw_chart
from stillpoint.ui.plot.pictures import save_picture
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.profile_content import content_of
from stillpoint.ui.profile_tool import COLOUR, LineDrawer, line_band

MOST_PAIRS = 8
"""Pairs that are compared at most."""

COMPONENTS = "components"


class ProfileDock(MapDock):
    """Shows the profile of one raster of offsets along one line.

    Parameters
    ----------
    iface
        QGIS's interface: its canvas is drawn on, its active layer tells the raster, its message bar is told of problems.
    """

    HELP = "offsets"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointProfile")
        self.setWindowTitle(tr("Offset profile"))
        self._band: Any = None
        self._marker: Any = None
        self._line: Optional[QgsGeometry] = None
        self._line_crs = QgsCoordinateReferenceSystem()
        self._problem = ""
        self.profiles: List[Profile] = []
        self.tool = LineDrawer(self._canvas)
        self._build()
        self.tool.drawn.connect(self.take_line)
        self.picture_action.triggered.connect(self._ask_picture)
        self.numbers_action.triggered.connect(self._ask_numbers)
        self.results.currentIndexChanged.connect(self._result_chosen)
        self.pairs.currentIndexChanged.connect(self.refresh_profile)
        self.shown.currentIndexChanged.connect(self._redraw)
        self.chart.epochHovered.connect(self._hovered)
        self._canvas.destinationCrsChanged.connect(self._place_band)
        self._attach()

    def _build(self) -> None:
        self.chart = SeriesChart()
        self.chart.setAccessibleName(tr("Offsets along the line"))
        self._make_bar(
            "/mActionCaptureLine.svg", tr("Draw a line"),
            tr("Click the places of a line on the map; the right button ends it"),
            clear=tr("Forget the line and take it off the map"),
        )  # fmt: skip
        menu = QMenu(self)
        self.picture_action = menu.addAction(tr("Picture (PNG, SVG, PDF) ..."))
        self.numbers_action = menu.addAction(tr("Numbers (CSV) ..."))
        self.export = QToolButton()
        self.export.setIcon(QgsApplication.getThemeIcon("/mActionSharingExport.svg"))
        self.export.setText(tr("Export"))
        self.export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export.setMenu(menu)
        self.bar.addWidget(self.export)
        self.bar.addSeparator()
        self.bar.addWidget(QLabel(tr("Show ")))
        self.shown = QComboBox()
        self.shown.setObjectName("profile_shown")
        self.shown.setToolTip(tr("What the chart shows along the line"))
        for title, data in (
            (tr("Magnitude"), MAGNITUDE), (tr("Components"), COMPONENTS), (tr("Along and across the line"), ALONG),
        ):  # fmt: skip
            self.shown.addItem(title, data)
        self.bar.addWidget(self.shown)
        self._add_space()
        self.pairs = QComboBox()
        self.pairs.setObjectName("profile_pair")
        self.pairs.setToolTip(tr("Pair of dates whose offsets are shown"))
        self._pairs_action = self.bar.addWidget(self.pairs)
        self.results = self._add_chooser("profile_result", tr("Offsets that are shown"))
        self._fill(self.chart)

    def unload(self) -> None:
        """Undo everything that the dock did to QGIS's window; the dock is of no use afterwards."""
        self._canvas.destinationCrsChanged.disconnect(self._place_band)
        super().unload()

    # Results

    def refresh(self, *_: Any) -> None:
        """List the offsets of the project again."""
        chosen = self.results.currentData()
        found: List[str] = []
        for node in QgsProject.instance().layerTreeRoot().findLayers():  # from the top
            layer = node.layer()
            if isinstance(layer, QgsRasterLayer) and layer.id() not in self._leaving and offsets.is_offsets(layer):
                found.append(stacks.path_of(layer))
        for layer in QgsProject.instance().mapLayers().values():
            if isinstance(layer, QgsRasterLayer) and layer.id() not in self._leaving and offsets.is_offsets(layer):
                found.append(stacks.path_of(layer))
        self.results.blockSignals(True)
        self.results.clear()
        for path in dict.fromkeys(found):
            self.results.addItem(offsets.facts_of(path).title, path)
            self.results.setItemData(self.results.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        self.results.setCurrentIndex(max(self.results.findData(chosen), 0 if found else -1))
        self.results.blockSignals(False)
        if self.results.currentData() != chosen:
            self._result_chosen()
        else:
            self._redraw()

    def turn_to(self, layer: Optional[QgsMapLayer]) -> None:
        """Show the offsets that a layer is of, or that belong to the same group."""
        if layer is None or sip.isdeleted(layer):
            return
        node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
        near = [layer] + ([item.layer() for item in node.parent().findLayers()] if node is not None else [])
        for other in near:
            index = self.results.findData(stacks.path_of(other)) if other is not None else -1
            if index >= 0:
                self.results.setCurrentIndex(index)
                return

    def path(self) -> str:
        """Return the raster whose offsets are shown; empty where there is none."""
        return str(self.results.currentData() or "")

    def _result_chosen(self, *_: Any) -> None:
        self.pairs.blockSignals(True)
        self.pairs.clear()
        try:
            facts = offsets.facts_of(self.path()) if self.path() else None
        except StillpointError:
            facts = None
        if facts is not None:
            for number, pair in enumerate(facts.pairs):
                self.pairs.addItem(pair.label, number)
            if 1 < len(facts.pairs) <= MOST_PAIRS:
                self.pairs.addItem(tr("All pairs"), -1)
        self.pairs.blockSignals(False)
        self._pairs_action.setVisible(self.pairs.count() > 1)
        self.refresh_profile()

    # The line

    def take_line(self, line: QgsGeometry, crs: Optional[QgsCoordinateReferenceSystem] = None) -> None:
        """Show the profile along a line in the coordinates of the map, or in ``crs``."""
        self._line = QgsGeometry(line)
        self._line_crs = self._canvas.mapSettings().destinationCrs() if crs is None else crs
        self._place_band()
        self.refresh_profile()

    def refresh_profile(self, *_: Any) -> None:
        """Read the profile along the present line again."""
        self.profiles, self._problem = [], ""
        self._drop_marker()
        if self._line is not None and self.path():
            try:
                self.profiles = self._read(self._line)
            except (StillpointError, QgsCsException) as error:
                self._problem = str(error)
        self._redraw()

    def _read(self, line: QgsGeometry) -> List[Profile]:
        facts = offsets.facts_of(self.path())
        crs = self._crs()
        shape = QgsGeometry(line)
        if crs.isValid() and self._line_crs.isValid() and crs != self._line_crs:
            shape.transform(QgsCoordinateTransform(self._line_crs, crs, QgsProject.instance()))
        number = self.pairs.currentData()
        pairs = list(facts.pairs) if number == -1 else [facts.pairs[int(number or 0)]]
        ellipsoid = QgsProject.instance().ellipsoid()
        return [profile_along(facts, pair, shape, ellipsoid=ellipsoid or "NONE") for pair in pairs]

    def _crs(self) -> QgsCoordinateReferenceSystem:
        path = self.path()
        for layer in QgsProject.instance().mapLayers().values():
            if stacks.path_of(layer) == path:
                return layer.crs()
        return QgsCoordinateReferenceSystem()

    def clear(self) -> None:
        """Forget the line."""
        self._line = None
        self.profiles, self._problem = [], ""
        self._drop_marks()
        self._redraw()

    # What is shown

    def _redraw(self, *_: Any) -> None:
        names = [MAGNITUDE]
        several = len(self.profiles) > 1
        if self.profiles and not several:
            kind = self.shown.currentData()
            names = list(self.profiles[0].pair.kinds) if kind == COMPONENTS else [ALONG, ACROSS] if kind == ALONG else names
        elif several:
            names = [self.profiles[0].pair.kinds[0] if self.shown.currentData() == COMPONENTS else self.shown.currentData()]
        self.chart.set_content(content_of(self.profiles, names, self._hint()))
        for thing in (self.clear_action, self.export):
            thing.setEnabled(self._line is not None if thing is self.clear_action else bool(self.profiles))
        self.tool_action.setEnabled(bool(self.path()))

    def _hint(self) -> str:
        """Return what an empty chart says: what to do next."""
        if not self.path():
            return tr("Track Offsets makes the maps of offsets that a profile is read from.")
        if self._problem:
            return self._problem
        if self.profiles:
            return tr("Nothing was measured along this line.")
        if self.tool_action.isChecked():
            return tr("Click the places of a line on the map, and end it with the right button.")
        return tr("Press Draw a line, then click on the map: along the flow of a glacier, or across a fault.")

    def _hovered(self, _: str) -> None:
        """Mark on the map the place under the cursor in the chart."""
        value = self.chart.hovered_day()
        if value is None or not self.profiles:
            self._drop_marker()
            return
        profile = self.profiles[0]
        x = self.chart.content().dots[0].x
        index = int(abs(x - value).argmin())
        place = QgsPointXY(float(profile.x[index]), float(profile.y[index]))
        crs, shown = self._crs(), self._canvas.mapSettings().destinationCrs()
        try:
            if crs.isValid() and shown.isValid():
                place = QgsCoordinateTransform(crs, shown, QgsProject.instance()).transform(place)
        except QgsCsException:
            return
        if self._marker is None:
            self._marker = QgsVertexMarker(self._canvas)
            self._marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
            self._marker.setColor(COLOUR)
            self._marker.setFillColor(QColor(255, 255, 255, 200))
            self._marker.setIconSize(11)
            self._marker.setPenWidth(3)
        self._marker.setCenter(place)

    def _place_band(self, *_: Any) -> None:
        if self._band is not None:
            self._canvas.scene().removeItem(self._band)
            self._band = None
        if self._line is None or self.isHidden():
            return
        shape = QgsGeometry(self._line)
        crs = self._canvas.mapSettings().destinationCrs()
        try:
            if crs.isValid() and self._line_crs.isValid() and crs != self._line_crs:
                shape.transform(QgsCoordinateTransform(self._line_crs, crs, QgsProject.instance()))
        except QgsCsException:
            return
        self._band = line_band(self._canvas)
        self._band.reset(QgsWkbTypes.GeometryType.LineGeometry)
        self._band.setToGeometry(shape, crs)

    def _drop_marker(self) -> None:
        if self._marker is not None:
            self._canvas.scene().removeItem(self._marker)
            self._marker = None

    def _drop_marks(self) -> None:
        self._drop_marker()
        if self._band is not None:
            self._canvas.scene().removeItem(self._band)
            self._band = None

    # Saving

    def save_picture(self, path: str) -> None:
        """Write the chart as .png, .svg or .pdf; raises StillpointError where that is not possible."""
        content, view = self.chart.content(), self.chart.view()
        if content.is_empty:
            raise StillpointError(tr("There is no profile to export: draw a line on the map first."))
        content.title = " · ".join([offsets.facts_of(self.path()).title, *(profile.pair.label for profile in self.profiles[:1])])

        def paint(painter: QPainter, rect: QRectF) -> None:
            draw_chart(painter, rect, content, view, Theme.paper(), pixels=17, family=self.font().family())

        try:
            save_picture(path, paint, title=content.title)
        finally:
            content.title = ""

    def save_numbers(self, path: str) -> str:
        """Write the profile as CSV and return its path; raises StillpointError where that is not possible."""
        if not self.profiles:
            raise StillpointError(tr("There is no profile to export: draw a line on the map first."))
        return save_csv(path, self.profiles)

    def _ask_picture(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save the chart"), "profile.png", "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
        )
        if path:
            self._try(lambda: self.save_picture(path), path)

    def _ask_numbers(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the numbers"), "profile.csv", "CSV (*.csv)")
        if path:
            self._try(lambda: self.save_numbers(path), path)

    def _try(self, save: Any, path: str) -> None:
        try:
            save()
        except StillpointError as error:
            self._tell(str(error), Qgis.MessageLevel.Warning)
        else:
            self._tell(tr("Saved {0}").format(path), Qgis.MessageLevel.Success)

    # The window

    def _tool_turned(self) -> None:
        if not self.profiles:
            self._redraw()

    def _shown(self, visible: bool) -> None:
        super()._shown(visible)
        if not self.isHidden() and self._band is None:
            self._place_band()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take the marks off the map and give its tool back."""
        self._drop_marks()
        self._give_tool_back()
        super().closeEvent(event)
