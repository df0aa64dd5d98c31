"""The published pipeline without settings: 30 s windows at 100 Hz that overlap by half, 0.1 to 20 Hz."""

from types import SimpleNamespace

import pandas as pd

import quakebook.data.archive as archive
from quakebook.gp2vec.published.pipeline import SeismicDataPipeline
from quakebook.gp2vec.published.stations import StationMetadataManager


def stubbed(monkeypatch, place="/data"):
    heard = {}
    monkeypatch.setattr(archive, "read_manifest", lambda path: pd.DataFrame({"bucket": [place, "other"]}))
    monkeypatch.setattr(archive, "open_store", lambda where, **options: heard.update(place=where, options=options))
    monkeypatch.setattr(archive, "station_days", lambda manifest, rest: [])
    monkeypatch.setattr(archive, "WindowMaker", lambda store, rule, table: heard.update(rule=rule, stations=table))
    monkeypatch.setattr(archive, "build_shards", lambda days, maker, folder, cut: heard.update(
        folder=folder, size=cut.shard_size) or SimpleNamespace(store=SimpleNamespace(url="u")))
    monkeypatch.setattr(archive, "WindowStream", lambda source, size: heard.update(source=source, batch=size))
    monkeypatch.setattr(archive, "ShardSet", lambda url, split: (url, split))
    return heard


def test_defaults(monkeypatch, tmp_path):
    heard = stubbed(monkeypatch)
    SeismicDataPipeline(tmp_path / "m.csv", region="x").create_webdataset(split="dev")
    rule = heard["rule"]
    assert (rule.rate_hz, rule.window_s, rule.overlap, tuple(rule.band_hz)) == (100.0, 30.0, 0.5, (0.1, 20.0))
    assert heard["folder"] == tmp_path / "shards" and heard["size"] == 10_000 and heard["batch"] == 32
    assert heard["place"] == "/data" and heard["options"] == {} and heard["stations"] is None
    assert heard["source"] == ("u", "dev")
    SeismicDataPipeline(tmp_path / "m.csv").build()
    assert heard["size"] == 10_000


def test_wishes_arrive(monkeypatch, tmp_path):
    heard = stubbed(monkeypatch, "s3://bucket")
    manager = StationMetadataManager()
    SeismicDataPipeline(tmp_path / "m.csv", manager, 50.0, 20.0, 0.25, (1.0, 9.0), tmp_path / "there",
                        region="x").create_webdataset(7, batch_size=3)
    rule = heard["rule"]
    assert (rule.rate_hz, rule.window_s, rule.overlap, tuple(rule.band_hz)) == (50.0, 20.0, 0.25, (1.0, 9.0))
    assert heard["folder"] == tmp_path / "there" and (heard["size"], heard["batch"]) == (7, 3)
    assert heard["options"] == {"region": "x"} and heard["stations"] is None  # no table was given or asked for
