"""The comparison of synthetic and real records, and the figures that show it (drawn data, not pixels)."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data import compare, example_records, figures, load_records, synthetic
from quakebook.data.records import Records
from quakebook.data.synthetic import presets


@pytest.fixture(scope="module")
def near():
    return synthetic.make("near", 300, seed=4)


def built(noise=1.0, p=10.0, s=30.0, n=8, sp_s=5.0):
    """Records whose P and S are steps in the level of white noise: every answer is known."""
    g = torch.Generator().manual_seed(0)
    level = torch.full((3000,), noise)
    level[1000:] = p
    level[1000 + int(100 * sp_s):] = s
    x = torch.randn(n, 3, 3000, generator=g) * level
    table = pd.DataFrame({"trace_p_arrival_sample": np.full(n, 1000.0), "trace_name": [f"r{k}" for k in range(n)],
                          "trace_s_arrival_sample": np.full(n, 1000 + 100 * sp_s)})
    return Records(x, table, 100.0, "built", "b")


def test_known_levels_come_out():
    records = built()
    assert compare.p_snr_db(records).mean() == pytest.approx(20, abs=0.5)
    assert compare.s_minus_p_s(records) == pytest.approx(np.full(8, 5.0))
    assert compare.log_s_over_p(records).mean(0) == pytest.approx(np.full(3, np.log10(3)), abs=0.03)
    time, level = compare.horizontal_envelope(records)
    assert np.interp(-2, time, level) == pytest.approx(-np.log10(3), abs=0.05)
    assert np.interp(5, time, level) == pytest.approx(0, abs=0.05)


def test_window_after_p_ends_at_s():
    ratio = compare.log_s_over_p(built(sp_s=0.5))
    assert ratio.mean() == pytest.approx(np.log10(3), abs=0.06)


def test_white_noise_has_a_flat_spectrum():
    found = compare.spectra(built(n=64))
    band = (found.frequency_hz > 3) & (found.frequency_hz < 45)
    assert found.records == 64 and np.abs(found.p[band]).max() < 0.2 and np.abs(found.noise[band]).max() < 0.2


def test_dead_components_and_missing_picks_are_left_out():
    records = built()
    records.waveforms[0, 1] = 0
    records.metadata.loc[1, "trace_s_arrival_sample"] = np.nan
    assert len(compare.comparable(records)) == 6


def test_a_dead_component_does_not_count_in_the_ratio():
    records = built()
    records.waveforms[:, 1:] = 0
    assert compare.p_snr_db(records).mean() == pytest.approx(20, abs=0.7)
    records.waveforms[:] = 0
    assert np.isnan(compare.p_snr_db(records)).all()


def test_summary_of_known_levels():
    """Noise 1, P 10, S 30: 20 dB, log10 3 after S over after P, and in front of S as much below it."""
    found = compare.summary(built())
    assert found["records"] == 8
    assert [found[f"S - P (s), {q} %"] for q in (5, 25, 50, 75, 95)] == pytest.approx([5.0] * 5)
    assert found["P SNR (dB), 5 %"] < found["P SNR (dB), 50 %"] == pytest.approx(20, abs=0.7)
    for component in "ZNE":
        assert found[f"log10 S/P, {component}"] == pytest.approx(np.log10(3), abs=0.05)
    assert found["log10 envelope at S -1 s"] == pytest.approx(-np.log10(3), abs=0.06)
    assert found["log10 envelope at S +10 s"] == pytest.approx(0, abs=0.06)


def test_the_typical_record_has_the_ratio_that_is_asked_for():
    """Ratios of 10, 20 and 30 dB; S - P of 5 s lies in a range that ends there; 7 s does not."""
    records = built(n=3)
    records.waveforms[0, :, :1000] *= 10**0.5
    records.waveforms[2, :, :1000] /= 10**0.5
    assert [compare.typical(records, snr_db=snr_db, sp_s=(1.5, 5.0)) for snr_db in (12, 19, 35)] == [0, 1, 2]
    records.metadata.loc[2, "trace_s_arrival_sample"] = 1700.0
    assert compare.typical(records, snr_db=35, sp_s=(1.5, 5.0)) == 1


def test_near_records_lie_in_the_expected_ranges(near):
    found = compare.summary(near)
    assert 0.1 <= found["log10 S/P, Z"] <= 0.35 and 0.35 <= found["log10 S/P, N"] <= 0.7
    assert found["S - P (s), 50 %"] == pytest.approx(1.6, abs=0.4)
    assert found["log10 envelope at S +10 s"] == pytest.approx(-1.0, abs=0.15)


def test_table_has_a_column_a_set(near):
    frame = compare.table({"a": near, "b": built()})
    assert list(frame.columns) == ["a", "b"] and np.isfinite(frame.to_numpy()).all()
    text = compare.myst_table({"a": near}, "tab-x", "Words")
    assert text.startswith("```{table} Words\n:name: tab-x\n\n| quantity") and text.endswith("```")


def test_typical_and_shared_records():
    sets = {"one": synthetic.make("picker", 80, seed=1), "two": synthetic.make("picker_strong", 80, seed=1)}
    row = compare.typical(sets["one"], snr_db=30.0)
    assert abs(compare.p_snr_db(sets["one"])[row] - 30) < 8
    shared = compare.shared_record(sets, "one", snr_db=30.0)
    names = {records.metadata["trace_name"].iloc[k] for records, k in shared.values()}
    assert len(names) == 1 and shared["one"][1] == row


def test_synthetic_near_resembles_the_real_sample(near, real_folder):
    """Median spectra of P and S agree within 0.15 from 5 to 40 Hz for 115 real records; half of them are here."""
    real = compare.comparable(load_records(real_folder))
    ours, theirs = compare.spectra(compare.comparable(near)), compare.spectra(real)
    band = (ours.frequency_hz >= 5) & (ours.frequency_hz <= 30)
    for synthetic_level, real_level in ((ours.p, theirs.p), (ours.s, theirs.s)):
        assert np.abs(synthetic_level - real_level)[band].mean() < 0.2


def test_side_by_side_draws_picks_and_scaled_wiggles(near):
    row = compare.typical(near)
    fig = figures.side_by_side({"near": (near, row), "bundled": (example_records(), 0)})
    assert len(fig.axes) == 6 and fig.axes[0].get_title(loc="left").startswith("(a)")
    for axis in fig.axes:
        wiggle = axis.lines[0].get_ydata()
        assert np.abs(wiggle).max() <= 1 + 1e-6 and {line.get_label() for line in axis.lines[1:]} == {"P", "S"}
    delay = fig.axes[0].lines[2].get_xdata()[0]
    assert delay == pytest.approx(compare.s_minus_p_s(near)[row])


def test_noise_record_is_drawn_without_picks(near):
    row = int(np.flatnonzero(near.metadata["trace_category"] == "noise")[0])
    fig = figures.side_by_side({"noise": (near, row)})
    assert len(fig.axes[0].lines) == 1


def test_figures_have_units_and_their_data(near):
    sets = {"a": near, "b": built()}
    drawn = [figures.spectra(sets), figures.distributions(sets), figures.s_over_p(sets), figures.magnitudes(near),
             figures.network_map(presets.get("near"), near)]
    for fig in drawn:
        assert all("(" in axis.get_xlabel() + axis.get_ylabel() or axis.get_ylabel() for axis in fig.axes)
    share = drawn[1].axes[0].lines[0].get_ydata()
    assert share[-1] == 1 and np.all(np.diff(share) >= 0)
    assert len(drawn[4].axes[0].collections) == 5
    assert not plt.get_fignums()


def test_continuous_hour_marks_arrivals():
    time = np.arange(360_000) / 100
    fig = figures.continuous_hour(time, np.sin(time), [10.0, 1000.0], "title")
    lines = fig.axes[0].lines
    assert len(lines) == 14 and lines[-1].get_xdata()[0] == pytest.approx(100)
