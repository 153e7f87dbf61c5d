"""Benchmark of interferogram selection: an independent simulator, peers, and what the selection is worth."""
