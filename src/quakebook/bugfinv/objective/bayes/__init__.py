"""Bayesian fusion of task gradients."""
