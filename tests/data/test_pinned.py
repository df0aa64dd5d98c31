"""Numbers of the embedded generators: they change only when a generator does, and with it every result made from it.

No other library makes these; the laws behind them are tested one by one elsewhere. A constant or a sign that slips in
between shows here. Who changes a generator on purpose writes the new numbers down.
"""

from dataclasses import replace

import numpy as np
import pytest

from quakebook.data import synthetic
from quakebook.data.archive.embedded import caldera, ground, instrument, quakes, tremor
from quakebook.data.archive.embedded.presets import PRESETS, SITES, generator
from quakebook.data.calorimeter.faces import faces
from quakebook.data.calorimeter.synthetic import make as calorimeter
from quakebook.data.elastic.synthetic import make as elastic
from quakebook.data.synthetic import sequence
from quakebook.data.synthetic.presets import PRESETS as RECORD_PRESETS

#: Mean absolute count, mean log10 of the peak, sums of P and S picks, magnitudes and signal-to-noise ratios.
RECORDS = {
    "continuous": [72.3164, 2.59928, 0, 0, 0, 0],
    "default": [2179.57, 3.81583, 43982.3, 57910.4, 123.04, 1394.17],
    "magnitude": [2415.06, 3.86951, 44855.2, 73895.2, 131.136, 1426.93],
    "near": [118.888, 2.24033, 39379.1, 39571, 18.8162, 411.82],
    "picker": [2981.63, 3.44388, 39813.6, 61865.5, 100.607, 1003.17],
    "picker_exact": [2981.63, 3.44388, 41976, 67460.6, 100.607, 1003.17],
    "picker_strong": [2938.01, 3.41381, 39812.5, 59487.1, 98.8419, 1003.13],
    "tiny": [938.822, 3.34038, 32285.9, 52937.8, 95.0128, 997.87]}
#: Sum of every number of the table of the preset "default", as NumPy sums it without NaN.
TABLE = {
    "trace_sampling_rate_hz": 4000, "trace_npts": 240000, "trace_p_arrival_sample": 43982.25, "trace_p_weight": 3,
    "trace_p_uncertainty_s": 1.012266, "trace_p_true_onset_sample": 43987.83, "trace_s_arrival_sample": 57910.4,
    "trace_s_weight": 62, "trace_s_uncertainty_s": 5.301856, "trace_s_true_onset_sample": 71938.77,
    "trace_P1_arrival_sample": 33353.17, "trace_S1_arrival_sample": 27249.19, "trace_Z_snr_db": 1475.286,
    "trace_N_snr_db": 1355.861, "trace_E_snr_db": 1324.025, "trace_snr_db": 1394.17, "trace_s_snr_db": 454.1287,
    "trace_completeness": 39.33333, "source_latitude_deg": 1633.945, "source_longitude_deg": 369.4318,
    "source_depth_km": 247.1144, "source_magnitude": 123.0401, "source_magnitude2": 110.5617,
    "source_moment_magnitude": 115.2848, "source_stress_drop_mpa": 67.01375, "source_corner_frequency_hz": 461.8032,
    "source_strike_deg": 5677.3, "source_dip_deg": 1566.653, "source_rake_deg": 1540.677,
    "station_latitude_deg": 1808.792, "station_longitude_deg": 402.6494, "station_elevation_m": 30342.57,
    "station_sensitivity_counts_spm": 8.816251e+09, "station_magnitude": 123.4132, "path_ep_distance_km": 2114.089,
    "path_hyp_distance_km": 2159.584, "path_azimuth_deg": 7494.034, "path_back_azimuth_deg": 5694.034,
    "path_p_travel_s": 378.7901, "path_s_travel_s": 658.2995, "path_s_peak_delay_s": 10.18303}
OTHERS = {
    "elastic vp": 3678.93, "elastic vs": 1985.51, "elastic density": 2.44609, "elastic vp scatter": 684.565,
    "elastic layers": 5.85601, "elastic channels": 0.0194227, "cat mean": 0.380616, "cat scatter": 0.156552,
    "dog mean": 0.501092, "dog scatter": 0.146072, "background train GeV": 20987,
    "background train squares": 21744.8, "signal train GeV": 1570.8, "signal train squares": 7675.66,
    "signal test GeV": 982.877, "signal test squares": 3960.14, "stress": 394.422, "displacement": 23.8352,
    "failures": 2675, "shaking um/s": 1.88928, "peak um/s": 21.7817, "quakes origin_s": 36217.3,
    "quakes east_km": 183.567, "quakes depth_km": 510.094, "quakes magnitude": 55.0649, "stress drop MPa": 204.554,
    "tremor length": 921.146, "tremor start": 798.954, "P time": 1052.38, "S time": 1057.78, "quake um/s": 1.71213,
    "tremor um/s": 5419.75, "noise um/s": 0.297587, "response A": 3.54635e+09, "response B": 1.61287e+08}


