"""Numbers of the page on amplitude and evaluation protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from quakebook.magnitude.recorded.read import Recorded, true_and_predicted
from quakebook.magnitude.scoring.magnitude_errors import scores


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


def simulated_floor(true: np.ndarray, onset_s: np.ndarray, window_s: float = 30.0) -> float:
    """Flattened R2 of a model that answers 0 before the onset and the mean magnitude after it, sample by sample."""
    time_s = np.arange(0, window_s, 0.05)
    after = time_s >= np.asarray(onset_s, float)[:, None]
    label, answer = after * np.asarray(true, float)[:, None], after * float(np.mean(true))
    return scores(label.ravel(), answer.ravel())["r2"]
