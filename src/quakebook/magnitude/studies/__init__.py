"""Computations beside the training: tuning and baselines."""
