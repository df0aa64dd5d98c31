"""Examples in docstrings run."""

import doctest
from importlib import import_module

import pytest

MODULES = ("fusion", "losses", "moments", "nash", "wavelets", "files.units")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    import numpy
    import torch

    module = import_module(f"quakebook.bugfinv.{name}")
    found = doctest.testmod(module, extraglobs={"torch": torch, "np": numpy})
    assert found.attempted > 0 and found.failed == 0
