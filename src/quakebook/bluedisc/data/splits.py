"""Records of a split, from synthetic presets or from a SeisBench data set; nothing is read from another split."""

from __future__ import annotations

from typing import Any

from quakebook.bluedisc.settings import DataConfig
from quakebook.data.errors import DataError
from quakebook.data.records import Records

#: The split "track" is dev, as published: its first windows are followed through training.
SPLITS = ("train", "dev", "test", "track")
#: Synthetic splits are drawn with separate seeds.
SEED_STEP = {"train": 0, "dev": 1_000_003, "test": 2_000_003}
SYNTHETIC = "synthetic:"


def load(data: DataConfig, split: str, device: str = "cpu", limit: int | None = None) -> Records:
    """Records of one split.

    Parameters
    ----------
    data : DataConfig
    split : {"train", "dev", "test", "track"}
    device : str
        Where synthetic records are made.
    limit : int, optional
        Fewer records than the settings say.

    Raises
    ------
    DataError
        Unknown split; data set that is absent or lacks S picks.
    """
    if split not in SPLITS:
        raise DataError(f"unknown split {split!r}; known: {', '.join(SPLITS)}")
    split = "dev" if split == "track" else split
    count = size_of(data, split)
    count = count if limit is None else min(count, limit) if count else limit
    if is_synthetic(data.name):
        from quakebook.data import synthetic

        return synthetic.make(preset_of(data.name), count, data.seed + SEED_STEP[split], device=device)
    from quakebook.data import load_records

    return load_records(data.name, split=split, limit=count or None, require=("P", "S"), seed=data.seed)


def preset_of(name: str) -> str:
    """The preset in ``synthetic:PRESET``; here counts and seed are settings of their own."""
    preset = name.removeprefix(SYNTHETIC)
    if ":" in preset:
        raise DataError(f"{name!r}: here a synthetic data set is {SYNTHETIC}PRESET; numbers of records and seed are "
                        "data.records, data.dev_records and data.seed (plot-phase: --records)")
    return preset


def size_of(data: DataConfig, split: str) -> int:
    """How many records of a split are asked for; 0 = all there are."""
    return data.records if split == "train" else data.dev_records


def is_synthetic(name: str) -> bool:
    """Whether a data set name means synthetic records."""
    return name.startswith(SYNTHETIC)


def fingerprint(data: DataConfig, loaded: dict[str, Any]) -> str:
    """What the data are, for a run's identity.

    Synthetic records are decided by preset, counts and seed (and by the generator's source, which the identity holds
    separately), so that asking for a finished run makes none; of other data no waveform is read.
    """
    if is_synthetic(data.name):
        return f"{data.name}:{data.records}+{data.dev_records}:{data.seed}"
    from quakebook.data import fingerprint_of

    return "+".join(loaded[split].fingerprint if split in loaded else fingerprint_of(
        data.name, split, size_of(data, split) or None, seed=data.seed) for split in ("train", "dev"))
