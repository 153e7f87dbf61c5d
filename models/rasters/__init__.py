"""Stacks of rasters: readers, blocks and writers."""
