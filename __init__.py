"""Stillpoint: a QGIS plugin, and an engine, for people who watch the ground move with radar."""

from __future__ import annotations


def classFactory(iface):
    """Return the plugin for QGIS's interface ``iface``."""
    from .plugin.plugin import StillpointPlugin

    return StillpointPlugin(iface)
