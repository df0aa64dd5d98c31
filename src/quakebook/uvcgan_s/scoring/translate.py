"""Generators applied to whole sets of images."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from ..data.domains import Source
from ..data.norms import Norm

#: A separation: mixtures (n, C, H, W) -> background and signal, in image values.
Separate = Callable[[Tensor], tuple[Tensor, Tensor]]


def batches(source: Source, size: int, device: torch.device | str) -> Iterator[Tensor]:
    """All images of a source in order, on a device."""
    for first in range(0, len(source), size):
        rows = torch.arange(first, min(first + size, len(source)))
        yield source.read(rows).to(device, torch.get_default_dtype())


@torch.no_grad()
def decompose(gen_ba: nn.Module, images: Tensor, norm: Norm, channels_a0: int) -> tuple[Tensor, Tensor]:
    """Background and signal of mixtures (B, C, H, W), in image values."""
    both = norm.inverse(gen_ba(norm.forward(images)))
    return both[:, :channels_a0], both[:, channels_a0:]


def decompose_all(gen_ba: nn.Module, source: Source, norm: Norm, channels_a0: int, size: int,
                  device: torch.device | str) -> tuple[Tensor, Tensor]:
    """Background and signal of every mixture of a source, on the CPU."""
    parts = [decompose(gen_ba, images, norm, channels_a0) for images in batches(source, size, device)]
    return torch.cat([a0.cpu() for a0, _ in parts]), torch.cat([a1.cpu() for _, a1 in parts])
