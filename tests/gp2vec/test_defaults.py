"""The paper preset, number by number, and the rule of the hidden spans."""

from quakebook import gp2vec
from quakebook.gp2vec.data import augment
from quakebook.gp2vec.data.masking import SpanMask
from quakebook.training.config import to_dict


def test_settings_of_the_paper_preset():
    cfg = to_dict(gp2vec.config())
    assert cfg["network"] == {
        "size": "small", "rate": "hz25", "width": 0, "depth": 0, "heads": 0, "channels": [], "kernels": [],
        "strides": [], "norm": "group", "padding": "same", "feature_grad_mult": 1.0, "position": "conv",
        "position_kernel": 128, "dropout": 0.0, "attention_dropout": 0.0, "feature_dropout": 0.0, "layer_drop": 0.0,
        "quantiser": "ema", "codebooks": 2, "codes": 320, "code_width": 0, "scale_logits": True, "ema_decay": 0.99,
        "ema_restart": 1, "fusion": "none", "fusion_layers": [], "tasks": [], "task_mode": "predict"}
    assert cfg["objective"] == {
        "mask_start_prob": 0.026, "mask_length": 25, "min_masks": 2, "negatives": 100, "cross_negatives": 0,
        "negative_mode": "sample", "kappa": 0.1, "diversity_weight": 1.0, "penalty_weight": 0.0,
        "commitment_weight": 0.25, "multitask_weight": 0.05, "temperature_start": 2.0, "temperature_end": 0.5,
        "temperature_schedule": "scaled"}
    assert cfg["optimiser"] == {"name": "adamw", "lr": 5e-4, "weight_decay": 0.01, "beta1": 0.9, "beta2": 0.98,
                                "eps": 1e-6, "schedule": "cosine", "warmup_steps": 178, "min_lr_share": 0.02}
    assert cfg["data"] == {"name": "synthetic:near", "records": 100_000, "dev_records": 12_000, "seed": 0,
                           "batch_size": 64, "window_s": 30.0, "low_hz": 1.0, "high_hz": 45.0, "noise": 0.31,
                           "tremor": 0.5, "augment": 0.0}
    assert cfg["evaluation"] == {"batch_size": 128, "windows": 1024, "probe": True, "probe_records": 12_000}
    training = cfg["training"]
    assert (training["steps"], training["clip_norm"], training["validate_every"]) == (1784, 1.0, 446)


def test_spans_that_are_hidden():
    """A tenth of 150 frames would be 15 starts of 10; short windows have shorter spans and as large a share."""
    assert SpanMask() == SpanMask(0.065, 10, 2)
    assert [SpanMask().span(frames) for frames in (150, 80, 79, 16, 8, 7, 2)] == [10, 10, 9, 2, 1, 1, 1]
    assert SpanMask().most(150) == 100  # at most 9.75 + 1 starts, of ten frames each
    assert SpanMask(1.0, 10).most(20) == 20 and SpanMask(0.0, 10, 2).most(150) == 20


def test_chances_and_ranges_of_the_changes():
    assert augment.CHANCES == {"amplitude": 0.5, "noise": 0.4, "band": 0.3, "component": 0.2, "polarity": 0.1,
                               "taper": 0.2}
    assert augment.BANDS_HZ == ((0.1, 10.0), (1.0, 20.0), (2.0, 40.0), (0.5, 15.0))
    assert augment.SNR_DB == (10.0, 40.0) and augment.TAPER == (0.01, 0.10)
