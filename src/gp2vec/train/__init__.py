"""Training under its published name."""
