"""Score a trained model on the test records of its own data; the configuration comes from the run or the checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import results
from .checkpoint import Checkpoint, load
from .dataset import check_magnitudes, check_sensitivity
from .options import lookup
from .predict import MagnitudePredictions, predict_magnitudes
from .predict_phase import PhasePredictions, predict_phases
from .scoring import dev_thresholds, score_magnitudes, score_phases
from .settings import Config, EvaluationConfig
from .sources import Splits, load_splits

FILES = ("evaluation.json", "evaluation.txt", "evaluation.npz")


def evaluate(run: Any) -> dict[str, float]:
    """Scores of a run on its test records.

    Writes ``evaluation.json``, ``evaluation.txt`` and ``evaluation.npz`` into the run's folder and returns the numbers
    under dotted names such as ``scores.mae``. Asking again reads the file.
    """
    path = Path(run.path) / FILES[0]
    if not path.exists():
        from .training import config_of

        evaluate_run(run, config_of(run))
    tree = results.read_json(path)
    return results.flatten({key: value for key, value in tree.items() if key not in ("options", "epoch")})


def evaluate_run(run: Any, config: Config, splits: Splits | None = None) -> dict[str, Any]:
    """As `evaluate`, on data in memory; returns the whole tree."""
    checkpoint = load(Path(run.path) / "model_best.pt")
    tree, found = score_checkpoint(checkpoint, splits or load_splits(config.data), config.evaluation)
    write(Path(run.path), tree, found)
    return tree


def score_checkpoint(checkpoint: Checkpoint, splits: Splits,
                     settings: EvaluationConfig) -> tuple[dict[str, Any], MagnitudePredictions | PhasePredictions]:
    """Predict the test split and score it."""
    entry = lookup(checkpoint.model_type)
    head = {"model_type": entry.name, "title": entry.title, "data": splits.label,
            "options": checkpoint.content["model_args"], "epoch": checkpoint.content["epoch"]}
    if entry.family == "phase":
        dev = dev_thresholds(predict_phases(checkpoint.model, entry.name, splits.dev, settings.batch_size))
        found = predict_phases(checkpoint.model, entry.name, splits.test, settings.batch_size)
        return {**head, **score_phases(found, settings.threshold, dev["picks"], dev["tasks"])}, found
    check_magnitudes(splits.test, splits.label)
    check_sensitivity(splits.test, checkpoint.content["preprocess"]["amplitude"], splits.label)
    found = predict_magnitudes(checkpoint.model, entry.name, splits.test, settings.batch_size)
    return {**head, **score_magnitudes(found, settings.readout, settings.bootstrap)}, found


def write(folder: Path, tree: dict[str, Any], found: MagnitudePredictions | PhasePredictions) -> None:
    """Write the three files of an evaluation (the JSON last: where it stands, the others are complete)."""
    results.write_arrays(folder / FILES[2], arrays_of(found))
    results.write_text(folder / FILES[1], results.summary(f"{tree['title']} on {tree['data']}", tree))
    results.write_json(folder / FILES[0], tree)


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
