"""What docks share that take clicks on the map: the bar, the map tool that is borrowed and given back, the project's layers."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from qgis.core import Qgis, QgsApplication, QgsMapLayer, QgsProject
from qgis.gui import QgsDockWidget, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QAction, QComboBox, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from stillpoint.plugin.language import tr
from stillpoint.ui.help_keys import add_help, give_help


class MapDock(QgsDockWidget):
    """A dock with one map tool and a list of what the project holds.

    A subclass makes its tool and its widgets (:meth:`_make_bar`, :meth:`_fill`), then calls :meth:`_attach`.

    Parameters
    ----------
    iface
        QGIS's interface: its canvas is clicked on, its active layer is followed, its message bar is told of problems.
    parent
        Parent widget.
    name
        Object name of the dock.

    Attributes
    ----------
    bar, tool_action, clear_action
        Tool bar with the switch of the map tool and the way to forget what was clicked.
    tool
        The map tool.
    """

    HELP = ""
    """Page that F1 and the button in the bar open; empty where the subclass has its own."""

    tool: QgsMapTool
    tool_action: QAction
    clear_action: QAction

    def __init__(self, iface: Any, parent: Optional[QWidget] = None, *, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._last_tool: Optional[QgsMapTool] = None
        self._leaving: List[str] = []

    # The parts

    def _make_bar(self, icon: str, text: str, tip: str, *, clear: str) -> None:
        """Make the bar with the switch of the map tool, and "Clear" with the tool tip ``clear``."""
        self.bar = QToolBar()
        self.bar.setIconSize(QSize(18, 18))
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.tool_action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        self.tool_action.setCheckable(True)
        self.tool_action.setToolTip(tip)
        self.clear_action = QAction(QgsApplication.getThemeIcon("/mActionDeselectAll.svg"), tr("Clear"), self)
        self.clear_action.setToolTip(clear)
        self.bar.addActions([self.tool_action, self.clear_action])

    def _add_space(self) -> None:
        """Push what follows in the bar to the right."""
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar.addWidget(spacer)

    def _add_chooser(self, name: str, tip: str) -> QComboBox:
        """Return a list in the bar that is wide enough for the name of a layer."""
        chooser = QComboBox()
        chooser.setObjectName(name)
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        chooser.setMinimumContentsLength(24)
        chooser.setToolTip(tip)
        self.bar.addWidget(chooser)
        return chooser

    def _fill(self, body: QWidget) -> None:
        """Set ``body`` below the bar, which gets the help at its end."""
        if self.HELP:
            add_help(self.bar, give_help(self, self.HELP))
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.bar)
        box.addWidget(body, 1)
        self.setWidget(inner)

    # The window

    def _attach(self) -> None:
        """Follow the canvas, the project and the active layer; :meth:`unload` undoes it."""
        self.tool_action.triggered.connect(self._use_tool)
        self.clear_action.triggered.connect(self.clear)
        self._canvas.mapToolSet.connect(self._tool_changed)
        project = QgsProject.instance()
        project.layersAdded.connect(self.refresh)
        project.layersWillBeRemoved.connect(self._layers_removed)
        self._iface.currentLayerChanged.connect(self.turn_to)
        self.visibilityChanged.connect(self._shown)
        self.refresh()
        self.turn_to(self._iface.activeLayer())

    def unload(self) -> None:
        """Undo everything that the dock did to QGIS's window; the dock is of no use afterwards."""
        self._drop_marks()
        self._give_tool_back()
        self._canvas.mapToolSet.disconnect(self._tool_changed)
        project = QgsProject.instance()
        project.layersAdded.disconnect(self.refresh)
        project.layersWillBeRemoved.disconnect(self._layers_removed)
        self._iface.currentLayerChanged.disconnect(self.turn_to)
        self.visibilityChanged.disconnect(self._shown)
        self.tool.deleteLater()  # the canvas owns its tools: it would stay for as long as QGIS runs

    def activate(self) -> None:
        """Show the dock and let the next click on the map be for it."""
        self.setUserVisible(True)
        self._use_tool(True)

    def refresh(self, *_: Any) -> None:
        """List what the project holds again."""

    def turn_to(self, layer: Optional[QgsMapLayer]) -> None:
        """Show what a layer is of."""

    def clear(self) -> None:
        """Forget what was clicked."""

    def _drop_marks(self) -> None:
        """Take the marks off the map."""

    def _tool_turned(self) -> None:
        """The map tool was taken or given back."""

    def _layers_removed(self, ids: Sequence[str]) -> None:
        self._leaving = list(ids)
        self.refresh()
        self._leaving = []

    def _tell(self, text: str, level: Any = Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage("Stillpoint", text, level, 6)

    def _shown(self, _visible: bool) -> None:
        """Leave no mark on the map while the dock is put away; one behind another tab is not."""
        if self.isHidden():
            self._drop_marks()
            self._give_tool_back()

    # The map tool

    def _use_tool(self, on: bool) -> None:
        if not on:
            self._give_tool_back()
        elif self._canvas.mapTool() is not self.tool:
            self._last_tool = self._canvas.mapTool()
            self._canvas.setMapTool(self.tool)

    def _give_tool_back(self) -> None:
        if self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)
            if self._last_tool is not None and not sip.isdeleted(self._last_tool):
                self._canvas.setMapTool(self._last_tool)
        self._last_tool = None

    def _tool_changed(self, tool: Optional[QgsMapTool], _old: Optional[QgsMapTool] = None) -> None:
        self.tool_action.setChecked(tool is self.tool)
        self._tool_turned()
