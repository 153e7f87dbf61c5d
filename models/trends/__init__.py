"""Trend classification of displacement series. Importing this package imports no torch."""
