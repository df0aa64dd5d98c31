"""The six published models with the published settings, on synthetic records. They want a GPU."""

from __future__ import annotations

from quakebook.training.recorded_plan import Entry, Outcome

KINDS = ("phasenet_mag", "eqtransformer_mag", "amag_v2", "phasenet", "phasenet_lstm", "phasenet_conv_lstm")
SEED = 1
#: Seconds of a training on one core.
COST_S = 10_000.0


def training(kind: str, seed: int, preset: str = "paper") -> Outcome:
    """Train a model, or take the finished run, and score it on the test split."""
    from quakebook.magnitude.api import arrays_of
    from quakebook.magnitude.settings import config

    from .make import headline, network, small

    settings = config(f"network.type={kind}", f"training.seed={seed}", preset=preset)
    run, tree, predictions, history = network(settings)
    head = {key: tree.pop(key) for key in ("model_type", "title", "data")}
    facts = {**head, "job": f"paper/{kind}", "group": "paper", "seed": seed, "seeds": [seed], "evaluation": tree,
             "history": history}
    metrics = {f"paper.{kind}-{seed}.{key}": value for key, value in headline(tree).items()}
    return Outcome(metrics, small(arrays_of(predictions), keep_examples=False), settings, run, facts)


PAPER = tuple(Entry(f"paper/{kind}-{SEED}", "quakebook.magnitude.recorded.paper:training",
                    {"kind": kind, "seed": SEED}, cost_s=COST_S) for kind in KINDS)
