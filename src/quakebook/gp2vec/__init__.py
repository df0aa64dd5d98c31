"""GP2Vec: self-supervised representations of seismograms, and what their features are worth."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=["figures", "pages", "recorded", "studies"],
    submod_attrs={
        "settings": ["GP2VecConfig", "PRESETS", "config"],
        "api": ["evaluate", "model_of", "open_run", "settings_of", "train"],
        "objective.pretraining": ["GP2Vec", "Objective"],
        "scoring.downstream": ["DownstreamEvaluator"],
    },
)
