"""Measures the displacement series: accuracy on simulated truth, rivals, speed, and Houston."""
