"""A picker trained on synthetic records, applied to real ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.magnitude.scoring.pick_scores import WindowPicks, detection_scores, residual_scores
from quakebook.training import recorded_files
from quakebook.training.recorded_plan import Outcome

from . import read as recorded
from .read import window_picks

NAME = "real-phasenet"
EXAMPLES = 2
#: Threshold of the picks shown.
THRESHOLD = 0.3


@dataclass(frozen=True)
class RealPicks:
    """Picks on the real records, two whole windows, and where they come from (computed now, or recorded)."""

    picks: dict[str, WindowPicks]
    examples: dict[str, np.ndarray]
    source: str

    def metrics(self) -> dict[str, float]:
        """Share of labels found within 0.5 s, precision and residuals of each phase."""
        found: dict[str, float] = {}
        for phase, picks in self.picks.items():
            scores = detection_scores(picks, THRESHOLD, 0.5)
            residual = residual_scores(picks, THRESHOLD)
            found |= {f"real.{phase}.{name}": scores[name] for name in ("precision", "recall", "f1")}
            found |= {f"real.{phase}.residual_{name}_s": residual[name] for name in ("mean", "std", "mae")}
        return found


def apply(run: Any, folder: Path | None = None) -> RealPicks | None:
    """Pick the real Northern California sample with a trained run; None where the sample is not on this machine."""
    from quakebook.data import load_records, real_sample_path
    from quakebook.magnitude.data.tensors import from_records
    from quakebook.magnitude.networks.checkpoint import load
    from quakebook.magnitude.scoring.predict_picks import predict_phases

    path = folder or real_sample_path()
    if path is None or not Path(path).exists():
        return None
    checkpoint = load(Path(run.path) / "model_best.pt")
    found = predict_phases(checkpoint.model, checkpoint.model_type, from_records(load_records(str(path), require=())))
    alive = np.abs(found.examples["waveforms"]).max(-1).min(-1) > 0  # all three components
    p_s = found.examples["picks_s"][:, 0]
    chosen = np.flatnonzero(alive & (p_s > 4) & (p_s < 24))[:EXAMPLES]
    examples = {name: values[chosen] for name, values in found.examples.items()}
    return RealPicks(found.picks, examples, "computed on this machine")


def outcome(real: RealPicks, settings: Any = None, run: Any = None) -> Outcome:
    """What is recorded of the picks: single precision, the windows in half precision scaled to their peak."""
    arrays: dict[str, Any] = {}
    for phase, picks in real.picks.items():
        arrays |= {f"{phase}_height": picks.height.astype("f4"), f"{phase}_position_s": picks.position_s.astype("f4"),
                   f"{phase}_labelled_s": picks.labelled_s.astype("f4")}
    peak = np.maximum(np.abs(real.examples["waveforms"]).max(axis=(1, 2), keepdims=True), 1e-10)
    arrays |= {"example_waveforms": (real.examples["waveforms"] / peak).astype("f2"),
               "example_curves": real.examples["curves"].astype("f2"),
               "example_picks_s": real.examples["picks_s"].astype("f4")}
    return Outcome(real.metrics(), arrays, settings, run, {"data": "real"})


def read(where: Path | None = None) -> RealPicks:
    """The recorded picks."""
    arrays = recorded_files.read(where or recorded.folder(), NAME).arrays
    examples = {name: arrays[f"example_{name}"] for name in ("waveforms", "curves", "picks_s")}
    return RealPicks(window_picks(arrays), examples, "recorded")
