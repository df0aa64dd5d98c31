"""Archives, metadata and windows under their published names."""
