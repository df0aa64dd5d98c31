"""Train the pickers that the book keeps: ``python -m quakebook.bluedisc.recorded.make`` (four CPU hours, resumable).

CPU runs on reduced data: 2,500 steps of 16 windows instead of 10,000 steps of 100, from 12,000 synthetic records, with
start biases at the base rate. The sweep of the data weight and the box label is shorter still. What is there already is
left alone; a killed training goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from quakebook.bluedisc.recorded import sweep as recorded_sweep
from quakebook.bluedisc.settings import BlueDiscConfig

from . import read as recorded
from .plan import EXAMPLES, PLAN, SWEEP, Training

if TYPE_CHECKING:
    from quakebook.data.records import Records
    from quakebook.training.runs import Run

#: Tracked windows whose whole history is kept (all of them are kept at the last step).
HISTORY_SAMPLES = 3
#: Trainings whose weights are kept (1 MB each); of the others only what the figures need.
WEIGHTS = ("bce-42", "hybrid-42")
RECORD_KEYS = ("id", "seed", "threads", "device", "seconds", "commit", "package", "versions", "python", "machine",
               "finished", "peak_memory_mb")


def record(training: Training, where: Path, records: dict[str, Records], *overrides: str) -> Path:
    """Train (or take the finished run) and write facts, arrays and weights to `where`."""
    from quakebook.bluedisc.api import train

    settings = training.settings(*overrides)
    return keep(train(settings, records), training, settings, where)


def keep(run: Run, training: Training, settings: BlueDiscConfig, where: Path) -> Path:
    """Copy what the book needs from a run: JSON facts, a compressed HDF5 file, safetensors."""
    from quakebook.bluedisc.experiment import GENERATOR_FILE
    from quakebook.bluedisc.networks.generator import load_generator, save_generator
    from quakebook.bluedisc.scoring.followed import Track
    from quakebook.training.config import to_dict
    from quakebook.training.files import write_json

    where.mkdir(parents=True, exist_ok=True)
    track = Track.from_arrays(run.read_arrays("track"))
    arrays = run.read_arrays("evaluation")
    if not training.in_sweep or training.label == "D":
        arrays |= recorded.pack_track(track, HISTORY_SAMPLES)
    if not training.in_sweep:
        arrays |= {f"history_{key}": value.astype("float32") for key, value in run.read_arrays("history").items()}
    recorded.write_compressed(where / f"{training.name}.h5", arrays)
    if training.name in WEIGHTS and not training.in_sweep:
        save_generator(load_generator(run.path / GENERATOR_FILE), where / f"{training.name}.safetensors")
    body = {"paper": "bluedisc", "source": f"recorded-{training.name}", "data": "recorded", "computed_on": "synthetic",
            "mode": training.mode, "setting": training.data, "steps": training.steps,
            "note": "CPU run on reduced data; the published recipe is 10,000 steps with batch 100",
            "config": to_dict(settings), **{key: run.record.get(key) for key in RECORD_KEYS},
            "metrics": {f"{training.name}.{key}": value for key, value in run.record["metrics"].items()}}
    return write_json(where / f"{training.name}.json", body)


def main(argv: list[str] | None = None) -> int:
    """Command line: ``python -m quakebook.bluedisc.recorded.make [NAME ...] [--folder DIR] [--list]``."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.bluedisc.recorded.make", description=__doc__)
    parser.add_argument("names", nargs="*", help="recorded trainings to make; default: all that are missing")
    parser.add_argument("--folder", type=Path, help="default: book/recorded/bluedisc")
    parser.add_argument("--steps", type=int, help="another length of the trainings (write it to another --folder)")
    parser.add_argument("--list", action="store_true", help="show what would be made")
    options = parser.parse_args(argv)
    plan = PLAN + EXAMPLES + SWEEP
    if options.steps is not None:
        plan = tuple(replace(training, steps=options.steps) for training in plan)
    known = {training.name: training for training in plan}
    if unknown := sorted(set(options.names) - set(known)):
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    where = options.folder or recorded.folder()
    made = {name for folder in (where, where / recorded_sweep.FOLDER) for name in recorded.names(folder)}
    todo = [known[name] for name in options.names or known if name not in made]
    records: dict[tuple[str, int], dict[str, Records]] = {}
    for training in todo:
        print(training.name, training, flush=True)
        if not options.list:
            target = where / recorded_sweep.FOLDER if training.in_sweep else where
            print(record(training, target, records.setdefault((training.data, training.records), {})), flush=True)
    if not options.names and not options.list:
        print(record_real(where), flush=True)
    return 0


def record_real(where: Path) -> Path:
    """Apply the recorded pickers of seed 42 to real records and keep the result."""
    from quakebook.training import facts

    from . import real_records

    generators = {mode: recorded.generator(f"{mode}-42", where) for mode in ("bce", "hybrid")}
    sample = real_records.northern_california()
    name = None if sample is None else Path(sample.source).name
    return real_records.write(real_records.apply(generators, sample), where, sample=name, commit=facts.commit(),
                      versions=facts.versions(), finished=facts.now(), device=facts.device_name("cpu"))


if __name__ == "__main__":
    sys.exit(main())
