"""Baselines answer the records, windows and picks of the networks."""

import numpy as np
import pytest
import torch

from quakebook.magnitude import build
from quakebook.magnitude.data.tensors import from_records
from quakebook.magnitude.scoring.predict import predict_magnitudes
from quakebook.magnitude.studies import baselines


def test_features_of_a_spike_by_hand(make_records):
    """A spike of 3000 counts 10 s after P, none other: peak over the mean of 3000 samples, gain 1000 counts per m/s."""
    records = make_records(6, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=1500.0,
                           station_sensitivity_counts_spm=1000.0)
    records.waveforms.zero_()
    records.waveforms[:, :, 2000] = 3000.0
    amplitude, sp = baselines.features(from_records(records))
    assert amplitude.tolist() == pytest.approx([np.log10(3.0 - 0.001)] * 6)
    assert sp.tolist() == pytest.approx([np.log10(5.0)] * 6)


def test_what_lies_beyond_the_window_is_not_read(make_records):
    """P at 1000 stands at sample 500 of the window, which ends before sample 3500 of the record."""
    records = make_records(6, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=3500.0)
    before = baselines.features(from_records(records))
    records.waveforms[:, :, 3500:] = 1e9
    after = baselines.features(from_records(records))
    assert torch.equal(before[0], after[0]) and after[1].isnan().all()
    inside = make_records(6, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=3499.0)
    assert baselines.features(from_records(inside))[1].isfinite().all()


def test_same_records_as_a_network(splits):
    network = predict_magnitudes(build("phasenet_mag"), "phasenet_mag", splits.test)
    event = network.is_event
    for name in ("richter", "constant"):
        found = baselines.predict(baselines.fit(name, splits.train), splits.test)
        assert found.name.tolist() == network.name[event].tolist()
        assert found.true.tolist() == network.true[event].tolist()
        assert found.onset_s.tolist() == pytest.approx(network.onset_s[event].tolist())
        assert np.isfinite(found.values("scalar")).all()
    train = splits.train.subset(splits.train.is_event)
    assert found.values("scalar").tolist() == pytest.approx([float(train.magnitude.double().mean())] * len(found.true))


def test_s_must_come_after_p(make_records):
    """At P itself there is no S-P time, and none where a pick is missing."""
    sp = baselines.features(from_records(make_records(
        5, trace_p_arrival_sample=[1000.0, 1000, 1000, np.nan, 1000], trace_s_arrival_sample=[1000.0, 950, 1001, 1200,
                                                                                             np.nan])))[1]
    assert sp[2] == pytest.approx(-2.0) and sp[[0, 1, 3, 4]].isnan().all()


def test_no_gain_and_no_motion_have_no_amplitude(make_records):
    records = make_records(3, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=1500.0,
                           station_sensitivity_counts_spm=[np.nan, 10.0, 10.0])
    records.waveforms[1] = 7.0
    peak = baselines.features(from_records(records))[0]
    assert peak[:2].isnan().all() and peak[2].isfinite()
