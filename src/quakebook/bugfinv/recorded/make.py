"""Longer runs than a page can wait for, kept as small files: ``python -m quakebook.bugfinv.recorded.make WHAT [PATH]``.

WHAT is synthetic (all methods, three seeds, quick network, 500 steps), robustness (noise and number of wells), decay
(three methods without weight decay), unit (constant weights with a gradient of constant length), marmousi2 (all methods
on the real model; PATH is the folder with marmousi_II_marine.vp, .vs, .rho) or summary. Each run is one JSON file and
one npz file in book/recorded/bugfinv/; what exists is not computed again, so a killed recording goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.bugfinv import api
from quakebook.bugfinv.settings import config
from quakebook.training.files import write_json
from quakebook.training.run import Run

from .plan import Job, jobs
from .read import folder, summarise


def record(job: Job) -> Path:
    """Compute a run and keep its scores, its log and a few sections; return the JSON file."""
    target = folder() / job.family / f"{job.name}.json"
    if target.is_file():
        return target
    cfg = config(*job.overrides, preset="quick")
    run = api.train(cfg)
    survey = api.survey_of(cfg.data)
    target.parent.mkdir(parents=True, exist_ok=True)
    sections = job.seed == 0 and job.family in ("synthetic", "marmousi2")
    np.savez_compressed(target.with_suffix(".npz"), **_pictures(run, survey, sections))
    words = [word if not word.startswith("data.name=") else "data.name=PATH" for word in job.overrides]
    kept = ("seed", "threads", "device", "versions", "python", "commit", "package", "seconds", "peak_memory_mb")
    notes = api.load_model(cfg.data).notes
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
    parser = argparse.ArgumentParser(prog="python -m quakebook.bugfinv.recorded.make", description=__doc__,
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
