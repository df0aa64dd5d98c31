"""What a chapter plans to record: entries by name, and what the function behind an entry returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from . import recorded_files

if TYPE_CHECKING:
    from .run import Run


class RecordedError(ValueError):
    """A chapter without recorded results, a name that its plan does not know, or a plan that cannot be followed."""


@dataclass(frozen=True)
class Entry:
    """One result to be recorded.

    Parameters
    ----------
    name : str
        Name of its files, which may contain folders: "sweep/bce-1".
    function : str
        "module:function". It is called with `arguments` and returns an `Outcome`. One that has a parameter `folder`
        gets the folder that is written to, to read results that stand before it in the plan.
    arguments : mapping
        Plain values that JSON has.
    cost_s : float, optional
        What to expect, in seconds on one core.
    """

    name: str
    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    cost_s: float | None = None

    def __post_init__(self) -> None:
        if not recorded_files.NAME.fullmatch(self.name):
            raise RecordedError(f"not a name for a recorded result: {self.name!r}")
        if self.function.count(":") != 1:
            raise RecordedError(f"{self.name}: the function is written module:function; found {self.function!r}")


@dataclass(frozen=True)
class Outcome:
    """What a recording function returns.

    Parameters
    ----------
    metrics : mapping of str to float or None
        Names as in the claims; they begin with something that tells them from those of other results.
    arrays : mapping
        Numpy arrays, tensors or lists by name; no slash in a name.
    settings : dataclass or mapping, optional
        The chapter's settings, kept whole.
    run : Run, str or several, optional
        The training behind the numbers. Its own seed, seconds, device, commit and package are noted.
    facts : mapping
        More that JSON can hold, for example ``data`` ("synthetic", "real" or "model-free"; synthetic when not said),
        ``seeds``, ``title``. They stand beside the machine's facts.
    weights : mapping of str to Tensor
    """

    metrics: Mapping[str, float]
    arrays: Mapping[str, Any] = field(default_factory=dict)
    settings: Any = None
    run: Run | str | Sequence[Run | str] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Any] = field(default_factory=dict)


def plan(chapter: str) -> dict[str, Entry]:
    """What the chapter records, by name, in the order in which it is made."""
    module = f"quakebook.{chapter}.recorded"
    if find_spec(f"quakebook.{chapter}") is None or find_spec(module) is None or find_spec(f"{module}.plan") is None:
        raise RecordedError(f"the chapter {chapter} has no plan of recorded results")
    entries = import_module(f"{module}.plan").PLAN
    by_name = {entry.name: entry for entry in entries}
    if len(by_name) < len(entries):
        raise RecordedError(f"the plan of {chapter} has a name twice: {sorted(entry.name for entry in entries)}")
    return by_name


def chosen(entries: Mapping[str, Entry], words: Iterable[str] = ()) -> list[Entry]:
    """Entries by name or pattern ("sweep/*"), in the plan's order; all of them without words."""
    words = list(words)
    unknown = [word for word in words if not any(fnmatchcase(name, word) for name in entries)]
    if unknown:
        raise RecordedError(f"nothing to record under {', '.join(unknown)}; known: {', '.join(entries) or 'nothing'}")
    return [entry for name, entry in entries.items() if not words or any(fnmatchcase(name, word) for word in words)]
