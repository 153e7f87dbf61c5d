"""Writers of point tables, one a file."""
