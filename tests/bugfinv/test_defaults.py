"""The paper preset, number by number: the published code's, the README's and this book's choices (marked)."""

from quakebook import bugfinv
from quakebook.bugfinv.networks import inversion
from quakebook.training.config import to_dict


def test_settings_of_the_paper_preset():
    cfg = to_dict(bugfinv.config())
    assert cfg["network"] == {"channels": [90, 180, 180, 90], "regression": [128, 128, 64, 64], "dropout": 0.2,
                              "init": "default", "lowfreq_input": False}
    assert cfg["optimiser"] == {"lr": 1e-3, "weight_decay": 1e-4, "pretrain_low": 50}  # the last is ours
    assert cfg["objective"] == {
        "method": "bugfinv", "loss": "mse", "task_weights": [1.0, 1.0, 1.0],
        "physics": {"mode": "auto", "factor": 20.0, "weight": 1.0},
        "bayes": {"gamma": 0.001, "obs_noise": 1.0, "sqrt_power": 1.0, "min_var": 1e-8, "model_bias": True,
                  "warmup_steps": 0, "heads_prior": 1000.0},  # the last is ours
        "solver": {"on": "parameters", "max_norm": 1.0, "update_weights_every": 1, "unit_norm": False}}
    assert cfg["data"] == {
        "name": "synthetic:elastic", "shape": [200, 200, 360], "file_shape": [], "dt_s": 0.001, "dz_m": 0.0,
        "byte_order": "little", "every": 1, "seed": 0, "n_wells": 24, "n_unlabelled": 101, "wavelet": "ricker",
        "snr_db": 15.0, "zoeppritz": False, "phase_deg": 0.0, "frequency_error": 0.0, "resolution_ratio": 1}
    assert cfg["evaluation"] == {"batch_size": 256}
    training = cfg["training"]
    assert (training["steps"], training["seed"], training["validate_every"], training["log_every"]) == (500, 0, 25, 5)


def test_the_quick_preset_is_what_the_recorded_runs_began_from():
    cfg = bugfinv.config(preset="quick")
    assert cfg.network.channels == (24, 48, 48, 24) == inversion.QUICK_CHANNELS
    assert cfg.network.regression == (32,) * 4 == inversion.QUICK_REGRESSION
    assert cfg.data.shape == (48, 48, 160) and cfg.data.dt_s == 0.002 and cfg.data.n_unlabelled == 48
    assert cfg.optimiser.pretrain_low == 0 and cfg.objective.physics_mode == "off"


def test_constants_of_the_network():
    assert (inversion.KERNEL, inversion.DROPOUT) == (9, 0.2)
    assert inversion.CHANNELS == (90, 180, 180, 90) and inversion.REGRESSION == (128, 128, 64, 64)
    assert inversion.receptive_field() == 1 + 2 * 8 * (1 + 2 + 4 + 8) + 4 + 2 + 2 + 2
    assert inversion.receptive_field(1, 3, (5,)) == 1 + 4 + 4
