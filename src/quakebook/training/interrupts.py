"""Ctrl-C and a scheduler's SIGTERM end a training between two steps, so that a whole checkpoint can be written."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any


class Interrupts:
    """Context in which the first SIGINT or SIGTERM only raises a flag; the second one acts at once.

    Signals can be caught in the main thread only; elsewhere this does nothing.
    """

    def __init__(self) -> None:
        self.caught: int | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._catch) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def _catch(self, number: int, _frame: FrameType | None) -> None:
        self.caught = number
        self._restore()

    def agreed(self, fabric: Any, due: bool) -> bool:
        """True to leave after this step. Several processes ask each other, only when that is `due`."""
        if fabric.world_size == 1:
            return self.caught is not None
        if not due:
            return False
        import torch

        return bool(fabric.all_reduce(torch.tensor(float(self.caught is not None)), reduce_op="sum"))

    def leave(self) -> None:
        """End as the signal asked: KeyboardInterrupt, or exit status 128 + number."""
        if self.caught == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + int(self.caught or signal.SIGTERM))
