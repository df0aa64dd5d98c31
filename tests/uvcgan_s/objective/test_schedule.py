"""The published rise of the learning rate."""

from __future__ import annotations

import pytest

from quakebook.uvcgan_s.objective.schedule import rate_factor
from quakebook.uvcgan_s.settings import OptimiserConfig


@pytest.mark.parametrize("epoch, factor", [(1, 0.01), (2, 0.01 + 0.99 / 32), (17, 0.505), (32, 1 - 0.99 / 32),
                                           (33, 1.0), (400, 1.0)])
def test_published_factors(epoch, factor):
    first = (epoch - 1) * 2000
    assert rate_factor(first, OptimiserConfig()) == pytest.approx(factor)
    assert rate_factor(first + 1999, OptimiserConfig()) == pytest.approx(factor)


def test_no_warm_up_is_a_constant_rate():
    assert rate_factor(0, OptimiserConfig(warmup_steps=0)) == 1.0
