"""Tuning and comparing from the command line: what the flags mean, and what is printed and written."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from quakebook.magnitude.published import compare, tuning
from quakebook.magnitude.published.verbs import main


@pytest.fixture
def tuned(monkeypatch, tmp_path):
    """Run ``--tune`` without a study: returns the plan, and the final training if there was one."""
    def run(*flags):
        seen = {}
        study = SimpleNamespace(best_value=0.25, best_trial=SimpleNamespace(number=3),
                                best_params={"learning_rate": 0.002, "batch_size": 64})

        def train(config, root, splits, progress):
            seen["final"] = (config, Path(root), splits)
            return SimpleNamespace(path=tmp_path / "run")

        monkeypatch.setattr(tuning, "load_splits", lambda data: ("splits", data.records))
        monkeypatch.setattr(tuning, "run_study", lambda plan: seen.update(plan=plan) or study)
        monkeypatch.setattr(tuning, "write_tables", lambda study, folder: [folder / "results.csv"])
        monkeypatch.setattr(tuning, "draw_analysis", lambda study, folder: folder / "analysis.png")
        monkeypatch.setattr(tuning, "train", train)
        monkeypatch.setattr(tuning, "export", lambda path, output, name: output / name)
        assert main(["--tune", "--preset", "smoke", "--output_dir", str(tmp_path), *flags]) == 0
        return seen
    return run


def test_a_study_with_the_published_numbers(tuned, tmp_path, capsys):
    seen = tuned()
    plan = seen["plan"]
    assert (plan.n_trials, plan.max_epochs, plan.model_type, plan.worker) == (100, 30, "phasenet_mag", 0)
    assert plan.name.startswith("phasenet_mag_optuna_20") and not plan.with_inputs and plan.fixed == ()
    assert plan.folder == tmp_path / "phasenet_mag" and plan.splits == ("splits", 240)
    final, root, splits = seen["final"]
    assert (final.optimiser.epochs, final.optimiser.lr, final.data.batch_size) == (50, 0.002, 64)
    assert root == tmp_path / "runs" and splits is plan.splits
    out = capsys.readouterr().out.splitlines()
    assert "best dev loss 0.25000 in trial 3: {'learning_rate': 0.002, 'batch_size': 64}" in out
    assert out[-1] == f"final model: {tmp_path / 'phasenet_mag_best_optuna'}"


def test_what_a_flag_fixes_is_not_searched(tuned):
    seen = tuned("--learning_rate", "0.01", "--filter_factor", "2", "--n_trials", "7", "--max_epochs_per_trial", "3",
                 "--study_name", "mine", "--worker", "2", "--tune_inputs", "--final_epochs", "0", "--storage", "x://y")
    plan = seen["plan"]
    assert (plan.n_trials, plan.max_epochs, plan.name, plan.worker, plan.storage) == (7, 3, "mine", 2, "x://y")
    assert plan.fixed == ("learning_rate", "filter_factor") and plan.with_inputs and "final" not in seen
    made = plan.make_config(["optimiser.weight_decay=0.5"])
    assert (made.optimiser.lr, made.network.filter_factor, made.optimiser.weight_decay) == (0.01, 2, 0.5)


def test_the_table_of_all_models_is_printed_and_written(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(compare, "compare", lambda args: pd.DataFrame([{"model": "PhaseNetMag", "mae": 0.25}]))
    assert main(["--mode", "compare", "--output_dir", str(tmp_path)]) == 0
    assert (tmp_path / "comparison.csv").read_text() == "model,mae\nPhaseNetMag,0.25\n"
    assert "PhaseNetMag 0.25" in capsys.readouterr().out
