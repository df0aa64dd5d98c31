"""Which inversions of the chapter are recorded, with which settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quakebook.bugfinv.settings import UNTRAINED

SEEDS = (0, 1, 2)


#: Name of a recorded method and its overrides. "bugfinv_informed": noise and prior nearer to what the data say.
METHODS = {
    "initial": ["method=initial"], "lbfgs": ["method=lbfgs"], "cw": ["method=cw"], "nash": ["method=nash"],
    "bugfinv": ["method=bugfinv"], "bugfinv_informed": ["method=bugfinv", "bayes.gamma=1.0", "bayes.obs_noise=0.05"],
    "upgrad": ["method=upgrad"], "cagrad": ["method=cagrad"], "imtl_g": ["method=imtl_g"],
    "aligned_mtl": ["method=aligned_mtl"],
}


#: On the real model also constant weights with a shared gradient of constant length.
UNIT = {"cw_unit": ["method=cw", "solver.unit_norm=true"]}


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
    data = (f"data.source={path}", *MARMOUSI2) if what == "marmousi2" else ()
    for seed in SEEDS if what == "synthetic" else SEEDS[:1]:
        for method, overrides in (METHODS if what == "synthetic" else METHODS | UNIT).items():
            if method in UNTRAINED and seed:
                continue
            yield Job(what, f"{method}-seed{seed}", method, seed, (*overrides, *data, *common, f"training.seed={seed}"))
