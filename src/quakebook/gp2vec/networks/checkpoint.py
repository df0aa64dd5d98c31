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
#: Endings of packed tensors.
LEVELS, SCALE = ".levels", ".scale"


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
    try:
        plan = Architecture.from_plain(json.loads(header["architecture"]))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{path}: the header holds no architecture ({type(error).__name__}: {error})") from error
    return plan, {name: value.float() if value.is_floating_point() else value for name, value in state.items()}


def facts(path: str | Path) -> dict[str, Any]:
    """What was noted beside the weights."""
    try:
        with safe_open(str(path), framework="pt") as file:
            return json.loads((file.metadata() or {}).get("facts", "{}"))
    except (SafetensorError, OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not readable as weights with facts: {error}") from error


def pack(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights in about a quarter of their size: matrices as int8 with a scale per row, the rest as float16."""
    out: dict[str, Tensor] = {}
    for name, value in state.items():
        value = value.detach().cpu()
        if value.ndim >= 2 and value.is_floating_point():
            flat = value.flatten(1)
            scale = (flat.abs().amax(1) / 127).clamp_min(1e-12)
            out[f"{name}{LEVELS}"] = (flat / scale[:, None]).round().to(torch.int8).view_as(value).contiguous()
            out[f"{name}{SCALE}"] = scale.float()
        else:
            out[name] = (value.half() if value.is_floating_point() else value).contiguous()
    return out


def unpack(packed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `pack`, up to rounding by half a step of each row."""
    out = {}
    for name, value in packed.items():
        if name.endswith(LEVELS):
            scale = packed[name.removesuffix(LEVELS) + SCALE]
            out[name.removesuffix(LEVELS)] = value.float() * scale.view(-1, *[1] * (value.ndim - 1))
        elif not name.endswith(SCALE):
            out[name] = value.float() if value.is_floating_point() else value
    return out
