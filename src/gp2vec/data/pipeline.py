"""`SeismicDataPipeline` under its published name."""

from quakebook.gp2vec.published.pipeline import SeismicDataPipeline

__all__ = ["SeismicDataPipeline"]
