"""What the panel "New Analysis" asks of the rest of the plugin."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt

from stillpoint.ui.analysis_dock import AnalysisDock


def make_dock(plugin: Any) -> AnalysisDock:
    """Return the panel, docked on the right of QGIS's window and connected to what the plugin opens for it."""
    dock = AnalysisDock(plugin.iface, plugin.iface.mainWindow())
    dock.visibilityChanged.connect(plugin._docks_shown)
    dock.board_wanted.connect(plugin.triage_of)
    dock.threshold_wanted.connect(lambda: plugin.toggle_threshold(True))
    dock.viewer_wanted.connect(lambda: plugin.toggle_viewer(True))
    dock.profile_wanted.connect(lambda: plugin.toggle_profile(True))
    dock.setup_wanted.connect(plugin.set_up)
    plugin.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    return dock
