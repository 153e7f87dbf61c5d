"""Benchmarks of the engine against other methods, on data that its networks were never trained on."""
