"""Small pictures of the pairs, sorted and filtered: a list that asks for the pictures it shows."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence

import numpy as np
from qgis.PyQt.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    pyqtSignal,
)
from qgis.PyQt.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QKeyEvent, QPainter, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage
from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.theme import Theme, with_alpha
from stillpoint.ui.triage_colours import UNKNOWN, phase_image, score_colour
from stillpoint.ui.triage_words import hover_lines, score_text, verdict_text

PICTURE = 92
"""Width of a small picture on the screen, in pixels of a screen of ordinary resolution."""

_BOARD_KEYS = (Qt.Key.Key_K, Qt.Key.Key_D, Qt.Key.Key_U, Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_Escape)


class PairModel(QAbstractListModel):
    """The pairs that the filter shows, in their order; a row knows the number of its pair."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.triage: Optional[Triage] = None
        self.order = np.zeros(0, np.int64)
        self._rows: Dict[int, int] = {}

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many pairs are shown."""
        return 0 if parent.isValid() else len(self.order)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the number of the pair (user role), its dates, and what is said of it."""
        if self.triage is None or not index.isValid() or index.row() >= len(self.order):
            return None
        pair = int(self.order[index.row()])
        if role == Qt.ItemDataRole.UserRole:
            return pair
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(hover_lines(self.triage, pair))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            lines = hover_lines(self.triage, pair)
            return lines[0] if role == Qt.ItemDataRole.DisplayRole else ", ".join(lines)
        return None

    def set_order(self, triage: Optional[Triage], order: np.ndarray) -> None:
        """Show other pairs."""
        self.beginResetModel()
        self.triage, self.order = triage, order
        self._rows = {int(pair): row for row, pair in enumerate(order)}
        self.endResetModel()

    def row_of(self, pair: int) -> int:
        """Return the row of a pair, -1 where it is not shown."""
        return self._rows.get(pair, -1)

    def touch(self, pairs: Sequence[int]) -> None:
        """Have pairs painted anew."""
        rows = [row for row in (self.row_of(int(pair)) for pair in pairs) if row >= 0]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))


