"""The published flags, made from the table of options, and their translation into the chapter's configuration."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from quakebook.magnitude.model_types import MODEL_TYPES, Option, types_of
from quakebook.magnitude.network_settings import RATE_HZ
from quakebook.magnitude.settings import READOUTS
from quakebook.training.config import ConfigError

MODES = {
    "train_phase": "train a picker", "train_mag": "train a magnitude model",
    "eval_phase": "score a picker", "eval_mag": "score a magnitude model",
    "tutorial_test_load_and_generator": "load data, draw one training sample (default)",
    "tutorial_train_phasenet": "train PhaseNet with few epochs",
    "tutorial_evaluate_phasenet": "score that PhaseNet",
    "tutorial": "deprecated: the same as tutorial_evaluate_phasenet",
    "plot_history": "draw and analyse a training history", "tune": "search hyperparameters with Optuna",
    "compare": "train and score all magnitude models and baselines on one set",
    "predict": "magnitudes of every record as CSV",
    "literature": "train on a real data set and compare with what a paper states of it",
}
DATASETS = "ETHZ, STEAD, GEOFON, MLAAPDE, SYNTHETIC, or a folder in SeisBench format"
#: Flag -> setting of the chapter.
SETTINGS = {
    "data_seed": "data.seed", "magnitude_types": "data.magnitude_types", "batch_size": "data.batch_size",
    "learning_rate": "optimiser.lr", "optimizer": "optimiser.name", "warmup_epochs": "optimiser.warmup_epochs",
    "weight_decay": "optimiser.weight_decay", "early_stopping_patience": "optimiser.early_stopping_patience",
    "scheduler_patience": "optimiser.scheduler_patience", "save_every": "optimiser.save_every",
    "schedule": "optimiser.schedule",
}
EXAMPLES = """examples:
  python -m quakebook.magnitude --mode train_mag --model_type phasenet_mag --epochs 50 --norm peak --filter_factor 2
  python -m quakebook.magnitude --mode eval_mag --model_type phasenet_mag --model_path 'RUN/model_final_*.pt' --plot
  python -m quakebook.magnitude --tune --n_trials 50 --max_epochs_per_trial 20 --study_name my_study
  quakebook train magnitude network.type=phasenet_mag network.norm=peak preset=quick     (the same configuration)
