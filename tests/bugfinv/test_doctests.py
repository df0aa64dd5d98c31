"""Examples in docstrings run."""

import doctest
from importlib import import_module

import pytest

MODULES = ("bugfinv.objective.bayes.fusion", "bugfinv.objective.losses", "bugfinv.objective.bayes.moments",
           "bugfinv.objective.nash", "bugfinv.data.wavelets", "data.elastic.files.units")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    import numpy
    import torch

    module = import_module(f"quakebook.{name}")
    found = doctest.testmod(module, extraglobs={"torch": torch, "np": numpy})
    assert found.attempted > 0 and found.failed == 0
