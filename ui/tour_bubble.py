"""A bubble that points at a widget with some words and buttons, and a ring around what it points at.

Both are plain children of a window: they need no window manager, take no focus that was not given, and let clicks through
wherever they are not buttons.
"""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.PyQt.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from stillpoint.plugin.language import tr
from stillpoint.ui.plot.theme import Theme

ACCENT = "#e8871e"
WIDTH, NARROW = 330, 250
ARROW, EDGE, RADIUS, AWAY = 10, 12, 8.0, 4
SMALL = 130
"""Height up to which a widget is pointed at with an arrow; a larger one has the ring alone."""


class Ring(QWidget):
    """A frame around a widget; clicks go through it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("StillpointTourRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def surround(self, target: Optional[QWidget]) -> None:
        """Lie around ``target``; hide where that is None or not seen."""
        if target is None or not target.isVisible():
            self.hide()
            return
        window = target.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        inner = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        self.setGeometry(inner.adjusted(-AWAY, -AWAY, AWAY, AWAY).intersected(window.rect()))
        self.show()
        self.raise_()

    def paintEvent(self, event: Any) -> None:
        """Draw the frame: a pale one below the orange, so that it is seen on any ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in (("#ffffff", 4.0), (ACCENT, 2.4)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 5, 5)


class Bubble(QWidget):
    """Words and buttons beside what they are about.

    Signals
    -------
    chosen
        The name of a button that was clicked: ``"back"``, ``"next"``, or ``"close"`` (the cross, and Esc).
    """

    chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("StillpointTourBubble")
        self.setAccessibleName(tr("Tour"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tip: Optional[QPointF] = None
        self._above = False
        self.title = QLabel()
        self.text = QLabel()
        self.place = QLabel()
        for label in (self.title, self.text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.cross = QToolButton()
        self.cross.setText("✕")
        self.cross.setAutoRaise(True)
        self.cross.setToolTip(tr("Close (Esc)"))
        self.cross.setAccessibleName(tr("Close the tour"))
        self.back_button, self.next_button = QPushButton(), QPushButton()
        for name, button in (("close", self.cross), ("back", self.back_button), ("next", self.next_button)):
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
        for button in (self.back_button, self.next_button):
            button.setAutoDefault(True)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self.place)
        foot.addStretch(1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.next_button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.text)
        self._column.addLayout(foot)
        self.hide()

    def say(self, title: str, text: str, *, place: str = "", back: str = "", forward: str = "") -> None:
        """Set the words; a button without a text is not shown."""
        self.title.setText(title)
        self.text.setText(text)
        self.place.setText(place)
        self.setAccessibleDescription(f"{title}. {text}")
        for button, words in ((self.back_button, back), (self.next_button, forward)):
            button.setText(words)
            button.setVisible(bool(words))

    def point_at(self, host: QWidget, target: Optional[QWidget], *, avoid: Optional[QRect] = None) -> None:
        """Lie beside ``target`` within ``host``; in a corner where there is none, or it is elsewhere or large.

        Parameters
        ----------
        host
            The window to lie in.
        target
            What to point at.
        avoid
            A place on the screen, such as that of a dialog, that is better not below the bubble.
        """
        if self.parentWidget() is not host:
            self.setParent(host)
        self._colour(host)
        area = host.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        box = QRect()
        if target is not None and target.isVisible() and target.window() is host and target is not host:
            box = QRect(target.mapTo(host, QPoint(0, 0)), target.size())
        # Beside something large an arrow tells nothing, and there may be no room.
        points = not box.isNull() and box.height() < SMALL
        self._above = points and box.center().y() > area.center().y()
        if not points and avoid is not None:
            box = QRect(host.mapFromGlobal(avoid.topLeft()), avoid.size())
        width = min(WIDTH, area.width())
        if not points and not box.isNull():
            # Beside a dialog in the middle of a laptop's screen there is a little less room than that.
            room = max(box.left() - area.left(), area.right() - box.right()) - AWAY
            width = room if NARROW <= room < width else width
        size = self._needed(width, ARROW if points else 0)
        if points:
            left = max(area.left(), min(box.center().x() - size.width() // 4, area.right() - size.width()))
            top = box.top() - AWAY - size.height() if self._above else box.bottom() + AWAY
            tip = min(max(box.center().x() - left, 24), size.width() - 24)
            self._tip = QPointF(tip, size.height() - 1.0 if self._above else 1.0)
            spot = QPoint(left, top)
        else:
            self._tip = None
            spot = self._corner(area, size, box)
        self.setGeometry(QRect(spot, size))
        self.show()
        self.raise_()
        self.update()

    def _corner(self, area: QRect, size: QSize, avoid: QRect) -> QPoint:
        """Return the corner of the window in which the least of ``avoid`` is covered, the lower right one first."""
        right, bottom = area.right() - size.width(), area.bottom() - size.height() - 24  # above the status bar
        corners = [QPoint(right, bottom), QPoint(right, area.top() + 110), QPoint(area.left(), bottom)]

        def covered(corner: QPoint) -> int:
            both = QRect(corner, size).intersected(avoid)
            return max(both.width(), 0) * max(both.height(), 0)

        return min(corners, key=covered)

    def _needed(self, width: int, arrow: int) -> QSize:
        """Set the margins, with room for the arrow, and return the size; computed, as wrapped labels in layouts guess theirs."""
        left, top, right, bottom = 14, 10, 10, 12
        self._column.setContentsMargins(left, top + (0 if self._above else arrow), right, bottom + (arrow if self._above else 0))
        inner = width - left - right
        heights = [
            max(self._text_height(self.title, inner - self.cross.sizeHint().width() - 8), self.cross.sizeHint().height()),
            self._text_height(self.text, inner),
            max(self.next_button.sizeHint().height(), self.place.sizeHint().height()),
        ]
        self.title.setFixedHeight(heights[0])
        self.text.setFixedHeight(heights[1])
        return QSize(width, sum(heights) + 2 * self._column.spacing() + top + bottom + arrow)

    @staticmethod
    def _text_height(label: QLabel, width: int) -> int:
        lines = label.fontMetrics().boundingRect(QRect(0, 0, width, 10_000), int(Qt.TextFlag.TextWordWrap), label.text())
        return int(lines.height()) + 4

    def _colour(self, host: QWidget) -> None:
        """Take background and text from the theme; QGIS's dark themes are style sheets, which a palette knows nothing of."""
        theme = Theme.of_widget(host)
        self._paper, self._ink = theme.background, theme.text
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.text)
        self.setPalette(palette)
        sheet = f"QLabel {{ color: {theme.text.name()}; background: transparent; }}"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)

    def paintEvent(self, event: Any) -> None:
        """Draw the bubble with its arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        if self._tip is not None:
            body.adjust(0, 0 if self._above else ARROW, 0, -ARROW if self._above else 0)
        path = QPainterPath()
        path.addRoundedRect(body, RADIUS, RADIUS)
        if self._tip is not None:
            base = body.bottom() - 1 if self._above else body.top() + 1
            arrow = QPainterPath()
            arrow.moveTo(self._tip.x() - ARROW, base)
            arrow.lineTo(self._tip)
            arrow.lineTo(self._tip.x() + ARROW, base)
            path = path.united(arrow)
        painter.setPen(QPen(QColor(ACCENT), 2.0))
        painter.setBrush(self._paper)
        painter.drawPath(path)

    def keyPressEvent(self, event: Any) -> None:
        """Close with Esc, whichever of the buttons has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.chosen.emit("close")
            return
        super().keyPressEvent(event)

    def buttons(self) -> List[QPushButton]:
        """Return the buttons that are shown, the one that goes on first."""
        return [button for button in (self.next_button, self.back_button) if not button.isHidden()]

    def take_focus(self) -> None:
        """Let the keyboard work here."""
        if self.buttons():
            self.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)
