"""``make_manifest`` with the published flags."""

import argparse

import pytest

from quakebook.data.archive import read_manifest, verbs
from quakebook.data.archive.verbs import manifest


def test_the_published_line(s3, bucket, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    out = tmp_path / "manifest.parquet"
    assert manifest.main(["--bucket", bucket, "--prefix", "continuous_waveforms/", "--output", str(out), "--networks",
                          "CI", "AZ"]) == 0
    table = read_manifest(out)
    assert set(table["network"]) == {"CI", "AZ"} and len(table) == 17
    assert "17 rows of 17 objects, 0 known before" in capsys.readouterr().out


def test_further_flags(s3, bucket, tmp_path, capsys):
    out = tmp_path / "m.csv"
    assert manifest.main(["--bucket", bucket, "--endpoint-url", s3, "--anon", "--region", "us-west-2", "-o", str(out),
                          "--channels", "HHZ", "--start-date", "2023-03-02", "--end-date", "2023-03-02", "--format",
                          "csv", "--workers", "2", "--max-files-per-station", "5", "--verbose"]) == 0
    assert read_manifest(out)["channel"].tolist() == ["HHZ", "HHZ"]
    assert "objects" in capsys.readouterr().err


def test_a_folder_and_a_box(folder, tmp_path, stations, capsys):
    from quakebook.data.archive.tables import STATION_SCHEMA, write_table

    write_table(stations.table, tmp_path / "s.parquet", STATION_SCHEMA)
    line = ["--local", str(folder), "-o", str(tmp_path / "m.parquet"), "--min-latitude", "34.4", "--quiet"]
    assert manifest.main([*line, "--metadata", str(tmp_path / "s.parquet")]) == 0
    assert set(read_manifest(tmp_path / "m.parquet")["station"]) == {"GPA00"}
    assert manifest.main(line) == 1
    captured = capsys.readouterr()
    assert "give --metadata" in captured.err and captured.out == ""


def test_nothing_matches_gives_status_1_and_no_file(folder, tmp_path, capsys):
    out = tmp_path / "m.parquet"
    assert manifest.main(["--local", str(folder), "-o", str(out), "--networks", "XX"]) == 1
    assert "nothing matches" in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize("flags", [["--start-date", "soon"], ["--workers", "0"], ["--format", "xml"], ["--colour"]])
def test_wrong_flags_give_status_2(flags, capsys):
    with pytest.raises(SystemExit, match="2"):
        manifest.main(flags)
    assert "usage" in capsys.readouterr().err


def test_below_another_command(folder, tmp_path, capsys):
    top = argparse.ArgumentParser()
    verbs.add_verbs(top.add_subparsers())
    args = top.parse_args(["manifest", "--local", str(folder), "-o", str(tmp_path / "m.parquet")])
    assert args.work(args) == 0
    for name in ("manifest", "metadata", "shards", "archive"):
        with pytest.raises(SystemExit, match="0"):
            top.parse_args([name, "--help"])
        assert "example: quakebook data" in capsys.readouterr().out