class PairDelegate(QStyledItemDelegate):
    """Paints a pair: picture framed in the colour of its score, dates, score, and whether it is kept."""

    def __init__(self, view: PairList) -> None:
        super().__init__(view)
        self._view = view
        self.aspect = 0.75
        self.images: Dict[int, QImage] = {}

    def _pixels(self) -> float:
        return float(max(QFontInfo(self._view.font()).pixelSize(), 9))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return the size of every item."""
        pixels = self._pixels()
        width = max(PICTURE, 8.6 * pixels)
        return QSize(round(width + 14), round(width * self.aspect + 3.0 * pixels + 12))

    def image(self, pair: int) -> Optional[QImage]:
        """Return the picture of a pair, coloured when it is first seen; None while it is being read."""
        if pair not in self.images:
            values = self._view.picture_of(pair)
            if values is None:
                return None
            self.images[pair] = phase_image(values, self._view.mode, self._view.reach)
        return self.images[pair]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint one item."""
        pair = index.data(Qt.ItemDataRole.UserRole)
        triage = self._view.triage
        if pair is None or triage is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme, pixels = self._view.theme, self._pixels()
        rect = QRectF(option.rect).adjusted(2, 2, -2, -2)
        kept = bool(triage.keep[pair])
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.focus, 2))
            painter.setBrush(with_alpha(theme.focus, 0.22))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        box = QRectF(rect.left() + 5, rect.top() + 5, rect.width() - 10, rect.height() - 3.0 * pixels - 8)
        self._paint_picture(painter, box, pair, kept, theme, pixels)
        if triage.decided[pair]:
            self._paint_sign(painter, box, bool(triage.changed[pair]), theme, pixels)
        first, second = triage.table.names[pair]
        plain = pixel_font(0.88 * pixels)
        top = box.bottom() + 0.25 * pixels
        painter.setPen(theme.text if kept else theme.muted)
        painter.setFont(plain)
        # The days alone tell pairs apart where a year is common; the second date loses its year where both have the same.
        other = second[5:] if second[:4] == first[:4] else second[2:]
        both = f"{first} \N{EN DASH} {other}" if second[:4] == first[:4] else f"{first[2:]} \N{EN DASH} {other}"
        room = QRectF(box.left(), top, box.width(), 1.3 * pixels)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), _cut(both, plain, room.width()))
        room = room.translated(0, 1.3 * pixels)
        painter.setPen(theme.muted)
        words = triage.table.reasons[pair] or ("" if kept else verdict_text(triage, pair).lower())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), _cut(words, plain, room.width()))
        painter.restore()

    def _paint_picture(self, painter: QPainter, box: QRectF, pair: int, kept: bool, theme: Theme, pixels: float) -> None:
        painter.fillRect(box, theme.grid)
        image = self.image(pair)
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.setOpacity(1.0 if kept else 0.4)
            painter.drawImage(fitted(image, box), image)
            painter.setOpacity(1.0)
        else:
            painter.setPen(theme.muted)
            painter.setFont(pixel_font(0.88 * pixels))
            text = "…" if self._view.is_loading else tr("no picture")
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        score = float("nan") if self._view.triage is None else float(self._view.triage.table.score[pair])
        colour = theme.visible(score_colour(score).name(), 1.7)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if kept:
            painter.setPen(QPen(colour, 2.6))
            painter.drawRect(box.adjusted(-1.3, -1.3, 1.3, 1.3))
        else:
            painter.setPen(QPen(theme.visible(UNKNOWN), 1.4, Qt.PenStyle.DashLine))
            painter.drawRect(box.adjusted(-1, -1, 1, 1))
            self._paint_cross(painter, QRectF(box.left(), box.top(), 1.6 * pixels, 1.6 * pixels), theme)
        self._paint_score(painter, box, score, kept, pixels)

    def _paint_cross(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Paint the sign of a dropped pair into its corner, where it leaves the picture to be seen."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(theme.background, 0.85))
        painter.drawRect(box)
        painter.setPen(QPen(theme.text, 2.0))
        inner = box.adjusted(0.28 * box.width(), 0.28 * box.height(), -0.28 * box.width(), -0.28 * box.height())
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.bottomLeft(), inner.topRight())

    def _paint_score(self, painter: QPainter, box: QRectF, score: float, kept: bool, pixels: float) -> None:
        """Paint the score on its colour into the lower right corner."""
        font, text = pixel_font(0.9 * pixels, bold=True), score_text(score)
        width = QFontMetricsF(font).horizontalAdvance(text) + 0.8 * pixels
        place = QRectF(box.right() - width, box.bottom() - 1.4 * pixels, width, 1.4 * pixels)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(score_colour(score))
        painter.drawRect(place)
        painter.setPen(QColor("#ffffff"))
        painter.setFont(font)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_sign(self, painter: QPainter, box: QRectF, changed: bool, theme: Theme, pixels: float) -> None:
        """Paint the sign of what the user said: a diamond where that changed something, a tick where it confirmed."""
        place = QRectF(box.right() - 1.6 * pixels, box.top(), 1.6 * pixels, 1.6 * pixels)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(theme.background, 0.85))
        painter.drawRect(place)
        middle, size = place.center(), 0.45 * pixels
        if changed:
            painter.setBrush(theme.text)
            corners = ((0, -size), (size, 0), (0, size), (-size, 0))
            painter.drawPolygon(QPolygonF([QPointF(middle.x() + x, middle.y() + y) for x, y in corners]))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.text, 2.0))
            bends = ((-size, 0), (-0.25 * size, 0.75 * size), (size, -0.75 * size))
            painter.drawPolyline(QPolygonF([QPointF(middle.x() + x, middle.y() + y) for x, y in bends]))


