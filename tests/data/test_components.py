"""Component letters: upper and lower case, 1 and 2 for N and E, and sets without horizontals."""

import logging
import shutil

import pandas as pd
import pytest
import torch

from quakebook.data import DataError, load_records
from quakebook.data.components import settled
from quakebook.data.store import verify


@pytest.fixture
def renamed(tiny_folder, tmp_path):
    """A copy of the small data set in which the components are called otherwise."""

    def make(order):
        folder = tmp_path / "set"
        shutil.copytree(tiny_folder, folder)
        (folder / "checksums.json").unlink()
        table = pd.read_csv(folder / "metadata.csv")
        table["trace_component_order"] = order if isinstance(order, str) else order(len(table))
        table.to_csv(folder / "metadata.csv", index=False)
        return folder

    return make


@pytest.mark.parametrize(("order", "expected"), [("ZNE", "ZNE"), ("zne", "ZNE"), ("Z12", "ZNE"), ("12Z", "NEZ"),
                                                 ("321", "ZEN"), ("Z1E", "Z1E"), ("Z", "Z"), ("", "")])
def test_letters(order, expected):
    assert settled(order) == expected


@pytest.mark.parametrize("order", ["Z12", "zne", "z12"])
def test_other_names_give_the_same_waveforms(renamed, tiny_folder, order, caplog):
    folder = renamed(order)
    with caplog.at_level(logging.WARNING, "quakebook"):
        records = load_records(folder)
    assert torch.equal(records.waveforms, load_records(tiny_folder).waveforms)
    assert ("are read as ZNE" in caplog.text) == ("1" in order)
    assert not any("lack" in problem for problem in verify(folder))


def test_another_order_is_sorted(renamed, tiny_folder):
    """Stored as Z, N, E but called N, E, Z: the first stored component is then N."""
    assert torch.equal(load_records(renamed("12Z")).waveforms[:, [1, 2, 0]], load_records(tiny_folder).waveforms)


def test_a_set_without_horizontals_is_refused(renamed):
    folder = renamed("ZXY")
    with pytest.raises(DataError, match="no trace has the components Z, N and E.*ZXY"):
        load_records(folder)
    assert any("lack N, E" in problem for problem in verify(folder))


def test_dead_components_of_some_traces_are_named(renamed, tiny_folder, caplog):
    with caplog.at_level(logging.WARNING, "quakebook"):
        records = load_records(renamed(lambda n: ["ZXY"] + ["ZNE"] * (n - 1)))
    assert "ZXY (1 traces)" in caplog.text
    assert (records.waveforms[0, 1:] == 0).all()
    assert torch.equal(records.waveforms[1:], load_records(tiny_folder).waveforms[1:])
