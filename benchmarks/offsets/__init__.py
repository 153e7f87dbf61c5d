"""Benchmark of offset tracking: an independent simulator, peers, real pairs, and speed."""
