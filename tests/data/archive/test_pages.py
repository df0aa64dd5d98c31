"""Numbers and sentences of the page, and its figures."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from quakebook.data.archive import figures, pages
from quakebook.data.archive.figures.places import regions


def bars(axis):
    return [bar for container in axis.containers for bar in container]


def test_the_sentence_names_the_reason_that_took_most(road):
    sentence = pages.rejected_sentence(road)
    reasons = road.shards.rejected.groupby("reason")["count"].sum()
    assert f"most of them ({reasons.max()}) because of `{reasons.idxmax()}`" in sentence
    assert f"{reasons.sum()} were rejected" in sentence


def test_a_second_visit_reads_nothing(road, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(road.maker.store.folder.parent))
    monkeypatch.setattr("quakebook.data.archive.motion.windows.WindowMaker.__call__", lambda *a: pytest.fail("again"))
    assert pages.travel("smoke", 42).shards.fingerprint == road.shards.fingerprint


def test_an_archive_of_ones_own(road, tmp_path):
    own = pages.travel("smoke", 0, str(road.maker.store.folder), "", tmp_path)
    assert own.events is None and own.maker.stations is None
    assert len(own.shards) == len(road.shards)
    assert pages.network_days(own) == own.days and "windows of /" in pages.rejected_sentence(own)


def test_spectra_lie_where_the_noise_was_made(road):
    frequency, curves = pages.ground_spectra(road)
    from quakebook.data.archive.embedded.ground import velocity_density
    from quakebook.data.archive.embedded.presets import SITES

    site = SITES[0]
    inside = (frequency > 0.3) & (frequency < 0.9)  # below tremor and earthquakes
    made = 10 * np.log10(velocity_density(frequency, site.noise[0]) * (2 * np.pi * frequency) ** 2)
    assert abs(np.median((curves["CI.GPA00..HH"] - made)[inside])) < 3.0
    step = np.diff(frequency, prepend=0.0)
    np.testing.assert_allclose(step, 1 / 30)  # windows of 60 s, and Welch's segments are half of one
    seen = {code: frequency[np.isfinite(level)] for code, level in curves.items()}
    for day in road.days:
        highest = min(0.35 * day.rows["sampling_rate"].iloc[0], 40.0)
        assert 0.1 < seen[day.code].min() <= 0.1 + 2 / 30 and highest - 1 / 30 <= seen[day.code].max() < highest
    figure = figures.against_peterson(frequency, curves)
    assert len(figure.axes[0].lines) == 2 + len(curves)


def test_resampling_sentence_and_figure():
    curves = pages.resampling(((40.0, 100.0),))
    sentence = pages.resampling_sentence(curves)
    assert re.search(r"keeps 100% .* with soxr, and 5\d% with ObsPy, default \(Hann\)", sentence)
    frequency = np.linspace(1, 19, 10)
    same = {"x": (frequency, {"soxr": np.ones(10), "other": np.full(10, 0.99)})}
    assert "within two percent" in pages.resampling_sentence(same)
    axis, = figures.resampler_gains(curves).axes
    assert [line.get_label() for line in axis.lines] == list(curves["40 to 100 Hz"][1])


def test_map(road):
    figure = figures.station_map(pages.recorded_stations(road), road.events)
    assert len(figure.axes) == 2  # the network, and the caldera
    drawn = [len(points.get_offsets()) for points in figure.axes[0].collections]
    assert sum(drawn) == len(road.events) + 3
    places = pd.DataFrame({"latitude": [0, 1, 40, 2], "longitude": [0, 1, 40, 2]})
    assert regions(places) == [[0, 1, 3], [2]]


def test_availability(road):
    days = pages.network_days(road)
    figure = figures.availability(days, road.shards.table, 30.0)
    assert len(figure.axes) == 2 and len(figure.axes[0].get_yticklabels()) == 3
    blue = figure.axes[0].collections[1::2]
    midnight = days[0].start_ns
    first_day = road.shards.table["start_ns"].between(midnight, midnight + 86_400 * 10**9 - 1)
    here = road.shards.table["station"].isin([day.station for day in days])
    assert sum(len(bar.get_paths()) for bar in blue) == (first_day & here).sum()


def test_rejected(road):
    figure = figures.rejected(road.shards.rejected, pages.kept(road))
    widths = {}
    for bar in bars(figure.axes[0]):
        widths[bar.get_y()] = widths.get(bar.get_y(), 0) + bar.get_width()
    tried = road.shards.rejected.groupby("code")["count"].sum()
    kept = pd.Series(pages.kept(road))
    share = (100 * tried / (tried.add(kept.reindex(tried.index), fill_value=0))).sort_index()
    assert sorted(round(width, 6) for width in widths.values() if width) == sorted(share.round(6))
    windows = {"a": road.shards.waveform(0), "b": np.zeros((3, 100), np.float32)}
    assert len(figures.examples(windows).axes) == 2


def test_numbers_for_the_claims_by_hand():
    class Shards:
        rejected = pd.DataFrame({"reason": ["gap", "taper"], "count": [1, 2]})

        def __len__(self):
            return 9

    frequency = np.linspace(0.02, 0.495, 30) * 40.0  # to 0.99 of the Nyquist frequency of 20 Hz
    gain = np.where(frequency < 10, 0.995, np.where(frequency <= 18, 1.002, 0.1))
    numbers = pages.metrics(SimpleNamespace(shards=Shards()), {"40 to 100 Hz": (frequency, {"soxr": gain})})
    assert numbers == {"archive.tried": 12.0, "archive.rejected_share": 0.25, "archive.gain_lost": pytest.approx(0.005)}
