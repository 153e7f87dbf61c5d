"""Displacement series at persistent scatterers, and motion from several lines of sight."""
