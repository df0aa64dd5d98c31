"""Published and chosen numbers of windows, labels and columns, and the draws that recorded trainings rest on."""

import pandas as pd
import pytest
import torch

from quakebook.magnitude import experiment
from quakebook.magnitude.data import amplitude, columns, example, splits, windows
from quakebook.magnitude.settings import DataConfig


def test_chosen_numbers():
    """P stands at 5 s; 50,000 synthetic records; MagNet's windows scatter by half a second; streams of draws."""
    assert (windows.P_AT_SAMPLE, splits.SYNTHETIC_RECORDS, example.WINDOW_SAMPLES) == (500, 50_000, 3001)
    assert experiment.MAGNET_JITTER_SAMPLES == 50
    assert (experiment.ORDER_STREAM, experiment.WINDOW_STREAM, experiment.DEV_STREAM) == (0, 1, 2)
    assert splits._recipe(DataConfig()) == ("magnitude", 50_000, 1)
    assert splits._recipe(DataConfig(records=7, seed=3)) == ("magnitude", 7, 3)


def test_magnitudes_from_minus_five_to_ten_are_magnitudes():
    frame = pd.DataFrame({"source_magnitude": [-5.0, -5.1, 10.0, 10.1, -999.0]})
    found = columns.magnitudes(frame, torch.device("cpu"))
    assert found.isfinite().tolist() == [True, False, True, False, False]
    note, = columns.unusable(frame)
    assert "values outside -5 to 10: -5.1 in row 1 (3 such rows)" in note


def test_a_dead_window_has_the_amplitude_of_the_floor():
    """(log10(1e-12) + 6) / 1.5 = -4 and (log10(1e-3) - 3) / 2 = -3."""
    dead = torch.zeros(1, 3, 10)
    assert float(amplitude.log_amplitude(dead, "physical", torch.ones(1))) == pytest.approx(-4.0)
    assert float(amplitude.log_amplitude(dead, "counts")) == pytest.approx(-3.0)
    assert not amplitude.prepare(dead, "std").any()


def test_windows_are_tapered_only_when_told():
    wave = torch.tensor([1.0, -1.0]).repeat(1, 3, 50)
    assert amplitude.prepare(wave, "peak").abs().min() == 1.0
    assert amplitude.prepare(wave, "peak", taper_samples=6)[0, 0, 0] == 0.0


def test_places_of_evaluation_windows_come_from_a_hash_of_the_name():
    """The first four bytes of BLAKE2b of "a" over 2^32."""
    import hashlib

    first = hashlib.blake2b(b"a", digest_size=4).hexdigest()
    assert windows._uniform("a") == int(first, 16) / 4_294_967_296
    nan = torch.full((2, 1), torch.nan)
    start = windows.phase_starts(["a", "a"], torch.tensor([[5000.0], [torch.nan]]), nan, 9000, 3000)
    share = int(first, 16) / 4_294_967_296
    assert start.tolist() == [round(5000 - share * 3000), round(share * 6000)]


def test_magnitudes_that_noise_has_as_well_are_of_no_use():
    """A label of exactly zero after the onset is the label of noise: above -c only."""
    from quakebook.magnitude.data.labels import usable

    found = torch.tensor([-1.0, -0.999, 0.0, 0.001, torch.nan])
    assert usable(found).tolist() == [False, False, False, True, False]
    assert usable(found, 1.0).tolist() == [False, True, True, True, False]


def test_records_of_accelerometers_are_left_out_unless_told():
    assert not DataConfig().accelerometers
    assert (DataConfig().name, DataConfig().batch_size) == ("synthetic:magnitude", None)


def test_each_component_has_its_own_scale_unless_told():
    """Components of deviation 1, 2 and 4 (of 100 samples, one less in the divisor), without mean."""
    wave = torch.tensor([1.0, -1.0]).repeat(50)[None, None] * torch.tensor([1.0, 2.0, 4.0])[:, None]
    one = (100 / 99) ** 0.5
    assert amplitude.scale(wave, "std")[0, :, 0].tolist() == pytest.approx([1 / one] * 3)
    assert amplitude.prepare(wave, "std")[0, :, 0].tolist() == pytest.approx([1 / one] * 3)
    joint = (100 * 21 / 299) ** 0.5  # of all 300 samples together
    assert amplitude.scale(wave, "std", joint_std=True)[0, :, 0].tolist() == pytest.approx(
        [1 / joint, 2 / joint, 4 / joint])
    with pytest.raises(ValueError, match="must be 'std' or 'peak'; found 'rms'"):
        amplitude.scale(wave, "rms")


def test_a_sample_of_the_tutorial_is_drawn_with_seed_zero_and_no_offset(splits):
    found, told = (example.training_sample(splits.train, 0, *more) for more in ((), (0, 0.0)))
    assert all((found[name] == told[name]).all() or name.startswith("picks") for name in found)
    shifted = example.training_sample(splits.train, 0, 0, 1.0)["magnitude"]
    assert shifted.max() == found["magnitude"].max() + 1 and found["magnitude"].min() == 0
