"""The published toy on drawn faces: folders of pictures of two families, blended by halves, blurred, taken apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from quakebook.project import cache_root

from .. import api
from ..data.load import load
from ..settings import DataConfig, UvcganConfig, config

#: Side of a picture in pixels, and pictures of each family in train and val.
SIDE = 16
COUNTS = {"smoke": {"train": 24, "val": 8}, "quick": {"train": 200, "val": 60}}
#: Title and overrides of each method; the second is trained on plain sums, which are brighter than the blends.
METHODS: dict[str, tuple[str, tuple[str, ...]]] = {
    "full": ("full method", ()),
    "identity": ("identity on sums", ("objective.method=identity", "objective.warm_steps=0"))}
#: Beside those of the preset: the toy's own weights, and steps that take less than a minute. Averages of weights must
#: forget as quickly: over the preset's 200 steps they would still hold most of the random start.
_TOY = ("data.name=faces", "data.records=0", "data.dev_records=0", "objective.cycle_a1=10", "objective.norm=none")
_LENGTH = {"smoke": (), "quick": ("objective.warm_steps=250", "training.steps=360", "training.validate_every=60",
                                  "training.ema_decay=0.98")}


def folder(preset: Literal["smoke", "quick"], where: Path | None = None) -> Path:
    """Drawn faces as SPLIT/{cat,dog}/NUMBER.png, made where they are absent.

    Parameters
    ----------
    where : Path, optional
        Folder to put them in; default the cache.
    """
    from quakebook.data.calorimeter.faces import write_faces

    path = (where or cache_root() / "faces") / f"{SIDE}-{'-'.join(str(n) for n in COUNTS[preset].values())}"
    return path if path.is_dir() else write_faces(path, COUNTS[preset], SIDE)


def settings(method: str, seed: int = 0, *overrides: str, preset: Literal["smoke", "quick"] = "quick") -> UvcganConfig:
    """Settings of one method.

    Raises
    ------
    ValueError
        Unknown method; the message lists what exists.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r} of the toy; known: {', '.join(METHODS)}")
    return config(*_TOY, *_LENGTH[preset], *METHODS[method][1], f"training.seed={seed}", *overrides, preset=preset)


def train(method: str, preset: Literal["smoke", "quick"] = "quick", seed: int = 0, *overrides: str,
          pictures: Path | None = None) -> Any:
    """The run of one method on a folder of pictures (default: drawn faces); its metrics are those of val."""
    data = DataConfig(name=str(pictures or folder(preset)), records=0, dev_records=0)
    domains = {split: load(data, split) for split in ("train", "dev")}
    return api.train(settings(method, seed, *overrides, preset=preset), domains)
