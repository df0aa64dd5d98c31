"""What is recorded: every model of the chapter at a size that one CPU core trains in a minute or two, three seeds."""

from __future__ import annotations

from dataclasses import dataclass

from quakebook.training.recorded_plan import Entry

from .paper import PAPER

#: Same data and schedule for all: 2600 synthetic records, one-cycle schedule, output scale 3 (project choices).
COMMON = ("network.output_scale=3",)
SEEDS = (1, 2, 3)
#: README's light variants, so that one core trains them (0.2 s per step of 16 windows; the full ones take 0.4 s).
LIGHT_TRANSFORMER = ("network.transformer_d_model=64", "network.transformer_nhead=4",
                     "network.transformer_num_encoder_layers=2")
LIGHT_AMAG = ("network.lstm_hidden=64", "network.lstm_layers=1", "network.dropout=0.1")
SMALL_BATCHES = ("data.batch_size=16", "training.steps=450", "training.validate_every=90")


@dataclass(frozen=True)
class Job:
    """One training to record: name, what it is for, overrides of the preset `quick`."""

    name: str
    group: str
    overrides: tuple[str, ...]


def _ablation() -> list[Job]:
    return [Job(f"phasenet_mag-{norm}-{amplitude}", "ablation",
                ("network.type=phasenet_mag", f"network.norm={norm}", f"network.amplitude={amplitude}", *COMMON))
            for norm in ("std", "peak") for amplitude in ("physical", "none", "counts")]


def _comparison() -> list[Job]:
    physical = ("network.amplitude=physical", *COMMON, *SMALL_BATCHES)
    return [
        Job("eqtransformer_mag-light-physical", "comparison",
            ("network.type=eqtransformer_mag", *LIGHT_TRANSFORMER, "optimiser.lr=1e-3", *physical)),
        Job("amag_v2-light-physical", "comparison", ("network.type=amag_v2", *LIGHT_AMAG, *physical)),
        Job("magnet-physical", "comparison", ("network.type=magnet",)),
        Job("richter", "comparison", ("network.type=richter",)),
        Job("constant", "comparison", ("network.type=constant",)),
    ]


def _phase() -> list[Job]:
    return [Job(name, "phase", (f"network.type={name}", f"optimiser.lr={rate}"))
            for name, rate in (("phasenet", 1e-2), ("phasenet_lstm", 3e-3), ("phasenet_conv_lstm", 3e-3))]


def jobs() -> list[Job]:
    """All jobs, the ones that the chapter needs first standing first."""
    ablation = _ablation()
    return [ablation[0], ablation[1], *_comparison(), *_phase(), *ablation[2:]]


#: Seconds of a training on one core, where it is not about half a minute.
COST_S = {"eqtransformer_mag-light-physical": 100.0, "amag_v2-light-physical": 80.0, "magnet-physical": 80.0,
          "richter": 1.0, "constant": 1.0}


def _entry(job: Job, seed: int) -> Entry:
    return Entry(f"{job.name}-seed{seed}", "quakebook.magnitude.recorded.make:training",
                 {"job": job.name, "group": job.group, "seed": seed, "overrides": list(job.overrides)},
                 cost_s=COST_S.get(job.name, 35.0))


PLAN = (*(_entry(job, seed) for seed in SEEDS for job in jobs()), *PAPER,
        Entry("real-phasenet", "quakebook.magnitude.recorded.make:real", cost_s=60.0))
