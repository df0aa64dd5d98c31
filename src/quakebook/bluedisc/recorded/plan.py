"""Which trainings of the chapter are recorded, with which settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from quakebook.bluedisc.settings import BlueDiscConfig, config
from quakebook.training.recorded_plan import Entry

from .paper import PAPER

#: Recorded trainings kept as examples of the ceiling in the network's head, in no table.
CEILING = "ceiling-"
#: Folder of the sweep's recorded trainings, inside the chapter's.
SWEEP_FOLDER = "sweep"
#: Seconds of a step on one core: the critic costs three more passes.
STEP_S = {"bce": 0.17, "hybrid": 0.69, "gan": 0.69}


@dataclass(frozen=True)
class Training:
    """One training to be recorded."""

    mode: str
    seed: int
    data: str = "synthetic:picker"
    steps: int = 2500
    records: int = 12_000
    start: str = "base_rate"
    data_weight: float = 4000.0
    label: str = "N"
    in_sweep: bool = False

    @property
    def name(self) -> str:
        """Name of the recorded result; those of the sweep say data weight and label, and lie in a folder."""
        if self.in_sweep:
            weight = f"-{self.data_weight:g}" if self.mode == "hybrid" else ""
            return f"{SWEEP_FOLDER}/{self.mode}{weight}-{self.label}-{self.seed}"
        prefix = CEILING if self.start == "published" else "exact-" if self.data.endswith("_exact") else ""
        return f"{prefix}{self.mode}-{self.seed}"

    @property
    def prefix(self) -> str:
        """What the metrics' names begin with: the name without the folder."""
        return self.name.rpartition("/")[2]

    def settings(self, *overrides: str) -> BlueDiscConfig:
        """Quick preset with these steps, validated twenty times; the last five (sweep: the last) are recorded."""
        every = max(1, self.steps // 20)
        last = 1 if self.in_sweep else 5
        return config(f"objective.mode={self.mode}", f"objective.data_weight={self.data_weight}",
                      f"objective.label={self.label}",
                      f"data.name={self.data}", f"data.records={self.records}", f"network.start={self.start}",
                      f"training.seed={self.seed}", f"training.steps={self.steps}", f"training.validate_every={every}",
                      f"evaluation.last={last}", "evaluation.follow_every=30", *overrides, preset="quick")


#: Three seeds of BCE, hybrid and GAN only, and of BCE on exact labels.
SEEDS = tuple(Training(mode, seed, data) for seed in (42, 0, 1) for mode, data in (
    ("hybrid", "synthetic:picker"), ("bce", "synthetic:picker"), ("bce", "synthetic:picker_exact"),
    ("gan", "synthetic:picker")))


#: The same with PhaseNet's own start weights, as examples of the ceiling in the head.
EXAMPLES = tuple(Training("bce", seed, steps=2000, records=6000, start="published") for seed in (0, 1))


#: Data weights other than the published one, the modes at their ends, and the box label: short, one seed.
SWEEP = tuple(
    Training(mode, 42, steps=1000, data_weight=weight, label=label, in_sweep=True) for mode, weight, label in (
        ("gan", 4000.0, "N"), ("hybrid", 10.0, "N"), ("hybrid", 100.0, "N"), ("hybrid", 1000.0, "N"),
        ("hybrid", 4000.0, "N"), ("hybrid", 40_000.0, "N"), ("bce", 4000.0, "N"),
        ("bce", 4000.0, "D"), ("hybrid", 4000.0, "D")))


def _entry(training: Training) -> Entry:
    return Entry(training.name, "quakebook.bluedisc.recorded.make:training", asdict(training),
                 cost_s=training.steps * STEP_S[training.mode])


PLAN = (*map(_entry, SEEDS + EXAMPLES + SWEEP), *PAPER,
        Entry("real", "quakebook.bluedisc.recorded.make:real", cost_s=60.0))
