"""Figures of the road from archive to shards: results in, figure out."""

from quakebook.data.archive.figures.places import availability, station_map
from quakebook.data.archive.figures.quality import examples, rejected
from quakebook.data.archive.figures.spectra import against_peterson, resampler_gains

__all__ = ["against_peterson", "availability", "examples", "rejected", "resampler_gains", "station_map"]
