"""Networks under their published names."""
