"""Streams with every fault that continuous data have, and a small picker."""

from __future__ import annotations

import numpy as np
import obspy
import pytest
import seisbench.models as sbm
import torch

START = obspy.UTCDateTime("2024-03-01T23:50:00")


@pytest.fixture(scope="session")
def model():
    """PhaseNet with random weights, scaled and centred so that its curves cross thresholds."""
    generator = torch.Generator().manual_seed(1)
    torch.manual_seed(1)
    network = sbm.PhaseNet(phases="PSN", norm="peak").eval()
    with torch.no_grad():
        network.out.weight.mul_(80)
        windows = torch.randn(4, 3, 3001, generator=generator)
        network.out.bias.sub_(network(network.annotate_batch_pre(windows, {}), logits=True).mean((0, 2)))
    return network


@pytest.fixture(scope="session")
def make_trace():
    def trace(seconds: float, *, start_s: float = 0.0, rate_hz: float = 100.0, station: str = "A1",
              channel: str = "HHZ", seed: int = 0) -> obspy.Trace:
        """Noise with a burst every 20 s; the same seed and time give the same samples at 100 Hz."""
        begin = round(start_s * rate_hz)
        n = round(seconds * rate_hz)
        noise = np.random.default_rng(seed).normal(size=begin + n)[begin:]
        phase = (np.arange(begin, begin + n) / rate_hz) % 20
        values = 1000 * (noise + 15 * np.exp(-phase) * np.sin(2 * np.pi * 5 * phase)) + 400
        return obspy.Trace(values.astype(np.int32), {"network": "XX", "station": station, "location": "",
                                                     "channel": channel, "sampling_rate": rate_hz,
                                                     "starttime": START + start_s})
    return trace


@pytest.fixture(scope="session")
def make_stream(make_trace):
    def stream(seconds: float, **options) -> obspy.Stream:
        seed = options.pop("seed", 0)
        return obspy.Stream([make_trace(seconds, channel=f"HH{c}", seed=seed + k, **options)
                             for k, c in enumerate("ZNE")])
    return stream


@pytest.fixture(scope="session")
def streams(make_stream, make_trace):
    """Odd streams by name."""
    def gaps() -> obspy.Stream:
        return make_stream(65) + make_stream(70, start_s=71.23) + make_stream(20, start_s=145)

    def one_component_gap() -> obspy.Stream:
        return obspy.Stream([make_trace(50), make_trace(60, start_s=70), make_trace(130, channel="HHN", seed=1),
                             make_trace(130, channel="HHE", seed=2)])

    def overlap_same() -> obspy.Stream:
        return make_stream(60) + make_stream(60, start_s=40)

    def overlap_contradicting() -> obspy.Stream:
        return make_stream(60) + make_stream(60, start_s=40, seed=9) + make_stream(60, start_s=110)

    def odd_length() -> obspy.Stream:
        return make_stream(77.77)

    def between_samples() -> obspy.Stream:
        stream = make_stream(80)
        for trace, shift in zip(stream, (0.001, 0.0032, 0.004), strict=True):
            trace.stats.starttime += shift
        return stream

    def vertical_only() -> obspy.Stream:
        return obspy.Stream([make_trace(64)])

    def numbered_components() -> obspy.Stream:
        stream = make_stream(64)
        stream[1].stats.channel, stream[2].stats.channel = "HH1", "HH2"
        return stream

    def two_stations() -> obspy.Stream:
        return make_stream(64) + make_stream(90, station="B2", seed=5, start_s=3)

    def short() -> obspy.Stream:
        return make_stream(20) + make_stream(64, start_s=60)

    def staggered() -> obspy.Stream:
        return obspy.Stream([make_trace(64), make_trace(64, channel="HHN", start_s=0.29, seed=1),
                             make_trace(64, channel="HHE", start_s=1.13, seed=2)])

    def rates() -> obspy.Stream:
        return (make_stream(64, rate_hz=200) + make_stream(64, rate_hz=40, station="B2")
                + make_stream(64, rate_hz=250, station="C3"))

    made = (gaps, one_component_gap, overlap_same, overlap_contradicting, odd_length, between_samples, vertical_only,
            numbered_components, two_stations, short, staggered, rates)
    return {f.__name__: f for f in made}
