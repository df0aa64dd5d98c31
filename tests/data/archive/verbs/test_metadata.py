"""``fetch_metadata`` with the published flags."""

import pytest
from tests.data.archive.servers import serving, station_service

from quakebook.data.archive.tables import STATION_SCHEMA, read_table
from quakebook.data.archive.verbs import metadata


def test_the_published_line_against_a_server(inventory, tmp_path, capsys):
    out = tmp_path / "metadata.parquet"
    with serving(station_service(inventory, [503])) as address:
        assert metadata.main(["--client", address, "--output", str(out), "--extract-features", "--cache-dir",
                              str(tmp_path / "cache")]) == 0
    table = read_table(out, STATION_SCHEMA)
    assert set(table["network"]) == {"CI", "AZ"} and len(table) == 12  # no NC, no caldera: not asked for
    assert {"band_code", "region_cell", "elevation_band", "rate_class"} <= set(table)
    captured = capsys.readouterr()
    assert "network US: no station matches" in captured.err and "12 channel epochs of 3 stations" in captured.out


def test_files_give_what_the_server_gives(inventory, folder, tmp_path):
    with serving(station_service(inventory, [])) as address:
        metadata.main(["--client", address, "-o", str(tmp_path / "a.parquet"), "--networks", "CI"])
    assert metadata.main(["--stationxml", str(folder / "stations.xml"), "-o", str(tmp_path / "b.parquet"),
                          "--networks", "CI", "--validate"]) == 0
    first, second = (read_table(tmp_path / f"{name}.parquet", STATION_SCHEMA) for name in "ab")
    assert first.drop(columns="response_logamp").equals(second.drop(columns="response_logamp"))


def test_selection_and_formats(folder, tmp_path):
    for kind in ("csv", "json"):
        out = tmp_path / f"s.{kind}"
        assert metadata.main(["--stationxml", str(folder), "-o", str(out), "--networks", "*", "--stations", "GP?0*",
                              "--channels", "*Z", "--format", kind, "--extract-features", "--features", "instrument",
                              "--end-time", "2023-03-01T12:00:00"]) == 0
        table = read_table(out, STATION_SCHEMA)
        assert set(table["station"]) == {"GPA00", "GPA01", "GPB00", "GPN00"}
        assert len(table) == 4 and "region_cell" not in table and "band_code" in table


def test_nothing_matches(folder, tmp_path, capsys):
    assert metadata.main(["--stationxml", str(folder), "-o", str(tmp_path / "s.parquet"), "--networks", "QQ"]) == 1
    assert "no station matches" in capsys.readouterr().err and not (tmp_path / "s.parquet").exists()


def test_odd_tables_give_status_1_where_asked(tmp_path, capsys, inventory):
    spoiled = inventory.copy()
    spoiled[0][0][0].response = None
    spoiled.write(str(tmp_path / "s.xml"), format="STATIONXML")
    line = ["--stationxml", str(tmp_path / "s.xml"), "-o", str(tmp_path / "s.parquet")]
    assert metadata.main(line) == 0
    assert metadata.main([*line, "--validate"]) == 1
    assert "no response curve" in capsys.readouterr().err


def test_a_server_that_is_not_there(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        metadata.main(["--features", "colour"])
    assert metadata.main(["--client", "http://127.0.0.1:9", "--timeout", "1", "--max-retries", "0", "-o",
                          str(tmp_path / "s.parquet")]) == 1
    assert "Check the address" in capsys.readouterr().err


def test_what_is_asked_when_nothing_is_said():
    """The values of the published program; three tries more and five minutes are ours."""
    import argparse

    parser = argparse.ArgumentParser()
    metadata.metadata_flags(parser)
    args = parser.parse_args([])
    assert (args.client, args.format, args.timeout, args.max_retries) == ("IRIS", "parquet", 300.0, 3)
    assert args.stations == args.channels == args.locations == ["*"]
    assert not (args.extract_features or args.force_refresh or args.validate)
