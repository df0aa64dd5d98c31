"""Numbers, tables and sentences of the page about pre-training."""

from __future__ import annotations

import numpy as np
import pandas as pd

from quakebook.training.recorded import Recorded
from quakebook.training.runs import Run

from ..recorded import read
from ..recorded.plan import RECIPES

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


def recipes() -> dict[str, Recorded]:
    """Recorded recipes that differ from the small one in one or two settings."""
    there = set(read.available())
    return {name: read.result(f"recipes/{name}") for name in RECIPES if f"recipes/{name}" in there}


def recipes_table() -> pd.DataFrame:
    """One row per recipe."""
    rows = [{"recipe": name.replace("-", " "), **{heading: f"{read.metrics_of(kept).get(metric, np.nan):{form}}"
                                                  for metric, heading, form in COLUMNS}}
            for name, kept in recipes().items()]
    return pd.DataFrame(rows, columns=["recipe", *(heading for _, heading, _ in COLUMNS)])


def not_recorded(what: str) -> str:
    """What a page says in place of a table that has no rows."""
    return f"No {what} is recorded in this copy of the book; `quakebook record gp2vec` makes what is missing."


def failures_sentences() -> str:
    """What failed and why, as far as it is recorded."""
    kept = {name: read.metrics_of(each) for name, each in recipes().items()}
    if not kept:
        return not_recorded("comparison of recipes")
    parts, base = [], kept.get("group-norm")
    if base and "diversity-0.01-unscaled" in kept:
        parts.append(collapse_sentence(base, kept["diversity-0.01-unscaled"]))
    if base and "layer-norm" in kept:
        layer = kept["layer-norm"]["probe.SP"]
        word = "lower" if layer < base["probe.SP"] else "higher"
        parts.append("A layer norm after every convolution divides each frame by its own size and so removes the "
                     f"envelope of the window; its S-P probe is {word} ({layer:.3f} against {base['probe.SP']:.3f}).")
    parts.append("Each recipe was trained with one seed, so small differences mean nothing.")
    return " ".join(part for part in parts if part)


def collapse_sentence(base: dict[str, float], low: dict[str, float]) -> str:
    """A recipe with a hundredth of the diversity weight beside the small one: codes in use, accuracy, S-P probe."""
    codes, accuracy, probe = ((low[key], base[key]) for key in ("dev_code_perplexity", "dev_accuracy", "probe.SP"))
    if codes[0] >= codes[1]:
        return ""
    higher = accuracy[0] > accuracy[1]
    rises = f", while the accuracy rises to {accuracy[0]:.2f} from {accuracy[1]:.2f}" if higher else ""
    verdict = ("here even the collapsed book has the better one" if probe[0] > probe[1] else "it is the worse one")
    return (f"With a hundredth of the diversity weight the book shrinks to a perplexity of {codes[0]:.0f} (against "
            f"{codes[1]:.0f}){rises}. The S-P probe of its features reads {probe[0]:.3f} against {probe[1]:.3f}: "
            f"{verdict}.")


def accuracy_is_not_quality() -> str:
    """Rank correlation of accuracy and S-P probe over the recorded recipes."""
    from scipy.stats import spearmanr

    rows = [read.metrics_of(each) for each in recipes().values()]
    if len(rows) < 4:
        return not_recorded("set of recipes large enough to compare accuracy with feature quality")
    value = float(spearmanr([r["dev_accuracy"] for r in rows], [r["probe.SP"] for r in rows]).statistic)
    verdict = "does not go with" if value < 0.5 else "goes with"
    return f"Over {len(rows)} recipes a higher accuracy {verdict} a better S-P probe (rank correlation {value:+.2f})."


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


def usage(live: Run | None = None) -> dict[str, np.ndarray]:
    """Share of each code (G, V): first seed of each recorded family, and a live run."""
    found = {FAMILIES[name]: results[0].arrays["usage"] for name, results in families().items()}
    return found | ({"this page": live.read_arrays("held_out")["usage"]} if live is not None else {})


def metrics(run: Run | None = None) -> dict[str, float]:
    """Numbers that the claims ask for: worst seed of each family, and the live run."""
    out: dict[str, float] = {}
    for name, results in families().items():
        for metric in ("dev_gap", "dev_accuracy", "dev_code_perplexity") if len(results) > 1 else ():
            out[f"pretraining.{name}.{metric}.least"] = read.mean_and_range(results, metric)[1]
    if run is not None:
        out |= {f"pretraining.live.{key}": value for key, value in run.record["metrics"].items()}
    return out
