"""Devices, the model library, the training loop and metrics; shared by all capabilities."""
