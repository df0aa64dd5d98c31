"""Trainings with the published recipe on synthetic records: 10,000 steps of 100 windows, three seeds. They want a GPU.

On one H100 or H200 a training is a matter of a minute or two; on one core it takes half a day.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quakebook.training.recorded_plan import Entry, Outcome

if TYPE_CHECKING:
    from quakebook.bluedisc.settings import BlueDiscConfig

MODES, SEEDS = ("hybrid", "bce", "gan"), (42, 0, 1)
#: Tracked windows whose whole history is kept (all of them are kept at the last step).
HISTORY_SAMPLES = 3
#: The seed whose generators are kept (1 MB each).
WEIGHTS_SEED = 42
#: Seconds of a training on one core.
COST_S = {"bce": 11_000.0, "hybrid": 43_000.0, "gan": 43_000.0}


def settings(mode: str, seed: int, preset: str = "paper") -> BlueDiscConfig:
    """The published settings, the whole step recorded as one graph where there is a GPU."""
    from quakebook.bluedisc.settings import config

    return config(f"objective.mode={mode}", f"training.seed={seed}", "training.capture=true", preset=preset)


def training(mode: str, seed: int, preset: str = "paper") -> Outcome:
    """Train a picker, or take the finished run: shares, peaks, reliability, history and track."""
    from quakebook.bluedisc.api import train
    from quakebook.bluedisc.experiment import GENERATOR_FILE
    from quakebook.bluedisc.networks.generator import load_generator
    from quakebook.bluedisc.scoring.followed import Track

    from .read import pack_track

    wanted = settings(mode, seed, preset)
    run = train(wanted)
    arrays = run.read_arrays("evaluation") | pack_track(Track.from_arrays(run.read_arrays("track")), HISTORY_SAMPLES)
    arrays |= {f"history_{key}": value.astype("float32") for key, value in run.read_arrays("history").items()}
    facts = {"data": "synthetic", "mode": mode, "label": wanted.objective.label, "start": wanted.network.start,
             "seed": seed, "steps": wanted.training.steps, "setting": wanted.data.name,
             "data_weight": wanted.objective.data_weight, "records": wanted.data.records,
             "dev_records": wanted.data.dev_records, "batch_size": wanted.data.batch_size,
             "note": "the published recipe, on synthetic records"}
    weights = {}
    if seed == WEIGHTS_SEED:
        generator = load_generator(run.path / GENERATOR_FILE)
        weights, facts["phases"] = generator.state_dict(), "".join(generator.labels)
    metrics = {f"paper.{mode}-{seed}.{key}": math.nan if value is None else value
               for key, value in run.record["metrics"].items()}
    return Outcome(metrics, arrays, wanted, run, facts, weights)


PAPER = tuple(Entry(f"paper/{mode}-{seed}", "quakebook.bluedisc.recorded.paper:training", {"mode": mode, "seed": seed},
                    cost_s=COST_S[mode]) for mode in MODES for seed in SEEDS)
