"""Windows straight from miniSEED: nothing is stored but a table of which windows are good."""

from __future__ import annotations

import io
from collections import Counter, OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError, StoreError
from quakebook.data.archive.files import digest, read_json, whole, write_json
from quakebook.data.archive.motion.splits import Split, assign
from quakebook.data.archive.motion.station_days import StationDay, plan_digest
from quakebook.data.archive.motion.windows import DayWindows, WindowMaker
from quakebook.data.errors import DataError

#: Change when equal settings give other windows.
VERSION = 1


class MiniSeedSource:
    """A source for `WindowStream` that reads and processes station-days when their windows are asked for.

    Parameters
    ----------
    days : sequence of StationDay
    maker : WindowMaker
    folder : str or Path
        Place for the table of good windows, which is made by reading everything once.
    split : str, optional
        Only train, dev or test of `rule`.
    rule : Split
    open_units : int
        Processed station-days that are kept in memory.
    """

    def __init__(self, days: Sequence[StationDay], maker: WindowMaker, folder: str | Path, split: str | None = None,
                 rule: Split | None = None, open_units: int = 2) -> None:
        if open_units < 1:
            raise DataError(f"`open_units` must be at least 1; found {open_units}")
        names = assign(days, rule or Split())
        self.days = [day for day, name in zip(days, names, strict=True) if split in (None, name)]
        if not self.days:
            raise DataError(f"no station-day belongs to split {split!r}; there are {', '.join(sorted(set(names)))}")
        self.maker, self.open_units, self.store = maker, open_units, maker.store
        stations = digest(maker.stations.table.to_csv(index=False)) if maker.stations else ""
        self.fingerprint = plan_digest(self.days, maker.settings, stations, "miniseed", VERSION)
        self._kept: OrderedDict[int, DayWindows] = OrderedDict()
        self.rejected: dict[str, int] = {}
        self.table = self._table(Path(folder) / f"windows-{self.fingerprint}.parquet")
        self.units = self.table["day_number"].to_numpy(np.int64)
        self._inside = self.table["window_number"].to_numpy(np.int64)

    def __len__(self) -> int:
        return len(self.table)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_kept": OrderedDict()}

    def waveform(self, row: int) -> NDArray[np.float32]:
        """One window, shape (3, samples), in counts or m/s."""
        day = self._day(int(self.units[row]))
        number = int(self._inside[row])
        expected = int(self.table["start_ns"].iat[row])
        if number >= len(day.start_ns) or day.start_ns[number] != expected:
            raise DamagedError(f"{self.days[self.units[row]].code} of {self.days[self.units[row]].date} gives other "
                               "windows than before: the archive has changed; list it anew")
        return day.waveforms[number]

    def _day(self, number: int) -> DayWindows:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        while len(self._kept) >= self.open_units:
            self._kept.popitem(last=False)
        self._kept[number] = self.maker(self.days[number])
        return self._kept[number]

    def _table(self, path: Path) -> pd.DataFrame:
        counts = path.with_suffix(".json")
        if path.is_file() and counts.is_file():
            self.rejected = read_json(counts)
            return pd.read_parquet(io.BytesIO(path.read_bytes()))
        rows, rejected = [], Counter()
        for number, day in enumerate(self.days):
            result = self.maker(day)
            rejected.update({f"{day.code}|{reason}": count for reason, count in result.rejected.items()})
            rows += [facts | {"day_number": number, "window_number": k} for k, facts in enumerate(result.facts)]
        if not rows:
            reasons = ", ".join(f"{key} {count}" for key, count in rejected.most_common(5)) or "no data"
            raise StoreError(f"no window of {self.store.url} passed the quality control ({reasons})")
        table = pd.DataFrame(rows)
        with whole(path) as part:
            table.to_parquet(part, index=False)
        write_json(counts, dict(rejected))
        self.rejected = dict(rejected)
        return table
