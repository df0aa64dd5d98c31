"""Real records: which waveform and which curve stands in which panel."""

import numpy as np
import pytest

from quakebook.bluedisc.figures.real_records import real_records
from quakebook.bluedisc.recorded.real_records import Shown
from quakebook.plots import PHASE_COLOURS


@pytest.fixture
def shown():
    """Five records; record k of picker j has the constant (k + j / 10) / 10 for P and half of that for S."""
    level = np.arange(5) / 10
    curves = {name: np.stack([(level + shift) * 1.0, (level + shift) / 2, level * 0], 1)[:, :, None] * np.ones(3001)
              for name, shift in (("bce", 0.0), ("hybrid", 0.01), ("mine", 0.02))}
    waveform = level[:, None, None] * np.ones((3, 3001)) * np.array([1.0, 0.5, 0.25])[:, None]
    return Shown([f"record {k}" for k in range(5)], waveform, np.zeros((5, 3, 3001)), curves, {})


def test_three_records_from_the_first_on(shown):
    axes = real_records(shown).axes
    assert [ax.get_title(loc="left") for ax in axes[::2]] == ["record 0", "record 1", "record 2"]
    assert axes[-1].get_xlabel() == "Time in window (s)"


def test_waveform_above_and_curves_of_all_pickers_below(shown):
    axes = real_records(shown, first=2, count=2).axes
    assert [ax.get_title(loc="left") for ax in axes[::2]] == ["record 2", "record 3"]
    for k, top, bottom in zip((2, 3), axes[::2], axes[1::2], strict=True):
        z = next(line for line in top.get_lines() if line.get_label() == "Z")
        assert set(z.get_ydata()) == {k / 10}
        np.testing.assert_allclose(z.get_xdata(), np.arange(3001) / 100)
        *lines, threshold = bottom.get_lines()
        assert list(threshold.get_ydata()) == [0.7, 0.7]
        names = [f"{phase}, {name}" for name in ("BCE", "hybrid", "mine") for phase in "PS"]
        assert [line.get_label() for line in lines] == names
        expected = [value for shift in (0.0, 0.01, 0.02) for value in (k / 10 + shift, (k / 10 + shift) / 2)]
        assert [line.get_ydata()[0] for line in lines] == pytest.approx(expected)
        assert [line.get_color() for line in lines] == [PHASE_COLOURS["P"], PHASE_COLOURS["S"]] * 3
        assert [line.get_linestyle() for line in lines] == ["-", "-", "--", "--", ":", ":"]


def test_the_last_records_are_fewer(shown):
    assert [ax.get_title(loc="left") for ax in real_records(shown, first=3).axes[::2]] == ["record 3", "record 4"]
