"""The bar of the review: what is reviewed in which order, where the labels are, and what they are good for."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

from qgis.core import QgsApplication, QgsMapLayer, QgsRasterLayer
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QComboBox, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from stillpoint.models.trends.classes import NAMES
from stillpoint.plugin import scatterers
from stillpoint.plugin.language import tr
from stillpoint.plugin.review import CLASSES, NONE, PIXELS, RANDOM, SPREAD, UNSURE


class ReviewBar(QToolBar):
    """Choices and actions; what they do is the dock's."""

    layer_chosen = pyqtSignal(str)
    """Id of the layer that the user chose."""

    order_chosen = pyqtSignal()
    """Another order, or another class."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.layers = self._chooser("review_layer", tr("What is reviewed: classified points, or a probability of PS"), 16)
        self.order = self._chooser("review_order", tr("What comes first"), 14)
        for key, text, tip in (
            (SPREAD, tr("Least sure, spread"),
             tr("The parts of the map take turns, each with what the model is least sure of: labels are not all neighbours")),
            (UNSURE, tr("Least sure first"), tr("What the model is least sure of, wherever it is")),
            (CLASSES, tr("Some of each class"),
             tr("The classes of the model take turns, so that rare ones get labels too; spread over the map")),
            (RANDOM, tr("At random"), tr("Drawn at random: the agreement then holds for the whole layer")),
        ):  # fmt: skip
            self.order.addItem(text, key)
            self.order.setItemData(self.order.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.classes = self._chooser("review_class", tr("Only what the model gave this class"), 12)
        self.show_classes("")
        self.addSeparator()
        self.follow = self._action(
            "/mActionPanToSelected.svg", tr("Follow"), tr("Move the map to what is looked at"), checkable=True
        )
        self.follow.setChecked(True)
        self.pick = self._action(
            "/mActionIdentify.svg", tr("Pick"), tr("Click a point or pixel on the map to label it, whatever its turn"),
            checkable=True,
        )
        self.leave = self._action(
            "/mActionStop.svg", tr("Leave"), tr("Stop reviewing; every label is saved already (Esc)")
        )
        for action in (self.follow, self.pick):
            self.widgetForAction(action).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.other_file = self._entry(
            tr("Keep labels in another file…"), tr("A new file, or labels of before to go on with")
        )
        self.add_others = self._entry(
            tr("Add labels of others…"),
            tr("Labels of another reviewer or file; where both say something the newer counts"),
        )
        self.show_labels = self._entry(tr("Show labels on the map"), tr("Rings in the colour of what was said"))
        self.labels_button = QToolButton()
        self.labels_button.setText(tr("Labels"))
        self.labels_button.setIcon(QgsApplication.getThemeIcon("/mActionLabeling.svg"))
        self.labels_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.labels_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.labels_button.setMenu(self.menu)
        self.labels_button.setToolTip(tr("Where the labels are kept"))
        self.addWidget(self.labels_button)
        self.train = self._action(
            "/mActionStart.svg", tr("Train on these labels…"),
            tr("Open the training with this data and these labels filled in"),
        )
        self.help = self._action("/mActionHelpContents.svg", tr("Help"), tr("How to review"))
        self.widgetForAction(self.help).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for chooser in (self.layers, self.order, self.classes):
            chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.layers.activated.connect(lambda *_: self.layer_chosen.emit(self.layer_id()))
        self.order.activated.connect(lambda *_: self.order_chosen.emit())
        self.classes.activated.connect(lambda *_: self.order_chosen.emit())

    def _chooser(self, name: str, tip: str, characters: int) -> QComboBox:
        chooser = QComboBox()
        chooser.setObjectName(name)
        chooser.setToolTip(tip)
        chooser.setAccessibleName(tip)
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        chooser.setMinimumContentsLength(characters)
        self.addWidget(chooser)
        return chooser

    def _action(self, icon: str, text: str, tip: str, *, checkable: bool = False) -> QAction:
        action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        action.setToolTip(tip)
        action.setCheckable(checkable)
        self.addAction(action)
        self.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return action

    def _entry(self, text: str, tip: str) -> QAction:
        action = self.menu.addAction(text)
        action.setToolTip(tip)
        return action

    # What is chosen

    def show_layers(self, layers: Sequence[QgsMapLayer], chosen: str) -> None:
        """List layers; the one with the id ``chosen`` stays chosen where it is still there."""
        blocked = self.layers.blockSignals(True)
        self.layers.clear()
        for layer in layers:
            name = scatterers.title_of(layer) if isinstance(layer, QgsRasterLayer) else layer.name()
            self.layers.addItem(name, layer.id())
            self.layers.setItemData(self.layers.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
        self.layers.setCurrentIndex(max(self.layers.findData(chosen), 0 if self.layers.count() else -1))
        self.layers.blockSignals(blocked)
        self.layers.setEnabled(self.layers.count() > 0)

    def layer_id(self) -> str:
        """Return the id of the chosen layer; empty where there is none."""
        return str(self.layers.currentData() or "")

    def set_layer(self, layer_id: str) -> bool:
        """Choose a layer; return whether it is another one than before."""
        index = self.layers.findData(layer_id)
        changed = index >= 0 and index != self.layers.currentIndex()
        if changed:
            self.layers.setCurrentIndex(index)
        return changed

    def chosen_order(self) -> str:
        """Return the order."""
        return str(self.order.currentData())

    def set_order(self, order: str) -> None:
        """Choose an order, as a click does."""
        self.order.setCurrentIndex(max(self.order.findData(order), 0))
        self.order_chosen.emit()

    def show_classes(self, kind: str) -> None:
        """List the classes that can be looked at alone."""
        if kind == self.classes.property("kind"):
            return
        self.classes.setProperty("kind", kind)
        entries: List[Tuple[str, Any]] = [(tr("All classes"), None)]
        if kind == PIXELS:
            entries = [(tr("PS and not"), None), (tr("PS only"), 1), (tr("Not PS only"), 0)]
        elif kind:
            entries += [(name, code) for code, name in enumerate(NAMES)] + [(tr("Not classified"), NONE)]
        blocked = self.classes.blockSignals(True)
        self.classes.clear()
        for text, code in entries:
            self.classes.addItem(text, code)
        self.classes.blockSignals(blocked)

    def chosen_classes(self) -> Optional[Tuple[int, ...]]:
        """Return the classes of the model that are looked at; None for all."""
        code = self.classes.currentData()
        return None if code is None else (int(code),)
