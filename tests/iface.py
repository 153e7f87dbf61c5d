"""A small stand-in for QgisInterface, made of real QGIS widgets; see the fixture ``qgis_iface``."""

from __future__ import annotations

from typing import List, Optional

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QMainWindow, QMenu, QToolBar, QVBoxLayout, QWidget


class Interface(QObject):
    """What Stillpoint uses of QgisInterface, with the same names and meanings."""

    currentLayerChanged = pyqtSignal(QgsMapLayer)  # noqa: N815 - the name in QGIS

    def __init__(self) -> None:
        super().__init__()
        self.window = QMainWindow()
        self.window.resize(1200, 700)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        self._bar = QgsMessageBar()
        self._canvas = QgsMapCanvas()
        layout.addWidget(self._bar)
        layout.addWidget(self._canvas)
        self.window.setCentralWidget(centre)
        self._plugins_menu = self.window.menuBar().addMenu("Plugins")
        self._web_menu = self.window.menuBar().addMenu("Web")
        self._help_menu = QMenu("Plugin help", self.window)
        self._plugins_toolbar = self.window.addToolBar("Plugins")
        self._active: Optional[QgsMapLayer] = None
        self.docks: List[QDockWidget] = []
        self.layer_actions: List[QAction] = []
        self.messages: List[str] = []

    def close(self) -> None:
        """Close the window and let Qt delete what hangs on it."""
        self.window.close()
        self.window.deleteLater()

    def mainWindow(self) -> QMainWindow:
        return self.window

    def mapCanvas(self) -> QgsMapCanvas:
        return self._canvas

    def messageBar(self) -> QgsMessageBar:
        return self._bar

    def activeLayer(self) -> Optional[QgsMapLayer]:
        return self._active

    def setActiveLayer(self, layer: Optional[QgsMapLayer]) -> bool:
        self._active = layer
        self.currentLayerChanged.emit(layer)
        return True

    def addVectorLayer(self, path: str, name: str, provider: str) -> QgsVectorLayer:
        layer = QgsVectorLayer(path, name, provider)
        QgsProject.instance().addMapLayer(layer)
        return layer

    def layerTreeView(self) -> None:
        """There is no layer tree view in the stand-in."""
        return None

    def addToolBar(self, name: str) -> QToolBar:
        return self.window.addToolBar(name)

    def addToolBarIcon(self, action: QAction) -> int:
        self._plugins_toolbar.addAction(action)
        return 0

    def removeToolBarIcon(self, action: QAction) -> None:
        self._plugins_toolbar.removeAction(action)

    def pluginMenu(self) -> QMenu:
        return self._plugins_menu

    def pluginHelpMenu(self) -> QMenu:
        return self._help_menu

    def _submenu(self, name: str) -> Optional[QMenu]:
        for action in self._plugins_menu.actions():
            if action.menu() is not None and action.text() == name:
                return action.menu()
        return None

    def addPluginToMenu(self, name: str, action: QAction) -> None:
        (self._submenu(name) or self._plugins_menu.addMenu(name)).addAction(action)

    def removePluginMenu(self, name: str, action: QAction) -> None:
        menu = self._submenu(name)
        if menu is not None:
            menu.removeAction(action)
            if not menu.actions():
                self._plugins_menu.removeAction(menu.menuAction())
                menu.deleteLater()

    def addCustomActionForLayerType(self, action: QAction, menu: str, kind: object, all_layers: bool) -> None:
        self.layer_actions.append(action)

    def removeCustomActionForLayerType(self, action: QAction) -> bool:
        self.layer_actions.remove(action)
        return True

    def addDockWidget(self, area: Qt.DockWidgetArea, dock: QDockWidget) -> None:
        self.docks.append(dock)
        self.window.addDockWidget(area, dock)
        dock.show()

    def removeDockWidget(self, dock: QDockWidget) -> None:
        if dock in self.docks:
            self.docks.remove(dock)
        self.window.removeDockWidget(dock)

    def openMessageLog(self) -> None:
        """Remember that the log was asked for."""
        self.messages.append("log opened")
