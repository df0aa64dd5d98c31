"""Orderings: the t interval by hand, and what is undecided."""

import numpy as np
import pandas as pd
import pytest

from quakebook.bugfinv.recorded.read import directions
from quakebook.bugfinv.studies.orderings import compare, of_table


def test_interval_by_hand():
    """Differences 1, 2, 3: mean 2, sd 1, t(0.975, 2) = 4.3027, half-width 4.3027 / sqrt 3."""
    ordering = compare(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    assert ordering.difference == 2.0 and ordering.half_width == pytest.approx(4.30265 / 3**0.5, rel=1e-5)
    assert ordering.verdict == "undecided" and ordering.seeds == 3


@pytest.mark.parametrize("first, second, verdict", [
    ([0.30, 0.31, 0.32], [0.20, 0.21, 0.22], "less"), ([0.20, 0.21, 0.22], [0.30, 0.31, 0.32], "more"),
    ([0.30, 0.10, 0.20], [0.20, 0.20, 0.20], "undecided"), ([0.9], [0.1], "undecided"),
])
def test_verdicts(first, second, verdict):
    assert compare(np.array(first), np.array(second)).verdict == verdict


def table(**errors):
    return pd.DataFrame([{"method": m, "heads": "trained", "seed": k, "nrmse.overall": e}
                         for m, values in errors.items() for k, e in enumerate(values)])


def test_a_method_without_seeds_is_compared_with_every_seed():
    ordering = of_table(table(lbfgs=[0.05], cw=[0.03, 0.031, 0.032]), ("lbfgs", "trained"), ("cw", "trained"))
    assert ordering.seeds == 3 and ordering.difference == pytest.approx(0.019) and ordering.verdict == "less"
    assert of_table(table(cw=[1.0]), ("cw", "trained"), ("nash", "trained")) is None


def test_directions_are_positive_where_the_claim_holds():
    found = directions(table(lbfgs=[0.05], cw=[0.03, 0.031, 0.032], nash=[0.02, 0.03, 0.04], upgrad=[0.1, 0.1, 0.1],
                             cagrad=[0.02, 0.02, 0.02]), "synthetic")
    assert found["synthetic.cw_over_lbfgs"] > 0 and found["synthetic.cw_over_lbfgs.seeds"] == 3
    assert found["synthetic.nash_over_cw"] == pytest.approx(0.001)
    assert found["synthetic.nash_over_cw.sd"] > 0.001
    assert found["synthetic.nash_over_solvers"] == pytest.approx(-0.01), "the best solver, not the first"
