"""EQTransformerMag after the published code: the trunk of EQTransformer (SeisBench's parts) and one decoder."""

from __future__ import annotations

from seisbench.models.eqtransformer import BiLSTMStack, Decoder, Encoder, ResCNNStack, Transformer
from torch import Tensor, nn

FILTERS = (8, 16, 16, 32, 32, 64, 64)
KERNELS = (11, 9, 7, 7, 5, 5, 3)
RESIDUAL_KERNELS = (3, 3, 3, 3, 2, 3, 2)
#: Width after the LSTM blocks (Mousavi et al. 2020).
WIDTH = 16


class EQTTrunk(nn.Module):
    """``(batch, channels, in_samples)`` to ``(batch, n_class, in_samples)``; the length is fixed when it is built."""

    def __init__(self, in_channels: int, in_samples: int, filter_factor: int, lstm_blocks: int, drop_rate: float,
                 n_class: int) -> None:
        super().__init__()
        filters = [n * filter_factor for n in FILTERS]
        self.encoder = Encoder(in_channels, filters, list(KERNELS), in_samples)
        self.residual = ResCNNStack(list(RESIDUAL_KERNELS), filters[-1], drop_rate)
        self.lstms = BiLSTMStack(lstm_blocks, filters[-1], drop_rate, hidden_size=WIDTH)
        self.attention_1 = Transformer(WIDTH, drop_rate, eps=1e-5)
        self.attention_2 = Transformer(WIDTH, drop_rate, eps=1e-5)
        self.decoder = Decoder(WIDTH, filters[::-1], list(KERNELS[::-1]), in_samples)
        self.out = nn.Conv1d(filters[0], n_class, 11, padding=5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.lstms(self.residual(self.encoder(x)))  # (B, 16, 24)
        x, _ = self.attention_1(x)
        x, _ = self.attention_2(x)
        return self.out(self.decoder(x))  # (B, n_class, 3001)
