"""Losses of the chapter and one training step."""
