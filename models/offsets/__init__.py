"""Offsets between two amplitude images."""
