"""Claims: of several workers that find the same work, one does it.

In a folder a claim is a lock of the operating system, which goes with its process however that ends. In an object store
it is an object that only one worker can create; it counts until its time is over, then another may take it.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.stores.contract import Store
from quakebook.data.archive.stores.local import LocalStore


class Claims:
    """Claims kept in one place.

    Parameters
    ----------
    store : Store
    lease_s : float
        How long a claim in an object store counts. Longer than any one piece of work.
    """

    def __init__(self, store: Store, lease_s: float = 3600.0, clock: Callable[[], float] = time.time) -> None:
        self.store, self.lease_s, self.clock = store, lease_s, clock

    @contextmanager
    def take(self, name: str, wait_s: float = 0.0) -> Iterator[bool]:
        """Claim a piece of work; yields whether it is ours. A claim is given back when the block ends.

        Parameters
        ----------
        name : str
            Derived from the content of the work, so that equal work has one name.
        wait_s : float
            How long to wait for another worker; negative: until it is done or gone.
        """
        if isinstance(self.store, LocalStore):
            with _locked(self.store.path(f"claims/{name}.lock"), wait_s) as ours:
                yield ours
            return
        ours = self._until(lambda: self._create(name), wait_s)
        try:
            yield ours
        finally:
            if ours:
                self.store.delete(_key(name))

    def _until(self, attempt: Callable[[], bool], wait_s: float) -> bool:
        began = time.monotonic()
        while not attempt():
            if 0 <= wait_s <= time.monotonic() - began:
                return False
            time.sleep(0.05)
        return True

    def _create(self, name: str) -> bool:
        content = json.dumps({"owner": f"{socket.gethostname()}:{os.getpid()}", "until": self.clock() + self.lease_s})
        if self.store.create(_key(name), content.encode()):
            return True
        try:
            held, tag = self.store.read_tagged(_key(name))
            over = json.loads(held)["until"] < self.clock()
        except (StoreError, ValueError, KeyError, TypeError, RecursionError):
            return False  # just given back, or being written: ask again
        return over and self.store.replace(_key(name), content.encode(), tag)


def _key(name: str) -> str:
    return f"claims/{name}.json"


@contextmanager
def _locked(path: Path, wait_s: float) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait_s if wait_s >= 0 else -1)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
