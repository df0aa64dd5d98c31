"""Fixtures of the training wing: the toy chapters, and fresh folders."""

import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def toys():
    """The module `toys.py` beside this file."""
    spec = importlib.util.spec_from_file_location("training_toys", Path(__file__).with_name("toys.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["training_toys"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["training_toys"]


@pytest.fixture
def same():
    """Bitwise equality of two nested containers of tensors."""
    import torch

    def equal(a, b):
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
        return torch.equal(a, b)

    return equal
