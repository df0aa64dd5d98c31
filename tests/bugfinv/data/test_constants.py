"""Published and chosen numbers of data and losses, each against a value that the code does not make."""

import numpy as np
import pytest
import torch

from quakebook.bugfinv.data import first_guess, survey
from quakebook.bugfinv.experiment import Inversion
from quakebook.bugfinv.objective.losses import supervision_share
from quakebook.bugfinv.objective.seismic_loss import FACTOR
from quakebook.bugfinv.settings import BayesConfig, PhysicsConfig


def test_the_low_pass_has_its_corner_at_8_hz():
    """A Gaussian with sigma = 1 / (2 pi 8 Hz) leaves exp(-f^2 / (2 8^2)): 0.607 at 8 Hz, 0.135 at 16 Hz."""
    t = np.arange(4000) * 0.001
    for frequency, gain in ((8.0, np.exp(-0.5)), (16.0, np.exp(-2.0)), (0.0, 1.0)):
        wave = np.cos(2 * np.pi * frequency * t)
        assert first_guess.low_pass(wave, 0.001)[2000] / wave[2000] == pytest.approx(gain, rel=1e-3)


def test_wells_are_weighed_by_the_inverse_cube_of_one_plus_the_distance():
    """Wells at 1 and 3 traces with constant logs 2 and 4: weights 1/8 and 1/64, mean (2 * 8 + 4) / 9."""
    logs = np.stack([np.full((3, 20), 2.0), np.full((3, 20), 4.0)])
    at = np.array([[0.0, 1.0], [0.0, -3.0]])
    assert np.allclose(first_guess.initial_model(logs, at, np.zeros((1, 2)), 0.002), 20 / 9)


@pytest.mark.parametrize("angle", range(6))
def test_phase_and_frequency_errors_grow_with_the_angle(angle):
    """Ricker of 40 Hz: the spectrum peaks at 40 (1 + k error) Hz, and is rotated by k times the angle."""
    changed = survey._recorded_wavelets(0.001, survey.Recording(frequency_error=0.1))[angle].numpy()
    spectrum = np.abs(np.fft.rfft(changed, 20_000))
    assert np.fft.rfftfreq(20_000, 0.001)[spectrum.argmax()] == pytest.approx(40 * (1 + 0.1 * angle), abs=0.1)
    turned = survey._recorded_wavelets(0.001, survey.Recording(phase_deg=20.0))[angle].numpy()
    plain = survey._recorded_wavelets(0.001, survey.Recording(phase_deg=360.0))[0].numpy()
    phase = np.angle(np.fft.fft(turned, 4000)[160] / np.fft.fft(plain, 4000)[160], deg=True)  # at 40 Hz
    assert phase == pytest.approx(20.0 * angle, abs=1.0)


def test_noise_floor_of_the_survey(tiny_model):
    """At 20 dB the noise is a tenth of the signal."""
    data = survey.build(tiny_model, survey.Recording(snr_db=20.0), n_wells=6)
    clean = survey.build(tiny_model, survey.Recording(snr_db=None), n_wells=6)
    signal = (clean.gathers.double() * clean.seismic_std + clean.seismic_mean).square().mean().sqrt()
    assert data.noise_std / float(signal) == pytest.approx(0.1, rel=1e-3) and clean.noise_std == 0.0


def test_floor_and_normalisation_come_from_the_training_wells(tiny_survey):
    logs = tiny_survey.true[tiny_survey.train].numpy()
    assert np.allclose(tiny_survey.floor, logs.min((0, 2)) / 2)
    assert np.allclose(tiny_survey.mean, logs.mean((0, 2)), rtol=1e-5)
    assert np.allclose(tiny_survey.std, logs.std((0, 2), ddof=1), rtol=1e-4)
    labels = tiny_survey.labels[tiny_survey.train]
    assert torch.allclose(labels.mean((0, 2)), torch.zeros(3), atol=1e-4)


