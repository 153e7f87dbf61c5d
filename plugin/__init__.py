"""QGIS's side of Stillpoint."""
