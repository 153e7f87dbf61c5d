"""Malformed files for every reader: thousands of them, and no crash, no hang, no memory that runs away."""
