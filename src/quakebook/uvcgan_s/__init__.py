"""UVCGAN-S: mixtures taken apart by networks that never saw a mixture together with its parts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "settings": ["PRESETS", "UvcganConfig", "config"],
        "api": ["decompose", "evaluate", "generators_of", "open_run", "settings_of", "train"],
        "networks.build": ["build_networks", "parameter_count"],
        "networks.checkpoint": ["load_generators", "load_published"],
        "data.normalise": ["log_norm", "log_norm_inverse"],
        "data.domains": ["from_arrays"],
        "objective.losses": ["gan_loss", "gradient_penalty"],
    },
)
