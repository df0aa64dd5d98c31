"""What is recorded of the chapter: trained pickers, and two of them on real records.

CPU runs on reduced data: 2,500 steps of 16 windows instead of 10,000 steps of 100, from 12,000 synthetic records, with
start biases at the base rate. The sweep of the data weight and the box label is shorter still. A killed training goes
on from its last checkpoint.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.training.recorded import Outcome

from . import read as recorded
from .plan import Training

if TYPE_CHECKING:
    from quakebook.bluedisc.settings import BlueDiscConfig
    from quakebook.training.runs import Run

#: Tracked windows whose whole history is kept (all of them are kept at the last step).
HISTORY_SAMPLES = 3
#: Trainings whose weights are kept (1 MB each); of the others only what the figures need.
WEIGHTS = ("bce-42", "hybrid-42")
NOTE = "CPU run on reduced data; the published recipe is 10,000 steps with batch 100"


def training(**arguments: Any) -> Outcome:
    """Train a picker, or take the finished run. The arguments are those of `plan.Training`."""
    from quakebook.bluedisc.api import train

    job = Training(**arguments)
    settings = job.settings()
    return outcome(train(settings, _records(settings.data.name, settings.data.records)), job, settings)


@cache
def _records(name: str, count: int) -> dict[str, Any]:
    """Records by split, shared by the trainings on the same data; `train` fills it."""
    return {}


def outcome(run: Run, job: Training, settings: BlueDiscConfig) -> Outcome:
    """What the book needs from a run: shares, peaks, reliability, history, track, and some of the weights."""
    from quakebook.bluedisc.experiment import GENERATOR_FILE
    from quakebook.bluedisc.networks.generator import load_generator
    from quakebook.bluedisc.scoring.followed import Track

    arrays = run.read_arrays("evaluation")
    if not job.in_sweep or job.label == "D":
        arrays |= recorded.pack_track(Track.from_arrays(run.read_arrays("track")), HISTORY_SAMPLES)
    if not job.in_sweep:
        arrays |= {f"history_{key}": value.astype("float32") for key, value in run.read_arrays("history").items()}
    weights, facts = {}, {}
    if job.name in WEIGHTS:
        generator = load_generator(run.path / GENERATOR_FILE)
        weights, facts = generator.state_dict(), {"phases": "".join(generator.labels)}
    data = settings.data
    facts |= {"data": "synthetic", "mode": job.mode, "label": job.label, "data_weight": job.data_weight,
              "start": job.start, "seed": job.seed, "steps": job.steps, "setting": data.name, "records": data.records,
              "dev_records": data.dev_records, "batch_size": data.batch_size, "note": NOTE}
    metrics = {f"{job.prefix}.{key}": value for key, value in run.record["metrics"].items()}
    return Outcome(metrics, arrays, settings, run, facts, weights)


def real(folder: Path) -> Outcome:
    """Apply the recorded pickers of seed 42 to real records.

    Raises
    ------
    FileNotFoundError
        The Northern California sample is not on this machine.
    """
    from quakebook.data import load_records, required_sample_path

    from . import real_records

    sample = load_records(str(required_sample_path()))
    generators = {mode: recorded.generator(f"{mode}-42", folder) for mode in ("bce", "hybrid")}
    return real_records.outcome(real_records.apply(generators, sample), sample=Path(sample.source).name)
