"""Persistent scatterers: which pixels of a stack keep their phase."""
