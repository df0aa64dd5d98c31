"""Configuration: one frozen dataclass tree a paper, composed by Hydra; an unknown key is an error.

The defaults of the dataclasses are the published settings; a preset is a list of overrides. The same words work
from Python, from the command line and from a notebook's parameters:

>>> config = compose(TrainingConfig, {"quick": ["steps=100"]}, ["preset=quick", "seed=7"])
>>> config.steps, config.seed
(100, 7)
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import PurePath
from typing import Any, Literal, TypeVar

from . import schema as _schema
from .checks import within
from .schema import ConfigError, leaves

__all__ = ["ConfigError", "TrainingConfig", "compose", "from_dict", "leaves", "to_dict", "to_yaml"]

T = TypeVar("T")
PUBLISHED = "paper"  # the preset that every schema has: its own defaults


@dataclass(frozen=True)
class TrainingConfig:
    """How long, on what and how exactly a chapter trains; what it trains is the chapter's own part of the tree.

    `seed` fixes weights, sampling and dropout; `threads` belongs to the result as well (sums depend on it).
    `ema_decay` and `clip_norm` of 0 switch them off, and no `clip_norm` (null) is the chapter's published one;
    `checkpoint_every` 0 writes a checkpoint only at the end and on Ctrl-C; `validate_every` 0 validates only at the
    end. `capture` records the whole step as one CUDA graph.
    """

    steps: int = 10_000
    seed: int = 42
    threads: int = 1
    device: str = "auto"  # auto, cpu, cuda, cuda:1, mps
    devices: int = 1
    num_nodes: int = 1
    precision: Literal["32-true", "64-true", "bf16-mixed", "16-mixed"] = "32-true"
    strategy: Literal["auto", "ddp", "fsdp", "deepspeed"] = "auto"
    compile: bool = False
    capture: bool = False
    deterministic: bool = False  # slower CUDA kernels with a fixed order of summation
    ema_decay: float = 0.0
    clip_norm: float | None = None
    checkpoint_every: int = 0
    validate_every: int = 0
    log_every: int = 50
    tracker: Literal["none", "csv", "mlflow", "tensorboard", "wandb"] = "none"
    progress: bool = True

    def __post_init__(self) -> None:
        within("training", self, steps="[0, 1e9]", threads="[1, 1024]", devices="[1, 1024]", num_nodes="[1, 10000]",
               log_every="[1, 1e9]", checkpoint_every="[0, 1e9]", validate_every="[0, 1e9]", clip_norm="[0, 1e9]",
               seed="[0, 1e15]", ema_decay="[0, 1)")
        if self.capture and self.precision == "16-mixed":
            raise ConfigError("`training.capture` needs bf16-mixed, 32-true or 64-true: 16-mixed decides on the host "
                              "after each step whether to skip it")
        if self.ema_decay and self.strategy in ("fsdp", "deepspeed"):
            raise ConfigError(f"`training.ema_decay` needs whole networks; found strategy {self.strategy!r}")
        if self.capture and self.strategy != "auto":
            raise ConfigError(f"`training.capture` works on one device; found strategy {self.strategy!r}")


def compose(schema: type[T], presets: Mapping[str, Sequence[str]], overrides: Sequence[str] | Mapping[str, Any] = (),
            preset: str | None = None) -> T:
    """A frozen `schema` instance: its defaults, then a preset, then overrides.

    Parameters
    ----------
    schema : type
        Dataclass tree. Fields: numbers, words, paths, Optional, Literal, tuples, lists, dicts and dataclasses.
    presets : mapping
        Preset name -> overrides. "paper" exists always and means the defaults.
    overrides : sequence of str, or mapping
        ``["training.steps=50", "preset=quick"]``, or ``{"training.steps": 50}``, or nested mappings.
    preset : str, optional
        Used unless the overrides name one.

    Raises
    ------
    ConfigError
        Unknown key, ill type, unknown preset, missing value; the message lists what exists.
    """
    from .hydra_compose import merge

    texts: list[str] = []
    values: dict[str, Any] = {}
    if isinstance(overrides, str):
        raise ConfigError(f"overrides must be a list such as [{overrides!r}]; found the single text {overrides!r}")
    if isinstance(overrides, Mapping):
        values = _flatten(schema, overrides)
        preset = values.pop("preset", preset)
    for item in () if isinstance(overrides, Mapping) else overrides:
        if str(item).startswith("preset="):
            preset = item.removeprefix("preset=")
        else:
            texts.append(item)
    return _schema.build(schema, merge(schema, [*_preset(presets, preset), *texts], values))


def _preset(presets: Mapping[str, Sequence[str]], name: str | None) -> Sequence[str]:
    if name is None or name in presets:
        return presets[name] if name is not None else ()
    if name == PUBLISHED:
        return ()
    known = sorted({*presets, PUBLISHED})
    close = difflib.get_close_matches(str(name), known, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    raise ConfigError(f"unknown preset {name!r}.{guess} Presets: {', '.join(known)}")


def _flatten(schema: type, tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat = {}
    for key, value in tree.items():
        value = to_dict(value)
        node = f"{prefix}{key}" != "preset" and is_dataclass(_schema.locate(schema, f"{prefix}{key}"))
        flat |= _flatten(schema, value, f"{prefix}{key}.") if node and isinstance(value, Mapping) else {
            f"{prefix}{key}": value}
    return flat


def to_dict(config: Any) -> Any:
    """Plain dicts, lists, numbers and strings: what YAML and JSON can hold."""
    if is_dataclass(config):
        return {f.name: to_dict(getattr(config, f.name)) for f in fields(config)}
    if isinstance(config, Mapping):
        return {str(key): to_dict(value) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return [to_dict(part) for part in config]
    return str(config) if isinstance(config, PurePath) else config


def from_dict(schema: type[T], values: Mapping[str, Any]) -> T:
    """The inverse of `to_dict`: the configuration that a run has stored."""
    return compose(schema, {}, values)


def to_yaml(config: Any) -> str:
    """`to_dict` as YAML text, keys in the order of the dataclass."""
    import yaml

    return yaml.safe_dump(to_dict(config), sort_keys=False, allow_unicode=True)
