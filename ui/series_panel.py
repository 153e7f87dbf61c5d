"""The panel beside the chart: class, runner-up, probabilities and numbers of the current point."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QColor, QResizeEvent
from qgis.PyQt.QtWidgets import QBoxLayout, QFormLayout, QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from stillpoint.models.trends.classes import NAMES
from stillpoint.plugin.language import tr
from stillpoint.plugin.styles.palette import LOOKS, ClassLook
from stillpoint.ui.plot.bars import Bar, BarChart
from stillpoint.ui.plot.theme import luminance
from stillpoint.ui.plot.ticks import number_text
from stillpoint.ui.series_picks import Pick, numbers_of, probabilities_of

_SIDE_BY_SIDE = 430
"""Width in pixels from which the numbers stand beside the bars instead of below."""


class SeriesPanel(QScrollArea):
    """Shows what is known about one pick."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, inner)
        self._box.setContentsMargins(10, 6, 10, 6)
        self._box.setSpacing(14)

        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.name = QLabel()
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.badge = QLabel()
        self.badge.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.runner_up = QLabel()
        self.runner_up.setWordWrap(True)
        self.bars = BarChart(row=1.6)
        self.bars.setAccessibleName(tr("Probabilities of the classes"))
        for widget in (self.name, self.badge, self.runner_up, self.bars):
            column.addWidget(widget)
        column.addStretch(1)

        right = QWidget()
        self._form = QFormLayout(right)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(3)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFormAlignment(Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(left, 1)
        self._box.addWidget(right, 0)
        self._box.addStretch(0)
        self.setWidget(inner)
        self.setMinimumWidth(270)
        self.rows: Dict[str, str] = {}
        """The numbers shown, by their label."""
        self.show_nothing()

    def sizeHint(self) -> QSize:
        """Return room for both columns."""
        return QSize(530, 230)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the numbers beside the bars where there is room."""
        wide = event.size().width() >= _SIDE_BY_SIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_nothing(self) -> None:
        """Empty the panel."""
        for label in (self.name, self.badge, self.runner_up):
            label.clear()
            label.setVisible(False)
        self.bars.set_bars([])
        self.bars.setVisible(False)
        self._set_rows([])

    def show_pick(self, pick: Pick, reference: Optional[Pick]) -> None:
        """Show one pick; its numbers are relative where a reference is set."""
        self.name.setText(f"<b>{pick.label}</b>")
        self.name.setVisible(True)
        if pick.is_area or not pick.classified:
            self.badge.setVisible(False)
            self.runner_up.setText(self._about(pick))
            self.bars.setVisible(False)
        else:
            self._show_class(pick)
        self.runner_up.setVisible(bool(self.runner_up.text()))
        self._set_rows(rows_of(pick, reference))

    def _about(self, pick: Pick) -> str:
        series = pick.series
        if pick.is_area:
            read, count = series.read, series.count  # type: ignore[union-attr]
            if read == count:
                return tr("All series inside were read.")
            more = "" if series.complete else tr(" at least")  # type: ignore[union-attr]
            text = tr("{0} of{1} {2} series inside were read, evenly taken.")
            return text.format(f"{read:,}", more, f"{count:,}")
        return tr("This layer is not classified yet. A straight line is fitted.")

    def _show_class(self, pick: Pick) -> None:
        look, attributes = pick.look, pick.attributes
        sure = _number(attributes.get("confidence"))
        name = tr(look.name)
        self.badge.setText(name if sure is None or look.code is None else f"{name}  {100 * sure:.0f} %")
        self.badge.setStyleSheet(badge_style(look))
        self.badge.setVisible(True)
        probabilities = probabilities_of(pick)
        if look.code is None:
            reason = attributes.get("reason")
            self.runner_up.setText(tr("Why: {0}").format(reason) if reason else tr("No class fits well."))
        else:
            self.runner_up.setText(self._runner_up(look, probabilities, attributes.get("runner_up")))
        self.bars.setVisible(probabilities is not None)
        if probabilities is not None:
            short = [tr(name).replace("Phase unwrapping", "Unwrapping") for name in NAMES]
            self.bars.set_bars(
                [
                    Bar(short[code], value, f"{100 * value:.0f} %", LOOKS[code].colour, strong=code == look.code)
                    for code, value in enumerate(probabilities)
                ]
            )

    def _runner_up(self, look: ClassLook, probabilities: Optional[List[float]], given: Any) -> str:
        if probabilities is None:
            return tr("Runner-up: {0}").format(given) if given else ""
        others = [code for code in range(len(NAMES)) if code != look.code]
        likely = max(others, key=lambda code: probabilities[code])
        second = NAMES.index(given) if given in NAMES and NAMES.index(given) != look.code else likely
        share = 100 * probabilities[second]
        text = "<1" if share < 1 else f"{share:.0f}"
        return tr("Runner-up: {0} ({1} %)").format(NAMES[second], text)

    def _set_rows(self, rows: List[Tuple[str, str]]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        for label, value in rows:
            text = QLabel(value)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._form.addRow(label, text)
        self.rows = dict(rows)


def badge_style(look: ClassLook) -> str:
    """Return the style sheet of a class badge: its colour, with text that can be read on it."""
    shape = "border-radius: 9px; padding: 2px 10px; font-weight: bold;"
    if look.code is None:
        return f"QLabel {{ border: 1px solid {look.colour}; {shape} }}"
    text = "#1d2733" if luminance(QColor(look.colour)) > 0.25 else "#ffffff"
    return f"QLabel {{ background: {look.colour}; color: {text}; {shape} }}"


def rows_of(pick: Pick, reference: Optional[Pick]) -> List[Tuple[str, str]]:
    """Return the numbers of a pick as (label, text); what does not apply is left out."""
    numbers = numbers_of(pick, reference)
    rows: List[Tuple[str, str]] = []
    for label, name, error in (
        (tr("Velocity"), "velocity", "vel_se"),
        (tr("before the break"), "velocity_1", "vel1_se"),
        (tr("after the break"), "velocity_2", "vel2_se"),
    ):
        value, spread = _number(numbers[name]), _number(numbers[error])
        if value is not None:
            plus = "" if spread is None else f" ± {number_text(spread, 1 if spread >= 0.1 else 2)}"
            rows.append((label, f"{number_text(value, 1)}{plus} mm/yr"))
    if numbers["break_date"]:
        rows.append((tr("Break"), str(numbers["break_date"])[:10]))
        if numbers["break_lo"] and numbers["break_hi"]:
            rows.append((tr("95 % from"), str(numbers["break_lo"])[:10]))
            rows.append((tr("95 % to"), str(numbers["break_hi"])[:10]))
    accel, annual, rmse = (_number(numbers[name]) for name in ("accel", "annual", "rmse"))
    if accel is not None:
        rows.append((tr("Acceleration"), f"{number_text(accel, 1)} mm/yr²"))
    if annual is not None:
        rows.append((tr("Annual amplitude"), f"{number_text(annual, 1)} mm"))
    if numbers["jumps"]:
        rows.append((tr("Phase jumps"), str(numbers["jumps"])))
    if rmse is not None:
        rows.append((tr("Residual RMS"), f"{number_text(rmse, 1)} mm"))
    rows.append((tr("Epochs"), tr("{numbers} of {n}").format(numbers=numbers["epochs"], n=len(pick.dates))))
    rows.append((tr("First"), str(pick.dates[0])))
    rows.append((tr("Last"), str(pick.dates[-1])))
    return rows


def _number(value: Any) -> Optional[float]:
    """Return a figure as float, None where there is none."""
    try:
        return None if value is None or float(value) != float(value) else float(value)
    except (TypeError, ValueError):
        return None
