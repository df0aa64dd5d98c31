"""Checkpoints that carry everything evaluation needs, so that nobody has to repeat an option.

A file holds plain numbers, words, lists and tensors only and is read with ``weights_only=True``.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from quakebook.magnitude.model_types import lookup
from quakebook.training.files import atomic

from .build import build
from .checkpoint_path import CheckpointError, resolve_path
from .published_keys import renamed

__all__ = ["FORMAT", "Checkpoint", "CheckpointError", "describe", "load", "plain", "resolve_path", "save",
           "write_atomically"]

FORMAT = "quakebook.magnitude.checkpoint"


@dataclass(frozen=True)
class Checkpoint:
    """A loaded checkpoint: the model, ready for evaluation, and its stored configuration (plain types)."""

    model: nn.Module
    content: dict[str, Any]
    path: Path

    @property
    def model_type(self) -> str:
        """Type name of the stored model."""
        return self.content["model_type"]


def plain(value: Any) -> Any:
    """Turn tuples, paths and numpy numbers into types that ``weights_only`` admits."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item") and not isinstance(value, torch.Tensor):
        return value.item()
    return value


def describe(model: nn.Module, model_type: str, config: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything about a model but its weights and scores: the head of a checkpoint."""
    import seisbench

    arguments = plain(model.get_model_args())
    names = ("norm", "amplitude", "label_offset", "in_samples")
    found = {name: arguments[name] for name in names if name in arguments}
    return {
        "format": FORMAT, "model_type": model_type, "model_args": arguments,
        "preprocess": {"norm": found.get("norm"), "amplitude": found.get("amplitude", "none"),
                       "amplitude_scale": plain(_amplitude_scale(found.get("amplitude"))),
                       "window_samples": found.get("in_samples", 3001),
                       "sampling_rate_hz": arguments.get("sampling_rate"), "component_order": "ZNE"},
        "label": {"offset": found.get("label_offset", 0.0), "onset": "earliest P or S pick in the window"},
        "phases": arguments.get("phases"), "config": plain(config), "data": plain(data),
        "versions": {"torch": str(torch.__version__), "seisbench": str(seisbench.__version__),
                     "python": platform.python_version()},
    }


def save(path: str | Path, head: Mapping[str, Any], model: nn.Module, *, epoch: int, metrics: Mapping[str, float],
         optimiser: Mapping[str, Any] | None = None, schedule: Mapping[str, Any] | None = None) -> Path:
    """Write a checkpoint in one piece (temporary name, flushed, renamed)."""
    content = {**head, "epoch": epoch, "metrics": plain(metrics), "state_dict": model.state_dict(),
               "optimiser": optimiser, "schedule": schedule}
    return write_atomically(path, content)


def write_atomically(path: str | Path, content: Any) -> Path:
    """``torch.save`` under a temporary name in the same folder, fsync, rename."""
    with atomic(path) as part:
        torch.save(content, part)
    return Path(path)


def load(pattern: str | Path, *, model_type: str | None = None, options: Mapping[str, Any] | None = None,
         family: str | None = None, force: bool = False) -> Checkpoint:
    """Load a checkpoint and compare it with what the user asked for.

    Parameters
    ----------
    pattern : str or Path
        File; may contain wildcards (newest export, see `checkpoint_path.resolve_path`).
    model_type : str, optional
        Expected type; required for legacy files (bare weights).
    options : mapping, optional
        Options the user gave; each must equal the stored one.
    family : str, optional
        Expected family.
    force : bool
        Take the stored options in spite of a mismatch of options.
    """
    path = resolve_path(pattern)
    content = _read(path)
    if content.get("format") != FORMAT:
        content = _legacy(content, path, model_type, dict(options or {}))
    if model_type is not None and model_type != content["model_type"]:
        raise CheckpointError(f"{path} holds a {content['model_type']!r} model, not {model_type!r}")
    if family is not None:
        lookup(content["model_type"], family)
    if not force:
        _compare(content, dict(options or {}), path)
    model = build(content["model_type"], **content["model_args"])
    model.load_state_dict(content["state_dict"])
    return Checkpoint(model.eval(), content, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{path} is not a readable checkpoint: {type(error).__name__}: "
                              f"{str(error).splitlines()[0]}") from error
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{path} is not a checkpoint: it holds a {type(content).__name__}")
    return dict(content)


def _legacy(content: dict[str, Any], path: Path, model_type: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """Bare weights carry no configuration: take it from the options."""
    weights = content.get("model_state_dict", content.get("state_dict", content))
    if not all(isinstance(value, torch.Tensor) for value in weights.values()):
        raise CheckpointError(f"{path} is no model checkpoint (found: {', '.join(map(str, list(content)[:6]))})")
    if model_type is None:
        raise CheckpointError(f"{path} holds bare weights without configuration; say model_type (--model_type) and "
                              "repeat every option of its training")
    model, weights = build(model_type, **options), renamed(weights, model_type)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise CheckpointError(f"the weights in {path} do not fit a {model_type!r} with options {options}: "
                              f"{str(error).splitlines()[1].strip()}") from error
    return {**describe(model, model_type, {}, {}), "epoch": 0, "metrics": {}, "state_dict": weights}


def _compare(content: Mapping[str, Any], options: Mapping[str, Any], path: Path) -> None:
    stored = content["model_args"]
    entry = lookup(content["model_type"])
    for name in options:
        entry.option(name)
    wrong = [f"{name}: stored {stored[name]!r}, given {value!r}" for name, value in options.items()
             if stored.get(name) != value]
    if wrong:
        raise CheckpointError(f"options differ from those that trained {path}: {'; '.join(wrong)}. "
                              "Leave them out, or pass force (--force) to evaluate with the stored ones")


def _amplitude_scale(amplitude: str | None) -> tuple[float, ...]:
    from quakebook.magnitude.data.amplitude import AMPLITUDE_SCALE

    return AMPLITUDE_SCALE.get(amplitude or "none", ())
