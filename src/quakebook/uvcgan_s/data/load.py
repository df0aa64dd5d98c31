"""The domains that a configuration names."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import torch

from quakebook.data.errors import DataError

from ..settings import DataConfig
from .domains import Domains, First, Source

Split = Literal["train", "dev", "test"]
#: Embedded tasks of this chapter; other synthetic names are calorimeter presets.
TASKS = ("digits", "spectrograms")


def count_of(data: DataConfig, split: Split) -> int:
    """How many images of a domain are wanted; 0 = all there are, or the task's own number."""
    return data.records if split == "train" else data.dev_records


def load(data: DataConfig, split: Split, device: torch.device | str = "cpu") -> Domains:
    """Domains of one split.

    Raises
    ------
    DataError
        An unknown split, an unknown synthetic name (the message lists the known ones), or a folder without domains.
    """
    if split not in ("train", "dev", "test"):
        raise DataError(f"there is no split {split!r}; known: train, dev, test")
    task = data.name.removeprefix("synthetic:")
    if data.name.startswith("synthetic:") and task in TASKS:
        from . import digits, spectrograms

        return {"digits": digits, "spectrograms": spectrograms}[task].make(split, count_of(data, split), data.seed)
    if (Path(data.name) / "train" / "cat").is_dir():
        return _photographs(Path(data.name), split, count_of(data, split))
    return _calorimeter(data, split, device)


def _calorimeter(data: DataConfig, split: Split, device: torch.device | str) -> Domains:
    """Background, signal and embed of the calorimeter room, synthetic or from HDF5 files that are read row by row."""
    from quakebook.data.calorimeter import open_domains

    count, synthetic = count_of(data, split), data.name.startswith("synthetic:")
    options = {"records": count or None, "seed": data.seed, "device": device} if synthetic else {}
    opened = open_domains(data.name, "val" if split == "dev" else split, **options)
    truth = (opened.background, opened.signal) if opened.paired else None
    domains = Domains(opened.background, opened.signal, opened.mixture, truth, f"{data.name} {split}")
    return domains if synthetic or not count else _first(domains, count)


def _photographs(folder: Path, split: Split, count: int) -> Domains:
    """Cats, dogs and their blurred blends; the parts of the blends of val are known."""
    from quakebook.data.calorimeter import open_folder, open_toy

    known = "train" if split == "train" else "val"
    cats, dogs = (open_folder(folder, domain, known) for domain in ("cat", "dog"))
    mixture = open_toy(folder, known)
    truth = None if split == "train" else (_Part(mixture, 0), _Part(mixture, 1))
    domains = Domains(cats, dogs, mixture, truth, f"{folder.name} {split}")
    return _first(domains, count) if count else domains


class _Part:
    """The first or second image of every blend."""

    def __init__(self, mixture: Source, which: int) -> None:
        self._mixture, self._which = mixture, which
        self.name, self.shape = f"{mixture.name} part {which}", mixture.shape
        self.fingerprint = f"{mixture.fingerprint} part {which}"

    def __len__(self) -> int:
        return len(self._mixture)

    def read(self, rows):
        return self._mixture.parts(rows)[self._which]


def _first(domains: Domains, count: int) -> Domains:
    cut = [None if source is None else First(source, count) for source in (domains.a0, domains.a1, domains.b)]
    truth = None if domains.truth is None else tuple(First(part, count) for part in domains.truth)
    return Domains(*cut, truth, domains.name)


def fingerprint(data: DataConfig) -> str:
    """Identity of the data of a configuration, without making what is synthetic."""
    if data.name.startswith("synthetic:"):
        return hashlib.sha256(repr(data).encode()).hexdigest()[:16]
    return hashlib.sha256("|".join(load(data, split).fingerprint for split in ("train", "dev")).encode()
                          ).hexdigest()[:16]
