"""The network: waveforms to latents, targets and contexts."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..data.metadata import Metadata
from ..data.windows import standardise
from .architecture import Architecture
from .context import ContextEncoder, TransformerBlock
from .encoder import FeatureEncoder
from .heads import MultitaskHeads
from .metadata_fusion import build_fusion
from .quantiser_ema import EMAQuantiser
from .quantiser_gumbel import GumbelQuantiser, Quantised


class ContinuousTargets(nn.Module):
    """No quantiser: the normalised features themselves are the targets."""

    groups, codes = 1, 1

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.width = inputs

    def forward(self, features: Tensor, noise: Tensor | None = None, weights: Tensor | None = None) -> Quantised:
        features = features.float()
        return Quantised(features, torch.zeros(*features.shape[:-1], 1, dtype=torch.int64, device=features.device),
                         None, features.new_zeros(()))


def _quantiser(plan: Architecture, inputs: int) -> nn.Module:
    if plan.quantiser == "gumbel":
        return GumbelQuantiser(inputs, plan.codebooks, plan.codes, plan.code_width, plan.scale_logits)
    if plan.quantiser == "ema":
        return EMAQuantiser(inputs, plan.codebooks, plan.codes, plan.code_width, plan.ema_decay, plan.ema_restart)
    return ContinuousTargets(inputs)


class Backbone(nn.Module):
    """Feature encoder, quantiser, metadata fusion and context encoder.

    Parameters
    ----------
    plan : Architecture
    """

    #: How the network is divided among devices: block by block, and what is called beside the network itself.
    SHARD_UNITS, SHARD_METHODS = (TransformerBlock,), ("codes", "encode")

    def __init__(self, plan: Architecture) -> None:
        super().__init__()
        self.plan = plan
        self.encoder = FeatureEncoder(plan.convolutions, plan.channels, plan.norm, plan.padding,
                                      plan.feature_grad_mult)
        inputs = self.encoder.out_channels
        self.feature_norm = nn.LayerNorm(inputs, eps=1e-5)
        self.project = nn.Linear(inputs, plan.width)
        self.mask_vector = nn.Parameter(torch.rand(plan.width))
        self.input_dropout, self.target_dropout = nn.Dropout(plan.dropout), nn.Dropout(plan.feature_dropout)
        self.fusion = build_fusion(plan.fusion, plan.width, plan.heads)
        self.context = ContextEncoder(plan.width, plan.depth, plan.heads, plan.hidden, plan.dropout,
                                      plan.attention_dropout, plan.layer_drop, plan.position, plan.position_kernel,
                                      plan.pre_norm)
        self.quantiser = _quantiser(plan, inputs)
        self.project_target = nn.Linear(self.quantiser.width, plan.code_width)
        self.project_context = nn.Linear(plan.width, plan.code_width)
        self.multitask = MultitaskHeads(plan.width, plan.tasks, plan.task_mode) if plan.tasks else None
        nn.init.normal_(self.project.weight, std=0.02)
        nn.init.zeros_(self.project.bias)

    def frames(self, samples: int) -> int:
        """Latent frames T of a window."""
        return self.encoder.frames(samples)

    def latents(self, waveforms: Tensor) -> tuple[Tensor, Tensor]:
        """z (B, T, C), and f = LayerNorm(z): what is quantised and what the Transformer reads."""
        z = self.encoder(waveforms.to(self.feature_norm.weight.dtype))
        return z, self.feature_norm(z)

    def contexts(self, features: Tensor, metadata: Metadata | None = None, mask: Tensor | None = None,
                 keep: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Features (B, T, C) to contexts (B, T, D), with hidden frames replaced before metadata act."""
        x = self.input_dropout(self.project(features))
        if mask is not None:
            x = torch.where(mask[..., None], self.mask_vector.to(x.dtype), x)
        condition = None
        if self.fusion is not None:
            def condition(y: Tensor) -> Tensor:
                return self.fusion(y, metadata)
            if not self.plan.fusion_layers:
                x = condition(x)
        return self.context(x, condition, self.plan.fusion_layers, keep)

    def encode(self, waveforms: Tensor, metadata: Metadata | None = None, layer: int = -1,
               normalize: bool = True) -> Tensor:
        """Features of every frame, without masking.

        Parameters
        ----------
        waveforms : Tensor, shape (B, 3, N) or (B, 1, N)
            Components Z, N, E.
        metadata : mapping of str to Tensor (B,), optional
            Raw physical units: latitude, longitude, elevation, azimuth, dip, sample_rate, gain, depth; integers
            network, station, location, channel, sensor, datalogger; response (B, 64). Any subset.
        layer : int
            0, the Transformer's input; k, the output of block k; -1, the last one, normalised.
        normalize : bool
            Remove each component's mean and divide by one standard deviation over the window.

        Returns
        -------
        Tensor, shape (B, T, D)
        """
        if not -1 <= layer <= self.plan.depth:
            raise ValueError(f"`layer` must lie between -1 and {self.plan.depth}; found {layer}")
        x = standardise(waveforms) if normalize else waveforms
        last, kept = self.contexts(self.latents(x)[1], metadata, keep=layer >= 0)
        return last if layer == -1 else kept[layer]

    def codes(self, waveforms: Tensor, normalize: bool = True) -> Tensor:
        """Codes (B, T, G) of every frame, as chosen without noise."""
        training = self.training
        self.eval()
        with torch.no_grad():
            out = self.quantiser(self.latents(standardise(waveforms) if normalize else waveforms)[1]).codes
        self.train(training)
        return out
