"""Station metadata under its published names."""

from quakebook.gp2vec.published.stations import StationMetadataManager, build_metadata_table

__all__ = ["StationMetadataManager", "build_metadata_table"]
