"""Critics: bodies that score patches of an image, and the wrapper that adds a head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .layers import activation, norm
from .spectral import SpectralConv2d
from .winograd import laid_out


class ResidualBlock(nn.Module):
    """LeakyReLU(x + alpha (conv, norm, LeakyReLU, conv, norm)(x)), alpha starting at 0."""

    def __init__(self, features: int, norm_name: str) -> None:
        super().__init__()
        self.block = nn.Sequential(
            SpectralConv2d(features, features, 3, padding=1), norm(norm_name, features), activation("leakyrelu"),
            SpectralConv2d(features, features, 3, padding=1), norm(norm_name, features))
        self.block_out = activation("leakyrelu")
        self.re_alpha = nn.Parameter(torch.zeros(1))

    def forward(self, image: Tensor) -> Tensor:
        image = laid_out(image, self.block[0].filters)  # once a level: the sum below keeps the order
        return self.block_out(image + self.re_alpha * self.block(image))


class Stem(nn.Module):
    """One convolution: 3 x 3 at the entrance, 2 x 2 with stride 2 between levels."""

    def __init__(self, channels_in: int, channels: int, first: bool) -> None:
        super().__init__()
        self.net = nn.Sequential(SpectralConv2d(channels_in, channels, 3, padding=1) if first else
                                 SpectralConv2d(channels_in, channels, 2, stride=2))

    def forward(self, image: Tensor) -> Tensor:
        return self.net(image)


class ResNetBody(nn.Module):
    """Residual critic: levels joined by strided convolutions, then 1 x 1 to one score a place.

    With `reduce` off the features themselves are returned, for a head.
    """

    def __init__(self, channels_in: int, levels: Sequence[int], blocks: int, norm_name: str,
                 reduce: bool = True) -> None:
        super().__init__()
        self._net = nn.Module()
        self._net.blocks = nn.ModuleList()
        for k, channels in enumerate(levels):
            self._net.blocks.append(Stem(channels_in, channels, first=k == 0))
            self._net.blocks.append(nn.Sequential(*(ResidualBlock(channels, norm_name) for _ in range(blocks))))
            channels_in = channels
        self._out = nn.Sequential(*([SpectralConv2d(channels_in, 1, 1)] if reduce else []))

    def forward(self, image: Tensor) -> Tensor:
        for block in self._net.blocks:
            image = block(image)
        return self._out(image)


class NLayersBody(nn.Module):
    """PatchGAN critic of CycleGAN: 4 x 4 convolutions, stride 2 but for the last two; instance norm, LeakyReLU(0.2)."""

    def __init__(self, channels_in: int, levels: Sequence[int], norm_name: str, reduce: bool = True) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        widths = [*levels, levels[-1]]
        for k, channels in enumerate(widths):
            stride = 1 if k == len(levels) else 2
            layers.append(SpectralConv2d(channels_in, channels, 4, stride=stride, padding=1))
            layers += [norm(norm_name, channels)] if k else []
            layers.append(nn.LeakyReLU(0.2))
            channels_in = channels
        self.model = nn.Sequential(*layers)
        self.shrink_conv = SpectralConv2d(channels_in, 1, 4, padding=1) if reduce else nn.Identity()

    def forward(self, image: Tensor) -> Tensor:
        return self.shrink_conv(self.model(image))


class Critic(nn.Module):
    """Body, then head. The head may see bodies of earlier batches; its answer is cut to the present batch."""

    def __init__(self, body: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self._body, self._head = body, head

    def forward(self, image: Tensor, earlier: Tensor | None = None, with_body: bool = False) -> Any:
        """Scores of an image batch (B, C, H, W); with `with_body` also the body's output, for a queue."""
        body = self._body(image)
        seen = body if earlier is None else torch.cat([body, earlier])
        scores = self._head(seen)[:len(body)]
        return (scores, body) if with_body else scores
