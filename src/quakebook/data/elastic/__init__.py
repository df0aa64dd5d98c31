"""Elastic models (Vp, Vs, density): synthetic ones and those in files."""
