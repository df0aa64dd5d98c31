"""Train one network and keep it as a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from quakebook.training import runs
from quakebook.training.loop import fit

from .data.learnable import check_tables, training_records
from .data.splits import SPLITS, Splits, fingerprint, is_synthetic, load_splits, outline
from .data.tensors import check_magnitudes, check_sensitivity, drop_unlabelled
from .experiment import MagnitudeExperiment
from .model_types import lookup
from .networks.build import model_class
from .networks.checkpoint import Checkpoint, load
from .scoring import files
from .scoring.predict import MagnitudePredictions, predict_magnitudes
from .scoring.predict_picks import PhasePredictions, predict_phases
from .scoring.scores import dev_thresholds, score_magnitudes, score_phases
from .settings import Config, EvaluationConfig

PAPER = "magnitude"


def train(config: Config, root: str | Path | None = None, splits: Splits | None = None,
          progress: Callable[[str], None] | None = None) -> runs.Run:
    """Train, or return the finished run of the same configuration, data and source.

    Parameters
    ----------
    config : Config
        As `quakebook.magnitude.config` makes it. With ``optimiser.epochs`` set, steps and epoch length follow from
        the number of training records; otherwise ``training.steps`` and ``training.validate_every`` count.
    root : path, optional
        Where runs are kept.
    splits : Splits, optional
        Data in memory already (tuning trains many models on one set).
    progress : callable, optional
        Is given one line at the end of each epoch, for example `print`.

    Returns
    -------
    Run
        Holds ``model_best.pt``, ``model_final.pt``, ``training_history.pt``.
    """
    entry = lookup(config.network.type)
    if entry.name in ("richter", "constant"):
        raise ValueError(f"{entry.name!r} is fitted in one go, not trained: see quakebook.magnitude.studies.baselines")
    tables = splits if splits is not None else _outline(config)
    if tables is not None:
        check_tables(config, tables)
        config = in_steps(config, tables)

    def work(run: runs.Run) -> None:
        experiment = MagnitudeExperiment(config, load_splits(config.data) if splits is None else splits)
        experiment.run, experiment.progress = run, progress
        fit(experiment, config.training, run)

    modules = ["quakebook.magnitude.experiment", model_class(entry.name).__module__]
    identity = fingerprint(config.data) if tables is None else tables.fingerprint
    return runs.obtain(PAPER, config, identity, modules, work, root=root)


def _outline(config: Config) -> Splits | None:
    """The tables of the records, with which a finished run is found before any waveform is read.

    None for synthetic records, whose tables are measured on their waveforms; only epochs have to be counted in them.
    """
    return None if is_synthetic(config.data.name) and not config.optimiser.epochs else outline(config.data)


def in_steps(config: Config, splits: Splits) -> Config:
    """Turn ``optimiser.epochs`` into optimiser steps; without it the configuration is unchanged.

    An epoch is one pass over the records that the network learns from.
    """
    epochs = config.optimiser.epochs
    if not epochs:
        return config
    records = max(training_records(config, splits.train), 1)
    per_epoch = -(-records // min(config.data.batch_size, records))
    training = replace(config.training, steps=epochs * per_epoch, validate_every=per_epoch)
    return replace(config, training=training)


def settings_of(run: runs.Run) -> Config:
    """The configuration that a run was trained with."""
    return runs.settings_of(run, PAPER, Config)


def open_run(name: str) -> runs.Run:
    """A finished run of this chapter by identity (or its beginning) or folder."""
    return runs.open_finished(name, PAPER)


#: Files of an evaluation, in a folder ``evaluation/SPLIT`` of the run.
FILES = ("evaluation.json", "evaluation.txt", "evaluation.npz")


def evaluate(run: runs.Run, split: str = "test") -> dict[str, float]:
    """Scores of a run on the records of a split.

    Writes ``evaluation.json``, ``evaluation.txt`` and ``evaluation.npz`` into ``evaluation/SPLIT`` of the run's folder
    and returns the numbers under dotted names such as ``scores.mae``. Asking again reads the file.
    """
    path = Path(run.path) / "evaluation" / split / FILES[0]
    if not path.exists():
        evaluate_run(run, settings_of(run), split=split)
    tree = files.read_json(path)
    return files.flatten({key: value for key, value in tree.items() if key not in ("options", "epoch", "dropped")})


def evaluate_run(run: Any, config: Config, splits: Splits | None = None, split: str = "test") -> dict[str, Any]:
    """As `evaluate`, on data in memory; returns the whole tree."""
    checkpoint = load(Path(run.path) / "model_best.pt")
    tree, predictions = score_checkpoint(checkpoint, splits or load_splits(config.data), config.evaluation, split)
    write(Path(run.path) / "evaluation" / split, tree, predictions)
    return tree


def score_checkpoint(checkpoint: Checkpoint, splits: Splits, settings: EvaluationConfig,
                     split: str = "test") -> tuple[dict[str, Any], MagnitudePredictions | PhasePredictions]:
    """Predict a split and score it; thresholds of pickers come from the dev split.

    Raises
    ------
    ValueError
        Unknown split.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; known: {', '.join(SPLITS)}")
    data = getattr(splits, split)
    entry = lookup(checkpoint.model_type)
    head = {"model_type": entry.name, "title": entry.title, "data": splits.label,
            "options": checkpoint.content["model_args"], "epoch": checkpoint.content["epoch"]}
    if entry.family == "phase":
        dev = dev_thresholds(predict_phases(checkpoint.model, entry.name, splits.dev, settings.batch_size))
        found = predict_phases(checkpoint.model, entry.name, data, settings.batch_size)
        return {**head, **score_phases(found, settings.threshold, dev["picks"], dev["tasks"])}, found
    source = f"{splits.label}, split {split},"
    check_magnitudes(data, source)
    data, dropped = drop_unlabelled(data, None)
    head |= {"dropped": dropped}
    check_sensitivity(data, checkpoint.content["preprocess"]["amplitude"], source)
    found = predict_magnitudes(checkpoint.model, entry.name, data, settings.batch_size)
    return {**head, **score_magnitudes(found, settings.readout, settings.bootstrap)}, found


def write(folder: Path, tree: dict[str, Any], found: MagnitudePredictions | PhasePredictions) -> None:
    """Write the three files of an evaluation (the JSON last: where it stands, the others are complete)."""
    files.write_arrays(folder / FILES[2], arrays_of(found))
    files.write_text(folder / FILES[1], files.summary(f"{tree['title']} on {tree['data']}", tree))
    files.write_json(folder / FILES[0], tree)


def arrays_of(found: MagnitudePredictions | PhasePredictions) -> dict[str, Any]:
    """Arrays of an evaluation, record by record."""
    if isinstance(found, MagnitudePredictions):
        return {"true": found.true, "event": found.event, "name": found.name, "onset_s": found.onset_s,
                "snr_db": found.snr_db, "distance_km": found.distance_km,
                **{f"readout_{name}": values for name, values in found.read_outs.items()},
                **{f"example_{name}": values for name, values in found.examples.items()}}
    arrays: dict[str, Any] = {"is_event": found.is_event}
    for phase, picks in found.picks.items():
        arrays |= {f"{phase}_height": picks.height, f"{phase}_position_s": picks.position_s,
                   f"{phase}_labelled_s": picks.labelled_s}
    return arrays | {f"example_{name}": values for name, values in found.examples.items()}
