"""Benchmark of the selection of persistent scatterers: an own simulator, peers, scores, real data, speed."""
