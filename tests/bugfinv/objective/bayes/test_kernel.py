"""The Triton kernel equals the PyTorch path: on a GPU, or in Triton's interpreter where Triton is installed."""

import os
import subprocess
import sys

import pytest
import torch

from quakebook.bugfinv.objective.bayes import kernel
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior
from quakebook.bugfinv.objective.bayes.rows import fused_gradient
from quakebook.bugfinv.studies.cost import Batch

CASES = ((70, 64, 3, False, 1.0), (33, 20, 3, True, 1.0), (64, 32, 2, True, 0.3), (5, 100, 1, False, 0.5))


def difference(rows, d, outputs, bias, power, device):
    batch = Batch.random(rows, d=d, outputs=outputs, full_rows=300)
    (group,) = posterior(Statistics.of(batch.features, batch.labels + 1, bias), 0.5, (0.1,) * outputs)
    want = fused_gradient(batch.features, batch.labels + 1, [group], sqrt_power=power).gradient
    got = kernel.fused_gradient(batch.features.to(device), (batch.labels + 1).to(device),
                                group.posterior.to(torch.float32, torch.device(device)), power, 1e-8).cpu()
    return float((got - want).norm() / want.norm())


@pytest.mark.cuda
@pytest.mark.parametrize("case", CASES)
def test_on_a_gpu(case):
    assert difference(*case, "cuda") < 1e-4


@pytest.mark.skipif(torch.cuda.is_available(), reason="tested on the GPU itself")
def test_in_the_interpreter():
    pytest.importorskip("triton", reason="Triton is not installed")
    code = ("import importlib.util as u, sys; s = u.spec_from_file_location('t', sys.argv[1]);"
            "m = u.module_from_spec(s); s.loader.exec_module(m);"
            "assert all(m.difference(*c, 'cpu') < 1e-4 for c in m.CASES)")
    subprocess.run([sys.executable, "-c", code, __file__], check=True, env={**os.environ, "TRITON_INTERPRET": "1"})


def test_not_used_without_a_gpu():
    assert not kernel.usable(torch.zeros(4, 8), 1)
