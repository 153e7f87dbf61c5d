"""Simulated data with known truth, for training, tests and the demo."""
