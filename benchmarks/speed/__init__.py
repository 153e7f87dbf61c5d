"""Stillpoint beside what one would take instead, in one run on the same core: ``python -m benchmarks.speed``."""
