"""Which inversions of the chapter are recorded, with which settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from quakebook.bugfinv.settings import UNTRAINED
from quakebook.training.recorded_plan import Entry

SEEDS = (0, 1, 2)
UNIT_LENGTH = "objective.solver.unit_norm=true"
EQUAL = ("objective.method=bugfinv", "objective.bayes.sqrt_power=0.0")

#: Name of a recorded method and its overrides. "bugfinv_informed": noise and prior nearer to what the data say;
#: "bugfinv_equal": BUGFInv whose three tasks weigh the same, everything else as it is.
METHODS = {
    "initial": ("objective.method=initial",), "lbfgs": ("objective.method=lbfgs",), "cw": ("objective.method=cw",),
    "nash": ("objective.method=nash",), "bugfinv": ("objective.method=bugfinv",),
    "bugfinv_informed": ("objective.method=bugfinv", "objective.bayes.gamma=1.0", "objective.bayes.obs_noise=0.05"),
    "bugfinv_equal": EQUAL,
    "upgrad": ("objective.method=upgrad",), "cagrad": ("objective.method=cagrad",),
    "imtl_g": ("objective.method=imtl_g",), "aligned_mtl": ("objective.method=aligned_mtl",),
    "famo": ("objective.method=famo",), "uncertainty": ("objective.method=uncertainty",),
}
#: With a shared gradient of length one at every step, as Nash's has.
UNIT = {"cw_unit": (*METHODS["cw"], UNIT_LENGTH), "bugfinv_unit": (*METHODS["bugfinv"], UNIT_LENGTH),
        "equal_unit": (*EQUAL, UNIT_LENGTH)}
ROBUST_METHODS = ("cw", "nash", "bugfinv")
SNR_DB, WELLS = (5, 15, 25), (6, 12, 24)
#: Learning rates of which each method takes the one that errs least at the validation traces, and these methods.
RATES = (3e-4, 1e-3, 3e-3, 1e-2)
TUNED = ("cw", "cw_unit", "nash", "bugfinv", "bugfinv_equal", "bugfinv_unit", "equal_unit", "famo", "uncertainty")
#: Folder of the model among the shared data.
MODEL = "marmousi2"
#: Methods that are trained there with every seed; the others with one.
REPEATED = ("cw", "cw_unit", "nash", "bugfinv", "bugfinv_equal")
MARMOUSI2 = ["data.file_shape=[500,174]", "data.dz_m=20.0", "data.dt_s=0.004"]

#: Sets of runs, and the steps of each run. synthetic: all methods with three seeds; robustness: noise and number of
#: wells; decay: three methods without weight decay; unit: constant weights with a gradient of constant length;
#: rates: the search for the learning rate; geology: another model with other noise; start: the published beginnings;
#: long: three times the steps; marmousi2: all methods on the benchmark model.
STEPS = {"synthetic": 500, "robustness": 150, "decay": 500, "unit": 500, "rates": 500, "geology": 500, "start": 500,
         "long": 1500, "marmousi2": 300}
#: Seconds a step on one core, by method; the others take 0.05.
STEP_S = {"initial": 0.002, "lbfgs": 0.06, "nash": 0.14, "upgrad": 0.14, "cagrad": 0.16, "imtl_g": 0.2}
#: How much more a step on the benchmark model costs.
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
    yield from (_robustness() if family == "robustness" else _seeded(family, *_set(family)))


def _set(family: str) -> tuple[Mapping[str, tuple[str, ...]], tuple[int, ...], str]:
    """Runs of a set by name with what they override, the seeds, and the word that parts name and rate or start."""
    both = METHODS | UNIT
    if family == "synthetic":
        return METHODS, SEEDS, ""
    if family == "marmousi2":
        return {name: (*both[name], *MARMOUSI2) for name in (*METHODS, "cw_unit")}, SEEDS, ""
    if family == "unit":
        return {"cw": UNIT["cw_unit"]}, SEEDS, ""
    if family == "decay":
        return {name: (*METHODS[name], "optimiser.weight_decay=0.0") for name in ROBUST_METHODS}, SEEDS[:1], ""
    if family == "rates":
        return {f"{name}-lr{rate:g}": (*both[name], f"optimiser.lr={rate}") for name in TUNED for rate in RATES}, \
            SEEDS, "-lr"
    if family == "geology":
        chosen = ("initial", "lbfgs", "cw", "cw_unit", "nash", "bugfinv", "bugfinv_equal")
        return {name: (*both[name], "data.seed=1") for name in chosen}, SEEDS, ""
    if family == "start":
        low = {f"{name}-low": (*METHODS[name], "optimiser.pretrain_low=50")
               for name in ("cw", "nash", "bugfinv", "bugfinv_equal")}
        warm = {f"{name}-warm": (*METHODS[name], "objective.bayes.warmup_steps=10")
                for name in ("bugfinv", "bugfinv_equal")}
        return low | warm, SEEDS, "-"
    return {name: both[name] for name in ("cw_unit", "nash", "bugfinv", "bugfinv_equal")}, SEEDS[:2], ""


def _seeded(family: str, runs: Mapping[str, tuple[str, ...]], seeds: tuple[int, ...], word: str) -> Iterator[Job]:
    for seed in seeds:
        for name, overrides in runs.items():
            method = name.split(word)[0] if word else name
            if not seed or (method not in UNTRAINED and (family != "marmousi2" or method in REPEATED)):
                yield Job(family, f"{name}-seed{seed}", method, seed,
                          (*overrides, f"training.steps={STEPS[family]}", "training.progress=false",
                           f"training.seed={seed}"))


def _robustness() -> Iterator[Job]:
    for key, values in (("snr_db", SNR_DB), ("n_wells", WELLS)):
        for value in values:
            for method in ROBUST_METHODS:
                yield Job("robustness", f"{method}-{key}{value}", method, 0,
                          (*METHODS[method], f"data.{key}={value}", f"training.steps={STEPS['robustness']}",
                           "training.progress=false", "training.validate_every=0"))


def _entry(job: Job) -> Entry:
    model = {"model": MODEL} if job.family == "marmousi2" else {}
    cost_s = STEPS[job.family] * STEP_S.get(job.method, 0.05) * (MARMOUSI2_COST if model else 1.0)
    return Entry(f"{job.family}/{job.name}", "quakebook.bugfinv.recorded.make:inversion",
                 {**asdict(job), "overrides": list(job.overrides), **model}, cost_s=cost_s)


def _entries() -> Iterator[Entry]:
    for family in STEPS:
        yield from map(_entry, jobs(family))
    for seed in SEEDS:
        overrides = [*METHODS["bugfinv"], f"training.steps={STEPS['synthetic']}", "training.progress=false",
                     f"training.seed={seed}"]
        yield Entry(f"shares/bugfinv-seed{seed}", "quakebook.bugfinv.recorded.make:shares",
                    {"seed": seed, "overrides": overrides}, cost_s=30.0)
    for family in ("synthetic", "geology", "marmousi2"):
        yield Entry(family, "quakebook.bugfinv.recorded.make:summary", {"family": family}, cost_s=1.0)


PLAN = tuple(_entries())
