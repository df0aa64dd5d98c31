"""Modes that train: ``train_phase``, ``train_mag``, ``tutorial_train_phasenet``."""

from __future__ import annotations

import argparse
from pathlib import Path

from quakebook.magnitude.api import train
from quakebook.magnitude.settings import Config, config

from .flags import overrides
from .folders import export, run_name


def config_of_flags(args: argparse.Namespace, model_type: str | None = None) -> Config:
    """Configuration equal to the flags: the same object as ``quakebook train magnitude`` composes."""
    chosen = model_type or getattr(args, "model_type", "phasenet_mag")
    return config(*overrides(args, chosen), preset=getattr(args, "preset", "paper"))


def train_model(args: argparse.Namespace) -> int:
    """Train one model and write the published folder; prints where."""
    settings = config_of_flags(args)
    output = Path(args.output_dir)
    run = train(settings, root=output / "runs", progress=print)
    folder = export(Path(run.path), output, run_name(settings))
    report = run.record["metrics"]
    print(f"best dev loss {report['dev_loss']:.5f} after {int(report['epochs'])} epochs"
          + (" (stopped early)" if report["stopped_early"] else ""))
    if report["dropped_records"]:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in run.record["dropped"].items())
        print(f"{int(report['dropped_records'])} training records dropped ({reasons})")
    print(f"weights and history: {folder}")
    return 0
