"""Numbers and sentences of the page on amplitude and evaluation protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from quakebook.magnitude.recorded.read import Recorded, true_and_predicted
from quakebook.magnitude.scoring.magnitude_errors import scores

from .seeds import by_seed, undecided

#: Events above this magnitude are "the largest" in sentences.
LARGE = 4.5


def _errors(groups: Mapping[str, list[Recorded]], norm: str, amplitude: str) -> np.ndarray:
    """MAE of each recorded seed of PhaseNetMag, in the order of the seeds."""
    return by_seed(groups[f"phasenet_mag-{norm}-{amplitude}"], "scores", "mae")


def amplitude_ratio(groups: Mapping[str, list[Recorded]], norm: str) -> float:
    """Mean error with the amplitude in m/s over that without it."""
    return float(_errors(groups, norm, "physical").mean() / _errors(groups, norm, "none").mean())


def amplitude_sentence(groups: Mapping[str, list[Recorded]]) -> str:
    """By how much the amplitude channel changes the error, for both scalings."""
    words = []
    for norm, text in (("std", "the standard deviation"), ("peak", "the peak")):
        ratio, gain = amplitude_ratio(groups, norm), _errors(groups, norm, "none") - _errors(groups, norm, "physical")
        change = f"{100 * abs(1 - ratio):.0f} % {'lower' if ratio < 1 else 'higher'}"
        open_ = " (within the spread over seeds)" if undecided(gain) else ""
        words.append(f"{change} where windows are scaled by {text}{open_}")
    return ("With the amplitude in metres per second as one extra number, the mean absolute error is "
            f"{' and '.join(words)}.")


def scaling_gain(groups: Mapping[str, list[Recorded]], amplitude: str = "physical") -> np.ndarray:
    """Error with scaling by the peak minus that with the standard deviation, seed by seed."""
    return _errors(groups, "peak", amplitude) - _errors(groups, "std", amplitude)


def scaling_sentence(groups: Mapping[str, list[Recorded]]) -> str:
    """Whether it matters how a window is scaled once the amplitude is told."""
    gain = scaling_gain(groups)
    std, peak = (_errors(groups, norm, "physical").mean() for norm in ("std", "peak"))
    numbers = f"{std:.3f} by the standard deviation, {peak:.3f} by the peak"
    if undecided(gain):
        return ("Once the network is told by how much a window was scaled, whether it was by standard deviation or by "
                f"peak is undecided: {numbers}, a difference within the spread over seeds.")
    better = "standard deviation" if gain.mean() > 0 else "peak"
    return (f"Even when the network is told by how much a window was scaled, the {better} is the better choice: "
            f"{numbers}.")


def large_sentence(groups: Mapping[str, list[Recorded]]) -> str:
    """What happens to the largest events, with and without amplitude."""
    bias = {name: float(np.mean([_large_bias(entry) for entry in groups[f"phasenet_mag-std-{name}"]]))
            for name in ("none", "physical")}
    where = "underestimated" if bias["none"] < 0 else "overestimated"
    less = "less so" if abs(bias["physical"]) < abs(bias["none"]) else "no less so"
    return (f"Without amplitude, events above magnitude {LARGE} are {where} by {abs(bias['none']):.2f} on average; "
            f"with it {less} (mean error {bias['physical']:+.2f}).")


def _large_bias(entry: Recorded) -> float:
    true, predicted = true_and_predicted(entry)
    return float((predicted - true)[true > LARGE].mean())


def flattered(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Of how many models the sample-wise score is better than the one by record: by R2, and by MAE."""
    return {"r2": sum(row["flattened_r2"] > row["r2"] for row in rows),
            "mae": sum(row["flattened_mae"] < row["mae"] for row in rows), "models": len(rows)}


def flattened_gain(groups: Mapping[str, list[Recorded]]) -> np.ndarray:
    """R2 by sample minus R2 by record of the model that gains least, seed by seed."""
    gains = {name: by_seed(entries, "flattened", "r2") - by_seed(entries, "scores", "r2")
             for name, entries in groups.items() if entries[0].content.get("flattened")}
    return min(gains.values(), key=np.mean)


def protocol_sentence(rows: list[dict[str, Any]]) -> str:
    """What counting every sample does to both measures."""
    count = flattered(rows)
    return (f"Counting every sample as a data point makes R² look better for {count['r2']} of {count['models']} models "
            f"here (first seed), and the mean absolute error for {count['mae']} of {count['models']}.")


def floor_sentence(rows: list[dict[str, Any]]) -> str:
    """What R2 a model without skill reaches on these windows."""
    floors = [row["floor_r2"] for row in rows]
    low, high = min(floors), max(floors)
    reach = f"{low:.2f}" if high - low < 0.005 else f"{low:.2f} to {high:.2f}"
    return f"On these windows a model without any skill reaches R² = {reach} by sample, where it has 0 by record."


def ablation_cells(groups: Mapping[str, list[Recorded]]) -> list[dict[str, Any]]:
    """Cells of the amplitude figure from recorded trainings named phasenet_mag-<norm>-<amplitude>."""
    cells = []
    for name, entries in groups.items():
        if name.startswith("phasenet_mag-"):
            norm, amplitude = name.split("-")[1:]
            true, predicted = true_and_predicted(entries[0])
            cells.append({"norm": norm, "amplitude": amplitude, "true": true, "predicted": predicted,
                          "mae": [entry.content["scores"]["mae"] for entry in entries]})
    return cells


def protocol_rows(groups: Mapping[str, list[Recorded]]) -> list[dict[str, Any]]:
    """Rows of the protocol figure: models with a magnitude per sample, first recorded seed."""
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
