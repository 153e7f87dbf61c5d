"""Makes the pictures of the documentation in a real QGIS window: ``make screenshots``."""
