"""The source of the Triton kernel run by a stand-in for `triton.language`, where Triton itself is not installed.

The stand-in reads and writes NumPy arrays; it knows the functions that the kernel calls, and nothing else.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from quakebook.bugfinv.objective.bayes import kernel
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior
from quakebook.bugfinv.objective.bayes.rows import fused_gradient
from quakebook.bugfinv.studies.cost import Batch

SOURCE = Path(kernel.__file__).with_name("kernel_source.py")


class Pointer:
    """A flat array and where in it one stands; adding moves."""

    def __init__(self, values, at=0):
        self.values, self.at = values, at

    def __add__(self, step):
        return Pointer(self.values, self.at + step)


class Numbers(np.ndarray):
    """A NumPy array that can be cast by `to`."""

    def to(self, kind):
        return self.astype(kind)


def numbers(values):
    return np.asarray(values).view(Numbers)


def load(pointer, mask=None, other=0.0):
    if mask is None:
        return pointer.values[pointer.at]
    at = np.broadcast_to(pointer.at, mask.shape)
    assert (at[mask] < pointer.values.size).all() and (at[mask] >= 0).all(), "read outside"
    return np.where(mask, pointer.values[np.where(mask, at, 0)], np.float32(other))


def store(pointer, values, mask):
    at = np.broadcast_to(pointer.at, mask.shape)
    pointer.values[at[mask]] = values[mask]


def stand_in(program):
    """What stands in for `triton.language`, for one program of the grid."""
    tl = ModuleType("triton.language")
    tl.__dict__.update(
        constexpr=object, int64=np.int64, float32=np.float32, load=load, store=store, static_range=range,
        program_id=lambda axis: numbers(np.int64(program)), arange=lambda a, b: numbers(np.arange(a, b)),
        dot=lambda a, b, input_precision: a @ b, sum=lambda x, axis: x.sum(axis), maximum=np.maximum, sqrt=np.sqrt,
        zeros=lambda shape, dtype: np.zeros(shape, dtype), exp=np.exp, log=np.log)
    return tl


@pytest.fixture
def compiled(monkeypatch):
    """`kernel._compiled` with the stand-in: called as a compiled kernel is, once a program."""
    def launch(grid):
        def call(*arguments, **sizes):
            given = [Pointer(a.numpy().reshape(-1)) if isinstance(a, torch.Tensor) else a for a in arguments]
            for program in range(grid[0]):
                tl = stand_in(program)
                triton = ModuleType("triton")
                triton.language = tl
                monkeypatch.setitem(sys.modules, "triton", triton)
                monkeypatch.setitem(sys.modules, "triton.language", tl)
                spec = importlib.util.spec_from_file_location("kernel_source_on_numpy", SOURCE)
                source = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(source)
                source.fuse_rows(*given, **sizes)
        return call

    made = type("Kernel", (), {"__getitem__": lambda self, grid: launch(grid)})()
    monkeypatch.setattr(kernel, "_compiled", lambda: made)


@pytest.mark.parametrize(("rows", "d", "outputs", "bias", "power"), [
    (70, 64, 3, False, 1.0), (33, 20, 3, True, 1.0), (64, 32, 2, True, 0.3), (5, 100, 1, False, 0.5),
    (31, 1, 2, True, 2.0)])
def test_the_kernel_equals_the_pytorch_path(compiled, rows, d, outputs, bias, power):
    batch = Batch.random(rows, d=d, outputs=outputs, full_rows=300)
    (group,) = posterior(Statistics.of(batch.features, batch.labels + 1, bias), 0.5, (0.1,) * outputs)
    for floor in (1e-8, 1.0):  # with the second many variances stand on the floor
        want = fused_gradient(batch.features, batch.labels + 1, [group], sqrt_power=power, min_var=floor).gradient
        found = kernel.fused_gradient(batch.features, batch.labels + 1, group.posterior.to(torch.float32), power, floor)
        assert torch.allclose(found, want, rtol=2e-3, atol=1e-4 * float(want.abs().max()))


def test_what_the_kernel_is_used_for(monkeypatch):
    """float32 on a GPU, one noise variance, some rows, at most 128 features, Triton there."""
    monkeypatch.setattr(kernel, "_compiled", lambda: object())

    def features(rows=4, d=8, cuda=True, dtype=torch.float32):
        return type("F", (), {"is_cuda": cuda, "dtype": dtype, "shape": (rows, d), "__len__": lambda self: rows})()

    assert kernel.usable(features(), 1) and kernel.usable(features(rows=1, d=128), 1)
    assert not any((kernel.usable(features(), 2), kernel.usable(features(d=129), 1), kernel.usable(features(rows=0), 1),
                    kernel.usable(features(cuda=False), 1), kernel.usable(features(dtype=torch.float64), 1)))
    monkeypatch.setattr(kernel, "_compiled", lambda: None)
    assert not kernel.usable(features(), 1)
