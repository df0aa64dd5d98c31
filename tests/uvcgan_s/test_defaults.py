"""The paper preset, number by number, as the published program has it."""

from quakebook import uvcgan_s
from quakebook.training.config import to_dict


def test_settings_of_the_paper_preset():
    cfg = to_dict(uvcgan_s.config())
    assert cfg["network"] == {
        "features": 384, "heads": 6, "blocks": 12, "feed_forward": 1536, "embed": 384, "levels": [96, 192, 384],
        "extra_tokens": 1, "level_norm": "none", "level_rezero": False, "rezero": True, "style_rezero": True,
        "style_bias": True, "demodulate": True, "output": "none", "positions": "published", "critic": "resnet",
        "critic_levels": [64, 128, 256, 512], "critic_blocks": 3, "critic_norm": "batch", "spectral_norm": True,
        "head": "idt"}
    assert cfg["objective"] == {
        "method": "full", "gan": "hinge", "adversarial_a0": 1.0, "adversarial_a1": 1.0, "adversarial_b": 1.0,
        "cycle_a0": 10.0, "cycle_a1": 100.0, "cycle_b": 10.0, "identity_aa": 0.5, "identity_bb": 0.5,
        "with_cycle": True, "sum_scale": 1.0, "warm_steps": 0, "penalty": 0.01, "penalty_center": 0.0,
        "penalty_mix": "real-fake", "penalty_reduction": "mean", "penalty_period": 0, "norm": "log", "norm_bias": 0.1,
        "norm_scale": 1.0, "norm_threshold": 1.0, "norm_loss": False, "norm_critic": False, "queue": 0}
    assert cfg["optimiser"] == {
        "name": "adam", "lr": 5e-5, "critic_lr": 5e-5, "weight_decay": 0.0, "beta1": 0.5, "beta2": 0.99,
        "schedule": "linear", "warmup_steps": 64_000, "epoch_steps": 2_000, "start_factor": 0.01}
    assert cfg["data"] == {"name": "synthetic:small", "records": 20_000, "dev_records": 4_000, "seed": 0,
                           "batch_size": 4}
    assert cfg["evaluation"] == {"batch_size": 64}
    training = cfg["training"]
    assert (training["steps"], training["clip_norm"], training["ema_decay"]) == (800_000, 0.5, 0.9999)
    assert (training["checkpoint_every"], training["validate_every"], training["log_every"]) == (10_000, 0, 50)
