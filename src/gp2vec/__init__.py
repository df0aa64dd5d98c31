"""The published names of GP2Vec. The code lives in `quakebook.gp2vec`."""

from pathlib import Path as _Path

import lazy_loader as _lazy

#: The published configuration tree.
CONFIGS = _Path(__file__).with_name("configs")

_getattr, __dir__, __all__ = _lazy.attach(
    __name__, submodules=["data", "evaluation", "models", "train"])


def __getattr__(name: str) -> object:
    if name in ("GP2Vec", "DownstreamEvaluator"):
        import quakebook.gp2vec

        return getattr(quakebook.gp2vec, name)
    return _getattr(name)
