"""Run an encoder over many inputs, without gradient and in evaluation mode."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


@torch.no_grad()
def encode_in_chunks(encoder: Callable[[Tensor], Tensor], inputs: Tensor, chunk: int = 256,
                     module: nn.Module | None = None) -> Tensor:
    """Features of `inputs` (n, ...), `chunk` at a time. Every submodule's training switch is put back afterwards.

    `encoder` may be a module or a bound method of one, such as ``network.shared_encoder``; else name the `module`.
    """
    if module is None:
        module = encoder if isinstance(encoder, nn.Module) else getattr(encoder, "__self__", None)
    modules = list(module.modules()) if isinstance(module, nn.Module) else []
    modes = [m.training for m in modules]
    try:
        if modules:
            modules[0].eval()
        return torch.cat([encoder(part) for part in inputs.split(chunk)])
    finally:
        for m, mode in zip(modules, modes, strict=True):
            m.training = mode
