"""Progress: a bar for people, lines for log files, nothing in the batch."""

import pytest

from quakebook.training import progress


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.delenv("QUAKEBOOK_BATCH", raising=False)


def test_everything_comes_through(capsys):
    assert list(progress.track(range(5), "counting")) == [0, 1, 2, 3, 4]
    assert list(progress.track(iter("ab"), "unknown length")) == ["a", "b"]
    assert list(progress.track([], "empty")) == []


def test_quiet_in_the_batch(monkeypatch, capsys):
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")
    monkeypatch.setattr(progress, "interactive", lambda: True)
    list(progress.track(range(1000), "counting"))
    assert capsys.readouterr() == ("", "")


def test_a_bar_with_rate_and_time_left_where_somebody_watches(monkeypatch, capsys):
    monkeypatch.setattr(progress, "interactive", lambda: True)
    bar = progress.Bar("bluedisc", 100, start=40)
    bar.update()
    bar.show({"loss": 0.5})
    bar._bar.refresh()
    text = capsys.readouterr().err
    bar.close()
    assert "bluedisc" in text and "41/100" in text and "loss 0.5" in text and "it/s" in text


def test_a_few_lines_in_a_log_file(monkeypatch, capsys):
    monkeypatch.setattr(progress, "interactive", lambda: False)
    clock = iter(range(10_000))
    monkeypatch.setattr(progress.time, "perf_counter", lambda: float(next(clock)))
    list(progress.track(range(1000), "long"))
    lines = capsys.readouterr().err.splitlines()
    assert 5 <= len(lines) <= progress.SHARES
    assert lines[-1].startswith("long: 1000/1000") and "s left" in lines[-1]


def test_short_work_is_silent_in_a_log_file(monkeypatch, capsys):
    monkeypatch.setattr(progress, "interactive", lambda: False)
    list(progress.track(range(100), "short"))
    assert capsys.readouterr().err == ""


def test_the_bar_is_closed_when_the_reader_stops_early(monkeypatch):
    closed = []
    monkeypatch.setattr(progress.Bar, "close", lambda self: closed.append(True))
    for _ in progress.track(range(10), "counting"):
        break
    import gc

    gc.collect()
    assert closed
