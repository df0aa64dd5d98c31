"""What the comparison of recipes shows: its table, and sentences on what failed and why."""

from __future__ import annotations

import pandas as pd

from quakebook.training.recorded import Recorded

from ..recorded import read
from ..recorded.plan import RECIPES, TINY_RECIPES
from .pretraining import COLUMNS, not_recorded, row_of

#: Families of recipes, the one that is shown where both are recorded first.
FAMILIES = {"recipes": RECIPES, "tiny-recipes": TINY_RECIPES}


def family() -> str | None:
    """The family whose recipes are recorded; None without any."""
    there = read.available()
    return next((name for name in FAMILIES if any(each.startswith(f"{name}/") for each in there)), None)


def recipes() -> dict[str, Recorded]:
    """Recorded recipes of the family, in the plan's order."""
    name, there = family(), set(read.available())
    return {} if name is None else {each: read.result(f"{name}/{each}") for each in FAMILIES[name]
                                    if f"{name}/{each}" in there}


def table() -> pd.DataFrame:
    """One row per recipe."""
    rows = [{"recipe": name.replace("-", " "), **row_of(kept)} for name, kept in recipes().items()]
    return pd.DataFrame(rows, columns=["recipe", *(heading for _, heading, _ in COLUMNS)])


def caption() -> str:
    """What the table holds."""
    size = {"recipes": "small network on a GPU", "tiny-recipes": "tiny network on one core"}.get(family(), "")
    return f"Recipes, one seed each ({size}); gap, accuracy and codes on held-out windows."


def failures_sentences() -> str:
    """What failed and why, as far as it is recorded."""
    kept = {name: read.metrics_of(each) for name, each in recipes().items()}
    if not kept:
        return not_recorded("comparison of recipes")
    parts, base = [], kept.get("group-norm")
    even = kept.get("unscaled", base)  # the same logits with the full weight, where it is recorded
    if even and "diversity-0.01-unscaled" in kept:
        parts.append(collapse_sentence(even, kept["diversity-0.01-unscaled"]))
    if base and "layer-norm" in kept:
        layer = kept["layer-norm"]["probe.SP"]
        word = "lower" if layer < base["probe.SP"] else "not lower"
        parts.append("A layer norm after every convolution divides each frame by its own size and so removes the "
                     f"envelope of the window; its S-P probe is {word} in this one seed ({layer:.3f} against "
                     f"{base['probe.SP']:.3f}).")
    parts += [loss_sentence(kept), "Each recipe was trained with one seed, so small differences mean nothing."]
    return " ".join(part for part in parts if part)


def collapse_sentence(base: dict[str, float], low: dict[str, float]) -> str:
    """A hundredth of the diversity weight beside the full one: codes in use, accuracy, S-P probe."""
    codes, accuracy, probe = ((low[key], base[key]) for key in ("dev_code_perplexity", "dev_accuracy", "probe.SP"))
    if codes[0] >= codes[1]:
        return ""
    higher = accuracy[0] > accuracy[1]
    rises = f", while the accuracy rises to {accuracy[0]:.2f} from {accuracy[1]:.2f}" if higher else ""
    return (f"With a hundredth of the diversity weight the codebook shrinks to a perplexity of {codes[0]:.0f} (against "
            f"{codes[1]:.0f}){rises}. The S-P probe of its features reads {probe[0]:.3f} against {probe[1]:.3f}; "
            "with one seed each, which of the two is better stays undecided.")


def loss_sentence(kept: dict[str, dict[str, float]]) -> str:
    """The recipe with the lowest raw loss beside the one with the largest gap, where they differ."""
    losses = {name: row["dev_loss"] for name, row in kept.items() if "dev_loss" in row}
    if len(losses) < 2:
        return ""
    lowest, best = min(losses, key=losses.get), max(losses, key=lambda name: kept[name]["dev_gap"])
    loss = f"The lowest raw loss, {losses[lowest]:.2f} nats, belongs to {lowest.replace('-', ' ')}"
    if lowest == best:
        return f"{loss}, which also has the largest gap."
    return (f"{loss}, whose gap is {kept[lowest]['dev_gap']:.2f}; the largest gap, {kept[best]['dev_gap']:.2f}, "
            f"belongs to {best.replace('-', ' ')} at a loss of {losses[best]:.2f}. The loss alone would have chosen "
            "another one than the gap.")


def accuracy_is_not_quality() -> str:
    """Rank correlation of accuracy and S-P probe over the recorded recipes."""
    from scipy.stats import spearmanr

    rows = [read.metrics_of(each) for each in recipes().values()]
    if len(rows) < 4:
        return not_recorded("set of recipes large enough to compare accuracy with feature quality")
    value = float(spearmanr([r["dev_accuracy"] for r in rows], [r["probe.SP"] for r in rows]).statistic)
    verdict = "does not go with" if value < 0.5 else "goes with"
    return f"Over {len(rows)} recipes a higher accuracy {verdict} a better S-P probe (rank correlation {value:+.2f})."
