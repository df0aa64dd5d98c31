"""ViT-ModNet: a U-Net with a transformer at its bottom whose extra token styles every decoder level."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..settings import NetworkConfig
from .layers import activation, norm
from .modulation import ModulatedPair
from .transformer import PixelTransformer
from .upsampling import Doubling
from .winograd import Conv3x3

Shape = tuple[int, int, int]


class Convolutions(nn.Module):
    """Two 3 x 3 convolutions with LeakyReLU; their output is the skip. Then a strided one halves the image."""

    def __init__(self, channels_in: int, channels: int, level_norm: str) -> None:
        super().__init__()
        self.block = nn.Module()
        self.block.block = nn.Sequential(
            norm(level_norm, channels_in), Conv3x3(channels_in, channels), activation("leakyrelu"),
            norm(level_norm, channels), Conv3x3(channels, channels), activation("leakyrelu"))
        self.downsample = nn.Conv2d(channels, channels, 2, stride=2)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        skip = self.block.block(image)
        return self.downsample(skip), skip


class Deconvolutions(nn.Module):
    """Doubling with a 3 x 3 convolution, joining of the skip, and two modulated convolutions."""

    def __init__(self, channels: int, channels_out: int, network: NetworkConfig) -> None:
        super().__init__()
        self.upsample = Doubling(channels)
        self.block = ModulatedPair(2 * channels, channels, channels_out, network.features * network.extra_tokens,
                                   network.style_rezero, network.style_bias, network.demodulate)
        self.re_alpha = nn.Parameter(torch.zeros(1)) if network.level_rezero else None

    def forward(self, image: Tensor, skip: Tensor, style: Tensor) -> Tensor:
        image = self.upsample(image)
        if self.re_alpha is not None:
            image = self.re_alpha * image
        return self.block(torch.cat([image, skip], dim=1), style)


class Level(nn.Module):
    """One level of the U-Net round the levels below it, the last of which is the transformer."""

    def __init__(self, channels_in: int, channels: int, inner: nn.Module, network: NetworkConfig) -> None:
        super().__init__()
        self.conv = Convolutions(channels_in, channels, network.level_norm)
        self.inner_module = inner
        self.deconv = Deconvolutions(channels, channels_in, network)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        smaller, skip = self.conv(image)
        image, style = self.inner_module(smaller)
        return self.deconv(image, skip, style), style


class ModNet(nn.Module):
    """Input layer, nested levels, output layer."""

    def __init__(self, shape_in: Shape, channels_out: int, network: NetworkConfig) -> None:
        super().__init__()
        first = network.levels[0]
        self.layer_input = nn.Sequential(nn.Conv2d(shape_in[0], first, 3, padding=1), activation("leakyrelu"))
        factor = 2 ** len(network.levels)
        inner: nn.Module = PixelTransformer(
            network.levels[-1], shape_in[1] // factor, shape_in[2] // factor, features=network.features,
            heads=network.heads, blocks=network.blocks, hidden=network.feed_forward, embed=network.embed,
            extra_tokens=network.extra_tokens, rezero=network.rezero, order=network.positions)
        above = (first, *network.levels[:-1])
        for channels_in, channels in reversed(list(zip(above, network.levels, strict=True))):
            inner = Level(channels_in, channels, inner, network)
        self.modnet = inner
        self.layer_output = nn.Conv2d(first, channels_out, 1)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer_output(self.modnet(self.layer_input(image))[0])


class ViTModNet(nn.Module):
    """Generator: image (B, C_in, H, W) -> (B, C_out, H, W), in normalised values.

    Parameters
    ----------
    shape_in : tuple
        (channels, height, width); height and width must be divisible by 2 to the number of levels.
    channels_out : int
    network : NetworkConfig

    Raises
    ------
    ValueError
        The image cannot be halved as often as there are levels.
    """

    def __init__(self, shape_in: Shape, channels_out: int, network: NetworkConfig) -> None:
        super().__init__()
        factor = 2 ** len(network.levels)
        if shape_in[1] % factor or shape_in[2] % factor:
            raise ValueError(f"images of {shape_in[1]} x {shape_in[2]} pixels cannot be halved {len(network.levels)} "
                             f"times, as `network.levels` asks; both sides must be divisible by {factor}")
        self.net = ModNet(shape_in, channels_out, network)
        self.output = activation(network.output)

    def forward(self, image: Tensor) -> Tensor:
        return self.output(self.net(image))
