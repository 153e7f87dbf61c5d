"""Benchmark of trend classifiers: an independent simulator, an oracle, peers, and speed."""
