"""Stations as the network is told of them: how alike their embeddings are, and whether neighbours are more so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor

from ..networks.metadata_embedding import MetadataEncoder
from ..objective.pretraining import GP2Vec
from ..recorded import read

#: The recorded training with metadata whose network may be kept.
TRAINED = "tiny-fusion/add"
EARTH_KM = 6371.0


def one_row_each(metadata: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Metadata of each station once, from west to east."""
    place = torch.stack([metadata["longitude"], metadata["latitude"]], 1)
    _, which = torch.unique(place, dim=0, return_inverse=True)  # sorted by longitude
    first = torch.stack([(which == k).nonzero()[0, 0] for k in range(int(which.max()) + 1)])
    return {name: values[first] for name, values in metadata.items()}


@torch.no_grad()
def embeddings(encoder: MetadataEncoder, metadata: Mapping[str, Tensor]) -> np.ndarray:
    """What stands before the encoder's last layer, (stations, 384): codes, numbers and response of each station."""
    encoder.eval()
    count = len(next(iter(metadata.values())))
    parts = encoder.parts(metadata, count, encoder.nothing.device)
    return encoder.norm(torch.cat([parts[0].flatten(1), parts[1], parts[2]], dim=1)).double().cpu().numpy()


def cosines(vectors: np.ndarray) -> np.ndarray:
    """Cosine of each pair, after the mean over the stations has been taken off: what they share tells none apart."""
    away = vectors - vectors.mean(0)
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-12)
    return away @ away.T


def maps(metadata: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Cosines of the stations in `metadata` before training, and after it where such a network is recorded."""
    stations = one_row_each(metadata)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        start = GP2Vec(size="tiny", fusion="add", quantiser="ema")
    out = {"before training": cosines(embeddings(start.fusion.encoder, stations))}
    if TRAINED in read.available() and read.result(TRAINED).weights:
        out["after training"] = cosines(embeddings(read.network(TRAINED).fusion.encoder, stations))
    return out


def distances_km(metadata: Mapping[str, Tensor]) -> np.ndarray:
    """Distance of each pair of stations along the great circle."""
    stations = one_row_each(metadata)
    latitude, longitude = (np.radians(stations[name].double().cpu().numpy()) for name in ("latitude", "longitude"))
    half = (np.sin((latitude[:, None] - latitude) / 2) ** 2
            + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2)
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def nearness(cosine: np.ndarray, km: np.ndarray, draws: int = 200, seed: int = 0) -> tuple[float, float]:
    """Rank correlation of cosine and distance over all pairs, and the lowest that permuted stations reach."""
    pairs, generator = np.triu_indices(len(km), 1), np.random.default_rng(seed)

    def correlation(order: np.ndarray) -> float:
        return float(spearmanr(cosine[pairs], km[np.ix_(order, order)][pairs]).statistic)

    return correlation(np.arange(len(km))), min(correlation(generator.permutation(len(km))) for _ in range(draws))


def sentence(found: Mapping[str, np.ndarray], km: np.ndarray) -> str:
    """Whether stations that lie close together have more similar embeddings, before and after training."""
    parts = []
    for title, cosine in found.items():
        value, bound = nearness(cosine, km)
        word = "below" if value < bound else "not below"
        parts.append(f"{title} it is {value:+.2f}, {word} the {bound:+.2f} that the best of 200 permutations reaches")
    text = f"Rank correlation of cosine and distance over the pairs of {len(km)} stations: {'; '.join(parts)}."
    if len(found) == 1:
        text += " No trained network with metadata is recorded with its weights in this copy of the book."
    return f"{text} One training, one seed." if len(found) > 1 else text
