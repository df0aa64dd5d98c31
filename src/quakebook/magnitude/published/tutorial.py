"""Mode ``tutorial_test_load_and_generator``: load data, describe it, draw one training sample."""

from __future__ import annotations

import argparse
from pathlib import Path

from quakebook import plots
from quakebook.magnitude.data.example import training_sample
from quakebook.magnitude.data.magnitude_types import mix
from quakebook.magnitude.data.splits import load_splits

from .training import config_of_flags


def show_sample(args: argparse.Namespace) -> int:
    """Print what the data hold and save the figure of one sample."""
    from quakebook.magnitude.figures import generator_sample

    splits = load_splits(config_of_flags(args, getattr(args, "model_type", "phasenet")).data)
    print(f"{splits.label}: train {len(splits.train)}, dev {len(splits.dev)}, test {len(splits.test)} records of "
          f"{splits.train.npts} samples")
    print("magnitude types: " + (", ".join(f"{name} {n}" for name, n in mix(splits.metadata).items()) or "none"))
    rows = splits.train.picks_p.isfinite().any(1).nonzero()[:, 0]
    if not len(rows):
        raise ValueError(f"{splits.label} has no training record with a P pick")
    sample = training_sample(splits.train, int(rows[0]), seed=getattr(args, "seed", 0))
    with plots.book_style():
        figure = generator_sample(sample["waveforms"], sample["phases"], sample["magnitude"], splits.label)
        print(plots.save(figure, Path(args.output_dir) / "generator_sample.png"))
    return 0
