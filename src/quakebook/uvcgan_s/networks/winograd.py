"""3 x 3 convolutions with a quarter of the products, by minimal filtering (Lavin and Gray, arXiv 1509.09308).

Tiles of 4 x 4 places need 36 products a pair of channels in place of 144: tile and filter are transformed,
multiplied place by place and transformed back. A processor whose library has no such convolution gains by it as soon
as there are many channels; a GPU's library chooses such algorithms itself. Results differ from the plain ones by
rounding alone.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from contextvars import ContextVar

import torch
from torch import Tensor, nn

from quakebook.contexts import during

from .winograd_products import filters_of, mixed
from .winograd_tiles import OUT

#: Fewer channels than this do not pay for the transforms (measured: between 48 and 64 they begin to).
LEAST_CHANNELS = 64
#: Nor do fewer tiles than a twelfth of the channels: then reading the transformed filters costs more than it saves.
CHANNELS_PER_TILE = 12

_shared: ContextVar[dict[tuple[int, bool], Tensor] | None] = ContextVar("shared_filters", default=None)


class Conv3x3(nn.Conv2d):
    """A 3 x 3 convolution of stride 1 that keeps the image's size, as PyTorch's own but for its speed on a CPU."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        if not pays(image, self.weight):
            return super().forward(image)
        return convolve(image, self.weight) + self.bias[:, None, None]


def pays(image: Tensor, weight: Tensor) -> bool:
    """Whether `convolve` is the quicker way: many channels and tiles, full precision, a CPU, nothing that traces."""
    count, channels, height, width = image.shape
    most, tiles = max(weight.shape[:2]), count * -(-height // OUT) * -(-width // OUT)
    return (weight.shape[2:] == (3, 3) and min(weight.shape[:2]) >= LEAST_CHANNELS
            and tiles * CHANNELS_PER_TILE >= most and image.device.type == "cpu" and image.dtype == weight.dtype
            and image.dtype in (torch.float32, torch.float64) and not torch.is_autocast_enabled("cpu")
            and not torch.compiler.is_compiling() and not torch.jit.is_tracing())


def convolve(image: Tensor, weight: Tensor) -> Tensor:
    """`conv2d(image, weight, padding=1)` for images (B, C, H, W) and 3 x 3 filters (K, C, 3, 3); twice differentiable.

    Returns
    -------
    Tensor, shape (B, K, H, W)
        Its channels lie last in memory.
    """
    return mixed(image, _filters(weight))


def laid_out(image: Tensor, weight: Tensor) -> Tensor:
    """The image in the order of memory in which convolutions with such filters are quick on a CPU."""
    if image.device.type != "cpu" or torch.compiler.is_compiling():
        return image
    order = torch.channels_last if pays(image, weight) else torch.contiguous_format
    return image.contiguous(memory_format=order)


def shared_filters() -> AbstractContextManager[dict[tuple[int, bool], Tensor] | None]:
    """Filters that several passes use are transformed once. Weights must stay as they are inside."""
    return during(_shared, {})


def _filters(weight: Tensor) -> Tensor:
    kept = _shared.get()
    if kept is None:
        return filters_of(weight)
    key = id(weight), weight.requires_grad and torch.is_grad_enabled()
    if key not in kept:
        kept[key] = filters_of(weight)
    return kept[key]
