"""Annotation against SeisBench's, over odd streams; parts of a stream against the whole; annotation against scorer."""

from __future__ import annotations

import logging

import numpy as np
import obspy
import pytest
import seisbench.models as sbm
import torch

from quakebook.picking import annotate, annotate_each
from quakebook.picking.continuous.annotation import Annotation
from quakebook.picking.continuous.table import inside, pick_list

NAMES = ("gaps", "one_component_gap", "overlap_same", "overlap_contradicting", "odd_length", "between_samples",
         "vertical_only", "numbered_components", "two_stations", "short", "staggered", "rates")
WISHES = {"P_threshold": 0.6, "S_threshold": 0.6}


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("seisbench").setLevel(logging.ERROR)


def same_curves(ours: obspy.Stream, theirs: obspy.Stream) -> None:
    assert [trace.id for trace in ours] == [trace.id for trace in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert abs(a.stats.starttime - b.stats.starttime) < 1e-6 and a.stats.npts == b.stats.npts
        np.testing.assert_allclose(a.data, b.data, atol=1e-4)


def table_of(picks) -> list[tuple]:
    return sorted((p.trace_id, p.phase, round(p.peak_time.timestamp, 4), round(p.start_time.timestamp, 4),
                   round(p.end_time.timestamp, 4), round(float(p.peak_value), 3)) for p in picks)


@pytest.mark.parametrize("stacking", ["avg", "max"])
@pytest.mark.parametrize("name", NAMES)
def test_curves_and_picks_are_seisbench_s(model, streams, name, stacking):
    stream, before = streams[name](), streams[name]()
    ours = annotate(model, stream, resample="seisbench", stacking=stacking, **WISHES)
    theirs = model.annotate(before.copy(), stacking=stacking)
    same_curves(ours, theirs)
    picks = model.classify(before.copy(), stacking=stacking, **WISHES).picks
    assert len(picks) > 3 or len(theirs) == 0
    assert table_of(pick_list(ours.picks)) == table_of(picks)
    for a, b in zip(stream, before, strict=True):  # the caller's stream is as it was
        assert a.stats == b.stats and np.array_equal(a.data, b.data)


@pytest.mark.parametrize("wishes", [{"overlap": 0}, {"overlap": 0.9}, {"overlap": 2500}, {"blinding": (200, 300)},
                                    {"batch_size": 2}, {"strict": True}, {"flexible_horizontal_components": False}])
def test_options_mean_what_they_mean_in_seisbench(model, streams, wishes):
    stream = streams["one_component_gap"]() + streams["numbered_components"]().slice(obspy.UTCDateTime(0))
    stream = streams["one_component_gap"]() if "strict" in wishes else stream
    same_curves(annotate(model, stream, resample="seisbench", **wishes), model.annotate(stream, **wishes))


def test_other_architectures(make_stream):
    torch.manual_seed(1)
    for network in (sbm.EQTransformer(), sbm.GPD(), sbm.PhaseNetLight()):
        network.eval()
        wishes = {"stride": 50} if network.output_type == "point" else {}
        network.default_args.update(wishes)
        stream = make_stream(75)
        same_curves(annotate(network, stream, resample="seisbench"), network.annotate(stream))


def test_a_day_from_midnight_has_seisbench_s_windows(model, make_stream):
    stream = make_stream(100)
    for trace in stream:
        trace.stats.starttime = obspy.UTCDateTime("2024-03-01")
    same_curves(annotate(model, stream), model.annotate(stream))


def test_parts_of_a_stream_give_the_picks_of_the_whole(model, make_stream):
    """Over midnight; parts reach 60 s farther than what they own."""
    begin = obspy.UTCDateTime("2024-03-01T23:50:00")
    whole = make_stream(1200)
    picks = annotate(model, whole, probabilities=False, **WISHES).picks
    inner = inside(picks, (begin + 60).datetime, (begin + 1140).datetime)
    for length in (600, 270):
        owned = []
        for first in np.arange(60, 1140, length):
            last = min(first + length, 1140)
            part = whole.slice(begin + first - 60 - 0.37, begin + last + 60 + 0.11)
            found = annotate(model, part, probabilities=False, **WISHES).picks
            owned.append(inside(found, (begin + first).datetime, (begin + last).datetime))
        names = ["trace_id", "phase", "time", "start_time", "end_time"]
        assert sum(len(part) for part in owned) == len(inner) > 20
        together = np.concatenate([part[names].to_numpy() for part in owned])
        different = (together != inner[names].to_numpy()).any(axis=1)
        assert not different.any(), (together[different], inner[names].to_numpy()[different])


def test_the_last_seconds_are_picked(make_stream):
    """A model whose curve is high where the waveform is: nothing is lost at the end, whatever the length."""
    for seconds in (3.0, 30.0, 30.01, 47.1, 90.03):
        stream = make_stream(seconds)
        for trace in stream:
            trace.data[:] = 0
            trace.data[-5:-2] = 1000
        annotation = annotate(Echo(), stream)
        curve = annotation.select(channel="*_P")[0]
        assert curve.stats.npts == stream[0].stats.npts and curve.stats.starttime == stream[0].stats.starttime
        times = annotation.picks.time[annotation.picks.phase == "P"].to_numpy()
        assert times.tolist() == [stream[0].stats.endtime.ns - 40_000_000]


class Echo(sbm.PhaseNet):
    """P is the largest absolute amplitude of the window's samples; discards half a second on both sides."""

    def __init__(self):
        super().__init__(phases="PSN", norm="peak", default_args={"blinding": (50, 50)})

    def annotate_batch_pre(self, batch, argdict):
        return batch / batch.abs().amax((1, 2), keepdim=True).clamp(min=1)

    def forward(self, x, logits=False):
        p = x.abs().amax(1, keepdim=True)
        return torch.cat([p, 0 * p, 1 - p], 1)


def test_scorer_and_annotation_find_the_same_on_the_same_windows(model, make_stream):
    """Each window of the evaluation as a stream of its own, and the scorer's own functions on the curves."""
    from quakebook.picking.scores import score

    generator = torch.Generator().manual_seed(3)
    x = torch.randn(6, 3, 3001, generator=generator)
    x[:, :, 1000:1100] *= 30
    with torch.no_grad():
        curves = model(model.annotate_batch_pre(x, {}))
    labels = torch.full((6, 1), 1000.0)
    expected = score(curves[:, 0], labels, height=0.3)
    heights = []
    for k in range(6):
        stream = make_stream(30.01)
        for trace, values in zip(stream, x[k].numpy(), strict=True):
            trace.data = values
        picks = annotate(model, stream, picker="peaks", P_threshold=0.3).picks
        heights += picks[picks.phase == "P"].sort_values("time").probability.tolist()
    assert len(heights) > 6
    np.testing.assert_allclose(sorted(heights), sorted(expected.predicted_height.tolist()), atol=1e-5)


def test_one_after_the_other_from_functions(model, make_stream):
    streams = [make_stream(40), lambda: make_stream(50, station="B2")]
    first, second = annotate_each(model, streams, **WISHES)
    assert isinstance(first, Annotation) and len(first) == 0 and len(first.picks)
    assert set(second.picks.trace_id) == {"XX.B2."}


def test_instruments_of_one_station_are_apart(model, make_stream):
    stream = make_stream(40) + make_stream(40, seed=5)
    for trace in stream[3:]:
        trace.stats.channel = trace.stats.channel.replace("HH", "HN")
    assert len(annotate(model, stream)) == 6
    assert set(annotate(model, stream, **WISHES).picks.channel) == {"HH", "HN"}


def test_bfloat16_is_near(model, make_stream):
    stream = make_stream(60)
    for a, b in zip(annotate(model, stream), annotate(model, stream, precision="bf16"), strict=True):
        assert b.data.dtype == np.float32 and 0 < np.abs(a.data - b.data).max() < 0.3


def test_refused(model, make_stream):
    with pytest.raises(ValueError, match="unknown option 'overlop'"):
        annotate(model, make_stream(40), overlop=3)
    with pytest.raises(ValueError, match="'Q_threshold' names no phase"):
        annotate(model, make_stream(40), Q_threshold=0.3)
    stream = make_stream(40)
    stream[1].data = stream[1].data.astype(float)
    stream[1].data[150] = np.nan
    with pytest.raises(ValueError, match=r"XX.A1..HHN holds a sample that is not finite at 2024-03-01T23:50:01.5"):
        annotate(model, stream)


def test_empty_stream_and_masked_samples(model, make_stream):
    assert len(annotate(model, obspy.Stream())) == 0
    stream = make_stream(120)
    for trace in stream:
        trace.data = np.ma.masked_array(trace.data, np.arange(12000) // 1000 == 6)
    ends = {str(trace.stats.endtime)[11:19] for trace in annotate(model, stream)}
    assert ends == {"23:50:59", "23:51:59"}


def test_the_example_of_annotate():
    import doctest

    from quakebook.picking.continuous import annotation

    assert doctest.testmod(annotation).failed == 0
