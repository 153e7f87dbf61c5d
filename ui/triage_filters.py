"""The row of filters above the network: what is shown, by decision, score, baselines and dates."""

from __future__ import annotations

import math
from typing import Any, Optional

import numpy as np
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolButton, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import ALL, CHANGED, DECIDED, DROPPED, EVERYTHING, KEPT, Filter, Range
from stillpoint.plugin.triage_table import TriageTable

SHOWN = ((ALL, "All"), (KEPT, "Kept"), (DROPPED, "Dropped"), (CHANGED, "Changed"), (DECIDED, "Decided"))


class FilterBar(QWidget):
    """Widgets for a :class:`~stillpoint.plugin.triage.Filter`."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._table: Optional[TriageTable] = None
        self._date: Optional[np.datetime64] = None
        self.show_box = QComboBox()
        self.score_low, self.score_high = _score_box(tr("Lowest score")), _score_box(tr("Highest score"))
        self.days_low, self.days_high = _whole_box(tr("Fewest days"), " d"), _whole_box(tr("Most days"), " d")
        self.baseline_high = _whole_box(tr("Longest perpendicular baseline"), " m")
        self.first_box, self.last_box = QComboBox(), QComboBox()
        self.date_button, self.reset_button = QToolButton(), QToolButton()
        self._build()
        self._connect()
        self.set_table(None)

    def _build(self) -> None:
        for key, text in SHOWN:
            self.show_box.addItem(tr(text), key)
        self.show_box.setObjectName("show")
        self.show_box.setToolTip(tr("Which pairs are shown"))
        ends = ((self.first_box, tr("Both dates on or after this one")), (self.last_box, tr("Both dates on or before this one")))
        for box, tip in ends:
            box.setToolTip(tip)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(9)
        self.date_button.setToolTip(tr("Only the pairs of this date are shown; a click shows those of all dates"))
        self.date_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reset_button.setText(tr("Show all"))
        self.reset_button.setToolTip(tr("Take every filter away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(4)
        groups = (
            (tr("Show"), (self.show_box,)), (tr("Score"), (self.score_low, self.score_high)),
            (tr("Days"), (self.days_low, self.days_high)), (tr("Baseline up to"), (self.baseline_high,)),
            (tr("Dates"), (self.first_box, self.last_box)),
        )  # fmt: skip
        for number, (name, widgets) in enumerate(groups):
            if number:
                row.addSpacing(6)
            row.addWidget(QLabel(name))
            for place, widget in enumerate(widgets):
                if place:
                    row.addWidget(QLabel("\N{EN DASH}"))
                row.addWidget(widget)
        row.addWidget(self.date_button)
        row.addWidget(self.reset_button)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        for box in (self.show_box, self.first_box, self.last_box):
            box.currentIndexChanged.connect(self._changed)
        for spin in (self.score_low, self.score_high, self.days_low, self.days_high, self.baseline_high):
            spin.valueChanged.connect(self._changed)
        self.date_button.clicked.connect(lambda: self.set_date(None))
        self.reset_button.clicked.connect(self.reset)

    def set_table(self, table: Optional[TriageTable]) -> None:
        """Offer the dates and ranges of a table, with nothing filtered."""
        self._table = table
        blocked = self.blockSignals(True)
        longest = 1 if table is None else max(1, round(float(table.days.max())))
        metres = np.zeros(0) if table is None else np.abs(table.baselines[np.isfinite(table.baselines)])
        widest = float(metres.max(initial=0.0))
        for spin in (self.days_low, self.days_high):
            spin.setRange(0, longest)
        self.baseline_high.setRange(0, max(1, math.ceil(widest)))
        self.baseline_high.setEnabled(widest > 0)
        for box, text in ((self.first_box, tr("first")), (self.last_box, tr("last"))):
            box.clear()
            box.addItem(text, None)
            for day in [] if table is None else table.dates:
                box.addItem(str(day), str(day))
        self._reset_widgets()
        self.blockSignals(blocked)
        self.setEnabled(table is not None)
        self._show_date()

    def _reset_widgets(self) -> None:
        self._date = None
        self.show_box.setCurrentIndex(0)
        self.score_low.setValue(0.0)
        self.score_high.setValue(1.0)
        self.days_low.setValue(0)
        self.days_high.setValue(self.days_high.maximum())
        self.baseline_high.setValue(self.baseline_high.maximum())
        self.first_box.setCurrentIndex(0)
        self.last_box.setCurrentIndex(0)

    def reset(self) -> None:
        """Take every filter away."""
        blocked = self.blockSignals(True)
        self._reset_widgets()
        self.blockSignals(blocked)
        self._changed()

    def set_date(self, date: Optional[np.datetime64]) -> None:
        """Show the pairs of one date alone, or of all."""
        self._date = date
        self._changed()

    def filter(self) -> Filter:
        """Return what is shown; a range that is as wide as it gets lets missing values pass."""
        def day(box: QComboBox) -> Optional[np.datetime64]:
            text = box.currentData()
            return np.datetime64(text, "D") if text else None

        return Filter(
            str(self.show_box.currentData()), self._range(self.score_low, self.score_high),
            self._range(self.days_low, self.days_high), self._range(None, self.baseline_high), day(self.first_box),
            day(self.last_box), self._date,
        )  # fmt: skip

    def _range(self, low: Any, high: Any) -> Range:
        least = -np.inf if low is None or low.value() <= low.minimum() else low.value() - 1e-6
        most = np.inf if high.value() >= high.maximum() else high.value() + 1e-6
        return (least, most) if (least, most) != EVERYTHING else EVERYTHING

    def is_open(self) -> bool:
        """Tell whether everything is shown."""
        return self.filter() == Filter()

    def _changed(self, *_: Any) -> None:
        self._show_date()
        if not self.signalsBlocked():
            self.changed.emit()

    def _show_date(self) -> None:
        self.date_button.setVisible(self._date is not None)
        self.date_button.setText(f"{self._date} \N{MULTIPLICATION SIGN}")
        self.reset_button.setEnabled(not self.is_open())


def _score_box(tip: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.0, 1.0)
    box.setSingleStep(0.05)
    _prepare(box, tip)
    return box


def _whole_box(tip: str, suffix: str) -> QSpinBox:
    box = QSpinBox()
    box.setSuffix(suffix)
    _prepare(box, tip)
    return box


def _prepare(box: Any, tip: str) -> None:
    box.setKeyboardTracking(False)
    box.setToolTip(tip)
    box.setAccessibleName(tip)


