"""Parameters of a notebook: names and types, value by value."""

import math

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from quakebook.publishing.parameters import ParameterError, check, declared

KNOWN = {"i": "int", "f": "float", "s": "str", "b": "bool", "l": "list[str]", "d": "dict"}


def cell(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


def test_one_cell_declares_them():
    book = new_notebook(cells=[cell("x = 1"), cell("i: int = 1  # help\nl: list[int] = [1]", "parameters", "other")])
    assert declared(book) == {"i": "int", "l": "list[int]"}
    for cells, found in (([], 0), ([cell("i: int = 1")], 0), ([cell("i: int = 1", "parameters") for _ in "ab"], 2)):
        with pytest.raises(ParameterError, match=f"n: exactly one code cell must be tagged .* found {found}"):
            declared(new_notebook(cells=cells), "n")
    text = new_markdown_cell("i: int = 1", metadata={"tags": ["parameters"]})
    with pytest.raises(ParameterError, match="exactly one code cell"):
        declared(new_notebook(cells=[text]))


@pytest.mark.parametrize(("line", "words"), [
    ("i = 1", "line 1 of the parameters cell must read"), ("i: int", "line 1 of"), ("a.b: int = 1", "line 1 of"),
    ("i: set = {1}", "n: i: the type 'set' is not one of int, float, str, bool, list, dict"),
    ("i: int = f()", "the default of i must be a plain value"), ("i: int = 1.5", "must be int; found 1.5 .float"),
    ("i: float = 1e999", "must be float; found inf")])
def test_lines_that_declare_nothing(line, words):
    with pytest.raises(ParameterError, match=words):
        declared(new_notebook(cells=[cell(line, "parameters")]), "n")


@pytest.mark.parametrize(("name", "value", "fits"), [
    ("i", 1, True), ("i", True, False), ("i", 1.0, False), ("i", None, False), ("f", 1.5, True), ("f", 1, True),
    ("f", True, False), ("f", math.nan, False), ("f", -math.inf, False), ("f", "1", False), ("s", "x", True),
    ("s", 1, False), ("b", False, True), ("b", 0, False), ("l", ["a"], True), ("l", ("a",), False),
    ("l", [math.nan], False), ("l", [None, 1, {"a": [2.0]}], True), ("l", [{1, 2}], False), ("d", {"a": 1}, True),
    ("d", {1: 1}, False), ("d", {"a": math.inf}, False), ("d", [], False)])
def test_values_of_a_type(name, value, fits):
    if fits:
        check({name: value}, KNOWN)
        return
    with pytest.raises(ParameterError, match=f"n: the parameter '{name}' must be "):
        check({name: value}, KNOWN, "n")


@pytest.mark.parametrize("name", ["x", "a b", "class", "1a", "", 3])
def test_names_that_are_none(name):
    known = {"class": "int", "a b": "int", "i": "int"}
    with pytest.raises(ParameterError, match="n has no parameter .*; it has class: int, a b: int, i: int"):
        check({name: 1}, known, "n")
    with pytest.raises(ParameterError, match="it has none"):
        check({name: 1}, {})
