"""Models and picks for the tools that people have: SeisBench, Hugging Face, GaMMA, PyOcto, QuakeML, Parquet."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"model": ["plain", "save_model"], "thresholds": ["best_threshold", "thresholds_on"],
                            "card": ["model_card"], "tables": ["for_gamma", "for_pyocto", "write_picks"],
                            "quakeml": ["catalogue", "picks_of_catalogue"]})
