"""The curves of a training: the loss, and the figure that decides, epoch by epoch, with the best epoch marked."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.training_run import figure_names
from stillpoint.ui.plot.chart import SeriesChart
from stillpoint.ui.plot.content import Abscissa, Content, Dots, Line, Mark
from stillpoint.ui.plot.ticks import Tick, number_ticks
from stillpoint.ui.train_words import figure_in_words, loss_in_words

LOSS, FIGURE, BEST = "#1F6FB4", "#2F9E77", "#D1400B"
OTHERS = ("#E0A100", "#A64D9C", "#5B5BD6")
"""Colours of further losses."""

_NARROW = 560
"""Pixels of width below which the panels stand one above the other."""


def epoch_ticks(low: float, high: float, most: int) -> List[Tick]:
    """Return whole epochs with their labels."""
    return [(value, f"{value:.0f}") for value, _ in number_ticks(low, high, most) if abs(value - round(value)) < 1e-6]


def epoch_text(epoch: float) -> str:
    """Return an epoch as the box of the cross line names it."""
    return tr("Epoch {number:g}").format(number=epoch)


EPOCHS = Abscissa(ticks=epoch_ticks, text=epoch_text, room=0.3, shortest=4.0)


def digits_of(values: np.ndarray) -> int:
    """Return how many decimals tell values apart: three figures of what they span."""
    finite = np.abs(values[np.isfinite(values)])
    if not len(finite) or not finite.max():
        return 3
    span = float(np.ptp(values[np.isfinite(values)])) or float(finite.max())
    return int(min(max(2 - math.floor(math.log10(span)), 0), 6))


class TrainingCurves(QWidget):
    """Two charts side by side, one above the other where it is narrow. Pointing at an epoch reads it in both."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.loss, self.figure = SeriesChart(), SeriesChart()
        self.loss.setAccessibleName(tr("Loss by epoch"))
        self.figure.setAccessibleName(tr("Figure on the validation part by epoch"))
        for chart, other in ((self.loss, self.figure), (self.figure, self.loss)):
            chart.setMinimumSize(200, 120)
            chart.epochHovered.connect(lambda _, chart=chart, other=other: other.show_values_at(chart.hovered_day()))
        self.choice = QComboBox()
        self.choice.setObjectName("figure")
        self.choice.setToolTip(tr("Which figure on the validation part the right chart shows"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.currentIndexChanged.connect(self._draw)
        self._source: Optional[Sequence[Mapping[str, Any]]] = None
        self._message = ""
        self._rows: List[Dict[str, Any]] = []
        self._about: Dict[str, Any] = {}
        heads = [QHBoxLayout(), QHBoxLayout()]
        heads[0].addWidget(QLabel(tr("<b>Loss</b>")))
        heads[1].addWidget(QLabel(tr("<b>Validation</b>")))
        heads[1].addWidget(self.choice)
        self._panels = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._panels.setContentsMargins(0, 0, 0, 0)
        self._panels.setSpacing(12)
        for head, chart in zip(heads, (self.loss, self.figure)):
            head.addStretch(1)
            column = QVBoxLayout()
            column.setSpacing(3)
            column.addLayout(head)
            column.addWidget(chart, 1)
            self._panels.addLayout(column, 1)
        height = self.choice.sizeHint().height()
        for head in heads:
            head.addStrut(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_rows({}, [])

    def sizeHint(self) -> QSize:
        """Return a size that shows some dozens of epochs."""
        return QSize(760, 270)

    def minimumSizeHint(self) -> QSize:
        """Return the least size: one chart above the other."""
        return QSize(260, 160)

    def resizeEvent(self, event: Any) -> None:
        """Put the panels where there is room for them."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        self._panels.setDirection(directions.TopToBottom if self.width() < _NARROW else directions.LeftToRight)

    def show_rows(self, about: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *, message: str = "") -> None:
        """Show what a training told.

        Parameters
        ----------
        about
            Its first row: which figure decides, and whether larger is better.
        rows
            A row an epoch; other rows are another list.
        message
            What the charts say while there are no rows.
        """
        message = message or tr("The curves begin with the first epoch.")
        if rows is self._source and message == self._message:
            return  # this comes with every step, rows with every epoch only
        self._source, self._message = rows, message
        self._about, self._rows = dict(about), [dict(row) for row in rows]
        names = figure_names(self._rows, decides=str(self._about.get("metric", "")))
        shown = [self.choice.itemData(index) for index in range(self.choice.count())]
        if names != shown:
            chosen = self.choice.currentData()
            self.choice.blockSignals(True)
            self.choice.clear()
            for name in names:
                self.choice.addItem(figure_in_words(name), name)
            self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0))
            self.choice.blockSignals(False)
        self.choice.setVisible(bool(names))
        self._draw()

    def best_epoch(self) -> Optional[int]:
        """Return the epoch that is marked as the best so far."""
        best = [int(row["epoch"]) for row in self._rows if row.get("best")]
        return best[-1] if best else None

    def _draw(self, *_: Any) -> None:
        best = self.best_epoch()
        marks = [] if best is None else [Mark(best, tr("best: {n}").format(n=best), BEST)]
        x = np.array([float(row["epoch"]) for row in self._rows])
        losses = [("loss", LOSS)]
        further = sorted({name for row in self._rows for name in row if name != "loss" and name.endswith("loss")})
        losses += list(zip(further, OTHERS))
        parts = [(name, colour, loss_in_words(name) if further else "") for name, colour in losses]
        self._show(self.loss, x, parts, marks, least=1e-9)
        name = self.choice.currentData()
        self._show(self.figure, x, [(name, FIGURE, "")] if name else [], marks, least=1e-6)

    def _show(self, chart: SeriesChart, x: np.ndarray, curves: Any, marks: List[Mark], *, least: float) -> None:
        dots, lines = [], []
        for name, colour, label in curves:
            y = np.array([_number(row.get(name)) for row in self._rows])
            dots.append(Dots(x, y, colour, label))
            known = np.isfinite(y)
            lines.append(Line(x[known], y[known], colour, width=1.8))
        every = np.concatenate([item.y for item in dots]) if dots else np.zeros(0)
        content = Content(
            marks=marks, lines=lines, dots=dots, unit="", axis="", short_axis="", message=self._message, abscissa=EPOCHS,
            digits=digits_of(every), least_span=least,
        )  # fmt: skip
        cursor = chart.hovered_day()
        chart.set_content(content, keep_zoom=True)
        if cursor is not None:
            chart.show_values_at(cursor)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
