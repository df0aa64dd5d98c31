"""Convolutions whose input channels are scaled by a style (StyleGAN2, arXiv 1912.04958)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .layers import activation
from .winograd import Conv3x3

#: Added to the squared norm of a modulated filter before its root.
DEMODULATION_EPS = 1e-6


class Style(nn.Module):
    """Scales of input channels, s = 1 + alpha (W m + b), from the style vector m.

    With `rezero`, alpha is learned and starts at 0, so that all scales start at 1; without it alpha is 1.
    """

    def __init__(self, style_features: int, channels: int, rezero: bool = True, bias: bool = True) -> None:
        super().__init__()
        self.affine_mod = nn.Linear(style_features, channels, bias=bias)
        self.re_alpha = nn.Parameter(torch.zeros(1)) if rezero else 1.0

    def forward(self, style: Tensor) -> Tensor:
        return 1 + self.re_alpha * self.affine_mod(style)  # (B, channels)


class ModulatedConv(nn.Module):
    """y = d (conv(s x) + bias), 3 x 3, with d_o = (sum_i s_i^2 sum_hw w_oihw^2 + 1e-6)^(-1/2).

    The bias stands inside the demodulation d, unlike in StyleGAN2. Without `demodulate`, d = 1.
    """

    def __init__(self, channels_in: int, channels_out: int, demodulate: bool = True) -> None:
        super().__init__()
        self.conv = Conv3x3(channels_in, channels_out)
        self._demodulate = demodulate

    def forward(self, image: Tensor, scales: Tensor) -> Tensor:
        """Image (B, channels_in, H, W) and scales (B, channels_in) -> (B, channels_out, H, W)."""
        mixed = self.conv(image * scales[:, :, None, None])
        if not self._demodulate:
            return mixed
        energy = self.conv.weight.square().sum(dim=(2, 3))  # (channels_out, channels_in)
        norms = torch.rsqrt(scales.square() @ energy.T + DEMODULATION_EPS)
        return mixed * norms[:, :, None, None]


class ModulatedPair(nn.Module):
    """Two modulated convolutions, each with its own style and followed by LeakyReLU."""

    def __init__(self, channels_in: int, channels_mid: int, channels_out: int, style_features: int,
                 style_rezero: bool = True, style_bias: bool = True, demodulate: bool = True) -> None:
        super().__init__()
        self.style_block1 = Style(style_features, channels_in, style_rezero, style_bias)
        self.conv_block1 = ModulatedConv(channels_in, channels_mid, demodulate)
        self.style_block2 = Style(style_features, channels_mid, style_rezero, style_bias)
        self.conv_block2 = ModulatedConv(channels_mid, channels_out, demodulate)
        self.activation = activation("leakyrelu")

    def forward(self, image: Tensor, style: Tensor) -> Tensor:
        image = self.activation(self.conv_block1(image, self.style_block1(style)))
        return self.activation(self.conv_block2(image, self.style_block2(style)))
