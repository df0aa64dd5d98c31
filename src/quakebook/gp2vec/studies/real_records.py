"""The probes on real records: fitted on some of them and asked of others, or fitted on synthetic records only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from quakebook.data.records import Records

from ..data import splits
from ..data.windows import Pool
from ..scoring.encode import Encoder, Features, extract
from ..scoring.probes import ProbeResult, probe, score
from ..scoring.tasks import SHARES, Questions
from ..settings import DataConfig
from .baselines import bootstrap_difference, trees

FOLDS = 5
#: Questions that analysts' P and S picks can answer: the records have no magnitudes, and each holds an earthquake.
TASKS = ("phase", "P", "S", "SP")
Parts = dict[str, np.ndarray]
Method = Callable[[Features, str, Parts], ProbeResult]


def station_pool(records: Records, data: DataConfig) -> Pool:
    """Real records as a pool in which a station takes the place of an event: nothing of it stands on two sides."""
    table = records.metadata
    names = (table["station_network_code"].fillna("").astype(str) + "." + table["station_code"].astype(str)).to_numpy(
        object)
    return replace(splits.pool(records, data), events=names)


def folds(groups: np.ndarray, count: int = FOLDS, seed: int = 0) -> list[Parts]:
    """Divisions into train, dev and test: each record is tested once, and a group never stands on two sides."""
    names = np.random.default_rng(seed).permutation(np.unique(groups.astype(str)))
    if len(names) < 3 or count < 3:
        raise ValueError(f"cross-validation needs at least 3 groups and 3 folds; found {len(names)} and {count}")
    count = min(count, len(names))
    member = [np.flatnonzero(np.isin(groups.astype(str), names[k::count])) for k in range(count)]
    return [{"test": member[k], "dev": member[(k + 1) % count],
             "train": np.concatenate([member[j] for j in range(count) if j not in (k, (k + 1) % count)])}
            for k in range(count)]


def crossed(features: Features, task: str, method: Method = probe) -> ProbeResult:
    """One answer for each record, from the fold that did not see its station; scored together."""
    parts = [method(features, task, each) for each in folds(features.events)]
    truth, answer, groups = (np.concatenate([getattr(each, name) for each in parts])
                             for name in ("truth", "answer", "events"))
    return ProbeResult(score(task, truth, answer), "by fold", float("nan"), truth, answer, groups)


def joined(first: Features, second: Features) -> Features:
    """Windows of both, the first ones first."""
    def both(a: Mapping[str, np.ndarray], b: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: np.concatenate([a[name], b[name]]) for name in a}

    asked = [{name: torch.cat([getattr(first.questions, kind)[name], getattr(second.questions, kind)[name]])
              for name in getattr(first.questions, kind)} for kind in ("time_s", "label")]
    frames = {layer: both(first.frames[layer], second.frames[layer]) for layer in first.frames}
    return Features(both(first.pooled, second.pooled), frames, Questions(*asked),
                    np.concatenate([first.events, second.events]))


def transferred(synthetic: Features, real: Features, task: str, method: Method = probe) -> ProbeResult:
    """Fitted on synthetic records, layer and penalty chosen on others of them, asked of all real ones."""
    n, known = len(synthetic.events), round(SHARES[0] / (SHARES[0] + SHARES[1]) * len(synthetic.events))
    order = np.random.default_rng(0).permutation(n)
    parts = {"train": order[:known], "dev": order[known:], "test": n + np.arange(len(real.events))}
    return method(joined(synthetic, real), task, parts)


def compare(encoders: Mapping[str, Encoder], handcrafted: Encoder, real: Pool, synthetic: Pool, samples: int,
            batch_size: int, draws: int = 400) -> dict[str, float]:
    """Scores of all methods on both roads, and what separates "pretrained" from the others.

    Parameters
    ----------
    encoders : mapping
        "pretrained", and "untrained.0", "untrained.1", ... of the same architecture.
    handcrafted : Encoder
        Read by a linear probe and by boosted trees.
    draws : int
        Of the bootstrap.

    Returns
    -------
    dict
        ``ROAD.METHOD.TASK`` for the roads "own" (cross-validated) and "transfer" (fitted on synthetic records), and
        ``ROAD.minus_OTHER.TASK`` with ``.low`` and ``.high``: the 95 % interval over stations; of several untrained
        networks the mean difference, the lowest low and the highest high.
    """
    features = {name: [extract(encoder, pool, samples, batch_size) for pool in (real, synthetic)]
                for name, encoder in {**encoders, "handcrafted": handcrafted}.items()}
    metrics = {"records": float(len(real)), "stations": float(len(np.unique(real.events.astype(str))))}
    for road in ("own", "transfer"):
        for task in TASKS:
            found = {name: _ask(road, pair, task, probe) for name, pair in features.items()}
            found["trees"] = _ask(road, features["handcrafted"], task, trees)
            metrics |= {f"{road}.{name}.{task}": result.score for name, result in found.items()}
            metrics[f"{road}.rows.{task}"] = float(len(found["pretrained"].truth))
            metrics |= _differences(f"{road}.minus", found, task, draws)
    return metrics


def _ask(road: str, pair: Sequence[Features], task: str, method: Method) -> ProbeResult:
    return crossed(pair[0], task, method) if road == "own" else transferred(pair[1], pair[0], task, method)


def _differences(prefix: str, found: Mapping[str, ProbeResult], task: str, draws: int) -> dict[str, float]:
    out = {}
    for other in ("untrained", "handcrafted", "trees"):
        rivals = [result for name, result in found.items() if name.split(".")[0] == other]
        values = np.array([bootstrap_difference(found["pretrained"], rival, task, draws) for rival in rivals])
        out |= {f"{prefix}_{other}.{task}": float(values[:, 0].mean()),
                f"{prefix}_{other}.{task}.low": float(values[:, 1].min()),
                f"{prefix}_{other}.{task}.high": float(values[:, 2].max())}
    return out
