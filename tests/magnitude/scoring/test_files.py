"""Files of an evaluation: numbers that are none, text without pickles, dotted names, and aligned lines."""

import json

import numpy as np
import pytest

from quakebook.magnitude.scoring import files
from quakebook.training.files import RunError


def test_what_is_no_number_becomes_null(tmp_path):
    content = {"a": float("nan"), "b": [1.5, np.float32("inf"), (np.int64(3), True)], 7: {"c": -np.inf, "d": "word"}}
    path = files.write_json(tmp_path / "x.json", content)
    assert json.loads(path.read_text()) == {"a": None, "b": [1.5, None, [3, True]], "7": {"c": None, "d": "word"}}
    assert files.read_json(path)["b"] == [1.5, None, [3, True]] and path.read_text().startswith('{\n "a": null')


@pytest.mark.parametrize("damaged", ["", "{", "[" * 100_000])
def test_a_damaged_file_is_named(tmp_path, damaged):
    (tmp_path / "x.json").write_text(damaged)
    with pytest.raises(RunError, match="x.json is damaged .* remove it to evaluate again"):
        files.read_json(tmp_path / "x.json")


def test_arrays_and_text_come_back_without_pickles(tmp_path):
    arrays = {"n": np.arange(3.0), "names": np.array(["a", "bcd", None], dtype=object), "words": np.array(["x", "yz"])}
    found = files.read_arrays(files.write_arrays(tmp_path / "x.npz", arrays))
    assert found["n"].tolist() == [0, 1, 2] and found["names"].tolist() == ["a", "bcd", "None"]
    assert found["names"].dtype.kind == "U" and found["words"].tolist() == ["x", "yz"]


def test_lines_end_with_a_break(tmp_path):
    assert files.write_text(tmp_path / "x.txt", ["a", "b"]).read_text() == "a\nb\n"


def test_numbers_stand_under_dotted_names():
    """Words, lists and switches are no numbers."""
    tree = {"a": 1, "b": {"c": 2.5, "d": {"e": -3}, "f": "word", "g": [1.0]}, "h": True, "i": None}
    assert files.flatten(tree) == {"a": 1.0, "b.c": 2.5, "b.d.e": -3.0}
    assert files.flatten({"x": 1}, "pre.") == {"pre.x": 1.0}


def test_a_summary_has_a_title_a_rule_and_two_columns():
    title, rule, first, second = files.summary("A title", {"scores": {"mae": 0.123456789, "n": 12}})
    assert (title, rule) == ("A title", "-------")
    assert first == "scores.mae" + " " * 34 + " " + "     0.12346" and second.endswith(" " * 10 + "12")
    assert len(first) == len(second) == 44 + 1 + 12
