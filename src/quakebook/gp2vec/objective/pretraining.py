"""GP2Vec as it is pre-trained: hide spans, find their targets, add up the losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..data.masking import SpanMask, draw_mask, masked_order
from ..data.metadata import Metadata, clean, tensors
from ..data.windows import standardise
from ..networks import heads
from ..networks.architecture import Architecture, of_size
from ..networks.backbone import Backbone
from .contrastive import contrast
from .diversity import diversity_loss, hard_distribution, mean_probabilities, perplexity
from .negatives import draw_cross, draw_negatives


@dataclass(frozen=True)
class Objective:
    """Rule of the loss; weights as in wav2vec 2.0 except the diversity, whose 1.0 keeps the book in use."""

    mask: SpanMask = SpanMask()
    negatives: int = 100
    cross_negatives: int = 0
    negative_mode: str = "sample"
    kappa: float = 0.1
    diversity_weight: float = 1.0
    penalty_weight: float = 0.0
    commitment_weight: float = 0.25
    multitask_weight: float = 0.05


@dataclass  # not frozen: Fabric's wrappers rebuild what a network returns
class Pretraining:
    """Result of one forward pass; losses are means over hidden frames.

    `gap` is chance - contrastive loss, chance being the mean of log(1 + distractors left). `mask` (B, T), `codes`
    (B, T, G) with -1 where a frame was not hidden, `rank` (B, M) and `index` (B, M) of the hidden frames.
    """

    loss: Tensor
    contrastive_loss: Tensor
    chance: Tensor
    gap: Tensor
    diversity_loss: Tensor
    feature_penalty: Tensor
    commitment_loss: Tensor
    multitask_loss: Tensor
    accuracy: Tensor
    accuracy5: Tensor
    code_perplexity: Tensor
    prob_perplexity: Tensor
    masked_fraction: Tensor
    temperature: Tensor
    mask: Tensor
    codes: Tensor
    rank: Tensor
    index: Tensor

    def numbers(self) -> dict[str, Tensor]:
        """The scalars, detached: what a training logs."""
        arrays = ("mask", "codes", "rank", "index")
        return {f.name: getattr(self, f.name).detach() for f in fields(self) if f.name not in arrays}


class GP2Vec(Backbone):
    """Self-supervised encoder of seismograms.

    Parameters
    ----------
    cfg : mapping or Architecture, optional
        The published model node; without it the published default (base size, width 768, metadata added).
    **overrides
        Single fields, e.g. ``size="small"``, ``rate="hz25"``, ``width=512``, ``fusion="film"``.

    Examples
    --------
    >>> model = GP2Vec(size="tiny")
    >>> model.encode(torch.randn(2, 3, 3000)).shape
    torch.Size([2, 150, 128])
    """

    def __init__(self, cfg: Mapping[str, Any] | Architecture | None = None, objective: Objective | None = None,
                 **overrides: Any) -> None:
        super().__init__(_plan(cfg, overrides))
        self.objective = objective or Objective()

    @classmethod
    def from_config(cls, cfg: Mapping[str, Any] | Architecture) -> GP2Vec:
        """The network of a published model node."""
        return cls(cfg)

    @classmethod
    def from_pretrained(cls, path: str | Path) -> GP2Vec:
        """A network with weights from a file written by `networks.checkpoint.save`."""
        from ..networks.checkpoint import read

        plan, state = read(path)
        model = cls(plan)
        model.load_state_dict(state)
        return model.eval()

    def forward(self, waveforms: Tensor, metadata: Metadata | None = None, mask: Tensor | None = None,
                negatives: Tensor | None = None, cross: Tensor | None = None, noise: Tensor | None = None,
                normalize: bool = True, generator: torch.Generator | None = None) -> Pretraining:
        """One pre-training pass over windows (B, C, N).

        What is not given is drawn: `mask` (B, T), `negatives` (B, M, K) as ranks among the hidden frames of a
        window, `cross` (B, M, C), and Gumbel `noise` (B, T, G, V).
        """
        rule, device = self.objective, waveforms.device
        z, features = self.latents(standardise(waveforms) if normalize else waveforms)
        batch, frames = features.shape[:2]
        if mask is None:
            mask = draw_mask(rule.mask, batch, frames, generator, device)
        index, valid = masked_order(mask, max_rows(rule, mask))
        if negatives is None and rule.negative_mode == "sample":
            negatives = draw_negatives(valid, rule.negatives, generator)
        if cross is None and rule.cross_negatives:
            cross = draw_cross(valid, rule.cross_negatives, generator)
        hidden_features = _rows(self.target_dropout(features), index)
        noise = None if noise is None else _rows(noise.flatten(2), index).unflatten(-1, noise.shape[2:])
        quantised = self.quantiser(hidden_features, noise, valid)
        contexts = _rows(self.contexts(features, self._visible(metadata), mask)[0], index)
        result = contrast(self.project_context(contexts), self.project_target(quantised.vectors),
                          None if self.plan.quantiser == "none" else quantised.codes, valid, negatives, cross,
                          rule.kappa)
        extra = self._multitask(contexts, valid, metadata, batch, device)
        return self._total(result, quantised, z, mask, index, valid, extra)

    def _visible(self, metadata: Metadata | None) -> Metadata | None:
        """Metadata that the network may read: not those that name what its extra heads must predict."""
        if self.multitask is None or not metadata:
            return metadata
        secret = self.multitask.hidden_fields()
        return {name: value for name, value in clean(metadata).items() if name not in secret}

    def _multitask(self, contexts: Tensor, valid: Tensor, metadata: Metadata | None, batch: int,
                   device: torch.device) -> Tensor:
        if self.multitask is None:
            return contexts.new_zeros((), dtype=torch.float32)
        weight = valid[..., None].to(contexts.dtype)
        pooled = (contexts * weight).sum(1) / weight.sum(1).clamp_min(1)
        return self.multitask(pooled, heads.labels(tensors(metadata or {}, batch, device), batch, device))

    def _total(self, result: Any, quantised: Any, z: Tensor, mask: Tensor, index: Tensor, valid: Tensor,
               extra: Tensor) -> Pretraining:
        rule, count = self.objective, result.count.clamp_min(1)
        contrastive, chance = result.loss / count, result.chance / count
        size, zero = self.quantiser.codes, contrastive.new_zeros(())
        hard = perplexity(hard_distribution(quantised.codes, size, valid))
        soft, diversity = hard, zero
        if quantised.probabilities is not None:
            mean = mean_probabilities(quantised.probabilities, valid)
            soft, diversity = perplexity(mean), diversity_loss(mean)
        penalty = z.float().square().mean()
        loss = contrastive + rule.commitment_weight * quantised.commitment + rule.multitask_weight * extra
        if rule.diversity_weight:
            loss = loss + rule.diversity_weight * diversity
        if rule.penalty_weight:
            loss = loss + rule.penalty_weight * penalty
        codes = torch.full((*mask.shape, quantised.codes.shape[-1]), -1, device=mask.device)
        filled = torch.where(valid[..., None], quantised.codes, -1)
        codes = codes.scatter(1, index[..., None].expand_as(filled), filled)
        tau = getattr(self.quantiser, "temperature", zero)
        return Pretraining(loss, contrastive, chance, (chance - contrastive).detach(), diversity, penalty,
                           quantised.commitment, extra, result.correct / count, result.correct5 / count,
                           hard, soft, mask.float().mean(), tau.detach().clone(), mask, codes, result.rank, index)


def max_rows(rule: Objective, mask: Tensor) -> int:
    """Size of the tensors of hidden frames: the rule's bound; on the CPU more where a given mask hides more."""
    bound = rule.mask.most(mask.shape[1])
    return max(bound, int(mask.sum(1).max())) if mask.device.type == "cpu" else bound


def _rows(x: Tensor, index: Tensor) -> Tensor:
    return x.gather(1, index[..., None].expand(-1, -1, x.shape[-1]))


def _plan(cfg: Mapping[str, Any] | Architecture | None, overrides: dict[str, Any]) -> Architecture:
    if isinstance(cfg, Architecture):
        return replace(cfg, **overrides)
    if cfg is not None:
        from ..networks.published_model import architecture

        return architecture({**cfg, **overrides})
    short = {"embed_dim": "width", "num_layers": "depth", "num_heads": "heads"}
    overrides = {short.get(key, key): value for key, value in overrides.items()}
    return of_size(overrides.pop("size", "base"), overrides.pop("rate", "hz5"), **overrides)
