"""One writer a run: the second process waits and finds the work done.

The lock is the operating system's (flock): it goes with the process that holds it, however that process ends, so a
lock file left by a dead one is no obstacle.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .files import RunError

QUIET_S = 5.0


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; says once on stderr when another process makes it wait longer than 5 s."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=QUIET_S)
        except Timeout:
            print(f"quakebook: another process computes this run; waiting for it ({path})", file=sys.stderr)
            lock.acquire()
    except OSError as error:
        raise RunError(f"cannot lock {path}: {error.strerror or error}. Point $QUAKEBOOK_RUNS at a folder that you may "
                       "write to") from error
    try:
        yield
    finally:
        lock.release()
