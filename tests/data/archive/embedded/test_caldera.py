"""The stick-slip sequence."""

import numpy as np
import pytest
from scipy import signal

from quakebook.data.archive.embedded.caldera import SCALE_M, Cycles, cycles, shaking
from quakebook.data.archive.embedded.presets import PRESETS


@pytest.fixture(scope="module")
def state():
    return cycles(PRESETS["default"], 0)


def test_cycles(state):
    lengths = np.diff(state.failures_s)
    assert len(state.failures_s) == 40 and state.cycle.max() == 39
    assert lengths.mean() == pytest.approx(600, rel=0.15) and 0.1 < lengths.std() / lengths.mean() < 0.35
    before = state.stress[state.failures_s.astype(int) - 1]
    after = state.stress[np.minimum(state.failures_s.astype(int) + 5, len(state.stress) - 1)]
    assert before.mean() == pytest.approx(1.0, abs=0.04) and abs(after[:-1].mean()) < 0.04
    rises = np.diff(state.stress)
    assert (rises[rises > 0] < 1.6 / 600).all()


def test_the_site_moves_inward_and_jumps_out(state):
    jumps = [state.displacement_m[int(at) + 6] - state.displacement_m[int(at) - 2] for at in state.failures_s[:-1]]
    assert (np.array(jumps) > 0.5 * SCALE_M).all()
    assert np.corrcoef(state.displacement_m, -state.stress)[0, 1] > 0.95


def constant(stress, seconds=400):
    fill = np.full(seconds, stress)
    return Cycles(fill, np.zeros(seconds, np.int64), np.arange(seconds, dtype=float), -SCALE_M * fill, np.array([]))


def test_shaking_depends_on_stress():
    low, high = (shaking(constant(stress), 1, nuisance=0.0) for stress in (0.0, 1.0))
    band = signal.butter(4, (3.0, 8.0), "bandpass", fs=100.0, output="sos")
    energy = [np.median(np.abs(signal.sosfilt(band, x[0]))) for x in (low, high)]
    assert energy[1] > 1.5 * energy[0]
    frequency, density = signal.welch(high[0], 100.0, nperseg=4096)
    near = (frequency > 1.0) & (frequency < 2.5)
    assert frequency[near][density[near].argmax()] == pytest.approx(2.0, abs=0.1)  # 1.2 + 0.8 s
    assert low.shape == (3, 40_000) and np.isfinite(high).all()


def test_collapses_are_loud_and_slow():
    calm = constant(0.5)
    with_collapse = Cycles(calm.stress, calm.cycle, calm.since_s, calm.displacement_m, np.array([200.0]))
    change = shaking(with_collapse, 1) - shaking(calm, 1)
    assert np.abs(change[:, :19_900]).max() == 0 and np.abs(change[0, 20_000:21_000]).max() > 1e-5
