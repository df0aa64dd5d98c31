"""Probes that the page about features computes itself: a recorded network, the same untrained, handcrafted features."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from matplotlib.figure import Figure

from ..data.splits import KINDS, load
from ..figures.scores import TITLES
from ..figures.scores import embedding as _embedding
from ..objective.pretraining import GP2Vec
from ..recorded import read
from ..scoring.encode import Features, extract, network_encoder
from ..scoring.plane import silhouettes
from ..scoring.probes import ProbeResult, probe_all
from ..scoring.tasks import CHANCE, METRICS, TASKS
from ..settings import config
from ..studies.baselines import bootstrap_difference, handcrafted

#: The network that is probed: small enough to come with the book.
NETWORK = "tiny-0"
#: Stations that get a colour of their own.
MOST_STATIONS = 6


def recorded_network() -> GP2Vec:
    """The recorded network; an untrained one of the same kind where it is not there."""
    if NETWORK in read.available():
        return read.network(NETWORK)
    torch.manual_seed(0)
    return GP2Vec(size="tiny", fusion="none", quantiser="ema").eval()


def probe_both(records: int = 600) -> tuple[dict[str, dict[str, ProbeResult]], Features, dict[str, torch.Tensor]]:
    """Results of each method by task, the pretrained network's features, and the station metadata of the windows."""
    settings = config(f"evaluation.probe_records={max(40, records)}", preset="quick")
    pool = load(settings.data, "probe", "cpu", records)
    model = recorded_network()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        start = GP2Vec(model.plan).eval()
    samples, batch = settings.data.samples, settings.evaluation.batch_size
    features = extract(network_encoder(model), pool, samples, batch)
    results = {"pretrained": probe_all(features),
               "untrained": probe_all(extract(network_encoder(start), pool, samples, batch)),
               "handcrafted": probe_all(handcrafted(pool, samples, batch))}
    return results, features, pool.metadata


def table(results: dict[str, dict[str, ProbeResult]]) -> pd.DataFrame:
    """One row per task."""
    return pd.DataFrame([{"task": TITLES[task], "number": METRICS[task], "chance": f"{CHANCE[task]:.2f}",
                          **{method: f"{tasks[task].score:.3f}" for method, tasks in results.items()},
                          "test rows": str(len(results["pretrained"][task].truth))} for task in TASKS])


def embedding(features: Features, metadata: dict[str, torch.Tensor]) -> Figure:
    """Principal components of the last layer's pooled features, coloured by kind of window and by station."""
    group, names = most_frequent(metadata["station"].cpu().numpy())
    return _embedding(last_layer(features), {"by kind of window": (features.questions.label["kind"].numpy(), KINDS),
                                             "by station": (group, names)})


def last_layer(features: Features) -> np.ndarray:
    """Pooled features (n, d) of the last layer."""
    return features.pooled[list(features.pooled)[-1]]


def most_frequent(station: np.ndarray, most: int = MOST_STATIONS) -> tuple[np.ndarray, list[str]]:
    """Number of each window's station (n,) among the most frequent ones, -1 for the others, and the stations' names."""
    codes, counts = np.unique(station, return_counts=True)
    chosen = codes[np.argsort(-counts, kind="stable")][:most]
    group = np.full(len(station), -1)
    for k, code in enumerate(chosen):
        group[station == code] = k
    return group, [f"station {k + 1}" for k in range(len(chosen))]


def differences(results: dict[str, dict[str, ProbeResult]],
                draws: int = 200) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Other method -> task -> pretrained minus other on the same test windows, with its 95 % interval over events."""
    return {other: {task: bootstrap_difference(results["pretrained"][task], results[other][task], task, draws)
                    for task in TASKS if np.isfinite(results["pretrained"][task].score)}
            for other in results if other != "pretrained"}


def clusters_sentence(features: Features, metadata: dict[str, torch.Tensor]) -> str:
    """Whether the kinds of windows, and the stations, stand apart in the features more than permuted ones do."""
    x, group = last_layer(features), most_frequent(metadata["station"].cpu().numpy())[0]
    shown = group >= 0
    parts = [_apart("the three kinds", silhouettes(x, features.questions.label["kind"].numpy()))]
    if len(set(group[shown])) > 1:
        parts.append(_apart(f"the {len(set(group[shown]))} most frequent stations",
                            silhouettes(x[shown], group[shown])))
    return (f"Silhouettes in these features (1: far apart; 0: mixed): {'; '.join(parts)}. A clear silhouette of "
            "stations would say that the features keep the path or the instrument, whatever happens there.")


def _apart(what: str, found: tuple[float, float]) -> str:
    word = "above" if found[0] > found[1] else "not above"
    return f"{what} {found[0]:+.3f}, {word} the {found[1]:+.3f} that the best of 20 permutations reaches"
