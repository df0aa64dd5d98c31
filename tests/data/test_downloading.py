"""The option to download."""

import argparse

import pytest

from quakebook.data import DataError, downloading


def test_option_is_off_unless_asked_for():
    parser = argparse.ArgumentParser()
    downloading.add_option(parser)
    assert not parser.parse_args([]).download and parser.parse_args(["--download"]).download


def test_only_named_sets_are_fetched(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("quakebook.data.catalogue.open_dataset", lambda name, **options: asked.append((name, options)))
    downloading.fetch("synthetic:picker")
    downloading.fetch(str(tmp_path))
    assert not asked
    downloading.fetch("InstanceCounts")
    assert asked == [("InstanceCounts", {"download": True})]


def test_unknown_name_is_refused_before_anything_is_asked_of_the_network():
    with pytest.raises(DataError, match="unknown data set 'Instans'"):
        downloading.fetch("Instans")
