"""How time and memory grow with the work, and what more workers bring."""
