"""Elastic inversion by Bayesian gradient fusion: Vp, Vs and density from angle gathers, three tasks to be weighed."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "objective.bayes.aggregator": ["BUGFInv"],
        "objective.bayes.moments": ["gradient_moments"],
        "objective.bayes.fusion": ["fuse"],
        "objective.nash": ["NashMTL", "nash_weights"],
        "data.forward": ["ForwardModel", "forward_model"],
        "networks.inversion": ["InversionNetwork"],
        "objective.losses": ["AndrewsLoss"],
        "settings": ["PRESETS", "config"],
        "api": ["evaluate", "open_run", "settings_of", "train"],
    },
)
