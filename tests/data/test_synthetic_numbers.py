"""Numbers of the synthetic records that no formula gives: instruments, network, windows, presets."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import signal

from quakebook.data import DataError
from quakebook.data.synthetic import draw, generate, instrument, paths, presets, spectra, stations, synthesise
from quakebook.data.synthetic.grid import Grid
from quakebook.data.synthetic.presets import get

DEFAULT = get("default")


def test_digitisers():
    """24 bits with a sign reach 8 388 607 counts, twelve bits 2047."""
    assert (instrument.MAX_COUNTS, instrument.OLD_MAX_COUNTS) == (8_388_607, 2047)


def test_instruments_of_the_network():
    """Channel, counts for a metre a second, corner, damping, share: SEED's HH, EH, DP, and the accelerometer HN."""
    found = [(s.channel, s.sensitivity, s.corner_hz, s.damping, s.share, s.accelerometer) for s in instrument.SENSORS]
    assert found == [("HH", 6.3e8, 1 / 120, 0.707, 0.30, False), ("EH", 1.4e8, 1.0, 0.70, 0.40, False),
                     ("DP", 7.0e7, 4.5, 0.6, 0.15, False), ("HN", 4.27e5, None, 0.0, 0.15, True)]
    assert sum(s.share for s in instrument.SENSORS) == pytest.approx(1)
    assert [s.typical_noise_counts for s in instrument.SENSORS] == [187.0, 7.2, 2.7, 1.8]


@pytest.mark.parametrize("sensor", instrument.SENSORS, ids=lambda s: s.channel)
def test_responses_by_poles_and_zeros(sensor):
    """A seismometer has two zeros and two poles, and one zero more for displacement; then Butterworth's low-pass."""
    f = np.array([0.01, 0.3, 2.0, 10.0, 41.0, 60.0])
    omega = 2 * np.pi * f
    zeros, poles = [0.0] * (2 if sensor.accelerometer else 3), []
    if sensor.accelerometer:
        motion = -(omega**2) + 0j
    else:
        w0 = 2 * np.pi * sensor.corner_hz
        poles = np.roots([1, 2 * sensor.damping * w0, w0**2])
        motion = signal.freqs_zpk(zeros, poles, 1.0, omega)[1]
    b, a = signal.butter(6, 2 * np.pi * 42.0, analog=True)
    assert instrument.response(sensor, f) == pytest.approx(motion * signal.freqs(b, a, omega)[1], rel=1e-6)
    assert instrument.response(sensor, np.array([0.0]))[0] == 0


def test_the_flat_earth_of_the_network():
    """A degree has 111.19 km; at 45 degrees one of longitude has 78.62."""
    assert stations.latitude_deg(np.array([0.0, 111.19])).tolist() == [45, 46]
    assert stations.longitude_deg(np.array([0.0, 78.6232])) == pytest.approx([10, 11], abs=1e-5)


