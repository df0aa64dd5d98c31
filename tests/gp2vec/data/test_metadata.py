import math

import pytest
import torch
from obspy.core.inventory.response import Response

from quakebook.gp2vec.data.metadata import RESPONSE_HZ, bucket, collate, continuous_numbers, response_curve


def test_numbers_by_hand():
    fields = {"latitude": torch.tensor([0.0]), "longitude": torch.tensor([90.0]), "elevation": torch.tensor([500.0]),
              "azimuth": torch.tensor([90.0]), "dip": torch.tensor([-90.0]), "sample_rate": torch.tensor([10.0]),
              "gain": torch.tensor([1e9]), "depth": torch.tensor([50.0])}
    expected = [0.0, 1.0, 0.0, 0.25, 1.0, 0.0, -1.0, -1.0, 0.5, 0.5] + [1.0] * 7
    torch.testing.assert_close(continuous_numbers(fields, 1, "cpu")[0], torch.tensor(expected), atol=1e-6, rtol=0)


def test_absent_and_broken_values_are_zero_with_flag_zero():
    out = continuous_numbers({"gain": torch.tensor([-1.0]), "latitude": torch.tensor([10.0])}, 1, "cpu")[0]
    assert not out.any() or torch.equal(out[10:], torch.zeros(7))
    assert torch.isfinite(out).all() and not out[10:].any()


def test_buckets_are_stable_and_zero_means_unknown():
    assert bucket("", "sensor") == 0 and bucket("", "location") != 0
    assert all(0 < bucket(f"S{i}", "station") < 1024 for i in range(500))
    with pytest.raises(ValueError, match="statoin"):
        bucket("X", "statoin")


def test_collate_rows():
    out = collate([{"latitude": 1.0, "network": "CI"}, {"latitude_deg": 2.0, "elevation_m": 3.0}])
    assert out["latitude"].tolist() == [1.0, 2.0]
    assert out["network"].tolist() == [bucket("CI", "network"), 0]
    assert math.isnan(out["elevation"][0]) and out["elevation"][1] == 3.0


def test_response_curve_follows_poles_and_zeros():
    poles, zeros = [-0.037 + 0.037j, -0.037 - 0.037j], [0j, 0j]
    response = Response.from_paz(zeros, poles, stage_gain=1500.0, stage_gain_frequency=1.0, input_units="M/S",
                                 output_units="V", normalization_frequency=1.0)
    s = 2j * math.pi * torch.as_tensor(RESPONSE_HZ)
    amplitude = (s**2 / ((s - poles[0]) * (s - poles[1]))).abs().log10()
    one = 2j * math.pi
    at_one = math.log10(abs(one**2 / ((one - poles[0]) * (one - poles[1]))))
    torch.testing.assert_close(torch.as_tensor(response_curve(response)).double(), amplitude - at_one, atol=1e-6,
                               rtol=0)


@pytest.mark.parametrize(("field", "text", "number"), [
    ("network", "CI", 34), ("station", "PASC", 253), ("location", "", 14), ("channel", "BH", 5), ("sensor", "STS-2", 6),
    ("datalogger", "Q330", 106), ("sensor", "", 0)])
def test_buckets_of_known_codes_stay_as_trained_networks_know_them(field, text, number):
    assert bucket(text, field) == number


def test_sizes_that_trained_networks_have():
    from quakebook.gp2vec.data import metadata

    assert metadata.BUCKETS == {"network": 64, "station": 1024, "location": 16, "channel": 64, "sensor": 128,
                                "datalogger": 128}
    assert (metadata.RESPONSE_POINTS, metadata.NUMBERS, metadata.FLAGS) == (64, 10, 7)
    assert (RESPONSE_HZ[0], RESPONSE_HZ[-1], len(RESPONSE_HZ)) == (pytest.approx(0.01), pytest.approx(50.0), 64)
    assert RESPONSE_HZ[1] / RESPONSE_HZ[0] == pytest.approx(5000 ** (1 / 63))


def test_places_are_unit_vectors():
    """30 N, 60 E: (cos 30 cos 60, cos 30 sin 60, sin 30); an azimuth of 30 degrees has the sine 1/2."""
    fields = {"latitude": [30.0], "longitude": [60.0], "elevation": [1000.0], "azimuth": [30.0], "dip": [45.0],
              "sample_rate": [1000.0], "gain": [1e10], "depth": [200.0]}
    out = continuous_numbers({name: torch.tensor(value) for name, value in fields.items()}, 1, "cpu")[0]
    c = math.sqrt(3) / 2
    assert out[:10].tolist() == pytest.approx([c / 2, c * c, 0.5, 0.5, 0.5, c, 0.5, 1.0, 1.0, 2.0], abs=1e-6)


@pytest.mark.parametrize(("names", "flag"), [
    (("latitude", "longitude"), 0), (("elevation",), 1), (("azimuth",), 2), (("dip",), 3), (("sample_rate",), 4),
    (("gain",), 5), (("depth",), 6), (("latitude",), None), (("longitude",), None)])
def test_each_field_has_its_flag_and_a_place_needs_both_numbers(names, flag):
    out = continuous_numbers({name: torch.tensor([2.0]) for name in names}, 1, "cpu")[0]
    assert out[10:].nonzero().flatten().tolist() == ([] if flag is None else [flag])
    assert bool(out[:10].any()) == (flag is not None)


def test_a_response_ends_at_the_nyquist_frequency_of_its_slowest_stage():
    """From 40 to 20 Hz: nothing above 10 Hz is told; a stage without a rate says nothing."""
    from types import SimpleNamespace

    import numpy as np

    stages = [SimpleNamespace(decimation_input_sample_rate=rate, decimation_factor=by)
              for rate, by in ((None, None), (40.0, 2), (40.0, None))]
    asked = []
    made = SimpleNamespace(response_stages=stages, get_evalresp_response_for_frequencies=lambda hertz, output: (
        asked.append((len(hertz), hertz[-1], output)), -1j * np.asarray(hertz))[1])
    curve = response_curve(made)
    assert asked == [(65, 1.0, "VEL")] and curve.dtype == np.float32
    np.testing.assert_array_equal(np.isfinite(curve), RESPONSE_HZ <= 10)
    np.testing.assert_allclose(curve[RESPONSE_HZ <= 10], np.log10(RESPONSE_HZ[RESPONSE_HZ <= 10]), rtol=1e-5)


def test_window_fields_of_a_loader_are_left_out_and_shapes_are_checked():
    from quakebook.gp2vec.data.metadata import clean, tensors

    assert clean({"log_rms": 1, "key": "k", "elevation_m": 2.0, "gain": None}) == {"elevation": 2.0}
    assert tensors({"response": torch.zeros(2, 64)}, 2, "cpu")["response"].shape == (2, 64)
    for wrong in ({"response": torch.zeros(2, 63)}, {"latitude": torch.zeros(2, 1)}):
        with pytest.raises(ValueError, match="must have shape"):
            tensors(wrong, 2, "cpu")
    assert collate([{"response": torch.ones(64)}, {"latitude": 1.0}])["response"][1].isnan().all()
