"""Losses of the chapter and the learning rate schedule."""