def test_a_network_of_many_stations():
    """Even over 200 km x 200 km; laws of gain, height, site, attenuation and noise by their quantiles."""
    preset = get("default", n_stations=4000, network_seed=3, old_digitiser_stations=0.2, vertical_only_stations=0.3)
    net = stations.draw(preset)
    for place in (net.x_km, net.y_km):
        assert np.histogram(place, 10, (-100, 100))[0] == pytest.approx(np.full(10, 400), abs=4)
    assert [np.mean(net.sensor == k) for k in range(4)] == pytest.approx([0.30, 0.40, 0.15, 0.15], abs=0.03)
    nominal = np.array([s.sensitivity for s in instrument.SENSORS])[net.sensor]
    gain = np.log10(net.sensitivity / nominal)[~net.old_digitiser]
    assert (gain.mean(), gain.std()) == pytest.approx((0, 0.05), abs=0.003)
    old = net.old_digitiser & (net.sensor == 0)
    assert np.median(net.sensitivity[old]) == pytest.approx(6.3e8 * 3 / 187, rel=0.03)
    assert (net.old_digitiser.mean(), net.vertical_only.mean()) == pytest.approx((0.2, 0.3), abs=0.03)
    assert np.median(net.elevation_m) == pytest.approx(600, abs=25) and net.elevation_m.min() == 0
    assert np.quantile(net.elevation_m, 0.8413) == pytest.approx(1000, abs=40)
    assert np.log10(net.site_factor).std() == pytest.approx(0.15, rel=0.04)
    kappa = np.log(net.kappa_s / 0.03)
    assert np.median(kappa) == pytest.approx(0, abs=0.03) and kappa.std() == pytest.approx(0.35, rel=0.05)
    assert net.kappa_s.min() >= 0.01 and net.kappa_s.max() <= 0.08
    assert (net.noise_microseism.mean(), net.noise_cultural.mean()) == pytest.approx((2 / 4.5, 0.5), abs=0.015)
    assert net.noise_microseism.std() == pytest.approx((2 * 2.5 / 4.5**2 / 5.5) ** 0.5, rel=0.04)
    assert net.noise_cultural.std() == pytest.approx((0.25 / 5.4) ** 0.5, rel=0.04)
    assert net.static_p_s.std() == pytest.approx(0.05, rel=0.04)
    assert net.code[[0, 9, 3999]].tolist() == ["S001", "S010", "S4000"]
    uniform = stations.draw(replace(preset, gain_mode="uniform"))
    assert set(uniform.sensor) == {0}


def test_a_body_wave_by_its_formula():
    """10 s of window; level 2e-6 m s, corner 4 Hz, T/Q0 0.1 s, kappa 0.02 s: amplitude and phase at 8 Hz."""
    grid = Grid(1000, torch.device("cpu"))
    level, corner, t_over_q, kappa = (torch.tensor([x]) for x in (2e-6, 4.0, 0.1, 0.02))
    magnitude, phase = spectra.body_wave(grid, level, corner, t_over_q, kappa)
    t_star = 0.1 / 8**0.6 + 0.02
    assert float(magnitude[0, 80]) == pytest.approx(100 * 2e-6 / (1 + 2**2) * np.exp(-np.pi * 8 * t_star), rel=1e-4)
    assert float(phase[0, 80]) == pytest.approx(-2 * np.arctan(2) - 2 * 8 * t_star * np.log(150 / 8), rel=1e-4)
    turned = spectra.delay(grid, torch.tensor([0.7]))[0, 13]
    assert complex(turned) == pytest.approx(np.exp(-2j * np.pi * 1.3 * 0.7), abs=1e-5)


def test_a_surface_wave_by_its_formula():
    """At 0.5 Hz and 30 km: phase -x times the integral of 2 pi / (2.9 - 0.35 f), counted from the origin."""
    grid = Grid(1000, torch.device("cpu"))
    amplitude, distance, origin = (torch.tensor([x]) for x in (0.4, 30.0, 1.5))
    wave = spectra.surface_wave(grid, torch.full((1, 501), 3.0), amplitude, distance, origin)
    band = (0.5 / 0.6) ** 2
    delay = 2 * np.pi / 0.35 * np.log(2.9 / (2.9 - 0.175))
    expected = 3 * 0.4 * band / (1 + band**2) * np.exp(-1j * (30 * delay + 1.5 * 2 * np.pi * 0.5))
    assert complex(wave[0, 5]) == pytest.approx(expected, abs=1e-4) and wave.shape == (1, 201)


