"""Downstream tasks under their published names."""
