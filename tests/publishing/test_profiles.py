"""Blocks of the profiles, fault by fault."""

import pytest

from quakebook.publishing.profiles import Entry, ProfileError, _entry, preset_known, select

PLAIN = {"smoke": {"n": 1}, "quick": {}, "paper": {}}


def test_a_block():
    entry = _entry("toy/01", PLAIN | {"cost_s": {"quick": 2, "paper": 0}, "reads": ["book/x"], "after": "all"}, "w")
    assert entry == Entry("toy/01", PLAIN, {"quick": 2, "paper": 0}, ("book/x",), True) and entry.paper == "toy"
    plain = _entry("results", PLAIN, "w")
    assert (plain.cost_s, plain.reads, plain.last, plain.paper) == ({}, (), False, "results")


@pytest.mark.parametrize("name", ["/toy", ".toy", "a/../b", "toy.ipynb", "toy.py", 3])
def test_names(name):
    with pytest.raises(ProfileError, match="w: a notebook is named by its path below notebooks/"):
        _entry(name, PLAIN, "w")


@pytest.mark.parametrize(("block", "words"), [
    ([], "expected the keys smoke, quick, paper, cost_s, reads, after"),
    (PLAIN | {"x": 1, "y": 2}, "unknown x, y; known"),
    ({"smoke": {}, "quick": {}}, "paper must be a mapping of parameters; found None"),
    (PLAIN | {"quick": 3}, "quick must be a mapping"), (PLAIN | {"cost_s": [1]}, "cost_s must give seconds"),
    (PLAIN | {"cost_s": {"fast": 1}}, "cost_s must"), (PLAIN | {"cost_s": {"quick": -1}}, "cost_s must"),
    (PLAIN | {"cost_s": {"quick": "1"}}, "cost_s must"), (PLAIN | {"reads": "a"}, "reads must be a list of paths"),
    (PLAIN | {"reads": [1]}, "reads must be"), (PLAIN | {"after": "x"}, "after can only be 'all'; found 'x'")])
def test_faults(block, words):
    with pytest.raises(ProfileError, match=f"w: {words}"):
        _entry("toy", block, "w")


def test_chapters_and_notebooks():
    entries = {name: Entry(name, PLAIN) for name in ("toy/01", "toy/02", "other/01", "results")}
    assert select(entries, None) is entries and select(entries, []) is entries
    assert list(select(entries, ["toy"])) == ["toy/01", "toy/02"]
    assert list(select(entries, ["toy/02", "results"])) == ["toy/02", "results"]
    with pytest.raises(ProfileError, match="no chapter or notebook 'to'; chapters: other, results, toy"):
        select(entries, ["toy", "to"])
    assert preset_known("quick") == "quick"
    with pytest.raises(ProfileError, match="no preset 'fast'; there are smoke, quick, paper"):
        preset_known("fast")