def records_of(preset):
    records = synthetic.make(preset, 40, 3)
    waves, table = records.waveforms.double().abs(), records.metadata
    sums = [np.nansum(table[name].to_numpy(float)) if name in table else 0.0 for name in (
        "trace_p_arrival_sample", "trace_s_arrival_sample", "source_magnitude", "trace_snr_db")]
    return [float(waves.mean()), float((waves.amax((1, 2)) + 1).log10().mean()), *sums]


def table_of_default():
    table = synthetic.make("default", 40, 3).metadata.select_dtypes("number")
    return {name: float(np.nansum(table[name].to_numpy(float))) for name in table}


def others():
    model = elastic((12, 12, 64), 0.002, 5)
    numbers = {"elastic vp": model.vp.mean(), "elastic vs": model.vs.mean(), "elastic density": model.rho.mean(),
               "elastic vp scatter": model.vp.std(), "elastic layers": model.parts["layer"].mean(),
               "elastic channels": (model.parts["channel"] > 0).mean()}
    for family in ("cat", "dog"):
        image = faces(family, 3, 32, seed=2)
        numbers |= {f"{family} mean": image.mean(), f"{family} scatter": image.std()}
    for domain, split in (("background", "train"), ("signal", "train"), ("signal", "test")):
        image = calorimeter(domain, split, 20, seed=1).double()
        numbers |= {f"{domain} {split} GeV": image.sum(), f"{domain} {split} squares": image.square().sum()}
    state = caldera.cycles(PRESETS["test"], 2)
    motion = caldera.shaking(state, 2)
    numbers |= {"stress": state.stress.sum(), "displacement": np.abs(state.displacement_m).sum(),
                "failures": state.failures_s.sum(), "shaking um/s": 1e6 * motion.std(), "peak um/s": 1e6 * motion.max()}
    events, pauses = quakes.catalogue(PRESETS["default"], 4), tremor.intervals(PRESETS["default"], 4)
    numbers |= {f"quakes {name}": events[name].sum() for name in ("origin_s", "east_km", "depth_km", "magnitude")}
    numbers |= {"stress drop MPa": 1e-6 * events["stress_drop_pa"].sum(), "tremor length": pauses["length_s"].sum(),
                "tremor start": pauses["start_s"].sum()}
    velocity = np.zeros((3, 120_000))
    times = quakes.add(velocity, SITES[0], events.iloc[0], 4)
    numbers |= {"P time": times["P"], "S time": times["S"], "quake um/s": 1e6 * np.abs(velocity).sum()}
    velocity = np.zeros((3, 200_000))
    tremor.add(velocity, SITES[0], pauses.iloc[0], 4)
    tremor.add(velocity, SITES[0], pauses.iloc[1], 4)
    numbers |= {"tremor um/s": 1e6 * np.abs(velocity).sum()}
    numbers["noise um/s"] = 1e6 * ground.noise(40_000, 100.0, 0.5, generator(9, 9)).std()
    frequency = np.array([0.01, 0.3, 2.0, 30.0])
    for kind in "AB":
        numbers[f"response {kind}"] = np.abs(instrument.response(kind, frequency)).sum()
    return {name: float(value) for name, value in numbers.items()}


@pytest.mark.parametrize("preset", sorted(RECORD_PRESETS))
def test_records(preset):
    assert records_of(preset) == pytest.approx(RECORDS[preset], rel=1e-4)


def test_every_column_of_a_table():
    assert table_of_default() == pytest.approx(TABLE, rel=1e-4)


def test_models_images_and_archives():
    assert others() == pytest.approx(OTHERS, rel=1e-4)


def test_a_catalogue_in_time():
    """Six hours: events, aftershocks, and sums over all events."""
    table = sequence.catalogue(replace(RECORD_PRESETS["continuous"], magnitude_min=1.0, b_value=0.6), 1, 6)
    assert (len(table["time_s"]), table["aftershock"].sum()) == (404, 62)
    expected = {"magnitude": 687.2544, "depth_km": 3656.25, "x_km": -2153.267, "y_km": 267.4504, "time_s": 4350911.0,
                "stress_mpa": 1672.325, "corner_p_hz": 21712.57}
    assert {name: float(table[name].sum()) for name in expected} == pytest.approx(expected, rel=1e-5)
