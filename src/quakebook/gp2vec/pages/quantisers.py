"""The averaged codebook beside the one with Gumbel noise, in recorded recipes that differ in nothing else."""

from __future__ import annotations

import pandas as pd

from quakebook.training.recorded import Recorded

from ..recorded import read
from . import recipes
from .pretraining import not_recorded

#: Family of recipes -> quantiser -> its recipe with group norm and the full weight of the diversity.
RECIPES = {"recipes": {"averaged": "ema", "gumbel": "group-norm"},
           "tiny-recipes": {"averaged": "group-norm", "gumbel": "unscaled"}}
TITLES = {"averaged": "averaged codebook", "gumbel": "codes chosen with Gumbel noise"}
#: Share of the largest possible perplexity that a book in use reaches.
LEAST = 0.5
#: Held-out gap in nats from which a training has left chance.
LEFT_CHANCE = 0.05


def recorded() -> dict[str, Recorded]:
    """Quantiser -> its recorded recipe, of the family that the page shows."""
    there = recipes.recipes()
    return {name: there[recipe] for name, recipe in RECIPES.get(recipes.family(), {}).items() if recipe in there}


def most(kept: Recorded) -> int:
    """Perplexity of a book that is used evenly: all codes of all books."""
    network = kept.facts["settings"]["network"]
    return network["codebooks"] * network["codes"]


def shares(found: dict[str, Recorded]) -> dict[str, float]:
    """Quantiser -> held-out code perplexity as a share of the largest."""
    return {name: read.metrics_of(kept)["dev_code_perplexity"] / most(kept) for name, kept in found.items()}


def table(found: dict[str, Recorded]) -> pd.DataFrame:
    """One row a quantiser: perplexity, its share of the largest, accuracy, gap, and the check."""
    rows = []
    for name, share in shares(found).items():
        values = read.metrics_of(found[name])
        rows.append({"quantiser": TITLES[name], "perplexity": f"{values['dev_code_perplexity']:.0f}",
                     "largest": str(most(found[name])), "share": f"{share:.2f}",
                     "accuracy": f"{values['dev_accuracy']:.3f}", "gap": f"{values['dev_gap'] + 0.0:.2f}",
                     "at least half": "passed" if share >= LEAST else "failed"})
    return pd.DataFrame(rows)


def sentence(found: dict[str, Recorded]) -> str:
    """Which quantiser keeps half of its book in use, and whether an even book comes with anything learnt."""
    if set(found) != set(TITLES):
        return not_recorded("pair of recipes with the two quantisers")
    parts, warnings = [], []
    for name, share in shares(found).items():
        parts.append(f"the {TITLES[name]} {'reach' if name == 'gumbel' else 'reaches'} {100 * share:.0f} % of the "
                     f"largest perplexity ({'passed' if share >= LEAST else 'failed'})")
        gap = read.metrics_of(found[name])["dev_gap"]
        if share >= LEAST and gap <= LEFT_CHANCE:
            warnings.append(f" Codes in use are not yet anything learnt: with a gap of {gap:.2f} nats the training "
                            f"with the {TITLES[name]} is still at chance.")
        if share < LEAST and gap > LEFT_CHANCE:
            warnings.append(f" The training with the {TITLES[name]} has left chance all the same, by {gap:.2f} nats.")
    return f"Asked is at least half of the largest perplexity: {'; '.join(parts)}.{''.join(warnings)} One seed each."


def metrics() -> dict[str, float]:
    """Numbers that the claims ask for."""
    return {f"pretraining.quantisers.{name}.share": share for name, share in shares(recorded()).items()}
