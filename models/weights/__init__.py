"""Weights of the networks (safetensors), each with a model card."""
