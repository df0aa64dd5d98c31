"""BlueDisc: why a phase picker draws flattened S curves, and what an adversarial shape critic does about it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "studies.moving_targets": ["optimise_without_model"],
        "studies.landscape": ["landscape_gaussian", "landscape_pointwise"],
        "networks.generator": ["Generator"],
        "networks.discriminator": ["Discriminator"],
        "settings": ["PRESETS", "BlueDiscConfig", "config"],
        "api": ["evaluate", "open_run", "settings_of", "train"],
    },
)
