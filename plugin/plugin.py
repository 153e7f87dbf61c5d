"""Loads Stillpoint into QGIS and out of it. Everything heavy is imported when it is first asked for; unload mirrors load."""

from __future__ import annotations

import atexit
import sys
from pathlib import Path
from typing import Any, List, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QToolBar

from stillpoint.plugin import language
from stillpoint.plugin.dialogs import MENU, Dialogs
from stillpoint.plugin.docks import Docks

ICONS = Path(__file__).resolve().parent / "icons"
WELCOME_AFTER = 2500
"""Milliseconds after which the welcome is offered: when QGIS's window is there and its own messages are read."""


class StillpointPlugin(Docks, Dialogs):
    """What QGIS loads and unloads.

    Parameters
    ----------
    iface
        QGIS's interface; None in ``qgis_process``, which asks for :meth:`initProcessing` alone.
    """

    def __init__(self, iface: Any) -> None:
        Docks.__init__(self)
        Dialogs.__init__(self)
        self.iface = iface
        self.provider: Any = None
        self.toolbar: Optional[QToolBar] = None
        self.actions: List[QAction] = []
        self.help_action: Optional[QAction] = None
        self.layer_actions: List[QAction] = []
        self.run_again: Any = None
        self.welcome_timer: Optional[QTimer] = None

    def initProcessing(self) -> None:
        """Register the Processing provider."""
        from stillpoint.plugin import shelf_folder
        from stillpoint.plugin.provider import StillpointProvider

        language.install()
        shelf_folder.name_folder()
        self.provider = StillpointProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add toolbar, menu and provider."""
        from stillpoint.plugin import toolbar
        from stillpoint.plugin.run_again import RunAgain

        self.initProcessing()
        self.toolbar = self.iface.addToolBar("Stillpoint")
        self.toolbar.setObjectName("StillpointToolBar")
        for entry in toolbar.entries():
            self._add(entry)
        self._add_to_layers(toolbar.layer_entries())
        self.run_again = RunAgain(self, ICONS)
        self.help_action = QAction(QIcon(str(ICONS / "stillpoint.svg")), "Stillpoint", self.iface.mainWindow())
        self.help_action.triggered.connect(self.show_help)
        self.iface.pluginHelpMenu().addAction(self.help_action)
        self.welcome_timer = QTimer(self.toolbar)
        self.welcome_timer.setSingleShot(True)
        self.welcome_timer.timeout.connect(self._welcome)
        self.welcome_timer.start(WELCOME_AFTER)

    def _add(self, entry: Any) -> None:
        action = QAction(QIcon(str(ICONS / f"{entry.icon}.svg")), entry.text, self.iface.mainWindow())
        action.setObjectName(f"stillpoint_{entry.icon}")
        action.setToolTip(entry.tip)
        action.setStatusTip(entry.tip)
        action.triggered.connect(getattr(self, entry.slot))
        if entry.kept:
            action.setCheckable(True)
            setattr(self, entry.kept, action)
        self.iface.addPluginToMenu(MENU, action)
        if entry.toolbar and self.toolbar is not None:
            self.toolbar.addAction(action)
        self.actions.append(action)

    def _add_to_layers(self, entries: Any) -> None:
        """Offer what fits a raster in the context menu of the layer list."""
        from stillpoint.plugin.compat import RASTER_TYPE

        for entry in entries:
            action = QAction(QIcon(str(ICONS / f"{entry.icon}.svg")), entry.text, self.iface.mainWindow())
            slot = getattr(self, entry.slot)
            action.triggered.connect(lambda _, slot=slot: slot())
            self.iface.addCustomActionForLayerType(action, MENU, RASTER_TYPE, True)
            self.layer_actions.append(action)

    def unload(self) -> None:
        """Undo everything that load and later clicks did; running jobs are stopped."""
        self._end_work()
        if self.welcome_timer is not None:
            self.welcome_timer.stop()
        self._unload_dialogs()
        self._unload_docks()
        for action in self.layer_actions:
            self.iface.removeCustomActionForLayerType(action)
            action.deleteLater()
        self.layer_actions = []
        if self.run_again is not None:
            self.run_again.unload()
            self.run_again = None
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            if self.toolbar is not None:
                self.toolbar.removeAction(action)
            action.deleteLater()
        self.actions = []
        if self.help_action is not None:
            self.iface.pluginHelpMenu().removeAction(self.help_action)
            self.help_action.deleteLater()
            self.help_action = None
        if self.toolbar is not None:
            self.iface.mainWindow().removeToolBar(self.toolbar)
            self.toolbar.deleteLater()
            self.toolbar = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
            from stillpoint.plugin import shelf_folder

            shelf_folder.forget_folder()
        language.remove()

    def _end_work(self) -> None:
        """Stop tasks and end the engine, as far as they were ever imported."""
        self._work = None
        tasks = sys.modules.get("stillpoint.plugin.tasks")
        if tasks is not None:
            tasks.cancel_all()
        training_run = sys.modules.get("stillpoint.plugin.training_run")
        if training_run is not None:
            training_run.forget()
        runner = sys.modules.get("stillpoint.plugin.runner")
        if runner is not None:
            runner.close()
            atexit.unregister(runner.close)
