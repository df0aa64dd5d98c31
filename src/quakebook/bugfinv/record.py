"""Longer runs than a page can wait for, kept as small files: ``python -m quakebook.bugfinv.record WHAT [PATH]``.

WHAT is synthetic (all methods, three seeds, quick network, 500 steps), robustness (noise and number of wells), decay
(three methods without weight decay), unit (constant weights with a gradient of constant length), marmousi2 (all methods
on the real model; PATH is the folder with marmousi_II_marine.vp, .vs, .rho) or summary. Each run is one JSON file and
one npz file in book/recorded/bugfinv/; what exists is not computed again, so a killed recording goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.bugfinv import chapter
from quakebook.bugfinv.recorded import folder, summarise
from quakebook.bugfinv.settings import UNTRAINED, config
from quakebook.training.files import write_json
from quakebook.training.run import Run

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


def record(job: Job) -> Path:
    """Compute a run and keep its scores, its log and a few sections; return the JSON file."""
    target = folder() / job.family / f"{job.name}.json"
    if target.is_file():
        return target
    cfg = config(*job.overrides, preset="quick")
    run = chapter.train(cfg)
    survey = chapter.survey_of(cfg.data)
    target.parent.mkdir(parents=True, exist_ok=True)
    sections = job.seed == 0 and job.family in ("synthetic", "marmousi2")
    np.savez_compressed(target.with_suffix(".npz"), **_pictures(run, survey, sections))
    words = [word if not word.startswith("data.source=") else "data.source=PATH" for word in job.overrides]
    kept = ("seed", "threads", "device", "versions", "python", "commit", "package", "seconds", "peak_memory_mb")
    notes = chapter.load_model(cfg.data).notes
    write_json(target, {"paper": "bugfinv", "source": f"{job.family}.{job.name}", "family": job.family,
                        "data": "real" if job.family == "marmousi2" else "synthetic", "method": job.method,
                        "preset": "quick", "overrides": words, "run": run.id, "notes": list(notes),
                        "scores": run.record["metrics"], **{key: run.record.get(key) for key in kept}})
    return target


def _pictures(run: Run, survey: Any, sections: bool) -> dict[str, np.ndarray]:
    """The log of the training; with `sections`, one thinned inline section of every volume and the blind wells.

    Half precision and at most 100 traces of 225 samples: pictures, not data.
    """
    log = run.metrics()
    out = {f"log.{name}": log[name].to_numpy(dtype=np.float32) for name in log.columns if len(log)}
    if not sections:
        return out
    volumes = {**run.read_arrays("volumes"), "true": survey.true.numpy()}
    inlines, crosslines = survey.shape
    rows = np.arange(crosslines)[:: -(-crosslines // 100)] + inlines // 2 * crosslines
    every = -(-survey.true.shape[-1] // 225)
    out |= {f"section.{name}": volume[rows, :, ::every].astype(np.float16) for name, volume in volumes.items()}
    out |= {f"blind.{name}": volume[survey.blind].astype(np.float16) for name, volume in volumes.items()}
    return out | {"section.rows": rows, "blind.rows": survey.blind, "section.dt_s": np.array(every * survey.dt_s)}


def main(argv: list[str] | None = None) -> int:
    """Command line; the exit status is 1 when a run fails."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.bugfinv.record", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("synthetic", "robustness", "decay", "unit", "marmousi2", "summary"))
    parser.add_argument("path", nargs="?", help="folder of the Marmousi2 model")
    parser.add_argument("--steps", type=int, default=500)
    options = parser.parse_args(argv)
    if options.what == "marmousi2" and not options.path:
        parser.error("marmousi2 needs the folder of the model")
    if options.what != "summary":
        for job in jobs(options.what, options.path, options.steps):
            print(job.name, json.loads(record(job).read_text())["seconds"], flush=True)
    for path in summarise():
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
