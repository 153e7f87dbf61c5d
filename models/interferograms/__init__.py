"""Which interferograms of a small-baseline network are good enough."""
