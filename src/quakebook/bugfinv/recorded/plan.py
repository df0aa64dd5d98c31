"""Which inversions of the chapter are recorded, with which settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from quakebook.bugfinv.settings import UNTRAINED
from quakebook.training.recorded_plan import Entry

SEEDS = (0, 1, 2)


#: Name of a recorded method and its overrides. "bugfinv_informed": noise and prior nearer to what the data say.
METHODS = {
    "initial": ["objective.method=initial"], "lbfgs": ["objective.method=lbfgs"], "cw": ["objective.method=cw"],
    "nash": ["objective.method=nash"],
    "bugfinv": ["objective.method=bugfinv"], "bugfinv_informed": ["objective.method=bugfinv",
                                                                  "objective.bayes.gamma=1.0",
    "objective.bayes.obs_noise=0.05"],
    "upgrad": ["objective.method=upgrad"], "cagrad": ["objective.method=cagrad"], "imtl_g": ["objective.method=imtl_g"],
    "aligned_mtl": ["objective.method=aligned_mtl"],
}


#: On the real model also constant weights with a shared gradient of constant length.
UNIT = {"cw_unit": ["objective.method=cw", "objective.solver.unit_norm=true"]}


ROBUST_METHODS = ("cw", "nash", "bugfinv")


SNR_DB, WELLS = (5, 15, 25), (6, 12, 24)


#: Folder of the model among the shared data.
MODEL = "marmousi2"
MARMOUSI2 = ["data.file_shape=[500,174]", "data.dz_m=20.0", "data.dt_s=0.004"]


#: Sets of runs, and the steps of each run: all methods with three seeds; noise and number of wells; three methods
#: without weight decay; constant weights with a gradient of constant length; all methods on the real model.
STEPS = {"synthetic": 500, "robustness": 150, "decay": 500, "unit": 500, "marmousi2": 300}
#: Seconds a step on one core, by method; the others take 0.05.
STEP_S = {"initial": 0.002, "lbfgs": 0.06, "nash": 0.14, "upgrad": 0.14, "cagrad": 0.16, "imtl_g": 0.2}
#: How much more a step on the real model costs.
MARMOUSI2_COST = 6.0


@dataclass(frozen=True)
class Job:
    """One run to record: the set it belongs to, its name in it, and its overrides of the quick preset."""

    family: str
    name: str
    method: str
    seed: int
    overrides: tuple[str, ...]


def jobs(family: str) -> Iterator[Job]:
    """The runs of one set, the baselines first."""
    common = (f"training.steps={STEPS[family]}", "training.progress=false")
    if family == "robustness":
        for key, values in (("snr_db", SNR_DB), ("n_wells", WELLS)):
            for value in values:
                for method in ROBUST_METHODS:
                    yield Job(family, f"{method}-{key}{value}", method, 0,
                              (*METHODS[method], f"data.{key}={value}", *common, "training.validate_every=0"))
        return
    if family == "unit":
        for seed in SEEDS:
            yield Job(family, f"cw-seed{seed}", "cw", seed,
                      (*UNIT["cw_unit"], *common, f"training.seed={seed}"))
        return
    if family == "decay":
        for method in ROBUST_METHODS:
            yield Job(family, f"{method}-seed0", method, 0,
                      (*METHODS[method], "optimiser.weight_decay=0.0", *common, "training.seed=0"))
        return
    data = tuple(MARMOUSI2) if family == "marmousi2" else ()
    for seed in SEEDS if family == "synthetic" else SEEDS[:1]:
        for method, overrides in (METHODS if family == "synthetic" else METHODS | UNIT).items():
            if method in UNTRAINED and seed:
                continue
            yield Job(family, f"{method}-seed{seed}", method, seed,
                      (*overrides, *data, *common, f"training.seed={seed}"))


def _entry(job: Job) -> Entry:
    model = {"model": MODEL} if job.family == "marmousi2" else {}
    cost_s = STEPS[job.family] * STEP_S.get(job.method, 0.05) * (MARMOUSI2_COST if model else 1.0)
    return Entry(f"{job.family}/{job.name}", "quakebook.bugfinv.recorded.make:inversion",
                 {**asdict(job), "overrides": list(job.overrides), **model}, cost_s=cost_s)


def _entries() -> Iterator[Entry]:
    for family in STEPS:
        yield from map(_entry, jobs(family))
        if family in ("synthetic", "marmousi2"):
            yield Entry(family, "quakebook.bugfinv.recorded.make:summary", {"family": family}, cost_s=1.0)


PLAN = tuple(_entries())
