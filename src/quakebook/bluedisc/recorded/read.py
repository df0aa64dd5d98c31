"""Recorded trainings: pickers that took longer than a page may take, kept in ``book/recorded/bluedisc``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakebook.bluedisc.networks.generator import Generator, load_generator
from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.peaks import PHASES, Peaks
from quakebook.bluedisc.scoring.reliability import Reliability
from quakebook.training import recorded_files
from quakebook.training.recorded import folder as chapter_folder

from .plan import CEILING

__all__ = ["CEILING", "KINDS", "Recorded", "folder", "generator", "names", "pack_track", "plain_metrics", "read",
           "unpack_track"]

#: Probabilities are kept as whole numbers from 0 to this.
LEVELS = 255
#: Kinds of training as their file names begin, and as a reader would name them.
KINDS = {"exact-bce": "BCE, exact labels", "bce": "BCE", "hybrid": "hybrid", "gan": "GAN only"}
#: At most so many steps of a track are kept, evenly thinned, and the last.
KEPT_STEPS = 80


@dataclass(frozen=True)
class Recorded:
    """One recorded training.

    Attributes
    ----------
    name : str
        For example "hybrid-42".
    facts : dict
        mode, seed, settings, metrics, device, versions, commit, seconds, ...
    peaks, reliability : dict
        Of "P" and "S", on the dev windows.
    history : dict of ndarray
        Statistics at each validation; ``step`` counts updates.
    track : Track
        Predictions of a few dev windows through training.
    """

    name: str
    facts: dict[str, Any]
    peaks: dict[str, Peaks]
    reliability: dict[str, Reliability]
    history: dict[str, NDArray]
    track: Track

    @property
    def metrics(self) -> dict[str, float]:
        """Mean over the last validations."""
        return plain_metrics(self.name, self.facts)

    @property
    def kind(self) -> str:
        """One of `KINDS`: the name without the seed."""
        return self.name.rpartition("-")[0]

    @property
    def title(self) -> str:
        """Kind and seed, as a reader would name them."""
        return f"{KINDS.get(self.kind, self.kind)}, seed {self.facts['seed']}"


def plain_metrics(name: str, facts: dict[str, Any]) -> dict[str, float]:
    """Metrics of a recorded training without its name in front; NaN for a number that there was not."""
    return {key.removeprefix(f"{name}."): float("nan") if value is None else value
            for key, value in facts["metrics"].items()}


def folder() -> Path:
    """``book/recorded/bluedisc`` of the project."""
    return chapter_folder("bluedisc")


def names(where: Path | None = None) -> list[str]:
    """Recorded trainings, without the sweep."""
    return [name for name in recorded_files.names(where or folder())
            if name.removeprefix(CEILING).startswith(tuple(f"{kind}-" for kind in KINDS))]


def read(name: str, where: Path | None = None) -> Recorded:
    """One recorded training by name."""
    where = where or folder()
    if name not in names(where):
        known = ", ".join(names(where)) or "none"
        raise FileNotFoundError(f"no recorded training {name!r} in {where}; there are: {known}")
    result = recorded_files.read(where, name)
    values = result.arrays
    return Recorded(
        name, result.facts, {phase: Peaks.from_arrays(values, phase) for phase in PHASES},
        {phase: Reliability(*(values[f"{phase}_reliability_{k}"] for k in ("count", "predicted", "label")))
         for phase in PHASES},
        {key.removeprefix("history_"): value for key, value in values.items() if key.startswith("history_")},
        unpack_track(values))


def generator(name: str, where: Path | None = None) -> Generator:
    """A recorded picker, in eval mode."""
    return load_generator(recorded_files.read(where or folder(), name).file(recorded_files.WEIGHTS))


def pack_track(track: Track, samples: int) -> dict[str, NDArray]:
    """The first `samples` windows of a track, small enough to keep: 8 bits a probability, 16 a waveform sample."""
    kept = np.unique(np.linspace(0, len(track.step) - 1, min(KEPT_STEPS, len(track.step))).round().astype(int))
    return {"track_step": track.step[kept].astype(np.int32),
            "track_prediction": np.round(track.prediction[kept, :samples] * LEVELS).astype(np.uint8),
            "track_last": np.round(track.prediction[-1] * LEVELS).astype(np.uint8),
            "track_waveform": track.waveform.astype(np.float16), "track_label": track.label.astype(np.float16),
            "track_head_weight": track.head_weight[kept], "track_head_bias": track.head_bias[kept],
            "track_names": np.array([name.encode() for name in track.names])}


def unpack_track(values: dict[str, NDArray]) -> Track:
    """Inverse of `pack_track`, up to rounding; windows that were kept at the last step only are NaN before it."""
    some, last = values["track_prediction"], values["track_last"]
    whole = np.full((len(some), *last.shape), np.nan, np.float32)
    whole[:, : some.shape[1]] = some / np.float32(LEVELS)
    whole[-1] = last / np.float32(LEVELS)
    return Track(values["track_step"].astype(np.int64), whole, values["track_waveform"].astype(np.float32),
                 values["track_label"].astype(np.float32), values["track_head_weight"], values["track_head_bias"],
                 [n.decode() if isinstance(n, bytes) else str(n) for n in values["track_names"]])
