"""What a reviewer looks at: the series of a point with its fitted trend, or the amplitude and phase of a pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Tuple

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import QBoxLayout, QSizePolicy, QSplitter, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.classes import NAMES
from stillpoint.plugin import stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.pixel import HistoryReader, Pixel, Probe, Verdict
from stillpoint.plugin.review import PIXELS, POINTS
from stillpoint.ui.pixel_dock_content import amplitude_content, phase_content
from stillpoint.ui.pixel_dock_panel import PixelPanel
from stillpoint.ui.plot.chart import SeriesChart
from stillpoint.ui.plot.content import Content
from stillpoint.ui.review_keys import KeyPad
from stillpoint.ui.series_panel import SeriesPanel
from stillpoint.ui.series_picks import Options, Pick, chart_content

FACTS = 300
"""Width in pixels of the facts, so that the picture gets the room."""

NARROW = 760
"""Width in pixels below which the parts stand below one another."""


class Stage(QWidget):
    """A picture of the item, facts about it, and the keys beside."""

    kind = ""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.keys = KeyPad(self.kind)
        self.picture, self.facts = self._picture(), self._facts()
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)
        for widget, stretch in ((self.picture, 1), (self.facts, 0), (self.keys, 0)):
            self.box.addWidget(widget, stretch)
        self.facts.setFixedWidth(FACTS)

    def _picture(self) -> QWidget:
        raise NotImplementedError

    def _facts(self) -> QWidget:
        raise NotImplementedError

    def clear(self, message: str = "") -> None:
        """Show nothing but what to do."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        """Return the least room: the keys, with picture and facts above them."""
        return QSize(max(self.keys.sizeHint().width(), 300), 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the parts below one another where there is no room beside."""
        narrow = event.size().width() < NARROW
        directions = QBoxLayout.Direction
        wanted = directions.TopToBottom if narrow else directions.LeftToRight
        if self.box.direction() != wanted:
            self.box.setDirection(wanted)
            self.facts.setMinimumWidth(0 if narrow else FACTS)
            self.facts.setMaximumWidth(16_777_215 if narrow else FACTS)
            self.box.setStretchFactor(self.facts, int(narrow))
            policies = QSizePolicy.Policy
            self.keys.setSizePolicy(policies.Expanding if narrow else policies.Fixed, policies.Preferred)
        super().resizeEvent(event)


