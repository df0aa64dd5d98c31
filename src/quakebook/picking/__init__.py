"""Phase picking on the device: windows, labels, augmentation, peaks, matching, scores, continuous annotation."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"peaks": ["find_picks"], "matching": ["match_picks"],
                            "continuous.annotation": ["annotate", "annotate_each"]})
