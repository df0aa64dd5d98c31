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
