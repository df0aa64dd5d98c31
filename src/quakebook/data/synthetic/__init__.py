"""Synthetic local-earthquake records from physics: sources, paths, scattering, instruments, noise and analysts.

>>> from quakebook.data import synthetic
>>> records = synthetic.make("tiny", 12, seed=1)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "generate": ["make"],
        "presets": ["EMERGENCE", "PRESETS", "Preset"],
        "archive": ["write_archive"],
    },
)