exit status: 0 done, 1 failed, 2 wrong use"""


def _boolean(text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in words:
        raise argparse.ArgumentTypeError(f"expected true or false, found {text!r}")
    return words[text.lower()]


def _at_least_one(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, found {text!r}")
    return number


def _not_negative(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 0, found {text!r}")
    return number


def model_flags() -> dict[str, list[tuple[str, Option]]]:
    """Every option of any model: name -> the model types that have it, with their entry."""
    found: dict[str, list[tuple[str, Option]]] = {}
    for name in [*types_of("phase"), *types_of("magnitude"), "magnet"]:
        for option in MODEL_TYPES[name].options:
            found.setdefault(option.name, []).append((name, option))
    return found


def make_parser() -> argparse.ArgumentParser:
    """The whole command line; flags that are not given are absent from the result."""
    parser = argparse.ArgumentParser(
        prog="python -m quakebook.magnitude", description="Magnitude chapter: " + "; ".join(
            f"{name}: {text}" for name, text in MODES.items()),
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter, argument_default=argparse.SUPPRESS,
        allow_abbrev=False)
    parser.add_argument("--mode", choices=list(MODES), default="tutorial_test_load_and_generator")
    parser.add_argument("--tune", action="store_true", help="the same as --mode tune")
    parser.add_argument("--model_type", choices=[name for name, entry in MODEL_TYPES.items() if entry.batch_size],
                        help="default: phasenet, or phasenet_mag for tuning")
    _general(parser.add_argument_group("data, files, machine"))
    _optimisation(parser.add_argument_group("training (not given: the README's value for the model)"))
    _tuning(parser.add_argument_group("tuning"))
    _model(parser.add_argument_group("model"))
    return parser


def _general(group: Any) -> None:
    group.add_argument("--dataset", help=f"{DATASETS} (default SYNTHETIC)")
    group.add_argument("--records", type=_at_least_one, help="synthetic records, or at most so many of a real set")
    group.add_argument("--data_seed", type=int, help="seed of the synthetic records")
    group.add_argument("--magnitude_types", help="comma list such as ML,MLh, or all")
    group.add_argument("--model_path", help="checkpoint or history; may hold wildcards: the newest export is "
                                            "taken and named")
    group.add_argument("--output_dir", default="trained_weights", help="default: trained_weights")
    group.add_argument("--plot", action="store_true", default=False, help="also save the figures")
    group.add_argument("--force", action="store_true", default=False, help="evaluate with the stored options")
    group.add_argument("--readout", choices=READOUTS, help="how a magnitude per sample is read (default post_p_mean)")
    group.add_argument("--device", default="auto")
    group.add_argument("--seed", type=int)
    group.add_argument("--preset", choices=["smoke", "quick", "paper", "reference_code"])


def _optimisation(group: Any) -> None:
    group.add_argument("--epochs", type=_at_least_one, help="passes over the training records (default 5)")
    for name, kind in (("learning_rate", float), ("batch_size", int), ("warmup_epochs", int), ("weight_decay", float),
                       ("early_stopping_patience", int), ("scheduler_patience", int), ("save_every", int)):
        group.add_argument(f"--{name}", type=kind)
    group.add_argument("--optimizer", type=str.lower, choices=["adam", "adamw", "sgd"])
    group.add_argument("--schedule", choices=["plateau", "one_cycle", "constant"])


def _tuning(group: Any) -> None:
    group.add_argument("--n_trials", type=_at_least_one, default=100)
    group.add_argument("--max_epochs_per_trial", type=_at_least_one, default=30)
    group.add_argument("--study_name")
    group.add_argument("--storage", help="Optuna storage URL; default sqlite file beside the study, several workers "
                                         "may share it")
    group.add_argument("--tune_inputs", action="store_true", default=False, help="also search norm and amplitude")
    group.add_argument("--worker", type=_not_negative, default=0, help="number of this worker: another random stream")
    group.add_argument("--final_epochs", type=_not_negative, default=50,
                       help="epochs of the model with the best parameters; 0: none")


def _model(group: Any) -> None:
    for name, entries in model_flags().items():
        option = entries[0][1]
        where = ", ".join(f"{model} {entry.default}" for model, entry in entries)
        text = f"{option.help} (default: {where})".replace("%", "%%")
        choices = sorted({choice for _, entry in entries for choice in entry.choices}) or None
        if option.type is bool:
            group.add_argument(f"--{name}", nargs="?", const=True, type=_boolean, help=text, metavar="true|false")
            group.add_argument(f"--no-{name}", dest=name, action="store_const", const=False, help=f"without {name}")
        else:
            group.add_argument(f"--{name}", type=option.type, choices=choices, help=text)


def given_model_options(args: argparse.Namespace) -> dict[str, Any]:
    """Model options that stand on the command line."""
    if getattr(args, "sampling_rate", RATE_HZ) != RATE_HZ:
        raise ConfigError(f"`network.sampling_rate` (--sampling_rate) can only be {RATE_HZ:g}: every data set is read "
                          f"at that rate; found {args.sampling_rate:g}")
    return {name: getattr(args, name) for name in model_flags() if hasattr(args, name)}


def is_synthetic(args: argparse.Namespace) -> bool:
    """Whether ``--dataset`` is absent or SYNTHETIC, in any spelling."""
    return getattr(args, "dataset", "SYNTHETIC").upper() == "SYNTHETIC"


def overrides(args: argparse.Namespace, model_type: str) -> Iterator[str]:
    """Configuration overrides equal to the flags."""
    yield f"network.type={model_type}"
    for name, value in given_model_options(args).items():
        yield f"network.{name}={_text(value)}"
    if not is_synthetic(args):
        yield f"data.name={_quoted(args.dataset)}"
    for flag, key in SETTINGS.items():
        if hasattr(args, flag):
            yield f"{key}={_quoted(getattr(args, flag))}"
    yield from _amounts(args)
    if hasattr(args, "readout"):
        yield f"evaluation.readout={args.readout}"
    if hasattr(args, "seed"):
        yield f"training.seed={args.seed}"
    yield f"training.device={args.device}"


def _amounts(args: argparse.Namespace) -> Iterator[str]:
    """Records and epochs: without a preset the README's 5 epochs, on a set of synthetic records that a CPU bears."""
    with_preset = hasattr(args, "preset")
    if hasattr(args, "records"):
        yield f"data.records={args.records}"
    elif not is_synthetic(args):
        yield "data.records=0"
    elif not with_preset:
        yield "data.records=2000"
    if hasattr(args, "epochs"):
        yield f"optimiser.epochs={args.epochs}"
    elif not with_preset:
        yield "optimiser.epochs=5"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: Any) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" if isinstance(value, str) else str(value)
