"""Point tables with displacement time series: readers of real products, and writers."""
