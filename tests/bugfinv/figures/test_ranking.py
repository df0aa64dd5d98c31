"""Rows, dots and means of the ranking, and which line stands for which method in the figure on robustness."""

import numpy as np
import pandas as pd
import pytest

from quakebook.bugfinv.figures import ranking


def scores(**errors):
    return pd.DataFrame([{"method": m, "heads": h, "seed": k, "nrmse.overall": e}
                         for key, values in errors.items() for m, h in [key.split("__")] for k, e in enumerate(values)])


def test_rows_are_sorted_by_the_better_heads_and_carry_their_mean():
    """CW's best is 0.02 (posterior), Nash's 0.03: CW, the better one, stands on top."""
    table = scores(cw__trained=[0.05, 0.07], cw__posterior=[0.01, 0.03], nash__trained=[0.03])
    ax = ranking.ranking(table).axes[0]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Nash", "CW"] and ax.get_xscale() == "log"
    dots = {(tuple(line.get_xdata().tolist()), tuple(line.get_ydata().round(9).tolist())): line for line in ax.lines
            if line.get_marker() == "o" and len(line.get_xdata())}
    assert set(dots) == {((0.03,), (0.14,)), ((0.05, 0.07), (1.14, 1.14)), ((0.01, 0.03), (0.86, 0.86))}
    assert dots[(0.01, 0.03), (0.86, 0.86)].get_markerfacecolor() == "white"
    assert dots[(0.05, 0.07), (1.14, 1.14)].get_markerfacecolor() == dots[(0.03,), (0.14,)].get_color()
    bars = sorted((*line.get_xdata(), *line.get_ydata()) for line in ax.lines if line.get_marker() != "o")
    assert np.allclose(bars, [[0.02, 0.02, 0.70, 1.02], [0.03, 0.03, -0.02, 0.30], [0.06, 0.06, 0.98, 1.30]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["trained heads", "posterior heads"]
    assert ax.get_xlabel() == "NRMSE (overall)"


def test_each_line_of_the_robustness_is_one_method():
    rows = [{"method": m, "heads": h, "axis": a, "value": v, "nrmse.overall": e * v}
            for m, h, e in (("cw", "trained", 1.0), ("nash", "trained", 2.0), ("bugfinv", "trained", 3.0),
                            ("bugfinv", "posterior", 4.0), ("cw", "posterior", 9.0))
            for a, values in (("snr_db", (25, 5, 15)), ("n_wells", (6, 24))) for v in values]
    left, right = ranking.robustness(pd.DataFrame(rows)).axes
    for ax, at in ((left, [5, 15, 25]), (right, [6, 24])):
        assert [line.get_xdata().tolist() for line in ax.lines] == [at] * 4
        assert [line.get_ydata()[0] / at[0] for line in ax.lines] == pytest.approx([1, 2, 3, 4])
        assert ax.get_yscale() == "log" and ax.get_xticks().tolist() == at
    assert left.get_xlabel() == "signal-to-noise ratio (dB)" and right.get_xlabel() == "training wells"
    assert [line.get_label() for line in left.lines][-1] == "BUGFInv, posterior heads"
