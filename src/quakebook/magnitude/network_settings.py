"""Settings of the network: its type and options, with their ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quakebook.training.checks import within
from quakebook.training.config import ConfigError

from .model_types import MODEL_TYPES

#: Samples per second at which records are read.
RATE_HZ = 100.0
#: Options that are shares, widths, and small counts.
RATES = ("dropout", "drop_rate")
WIDTHS = ("lstm_hidden_size", "convlstm_hidden", "lstm_hidden", "transformer_d_model", "transformer_dim_feedforward")
FEW = ("filter_factor", "lstm_num_layers", "lstm_layers", "n_class", "cnn_blocks", "transformer_nhead",
       "transformer_num_encoder_layers")


@dataclass(frozen=True)
class NetworkConfig:
    """Model type and its options; None stands for the published default of the type."""

    type: str = "phasenet_mag"
    filter_factor: int | None = None
    norm: str | None = None
    phases: str | None = None
    sampling_rate: float | None = None
    amplitude: str | None = None
    label_offset: float | None = None
    output_scale: float | None = None
    dropout: float | None = None
    drop_rate: float | None = None
    lstm_hidden_size: int | None = None
    lstm_num_layers: int | None = None
    lstm_bidirectional: bool | None = None
    convlstm_hidden: int | None = None
    variant: str | None = None
    lstm_hidden: int | None = None
    lstm_layers: int | None = None
    arch: str | None = None
    head: str | None = None
    n_class: int | None = None
    cnn_blocks: int | None = None
    lstm_blocks: int | None = None
    transformer_d_model: int | None = None
    transformer_nhead: int | None = None
    transformer_num_encoder_layers: int | None = None
    transformer_dim_feedforward: int | None = None

    def __post_init__(self) -> None:
        within("network", self, label_offset="[-5, 10]", output_scale="(0, 1e3]", **dict.fromkeys(RATES, "[0, 1)"),
               **dict.fromkeys(WIDTHS, "[1, 4096]"), **dict.fromkeys(FEW, "[1, 64]"), lstm_blocks="[0, 64]")
        if self.sampling_rate not in (None, RATE_HZ):
            raise ConfigError(f"`network.sampling_rate` can only be {RATE_HZ:g}: every data set is read at that rate, "
                              f"and `annotate` resamples streams to it; found {self.sampling_rate:g}")


def model_options(network: NetworkConfig) -> dict[str, Any]:
    """Options of the chosen type, ready for `quakebook.magnitude.build`."""
    return {option.name: getattr(network, option.name) for option in MODEL_TYPES[network.type].options}
