"""How a training goes, and what came of it: headline, curves, and at the end the new model beside the others."""

from __future__ import annotations

from typing import Optional, Tuple

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.jobs import Result
from stillpoint.plugin import training_run
from stillpoint.plugin.language import tr
from stillpoint.plugin.training_comparison import Comparison
from stillpoint.plugin.training_run import TrainingRun
from stillpoint.ui.train_curves import TrainingCurves
from stillpoint.ui.train_words import COMPOSED, figure_in_words, figure_text, span_in_words
from stillpoint.ui.widgets.wrapped import WrappedLabel

_ROWS = 4
"""Rows of the comparison that are seen without scrolling, at least."""


class TrainingPage(QWidget):
    """Shows a :class:`TrainingRun`; what is asked of the finished model comes as signals."""

    report_wanted = pyqtSignal()
    default_wanted = pyqtSignal()
    use_wanted = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._result: Optional[Result] = None
        self._read: Optional[Comparison] = None
        self._comparison: Optional[Comparison] = None
        self.headline, self.facts, self.verdict = QLabel(), WrappedLabel(), WrappedLabel()
        self.headline.setObjectName("headline")
        font = self.headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.headline.setFont(font)
        self.curves = TrainingCurves()
        self.table = QTableWidget()
        self.table.setObjectName("comparison")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.setAccessibleName(tr("The new model beside the others, on the test part"))
        self.report_button = QPushButton(tr("Open the re&port"))
        self.report_button.setToolTip(tr("The page with all figures: curves, classes, confusion, calibration"))
        self.default_button = QPushButton(tr("Ma&ke this the default"))
        self.default_button.setToolTip(tr("Take this model wherever none is named, in dialogs and in Processing"))
        self.use_button = QPushButton(tr("&Use it now…"))
        self.use_button.setToolTip(tr("Open the dialog of the task with this model filled in"))
        row = QHBoxLayout()
        for button in (self.report_button, self.default_button, self.use_button):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 4)
        column.setSpacing(6)
        column.addWidget(self.headline)
        column.addWidget(self.facts)
        column.addWidget(self.curves, 3)
        column.addWidget(self.verdict)
        column.addWidget(self.table, 2)
        column.addLayout(row)
        self.report_button.clicked.connect(self.report_wanted)
        self.default_button.clicked.connect(self.default_wanted)
        self.use_button.clicked.connect(self.use_wanted)
        self.show_run(None)

    def show_run(self, run: Optional[TrainingRun]) -> None:
        """Show how a training goes, or that there is none."""
        self.headline.setText(headline(run))
        self.facts.setText(facts(run))
        waiting = tr("The first epoch has not ended yet.") if run is not None and not run.is_over else ""
        if run is None:
            waiting = tr("The curves of a training appear here, epoch by epoch.")
        self.curves.show_rows(run.about if run else {}, run.rows if run else (), message=waiting)
        done = run is not None and run.state == training_run.DONE
        result = run.result if run is not None and done else None
        self._show_comparison(self._compared(result) if result is not None else None)
        self.report_button.setVisible(result is not None and bool(result.outputs.get("report")))
        for button in (self.default_button, self.use_button):
            button.setVisible(result is not None)

    def _compared(self, result: Result) -> Optional[Comparison]:
        """Return the comparison of a result, read once."""
        if result is not self._result:
            self._result, self._read = result, Comparison.of(result.details.get("comparison"))
        return self._read

    def _show_comparison(self, comparison: Optional[Comparison]) -> None:
        shown = comparison is not None and bool(comparison.rows)
        self.table.setVisible(shown)
        self.verdict.setVisible(comparison is not None and bool(comparison.sentence))
        if comparison is None or comparison is self._comparison:
            return
        self._comparison = comparison
        self.verdict.setText(comparison.sentence)
        self.table.setColumnCount(1 + len(comparison.methods))
        of = tr("On {n:,} test examples").format(n=comparison.examples) if comparison.examples else tr("On the test part")
        self.table.setHorizontalHeaderLabels([of, *comparison.methods])
        self.table.setRowCount(len(comparison.rows))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for number, row in enumerate(comparison.rows):
            self.table.setItem(number, 0, _cell(figure_in_words(row.name), bold=row.decides))
            for index, (value, interval) in enumerate(zip(row.values, row.intervals)):
                cell = _cell("–" if value is None else figure_text(value), bold=index in row.best)
                cell.setTextAlignment(right)
                if interval is not None:
                    low, high = (figure_text(each) for each in interval)
                    cell.setToolTip(tr("95 % interval {low} to {high}").format(low=low, high=high))
                self.table.setItem(number, 1 + index, cell)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag(right))
        self.table.horizontalHeaderItem(0).setTextAlignment(int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for index in range(1, 1 + len(comparison.methods)):
            header.setSectionResizeMode(index, QHeaderView.ResizeMode.ResizeToContents)
        self.table.resizeRowsToContents()
        rows = [self.table.rowHeight(index) for index in range(len(comparison.rows))]
        head = header.sizeHint().height() + 4
        self.table.setMinimumHeight(head + sum(rows[:_ROWS]))
        self.table.setMaximumHeight(head + sum(rows))


def _cell(text: str, *, bold: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    font = item.font()
    font.setBold(bold)
    item.setFont(font)
    return item


def headline(run: Optional[TrainingRun]) -> str:
    """Return where a training is, in some words."""
    if run is None:
        return tr("No training yet")
    words = {
        training_run.PREPARING: tr("Preparing"),
        training_run.PAUSED: tr("Paused"),
        training_run.FINISHING: tr("Ending with the best epoch"),
        training_run.CANCELLING: tr("Cancelling"),
        training_run.DONE: tr("Done"),
        training_run.FAILED: tr("Failed"),
        training_run.CANCELLED: tr("Cancelled"),
    }
    epoch = run.rows[-1]["epoch"] if run.rows else 0
    of = tr("epoch {n:g} of {all:g}").format(n=epoch, all=run.epochs) if run.epochs else tr("epoch {n:g}").format(n=epoch)
    if run.state == training_run.TRAINING:
        return of[:1].upper() + of[1:] if run.rows else tr("Preparing")
    word = words[run.state]
    return f"{word}: {of}" if run.rows and run.state != training_run.PREPARING else word


def message_parts(text: str) -> Tuple[str, str]:
    """Return what the engine says it does, and the time that it says is left (empty where it does not)."""
    does, _, left = text.rpartition(", ")
    return (does, left) if left.endswith(" left") else (text, "")


def facts(run: Optional[TrainingRun]) -> str:
    """Return the best epoch and the time left as a line."""
    if run is None:
        return tr("Choose task and data, look at the split, and press Train.")
    parts = []
    best = run.best()
    name = str(run.about.get("metric") or "")
    if best is not None:
        value = best.get(name)
        figure = ""
        if isinstance(value, (int, float)) and name != COMPOSED:
            figure = f", {figure_in_words(name)} {figure_text(float(value))}"
        parts.append(tr("Best: epoch {n:g}{figure}").format(n=best["epoch"], figure=figure))
    left = run.seconds_left()
    patience = int(run.about.get("patience") or 0)
    if left is not None and run.state in (training_run.TRAINING, training_run.PAUSED):
        text = tr("at most {time} left") if patience else tr("about {time} left")
        parts.append(message_parts(run.message)[1] or text.format(time=span_in_words(left)))
        if patience:
            parts.append(tr("ends early after {n} epochs without a better one").format(n=patience))
    if not run.rows and not run.is_over:
        parts.append(run.message or tr("The engine starts"))
    return "; ".join(parts)