class PairList(QListView):
    """The list of small pictures.

    Parameters
    ----------
    pictures
        Returns the small picture of a pair, None where it is not there.
    """

    wanted = pyqtSignal(object)
    """Pairs that are looked at and have no picture yet."""
    chosen = pyqtSignal(int)
    """The pair that the user went to."""
    toggled = pyqtSignal(int)

    def __init__(self, pictures: Callable[[int], Optional[np.ndarray]], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.picture_of = pictures
        self.mode, self.reach = "one", 3.14
        self.is_loading = False
        self.pairs = PairModel(self)
        self.setModel(self.pairs)
        self.delegate = PairDelegate(self)
        self.setItemDelegate(self.delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSpacing(0)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Interferograms"))
        self.theme = Theme.paper()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._timer.start())
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(lambda index: self.toggled.emit(int(index.data(Qt.ItemDataRole.UserRole))))

    @property
    def triage(self) -> Optional[Triage]:
        """What is shown."""
        return self.pairs.triage

    def set_order(self, triage: Optional[Triage], order: np.ndarray, current: int) -> None:
        """Show other pairs, and go on with ``current`` where it is among them."""
        selected = set(self.selected())
        blocked = self.selectionModel().blockSignals(True)
        self.pairs.set_order(triage, order)
        self.selectionModel().blockSignals(blocked)
        self.go_to(current)
        if len(selected) > 1:
            for pair in selected:
                row = self.pairs.row_of(pair)
                if row >= 0:
                    self.selectionModel().select(self.pairs.index(row), QItemSelectionModel.SelectionFlag.Select)
        self._timer.start()

    def go_to(self, pair: int) -> None:
        """Make a pair the current one without telling so."""
        row = self.pairs.row_of(pair)
        if row < 0:
            return
        index = self.pairs.index(row)
        if self.currentIndex().row() == row and self.selectionModel().isSelected(index):
            return
        blocked = self.blockSignals(True)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.blockSignals(blocked)
        self.scrollTo(index)
        self.viewport().update()

    def current(self) -> int:
        """Return the pair that is looked at, -1 without one."""
        value = self.currentIndex().data(Qt.ItemDataRole.UserRole)
        return -1 if value is None else int(value)

    def selected(self) -> List[int]:
        """Return the pairs that are selected."""
        found = (index.data(Qt.ItemDataRole.UserRole) for index in self.selectionModel().selectedIndexes())
        return sorted(int(pair) for pair in found if pair is not None)

    def step(self, count: int) -> None:
        """Go to another pair of the list."""
        if self.pairs.rowCount():
            row = min(max(self.currentIndex().row() + count, 0), self.pairs.rowCount() - 1)
            self.setCurrentIndex(self.pairs.index(row))

    def set_look(self, mode: str, reach: float) -> None:
        """Show phase in another way; the pictures are coloured anew when they are seen."""
        if (mode, reach) != (self.mode, self.reach):
            self.mode, self.reach = mode, reach
            self.delegate.images.clear()
            self.viewport().update()

    def pictures_came(self, pairs: Sequence[int]) -> None:
        """Show pictures that were read."""
        for pair in pairs:
            self.delegate.images.pop(int(pair), None)
        self.pairs.touch(pairs)

    def set_aspect(self, aspect: float) -> None:
        """Set height by width of the pictures."""
        self.delegate.aspect = min(max(aspect, 0.45), 1.3)
        self.delegate.images.clear()
        self.scheduleDelayedItemsLayout()

    def visible_pairs(self) -> List[int]:
        """Return the pairs that are in sight."""
        rect: QRect = self.viewport().rect()
        count = self.pairs.rowCount()
        if not count:
            return []
        size = self.delegate.sizeHint(QStyleOptionViewItem(), QModelIndex())
        columns = max(1, rect.width() // max(size.width(), 1))
        first = max(0, self.verticalScrollBar().value() // max(size.height(), 1)) * columns
        rows = rect.height() // max(size.height(), 1) + 2
        return [int(pair) for pair in self.pairs.order[first : first + rows * columns]]

    def _ask(self) -> None:
        lacking = [pair for pair in self.visible_pairs() if self.picture_of(pair) is None]
        if lacking:
            self.wanted.emit(lacking)

    def _current_changed(self, index: QModelIndex, _: QModelIndex) -> None:
        pair = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if pair is not None:
            self.chosen.emit(int(pair))

    def paintEvent(self, event: Any) -> None:
        """Paint in the theme's colours, which are looked up once."""
        self.theme = Theme.of_widget(self.viewport())
        super().paintEvent(event)

    def resizeEvent(self, event: Any) -> None:
        """Ask for the pictures that came into sight."""
        super().resizeEvent(event)
        self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the board its keys: a list would look for a text that begins with them."""
        if event.key() in _BOARD_KEYS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


def fitted(image: QImage, box: QRectF) -> QRectF:
    """Return where an image goes in a box with its proportions."""
    scale = min(box.width() / max(image.width(), 1), box.height() / max(image.height(), 1))
    width, height = image.width() * scale, image.height() * scale
    return QRectF(box.center().x() - width / 2, box.center().y() - height / 2, width, height)


def _cut(text: str, font: Any, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width + 1)

