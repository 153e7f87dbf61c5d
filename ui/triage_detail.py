"""The chosen pair: its phase large, coherence and the closure of its worst loop beside it, and what is known of it in words."""

from __future__ import annotations

import math
from typing import List, Optional, Sequence, Tuple

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontInfo, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from stillpoint.plugin.language import tr
from stillpoint.plugin.raster_layers import CYCLE
from stillpoint.plugin.triage import Triage
from stillpoint.plugin.triage_rasters import Closure
from stillpoint.ui.plot.chart import position_of
from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.theme import Theme, blend
from stillpoint.ui.plot.ticks import number_text
from stillpoint.ui.triage_colours import (
    DIVERGING,
    FRINGES,
    GREYS,
    ONE_SCALE,
    closure_image,
    coherence_image,
    middle_and_reach,
    phase_image,
    ramp_image,
    score_colour,
)
from stillpoint.ui.triage_list import fitted
from stillpoint.ui.triage_words import (
    baseline_text,
    closure_note,
    closure_text,
    evidence_rows,
    network_text,
    pair_name,
    reason_text,
    score_text,
    verdict_text,
)
from stillpoint.ui.widgets.wrapped import WrappedLabel


class RasterView(QWidget):
    """A picture with title, colour bar, and the value under the cursor."""

    def __init__(self, title: str, parent: Optional[QWidget] = None, *, least: Tuple[int, int] = (110, 110)) -> None:
        super().__init__(parent)
        self._title = title
        self._note = ""
        self._values: Optional[np.ndarray] = None
        self._image: Optional[QImage] = None
        self._colours: Sequence[str] = GREYS
        self._ends: Tuple[str, str, str] = ("", "", "")
        self._unit, self._digits = "", 2
        self._message = ""
        self._spot: Optional[QPointF] = None
        self.setMouseTracking(True)
        self.setMinimumSize(*least)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)

    def sizeHint(self) -> QSize:
        """Return a modest size; the layout gives more."""
        return self.minimumSize() * 1.5

    def show_message(self, text: str) -> None:
        """Show a sentence in the place of a picture."""
        self._values = self._image = None
        self._message, self._note = text, ""
        self.update()

    def show_values(
        self, values: np.ndarray, image: QImage, colours: Sequence[str], ends: Tuple[str, str, str], unit: str, note: str = ""
    ) -> None:
        """Show values [rows, cols] as ``image``, with a bar of ``colours`` and the texts at its ends and middle."""
        self._values, self._image, self._colours, self._ends, self._unit, self._note = values, image, colours, ends, unit, note
        self._message = ""
        self.update()

    def has_picture(self) -> bool:
        """Tell whether a picture is shown."""
        return self._image is not None

    def _pixels(self) -> float:
        return 0.92 * max(QFontInfo(self.font()).pixelSize(), 9)

    def _box(self, pixels: float) -> QRectF:
        return QRectF(self.rect()).adjusted(0, 1.6 * pixels, 0, -2.1 * pixels)

    def value_at(self, spot: QPointF) -> Optional[float]:
        """Return the value at a position of the widget; None outside of the picture, NaN where missing."""
        if self._image is None or self._values is None:
            return None
        place = fitted(self._image, self._box(self._pixels()))
        if not place.contains(spot):
            return None
        row = min(int((spot.y() - place.top()) / place.height() * self._values.shape[0]), self._values.shape[0] - 1)
        column = min(int((spot.x() - place.left()) / place.width() * self._values.shape[1]), self._values.shape[1] - 1)
        return float(self._values[row, column])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, picture and colour bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme, pixels = Theme.of_widget(self), self._pixels()
        bold, plain = pixel_font(pixels, bold=True), pixel_font(pixels)
        middle = Qt.AlignmentFlag.AlignVCenter
        top = QRectF(0, 0, self.width(), 1.5 * pixels)
        painter.setFont(bold)
        painter.setPen(theme.text)
        painter.drawText(top, int(middle | Qt.AlignmentFlag.AlignLeft), self._title)
        used = QFontMetricsF(bold).horizontalAdvance(self._title) + 0.6 * pixels
        painter.setFont(plain)
        painter.setPen(theme.muted)
        value = self.value_at(self._spot) if self._spot is not None else None
        note = self._note
        if value is not None:
            note = tr("missing") if math.isnan(value) else f"{number_text(value, self._digits)} {self._unit}".strip()
        room = top.adjusted(used, 0, 0, 0)
        shown = QFontMetricsF(plain).elidedText(note, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignLeft), shown)
        box = self._box(pixels)
        if self._image is None:
            painter.fillRect(box, theme.grid)
            painter.setPen(theme.muted)
            words = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(box.adjusted(8, 4, -8, -4), words, self._message)
            painter.end()
            return
        place = fitted(self._image, box)
        painter.fillRect(place, blend(theme.background, theme.text, 0.12))
        is_magnified = place.width() > 2.5 * self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_magnified)
        painter.drawImage(place, self._image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(blend(theme.text, theme.background, 0.55), 1))
        painter.drawRect(place)
        self._paint_bar(painter, place, box, theme, pixels)
        painter.end()

    def _paint_bar(self, painter: QPainter, place: QRectF, box: QRectF, theme: Theme, pixels: float) -> None:
        width = min(place.width(), 18 * pixels)
        bar = QRectF(place.center().x() - width / 2, place.bottom() + 0.3 * pixels, width, 0.5 * pixels)
        painter.drawImage(bar, ramp_image(self._colours))
        row = QRectF(bar.left(), bar.bottom(), bar.width(), 1.3 * pixels)
        painter.setFont(pixel_font(0.9 * pixels))
        painter.setPen(theme.muted)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for text, side in zip(self._ends, sides):
            painter.drawText(row, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the value under the cursor."""
        self._spot = position_of(event)
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Show no value."""
        self._spot = None
        self.update()


class PairPanel(QWidget):
    """Everything about one pair."""

    decided = pyqtSignal(bool)
    """The user keeps (True) or drops the pair."""
    forgotten = pyqtSignal()
    """The user gives the pair back to the method's choice."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.mode, self.reach = ONE_SCALE, math.pi
        self._aspect = 0.75
        self.title, self.verdict, self.facts = QLabel(), QLabel(), QLabel()
        self.reason, self.loop, self.network = WrappedLabel(), WrappedLabel(), WrappedLabel()
        self.phase = RasterView(tr("Phase"), least=(170, 170))
        self.coherence = RasterView(tr("Coherence"), least=(120, 104))
        self.closure = RasterView(tr("Closure"), least=(120, 104))
        self.keep_button = QPushButton(tr("Keep (K)"))
        self.drop_button = QPushButton(tr("Drop (D)"))
        self.forget_button = QPushButton(tr("Method's choice (R)"))
        self.evidence = QGridLayout()
        self._labels: List[Tuple[QLabel, QLabel]] = []
        self._build()

    def _build(self) -> None:
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.title.setFont(font)
        bold = self.verdict.font()
        bold.setBold(True)
        self.verdict.setFont(bold)
        self.verdict.setObjectName("verdict")
        self.reason.setObjectName("reason")
        for label in (self.title, self.facts):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.keep_button.setToolTip(tr("Keep the selected pairs; for a pair that is kept, confirm it"))
        self.drop_button.setToolTip(tr("Drop the selected pairs; for a pair that is dropped, confirm it"))
        self.forget_button.setToolTip(tr("Give the selected pairs back to what the method chose"))
        for button in (self.keep_button, self.drop_button):
            button.setCheckable(True)
        self.keep_button.clicked.connect(lambda: self.decided.emit(True))
        self.drop_button.clicked.connect(lambda: self.decided.emit(False))
        self.forget_button.clicked.connect(self.forgotten)
        buttons = QHBoxLayout()
        for button in (self.keep_button, self.drop_button, self.forget_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys from the list
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)

        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.verdict)
        self.looks = QWidget()
        pictures = QGridLayout(self.looks)
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.setSpacing(8)
        pictures.addWidget(self.phase, 0, 0, 2, 1)
        pictures.addWidget(self.coherence, 0, 1)
        pictures.addWidget(self.closure, 1, 1)
        pictures.setColumnStretch(0, 5)
        pictures.setColumnStretch(1, 3)

        known = QWidget()
        rest = QVBoxLayout(known)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.addLayout(self.evidence)
        rest.addStretch(1)
        self.evidence.setContentsMargins(0, 0, 0, 0)
        self.evidence.setVerticalSpacing(2)
        self.evidence.setHorizontalSpacing(10)
        self.evidence.setColumnStretch(1, 1)
        self.evidence.setColumnStretch(3, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(known)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        area.viewport().setAutoFillBackground(False)
        known.setAutoFillBackground(False)

        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self.facts)
        column.addWidget(self.looks, 3)
        column.addWidget(self.loop)
        column.addWidget(self.network)
        column.addWidget(area, 1)
        column.addLayout(buttons)

    # What is shown

    def show_pair(self, triage: Optional[Triage], index: int) -> None:
        """Show the words about a pair; -1 shows none."""
        is_pair = triage is not None and index >= 0
        for button in (self.keep_button, self.drop_button, self.forget_button):
            button.setEnabled(is_pair)
        if triage is None or index < 0:
            self.title.setText(tr("No pair chosen"))
            for label in (self.verdict, self.facts, self.reason, self.network, self.loop):
                label.setText("")
            self._show_evidence([])
            for view in (self.phase, self.coherence, self.closure):
                view.show_message("")
            return
        table = triage.table
        self.title.setText(pair_name(triage, index))
        parts = [tr("{n} days").format(n=f"{table.days[index]:.0f}"),
                 tr("baseline {b}").format(b=baseline_text(table.baselines[index]))]  # fmt: skip
        self.facts.setText(", ".join(parts))
        self.reason.setText(reason_text(triage, index))
        self._show_evidence(evidence_rows(triage, index))
        self.show_decision(triage, index)

    def show_decision(self, triage: Triage, index: int) -> None:
        """Show whether a pair is kept, and what that means for the network."""
        kept = bool(triage.keep[index])
        for button, is_so in ((self.keep_button, kept), (self.drop_button, not kept)):
            button.setChecked(is_so)
            font = button.font()
            font.setBold(is_so)  # not every theme shows that a button is pressed
            button.setFont(font)
        self.forget_button.setEnabled(bool(triage.decided[index]))
        score = triage.table.score[index]
        theme = Theme.of_widget(self)
        colour = theme.visible(score_colour(score).name(), 4.5).name() if kept else theme.muted.name()
        self.verdict.setText(tr("Score {score}, {verdict}").format(
            score=score_text(score), verdict=verdict_text(triage, index).lower()))  # fmt: skip
        self.verdict.setStyleSheet(f"QLabel#verdict {{ color: {colour}; }}")
        self.network.setText(network_text(triage, index))

    def _show_evidence(self, rows: List[Tuple[str, str]]) -> None:
        """Show names and values in two columns; the labels are used again for every pair."""
        half = (len(rows) + 1) // 2
        while len(self._labels) < len(rows):
            name, value = QLabel(), QLabel()
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._labels.append((name, value))
        for number, labels in enumerate(self._labels):
            row, column = (number, 0) if number < half else (number - half, 2)
            for place, label in enumerate(labels):
                if number < len(rows):
                    label.setText(rows[number][place])
                    self.evidence.addWidget(label, row, column + place)
                label.setVisible(number < len(rows))

    def set_aspect(self, aspect: float) -> None:
        """Set height by width of the pictures: they take no more room than they fill."""
        self._aspect = aspect
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Fit the room of the pictures to the new width."""
        self._fit()

    def _fit(self) -> None:
        width, line = max(self.width() - 24, 100), self.fontMetrics().lineSpacing()
        large = width * 5 / 8 * self._aspect + 3.6 * line
        small = 2 * (width * 3 / 8 * self._aspect + 3.6 * line) + 8
        self.looks.setMaximumHeight(round(max(large, small, self.looks.minimumSizeHint().height())))

    def show_phase(self, values: Optional[np.ndarray], message: str = "") -> None:
        """Show the phase, or a message in its place."""
        if values is None:
            self.phase.show_message(message)
            return
        image = phase_image(values, self.mode, self.reach)
        if self.mode == FRINGES:
            pi = "\N{GREEK SMALL LETTER PI}"
            self.phase.show_values(values, image, CYCLE, (f"\N{MINUS SIGN}{pi}", "0", pi), "rad", tr("one cycle a fringe"))
            return
        reach = self.reach if self.mode == ONE_SCALE else middle_and_reach(values)[1]
        middle = middle_and_reach(values)[0]
        note = tr("one scale for all pairs") if self.mode == ONE_SCALE else tr("a scale of its own")
        ends = (number_text(middle - reach, 1), number_text(middle, 1), f"{number_text(middle + reach, 1)} rad")
        self.phase.show_values(values, image, DIVERGING, ends, "rad", note)

    def show_coherence(self, values: Optional[np.ndarray], message: str = "") -> None:
        """Show the coherence, or a message in its place."""
        if values is None:
            self.coherence.show_message(message)
            return
        known = values[np.isfinite(values)]
        note = tr("mean {mean}").format(mean=f"{known.mean():.2f}") if known.size else ""
        self.coherence.show_values(values, coherence_image(values), GREYS, ("0", "", "1"), "", note)

    def show_closure(
        self, triage: Triage, index: int, closure: Optional[Closure], *, wrapped: bool, message: str = ""
    ) -> None:
        """Show the closure of the worst loop, or a message in its place."""
        self.loop.setText("" if closure is None else closure_text(triage, index, closure, wrapped=wrapped))
        self.loop.setVisible(closure is not None)
        if closure is None:
            self.closure.show_message(message)
            return
        pi = "\N{GREEK SMALL LETTER PI}"
        ends = (f"\N{MINUS SIGN}{pi}", "0", f"{pi} rad") if wrapped else (f"\N{MINUS SIGN}2{pi}", "0", f"2{pi} rad")
        image = closure_image(closure.values, wrapped=wrapped)
        self.closure.show_values(closure.values, image, DIVERGING, ends, "rad", closure_note(closure))
