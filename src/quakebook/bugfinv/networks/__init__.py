"""The inversion network and its encoder."""
