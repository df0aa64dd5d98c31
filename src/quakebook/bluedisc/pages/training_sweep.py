"""Extensions without a published number: other weights of the data loss, and the box label."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from quakebook.bluedisc.recorded.sweep import Entry, title

from .training_tables import shares


def facts_line(entries: Sequence[Entry]) -> str:
    """What these trainings are, in one sentence with their own numbers."""
    steps, seeds = ({entry.facts[key] for entry in entries} for key in ("steps", "seed"))
    return (f"{len(entries)} trainings of {' or '.join(f'{n:,}' for n in sorted(steps))} steps each, "
            f"seed {' or '.join(str(n) for n in sorted(seeds))}; records, batches and start as above.")


def table(entries: Sequence[Entry]) -> pd.DataFrame:
    """One row per training, percent of the labels and s."""
    rows = []
    for entry in entries:
        share = shares(entry.metrics)
        rows.append({"data weight": title(entry), "label": entry.label,
                     **{name: share[name] for name in ("S over, precise", "S below, precise")},
                     "S error (s)": f"{entry.median_error_s('S'):.2f}",
                     **{name: share[name] for name in ("S precision", "P over, precise")},
                     "P error (s)": f"{entry.median_error_s('P'):.2f}"})
    return pd.DataFrame(rows)


