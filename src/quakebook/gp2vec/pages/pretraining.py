"""Numbers, tables and sentences of the page about pre-training."""

from __future__ import annotations

import numpy as np
import pandas as pd

from quakebook.training.recorded import Recorded
from quakebook.training.runs import Run

from ..api import settings_of
from ..experiment import rate_share
from ..figures.masks import accuracy_by_distance
from ..recorded import read
from . import losses

#: Columns of the tables: metric, heading, format.
COLUMNS = (("dev_gap", "gap", ".2f"), ("dev_accuracy", "accuracy", ".3f"),
           ("dev_code_perplexity", "codes in use", ".0f"),
           ("leaves_chance_after", "leaves chance after step", ".0f"), ("probe.phase", "phase", ".3f"),
           ("probe.P", "P", ".3f"), ("probe.S", "S", ".3f"), ("probe.kind", "kind", ".3f"), ("probe.SP", "S-P", ".3f"),
           ("probe.M", "magnitude", ".3f"))
#: Families of recorded trainings that are shown, as a reader would name them.
FAMILIES = {"tiny": "tiny, averaged codebook, 5 frames a second (CPU)",
            "small-hz5": "small, Gumbel codebook, 5 frames a second (GPU)",
            "small-hz25": "small, averaged codebook, 25 frames a second (GPU)"}


def families() -> dict[str, list[Recorded]]:
    """Recorded trainings by family, seeds in order; families that are not recorded are absent."""
    found = {name: read.seeds(name) for name in FAMILIES}
    return {name: results for name, results in found.items() if results}


def seeds_table() -> pd.DataFrame:
    """One row per family: mean over the seeds, range in brackets where it is wider than the last digit."""
    rows = []
    for name, results in families().items():
        row = {"training": FAMILIES[name], "seeds": str(len(results))}
        for metric, heading, form in COLUMNS:
            mean, low, high = read.mean_and_range(results, metric)
            spread = f" ({low:{form}} to {high:{form}})" if f"{low:{form}}" != f"{high:{form}}" else ""
            row[heading] = f"{mean:{form}}{spread}"
        rows.append(row)
    return pd.DataFrame(rows, columns=["training", "seeds", *(heading for _, heading, _ in COLUMNS)])


def row_of(kept: Recorded) -> dict[str, str]:
    """Heading -> number of one recorded training; a dash for what it has none of."""
    values = read.metrics_of(kept)
    if (kept.facts["settings"] or {}).get("network", {}).get("quantiser") == "none":
        values = values | {"dev_code_perplexity": float("nan")}
    return {heading: _number(values.get(metric, float("nan")), form) for metric, heading, form in COLUMNS}


def _number(value: float, form: str) -> str:
    return "–" if np.isnan(value) else f"{value + 0.0:{form}}"


def not_recorded(what: str) -> str:
    """What a page says in place of a table that has no rows."""
    return f"No {what} is recorded in this copy of the book; `quakebook record gp2vec` makes what is missing."


def live_sentence(run: Run) -> str:
    """What the training of this page reached."""
    values = run.record["metrics"]
    above = "left chance" if values["dev_gap"] > 0.05 else "is still at chance"
    book = run.config["network"]["codebooks"] * run.config["network"]["codes"]
    return (f"After {run.config['training']['steps']} steps this training {above}: gap {values['dev_gap']:.2f} nats, "
            f"the true target first in {100 * values['dev_accuracy']:.0f} % of the hidden frames, code perplexity "
            f"{values['dev_code_perplexity']:.0f} of {book}.")


def histories(live: Run | None = None) -> dict[str, dict[str, np.ndarray]]:
    """Curves of the recorded trainings by "family-seed", and of a live run under "this page"."""
    found = {}
    for name, results in families().items():
        for k, kept in enumerate(results):
            found[f"{FAMILIES[name]}-{k}"] = {key.removeprefix("history_"): value for key, value in kept.arrays.items()
                                              if key.startswith("history_")}
    if live is not None:
        found["this page"] = live.read_arrays("history")
    return found


def logged(run: Run) -> dict[str, np.ndarray]:
    """Columns of the run's log that the settings of a step show in."""
    log = run.metrics()
    return {name: log[name].to_numpy(float) for name in ("step", "lr_gp2vec", "temperature", "masked_fraction")}


def usage(live: Run | None = None) -> dict[str, np.ndarray]:
    """Share of each code (G, V): first seed of each recorded family, and a live run."""
    found = {FAMILIES[name]: results[0].arrays["usage"] for name, results in families().items()}
    return found | ({"this page": live.read_arrays("held_out")["usage"]} if live is not None else {})


def metrics(run: Run | None = None) -> dict[str, float]:
    """Numbers that the claims ask for: worst seed of each family, and the live run."""
    out: dict[str, float] = {}
    for name, results in families().items():
        out |= losses.metrics([losses.of_recorded(kept) for kept in results],
                              f"pretraining.{name}.loss_start.farthest", f"pretraining.{name}.loss_fall.least")
        if len(results) < 2:
            continue
        for metric in ("dev_gap", "dev_accuracy", "dev_code_perplexity", "dev_used_codes"):
            out[f"pretraining.{name}.{metric}.least"] = read.mean_and_range(results, metric)[1]
        out[f"pretraining.{name}.probability_uniform_rank.most"] = read.mean_and_range(
            results, "probability_uniform_rank")[2]
        if all("rank" in kept.arrays for kept in results):
            out[f"pretraining.{name}.edge_minus_middle.least"] = min(edge_minus_middle(kept) for kept in results)
    if run is not None:
        out |= {f"pretraining.live.{key}": value for key, value in run.record["metrics"].items()}
        out["pretraining.live.lr_off"] = off_schedule(run)
        out |= losses.metrics([losses.of_run(run)], "pretraining.live.loss_start", "pretraining.live.loss_fall")
    return out


def recorded_losses() -> list[losses.Losses | None]:
    """Losses of each recorded training, None for one that was recorded without them."""
    return [losses.of_recorded(kept) for results in families().values() for kept in results]


def edge_minus_middle(kept: Recorded) -> float:
    """How much more often the true target comes first beside a visible frame than at the largest distance."""
    _, accuracy, _ = accuracy_by_distance(kept.arrays["rank"], kept.arrays["depth"])
    return float(accuracy[0] - accuracy[-1])


def off_schedule(run: Run) -> float:
    """Largest distance of the logged learning rate from its formula, as a share of its peak.

    What is logged after n updates is the rate of the next one.
    """
    settings, log = settings_of(run), run.metrics()
    rows = log[np.isfinite(log["lr_gp2vec"])]
    peak = settings.optimiser.lr
    return float(max(abs(lr / peak - rate_share(int(step), settings.training.steps, settings.optimiser))
                     for step, lr in zip(rows["step"], rows["lr_gp2vec"], strict=True)))
