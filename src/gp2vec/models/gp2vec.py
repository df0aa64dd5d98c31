"""`GP2Vec` under its published name."""

from quakebook.gp2vec.objective.pretraining import GP2Vec

__all__ = ["GP2Vec"]
