"""Progress with rate and time left where somebody watches; silence in the batch; a few lines in a log file."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
SHARES = 10  # lines in a log file


def quiet() -> bool:
    """True in the batch (``QUAKEBOOK_BATCH=1``), where output lands on pages."""
    return os.environ.get("QUAKEBOOK_BATCH", "0") not in ("", "0")


def interactive() -> bool:
    """True in a terminal or a notebook."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def track(iterable: Iterable[T], description: str, total: int | None = None) -> Iterator[T]:
    """Go through `iterable` with a progress bar.

    >>> list(track([1, 2], "counting"))
    [1, 2]
    """
    if total is None and hasattr(iterable, "__len__"):
        total = len(iterable)
    bar = Bar(description, total)
    try:
        for item in iterable:
            yield item
            bar.update()
    finally:
        bar.close()


class Bar:
    """A progress bar that costs about a microsecond a step.

    Parameters
    ----------
    description : str
    total : int or None
    start : int
        Steps done before.
    shown : bool
    """

    def __init__(self, description: str, total: int | None, start: int = 0, shown: bool = True) -> None:
        self.description, self.total, self.done, self.start = description, total, start, start
        shown = shown and not quiet()
        self._bar = _tqdm(description, total, start) if shown and interactive() else None
        self._lines = shown and self._bar is None and total is not None
        self._began, self._text = time.perf_counter(), ""

    def update(self) -> None:
        self.done += 1
        if self._bar is not None:
            self._bar.update()
        elif self._lines and self.done * SHARES // self.total > (self.done - 1) * SHARES // self.total:
            self._line()

    def _line(self) -> None:
        spent = time.perf_counter() - self._began
        rate = (self.done - self.start) / max(spent, 1e-9)
        if spent > 2:
            print(f"{self.description}: {self.done}/{self.total}, {rate:.1f}/s, "
                  f"{(self.total - self.done) / rate:.0f} s left{self._text}", file=sys.stderr, flush=True)

    def show(self, values: dict[str, float]) -> None:
        """Numbers beside the bar."""
        self._text = "".join(f", {key} {value:.4g}" for key, value in list(values.items())[:4])
        if self._bar is not None:
            self._bar.set_postfix_str(self._text[2:], refresh=False)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _tqdm(description: str, total: int | None, start: int) -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="IProgress not found")  # a notebook without ipywidgets: text bar
        from tqdm.auto import tqdm
    tqdm.monitor_interval = 0  # no watching thread
    return tqdm(total=total, initial=start, desc=description, leave=False, mininterval=0.2)
