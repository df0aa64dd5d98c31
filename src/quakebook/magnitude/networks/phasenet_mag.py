"""PhaseNetMag: PhaseNet's U-Net with one output channel, a magnitude per sample."""

from __future__ import annotations

from torch import Tensor

from .base import MagnitudeModel
from .unet import UNet


class PhaseNetMag(MagnitudeModel):
    """Input ``(batch, 3 or 4, 3000 or 3001)``, output ``(batch, 1, samples)`` without a final activation.

    As in the published code, the strided convolutions have biases and pad three zeros on both sides; every other
    convolution but the first and the last is without bias.
    """

    def __init__(self, filter_factor: int = 1, norm: str = "std", amplitude: str = "none", label_offset: float = 0.0,
                 output_scale: float = 1.0, sampling_rate: float = 100.0, dropout: float = 0.0,
                 in_samples: int = 3000) -> None:
        super().__init__(in_samples=in_samples, norm=norm, amplitude=amplitude, label_offset=label_offset,
                         output_scale=output_scale, sampling_rate=sampling_rate)
        self.filter_factor, self.dropout = filter_factor, dropout
        self.unet = UNet(self.in_channels, filter_factor, stride=4, dropout=dropout, down_bias=True, trim=(1, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.output_scale * self.unet(x)
