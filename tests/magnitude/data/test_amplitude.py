"""Scaling removes amplitude; the amplitude channel brings it back and nothing else."""

import pytest
import torch

from quakebook.magnitude.data.amplitude import cosine_taper, log_amplitude, prepare, remove_mean


@pytest.fixture
def windows():
    return 300.0 * torch.randn(4, 3, 500, generator=torch.Generator().manual_seed(1)) + 50.0


@pytest.mark.parametrize("norm", ["std", "peak"])
def test_scaled_windows_do_not_know_their_amplitude(windows, norm):
    torch.testing.assert_close(prepare(windows, norm), prepare(1000 * windows, norm), rtol=1e-5, atol=1e-5)


def test_std_and_peak_do_what_they_say(windows):
    assert torch.allclose(prepare(windows, "std").std(-1), torch.ones(4, 3), atol=1e-5)
    assert torch.allclose(prepare(windows, "peak").abs().amax(-1), torch.ones(4, 3), atol=1e-5)
    assert prepare(windows, "std").mean(-1).abs().max() < 1e-5


@pytest.mark.parametrize("factor", [1e-8, 1.0, 1e15])
@pytest.mark.parametrize("norm", ["std", "peak"])
def test_finite_for_dead_and_extreme_records(windows, norm, factor):
    windows[0] = 0.0
    windows[1, 1:] = 7.0
    assert torch.isfinite(prepare(factor * windows, norm, "counts")).all()


def test_a_factor_ten_is_one_decade_of_the_channel(windows):
    centred = remove_mean(windows)
    step = log_amplitude(10 * centred, "counts") - log_amplitude(centred, "counts")
    torch.testing.assert_close(step, torch.full((4,), 1 / 2.0), atol=1e-5, rtol=0)  # spread of 2 decades


def test_physical_amplitude_does_not_depend_on_the_gain(windows):
    gain = torch.tensor([1e7, 1e8, 6.3e8, 2e9])
    ground = remove_mean(windows) * 1e-9
    counts = ground * gain[:, None, None]
    torch.testing.assert_close(log_amplitude(counts, "physical", gain),
                               log_amplitude(ground * 1e8, "physical", torch.full((4,), 1e8)), atol=1e-4, rtol=0)


def test_channel_is_constant_and_takes_the_largest_component(windows):
    windows[:, 2] *= 100.0
    x = prepare(windows, "std", "counts")
    assert x.shape == (4, 4, 500)
    assert (x[:, 3] == x[:, 3, :1]).all()
    torch.testing.assert_close(x[:, 3, 0], log_amplitude(remove_mean(windows)[:, 2:].expand(-1, 3, -1), "counts"))


def test_joint_scale_keeps_the_ratio_of_components(windows):
    windows[:, 1] *= 5.0
    ratio = prepare(windows, joint_std=True).std(-1)
    torch.testing.assert_close(ratio[:, 1] / ratio[:, 0], windows.std(-1)[:, 1] / windows.std(-1)[:, 0])


def test_taper_touches_six_samples_at_each_end():
    taper = cosine_taper(20, 6)
    assert taper[0] == 0 and taper[-1] == 0
    assert (taper[6:-6] == 1).all()
    assert (taper[:5].diff() > 0).all()


def test_bad_input_is_named(windows):
    with pytest.raises(ValueError, match=r"shape \(batch, 3, samples\); found \(3, 500\)"):
        prepare(windows[0])
    with pytest.raises(ValueError, match="'std' or 'peak'; found 'none'"):
        prepare(windows, "none")
    with pytest.raises(ValueError, match="needs the sensitivity of every record"):
        prepare(windows, "std", "physical")
