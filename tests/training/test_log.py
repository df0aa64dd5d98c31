"""The table of a training: rows, columns, resumed steps and damage."""

import numpy as np
import pytest

from quakebook.training.files import RunError
from quakebook.training.log import MetricsLog, read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.csv"


def test_columns_come_as_they_are_needed(path):
    log = MetricsLog(path)
    assert path.read_text() == "step\n"
    log.add(1, {"loss": 0.5})
    log.add(2, {"loss": 0.25})
    assert path.read_text() == "step,loss\n1,0.5\n2,0.25\n"
    log.add(3, {"dev": 1.0})
    log.add(2, {"dev": 2})
    assert path.read_text() == "step,loss,dev\n1,0.5,\n2,0.25,2.0\n3,,1.0\n"
    table = read(path)
    assert table["step"].tolist() == [1, 2, 3] and np.isnan(table["dev"][0]) and table["dev"].dtype == np.float64


@pytest.mark.parametrize(("start", "steps"), [(0, []), (1, [1]), (2, [1, 2]), (9, [1, 2, 3])])
def test_what_is_computed_again_is_dropped(path, start, steps):
    path.write_text("step,loss\n1,0.5\n2,0.25\n3,0.125\n4,0.0")  # the last line was cut off
    assert list(MetricsLog(path, start).rows) == steps
    assert read(path)["step"].tolist() == steps


def test_a_run_that_may_not_write_only_remembers(path):
    log = MetricsLog(path, writable=False)
    log.add(1, {"loss": 0.5})
    log.add(2, {"loss": 0.5})
    assert not path.exists() and list(log.rows) == [1, 2] and read(path).empty


def test_a_line_is_appended_not_rewritten(path, monkeypatch):
    log = MetricsLog(path)
    log.add(1, {"loss": 1.0})
    monkeypatch.setattr(log, "rewrite", lambda: pytest.fail("rewritten"))
    log.add(2, {"loss": 2.0})
    assert path.read_text().endswith("1,1.0\n2,2.0\n")
    monkeypatch.undo()
    path.unlink()
    path.mkdir()
    with pytest.raises(RunError, match="cannot write .*metrics.csv"):
        log.add(3, {"loss": 2.0})


@pytest.mark.parametrize(("text", "words"), [
    ("x,loss\n", r"its first column is \['x'\], not step"), ("step,loss\n1\n", "line 2: expected a step and 1 numbers"),
    ("step,loss\n1,0.5\n2,0.5,3\n", "line 3: .* found '2,0.5,3'"), ("step,loss\n-1,0.5\n", "line 2"),
    ("step,loss\n1.5,0.5\n", "line 2"), ("step,loss\n1,high\n", "line 2"),
    ("step,loss\n1," + "9" * 99 + "x\n", "found '1,9{58}'")])
def test_damage_is_named_by_its_line(path, text, words):
    path.write_text(text)
    with pytest.raises(RunError, match=f"metrics.csv is damaged .*{words}"):
        read(path)
    path.write_bytes(b"\xff\n")
    with pytest.raises(RunError, match="is damaged"):
        read(path)
