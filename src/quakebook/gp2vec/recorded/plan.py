"""What the chapter records: one entry a result, in the order in which it is made.

The entries whose names begin with "small" or "recipes" want a GPU (seconds each); on a CPU they take hours. The others
take minutes on one core.
"""

from __future__ import annotations

from quakebook.training.recorded_plan import Entry

_MAKE = "quakebook.gp2vec.recorded.make"
SEEDS = (0, 1, 2)

#: Overrides of the trainings that are recorded; see `make.pretraining`.
HZ5 = ("network.rate=hz5", "objective.mask_start_prob=0.065", "objective.mask_length=10", "network.position_kernel=127")
SMALL_HZ5 = (*HZ5, "network.quantiser=gumbel", "data.batch_size=128", "training.steps=1500",
             "optimiser.warmup_steps=150", "training.validate_every=150", "training.checkpoint_every=0")
SMALL_HZ25 = ("network.position_kernel=127", "training.checkpoint_every=0", "training.validate_every=223")
SHORT = ("training.steps=800", "optimiser.warmup_steps=80", "training.validate_every=80")
#: Recipes that differ from `SMALL_HZ5` in one or two settings, at 800 steps.
RECIPES: dict[str, tuple[str, ...]] = {
    "group-norm": (), "layer-norm": ("network.norm=layer",), "diversity-0.1": ("objective.diversity_weight=0.1",),
    "diversity-0.01-unscaled": ("objective.diversity_weight=0.01", "network.scale_logits=false"),
    "unscaled": ("network.scale_logits=false",), "raw-input": ("data.low_hz=0", "data.high_hz=0"),
    "ema": ("network.quantiser=ema",), "no-quantiser": ("network.quantiser=none",),
    "cross-negatives": ("objective.cross_negatives=50",)}
FUSIONS = ("none", "add", "concat", "film", "cross_attention")

PLAN = (
    *(Entry(f"tiny-{seed}", f"{_MAKE}:pretraining", {"preset": "quick", "seed": seed, "keep_weights": seed == 0}, 130)
      for seed in SEEDS),
    Entry("tiny-baselines", f"{_MAKE}:baselines", {"preset": "quick", "seeds": list(SEEDS)}, 180),
    Entry("tiny-labels", f"{_MAKE}:label_curves",
          {"preset": "quick", "source": "tiny-0", "seeds": list(SEEDS), "steps": 40,
           "fractions": [0.05, 0.2, 1.0]}, 600),
    Entry("tiny-displacement", f"{_MAKE}:displacement", {"preset": "quick", "seeds": list(SEEDS), "steps": 200}, 900),
    *(Entry(f"small-hz5-{seed}", f"{_MAKE}:pretraining",
            {"preset": "paper", "seed": seed, "overrides": list(SMALL_HZ5), "keep_weights": seed == 0})
      for seed in SEEDS),
    *(Entry(f"small-hz25-{seed}", f"{_MAKE}:pretraining",
            {"preset": "paper", "seed": seed, "overrides": list(SMALL_HZ25)}) for seed in SEEDS),
    Entry("small-baselines", f"{_MAKE}:baselines", {"preset": "paper", "overrides": list(SMALL_HZ5),
                                                    "seeds": list(SEEDS)}),
    *(Entry(f"recipes/{name}", f"{_MAKE}:pretraining",
            {"preset": "paper", "seed": 0, "overrides": [*SMALL_HZ5, *SHORT, *changes]})
      for name, changes in RECIPES.items()),
    *(Entry(f"fusion/{name}", f"{_MAKE}:pretraining",
            {"preset": "paper", "seed": 0, "overrides": [*SMALL_HZ5, *SHORT, f"network.fusion={name}"]})
      for name in FUSIONS),
    Entry("small-labels", f"{_MAKE}:label_curves",
          {"preset": "paper", "overrides": list(SMALL_HZ5), "source": "small-hz5-0", "seeds": list(SEEDS),
           "steps": 200}),
    Entry("small-displacement", f"{_MAKE}:displacement",
          {"preset": "paper", "overrides": [*SMALL_HZ5, "network.quantiser=ema"], "seeds": list(SEEDS), "steps": 800,
           "source": "small-hz5-0"}),
)
