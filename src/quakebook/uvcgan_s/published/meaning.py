"""What a published configuration means in the settings of this chapter."""

from __future__ import annotations

from typing import Any

from quakebook.training.config import ConfigError, TrainingConfig

from ..settings import (
    DataConfig,
    EvaluationConfig,
    NetworkConfig,
    ObjectiveConfig,
    OptimiserConfig,
    Shapes,
    UvcganConfig,
)


def shapes_of(whole: dict[str, Any]) -> Shapes:
    """(channels, height, width) of A0, A1 and B; the two-domain baseline has its A in both places."""
    shapes = [tuple(each["shape"]) for each in whole["data"]["datasets"]]
    return tuple(shapes) if len(shapes) == 3 else (shapes[0], *shapes)


def settings_of(whole: dict[str, Any], device: str = "auto", capture: bool = False) -> UvcganConfig:
    """The settings of this chapter that a published configuration means.

    Raises
    ------
    ConfigError
        A part that this chapter does not have; the message names its key.
    """
    if whole["generator"]["model"] != "vit-modnet":
        raise ConfigError(f"generator.model {whole['generator']['model']!r} is not built here; known: vit-modnet")
    baseline = whole["model"] == "uvcgan-v2"
    args = whole["model_args"]
    return UvcganConfig(
        data=DataConfig(name=whole["data"]["datasets"][0]["dataset"]["path"], records=0, dev_records=0,
                        batch_size=whole["batch_size"]),
        network=network_of(whole), objective=_objective(whole, baseline), optimiser=_optimiser(whole),
        evaluation=EvaluationConfig(),
        training=TrainingConfig(
            steps=whole["epochs"] * whole["steps_per_epoch"], seed=whole["seed"], device=device, capture=capture,
            ema_decay=args["avg_momentum" if baseline else "ema_momentum"] or 0.0,
            clip_norm=0.0 if baseline else (args.get("grad_clip") or {}).get("norm", 0.0),
            checkpoint_every=whole["steps_per_epoch"], validate_every=0))


def network_of(whole: dict[str, Any]) -> NetworkConfig:
    """Generators and critics of a published configuration."""
    made, critic = whole["generator"]["model_args"], whole["discriminator"]
    residual = critic["model"] == "resnet"
    specs = critic["model_args"].get("block_specs", [])
    features = [spec["features"] for kind, spec in specs if kind == "stem"]
    count = critic["model_args"].get("n_layers", 0)
    return NetworkConfig(
        features=made["features"], heads=made["n_heads"], blocks=made["n_blocks"], feed_forward=made["ffn_features"],
        embed=made["embed_features"], levels=tuple(made["modnet_features_list"]), extra_tokens=made["n_ext"],
        level_norm=made["modnet_norm"] or "none", level_rezero=made["modnet_rezero"], rezero=made["rezero"],
        style_rezero=made["style_rezero"], style_bias=made["style_bias"],
        demodulate=made.get("modnet_demod", True), output=made["activ_output"] or "none", critic=critic["model"],
        critic_levels=tuple(features) if residual else tuple(64 * min(2**k, 8) for k in range(count)),
        critic_blocks=next((spec for kind, spec in specs if kind == "resnet"), 0),
        critic_norm=critic["model_args"].get("norm", "instance") or "none", spectral_norm=critic["spectr_norm"],
        head=whole["model_args"]["head_config"])


def _objective(whole: dict[str, Any], baseline: bool) -> ObjectiveConfig:
    args, penalty = whole["model_args"], whole["gradient_penalty"] or {"lambda_gp": 0.0}
    shared = {"gan": whole["loss"], "penalty": float(penalty["lambda_gp"]),
              "penalty_center": float(penalty.get("center", 0)), "penalty_mix": penalty.get("mix_type", "real-fake"),
              "penalty_reduction": penalty.get("reduction", "mean"), "penalty_period": args["gp_cache_period"],
              "queue": args["head_queue_size"]}
    if baseline:
        return ObjectiveConfig(method="uvcgan2", cycle_a1=float(args["lambda_a"]), cycle_b=float(args["lambda_b"]),
                               norm="none", **shared)
    weights = {f"{ours}_{d}": float(args[f"lambda_{theirs}_{d}"]) for d in ("a0", "a1", "b")
               for ours, theirs in (("adversarial", "adv"), ("cycle", "cyc"))}
    norm = args["data_norm"] or {"name": "none"}
    return ObjectiveConfig(
        **weights, **shared, identity_aa=args["lambda_idt_aa"], identity_bb=args["lambda_idt_bb"], norm=norm["name"],
        **({"norm_bias": norm["bias"]} if "bias" in norm else {}),
        norm_loss=_one(args, "norm_loss"), norm_critic=_one(args, "norm_disc"))


def _one(args: dict[str, Any], name: str) -> bool:
    values = {args[f"{name}_{domain}"] for domain in ("a0", "a1", "b")}
    if len(values) > 1:
        raise ConfigError(f"model_args.{name}_a0, _a1 and _b must be alike here; found both")
    return values.pop()


def _optimiser(whole: dict[str, Any]) -> OptimiserConfig:
    gen, disc = (whole[side]["optimizer"] for side in ("generator", "discriminator"))
    schedule = whole["scheduler"]
    rise = {"schedule": "constant"} if schedule is None else {
        "schedule": "linear", "start_factor": schedule["start_factor"], "epoch_steps": whole["steps_per_epoch"],
        "warmup_steps": schedule["total_iters"] * whole["steps_per_epoch"]}
    return OptimiserConfig(name=gen["name"].lower(), lr=gen["lr"], critic_lr=disc["lr"], beta1=gen["betas"][0],
                           beta2=gen["betas"][1], weight_decay=gen.get("weight_decay", 0.0), **rise)
