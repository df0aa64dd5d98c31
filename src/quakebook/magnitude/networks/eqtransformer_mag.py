"""EQTransformerMag in both architectures: ``transformer`` (README) and ``eqt`` (published code)."""

from __future__ import annotations

from torch import Tensor

from .base import MagnitudeModel
from .eqt_trunk import EQTTrunk
from .transformer_trunk import KERNELS, AttentionPool, Decoder, Trunk


class EQTransformerMag(MagnitudeModel):
    """Input ``(batch, 3 or 4, 3001)``; output ``(batch, n_class, 3001)``, or ``(batch, n_class)`` with head scalar.

    ``arch="eqt"`` accepts windows of exactly 3001 samples. `phases` selects the pick columns that define the onset.
    """

    def __init__(self, filter_factor: int = 1, norm: str = "std", amplitude: str = "none", label_offset: float = 0.0,
                 output_scale: float = 1.0, sampling_rate: float = 100.0, arch: str = "transformer",
                 head: str = "per_sample", n_class: int = 1, phases: str = "PS", cnn_blocks: int = 5,
                 lstm_blocks: int | None = None, transformer_d_model: int = 128, transformer_nhead: int = 8,
                 transformer_num_encoder_layers: int = 4, transformer_dim_feedforward: int = 512,
                 drop_rate: float = 0.1, in_samples: int = 3001) -> None:
        super().__init__(in_samples=in_samples, norm=norm, amplitude=amplitude, label_offset=label_offset,
                         output_scale=output_scale, sampling_rate=sampling_rate)
        self.arch, self.head, self.n_class, self.phases = arch, head, n_class, phases
        self.filter_factor, self.cnn_blocks, self.drop_rate = filter_factor, cnn_blocks, drop_rate
        self.lstm_blocks = (2 if arch == "transformer" else 3) if lstm_blocks is None else lstm_blocks
        self.transformer_d_model, self.transformer_nhead = transformer_d_model, transformer_nhead
        self.transformer_num_encoder_layers = transformer_num_encoder_layers
        self.transformer_dim_feedforward = transformer_dim_feedforward
        self._check()
        self.per_sample = head == "per_sample"
        self.joint_std, self.taper_samples = arch == "eqt", 6 if arch == "eqt" else 0
        self._build()

    def _check(self) -> None:
        if self.arch not in ("transformer", "eqt") or self.head not in ("per_sample", "scalar"):
            raise ValueError("`arch` must be 'transformer' or 'eqt' and `head` 'per_sample' or 'scalar'; found "
                             f"{self.arch!r} and {self.head!r}")
        if self.arch == "eqt" and self.head == "scalar":
            raise ValueError("arch='eqt' answers per sample; head='scalar' needs arch='transformer'")
        if self.transformer_d_model % self.transformer_nhead or self.transformer_d_model % 2:
            raise ValueError(f"`transformer_d_model` ({self.transformer_d_model}) must be even and divisible by "
                             f"`transformer_nhead` ({self.transformer_nhead})")
        if not 1 <= self.cnn_blocks <= len(KERNELS):
            raise ValueError(f"`cnn_blocks` must be 1 to {len(KERNELS)}; found {self.cnn_blocks}")
        if not self.phases or set(self.phases) - {"P", "S"}:
            raise ValueError(f"`phases` must be 'P', 'S' or 'PS'; found {self.phases!r}")

    def _build(self) -> None:
        if self.arch == "eqt":
            self.trunk = EQTTrunk(self.in_channels, self.in_samples, self.filter_factor, self.lstm_blocks,
                                  self.drop_rate, self.n_class)
            return
        width = self.transformer_d_model
        self.trunk = Trunk(self.in_channels, self.filter_factor, self.cnn_blocks, self.lstm_blocks, width,
                           self.transformer_nhead, self.transformer_num_encoder_layers,
                           self.transformer_dim_feedforward, self.drop_rate)
        if self.per_sample:
            self.readout = Decoder(width, self.filter_factor, self.cnn_blocks, self.n_class)
        else:
            self.readout = AttentionPool(width, self.n_class, self.drop_rate)

    def forward(self, x: Tensor) -> Tensor:
        if self.arch == "eqt":
            if x.shape[-1] != self.in_samples:
                raise ValueError(f"arch='eqt' accepts windows of exactly {self.in_samples} samples; "
                                 f"found {x.shape[-1]}")
            return self.output_scale * self.trunk(x)
        features, lengths = self.trunk(x)  # (B, 94, width)
        if self.per_sample:
            return self.output_scale * self.readout(features.transpose(1, 2), lengths)
        return self.output_scale * self.readout(features)
