"""The published command line: modes, refusals, files, and the same configuration as ``quakebook train``."""

import pandas as pd
import pytest

from quakebook.magnitude import settings
from quakebook.magnitude.published.flags import make_parser, overrides
from quakebook.magnitude.published.training import config_of_flags
from quakebook.magnitude.published.verbs import main

TINY = ["--preset", "smoke"]

#: Published command lines, training part: flags -> some values that must arrive in the configuration.
EXAMPLES = [
    ("--mode train_phase --model_type phasenet --dataset ETHZ --epochs 50", {"data.name": "ETHZ",
                                                                            "optimiser.epochs": 50}),
    ("--mode train_phase --model_type phasenet_lstm --dataset ETHZ --filter_factor 2 --lstm_hidden_size 256 "
     "--lstm_num_layers 3", {"network.lstm_hidden_size": 256, "network.lstm_num_layers": 3}),
    ("--mode train_phase --model_type phasenet_conv_lstm --dataset GEOFON --epochs 25 --filter_factor 2 "
     "--convlstm_hidden 128", {"network.convlstm_hidden": 128, "network.variant": "convlstm"}),
    ("--mode train_mag --model_type phasenet_mag --dataset ETHZ --epochs 50 --filter_factor 2 --norm peak "
     "--learning_rate 0.002 --batch_size 64 --warmup_epochs 10",
     {"network.norm": "peak", "optimiser.lr": 0.002, "optimiser.warmup_epochs": 10}),
    ("--mode train_mag --model_type eqtransformer_mag --dataset ETHZ --epochs 50 --transformer_d_model 256 "
     "--transformer_nhead 16 --transformer_num_encoder_layers 6 --learning_rate 0.0001 --batch_size 16 "
     "--warmup_epochs 8", {"network.transformer_nhead": 16, "data.batch_size": 16}),
    ("--mode train_mag --model_type amag_v2 --dataset ETHZ --epochs 50 --filter_factor 2 --lstm_hidden 256 "
     "--lstm_layers 3 --dropout 0.3 --learning_rate 0.001 --batch_size 64 --warmup_epochs 5",
     {"network.lstm_layers": 3, "network.dropout": 0.3}),
    ("--mode tutorial_train_phasenet --dataset ETHZ --epochs 5", {"network.type": "phasenet"}),
    ("--tune --dataset ETHZ --n_trials 50 --max_epochs_per_trial 20 --study_name my_study", {"data.name": "ETHZ"}),
]


@pytest.mark.parametrize(("line", "wanted"), EXAMPLES)
def test_published_flags_reach_the_configuration(line, wanted):
    args = make_parser().parse_args(line.split())
    model_type = getattr(args, "model_type", "phasenet")
    config = config_of_flags(args, model_type)
    for key, value in wanted.items():
        node, name = key.split(".")
        assert getattr(getattr(config, node), name) == value
    assert config == settings.config(*overrides(args, model_type))


def test_bidirectional_can_be_switched_off():
    parse = make_parser().parse_args
    assert config_of_flags(parse(["--no-lstm_bidirectional"]), "phasenet_lstm").network.lstm_bidirectional is False
    assert config_of_flags(parse(["--lstm_bidirectional"]), "phasenet_lstm").network.lstm_bidirectional is True
    assert config_of_flags(parse(["--lstm_bidirectional", "false"]),
                           "phasenet_lstm").network.lstm_bidirectional is False


