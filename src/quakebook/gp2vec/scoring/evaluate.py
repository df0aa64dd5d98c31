"""Scores of a network with a run's own settings: probes of its frozen features."""

from __future__ import annotations

from typing import Any

import torch

from ..data.splits import load
from ..data.windows import Pool
from ..networks.backbone import Backbone
from ..settings import GP2VecConfig
from .encode import Encoder, extract, network_encoder
from .probes import ProbeResult, probe_all

_POOLS: dict[tuple[Any, ...], Pool] = {}


def probe_pool(settings: GP2VecConfig, device: torch.device | str) -> Pool:
    """The records of the probes; the last one made is kept, because several networks are probed on it."""
    key = (settings.data, settings.evaluation.probe_records, str(device))
    if key not in _POOLS:
        _POOLS.clear()
        _POOLS[key] = load(settings.data, "probe", device, settings.evaluation.probe_records)
    return _POOLS[key]


def probes(encoder: Encoder, settings: GP2VecConfig, device: torch.device | str) -> dict[str, ProbeResult]:
    """All six probes of an encoder."""
    pool = probe_pool(settings, device)
    return probe_all(extract(encoder, pool, settings.data.samples, settings.evaluation.batch_size))


def probe_metrics(model: Backbone, settings: GP2VecConfig, device: torch.device | str) -> dict[str, float]:
    """``probe.phase``, ``probe.P``, ... of the frozen features of a network."""
    training = model.training
    results = probes(network_encoder(model.eval()), settings, device)
    model.train(training)
    return {f"probe.{task}": result.score for task, result in results.items()}
