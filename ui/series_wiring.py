"""Opens the dialogs of displacement series for the plugin, and the series viewer from them."""

from __future__ import annotations

from typing import Any


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
