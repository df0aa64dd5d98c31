"""Values that hold for a while, for code that is called too deep to be handed them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def during(variable: ContextVar[T], value: T) -> Iterator[T]:
    """The variable has the value inside, and its old one again afterwards, whatever happens."""
    token = variable.set(value)
    try:
        yield value
    finally:
        variable.reset(token)