def test_published_numbers():
    """Divisor 20, s = exp(-epoch / 1200), README's gamma, noise and power, floor of the variances."""
    assert FACTOR == PhysicsConfig().factor == 20.0
    assert supervision_share(0) == 1.0 and supervision_share(1200) == pytest.approx(0.36788, abs=1e-5)
    bayes = BayesConfig()
    assert (bayes.gamma, bayes.obs_noise, bayes.sqrt_power, bayes.min_var) == (0.001, 1.0, 1.0, 1e-8)


def test_the_seismic_loss_is_shared_and_divided(tiny_survey, monkeypatch):
    """s L_t + (1 - s) L_seis / factor for every task, with s of epoch 1200."""
    from quakebook import bugfinv

    cfg = bugfinv.config("objective.method=cw", "objective.physics.mode=on", "objective.physics.factor=10",
                         preset="smoke")
    experiment = Inversion(cfg, tiny_survey)
    experiment.device = torch.device("cpu")
    experiment.build()
    experiment.configure()
    experiment.prepare(experiment.device)
    monkeypatch.setattr(experiment, "physics", lambda prediction, gathers: torch.tensor(5.0))
    losses, seismic = experiment._with_physics(torch.tensor([1.0, 2.0, 3.0]), 1200.0)
    s = np.exp(-1.0)
    assert losses.tolist() == pytest.approx([s * k + (1 - s) * 0.5 for k in (1, 2, 3)]) and float(seismic) == 5.0


def test_what_holds_of_a_survey_and_its_gathers_unless_told():
    """The Nash code's 24 wells, 15 dB, 1 ms and Ricker wavelet; 48 unlabelled traces and seed 0 are ours."""
    import inspect

    from quakebook.bugfinv.data import forward

    def defaults(function):
        return {name: p.default for name, p in inspect.signature(function).parameters.items()
                if p.default is not inspect.Parameter.empty}

    assert defaults(survey.build) == {"recording": None, "n_wells": 24, "n_unlabelled": 48, "seed": 0}
    assert survey.Recording() == survey.Recording("ricker", 15.0, None, 0.0, 0.0, False, 1)
    assert defaults(forward.forward_model)["dt_s"] == 0.001 == forward.ForwardModel().dt_s
    assert defaults(forward.forward_model)["resolution_ratio"] == 1 == forward.ForwardModel().resolution_ratio
    assert defaults(forward.add_noise) == {"band_hz": None, "dt_s": 0.001}
    assert defaults(survey.check_size) == {"ratio": 1}


def test_noise_in_a_band_at_one_millisecond_unless_told():
    """100 to 200 Hz inclusive: nothing elsewhere; the rms is a tenth of the signal's at 20 dB."""
    from quakebook.bugfinv.data.forward import add_noise

    clean = torch.full((4, 1000), 2.0, dtype=torch.float64)
    noise = add_noise(clean, 20.0, torch.Generator().manual_seed(0), (100.0, 200.0)) - clean
    power = torch.fft.rfft(noise).abs().sum(0)
    assert noise.square().mean().sqrt() == pytest.approx(0.2)
    assert power[100:201].min() > 1e-6 and power[:100].max() < 1e-9 and power[201:].max() < 1e-9


@pytest.mark.parametrize(("crosslines", "samples", "ratio", "taken"), [
    (7, 7, 1, True), (6, 7, 1, False), (7, 6, 1, False), (7, 13, 2, True), (7, 12, 2, False)])
def test_sections_hold_the_window_of_their_similarity(crosslines, samples, ratio, taken):
    """7 by 7, counted after thinning: of 13 samples every second one is seven."""
    from types import SimpleNamespace

    from quakebook.data import DataError

    model = SimpleNamespace(shape=(3, crosslines, samples), source="x")
    if taken:
        survey.check_size(model, ratio)
    else:
        with pytest.raises((ValueError, DataError), match="at least 7 traces of 7 samples"):
            survey.check_size(model, ratio)
