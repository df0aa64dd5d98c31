"""Weights in the layout of the published SeisLM files (that of `transformers`' wav2vec 2.0) as a network of ours.

The file is not part of this project. A reader who has it can put it through the chapter's own probes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from .architecture import Architecture, heads_of
from .encoder import Layer

PREFIX = "wav2vec2."
#: Ours -> theirs, for parts that are there once.
ONCE = {"feature_norm": "feature_projection.layer_norm", "project": "feature_projection.projection",
        "context.norm": "encoder.layer_norm"}
#: Ours -> theirs, inside a Transformer block.
BLOCK = {"attention.q": "attention.q_proj", "attention.k": "attention.k_proj", "attention.v": "attention.v_proj",
         "attention.out": "attention.out_proj", "attention_norm": "layer_norm", "norm": "final_layer_norm",
         "up": "feed_forward.intermediate_dense", "down": "feed_forward.output_dense"}
HEADS = {"quantiser.logits": "quantizer.weight_proj", "project_context": "project_hid", "project_target": "project_q"}
POSITION = "encoder.pos_conv_embed.conv"


def names(depth: int, convolutions: int, norms: int) -> dict[str, str]:
    """Our parameter name -> theirs (without the codebook, the scale of the positional weights, absent biases)."""
    pairs = {ours: PREFIX + theirs for ours, theirs in ONCE.items()}
    pairs |= {f"encoder.blocks.{i}.conv": f"{PREFIX}feature_extractor.conv_layers.{i}.conv"
              for i in range(convolutions)}
    pairs |= {f"encoder.blocks.{i}.norm": f"{PREFIX}feature_extractor.conv_layers.{i}.layer_norm"
              for i in range(norms)}
    pairs |= {f"context.blocks.{i}.{ours}": f"{PREFIX}encoder.layers.{i}.{theirs}"
              for i in range(depth) for ours, theirs in BLOCK.items()}
    pairs |= HEADS
    out = {f"{ours}.{kind}": f"{theirs}.{kind}" for ours, theirs in pairs.items() for kind in ("weight", "bias")}
    return out | {"mask_vector": f"{PREFIX}masked_spec_embed", "context.position.conv.bias": f"{PREFIX}{POSITION}.bias"}


def architecture(state: Mapping[str, Tensor], config: Mapping[str, Any] | None = None) -> Architecture:
    """What the shapes say, and `config` what they cannot: strides, heads, order of the norms, scaled logits."""
    config = dict(config or {})
    conv = _convolutions(state)
    strides = config.get("conv_stride", [2] * len(conv))
    norms = sum(f"{PREFIX}feature_extractor.conv_layers.{i}.layer_norm.weight" in state for i in range(len(conv)))
    if norms not in (1, len(conv)):
        raise ValueError(f"expected a norm after the first or after every convolution; found {norms} of {len(conv)}")
    width = state[f"{PREFIX}encoder.layer_norm.weight"].shape[0]
    blocks = {int(m[1]) for key in state if (m := re.match(rf"{re.escape(PREFIX)}encoder\.layers\.(\d+)\.", key))}
    book = state["quantizer.codevectors"]
    groups = int(config.get("num_codevector_groups", 2))
    first = f"{PREFIX}encoder.layers.0.feed_forward.intermediate_dense.weight"
    return Architecture(
        tuple(Layer(w.shape[0], w.shape[2], int(s)) for w, s in zip(conv, strides, strict=True)), width=width,
        depth=len(blocks), heads=int(config.get("num_attention_heads", heads_of(width))),
        hidden=state[first].shape[0], channels=conv[0].shape[1], norm="layer" if norms == len(conv) > 1 else "group",
        padding="valid", position_kernel=_position(state)[1].shape[2], dropout=0.0, attention_dropout=0.0,
        feature_dropout=0.0, pre_norm=bool(config.get("do_stable_layer_norm", True)), codebooks=groups,
        codes=book.shape[1] // groups, code_width=state["project_hid.weight"].shape[0],
        scale_logits=bool(config.get("scale_logits_in_quantization", config.get("scale_logits", True))), fusion="none")


def convert(state: Mapping[str, Tensor], config: Mapping[str, Any] | None = None) -> tuple[Architecture,
                                                                                         dict[str, Tensor]]:
    """Architecture and weights under our names; a missing or surplus tensor is refused by name."""
    plan = architecture(state, config)
    norms = len(plan.convolutions) if plan.norm == "layer" else 1
    pairs, out, used = names(plan.depth, len(plan.convolutions), norms), {}, set()
    for ours, theirs in pairs.items():
        if theirs in state:
            out[ours] = state[theirs]
        elif re.fullmatch(r"encoder\.blocks\.\d+\.conv\.bias", ours):
            out[ours] = torch.zeros(plan.convolutions[int(ours.split(".")[2])].channels)
        else:
            raise ValueError(f"the weights lack {theirs}")
        used.add(theirs)
    scale, direction, keys = _position(state)
    out["context.position.conv.parametrizations.weight.original0"] = scale
    out["context.position.conv.parametrizations.weight.original1"] = direction
    book = state["quantizer.codevectors"]
    out["quantiser.book"] = book[0].unflatten(0, (plan.codebooks, plan.codes))
    if surplus := sorted(set(state) - used - {*keys, "quantizer.codevectors"}):
        raise ValueError(f"the weights hold {len(surplus)} unknown tensors, first {surplus[0]}")
    return plan, {name: value.float() for name, value in out.items()}


def _convolutions(state: Mapping[str, Tensor]) -> list[Tensor]:
    keys = [f"{PREFIX}feature_extractor.conv_layers.{i}.conv.weight" for i in range(20)]
    found = [state[key] for key in keys if key in state]
    if not found:
        raise ValueError(f"the weights lack {keys[0]}; expected the layout of a wav2vec 2.0 pre-training model")
    return found


def _position(state: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, tuple[str, str]]:
    """Scale and direction of the weight-normalised positional convolution, by either of their names."""
    for pair in (("weight_g", "weight_v"), ("parametrizations.weight.original0", "parametrizations.weight.original1")):
        keys = tuple(f"{PREFIX}{POSITION}.{name}" for name in pair)
        if all(key in state for key in keys):
            return state[keys[0]], state[keys[1]], keys
    raise ValueError(f"the weights lack {PREFIX}{POSITION}.weight_g")