class PointStage(Stage):
    """The series of a point."""

    kind = POINTS

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        self._pick: Optional[Pick] = None
        self._tried: Optional[int] = None
        super().__init__(parent)
        for value, button in self.keys.labels.items():
            button.installEventFilter(self)
            button.setProperty("review_value", value)

    def _picture(self) -> QWidget:
        self.chart = SeriesChart()
        return self.chart

    def _facts(self) -> QWidget:
        self.panel = SeriesPanel()
        return self.panel

    def clear(self, message: str = "") -> None:
        """Show nothing but what to do."""
        self._pick = self._tried = None
        self.chart.set_content(Content(message=message))
        self.panel.show_nothing()

    def show_pick(self, pick: Pick) -> None:
        """Show a point, with the trend of the class that the model gave it."""
        self._pick, self._tried = pick, None
        self.panel.show_pick(pick, None)
        self.panel.verticalScrollBar().setValue(0)
        self._draw()

    def try_class(self, code: Optional[int]) -> None:
        """Show how another class would fit; None shows that of the model again."""
        if code != self._tried and self._pick is not None:
            self._tried = code
            self._draw()

    @property
    def tried(self) -> Optional[int]:
        """The class whose fit is shown instead of the model's."""
        return self._tried

    def _draw(self) -> None:
        if self._pick is None:
            return
        pick = self._pick if self._tried is None else _as_class(self._pick, self._tried)
        content = chart_content([pick], pick, None, Options(annual=True))
        content.message = tr("This series has no value.")
        if self._tried is not None:
            content.lines = [replace(line, label=tr("As {0}").format(NAMES[self._tried])) if line.label == "Trend" else line
                             for line in content.lines]  # fmt: skip
        self.chart.set_content(content, keep_zoom=self._tried is not None)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Show the fit of a class while the mouse is on its button."""
        if event.type() == event.Type.Enter:
            code = watched.property("review_value")
            self.try_class(int(code) if code is not None and int(code) >= 0 else None)
        elif event.type() == event.Type.Leave:
            self.try_class(None)
        return False


def _as_class(pick: Pick, code: int) -> Pick:
    """Return a pick as it would be with another class; what the engine fitted for its own class is not of this one."""
    fitted = ("velocity", "vel_se", "velocity_1", "vel1_se", "velocity_2", "vel2_se", "break_date", "break_lo", "break_hi",
              "accel", "jumps", "annual", "rmse")  # fmt: skip
    attributes: Dict[str, Any] = {name: value for name, value in pick.attributes.items() if name not in fitted}
    attributes["trend_code"] = code
    series = replace(pick.series, attributes=attributes)  # type: ignore[arg-type]
    return Pick(pick.layer, pick.dates, series, pick.wavelength, None, pick.classified)


class PixelStage(Stage):
    """Amplitude and phase of a pixel over the dates."""

    kind = PIXELS
    arrived = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        self._reader: Optional[Tuple[str, int, HistoryReader]] = None
        self._work: Optional[tasks.Work] = None
        self.pixel: Optional[Pixel] = None
        super().__init__(parent)

    def _picture(self) -> QWidget:
        self.amplitude, self.phase = SeriesChart(), SeriesChart()
        self.amplitude.setAccessibleName(tr("Amplitude over time"))
        self.phase.setAccessibleName(tr("Phase over time"))
        self.charts = QSplitter(Qt.Orientation.Vertical)
        for chart in (self.amplitude, self.phase):
            chart.setMinimumSize(220, 80)
            self.charts.addWidget(chart)
        self.charts.setChildrenCollapsible(False)
        return self.charts

    def _facts(self) -> QWidget:
        self.panel = PixelPanel()
        return self.panel

    def clear(self, message: str = "") -> None:
        """Show nothing but what to do."""
        self.stop()
        self.pixel = None
        self.amplitude.set_content(Content(message=message))
        self.amplitude.show()
        self.phase.hide()
        self.panel.clear()

    def show_pixel(self, stack: str, row: int, column: int, probes: List[Probe], verdict: Verdict) -> None:
        """Show a pixel of a stack, read in the background; without a stack what the selection says alone."""
        self.stop()
        if not stack:
            self._show(Pixel(row, column, verdicts=(verdict,)), tr(
                "The stack of this selection is not in the project: add it (Open Stack) to see amplitude and phase."))  # fmt: skip
            return
        try:
            reader = self._reader_of(stack)
        except StillpointError as error:
            self._show(Pixel(row, column, verdicts=(verdict,)), str(error))
            return
        known = tuple(probes)
        work = tasks.Work(tr("Stillpoint: reading a pixel"), lambda work: reader.read(row, column, known), hidden=True)
        work.done.connect(lambda pixel: self._read(pixel, verdict))
        work.failed.connect(lambda error: self._failed(error, row, column, verdict))
        self._work = tasks.start(work)

    def _reader_of(self, path: str) -> HistoryReader:
        stamp = stacks.stamp_of(path)
        if self._reader is None or self._reader[:2] != (path, stamp):
            self._reader = (path, stamp, HistoryReader(path))
        return self._reader[2]

    def _read(self, pixel: Pixel, verdict: Verdict) -> None:
        self._work = None
        self._show(pixel if pixel.verdicts else replace(pixel, verdicts=(verdict,)), "")

    def _failed(self, error: Exception, row: int, column: int, verdict: Verdict) -> None:
        self._work = None
        self._reader = None
        self._show(Pixel(row, column, verdicts=(verdict,)), str(error))

    def _show(self, pixel: Pixel, message: str) -> None:
        self.pixel = pixel
        message = message or tr("This stack has no amplitudes beside it.")
        self.amplitude.set_content(
            amplitude_content(pixel.amplitude) if pixel.amplitude is not None else Content(message=message), keep_zoom=True
        )
        wrapped = self._reader is None or self._reader[2].facts.quantity != "unwrapped"
        if pixel.phase is not None:
            self.phase.set_content(phase_content(pixel.phase, pixel.relative, wrapped=wrapped), keep_zoom=True)
        for chart, history in ((self.amplitude, pixel.amplitude), (self.phase, pixel.phase)):
            if history is not None and chart.content().is_empty:
                chart.content().message = tr("No data at this pixel.")
        self.amplitude.setVisible(pixel.amplitude is not None or pixel.phase is None)
        self.phase.setVisible(pixel.phase is not None)
        self.panel.show_pixel(pixel)
        self.arrived.emit()

    def stop(self) -> None:
        """Give up what is being read."""
        if self._work is not None:
            self._work.drop()
            self._work = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the charts beside one another where the stage is low."""
        flat = event.size().height() < 380 and event.size().width() > 1150
        wanted = Qt.Orientation.Horizontal if flat else Qt.Orientation.Vertical
        if self.charts.orientation() != wanted:
            self.charts.setOrientation(wanted)
        super().resizeEvent(event)
