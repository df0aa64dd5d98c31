"""Normalisations by hand, round trips, and the refusal of undefined values."""

from __future__ import annotations

import math

import pytest
import torch

from quakebook.uvcgan_s import log_norm, log_norm_inverse
from quakebook.uvcgan_s.data.normalise import refuse_undefined, select
from quakebook.uvcgan_s.data.norms import Identity, Log, SymLog

IMAGE = torch.tensor([[[[0.0, 0.5, 3.0], [10.0, 40.0, 0.02]]]], dtype=torch.float64)


def test_log_norm_by_hand_and_back():
    assert float(log_norm(torch.tensor(0.0))) == pytest.approx(math.log(0.1))
    assert float(log_norm(torch.tensor(0.9))) == pytest.approx(0.0, abs=1e-7)
    torch.testing.assert_close(log_norm_inverse(log_norm(IMAGE)), IMAGE, rtol=1e-12, atol=1e-12)
    assert float(log_norm_inverse(log_norm(IMAGE.float())).sub(IMAGE).abs().max()) < 1e-5
    assert float(log_norm_inverse(torch.tensor(-100.0))) == pytest.approx(-0.1)


def test_undefined_towers_are_refused_with_their_place():
    towers = torch.zeros(4, 1, 24, 64)
    towers[3, 0, 2, 17] = -0.25
    with pytest.raises(ValueError, match="image 3, channel 0, row 2, column 17 is -0.25 .1 such values.*above -0.1"):
        log_norm(towers)
    towers[3, 0, 2, 17] = float("nan")
    with pytest.raises(ValueError, match="row 2, column 17 is nan"):
        refuse_undefined(towers, Identity(), "signal")
    towers[3, 0, 2, 17] = -0.1
    with pytest.raises(ValueError, match="background: image 3"):
        refuse_undefined(towers, Log(bias=0.1), "background")
    refuse_undefined(towers, Log(clip_min=0.0, bias=0.1), "a clipped norm takes everything")


@pytest.mark.parametrize("choice", [
    None, "log", {"name": "log", "bias": 0.1}, {"name": "symlog", "threshold": 2.0, "scale": 0.5},
    {"name": "scale", "scale": 3.0}, {"name": "standardize", "mean": [0.3], "stdev": [2.0]},
    {"name": "min-max-scaler", "feature_min": [0.0, 1.0], "feature_max": [2.0, 50.0], "dim": 2},
    {"name": "double-precision", "norm": {"name": "log", "bias": 0.1}},
    [{"name": "scale", "scale": 2.0}, {"name": "log", "bias": 1.0}]])
def test_every_norm_is_undone(choice):
    norm, image = select(choice), IMAGE + 0.01
    torch.testing.assert_close(norm.inverse(norm.forward(image)), image, rtol=1e-10, atol=1e-10)


def test_values_by_hand():
    assert float(select({"name": "min-max-scaler", "feature_min": [0.0, 1.0], "feature_max": [2.0, 5.0], "dim": 2}
                        ).forward(IMAGE)[0, 0, 1, 0]) == pytest.approx((10 - 1) / 4)
    assert float(SymLog(2.0, 0.5).forward(torch.tensor(-4.0))) == pytest.approx(-0.5 * 2 * (math.log(2) + 1))
    assert float(SymLog(2.0, 0.5).forward(torch.tensor(-1.0))) == pytest.approx(-0.5)
    assert float(select([{"name": "scale", "scale": 2.0}, {"name": "log", "bias": 1.0}]).forward(torch.tensor(3.0))
                 ) == pytest.approx(math.log(7))
    assert float(Log(clip_min=0.5).forward(torch.tensor(-3.0))) == pytest.approx(math.log(0.5))


def test_symlog_has_a_finite_slope_at_zero():
    value = torch.zeros((), requires_grad=True)
    SymLog().forward(value).backward()
    assert float(value.grad) == 1.0


def test_an_unknown_norm_is_refused():
    with pytest.raises(ValueError, match="unknown data norm 'sqrt'; known: log, symlog"):
        select("sqrt")


@pytest.mark.parametrize("choice", [{"name": "log", "bias": 0.1}, {"name": "log", "bias": 1.0}, {"name": "log"},
                                    {"name": "double-precision", "norm": {"name": "log", "bias": 0.1}}])
def test_what_a_network_makes_can_be_normalised_again(choice):
    """exp(-200) - 0.1 rounds to the floor, whose logarithm is minus infinity and whose slope is no number."""
    norm = select(choice)
    value = torch.tensor([-200.0, -19.0, -3.0, 2.0], requires_grad=True)
    again = norm.forward(norm.inverse(value))
    again.sum().backward()
    assert torch.isfinite(again).all() and torch.isfinite(value.grad).all()
    torch.testing.assert_close(again[2:], value.detach()[2:], rtol=1e-5, atol=1e-5)
    assert float(again[0].detach()) < -15 or choice.get("bias") == 1.0
    refuse_undefined(norm.inverse(value.detach())[None, None, None], norm, "made by a network")


@pytest.mark.parametrize(("choice", "floor"), [
    (None, None), ("log", 0.0), ({"name": "log", "bias": 0.1}, -0.1),
    ({"name": "log", "clip_min": 0.0, "bias": 0.1}, None),
    ({"name": "log", "clip_min": -0.1, "bias": 0.1}, -0.1), ({"name": "log", "clip_min": 0.0}, 0.0),
    ({"name": "double-precision", "norm": {"name": "log", "bias": 0.3}}, -0.3), ([], None),
    ([{"name": "log", "bias": 0.1}, {"name": "scale", "scale": 2.0}], -0.1),
    ([{"name": "scale", "scale": 2.0}, {"name": "log", "bias": 0.1}], None)])
def test_floors_by_hand(choice, floor):
    """ln(x + bias) needs x > -bias, unless a clip lifts x above that; of a chain only the first norm is asked."""
    assert select(choice).floor == floor


def test_undefined_values_are_counted_with_the_first_place():
    towers = torch.ones(2, 3)
    towers[0, 2], towers[1, 0] = -1.0, float("inf")
    with pytest.raises(ValueError, match=r"x: row 0, column 2 is -1 \(2 such values\); .* finite and above -0.5$"):
        refuse_undefined(towers, Log(bias=0.5), "x")
    with pytest.raises(ValueError, match=r"x: column 1 is nan \(1 such values\); values must be finite$"):
        refuse_undefined(torch.tensor([1.0, float("nan")]), Identity(), "x")
    with pytest.raises(ValueError, match=r"x: axis 0 index 0, axis 1 index 0, axis 2 index 0, axis 3 index 0, axis 4"):
        refuse_undefined(torch.full((1,) * 5, float("nan")), Identity(), "x")
    with pytest.raises(ValueError, match="finite and above 0$"):
        refuse_undefined(torch.zeros(1), Log(), "x")
