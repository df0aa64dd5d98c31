"""PhaseNetMag: PhaseNet's U-Net with one output channel, a magnitude per sample."""

from __future__ import annotations

from torch import Tensor

from .base import MagnitudeModel
from .unet import UNet


class PhaseNetMag(MagnitudeModel):
    """Input ``(batch, 3 or 4, 3000 or 3001)``, output ``(batch, 1, samples)`` without a final activation.

    The reference model counts 120 more parameters than PhaseNet's rule "bias only in the first and the last layer"
    gives; biases of the four transposed convolutions account for them exactly and change nothing, since batch
    normalisation follows.
    """

    def __init__(self, filter_factor: int = 1, norm: str = "std", amplitude: str = "none", label_offset: float = 0.0,
                 output_scale: float = 1.0, sampling_rate: float = 100.0, dropout: float = 0.0,
                 in_samples: int = 3000) -> None:
        super().__init__(in_samples=in_samples, norm=norm, amplitude=amplitude, label_offset=label_offset,
                         output_scale=output_scale, sampling_rate=sampling_rate)
        self.filter_factor, self.dropout = filter_factor, dropout
        self.unet = UNet(self.in_channels, filter_factor, stride=4, dropout=dropout, tf_padding=True, up_bias=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.output_scale * self.unet(x)
