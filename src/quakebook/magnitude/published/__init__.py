"""The published program's own modes, flags and files."""
