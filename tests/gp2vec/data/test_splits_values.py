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


def test_numbers_of_kinds_and_seeds_of_splits():
    """Recorded trainings know the kinds by these numbers, and their records by these seeds."""
    assert (splits.NOISE, splits.TREMOR, splits.EVENT) == (0, 1, 2)
    assert splits.SEED_STEP == {"train": 0, "dev": 1_000_003, "probe": 2_000_003} and splits.BLOCK == 512


@pytest.mark.parametrize(("share", "chosen"), [(0.0, []), (0.5, [2, 5, 7]), (0.25, [5]), (1.0, [0, 2, 3, 5, 6, 7])])
def test_tremor_is_laid_over_an_even_share_of_the_noise_records(monkeypatch, share, chosen):
    """Of the noise records 0, 2, 3, 5, 6 and 7 every second, every fourth or each."""
    from quakebook.data import synthetic

    asked, seeds = [], []
    made = records()
    made.metadata = pd.DataFrame({"source_id": [None, "a", None, None, "b", None, None, None]})
    made.waveforms = torch.zeros(8, 3, 10)
    monkeypatch.setattr(synthetic, "make", lambda *words, **more: asked.append((words, more)) or made)
    monkeypatch.setattr(splits, "add_tremor", lambda waves, g: seeds.append(g.initial_seed()) or waves + 1)
    monkeypatch.setattr(splits, "pool", lambda records, data, tremor: (records.waveforms[:, 0, 0], tremor))
    waves, tremor = splits._synthetic(DataConfig(seed=3, noise=0.4, tremor=share), "dev", "cpu", 8)
    assert tremor.tolist() == waves.nonzero().flatten().tolist() == chosen
    assert asked == [(("near", 8, 1_000_006), {"device": "cpu", "noise_fraction": 0.4, "pick_law": "exact",
                                                "s_ambiguous": 0.0})]
    assert set(seeds) <= {1_000_006}


def test_counts_are_those_of_the_split(monkeypatch):
    asked = []
    monkeypatch.setattr(splits, "_synthetic", lambda data, split, device, count: asked.append((split, count)))
    data = DataConfig(records=50, dev_records=7)
    for split in ("train", "dev", "probe"):
        splits.load(data, split)
    splits.load(data, "dev", count=3)
    assert asked == [("train", 50), ("dev", 7), ("probe", 7), ("dev", 3)]


def test_shards_are_streamed_for_training_and_held_without_labels_otherwise(monkeypatch):
    """The first windows, as many as are asked for or all; the probe's split is called test there."""
    asked = []
    source = SimpleNamespace(table=[0] * 4, waveform=lambda row: np.full((3, 3000), row, np.float32))
    monkeypatch.setattr(splits, "open_shards", lambda name, split: asked.append(split) or source)
    data = DataConfig(name="shards:x", records=0, dev_records=2, low_hz=0.0, high_hz=0.0)
    assert len(splits.load(data, "train")) == 4
    dev, probe = splits.load(data, "dev"), splits.load(data, "probe", count=0)
    assert (len(dev), len(probe)) == (2, 4) and asked == ["train", "dev", "test"]
    assert probe.kind.tolist() == [splits.NOISE] * 4 and probe.p.isnan().all() and probe.s.isnan().all()
    assert dev.events.tolist() == ["dev window 0", "dev window 1"]


def test_station_columns_are_read_under_the_names_that_the_network_knows():
    from quakebook.gp2vec.data.metadata import bucket

    table = pd.DataFrame({"station_code": ["PASC", None], "station_location_code": ["", "10"],
                          "station_longitude_deg": [5.0, 6.0], "station_elevation_m": [7.0, 8.0]})
    found = splits.stations(table, "cpu")
    assert found["station"].tolist() == [253, 0] and found["location"].tolist() == [14, bucket("10", "location")]
    assert found["longitude"].tolist() == [5, 6] and found["elevation"].tolist() == [7, 8]
    assert set(found) == {"station", "location", "longitude", "elevation", "sample_rate"}
    assert splits.events(table).tolist() == ["record 0", "record 1"]
