"""Settings at random: each set composes, or is refused in one line; and every number has a range."""

import math
from functools import cache
from importlib import import_module
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quakebook.commands.chapters import CHAPTERS
from quakebook.training import schema
from quakebook.training.config import ConfigError, compose, leaves, to_dict

#: Values that have ended in a traceback somewhere: far, near zero, no numbers, empty.
ODD = [1e300, -1e300, 1e30, -1e30, 1e-300, 0, -0.0, -1, 1, 2, 10**30, float("nan"), float("inf"), -float("inf"), [],
       [0], [-1, 2], [1e30], "", "many", None, True]


@cache
def smoke(name):
    return import_module(f"quakebook.{name}").config(preset="smoke")


@cache
def numbers(name):
    """Numeric settings of a chapter, with the kind of number of each."""
    keys = leaves(type(smoke(name)))
    return {key: kind for key, hint in keys.items() if (kind := _kind(hint))}


def _kind(hint):
    if hint in (int, float):
        return hint
    inner = [part for part in get_args(hint) if part not in (type(None), ...)]
    kinds = {_kind(part) for part in inner}
    return kinds.pop() if len(kinds) == 1 else None


def changed(name, values):
    """The smoke settings with other values, built without Hydra, which takes far longer than the checks."""
    tree = to_dict(smoke(name))
    for key, value in values.items():
        *nodes, last = key.split(".")
        node = tree
        for step in nodes:
            node = node[step]
        node[last] = [value] * max(1, len(node[last])) if isinstance(node[last], list) else value
    return schema.build(type(smoke(name)), tree)


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_number_has_a_range(name):
    """No setting takes a number beyond all bounds, an infinite one, or NaN."""
    loose = []
    for key, kind in numbers(name).items():
        for value in [10**30, -10**30] if kind is int else [1e300, -1e300, math.inf, math.nan]:
            try:
                changed(name, {key: value})
                loose.append(f"{key}={value}")
            except ConfigError as error:
                assert "\n" not in str(error), key
                assert key.split(".")[-1] in str(error)
    assert loose == []


@pytest.mark.parametrize("name", CHAPTERS)
@settings(max_examples=12, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_random_set_composes_or_is_refused_in_one_line(name, data):
    value = st.one_of(st.sampled_from(ODD), st.integers(-3, 2000), st.floats(0, 1))
    chosen = data.draw(st.dictionaries(st.sampled_from(sorted(numbers(name))), value, min_size=1, max_size=4))
    package = import_module(f"quakebook.{name}")
    try:
        config = compose(type(smoke(name)), package.PRESETS, chosen, preset="smoke")
    except ConfigError as error:
        assert str(error) and "\n" not in str(error)
        return
    assert schema.build(type(config), to_dict(config)) == config


@pytest.mark.parametrize("word", ["data.records=", "training.steps=1e30", "optimiser.lr=[]", "training.seed=null"])
@pytest.mark.parametrize("name", CHAPTERS)
def test_the_same_as_words(name, word):
    with pytest.raises(ConfigError) as refused:
        import_module(f"quakebook.{name}").config(word, preset="smoke")
    assert "\n" not in str(refused.value)
