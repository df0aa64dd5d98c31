"""Cutting shards and writing the archive from the command line."""

import argparse
import json

from quakebook.data.archive import ShardSet, verbs


def run(*words):
    top = argparse.ArgumentParser()
    verbs.add_verbs(top.add_subparsers())
    args = top.parse_args([str(word) for word in words])
    return args.work(args)


def test_shards_of_a_folder(folder, tmp_path, capsys):
    assert run("manifest", "--local", folder, "-o", tmp_path / "m.parquet") == 0
    line = ["shards", tmp_path / "m.parquet", tmp_path / "out", "--stationxml", folder / "stations.xml",
            "--bands", "BH", "--band-pass", 1, 15, "--rate", 50, "--remove-response", "--split", "spatial"]
    assert run(*line) == 0
    out = capsys.readouterr().out
    place, = (tmp_path / "out").iterdir()
    shards = ShardSet(place)
    assert f"{place}: {len(shards)} windows in 1 shards" in out and "rejected, clip: " in out
    assert shards.waveform(0).shape == (3, 1500) and abs(shards.waveform(0)).max() < 1e-3  # m/s
    assert json.loads((place / "shards.json").read_text())["settings"]["rate_hz"] == 50.0


def test_shards_of_a_bucket(s3, bucket, tmp_path, capsys):
    assert run("manifest", "--bucket", bucket, "--endpoint-url", s3, "--networks", "CI", "--channels", "BH?", "-o",
               tmp_path / "m.parquet") == 0
    assert run("shards", tmp_path / "m.parquet", tmp_path / "out", "--endpoint-url", s3) == 0
    assert "windows in 1 shards" in capsys.readouterr().out


def test_archive(tmp_path, capsys, monkeypatch):
    from quakebook.data.archive import embedded

    monkeypatch.setitem(embedded.PRESETS, "test", embedded.Preset(1, 1, 30.0, 1, 0, 1, 20.0))
    assert run("archive", tmp_path / "a", "--preset", "test", "--seed", 3) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "a") and (tmp_path / "a" / "stations.xml").is_file()
