"""A model card for Hugging Face, made of what a run knows of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_HEAD = """---
library_name: seisbench
license: gpl-3.0
tags:
- seismology
- phase-picking
- {name}
---
"""


def spread(values: Sequence[float]) -> str:
    """Mean, lowest and highest of several seeds, or the single value.

    >>> spread([0.5, 0.7, 0.6]), spread([0.25])
    ('0.6 (0.5 to 0.7, 3 seeds)', '0.25 (1 seed)')
    """
    values = [float(value) for value in values if np.isfinite(value)]
    if not values:
        return "not measured"
    if len(values) == 1:
        return f"{values[0]:.4g} (1 seed)"
    return f"{np.mean(values):.4g} ({min(values):.4g} to {max(values):.4g}, {len(values)} seeds)"


def model_card(name: str, kind: str, facts: Mapping[str, Any], thresholds: Mapping[str, Mapping[str, float]],
               metrics: Mapping[str, Sequence[float]]) -> str:
    """Text of the README.md.

    Parameters
    ----------
    name : str
        Name of the files.
    kind : str
        Class of SeisBench.
    facts : mapping
        What the run knows: data, seeds, device, commit, ...; one line each.
    thresholds : mapping
        As `thresholds_on` gives them.
    metrics : mapping
        Name -> values, one for each seed.
    """
    lines = [_HEAD.format(name=kind.lower()), f"# {name}", "",
             f"A phase picker with the architecture {kind} of SeisBench, trained and written by quakebook.", "",
             "## Use", "", "```python", "import seisbench.models", f'model = seisbench.models.{kind}.load("{name}")',
             "picks = model.classify(stream).picks", "```", "",
             "`classify` uses these thresholds, chosen on the dev split of the training data (largest F1, a pick "
             "counting within 0.1 s):", "",
             "| phase | threshold | precision | recall | F1 | labels |", "|---|---|---|---|---|---|"]
    lines += [f"| {phase} | {row['threshold']:.2f} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | "
              f"{row['labels']:.0f} |" for phase, row in thresholds.items()]
    lines += ["", "## Training", "", "| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in facts.items())]
    if metrics:
        lines += ["", "## Measured on the dev split", "",
                  "Mean, and lowest to highest over the seeds that were trained with the same settings.", "",
                  "| metric | value |", "|---|---|"]
        lines += [f"| {key} | {spread(values)} |" for key, values in metrics.items()]
    if any(str(facts.get(key, "")).startswith("synthetic") for key in ("data", "setting", "computed_on")):
        lines += ["", "## Limits", "",
                  "Trained on synthetic records only: on real data heights and thresholds differ, and the numbers "
                  "above say nothing about them."]
    return "\n".join(lines) + "\n"
