"""Computations beside the training: without a model, expected heights, onset delays."""
