"""Toolbar, menu and dialogs of displacement series: estimating them in a stack, and combining those of several tracks."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return QCoreApplication.translate("Stillpoint", text)


def add_actions(plugin: Any) -> None:
    """Add the two actions to the toolbar and the menu of the plugin."""
    plugin._add(
        "estimate", tr("Estimate Displacement Series…"), lambda *_: plugin._with_engine(plugin._open_estimate_series),
        tr("Displacement of every scatterer of a stack, date by date, with its velocity"),
    )  # fmt: skip
    plugin._add(
        "combine", tr("Combine Ascending and Descending…"), lambda *_: plugin._with_engine(plugin._open_combine),
        tr("Vertical and east-west motion from the series of two lines of sight"),
    )  # fmt: skip


def open_estimate_series(plugin: Any) -> None:
    """Show the dialog that estimates series, with the active layer."""
    from stillpoint.ui.estimate_series_dialog import EstimateSeriesDialog

    known = any(isinstance(dialog, EstimateSeriesDialog) for dialog in plugin.dialogs)
    dialog = plugin._show(EstimateSeriesDialog)
    dialog.set_layer(plugin.iface.activeLayer())
    if not known:
        dialog.viewer_wanted.connect(lambda: show_viewer(plugin))


def open_combine(plugin: Any) -> None:
    """Show the dialog that combines tracks, with the layers that are selected."""
    from stillpoint.ui.combine_dialog import CombineDialog

    known = any(isinstance(dialog, CombineDialog) for dialog in plugin.dialogs)
    dialog = plugin._show(CombineDialog)
    view = plugin.iface.layerTreeView()
    dialog.set_layers(view.selectedLayers() if view is not None else [plugin.iface.activeLayer()])
    if not known:
        dialog.viewer_wanted.connect(lambda: show_viewer(plugin))


def show_viewer(plugin: Any) -> None:
    """Open the series viewer and let the next click on the map pick a point."""
    plugin.toggle_viewer(True)
    plugin.viewer_dock.activate()
