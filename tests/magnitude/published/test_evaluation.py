"""Which data a checkpoint is read on, and what training and plotting say."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.magnitude.published import evaluation, training
from quakebook.magnitude.settings import DataConfig


def asked(data=None, kind="phasenet_mag", **flags):
    checkpoint = SimpleNamespace(content={"config": {"data": data} if data else {}}, model_type=kind)
    return evaluation.data_of(SimpleNamespace(**flags), checkpoint)


def test_bare_weights_are_read_on_two_thousand_synthetic_records():
    assert asked() == DataConfig(records=2000)
    assert asked(dataset="STEAD") == DataConfig(name="STEAD", records=2000)


def test_the_data_that_trained_it_unless_another_set_is_named():
    """Of another set neither the number of records nor the seed of the old one is kept."""
    stored = {"name": "synthetic:tiny", "records": 30, "seed": 7, "magnitude_types": "ML"}
    assert asked(stored) == DataConfig(**stored)
    assert asked(stored, records=9, data_seed=3) == DataConfig(**{**stored, "records": 9, "seed": 3})
    assert asked(stored, dataset="synthetic:tiny").records == 30
    assert asked(stored, dataset="ETHZ") == DataConfig(name="ETHZ", records=2000)
    assert asked(stored, dataset="ETHZ", records=5, magnitude_types="Md") == DataConfig(
        name="ETHZ", records=5, magnitude_types="Md")


def test_pickers_take_records_of_any_magnitude():
    assert asked({"magnitude_types": "ML"}, "phasenet", magnitude_types="Md").magnitude_types == "all"
    assert asked({"magnitude_types": "ML"}, "magnet").magnitude_types == "ML"


@pytest.mark.parametrize(("train", "drawn"), [([3.0, 2.0], [3.0, 2.0]), ([3.0], [np.nan, np.nan])])
def test_a_history_of_other_length_is_drawn_without_it(monkeypatch, capsys, train, drawn):
    seen = {}
    monkeypatch.setattr(evaluation, "load_history", lambda path, say: (
        {"train_loss": train, "val_loss": [2.5, 2.25]}, "/x/training_history.pt"))
    monkeypatch.setattr("quakebook.magnitude.figures.training_history", lambda *losses: seen.update(losses=losses))
    monkeypatch.setattr(evaluation.plots, "save", lambda figure, path: path)
    assert evaluation.plot_history(SimpleNamespace(model_path="x")) == 0
    np.testing.assert_array_equal(seen["losses"], [drawn, [2.5, 2.25]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "epochs: 2; best dev loss 2.25000 in epoch 2" and lines[-1] == "/x/training_history_plot.png"


@pytest.mark.parametrize(("stopped", "dropped"), [(0.0, 0.0), (1.0, 3.0)])
def test_training_says_how_it_ended_and_what_it_left_out(monkeypatch, capsys, tmp_path, stopped, dropped):
    record = {"metrics": {"dev_loss": 0.123456, "epochs": 4.0, "stopped_early": stopped, "dropped_records": dropped},
              "dropped": {"no pick": 2, "no usable magnitude": 1}}
    seen = {}
    monkeypatch.setattr(training, "train", lambda settings, root, progress: seen.update(
        root=root, settings=settings) or SimpleNamespace(path="run", record=record))
    monkeypatch.setattr(training, "export", lambda path, output, name: output / name)
    args = SimpleNamespace(output_dir=str(tmp_path), device="cpu", preset="smoke")
    assert training.train_model(args) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "best dev loss 0.12346 after 4 epochs" + (" (stopped early)" if stopped else "")
    assert lines[1:-1] == (["3 training records dropped (no pick: 2, no usable magnitude: 1)"] if dropped else [])
    assert lines[-1] == f"weights and history: {tmp_path / 'PhaseNetMag_SYNTHETIC'}"
    assert seen["root"] == tmp_path / "runs" and seen["settings"].network.type == "phasenet_mag"
