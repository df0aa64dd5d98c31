"""Pools made of tables by hand: kinds, onsets, magnitudes, events, station numbers, and cycles of the sequence."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data.errors import DataError
from quakebook.gp2vec.data import splits
from quakebook.gp2vec.published.pipeline import SeismicDataPipeline
from quakebook.gp2vec.settings import DataConfig

NAN = float("nan")


def test_the_first_onset_of_several():
    picks = torch.tensor([[5.0, 3.0, NAN], [NAN, NAN, NAN], [NAN, 7.0, 9.0]])
    assert splits.first_onset(picks).tolist() == pytest.approx([3, NAN, 7], nan_ok=True)


def records(rate=100.0, samples=4000):
    table = pd.DataFrame({"source_id": ["a", None, "a"], "source_magnitude": [1.5, NAN, 2.5],
                          "station_network_code": ["CI", "CI", None], "station_latitude_deg": [1.0, 2.0, 3.0],
                          "station_sensitivity_counts_spm": [9.0, 9.0, 9.0]})
    picks = {"P": torch.tensor([[10.0], [NAN], [NAN]]), "S": torch.tensor([[20.0], [NAN], [30.0]])}

    class Made(SimpleNamespace):
        def __len__(self):
            return 3

    return Made(waveforms=torch.randn(3, 3, samples), metadata=table, sampling_rate_hz=rate, source="by hand",
                picks=picks.__getitem__)


def test_a_pool_reads_its_table():
    made = splits.pool(records(), DataConfig(low_hz=0.0, high_hz=0.0), tremor=np.array([1]))
    assert made.kind.tolist() == [splits.EVENT, splits.TREMOR, splits.EVENT]
    assert made.p.tolist() == pytest.approx([10, NAN, NAN], nan_ok=True)
    assert made.s.tolist() == pytest.approx([20, NAN, 30], nan_ok=True)
    assert made.magnitude.tolist() == pytest.approx([1.5, NAN, 2.5], nan_ok=True)
    assert made.events.tolist() == ["a", "record 1", "a"]
    assert made.metadata["latitude"].tolist() == [1, 2, 3] and made.metadata["sample_rate"].tolist() == [100] * 3
    network = made.metadata["network"].tolist()
    assert network[0] == network[1] != network[2] and made.metadata["gain"].tolist() == [9] * 3
    assert splits.pool(records(), DataConfig()).kind.tolist() == [splits.EVENT, splits.NOISE, splits.EVENT]


def test_other_rates_and_short_records_are_refused():
    with pytest.raises(DataError, match="must have 100 Hz; found 50 Hz"):
        splits.pool(records(50.0), DataConfig())
    with pytest.raises(DataError, match="2999 samples are shorter than a window of 3000"):
        splits.pool(records(samples=2999), DataConfig())
    assert len(splits.pool(records(samples=3000), DataConfig()).kind) == 3


@pytest.mark.parametrize(("split", "part"), [("train", "train"), ("dev", "dev"), ("probe", "test")])
def test_cycles_of_the_sequence_by_split(monkeypatch, split, part):
    asked = []
    monkeypatch.setattr(splits.caldera, "sequence", lambda seed: ("sequence", seed))
    monkeypatch.setattr(splits.caldera, "pieces", lambda *words: asked.append(words) or torch.ones(5, 3, 10))
    made = splits._caldera(DataConfig(seed=4), split, "cpu", 3)
    assert asked == [(("sequence", 4), part, 1.0, 45.0)] and made.waveforms.shape == (3, 3, 10)
    assert made.kind.tolist() == [splits.TREMOR] * 3 and made.events.tolist() == [f"{part} piece {k}" for k in range(3)]
    assert made.p.isnan().all() and made.magnitude.isnan().all()


def test_defaults_of_the_published_pipeline(tmp_path):
    made = SeismicDataPipeline(tmp_path / "manifest.csv")
    assert (made.rate_hz, made.window_s, made.overlap, made.band) == (100.0, 30.0, 0.5, (0.1, 20.0))
    assert made.shard_dir == tmp_path / "shards"
    assert SeismicDataPipeline("m", shard_dir=tmp_path / "x").shard_dir == tmp_path / "x"
