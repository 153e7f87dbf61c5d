"""Set-up, checks and packaging. Not part of what is shipped."""
