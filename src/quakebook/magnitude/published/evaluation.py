"""Modes that read checkpoints: ``eval_phase``, ``eval_mag``, ``predict``, ``compare``, ``plot_history``."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from quakebook import plots
from quakebook.magnitude.api import score_checkpoint, write
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.model_types import lookup
from quakebook.magnitude.networks.checkpoint import Checkpoint, load
from quakebook.magnitude.networks.checkpoint_path import resolve_path
from quakebook.magnitude.scoring import files
from quakebook.magnitude.scoring.history import analyse, load_history
from quakebook.magnitude.scoring.predict import predict_magnitudes
from quakebook.magnitude.settings import DataConfig, EvaluationConfig

from .flags import given_model_options
from .folders import evaluation_folder


def open_checkpoint(args: argparse.Namespace) -> Checkpoint:
    """Checkpoint of ``--model_path``; given options are compared with the stored ones."""
    family, options = getattr(args, "family", None), given_model_options(args)
    checkpoint = load(resolve_path(args.model_path, say=print), model_type=getattr(args, "model_type", None),
                      options=options, force=args.force)
    found = lookup(checkpoint.model_type)
    if family and found.family != family and found.name != "magnet":
        lookup(found.name, family)
    return checkpoint


def data_of(args: argparse.Namespace, checkpoint: Checkpoint) -> DataConfig:
    """The data set that trained the checkpoint, unless another is named."""
    stored = checkpoint.content["config"].get("data") or {"records": 2000}
    asked = {"dataset": "name", "records": "records", "data_seed": "seed", "magnitude_types": "magnitude_types"}
    given = {key: getattr(args, flag) for flag, key in asked.items() if hasattr(args, flag)}
    base = DataConfig(**stored)
    if given.get("name", base.name) != base.name:
        base = DataConfig(records=2000)
    if lookup(checkpoint.model_type).family == "phase":  # pickers take records of any magnitude
        given["magnitude_types"] = "all"
    return DataConfig(**{**vars(base), **given})


def evaluate_model(args: argparse.Namespace) -> int:
    """Score on the test split, write JSON, text and arrays into a folder of this data set; figures with ``--plot``."""
    checkpoint = open_checkpoint(args)
    stored = checkpoint.content["config"].get("evaluation") or {}
    settings = EvaluationConfig(**{**stored, **({"readout": args.readout} if hasattr(args, "readout") else {})})
    splits = load_splits(data_of(args, checkpoint))
    tree, found = score_checkpoint(checkpoint, splits, settings)
    folder = evaluation_folder(checkpoint.path, splits)
    write(folder, tree, found)
    print("\n".join(files.summary(f"{tree['title']} on {tree['data']}", _headline(tree))))
    if args.plot:
        from quakebook.magnitude.figures import evaluation_figures

        with plots.book_style():
            for name, figure in evaluation_figures(tree, found).items():
                print(plots.save(figure, folder / f"{name}.png", run=checkpoint.path.stem))
    print(f"scores: {folder / 'evaluation.json'}")
    return 0


def _headline(tree: dict) -> dict:
    keys = ("scores", "interval", "event_level", "P", "S", "tasks", "trace", "seconds_per_record")
    return {key: tree[key] for key in keys if key in tree}


def predict_records(args: argparse.Namespace) -> int:
    """Magnitude of every test record as CSV, beside the evaluation of the same data."""
    checkpoint = open_checkpoint(args)
    splits = load_splits(data_of(args, checkpoint))
    found = predict_magnitudes(checkpoint.model, checkpoint.model_type, splits.test)
    readout = getattr(args, "readout", "post_p_mean")
    table = pd.DataFrame({"trace_name": found.name, "source_id": found.event, "source_magnitude": found.true,
                          "predicted_magnitude": found.values(readout)})
    path = evaluation_folder(checkpoint.path, splits) / "predictions.csv"
    files.write_text(path, table.to_csv(index=False).splitlines())
    print(f"{len(table)} records: {path}")
    return 0


def plot_history(args: argparse.Namespace) -> int:
    """Draw ``<history>_plot.png`` (with or without ``--plot``) and print the analysis."""
    from quakebook.magnitude.figures import training_history

    content, path = load_history(args.model_path, say=print)
    train, dev = content.get("train_loss", []), content["val_loss"]
    train = train if len(train) == len(dev) else [np.nan] * len(dev)
    with plots.book_style():
        target = plots.save(training_history(train, dev), Path(path).with_suffix("").as_posix() + "_plot.png")
    print("\n".join(analyse(list(train), list(dev))))
    print(target)
    return 0


def compare_models(args: argparse.Namespace) -> int:
    """Train all magnitude models and baselines on one set and print the table."""
    from .compare import compare

    table = compare(args)
    path = files.write_text(Path(args.output_dir) / "comparison.csv", table.to_csv(index=False).splitlines())
    print(table.to_string(index=False))
    print(path)
    return 0
