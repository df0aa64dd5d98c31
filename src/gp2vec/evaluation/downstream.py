"""`DownstreamEvaluator` under its published name."""

from quakebook.gp2vec.scoring.downstream import DownstreamEvaluator

__all__ = ["DownstreamEvaluator"]
