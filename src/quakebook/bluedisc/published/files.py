"""The published files of inference and evaluation, in a run's folder: HDF5, trace names, matching table (section 7)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quakebook.bluedisc.scoring.peaks import PHASES
from quakebook.bluedisc.settings import EvaluationConfig
from quakebook.picking.windows import LENGTH as WINDOW_SAMPLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quakebook.training.runs import Run

KINDS = ("waveform", "label", "prediction")
#: Written last: what was inferred. Without it an inference did not come to its end.
SUMMARY = "inference.json"
#: Windows in one file, as published.
FILE_WINDOWS = 1000
COLUMNS = ("trace_name", "phase", "batch_idx", "matched_pairs", "unmatched_pred", "unmatched_label", "position_errors",
           "heights", "precise_matches", "total_distance", "num_matches", "num_precise_matches", "num_pred_peaks",
           "num_label_peaks")


def file_of(folder: Path, split: str, kind: str, number: int) -> Path:
    """``<split>/<kind>/<kind>_<7 digits>`` with the ending of the kind."""
    ending = {"trace_name": "txt", "matching_results": "csv"}.get(kind, "h5")
    return folder / split / kind / f"{kind}_{number:07d}.{ending}"


def write_batch(folder: Path, split: str, number: int, arrays: dict[str, NDArray], names: list[str]) -> None:
    """One batch of inference: a data set ``data`` (b, 3, 3001), float32, per kind, and the trace names."""
    import h5py

    from quakebook.training.files import atomic, write_atomic

    for kind in KINDS:
        path = file_of(folder, split, kind, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as part, h5py.File(part, "w") as file:
            file.create_dataset("data", data=arrays[kind].astype(np.float32), chunks=True, fletcher32=True,
                                compression="gzip", compression_opts=1, shuffle=True)
    path = file_of(folder, split, "trace_name", number)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, "".join(f"{name}\n" for name in names))


def batches(folder: Path, split: str) -> Iterator[tuple[int, dict[str, NDArray], list[str]]]:
    """What `infer` wrote, in order: (number, arrays, names).

    Raises
    ------
    RunError
        Nothing inferred, an inference that did not come to its end, or a damaged file; the message names it.
    """
    from quakebook.training.files import RunError, read_json

    again = f"run: quakebook bluedisc infer --data-split {split}"
    if not (folder / split / SUMMARY).is_file():
        there = sorted(p.parent.name for p in folder.glob(f"*/{SUMMARY}"))
        begun = "only a part of the predictions" if (folder / split / "prediction").is_dir() else "no predictions"
        raise RunError(f"{begun} of split {split!r} in {folder}; inferred splits: {', '.join(there) or 'none'} "
                       f"({again})")
    summary, total = read_json(folder / split / SUMMARY), 0
    for number in range(summary["files"]):
        arrays = {kind: _read_array(file_of(folder, split, kind, number)) for kind in KINDS}
        path = file_of(folder, split, "trace_name", number)
        names = path.read_text(encoding="utf-8").splitlines()
        for kind, array in arrays.items():
            if array.shape != (len(names), 3, WINDOW_SAMPLES):
                raise RunError(f"{file_of(folder, split, kind, number)} must hold ({len(names)}, 3, {WINDOW_SAMPLES}) "
                               f"numbers, as many windows as {path} has names; found {array.shape} ({again})")
        total += len(names)
        yield number, arrays, names
    if total != summary["windows"]:
        raise RunError(f"{folder / split} holds {total} windows; {summary['windows']} were inferred ({again})")


def _read_array(path: Path) -> NDArray:
    import h5py

    from quakebook.training.files import RunError

    try:
        with h5py.File(path, "r") as file:
            return file["data"][()]
    except (OSError, KeyError) as error:
        raise RunError(f"{path}: not a readable file of predictions: {error}") from error


def discard(folder: Path, split: str) -> None:
    """Remove an earlier inference of a split and its table, whose files could otherwise be counted with new ones."""
    (folder / split / SUMMARY).unlink(missing_ok=True)
    for kind in (*KINDS, "trace_name", "matching_results"):
        for path in (folder / split / kind).glob(f"{kind}_*"):
            path.unlink()


def infer(run: Run, split: str, batch_size: int = FILE_WINDOWS, dataset: str | None = None,
          device: str = "auto") -> int:
    """Predict the fixed windows of the split that was asked for, the last batch included; returns the window count.

    `dataset` names another data set than the one the run was trained on.
    """
    from quakebook.bluedisc.api import generator_of, settings_of
    from quakebook.bluedisc.data.splits import is_synthetic, load
    from quakebook.bluedisc.data.windows import Samples
    from quakebook.bluedisc.scoring.predict import fixed_windows, predict
    from quakebook.training.devices import data_device
    from quakebook.training.files import write_json

    if batch_size < 1:
        raise ValueError(f"`batch_size` (windows in one file) must be at least 1; found {batch_size}")
    settings = settings_of(run)
    device = data_device(device)
    data = replace(settings.data, name=dataset or settings.data.name)
    if not is_synthetic(data.name):
        data = replace(data, records=0, dev_records=0)  # the whole split, however much of it the training saw
    samples = Samples(load(data, split, device=device).to(device), settings.objective.label)
    generator, names = generator_of(run, settings.objective.label).to(device), samples.names()
    discard(run.path, split)
    total = files = 0
    for first, batch in fixed_windows(samples, batch_size):
        arrays = {"waveform": batch.x, "label": batch.y, "prediction": predict(generator, batch.x)}
        host = {kind: value.cpu().numpy() for kind, value in arrays.items()}
        write_batch(run.path, split, files, host, names[first:first + len(batch.x)])
        total, files = total + len(batch.x), files + 1
    write_json(run.path / split / SUMMARY, {"run": run.id, "data": data.name, "split": split, "windows": total,
                                            "files": files})
    return total


def matching_table(label: NDArray, prediction: NDArray, names: list[str], batch: int,
                   settings: EvaluationConfig | None = None) -> pd.DataFrame:
    """One row per window and phase with the published columns; label picks are peaks of the label curve, as there.

    Lists are written as text of plain numbers, readable with `ast.literal_eval`.
    """
    settings = settings or EvaluationConfig()
    rows = [_row(label[k, channel], prediction[k, channel], name, phase, batch, settings)
            for k, name in enumerate(names) for channel, phase in enumerate(PHASES)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(label: NDArray, prediction: NDArray, name: str, phase: str, batch: int,
         settings: EvaluationConfig) -> dict[str, Any]:
    from quakebook.picking import find_picks, match_picks

    truth, _ = find_picks(label, settings.height, settings.distance_samples)
    found, height = find_picks(prediction, settings.height, settings.distance_samples)
    matches = match_picks(found, truth)
    errors, heights = matches.error_samples, height[matches.predicted]
    precise = (np.abs(errors) <= settings.precise_samples) & (heights >= settings.confidence)
    pairs = list(zip(matches.predicted.tolist(), matches.labelled.tolist(), strict=True))
    return {"trace_name": name, "phase": phase, "batch_idx": batch, "matched_pairs": str(pairs),
            "unmatched_pred": str(sorted(set(range(len(found))) - set(matches.predicted.tolist()))),
            "unmatched_label": str(sorted(set(range(len(truth))) - set(matches.labelled.tolist()))),
            "position_errors": str(errors.tolist()), "heights": str([round(float(h), 6) for h in heights]),
            "precise_matches": str(precise.tolist()), "total_distance": float(np.abs(errors).sum()),
            "num_matches": len(matches), "num_precise_matches": int(precise.sum()), "num_pred_peaks": len(found),
            "num_label_peaks": len(truth)}


def evaluate_files(run: Run, split: str, max_step: int | None = None) -> Path:
    """Match the predictions of `infer` (the first `max_step` files) and write the table; returns its path."""
    from quakebook.bluedisc.api import settings_of
    from quakebook.training.files import write_atomic

    if max_step is not None and max_step < 1:
        raise ValueError(f"`max_step` counts prediction files and must be at least 1; found {max_step}")
    settings = settings_of(run).evaluation
    tables = [matching_table(arrays["label"], arrays["prediction"], names, number, settings)
              for number, arrays, names in batches(run.path, split) if max_step is None or number < max_step]
    path = file_of(run.path, split, "matching_results", len(tables))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, pd.concat(tables).to_csv(index=False))
    return path


def file_statistics(path: Path, settings: dict[str, Any]) -> list[str]:
    """Section 9's shares from a matching table, one line of text per phase."""
    table, lines = pd.read_csv(path), []
    for phase, rows in table.groupby("phase"):
        errors, heights = (np.array([value for text in rows[column] for value in ast.literal_eval(text)], dtype=float)
                           for column in ("position_errors", "heights"))
        precise, high = np.abs(errors) <= settings["precise_samples"], heights >= settings["confidence"]
        count = int(rows["num_label_peaks"].sum())
        shares = [100 * which.sum() / count if count else float("nan") for which in (precise & high, precise & ~high)]
        lines.append(f"{phase}: {count} labels, over and precise {shares[0]:.1f} %, "
                     f"below and precise {shares[1]:.1f} %")
    return lines
