"""Folders of the published layout: ``<output_dir>/<name>_<YYYYmmdd_HHMMSS>/``."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

from quakebook.magnitude.data.splits import Splits, is_synthetic
from quakebook.magnitude.model_types import lookup
from quakebook.magnitude.settings import Config


def run_name(config: Config) -> str:
    """Name of a model in the published layout, for example ``PhaseNetLSTM_ETHZ_f1_hauto_l1_bi``."""
    model = config.network
    data = "SYNTHETIC" if is_synthetic(config.data.name) else Path(config.data.name).name
    name = f"{lookup(model.type).title}_{data}"
    if model.type == "phasenet_lstm":
        hidden = "auto" if model.lstm_hidden_size is None else model.lstm_hidden_size
        direction = "bi" if model.lstm_bidirectional else "uni"
        name += f"_f{model.filter_factor}_h{hidden}_l{model.lstm_num_layers}_{direction}"
    return name


def evaluation_folder(checkpoint: Path, splits: Splits, split: str = "test") -> Path:
    """Folder beside a checkpoint for what is computed on one split of one data set.

    The first digits of the data's fingerprint tell sets of one name apart (other records, seed or magnitude types).
    """
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(splits.label).name).strip("-")
    return checkpoint.parent / f"evaluation_{checkpoint.stem}" / f"{name}_{splits.fingerprint[:8]}_{split}"


def export(run_path: Path, output_dir: Path, name: str, now: datetime | None = None) -> Path:
    """Copy weights and history of a run into a new folder of the published layout; returns the folder.

    Copies are dated now, also those of a run that was finished long ago: the newest export is the last one asked for.
    """
    stamp = (now or datetime.now()).strftime("%Y%m%d_%H%M%S")
    folder = output_dir / f"{name}_{stamp}"
    number = 1
    while folder.exists():
        number += 1
        folder = output_dir / f"{name}_{stamp}_{number}"
    folder.mkdir(parents=True)
    for file in sorted(run_path.glob("model_*.pt")):
        shutil.copy(file, folder / file.name)
    shutil.copy(run_path / "training_history.pt", folder / f"training_history_{stamp}.pt")
    return folder
