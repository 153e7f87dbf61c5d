"""An item brought before the reviewer: its series or its pixel on the stage, and its place on the map."""

from __future__ import annotations

from typing import Any, Optional, Union

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsMapLayer, QgsPointXY, QgsVectorLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.pixel import Verdict
from stillpoint.plugin.review import PIXELS, POINTS, Item
from stillpoint.plugin.review_sources import Source, attributes_item, place_of
from stillpoint.plugin.series import PointSeries, SeriesReader
from stillpoint.ui.pixel_dock_probes import probes_at
from stillpoint.ui.review_map import Spot
from stillpoint.ui.review_run import Run
from stillpoint.ui.review_stage import PixelStage, PointStage
from stillpoint.ui.series_layers import unit_of
from stillpoint.ui.series_picks import Pick

NEAR_POINTS, NEAR_PIXELS = 10, 18
"""How far the map shows around an item: spacings of points, and pixels."""


class Showing:
    """Shows items of one layer.

    Parameters
    ----------
    canvas
        QGIS's map.
    points, pixels
        Where series and pixels are seen.
    """

    def __init__(self, canvas: Any, points: PointStage, pixels: PixelStage) -> None:
        self._canvas = canvas
        self._points = points
        self._pixels = pixels
        self.spot = Spot(canvas)
        self.reader: Optional[SeriesReader] = None
        self._layer: Optional[QgsMapLayer] = None

    def begin(self, layer: QgsMapLayer) -> None:
        """Take the items of a layer from now on; also after its fields changed."""
        self._layer = layer
        self.reader = None
        if isinstance(layer, QgsVectorLayer):
            try:
                self.reader = SeriesReader(layer, unit=unit_of(layer))
            except StillpointError:
                self.reader = None  # no series: map and probabilities are all there is to see

    def end(self) -> None:
        """Forget the layer, and leave no mark on the map."""
        self._layer = self.reader = None
        self._pixels.stop()
        self.spot.clear()

    def stage(self, source: Optional[Source]) -> Union[PointStage, PixelStage]:
        """Return where the items of a source are seen."""
        return self._pixels if source is not None and source.kind == PIXELS else self._points

    def show(self, item: Item, run: Run) -> Optional[Item]:
        """Show an item; return it as its layer has it now, None where it is gone."""
        if self._layer is None:
            return None
        if run.source.kind != POINTS:
            return self._show_pixel(item, run, self._layer)
        reach = NEAR_POINTS * run.spacing
        if self.reader is None:
            self._points.clear(tr("This layer has no displacement series to show. Look at the map."))
            self.spot.go_to(QgsGeometry.fromPointXY(QgsPointXY(item.x, item.y)), self._crs(), reach)
            return item
        try:
            found = self.reader.by_ids([item.fid])
        except StillpointError as error:
            self._points.clear(str(error))
            return item
        if not found:
            return None
        series = found[0]
        pick = Pick(self.reader.layer, self.reader.dates, series, self.reader.facts.wavelength, None, self.reader.is_classified)
        self._points.show_pick(pick)
        self.spot.go_to(QgsGeometry.fromPointXY(series.point), self._crs(), reach)
        return item_of(series, run.source)

    def _show_pixel(self, item: Item, run: Run, layer: QgsMapLayer) -> Item:
        row, column = place_of(item.key)
        path = stacks.path_of(layer)
        corners = stacks.PixelReader(path).corners_of(row, column)
        shape = QgsGeometry.fromPolygonXY([[*corners, corners[0]]])
        side = max(shape.boundingBox().width(), shape.boundingBox().height())
        self.spot.go_to(shape, layer.crs(), NEAR_PIXELS * side)
        at = self.spot.position()
        probes = [] if at is None else probes_at(at, self._canvas, corners, layer.crs())
        verdict = Verdict(run.source.name, item.confidence, run.source.threshold)
        own = [probe for probe in probes if probe.probability == path]
        self._pixels.show_pixel(run.source.stack, row, column, own, verdict)
        return item

    def _crs(self) -> QgsCoordinateReferenceSystem:
        """Return the coordinates of the layer as it is now: the user may have corrected them."""
        return self._layer.crs() if self._layer is not None else QgsCoordinateReferenceSystem()


def item_of(series: PointSeries, source: Source) -> Item:
    """Return a point as an item, with what its layer says of it now."""
    model, sure = attributes_item(series.attributes)
    return Item(source.key_of(series.fid, series.attributes), series.point.x(), series.point.y(), model, sure, series.fid)
