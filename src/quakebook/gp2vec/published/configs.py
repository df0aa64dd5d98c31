"""The published configuration tree as settings of this chapter: every key is used, or refused by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from quakebook.training.config import ConfigError, compose

from ..networks.architecture import heads_of
from ..networks.encoder import PRESETS as RATES
from ..networks.published_model import flatten
from ..settings import GP2VecConfig

#: Published key -> our key. A key that needs arithmetic stands in `_computed`.
KEYS = {
    "seed": "training.seed", "device": "training.device",
    "data.records": "data.records", "data.val_records": "data.dev_records", "data.seed": "data.seed",
    "data.dataloader.batch_size": "data.batch_size", "data.processing.window_length": "data.window_s",
    "data.processing.bandpass.low": "data.low_hz", "data.processing.bandpass.high": "data.high_hz",
    "model.size": "network.size", "model.encoder.rate": "network.rate",
    "model.context_encoder.embed_dim": "network.width", "model.context_encoder.num_layers": "network.depth",
    "model.feature_encoder.norm": "network.norm", "model.feature_encoder.padding": "network.padding",
    "model.feature_encoder.feature_grad_mult": "network.feature_grad_mult",
    "model.feature_encoder.dropout": "network.feature_dropout",
    "model.context_encoder.dropout": "network.dropout",
    "model.context_encoder.attention_dropout": "network.attention_dropout",
    "model.context_encoder.layer_drop": "network.layer_drop", "model.context_encoder.position": "network.position",
    "model.context_encoder.position_kernel": "network.position_kernel",
    "model.quantizer.type": "network.quantiser", "model.quantizer.codebook_size": "network.codes",
    "model.quantizer.num_codebooks": "network.codebooks", "model.quantizer.codevector_dim": "network.code_width",
    "model.quantizer.scale_logits": "network.scale_logits", "model.quantizer.decay": "network.ema_decay",
    "model.quantizer.restart_every": "network.ema_restart",
    "model.quantizer.temperature.start": "objective.temperature_start",
    "model.quantizer.temperature.end": "objective.temperature_end",
    "model.quantizer.temperature.schedule": "objective.temperature_schedule",
    "model.metadata_fusion.layers": "network.fusion_layers", "model.multitask.tasks": "network.tasks",
    "model.multitask.mode": "network.task_mode", "model.masking.mask_start_prob": "objective.mask_start_prob",
    "model.masking.mask_length": "objective.mask_length", "model.masking.min_masks": "objective.min_masks",
    "model.loss.num_negatives": "objective.negatives", "model.loss.cross_negatives": "objective.cross_negatives",
    "model.loss.negative_mode": "objective.negative_mode", "model.loss.temperature": "objective.kappa",
    "model.loss.diversity_weight": "objective.diversity_weight",
    "model.loss.penalty_weight": "objective.penalty_weight",
    "model.loss.commitment_weight": "objective.commitment_weight",
    "model.loss.multitask_weight": "objective.multitask_weight",
    "train.optimizer.name": "optimiser.name", "train.optimizer.lr": "optimiser.lr",
    "train.optimizer.weight_decay": "optimiser.weight_decay", "train.optimizer.eps": "optimiser.eps",
    "train.lr_scheduler.warmup_steps": "optimiser.warmup_steps", "train.trainer.num_nodes": "training.num_nodes",
    "train.trainer.gradient_clip_val": "training.clip_norm", "train.trainer.log_every_n_steps": "training.log_every",
    "train.trainer.val_check_interval": "training.validate_every",
    "train.trainer.deterministic": "training.deterministic", "train.trainer.compile": "training.compile",
    "checkpointing.every_n_steps": "training.checkpoint_every",
}
#: Keys that `_computed` reads, or that only repeat or describe another one.
READ = ("data.source", "data.preset", "data.batch_size", "data.augmentation.", "data.metadata.enabled",
        "model.input_channels", "model.embed_dim", "model.feature_encoder.conv_layers",
        "model.context_encoder.num_heads", "model.metadata_fusion.type", "train.max_epochs", "train.max_steps",
        "train.optimizer.betas", "train.lr_scheduler.name", "train.lr_scheduler.min_lr", "train.trainer.max_epochs",
        "train.trainer.max_steps", "train.trainer.devices", "train.trainer.strategy", "train.trainer.precision",
        "train.ema.", "train.early_stopping.", "wandb.", "loggers.", "checkpointing.monitor",
        "checkpointing.save_top_k", "checkpointing.upload")
#: Keys that act on continuous archives only, with their defaults.
ARCHIVE = {"data.s3.bucket": "scedc-pds", "data.s3.prefix": "continuous_waveforms/", "data.s3.region": "us-west-2",
           "data.s3.endpoint_url": None, "data.s3.anon": True, "data.manifest_path": None,
           "data.metadata.fdsn_client": "IRIS", "data.metadata.fdsn_base_url": None, "data.metadata.path": None}
#: Keys that neither source can change.
FIXED = {"data.processing.target_sampling_rate": (100.0,), "data.processing.overlap": None,
         "data.augmentation.time_shift.max_shift": (0.1,), "model.input_channels": (3,),
         "checkpointing.save_top_k": (1,), "checkpointing.monitor": ("val/gap",), "loggers.csv.enabled": (True,),
         "loggers.tensorboard.log_graph": (False,), "data.dataloader.num_workers": None}


def settings(tree: Mapping[str, Any], devices: int = 1, gpu: bool = False) -> GP2VecConfig:
    """Settings from a composed tree.

    Parameters
    ----------
    tree : mapping
        Plain containers, interpolations resolved.
    devices : int
        What "auto" means on this machine.
    gpu : bool
        Whether float16 is supported; otherwise 16-mixed becomes bf16-mixed.

    Raises
    ------
    ConfigError
        An unknown key, a value out of range, or a key that acts on nothing.
    """
    flat = flatten(tree)
    _refuse(flat)
    values = {ours: flat[theirs] for theirs, ours in KEYS.items() if flat.get(theirs) is not None}
    values |= _computed(flat, devices, gpu)
    return compose(GP2VecConfig, {}, {key: value for key, value in values.items() if value is not None})


def _refuse(flat: dict[str, Any]) -> None:
    if flat.get("data.source") == "synthetic" and flat.get("data.processing.overlap") not in (0.5, 0.0):
        raise ConfigError("`data.processing.overlap` acts with data.source=archive only; found "
                          f"{flat['data.processing.overlap']}")
    for key, value in flat.items():
        if key.startswith("hydra."):
            continue
        if key in FIXED:
            if FIXED[key] is not None and value not in FIXED[key]:
                raise ConfigError(f"`{key}` can only be {' or '.join(map(str, FIXED[key]))} here; found {value}")
        elif key in ARCHIVE:
            if flat.get("data.source") == "synthetic" and value != ARCHIVE[key]:
                raise ConfigError(f"`{key}` acts with data.source=archive only; found {value}")
        elif key not in KEYS and not any(key == name or (name.endswith(".") and key.startswith(name))
                                         for name in READ):
            raise ConfigError(f"unknown configuration key `{key}`")


def _computed(flat: dict[str, Any], devices: int, gpu: bool) -> dict[str, Any]:
    wanted = flat.get("train.trainer.devices", "auto")
    count = devices if wanted in ("auto", -1) else int(wanted)
    total = count * int(flat.get("train.trainer.num_nodes", 1))
    steps = _steps(flat, total)
    betas, lr = flat["train.optimizer.betas"], float(flat["train.optimizer.lr"])
    convolutions = list(flat["model.feature_encoder.conv_layers"])
    kernels, strides = _rate(flat, convolutions)
    augmented = flat["data.augmentation.enabled"]
    decay = float(flat["train.ema.decay"]) if flat["train.ema.enabled"] else 0.0
    streamed = str(flat["data.source"]).startswith("shards:")
    strategy, precision = flat["train.trainer.strategy"], flat["train.trainer.precision"]
    fusion = flat["model.metadata_fusion.type"] if flat["data.metadata.enabled"] else "none"
    return {
        "data.name": _source(flat), **({"data.records": 0} if streamed else {}),
        "data.augment": float(flat["data.augmentation.probability"]) if augmented else 0.0,
        "network.heads": _heads(flat), "network.channels": [each["channels"] for each in convolutions],
        "network.kernels": kernels, "network.strides": strides, "network.fusion": fusion,
        "optimiser.beta1": betas[0], "optimiser.beta2": betas[1],
        "optimiser.schedule": {"cosine_with_warmup": "cosine", "constant": "constant"}.get(
            flat["train.lr_scheduler.name"], flat["train.lr_scheduler.name"]),
        "optimiser.min_lr_share": min(1.0, float(flat["train.lr_scheduler.min_lr"]) / lr) if lr else 0.0,
        "training.steps": steps, "training.devices": count,
        "training.strategy": "auto" if total == 1 and strategy == "ddp" else strategy,
        "training.precision": "bf16-mixed" if precision == "16-mixed" and not gpu else precision,
        # an average over more steps than the run has would still hold the start weights
        "training.ema_decay": min(decay, max(0.0, 1 - 10 / steps)), "training.tracker": _tracker(flat),
        "evaluation.windows": min(1024, int(flat["data.val_records"])), "evaluation.probe": False,
    }


def _steps(flat: dict[str, Any], total: int) -> int:
    per_epoch = math.ceil(int(flat["data.records"]) / (int(flat["data.dataloader.batch_size"]) * total))
    steps = int(flat["train.max_epochs"]) * max(1, per_epoch)
    most = int(flat["train.max_steps"])
    return min(steps, most) if most > 0 else steps


def _rate(flat: dict[str, Any], convolutions: list[Mapping[str, Any]]) -> tuple[list[int], list[int]]:
    """Kernels and strides: those of the encoder group where it is not the default, else those of the layers."""
    rate = flat.get("model.encoder.rate", "hz5")
    if rate not in RATES:
        raise ConfigError(f"`model/encoder` must be one of {', '.join(RATES)}; found {rate}")
    if rate == "hz5":
        return [each["kernel_size"] for each in convolutions], [each["stride"] for each in convolutions]
    kernels, strides = RATES[rate]
    while len(convolutions) < len(kernels):
        convolutions.append(convolutions[-1])
    del convolutions[len(kernels):]
    return list(kernels), list(strides)


def _heads(flat: dict[str, Any]) -> int:
    heads, width = int(flat["model.context_encoder.num_heads"]), int(flat["model.context_encoder.embed_dim"])
    if width % heads:
        raise ConfigError(f"`model.context_encoder.num_heads` {heads} does not divide `embed_dim` {width}; leave it "
                          f"out to get {heads_of(width)}")
    return heads


def _source(flat: dict[str, Any]) -> str:
    if flat["data.source"] == "synthetic":
        return f"synthetic:{flat['data.preset']}"
    if flat["data.source"] == "archive":
        raise ConfigError("data.source=archive needs `data.manifest_path`, a manifest made by make_manifest")
    return str(flat["data.source"])


def _tracker(flat: dict[str, Any]) -> str:
    chosen = [name for name, key in (("wandb", "wandb.enabled"), ("tensorboard", "loggers.tensorboard.enabled"))
              if flat.get(key)]
    if len(chosen) > 1:
        raise ConfigError("one of wandb.enabled and loggers.tensorboard.enabled; the table metrics.csv is always kept")
    return chosen[0] if chosen else "none"
