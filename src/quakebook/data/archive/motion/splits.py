"""Train, dev and test without leakage: whole station-days belong to one split, and windows never leave their day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from quakebook.data.archive.motion.station_days import StationDay
from quakebook.data.errors import DataError

SPLITS = ("train", "dev", "test")
KINDS = ("temporal", "random", "spatial")


@dataclass(frozen=True)
class Split:
    """How station-days are shared out.

    Attributes
    ----------
    kind : {"temporal", "random", "spatial"}
        temporal: days before `dev_from` are train, before `test_from` dev, later ones test. random: every station-day
        by a hash of its name (the same earthquake may then be in two splits, at different stations). spatial: whole
        stations by a hash of theirs.
    dev_from, test_from : str
        ISO dates; empty: the last share of the days that there are.
    dev_share, test_share : float
    seed : int
        Of the hashes.
    """

    kind: Literal["temporal", "random", "spatial"] = "temporal"
    dev_from: str = ""
    test_from: str = ""
    dev_share: float = 0.15
    test_share: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DataError(f"`kind` of a split must be one of {', '.join(KINDS)}; found {self.kind!r}")
        if min(self.dev_share, self.test_share) < 0 or not self.dev_share + self.test_share < 1:
            raise DataError("`dev_share` and `test_share` must not be negative and leave something for training; found "
                            f"{self.dev_share} and {self.test_share}")
        for name in ("dev_from", "test_from"):
            _date(name, getattr(self, name))
        if self.kind != "temporal" and (self.dev_from or self.test_from):
            raise DataError(f"`dev_from` and `test_from` belong to kind temporal; found kind {self.kind!r}")


def _date(name: str, text: str) -> None:
    try:
        np.datetime64(text or "2000-01-01", "D")
    except ValueError:
        raise DataError(f"`{name}` must be a date like 2023-03-01; found {text!r}") from None


def assign(days: Sequence[StationDay], split: Split) -> list[str]:
    """The split of each station-day.

    Raises
    ------
    DataError
        Nothing is left for training.
    """
    if split.kind == "temporal":
        out = _temporal([day.day for day in days], split)
    else:
        names = [f"{d.network}.{d.station}" + (f".{d.day}" if split.kind == "random" else "") for d in days]
        draws = np.array([_uniform(f"{split.seed}:{name}") for name in names])
        out = np.where(draws < split.test_share, "test",
                       np.where(draws < split.test_share + split.dev_share, "dev", "train")).tolist()
    if days and "train" not in out:
        raise DataError(f"the {split.kind} split leaves no station-day for training; change its dates, shares or seed")
    return out


def _temporal(days: Sequence[int], split: Split) -> list[str]:
    numbers = np.array(days)
    last = np.unique(numbers)
    dev, test = (np.datetime64(text, "D").astype(int) if text else None for text in (split.dev_from, split.test_from))
    if test is None:
        count = _count(split.test_share, len(last)) if dev is None else 0
        test = last[len(last) - count] if count else last[-1] + 1
    if dev is None:
        before = last[last < test]
        count = min(_count(split.dev_share, len(last)), max(len(before) - 1, 0))
        dev = before[len(before) - count] if count else test
    if dev > test:
        raise DataError(f"`dev_from` ({split.dev_from}) must not be later than `test_from` ({split.test_from})")
    return np.where(numbers < dev, "train", np.where(numbers < test, "dev", "test")).tolist()


def _count(share: float, days: int) -> int:
    """Days of a share: at least one where there are three or more."""
    return max(round(share * days), 1) if share and days > 2 else round(share * days)


def _uniform(name: str) -> float:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=7).digest(), "big") / 2**56


def leaks(table: pd.DataFrame, window_s: float) -> list[str]:
    """Windows of different splits that share time at a station, one line each; empty when there is no leakage.

    Parameters
    ----------
    table : DataFrame
        Columns network, station, start_ns, split.
    """
    out = []
    for (network, station), rows in table.groupby(["network", "station"]):
        rows = rows.sort_values("start_ns")
        start, name = rows["start_ns"].to_numpy(), rows["split"].to_numpy()
        for other in np.unique(name):
            mine, rest = start[name == other], start[name != other]
            if len(rest):
                near = np.searchsorted(rest, mine)
                gaps = [np.abs(mine - rest[np.clip(near + k, 0, len(rest) - 1)]) for k in (-1, 0)]
                close = np.minimum(*gaps) < window_s * 1e9
                if close.any():
                    when = pd.Timestamp(int(mine[close.argmax()]), unit="ns")
                    out.append(f"{network}.{station}: {int(close.sum())} windows of {other} overlap another split, "
                               f"first at {when}")
    return out