def test_first_arrivals_between_4_and_20_s():
    """S comes before 57 s; a record whose S could not is left out."""
    n = 30_000
    row = {"travel_p_s": np.full(n, 9.0), "travel_s_s": 9.0 + np.repeat([10.0, 45.0, 53.0, 53.1], n // 4)}
    placed = draw._place(np.random.default_rng(0), row, DEFAULT)
    wait = placed["s_s"] - placed["p_s"]
    assert len(wait) == 3 * n // 4
    for delay, last in ((10.0, 20.0), (45.0, 12.0), (53.0, 4.0)):
        p_s = placed["p_s"][np.isclose(wait, delay)]
        assert (p_s.min(), p_s.max()) == pytest.approx((4, last), abs=0.01)
    assert placed["origin_s"] == pytest.approx(placed["p_s"] - 9)


def test_pulses_behind_70_s_would_come_round_again():
    row = {"travel_p_s": np.zeros(2), "travel_s_s": np.array([15.0, 15.0])}
    placed = draw.at(row, np.array([54.9, 55.0]), DEFAULT)
    assert placed["direct_s"].tolist() == [0.5, 0.0]
    assert (synthesise.NFFT, synthesise.SAMPLES) == (7500, 6000)


def test_noise_of_many_records():
    """Levels within 0.05 of the station's; horizontals 2 +- 2 dB up; bursts of 2 to 10 times and 0.5 to 5 s."""
    network, n = stations.draw(DEFAULT), 60_000
    table = draw._recording(np.random.default_rng(0), np.zeros(n, int), network, replace(DEFAULT, cultural_burst=0.25))
    for name in ("noise_microseism", "noise_cultural"):
        values = table[name] - getattr(network, name)[0]
        assert (values.mean(), values.std()) == pytest.approx((0, 0.05), abs=0.001)
    decibel = 20 * np.log10(table["horizontal_factor"])
    assert (decibel.mean(), decibel.std()) == pytest.approx((2, 2), abs=0.03)
    counts = np.log10(table["digitiser_counts"])
    assert (counts.mean(), counts.std()) == pytest.approx((-0.1, 0.3), abs=0.01)
    bursts = table["burst_factor"][table["burst_factor"] > 0]
    assert len(bursts) / n == pytest.approx(0.25, abs=0.01)
    for values, low, high in ((bursts, 2, 10), (table["burst_length_s"], 0.5, 5), (table["burst_start_s"], 0, 55)):
        assert (values.min(), values.max()) == pytest.approx((low, high), abs=0.01)


def test_second_events():
    """P comes 3 to 25 s after the first S and before 55 s; 1.5 below to 0.3 above the first magnitude."""
    preset, network, n = replace(DEFAULT, second_event=1.0), stations.draw(DEFAULT), 20_000
    s_s = np.repeat([20.0, 40.0, 51.9, 52.1], n // 4)
    signal_rows = {"station": np.zeros(n, int), "s_s": s_s, "magnitude": np.full(n, 3.0), "x_km": np.full(n, 5.0),
                   "y_km": np.full(n, -4.0), "depth_km": np.full(n, 7.0), "vp_vs": np.full(n, 1.75)}
    second = draw._second(np.random.default_rng(0), signal_rows, network, preset)
    first_s = s_s[second["parent"]]
    wait = second["p_s"] - first_s
    for at, last in ((20.0, 25.0), (40.0, 15.0), (51.9, 3.1)):
        chosen = wait[first_s == at]
        assert (chosen.min(), chosen.max()) == pytest.approx((3, last), abs=0.02)
    assert not (first_s == 52.1).any() and len(wait) == 3 * n // 4
    assert (second["magnitude"].min(), second["magnitude"].max()) == pytest.approx((1.5, 3.3), abs=0.01)
    assert set(second["depth_km"]) == {7.0} and set(second["vp_vs"]) == {1.75}
    few = draw._second(np.random.default_rng(0), signal_rows, network, replace(preset, second_event=0.3))
    assert len(few["parent"]) / (3 * n // 4) == pytest.approx(0.3, abs=0.02)
    assert len(draw._second(np.random.default_rng(0), signal_rows, network, replace(preset, second_event=0.0))[
        "parent"]) == 0


def test_stations_of_an_event():
    """The anchor and others within reach, at most so many."""
    network = stations.draw(DEFAULT)
    x, y, anchor = np.zeros(2000), np.zeros(2000), np.zeros(2000, int)
    near = np.hypot(network.x_km, network.y_km) <= 60
    reach = np.full(2000, 60.0)
    event, station = paths.choose_stations(np.random.default_rng(0), x, y, anchor, reach, network, 5)
    assert np.bincount(event).tolist() == [5] * 2000 and np.bincount(station)[0] == 2000
    assert set(station) == set(np.flatnonzero(near)) | {0}
    event, station = paths.choose_stations(np.random.default_rng(0), x, y, anchor, np.zeros(2000), network, 5)
    assert (station == 0).all() and len(event) == 2000
    _, alone = paths.choose_stations(np.random.default_rng(0), x, y, anchor, reach, network, 1)
    assert (alone == 0).all() and len(alone) == 2000


@pytest.mark.parametrize(("name", "values"), [
    ("default", (0.12, 0.4, 0.50, (0.1, 0.5))), ("emergent", (0.25, 0.5, 0.25, (0.3, 0.8))),
    ("strong", (0.40, 0.5, 0.10, (0.4, 1.0)))])
def test_how_gradually_s_sets_in(name, values):
    kind = presets.EMERGENCE[name]
    assert (kind.peak_delay_s, kind.peak_delay_sigma, kind.direct, kind.ramp) == values


def test_what_presets_change():
    """Against the default; `picker` and its kin have no faults of recording."""
    clean = dict.fromkeys(("old_digitiser_stations", "vertical_only_stations", "gap", "dead_component", "spikes",
                           "step", "drift"), 0.0)
    picker = clean | {"magnitude_min": 1.0, "magnitude_max": 4.5, "stations_per_event": 1, "emergence": "emergent",
                      "pick_law": "skewed", "second_event": 0.0}
    changes = {"tiny": {"stations_per_event": 6, "noise_fraction": 0.3}, "picker": picker,
               "picker_strong": picker | {"emergence": "strong", "skewed_delay_factor": 0.2},
               "picker_exact": picker | {"pick_law": "exact"},
               "magnitude": {"noise_fraction": 0.1, "second_event": 0.0},
               "near": {"magnitude_law": "gr", "b_value": 0.7, "magnitude_min": 0.2, "magnitude_max": 4.0,
                        "stations_per_event": 1, "distance_cap_km": 35.0},
               "continuous": clean | {"magnitude_law": "gr", "magnitude_min": 1.0, "magnitude_max": 4.5,
                                      "noise_fraction": 0.0, "second_event": 0.0, "snr_min_db": -200.0,
                                      "cultural_burst": 0.0}}
    for name, change in changes.items():
        assert get(name) == replace(DEFAULT, name=name, **change)
    assert set(changes) | {"default"} == set(presets.PRESETS)


def test_settings_unless_said_otherwise():
    assert presets.Preset() == presets.Preset(
        "default", "stratified", 1.0, 0.5, 5.0, 8, ("2015-01-01", "2025-01-01"), 0, 60, "mixed", 0.75, 150.0, 60.0, 3,
        "default", 0.15, 0.10, 3.0, 0.05, 0.03, 0.03, 0.02, 0.02, 0.01, 0.02, 0.02, "student", 1.0, 0.15, 0.10)


@pytest.mark.parametrize(("options", "words"), [
    ({"noise_fraction": 1.0}, "must lie in"), ({"noise_fraction": -0.01}, "must lie in"),
    ({"magnitude_max": 0.5}, "must exceed"), ({"pick_law": "x"}, "`pick_law` must be one of student, skewed, exact")])
def test_settings_that_cannot_be(options, words):
    with pytest.raises(DataError, match=words):
        get("default", **options)
    get("default", noise_fraction=0.0, magnitude_max=0.51)


@pytest.mark.parametrize(("seed", "fits"), [(0, True), (2**31 - 1, True), (2**31, False), (-1, False), (1.0, False)])
def test_seeds(seed, fits):
    if fits:
        generate._check(1, seed)
        return
    with pytest.raises(DataError, match="`seed` must be an integer from 0 to"):
        generate._check(1, seed)


def test_eight_empty_blocks_are_enough(monkeypatch):
    """256 candidates each: settings that keep none of 2048 keep none at all."""
    asked = []
    monkeypatch.setattr(generate, "draw", lambda preset, seed, index: asked.append(index))
    monkeypatch.setattr(generate, "synthesise", lambda blocks, seed, device: None)
    monkeypatch.setattr(generate, "_collect", lambda blocks, batch, preset, seed: (torch.zeros(0, 3, 1), {}))
    with pytest.raises(DataError, match="keeps no record in 8 blocks"):
        next(generate._finished(DEFAULT, 0, "cpu"))
    assert asked == list(range(8)) and draw.BLOCK == 256
