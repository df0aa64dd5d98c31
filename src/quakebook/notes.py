"""Notes about data sets and models, which go to the logger ``quakebook``: each line is told once in a command."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

#: Loggers whose lines come again when a set is opened again: ours, and the one of the library that reads the sets.
LOGGERS = ("quakebook", "seisbench")


class FirstTime(logging.Filter):
    """Lets a line pass when it comes for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.told: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        fresh = line not in self.told
        self.told.add(line)
        return fresh


@contextmanager
def told_once() -> Iterator[None]:
    """Within the block each distinct note is heard once; a later block hears it again."""
    first = FirstTime()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(first)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(first)
