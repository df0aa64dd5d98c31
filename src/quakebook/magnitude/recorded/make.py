"""Train and keep the chapter's recorded results: ``python -m quakebook.magnitude.recorded.make [--seeds 1 2 3]``.

One JSON file (scores, history, configuration, machine, versions, seconds) and one small npz for each job and seed.
What is there already is not computed again, so the command can be stopped and repeated.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.magnitude.api import arrays_of, score_checkpoint, train
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.live import live_config
from quakebook.magnitude.model_types import lookup
from quakebook.magnitude.networks.checkpoint import load
from quakebook.magnitude.scoring import files
from quakebook.magnitude.scoring.history import load_history
from quakebook.magnitude.scoring.scores import score_magnitudes
from quakebook.magnitude.settings import Config, config
from quakebook.magnitude.studies import baselines

from . import real_records
from .plan import SEEDS, Job, jobs
from .read import folder as recorded_folder

#: Whole windows are kept for the figures of one seed only, as float16 scaled to their peak.
EXAMPLE_SEED, EXAMPLES = 1, 4


def main(argv: Sequence[str] | None = None) -> int:
    """Record what is missing."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.magnitude.recorded.make", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--only", default="", help="names that contain this word")
    parser.add_argument("--output", type=Path, default=None, help="default: book/recorded/magnitude")
    args = parser.parse_args(argv)
    target = args.output or recorded_folder()
    for seed in args.seeds:
        for job in jobs():
            if args.only in job.name:
                print(record(job, seed, target), flush=True)
    if args.only in real_records.NAME:
        print(record_real(target), flush=True)
    return 0


def record(job: Job, seed: int, target: Path) -> Path:
    """Train and score one job unless its file exists."""
    path = target / f"{job.name}-seed{seed}.json"
    if path.exists():
        return path
    settings = config(*job.overrides, f"training.seed={seed}", preset="quick")
    began, cpu = time.perf_counter(), time.process_time()
    tree, found, history = _baseline(settings) if lookup(settings.model.type).batch_size == 0 else _network(settings)
    spent = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu}
    content = {"name": job.name, "group": job.group, "seed": seed, **tree, "history": history,
               "config": asdict(settings), **spent, **machine()}
    files.write_arrays(path.with_suffix(".npz"), _small(arrays_of(found), keep_examples=seed == EXAMPLE_SEED))
    return files.write_json(path, content)


def record_real(target: Path) -> Path | str:
    """Picks of a PhaseNet trained on synthetic records, on the real sample where that is on this machine."""
    path = target / f"{real_records.NAME}.json"
    if path.exists():
        return path
    settings = live_config("quick", "phasenet", None, "optimiser.lr=1e-2")
    with tempfile.TemporaryDirectory() as folder:
        found = real_records.apply(train(settings, root=folder))
    if found is None:
        return "the real sample (data/ncedc_real) is not on this machine: nothing recorded for it"
    return real_records.keep(found, {"config": asdict(settings), **machine()}, target)


def _network(settings: Config) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    splits = load_splits(settings.data)
    with tempfile.TemporaryDirectory() as folder:
        run = train(settings, root=folder, splits=splits)
        history, _ = load_history(str(run.path / "training_history.pt"))
        tree, found = score_checkpoint(load(run.path / "model_best.pt"), splits, settings.evaluation)
    return tree, found, history


def _baseline(settings: Config) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    splits = load_splits(settings.data)
    entry = lookup(settings.model.type)
    found = baselines.predict(baselines.fit(entry.name, splits.train), splits.test)
    scores = score_magnitudes(found, draws=settings.evaluation.bootstrap)
    return {"model_type": entry.name, "title": entry.title, "data": splits.label, **scores}, found, {}


def machine() -> dict[str, Any]:
    """Device, versions and commit of a recorded result."""
    import seisbench
    import torch

    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True,
                            cwd=Path(__file__).parent, check=False).stdout.strip()
    return {"device": f"cpu ({platform.machine()}, 1 thread)" if not torch.cuda.is_available()
            else torch.cuda.get_device_name(), "cores": os.cpu_count(), "commit": commit or "unknown",
            "versions": {"python": platform.python_version(), "torch": str(torch.__version__),
                         "seisbench": seisbench.__version__, "numpy": np.__version__}}


def _small(arrays: dict[str, Any], keep_examples: bool) -> dict[str, Any]:
    """Single precision, and examples of one seed only."""
    small: dict[str, Any] = {}
    for name, values in arrays.items():
        values = np.asarray(values)
        if not name.startswith("example_"):
            small[name] = values.astype(np.float32) if values.dtype.kind == "f" else values
        elif keep_examples:
            values = values[:: max(len(values) // EXAMPLES, 1)][:EXAMPLES].astype(np.float32)
            if name == "example_waveforms":
                values = values / np.maximum(np.abs(values).max(axis=(1, 2), keepdims=True), 1e-10)
            small[name] = values.astype(np.float16)
    return small


if __name__ == "__main__":
    sys.exit(main())
