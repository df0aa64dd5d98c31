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
from ..scoring.probes import ProbeResult, probe_all
from ..scoring.tasks import CHANCE, METRICS, TASKS
from ..settings import config
from ..studies.baselines import bootstrap_difference, handcrafted

#: The network that is probed: small enough to come with the book.
NETWORK = "tiny-0"


def recorded_network() -> GP2Vec:
    """The recorded network; an untrained one of the same kind where it is not there."""
    if NETWORK in read.available():
        return read.network(NETWORK)
    torch.manual_seed(0)
    return GP2Vec(size="tiny", fusion="none", quantiser="ema").eval()


def probe_both(records: int = 600) -> tuple[dict[str, dict[str, ProbeResult]], Features]:
    """Results of each method by task, and the pretrained network's features."""
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
    return results, features


def table(results: dict[str, dict[str, ProbeResult]]) -> pd.DataFrame:
    """One row per task."""
    return pd.DataFrame([{"task": TITLES[task], "number": METRICS[task], "chance": f"{CHANCE[task]:.2f}",
                          **{method: f"{tasks[task].score:.3f}" for method, tasks in results.items()},
                          "test rows": str(len(results["pretrained"][task].truth))} for task in TASKS])


def embedding(features: Features) -> Figure:
    """Principal components of the last layer's pooled features, coloured by kind of window."""
    layer = list(features.pooled)[-1]
    return _embedding(features.pooled[layer], features.questions.label["kind"].numpy(), KINDS)


def differences(results: dict[str, dict[str, ProbeResult]],
                draws: int = 200) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Other method -> task -> pretrained minus other on the same test windows, with its 95 % interval over events."""
    return {other: {task: bootstrap_difference(results["pretrained"][task], results[other][task], task, draws)
                    for task in TASKS if np.isfinite(results["pretrained"][task].score)}
            for other in results if other != "pretrained"}


def clusters(features: Features, draws: int = 20, seed: int = 0) -> tuple[float, float]:
    """Silhouette of the kinds of windows in the last layer's pooled features, and the largest of permuted kinds."""
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    x = StandardScaler().fit_transform(features.pooled[list(features.pooled)[-1]])
    kind, generator = features.questions.label["kind"].numpy(), np.random.default_rng(seed)
    return (float(silhouette_score(x, kind)),
            max(float(silhouette_score(x, generator.permutation(kind))) for _ in range(draws)))


def clusters_sentence(found: tuple[float, float]) -> str:
    """Whether the kinds stand apart in the features more than permuted kinds do."""
    word = "above" if found[0] > found[1] else "not above"
    return (f"The silhouette of the three kinds in these features is {found[0]:+.3f}, {word} the {found[1]:+.3f} that "
            "the best of 20 permutations of the kinds reaches (1: far apart; 0: mixed).")
