"""Fixtures of the training wing: the toy chapters, when two trainings agree, and fresh folders."""

import importlib.util
import sys
from pathlib import Path

import pytest


def beside(stem):
    """The module of that name beside this file, while the caller goes on."""
    spec = importlib.util.spec_from_file_location(f"training_{stem}", Path(__file__).with_name(f"{stem}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="session")
def toys():
    """The module `toys.py`."""
    yield from beside("toys")


@pytest.fixture(scope="session")
def agreement():
    """The module `agreement.py`."""
    yield from beside("agreement")


@pytest.fixture
def same():
    """Bitwise equality of two nested containers of tensors."""
    import torch

    def equal(a, b):
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
        return torch.equal(a, b)

    return equal
