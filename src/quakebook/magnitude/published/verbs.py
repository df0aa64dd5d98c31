"""The published command line of the magnitude study, with the project's additions.

Also reached as ``quakebook magnitude MODE [flags]``. Nothing heavy is imported before a mode runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from quakebook.exits import DONE, INTERRUPTED, WRONG_USE, UsageError, explain
from quakebook.magnitude.model_types import lookup, types_of
from quakebook.notes import told_once

from .flags import MODES, make_parser

#: Mode -> (module:function, family of models it takes).
HOMES: dict[str, tuple[str, str | None]] = {
    "train_phase": ("training:train_model", "phase"), "train_mag": ("training:train_model", "magnitude"),
    "eval_phase": ("evaluation:evaluate_model", "phase"),
    "eval_mag": ("evaluation:evaluate_model", "magnitude"),
    "tutorial_test_load_and_generator": ("tutorial:show_sample", None),
    "tutorial_train_phasenet": ("training:train_model", "phase"),
    "tutorial_evaluate_phasenet": ("evaluation:evaluate_model", "phase"),
    "tutorial": ("evaluation:evaluate_model", "phase"),
    "plot_history": ("evaluation:plot_history", None), "tune": ("tuning:tune_model", "magnitude"),
    "compare": ("evaluation:compare_models", None), "predict": ("evaluation:predict_records", "magnitude"),
    "literature": ("literature:compare_with_literature", None),
}
NEEDS_PATH = ("eval_phase", "eval_mag", "tutorial_evaluate_phasenet", "tutorial", "plot_history", "predict")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one mode and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in MODES:
        words = ["--mode", *words]
    try:
        args = make_parser().parse_args(words)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG_USE
    try:
        with told_once():
            return _run(args) or DONE
    except KeyboardInterrupt:
        print("\ninterrupted; the same command goes on where it stopped", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return explain(error, "error")


def _run(args: argparse.Namespace) -> int | None:
    mode = "tune" if getattr(args, "tune", False) else args.mode
    home, family = HOMES[mode]
    args.mode = mode
    if mode == "tutorial":
        print("deprecated: use --mode tutorial_evaluate_phasenet", file=sys.stderr)
    _check_family(args, mode, family)
    if mode in NEEDS_PATH and not hasattr(args, "model_path"):
        raise UsageError(f"--mode {mode} needs --model_path (a checkpoint or history; wildcards are allowed)")
    module, name = home.split(":")
    work: Callable[[argparse.Namespace], int | None] = getattr(import_module(f".{module}", __package__), name)
    return work(args)


def _check_family(args: argparse.Namespace, mode: str, family: str | None) -> None:
    """Refuse a model of the wrong family; the message lists the valid types."""
    if family is None:
        return
    if mode in ("eval_phase", "eval_mag", "predict", "tutorial_evaluate_phasenet", "tutorial"):
        args.family = family
        if not hasattr(args, "model_type"):
            return  # the checkpoint knows its type
    default = {"tune": "phasenet_mag"}.get(mode, "phasenet")
    args.model_type = getattr(args, "model_type", default)
    baseline = mode in ("train_mag", "eval_mag", "predict") and args.model_type == "magnet"
    entry = lookup(args.model_type)
    if entry.family != family and not baseline:
        raise UsageError(f"--mode {mode} takes a {family} model, but --model_type {args.model_type} is a "
                         f"{entry.family} model; valid types: {', '.join(types_of(family))}")
