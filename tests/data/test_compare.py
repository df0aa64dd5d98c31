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


def toned(level, p=1000, s=1500, n=1):
    """Records of a tone at the Nyquist frequency with this level: a standard deviation is that of arithmetic."""
    tone = torch.as_tensor(level) * (1 - 2 * (torch.arange(3000) % 2))
    table = pd.DataFrame({"trace_p_arrival_sample": np.full(n, float(p)), "trace_name": [f"r{k}" for k in range(n)],
                          "trace_s_arrival_sample": np.full(n, float(s))})
    return Records(tone.float().expand(n, 3, 3000).clone(), table, 100.0, "toned", "t")


@pytest.mark.parametrize(("at", "inside"), [(998, 0), (1000, -1), (1148, -1), (1150, 0), (1498, 0), (1500, 1),
                                            (1648, 1), (1650, 0)])
def test_windows_of_s_over_p_are_a_second_and_a_half(at, inside):
    """Two of 150 samples are 100 times as large: a variance of (148 + 2 10^4) / 150 instead of 1."""
    level = np.ones(3000)
    level[at : at + 2] = 100
    assert compare.log_s_over_p(toned(level)) == pytest.approx(inside * 0.5 * np.log10(20_148 / 150), abs=1e-4)


def test_windows_of_the_spectra_are_two_seconds():
    """A tone of 12.5 Hz inside the three windows, one of 30 Hz outside: Hann's window lets nothing of it through."""
    records, time = toned(np.ones(3000)), torch.arange(3000) / 100
    wave = torch.sin(2 * torch.pi * 30 * time)
    for begin in (750, 1000, 1500):  # of the noise (it ends half a second before P), of P, of S
        wave[begin : begin + 200] = 10 * torch.sin(2 * torch.pi * 12.5 * time)[begin : begin + 200]
    records.waveforms[:] = wave
    found = compare.spectra(records, snr_min_db=-99.0)
    assert found.frequency_hz[:2].tolist() == [0.5, 1.0] and len(found.frequency_hz) == 100
    at = {hz: int(np.flatnonzero(found.frequency_hz == hz)[0]) for hz in (12.5, 30.0)}
    for level in (found.noise, found.p, found.s):
        assert level.argmax() == at[12.5] and level[at[30.0]] < level[at[12.5]] - 3


def test_spectra_are_divided_by_their_mean_from_5_to_20_hz():
    found = compare.spectra(built(n=1))
    band = (found.frequency_hz >= 5) & (found.frequency_hz <= 20)
    for level in (found.p, found.s, found.noise):
        assert level[band].mean() == pytest.approx(0, abs=1e-6) and abs(level[1:].mean()) > 1e-3


@pytest.mark.parametrize(("p", "counted"), [(3.2, 1), (3.1, 0)])
def test_spectra_are_of_records_of_ten_decibels(p, counted):
    """20 log10 of 3.162 are 10 dB."""
    level = np.where(np.arange(3000) < 1000, 1.0, p)
    assert (compare.p_snr_db(toned(level)) >= 10).sum() == counted
    records = toned(level, n=2)
    records.waveforms[1, :, 1000:] *= 2
    assert compare.spectra(records).records == 1 + counted


def test_the_envelope_is_that_of_half_seconds():
    """Level 1 up to a second and a half after S, then 2: a window round the change holds both."""
    time, level = compare.horizontal_envelope(toned(np.where(np.arange(3000) < 1650, 1.0, 2.0)))
    assert time[[0, 1, -1]].tolist() == [-4.0, -3.75, 11.75]
    at = {t: level[int(np.flatnonzero(time == t)[0])] for t in (1.25, 1.5, 1.75)}
    assert [at[t] for t in (1.25, 1.5, 1.75)] == pytest.approx([0, 0.5 * np.log10(2.5), np.log10(2)], abs=1e-3)


@pytest.mark.parametrize(("s", "levels", "chosen"), [
    ([1140, 1150], [10.0, 14.0], 1), ([1610, 1600], [10.0, 14.0], 1), ([1300, 1300], [8.5, 12.0], 0)])
def test_typical_unless_asked_otherwise(s, levels, chosen):
    """S - P between 1.5 and 6 s, and then next to 20 dB: 18.6 dB lie nearer than 21.6."""
    records = toned(np.ones(3000), n=2)
    for k in range(2):
        records.waveforms[k, :, 1000:] *= levels[k]
        records.metadata.loc[k, "trace_s_arrival_sample"] = float(s[k])
    assert compare.typical(records) == chosen


def test_one_odd_record_of_three_changes_no_median():
    """After S the level doubles in two records and is a thousand times as large in the third."""
    records = toned(np.ones(3000), n=3)
    records.waveforms[:2, :, 1500:] *= 2
    records.waveforms[2, :, 1500:] *= 1000
    found = compare.summary(records)
    assert [found[f"log10 S/P, {component}"] for component in "ZNE"] == pytest.approx([np.log10(2)] * 3)
    assert found["log10 envelope at S -1 s"] == pytest.approx(-np.log10(2))


def test_spectra_are_medians():
    """White noise twice and a tone of 10 Hz: the mean of the logarithms would lift the band of the tone."""
    records = built(n=2)
    tone = torch.sin(2 * torch.pi * 10 * torch.arange(3000) / 100).expand(1, 3, 3000)
    table = pd.concat([records.metadata, records.metadata.iloc[:1]], ignore_index=True)
    three = Records(torch.cat([records.waveforms, 1e3 * tone]), table, 100.0, "three", "t")
    at, levels = 19, [compare.spectra(each, snr_min_db=-99.0) for each in (three.subset([0]), three.subset([1]), three)]
    assert levels[0].frequency_hz[at] == 10.0
    for name in ("p", "s", "noise"):
        first, second, median = (getattr(each, name)[at] for each in levels)
        assert median == pytest.approx(max(first, second))  # the tone lies above both
