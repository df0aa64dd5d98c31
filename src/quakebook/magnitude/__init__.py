"""Magnitude chapter: six networks, three baselines, and what amplitude normalisation costs.

Start with ``build("phasenet_mag")``, ``train(config(preset="quick"))`` and ``evaluate(run)``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "networks.build": ["build", "count_parameters"],
        "model_types": ["MODEL_TYPES"],
        "settings": ["PRESETS", "Config", "config"],
        "api": ["evaluate", "open_run", "settings_of", "train"],
    },
)
