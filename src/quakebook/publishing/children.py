"""Processes that a notebook's cells started end with the notebook."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 3.0


@contextmanager
def ended() -> Iterator[None]:
    """End every process that was started below this one within the block.

    A kernel that ends leaves its children to the first process of the machine; on Linux they come to this one instead,
    which therefore knows them. Elsewhere only children that are still in line can be seen.
    """
    before = _below()
    _adopt(True)
    try:
        yield
    finally:
        left = [process for process in _below() if process not in before]
        for process in left:
            with suppress(psutil.Error):
                process.terminate()
        _, alive = psutil.wait_procs(left, GRACE_S)
        for process in alive:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, GRACE_S)
        _adopt(False)


def _below() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _adopt(wanted: bool) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(wanted))
