"""Calorimeter images and toy photographs for the separation of mixtures.

>>> from quakebook.data.calorimeter import open_domains
>>> domains = open_domains("synthetic:tiny", "val", records=2)
>>> tuple(domains.mixture.read([0, 1]).shape)
(2, 1, 24, 64)
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["background", "detector", "download", "faces", "pythia", "shower", "signal", "synthetic"],
    submod_attrs={
        "detector": ["ETA_MAX", "COLUMNS", "ROWS", "TOWER_AREA", "tower_eta", "tower_phi"],
        "domains": ["Domains", "open_domains"],
        "faces": ["write_faces"],
        "hierarchy": ["open_folder", "open_toy"],
        "sources": ["FolderSource", "H5Source", "Source", "TensorSource"],
        "synthetic": ["Options", "make"],
        "toy_mix": ["ToyMix", "blur", "mix", "partners"],
        "writing": ["write"],
    },
)
