"""What a study may choose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import optuna

#: The option that carries `dropout_rate` in each model.
DROPOUT = {"phasenet_mag": "dropout", "eqtransformer_mag": "drop_rate", "amag_v2": "dropout"}


def suggest(trial: optuna.Trial, model_type: str, with_inputs: bool, fixed: Collection[str] = ()) -> dict[str, Any]:
    """Draw one set of parameters; `with_inputs` adds scaling and amplitude, names in `fixed` are not searched."""
    draws: dict[str, Callable[[str], Any]] = {
        "learning_rate": lambda name: trial.suggest_float(name, 1e-5, 1e-2, log=True),
        "batch_size": lambda name: trial.suggest_categorical(name, [64, 128, 256, 512]),
        "filter_factor": lambda name: trial.suggest_categorical(name, [1, 2, 4]),
        "optimizer": lambda name: trial.suggest_categorical(name, ["Adam", "AdamW"]),
        "weight_decay": lambda name: trial.suggest_float(name, 1e-6, 1e-3, log=True),
        "scheduler_patience": lambda name: trial.suggest_int(name, 3, 10),
        "dropout_rate": lambda name: trial.suggest_float(name, 0.0, 0.3),
    }
    if with_inputs:
        if model_type != "amag_v2":  # which knows only std
            draws["norm"] = lambda name: trial.suggest_categorical(name, ["std", "peak"])
        draws["amplitude"] = lambda name: trial.suggest_categorical(name, ["none", "counts", "physical"])
    return {name: draw(name) for name, draw in draws.items() if name not in fixed}


def as_overrides(parameters: Mapping[str, Any], model_type: str) -> list[str]:
    """The same parameters as overrides of the chapter's configuration."""
    homes = {"learning_rate": "optimiser.lr", "batch_size": "data.batch_size",
             "weight_decay": "optimiser.weight_decay", "scheduler_patience": "optimiser.scheduler_patience",
             "filter_factor": "network.filter_factor", "dropout_rate": f"network.{DROPOUT[model_type]}",
             "norm": "network.norm", "amplitude": "network.amplitude", "optimizer": "optimiser.name"}
    return [f"{homes[name]}={str(value).lower() if name == 'optimizer' else value}"
            for name, value in parameters.items()]
