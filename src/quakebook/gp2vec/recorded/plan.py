"""What the chapter records: one entry a result, in the order in which it is made.

The entries whose names begin with "small", "recipes" or "fusion" want a GPU (seconds each); on a CPU they take hours.
The others take minutes on one core; the label curves take half an hour.
"""

from __future__ import annotations

from quakebook.training.recorded_plan import Entry

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
#: The same lessons for one core: the averaged codebook of the preset quick, fewer steps, fewer probes.
TINY_SHORT = ("training.steps=100", "optimiser.warmup_steps=10", "training.validate_every=20",
              "training.checkpoint_every=0", "evaluation.probe_records=600")
_GUMBEL = ("network.quantiser=gumbel", "network.scale_logits=false")
TINY_RECIPES: dict[str, tuple[str, ...]] = {
    "group-norm": (), "layer-norm": ("network.norm=layer",), "unscaled": _GUMBEL,
    "diversity-0.01-unscaled": (*_GUMBEL, "objective.diversity_weight=0.01"),
    "no-quantiser": ("network.quantiser=none",)}
#: The tiny network at other frame rates; hidden spans last 1 s at 25 frames a second, 2 s at 5, and 2 frames at 0.6.
TINY_RATES: dict[str, tuple[str, ...]] = {
    "draft160": ("network.rate=draft160", "training.steps=60"),
    "hz5": ("training.steps=60",),
    "hz25": ("network.rate=hz25", "objective.mask_start_prob=0.026", "objective.mask_length=25",
             "training.steps=60")}
FUSIONS = ("none", "add", "concat", "film", "cross_attention")


def _entry(name: str, function: str, cost_s: float | None = None, **arguments: object) -> Entry:
    """An entry whose function learns its name; one outside `make` is written module:function."""
    where = function if ":" in function else f"make:{function}"
    return Entry(name, f"quakebook.gp2vec.recorded.{where}", {"name": name, **arguments}, cost_s)


def _tiny(name: str, overrides: tuple[str, ...], **arguments: object) -> Entry:
    return _entry(name, "pretraining", 75, preset="quick", seed=0, overrides=[*TINY_SHORT, *overrides], **arguments)


def _small(name: str, overrides: tuple[str, ...], seed: int = 0, **arguments: object) -> Entry:
    return _entry(name, "pretraining", preset="paper", seed=seed, overrides=list(overrides), **arguments)


PLAN = (
    *(_entry(f"tiny-{seed}", "pretraining", 130, preset="quick", seed=seed, keep_weights=seed == 0) for seed in SEEDS),
    _entry("tiny-baselines", "baselines", 180, preset="quick", seeds=list(SEEDS)),
    _entry("tiny-displacement", "displacement", 500, preset="quick", seeds=[0], steps=200),
    # sixty short trainings: three tasks, five shares of labels, two seeds, fine-tuned and from scratch
    _entry("tiny-labels", "label_curves", 1900, preset="quick", source="tiny-0", seeds=[0, 1], steps=30),
    _entry("real", "make_real:real", 75, preset="quick", source="tiny-0", seeds=list(SEEDS), synthetic=300),
    _entry("tiny-throughput", "make_throughput:throughput", 240, preset="quick", steps=5, seconds=5.0),
    *(_tiny(f"tiny-recipes/{name}", changes) for name, changes in TINY_RECIPES.items()),
    *(_tiny(f"tiny-fusion/{name}", (f"network.fusion={name}",), keep_weights=name == "add") for name in FUSIONS),
    *(_tiny(f"tiny-rates/{name}", changes) for name, changes in TINY_RATES.items()),
    *(_small(f"small-hz5-{seed}", SMALL_HZ5, seed, keep_weights=seed == 0) for seed in SEEDS),
    *(_small(f"small-hz25-{seed}", SMALL_HZ25, seed) for seed in SEEDS),
    _entry("small-baselines", "baselines", preset="paper", overrides=list(SMALL_HZ5), seeds=list(SEEDS)),
    _entry("small-baselines-hz25", "baselines", preset="paper", overrides=list(SMALL_HZ25), seeds=list(SEEDS)),
    _entry("small-labels", "label_curves", preset="paper", overrides=list(SMALL_HZ5), source="small-hz5-0",
           seeds=list(SEEDS), steps=200),
    _entry("small-displacement", "displacement", preset="paper", seeds=list(SEEDS), steps=800, source="small-hz5-0",
           overrides=[*SMALL_HZ5, "network.quantiser=ema"]),
    *(_small(f"recipes/{name}", (*SMALL_HZ5, *SHORT, *changes)) for name, changes in RECIPES.items()),
    *(_small(f"fusion/{name}", (*SMALL_HZ5, *SHORT, f"network.fusion={name}")) for name in FUSIONS),
)
