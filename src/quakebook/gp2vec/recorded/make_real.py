"""The recorded probes on real records; called by ``quakebook record gp2vec real`` through the plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from quakebook.data import load_records, required_sample_path
from quakebook.training.recorded_plan import Outcome

from ..api import data_device
from ..objective.pretraining import GP2Vec
from ..scoring.encode import network_encoder
from ..scoring.evaluate import probe_pool
from ..studies.handcrafted_features import frame_features
from ..studies.real_records import compare, station_pool
from .make import named, settings_for
from .read import network


def real(name: str, preset: str, source: str, seeds: Sequence[int], synthetic: int, folder: Path) -> Outcome:
    """The probes on the Northern California sample: a recorded network, the same untrained, handcrafted features.

    Parameters
    ----------
    source : str
        Recorded network.
    seeds : sequence of int
        Of the untrained networks.
    synthetic : int
        Records for the probes that are fitted on synthetic ones.

    Raises
    ------
    FileNotFoundError
        The sample is not on this machine.
    """
    place = required_sample_path()
    settings = settings_for(preset, 0, [f"evaluation.probe_records={synthetic}"])
    device = data_device(settings.training.device)
    model = network(source, folder).to(device)
    encoders = {"pretrained": network_encoder(model)}
    for seed in seeds:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            encoders[f"untrained.{seed}"] = network_encoder(GP2Vec(model.plan).eval().to(device))
    pool = station_pool(load_records(str(place)).to(device), settings.data)
    metrics = compare(encoders, frame_features, pool, probe_pool(settings, device), settings.data.samples,
                      settings.evaluation.batch_size)
    return Outcome(named(name, metrics), {}, settings, None,
                   {"data": "real", "seeds": list(seeds), "source": source, "sample": place.name})
