"""The threshold dock: what is PS follows the slider at once, on the map and in numbers, without computing again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgsDockWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import scatterer_facts, scatterers, settings, stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.scatterers_mask import Histogram, histogram_of, save_mask
from stillpoint.ui.help_keys import give_help, help_button
from stillpoint.ui.scatterers_histogram import ThresholdHistogram
from stillpoint.ui.widgets.wrapped import WrappedLabel

STEPS = 1000
"""Steps of the slider."""
PAUSE = 60
"""Milliseconds after which the map follows the slider: it must not be drawn for every step."""


class ThresholdDock(QgsDockWidget):
    """Shows one probability layer of the project at a threshold of the user's.

    Parameters
    ----------
    iface
        QGIS's interface: its active layer is the one that the dock turns to.
    """

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointThreshold")
        self.setWindowTitle(tr("PS threshold"))
        self._iface = iface
        self._histograms: Dict[Tuple[str, int], Histogram] = {}
        self._histogram: Optional[Histogram] = None
        self._value = 0.5  # with all its digits, of which the number shows three
        self._work: Optional[tasks.Work] = None
        self._saving: Optional[tasks.Work] = None
        self._leaving: List[str] = []
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._apply)
        self.layers.currentIndexChanged.connect(self._layer_chosen)
        self.slider.valueChanged.connect(lambda value: self._moved(value / STEPS))
        self.number.valueChanged.connect(self._moved)
        self.histogram.moved.connect(lambda value: self._moved(round(value, 3)))
        self.own_button.clicked.connect(self._to_own)
        self.save_button.clicked.connect(self._ask_mask)
        project = QgsProject.instance()
        project.layersAdded.connect(self.refresh)
        project.layersWillBeRemoved.connect(self._layers_removed)
        iface.currentLayerChanged.connect(self.turn_to)
        self.refresh()
        self.turn_to(iface.activeLayer())

    def _build(self) -> None:
        self.layers = QComboBox()
        self.layers.setObjectName("probability_layer")
        self.layers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.layers.setMinimumContentsLength(16)
        self.layers.setToolTip(tr("Selection whose threshold is moved"))
        self.histogram = ThresholdHistogram()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self.slider.setAccessibleName(tr("Threshold of the probability"))
        self.number = QDoubleSpinBox()
        self.number.setRange(0.0, 1.0)
        self.number.setDecimals(3)
        self.number.setSingleStep(0.01)
        self.number.setKeyboardTracking(False)
        self.number.setAccessibleName(tr("Threshold of the probability"))
        self.count, self.note = WrappedLabel(), WrappedLabel()
        font = self.count.font()
        font.setBold(True)
        self.count.setFont(font)
        self.own_button = QPushButton(tr("Method's own"))
        self.own_button.setToolTip(tr("Go back to the threshold with which the selection was made"))
        self.save_button = QPushButton(tr("Save mask as…"))
        self.save_button.setToolTip(tr("Write the mask at this threshold: 1 PS, 0 not, 255 no data"))
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        buttons = QHBoxLayout()
        buttons.addWidget(self.own_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(7)
        top = QHBoxLayout()
        top.addWidget(self.layers, 1)
        top.addWidget(help_button(give_help(self, "scatterers")))
        column.addLayout(top)
        column.addWidget(self.histogram, 1)
        column.addLayout(row)
        column.addWidget(self.count)
        column.addWidget(self.note)
        column.addLayout(buttons)
        area = QScrollArea()  # below a long layer list there may be less room than everything takes
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        lines = 4 * self.fontMetrics().lineSpacing()  # of the count and its note, which stand there later
        area.setMinimumSize(inner.minimumSizeHint() + QSize(0, lines))
        self.setWidget(area)

    def unload(self) -> None:
        """Undo everything that the dock did to QGIS; the dock is of no use afterwards."""
        self._timer.stop()
        for work in (self._work, self._saving):
            if work is not None:
                work.drop()
        project = QgsProject.instance()
        project.layersAdded.disconnect(self.refresh)
        project.layersWillBeRemoved.disconnect(self._layers_removed)
        self._iface.currentLayerChanged.disconnect(self.turn_to)

    # Which layer

    def layer(self) -> Optional[QgsRasterLayer]:
        """Return the layer that is shown."""
        found = QgsProject.instance().mapLayer(str(self.layers.currentData() or ""))
        return found if isinstance(found, QgsRasterLayer) and not sip.isdeleted(found) else None

    def refresh(self, *_: Any) -> None:
        """List the probability layers of the project again."""
        chosen = self.layers.currentData()
        self.layers.blockSignals(True)
        self.layers.clear()
        for layer in scatterers.probability_layers():
            if layer.id() not in self._leaving:
                self.layers.addItem(scatterers.title_of(layer), layer.id())
                self.layers.setItemData(self.layers.count() - 1, layer.source(), Qt.ItemDataRole.ToolTipRole)
        self.layers.setCurrentIndex(max(self.layers.findData(chosen), 0 if self.layers.count() else -1))
        self.layers.blockSignals(False)
        if self.layers.currentData() != chosen or self.layers.currentData() is None:
            self._layer_chosen()

    def turn_to(self, layer: Optional[QgsMapLayer]) -> None:
        """Show the selection that a layer belongs to, where it belongs to one."""
        if layer is None or sip.isdeleted(layer):
            return
        found = [layer, *scatterers.companions(layer, scatterers.PROBABILITY)]
        for candidate in found:
            index = self.layers.findData(candidate.id())
            if index >= 0:
                self.layers.setCurrentIndex(index)
                return

    def _layers_removed(self, ids: Sequence[str]) -> None:
        self._leaving = list(ids)
        self.refresh()
        self._leaving = []

    def _layer_chosen(self, *_: Any) -> None:
        layer = self.layer()
        self._histogram = None
        for widget in (self.slider, self.number, self.own_button, self.save_button):
            widget.setEnabled(layer is not None)
        if layer is None:
            text = tr("Select Scatterers first: what is PS can then be moved to another threshold here.")
            self.histogram.set_histogram(None, text)
            self.count.setText("")
            self.note.setText("")
            self.own_button.setText(tr("Method's own"))
            return
        path = stacks.path_of(layer)
        try:
            facts = scatterer_facts.facts_of(path)
        except StillpointError as error:
            self.histogram.set_histogram(None, str(error))
            return
        self.own_button.setText(tr("Method's own ({0:.2f})").format(facts.threshold))
        self._show(scatterers.threshold_of(layer))
        histogram = self._histograms.get((path, stacks.stamp_of(path)))
        if histogram is not None:
            self._show_histogram(histogram)
        else:
            self._count(path)

    def _count(self, path: str) -> None:
        """Make the histogram in the background."""
        if self._work is not None:
            self._work.drop()
        self.histogram.set_histogram(None, tr("Counting pixels…"))
        self.count.setText("")
        self.note.setText("")
        stamp = stacks.stamp_of(path)  # a file that is written again is counted again
        work = tasks.Work(
            tr("Stillpoint: counting pixels"), lambda work: histogram_of(path, cancelled=work.isCanceled), hidden=True
        )
        work.done.connect(lambda histogram: self._counted(path, stamp, histogram))
        work.failed.connect(self._not_counted)
        self._work = tasks.start(work)

    def _counted(self, path: str, stamp: int, histogram: Histogram) -> None:
        self._work = None
        self._histograms[path, stamp] = histogram
        layer = self.layer()
        if layer is not None and stacks.path_of(layer) == path:
            self._show_histogram(histogram)

    def _not_counted(self, error: Exception) -> None:
        self._work = None
        self.histogram.set_histogram(None, str(error))

    def _show_histogram(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self.histogram.set_histogram(histogram)
        self._show_count(self._value)

    # The threshold

    def threshold(self) -> float:
        """Return the threshold that is shown."""
        return self._value

    def _moved(self, value: float) -> None:
        """Show a threshold that the user chose; the map follows a moment later."""
        self._show(value)
        self._timer.start()

    def _show(self, value: float) -> None:
        self._value = float(value)
        for widget in (self.slider, self.number):
            widget.blockSignals(True)
        self.slider.setValue(round(STEPS * value))
        self.number.setValue(value)
        for widget in (self.slider, self.number):
            widget.blockSignals(False)
        self.histogram.set_threshold(value)
        self._show_count(value)

    def _show_count(self, value: float) -> None:
        layer = self.layer()
        histogram = self._histogram
        if layer is None or histogram is None:
            return
        number = histogram.at_least(value)
        own = scatterer_facts.written_threshold(layer)
        dropped = "" if own is None else self._dropped(layer, histogram, own)
        # Where the method drops pixels above its threshold, those that reach it are no PS yet.
        head = tr("{0} of {1} pixels reach it") if dropped else tr("{0} PS of {1} pixels ({2:.1f} %)")
        text = head.format(f"{number:,}", f"{histogram.total:,}", 100 * number / max(histogram.total, 1))
        area = scatterers.pixel_area(layer)
        if area and histogram.total:
            density = number / (histogram.total * area / 1e6)
            text += tr("\n{0} per km²").format(f"{density:,.0f}" if density >= 10 else f"{density:.2g}")
        self.count.setText(text)
        notes = [dropped] if dropped else []
        if own is not None and value < own - 2 / STEPS and scatterers.companions(layer, scatterers.POINTS):
            below = tr("The points begin at {0:.2f}; below that, the raster shows the pixels that would be added.")
            notes.append(below.format(own))
        self.note.setText("\n".join(notes))
        self.note.setToolTip(
            tr("It looks at more than its threshold, at neighbours say. A mask saved here holds all pixels that reach it.")
            if dropped else ""
        )
        self.note.setVisible(bool(notes))

    def _dropped(self, layer: QgsRasterLayer, histogram: Histogram, own: float) -> str:
        """Return how many pixels the method kept of those that reach its threshold; empty where it kept all of them."""
        chosen, reaching = scatterer_facts.selected_count(layer), histogram.at_least(own)
        if chosen is None or abs(chosen - reaching) <= 0.02 * max(chosen, reaching):
            return ""
        text = tr("Of {0} that reach {1:.2f} the method kept {2} as PS: its points and PS mask.")
        return str(text).format(f"{reaching:,}", own, f"{chosen:,}")

    def _to_own(self) -> None:
        layer = self.layer()
        if layer is not None:
            self._moved(scatterer_facts.facts_of(stacks.path_of(layer)).threshold)

    def _apply(self) -> None:
        layer = self.layer()
        if layer is not None:
            scatterers.set_threshold(layer, self.threshold())

    # The mask

    def _ask_mask(self) -> None:
        layer = self.layer()
        if layer is None:
            return
        folder = settings.get("output_folder")
        start = str(Path(folder) / f"PS mask {self.threshold():.2f}.tif") if folder else f"PS mask {self.threshold():.2f}.tif"
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the mask"), start, "GeoTIFF (*.tif)")
        if path:
            self.save(path)

    def save(self, target: str) -> None:
        """Write the mask at the threshold shown in the background, and add it to the layers of the selection."""
        layer = self.layer()
        if layer is None or self._saving is not None:
            return
        path, threshold, name = stacks.path_of(layer), self.threshold(), layer.id()
        work = tasks.Work(
            tr("Stillpoint: saving the PS mask"),
            lambda work: save_mask(path, threshold, target, report=work.report, cancelled=work.isCanceled),
        )
        work.done.connect(lambda made: self._saved(made, name, threshold))
        work.failed.connect(self._not_saved)
        work.stopped.connect(self._save_stopped)
        self.save_button.setEnabled(False)
        self._saving = tasks.start(work)

    def _saved(self, path: str, layer_id: str, threshold: float) -> None:
        self._save_stopped()
        try:
            scatterers.add_mask(path, QgsProject.instance().mapLayer(layer_id), threshold)
        except StillpointError as error:
            self._not_saved(error)
            return
        self._iface.messageBar().pushMessage(
            "Stillpoint", tr("Saved the mask as {0}").format(path), Qgis.MessageLevel.Success, 6
        )

    def _not_saved(self, error: Exception) -> None:
        self._save_stopped()
        self._iface.messageBar().pushMessage("Stillpoint", str(error), Qgis.MessageLevel.Critical, 0)

    def _save_stopped(self) -> None:
        self._saving = None
        self.save_button.setEnabled(self.layer() is not None)
