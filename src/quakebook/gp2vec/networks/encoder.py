"""Feature encoder: strided convolutions from samples to latent frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Padding = Literal["same", "valid"]
Norm = Literal["group", "layer"]
EPS = 1e-5


@dataclass(frozen=True)
class Layer:
    """One convolution: output channels, kernel size and stride in samples of its input."""

    channels: int
    kernel_size: int
    stride: int

    def __post_init__(self) -> None:
        if min(self.channels, self.kernel_size, self.stride) < 1:
            raise ValueError(f"a convolution needs channels, kernel_size and stride >= 1; found {self}")


#: Kernels and strides of each preset; the name says the frames per second at 100 Hz. `hz5` is the default; `hz50` is
#: the rate of speech models; `draft160` and `speech320` keep strides made for other rates, for comparison.
PRESETS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "hz5": ((10, 8, 3, 3, 3), (5, 4, 1, 1, 1)),
    "hz25": ((10, 8, 3, 3, 3), (2, 2, 1, 1, 1)),
    "hz50": ((10, 8, 3, 3, 3), (2, 1, 1, 1, 1)),
    "hz100": ((10, 8, 3, 3, 3), (1, 1, 1, 1, 1)),
    "draft160": ((10, 8, 4, 4, 4), (5, 4, 2, 2, 2)),
    "speech320": ((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)),
    "seislm": ((3, 3), (2, 2)),
}


def layers(preset: str, channels: Sequence[int]) -> tuple[Layer, ...]:
    """Convolutions of a preset; `channels` per layer, the last repeated or cut to the preset's number of layers.

    >>> layers("hz5", (64, 128, 256, 512, 768))[0]
    Layer(channels=64, kernel_size=10, stride=5)
    """
    if preset not in PRESETS:
        raise ValueError(f"unknown frame rate {preset!r}; known: {', '.join(PRESETS)}")
    kernels, strides = PRESETS[preset]
    widths = [*channels, *[channels[-1]] * len(kernels)][: len(kernels)]
    widths[-1] = channels[-1]
    return tuple(Layer(*each) for each in zip(widths, kernels, strides, strict=True))


def from_config(conv_layers: Sequence[Any]) -> tuple[Layer, ...]:
    """Convolutions from mappings {channels, kernel_size, stride} or triples."""
    return tuple(Layer(**each) if hasattr(each, "keys") else Layer(*each) for each in conv_layers)


def lengths(convolutions: Sequence[Layer], samples: int, padding: Padding = "same") -> list[int]:
    """Frames after each layer: valid, floor((N - k) / s) + 1; same, ceil(N / s)."""
    out = []
    for layer in convolutions:
        samples = (-(-samples // layer.stride) if padding == "same"
                   else (samples - layer.kernel_size) // layer.stride + 1)
        out.append(samples)
    return out


def total_stride(convolutions: Sequence[Layer]) -> int:
    """Samples between two latent frames."""
    product = 1
    for layer in convolutions:
        product *= layer.stride
    return product


def receptive_field(convolutions: Sequence[Layer]) -> int:
    """Samples that one latent frame sees: 1 + sum over layers of (k - 1) times the strides before."""
    field, jump = 1, 1
    for layer in convolutions:
        field += (layer.kernel_size - 1) * jump
        jump *= layer.stride
    return field


class ScaleGradient(torch.autograd.Function):
    """The identity whose gradient is multiplied by a number."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: float) -> Tensor:
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient * ctx.factor, None


class Block(nn.Module):
    """Convolution, normalisation, GELU. "layer": over channels at each frame; "group": over time for each channel."""

    def __init__(self, inputs: int, layer: Layer, norm: Norm | None, padding: Padding) -> None:
        super().__init__()
        self.layer, self.kind, self.padding = layer, norm, padding
        self.conv = nn.Conv1d(inputs, layer.channels, layer.kernel_size, layer.stride)
        nn.init.kaiming_normal_(self.conv.weight)
        if norm == "layer":
            self.norm = nn.LayerNorm(layer.channels, eps=EPS)
        elif norm == "group":
            self.norm = nn.GroupNorm(layer.channels, layer.channels, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        if self.padding == "same":
            x = F.pad(x, _pads(x.shape[-1], self.layer))
        x = self.conv(x)
        if self.kind == "layer":
            x = self.norm(x.transpose(1, 2)).transpose(1, 2)
        elif self.kind == "group":
            x = self.norm(x)
        return F.gelu(x)


def _pads(samples: int, layer: Layer) -> tuple[int, int]:
    """Zeros before and after, so that ceil(N / s) frames come out; the smaller half stands before."""
    frames = -(-samples // layer.stride)
    total = max(0, (frames - 1) * layer.stride + layer.kernel_size - samples)
    return total // 2, total - total // 2


class FeatureEncoder(nn.Module):
    """Waveforms (B, C, N) to latents (B, T, channels of the last layer).

    Parameters
    ----------
    convolutions : sequence of Layer
    channels : int
        Components of the input, 1 or 3.
    norm : {"group", "layer"}
        "group": one normalisation over time after the first convolution (wav2vec 2.0 base); it keeps the envelope of
        the window. "layer": after every convolution, at each frame over its channels (wav2vec 2.0 large); it removes
        the envelope.
    padding : {"same", "valid"}
    feature_grad_mult : float
        Factor on the gradient that enters the stack.
    """

    def __init__(self, convolutions: Sequence[Layer], channels: int = 3, norm: Norm = "group",
                 padding: Padding = "same", feature_grad_mult: float = 1.0) -> None:
        super().__init__()
        self.convolutions, self.channels, self.padding = tuple(convolutions), channels, padding
        self.feature_grad_mult = feature_grad_mult
        inputs = [channels, *[layer.channels for layer in self.convolutions]]
        kinds = [norm if norm == "layer" or i == 0 else None for i in range(len(self.convolutions))]
        self.blocks = nn.ModuleList(
            Block(width, layer, kind, padding)
            for width, layer, kind in zip(inputs, self.convolutions, kinds, strict=False))

    @property
    def out_channels(self) -> int:
        return self.convolutions[-1].channels

    def frames(self, samples: int) -> int:
        """Latent frames of a window of that many samples."""
        return lengths(self.convolutions, samples, self.padding)[-1]

    def forward(self, waveforms: Tensor) -> Tensor:
        if waveforms.ndim != 3 or waveforms.shape[1] != self.channels:
            raise ValueError(f"`waveforms` must have shape (batch, {self.channels}, samples); "
                             f"found {tuple(waveforms.shape)}")
        if self.frames(waveforms.shape[-1]) < 1:
            raise ValueError(f"`waveforms` of {waveforms.shape[-1]} samples give no latent frame; one frame sees "
                             f"{receptive_field(self.convolutions)} samples")
        x = waveforms
        for block in self.blocks:
            x = block(x)
        if self.feature_grad_mult != 1.0 and x.requires_grad:
            x = ScaleGradient.apply(x, self.feature_grad_mult)
        return x.transpose(1, 2)  # (B, T, C)
