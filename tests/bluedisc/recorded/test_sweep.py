"""Other weights of the data loss, and the box label."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import sweep as sweep_figure
from quakebook.bluedisc.pages import training_sweep
from quakebook.bluedisc.recorded import make as record
from quakebook.bluedisc.recorded import sweep as recorded_sweep
from quakebook.training.recorded import keep


@pytest.fixture()
def swept(smoke_runs, tmp_path):
    """The same smoke runs kept as entries of a sweep."""
    from quakebook.bluedisc.api import settings_of

    for mode, run in smoke_runs.items():
        training = record.Training(mode, 42, steps=4, data_weight=100.0, in_sweep=True)
        keep("bluedisc", training.name, record.outcome(run, training, settings_of(run)), tmp_path)
    return recorded_sweep.read(tmp_path)


def test_sweep_is_sorted_by_weight_and_reports_each(swept):
    assert [training_sweep.title(entry) for entry in swept] == ["100", "BCE only"]
    assert list(training_sweep.table(swept)["label"]) == ["N", "N"]
    assert training_sweep.facts_line(swept).startswith("2 trainings of 4 steps each, seed 42;")
    numbers = recorded_sweep.metrics(swept)
    assert {"sweep.N.100.S.tp", "sweep.N.bce.S.error_s"} <= set(numbers)
    assert len(sweep_figure.figure(swept).axes) == 2


def test_median_error_leaves_other_arrivals_out(swept):
    from dataclasses import replace

    peaks = swept[0].peaks["S"]
    far = replace(peaks, error_samples=np.array([-10.0, 20.0, 500.0, np.nan], np.float32))
    assert replace(swept[0], peaks={"S": far}).median_error_s("S") == pytest.approx(0.15)
    none = replace(peaks, error_samples=np.array([np.nan], np.float32))
    assert np.isnan(replace(swept[0], peaks={"S": none}).median_error_s("S"))
