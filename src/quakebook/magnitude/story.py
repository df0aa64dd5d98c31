"""What the chapter's pages show: live trainings of one core, recorded ones, and the numbers for claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .metrics import scores
from .phase_metrics import WindowPicks
from .recorded import Recorded, mean_and_spread
from .settings import Config, config

#: Output scale of all CPU-sized trainings: the per-sample networks start at zero and have to climb (own choice).
OUTPUT_SCALE = "model.output_scale=3"
#: Synthetic records of the live trainings per preset.
PRESETS = ("smoke", "quick", "paper")


def live_config(preset: str, model_type: str = "phasenet_mag", amplitude: str | None = None, *more: str) -> Config:
    """Configuration of a training that a page runs live."""
    if preset not in PRESETS:
        raise ValueError(f"`preset` must be one of {', '.join(PRESETS)}; found {preset!r}")
    given = [f"model.type={model_type}", *more]
    if amplitude is not None:
        given += [f"model.amplitude={amplitude}", *([OUTPUT_SCALE] if preset != "paper" else [])]
    return config(*given, preset=preset)


def ablation_cells(groups: Mapping[str, list[Recorded]]) -> list[dict[str, Any]]:
    """Cells of the amplitude figure (F10) from recorded trainings named phasenet_mag-<norm>-<amplitude>."""
    cells = []
    for name, entries in groups.items():
        if name.startswith("phasenet_mag-"):
            norm, amplitude = name.split("-")[1:]
            true, predicted = true_and_predicted(entries[0])
            cells.append({"norm": norm, "amplitude": amplitude, "true": true, "predicted": predicted,
                          "mae": [entry.content["scores"]["mae"] for entry in entries]})
    return cells


def true_and_predicted(entry: Recorded) -> tuple[np.ndarray, np.ndarray]:
    """Magnitudes of the event records of a recorded training."""
    true, predicted = entry.arrays["true"], entry.predicted()
    event = np.isfinite(true)
    return true[event], predicted[event]


def protocol_rows(groups: Mapping[str, list[Recorded]]) -> list[dict[str, Any]]:
    """Rows of the protocol figure (F11): models with a magnitude per sample, first recorded seed."""
    rows = []
    for name, entries in groups.items():
        content = entries[0].content
        if content.get("flattened"):
            label = content["title"] + (f", {name.split('-', 1)[1].replace('-', ' ')}" if "ablation" in
                                        content["group"] else "")
            rows.append({"name": label, "r2": content["scores"]["r2"], "mae": content["scores"]["mae"],
                         "flattened_r2": content["flattened"]["r2"], "flattened_mae": content["flattened"]["mae"],
                         "floor_r2": content["flattened"]["floor_r2"]})
    return rows


def window_picks(arrays: Mapping[str, np.ndarray]) -> dict[str, WindowPicks]:
    """Picks of a recorded picker."""
    return {phase: WindowPicks(*(np.asarray(arrays[f"{phase}_{part}"], float)
                                 for part in ("height", "position_s", "labelled_s"))) for phase in "PS"}


def simulated_floor(true: np.ndarray, onset_s: np.ndarray, window_s: float = 30.0) -> float:
    """Flattened R2 of a model that answers 0 before the onset and the mean magnitude after it, sample by sample."""
    time_s = np.arange(0, window_s, 0.05)
    after = time_s >= np.asarray(onset_s, float)[:, None]
    label, answer = after * np.asarray(true, float)[:, None], after * float(np.mean(true))
    return scores(label.ravel(), answer.ravel())["r2"]


def recorded_metrics(groups: Mapping[str, list[Recorded]]) -> dict[str, float]:
    """Numbers for the claims, means over the recorded seeds."""
    found: dict[str, float] = {}
    for name, entries in groups.items():
        if entries[0].content["group"] == "phase":
            for phase in "PS":
                found[f"recorded.{name}.{phase}.f1"] = mean_and_spread(entries, phase, "within_0.5s", "f1")[0]
                found[f"recorded.{name}.{phase}.std_s"] = mean_and_spread(entries, phase, "residual", "std")[0]
        else:
            for measure in ("mae", "r2", "slope"):
                found[f"recorded.{name}.{measure}"] = mean_and_spread(entries, "scores", measure)[0]
    for norm in ("std", "peak"):
        none, physical = (found.get(f"recorded.phasenet_mag-{norm}-{key}.mae") for key in ("none", "physical"))
        if none and physical:
            found[f"recorded.amplitude_ratio.{norm}"] = physical / none
    rows = protocol_rows(groups)
    if rows:
        found["recorded.flattened_gain"] = min(row["flattened_r2"] - row["r2"] for row in rows)
    return found
