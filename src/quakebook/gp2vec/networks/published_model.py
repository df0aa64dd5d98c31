"""The published model node (`model:` of the configuration files) as an `Architecture`, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .architecture import Architecture, heads_of, of_size
from .encoder import from_config

#: Published key -> field. Keys of nested nodes are joined by a dot.
KEYS = {
    "input_channels": "channels", "in_channels": "channels",
    "feature_encoder.conv_layers": "convolutions", "feature_encoder.norm": "norm",
    "feature_encoder.padding": "padding", "feature_encoder.feature_grad_mult": "feature_grad_mult",
    "feature_encoder.dropout": "feature_dropout",
    "context_encoder.embed_dim": "width", "context_encoder.num_heads": "heads",
    "context_encoder.num_layers": "depth", "context_encoder.ffn_dim": "hidden",
    "context_encoder.dropout": "dropout", "context_encoder.attention_dropout": "attention_dropout",
    "context_encoder.layer_drop": "layer_drop", "context_encoder.position": "position",
    "context_encoder.position_kernel": "position_kernel",
    "quantizer.type": "quantiser", "quantizer.codebook_size": "codes", "quantizer.num_codebooks": "codebooks",
    "quantizer.codevector_dim": "code_width", "quantizer.scale_logits": "scale_logits",
    "quantizer.decay": "ema_decay", "quantizer.restart_every": "ema_restart",
    "metadata_fusion.type": "fusion", "metadata_fusion.layers": "fusion_layers",
    "multitask.tasks": "tasks", "multitask.mode": "task_mode",
}
#: Shortcuts that stand at the top of the node.
SHORT = {"embed_dim": "width", "num_heads": "heads", "num_layers": "depth", "fusion": "fusion",
         "conv_layers": "convolutions", "quantizer_type": "quantiser"}
#: Keys of the node that configure the objective or name the node; they are read elsewhere.
ELSEWHERE = ("name", "size", "encoder.rate", "masking", "loss", "quantizer.temperature")


def flatten(node: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings to dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in node.items():
        name = f"{prefix}{key}"
        if hasattr(value, "keys"):
            flat |= flatten(value, f"{name}.")
        else:
            flat[name] = value
    return flat


def architecture(node: Mapping[str, Any]) -> Architecture:
    """Read a model node; every key is used or refused by name.

    >>> architecture({"embed_dim": 512}).heads
    8
    """
    flat, own, changes = flatten(node), set(Architecture.__dataclass_fields__), {}
    for key, value in flat.items():
        if any(key == each or key.startswith(f"{each}.") for each in ELSEWHERE):
            continue
        field = SHORT.get(key) or KEYS.get(key) or (key if key in own else None)
        if field is None:
            known = ", ".join(sorted({*SHORT, *KEYS}))
            raise ValueError(f"unknown model key {key!r}; known: {known}")
        if value is None:
            continue
        changes[field] = tuple(value) if isinstance(value, list) else value
    if "convolutions" in changes:
        changes["convolutions"] = from_config(changes["convolutions"])
    heads = changes.pop("heads", None)
    built = of_size(flat.get("size", "base"), flat.get("encoder.rate", "hz5"), **changes)
    if heads is not None and heads != built.heads:
        if built.width % heads:
            raise ValueError(f"`num_heads` {heads} does not divide `embed_dim` {built.width}; leave it out to get "
                             f"{heads_of(built.width)}")
        changes["heads"] = heads
        built = of_size(flat.get("size", "base"), flat.get("encoder.rate", "hz5"), **changes)
    return built
