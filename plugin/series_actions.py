"""Toolbar and menu of displacement series: estimating them in a stack, and combining those of several tracks."""

from __future__ import annotations

from typing import Any

from stillpoint.plugin.language import tr


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
