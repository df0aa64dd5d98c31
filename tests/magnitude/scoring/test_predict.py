"""From records to numbers with networks whose answer is known: read-outs, onsets, sums and pick times by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from quakebook.magnitude.data.tensors import from_records
from quakebook.magnitude.scoring.predict import predict_magnitudes
from quakebook.magnitude.scoring.predict_picks import predict_phases


class Echo(nn.Module):
    """A network that answers with its input: Z as magnitude, or Z, N, E as probabilities of P, S and noise."""

    def __init__(self, **facts):
        super().__init__()
        for name, value in facts.items():
            setattr(self, name, value)

    def preprocess(self, windows, sensitivity):
        return windows

    def forward(self, x):
        return x if self.kind == "picks" else x[:, :1] if self.kind == "series" else x[:, :1].mean(-1)


@pytest.fixture
def data(make_records):
    """Four records of 60 s with P at 10 s and S at 15 s: steps of 2, 3, 4 and 5 from P on; the last one is noise."""
    records = make_records(4, trace_p_arrival_sample=[1000.0, 1000, 1000, np.nan],
                           trace_s_arrival_sample=[1500.0, 1500, 1500, np.nan],
                           source_magnitude=[2.0, 3.0, 4.5, np.nan], source_id=["a", "a", "b", None])
    records.waveforms.zero_()
    for row, height in enumerate((2.0, 3.0, 4.0, 5.0)):
        records.waveforms[row, :, 1000:] = height
    return from_records(records)


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_magnitudes_onsets_and_sums(data, batch):
    """Windows of 30 s with P at 5 s. Record 2 answers 4 for 4.5 in 2500 of its 3000 samples; others are right."""
    found = predict_magnitudes(Echo(kind="series"), "phasenet_mag", data, batch)
    np.testing.assert_allclose(found.true, [2, 3, 4.5, np.nan])
    assert found.onset_s.tolist() == [5.0, 5.0, 5.0, np.inf]
    np.testing.assert_allclose(found.read_outs["post_p_mean"][:3], [2, 3, 4])
    assert found.event[:3].tolist() == ["a", "a", "b"] and found.is_event.tolist() == [True, True, True, False]
    n, wrong = 3 * 3000, 2500 * 0.5
    labels = np.concatenate([np.repeat([0.0, m], [500, 2500]) for m in (2, 3, 4.5)])
    assert found.flattened == pytest.approx({
        "n": n, "mae": wrong / n, "rmse": (wrong * 0.5 / n) ** 0.5,
        "r2": 1 - wrong * 0.5 / ((labels - labels.mean()) ** 2).sum()})
    assert found.examples["label"][:, -1].tolist() == [2, 3, 4.5]
    assert found.examples["predicted"][:, -1].tolist() == [2, 3, 4]
    assert found.examples["waveforms"].shape == (3, 3, 3000)
    assert 0 < found.seconds_per_record < 60


def test_the_label_offset_is_taken_off_the_answer(data):
    found = predict_magnitudes(Echo(kind="series", label_offset=1.0), "phasenet_mag", data)
    np.testing.assert_allclose(found.read_outs["post_p_mean"][:3], [1, 2, 3])
    assert found.examples["label"][:, -1].tolist() == [3, 4, 5.5]


def test_one_value_a_record(data):
    """MagNet's window begins 1 s before P: 2900 of 3000 samples hold the step."""
    found = predict_magnitudes(Echo(kind="scalar", per_sample=False), "magnet", data)
    np.testing.assert_allclose(found.values("post_p_mean")[:3], np.array([2, 3, 4]) * 2900 / 3000, rtol=1e-6)
    assert found.onset_s[:3].tolist() == [1.0] * 3 and found.examples == {} and found.flattened == {}
    late = predict_magnitudes(Echo(kind="scalar", per_sample=False), "magnet", data, before=900)
    np.testing.assert_allclose(late.values("scalar")[:3], np.array([2, 3, 4]) * 2100 / 3000, rtol=1e-6)


def test_twelve_examples_are_spread_over_the_magnitudes(make_records):
    records = make_records(23, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=1500.0,
                           source_magnitude=np.arange(23.0)[::-1] / 10 + 1)
    found = predict_magnitudes(Echo(kind="series"), "phasenet_mag", from_records(records))
    np.testing.assert_allclose(found.examples["label"][:, -1], 1 + np.arange(0, 23, 2) / 10, rtol=1e-6)


def test_picks_are_the_place_of_the_highest_value(make_records, monkeypatch):
    """Windows from sample 600: P of 0.9 at 1003 (label 1000), S of 0.8 at 1490 (label 1500), lower ones elsewhere."""
    from quakebook.magnitude.scoring import predict_picks as module

    records = make_records(5, trace_p_arrival_sample=[1000.0] * 4 + [np.nan],
                           trace_s_arrival_sample=[1500.0, 1500, 1500, np.nan, np.nan])
    records.waveforms.zero_()
    for channel, at, height in ((0, 1003, 0.9), (0, 2000, 0.5), (1, 1490, 0.8), (1, 1100, 0.4), (2, 700, 1.0)):
        records.waveforms[:, channel, at] = height
    monkeypatch.setattr(module, "phase_starts", lambda names, p, s, npts, length: torch.full((len(names),), 600))
    found = predict_phases(Echo(kind="picks", phases="PSN"), "phasenet", from_records(records), batch_size=2)
    assert found.picks["P"].height == pytest.approx([0.9] * 5) and found.picks["S"].height == pytest.approx([0.8] * 5)
    assert found.picks["P"].position_s == pytest.approx([4.03] * 5)
    assert found.picks["S"].position_s == pytest.approx([8.90] * 5)
    assert found.picks["P"].labelled_s == pytest.approx([4.0] * 4 + [np.nan], nan_ok=True)
    assert found.picks["S"].labelled_s == pytest.approx([9.0] * 3 + [np.nan] * 2, nan_ok=True)
    assert found.is_event.tolist() == [True] * 4 + [False]
    assert found.examples["picks_s"].tolist() == [[4.0, 9.0]] * 2 and found.examples["curves"].shape == (2, 2, 3001)
    assert found.sums["n"] == 5 * 3 * 3001
    turned = predict_phases(Echo(kind="picks", phases="SPN"), "phasenet", from_records(records))
    assert turned.picks["S"].height == pytest.approx([0.9] * 5)  # the first channel is what the model says it is
