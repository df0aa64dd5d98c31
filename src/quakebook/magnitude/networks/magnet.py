"""MagNet (Mousavi and Beroza 2020), the small single-station baseline with its own uncertainty."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .base import MagnitudeModel

#: The window starts this long before P.
BEFORE_P_SAMPLES = 100


class MagNet(MagnitudeModel):
    """``(batch, 3 or 4, 3000)`` to ``(batch, 2)``: mean and log variance of the magnitude.

    No activation follows the convolutions, so amplitude passes through them. On networks of mixed gain the amplitude
    channel (default ``physical``) takes the place of the raw counts of the paper.
    """

    per_sample = False

    def __init__(self, norm: str = "std", amplitude: str = "physical", sampling_rate: float = 100.0,
                 lstm_hidden: int = 100, dropout: float = 0.2, in_samples: int = 3000) -> None:
        super().__init__(in_samples=in_samples, norm=norm, amplitude=amplitude, label_offset=0.0, output_scale=1.0,
                         sampling_rate=sampling_rate)
        self.lstm_hidden, self.dropout = lstm_hidden, dropout
        self.convolutions = nn.Sequential(
            nn.Conv1d(self.in_channels, 64, 3, padding="same"), nn.Dropout(dropout), nn.MaxPool1d(4, ceil_mode=True),
            nn.Conv1d(64, 32, 3, padding="same"), nn.Dropout(dropout), nn.MaxPool1d(4, ceil_mode=True))
        self.lstm = nn.LSTM(32, lstm_hidden, batch_first=True, bidirectional=True)
        self.readout = nn.Linear(2 * lstm_hidden, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.convolutions(x).transpose(1, 2)  # (B, 188, 32)
        _, (hidden, _) = self.lstm(x)
        return self.readout(torch.cat([hidden[0], hidden[1]], dim=-1))  # (B, 2)

    def annotate_batch_post(self, batch: Tensor, piggyback: object, argdict: dict) -> Tensor:
        return super().annotate_batch_post(batch[:, :1], piggyback, argdict)

    def uncertainty(self, x: Tensor, passes: int = 50) -> tuple[Tensor, Tensor, Tensor]:
        """Mean magnitude, aleatoric and epistemic variance of every record, shape ``(batch,)`` each.

        Dropout stays on during `passes` forward passes: the variance of the means is the epistemic part, the mean of
        the predicted variances the aleatoric part. The mode of the model is the same afterwards.
        """
        training = self.training
        self.train()
        with torch.no_grad():
            runs = torch.stack([self(x) for _ in range(passes)])
        self.train(training)
        return runs[..., 0].mean(0), runs[..., 1].exp().mean(0), runs[..., 0].var(0, correction=0)
