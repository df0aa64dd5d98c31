"""Flags that several commands share, and what each command does when nothing is said."""

import argparse
from datetime import date
from pathlib import Path

import pytest

from quakebook.data.archive.verbs import common, manifest, metadata, shards


def asked(flags, *words):
    parser = argparse.ArgumentParser()
    flags(parser)
    return parser.parse_args([str(word) for word in words])


def test_the_box_of_the_published_program():
    """California: 32 to 42 degrees north, 125 to 114 degrees west; the four networks of the published line."""
    args = asked(metadata.metadata_flags)
    assert common.box_of(args) == (32.0, 42.0, -125.0, -114.0)
    assert args.networks == ["CI", "AZ", "US", "TA"] and args.output == Path("metadata.parquet")


@pytest.mark.parametrize(("words", "box"), [
    ((), None), (("--min-latitude", "1"), (1.0, 90.0, -180.0, 180.0)), (("--max-latitude", "0"), (-90, 0, -180, 180)),
    (("--min-longitude", "-7.5"), (-90, 90, -7.5, 180)), (("--max-longitude", "8"), (-90, 90, -180, 8))])
def test_sides_that_are_not_given_are_those_of_the_globe(words, box):
    assert common.box_of(asked(manifest.manifest_flags, *words)) == box


def test_a_list_of_an_archive_when_nothing_is_said():
    """Bucket and prefix of the published line; how much is asked for at a time is ours."""
    args = asked(manifest.manifest_flags)
    assert (args.bucket, manifest.PREFIX, args.format) == ("scedc-pds", "continuous_waveforms/", "parquet")
    assert (args.output, args.layout) == (Path("manifest.parquet"), "auto")
    assert (args.max_files_per_station, args.workers) == (10_000, 8)
    assert args.anon is None and not (args.verbose or args.quiet)


def test_shards_when_nothing_is_said():
    """Half-overlapping windows of 30 s at 100 Hz from 0.1 to 20 Hz, three components, ten thousand a shard."""
    args = asked(shards.shards_flags, "m.parquet", "out")
    assert (args.rate, args.window, args.overlap, args.band_pass) == (100.0, 30.0, 0.5, [0.1, 20.0])
    assert (args.require, args.shard_size, args.split, args.damaged) == (3, 10_000, "temporal", "refuse")
    assert (args.region, args.anon, args.remove_response) == ("us-west-2", None, False)
    for number in "123":
        assert asked(shards.shards_flags, "m", "out", "--require", number).require == int(number)
    for number in "04":
        with pytest.raises(SystemExit, match="2"):
            asked(shards.shards_flags, "m", "out", "--require", number)


def test_an_archive_when_nothing_is_said():
    args = asked(shards.archive_flags, "out")
    assert (args.preset, args.seed) == ("default", 42)


@pytest.mark.parametrize(("read", "text", "value"), [
    (common.seconds, "0.001", 0.001), (common.seconds, "1e8", 1e8), (common.count, "1", 1), (common.count, "12", 12),
    (common.day, "2022-01-02", date(2022, 1, 2))])
def test_words_that_are_read(read, text, value):
    assert read(text) == value


@pytest.mark.parametrize(("read", "text"), [
    (common.seconds, "0"), (common.seconds, "-1"), (common.seconds, "1.01e8"), (common.seconds, "inf"),
    (common.seconds, "nan"), (common.seconds, "soon"), (common.count, "0"), (common.count, "-1"),
    (common.count, "1.5"), (common.count, ""), (common.day, "2022-13-01"), (common.day, "tomorrow")])
def test_words_that_are_refused(read, text):
    with pytest.raises(argparse.ArgumentTypeError, match=repr(text)):
        read(text)