@pytest.mark.parametrize(("line", "status", "message"), [
    ("--mode train_mag --model_type phasenet", 2, "valid types: phasenet_mag, eqtransformer_mag, amag_v2"),
    ("--mode train_phase --model_type amag_v2", 2, "valid types: phasenet, phasenet_lstm, phasenet_conv_lstm"),
    ("--mode eval_mag", 2, "needs --model_path"), ("--mode plot_history", 2, "needs --model_path"),
    ("--mode eval_phase --model_path nothing_*.pt", 1, "no file matches"),
    ("--mode train_phase --dataset /no/such/folder", 1, "SYNTHETIC"),
    ("--mode train_mag --model_type phasenet_mag --lstm_hidden 3", 2, "no option 'lstm_hidden'"),
])
def test_refusals_say_why(line, status, message, capsys, tmp_path):
    assert main([*line.split(), "--output_dir", str(tmp_path)]) == status
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(("line", "message"), [
    ("--mode train_mag --model_type phasenet_mag --epochs 0", "at least 1, found '0'"),
    ("--mode train_mag --model_type phasenet_mag --epochs -1", "at least 1, found '-1'"),
    ("--mode train_mag --model_type phasenet_mag --records 0", "at least 1, found '0'"),
    ("--mode train_mag --model_type phasenet_mag --batch_size 0", "`data.batch_size` must be a finite number in [1,"),
    ("--mode train_mag --model_type phasenet_mag --warmup_epochs -1", "`optimiser.warmup_epochs` must be"),
    ("--mode train_mag --model_type phasenet_mag --label_offset nan", "`network.label_offset` must be a finite"),
    ("--mode train_mag --model_type phasenet_mag --dropout 1.5", "`network.dropout` must be"),
    ("--mode train_mag --model_type phasenet_mag --filter_factor 0", "`network.filter_factor` must be"),
    ("--mode train_mag --model_type phasenet_mag --sampling_rate 50",
     "`network.sampling_rate` (--sampling_rate) can only be 100"),
    ("--mode eval_mag --sampling_rate 50 --model_path x.pt", "(--sampling_rate) can only be 100"),
    ("--mode train_mag --model_type phasenet_mag --readout nonsense", "invalid choice: 'nonsense'"),
    ("--tune --n_trials 0", "at least 1, found '0'"),
])
def test_values_that_cannot_be_meant_are_wrong_use(line, message, capsys, tmp_path):
    assert main([*line.split(), "--output_dir", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


def test_wrong_use_exits_with_two(capsys):
    assert main(["--mode", "train_everything"]) == 2
    assert main(["--help"]) == 0
    assert "eval_mag" in capsys.readouterr().out


def test_train_evaluate_predict_plot(tmp_path, capsys):
    out = ["--output_dir", str(tmp_path), *TINY]
    assert main(["--mode", "train_mag", "--model_type", "phasenet_mag", "--norm", "peak", *out]) == 0
    folder = next(tmp_path.glob("PhaseNetMag_SYNTHETIC_*"))
    assert {"model_best.pt", "model_final.pt"} <= {file.name for file in folder.iterdir()}
    weights = ["--model_path", str(folder / "model_final_*.pt")]
    assert main(["--mode", "eval_mag", *weights, *out, "--plot"]) == 0
    (evaluation,) = (folder / "evaluation_model_final").iterdir()
    assert evaluation.name.startswith("synthetic-tiny_") and evaluation.name.endswith("_test")
    files = {file.name for file in evaluation.iterdir()}
    assert files >= {"evaluation.json", "evaluation.txt", "evaluation.npz", "prediction_scatter.png",
                     "prediction_examples.png", "magnitude_distribution_comparison.png"}
    assert main(["--mode", "eval_mag", "--model_type", "phasenet_mag", "--norm", "peak", *weights, *out]) == 0
    assert main(["--mode", "eval_mag", "--norm", "std", *weights, *out]) == 1
    assert main(["--mode", "eval_mag", "--norm", "std", "--force", *weights, *out]) == 0
    assert main(["--mode", "eval_phase", *weights, *out]) == 1
    assert main(["--mode", "predict", *weights, *out]) == 0
    assert pd.read_csv(evaluation / "predictions.csv")["predicted_magnitude"].notna().all()
    first = (evaluation / "evaluation.json").read_bytes(), (evaluation / "predictions.csv").read_bytes()
    for mode in ("eval_mag", "predict"):
        assert main(["--mode", mode, *weights, *out, "--data_seed", "7"]) == 0
    assert len(list((folder / "evaluation_model_final").iterdir())) == 2
    assert first == ((evaluation / "evaluation.json").read_bytes(), (evaluation / "predictions.csv").read_bytes())
    assert main(["--mode", "plot_history", "--model_path", str(folder / "training_history_*.pt"), *out]) == 0
    assert list(folder.glob("training_history_*_plot.png"))
    printed = capsys.readouterr()
    assert "stored 'peak', given 'std'" in printed.err
    assert "epoch 1: train loss" in printed.out and "epoch 2: train loss" in printed.out


def test_tutorials(tmp_path, capsys):
    out = ["--output_dir", str(tmp_path), *TINY]
    assert main(out) == 0
    assert (tmp_path / "generator_sample.png").exists()
    assert main(["--mode", "tutorial_train_phasenet", *out]) == 0
    weights = ["--model_path", str(tmp_path / "PhaseNet_*" / "model_best.pt")]
    assert main(["--mode", "tutorial_evaluate_phasenet", *weights, *out]) == 0
    assert main(["tutorial", *weights, *out]) == 0
    assert "deprecated" in capsys.readouterr().err
