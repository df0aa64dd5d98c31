"""Small data sets, made once per session."""

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

os.environ.setdefault("MPLBACKEND", "Agg")
torch.set_num_threads(1)

from quakebook.data import real_sample_path, store, synthetic  # noqa: E402


@pytest.fixture(scope="session")
def tiny():
    """240 records with every kind of fault, second events and noise."""
    return synthetic.make("tiny", 240, seed=3, gap=0.1, dead_component=0.1, spikes=0.1, step=0.1, drift=0.1,
                          second_event=0.3)


@pytest.fixture(scope="session")
def picker():
    return synthetic.make("picker", 500, seed=5)


@pytest.fixture(scope="session")
def stratified():
    """Records for the magnitude checks, no noise records."""
    return synthetic.make("default", 1500, seed=2, noise_fraction=0.0)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory, tiny):
    return store.write(tiny, tmp_path_factory.mktemp("data") / "tiny")


@pytest.fixture(scope="session")
def real_folder() -> Path:
    path = real_sample_path()
    if path is None:
        pytest.skip("the Northern California sample is not here (set QUAKEBOOK_SHARED_DATA)")
    return path


@pytest.fixture
def spectra_are(monkeypatch):
    """Give the comparison made-up records: a name -> the levels of its spectrum of P, in tens of decibels."""
    def give(compare, frequency_hz, levels):
        monkeypatch.setattr(compare, "comparable", lambda records: records)
        monkeypatch.setattr(compare, "spectra",
                            lambda records: SimpleNamespace(frequency_hz=frequency_hz, p=np.array(levels[records])))
    return give
