"""Computations beside the training: L-BFGS, checks of the fusion, cost."""
