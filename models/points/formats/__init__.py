"""Readers of point products, one a file."""
