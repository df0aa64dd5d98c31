"""Numbers, tables and sentences of the page about displacement on the stick-slip sequence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from quakebook.training.recorded import Recorded

from ..figures.displacement import METHODS
from ..recorded import read

#: Rows of the table: metric name, and what stands in the table.
ROWS = {"trees": "boosted trees, amplitudes kept", "trees_normalised": "boosted trees, windows standardised",
        "trees_band": "boosted trees, 1 to 45 Hz, standardised", "trees_context": "boosted trees, four windows",
        "random": "untrained network, ridge", "pretrained": "network pretrained on the training cycles, ridge",
        "other_data": "network pretrained on other records, ridge", "oracle": "oracle (true stress)"}


def recorded_result() -> Recorded | None:
    """The recorded experiment: the small network's where it is there, else the tiny one's."""
    there = set(read.available())
    name = next((name for name in ("small-displacement", "tiny-displacement") if name in there), None)
    return None if name is None else read.result(name)


def of_method(values: dict[str, float], number: str, method: str) -> list[float]:
    """A method's numbers, one a seed where there are several."""
    single = f"{number}.{method}"
    return [values[single]] if single in values else [value for key, value in sorted(values.items())
                                                      if key.rpartition(".")[0] == single]


def table(values: dict[str, float]) -> pd.DataFrame:
    """R2 and RMSE on the held-out cycles."""
    rows = []
    for method, name in ROWS.items():
        r2, rmse = (of_method(values, number, method) for number in ("R2", "rmse_mm"))
        if r2:
            spread = f" ({min(r2):.2f} to {max(r2):.2f})" if len(r2) > 1 else ""
            rows.append({"method": name, "R2": f"{np.mean(r2):.2f}{spread}", "RMSE (mm)": f"{np.mean(rmse):.1f}"})
    return pd.DataFrame(rows)


def trees_sentence(values: dict[str, float]) -> str:
    """Network minus boosted trees with its interval over whole cycles, whatever its sign."""
    low, high = values["minus_trees_low.pretrained"], values["minus_trees_high.pretrained"]
    network, trees = of_method(values, "R2", "pretrained")[0], values["R2.trees"]
    numbers = (f"R2 is {network:.2f} against {trees:.2f}, and the 95 % interval of the difference over held-out cycles "
               f"runs from {low:+.2f} to {high:+.2f}")
    if low <= 0 <= high:
        return (f"Whether the pretrained network or the boosted trees predict the displacement better is undecided: "
                f"{numbers}, which includes zero.")
    word = "better" if low > 0 else "worse"
    return f"The pretrained network predicts the displacement {word} than the boosted trees: {numbers}."


def training_sentence(values: dict[str, float]) -> str:
    """What pre-training on the sequence changed against the untrained network."""
    trained, start = of_method(values, "R2", "pretrained"), of_method(values, "R2", "random")
    numbers = f"{np.mean(trained):.2f} against {np.mean(start):.2f}"
    if len(trained) < 2:
        return f"R2 of the ridge on frozen features with and without pre-training: {numbers}. One seed: undecided."
    word = ("raises" if min(trained) > max(start) else "lowers" if max(trained) < min(start)
            else "does not clearly change")
    return f"Pre-training {word} the R2 of the ridge on frozen features: {numbers}."


def metrics(kept: Recorded | None = None) -> dict[str, float]:
    """Numbers that the claims ask for."""
    kept = recorded_result() if kept is None else kept
    if kept is None:
        return {}
    values = read.metrics_of(kept)
    out = {f"displacement.R2.{name}": value for name in ("oracle", "trees") if (value := values.get(f"R2.{name}"))}
    out["displacement.minus_trees_low"] = values["minus_trees_low.pretrained"]
    trained, start = of_method(values, "R2", "pretrained"), of_method(values, "R2", "random")
    out["displacement.R2.pretrained"] = float(np.mean(trained))
    out["displacement.pretrained_minus_untrained"] = float(np.mean(trained) - np.mean(start))
    if "ahead_network" in kept.arrays:
        out["displacement.lead_0_minus_now"] = float(kept.arrays["ahead_network"][0]) - trained[0]
    return out


def values(kept: Recorded) -> dict[str, float]:
    """Metrics of a recorded experiment under their short names."""
    return read.metrics_of(kept)


def missing() -> str:
    """What stands in place of a recorded experiment."""
    return ("No displacement experiment is recorded in this copy of the book; `quakebook record gp2vec` makes what is "
            "missing.")


def short_comparison(preset: str = "quick") -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """Scores and arrays on a short sequence with the recorded network of the other pages and an untrained one."""
    from ..objective.pretraining import GP2Vec
    from ..studies.displacement import compare
    from .features_live import recorded_network

    model = recorded_network()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        start = GP2Vec(model.plan).eval()
    sizes = {"cycles": 10, "cycle_s": 120.0} if preset == "smoke" else {"cycles": 16, "cycle_s": 240.0}
    return compare({"other_data": [model], "random": [start]}, "cpu", 1.0, 45.0, seed=1, sizes=sizes)


__all__ = ["METHODS", "metrics", "recorded_result", "table", "training_sentence", "trees_sentence"]
