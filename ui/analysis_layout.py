"""How the panel "New Analysis" is laid out: chain and menu, folder, cards that scroll, and the buttons below them."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from qgis.core import QgsApplication
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import (
    QAction,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.recipe import STACK
from stillpoint.plugin.language import tr
from stillpoint.ui import analysis_words as words
from stillpoint.ui.analysis_card import StepCard
from stillpoint.ui.help_keys import give_help, help_button
from stillpoint.ui.widgets.message import Message

Entry = Tuple[str, str, Callable[[], Any]]


class AnalysisLayout(QgsDockWidget):
    """The widgets of the panel; what they do is the business of the class that stands on it.

    Attributes
    ----------
    cards
        A card for each step, of both chains.
    actions_by_name
        The entries of the menu.
    """

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointAnalysis")
        self.setWindowTitle(tr("New Analysis"))
        self.cards: Dict[str, StepCard] = {}
        self.actions_by_name: Dict[str, QAction] = {}

    def _build(self, cards: Dict[str, StepCard], menu: Sequence[Entry]) -> None:
        """Lay everything out; ``menu`` gives name, text and slot of each entry."""
        self.cards = cards
        self.chain = QComboBox()
        self.chain.setObjectName("chain")
        self.chain.setToolTip(tr("What is to be measured"))
        for key, text in words.CHAINS:
            self.chain.addItem(tr(text), key)
        self.chain.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chain.setMinimumContentsLength(20)
        self.menu_button = QToolButton()
        self.menu_button.setObjectName("more")
        self.menu_button.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        self.menu_button.setToolTip(tr("Recipes, folders, a new start"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(self._menu(menu))
        top = QHBoxLayout()
        top.addWidget(self.chain, 1)
        top.addWidget(self.menu_button)
        top.addWidget(help_button(give_help(self, "analysis")))
        self.folder = QLineEdit()
        self.folder.setObjectName("folder")
        self.folder.setPlaceholderText(tr("Folder for the results"))
        self.folder.setToolTip(tr("Everything that the steps write goes here"))
        self.folder_button = QToolButton()
        self.folder_button.setText("…")
        self.folder_button.setToolTip(tr("Choose the folder for the results"))
        self.run_box = QComboBox()
        self.run_box.setObjectName("runs")
        self.run_box.setToolTip(tr("The runs of this analysis, the last one first"))
        place = QHBoxLayout()
        place.addWidget(QLabel(tr("Folder")))
        place.addWidget(self.folder, 1)
        place.addWidget(self.folder_button)
        self.message = Message()
        column = QWidget()
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setSpacing(6)
        for card in self.cards.values():
            rows.addWidget(card)
        rows.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(column)
        self.run_button = QPushButton(tr("Run all"))
        self.run_button.setObjectName("run_all")
        self.run_button.setIcon(QgsApplication.getThemeIcon("/mActionStart.svg"))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setObjectName("cancel_all")
        self.repeat_button = QPushButton(tr("Repeat on new dates…"))
        self.repeat_button.setObjectName("repeat")
        self.repeat_button.setToolTip(tr("The same recipe on new data, into a new folder and group of today; old results stay"))
        bottom = QHBoxLayout()
        bottom.addWidget(self.run_button, 1)
        bottom.addWidget(self.cancel_button, 1)
        bottom.addWidget(self.repeat_button)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.addLayout(top)
        layout.addLayout(place)
        layout.addWidget(self.run_box)
        layout.addWidget(self.message)
        layout.addWidget(self.area, 1)
        layout.addLayout(bottom)
        self.setWidget(body)
        self._style()
        self._widening = QTimer(self)
        self._widening.setSingleShot(True)
        self._widening.setInterval(0)
        self._widening.timeout.connect(self._widen)
        self._wanted = STACK
        self._revealing = QTimer(self)
        self._revealing.setSingleShot(True)
        self._revealing.setInterval(50)
        self._revealing.timeout.connect(self._scroll)

    def _widen(self) -> None:
        """Make room for the widest card: only the height scrolls."""
        needed = self.area.widget().minimumSizeHint().width() + self.area.verticalScrollBar().sizeHint().width()
        if needed > self.area.minimumWidth():
            self.area.setMinimumWidth(needed)

    def _style(self) -> None:
        """Give the cards a quiet frame in the colours of the theme."""
        line = self.palette().color(QPalette.ColorRole.Mid).name()
        base = self.palette().color(QPalette.ColorRole.Base).name()
        chosen = self.palette().color(QPalette.ColorRole.Highlight).name()
        self.area.widget().setStyleSheet(
            f'QFrame[card="true"] {{ border: 1px solid {line}; border-radius: 6px; background: {base}; }}'
            'QToolButton[head="true"] { border: 1px solid transparent; border-radius: 3px; padding: 2px 3px; background: none; }'
            f'QToolButton[head="true"]:focus {{ border-color: {chosen}; }}'
        )

    def _menu(self, entries: Sequence[Entry]) -> QMenu:
        menu = QMenu(self)
        for name, text, slot in entries:
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, slot=slot: slot())
            self.actions_by_name[name] = action
        return menu

    def _reveal(self, name: str) -> None:
        """Scroll to a card as soon as it is laid out."""
        self._wanted = name
        self._revealing.start()

    def _scroll(self) -> None:
        """Show the wanted card whole, or its top where it is higher than the panel; never scroll sideways."""
        card, bar, height = self.cards[self._wanted], self.area.verticalScrollBar(), self.area.viewport().height()
        if card.y() < bar.value() or card.height() > height:
            bar.setValue(card.y() - 4)
        elif card.y() + card.height() > bar.value() + height:
            bar.setValue(card.y() + card.height() - height + 4)
        self.area.horizontalScrollBar().setValue(0)
