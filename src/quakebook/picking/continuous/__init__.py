"""Continuous annotation: from an ObsPy stream to probabilities and picks, on the device and window by window."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"annotation": ["Annotation", "annotate", "annotate_each"], "rules": ["Rules", "rules_of"],
                            "table": ["COLUMNS", "pick_list"]})
