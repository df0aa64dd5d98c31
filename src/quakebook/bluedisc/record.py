"""Train the pickers that the book keeps: ``python -m quakebook.bluedisc.record`` (about four CPU hours, resumable).

CPU runs on reduced data: 2,500 steps of 16 windows instead of 10,000 steps of 100, from 12,000 synthetic records, with
start biases at the base rate. The sweep of the data weight and the box label is shorter still. What is there already is
left alone; a killed training goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import recorded, sweep
from .settings import BlueDiscConfig, config

if TYPE_CHECKING:
    from quakebook.data.records import Records
    from quakebook.training.runs import Run

#: Tracked windows whose whole history is kept (all of them are kept at the last step).
HISTORY_SAMPLES = 3
#: Trainings whose weights are kept (1 MB each); of the others only what the figures need.
WEIGHTS = ("bce-42", "hybrid-42")
RECORD_KEYS = ("id", "seed", "threads", "device", "seconds", "commit", "package", "versions", "python", "machine",
               "finished", "peak_memory_mb")


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
        """File name without ending; those of the sweep say data weight and label."""
        if self.in_sweep:
            weight = f"-{self.data_weight:g}" if self.mode == "hybrid" else ""
            return f"{self.mode}{weight}-{self.label}-{self.seed}"
        prefix = recorded.CEILING if self.start == "published" else "exact-" if self.data.endswith("_exact") else ""
        return f"{prefix}{self.mode}-{self.seed}"

    def settings(self, *overrides: str) -> BlueDiscConfig:
        """Quick preset with these steps, validated twenty times; the last five (sweep: the last) are recorded."""
        every = max(1, self.steps // 20)
        last = 1 if self.in_sweep else 5
        return config(f"loss.mode={self.mode}", f"loss.data_weight={self.data_weight}", f"loss.label={self.label}",
                      f"data.name={self.data}", f"data.records={self.records}", f"network.start={self.start}",
                      f"training.seed={self.seed}", f"training.steps={self.steps}", f"training.validate_every={every}",
                      f"evaluation.last={last}", "track.every=30", *overrides, preset="quick")


#: Three seeds of BCE, hybrid and GAN only, and of BCE on exact labels.
PLAN = tuple(Training(mode, seed, data) for seed in (42, 0, 1) for mode, data in (
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


def record(training: Training, where: Path, records: dict[str, Records], *overrides: str) -> Path:
    """Train (or take the finished run) and write facts, arrays and weights to `where`."""
    from .api import train

    settings = training.settings(*overrides)
    return keep(train(settings, records), training, settings, where)


def keep(run: Run, training: Training, settings: BlueDiscConfig, where: Path) -> Path:
    """Copy what the book needs from a run: JSON facts, a compressed HDF5 file, safetensors."""
    from quakebook.training.config import to_dict
    from quakebook.training.files import write_json

    from .experiment import GENERATOR_FILE
    from .networks import load_generator, save_generator
    from .tracking import Track

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
    """Command line: ``python -m quakebook.bluedisc.record [NAME ...] [--folder DIR] [--list]``."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.bluedisc.record", description=__doc__)
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
    made = {name for folder in (where, where / sweep.FOLDER) for name in recorded.names(folder)}
    todo = [known[name] for name in options.names or known if name not in made]
    records: dict[tuple[str, int], dict[str, Records]] = {}
    for training in todo:
        print(training.name, training, flush=True)
        if not options.list:
            target = where / sweep.FOLDER if training.in_sweep else where
            print(record(training, target, records.setdefault((training.data, training.records), {})), flush=True)
    if not options.names and not options.list:
        print(record_real(where), flush=True)
    return 0


def record_real(where: Path) -> Path:
    """Apply the recorded pickers of seed 42 to real records and keep the result."""
    from quakebook.training import record as facts

    from . import real

    generators = {mode: recorded.generator(f"{mode}-42", where) for mode in ("bce", "hybrid")}
    sample = real.northern_california()
    name = None if sample is None else Path(sample.source).name
    return real.write(real.apply(generators, sample), where, sample=name, commit=facts.commit(),
                      versions=facts.versions(), finished=facts.now(), device=facts.device_name("cpu"))


if __name__ == "__main__":
    sys.exit(main())
