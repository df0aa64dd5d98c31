"""Training straight from shards of the embedded archive."""

import pytest
import torch
from safetensors.torch import load_file

from quakebook import gp2vec
from quakebook.data.errors import DataError
from quakebook.gp2vec.data.splits import load
from quakebook.gp2vec.experiment import MODEL_FILE
from quakebook.training.config import ConfigError

archive = pytest.importorskip("quakebook.data.archive")
aliases = pytest.importorskip("gp2vec.data.pipeline")


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Shards of the smallest archive, and its manifest."""
    from quakebook.data.archive import embedded
    from quakebook.data.archive.verbs import manifest

    folder = tmp_path_factory.mktemp("archive")
    place = embedded.make(folder / "archive", "test", 1)
    assert manifest.main(["--local", str(place), "-o", str(folder / "manifest.parquet")]) == 0
    pipeline = aliases.SeismicDataPipeline(manifest_path=folder / "manifest.parquet", overlap=0.8)
    days = archive.station_days(archive.read_manifest(pipeline.manifest_path), [])
    maker = archive.WindowMaker(archive.open_store(str(place)), archive.Processing(overlap=0.8))
    return archive.build_shards(days, maker, folder / "shards",
                                archive.Sharding(shard_size=50, split=archive.Split(dev_from="2023-03-02",
                                                                             test_from="2023-03-03"))), folder


def settings(shards, *overrides):
    return gp2vec.config(f"data.name=shards:{shards.store.url}", "data.records=0", "data.dev_records=8",
                         "evaluation.probe=false", *overrides, preset="smoke")


def test_published_pipeline_feeds_a_loader(shards):
    dataset = aliases.SeismicDataPipeline(manifest_path=shards[1] / "manifest.parquet").create_webdataset(shard_size=40)
    batch = next(iter(torch.utils.data.DataLoader(dataset, batch_size=8)))
    assert batch["waveform"].shape == (8, 3, 3000) and batch["metadata"]["latitude"].shape == (8,)


def test_steps_are_repeatable_and_ranks_disjoint(shards):
    stream = load(settings(shards[0]).data, "train")
    first, again = (stream.draw(3, 4, 3000, 0, None)[0] for _ in range(2))
    assert torch.equal(first, again) and first.shape == (4, 3, 3000)
    assert not torch.equal(first, stream.draw(4, 4, 3000, 0, None)[0])
    one, two = (stream.draw(0, 4, 3000, 0, None, rank, 2)[0] for rank in range(2))
    assert not any(torch.equal(a, b) for a in one for b in two)


def test_training_from_shards_is_repeatable(shards, tmp_path, monkeypatch):
    weights = []
    for k in range(2):
        monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / str(k)))
        weights.append(load_file(gp2vec.train(settings(shards[0], "network.fusion=add")).path / MODEL_FILE))
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_what_shards_cannot_do_is_refused(shards):
    with pytest.raises(ConfigError, match="data.records"):
        settings(shards[0], "data.records=5")
    with pytest.raises(ConfigError, match="evaluation.probe"):
        settings(shards[0], "evaluation.probe=true")
    with pytest.raises(DataError, match="window_s"):
        load(settings(shards[0], "data.window_s=20").data, "train")
