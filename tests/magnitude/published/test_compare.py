"""One table of all models: who is given which flag, and rows of numbers that were worked by hand."""

from pathlib import Path

import numpy as np
import pytest

from quakebook.magnitude.published import compare as module
from quakebook.magnitude.published.flags import make_parser
from quakebook.magnitude.scoring import magnitude_errors

#: The models of the table and their titles, from the README of the study, and our baselines.
TITLES = ["PhaseNetMag", "EQTransformerMag", "MagnitudeNet", "MagNet", "Richter regression", "Constant"]


@pytest.fixture
def compared(monkeypatch, splits, tmp_path):
    """The table, and the configurations and folders that were trained; training is replaced by its number."""
    def run(*flags):
        seen = []

        def train(config, root):
            seen.append((config, Path(root)))
            return len(seen)

        def evaluate_run(run, config):
            assert config is seen[-1][0]
            scores = dict(zip(("n", "mae", "rmse", "r2", "bias", "slope"), np.arange(6) / 10 + run, strict=True))
            return {"scores": {**scores, "median": 99.0}, "interval": {"mae": [run - 0.5, run + 0.5], "r2": [98, 99]}}

        monkeypatch.setattr(module, "train", train)
        monkeypatch.setattr(module, "evaluate_run", evaluate_run)
        monkeypatch.setattr(module, "load_splits", lambda data: splits)
        words = ["--mode", "compare", "--preset", "smoke", "--output_dir", str(tmp_path), *flags]
        return module.compare(make_parser().parse_args(words)), seen
    return run


def test_a_row_for_each_model_with_its_scores_and_interval(compared, tmp_path):
    table, seen = compared()
    assert table["model"].tolist() == TITLES
    assert list(table.columns) == ["model", "n", "mae", "rmse", "r2", "bias", "slope", "mae_low", "mae_high"]
    for row in range(4):  # the answer of training number row + 1
        expected = [row + 1 + k / 10 for k in range(6)] + [row + 0.5, row + 1.5]
        assert table.iloc[row, 1:].tolist() == pytest.approx(expected)
    assert [config.network.type for config, _ in seen] == ["phasenet_mag", "eqtransformer_mag", "amag_v2", "magnet"]
    assert {folder for _, folder in seen} == {tmp_path / "runs"}


def test_a_flag_goes_to_the_models_that_know_it(compared):
    _, seen = compared("--filter_factor", "2", "--lstm_hidden", "24", "--batch_size", "7", "--seed", "5")
    networks = {config.network.type: config.network for config, _ in seen}
    assert [networks[name].filter_factor for name in ("phasenet_mag", "eqtransformer_mag", "amag_v2")] == [2, 2, 2]
    assert networks["magnet"].filter_factor is None and networks["phasenet_mag"].lstm_hidden is None
    assert networks["magnet"].lstm_hidden == networks["amag_v2"].lstm_hidden == 24
    assert {(config.data.batch_size, config.training.seed) for config, _ in seen} == {(7, 5)}


def test_the_constant_answers_the_training_mean(compared, splits):
    table, _ = compared()
    train, test = (part.magnitude.double().numpy() for part in (splits.train, splits.test))
    train, true = train[np.isfinite(train)], test[np.isfinite(test)]
    error = train.mean() - true
    found = table.set_index("model").loc["Constant"]
    assert found["n"] == len(true) and found["mae"] == pytest.approx(np.abs(error).mean(), abs=1e-6)
    assert found["bias"] == pytest.approx(error.mean(), abs=1e-6) and found["slope"] == pytest.approx(-1, abs=1e-6)
    assert found["rmse"] == pytest.approx(np.sqrt((error ** 2).mean()), abs=1e-6)
    events = splits.test.event[np.isfinite(test)]
    wide = magnitude_errors.bootstrap(true, np.full(len(true), train.mean()), events, draws=200)["mae"]
    assert [found["mae_low"], found["mae_high"]] == pytest.approx(wide, abs=1e-6)  # 200 draws in the smoke preset


def test_richter_is_fitted_on_train_and_scored_on_test(compared, splits):
    """Amplitudes grow as ten to the magnitude here, so that a fitted regression beats the constant."""
    table = compared()[0].set_index("model")
    assert table.loc["Richter regression", "mae"] < 0.5 * table.loc["Constant", "mae"]
