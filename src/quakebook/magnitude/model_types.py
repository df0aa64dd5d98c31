"""One table: model type -> class, family, options, training defaults.

The table drives the command line, `build`, the checkpoint and the model table of the book. It imports no torch, so that
``--help`` stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """One argument of a model: name, type, default, meaning and, for a word, the allowed values."""

    name: str
    type: type
    default: Any
    help: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelType:
    """One architecture and the settings it is trained with."""

    name: str
    family: str  # "phase", "magnitude" or "baseline"
    class_path: str  # module:Class below quakebook.magnitude.networks
    title: str  # name in figures and in folders of results
    options: tuple[Option, ...]
    learning_rate: float
    batch_size: int
    optimiser: str
    weight_decay: float
    clip_norm: float
    window_samples: int
    learning_rate_of_code: float
    batch_size_of_code: int

    def option(self, name: str) -> Option:
        """Look one option up; an unknown name is an error that lists the known ones."""
        for entry in self.options:
            if entry.name == name:
                return entry
        raise ValueError(f"model type {self.name!r} has no option {name!r}; it has: "
                         + ", ".join(entry.name for entry in self.options))


FILTERS = Option("filter_factor", int, 1, "multiplies every filter count; parameters grow about fourfold per doubling")
NORM = Option("norm", str, "std", "scaling per component: standard deviation or largest absolute value",
              ("std", "peak"))
NORM_STD = Option("norm", str, "std", "scaling per component (this model knows only std)", ("std",))
AMPLITUDE = Option("amplitude", str, "none", "extra channel with the logarithm of the amplitude that scaling removes",
                   ("none", "counts", "physical"))
OFFSET = Option("label_offset", float, 0.0, "the label after the onset is magnitude + label_offset; before it 0")
SCALE = Option("output_scale", float, 1.0, "fixed factor on the network's output (3 shortens the climb from zero)")
RATE = Option("sampling_rate", float, 100.0, "samples per second")
DROP = Option("drop_rate", float, 0.1, "dropout in the trunk")

_PHASENET = (FILTERS, NORM, Option("phases", str, "PSN", "channel order of the output"), RATE)
_MAGNITUDE = (AMPLITUDE, OFFSET, SCALE, RATE)

_PHASENET_LSTM = (
    *_PHASENET,
    Option("lstm_hidden_size", int, None, "hidden size per direction; not given: 128 times filter_factor"),
    Option("lstm_num_layers", int, 1, "stacked LSTM layers"),
    Option("lstm_bidirectional", bool, True, "read the bottleneck in both directions"),
)
_PHASENET_CONV_LSTM = (
    *_PHASENET,
    Option("convlstm_hidden", int, 64, "hidden channels of the recurrent (or convolutional) block"),
    Option("variant", str, "convlstm", "real ConvLSTM at level 3, or two plain convolutions at the bottleneck",
           ("convlstm", "conv")),
)
_PHASENET_MAG = (FILTERS, NORM, *_MAGNITUDE,
                 Option("dropout", float, 0.0, "dropout after every encoder convolution"))
_EQTRANSFORMER_MAG = (
    FILTERS, NORM, *_MAGNITUDE,
    Option("arch", str, "transformer", "encoder layers of a transformer, or the trunk of EQTransformer",
           ("transformer", "eqt")),
    Option("head", str, "per_sample", "one magnitude per sample or one per record (transformer only)",
           ("per_sample", "scalar")),
    Option("n_class", int, 1, "output channels"),
    Option("phases", str, "PS", "pick columns that define the onset"),
    Option("cnn_blocks", int, 5, "convolution blocks before the LSTMs, 1 to 7 (transformer only)"),
    Option("lstm_blocks", int, None, "bidirectional LSTM blocks; not given: 2 (transformer) or 3 (eqt)"),
    Option("transformer_d_model", int, 128, "width of the transformer; divisible by the number of heads"),
    Option("transformer_nhead", int, 8, "attention heads"),
    Option("transformer_num_encoder_layers", int, 4, "encoder layers"),
    Option("transformer_dim_feedforward", int, 512, "width of the feed-forward parts"),
    DROP,
)
_AMAG = (
    FILTERS, NORM_STD, *_MAGNITUDE,
    Option("lstm_hidden", int, 128, "hidden size per direction"),
    Option("lstm_layers", int, 2, "stacked LSTM layers"),
    Option("dropout", float, 0.2, "dropout between LSTM layers, in the attention and before the decoder"),
)
_MAGNET = (
    NORM, Option("amplitude", str, "physical", AMPLITUDE.help, AMPLITUDE.choices), RATE,
    Option("lstm_hidden", int, 100, "hidden size per direction"),
    Option("dropout", float, 0.2, "dropout after both convolutions, also used for Monte Carlo passes"),
)


def _entry(name: str, family: str, class_path: str, title: str, options: tuple[Option, ...], rate: float, batch: int,
           *, optimiser: str = "adam", decay: float = 0.0, clip: float = 0.0, window: int = 3001,
           code: tuple[float, int] | None = None) -> ModelType:
    code = code or (rate, batch)
    return ModelType(name, family, class_path, title, options, rate, batch, optimiser, decay, clip, window, *code)


MODEL_TYPES: dict[str, ModelType] = {entry.name: entry for entry in (
    _entry("phasenet", "phase", "phasenet:PhaseNet", "PhaseNet", _PHASENET, 1e-2, 256),
    _entry("phasenet_lstm", "phase", "phasenet_lstm:PhaseNetLSTM", "PhaseNetLSTM", _PHASENET_LSTM, 1e-3, 256),
    _entry("phasenet_conv_lstm", "phase", "phasenet_conv_lstm:PhaseNetConvLSTM", "PhaseNetConvLSTM",
           _PHASENET_CONV_LSTM, 1e-3, 256),
    _entry("phasenet_mag", "magnitude", "phasenet_mag:PhaseNetMag", "PhaseNetMag", _PHASENET_MAG, 1e-3, 32,
           decay=1e-5, window=3000, code=(1e-4, 256)),
    _entry("eqtransformer_mag", "magnitude", "eqtransformer_mag:EQTransformerMag", "EQTransformerMag",
           _EQTRANSFORMER_MAG, 1e-4, 16, optimiser="adamw", decay=1e-5, clip=1.0, code=(1e-4, 64)),
    _entry("amag_v2", "magnitude", "magnitude_net:MagnitudeNet", "MagnitudeNet", _AMAG, 1e-3, 64,
           optimiser="adamw", decay=1e-5, clip=1.0, window=3000, code=(1e-3, 256)),
    _entry("magnet", "baseline", "magnet:MagNet", "MagNet", _MAGNET, 1e-3, 256, window=3000),
    _entry("richter", "baseline", "richter:Richter", "Richter regression", (), 0.0, 0, window=3000),
    _entry("constant", "baseline", "constant:Constant", "Constant", (), 0.0, 0, window=3000),
)}

FAMILIES = ("phase", "magnitude", "baseline")


def types_of(family: str) -> list[str]:
    """Names of the model types of one family."""
    return [name for name, entry in MODEL_TYPES.items() if entry.family == family]


def lookup(model_type: str, family: str | None = None) -> ModelType:
    """Entry of the table; an unknown type, or one of another family, is an error that lists the valid types."""
    valid = list(MODEL_TYPES) if family is None else types_of(family)
    if model_type not in MODEL_TYPES:
        raise ValueError(f"unknown model type {model_type!r}; valid types: {', '.join(valid)}")
    entry = MODEL_TYPES[model_type]
    if family is not None and entry.family != family:
        raise ValueError(f"model type {model_type!r} is a {entry.family} model; valid {family} types: "
                         + ", ".join(valid))
    return entry


def complete(model_type: str, given: dict[str, Any]) -> dict[str, Any]:
    """Every option of a model type: the given ones, checked, and the defaults of the others."""
    entry = lookup(model_type)
    for name, value in given.items():
        option = entry.option(name)
        if option.choices and value not in option.choices:
            raise ValueError(f"option {name!r} of {model_type!r} must be one of {', '.join(option.choices)}; "
                             f"found {value!r}")
    return {option.name: given.get(option.name, option.default) for option in entry.options}
