"""Columns in the spellings of several data sets."""

import numpy as np
import pandas as pd
import pytest

from quakebook.magnitude.data import columns


def test_magnitudes_that_no_earthquake_has_are_unknown():
    frame = pd.DataFrame({"source_magnitude": [-5.0, -5.1, 10.0, 10.1, -999, "2.5", "none"]})
    assert columns.magnitudes(frame, "cpu").tolist() == pytest.approx(
        [-5, np.nan, 10, np.nan, np.nan, 2.5, np.nan], nan_ok=True)
    assert columns.column(frame, "other", "cpu").isnan().all()


@pytest.mark.parametrize(("names", "chosen"), [
    (["path_hyp_distance_km"], "path_hyp_distance_km"), (["path_ep_distance_km"], "path_ep_distance_km"),
    (["path_hyp_distance_km", "path_ep_distance_km"], "path_hyp_distance_km"), ([], "path_hyp_distance_km")])
def test_distance(names, chosen):
    assert columns.distance(pd.DataFrame({name: [1.0] for name in names})) == chosen


def test_a_table_speaks_of_an_event_by_either_column():
    frame = pd.DataFrame({"source_id": ["a", None, None], "source_magnitude": [np.nan, "x", np.nan]})
    assert columns.sources(frame, "cpu").tolist() == [True, True, False]
    assert columns.sources(pd.DataFrame({"x": [1, 2]}), "cpu").tolist() == [False, False]
    names = np.array(["r0", "r1", "r2"])
    assert columns.events(frame, names).tolist() == ["a", "r1", "r2"]
    assert columns.events(pd.DataFrame({"x": [1]}), names[:1]).tolist() == ["r0"]


def test_signal_to_noise_of_three_components_is_their_mean():
    frame = pd.DataFrame({"trace_snr_db": ["[10.0 20.0 1.5e1]", "[]", "-5"]})
    assert columns.snr(frame, "cpu").tolist() == pytest.approx([15.0, np.nan, -5.0], nan_ok=True)
