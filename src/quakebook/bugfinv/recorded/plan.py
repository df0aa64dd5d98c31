"""Which inversions of the chapter are recorded, with which settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quakebook.bugfinv.settings import UNTRAINED

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


MARMOUSI2 = ["data.file_shape=[500,174]", "data.dz_m=20.0", "data.dt_s=0.004"]


@dataclass(frozen=True)
class Job:
    """One run to record: the set it belongs to, its file name, and its overrides of the quick preset."""

    family: str
    name: str
    method: str
    seed: int
    overrides: tuple[str, ...]


def jobs(what: str, path: str | None, steps: int) -> Iterator[Job]:
    """The runs of one family, the baselines first."""
    common = (f"training.steps={steps}", "training.progress=false")
    if what == "robustness":
        for key, values in (("snr_db", SNR_DB), ("n_wells", WELLS)):
            for value in values:
                for method in ROBUST_METHODS:
                    yield Job(what, f"{method}-{key}{value}", method, 0,
                              (*METHODS[method], f"data.{key}={value}", *common, "training.validate_every=0"))
        return
    if what == "unit":
        for seed in SEEDS:
            yield Job(what, f"cw-seed{seed}", "cw", seed,
                      (*UNIT["cw_unit"], *common, f"training.seed={seed}"))
        return
    if what == "decay":
        for method in ROBUST_METHODS:
            yield Job(what, f"{method}-seed0", method, 0,
                      (*METHODS[method], "optimiser.weight_decay=0.0", *common, "training.seed=0"))
        return
    data = (f"data.name={path}", *MARMOUSI2) if what == "marmousi2" else ()
    for seed in SEEDS if what == "synthetic" else SEEDS[:1]:
        for method, overrides in (METHODS if what == "synthetic" else METHODS | UNIT).items():
            if method in UNTRAINED and seed:
                continue
            yield Job(what, f"{method}-seed{seed}", method, seed, (*overrides, *data, *common, f"training.seed={seed}"))
