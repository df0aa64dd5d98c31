"""Figures that show all recorded seeds."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import peaks, shares
from quakebook.bluedisc.pages import references
from quakebook.bluedisc.recorded import choose
from quakebook.bluedisc.recorded import read as recorded


def test_every_seed_and_reference_gets_a_bar_of_its_shares(made):
    runs = {name: made(name, P_tp=90.0, P_below=1.0, S_tp=tp, S_below=30.0)
            for name, tp in (("bce-1", 20.0), ("bce-0", 10.0), ("exact-bce-0", 80.0))}
    kinds = choose.kinds(runs)
    assert {kind: [run.facts["seed"] for run in some] for kind, some in kinds.items()} == {
        "BCE, exact labels": [0], "BCE": [0, 1]}
    fig = shares.shares_of_seeds(kinds, {"published": references.published_shares()["bce"]})
    bars = [(bar.get_x(), bar.get_width()) for container in fig.axes[1].containers for bar in container]
    np.testing.assert_allclose(bars, [(0, 80), (0, 10), (0, 20), (80, 30), (10, 30), (20, 30), (0, 32.4), (32.4, 24.8)],
                               atol=0.05)
    names = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert names == ["BCE, exact labels, seed 0", "BCE, seed 0", "BCE, seed 1", "published"]


def test_shares_over_steps_draw_the_history_of_each_seed(kept):
    run = recorded.read("bce-42", kept)
    fig = shares.shares_over_steps({"BCE": [run, run]})
    assert [len(ax.get_lines()) for ax in fig.axes] == [2, 2]
    np.testing.assert_array_equal(fig.axes[1].get_lines()[0].get_ydata(), run.history["S.below"])


def test_heights_of_all_seeds_share_a_colour(kept):
    run = recorded.read("bce-42", kept)
    fig = peaks.heights_of_precise({"BCE": [run.peaks, run.peaks], "hybrid": [run.peaks]})
    band, mean, _, other = fig.axes[1].patches
    assert band.get_facecolor()[:3] == mean.get_edgecolor()[:3] != other.get_edgecolor()[:3]
    precise = np.abs(run.peaks["S"].error_samples) <= 10
    assert mean.get_data().values.sum() == pytest.approx(100 * precise.sum() / run.peaks["S"].labels.sum())
