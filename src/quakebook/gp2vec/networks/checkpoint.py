"""Weights to a safetensors file that says how its network is built, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

from quakebook.training.files import write_atomic

from .architecture import Architecture

KIND = "gp2vec"


def save(path: str | Path, plan: Architecture, state: Mapping[str, Tensor], half: bool = False,
         **facts: Any) -> Path:
    """Write weights, architecture and facts; `half` keeps them in float16 (half the size)."""
    kept = {name: value.detach().cpu().to(torch.float16 if half and value.is_floating_point() else value.dtype)
            .contiguous() for name, value in state.items()}
    header = {"kind": KIND, "architecture": json.dumps(plan.plain()), "facts": json.dumps(facts)}
    return write_atomic(Path(path), to_bytes(kept, metadata=header))


def read(path: str | Path) -> tuple[Architecture, dict[str, Tensor]]:
    """Architecture and weights (float32) of a file; anything else is refused by name."""
    try:
        with safe_open(str(path), framework="pt") as file:
            header = file.metadata() or {}
            if header.get("kind") != KIND:
                raise ValueError(f"{path}: expected weights of {KIND}; found kind {header.get('kind')!r}")
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (a file, not a dict)
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path}: not readable as safetensors: {error}") from error
    plan = Architecture.from_plain(json.loads(header["architecture"]))
    return plan, {name: value.float() if value.is_floating_point() else value for name, value in state.items()}


def facts(path: str | Path) -> dict[str, Any]:
    """What was noted beside the weights."""
    with safe_open(str(path), framework="pt") as file:
        return json.loads((file.metadata() or {}).get("facts", "{}"))
