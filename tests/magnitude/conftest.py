"""Small records with known picks, magnitudes and gains; no generator, no network."""

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data.records import Records
from quakebook.magnitude.data.splits import Splits, from_records


def make_records(n=48, samples=6000, seed=0, **columns):
    """Noise with a burst after P whose size follows the magnitude; every fifth record is noise only."""
    rng = np.random.default_rng(seed)
    magnitude = rng.uniform(0.5, 5.0, n)
    p = rng.integers(500, 2000, n).astype(float)
    s = p + rng.integers(150, 900, n)
    noise = np.arange(n) % 5 == 3
    waveforms = rng.normal(0, 10, (n, 3, samples))
    for k in np.flatnonzero(~noise):
        tail = np.exp(-np.arange(samples - int(p[k])) / 800) * 10 ** magnitude[k]
        waveforms[k, :, int(p[k]):] += rng.normal(size=(3, samples - int(p[k]))) * tail
    empty = np.where(noise, np.nan, 1.0)
    frame = pd.DataFrame({
        "trace_name": [f"bucket0${k},:3,:{samples}" for k in range(n)], "trace_channel": "HH",
        "trace_p_arrival_sample": p * empty, "trace_s_arrival_sample": s * empty,
        "source_magnitude": magnitude * empty, "source_magnitude_type": np.where(noise, None, "ML"),
        "source_id": [None if noise[k] else f"event{k // 2}" for k in range(n)],
        "station_sensitivity_counts_spm": 6.3e8, "trace_snr_db": rng.uniform(5, 50, n),
        "path_hyp_distance_km": rng.uniform(5, 120, n),
        "split": np.resize(["train"] * 4 + ["dev"] * 2 + ["test"] * 6, n),
    })
    for name, value in columns.items():
        frame[name] = value
    return Records(torch.tensor(waveforms, dtype=torch.float32), frame, 100.0, "made up", f"test{seed}")


def make_splits(records):
    data = from_records(records)
    parts = {name: data.subset((records.metadata["split"] == name).to_numpy(copy=True))
             for name in ("train", "dev", "test")}
    return Splits(**parts, metadata=records.metadata, fingerprint=records.fingerprint, label="made up")


@pytest.fixture(scope="session", name="make_records")
def maker():
    return make_records


@pytest.fixture(scope="session", name="make_splits")
def splitter():
    return make_splits


@pytest.fixture(scope="session")
def records():
    return make_records()


@pytest.fixture(scope="session")
def splits(records):
    return make_splits(records)


@pytest.fixture(autouse=True)
def quiet(monkeypatch, tmp_path):
    import matplotlib

    matplotlib.use("Agg")
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
