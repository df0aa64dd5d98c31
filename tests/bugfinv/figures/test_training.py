"""Curves of a training: sums, the running mean and its place, what is left out."""

import numpy as np
import pytest

from quakebook.bugfinv.figures import training

KEYS = ("Vp", "Vs", "rho")


def log(n, **more):
    step = np.arange(1.0, n + 1)
    return {"step": step, **{f"loss.{k}": step * (i + 1) for i, k in enumerate(KEYS)}, **more}


def test_losses_are_summed_and_gaps_left_out():
    error = np.array([np.nan, 0.5, np.nan, 0.25])
    fig = training.losses({"cw": log(4, **{"validation.nrmse.overall": error}), "nash": log(3)})
    left, right = fig.axes
    assert left.lines[0].get_xydata().tolist() == [[1, 6], [2, 12], [3, 18], [4, 24]]
    assert left.lines[1].get_xdata().tolist() == [1, 2, 3]
    assert [line.get_xydata().tolist() for line in right.lines] == [[[2, 0.5], [4, 0.25]]]
    assert left.get_yscale() == right.get_yscale() == "log"


def test_the_seventh_colour_is_followed_by_dashes():
    names = list(training.LABELS)[:8]
    styles = [line.get_linestyle() for line in training.losses({name: log(3) for name in names}).axes[0].lines]
    assert styles == ["-"] * 7 + ["--"]


def test_a_running_mean_of_seven_stands_at_its_middle():
    """Of a straight line the mean is the line itself, three samples short at each end; of fewer than 15 there is none.
    """
    def curves(n):
        weights = {f"weight.{k}": np.arange(1.0, n + 1) * (i + 1) for i, k in enumerate(KEYS)}
        cosines = {f"cosine.{pair}": np.full(n, 0.1 * (i + 1)) for i, pair in enumerate(("Vp-Vs", "Vp-rho", "Vs-rho"))}
        return log(n, clamped=np.linspace(0, 1, n), **weights, **cosines)

    fig = training.conflict(curves(15), curves(14))
    angles, nash, shares, clamped = fig.axes
    pairs = [line for line in nash.lines if line.get_label() in ("Vp", "Vs", "ρ")]
    assert len(nash.lines) == 6 and len(pairs) == 3
    for i, line in enumerate(pairs):
        assert line.get_xdata().tolist() == list(range(4, 13))
        assert line.get_ydata() == pytest.approx((i + 1) * np.arange(4.0, 13.0))
    marked = [line for line in shares.lines if line.get_label() in ("Vp", "Vs", "ρ")]
    assert [line.get_xdata().tolist() for line in marked] == [list(range(1, 15))] * 3
    level = [line for line in shares.lines if len(line.get_xdata()) == 2]
    assert level[0].get_ydata()[0] == pytest.approx(1 / 3)
    named = {line.get_label(): line.get_ydata()[0] for line in angles.lines if "-" in line.get_label()}
    assert named == pytest.approx({"Vp-Vs": 0.1, "Vp-ρ": 0.2, "Vs-ρ": 0.3})
    assert clamped.lines[0].get_xydata().tolist()[-1] == [14, 1] and angles.get_ylim() == (-1, 1)
