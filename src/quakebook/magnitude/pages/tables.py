"""The chapter's tables: models, comparison, amplitude, phases, capacity."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from quakebook.magnitude.model_types import MODEL_TYPES
from quakebook.magnitude.recorded.read import Recorded, mean_and_spread


def model_table() -> pd.DataFrame:
    """The six networks with their options, training defaults and measured parameter counts."""
    from quakebook.magnitude.networks.build import build, count_parameters

    rows = []
    for name, entry in MODEL_TYPES.items():
        if entry.family == "baseline":
            continue
        options = ", ".join(f"{option.name}={option.default}" for option in entry.options
                            if option.name not in ("sampling_rate", "label_offset", "output_scale", "phases"))
        rows.append({"model": entry.title, "type": name, "parameters": count_parameters(build(name)),
                     "window": entry.window_samples, "rate": f"{entry.learning_rate:g}", "batch": entry.batch_size,
                     "options and defaults": options})
    return pd.DataFrame(rows)


def capacity_table(factors: tuple[int, ...] = (1, 2, 4)) -> pd.DataFrame:
    """Parameters for several filter factors (errors are measured where a GPU has run them)."""
    from quakebook.magnitude.networks.build import build, count_parameters

    rows = [{"model": entry.title, **{f"filter_factor {factor}": count_parameters(build(name, filter_factor=factor))
                                      for factor in factors}}
            for name, entry in MODEL_TYPES.items() if entry.family != "baseline"]
    return pd.DataFrame(rows)


def comparison_table(entries: Mapping[str, list[Recorded]]) -> pd.DataFrame:
    """Mean and standard deviation over seeds of MAE, RMSE, R2, bias and slope."""
    return pd.DataFrame([{"model": group[0].title, "seeds": len(group), **_measures(group)}
                         for group in entries.values()])


def ablation_table(entries: Mapping[str, list[Recorded]]) -> pd.DataFrame:
    """The same for each scaling and amplitude input."""
    rows = []
    for group in entries.values():
        options = group[0].content["options"]
        rows.append({"scaling": options["norm"], "amplitude": options["amplitude"], "seeds": len(group),
                     **_measures(group)})
    return pd.DataFrame(rows).sort_values(["scaling", "amplitude"]).reset_index(drop=True)


def phase_table(entries: Mapping[str, list[Recorded]]) -> pd.DataFrame:
    """Precision, recall, F1, and residual mean, std and MAE for each picker and phase (first seed to last)."""
    rows = []
    for group in entries.values():
        for phase in "PS":
            row = {"model": group[0].title, "phase": phase, "seeds": len(group)}
            for name in ("precision", "recall", "f1"):
                row[name] = _text(mean_and_spread(group, phase, "within_0.5s", name))
            for name in ("mean", "std", "mae"):
                row[f"{name} (s)"] = _text(mean_and_spread(group, phase, "residual", name))
            rows.append(row)
    return pd.DataFrame(rows)


def myst(table: pd.DataFrame, name: str, caption: str) -> str:
    """A numbered table in MyST."""
    return f"```{{table}} {caption}\n:name: {name}\n\n{table.to_markdown(index=False)}\n```"


def _measures(group: list[Recorded]) -> dict[str, str]:
    return {name: _text(mean_and_spread(group, "scores", key)) for name, key in
            (("MAE", "mae"), ("RMSE", "rmse"), ("R2", "r2"), ("bias", "bias"), ("slope", "slope"))}


def _text(statistics: tuple[float, float, int]) -> str:
    mean, spread, count = statistics
    return f"{mean:.3f} ± {spread:.3f}" if count > 1 else f"{mean:.3f}"
