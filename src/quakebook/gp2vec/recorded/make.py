"""How the recorded results are made; called by ``quakebook record gp2vec [NAME...]`` through the plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from quakebook.training.recorded_plan import Outcome

from .. import api
from ..data.splits import load
from ..data.windows import Pool
from ..networks import checkpoint
from ..objective.pretraining import GP2Vec
from ..scoring.encode import extract, network_encoder
from ..scoring.evaluate import probe_pool
from ..scoring.finetune import Recipe
from ..scoring.heldout import measure
from ..scoring.probes import probe_all
from ..scoring.tasks import TASKS, WINDOW_TASKS
from ..settings import GP2VecConfig, config
from ..studies import baselines as _baselines
from ..studies.label_efficiency import FRACTIONS, boosted, curve, labelled_rows, linear
from .read import network

_POOLS: dict[str, dict[str, Pool]] = {}


def settings_for(preset: str, seed: int, overrides: Sequence[str] = ()) -> GP2VecConfig:
    """Settings of a recorded training; on a GPU the step is captured and runs in bf16."""
    device = ["training.capture=true", "training.precision=bf16-mixed"] if torch.cuda.is_available() else []
    return config(*overrides, *device, f"training.seed={seed}", "training.progress=false", preset=preset)


def _pools(settings: GP2VecConfig) -> dict[str, Pool]:
    """Training and dev records, kept for the next training on the same data."""
    key = repr(settings.data)
    if key not in _POOLS:
        _POOLS.clear()
        device = api.data_device(settings.training.device)
        _POOLS[key] = {split: load(settings.data, split, device) for split in ("train", "dev")}
    return _POOLS[key]


def pretraining(name: str, preset: str, seed: int, overrides: Sequence[str] = (),
                keep_weights: bool = False) -> Outcome:
    """One pre-training: held-out gap, accuracy and code use, probes of the features, curves, loss of each step."""
    settings = settings_for(preset, seed, [*overrides, "training.log_every=1"])
    pools = _pools(settings)
    run = api.train(settings, pools)
    history, held = run.read_arrays("history"), run.read_arrays("held_out")
    metrics = dict(run.record["metrics"])
    steps = history["step"]
    leaves = steps[np.flatnonzero(history["dev_gap"] > 0.05)[:1]]
    metrics["leaves_chance_after"] = float(leaves[0]) if len(leaves) else float("nan")
    metrics["probability_uniform_rank"] = _uniform(held["rank"])
    arrays = {f"history_{name}": value.astype(np.float32) for name, value in history.items()}
    log = run.metrics()
    for short, column in (("step", "step"), ("loss", "contrastive_loss"), ("chance", "chance")):
        arrays[f"log_{short}"] = log[column].to_numpy(np.float32)
    arrays |= {"usage": held["usage"].astype(np.float32), "rank": held["rank"].astype(np.int16),
               "depth": held["depth"].astype(np.int16)}
    weights = {}
    if keep_weights:
        weights = checkpoint.pack(api.model_of(run).state_dict())
        kept = GP2Vec(api.model_of(run).plan, api.model_of(run).objective)
        kept.load_state_dict(checkpoint.unpack(weights))
        pool = pools["dev"]
        metrics["kept_weights_dev_gap"] = measure(kept.eval().to(pool.waveforms.device), pool, settings.data.samples,
                                                  settings.evaluation.windows,
                                                  settings.evaluation.batch_size).metrics["gap"]
    return Outcome(named(name, metrics), arrays, settings, run, {"data": "synthetic"}, weights)


def named(name: str, metrics: dict[str, float]) -> dict[str, float]:
    """Metrics under the name of their result, with dots for folders."""
    return {f"{name.replace('/', '.')}.{key}": value for key, value in metrics.items()}


def _uniform(rank: np.ndarray) -> float:
    """p value of the ranks of the true target against a uniform law (Kolmogorov and Smirnov)."""
    from scipy.stats import kstest

    spread = rank + np.random.default_rng(0).random(len(rank))
    return float(kstest(spread / max(1.0, float(spread.max())), "uniform").pvalue)


def baselines(name: str, preset: str, seeds: Sequence[int], overrides: Sequence[str] = ()) -> Outcome:
    """The six probes of untrained networks, of handcrafted features, and of boosted trees on these."""
    settings = settings_for(preset, 0, overrides)
    device = api.data_device(settings.training.device)
    pool = probe_pool(settings, device)
    samples, batch = settings.data.samples, settings.evaluation.batch_size
    metrics: dict[str, float] = {}
    for seed in seeds:
        model = _baselines.random_network(settings, seed).to(device)
        results = probe_all(extract(network_encoder(model), pool, samples, batch))
        metrics |= {f"random.{task}.{seed}": result.score for task, result in results.items()}
    features = _baselines.handcrafted(pool, samples, batch)
    for task, result in probe_all(features).items():
        metrics[f"handcrafted.{task}"] = result.score
        metrics[f"trees.{task}"] = _baselines.trees(features, task).score
    metrics |= {f"shuffled.{task}": result.score for task, result in probe_all(_baselines.shuffled(features)).items()}
    return Outcome(named(name, metrics), {}, settings, None, {"data": "synthetic", "seeds": list(seeds)})


def label_curves(name: str, preset: str, source: str, seeds: Sequence[int], steps: int, folder: Path,
                 overrides: Sequence[str] = (), fractions: Sequence[float] = FRACTIONS) -> Outcome:
    """Scores against the share of labelled events: frozen, fine-tuned, from scratch, random, handcrafted, trees."""
    settings = settings_for(preset, 0, overrides)
    device = api.data_device(settings.training.device)
    pool, samples = probe_pool(settings, device), settings.data.samples
    batch = settings.evaluation.batch_size
    model = network(source, folder).to(device)
    frozen = extract(network_encoder(model), pool, samples, batch)
    untrained = extract(network_encoder(_baselines.random_network(settings, 0).to(device)), pool, samples, batch)
    written = _baselines.handcrafted(pool, samples, batch)
    arrays: dict[str, Any] = {"fractions": np.array(fractions)}
    for task in WINDOW_TASKS:
        for kind, features, method in (("frozen", frozen, linear), ("random", untrained, linear),
                                       ("handcrafted", written, linear), ("trees", written, boosted)):
            arrays[f"{task}_{kind}"] = curve(features, task, seeds, fractions, method)
        for kind, recipe in (("fine_tuned", Recipe(steps=steps)), ("scratch", Recipe(steps=steps, scratch=True,
                                                                                     lr=5e-4))):
            arrays[f"{task}_{kind}"] = np.array([[
                _baselines.supervised(model, pool, task, recipe, seed, samples,
                                      labelled_rows(pool.events, share, seed), batch).score
                for seed in seeds] for share in fractions])
    metrics = {f"{key}.{share:g}": float(np.mean(values[k])) for key, values in arrays.items() if key != "fractions"
               for k, share in enumerate(fractions)}
    return Outcome(named(name, metrics), arrays, settings, None,
                   {"data": "synthetic", "seeds": list(seeds), "source": source})


def displacement(name: str, preset: str, seeds: Sequence[int], steps: int, folder: Path, overrides: Sequence[str] = (),
                 source: str = "tiny-0") -> Outcome:
    """Displacement and near future on the stick-slip sequence, with networks pre-trained on its training cycles."""
    from ..studies.displacement import compare

    trained = []
    for seed in seeds:
        settings = settings_for(preset, seed, [*overrides, "data.name=synthetic:caldera", "data.records=100000",
                                               f"training.steps={steps}", "evaluation.probe=false",
                                               f"optimiser.warmup_steps={steps // 10}"])
        run = api.train(settings)
        trained.append((run, api.model_of(run)))
    start = [_baselines.random_network(settings, seed) for seed in seeds]
    device = api.data_device(settings.training.device)
    metrics, arrays = compare({"pretrained": [model for _, model in trained], "random": start,
                               "other_data": [network(source, folder)]}, device, settings.data.low_hz,
                              settings.data.high_hz)
    metrics |= {f"dev_gap.{seed}": run.record["metrics"]["dev_gap"]
                for seed, (run, _) in zip(seeds, trained, strict=True)}
    return Outcome(named(name, metrics), arrays, settings, [run for run, _ in trained],
                   {"data": "synthetic", "seeds": list(seeds), "source": source})


__all__ = ["TASKS", "baselines", "displacement", "label_curves", "pretraining"]
