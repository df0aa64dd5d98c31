"""Extensions without a published number: other weights of the data loss, and the box label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from quakebook.bluedisc.recorded.sweep import Entry, Group, groups, title

from .training_tables import shares

#: Seeds, and validations in the mean of each, below which weights are not ranked.
LEAST_SEEDS, LEAST_VALIDATIONS = 3, 5


def facts_line(entries: Sequence[Entry]) -> str:
    """What these trainings are, in one sentence with their own numbers."""
    steps, seeds = ({entry.facts[key] for entry in entries} for key in ("steps", "seed"))
    return (f"{len(entries)} trainings of {' or '.join(f'{n:,}' for n in sorted(steps))} steps each, "
            f"seed {' or '.join(str(n) for n in sorted(seeds))}; records, batches and start as above.")


def table(entries: Sequence[Entry]) -> pd.DataFrame:
    """One row per weight and label: mean over the seeds and, where there are several, lowest to highest."""
    rows = []
    for group in groups(entries):
        row = {"data weight": title(group), "label": group.label, "seeds": len(group.entries),
               "validations": group.validations}
        for name, key in (("S over, precise", "S.tp"), ("S below, precise", "S.below"), ("S error (s)", "S.error_s"),
                          ("S precision", "S.precision"), ("P over, precise", "P.tp"), ("P error (s)", "P.error_s")):
            row[name] = _cell(group, key)
        rows.append(row)
    return pd.DataFrame(rows)


def _cell(group: Group, key: str) -> str:
    """Mean and range of a number; a dash where a seed has fewer peaks than a share needs."""
    if key == "S.precision" and any(shares(entry.metrics)["S precision"] == "–" for entry in group.entries):
        return "–"
    values, digits = group.values(key), 2 if key.endswith("error_s") else 1
    if np.isnan(values).any():
        return "–"
    mean = f"{values.mean():.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ({values.min():.{digits}f} to {values.max():.{digits}f})"


def rankable(entries: Sequence[Entry]) -> bool:
    """Whether every weight with the noise label has enough seeds and validations to be ranked."""
    chosen = [group for group in groups(entries) if group.label == "N"]
    return bool(chosen) and all(len(group.entries) >= LEAST_SEEDS and group.validations >= LEAST_VALIDATIONS
                                for group in chosen)


def ranking_sentence(entries: Sequence[Entry]) -> str:
    """The order of the weights by S over 0.7 where seeds and validations allow one, and which neighbours overlap."""
    chosen = [group for group in groups(entries) if group.label == "N"]
    if not rankable(entries):
        seeds = min((len(group.entries) for group in chosen), default=0)
        validations = min((group.validations for group in chosen), default=0)
        return (f"**No ranking.** Some of these weights have {seeds} seed{'s' * (seeds != 1)} and the mean of "
                f"{validations} validation{'s' * (validations != 1)}; weights are ranked here only from "
                f"{LEAST_SEEDS} seeds and {LEAST_VALIDATIONS} validations on.")
    order = sorted(chosen, key=lambda group: -group.mean("S.tp"))
    close = [f"{title(high)} and {title(low)}" for high, low in zip(order, order[1:], strict=False)
             if high.values("S.tp").min() <= low.values("S.tp").max()]
    text = "S over 0.7, from the most to the fewest: " + ", ".join(title(group) for group in order) + "."
    return text + (f" Undecided, because the seeds overlap: {'; '.join(close)}." if close else "")


def dial_sentence(entries: Sequence[Entry]) -> str:
    """S below the threshold and precision of S at each hybrid weight, from the lightest to the heaviest."""
    chosen = [group for group in groups(entries) if group.label == "N" and 0 < group.weight < np.inf]
    parts = []
    for group in chosen:
        precision = _cell(group, "S.precision")
        words = "too few over 0.7" if precision == "–" else f"{precision} %"
        parts.append(f"{title(group)}: {_cell(group, 'S.below')} %, {words}")
    return ("S in time but below 0.7, and the precision of S over 0.7, by the weight of the data loss. "
            + "; ".join(parts) + ".")


def box_sentence(entries: Sequence[Entry]) -> str:
    """S and P with the box label and with the noise label, same mode, weight and seeds."""
    found = {(group.label, group.weight): group for group in groups(entries)}
    parts = []
    for (label, weight), group in found.items():
        other = found.get(("N", weight))
        if label != "D" or other is None:
            continue
        seeds = {entry.facts["seed"] for entry in group.entries}
        same = Group(tuple(entry for entry in other.entries if entry.facts["seed"] in seeds))
        parts.append(f"{title(group)}: S over 0.7 {_cell(group, 'S.tp')} % (N: {_cell(same, 'S.tp')} %), "
                     f"P over 0.7 {_cell(group, 'P.tp')} % (N: {_cell(same, 'P.tp')} %), "
                     f"S error {_cell(group, 'S.error_s')} s (N: {_cell(same, 'S.error_s')} s)")
    fewest = min((len(group.entries) for group in found.values() if group.label == "D"), default=0)
    few = " With fewer than three seeds their differences are undecided." if fewest < LEAST_SEEDS else ""
    return f"The box label beside the noise label, by weight. {'; '.join(parts)}.{few}" if parts else ""
