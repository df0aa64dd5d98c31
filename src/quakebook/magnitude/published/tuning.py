"""Mode ``tune``: search, write the files, train a final model with the best parameters."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quakebook import plots
from quakebook.magnitude.api import train
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.settings import Config, config
from quakebook.magnitude.studies.search_space import as_overrides
from quakebook.magnitude.studies.tuning import StudyPlan, run_study
from quakebook.magnitude.studies.tuning_files import analysis, write_tables

from .flags import overrides
from .folders import export

if TYPE_CHECKING:
    import optuna

#: Parameters of the search that a flag of the same name fixes.
SEARCHED = ("learning_rate", "batch_size", "filter_factor", "optimizer", "weight_decay", "scheduler_patience", "norm",
            "amplitude")


def tune_model(args: argparse.Namespace) -> int:
    """Run (or resume) a study from the command line."""
    base = list(overrides(args, args.model_type))

    def make_config(more: list[str]) -> Config:
        return config(*base, *more, preset=getattr(args, "preset", "paper"))

    stamp = datetime.now().strftime("%Y%m%d_%H%M%S")
    output = Path(args.output_dir)
    plan = StudyPlan(
        name=getattr(args, "study_name", f"{args.model_type}_optuna_{stamp}"), model_type=args.model_type,
        make_config=make_config, splits=load_splits(make_config([]).data), n_trials=args.n_trials,
        max_epochs=args.max_epochs_per_trial, folder=output / args.model_type, storage=getattr(args, "storage", None),
        with_inputs=args.tune_inputs, worker=args.worker,
        fixed=tuple(name for name in SEARCHED if hasattr(args, name)))
    study = run_study(plan)
    for path in (*write_tables(study, plan.studies), draw_analysis(study, plan.studies)):
        print(path)
    print(f"best dev loss {study.best_value:.5f} in trial {study.best_trial.number}: {study.best_params}")
    if args.final_epochs:
        final = make_config([*as_overrides(study.best_params, args.model_type),
                             f"optimiser.epochs={args.final_epochs}"])
        run = train(final, root=output / "runs", splits=plan.splits, progress=print)
        print(f"final model: {export(Path(run.path), output, f'{args.model_type}_best_optuna')}")
    return 0


def draw_analysis(study: optuna.Study, folder: Path) -> Path:
    """Save the figure of a study beside its tables; returns its path."""
    from quakebook.magnitude.figures import study_analysis

    with plots.book_style():
        figure = study_analysis(**analysis(study))
        return plots.save(figure, folder / f"{study.study_name}_analysis.png", run=study.study_name)
