"""The tool bar of the series viewer."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QComboBox, QLabel, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.series import TO_MM


class SeriesToolbar(QToolBar):
    """Its actions are attributes; the dock connects them."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.points = self._action(
            "/mActionIdentify.svg", tr("Points"),
            tr("Click a point on the map; Shift adds it to those shown"), True,
        )
        self.polygon = self._action(
            "/mActionSelectPolygon.svg", tr("Polygon"),
            tr("Draw a polygon: the median of the points inside is shown; right click closes it"), True,
        )
        self.reference = self._action(
            "/mActionPinLabels.svg", tr("Reference"),
            tr("Subtract the series of the current point from all others"), True,
        )
        self.annual = self._action("", tr("Annual"), tr("Show the trend with its annual term"), True)
        self.annual.setChecked(True)
        self.corrected = self._action(
            "", tr("Jumps removed"), tr("Show the series with its phase jumps taken out"), True
        )
        self.remove = self._action(
            "/mActionDeleteSelected.svg", tr("Remove"), tr("Remove the current point")
        )
        self.clear_all = self._action("/mActionDeselectAll.svg", tr("Clear"), tr("Remove all points"))
        for action in (self.points, self.polygon, None, self.reference, self.annual, self.corrected, None, self.clear_all):
            if action is None:
                self.addSeparator()
            else:
                self.addAction(action)
        self.export = self._export_button()
        self.addWidget(self.export)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.layer_label = QLabel()
        self.layer_label.setContentsMargins(4, 0, 6, 0)
        self.addWidget(self.layer_label)
        self.unit = QComboBox()
        self.unit.addItems(list(TO_MM))
        self.unit.setToolTip(tr("Unit of the displacements in this layer's columns"))
        self._unit_action = self.addWidget(self.unit)

    def show_layer(self, name: str, unit: str, needs_unit: bool) -> None:
        """Name the layer that clicks read, and offer the unit where it does not say its own."""
        self.layer_label.setText(name)
        self.layer_label.setToolTip(tr("Clicks read the layer {0}").format(name) if name else "")
        self.unit.blockSignals(True)
        self.unit.setCurrentText(unit)
        self.unit.blockSignals(False)
        self._unit_action.setVisible(needs_unit)

    def offers_unit(self) -> bool:
        """Return True where the unit is the user's choice."""
        return bool(self._unit_action.isVisible())

    def _action(self, icon: str, text: str, tip: str, checkable: bool = False) -> QAction:
        action = QAction(QgsApplication.getThemeIcon(icon) if icon else QIcon(), text, self)
        action.setToolTip(tip)
        action.setCheckable(checkable)
        return action

    def _export_button(self) -> QToolButton:
        menu = QMenu(self)
        self.picture = menu.addAction(tr("Picture (PNG, SVG, PDF) ..."))
        self.numbers = menu.addAction(tr("Numbers (CSV) ..."))
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon("/mActionSharingExport.svg"))
        button.setText(tr("Export"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return button
