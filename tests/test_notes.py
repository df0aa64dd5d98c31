"""Each note is told once in a command, and again in the next."""

import logging

import pytest

from quakebook import cli
from quakebook.data import load_records, store, synthetic
from quakebook.notes import told_once

LOG = logging.getLogger("quakebook")


def test_a_line_is_told_once_in_a_block_and_again_in_the_next(caplog):
    for _ in range(2):
        with told_once():
            for row in (1, 1, 2, 1):
                LOG.warning("pick in row %d", row)
    LOG.warning("pick in row 1")
    LOG.warning("pick in row 1")
    assert [record.getMessage() for record in caplog.records] == [
        "pick in row 1", "pick in row 2", "pick in row 1", "pick in row 2", "pick in row 1", "pick in row 1"]


def test_nothing_is_left_behind_after_an_error():
    before = list(LOG.filters)
    with pytest.raises(ValueError, match="x"), told_once():
        raise ValueError("x")
    assert LOG.filters == before


def test_a_command_that_opens_a_set_twice_tells_its_oddity_once(tmp_path, caplog, monkeypatch):
    records = synthetic.make("tiny", 6, 1)
    table = records.metadata.assign(trace_s_arrival_sample=-1.0)
    folder = store.write(type(records)(records.waveforms, table, 100.0, "t", "t"), tmp_path / "set")

    def twice(words):
        for _ in range(2):
            load_records(folder)
        return 0

    monkeypatch.setattr(cli, "_hand_over", lambda chapter, words: twice(words))
    for command in (1, 2):
        assert cli.main(["magnitude"]) == 0
        heard = [record.getMessage() for record in caplog.records if "are read as no pick" in record.getMessage()]
        assert len(heard) == command and "6 negative values in trace_s_arrival_sample" in heard[0]
