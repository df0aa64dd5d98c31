"""Annotations of settings: found, spelt, and built from plain values."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from quakebook.training.schema import ConfigError, build, hints, leaves, locate, plain, shadow, spell


@dataclass(frozen=True)
class Inner:
    rate: float = 0.1
    kind: Literal["a", "bc"] = "a"
    betas: tuple[float, float] = (0.9, 0.99)


@dataclass(frozen=True)
class Outer:
    size: int
    inner: Inner = Inner()
    maybe: Inner | None = None
    names: list[str] = field(default_factory=lambda: ["x"])
    many: tuple[int, ...] = (1, 2)
    mixed: tuple[int, str] = (1, "a")
    table: dict[str, float] = field(default_factory=dict)
    path: Path | None = None


def test_keys():
    assert list(hints(Inner)) == ["rate", "kind", "betas"] and plain(Inner | None) is Inner
    assert plain(int | str) == int | str
    assert list(leaves(Outer)) == ["size", "inner.rate", "inner.kind", "inner.betas", "maybe.rate", "maybe.kind",
                                   "maybe.betas", "names", "many", "mixed", "table", "path"]
    assert locate(Outer, "inner.rate") is float and locate(Outer, "maybe.kind") == Literal["a", "bc"]
    assert locate(Outer, "table.any") is float and locate(Outer, "inner") is Inner


@pytest.mark.parametrize(("key", "words"), [
    ("siz", r"unknown key `siz`. Did you mean `size`\? the configuration has: size, inner, maybe"),
    ("inner.rat", r"unknown key `inner.rat`. Did you mean `inner.rate`\? `inner` has: rate, kind, betas"),
    ("inner.ratte", r"Did you mean `inner.rate`\?"), ("rate", r"unknown key `rate`. Did you mean `inner.rate`\?"),
    ("inner.betas.x", r"`inner.betas` is a single value .*; it has no `x`"), ("zzz", "unknown key `zzz`. the config")])
def test_keys_that_are_none(key, words):
    with pytest.raises(ConfigError, match=words):
        locate(Outer, key)


@pytest.mark.parametrize(("hint", "text"), [
    (Literal["a", 3], "one of a, 3"), (int, "int"), (tuple[int, ...], "tuple[int, ...]"), (list[Any], "list[Any]"),
    (Path, "Path")])
def test_spelling(hint, text):
    assert spell(hint) == text


def whole(**changed):
    inner = {"rate": 1, "kind": "bc", "betas": [0.5, 1]}
    return {"size": 3, "inner": inner, "maybe": None, "names": ["a"], "many": [1, 2, 3], "mixed": [1, "b"],
            "table": {"k": 2}, "path": None} | changed


def test_building():
    made = build(Outer, whole())
    assert made == Outer(3, Inner(1.0, "bc", (0.5, 1.0)), None, ["a"], (1, 2, 3), (1, "b"), {"k": 2.0}, None)
    assert type(made.inner.rate) is float and type(made.inner.betas[1]) is float and type(made.table["k"]) is float
    assert build(Outer, whole(maybe={"rate": 2.5, "kind": "a", "betas": (0, 0)})).maybe.rate == 2.5


@pytest.mark.parametrize(("changed", "words"), [
    ({"size": 1.0}, "`size` must be int; found 1.0"), ({"size": True}, "`size` must be int; found True"),
    ({"names": "a"}, r"`names` must be list\[str\]; found 'a'"), ({"names": [1]}, "`names` must be str; found 1"),
    ({"mixed": [1]}, r"`mixed` needs 2 values; found 1: \[1\]"), ({"many": 3}, "`many` must be"),
    ({"inner": {"rate": 1.0, "kind": "b", "betas": [0, 0]}}, "`inner.kind` must be one of a, bc; found 'b'"),
    ({"inner": {"rate": 1.0, "kind": "bcd", "betas": [0, 0]}}, r"found 'bcd'. Did you mean 'bc'\?"),
    ({"inner": {"rate": 1.0, "kind": "a", "betas": [0, 0, 0]}}, "`inner.betas` needs 2 values; found 3")])
def test_values_that_do_not_fit(changed, words):
    with pytest.raises(ConfigError, match=words):
        build(Outer, whole(**changed))


def test_what_a_dataclass_refuses_is_named_by_its_key():
    @dataclass
    class Strict:
        n: int

        def __post_init__(self):
            raise ValueError("never")

    with pytest.raises(ConfigError, match="^`a.b`: never$"):
        build(Strict, {"n": 1}, "a.b")
    with pytest.raises(ConfigError, match="^never$"):
        build(Strict, {"n": 1})


def test_the_shadow_has_plain_defaults():
    made = shadow(Outer)()
    assert made.size == "???" and made.inner.rate == 0.1 and made.inner.betas == [0.9, 0.99] and made.maybe is None
    assert made.names == ["x"] and made.mixed == [1, "a"] and shadow(Outer) is shadow(Outer)
    made.names.append("y")
    assert shadow(Outer)().names == ["x"]
