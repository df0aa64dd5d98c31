"""Phase picking on the device, in batches: windows, labels, augmentation, peaks, matching, scores."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "peaks": ["find_picks"],
        "matching": ["match_picks"],
    },
)
