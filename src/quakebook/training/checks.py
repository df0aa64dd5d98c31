"""Range checks of settings."""

from __future__ import annotations

import math
from typing import Protocol

from .schema import ConfigError


def within(node: str, settings: object, **ranges: str) -> None:
    """Refuse numbers outside their range, and numbers that are not finite.

    Parameters
    ----------
    node : str
        Name of the settings node, for the message; empty at the top of the tree.
    settings : dataclass
    **ranges : str
        Intervals as in mathematics: ``lr="[0, 10]"`` with both ends, ``beta1="[0, 1)"`` without the upper one.
        None stands for "not given" and passes; of a tuple every element is checked.

    Raises
    ------
    ConfigError
        Names the setting, its range and what was found.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> within("optimiser", SimpleNamespace(lr=0.1), lr="[0, 1]")
    """
    for name, interval in ranges.items():
        value = getattr(settings, name)
        for number in value if isinstance(value, tuple) else (value,):
            if number is not None and not _inside(number, interval):
                key = f"{node}.{name}" if node else name
                raise ConfigError(f"`{key}` must be a finite number in {interval}; found {number}")


def _inside(number: float, interval: str) -> bool:
    low, high = (float(end) for end in interval[1:-1].split(","))
    above = number >= low if interval[0] == "[" else number > low
    below = number <= high if interval[-1] == "]" else number < high
    return math.isfinite(number) and above and below


class HasPrecision(Protocol):
    """Settings of a training."""

    precision: str


def single_precision(training: HasPrecision) -> None:
    """Refuse ``training.precision=64-true`` where records and labels are float32 and never anything else."""
    if training.precision == "64-true":
        raise ConfigError("`training.precision` 64-true does not work in this chapter, whose data are float32; "
                          "use 32-true or bf16-mixed")
